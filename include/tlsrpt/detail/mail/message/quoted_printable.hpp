/// @file
/// quoted-printable (RFC 2045, section 6.7).

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_QUOTED_PRINTABLE
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_QUOTED_PRINTABLE

#include <cstddef>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>

namespace tlsrpt::detail {

/// The size of the line end that `text` begins with: CR LF, LF or CR; 0 when it begins with none.
constexpr std::size_t line_end_size(std::string_view text) noexcept {
  if (text.starts_with("\r\n")) return 2;
  return text.starts_with('\n') || text.starts_with('\r') ? 1 : 0;
}

/// The size of the whitespace and the line end that `text` begins with; 0 when something else
/// follows the whitespace. At the end of the text there is a line end.
constexpr std::size_t blank_rest_size(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  const std::size_t end = line_end_size(text.substr(at));
  return end != 0 || at == text.size() ? at + end : 0;
}

/// Whether a line ends in "=", as only lines of quoted-printable do.
constexpr bool has_soft_line_break(std::string_view text) noexcept {
  for (std::size_t at = text.find('='); at != text.npos; at = text.find('=', at + 1))
    if (line_end_size(text.substr(at + 1)) != 0) return true;
  return false;
}

/// Decodes quoted-printable piece by piece. What follows "=" and is not two hexadecimal digits
/// stays as it is, and so do line ends, of every kind.
class quoted_printable_decoder {
 public:
  constexpr explicit quoted_printable_decoder(std::string_view text) noexcept : text_(text) {}

  /// A text of this size never has more octets.
  static constexpr std::size_t bound(std::size_t size) noexcept { return size; }

  /// Fills the room, and returns how many octets it wrote. They may overwrite the text where it has
  /// been read: `room` may begin where the text does.
  constexpr std::size_t read(std::span<char> room) noexcept {
    std::size_t size = 0;
    while (size < room.size() && at_ < text_.size()) {
      const char c = text_[at_++];
      if (c != '=') {
        room[size++] = c;
        continue;
      }
      const std::string_view rest = text_.substr(at_);
      const int high = rest.size() < 2 ? -1 : hex_value(rest[0]);
      const int low = rest.size() < 2 ? -1 : hex_value(rest[1]);
      if (high >= 0 && low >= 0) {
        room[size++] = static_cast<char>(high * 16 + low);
        at_ += 2;
      } else if (const std::size_t blank = blank_rest_size(rest); blank != 0 || rest.empty()) {
        at_ += blank;
      } else {
        room[size++] = c;
        is_clean_ = false;
      }
    }
    return size;
  }

  /// Whether all that was read is as RFC 2045 has it.
  constexpr bool is_clean() const noexcept { return is_clean_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool is_clean_ = true;
};

}  // namespace tlsrpt::detail

#endif
