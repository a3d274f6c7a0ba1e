/// @file
/// Host names as nearly all are written, recognized in blocks.

#ifndef TLSRPT_HPP_DETAIL_REPORT_USUAL_HOST
#define TLSRPT_HPP_DETAIL_REPORT_USUAL_HOST

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

#if TLSRPT_HPP_HAS_OCTET_BLOCKS
/// Not 0 in the octets at `text` that are no part of a usual host name, and in those with a "." or
/// "-" after which there is one or the other, unless both are "-".
[[gnu::always_inline]] inline octet_block host_name_faults(const char* text) noexcept {
  const octet_block octets = load_block(text), next = load_block(text + 1);
  // Of all that may be in a name only "-" (2d) and "." (2e) make 2e or 2f when they are combined.
  const auto separated_twice = ((octets | next) | 1) == '/';
  const auto letters = ((octets | 0x20) - 'a') < 26;
  const auto others = ((octets - '-') < '9' - '-' + 1) & (octets != '/');
  return octet_block(separated_twice | ~(letters | others));
}
#endif

/// Whether `text` is a host name of the usual kind: at most 63 letters, digits, and "-" and "."
/// between them, no "." beside another or beside "-". Then is_host_name() holds; for others it may,
/// too. It is read in blocks, so 17 octets must be readable after it.
inline bool is_usual_host_name(std::string_view text) noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  constexpr std::size_t block_size = sizeof(octet_block);
  constexpr std::size_t longest_label = 63;
  const auto separates = [](char c) { return c == '.' || c == '-'; };
  if (text.empty() || text.size() > longest_label || separates(text.front()) ||
      separates(text.back()))
    return false;
  octet_block faults = host_name_faults(text.data());
  if (text.size() < block_size) {
    constexpr octet_block positions = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    faults &= octet_block(positions < static_cast<std::uint8_t>(text.size()));
  }
  // The last block overlaps the one before.
  for (std::size_t i = block_size; i < text.size(); i += block_size)
    faults |= host_name_faults(text.data() + std::min(i, text.size() - block_size));
  const auto words = words_of(faults);
  return (words[0] | words[1]) == 0;
#else
  static_cast<void>(text);
  return false;
#endif
}

}  // namespace tlsrpt::detail

#endif
