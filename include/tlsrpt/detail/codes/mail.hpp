/// @file
/// Mails around reports (RFC 5322, RFC 2045).

#ifndef TLSRPT_HPP_DETAIL_CODES_MAIL
#define TLSRPT_HPP_DETAIL_CODES_MAIL

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row mail_codes[] = {
  {errc::mail_line_ends, grade::violation, "mail-line-ends", "RFC 5322, 2.1",
   "Lines of the mail end in CR alone or in several CRs."},
  {errc::mail_byte_order_mark, grade::violation, "mail-byte-order-mark", "RFC 5322, 2.2",
   "A byte order mark precedes the mail."},
  {errc::mail_nul_in_header, grade::violation, "mail-nul-in-header", "RFC 5322, 4",
   "The header of the mail has NUL octets; they are read as spaces."},
  {errc::mail_header_line, grade::violation, "mail-header-line", "RFC 5322, 2.2",
   "A line of a header is not a field; it is skipped."},
  {errc::mail_missing_blank_line, grade::violation, "mail-missing-blank-line", "RFC 5322, 2.1",
   "The empty line after a header is missing; it is assumed."},
  {errc::mail_field_syntax, grade::violation, "mail-field-syntax", "RFC 2045, 5.1",
   "A header field is malformed; as much of it as possible is read."},
  {errc::mail_raw_octets_in_header, grade::warning, "mail-raw-octets-in-header", "RFC 5322, 2.2",
   "A header field has octets outside ASCII that are not encoded."},
  {errc::mail_repeated_parameter, grade::violation, "mail-repeated-parameter", "RFC 2045, 5.1",
   "A parameter occurs more than once."},
  {errc::mail_repeated_field, grade::violation, "mail-repeated-field", "RFC 5322, 3.6",
   "A header field that may occur only once is repeated."},
  {errc::mail_boundary_not_closed, grade::violation, "mail-boundary-not-closed", "RFC 2046, 5.1.1",
   "A multipart has no closing boundary; its end closes it."},
  {errc::mail_boundary_missing, grade::violation, "mail-boundary-missing", "RFC 2046, 5.1.1",
   "The boundary of a multipart is not declared, or is not the one in the body; the one in the body is used."},
  {errc::mail_field_without_hyphen, grade::violation, "mail-field-without-hyphen", "RFC 2045, 5",
   "The header field Content-Type is written without its hyphen."},
  {errc::mail_transfer_encoding, grade::violation, "mail-transfer-encoding", "RFC 2045, 6",
   "The content is not in the transfer encoding that its label says."},
  {errc::mail_base64_form, grade::violation, "mail-base64-form", "RFC 2045, 6.8",
   "The base64 has foreign characters, the wrong alphabet, or padding that is missing or misplaced."},
  {errc::mail_encoded_message, grade::violation, "mail-encoded-message", "RFC 2046, 5.2.1",
   "A mail inside the mail is encoded or is not labelled as a mail."},
  {errc::mail_forwarded, grade::note, "mail-forwarded", "RFC 2046, 5.2.1",
   "The report is in a mail inside the mail: the signatures of the outer one say nothing about it."},
  {errc::mail_returned, grade::note, "mail-returned", "RFC 6522",
   "The report is in a mail that came back or was complained about: it is about what others received."},
  {errc::mail_two_file_names, grade::warning, "mail-two-file-names", "RFC 2183, 2.3",
   "The part has two different file names; the one in Content-Disposition is used."},
  {errc::mail_several_reports, grade::warning, "mail-several-reports", "RFC 8460, 5.3",
   "The mail contains more than one report."},
  {errc::repeated_report, grade::warning, "repeated-report", "RFC 8460, 5.3",
   "The same report occurs earlier; it is counted once."},
  {errc::mail_report_in_text, grade::violation, "mail-report-in-text", "RFC 8460, 5.3",
   "The report is not a part of its own: it follows other words in a text."},
  {errc::mail_nested_too_deep, grade::violation, "mail-nested-too-deep", "",
   "Parts are nested too deeply; the deepest are not read."},
  {errc::mail_too_long, grade::fatal, "mail-too-long", "",
   "The mail is longer than the limit."},
  {errc::mail_too_many_parts, grade::fatal, "mail-too-many-parts", "",
   "The mail has more parts than the limit."},
  {errc::too_much_text, grade::fatal, "too-much-text", "",
   "The input has more reports, or larger ones, than the limit allows; this one is not read."},
  {errc::mail_header_too_long, grade::fatal, "mail-header-too-long", "",
   "The header of a mail or of a part is longer than the limit."},
  {errc::mail_part_too_long, grade::fatal, "mail-part-too-long", "",
   "The decoded content of a part is longer than the limit."},
  {errc::mail_report_missing, grade::violation, "mail-report-missing", "RFC 8460, 5.3",
   "It says it is a TLS report, but none is in it; perhaps it was taken out on the way."},
  {errc::organization_as_domain, grade::violation, "organization-as-domain", "RFC 8460, 5.3",
   "The organization's name stands where the submitter's domain belongs."},
  {errc::unknown_format, grade::fatal, "unknown-format", "RFC 8460, 4.4",
   "This is neither JSON nor gzip nor a mail, nor anything else that is known."},
  {errc::mail_in_json, grade::note, "mail-in-json", "",
   "This JSON is around a mail with a report; take the mail out, and read that."},
  {errc::session_of_log, grade::note, "session-of-log", "",
   "This is one session of a sender's log; the sender makes its report of many."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
