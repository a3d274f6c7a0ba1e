/// @file
/// Letters and digits of ASCII, without locale.

#ifndef TLSRPT_HPP_DETAIL_TEXT_ASCII
#define TLSRPT_HPP_DETAIL_TEXT_ASCII

namespace tlsrpt::detail {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace tlsrpt::detail

#endif
