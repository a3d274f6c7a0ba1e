/// @file
/// addr-spec of RFC 5322, section 3.4.1: a mail address without name, brackets or comments.

#ifndef TLSRPT_HPP_DETAIL_TEXT_ADDR_SPEC
#define TLSRPT_HPP_DETAIL_TEXT_ADDR_SPEC

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// Whether `text` is a domain for mail: labels of letters, digits, "-" and "_" (octets outside
/// ASCII mean U-labels), one trailing dot at most, or an address in square brackets.
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

/// Whether `text` is an address of the usual kind: letters, digits, "-", "_" and single dots
/// inside, with one "@". Then it is an addr-spec; others may be, too. It is read in blocks, so 17
/// octets must be readable after it, the first of them neither "." nor "@".
inline bool is_usual_addr_spec(std::string_view text) noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  constexpr std::size_t block_size = sizeof(octet_block);
  constexpr std::size_t longest = 254;  // RFC 5321, section 4.5.3.1.3
  const auto separates = [](char c) { return c == '.' || c == '@'; };
  if (text.empty() || text.size() > longest || separates(text.front()) || separates(text.back()))
    return false;
  constexpr octet_block positions = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  octet_block faults{}, at_signs{};
  for (std::size_t i = 0; i < text.size(); i += block_size) {
    const octet_block octets = load_block(text.data() + i), next = load_block(text.data() + i + 1);
    const auto separators = (octets == '.') | (octets == '@');
    const auto good = (((octets | 0x20) - 'a') < 26) | ((octets - '0') < 10) | (octets == '-') |
                      (octets == '_') | separators;
    const auto repeated = separators & ((next == '.') | (next == '@'));
    const auto inside = positions < static_cast<std::uint8_t>(text.size() - i);
    faults |= octet_block((~good | repeated) & inside);
    at_signs -= octet_block((octets == '@') & inside);
  }
  const auto fault_words = words_of(faults), sums = words_of(at_signs);
  const std::uint64_t count = (sums[0] + sums[1]) * 0x0101010101010101u >> 56;
  return (fault_words[0] | fault_words[1]) == 0 && count == 1;
#else
  static_cast<void>(text);
  return false;
#endif
}

}  // namespace tlsrpt::detail

#endif
