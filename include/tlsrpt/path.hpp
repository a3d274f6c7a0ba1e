/// @file
/// Locations as text: the path to a member of a report, and the whole for a person.

#ifndef TLSRPT_HPP_PATH
#define TLSRPT_HPP_PATH

#include <tlsrpt/location.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt {

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

#include <tlsrpt/impl/path.hpp>

#endif
