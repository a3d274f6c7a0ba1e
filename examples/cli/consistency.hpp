/// @file
/// What is odd in a report that was read: tlsrpt::check() for the program.

#ifndef TLSRPT_EXAMPLES_CLI_CONSISTENCY
#define TLSRPT_EXAMPLES_CLI_CONSISTENCY

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tlsrpt/check.hpp>

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
  }

 private:
  /// More than the limits on policies and failure details need: 32 MiB.
  static constexpr std::size_t most_room = std::size_t{1} << 22;

  tlsrpt::check_options options_;
  std::vector<std::uint64_t> room_;
};

}  // namespace cli

#endif
