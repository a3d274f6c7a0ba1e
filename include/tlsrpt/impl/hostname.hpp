/// @file
/// Bodies of hostname.hpp.

#ifndef TLSRPT_HPP_IMPL_HOSTNAME
#define TLSRPT_HPP_IMPL_HOSTNAME

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt {

namespace detail {

constexpr std::string_view without_trailing_dot(std::string_view host) noexcept {
  return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

}  // namespace detail

constexpr bool same_host(std::string_view a, std::string_view b) noexcept {
  return detail::equals_folded(detail::without_trailing_dot(a), detail::without_trailing_dot(b));
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

constexpr host_text canonical_host(std::string_view text) noexcept {
  host_text host;
  if (text.empty()) {
    host.append("-");
  } else if (is_host_name(text)) {
    for (char c : detail::without_trailing_dot(text)) detail::put(host, detail::lower_case(c));
  } else {
    constexpr std::size_t most_octets = 64;
    host.append("!");
    host.append(detail::cut_at_character(text, most_octets));
  }
  return host;
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
  return detail::trim_front(element.substr(3), detail::wsp_octet);
}

constexpr std::string_view helo_name(std::string_view helo) noexcept {
  helo = helo.substr(0, helo.find_first_of("\r\n"));
  // A reply code: three digits and "-" or a space (RFC 5321, section 4.2).
  const bool has_code = helo.size() > 4 && detail::is_digit(helo[0]) && detail::is_digit(helo[1]) &&
                        detail::is_digit(helo[2]) && (helo[3] == '-' || helo[3] == ' ');
  if (!has_code) return helo;
  helo.remove_prefix(4);
  return helo.substr(0, helo.find(' '));
}

}  // namespace tlsrpt

#endif
