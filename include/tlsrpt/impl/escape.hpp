/// @file
/// Bodies of escape.hpp.

#ifndef TLSRPT_HPP_IMPL_ESCAPE
#define TLSRPT_HPP_IMPL_ESCAPE

#include <array>
#include <cstdint>

#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/write/printable.hpp>
#include <tlsrpt/detail/text/sha256.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt {

namespace detail {

/// Adds a text in which `replacement(octet)` stands for an octet, unless it is empty.
template <class Out, class F>
constexpr void put_replaced(Out& out, std::string_view text,
                            const F& replacement) noexcept(is_nothrow_output<Out>) {
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view instead = replacement(text[i]);
    if (instead.empty()) continue;
    put(out, text.substr(written, i - written));
    put(out, instead);
    written = i + 1;
  }
  put(out, text.substr(written));
}

/// The same with the printable text.
template <class Out, class F>
constexpr void put_printable(Out& out, std::string_view text, std::size_t max_characters,
                             const F& replacement) noexcept(is_nothrow_output<Out>) {
  printable_pieces pieces(text, max_characters);
  for (std::string_view piece; pieces.next(piece);) put_replaced(out, piece, replacement);
}

constexpr std::string_view html_entity(char octet) noexcept {
  switch (octet) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

constexpr std::string_view doubled_quotation_mark(char octet) noexcept {
  return octet == '"' ? "\"\"" : std::string_view();
}

constexpr std::string_view with_backslash(char octet) noexcept {
  return octet == '"' ? "\\\"" : octet == '\\' ? "\\\\" : std::string_view();
}

constexpr bool is_unicode_space(std::uint32_t code_point) noexcept {
  return code_point == 0x20 || code_point == 0xa0 || code_point == 0x1680 ||
         (code_point >= 0x2000 && code_point <= 0x200a) || code_point == 0x202f ||
         code_point == 0x205f || code_point == 0x3000;
}

/// Whether a spreadsheet may take a text for a formula.
constexpr bool may_be_formula(std::string_view text) noexcept {
  while (!text.empty()) {
    const utf8_character first = read_utf8(text);
    switch (first.code_point) {
      case '\t':
      case '\r':
      case '\n':
      case '=':
      case '+':
      case '-':
      case '@':
      case 0xff1d:  // the same four at full width
      case 0xff0b:
      case 0xff0d:
      case 0xff20:
        return true;
      default:
        if (!is_unicode_space(first.code_point)) return false;
        text.remove_prefix(first.size);
    }
  }
  return false;
}

/// Adds the first octets of the printable text, `size` at most, and no part of a character or of an
/// escape.
template <class Out>
constexpr void put_printable_start(Out& out, std::string_view text,
                                   std::size_t size) noexcept(is_nothrow_output<Out>) {
  printable_pieces pieces(text);
  for (std::string_view piece; pieces.next(piece); size -= piece.size()) {
    if (piece.size() <= size) {
      put_replaced(out, piece, with_backslash);
      continue;
    }
    if (!pieces.is_escape()) put_replaced(out, cut_at_character(piece, size), with_backslash);
    return;
  }
}

/// Adds a UTF-16 code unit as an escape of JSON.
template <class Out>
constexpr void put_json_unit(Out& out, std::uint32_t unit) noexcept(is_nothrow_output<Out>) {
  put(out, "\\u");
  put_hex(out, static_cast<std::uint8_t>(unit >> 8));
  put_hex(out, static_cast<std::uint8_t>(unit & 0xff));
}

/// Adds a character as one escape of JSON, or two.
template <class Out>
constexpr void put_json_escape(Out& out,
                               std::uint32_t code_point) noexcept(is_nothrow_output<Out>) {
  if (code_point < 0x10000) return put_json_unit(out, code_point);
  put_json_unit(out, 0xd800 + ((code_point - 0x10000) >> 10));
  put_json_unit(out, 0xdc00 + (code_point & 0x3ff));
}

}  // namespace detail

namespace escape {

template <text_output Out>
constexpr void terminal(Out&& out, std::string_view text,
                        std::size_t max_characters) noexcept(detail::is_nothrow_output<Out>) {
  detail::printable_pieces pieces(text, max_characters);
  for (std::string_view piece; pieces.next(piece);) detail::put(out, piece);
}

template <text_output Out>
constexpr void log_value(Out&& out, std::string_view text,
                         std::size_t max_characters) noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, '"');
  detail::put_printable(out, text, max_characters, detail::with_backslash);
  detail::put(out, '"');
}

template <text_output Out>
constexpr void html_text(Out&& out, std::string_view text,
                         std::size_t max_characters) noexcept(detail::is_nothrow_output<Out>) {
  detail::put_printable(out, text, max_characters, detail::html_entity);
}

template <text_output Out>
constexpr void csv_cell(Out&& out, std::string_view text) noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, '"');
  if (detail::may_be_formula(text)) detail::put(out, '\'');
  detail::put_printable(out, text, any_length, detail::doubled_quotation_mark);
  detail::put(out, '"');
}

template <text_output Out>
constexpr void openmetrics_label(Out&& out,
                                 std::string_view text) noexcept(detail::is_nothrow_output<Out>) {
  span_output counter({});
  terminal(counter, text, any_length);
  detail::put(out, '"');
  if (counter.size() <= max_label_octets) {
    detail::put_printable(out, text, any_length, detail::with_backslash);
  } else {
    constexpr std::size_t hash_octets = 8;
    detail::put_printable_start(out, text, max_label_octets - 1 - 2 * hash_octets);
    detail::put(out, '~');
    detail::sha256 sha256;
    sha256.append(text);
    const std::array<std::uint8_t, 32> hash = sha256.finish();
    for (std::size_t i = 0; i < hash_octets; ++i) detail::put_hex(out, hash[i]);
  }
  detail::put(out, '"');
}

template <text_output Out>
constexpr void json_string(Out&& out,
                           std::string_view text) noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, '"');
  while (!text.empty()) {
    const detail::utf8_character first = detail::read_utf8(text);
    const char octet = text.front();
    if (first.size == 0) {
      detail::put(out, "\\\\x");
      detail::put_hex(out, static_cast<std::uint8_t>(octet));
    } else if (detail::is_treacherous(first.code_point) || octet == '<' || octet == '>' ||
               octet == '&') {
      detail::put_json_escape(out, first.code_point);
    } else {
      detail::put_replaced(out, text.substr(0, first.size), detail::with_backslash);
    }
    text.remove_prefix(first.size == 0 ? 1 : first.size);
  }
  detail::put(out, '"');
}

}  // namespace escape

}  // namespace tlsrpt

#endif
