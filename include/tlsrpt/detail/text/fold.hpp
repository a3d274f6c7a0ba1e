/// @file
/// Compares texts without regard to the case of ASCII letters.

#ifndef TLSRPT_HPP_DETAIL_TEXT_FOLD
#define TLSRPT_HPP_DETAIL_TEXT_FOLD

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// The octet that replaces `c` when names are compared: "-" for "_", which people confuse, and
/// lower case.
constexpr char fold_name_octet(char c) noexcept { return c == '_' ? '-' : lower_case(c); }

template <class Fold>
constexpr bool equals_after(Fold fold, std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && fold(a[i]) != fold(b[i])) return false;
  return true;
}

/// Whether texts of the same size are equal without regard to case. Letters differ by case in one
/// bit, so most texts that are not equal, or are written alike, are known by their words, the last
/// of which may overlap the one before.
constexpr bool same_size_equals_folded(std::string_view a, std::string_view b) noexcept {
  using word = std::uint64_t;
  using half = std::uint32_t;
  word difference = 0;
  if (a.size() >= sizeof(word)) {
    const std::size_t last = a.size() - sizeof(word);
    difference = word_difference<word>(a, b, last);
    for (std::size_t at = 0; at < last; at += sizeof(word))
      difference |= word_difference<word>(a, b, at);
  } else if (a.size() >= sizeof(half)) {
    difference =
        word_difference<half>(a, b, 0) | word{word_difference<half>(a, b, a.size() - sizeof(half))};
  } else {
    return equals_after(lower_case, a, b);
  }
  constexpr word case_bits = 0x2020'2020'2020'2020;
  if ((difference & ~case_bits) != 0) return false;
  return difference == 0 || equals_after(lower_case, a, b);
}

/// Whether two texts are equal without regard to case. Most are of different sizes.
[[gnu::always_inline]] constexpr bool equals_folded(std::string_view a,
                                                    std::string_view b) noexcept {
  // Compilers mostly know the size of `b`, and then see that no octet after it is read.
  return a.size() == b.size() && same_size_equals_folded({a.data(), b.size()}, b);
}

/// Whether two names are equal without regard to case and to whether "-" or "_" is written.
constexpr bool equals_name(std::string_view a, std::string_view b) noexcept {
  return equals_after(fold_name_octet, a, b);
}

/// Whether `text` begins with `prefix`, without regard to case.
constexpr bool starts_with_folded(std::string_view text, std::string_view prefix) noexcept {
  return equals_folded(text.substr(0, prefix.size()), prefix);
}

/// An order in which exactly the texts that equals_folded() are equal.
constexpr std::weak_ordering compare_folded(std::string_view a, std::string_view b) noexcept {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (const auto order = lower_case(a[i]) <=> lower_case(b[i]); order != 0) return order;
  return a.size() <=> b.size();
}

}  // namespace tlsrpt::detail

#endif
