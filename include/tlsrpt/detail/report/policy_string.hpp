/// @file
/// A policy-string that is one string instead of an array: lines, records, or an array inside it.

#ifndef TLSRPT_HPP_DETAIL_REPORT_POLICY_STRING
#define TLSRPT_HPP_DETAIL_REPORT_POLICY_STRING

#include <cstddef>
#include <string_view>
#include <utility>

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

/// Splits the text of a policy into the lines of an MTA-STS policy, without their ends (both LF and
/// CRLF end a line; RFC 8461, section 3.2), or into TLSA records, between which there is ";" or a
/// line end (F-19). Line ends may have been escaped once too often.
class policy_pieces {
 public:
  constexpr policy_pieces(std::string_view text, bool is_tlsa) noexcept
      : rest_(text),
        is_tlsa_(is_tlsa),
        has_escaped_ends_(!is_tlsa && has_escaped_line_ends(text)) {}

  /// Finds the next piece. False when there is none.
  constexpr bool next(std::string_view& piece) noexcept {
    return is_tlsa_ ? next_record(piece) : next_line(piece);
  }

  /// Finds the piece when there is one only; else false, and nothing is changed.
  constexpr bool take_only(std::string_view& piece) const noexcept {
    policy_pieces pieces = *this;
    std::string_view first, second;
    if (!pieces.next(first) || pieces.next(second)) return false;
    piece = first;
    return true;
  }

 private:
  constexpr bool next_line(std::string_view& line) noexcept {
    if (rest_.empty()) return false;
    line = take_part(rest_, has_escaped_ends_ ? "\\n" : "\n");
    const std::string_view carriage_return = has_escaped_ends_ ? "\\r" : "\r";
    if (line.ends_with(carriage_return)) line.remove_suffix(carriage_return.size());
    return true;
  }

  constexpr bool next_record(std::string_view& record) noexcept {
    do {
      if (rest_.empty()) return false;
      record = trim(take_record(), is_json_blank);
    } while (record.empty());
    return true;
  }

  /// Takes off the front what is before the first end of a record.
  constexpr std::string_view take_record() noexcept {
    for (std::size_t i = rest_.find_first_of(";\n\\"); i < rest_.size();
         i = rest_.find_first_of(";\n\\", i + 1)) {
      const std::string_view at = rest_.substr(i);
      const bool is_escaped = at.starts_with("\\n") || at.starts_with("\\r");
      if (is_escaped || at.front() != '\\') {
        const std::string_view record = rest_.substr(0, i);
        rest_.remove_prefix(i + (is_escaped ? 2 : 1));
        return record;
      }
    }
    return std::exchange(rest_, {});
  }

  std::string_view rest_;
  bool is_tlsa_, has_escaped_ends_;
};

/// Whether there is more than one line, or TLSA record, in a text. Empty ones do not count.
constexpr bool holds_several(std::string_view text, bool is_tlsa) noexcept {
  policy_pieces pieces(text, is_tlsa);
  std::size_t count = 0;
  for (std::string_view piece; count < 2 && pieces.next(piece);)
    if (!trim(piece, is_json_blank).empty()) ++count;
  return count > 1;
}

/// A JSON array of strings that was written inside a string (B-81).
class encoded_array {
 public:
  explicit encoded_array(std::string_view text) noexcept : rest_(trim(text, is_json_blank)) {
    if (!rest_.starts_with('[')) return;
    const json_fault fault = json_fault_finder(rest_, 1).find();
    if (fault.code != errc::ok || fault.offset != rest_.size()) return;
    rest_.remove_prefix(1);
    encoded_array elements = *this;
    for (std::string_view element; elements.next(element);) continue;
    is_valid_ = elements.rest_ == "]";
  }

  /// Whether the text is such an array.
  bool is_valid() const noexcept { return is_valid_; }

  /// Finds the next element, its escapes as written. False when there is none.
  bool next(std::string_view& element) noexcept {
    rest_ = trim_front(rest_, is_json_blank);
    if (!rest_.starts_with('"')) return false;
    std::size_t end = 1;
    while (rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    element = rest_.substr(1, end - 1);
    rest_ = trim_front(rest_.substr(end + 1), is_json_blank);
    if (rest_.starts_with(',')) rest_.remove_prefix(1);
    return true;
  }

  /// Finds the element when there is one only; else false, and nothing is changed.
  bool take_only(std::string_view& element) const noexcept {
    encoded_array elements = *this;
    std::string_view first, second;
    if (!elements.next(first) || elements.next(second)) return false;
    element = first;
    return true;
  }

 private:
  std::string_view rest_;
  bool is_valid_ = false;
};

}  // namespace tlsrpt::detail

#endif
