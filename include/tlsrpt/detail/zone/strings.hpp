/// @file
/// Character-strings in the form of zone files (RFC 1035, section 5.1).

#ifndef TLSRPT_HPP_DETAIL_ZONE_STRINGS
#define TLSRPT_HPP_DETAIL_ZONE_STRINGS

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/core/remark.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// Hands out the octets of the strings of one record, which ends with its line, outside
/// parentheses.
class zone_strings {
 public:
  /// With `continues`, lines that begin with a quotation mark, after whitespace, belong to it.
  explicit constexpr zone_strings(std::string_view text, bool continues = false) noexcept
      : text_(text), continues_(continues) {}

  /// False at the end of the record.
  constexpr bool next(char& octet) noexcept {
    for (;;) {
      if (is_quoted_) {
        if (is_line_end()) {
          note(errc::zone_unclosed_string, opened_);
          is_quoted_ = false;
        } else if (text_[at_] == '"') {
          is_quoted_ = false;
          ++at_;
        } else {
          return take(octet);
        }
      } else if (!skip_to_string()) {
        return false;
      } else if (text_[at_] == '"') {
        is_quoted_ = has_string_ = true;
        is_in_word_ = false;
        opened_ = at_++;
      } else {
        is_in_word_ = true;
        return take(octet);
      }
    }
  }

  /// Octets of the text that have been read; what ends the last line is not among them.
  constexpr std::size_t size() const noexcept { return at_; }

  /// The first fault; errc::ok for none.
  constexpr const remark& fault() const noexcept { return fault_; }

 private:
  constexpr void note(errc code, std::size_t offset) noexcept {
    if (fault_.code == errc::ok) fault_ = {code, offset};
  }

  /// Whether the line, or the text, ends here, outside or inside a string.
  constexpr bool is_line_end() const noexcept {
    const std::size_t after_cr = at_ + (text_.substr(at_).starts_with('\r') ? 1 : 0);
    return after_cr == text_.size() || text_[after_cr] == '\n';
  }

  constexpr void skip_line() noexcept {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  /// Goes over what is between strings. False at the end of the record.
  constexpr bool skip_to_string() noexcept {
    for (; at_ < text_.size(); is_in_word_ = false) {
      const char c = text_[at_];
      // resolvectl has a remark of its own after the strings.
      const bool is_remark = has_string_ && !is_in_word_ && text_.substr(at_).starts_with("--");
      if (c == ';' || is_remark) {
        skip_line();
      } else if (c == '\n') {
        if (depth_ == 0 && !skip_to_next_line()) return false;
        if (depth_ != 0) ++at_;
      } else if (c == '(') {
        if (depth_++ == 0) parenthesis_ = at_;
        ++at_;
      } else if (c == ')' && depth_ != 0) {
        --depth_;
        ++at_;
      } else if (wsp_octet(c) || c == '\r') {
        ++at_;
      } else {
        return true;
      }
    }
    if (depth_ != 0) note(errc::zone_unclosed_parenthesis, parenthesis_);
    return false;
  }

  /// Goes to the string that the next line with content begins with, if there may be one.
  constexpr bool skip_to_next_line() noexcept {
    if (!continues_) return false;
    const std::string_view rest = trim_front(text_.substr(at_), whitespace_octet);
    if (!rest.starts_with('"')) return false;
    at_ = text_.size() - rest.size();
    return true;
  }

  /// Takes one octet of a string, perhaps an escaped one. A backslash that escapes nothing is
  /// taken as it is.
  constexpr bool take(char& octet) noexcept {
    octet = text_[at_++];
    if (octet != '\\') return true;
    const std::string_view rest = text_.substr(at_);
    const auto value = read_number<unsigned char>(rest.substr(0, 3));
    if (rest.size() >= 3 && value) {
      octet = static_cast<char>(*value);
      at_ += 3;
    } else if (!is_line_end() && !digit_octet(rest[0])) {
      octet = rest[0];
      ++at_;
    } else {
      note(errc::zone_escape, at_ - 1);
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0, depth_ = 0;
  std::size_t opened_ = 0, parenthesis_ = 0;  ///< Where the last was opened.
  bool continues_;
  bool is_quoted_ = false, is_in_word_ = false, has_string_ = false;
  remark fault_{};
};

}  // namespace tlsrpt::detail

#endif
