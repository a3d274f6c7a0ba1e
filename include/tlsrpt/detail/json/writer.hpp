/// @file
/// Writes JSON without whitespace. Knows no report.

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
  explicit constexpr json_writer(Out& out) noexcept : out_(out) {}

  constexpr void begin_object() noexcept(is_nothrow_output<Out>) { begin('{'); }
  constexpr void end_object() noexcept(is_nothrow_output<Out>) { end('}'); }
  constexpr void begin_array() noexcept(is_nothrow_output<Out>) { begin('['); }
  constexpr void end_array() noexcept(is_nothrow_output<Out>) { end(']'); }

  /// The name of the next value, which needs no escapes.
  constexpr void key(std::string_view name) noexcept(is_nothrow_output<Out>) {
    separate();
    put(out_, '"');
    put(out_, name);
    put(out_, "\":");
    is_first_ = true;
  }

  /// A string. Octets that are not UTF-8 are written as they are.
  constexpr void string(std::string_view text) noexcept(is_nothrow_output<Out>) {
    separate();
    put(out_, '"');
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!escaped_json_octet(text[i])) continue;
      put(out_, text.substr(written, i - written));
      put_escape(text[i]);
      written = i + 1;
    }
    put(out_, text.substr(written));
    put(out_, '"');
  }

  constexpr void number(std::integral auto value) noexcept(is_nothrow_output<Out>) {
    separate();
    put_number(out_, value);
  }

 private:
  constexpr void begin(char bracket) noexcept(is_nothrow_output<Out>) {
    separate();
    put(out_, bracket);
    is_first_ = true;
  }
  constexpr void end(char bracket) noexcept(is_nothrow_output<Out>) {
    put(out_, bracket);
    is_first_ = false;
  }
  constexpr void separate() noexcept(is_nothrow_output<Out>) {
    if (!is_first_) put(out_, ',');
    is_first_ = false;
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

  Out& out_;
  bool is_first_ = true;  ///< Whether no comma belongs before the next value.
};

}  // namespace tlsrpt::detail

#endif
