/// @file
/// UTF-8 (RFC 3629).

#ifndef TLSRPT_HPP_DETAIL_TEXT_UTF8
#define TLSRPT_HPP_DETAIL_TEXT_UTF8

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// The byte order mark, with which no text in UTF-8 should begin.
inline constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// A character and how many octets it has; none when what was read is no UTF-8.
struct utf8_character {
  std::uint32_t code_point = 0;
  std::size_t size = 0;
};

/// The character at the start of `text`, which is not empty. Overlong forms, surrogates and what is
/// above U+10FFFF are not valid.
constexpr utf8_character read_utf8(std::string_view text) noexcept {
  const auto octet = [text](std::size_t i) {
    return i < text.size() ? std::uint32_t{static_cast<std::uint8_t>(text[i])} : 0u;
  };
  const auto continues = [&](std::size_t i, std::uint32_t low = 0x80, std::uint32_t high = 0xbf) {
    return octet(i) >= low && octet(i) <= high;
  };
  const auto bits = [&](std::size_t i) { return octet(i) & 0x3f; };
  const std::uint32_t lead = octet(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xc2 || lead > 0xf4) return {};
  if (lead < 0xe0) {
    if (!continues(1)) return {};
    return {(lead & 0x1f) << 6 | bits(1), 2};
  }
  if (lead < 0xf0) {
    const std::uint32_t low = lead == 0xe0 ? 0xa0 : 0x80;   // no overlong forms
    const std::uint32_t high = lead == 0xed ? 0x9f : 0xbf;  // no surrogates
    if (!continues(1, low, high) || !continues(2)) return {};
    return {(lead & 0x0f) << 12 | bits(1) << 6 | bits(2), 3};
  }
  const std::uint32_t low = lead == 0xf0 ? 0x90 : 0x80;   // no overlong forms
  const std::uint32_t high = lead == 0xf4 ? 0x8f : 0xbf;  // nothing above U+10FFFF
  if (!continues(1, low, high) || !continues(2) || !continues(3)) return {};
  return {(lead & 0x07) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3), 4};
}

/// Whether `text` begins with no character only because it ends too early.
constexpr bool is_cut_utf8(std::string_view text) noexcept {
  if (text.empty() || text.size() > 3 || read_utf8(text).size != 0) return false;
  // After some lead octets only the lower or the upper half of the others may follow.
  for (const char next : {'\x80', '\xa0'}) {
    char whole[4]{};
    for (std::size_t i = 0; i < sizeof whole; ++i) whole[i] = i < text.size() ? text[i] : next;
    const std::size_t size = read_utf8({whole, sizeof whole}).size;
    if (size > text.size()) return true;
  }
  return false;
}

/// Writes a code point as UTF-8 to `out` and returns the octet after it.
constexpr char* write_utf8(std::uint32_t code_point, char* out) noexcept {
  auto put = [&out](std::uint32_t octet) { *out++ = static_cast<char>(octet); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | code_point >> 6);
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3f));
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
  return out;
}

/// The first octets of a text, `size` at most, cut before a character and not in it.
constexpr std::string_view cut_at_character(std::string_view text, std::size_t size) noexcept {
  if (text.size() <= size) return text;
  const auto is_inside = [text](std::size_t at) { return (text[at] & 0xc0) == 0x80; };
  std::size_t end = size;
  while (end > 0 && size - end < 3 && is_inside(end)) --end;
  return text.substr(0, is_inside(end) ? size : end);
}

inline constexpr std::uint64_t highest_bits = 0x8080808080808080u;

/// Whether all of a text is ASCII.
constexpr bool is_ascii(std::string_view text) noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  if (!std::is_constant_evaluated() && text.size() >= sizeof(octet_block)) {
    const std::size_t last = text.size() - sizeof(octet_block);
    octet_block joined = load_block(text.data() + last);
    for (std::size_t at = 0; at < last; at += sizeof(octet_block))
      joined |= load_block(text.data() + at);
    return bits_of(octet_block(joined >= 0x80)) == 0;
  }
#endif
  if (text.size() >= sizeof highest_bits)
    return (joined_words<std::uint64_t>(text) & highest_bits) == 0;
  for (char c : text)
    if (static_cast<std::uint8_t>(c) >= 0x80) return false;
  return true;
}

/// Whether all of a text is UTF-8.
constexpr bool is_utf8(std::string_view text) noexcept {
  // Most is ASCII.
  if (is_ascii(text)) return true;
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= sizeof(std::uint64_t) &&
        (load_word<std::uint64_t>(text.data() + i) & highest_bits) == 0) {
      i += sizeof(std::uint64_t);
      continue;
    }
    if (static_cast<std::uint8_t>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t size = read_utf8(text.substr(i)).size;
    if (size == 0) return false;
    i += size;
  }
  return true;
}

/// `text` with "?" for octets that are not UTF-8, which no parser lets through.
constexpr void make_utf8(char* text, std::size_t size) noexcept {
  if (is_utf8({text, size})) return;
  for (std::size_t i = 0; i < size;) {
    const std::size_t valid = read_utf8({text + i, size - i}).size;
    if (valid == 0) text[i] = '?';
    i += valid == 0 ? 1 : valid;
  }
}

}  // namespace tlsrpt::detail

#endif
