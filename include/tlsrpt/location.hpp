/// @file
/// Where something was found: in which text, at which octet, at which member of a report.

#ifndef TLSRPT_HPP_LOCATION
#define TLSRPT_HPP_LOCATION

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// The text that the offset of a location counts octets of.
enum class source : std::uint8_t {
  json,          ///< The JSON text of a report, inflated if it came as gzip.
  gzip,          ///< The gzip data, or another container, as given.
  record,        ///< A TXT record; with `element`, that URI or extension of one to be written.
  record_set,    ///< The TXT records of one name; `element` is the index of the record.
  domain,        ///< A domain name.
  policy_text,   ///< A policy; with `element`, that element of policy-string.
  file_name,     ///< A file name.
  subject,       ///< The value of a Subject field.
  header_field,  ///< The value of a header field; `element` is its index among several.
  mail           ///< A whole mail.
};

/// The member of a report that a location is about; none for the whole document and for records.
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

/// Where something was found. Holds no pointers, so it may outlive the input.
struct location {
  /// Means "not inside such an array".
  static constexpr std::uint32_t npos = 0xffffffffu;

  std::size_t offset = 0;        ///< Octets from the start of the text that `in` names.
  std::uint32_t policy = npos;   ///< Index in `policies` of the document, skipped ones counted.
  std::uint32_t failure = npos;  ///< Index in `failure-details`, skipped ones counted.
  std::uint32_t element = npos;  ///< Index in the array that `member` names; see source.
  field member = field::none;    ///< The member; see path() for the whole way to it.
  source in = source::json;      ///< The text that `offset` counts in.

  friend constexpr bool operator==(const location&, const location&) = default;
};

/// "json", "gzip", "record" and so on, for programs; a literal. Empty for another value.
constexpr std::string_view name(source in) noexcept;

/// The member's name in the JSON, such as "policy-domain", a literal; empty for field::none.
constexpr std::string_view name(field member) noexcept;

/// The text of a path.
using path_text = short_text<96>;

/// The location as an RFC 6901 pointer such as "/policies/0/failure-details/3/sending-mta-ip";
/// empty for the whole document. A member that is missing, or has another name, is written as if it
/// were there under the RFC's name.
constexpr path_text path(const location& where) noexcept;

/// The text of a location.
using location_text = short_text<128>;

/// The location for a person, such as "/policies/0/policy/policy-domain, octet 312", "record, octet
/// 12", or "header-field 1, octet 0" for the second of several. Of a member whose offset is 0,
/// unknown, the path alone.
constexpr location_text to_text(const location& where) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/location.hpp>

#endif
