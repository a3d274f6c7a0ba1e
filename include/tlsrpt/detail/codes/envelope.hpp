/// @file
/// File names, Subjects and the other envelope of a report (RFC 8460, section 5).

#ifndef TLSRPT_HPP_DETAIL_CODES_ENVELOPE
#define TLSRPT_HPP_DETAIL_CODES_ENVELOPE

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row envelope_codes[] = {
  {errc::not_a_report_file_name, grade::note, "not-a-report-file-name", "RFC 8460, 5.1",
   "The file name does not have the form of RFC 8460, so it says nothing about the report."},
  {errc::file_name_path, grade::warning, "file-name-path", "RFC 8460, 5.6",
   "The file name includes a path; the path is ignored."},
  {errc::file_name_decorated, grade::violation, "file-name-decorated", "RFC 8460, 5.1",
   "The file name contains whitespace or quotation marks, perhaps from folding."},
  {errc::file_name_domain, grade::violation, "file-name-domain", "RFC 8460, 5.1",
   "A domain in the file name is not a valid domain name."},
  {errc::file_name_timestamp, grade::violation, "file-name-timestamp", "RFC 8460, 5.1",
   "A time in the file name is not a number of seconds, so that time is unknown."},
  {errc::file_name_unique_id, grade::violation, "file-name-unique-id", "RFC 8460, 5.1",
   "The unique-id of the file name is empty or has characters other than letters and digits."},
  {errc::file_name_extension, grade::violation, "file-name-extension", "RFC 8460, 5.1",
   "The file name does not end in .json or .json.gz."},
  {errc::not_a_report_subject, grade::note, "not-a-report-subject", "RFC 8460, 5.3",
   "The Subject does not have the form of RFC 8460, so it says nothing about the report."},
  {errc::text_around_subject, grade::violation, "text-around-subject", "RFC 8460, 5.3",
   "The Subject has extra text before or after it, perhaps from a gateway."},
  {errc::subject_wording, grade::violation, "subject-wording", "RFC 8460, 5.3",
   "The words of the Subject differ from RFC 8460 in case, order or punctuation."},
  {errc::missing_subject_part, grade::violation, "missing-subject-part", "RFC 8460, 5.3",
   "The Subject lacks the domain, the submitter or the Report-ID."},
  {errc::subject_domain, grade::violation, "subject-domain", "RFC 8460, 5.3",
   "A domain in the Subject is not a domain name of two or more labels."},
  {errc::report_id_brackets, grade::violation, "report-id-brackets", "RFC 8460, 5.3",
   "The Report-ID in the Subject is not in angle brackets."},
  {errc::report_id_without_at, grade::violation, "report-id-without-at", "RFC 8460, 5.3",
   "The Report-ID in the Subject has no \"@\", so it is not a message id."},
  {errc::report_id_characters, grade::violation, "report-id-characters", "RFC 5322, 3.6.4",
   "The Report-ID in the Subject has characters that a message id must not have."},
  {errc::domain_field_decorated, grade::note, "domain-field-decorated", "RFC 8460, 5.3",
   "The domain in a header field is decorated with a comment, brackets, quotation marks or a trailing dot."},
  {errc::domain_field_value, grade::violation, "domain-field-value", "RFC 8460, 5.3",
   "The value of TLS-Report-Domain or TLS-Report-Submitter is not a domain."},
  {errc::several_domains, grade::violation, "several-domains", "RFC 8460, 5.3",
   "TLS-Report-Domain or TLS-Report-Submitter names several domains; the first one is used."},
  {errc::wrapper_type, grade::violation, "wrapper-type", "RFC 8460, 5.3",
   "The report is not part of a multipart/report."},
  {errc::report_type_parameter, grade::violation, "report-type-parameter", "RFC 8460, 5.3",
   "The report-type of the multipart/report is missing or is not tlsrpt."},
  {errc::unregistered_media_type, grade::violation, "unregistered-media-type", "RFC 8460, 5.3",
   "The media type of the report is neither application/tlsrpt+json nor application/tlsrpt+gzip."},
  {errc::media_type_contradicted, grade::violation, "media-type-contradicted", "RFC 8460, 5.3",
   "The media type does not match the content; the content takes precedence."},
  {errc::file_name_contradicted, grade::violation, "file-name-contradicted", "RFC 8460, 5.1",
   "The extension of the file name does not match the content; the content takes precedence."},
  {errc::header_domain_differs, grade::warning, "header-domain-differs", "RFC 8460, 5.6",
   "TLS-Report-Domain is not a policy domain of the report; the report takes precedence."},
  {errc::header_submitter_differs, grade::warning, "header-submitter-differs", "RFC 8460, 5.3",
   "TLS-Report-Submitter is not the domain of contact-info; the report takes precedence."},
  {errc::file_name_domain_differs, grade::warning, "file-name-domain-differs", "RFC 8460, 5.6",
   "The domain in the file name is not a policy domain of the report; the report takes precedence."},
  {errc::file_name_sender_differs, grade::warning, "file-name-sender-differs", "RFC 8460, 5.6",
   "The sender in the file name is not the domain of contact-info; the report takes precedence."},
  {errc::file_name_range_differs, grade::warning, "file-name-range-differs", "RFC 8460, 5.6",
   "A time in the file name differs from the report's date-range; the report takes precedence."},
  {errc::subject_domain_differs, grade::warning, "subject-domain-differs", "RFC 8460, 5.6",
   "The domain in the Subject is not a policy domain of the report; the report takes precedence."},
  {errc::subject_submitter_differs, grade::warning, "subject-submitter-differs", "RFC 8460, 5.6",
   "The submitter in the Subject is not the domain of contact-info; the report takes precedence."},
  {errc::subject_report_id_differs, grade::warning, "subject-report-id-differs", "RFC 8460, 5.6",
   "The Report-ID in the Subject is not the report-id of the report; the report takes precedence."},
  {errc::inferred_policy_domain, grade::note, "inferred-policy-domain", "RFC 8460, 5.3",
   "The report lacks a policy domain; the one in its mail or file name is assumed."},
  {errc::same_key_other_content, grade::warning, "same-key-other-content", "RFC 8460, 5.3",
   "Another report from this submitter has the same id, domain and range, but different content; keep both."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
