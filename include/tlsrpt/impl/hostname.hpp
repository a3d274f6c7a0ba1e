/// @file
/// Bodies of hostname.hpp.

#ifndef TLSRPT_HPP_IMPL_HOSTNAME
#define TLSRPT_HPP_IMPL_HOSTNAME

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt {

namespace detail {

constexpr std::string_view without_trailing_dot(std::string_view host) noexcept {
  return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

inline constexpr std::string_view any_label = "*.", mx_line_start = "mx:";

/// What a text is as a host name.
enum class host_form : std::uint8_t {
  other,     ///< is_host_name() says no.
  name,      ///< A host name.
  canonical  ///< One that canonical_host() leaves as it is.
};

inline constexpr charset canonical_host_octet =
    charset::range('a', 'z') | digit_octet | charset("_");

/// Not 0 when one of some octets has no place in a canonical name, or separates and so does the
/// one after it, in `next`, unless both are "-". In each octet the highest bit says so.
constexpr std::uint64_t canonical_host_faults(std::uint64_t octets, std::uint64_t next) noexcept {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101, highest = each * 0x80;
  const std::uint64_t ascii = octets & ~highest;
  const auto is_from = [ascii](std::uint64_t first) { return ascii + each * (0x80 - first); };
  const auto differs = [](std::uint64_t from, std::uint64_t octet) {
    return (from ^ each * octet) + each * 0x7f;
  };
  const std::uint64_t letters = is_from('a') & ~is_from('z' + 1);
  const std::uint64_t others = is_from('-') & ~is_from('9' + 1) & differs(ascii, '/');
  // Of all that may be in a name only "-" (2d) and "." (2e) make 2e or 2f when they are combined.
  const std::uint64_t separates_once = differs(ascii | (next & ~highest) | each, '/');
  const std::uint64_t is_good = (letters | others | ~differs(ascii, '_')) & separates_once;
  return (octets | ~is_good) & highest;
}

/// Whether a text is a canonical name of 9 to 63 octets, as most are, so that no label is too long.
constexpr bool is_usual_canonical_host(std::string_view text) noexcept {
  using word = std::uint64_t;
  if (text.size() <= sizeof(word) || text.size() > 63) return false;
  const std::size_t last = text.size() - sizeof(word) - 1;
  word faults = 0;
  for (std::size_t at = 0;; at = std::min(at + sizeof(word), last)) {
    const char* const octets = text.data() + at;
    faults |= canonical_host_faults(load_word<word>(octets), load_word<word>(octets + 1));
    if (at == last) break;
  }
  return faults == 0 && canonical_host_octet(text.front()) && canonical_host_octet(text.back());
}

constexpr host_form form_of_host(std::string_view text) noexcept {
  if (is_usual_canonical_host(text)) return host_form::canonical;
  const std::string_view name = without_trailing_dot(text);
  if (name.empty() || name.size() > 253) return host_form::other;
  host_form form = name.size() == text.size() ? host_form::canonical : host_form::name;
  const char* at = name.data();
  const char* const end = at + name.size();
  while (true) {
    const char* const label = at;
    for (; at != end && *at != '.'; ++at) {
      if (canonical_host_octet(*at)) continue;
      if (*at >= 'A' && *at <= 'Z')
        form = host_form::name;
      else if (*at != '-' || at == label)
        return host_form::other;
    }
    if (at == label || at - label > 63 || at[-1] == '-') return host_form::other;
    if (at == end) return form;
    ++at;
  }
}

}  // namespace detail

constexpr bool same_host(std::string_view a, std::string_view b) noexcept {
  return detail::equals_folded(detail::without_trailing_dot(a), detail::without_trailing_dot(b));
}

constexpr bool is_host_name(std::string_view text) noexcept {
  return detail::form_of_host(text) != detail::host_form::other;
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

constexpr bool has_non_ascii(std::string_view text) noexcept { return !detail::is_ascii(text); }

constexpr bool matches_mx_pattern(std::string_view host, std::string_view pattern) noexcept {
  pattern = mx_pattern(pattern);
  if (detail::begins_with<detail::any_label>(pattern)) {
    const std::size_t first_label = host.find('.');
    if (first_label == std::string_view::npos || first_label == 0) return false;
    host.remove_prefix(first_label + 1);
    pattern.remove_prefix(detail::any_label.size());
  }
  return !detail::without_trailing_dot(pattern).empty() && same_host(host, pattern);
}

constexpr std::string_view mx_pattern(std::string_view element) noexcept {
  if (!detail::begins_with<detail::mx_line_start>(element)) return element;
  return detail::trim_front(element.substr(detail::mx_line_start.size()), detail::wsp_octet);
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
