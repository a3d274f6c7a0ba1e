/// @file
/// Splits a text at separators, such as lines at their ends.

#ifndef TLSRPT_HPP_DETAIL_TEXT_SPLIT
#define TLSRPT_HPP_DETAIL_TEXT_SPLIT

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// Takes off the front of `rest` what is before the first `separator`, and returns it; the
/// separator goes, too. Without a separator it is all of `rest`.
constexpr std::string_view take_part(std::string_view& rest, std::string_view separator) noexcept {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
  return part;
}

constexpr bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }

#if TLSRPT_HPP_HAS_OCTET_BLOCKS
/// A bit for each of the 16 octets at `text` that is CR or LF.
[[gnu::always_inline]] inline std::uint32_t line_end_bits(const char* text) noexcept {
  const octet_block octets = load_block(text);
  return bits_of(octet_block((octets == '\n') | (octets == '\r')));
}

/// Where the first CR or LF at or after `at` is, or the end: 64 octets at a time, as most lines of
/// mails are not longer, then 16, then one.
[[gnu::noinline]] inline std::size_t find_line_end_in_blocks(std::string_view text,
                                                             std::size_t at) noexcept {
  constexpr std::size_t size = sizeof(octet_block);
  const char* const octets = text.data();
  for (; text.size() - at >= 4 * size; at += 4 * size) {
    const auto bits = [octets, at](std::size_t block) {
      return line_end_bits(octets + at + block * size);
    };
    const std::uint32_t first = bits(0) | bits(1) << size, second = bits(2) | bits(3) << size;
    if (const std::uint64_t ends = first | std::uint64_t{second} << (2 * size); ends != 0)
      return at + static_cast<std::size_t>(std::countr_zero(ends));
  }
  for (; text.size() - at >= size; at += size)
    if (const std::uint32_t ends = line_end_bits(octets + at); ends != 0)
      return at + static_cast<std::size_t>(std::countr_zero(ends));
  while (at < text.size() && !is_line_end(octets[at])) ++at;
  return at;
}
#endif

/// Where the line ends that begins at `at`, or before it; the end of the text for no line end.
constexpr std::size_t find_line_end(std::string_view text, std::size_t at) noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  if (!std::is_constant_evaluated() && at < text.size()) return find_line_end_in_blocks(text, at);
#endif
  while (at < text.size() && !is_line_end(text[at])) ++at;
  return at;
}

/// Takes a line off the front of `rest`, with its end (CR LF, LF or CR), and returns it without.
constexpr std::string_view take_line(std::string_view& rest) noexcept {
  const std::string_view line = rest.substr(0, find_line_end(rest, 0));
  rest.remove_prefix(line.size());
  rest.remove_prefix(rest.starts_with("\r\n") ? 2 : rest.empty() ? 0 : 1);
  return line;
}

}  // namespace tlsrpt::detail

#endif
