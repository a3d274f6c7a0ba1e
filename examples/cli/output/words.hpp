/// @file
/// Numbers and absent values in words, as all text has them; words that may be in any case.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_WORDS
#define TLSRPT_EXAMPLES_CLI_OUTPUT_WORDS

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace cli {

inline constexpr std::string_view no_domain = "(domain not given)";

inline std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

/// The share of `part` in `part + rest`, such as " (1.9 %)"; nothing when there is no part.
inline std::string percentage(std::uint64_t part, std::uint64_t rest) {
  if (part == 0) return {};
  const double share =
      100 * static_cast<double>(part) / (static_cast<double>(part) + static_cast<double>(rest));
  if (share < 0.05) return " (< 0.1 %)";
  if (rest != 0 && share >= 99.95) return " (> 99.9 %)";
  char text[16];
  std::snprintf(text, sizeof text, " (%.1f %%)", share);
  return text;
}

/// Whether two texts differ at most in the case of ASCII letters.
inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace cli

#endif
