/// @file
/// Every deviation and failure tlsrpt can name, how grave each one is, and where it was found.

#ifndef TLSRPT_HPP_ERROR
#define TLSRPT_HPP_ERROR

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error "tlsrpt needs C++20: -std=c++20, or cpp_std=c++20 in Meson"
#endif

namespace tlsrpt {

/// One value per deviation or failure. name(), grade_of(), message() and requirement() tell about
/// it; docs/codes.md has all of that, and an example of each, in a table. Values may get other
/// numbers in a later version, but keep their names.
enum class errc : std::uint8_t {
  ok,  ///< No error.

  // Finding and reading the TXT record (RFC 8460, section 3).
  no_txt_record,
  not_tlsrpt,
  unsupported_version,
  version_case,
  version_misspelt,
  blank_before_version,
  quoted_twice,
  escaped_by_hand,
  version_delimiter,
  missing_field,
  missing_rua,
  no_usable_endpoint,
  no_supported_endpoint,
  several_records,
  identical_records,
  record_too_long,
  empty_field,
  trailing_blank,
  field_without_equals,
  extension_name,
  extension_value,
  blank_around_equals,
  empty_rua,
  empty_rua_element,
  missing_scheme,
  raw_comma_in_uri,
  size_suffix,
  reserved_octet_in_uri,
  invalid_uri,
  percent_encoding,
  blank_in_uri,
  illegal_octet,
  no_break_space,
  mail_address,
  control_in_address,
  userinfo,
  empty_host,
  blank_after_version,
  discarded_record,
  rua_name_case,
  repeated_rua,
  duplicate_endpoint,
  repeated_version,
  unsupported_scheme,
  http_endpoint,
  mailto_header_fields,
  encoded_u_label,
  uri_fragment,
  endpoints_cut,
  foreign_txt_record,
  smtputf8_address,

  // Host names and the name to query (RFC 8460, sections 3 and 4.4).
  u_label,
  invalid_domain,
  address_literal_domain,
  policy_domain_too_long,
  buffer_too_small,

  // JSON (RFC 8259) and I-JSON (RFC 7493).
  empty_input,
  json_truncated,
  json_expected_value,
  json_expected_name,
  json_expected_colon,
  json_expected_comma,
  json_trailing_comma,
  json_invalid_literal,
  json_invalid_number,
  json_invalid_escape,
  json_control_character,
  invalid_utf8,
  byte_order_mark,
  trailing_bytes,
  duplicate_member,
  lone_surrogate,
  noncharacter,

  // The report (RFC 8460, section 4.4).
  not_an_object,
  not_a_report,
  missing_date_range,
  missing_date_time,
  missing_policies,
  missing_policy,
  missing_member,
  null_member,
  empty_member,
  empty_policies,
  unknown_member,
  misspelt_member,
  flat_policy,
  not_an_array,
  wrong_type,
  scalar_as_string,
  single_string_policy,
  encoded_policy_string,
  mx_prefix,
  contact_info,
  unknown_policy_type,
  unknown_result_type,
  folded_value,
  count_as_string,
  count_unreadable,
  count_not_written_as_integer,
  count_beyond_double,

  // Date-times (RFC 3339) and IP addresses.
  unreadable_date_time,
  missing_time_zone,
  date_only,
  hour_24,
  zone_without_colon,
  blank_for_t,
  zero_date_time,
  unreadable_ip,
  ip_clothing,

  // gzip (RFC 1952) and other containers.
  gzip_truncated,
  gzip_method,
  gzip_reserved_flags,
  gzip_header_checksum,
  gzip_corrupt,
  gzip_checksum,
  gzip_length,
  gzip_zero_padding,
  gzip_trailing_bytes,
  nested_gzip,
  zip_container,
  zlib_container,
  bzip2_container,
  xz_container,
  zstd_container,
  utf16_text,

  // Names and envelopes (RFC 8460, section 5).
  foreign_file_name,
  file_name_path,
  file_name_clothing,
  file_name_domain,
  file_name_timestamp,
  file_name_unique_id,
  file_name_extension,
  foreign_subject,
  text_around_subject,
  subject_wording,
  missing_subject_part,
  subject_domain,
  report_id_brackets,
  report_id_without_at,
  report_id_characters,
  domain_field_clothing,
  domain_field_value,
  several_domains,
  wrapper_type,
  report_type_parameter,
  unregistered_media_type,
  media_type_contradicted,
  file_name_contradicted,
  header_domain_differs,
  header_submitter_differs,
  file_name_domain_differs,
  file_name_sender_differs,
  file_name_range_differs,
  subject_domain_differs,
  subject_submitter_differs,
  subject_report_id_differs,
  inferred_policy_domain,
  same_key_other_content,

  // Habits of senders, found later (RFC 8460, sections 4.4 and 4.5).
  joined_policy_string,
  needless_array,
  multi_line_helo,
  information_not_uri,

  // The texts in policy-string: MTA-STS policies (RFC 8461) and TLSA records (RFC 6698).
  policy_line_end,
  policy_quoted,
  sts_byte_order_mark,
  sts_empty_line,
  sts_line_without_colon,
  sts_blank,
  sts_key_syntax,
  sts_misspelt_key,
  sts_repeated_key,
  sts_unknown_key,
  sts_empty_value,
  sts_control_character,
  sts_invalid_utf8,
  sts_value_case,
  sts_unknown_version,
  sts_unknown_mode,
  sts_max_age_syntax,
  sts_max_age_too_large,
  sts_max_age_short,
  sts_mx_list,
  sts_mx_address,
  sts_mx_trailing_dot,
  sts_mx_pattern,
  sts_missing_version,
  sts_missing_mode,
  sts_missing_max_age,
  sts_missing_mx,
  tlsa_fields,
  tlsa_number,
  tlsa_mnemonic,
  tlsa_blanks,
  tlsa_zone_syntax,
  tlsa_semicolon,
  tlsa_joined,
  tlsa_folded,
  tlsa_not_hexadecimal,
  tlsa_odd_digits,
  tlsa_digest_length,
  tlsa_not_der,
  tlsa_pkix_usage,
  tlsa_unassigned,

  // Consistency of a report that conforms (RFC 8460, section 4): see check.hpp.
  failures_without_details,
  failures_despite_zero_total,
  details_below_total,
  details_above_total,
  failed_count_above_total,
  failed_count_zero,
  no_sessions,
  equal_failure_details,
  equal_policies,
  result_type_of_other_policy,
  dane_ee_certificate_check,
  failures_under_mode_none,
  mx_host_differs_from_policy,
  mx_outside_policy,
  policy_string_missing,
  policy_string_without_policy,
  mx_host_without_sts,
  receiving_ip_of_fetch_failure,
  period_reversed,
  period_not_a_day,
  period_not_from_midnight,
  period_in_future,
  period_beyond_retention,
  internal_sending_address,
  documentation_sending_address,
  overlapping_totals,
  comparison_left_out,

  // Limits and the machine.
  compressed_too_long,
  text_too_long,
  expansion_ratio,
  too_many_gzip_members,
  too_many_policies,
  too_many_failure_details,
  too_many_policy_strings,
  too_deep,
  insufficient_padding,
  gzip_in_place,
  out_of_memory,
  stopped_by_visitor,

  end_of_list  ///< Not an error: the number of codes.
};

/// How grave a code is. A conformance type decides by grade or by code what is acceptable.
enum class grade : std::uint8_t {
  note,       ///< Worth knowing; the input conforms.
  warning,    ///< Conforms, but is unusual, needless or likely a mistake.
  violation,  ///< Breaks the RFC; a lenient reader goes on.
  fatal       ///< Nothing usable comes out, in any mode.
};

/// The member of a report that a location speaks of; none for the whole document and for records.
enum class field : std::uint8_t {
  none,  ///< No member.
  organization_name,
  date_range,
  start_datetime,
  end_datetime,
  contact_info,
  report_id,
  policies,
  policy,
  policy_type,
  policy_string,
  policy_domain,
  mx_host,
  summary,
  total_successful_session_count,
  total_failure_session_count,
  failure_details,
  result_type,
  sending_mta_ip,
  receiving_mx_hostname,
  receiving_mx_helo,
  receiving_ip,
  failed_session_count,
  additional_information,
  failure_reason_code
};

/// Where something was found. Numbers only, so it may outlive the input.
struct location {
  /// Stands for "not inside such an array".
  static constexpr std::uint32_t npos = 0xffffffffu;

  std::size_t offset = 0;        ///< Octets from the start of the record, JSON text or gzip stream.
  std::uint32_t policy = npos;   ///< Index in `policies`.
  std::uint32_t failure = npos;  ///< Index in `failure-details`.
  std::uint32_t element = npos;  ///< Index in the array that `member` names.
  field member = field::none;    ///< The member; see path() for the whole way to it.

  friend constexpr bool operator==(const location&, const location&) = default;
};

/// Why nothing usable came out.
struct error_info {
  errc code = errc::ok;  ///< What is wrong; errc::ok when nothing is.
  location where{};      ///< Where it was met.
  /// The slip that most likely caused it, when it is known and differs from `code`; else errc::ok.
  /// For example `missing_rua` because of `rua_name_case`.
  errc hint = errc::ok;

  friend constexpr bool operator==(const error_info&, const error_info&) = default;
};

/// How grave `code` is. Constant time.
constexpr grade grade_of(errc code) noexcept;

/// A stable kebab-case name such as "missing-time-zone", for logs and for programs. Like all texts
/// of this header it is a literal: it lives for ever, and a NUL follows it.
constexpr std::string_view name(errc code) noexcept;

/// One sentence for a person, without the offending text.
constexpr std::string_view message(errc code) noexcept;

/// The paragraph the code comes from, such as "RFC 8460, 4.4"; empty for codes that no RFC causes.
constexpr std::string_view requirement(errc code) noexcept;

/// "note", "warning", "violation" or "fatal".
constexpr std::string_view name(grade g) noexcept;

/// The member's name in the JSON, such as "policy-domain"; empty for field::none.
constexpr std::string_view name(field member) noexcept;

/// A short text without allocation; what path() returns.
class path_text {
 public:
  /// The text. It lives as long as this object.
  constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }
  /// The same as view().
  constexpr operator std::string_view() const& noexcept { return view(); }
  /// Deleted: the view of a temporary would dangle.
  constexpr operator std::string_view() const&& = delete;

  /// Adds a text, as far as there is room for 96 octets.
  constexpr void append(std::string_view part) noexcept {
    for (char c : part)
      if (size_ < text_.size()) text_[size_++] = c;
  }
  /// Adds a number in decimal digits.
  constexpr void append(std::uint32_t number) noexcept {
    char digits[10]{};
    std::size_t first = sizeof digits;
    do digits[--first] = static_cast<char>('0' + number % 10);
    while (number /= 10);
    append(std::string_view(digits + first, sizeof digits - first));
  }

 private:
  std::array<char, 96> text_{};
  std::size_t size_ = 0;
};

/// The location as an RFC 6901 pointer such as "/policies/0/failure-details/3/sending-mta-ip";
/// empty for the whole document. A member that is missing, or stands under another name, is written
/// as if it were there under the RFC's name.
constexpr path_text path(const location& where) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/error.hpp>

#endif
