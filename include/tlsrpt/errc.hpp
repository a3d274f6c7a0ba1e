/// @file
/// Every deviation and failure that tlsrpt can name, and how grave one can be.

#ifndef TLSRPT_HPP_ERRC
#define TLSRPT_HPP_ERRC

#include <cstdint>

#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error "tlsrpt needs C++20: -std=c++20, or cpp_std=c++20 in Meson"
#endif

namespace tlsrpt {

// clang-format off

/// One value per deviation or failure; error.hpp has their names, grades and sentences, and
/// docs/codes.md an example of each. Each topic has a block of 256 numbers. Numbers may change in a
/// later version, names do not.
enum class errc : std::uint16_t {
  ok = 0,  ///< No error.

  // Finding and reading the TXT record (RFC 8460, section 3).
  no_txt_record = 0x0100,  ///< The name has no TXT record.
  not_tlsrpt,  ///< The text does not begin with v=TLSRPTv1, so it is not a TLSRPT record.
  unsupported_version,  ///< The version of the record is not TLSRPTv1.
  version_case,  ///< The version is case-sensitive: it must be written v=TLSRPTv1.
  version_misspelt,  ///< The version is misspelt: it must be written v=TLSRPTv1.
  whitespace_before_version,  ///< Whitespace is not allowed before v=TLSRPTv1.
  quoted_twice,  ///< The value contains quotation marks: it was quoted twice when it was published.
  /// The value contains a backslash: it was escaped by hand, although DNS software does that.
  escaped_by_hand,
  version_delimiter,  ///< v=TLSRPTv1 must be followed by a semicolon.
  missing_field,  ///< Nothing follows the version: a rua field is required.
  missing_rua,  ///< The record has no rua field, so reports have nowhere to go.
  no_usable_endpoint,  ///< No address in the rua field is usable.
  /// The rua field is well formed, but has neither a mailto: nor an https: address.
  no_supported_endpoint,
  several_records,  ///< The name has several TLSRPT records, so senders ignore all of them.
  /// The same TLSRPT record is published more than once, so senders ignore all of them.
  identical_records,
  record_too_long,  ///< The record is longer than the limit.
  empty_field,  ///< A field is empty: there are two semicolons in a row.
  trailing_whitespace,  ///< Trailing whitespace after the last field, without a semicolon.
  field_without_equals,  ///< A field has no "=", so it has no name; it is ignored.
  /// A semicolon separates two addresses where a comma belongs, so what follows it is ignored.
  semicolon_in_list,
  colon_after_rua,  ///< A colon follows rua where an equals sign belongs; the field is ignored.
  /// A field name is not 1 to 32 letters, digits, "_", "-" or "."; the field is ignored.
  extension_name,
  /// A field value is empty or contains "=", whitespace or another octet that is not allowed;
  /// the field is ignored.
  extension_value,
  whitespace_around_equals,  ///< Whitespace is not allowed around "=".
  empty_rua,  ///< The rua field is empty.
  empty_rua_element,  ///< The rua list has an empty element: there is one comma too many.
  missing_scheme,  ///< The address has no scheme: write mailto: before a mail address.
  /// An equals sign or a semicolon follows the scheme where a colon belongs.
  scheme_without_colon,
  mailto_slashes,  ///< The address follows mailto: directly, without slashes.
  unfilled_template,  ///< A placeholder, such as <domain> or %domain%, was not filled in.
  /// A comma inside a URI must be written %2C; this one splits the URI in two, and neither
  /// half is used.
  raw_comma_in_uri,
  size_suffix,  ///< A size limit such as !10m belongs to DMARC; it makes this URI invalid.
  reserved_octet_in_uri,  ///< "!" must be written %21 inside a URI.
  invalid_uri,  ///< The URI is not well formed.
  percent_encoding,  ///< "%" must be followed by two hexadecimal digits.
  whitespace_in_uri,  ///< Whitespace is not allowed in a URI.
  /// The record contains a control character or another octet outside printable ASCII.
  illegal_octet,
  /// A no-break space, perhaps copied from a web page, is used where a plain space was meant.
  no_break_space,
  mail_address,  ///< The mailto: address is empty, lacks "@" or is otherwise not a mail address.
  /// The mail address decodes to control characters, which could forge mail headers.
  control_in_address,
  userinfo,  ///< An https URI must not contain a user name or password.
  empty_host,  ///< The https URI has no host.
  /// The mail address has letters outside ASCII before its "@": they must be percent-encoded,
  /// and few senders support such an address.
  non_ascii_local_part,
  /// The host is meant as an IP address, but is none; in a mail address it needs square
  /// brackets.
  invalid_address_literal,
  /// Whitespace separates v=TLSRPTv1 from the semicolon: the grammar allows it, but many
  /// senders will not find the record.
  whitespace_after_version,
  /// A record that does not begin with exactly v=TLSRPTv1; is discarded when there are
  /// several TXT records.
  discarded_record,
  /// The field name rua is case-sensitive; in any other case it is an unknown field.
  rua_name_case,
  dmarc_ruf,  ///< ruf belongs to DMARC and has no meaning here: TLS reports go to rua.
  /// There is more than one rua field; their addresses are combined, but some senders read
  /// only one.
  repeated_rua,
  duplicate_endpoint,  ///< The same address is listed again; it is used once.
  repeated_version,  ///< The version is repeated; the repetition is ignored.
  unsupported_scheme,  ///< Reports go to mailto: and https: addresses only; this one is skipped.
  http_endpoint,  ///< Reports go to https: addresses, not to http: ones; this one is skipped.
  mailto_header_fields,  ///< Header fields in a mailto: URI are ignored.
  /// The domain is a percent-encoded internationalized name; more senders understand an
  /// A-label (xn--...).
  encoded_u_label,
  /// The host is a name without a dot or an address of a local network, which senders
  /// elsewhere do not reach.
  local_host,
  /// The domain of the mail address ends with a dot, which not every sender accepts.
  mail_domain_trailing_dot,
  uri_fragment,  ///< The fragment of the URI is ignored.
  endpoints_cut,  ///< There are more addresses than the limit; the rest are not used.
  /// The record is not at _smtp._tls. and the domain, where senders look for it.
  wrong_owner_name,
  zone_unclosed_string,  ///< A quotation mark opens a string that its line does not close.
  zone_unclosed_parenthesis,  ///< A parenthesis is open at the end of the text.
  /// A backslash is followed neither by three digits up to 255 nor by another character.
  zone_escape,
  /// In a zone file a semicolon outside quotation marks begins a comment, so the record ends
  /// there.
  zone_unquoted_semicolon,
  other_txt_record,  ///< The name has another TXT record; it is ignored.
  smtputf8_address,  ///< The mail address needs SMTPUTF8, which not every sender supports.

  // Host names and the name to query (RFC 8460, sections 3 and 4.4).
  /// The domain name has letters outside ASCII: write it with A-labels (xn--...).
  u_label = 0x0200,
  invalid_domain,  ///< This is not a domain name.
  address_literal_domain,  ///< An address literal has no policy domain, hence no TLSRPT record.
  policy_domain_too_long,  ///< The domain is too long to have a TLSRPT record.

  // JSON (RFC 8259) and I-JSON (RFC 7493).
  empty_input = 0x0300,  ///< The input is empty.
  json_truncated,  ///< The JSON text ends too early.
  json_expected_value,  ///< A JSON value was expected here.
  json_expected_name,  ///< A member name in double quotes was expected here.
  json_expected_colon,  ///< A colon was expected here, after a member name.
  json_expected_comma,  ///< A comma or the end of the array or object was expected here.
  json_trailing_comma,  ///< A comma is not allowed before the end of an array or object.
  json_invalid_literal,  ///< This is neither true, false, null nor another JSON value.
  json_invalid_number,  ///< This is not a JSON number.
  json_invalid_escape,  ///< This is not a JSON escape sequence.
  /// A JSON string contains a raw control character, such as a line break.
  json_control_character,
  invalid_utf8,  ///< The text is not valid UTF-8.
  byte_order_mark,  ///< A byte order mark precedes the JSON text; it is skipped.
  trailing_bytes,  ///< The report is followed by trailing data; it is not read.
  duplicate_member,  ///< An object has the same member twice; the first one is used.
  lone_surrogate,  ///< A string contains half of a surrogate pair; U+FFFD replaces it.
  noncharacter,  ///< A string contains a Unicode noncharacter.

  // The report (RFC 8460, sections 4.4 and 4.5).
  not_an_object = 0x0400,  ///< This is valid JSON, but not an object, so it is not a report.
  /// This is valid JSON, but has neither report data nor a usable policy, so it is not a TLS
  /// report.
  not_a_report,
  missing_date_range,  ///< The report has no date-range, so its period is unknown.
  missing_date_time,  ///< One end of the date-range is missing, so it is unknown.
  missing_policies,  ///< The report has no policies array.
  missing_policy,  ///< An element of policies has no policy: which one its counts are about is unknown.
  missing_member,  ///< A member that reports should have is missing.
  null_member,  ///< A member is null; it counts as absent.
  empty_member,  ///< A member is an empty string; it counts as absent.
  empty_policies,  ///< The policies array is empty, so the report says nothing.
  unknown_member,  ///< This member is not defined in RFC 8460; it is ignored.
  /// A member name is misspelt; it is read as the one of RFC 8460 that was meant.
  misspelt_member,
  /// The members of the policy are outside a policy object; they are read as if inside one.
  flat_policy,
  not_an_array,  ///< An array was expected here; the single value is read as its only element.
  wrong_type,  ///< The value does not have the type that RFC 8460 requires; it is skipped.
  scalar_as_string,  ///< A string was expected here; the text of the number or literal is kept.
  /// policy-string is one string instead of an array; it is split into its parts.
  single_string_policy,
  /// policy-string is a JSON array encoded in a string; its elements are extracted.
  encoded_policy_string,
  mx_prefix,  ///< A pattern of mx-host begins with "mx:"; only the host name belongs there.
  contact_info,  ///< contact-info is not a plain mail address.
  policy_domain_not_a_name,  ///< policy-domain is not a host name; its text is kept.
  unknown_policy_type,  ///< This policy-type is not defined in RFC 8460; its text is kept.
  unknown_result_type,  ///< This result-type is not registered; its text is kept.
  /// The value differs in case or whitespace from the registered one, which was probably
  /// meant.
  folded_value,
  count_as_string,  ///< A count is written as a string of digits.
  count_unreadable,  ///< A count is not a whole number from 0 to 2^64-1; it is unknown.
  /// A count is written with a fraction, an exponent or a minus sign, although its value is a
  /// whole number.
  count_not_written_as_integer,
  count_beyond_double,  ///< A count is above 2^53-1, which many programs cannot represent.
  /// policy-string holds several lines or records in one element; it is split into its parts.
  joined_policy_string,
  needless_array,  ///< A string was expected here; the only element of the array is read.
  multi_line_helo,  ///< receiving-mx-helo is a whole multi-line reply instead of the name in it.
  information_not_uri,  ///< additional-information is free text instead of a URI.

  // Date-times (RFC 3339) and IP addresses.
  unreadable_date_time = 0x0500,  ///< This is not a date-time, so the time is unknown.
  date_time_whitespace,  ///< Whitespace is not allowed around a date-time; it is skipped.
  missing_time_zone,  ///< The date-time has no time zone; UTC is assumed.
  date_only,  ///< The date has no time; the whole day in UTC is assumed.
  hour_24,  ///< 24:00:00 is not a valid time in RFC 3339; the next midnight is assumed.
  zone_without_colon,  ///< The time zone offset lacks its colon.
  space_for_t,  ///< A space separates date and time; it should be a "T".
  /// The date-time is a program's zero value (0001-01-01), so the time is unknown.
  zero_date_time,
  unreadable_ip,  ///< This is not an IP address; its text is kept.
  /// The IP address is decorated with brackets, a tag, a zone or whitespace, which do not
  /// belong there.
  ip_decorated,

  // gzip (RFC 1952) and other containers.
  gzip_truncated = 0x0600,  ///< The gzip data ends too early.
  gzip_method,  ///< The gzip data uses a method other than deflate.
  gzip_reserved_flags,  ///< The gzip header has reserved flags set.
  gzip_header_checksum,  ///< The checksum of the gzip header is wrong.
  gzip_corrupt,  ///< The compressed data is corrupt.
  gzip_checksum,  ///< The checksum of the gzip data is wrong.
  gzip_length,  ///< The length in the gzip trailer is wrong.
  gzip_zero_padding,  ///< Zero bytes follow the gzip data.
  /// The gzip data is followed by something that is not a gzip member; it is not read.
  gzip_trailing_bytes,
  nested_gzip,  ///< The gzip data contains gzip data again; only one layer is read.
  zip_container,  ///< This is a ZIP archive; zip.hpp reads the reports in one.
  zlib_container,  ///< This is zlib data without the gzip format; reports are plain JSON or gzip.
  bzip2_container,  ///< This is bzip2 data; reports are plain JSON or gzip.
  xz_container,  ///< This is xz data; reports are plain JSON or gzip.
  zstd_container,  ///< This is Zstandard data; reports are plain JSON or gzip.
  utf16_text,  ///< The text is UTF-16 or UTF-32; reports are UTF-8.
  /// This is TNEF (winmail.dat), in which Outlook wraps attachments; get the mail without it.
  tnef_container,
  /// This is an Outlook message (.msg) or another OLE file; save the mail as .eml instead.
  compound_file,
  cms_signed,  ///< This is CMS signed data, as in S/MIME; the report may be in what was signed.
  cms_encrypted,  ///< This is CMS encrypted data, as in S/MIME; decrypt it first.
  cms_other,  ///< This is CMS compressed or digested data, as in S/MIME, which is not read.
  pgp_encrypted,  ///< This is OpenPGP encrypted data; decrypt it first.
  pdf_document,  ///< This is a PDF document; reports are JSON.
  dmarc_report,  ///< This is a DMARC report, not a TLS report.
  xml_document,  ///< This is an XML document; reports are JSON.
  html_document,  ///< This is an HTML document; reports are JSON.
  in_zip,  ///< The report is in a ZIP archive; only gzip is allowed.
  zip_surroundings,  ///< Other octets precede or follow the ZIP archive; they are not read.
  zip_truncated,  ///< The ZIP archive has no directory at its end: it is cut or damaged.
  zip_directory,  ///< The directory of the ZIP archive is damaged.
  zip_empty,  ///< The ZIP archive has no entries.
  /// Entries of the ZIP archive share octets, as in archives made to exhaust memory; none is read.
  zip_overlap,
  zip_entry_missing,  ///< The entry of the ZIP archive is not where the directory says.
  zip_encrypted,  ///< The entry of the ZIP archive is encrypted; unpack it with its password first.
  zip_method,  ///< The entry of the ZIP archive uses a method other than deflate; unpack it first.
  zip_corrupt,  ///< The compressed data of the entry of the ZIP archive is corrupt.
  zip_checksum,  ///< The checksum of the entry of the ZIP archive is wrong.
  zip_length,  ///< A length in the directory of the ZIP archive is wrong.

  // File names, Subjects and the other envelope of a report (RFC 8460, section 5).
  /// The file name does not have the form of RFC 8460, so it says nothing about the report.
  not_a_report_file_name = 0x0700,
  file_name_path,  ///< The file name includes a path; the path is ignored.
  /// The file name contains whitespace or quotation marks, perhaps from folding.
  file_name_decorated,
  file_name_domain,  ///< A domain in the file name is not a valid domain name.
  /// A time in the file name is not a number of seconds, so that time is unknown.
  file_name_timestamp,
  /// The unique-id of the file name is empty or has characters other than letters and digits.
  file_name_unique_id,
  file_name_extension,  ///< The file name does not end in .json or .json.gz.
  /// The Subject does not have the form of RFC 8460, so it says nothing about the report.
  not_a_report_subject,
  text_around_subject,  ///< The Subject has extra text before or after it, perhaps from a gateway.
  /// The words of the Subject differ from RFC 8460 in case, order or punctuation.
  subject_wording,
  missing_subject_part,  ///< The Subject lacks the domain, the submitter or the Report-ID.
  subject_domain,  ///< A domain in the Subject is not a domain name of two or more labels.
  report_id_brackets,  ///< The Report-ID in the Subject is not in angle brackets.
  report_id_without_at,  ///< The Report-ID in the Subject has no "@", so it is not a message id.
  /// The Report-ID in the Subject has characters that a message id must not have.
  report_id_characters,
  /// The domain in a header field is decorated with a comment, brackets, quotation marks or a
  /// trailing dot.
  domain_field_decorated,
  domain_field_value,  ///< The value of TLS-Report-Domain or TLS-Report-Submitter is not a domain.
  /// TLS-Report-Domain or TLS-Report-Submitter names several domains; the first one is used.
  several_domains,
  wrapper_type,  ///< The report is not part of a multipart/report.
  report_type_parameter,  ///< The report-type of the multipart/report is missing or is not tlsrpt.
  /// The media type of the report is neither application/tlsrpt+json nor
  /// application/tlsrpt+gzip.
  unregistered_media_type,
  /// The media type does not match the content; the content takes precedence.
  media_type_contradicted,
  /// The extension of the file name does not match the content; the content takes precedence.
  file_name_contradicted,
  /// TLS-Report-Domain is not a policy domain of the report; the report takes precedence.
  header_domain_differs,
  /// TLS-Report-Submitter is not the domain of contact-info; the report takes precedence.
  header_submitter_differs,
  /// The domain in the file name is not a policy domain of the report; the report takes
  /// precedence.
  file_name_domain_differs,
  /// The sender in the file name is not the domain of contact-info; the report takes
  /// precedence.
  file_name_sender_differs,
  /// A time in the file name differs from the report's date-range; the report takes
  /// precedence.
  file_name_range_differs,
  /// The domain in the Subject is not a policy domain of the report; the report takes
  /// precedence.
  subject_domain_differs,
  /// The submitter in the Subject is not the domain of contact-info; the report takes
  /// precedence.
  subject_submitter_differs,
  /// The Report-ID in the Subject is not the report-id of the report; the report takes
  /// precedence.
  subject_report_id_differs,
  /// The report lacks a policy domain; the one in its mail or file name is assumed.
  inferred_policy_domain,
  /// Another report from this submitter has the same id, domain and range, but different
  /// content; keep both.
  same_key_other_content,

  // MTA-STS policies in policy-string (RFC 8461).
  /// The element still has the line ending of the policy; it is ignored.
  policy_line_end = 0x0800,
  /// The text is in quotation marks, which are not part of the grammar; they are ignored.
  policy_quoted,
  sts_byte_order_mark,  ///< A byte order mark precedes the policy; it is skipped.
  sts_empty_line,  ///< The policy has an empty line.
  sts_line_without_colon,  ///< A line of the policy has no colon, so it says nothing.
  sts_whitespace,  ///< Whitespace is not allowed at the start of a line or before its colon.
  /// The key is not 1 to 32 letters, digits, "_", "-" or "."; the line is ignored.
  sts_key_syntax,
  sts_misspelt_key,  ///< The key is misspelt; it is read as the one of RFC 8461 that was meant.
  sts_repeated_key,  ///< The policy has this key twice; the first one is used.
  sts_unknown_key,  ///< This key is not defined in RFC 8461; senders ignore it.
  sts_empty_value,  ///< A key has no value.
  sts_control_character,  ///< The value contains a control character.
  sts_invalid_utf8,  ///< The value is not valid UTF-8.
  /// The value differs in case from the one in RFC 8461, which was probably meant.
  sts_value_case,
  sts_unknown_version,  ///< The version of the policy is not STSv1.
  sts_unknown_mode,  ///< The mode is not testing, enforce or none.
  sts_max_age_syntax,  ///< max_age is not a number of 1 to 10 digits.
  sts_max_age_too_large,  ///< max_age is above 31557600, about one year.
  /// max_age is less than one day, so senders that seldom write have forgotten the policy when
  /// they do.
  sts_max_age_short,
  sts_mx_list,  ///< An mx line has more than one word; each host name needs a line of its own.
  sts_mx_address,  ///< An mx line has an IP address instead of a host name.
  sts_mx_trailing_dot,  ///< The host name of an mx line has a trailing dot.
  /// This is neither a host name nor "*." followed by a domain, so no mail host matches it.
  sts_mx_pattern,
  sts_missing_version,  ///< The policy has no version.
  sts_missing_mode,  ///< The policy has no mode.
  sts_missing_max_age,  ///< The policy has no max_age.
  sts_missing_mx,  ///< The policy has no mx, which only mode none allows.

  // TLSA records in policy-string (RFC 6698).
  /// The TLSA record lacks one of its four fields (usage, selector, matching type and data);
  /// the text is kept.
  tlsa_fields = 0x0900,
  tlsa_number,  ///< This is not a number from 0 to 255; the text of the record is kept.
  tlsa_mnemonic,  ///< The TLSA record has a name from RFC 7218 in place of a number.
  /// The fields of the TLSA record are not separated by single spaces, or whitespace surrounds
  /// it.
  tlsa_whitespace,
  tlsa_zone_syntax,  ///< An owner name, a time to live, a class or a type precedes the TLSA record.
  tlsa_semicolon,  ///< A semicolon follows the TLSA record; it is ignored.
  tlsa_joined,  ///< The element holds more than one TLSA record; its text is kept.
  tlsa_folded,  ///< The data of the TLSA record is in pieces or in parentheses; the text is kept.
  tlsa_not_hexadecimal,  ///< The data of the TLSA record is not hexadecimal; the text is kept.
  tlsa_odd_digits,  ///< The data of the TLSA record has an odd number of digits; the text is kept.
  /// The digest in the TLSA record does not have the length of its matching type.
  tlsa_digest_length,
  /// The digest in the TLSA record is that of no octets at all, so no certificate matches it: what
  /// was hashed was empty.
  tlsa_digest_of_nothing,
  /// The data for matching type 0 does not begin like a certificate or a public key.
  tlsa_not_der,
  tlsa_pkix_usage,  ///< Usages 0 and 1 are not for SMTP; senders may treat the record as unusable.
  tlsa_unassigned,  ///< The number is not assigned; senders treat the record as unusable.

  // Consistency of a report that conforms (RFC 8460, section 4).
  /// Sessions failed, but the report does not say how: there is nothing to act on.
  failures_without_details = 0x0a00,
  /// The total says that no session failed, yet the failure details count some; one of the
  /// two is wrong.
  failures_despite_zero_total,
  /// The failure details add up to fewer sessions than failed in total: the report gives no
  /// cause for the rest.
  details_below_total,
  /// The failure details add up to more sessions than failed in total, since a session can
  /// fail in several ways; the total is what counts.
  details_above_total,
  /// One kind of failure has more sessions than failed in total, which is impossible; the
  /// figures of this policy are doubtful.
  failed_count_above_total,
  /// A kind of failure is listed that occurred in no session; no action is needed.
  failed_count_zero,
  /// No session was counted, neither successful nor failed, so this element says nothing.
  no_sessions,
  /// This kind of failure is already listed in the same policy; the two counts add up.
  equal_failure_details,
  equal_policies,  ///< The same policy is already listed; the counts of the two elements add up.
  /// The result type belongs to DANE under an MTA-STS policy, or to MTA-STS under a DANE
  /// policy; which of the two failed is unclear.
  result_type_of_other_policy,
  /// All TLSA records have usage 3 (DANE-EE), with which senders must ignore names and dates
  /// in the certificate; the sender is probably at fault.
  dane_ee_certificate_check,
  /// The MTA-STS policy has mode "none", so senders should neither apply it nor report
  /// failures; no action is needed while it stays so.
  failures_under_mode_none,
  /// mx-host and the mx lines of the policy name different hosts; the policy text is what the
  /// sender should have applied.
  mx_host_differs_from_policy,
  /// The mail host matches no mx pattern of the MTA-STS policy, which is probably the failure
  /// itself: correct the policy or the MX record.
  mx_outside_policy,
  /// The report names a kind of policy but does not show the policy, and no failure says that
  /// the sender could not get it.
  policy_string_missing,
  /// The sender says that it found no policy, yet shows one; which of the two is true is
  /// unclear.
  policy_string_without_policy,
  mx_host_without_sts,  ///< mx-host applies to MTA-STS policies only; here it has no effect.
  /// The sender could not fetch the MTA-STS policy, which happens before it connects to a mail
  /// host, yet gives the address of one; this is harmless.
  receiving_ip_of_fetch_failure,
  /// The period ends before it starts, so the day that the report covers is unknown.
  period_reversed,
  /// The period is not one day long, as in most reports; take care when comparing or adding
  /// up.
  period_not_a_day,
  /// The period does not start at midnight UTC, so it is not a whole UTC day.
  period_not_from_midnight,
  /// The period ends in the future: the sender's clock or yours is wrong, or the report is
  /// made up.
  period_in_future,
  period_beyond_retention,  ///< The report covers a time longer ago than reports are kept.
  /// The sending address is private, loopback or link-local: it means something to the sender
  /// only.
  internal_sending_address,
  /// The sending address is reserved for examples, so no session came from it; the report is a
  /// test, altered or made up.
  documentation_sending_address,
  /// The domain appears with several types of policy, which may count the same sessions; do
  /// not add up their totals.
  overlapping_totals,
  /// Parts of the report are too large, or too many for the given scratch space, to be
  /// compared; equal or differing ones may be missed.
  comparison_left_out,

  // Mails around reports (RFC 5322, RFC 2045).
  mail_line_ends = 0x0b00,  ///< Lines of the mail end in CR alone or in several CRs.
  mail_byte_order_mark,  ///< A byte order mark precedes the mail.
  mail_nul_in_header,  ///< The header of the mail has NUL octets; they are read as spaces.
  mail_header_line,  ///< A line of a header is not a field; it is skipped.
  mail_missing_blank_line,  ///< The empty line after a header is missing; it is assumed.
  mail_field_syntax,  ///< A header field is malformed; as much of it as possible is read.
  mail_raw_octets_in_header,  ///< A header field has octets outside ASCII that are not encoded.
  mail_repeated_parameter,  ///< A parameter occurs more than once.
  mail_repeated_field,  ///< A header field that may occur only once is repeated.
  mail_boundary_not_closed,  ///< A multipart has no closing boundary; its end closes it.
  /// The boundary of a multipart is not declared, or is not the one in the body; the one in
  /// the body is used.
  mail_boundary_missing,
  mail_field_without_hyphen,  ///< The header field Content-Type is written without its hyphen.
  mail_transfer_encoding,  ///< The content is not in the transfer encoding that its label says.
  /// The base64 has foreign characters, the wrong alphabet, or padding that is missing or
  /// misplaced.
  mail_base64_form,
  mail_encoded_message,  ///< A mail inside the mail is encoded or is not labelled as a mail.
  /// The report is in a mail inside the mail: the signatures of the outer one say nothing
  /// about it.
  mail_forwarded,
  /// The report is in a mail that came back or was complained about: it is about what others
  /// received.
  mail_returned,
  /// The part has two different file names; the one in Content-Disposition is used.
  mail_two_file_names,
  mail_several_reports,  ///< The mail contains more than one report.
  repeated_report,  ///< The same report occurs earlier; it is counted once.
  mail_report_in_text,  ///< The report is not a part of its own: it follows other words in a text.
  mail_nested_too_deep,  ///< Parts are nested too deeply; the deepest are not read.
  mail_too_long,  ///< The mail is longer than the limit.
  mail_too_many_parts,  ///< The mail has more parts than the limit.
  /// The input has more reports, or larger ones, than the limit allows; this one is not read.
  too_much_text,
  mail_header_too_long,  ///< The header of a mail or of a part is longer than the limit.
  mail_part_too_long,  ///< The decoded content of a part is longer than the limit.
  /// It says it is a TLS report, but none is in it; perhaps it was taken out on the way.
  mail_report_missing,
  /// The organization's name stands where the submitter's domain belongs.
  organization_as_domain,
  /// This is neither JSON nor gzip nor a mail, nor anything else that is known.
  unknown_format,
  mail_in_json,  ///< This JSON is around a mail with a report; take the mail out, and read that.
  /// This is one session of a sender's log; the sender makes its report of many.
  session_of_log,

  // Limits and the machine.
  compressed_too_long = 0x0c00,  ///< The compressed input is longer than the limit.
  text_too_long,  ///< The JSON text is longer than the limit.
  expansion_ratio,  ///< The data expands more than any honest report does.
  too_many_gzip_members,  ///< The gzip data has more members than the limit.
  too_many_zip_entries,  ///< The ZIP archive has more entries than the limit.
  too_many_policies,  ///< The report has more policies than the limit.
  too_many_failure_details,  ///< The report has more failure details than the limit.
  /// The report has more policy lines, TLSA records and mx-host patterns than the limit.
  too_many_policy_strings,
  too_deep,  ///< Arrays and objects are nested more deeply than the limit.
  insufficient_padding,  ///< The buffer has too few bytes after the text to be parsed in place.
  gzip_in_place,  ///< Gzip data cannot be parsed in place, only JSON.
  out_of_memory,  ///< There is not enough memory.
  /// simdjson is set to an implementation that this machine does not have.
  simdjson_unusable,
  stopped_by_visitor,  ///< The visitor asked to stop.
  parser_in_use,  ///< The parser was called by its own visitor or sink.

  // Ledgers of many reports.
  /// The text is not what the library writes: it was made or changed by something else.
  not_canonical = 0x0d00,
  /// The ledgers were made with other options, or other rules about reasons, so they cannot be
  /// combined.
  ledger_options_differ,
  ledger_full,  ///< The ledger, or the part of it that this reporter may fill, is full.
  period_too_long,  ///< The period of the report has more than 400 days.

  // Sessions of a day.
  other_day = 0x0e00,  ///< The session, or the tally, is of another day.
  session_domain,  ///< A domain of the session is not a host name.
  tally_full,  ///< The tally has no room for what is to be added.
  part_known,  ///< A part of the tally is in this one already, so it would count twice.
  nothing_to_report,  ///< No session of the domain was counted, so there is no report.
  datagram_syntax,  ///< The datagram is not a JSON object, or is nested too deep.
  datagram_member,  ///< A member of the datagram is missing, or has a value of another kind.
  datagram_version,  ///< The datagram is of another version of libtlsrpt's protocol.
  datagram_limit,  ///< The datagram has more policies, failures or policy lines than the limit.
  session_text,  ///< A text of the session has a NUL, which no datagram can bring.
  missing_datagram_version,  ///< The datagram has no version, as of early libtlsrpt.
  datagram_utf8,  ///< The datagram has octets that are not UTF-8; they are replaced.
  /// The number of failures that the datagram gives for a policy is not how many there are.
  datagram_failure_count,
  /// The number of a result type is unknown; the failure is taken for a validation failure.
  datagram_result_type,
  datagram_policy_type,  ///< The number of a policy type is unknown; the policy is not counted.
};

// clang-format on

/// How grave a code is. A conformance type decides by grade or by code what is acceptable.
enum class grade : std::uint8_t {
  note,       ///< Worth knowing; the input conforms.
  warning,    ///< Conforms, but is unusual, needless or likely a mistake.
  violation,  ///< Breaks the RFC; a lenient reader continues.
  fatal       ///< Nothing usable comes out, in any mode.
};

}  // namespace tlsrpt

#endif
