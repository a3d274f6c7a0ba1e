/// @file
/// Bodies of payload.hpp.

#ifndef TLSRPT_HPP_IMPL_PAYLOAD
#define TLSRPT_HPP_IMPL_PAYLOAD

#include <tlsrpt/detail/mail/cms.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/markup.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt {

namespace detail {

/// The octets that a kind of data begins with. Data that end inside them are not recognised.
struct payload_mark {
  std::string_view octets;
  payload kind;
};

inline constexpr payload_mark payload_marks[] = {
    {"\x1f\x8b", payload::gzip},
    {{"{\0", 2}, payload::utf16},
    {{"\0{", 2}, payload::utf16},
    {"PK\3\4", payload::zip},
    {"PK\5\6", payload::zip},  // of no entries
    // RFC 1950: deflate, a window of 32 KiB, a multiple of 31 as check, no preset dictionary.
    {"x\x01", payload::zlib},
    {"x\x5e", payload::zlib},
    {"x\x9c", payload::zlib},
    {"x\xda", payload::zlib},
    {"BZh", payload::bzip2},
    {{"\xfd\x37zXZ\0", 6}, payload::xz},
    {"\x28\xb5\x2f\xfd", payload::zstd},
    // Byte order marks of UTF-16; that of UTF-32 in little-endian order begins with one.
    {"\xff\xfe", payload::utf16},
    {"\xfe\xff", payload::utf16},
    {{"\0\0\xfe\xff", 4}, payload::utf16},
    {"\x78\x9f\x3e\x22", payload::tnef},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", payload::compound_file},
    {"%PDF-", payload::pdf},
};

/// The octets that anything begins with that is recognised, whatever it is.
inline constexpr charset telling_octet = [] {
  charset octets = octet_above_ascii | whitespace_octet | charset("{<-\x30");  // CMS is a SEQUENCE
  for (const payload_mark& mark : payload_marks)
    octets = octets | charset(mark.octets.substr(0, 1));
  return octets;
}();

/// Whether the octets begin with an OpenPGP packet that holds a session key (RFC 9580, sections 5.1
/// and 5.3), as encrypted messages do: a tag of either format, a length, a version.
constexpr bool is_pgp_session_key(std::string_view octets) noexcept {
  const auto octet = [octets](std::size_t i) {
    return i < octets.size() ? static_cast<unsigned char>(octets[i]) : 0u;
  };
  enum : unsigned { by_public_key = 1, by_passphrase = 3 };
  const bool is_new = (octet(0) & 0xc0) == 0xc0;
  if (!is_new && (octet(0) & 0xc0) != 0x80) return false;
  const unsigned tag = is_new ? octet(0) & 0x3f : octet(0) >> 2 & 0x0f;
  const unsigned length_type = octet(0) & 0x03;  // of the old format: 1, 2, 4 octets or none
  const bool is_short = is_new ? octet(1) < 192 : length_type == 0;
  const bool is_long = is_new ? octet(1) < 224 : length_type == 1;
  if (!is_short && !is_long) return false;
  const unsigned version = octet(is_short ? 2 : 3);
  // Shorter ones do not occur, but texts in UTF-8 may begin so.
  if (is_short && octet(1) < 8) return false;
  if (tag == by_public_key) return version == 3 || version == 6;
  return tag == by_passphrase && is_short && (version == 4 || version == 5 || version == 6);
}

/// What a text is, the whitespace before it skipped.
constexpr payload classify_text(std::string_view text) noexcept {
  if (text.empty()) return payload::empty;
  if (text.starts_with('{')) return payload::json;
  if (text.starts_with("-----BEGIN PGP MESSAGE-----")) return payload::pgp_encrypted;
  if (!text.starts_with('<')) return payload::other;
  const markup_start start = read_markup_start(text);
  if (start.root == "feedback") return payload::dmarc_report;
  if (start.is_html || equals_folded(start.root, "html")) return payload::html;
  if (start.has_declaration) return payload::xml;
  return is_html_element(start.root) ? payload::html : payload::other;
}

/// What octets are that do not begin as JSON usually does.
[[gnu::noinline]] constexpr payload classify_rare(std::string_view octets) noexcept {
  if (octets.empty()) return payload::empty;
  if (!telling_octet(octets.front())) return payload::other;
  for (const payload_mark& mark : payload_marks)
    if (octets.front() == mark.octets.front() && octets.starts_with(mark.octets)) return mark.kind;
  switch (cms_kind_of(octets)) {
    case cms_kind::signed_data:
      return payload::cms_signed;
    case cms_kind::encrypted:
      return payload::cms_encrypted;
    case cms_kind::other:
      return payload::cms_other;
    case cms_kind::none:
      break;
  }
  if (is_pgp_session_key(octets)) return payload::pgp_encrypted;
  if (octets.starts_with(byte_order_mark)) octets.remove_prefix(byte_order_mark.size());
  return classify_text(trim_front(octets, whitespace_octet));
}

}  // namespace detail

constexpr payload classify_payload(std::string_view octets) noexcept {
  if (octets.size() >= 2 && octets[0] == '{' && octets[1] != '\0') return payload::json;
  return detail::classify_rare(octets);
}

inline payload classify_payload(std::span<const std::byte> octets) noexcept {
  return classify_payload(
      std::string_view(reinterpret_cast<const char*>(octets.data()), octets.size()));
}

constexpr errc refusal_of(payload kind) noexcept {
  switch (kind) {
    case payload::zip:
      return errc::zip_container;
    case payload::zlib:
      return errc::zlib_container;
    case payload::bzip2:
      return errc::bzip2_container;
    case payload::xz:
      return errc::xz_container;
    case payload::zstd:
      return errc::zstd_container;
    case payload::utf16:
      return errc::utf16_text;
    case payload::tnef:
      return errc::tnef_container;
    case payload::compound_file:
      return errc::compound_file;
    case payload::cms_signed:
      return errc::cms_signed;
    case payload::cms_encrypted:
      return errc::cms_encrypted;
    case payload::cms_other:
      return errc::cms_other;
    case payload::pgp_encrypted:
      return errc::pgp_encrypted;
    case payload::pdf:
      return errc::pdf_document;
    case payload::dmarc_report:
      return errc::dmarc_report;
    case payload::xml:
      return errc::xml_document;
    case payload::html:
      return errc::html_document;
    case payload::empty:
    case payload::json:
    case payload::gzip:
    case payload::other:
      break;
  }
  return errc::ok;
}

}  // namespace tlsrpt

#endif
