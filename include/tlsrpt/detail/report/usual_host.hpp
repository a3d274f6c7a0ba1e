/// @file
/// Host names as nearly all are written, recognized in blocks.

#ifndef TLSRPT_HPP_DETAIL_REPORT_USUAL_HOST
#define TLSRPT_HPP_DETAIL_REPORT_USUAL_HOST

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// Whether `text` is a host name of the usual kind: at most 63 letters, digits, "_", and "-" and
/// "." between them, no "." beside another or beside "-". Then is_host_name() holds; for others it
/// may, too. It is read in blocks, so 17 octets must be readable after it.
inline bool is_usual_host_name(std::string_view text) noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  constexpr std::size_t block_size = sizeof(octet_block);
  constexpr std::size_t longest_label = 63;
  const auto separates = [](char c) { return c == '.' || c == '-'; };
  if (text.empty() || text.size() > longest_label || separates(text.front()) ||
      separates(text.back()))
    return false;
  constexpr octet_block positions = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  octet_block faults{};
  for (std::size_t i = 0; i < text.size(); i += block_size) {
    const octet_block octets = load_block(text.data() + i), next = load_block(text.data() + i + 1);
    const auto dots = octets == '.', hyphens = octets == '-', next_dots = next == '.';
    const auto good =
        (((octets | 0x20) - 'a') < 26) | ((octets - '0') < 10) | (octets == '_') | dots | hyphens;
    const auto empty_or_cut = (dots & (next_dots | (next == '-'))) | (hyphens & next_dots);
    const auto inside = positions < static_cast<std::uint8_t>(text.size() - i);
    faults |= octet_block((~good | empty_or_cut) & inside);
  }
  const auto words = words_of(faults);
  return (words[0] | words[1]) == 0;
#else
  static_cast<void>(text);
  return false;
#endif
}

}  // namespace tlsrpt::detail

#endif
