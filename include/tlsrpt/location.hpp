/// @file
/// Where something was found: in which text, at which octet, at which member of a report.

#ifndef TLSRPT_HPP_LOCATION
#define TLSRPT_HPP_LOCATION

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tlsrpt {

/// The text that the offset of a location counts octets of.
enum class source : std::uint8_t {
  json,          ///< The JSON text of a report, inflated if it came as gzip.
  gzip,          ///< The gzip data as given.
  zip,           ///< The ZIP archive as given.
  record,        ///< A TXT record; with `element`, that URI or extension of one to be written.
  record_set,    ///< The TXT records of one name; `element` is the index of the record.
  domain,        ///< A domain name.
  policy_text,   ///< A policy; with `element`, that element of policy-string.
  file_name,     ///< A file name.
  subject,       ///< The value of a Subject field.
  header_field,  ///< The value of a header field; `element` is its index among several.
  mail,          ///< A whole mail.
  zone_text,     ///< Records as zone files and tools write them; see zone_text.hpp.
  ledger,        ///< The text form of a ledger or tally; `element` is the index of the line.
  datagram       ///< A datagram of libtlsrpt.
};

/// The member of a report that a location is about; schema.hpp lists them. The value 0 means none,
/// as for the whole document and for texts that are not reports.
enum class field : std::uint8_t;

/// Where something was found. Holds no pointers, so it may outlive the input.
struct location {
  /// Means "not inside such an array".
  static constexpr std::uint32_t npos = 0xffffffffu;

  std::size_t offset = 0;        ///< Octets from the start of the text that `in` names.
  std::uint32_t policy = npos;   ///< Index in `policies` of the document, skipped ones counted.
  std::uint32_t failure = npos;  ///< Index in `failure-details`, skipped ones counted.
  std::uint32_t element = npos;  ///< Index in the array that `member` names; see source.
  field member{};                ///< The member; path() in path.hpp writes the way to it.
  source in = source::json;      ///< The text that `offset` counts in.

  friend constexpr bool operator==(const location&, const location&) = default;
};

/// "json", "gzip", "record" and so on, for programs; a literal. Empty for another value.
constexpr std::string_view name(source in) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/location.hpp>

#endif
