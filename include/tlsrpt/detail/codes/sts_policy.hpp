/// @file
/// MTA-STS policies in policy-string (RFC 8461).

#ifndef TLSRPT_HPP_DETAIL_CODES_STS_POLICY
#define TLSRPT_HPP_DETAIL_CODES_STS_POLICY

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row sts_policy_codes[] = {
  {errc::policy_line_end, grade::warning, "policy-line-end", "RFC 8460, 4.5",
   "The element still has the line ending of the policy; it is ignored."},
  {errc::policy_quoted, grade::violation, "policy-quoted", "RFC 8461, 3.2",
   "The text is in quotation marks, which are not part of the grammar; they are ignored."},
  {errc::sts_byte_order_mark, grade::violation, "sts-byte-order-mark", "RFC 8461, 3.2",
   "A byte order mark precedes the policy; it is skipped."},
  {errc::sts_empty_line, grade::violation, "sts-empty-line", "RFC 8461, 3.2",
   "The policy has an empty line."},
  {errc::sts_line_without_colon, grade::violation, "sts-line-without-colon", "RFC 8461, 3.2",
   "A line of the policy has no colon, so it says nothing."},
  {errc::sts_whitespace, grade::violation, "sts-whitespace", "RFC 8461, 3.2",
   "Whitespace is not allowed at the start of a line or before its colon."},
  {errc::sts_key_syntax, grade::violation, "sts-key-syntax", "RFC 8461, 3.2",
   "The key is not 1 to 32 letters, digits, \"_\", \"-\" or \".\"; the line is ignored."},
  {errc::sts_misspelt_key, grade::violation, "sts-misspelt-key", "RFC 8461, 3.2",
   "The key is misspelt; it is read as the one of RFC 8461 that was meant."},
  {errc::sts_repeated_key, grade::violation, "sts-repeated-key", "RFC 8461, 3.2",
   "The policy has this key twice; the first one is used."},
  {errc::sts_unknown_key, grade::note, "sts-unknown-key", "RFC 8461, 3.2",
   "This key is not defined in RFC 8461; senders ignore it."},
  {errc::sts_empty_value, grade::violation, "sts-empty-value", "RFC 8461, 3.2",
   "A key has no value."},
  {errc::sts_control_character, grade::violation, "sts-control-character", "RFC 8461, 3.2",
   "The value contains a control character."},
  {errc::sts_invalid_utf8, grade::violation, "sts-invalid-utf8", "RFC 8461, 3.2",
   "The value is not valid UTF-8."},
  {errc::sts_value_case, grade::violation, "sts-value-case", "RFC 8461, 3.2",
   "The value differs in case from the one in RFC 8461, which was probably meant."},
  {errc::sts_unknown_version, grade::violation, "sts-unknown-version", "RFC 8461, 3.2",
   "The version of the policy is not STSv1."},
  {errc::sts_unknown_mode, grade::violation, "sts-unknown-mode", "RFC 8461, 3.2",
   "The mode is not testing, enforce or none."},
  {errc::sts_max_age_syntax, grade::violation, "sts-max-age-syntax", "RFC 8461, 3.2",
   "max_age is not a number of 1 to 10 digits."},
  {errc::sts_max_age_too_large, grade::violation, "sts-max-age-too-large", "RFC 8461, 3.2",
   "max_age is above 31557600, about one year."},
  {errc::sts_max_age_short, grade::note, "sts-max-age-short", "RFC 8461, 3.2",
   "max_age is less than one day, so senders that seldom write have forgotten the policy when they do."},
  {errc::sts_mx_list, grade::violation, "sts-mx-list", "RFC 8461, 3.2",
   "An mx line has more than one word; each host name needs a line of its own."},
  {errc::sts_mx_address, grade::violation, "sts-mx-address", "RFC 8461, 3.2",
   "An mx line has an IP address instead of a host name."},
  {errc::sts_mx_trailing_dot, grade::violation, "sts-mx-trailing-dot", "RFC 8461, 3.2",
   "The host name of an mx line has a trailing dot."},
  {errc::sts_mx_pattern, grade::violation, "sts-mx-pattern", "RFC 8461, 4.1",
   "This is neither a host name nor \"*.\" followed by a domain, so no mail host matches it."},
  {errc::sts_missing_version, grade::violation, "sts-missing-version", "RFC 8461, 3.2",
   "The policy has no version."},
  {errc::sts_missing_mode, grade::violation, "sts-missing-mode", "RFC 8461, 3.2",
   "The policy has no mode."},
  {errc::sts_missing_max_age, grade::violation, "sts-missing-max-age", "RFC 8461, 3.2",
   "The policy has no max_age."},
  {errc::sts_missing_mx, grade::violation, "sts-missing-mx", "RFC 8461, 3.2",
   "The policy has no mx, which only mode none allows."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
