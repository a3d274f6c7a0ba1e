/// @file
/// The table behind error.hpp: one row per errc, in the order of the enumeration.

#ifndef TLSRPT_HPP_DETAIL_ERROR_TABLE
#define TLSRPT_HPP_DETAIL_ERROR_TABLE

#include <iterator>

#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

struct errc_row {
  errc code;
  grade how_grave;
  std::string_view name;
  std::string_view requirement;
  std::string_view message;
};

// clang-format off
inline constexpr errc_row errc_table[] = {
  {errc::ok, grade::note, "ok", "",
   "No error."},
  {errc::no_txt_record, grade::fatal, "no-txt-record", "RFC 8460, 3",
   "There is no TXT record at the name."},
  {errc::not_tlsrpt, grade::fatal, "not-tlsrpt", "RFC 8460, 3",
   "The text does not begin with v=TLSRPTv1, so it is not a TLSRPT record."},
  {errc::unsupported_version, grade::fatal, "unsupported-version", "RFC 8460, 3",
   "The record has another version than TLSRPTv1."},
  {errc::version_case, grade::fatal, "version-case", "RFC 8460, 3",
   "The version is case-sensitive: it must be written v=TLSRPTv1."},
  {errc::version_misspelt, grade::fatal, "version-misspelt", "RFC 8460, 3",
   "The version is misspelt: it must be written v=TLSRPTv1."},
  {errc::blank_before_version, grade::fatal, "blank-before-version", "RFC 8460, 3",
   "Nothing, not even a blank, may stand before v=TLSRPTv1."},
  {errc::quoted_twice, grade::fatal, "quoted-twice", "RFC 1035, 5.1",
   "The value holds its own quotation marks: it was quoted twice when it was published."},
  {errc::escaped_by_hand, grade::fatal, "escaped-by-hand", "RFC 1035, 5.1",
   "The value holds a backslash: it was escaped by hand, though the DNS software does that."},
  {errc::version_delimiter, grade::fatal, "version-delimiter", "RFC 8460, 3",
   "After v=TLSRPTv1 a semicolon must follow."},
  {errc::missing_field, grade::fatal, "missing-field", "RFC 8460, 3",
   "Nothing follows the version: a rua field is needed."},
  {errc::missing_rua, grade::fatal, "missing-rua", "RFC 8460, 3",
   "The record has no rua field, so reports have nowhere to go."},
  {errc::no_usable_endpoint, grade::fatal, "no-usable-endpoint", "RFC 8460, 3",
   "No address in the rua field can be used."},
  {errc::no_supported_endpoint, grade::fatal, "no-supported-endpoint", "RFC 8460, 3",
   "The rua field is well formed, but has neither a mailto: nor an https: address."},
  {errc::several_records, grade::fatal, "several-records", "RFC 8460, 3",
   "Several TLSRPT records stand at the name, so senders ignore all of them."},
  {errc::identical_records, grade::fatal, "identical-records", "RFC 8460, 3",
   "The same TLSRPT record is published more than once, so senders ignore all of them."},
  {errc::record_too_long, grade::fatal, "record-too-long", "RFC 8460, 3",
   "The record is longer than the limit."},
  {errc::empty_field, grade::violation, "empty-field", "RFC 8460, 3",
   "A field is empty: there are two semicolons in a row."},
  {errc::trailing_blank, grade::violation, "trailing-blank", "RFC 8460, 3",
   "A blank stands at the end without a semicolon after the last field."},
  {errc::field_without_equals, grade::violation, "field-without-equals", "RFC 8460, 3",
   "A field has no \"=\", so it has no name; it is ignored."},
  {errc::extension_name, grade::violation, "extension-name", "RFC 8460, 3",
   "The name of a field is not 1 to 32 letters, digits, \"_\", \"-\" or \".\"; the field is ignored."},
  {errc::extension_value, grade::violation, "extension-value", "RFC 8460, 3",
   "The value of a field is empty or has \"=\", a blank or another octet that is not allowed; the field is ignored."},
  {errc::blank_around_equals, grade::violation, "blank-around-equals", "RFC 8460, 3",
   "Blanks may not stand around \"=\"."},
  {errc::empty_rua, grade::violation, "empty-rua", "RFC 8460, 3",
   "The rua field is empty."},
  {errc::empty_rua_element, grade::violation, "empty-rua-element", "RFC 8460, 3",
   "The rua list has an empty element: there is a comma too many."},
  {errc::missing_scheme, grade::violation, "missing-scheme", "RFC 8460, 3",
   "The address lacks its scheme: write mailto: before a mail address."},
  {errc::raw_comma_in_uri, grade::violation, "raw-comma-in-uri", "RFC 8460, 3",
   "A comma inside a URI must be written %2C; here it cuts the URI in two, and neither half is used."},
  {errc::size_suffix, grade::violation, "size-suffix", "RFC 8460, 3",
   "A size limit such as !10m belongs to DMARC; it makes this URI invalid."},
  {errc::reserved_octet_in_uri, grade::violation, "reserved-octet-in-uri", "RFC 8460, 3",
   "\"!\" must be written %21 inside a URI."},
  {errc::invalid_uri, grade::violation, "invalid-uri", "RFC 3986, 3",
   "The URI is not well formed."},
  {errc::percent_encoding, grade::violation, "percent-encoding", "RFC 3986, 2.1",
   "\"%\" must be followed by two hexadecimal digits."},
  {errc::blank_in_uri, grade::violation, "blank-in-uri", "RFC 3986, 2",
   "A blank may not stand inside a URI."},
  {errc::illegal_octet, grade::violation, "illegal-octet", "RFC 8460, 3",
   "A control character or another octet outside printable ASCII may not stand in a record."},
  {errc::no_break_space, grade::violation, "no-break-space", "RFC 8460, 3",
   "A no-break space, perhaps copied from a web page, stands where a plain blank was meant."},
  {errc::mail_address, grade::violation, "mail-address", "RFC 6068, 2",
   "The mailto: address is empty, lacks \"@\" or is otherwise not a mail address."},
  {errc::control_in_address, grade::violation, "control-in-address", "RFC 6068, 7",
   "The mail address decodes to control characters, which could forge mail headers."},
  {errc::userinfo, grade::violation, "userinfo", "RFC 9110, 4.2.4",
   "A user name or password may not stand in an https URI."},
  {errc::empty_host, grade::violation, "empty-host", "RFC 9110, 4.2.2",
   "The https URI has no host."},
  {errc::blank_after_version, grade::warning, "blank-after-version", "RFC 8460, 3",
   "A blank stands between v=TLSRPTv1 and the semicolon: the grammar allows it, but many senders will not find the record."},
  {errc::discarded_record, grade::warning, "discarded-record", "RFC 8460, 3",
   "A record that does not begin with exactly v=TLSRPTv1; is discarded when there are several TXT records."},
  {errc::rua_name_case, grade::warning, "rua-name-case", "RFC 8460, 3",
   "The field name rua is case-sensitive; written otherwise it is an unknown field."},
  {errc::repeated_rua, grade::warning, "repeated-rua", "RFC 8460, 3",
   "There is more than one rua field; their addresses are put together, but some senders read only one."},
  {errc::duplicate_endpoint, grade::warning, "duplicate-endpoint", "RFC 8460, 3",
   "The same address is listed again; it is used once."},
  {errc::repeated_version, grade::warning, "repeated-version", "RFC 8460, 3",
   "The version stands in the record again; the second one is ignored."},
  {errc::unsupported_scheme, grade::warning, "unsupported-scheme", "RFC 8460, 3",
   "Reports go to mailto: and https: addresses only; this one is skipped."},
  {errc::http_endpoint, grade::warning, "http-endpoint", "RFC 8460, 3",
   "Reports go to https: addresses, not to http: ones; this one is skipped."},
  {errc::mailto_header_fields, grade::warning, "mailto-header-fields", "RFC 6068, 4",
   "Header fields in a mailto: URI are ignored."},
  {errc::encoded_u_label, grade::warning, "encoded-u-label", "RFC 6068, 2",
   "The domain is an encoded internationalized name; an A-label (xn--...) is understood by more senders."},
  {errc::uri_fragment, grade::warning, "uri-fragment", "RFC 9110, 4.2.5",
   "The fragment of the URI is ignored."},
  {errc::endpoints_cut, grade::warning, "endpoints-cut", "RFC 8460, 7",
   "There are more addresses than the limit; the rest is not used."},
  {errc::foreign_txt_record, grade::note, "foreign-txt-record", "RFC 8460, 3",
   "Another TXT record stands at the name; it is ignored."},
  {errc::smtputf8_address, grade::note, "smtputf8-address", "RFC 6068, 2",
   "The mail address needs SMTPUTF8, which not every sender supports."},
  {errc::u_label, grade::violation, "u-label", "RFC 8460, 4.4",
   "A domain name has letters outside ASCII: write it with A-labels (xn--...)."},
  {errc::invalid_domain, grade::fatal, "invalid-domain", "RFC 1035, 2.3.1",
   "This is not a domain name."},
  {errc::address_literal_domain, grade::fatal, "address-literal-domain", "RFC 8461, 3.4",
   "An address literal has no policy domain, hence no TLSRPT record."},
  {errc::policy_domain_too_long, grade::fatal, "policy-domain-too-long", "RFC 1035, 3.1",
   "The domain is too long to have a TLSRPT record."},
  {errc::buffer_too_small, grade::fatal, "buffer-too-small", "",
   "The given buffer is too small."},
  {errc::empty_input, grade::fatal, "empty-input", "RFC 8259, 2",
   "The input is empty."},
  {errc::json_truncated, grade::fatal, "json-truncated", "RFC 8259, 2",
   "The JSON text ends too early."},
  {errc::json_expected_value, grade::fatal, "json-expected-value", "RFC 8259, 3",
   "A JSON value should stand here."},
  {errc::json_expected_name, grade::fatal, "json-expected-name", "RFC 8259, 4",
   "A member name in double quotes should stand here."},
  {errc::json_expected_colon, grade::fatal, "json-expected-colon", "RFC 8259, 4",
   "A colon should stand here, after a member name."},
  {errc::json_expected_comma, grade::fatal, "json-expected-comma", "RFC 8259, 2",
   "A comma or the end of the array or object should stand here."},
  {errc::json_trailing_comma, grade::fatal, "json-trailing-comma", "RFC 8259, 2",
   "A comma may not stand before the end of an array or object."},
  {errc::json_invalid_literal, grade::fatal, "json-invalid-literal", "RFC 8259, 3",
   "This is neither true, false, null nor another JSON value."},
  {errc::json_invalid_number, grade::fatal, "json-invalid-number", "RFC 8259, 6",
   "This is not a JSON number."},
  {errc::json_invalid_escape, grade::fatal, "json-invalid-escape", "RFC 8259, 7",
   "This is not a JSON escape sequence."},
  {errc::json_control_character, grade::fatal, "json-control-character", "RFC 8259, 7",
   "A raw control character, such as a line break, stands inside a JSON string."},
  {errc::invalid_utf8, grade::fatal, "invalid-utf8", "RFC 7493, 2.1",
   "The text is not valid UTF-8."},
  {errc::byte_order_mark, grade::violation, "byte-order-mark", "RFC 8259, 8.1",
   "A byte order mark stands before the JSON text; it is skipped."},
  {errc::trailing_bytes, grade::violation, "trailing-bytes", "RFC 8259, 2",
   "Something follows the end of the report; it is not read."},
  {errc::duplicate_member, grade::violation, "duplicate-member", "RFC 7493, 2.3",
   "An object has the same member twice; the first one counts."},
  {errc::lone_surrogate, grade::violation, "lone-surrogate", "RFC 7493, 2.1",
   "A string has half of a surrogate pair; U+FFFD takes its place."},
  {errc::noncharacter, grade::violation, "noncharacter", "RFC 7493, 2.1",
   "A string has a Unicode noncharacter."},
  {errc::not_an_object, grade::fatal, "not-an-object", "RFC 8460, 4.4",
   "This is valid JSON, but no object, so it is no report."},
  {errc::not_a_report, grade::fatal, "not-a-report", "RFC 8460, 4.4",
   "This is valid JSON, but has neither report data nor a usable policy, so it is no TLS report."},
  {errc::missing_date_range, grade::violation, "missing-date-range", "RFC 8460, 4.4",
   "The report has no date-range, so its period is unknown."},
  {errc::missing_date_time, grade::violation, "missing-date-time", "RFC 8460, 4.4",
   "One end of the date-range is missing, so it is unknown."},
  {errc::missing_policies, grade::violation, "missing-policies", "RFC 8460, 4",
   "The report has no policies array."},
  {errc::missing_policy, grade::violation, "missing-policy", "RFC 8460, 4.4",
   "An element of policies has no policy; it is skipped."},
  {errc::missing_member, grade::warning, "missing-member", "RFC 8460, 4.4",
   "A member that reports should have is missing."},
  {errc::null_member, grade::warning, "null-member", "RFC 8460, 4.4",
   "A member is null; it counts as absent."},
  {errc::empty_member, grade::warning, "empty-member", "RFC 8460, 4.4",
   "A member is an empty string; it counts as absent."},
  {errc::empty_policies, grade::warning, "empty-policies", "RFC 8460, 4.4",
   "The policies array is empty, so the report says nothing."},
  {errc::unknown_member, grade::note, "unknown-member", "RFC 7493, 4.2",
   "RFC 8460 does not know this member; it is ignored."},
  {errc::misspelt_member, grade::violation, "misspelt-member", "RFC 8460, 4.4",
   "A member name is written in another way than in RFC 8460; it is read as the one that was meant."},
  {errc::flat_policy, grade::violation, "flat-policy", "RFC 8460, 4.4",
   "The members of the policy stand outside a policy object; they are read as if inside."},
  {errc::not_an_array, grade::violation, "not-an-array", "RFC 8460, 4.4",
   "An array should stand here; the single value is read as its only element."},
  {errc::wrong_type, grade::violation, "wrong-type", "RFC 8460, 4.4",
   "The value has another type than RFC 8460 says; it is skipped."},
  {errc::scalar_as_string, grade::violation, "scalar-as-string", "RFC 8460, 4.4",
   "A string should stand here; the text of the number or literal is kept."},
  {errc::single_string_policy, grade::violation, "single-string-policy", "RFC 8460, 4.5",
   "policy-string is one string instead of an array; it is split into its parts."},
  {errc::encoded_policy_string, grade::violation, "encoded-policy-string", "RFC 8460, 4.5",
   "policy-string holds a JSON array written inside a string; its elements are taken out."},
  {errc::mx_prefix, grade::warning, "mx-prefix", "RFC 8460, 4.4",
   "A pattern of mx-host still begins with \"mx:\"; the host name alone belongs there."},
  {errc::contact_info, grade::violation, "contact-info", "RFC 5322, 3.4.1",
   "contact-info is not a plain mail address."},
  {errc::unknown_policy_type, grade::warning, "unknown-policy-type", "RFC 8460, 4.4",
   "RFC 8460 does not know this policy-type; its text is kept."},
  {errc::unknown_result_type, grade::warning, "unknown-result-type", "RFC 8460, 4.3",
   "This result-type is not registered; its text is kept."},
  {errc::folded_value, grade::warning, "folded-value", "RFC 8460, 4.3",
   "The value differs in case or blanks from the registered one, which was probably meant."},
  {errc::count_as_string, grade::violation, "count-as-string", "RFC 8460, 4.4",
   "A count is written as a string of digits."},
  {errc::count_unreadable, grade::violation, "count-unreadable", "RFC 8460, 4.4",
   "A count is not a whole number from 0 to 2^64-1; it is unknown."},
  {errc::count_not_written_as_integer, grade::warning, "count-not-written-as-integer", "RFC 8460, 4.4",
   "A count is written with a fraction, an exponent or a minus sign, though its value is a whole number."},
  {errc::count_beyond_double, grade::warning, "count-beyond-double", "RFC 7493, 2.2",
   "A count is above 2^53-1, which many programs cannot represent."},
  {errc::unreadable_date_time, grade::violation, "unreadable-date-time", "RFC 3339, 5.6",
   "This is not a date-time, so that time is unknown."},
  {errc::missing_time_zone, grade::violation, "missing-time-zone", "RFC 3339, 5.6",
   "The date-time has no time zone; UTC is assumed."},
  {errc::date_only, grade::violation, "date-only", "RFC 3339, 5.6",
   "The date has no time; the whole UTC day is assumed."},
  {errc::hour_24, grade::violation, "hour-24", "RFC 3339, 5.7",
   "24:00:00 is not a time of RFC 3339; the next midnight is assumed."},
  {errc::zone_without_colon, grade::violation, "zone-without-colon", "RFC 3339, 5.6",
   "The time zone lacks its colon."},
  {errc::blank_for_t, grade::warning, "blank-for-t", "RFC 3339, 5.6",
   "A blank stands between date and time where a \"T\" should."},
  {errc::zero_date_time, grade::warning, "zero-date-time", "RFC 3339, 5.6",
   "The date-time is the zero value of a program (0001-01-01), so that time is unknown."},
  {errc::unreadable_ip, grade::violation, "unreadable-ip", "RFC 8460, 4.4",
   "This is not an IP address; its text is kept."},
  {errc::ip_clothing, grade::violation, "ip-clothing", "RFC 8460, 4.4",
   "An IP address stands in brackets, with a tag, a zone or blanks, which do not belong there."},
  {errc::gzip_truncated, grade::fatal, "gzip-truncated", "RFC 1952, 2.2",
   "The gzip data end too early."},
  {errc::gzip_method, grade::fatal, "gzip-method", "RFC 1952, 2.3.1",
   "The gzip data use another method than deflate."},
  {errc::gzip_reserved_flags, grade::fatal, "gzip-reserved-flags", "RFC 1952, 2.3.1.2",
   "The gzip header has reserved flags set."},
  {errc::gzip_header_checksum, grade::fatal, "gzip-header-checksum", "RFC 1952, 2.3.1",
   "The checksum of the gzip header is wrong."},
  {errc::gzip_corrupt, grade::fatal, "gzip-corrupt", "RFC 1951",
   "The compressed data are corrupt."},
  {errc::gzip_checksum, grade::fatal, "gzip-checksum", "RFC 1952, 2.3.1",
   "The checksum of the gzip data is wrong."},
  {errc::gzip_length, grade::fatal, "gzip-length", "RFC 1952, 2.3.1",
   "The length in the gzip trailer is wrong."},
  {errc::gzip_zero_padding, grade::note, "gzip-zero-padding", "RFC 1952, 2.2",
   "Zero octets follow the gzip data."},
  {errc::gzip_trailing_bytes, grade::violation, "gzip-trailing-bytes", "RFC 1952, 2.2",
   "Something that is no gzip member follows the gzip data; it is not read."},
  {errc::nested_gzip, grade::fatal, "nested-gzip", "RFC 8460, 5.2",
   "The gzip data hold gzip data again; only one layer is read."},
  {errc::zip_container, grade::fatal, "zip-container", "RFC 8460, 5.2",
   "This is a ZIP archive; reports are plain JSON or gzip."},
  {errc::zlib_container, grade::fatal, "zlib-container", "RFC 8460, 5.2",
   "This is zlib data without the gzip format; reports are plain JSON or gzip."},
  {errc::bzip2_container, grade::fatal, "bzip2-container", "RFC 8460, 5.2",
   "This is bzip2 data; reports are plain JSON or gzip."},
  {errc::xz_container, grade::fatal, "xz-container", "RFC 8460, 5.2",
   "This is xz data; reports are plain JSON or gzip."},
  {errc::zstd_container, grade::fatal, "zstd-container", "RFC 8460, 5.2",
   "This is Zstandard data; reports are plain JSON or gzip."},
  {errc::utf16_text, grade::fatal, "utf16-text", "RFC 7493, 2.1",
   "The text is UTF-16 or UTF-32; reports are UTF-8."},
  {errc::foreign_file_name, grade::note, "foreign-file-name", "RFC 8460, 5.1",
   "The file name is not one of RFC 8460, so it says nothing about the report."},
  {errc::file_name_path, grade::warning, "file-name-path", "RFC 8460, 5.6",
   "A path stands in front of the file name; it is not used."},
  {errc::file_name_clothing, grade::violation, "file-name-clothing", "RFC 8460, 5.1",
   "Blanks or quotation marks stand in the file name, perhaps from folding."},
  {errc::file_name_domain, grade::violation, "file-name-domain", "RFC 8460, 5.1",
   "What stands for a domain in the file name is none."},
  {errc::file_name_timestamp, grade::violation, "file-name-timestamp", "RFC 8460, 5.1",
   "A time in the file name is no number of seconds, so that time is unknown."},
  {errc::file_name_unique_id, grade::violation, "file-name-unique-id", "RFC 8460, 5.1",
   "The unique-id of the file name is empty or has other octets than letters and digits."},
  {errc::file_name_extension, grade::violation, "file-name-extension", "RFC 8460, 5.1",
   "The file name does not end in .json or .json.gz."},
  {errc::foreign_subject, grade::note, "foreign-subject", "RFC 8460, 5.3",
   "The Subject is not one of RFC 8460, so it says nothing about the report."},
  {errc::text_around_subject, grade::violation, "text-around-subject", "RFC 8460, 5.3",
   "Text that does not belong there stands before or behind the Subject, perhaps from a gateway."},
  {errc::subject_wording, grade::violation, "subject-wording", "RFC 8460, 5.3",
   "The Subject has its words in another case, order or punctuation."},
  {errc::missing_subject_part, grade::violation, "missing-subject-part", "RFC 8460, 5.3",
   "The Subject lacks the domain, the submitter or the Report-ID."},
  {errc::subject_domain, grade::violation, "subject-domain", "RFC 8460, 5.3",
   "What stands for a domain in the Subject is none of two labels or more."},
  {errc::report_id_brackets, grade::violation, "report-id-brackets", "RFC 8460, 5.3",
   "The Report-ID of the Subject does not stand in angle brackets."},
  {errc::report_id_without_at, grade::violation, "report-id-without-at", "RFC 8460, 5.3",
   "The Report-ID of the Subject has no \"@\", so it is no message id."},
  {errc::report_id_characters, grade::violation, "report-id-characters", "RFC 5322, 3.6.4",
   "The Report-ID of the Subject has characters that a message id may not have."},
  {errc::domain_field_clothing, grade::note, "domain-field-clothing", "RFC 8460, 5.3",
   "A comment, brackets, quotation marks or a trailing dot stand by the domain in a header field."},
  {errc::domain_field_value, grade::violation, "domain-field-value", "RFC 8460, 5.3",
   "The value of TLS-Report-Domain or TLS-Report-Submitter is no domain."},
  {errc::several_domains, grade::violation, "several-domains", "RFC 8460, 5.3",
   "TLS-Report-Domain or TLS-Report-Submitter names several domains; the first counts."},
  {errc::wrapper_type, grade::violation, "wrapper-type", "RFC 8460, 5.3",
   "The report is not part of a multipart/report."},
  {errc::report_type_parameter, grade::violation, "report-type-parameter", "RFC 8460, 5.3",
   "The report-type of the multipart/report is missing or is not tlsrpt."},
  {errc::unregistered_media_type, grade::violation, "unregistered-media-type", "RFC 8460, 5.3",
   "The media type of the report is neither application/tlsrpt+json nor application/tlsrpt+gzip."},
  {errc::media_type_contradicted, grade::violation, "media-type-contradicted", "RFC 8460, 5.3",
   "The media type says something else than the content; the content counts."},
  {errc::file_name_contradicted, grade::violation, "file-name-contradicted", "RFC 8460, 5.1",
   "The extension of the file name says something else than the content; the content counts."},
  {errc::header_domain_differs, grade::warning, "header-domain-differs", "RFC 8460, 5.6",
   "TLS-Report-Domain is not a policy domain of the report; the report counts."},
  {errc::header_submitter_differs, grade::warning, "header-submitter-differs", "RFC 8460, 5.3",
   "TLS-Report-Submitter is not the domain of contact-info; the report counts."},
  {errc::file_name_domain_differs, grade::warning, "file-name-domain-differs", "RFC 8460, 5.6",
   "The domain in the file name is not a policy domain of the report; the report counts."},
  {errc::file_name_sender_differs, grade::warning, "file-name-sender-differs", "RFC 8460, 5.6",
   "The sender in the file name is not the domain of contact-info; the report counts."},
  {errc::file_name_range_differs, grade::warning, "file-name-range-differs", "RFC 8460, 5.6",
   "A time in the file name is not that of the report's date-range; the report counts."},
  {errc::subject_domain_differs, grade::warning, "subject-domain-differs", "RFC 8460, 5.6",
   "The domain in the Subject is not a policy domain of the report; the report counts."},
  {errc::subject_submitter_differs, grade::warning, "subject-submitter-differs", "RFC 8460, 5.6",
   "The submitter in the Subject is not the domain of contact-info; the report counts."},
  {errc::subject_report_id_differs, grade::warning, "subject-report-id-differs", "RFC 8460, 5.6",
   "The Report-ID in the Subject is not the report-id of the report; the report counts."},
  {errc::inferred_policy_domain, grade::note, "inferred-policy-domain", "RFC 8460, 5.3",
   "The report lacks a policy domain; the one of its mail or file name is assumed."},
  {errc::same_key_other_content, grade::warning, "same-key-other-content", "RFC 8460, 5.3",
   "Another report of this submitter has the same id, domain and range, but other content; keep both."},
  {errc::joined_policy_string, grade::violation, "joined-policy-string", "RFC 8460, 4.5",
   "policy-string holds several lines or records in one element; it is split into its parts."},
  {errc::needless_array, grade::violation, "needless-array", "RFC 8460, 4.4",
   "A string should stand here; the only element of the array is read."},
  {errc::multi_line_helo, grade::warning, "multi-line-helo", "RFC 8460, 4.4",
   "receiving-mx-helo is a whole reply of several lines instead of the name in it."},
  {errc::information_not_uri, grade::note, "information-not-uri", "RFC 8460, 4.4",
   "additional-information is free text instead of a URI."},
  {errc::compressed_too_long, grade::fatal, "compressed-too-long", "RFC 8460, 5.2",
   "The compressed input is longer than the limit."},
  {errc::text_too_long, grade::fatal, "text-too-long", "RFC 8259, 9",
   "The JSON text is longer than the limit."},
  {errc::expansion_ratio, grade::fatal, "expansion-ratio", "RFC 8460, 5.2",
   "The data expand more than any honest report does."},
  {errc::too_many_gzip_members, grade::fatal, "too-many-gzip-members", "RFC 1952, 2.2",
   "The gzip data have more members than the limit."},
  {errc::too_many_policies, grade::fatal, "too-many-policies", "RFC 8259, 9",
   "The report has more policies than the limit."},
  {errc::too_many_failure_details, grade::fatal, "too-many-failure-details", "RFC 8259, 9",
   "The report has more failure details than the limit."},
  {errc::too_deep, grade::fatal, "too-deep", "RFC 8259, 9",
   "Arrays and objects are nested more deeply than the limit."},
  {errc::insufficient_padding, grade::fatal, "insufficient-padding", "",
   "The buffer has too few octets behind the text to be parsed in place."},
  {errc::out_of_memory, grade::fatal, "out-of-memory", "",
   "There is not enough memory."},
  {errc::stopped_by_visitor, grade::fatal, "stopped-by-visitor", "",
   "The visitor asked to stop."},
};
// clang-format on

inline constexpr std::string_view field_names[] = {
    "",
    "organization-name",
    "date-range",
    "start-datetime",
    "end-datetime",
    "contact-info",
    "report-id",
    "policies",
    "policy",
    "policy-type",
    "policy-string",
    "policy-domain",
    "mx-host",
    "summary",
    "total-successful-session-count",
    "total-failure-session-count",
    "failure-details",
    "result-type",
    "sending-mta-ip",
    "receiving-mx-hostname",
    "receiving-mx-helo",
    "receiving-ip",
    "failed-session-count",
    "additional-information",
    "failure-reason-code",
};

constexpr bool errc_table_is_in_order() {
  std::size_t row = 0;
  for (const errc_row& r : errc_table)
    if (static_cast<std::size_t>(r.code) != row++) return false;
  return row == static_cast<std::size_t>(errc::end_of_list);
}
static_assert(errc_table_is_in_order());
static_assert(std::size(field_names) == static_cast<std::size_t>(field::failure_reason_code) + 1);

}  // namespace tlsrpt::detail

namespace tlsrpt {

constexpr grade grade_of(errc code) noexcept {
  return detail::errc_table[static_cast<std::size_t>(code)].how_grave;
}

constexpr std::string_view name(errc code) noexcept {
  return detail::errc_table[static_cast<std::size_t>(code)].name;
}

constexpr std::string_view message(errc code) noexcept {
  return detail::errc_table[static_cast<std::size_t>(code)].message;
}

constexpr std::string_view requirement(errc code) noexcept {
  return detail::errc_table[static_cast<std::size_t>(code)].requirement;
}

constexpr std::string_view name(grade g) noexcept {
  constexpr std::string_view names[] = {"note", "warning", "violation", "fatal"};
  return names[static_cast<std::size_t>(g)];
}

constexpr std::string_view name(field member) noexcept {
  return detail::field_names[static_cast<std::size_t>(member)];
}

constexpr path_text path(const location& where) noexcept {
  path_text text;
  auto member = [&text](field f) {
    text.append("/");
    text.append(name(f));
  };
  auto index = [&text](std::uint32_t i) {
    if (i == location::npos) return;
    text.append("/");
    text.append(i);
  };
  const field f = where.member;
  if (f == field::start_datetime || f == field::end_datetime) member(field::date_range);
  if (where.policy != location::npos) {
    member(field::policies);
    index(where.policy);
    if (f >= field::policy_type && f <= field::mx_host) member(field::policy);
    if (f == field::total_successful_session_count || f == field::total_failure_session_count)
      member(field::summary);
    if (where.failure != location::npos) {
      member(field::failure_details);
      index(where.failure);
    }
  }
  if (f != field::none) member(f);
  index(where.element);
  return text;
}

}  // namespace tlsrpt

#endif
