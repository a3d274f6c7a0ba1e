/// @file
/// A policy-string that is one string instead of an array: lines, records, or an array inside it.

#ifndef TLSRPT_HPP_DETAIL_REPORT_POLICY_STRING
#define TLSRPT_HPP_DETAIL_REPORT_POLICY_STRING

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/json/fault.hpp>
#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/text/field_name.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// Whether line ends of an MTA-STS policy were escaped once too often: a backslash and an "n" are
/// where lines end, and each line begins with a key.
constexpr bool has_escaped_line_ends(std::string_view text) noexcept {
  if (text.find("\\n") == std::string_view::npos || text.find('\n') != std::string_view::npos)
    return false;
  while (!text.empty()) {
    const std::string_view line = take_part(text, "\\n");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos ||
        find_name_fault(line.substr(0, colon)) != std::string_view::npos)
      return false;
  }
  return true;
}

/// Calls piece(std::string_view) for each line of an MTA-STS policy, without its line end; both LF
/// and CRLF end a line (RFC 8461, section 3.2).
template <class Piece>
constexpr void split_lines(std::string_view text, Piece&& piece) {
  const bool escaped = has_escaped_line_ends(text);
  const std::string_view feed = escaped ? "\\n" : "\n", carriage_return = escaped ? "\\r" : "\r";
  while (!text.empty()) {
    std::string_view line = take_part(text, feed);
    if (line.ends_with(carriage_return)) line.remove_suffix(carriage_return.size());
    piece(line);
  }
}

/// Calls piece for each TLSA record; ";" or a line end, perhaps escaped once too often, is
/// between records (F-19).
template <class Piece>
constexpr void split_tlsa_records(std::string_view text, Piece&& piece) {
  std::size_t first = 0;
  const auto end_record = [&](std::size_t end) {
    const std::string_view record = trim(text.substr(first, end - first), is_json_blank);
    if (!record.empty()) piece(record);
  };
  for (std::size_t i = text.find_first_of(";\n\\"); i < text.size();
       i = text.find_first_of(";\n\\", i)) {
    const std::string_view rest = text.substr(i);
    const bool escaped = rest.starts_with("\\n") || rest.starts_with("\\r");
    if (escaped || text[i] != '\\') {
      end_record(i);
      first = i + (escaped ? 2 : 1);
    }
    i += escaped ? 2 : 1;
  }
  end_record(text.size());
}

/// Whether there is more than one line, or TLSA record, in a text. Empty ones do not count.
constexpr bool holds_several(std::string_view text, bool is_tlsa) noexcept {
  if (text.find_first_of(is_tlsa ? ";\n\\" : "\n\\") == std::string_view::npos) return false;
  std::size_t pieces = 0;
  const auto count = [&pieces](std::string_view piece) {
    pieces += trim(piece, is_json_blank).empty() ? 0 : 1;
  };
  if (is_tlsa)
    split_tlsa_records(text, count);
  else
    split_lines(text, count);
  return pieces > 1;
}

constexpr bool looks_like_array(std::string_view text) noexcept {
  return trim(text, is_json_blank).starts_with('[');
}

/// Calls piece for the escaped text of each element of `array`, which is a JSON array; stops with
/// false at an element that is not a string.
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

/// Extracts the elements of a JSON array of strings that was written inside a string (B-81). Those
/// with escapes are unescaped to `out`, which is moved on and ends before `out_end`. False, and no
/// piece was called, when `text` is something else.
template <class Piece>
bool split_encoded_array(std::string_view text, char*& out, const char* out_end, Piece&& piece) {
  const std::string_view array = trim(text, is_json_blank);
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
