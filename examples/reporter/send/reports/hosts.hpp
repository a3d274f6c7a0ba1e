/// @file
/// Reports to mail hosts, beside those to recipient domains.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_HOSTS
#define TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_HOSTS

#include <tlsrpt/tally.hpp>

#include "../lookup.hpp"

namespace reporter {

/// Counts for each mail host with TLSA records and a TLSRPT record of its own what sessions to
/// recipient domains found there, but for domains whose reports go to the same addresses. Whether
/// all names could be looked up. Throws std::runtime_error.
bool count_for_hosts(tlsrpt::tally& tally, const lookup_rules& rules);

}  // namespace reporter

#endif
