/// @file
/// The lines of a message, which may end in CR LF, LF or CR, also in the same message.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_LINES
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_LINES

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// A line, without its end, and where the next one begins.
struct message_line {
  std::string_view text{};
  std::size_t next = 0;
  bool ends_in_cr = false;  ///< In CR alone.
};

/// The line that begins at `at`.
[[gnu::always_inline]] constexpr message_line line_at(std::string_view text,
                                                      std::size_t at) noexcept {
  const std::size_t end = find_line_end(text, at);
  const std::string_view line(text.data() + at, end - at);
  if (text.size() - end < 2) return {line, text.size(), end < text.size() && text[end] == '\r'};
  // With branches, which processors foresee within a mail: so they need not wait for this line to
  // begin with the next.
  if (text[end] != '\r') return {line, end + 1, false};
  if (text[end + 1] == '\n') return {line, end + 2, false};
  return {line, end + 1, true};
}

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

inline constexpr std::size_t longest_field_name = 76;

#if TLSRPT_HPP_HAS_OCTET_BLOCKS
/// A bit for each of the 16 octets at `text` that may be one of a name.
[[gnu::always_inline]] inline std::uint32_t name_bits(const char* text) noexcept {
  const octet_block octets = load_block(text);
  return bits_of(octet_block((((octets | 0x20) - 'a') < 26) | ((octets - '0') < 10) |
                             (octets == '-') | (octets == '_') | (octets == '.')));
}

/// How many of the first 32 octets of a line may be those of a name.
[[gnu::always_inline]] inline std::size_t name_size_in_blocks(const char* line) noexcept {
  return static_cast<std::size_t>(std::countr_one(name_bits(line) | name_bits(line + 16) << 16));
}
#endif

/// The size of what may be the name of a field that a line begins with; longer than any of them in
/// a line that begins with more.
constexpr std::size_t field_name_size(std::string_view line) noexcept {
  line = line.substr(0, longest_field_name + 1);
  std::size_t size = 0;
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  if (!std::is_constant_evaluated() && line.size() >= 16) {
    size = static_cast<std::size_t>(std::countr_one(name_bits(line.data())));
    if (size != 16) return size;
  }
#endif
  while (size < line.size() && usual_field_name_octet(line[size])) ++size;
  return size;
}

/// A name may have more octets (RFC 5322, section 2.2), but then JSON texts would begin with one.
constexpr field_start find_field_start(std::string_view line) noexcept {
  const std::size_t size = field_name_size(line);
  if (size == 0 || size > longest_field_name) return {};
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
      at += line_at(rest, 0).next;
    } else {
      return at;
    }
  }
}

}  // namespace tlsrpt::detail

#endif
