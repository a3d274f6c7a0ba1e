/// @file
/// Fetches the MTA-STS policy of a domain, as senders do (RFC 8461, section 3.3).

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_POLICY_FETCH
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_POLICY_FETCH

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/endpoint.hpp>

#include "../../reporter/send/lookup.hpp"

namespace collector {

/// Whom a fetch believes, and where it may connect to besides public addresses.
struct fetch_rules {
  std::string ca_file{};  ///< The authorities of the system when empty.
  std::vector<tlsrpt::ip_network> allowed{};
};

/// What is served, and what is wrong with how.
struct fetched_policy {
  /// As tlsrpt::published_policies::sts_policy: empty when there is none, nothing when nobody
  /// knows.
  std::optional<std::string> text{};
  std::string_view problem{};   ///< One sentence, or empty.
  std::string_view do_first{};  ///< What to do about it.
  std::string subject{};        ///< What a server or a library said. Escape it before you show it.
};

/// Fetches a policy, no later than `end`.
fetched_policy fetch_policy(const std::string& domain, const fetch_rules& rules,
                            reporter::resolver& resolver,
                            std::chrono::steady_clock::time_point end);

}  // namespace collector

#endif
