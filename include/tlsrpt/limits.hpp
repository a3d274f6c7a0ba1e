/// @file
/// Every limit of the library. Exceeding one is an error with its own code.

#ifndef TLSRPT_HPP_LIMITS
#define TLSRPT_HPP_LIMITS

#include <cstddef>
#include <cstdint>

namespace tlsrpt {

/// Limits of one report_parser or zip_reader. A report at a limit is read, one above it is not.
struct limits {
  /// Bytes of gzip input or of a ZIP archive (errc::compressed_too_long).
  std::size_t max_gzip_bytes = std::size_t{16} << 20;
  /// Bytes of JSON, plain or inflated (errc::text_too_long). Values above
  /// 4 GiB - 65, or 512 MiB - 65 where pointers have 32 bits, count as that.
  std::size_t max_text_bytes = std::size_t{64} << 20;
  /// Members of a gzip stream (errc::too_many_gzip_members).
  std::size_t max_gzip_members = 16;
  /// Entries of a ZIP archive (errc::too_many_zip_entries).
  std::size_t max_zip_entries = 10'000;
  /// Bytes that one byte of gzip input or of a ZIP entry may expand to (errc::expansion_ratio).
  /// Applies to output longer than expansion_free_bytes.
  std::size_t max_expansion = 1000;
  /// Bytes of output that are allowed whatever the expansion.
  std::size_t expansion_free_bytes = std::size_t{1} << 20;
  /// Elements of `policies` (errc::too_many_policies), skipped ones included.
  std::uint32_t max_policies = 100'000;
  /// Failure details in the whole report (errc::too_many_failure_details), skipped ones included.
  std::uint32_t max_failure_details = 1'000'000;
  /// Strings of all `policy-string` and `mx-host` (errc::too_many_policy_strings), those included
  /// that a single string is split into.
  std::uint32_t max_policy_strings = 2'000'000;
  /// Nested arrays and objects (errc::too_deep); values above 32 count as 32.
  std::uint32_t max_depth = 32;
};

/// Limits of one mail (mail.hpp). A mail at a limit is read, one above it is not.
struct mail_limits {
  /// Bytes of the mail (errc::mail_too_long).
  std::size_t max_mail_bytes = std::size_t{64} << 20;
  /// Bytes of the header of a mail or of a part (errc::mail_header_too_long).
  std::size_t max_header_bytes = std::size_t{1} << 20;
  /// Parts, multiparts and mails in the mail (errc::mail_too_many_parts).
  std::uint32_t max_parts = 20'000;
  /// Multiparts and mails in each other; values above 32 count as 32. What is deeper is not looked
  /// into (errc::mail_nested_too_deep).
  std::uint32_t max_part_depth = 32;
  /// Bytes of the decoded content of a part (errc::mail_part_too_long).
  std::size_t max_decoded_bytes = std::size_t{64} << 20;
};

/// Bytes of a TXT record (errc::record_too_long; RFC 8460, section 3).
inline constexpr std::size_t max_record_bytes = 4096;

/// Endpoints of a record that are used; the rest is ignored (errc::endpoints_cut).
inline constexpr std::size_t max_endpoints = 10;

/// Bytes that must be readable after a text that is parsed in place (errc::insufficient_padding).
inline constexpr std::size_t padding = 64;

}  // namespace tlsrpt

#endif
