/// @file
/// base64 (RFC 2045, section 6.8) in every form in which mails bring it.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_BASE64
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_BASE64

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/mail/message/base64_blocks.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

inline constexpr charset base64_octet = alphanumeric_octet | charset("+/-_");

/// Set in the values of the two octets that only the alphabet for URLs has (RFC 4648, section 5).
inline constexpr std::uint8_t base64_url_value = 0x40;
/// The value of octets that are in neither alphabet.
inline constexpr std::uint8_t no_base64_value = 0x80;

inline constexpr std::array<std::uint8_t, 256> base64_values = [] {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = no_base64_value;
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  values['-'] = 62 | base64_url_value;
  values['_'] = 63 | base64_url_value;
  return values;
}();

constexpr std::uint32_t base64_value(char c) noexcept {
  return base64_values[static_cast<std::uint8_t>(c)];
}

/// The bits of octets that are not in the usual alphabet, in groups.
inline constexpr std::uint32_t no_base64_group = 0xff00'0000;

/// What each octet adds, by its place among four, to the three octets that these stand for, of
/// which the first is in the lowest bits.
inline constexpr std::array<std::array<std::uint32_t, 256>, 4> base64_group_values = [] {
  std::array<std::array<std::uint32_t, 256>, 4> values{};
  for (std::size_t place = 0; place < 4; ++place)
    for (std::size_t octet = 0; octet < 256; ++octet) {
      const std::uint32_t bits = std::uint32_t{base64_values[octet]} << (18 - 6 * place);
      values[place][octet] = base64_values[octet] < base64_url_value
                                 ? bits >> 16 | (bits & 0xff00) | (bits & 0xff) << 16
                                 : no_base64_group;
    }
  return values;
}();

/// What the first four octets of `text` stand for.
constexpr std::uint32_t base64_group(const char* text) noexcept {
  const auto value = [text](std::size_t place) {
    return base64_group_values[place][static_cast<std::uint8_t>(text[place])];
  };
  return value(0) | value(1) | value(2) | value(3);
}

inline constexpr charset base64_line_octet = base64_octet | charset("=");
inline constexpr charset ruler_octet = charset("-_+/=");

/// Whether a line may be base64: it has nothing else, and not only what rulers are made of.
constexpr bool is_base64_line(std::string_view line) noexcept {
  line = trim_back(line, whitespace_octet);
  return consists_of(line, base64_line_octet) && !consists_of(line, ruler_octet);
}

/// Whether a text may be base64: its first line is, and is not short.
constexpr bool begins_like_base64(std::string_view text) noexcept {
  constexpr std::size_t shortest = 16;
  text = trim_front(text, whitespace_octet);
  std::size_t size = 0;
  while (size < text.size() && base64_octet(text[size])) ++size;
  return size >= shortest &&
         (size == text.size() || whitespace_octet(text[size]) || text[size] == '=');
}

/// Decodes base64 piece by piece. Whitespace is skipped, padding may be missing, several texts may
/// follow each other. Foreign octets are skipped, too, but after padding all is left out from the
/// first line on that is no base64: gateways write there.
class base64_decoder {
 public:
  constexpr explicit base64_decoder(std::string_view text) noexcept : text_(text) {}

  /// A text of this size never has more octets.
  static constexpr std::size_t bound(std::size_t size) noexcept { return size / 4 * 3 + 3; }

  /// Fills the room, but for two octets at most, and returns how many octets it wrote. They may
  /// overwrite the text where it has been read: `room` may begin where the text does.
  constexpr std::size_t read(std::span<char> room) noexcept {
    char* out = room.data();
    char* const last = out + room.size() - std::min<std::size_t>(room.size(), 2);
    while (out < last) {
      if (digits_ == 0 && !is_after_padding_) out = read_groups(out, last);
      if (out >= last) break;
      if (at_ == text_.size()) {
        if (digits_ != 0) is_clean_ = false;
        out = finish_group(out);
        break;
      }
      out = read_octet(text_[at_], out);
    }
    return static_cast<std::size_t>(out - room.data());
  }

  /// Whether all that was read is as RFC 2045 has it.
  constexpr bool is_clean() const noexcept { return is_clean_; }

 private:
  /// The usual case: octets of the usual alphabet, 32 or eight at a time, and the last four.
  constexpr char* read_groups(char* out, const char* last) noexcept {
    const char* in = text_.data() + at_;
#if TLSRPT_HPP_HAS_WIDE_BLOCKS
    if (!std::is_constant_evaluated() && has_wide_blocks()) {
      // Two octets of the room are after `last`.
      const auto [read, written] =
          decode_base64_blocks(in, text_.data() + text_.size(), out, last + 2);
      in = read;
      out = written;
      at_ = static_cast<std::size_t>(in - text_.data());
    }
#endif
    // Six octets are written as a word, together with two that the next ones overwrite.
    const auto words = static_cast<std::size_t>(last - out) / 6;
    for (std::size_t left = std::min((text_.size() - at_) / 8, words); left != 0; --left) {
      const std::uint32_t first = base64_group(in), second = base64_group(in + 4);
      if (((first | second) & no_base64_group) != 0) break;
      store_word(out, first | std::uint64_t{second} << 24);
      in += 8;
      out += 6;
    }
    at_ = static_cast<std::size_t>(in - text_.data());
    if (text_.size() - at_ < 4 || out >= last) return out;
    const std::uint32_t group = base64_group(in);
    if ((group & no_base64_group) != 0) return out;
    for (int i = 0; i < 3; ++i) *out++ = static_cast<char>(group >> 8 * i & 0xff);
    at_ += 4;
    return out;
  }

  constexpr char* read_octet(char c, char* out) noexcept {
    if (c == '=') {
      ++at_;
      is_after_padding_ = true;
      return finish_group(out);
    }
    if (whitespace_octet(c)) {
      ++at_;
      return out;
    }
    if (is_after_padding_) {
      is_clean_ = false;
      if (!is_base64_after_padding()) {
        at_ = text_.size();
        return out;
      }
      is_after_padding_ = false;
    }
    ++at_;
    const std::uint32_t value = base64_value(c);
    if (value >= base64_url_value) is_clean_ = false;
    if (value == no_base64_value) return out;
    bits_ = bits_ << 6 | (value & (base64_url_value - 1u));
    return ++digits_ == 4 ? finish_group(out) : out;
  }

  /// Looks at each line once, however often there is padding in it.
  constexpr bool is_base64_after_padding() noexcept {
    if (at_ < line_end_) return true;
    line_end_ = at_;
    while (line_end_ < text_.size() && text_[line_end_] != '\n' && text_[line_end_] != '\r')
      ++line_end_;
    return is_base64_line(text_.substr(at_, line_end_ - at_));
  }

  constexpr char* finish_group(char* out) noexcept {
    const unsigned octets = digits_ * 6 / 8;
    out = put_octets(out, bits_ << (24 - digits_ * 6), octets);
    bits_ = 0;
    digits_ = 0;
    return out;
  }

  static constexpr char* put_octets(char* out, std::uint32_t bits, unsigned count) noexcept {
    for (unsigned i = 0; i < count; ++i) *out++ = static_cast<char>(bits >> (16 - 8 * i) & 0xff);
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_end_ = 0;  ///< Before it, what follows padding is known to be base64.
  std::uint32_t bits_ = 0;
  unsigned digits_ = 0;  ///< In `bits_`.
  bool is_after_padding_ = false;
  bool is_clean_ = true;
};

}  // namespace tlsrpt::detail

#endif
