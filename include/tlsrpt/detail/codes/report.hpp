/// @file
/// The report (RFC 8460, sections 4.4 and 4.5).

#ifndef TLSRPT_HPP_DETAIL_CODES_REPORT
#define TLSRPT_HPP_DETAIL_CODES_REPORT

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row report_codes[] = {
  {errc::not_an_object, grade::fatal, "not-an-object", "RFC 8460, 4.4",
   "This is valid JSON, but not an object, so it is not a report."},
  {errc::not_a_report, grade::fatal, "not-a-report", "RFC 8460, 4.4",
   "This is valid JSON, but has neither report data nor a usable policy, so it is not a TLS report."},
  {errc::missing_date_range, grade::violation, "missing-date-range", "RFC 8460, 4.4",
   "The report has no date-range, so its period is unknown."},
  {errc::missing_date_time, grade::violation, "missing-date-time", "RFC 8460, 4.4",
   "One end of the date-range is missing, so it is unknown."},
  {errc::missing_policies, grade::violation, "missing-policies", "RFC 8460, 4",
   "The report has no policies array."},
  {errc::missing_policy, grade::violation, "missing-policy", "RFC 8460, 4.4",
   "An element of policies has no policy: which one its counts are about is unknown."},
  {errc::missing_member, grade::warning, "missing-member", "RFC 8460, 4.4",
   "A member that reports should have is missing."},
  {errc::null_member, grade::warning, "null-member", "RFC 8460, 4.4",
   "A member is null; it counts as absent."},
  {errc::empty_member, grade::warning, "empty-member", "RFC 8460, 4.4",
   "A member is an empty string; it counts as absent."},
  {errc::empty_policies, grade::warning, "empty-policies", "RFC 8460, 4.4",
   "The policies array is empty, so the report says nothing."},
  {errc::unknown_member, grade::note, "unknown-member", "RFC 7493, 4.2",
   "This member is not defined in RFC 8460; it is ignored."},
  {errc::misspelt_member, grade::violation, "misspelt-member", "RFC 8460, 4.4",
   "A member name is misspelt; it is read as the one of RFC 8460 that was meant."},
  {errc::flat_policy, grade::violation, "flat-policy", "RFC 8460, 4.4",
   "The members of the policy are outside a policy object; they are read as if inside one."},
  {errc::not_an_array, grade::violation, "not-an-array", "RFC 8460, 4.4",
   "An array was expected here; the single value is read as its only element."},
  {errc::wrong_type, grade::violation, "wrong-type", "RFC 8460, 4.4",
   "The value does not have the type that RFC 8460 requires; it is skipped."},
  {errc::scalar_as_string, grade::violation, "scalar-as-string", "RFC 8460, 4.4",
   "A string was expected here; the text of the number or literal is kept."},
  {errc::single_string_policy, grade::violation, "single-string-policy", "RFC 8460, 4.5",
   "policy-string is one string instead of an array; it is split into its parts."},
  {errc::encoded_policy_string, grade::violation, "encoded-policy-string", "RFC 8460, 4.5",
   "policy-string is a JSON array encoded in a string; its elements are extracted."},
  {errc::mx_prefix, grade::warning, "mx-prefix", "RFC 8460, 4.4",
   "A pattern of mx-host begins with \"mx:\"; only the host name belongs there."},
  {errc::contact_info, grade::violation, "contact-info", "RFC 5322, 3.4.1",
   "contact-info is not a plain mail address."},
  {errc::policy_domain_not_a_name, grade::violation, "policy-domain-not-a-name", "RFC 8460, 4.4",
   "policy-domain is not a host name; its text is kept."},
  {errc::unknown_policy_type, grade::warning, "unknown-policy-type", "RFC 8460, 4.4",
   "This policy-type is not defined in RFC 8460; its text is kept."},
  {errc::unknown_result_type, grade::warning, "unknown-result-type", "RFC 8460, 4.3",
   "This result-type is not registered; its text is kept."},
  {errc::folded_value, grade::warning, "folded-value", "RFC 8460, 4.3",
   "The value differs in case or whitespace from the registered one, which was probably meant."},
  {errc::count_as_string, grade::violation, "count-as-string", "RFC 8460, 4.4",
   "A count is written as a string of digits."},
  {errc::count_unreadable, grade::violation, "count-unreadable", "RFC 8460, 4.4",
   "A count is not a whole number from 0 to 2^64-1; it is unknown."},
  {errc::count_not_written_as_integer, grade::warning, "count-not-written-as-integer", "RFC 8460, 4.4",
   "A count is written with a fraction, an exponent or a minus sign, although its value is a whole number."},
  {errc::count_beyond_double, grade::warning, "count-beyond-double", "RFC 7493, 2.2",
   "A count is above 2^53-1, which many programs cannot represent."},
  {errc::joined_policy_string, grade::violation, "joined-policy-string", "RFC 8460, 4.5",
   "policy-string holds several lines or records in one element; it is split into its parts."},
  {errc::needless_array, grade::violation, "needless-array", "RFC 8460, 4.4",
   "A string was expected here; the only element of the array is read."},
  {errc::multi_line_helo, grade::warning, "multi-line-helo", "RFC 8460, 4.4",
   "receiving-mx-helo is a whole multi-line reply instead of the name in it."},
  {errc::information_not_uri, grade::note, "information-not-uri", "RFC 8460, 4.4",
   "additional-information is free text instead of a URI."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
