/// @file
/// The lines of a message, which may end in CR LF, LF or CR, also in the same message.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_LINES
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_LINES

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt::detail {

/// A line, without its end, and where the next one begins.
struct message_line {
  std::string_view text{};
  std::size_t next = 0;
  bool ends_in_cr = false;  ///< In CR alone.
};

/// Finds line after line. Linear in the whole text for places that ascend, whatever ends its lines
/// have.
class line_finder {
 public:
  constexpr line_finder() = default;
  constexpr explicit line_finder(std::string_view text) noexcept : text_(text) {}

  /// The line that begins at `at`.
  constexpr message_line line_at(std::size_t at) noexcept {
    if (!knows_line_feed_ || line_feed_ < at) {
      line_feed_ = std::min(text_.find('\n', at), text_.size());
      knows_line_feed_ = true;
    }
    const std::string_view line = text_.substr(at, line_feed_ - at);
    const std::size_t cr = line.find('\r');
    if (cr == line.npos) return {line, std::min(line_feed_ + 1, text_.size())};
    if (cr + 1 == line.size() && line_feed_ < text_.size())
      return {line.substr(0, cr), line_feed_ + 1};
    return {line.substr(0, cr), at + cr + 1, true};
  }

 private:
  std::string_view text_{};
  std::size_t line_feed_ = 0;  ///< The first at or after the line that was found last.
  bool knows_line_feed_ = false;
};

/// `text` without the line end that it ends in.
constexpr std::string_view without_line_end(std::string_view text) noexcept {
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
  } else if (text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  return text;
}

inline constexpr charset usual_field_name_octet = alphanumeric_octet | charset("-_.");

/// How a line begins a header field.
struct field_start {
  std::size_t name = 0;   ///< The size of the name; 0 when the line begins no field.
  std::size_t value = 0;  ///< Where the value begins.
};

/// A name may have more octets (RFC 5322, section 2.2), but then JSON texts would begin with one.
constexpr field_start find_field_start(std::string_view line) noexcept {
  constexpr std::size_t longest = 76;
  std::size_t size = 0;
  while (size < line.size() && size <= longest && usual_field_name_octet(line[size])) ++size;
  if (size == 0 || size > longest) return {};
  std::size_t colon = size;
  while (colon < line.size() && wsp_octet(line[colon])) ++colon;
  if (colon == line.size() || line[colon] != ':') return {};
  return {size, colon + 1};
}

constexpr bool is_header_field(std::string_view line) noexcept {
  return find_field_start(line).name != 0;
}

/// Whether a line may be a delimiter of a multipart.
constexpr bool begins_with_dashes(std::string_view line) noexcept {
  return line.size() >= 2 && line[0] == '-' && line[1] == '-';
}

/// Whether a line continues the header field of the line before.
constexpr bool is_continuation(std::string_view line) noexcept {
  return !line.empty() && wsp_octet(line.front());
}

/// Where the header of a mail begins that has something before it: a byte order mark, empty lines,
/// and the "From " lines of an mbox, also quoted ones.
constexpr std::size_t preface_size(std::string_view mail) noexcept {
  std::size_t at = mail.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  for (;;) {
    const std::string_view rest = mail.substr(at);
    if (rest.starts_with('\n') || rest.starts_with('\r')) {
      ++at;
    } else if (rest.starts_with("From ") || rest.starts_with(">From ")) {
      at += line_finder(rest).line_at(0).next;
    } else {
      return at;
    }
  }
}

}  // namespace tlsrpt::detail

#endif
