/// @file
/// Letters and digits of ASCII, without locale.

#ifndef TLSRPT_HPP_DETAIL_TEXT_ASCII
#define TLSRPT_HPP_DETAIL_TEXT_ASCII

namespace tlsrpt::detail {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr char lower_case(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) noexcept {
  const auto octet = static_cast<unsigned char>(c);
  if (is_digit(c)) return static_cast<int>(octet - unsigned{'0'});
  if (c >= 'a' && c <= 'f') return static_cast<int>(octet - (unsigned{'a'} - 10));
  if (c >= 'A' && c <= 'F') return static_cast<int>(octet - (unsigned{'A'} - 10));
  return -1;
}

}  // namespace tlsrpt::detail

#endif
