/// @file
/// Splits a text at separators, such as lines at their ends.

#ifndef TLSRPT_HPP_DETAIL_TEXT_SPLIT
#define TLSRPT_HPP_DETAIL_TEXT_SPLIT

#include <cstddef>
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

#if TLSRPT_HPP_HAS_OCTET_BLOCKS
/// Skips octets that are no line ends, 16 at a time, as far as there are so many.
inline std::size_t skip_line_blocks(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t size = sizeof(octet_block);
  if (text.size() < size) return at;
  for (const std::size_t last = text.size() - size; at <= last; at += size) {
    const octet_block octets = load_block(text.data() + at);
    const auto ends = octet_block((octets == '\n') | (octets == '\r'));
    if (!is_zero(ends)) return at + first_octet_set(ends);
  }
  return at;
}
#endif

/// Where the line ends that begins at `at`, or before it; the end of the text for no line end.
constexpr std::size_t find_line_end(std::string_view text, std::size_t at) noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  if (!std::is_constant_evaluated()) at = skip_line_blocks(text, at);
#endif
  while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
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
