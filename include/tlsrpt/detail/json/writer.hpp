/// @file
/// Writes JSON, without whitespace or laid out for people. Knows no report.

#ifndef TLSRPT_HPP_DETAIL_JSON_WRITER
#define TLSRPT_HPP_DETAIL_JSON_WRITER

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>

namespace tlsrpt::detail {

/// What JSON does not allow inside a string as it is (RFC 8259, section 7).
inline constexpr charset escaped_json_octet = charset("\"\\") | charset::range(0x00, 0x1f);

/// Writes values in the order of the calls, with commas where they belong. The caller has to end
/// what it begins, and to give each member of an object a key.
template <class Out>
class json_writer {
 public:
  /// `is_pretty`: with line ends, indentation by two spaces, and a space after colons.
  explicit constexpr json_writer(Out& out, bool is_pretty = false) noexcept
      : out_(out), is_pretty_(is_pretty) {}

  constexpr void begin_object() noexcept(is_nothrow_output<Out>) { begin('{'); }
  constexpr void end_object() noexcept(is_nothrow_output<Out>) { end('}'); }
  constexpr void begin_array() noexcept(is_nothrow_output<Out>) { begin('['); }
  constexpr void end_array() noexcept(is_nothrow_output<Out>) { end(']'); }

  /// The name of the next value, which needs no escapes.
  constexpr void key(std::string_view name) noexcept(is_nothrow_output<Out>) {
    separate();
    put(out_, '"');
    put(out_, name);
    put(out_, is_pretty_ ? "\": " : "\":");
    place_ = place::after_key;
  }

  /// A string. Octets that are not UTF-8 are written as they are.
  constexpr void string(std::string_view text) noexcept(is_nothrow_output<Out>) {
    begin_string();
    add(text);
    end_string();
  }

  // A string in pieces.

  constexpr void begin_string() noexcept(is_nothrow_output<Out>) {
    separate();
    put(out_, '"');
  }
  constexpr void add(std::string_view text) noexcept(is_nothrow_output<Out>) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!escaped_json_octet(text[i])) continue;
      put(out_, text.substr(written, i - written));
      put_escape(text[i]);
      written = i + 1;
    }
    put(out_, text.substr(written));
  }
  constexpr void end_string() noexcept(is_nothrow_output<Out>) { put(out_, '"'); }

  constexpr void number(std::integral auto value) noexcept(is_nothrow_output<Out>) {
    separate();
    put_number(out_, value);
  }

 private:
  constexpr void begin(char bracket) noexcept(is_nothrow_output<Out>) {
    separate();
    put(out_, bracket);
    place_ = place::first;
    ++depth_;
  }
  constexpr void end(char bracket) noexcept(is_nothrow_output<Out>) {
    --depth_;
    if (place_ == place::later) begin_line();
    put(out_, bracket);
    place_ = place::later;
  }
  constexpr void separate() noexcept(is_nothrow_output<Out>) {
    if (place_ == place::later) put(out_, ',');
    if (place_ != place::after_key && depth_ != 0) begin_line();
    place_ = place::later;
  }
  constexpr void begin_line() noexcept(is_nothrow_output<Out>) {
    if (!is_pretty_) return;
    put(out_, '\n');
    for (std::size_t i = 0; i < depth_; ++i) put(out_, "  ");
  }
  constexpr void put_escape(char c) noexcept(is_nothrow_output<Out>) {
    constexpr std::string_view octets = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    put(out_, '\\');
    if (const std::size_t at = octets.find(c); at != std::string_view::npos) {
      put(out_, letters[at]);
    } else {
      put(out_, "u00");
      put_hex(out_, static_cast<std::uint8_t>(c));
    }
  }

  /// What comes before the next value or key.
  enum class place : std::uint8_t { first, after_key, later };

  Out& out_;
  bool is_pretty_;
  place place_ = place::first;
  std::size_t depth_ = 0;  ///< Objects and arrays that have begun and not ended.
};

}  // namespace tlsrpt::detail

#endif
