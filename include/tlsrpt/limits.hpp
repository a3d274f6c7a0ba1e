/// @file
/// Every limit of the library. What goes beyond one is refused with a code of its own.

#ifndef TLSRPT_HPP_LIMITS
#define TLSRPT_HPP_LIMITS

#include <cstddef>
#include <cstdint>

namespace tlsrpt {

/// Limits of one report_parser. A report at a limit is read, one above it is not.
struct limits {
  /// Octets of gzip input (errc::compressed_too_long).
  std::size_t compressed = std::size_t{16} << 20;
  /// Octets of JSON, plain or inflated (errc::text_too_long). At most 4 GiB - 1 are possible.
  std::size_t text = std::size_t{64} << 20;
  /// Members of a gzip stream (errc::too_many_gzip_members).
  std::size_t gzip_members = 16;
  /// Inflated octets per compressed octet (errc::expansion_ratio); it counts once the output is
  /// longer than ratio_free octets.
  std::size_t ratio = 1000;
  /// Inflated octets that are free, whatever the ratio.
  std::size_t ratio_free = std::size_t{1} << 20;
  /// Elements of `policies` (errc::too_many_policies), skipped ones included.
  std::uint32_t policies = 100'000;
  /// Failure details in the whole report (errc::too_many_failure_details), skipped ones included.
  std::uint32_t failure_details = 1'000'000;
  /// Strings of all `policy-string` and `mx-host` (errc::too_many_policy_strings), those included
  /// that a single string is split into.
  std::uint32_t policy_strings = 2'000'000;
  /// Nested arrays and objects (errc::too_deep); values above 32 count as 32.
  std::uint32_t depth = 32;
};

/// Octets of a TXT record (errc::record_too_long; RFC 8460, section 3).
inline constexpr std::size_t max_record_size = 4096;

/// Endpoints of a record that are used; the rest is left out (errc::endpoints_cut).
inline constexpr std::size_t max_endpoints = 10;

/// Octets that must be readable behind a text that is parsed in place
/// (errc::insufficient_padding).
inline constexpr std::size_t padding = 64;

}  // namespace tlsrpt

#endif
