/// @file
/// What is odd in a report that was read, and in the policies that it repeats: tlsrpt::check() and
/// the readers of policy_text.hpp for the program.

#ifndef TLSRPT_EXAMPLES_CLI_CONSISTENCY
#define TLSRPT_EXAMPLES_CLI_CONSISTENCY

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
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

  /// Adds what is odd to `diagnostics`. `text` is the JSON text that the report was read from.
  void check(const tlsrpt::report_view& report, std::string_view text, findings& diagnostics) {
    room_.resize(std::max(room_.size(), std::min(tlsrpt::check_room(report), most_room)));
    options_.text = text;
    options_.room = room_;
    tlsrpt::check(report, diagnostics, options_);
    for (std::uint32_t i = 0; i < report.policies.size(); ++i)
      check_policy_text(report.policies[i], i, diagnostics);
  }

 private:
  /// Adds the mistakes of the domain's policy, which the report repeats.
  void check_policy_text(const tlsrpt::policy_view& policy, std::uint32_t i,
                         findings& diagnostics) const {
    const std::span<const std::string_view> texts = policy.policy_string;
    if (texts.empty()) return;
    const auto add = [&](tlsrpt::diagnostic found) {
      // Some senders leave line ends in; nobody has to do anything about them.
      if (found.code == tlsrpt::errc::policy_line_end) return;
      tlsrpt::location& where = found.where;
      where.policy = i;
      where.offset = where.element == tlsrpt::location::npos
                         ? 0
                         : offset_of(texts[where.element].data() + where.offset);
      diagnostics(found);
    };
    if (policy.policy_type.value == tlsrpt::policy_type::sts)
      (void)tlsrpt::parse_sts_policy(texts, add);
    else if (policy.policy_type.value == tlsrpt::policy_type::tlsa)
      (void)tlsrpt::parse_tlsa_rrset(texts, add);
  }

  /// Where `place` is in the JSON text; 0 when it is not there, since the sender used escapes.
  std::size_t offset_of(const char* place) const {
    const char* const begin = options_.text.data();
    const std::less<const char*> before;
    return before(place, begin) || !before(place, begin + options_.text.size())
               ? 0
               : static_cast<std::size_t>(place - begin);
  }

  /// More than the limits on policies and failure details need: 32 MiB.
  static constexpr std::size_t most_room = std::size_t{1} << 22;

  tlsrpt::check_options options_;
  std::vector<std::uint64_t> room_;
};

}  // namespace cli

#endif
