/// @file
/// What octets are, by how they begin: a report, or what people and programs send, save or wrap in
/// the place of one. Needs nothing but the standard library.

#ifndef TLSRPT_HPP_PAYLOAD
#define TLSRPT_HPP_PAYLOAD

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/errc.hpp>

namespace tlsrpt {

/// What octets are.
enum class payload : std::uint8_t {
  empty,          ///< Nothing but whitespace.
  json,           ///< A JSON object, or what begins like one.
  gzip,           ///< gzip data (RFC 1952).
  zip,            ///< A ZIP archive.
  zlib,           ///< zlib data (RFC 1950).
  bzip2,          ///< bzip2 data.
  xz,             ///< xz data.
  zstd,           ///< Zstandard data (RFC 8878).
  utf16,          ///< UTF-16 or UTF-32.
  tnef,           ///< TNEF, the winmail.dat in which Outlook wraps attachments.
  compound_file,  ///< An OLE compound file: a message that Outlook saved (.msg), or an old
                  ///< document.
  cms_signed,     ///< CMS signed data (RFC 5652): what was signed may be inside.
  cms_encrypted,  ///< CMS encrypted data.
  cms_other,      ///< Other CMS data: compressed or digested.
  pgp_encrypted,  ///< OpenPGP encrypted data (RFC 9580), as octets or in ASCII armor.
  pdf,            ///< A PDF document.
  dmarc_report,   ///< A DMARC aggregate report: XML whose root is `feedback`.
  xml,            ///< Another XML document.
  html,           ///< An HTML document.
  other           ///< Anything else.
};

/// Classifies decoded content. Whitespace and a byte order mark before text are skipped, and what
/// may come before the root of an XML document, so give all there are. Allocates nothing and takes
/// time linear in the text.
constexpr payload classify_payload(std::string_view octets) noexcept;
/// Overload for std::byte.
inline payload classify_payload(std::span<const std::byte> octets) noexcept;

/// Why octets of that kind are not read as a report; the sentence of the code says what to do about
/// it. errc::ok for what is read (JSON and gzip) and for what has no better code than the one that
/// a reader of JSON finds (empty and anything else).
constexpr errc refusal_of(payload kind) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/payload.hpp>

#endif
