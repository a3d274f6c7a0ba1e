/// @file
/// JSON (RFC 8259) and I-JSON (RFC 7493).

#ifndef TLSRPT_HPP_DETAIL_CODES_JSON
#define TLSRPT_HPP_DETAIL_CODES_JSON

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row json_codes[] = {
  {errc::empty_input, grade::fatal, "empty-input", "RFC 8259, 2",
   "The input is empty."},
  {errc::json_truncated, grade::fatal, "json-truncated", "RFC 8259, 2",
   "The JSON text ends too early."},
  {errc::json_expected_value, grade::fatal, "json-expected-value", "RFC 8259, 3",
   "A JSON value was expected here."},
  {errc::json_expected_name, grade::fatal, "json-expected-name", "RFC 8259, 4",
   "A member name in double quotes was expected here."},
  {errc::json_expected_colon, grade::fatal, "json-expected-colon", "RFC 8259, 4",
   "A colon was expected here, after a member name."},
  {errc::json_expected_comma, grade::fatal, "json-expected-comma", "RFC 8259, 2",
   "A comma or the end of the array or object was expected here."},
  {errc::json_trailing_comma, grade::fatal, "json-trailing-comma", "RFC 8259, 2",
   "A comma is not allowed before the end of an array or object."},
  {errc::json_invalid_literal, grade::fatal, "json-invalid-literal", "RFC 8259, 3",
   "This is neither true, false, null nor another JSON value."},
  {errc::json_invalid_number, grade::fatal, "json-invalid-number", "RFC 8259, 6",
   "This is not a JSON number."},
  {errc::json_invalid_escape, grade::fatal, "json-invalid-escape", "RFC 8259, 7",
   "This is not a JSON escape sequence."},
  {errc::json_control_character, grade::fatal, "json-control-character", "RFC 8259, 7",
   "A JSON string contains a raw control character, such as a line break."},
  {errc::invalid_utf8, grade::fatal, "invalid-utf8", "RFC 7493, 2.1",
   "The text is not valid UTF-8."},
  {errc::byte_order_mark, grade::violation, "byte-order-mark", "RFC 8259, 8.1",
   "A byte order mark precedes the JSON text; it is skipped."},
  {errc::trailing_bytes, grade::violation, "trailing-bytes", "RFC 8259, 2",
   "The report is followed by trailing data; it is not read."},
  {errc::duplicate_member, grade::violation, "duplicate-member", "RFC 7493, 2.3",
   "An object has the same member twice; the first one is used."},
  {errc::lone_surrogate, grade::violation, "lone-surrogate", "RFC 7493, 2.1",
   "A string contains half of a surrogate pair; U+FFFD replaces it."},
  {errc::noncharacter, grade::violation, "noncharacter", "RFC 7493, 2.1",
   "A string contains a Unicode noncharacter."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
