/// @file
/// The canonical JSON of a report, and its digest. Allocates nothing.

#ifndef TLSRPT_HPP_CANONICAL
#define TLSRPT_HPP_CANONICAL

#include <cstdint>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// How a JSON text is laid out.
enum class json_layout : std::uint8_t {
  compact,  ///< Without whitespace.
  pretty    ///< For people: a line for each value, indented by two spaces; no line end at the end.
};

/// Writes the one JSON text (RFC 8460, section 4.4) that all reports with the values of `report`
/// have in common: what a lenient parser reads from it is equal to `report`. Whatever the report
/// holds is written:
///
/// - Members have the order of RFC 8460, and in the compact layout, which the digest is made of,
///   there is no whitespace. What is absent or unknown is left out, but `policies` and each
///   `policy` are always there.
/// - Strings are escaped only where JSON demands it. `policy-string` and `mx-host` are arrays;
///   policy_string_text is not written.
/// - Policy and result types have their registered names, times are in UTC, addresses in their
///   canonical form. Of those that are unknown or cannot be read the text is written. The zone of
///   an address, as in "fe80::1%eth0", is left out as brackets are: it is the name of a link on one
///   machine, and means nothing elsewhere (RFC 4007, section 6). The view still has the text.
/// - Counts are written with all their digits.
///
/// Octets that are not UTF-8, which no parser lets through, are written as they are: the text is
/// not JSON then, but it still differs from all others. So is a known time outside of the years 0
/// to 9999, which is written as a number, in seconds since 1970.
///
/// Throws what `out` throws. Linear.
template <text_output Out>
constexpr void write_canonical(
    Out&& out, const report_view& report,
    json_layout layout = json_layout::compact) noexcept(detail::is_nothrow_output<Out>);

/// The first 128 bits of the SHA-256 hash of the canonical JSON: the same for two deliveries of one
/// report, whatever compression, layout, escapes, order of members and spellings they have; the
/// same on every platform and in every version. Linear.
constexpr digest digest_of(const report_view& report) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/canonical.hpp>

#endif
