#include "json_writer.hpp"

#include <array>
#include <cstdint>

namespace cli {

namespace {

/// The octets that stand for themselves in a string.
constexpr auto is_plain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t octet = 0x20; octet < 0x7f; ++octet)
    plain[octet] = octet != '"' && octet != '\\';
  return plain;
}();

/// How many octets a text begins with that stand for themselves. Most are looked at in blocks,
/// without a branch for each.
std::size_t plain_size(std::string_view text) {
  constexpr std::size_t block_size = 16;
  std::size_t size = 0;
  for (; text.size() - size >= block_size; size += block_size) {
    unsigned char others = 0;
    for (std::size_t i = 0; i < block_size; ++i) {
      const auto octet = static_cast<unsigned char>(text[size + i]);
      others |= static_cast<unsigned char>((octet < 0x20) | (octet >= 0x7f) | (octet == '"') |
                                           (octet == '\\'));
    }
    if (others != 0) break;
  }
  while (size < text.size() && is_plain[static_cast<std::uint8_t>(text[size])]) ++size;
  return size;
}

/// A character, and how many octets it has.
struct character {
  std::uint32_t code_point;
  std::size_t size;
};

/// The first character of a text in UTF-8 that is not empty: where it has none, U+FFFD for all that
/// could have begun one.
character first_character(std::string_view text) {
  const auto octet = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  constexpr std::uint32_t replacement = 0xfffd;
  const std::uint32_t lead = octet(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xc2 || lead > 0xf4) return {replacement, 1};
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // What may come second: no overlong forms, no surrogates, nothing above U+10FFFF.
  std::uint32_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  std::uint32_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  std::uint32_t code_point = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (i == text.size() || octet(i) < low || octet(i) > high) return {replacement, i};
    code_point = code_point << 6 | (octet(i) & 0x3fu);
    low = 0x80;
    high = 0xbf;
  }
  return {code_point, size};
}

void add_unit(std::string& text, std::uint32_t unit) {
  constexpr char digits[] = "0123456789abcdef";
  text += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[unit >> shift & 0xf];
}

void add_escape(std::string& text, std::uint32_t code_point) {
  constexpr std::string_view octets = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  const std::size_t at =
      code_point < 0x80 ? octets.find(static_cast<char>(code_point)) : octets.npos;
  if (at != octets.npos) {
    (text += '\\') += letters[at];
  } else if (code_point < 0x10000) {
    add_unit(text, code_point);
  } else {
    add_unit(text, 0xd800 + ((code_point - 0x10000) >> 10));
    add_unit(text, 0xdc00 + (code_point & 0x3ff));
  }
}

}  // namespace

void json_writer::value(std::string_view text) {
  text_ += needs_comma() ? ",\"" : "\"";
  while (!text.empty()) {
    const std::size_t plain = plain_size(text);
    text_ += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const character next = first_character(text);
    add_escape(text_, next.code_point);
    text.remove_prefix(next.size);
  }
  text_ += '"';
}

}  // namespace cli
