/// @file
/// Splits a text at separators, such as lines at their ends.

#ifndef TLSRPT_HPP_DETAIL_TEXT_SPLIT
#define TLSRPT_HPP_DETAIL_TEXT_SPLIT

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

/// The octets of a word that are `c`, by a bit in each; above the first one others may have it,
/// too.
constexpr std::uint64_t octets_that_are(char c, std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  const std::uint64_t zero_there = word ^ ones * static_cast<std::uint8_t>(c);
  return (zero_there - ones) & ~zero_there & ones << 7;
}

/// Where the line ends that begins at `at`, or before it; the end of the text for no line end.
constexpr std::size_t find_line_end(std::string_view text, std::size_t at) noexcept {
  for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    const auto word = load_word<std::uint64_t>(text.data() + at);
    const std::uint64_t ends = octets_that_are('\n', word) | octets_that_are('\r', word);
    if (ends != 0) return at + static_cast<std::size_t>(std::countr_zero(ends)) / 8;
  }
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
