/// @file
/// Text that can be shown: what steers a terminal or deceives the eye is written as an escape.

#ifndef TLSRPT_HPP_DETAIL_WRITE_PRINTABLE
#define TLSRPT_HPP_DETAIL_WRITE_PRINTABLE

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt::detail {

/// Whether a character steers a terminal or deceives the eye: controls, bidirectional controls,
/// line separators, noncharacters, and whatever takes no room. Letters that look like others are
/// left: domains in reports are A-labels, in which there are none; the reader remarks on U-labels.
constexpr bool is_treacherous(std::uint32_t code_point) noexcept {
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
  if (code_point >= 0x20 && code_point < 0x7f) return false;
  for (const range& r : ranges)
    if (code_point >= r.first && code_point <= r.last) return true;
  return (code_point & 0xfffe) == 0xfffe;  // the noncharacters at the end of each plane
}

/// Gives a text in pieces: runs of characters that can be shown as they are, and single ones that
/// cannot, with what is written instead.
class printable_pieces {
 public:
  explicit constexpr printable_pieces(std::string_view text,
                                      std::size_t max_characters = std::string_view::npos) noexcept
      : rest_(text), characters_left_(max_characters) {}

  /// Finds the next piece. False when there is none. The piece lives until the next call.
  constexpr bool next(std::string_view& piece) noexcept {
    if (rest_.empty()) return false;
    escape_ = {};
    if (characters_left_ == 0) {
      escape_.append(" [");
      put_number(escape_, rest_.size());
      escape_.append(" more octets]");
      rest_ = {};
      piece = escape_;
      return true;
    }
    if (const std::size_t shown = take_shown(); shown != 0) {
      piece = rest_.substr(0, shown);
      rest_.remove_prefix(shown);
      return true;
    }
    --characters_left_;
    escape_first();
    piece = escape_;
    return true;
  }

  /// Whether the last piece is not a part of the text.
  constexpr bool is_escape() const noexcept { return !escape_.empty(); }

 private:
  /// How many octets can be shown as they are; counts their characters.
  constexpr std::size_t take_shown() noexcept {
    std::size_t shown = 0;
    while (shown < rest_.size() && characters_left_ != 0) {
      const utf8_character first = read_utf8(rest_.substr(shown));
      if (first.size == 0 || is_treacherous(first.code_point)) break;
      shown += first.size;
      --characters_left_;
    }
    return shown;
  }

  /// Removes the first character, or the first octet when it begins no character.
  constexpr void escape_first() noexcept {
    const utf8_character first = read_utf8(rest_);
    if (first.size <= 1) {
      escape_octet(rest_.front());
    } else {
      escape_.append("\\u{");
      int shift = 20;
      while (first.code_point >> shift == 0) shift -= 4;
      for (; shift >= 0; shift -= 4) put_hex_digit(escape_, first.code_point >> shift);
      escape_.append("}");
    }
    rest_.remove_prefix(first.size == 0 ? 1 : first.size);
  }

  constexpr void escape_octet(char octet) noexcept {
    switch (octet) {
      case '\n':
        return escape_.append("\\n");
      case '\r':
        return escape_.append("\\r");
      case '\t':
        return escape_.append("\\t");
      default:
        escape_.append("\\x");
        put_hex(escape_, static_cast<std::uint8_t>(octet));
    }
  }

  std::string_view rest_;
  std::size_t characters_left_;
  short_text<40> escape_{};
};

}  // namespace tlsrpt::detail

#endif
