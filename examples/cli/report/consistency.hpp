/// @file
/// What is odd in a report that was read, and in the policies that it repeats:
/// tlsrpt::find_inconsistencies() and the readers of policy_text.hpp for the program.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_CONSISTENCY
#define TLSRPT_EXAMPLES_CLI_REPORT_CONSISTENCY

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tlsrpt/consistency.hpp>
#include <tlsrpt/policy_text.hpp>

#include "findings.hpp"

namespace cli {

/// Checks one report after the other and keeps the memory for it.
class consistency {
 public:
  /// `now` is the present time, seconds since 1970.
  explicit consistency(std::int64_t now) { options_.now = now; }

  /// Adds what is odd to `diagnostics`.
  void check(const tlsrpt::report_view& report, findings& diagnostics) {
    scratch_.resize(
        std::max(scratch_.size(), std::min(tlsrpt::scratch_size(report), max_scratch_bytes)));
    options_.scratch = scratch_;
    tlsrpt::find_inconsistencies(report, diagnostics, options_);
    for (const tlsrpt::policy_view& policy : report.policies)
      check_policy_text(policy, diagnostics);
  }

 private:
  /// Adds the mistakes of the domain's policy, which the report repeats.
  static void check_policy_text(const tlsrpt::policy_view& policy, findings& diagnostics) {
    const std::span<const std::string_view> texts = policy.policy_string;
    if (texts.empty()) return;
    const auto add = [&](tlsrpt::diagnostic found) {
      // Some senders leave line ends in; nobody has to do anything about them.
      if (found.code == tlsrpt::errc::policy_line_end) return;
      found.where.policy = policy.index;
      diagnostics(found);
    };
    if (policy.policy_type.value == tlsrpt::policy_type::sts)
      (void)tlsrpt::parse_sts_policy(texts, add);
    else if (policy.policy_type.value == tlsrpt::policy_type::tlsa)
      (void)tlsrpt::parse_tlsa_rrset(texts, add);
  }

  /// More than the limits on policies and failure details need: 32 MiB.
  static constexpr std::size_t max_scratch_bytes = std::size_t{1} << 25;

  tlsrpt::consistency_options options_;
  std::vector<std::byte> scratch_;
};

}  // namespace cli

#endif
