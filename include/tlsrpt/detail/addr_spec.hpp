/// @file
/// addr-spec of RFC 5322, section 3.4.1: a mail address without name, brackets or comments.

#ifndef TLSRPT_HPP_DETAIL_ADDR_SPEC
#define TLSRPT_HPP_DETAIL_ADDR_SPEC

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/charset.hpp>

namespace tlsrpt::detail {

/// Whether `text` is a domain for mail: labels of letters, digits, "-" and "_" (octets outside
/// ASCII stand for U-labels), one trailing dot at most, or an address in square brackets.
constexpr bool is_mail_domain(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    if (text.size() < 3 || !text.ends_with(']')) return false;
    for (char c : text.substr(1, text.size() - 2))
      if (!letter_octet(c) && !digit_octet(c) && c != '.' && c != ':') return false;
    return true;
  }
  if (text.ends_with('.')) text.remove_suffix(1);
  bool in_label = false;
  for (char c : text) {
    if (c == '.') {
      if (!in_label) return false;
      in_label = false;
    } else if (letter_octet(c) || digit_octet(c) || octet_above_ascii(c) || c == '-' || c == '_') {
      in_label = true;
    } else {
      return false;
    }
  }
  return in_label;
}

/// Whether `text` is a local part: a dot-atom (repeated dots are tolerated, some providers allow
/// them) or a quoted string.
constexpr bool is_local_part(std::string_view text) noexcept {
  if (text.empty()) return false;
  if (text.front() != '"') {
    for (char c : text)
      if (!atext_octet(c) && c != '.') return false;
    return true;
  }
  if (text.size() < 2 || text.back() != '"') return false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (control_octet(text[i]) || text[i] == '"') return false;
    if (text[i] == '\\' && (++i + 1 >= text.size() || control_octet(text[i]))) return false;
  }
  return true;
}

constexpr bool is_addr_spec(std::string_view text) noexcept {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && is_local_part(text.substr(0, at)) &&
         is_mail_domain(text.substr(at + 1));
}

}  // namespace tlsrpt::detail

#endif
