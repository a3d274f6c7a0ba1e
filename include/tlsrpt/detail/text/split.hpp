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
/// mails are not longer, then 16, then the last 16.
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
  if (text.size() >= size) {
    const std::size_t last = text.size() - size;
    const std::uint32_t ends = line_end_bits(octets + last) >> (at - last);
    return ends == 0 ? text.size() : at + static_cast<std::size_t>(std::countr_zero(ends));
  }
  while (at < text.size() && !is_line_end(octets[at])) ++at;
  return at;
}
#endif

#if TLSRPT_HPP_HAS_WIDE_BLOCKS
/// A bit for each of the 64 octets at `text` that is CR or LF.
[[gnu::target("avx2"), gnu::always_inline]] inline std::uint64_t wide_line_end_bits(
    const char* text) noexcept {
  using signed_block [[gnu::vector_size(32)]] = char;
  wide_block first, second;
  std::memcpy(&first, text, sizeof first);
  std::memcpy(&second, text + sizeof first, sizeof second);
  first = wide_block((first == '\n') | (first == '\r'));
  second = wide_block((second == '\n') | (second == '\r'));
  const int low = __builtin_ia32_pmovmskb256(signed_block(first)),
            high = __builtin_ia32_pmovmskb256(signed_block(second));
  return static_cast<std::uint32_t>(low) | std::uint64_t{static_cast<std::uint32_t>(high)} << 32;
}

/// The same, 128 octets at a time as long as there are as many, without a branch inside them: which
/// lines of a mail are longer than 64 no processor foresees.
[[gnu::target("avx2"), gnu::noinline]] inline std::size_t find_line_end_in_wide_blocks(
    std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t size = 64;
  for (; text.size() - at >= 2 * size; at += 2 * size) {
    const std::uint64_t low = wide_line_end_bits(text.data() + at),
                        high = wide_line_end_bits(text.data() + at + size);
    if ((low | high) == 0) continue;
    const bool is_low = low != 0;
    const std::uint64_t ends = low | (high & (std::uint64_t{is_low} - 1));
    return at + (is_low ? 0 : size) + static_cast<std::size_t>(std::countr_zero(ends));
  }
  return find_line_end_in_blocks(text, at);
}
#endif

/// Where the line ends that begins at `at`, or before it; the end of the text for no line end.
constexpr std::size_t find_line_end(std::string_view text, std::size_t at) noexcept {
#if TLSRPT_HPP_HAS_WIDE_BLOCKS
  if (!std::is_constant_evaluated() && has_wide_blocks() && at < text.size())
    return find_line_end_in_wide_blocks(text, at);
#endif
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
