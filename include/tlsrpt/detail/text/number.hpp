/// @file
/// Numbers as text.

#ifndef TLSRPT_HPP_DETAIL_TEXT_NUMBER
#define TLSRPT_HPP_DETAIL_TEXT_NUMBER

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/put.hpp>

namespace tlsrpt::detail {

/// The number that decimal digits spell, leading zeros included. Nothing when there are none, when
/// something else is among them, and above 2^64-1.
constexpr std::optional<std::uint64_t> read_decimal(std::string_view digits) noexcept {
  if (digits.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

/// The same; nothing, too, when `Number` does not hold it.
template <std::integral Number>
constexpr std::optional<Number> read_number(std::string_view digits) noexcept {
  const auto value = read_decimal(digits);
  if (!value || !std::in_range<Number>(*value)) return std::nullopt;
  return static_cast<Number>(*value);
}

/// Octets of the longest number: 2^64-1, or -2^63.
inline constexpr std::size_t number_octets = 20;

/// Writes a number in decimal digits to `to`, which has room for number_octets. The octets written.
template <std::integral Number>
constexpr std::size_t write_number(char* to, Number number) noexcept {
  char reversed[number_octets]{};
  std::size_t size = 0;
  const bool is_negative = number < 0;
  auto rest = static_cast<std::uint64_t>(number);
  if (is_negative) rest = 0 - rest;
  do reversed[size++] = static_cast<char>('0' + rest % 10);
  while (rest /= 10);
  if (is_negative) reversed[size++] = '-';
  std::reverse_copy(reversed, reversed + size, to);
  return size;
}

/// Adds a number in decimal digits.
template <class Out, std::integral Number>
constexpr void put_number(Out& out, Number number) noexcept(is_nothrow_output<Out>) {
  char digits[number_octets]{};
  put(out, std::string_view(digits, write_number(digits, number)));
}

/// Adds the lowest four bits of a number as a hexadecimal digit in lower case.
template <class Out>
constexpr void put_hex_digit(Out& out, std::uint32_t number) noexcept(is_nothrow_output<Out>) {
  constexpr char digits[] = "0123456789abcdef";
  put(out, digits[number & 0xf]);
}

/// Adds an octet as two hexadecimal digits in lower case.
template <class Out>
constexpr void put_hex(Out& out, std::uint8_t octet) noexcept(is_nothrow_output<Out>) {
  put_hex_digit(out, octet >> 4u);
  put_hex_digit(out, octet);
}

}  // namespace tlsrpt::detail

#endif
