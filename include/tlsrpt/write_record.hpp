/// @file
/// Writes the TXT record that says where reports go (RFC 8460, section 3), as text and for a zone
/// file. Needs nothing but the standard library. All functions are constexpr, allocate nothing, and
/// throw what their output throws.
///
///     std::string record, zone;
///     if (tlsrpt::write_record(record, uris)) tlsrpt::write_zone_strings(zone, record);

#ifndef TLSRPT_HPP_WRITE_RECORD
#define TLSRPT_HPP_WRITE_RECORD

#include <span>
#include <string_view>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// Writes a record in its canonical form: one rua field, schemes in lower case, "," "!" ";" inside
/// URIs encoded, extensions after it; max_record_bytes at most. Errors: missing_rua without URIs,
/// what is wrong with a URI (no_supported_endpoint for another scheme), extension_name,
/// extension_value, record_too_long; where.element is the index of the URI or extension then. On an
/// error nothing is written. Linear.
template <text_output Out>
constexpr result<void> write_record(
    Out&& out, std::span<const std::string_view> uris,
    std::span<const extension_view> extensions = {}) noexcept(detail::is_nothrow_output<Out>);

/// Writes a text as the strings of a TXT record in a zone file: of at most 255 octets, in quotation
/// marks, with a space between them; with a backslash before quotation marks and backslashes, and
/// other octets than printable ASCII as a backslash and three decimal digits (RFC 1035, section
/// 5.1). read_zone_strings() of zone_text.hpp reads them back. Linear.
template <text_output Out>
constexpr void write_zone_strings(Out&& out,
                                  std::string_view record) noexcept(detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/write_record.hpp>

#endif
