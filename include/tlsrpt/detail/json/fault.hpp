/// @file
/// Finds the first fault of a JSON text, octet by octet. Only used when a text was refused: the
/// walk over the structural index says that something is wrong, this says what and where.

#ifndef TLSRPT_HPP_DETAIL_JSON_FAULT
#define TLSRPT_HPP_DETAIL_JSON_FAULT

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

/// The first octet that cannot be right, or, with code errc::ok, the end of the first JSON value.
struct json_fault {
  errc code = errc::ok;
  std::size_t offset = 0;
};

class json_fault_finder {
 public:
  constexpr json_fault_finder(std::string_view text, std::uint32_t max_depth) noexcept
      : text_(text), max_depth_(max_depth) {}

  /// Reads one JSON value. Linear in the text; max_depth is at most 32.
  constexpr json_fault find() noexcept {
    skip_blanks();
    if (at_end()) return {errc::empty_input, 0};
    std::uint32_t objects = 0;  // a bit per open container, the innermost lowest; set for objects
    std::uint32_t depth = 0;
    bool value_is_due = true;  // else a value has just ended
    for (;;) {
      skip_blanks();
      if (!value_is_due && depth == 0) return {errc::ok, value_end_};
      if (at_end()) return {errc::json_truncated, text_.size()};
      const bool in_object = depth != 0 && (objects & 1) != 0;
      if (value_is_due) {
        const char c = text_[at_];
        if (c == '{' || c == '[') {
          if (depth == max_depth_) return {errc::too_deep, at_};
          ++depth;
          objects = objects << 1 | (c == '{' ? 1u : 0u);
          ++at_;
          skip_blanks();
          if (!at_end() && text_[at_] == (c == '{' ? '}' : ']')) {
            close(objects, depth);
            value_is_due = false;
          } else if (c == '{' && !member_name()) {
            return fault_;
          }
          continue;
        }
        if (!scalar()) return fault_;
        value_end_ = at_;
        value_is_due = false;
      } else if (text_[at_] == ',') {
        ++at_;
        skip_blanks();
        if (!at_end() && (text_[at_] == '}' || text_[at_] == ']'))
          return {errc::json_trailing_comma, at_};
        if (in_object && !member_name()) return fault_;
        value_is_due = true;
      } else if (text_[at_] == (in_object ? '}' : ']')) {
        close(objects, depth);
      } else {
        return {errc::json_expected_comma, at_};
      }
    }
  }

 private:
  constexpr bool at_end() const noexcept { return at_ >= text_.size(); }

  constexpr void skip_blanks() noexcept {
    while (!at_end() && is_json_blank(text_[at_])) ++at_;
  }

  constexpr void close(std::uint32_t& objects, std::uint32_t& depth) noexcept {
    ++at_;
    objects >>= 1;
    --depth;
    value_end_ = at_;
  }

  /// False, and fault_ is set: with json_truncated when the text ends here.
  constexpr bool fail(errc code) noexcept {
    fault_ = at_end() ? json_fault{errc::json_truncated, text_.size()} : json_fault{code, at_};
    return false;
  }

  /// A member name and its colon.
  constexpr bool member_name() noexcept {
    skip_blanks();
    if (at_end() || text_[at_] != '"') return fail(errc::json_expected_name);
    if (!string()) return false;
    skip_blanks();
    if (at_end() || text_[at_] != ':') return fail(errc::json_expected_colon);
    ++at_;
    return true;
  }

  constexpr bool scalar() noexcept {
    switch (text_[at_]) {
      case '"':
        return string();
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        break;
    }
    if (text_[at_] != '-' && !is_digit(text_[at_])) return fail(errc::json_expected_value);
    const number_scan number = scan_number(text_.substr(at_));
    at_ += number.size;
    return number.complete || fail(errc::json_invalid_number);
  }

  constexpr bool literal(std::string_view word) noexcept {
    for (char c : word) {
      if (at_end() || text_[at_] != c) return fail(errc::json_invalid_literal);
      ++at_;
    }
    return true;
  }

  /// Whether an octet of a string may be more than itself.
  static constexpr bool is_special(char c) noexcept {
    const auto octet = static_cast<std::uint8_t>(c);
    return octet < 0x20 || octet >= 0x80 || c == '"' || c == '\\';
  }

  constexpr bool string() noexcept {
    for (++at_;;) {
      at_ += until(text_.substr(at_), is_special).size();
      if (at_end()) return fail(errc::json_truncated);
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<std::uint8_t>(c) < 0x20) return fail(errc::json_control_character);
      if (c == '\\') {
        // The escape and at most five octets after it.
        const std::size_t size = at_ + 1 < text_.size() && text_[at_ + 1] == 'u' ? 6 : 2;
        const std::size_t bad = find_bad_escape(text_.substr(at_, size));
        if (bad != std::string_view::npos) {
          at_ += bad;
          return fail(errc::json_invalid_escape);
        }
        at_ += size;
        continue;
      }
      const std::size_t size = read_utf8(text_.substr(at_)).size;
      if (size == 0) {
        const std::string_view rest = text_.substr(at_);
        fault_ = is_cut_utf8(rest) ? json_fault{errc::json_truncated, text_.size()}
                                   : json_fault{errc::invalid_utf8, at_};
        return false;
      }
      at_ += size;
    }
  }

  std::string_view text_;
  std::uint32_t max_depth_;
  std::size_t at_ = 0;
  std::size_t value_end_ = 0;
  json_fault fault_{};
};

}  // namespace tlsrpt::detail

#endif
