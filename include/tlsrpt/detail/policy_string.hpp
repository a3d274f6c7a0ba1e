/// @file
/// A policy-string that is one string instead of an array: lines, records, or an array inside it.

#ifndef TLSRPT_HPP_DETAIL_POLICY_STRING
#define TLSRPT_HPP_DETAIL_POLICY_STRING

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/json_fault.hpp>
#include <tlsrpt/detail/json_text.hpp>

namespace tlsrpt::detail {

constexpr std::string_view without_json_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_json_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_json_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Calls piece(std::string_view) for each line of an MTA-STS policy, without its line end; both LF
/// and CRLF end a line (RFC 8461, section 3.2).
template <class Piece>
void split_lines(std::string_view text, Piece&& piece) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    piece(line);
  }
}

/// Calls piece for each TLSA record; ";" or a line end stands between records (F-19).
template <class Piece>
void split_tlsa_records(std::string_view text, Piece&& piece) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(";\n");
    const std::string_view record = without_json_blanks(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!record.empty()) piece(record);
  }
}

/// Whether there is more than one line, or TLSA record, in a text. A separator at the end does not
/// count.
constexpr bool holds_several(std::string_view text, bool is_tlsa) noexcept {
  const std::size_t end = text.find_first_of(is_tlsa ? ";\n" : "\n");
  return end != std::string_view::npos && !without_json_blanks(text.substr(end + 1)).empty();
}

constexpr bool looks_like_array(std::string_view text) noexcept {
  return without_json_blanks(text).starts_with('[');
}

/// Calls piece for the escaped text of each element of `array`, which is a JSON array; stops with
/// false at an element that is no string.
template <class Piece>
bool for_each_string(std::string_view array, Piece&& piece) {
  for (std::size_t i = array.find('[') + 1;;) {
    while (is_json_blank(array[i])) ++i;
    if (array[i] == ']') return true;
    if (array[i] != '"') return false;
    const std::size_t first = ++i;
    while (array[i] != '"') i += array[i] == '\\' ? 2 : 1;
    piece(array.substr(first, i - first));
    ++i;
    while (is_json_blank(array[i])) ++i;
    if (array[i] == ',') ++i;
  }
}

/// Takes the elements out of a JSON array of strings that was written inside a string (B-81). Those
/// with escapes are unescaped to `out`, which is moved on and ends before `out_end`. False, and no
/// piece was called, when `text` is something else.
template <class Piece>
bool split_encoded_array(std::string_view text, char*& out, const char* out_end, Piece&& piece) {
  const std::string_view array = without_json_blanks(text);
  const json_fault fault = json_fault_finder(array, 1).find();
  if (fault.code != errc::ok || fault.offset != array.size()) return false;
  std::size_t escaped_size = 0;
  const bool only_strings = for_each_string(array, [&](std::string_view element) {
    if (element.find('\\') != std::string_view::npos) escaped_size += element.size();
  });
  if (!only_strings || escaped_size > static_cast<std::size_t>(out_end - out)) return false;
  return for_each_string(array, [&](std::string_view element) {
    if (element.find('\\') != std::string_view::npos) {
      char* const first = out;
      out = unescape(element, first).end;
      element = {first, static_cast<std::size_t>(out - first)};
    }
    piece(element);
  });
}

}  // namespace tlsrpt::detail

#endif
