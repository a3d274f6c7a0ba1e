/// @file
/// Session counts: what a JSON number, or a string of digits, says.

#ifndef TLSRPT_HPP_DETAIL_REPORT_COUNT
#define TLSRPT_HPP_DETAIL_REPORT_COUNT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

/// 2^53-1, the largest integer that I-JSON promises to carry exactly (RFC 7493, section 2.2).
inline constexpr std::uint64_t largest_exact_integer = (std::uint64_t{1} << 53) - 1;

/// Reads a number of 1 to 8 digits, without a branch on the digits. False when one of them is no
/// digit. 8 octets must be readable.
[[gnu::always_inline]] constexpr bool read_short_number(const char* text, std::size_t size,
                                                        std::uint64_t& number) noexcept {
  constexpr std::uint64_t all_octets = 0x0101010101010101u;
  const std::uint64_t values = load_word<std::uint64_t>(text) ^ (all_octets * '0');
  const std::uint64_t others = ((values + all_octets * (0x80 - 10)) | values) & (all_octets * 0x80);
  // The digits go to the top octets, after zeros; then neighbours are added up, by pairs, fours and
  // eights.
  const std::size_t unused = 64 - 8 * size;
  if (others << unused != 0) return false;
  std::uint64_t digits = values << unused;
  digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ffu;
  digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffffu;
  number = (digits * 10000 + (digits >> 32)) & 0x00000000ffffffffu;
  return true;
}

struct count_reading {
  std::uint64_t value = 0;
  errc remark = errc::ok;  ///< count_unreadable: there is no value
};

/// The value of digits alone; count_unreadable above 2^64-1 or when there is none.
constexpr count_reading read_digits(std::string_view digits) noexcept {
  const auto value = read_decimal(digits);
  if (!value) return {0, errc::count_unreadable};
  return {*value, *value > largest_exact_integer ? errc::count_beyond_double : errc::ok};
}

/// The value of a JSON number (a text that scan_number() takes whole): a whole number however it is
/// written, such as 5.0, 5e0 or -0, with remark count_not_written_as_integer.
constexpr count_reading read_count(std::string_view number) noexcept {
  if (number.find_first_of("-.eE") == std::string_view::npos) return read_digits(number);
  const bool negative = number.front() == '-';
  if (negative) number.remove_prefix(1);
  const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa = number.substr(0, exponent_at);
  // By how many powers of ten the digits are raised and lowered. The exponent is kept within bounds
  // that no 20-digit number can bring back.
  std::uint64_t raised = 0, lowered = 0;
  if (exponent_at < number.size()) {
    std::string_view digits = number.substr(exponent_at + 1);
    const bool minus = digits.front() == '-';
    if (!is_digit(digits.front())) digits.remove_prefix(1);
    std::uint64_t& exponent = minus ? lowered : raised;
    for (char c : digits)
      exponent = std::min(exponent * 10 + static_cast<unsigned>(c - '0'), std::uint64_t{1} << 30);
  }
  // value = significant digits * 10^exponent, without zeros at either end of the digits.
  char significant[20]{};
  std::size_t size = 0;
  std::uint64_t trailing_zeros = 0;
  bool after_point = false;
  for (char c : mantissa) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    if (after_point) ++lowered;
    if (c == '0') {
      ++trailing_zeros;
      continue;
    }
    for (; size > 0 && trailing_zeros > 0; --trailing_zeros) {
      if (size == sizeof significant) return {0, errc::count_unreadable};
      significant[size++] = '0';
    }
    trailing_zeros = 0;
    if (size == sizeof significant) return {0, errc::count_unreadable};
    significant[size++] = c;
  }
  if (size == 0) return {0, errc::count_not_written_as_integer};  // zero, -0 included
  raised += trailing_zeros;
  if (negative || raised < lowered || raised - lowered > sizeof significant - size)
    return {0, errc::count_unreadable};
  for (; raised != lowered; ++lowered) significant[size++] = '0';
  count_reading whole = read_digits({significant, size});
  if (whole.remark != errc::count_unreadable) whole.remark = errc::count_not_written_as_integer;
  return whole;
}

/// The value of a string of digits, perhaps with whitespace around them.
constexpr count_reading read_count_string(std::string_view text) noexcept {
  count_reading read = read_digits(trim(text, is_json_blank));
  if (read.remark != errc::count_unreadable) read.remark = errc::count_as_string;
  return read;
}

}  // namespace tlsrpt::detail

#endif
