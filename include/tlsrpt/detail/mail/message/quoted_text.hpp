/// @file
/// Reports in texts for people: pasted, quoted with ">", wrapped by whoever sent them.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_QUOTED_TEXT
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_QUOTED_TEXT

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>

namespace tlsrpt::detail {

inline constexpr charset quoting_octet = whitespace_octet | charset(">");

/// Looks for the beginning of a JSON object in a text that comes piece by piece: a line whose first
/// octet, quoting aside, is "{", and a quotation mark or "}" after it.
class object_finder {
 public:
  /// Whether the object has begun, in this piece or partly before it; to be called until it has.
  constexpr bool take(std::string_view text) noexcept {
    for (char c : text)
      if (take(c)) return true;
    return false;
  }

  /// Where "{" was.
  constexpr std::size_t begin() const noexcept { return begin_; }
  /// How many ">" preceded it.
  constexpr std::size_t depth() const noexcept { return depth_; }

 private:
  enum class state : std::uint8_t { quoting, words, brace };

  /// Whether this octet shows that the object has begun.
  constexpr bool take(char c) noexcept {
    switch (state_) {
      case state::quoting:
        if (c == '\n' || c == '\r') {
          depth_ = 0;
        } else if (c == '>') {
          ++depth_;
        } else if (c == '{') {
          begin_ = at_;
          state_ = state::brace;
        } else if (!quoting_octet(c)) {
          state_ = state::words;
        }
        break;
      case state::words:
        if (c == '\n' || c == '\r') {
          depth_ = 0;
          state_ = state::quoting;
        }
        break;
      case state::brace:
        if (c == '"' || c == '}') return true;
        if (!quoting_octet(c)) state_ = state::words;
        break;
    }
    ++at_;
    return false;
  }

  state state_ = state::quoting;
  std::size_t at_ = 0, begin_ = 0, depth_ = 0;
};

/// Takes the quoting off a text that begins with an object, `depth` marks from each line, in place:
/// the size of what is left. Line ends inside a JSON string are of the mail, not of the report, and
/// go, too.
constexpr std::size_t take_quoting_off(std::span<char> text, std::size_t depth) noexcept {
  std::size_t size = 0;
  bool in_string = false, is_escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r') {
      if (!in_string) text[size++] = c;
      for (std::size_t marks = 0; marks < depth && i + 1 < text.size() && text[i + 1] == '>';
           ++marks)
        i += i + 2 < text.size() && text[i + 2] == ' ' ? 2 : 1;
      continue;
    }
    if (is_escaped)
      is_escaped = false;
    else if (c == '\\')
      is_escaped = in_string;
    else if (c == '"')
      in_string = !in_string;
    text[size++] = c;
  }
  return size;
}

}  // namespace tlsrpt::detail

#endif
