/// @file
/// All pages about a ledger. They are a function of it, the domains and the day.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_SITE
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_SITE

#include <map>
#include <set>
#include <span>
#include <string>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/ledger.hpp>

namespace collector {

struct site_options {
  std::int64_t now = 0;
  std::set<std::string, std::less<>> domains{};  ///< Ours; empty for all that there are.
  std::span<const tlsrpt::known_finding> known{};
  std::map<std::string, std::int64_t> health{};  ///< What intake counted in all.
};

/// Files by their name below the folder of the site.
using site = std::map<std::string, std::string>;

/// Makes all pages and the file of metrics. Throws std::runtime_error when memory is short.
site make_site(const tlsrpt::ledger& ledger, const site_options& options);

}  // namespace collector

#endif
