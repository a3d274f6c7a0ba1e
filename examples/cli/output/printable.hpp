/// @file
/// Makes untrusted text fit for a terminal.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_PRINTABLE
#define TLSRPT_EXAMPLES_CLI_OUTPUT_PRINTABLE

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cli {

/// One code point at the start of a text, or one octet that belongs to none.
struct code_point {
  std::uint32_t value = 0;
  std::size_t size = 1;
  bool valid = false;
};

/// The first code point of `text`, which is not empty. Overlong forms, surrogates and cut sequences
/// are not valid.
constexpr code_point first_code_point(std::string_view text) noexcept {
  const auto octet = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = octet(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (size == 0 || text.size() < size) return {lead, 1, false};
  std::uint32_t value = lead & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xc0) != 0x80) return {lead, 1, false};
    value = value << 6 | (octet(i) & 0x3fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return {lead, 1, false};
  return {value, size, true};
}

/// Whether a code point steers a terminal or deceives the eye: controls, bidirectional controls,
/// line separators, noncharacters, and whatever takes no room. Letters that look like others are
/// left: domains in reports are A-labels, in which there are none; the reader remarks on U-labels.
constexpr bool is_treacherous(std::uint32_t c) noexcept {
  struct range {
    std::uint32_t first, last;
  };
  constexpr range ranges[] = {
      {0x0000, 0x001f},    // C0
      {0x007f, 0x009f},    // DEL and C1
      {0x00ad, 0x00ad},    // soft hyphen
      {0x034f, 0x034f},    // combining grapheme joiner
      {0x061c, 0x061c},    // Arabic letter mark
      {0x115f, 0x1160},    // Hangul fillers
      {0x17b4, 0x17b5},    // Khmer inherent vowels
      {0x180b, 0x180f},    // Mongolian selectors
      {0x200b, 0x200f},    // zero width, direction marks
      {0x2028, 0x202e},    // separators, embeddings, overrides
      {0x2060, 0x206f},    // word joiner, isolates, deprecated controls
      {0x3164, 0x3164},    // Hangul filler
      {0xfdd0, 0xfdef},    // noncharacters
      {0xfe00, 0xfe0f},    // variation selectors
      {0xfeff, 0xfeff},    // byte order mark
      {0xffa0, 0xffa0},    // halfwidth Hangul filler
      {0xfff0, 0xfffb},    // interlinear annotation
      {0x13430, 0x1343f},  // hieroglyph format controls
      {0x1bca0, 0x1bca3},  // shorthand controls
      {0x1d173, 0x1d17a},  // musical controls
      {0xe0000, 0xe0fff},  // tags, more variation selectors
  };
  for (const range& r : ranges)
    if (c >= r.first && c <= r.last) return true;
  return (c & 0xfffe) == 0xfffe;  // the noncharacters at the end of each plane
}

/// How many characters of a string are shown; reason codes and identifiers may have any length.
inline constexpr std::size_t shown_characters = 400;

/// `text` with everything that is_treacherous() or is not UTF-8 written as an escape such as "\x1b"
/// or "\u{202e}". What is longer than `max_characters` characters is cut, and it says how much.
inline std::string printable(std::string_view text, std::size_t max_characters = shown_characters) {
  constexpr char digits[] = "0123456789abcdef";
  std::string shown;
  for (std::size_t characters = 0; !text.empty(); ++characters) {
    if (characters == max_characters) {
      shown += " [" + std::to_string(text.size()) + " more octets]";
      break;
    }
    const code_point c = first_code_point(text);
    if (c.valid && !is_treacherous(c.value)) {
      shown += text.substr(0, c.size);
    } else if (c.value == '\n' || c.value == '\r' || c.value == '\t') {
      shown += {'\\', c.value == '\n' ? 'n' : c.value == '\r' ? 'r' : 't'};
    } else if (c.value < 0x100 && (!c.valid || c.value < 0x80)) {
      shown += {'\\', 'x', digits[c.value >> 4], digits[c.value & 15]};
    } else {
      shown += "\\u{";
      int shift = 20;
      while (c.value >> shift == 0) shift -= 4;
      for (; shift >= 0; shift -= 4) shown += digits[c.value >> shift & 15];
      shown += '}';
    }
    text.remove_prefix(c.size);
  }
  return shown;
}

/// At most `max_bytes` octets of `text`, without cutting a UTF-8 sequence in two.
constexpr std::string_view cut(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  std::size_t size = max_bytes;
  while (size > 0 && max_bytes - size < 3 && (static_cast<std::uint8_t>(text[size]) & 0xc0) == 0x80)
    --size;
  return text.substr(0, size);
}

/// Columns that a printable() text takes, when no character is wide.
constexpr std::size_t columns(std::string_view text) noexcept {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<std::uint8_t>(c) & 0xc0) != 0x80;
  return count;
}

}  // namespace cli

#endif
