/// @file
/// Reports to mail hosts, beside those to recipient domains.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_HOSTS
#define TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_HOSTS

#include <functional>
#include <map>
#include <string>

#include <tlsrpt/tally.hpp>

#include "../lookup.hpp"

namespace reporter {

/// Names whose reports wait, and the name that the DNS has no answer about: as a rule the same.
using waiting_names = std::map<std::string, std::string>;

/// Why there is no report, for people.
std::string fault_of(const waiting_names::value_type& waiting);

/// Counts for each mail host with TLSA records and a TLSRPT record of its own what sessions to
/// recipient domains found there, but for domains whose reports go to the same addresses, and for
/// hosts of which `has_report` is true. Hosts that the DNS has no answer about get nothing, and are
/// added to `unanswered`; if they `may_wait`, so are those of domains that it has none about. What
/// does not fit into the tally is left out, and said on standard error. Whether all could be asked.
/// Throws std::bad_alloc.
bool count_for_hosts(tlsrpt::tally& tally, const lookup_rules& rules, bool may_wait,
                     const std::function<bool(const std::string&)>& has_report,
                     waiting_names& unanswered);

}  // namespace reporter

#endif
