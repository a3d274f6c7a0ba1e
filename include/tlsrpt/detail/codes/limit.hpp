/// @file
/// Limits and the machine.

#ifndef TLSRPT_HPP_DETAIL_CODES_LIMIT
#define TLSRPT_HPP_DETAIL_CODES_LIMIT

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row limit_codes[] = {
  {errc::compressed_too_long, grade::fatal, "compressed-too-long", "RFC 8460, 5.2",
   "The compressed input is longer than the limit."},
  {errc::text_too_long, grade::fatal, "text-too-long", "RFC 8259, 9",
   "The JSON text is longer than the limit."},
  {errc::expansion_ratio, grade::fatal, "expansion-ratio", "RFC 8460, 5.2",
   "The data expands more than any honest report does."},
  {errc::too_many_gzip_members, grade::fatal, "too-many-gzip-members", "RFC 1952, 2.2",
   "The gzip data has more members than the limit."},
  {errc::too_many_zip_entries, grade::fatal, "too-many-zip-entries", "",
   "The ZIP archive has more entries than the limit."},
  {errc::too_many_policies, grade::fatal, "too-many-policies", "RFC 8259, 9",
   "The report has more policies than the limit."},
  {errc::too_many_failure_details, grade::fatal, "too-many-failure-details", "RFC 8259, 9",
   "The report has more failure details than the limit."},
  {errc::too_many_policy_strings, grade::fatal, "too-many-policy-strings", "RFC 8259, 9",
   "The report has more policy lines, TLSA records and mx-host patterns than the limit."},
  {errc::too_deep, grade::fatal, "too-deep", "RFC 8259, 9",
   "Arrays and objects are nested more deeply than the limit."},
  {errc::insufficient_padding, grade::fatal, "insufficient-padding", "",
   "The buffer has too few bytes after the text to be parsed in place."},
  {errc::gzip_in_place, grade::fatal, "gzip-in-place", "",
   "Gzip data cannot be parsed in place, only JSON."},
  {errc::out_of_memory, grade::fatal, "out-of-memory", "",
   "There is not enough memory."},
  {errc::simdjson_unusable, grade::fatal, "simdjson-unusable", "",
   "simdjson is set to an implementation that this machine does not have."},
  {errc::stopped_by_visitor, grade::fatal, "stopped-by-visitor", "",
   "The visitor asked to stop."},
  {errc::parser_in_use, grade::fatal, "parser-in-use", "",
   "The parser was called by its own visitor or sink."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
