/// @file
/// How far a misspelt word is from the right one.

#ifndef TLSRPT_HPP_DETAIL_TEXT_EDIT_DISTANCE
#define TLSRPT_HPP_DETAIL_TEXT_EDIT_DISTANCE

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>

namespace tlsrpt::detail {

/// The longest texts that edit_distance() compares.
inline constexpr std::size_t max_edited = 16;

/// How many octets of `text` must at least be changed, inserted or removed to make `lower` of it,
/// without regard to case; max_edited when either is longer than that.
constexpr std::size_t edit_distance(std::string_view text, std::string_view lower) noexcept {
  if (text.size() > max_edited || lower.size() > max_edited) return max_edited;
  std::array<std::size_t, max_edited + 1> row{};
  for (std::size_t j = 0; j <= lower.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= lower.size(); ++j) {
      const std::size_t replaced = diagonal + (lower_case(text[i - 1]) == lower[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[lower.size()];
}

}  // namespace tlsrpt::detail

#endif
