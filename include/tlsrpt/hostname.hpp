/// @file
/// Host names as reports and policies have them (RFC 8460, section 4.4; RFC 8461, section 4.1).

#ifndef TLSRPT_HPP_HOSTNAME
#define TLSRPT_HPP_HOSTNAME

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/ascii.hpp>

namespace tlsrpt {

/// Whether two host names are the same, without regard to ASCII case and to one trailing dot each.
/// Neither has to be a host name. Linear.
constexpr bool same_host(std::string_view a, std::string_view b) noexcept;

/// Whether the text is a host name in ASCII: labels of 1 to 63 letters, digits, hyphens (not at
/// either end) and, as they occur, underscores; 253 characters at most. One trailing dot may
/// follow.
constexpr bool is_host_name(std::string_view text) noexcept;

/// Whether an octet is outside ASCII. In a domain name that means U-labels, where RFC 8460, section
/// 4.4 demands A-labels. Linear.
constexpr bool has_non_ascii(std::string_view text) noexcept;

/// Whether a host matches an `mx` pattern of an MTA-STS policy (RFC 8461, section 4.1): it is the
/// same host, or the pattern begins with "*.", which stands for exactly one leftmost label. Case
/// and one trailing dot do not matter, on either side; an empty pattern matches nothing. A "mx:"
/// left in front of the pattern is passed over, see mx_pattern(). Linear.
constexpr bool matches_mx_pattern(std::string_view host, std::string_view pattern) noexcept;

/// The pattern alone in an element of `mx-host` that is a whole policy line, such as
/// "mx: mail.example.com"; other elements stay as they are. The result is part of `element`.
constexpr std::string_view mx_pattern(std::string_view element) noexcept;

/// The name in `receiving-mx-helo` when senders put the whole reply there, such as
/// "250-mail.example.com\r\n250 STARTTLS" or "250 mail.example.com at your service"; other texts
/// stay as they are. The result is part of `helo`.
constexpr std::string_view helo_name(std::string_view helo) noexcept;

namespace detail {

constexpr std::string_view without_trailing_dot(std::string_view host) noexcept {
  return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

}  // namespace detail

constexpr bool same_host(std::string_view a, std::string_view b) noexcept {
  a = detail::without_trailing_dot(a);
  b = detail::without_trailing_dot(b);
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (detail::lower_case(a[i]) != detail::lower_case(b[i])) return false;
  return true;
}

constexpr bool is_host_name(std::string_view text) noexcept {
  const std::string_view name = detail::without_trailing_dot(text);
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;  // octets of the label so far
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i == name.size() || name[i] == '.') {
      if (label == 0 || label > 63 || name[i - 1] == '-') return false;
      label = 0;
      continue;
    }
    const char c = detail::lower_case(name[i]);
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || detail::is_digit(c) || c == '_';
    if (!letter_or_digit && (c != '-' || label == 0)) return false;
    ++label;
  }
  return true;
}

constexpr bool has_non_ascii(std::string_view text) noexcept {
  for (char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return true;
  return false;
}

constexpr bool matches_mx_pattern(std::string_view host, std::string_view pattern) noexcept {
  pattern = mx_pattern(pattern);
  if (pattern.starts_with("*.")) {
    const std::size_t first_label = host.find('.');
    if (first_label == std::string_view::npos || first_label == 0) return false;
    host.remove_prefix(first_label + 1);
    pattern.remove_prefix(2);
  }
  return !detail::without_trailing_dot(pattern).empty() && same_host(host, pattern);
}

constexpr std::string_view mx_pattern(std::string_view element) noexcept {
  if (!element.starts_with("mx:")) return element;
  element.remove_prefix(3);
  while (element.starts_with(' ') || element.starts_with('\t')) element.remove_prefix(1);
  return element;
}

constexpr std::string_view helo_name(std::string_view helo) noexcept {
  helo = helo.substr(0, helo.find_first_of("\r\n"));
  // A reply code: three digits and "-" or a blank (RFC 5321, section 4.2).
  const bool has_code = helo.size() > 4 && detail::is_digit(helo[0]) && detail::is_digit(helo[1]) &&
                        detail::is_digit(helo[2]) && (helo[3] == '-' || helo[3] == ' ');
  if (!has_code) return helo;
  helo.remove_prefix(4);
  return helo.substr(0, helo.find(' '));
}

}  // namespace tlsrpt

#endif
