/// @file
/// TLSA records in policy-string (RFC 6698).

#ifndef TLSRPT_HPP_DETAIL_CODES_TLSA
#define TLSRPT_HPP_DETAIL_CODES_TLSA

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row tlsa_codes[] = {
  {errc::tlsa_fields, grade::violation, "tlsa-fields", "RFC 6698, 2.2",
   "The TLSA record lacks one of its four fields (usage, selector, matching type and data); the text is kept."},
  {errc::tlsa_number, grade::violation, "tlsa-number", "RFC 6698, 2.2",
   "This is not a number from 0 to 255; the text of the record is kept."},
  {errc::tlsa_mnemonic, grade::violation, "tlsa-mnemonic", "RFC 8460, 4.5",
   "The TLSA record has a name from RFC 7218 in place of a number."},
  {errc::tlsa_whitespace, grade::violation, "tlsa-whitespace", "RFC 8460, 4.5",
   "The fields of the TLSA record are not separated by single spaces, or whitespace surrounds it."},
  {errc::tlsa_zone_syntax, grade::violation, "tlsa-zone-syntax", "RFC 8460, 4.5",
   "An owner name, a time to live, a class or a type precedes the TLSA record."},
  {errc::tlsa_semicolon, grade::violation, "tlsa-semicolon", "RFC 8460, 4.5",
   "A semicolon follows the TLSA record; it is ignored."},
  {errc::tlsa_joined, grade::violation, "tlsa-joined", "RFC 8460, 4.5",
   "The element holds more than one TLSA record; its text is kept."},
  {errc::tlsa_folded, grade::violation, "tlsa-folded", "RFC 8460, 4.5",
   "The data of the TLSA record is in pieces or in parentheses; the text is kept."},
  {errc::tlsa_not_hexadecimal, grade::violation, "tlsa-not-hexadecimal", "RFC 6698, 2.2",
   "The data of the TLSA record is not hexadecimal; the text is kept."},
  {errc::tlsa_odd_digits, grade::violation, "tlsa-odd-digits", "RFC 6698, 2.2",
   "The data of the TLSA record has an odd number of digits; the text is kept."},
  {errc::tlsa_digest_length, grade::violation, "tlsa-digest-length", "RFC 6698, 2.1.3",
   "The digest in the TLSA record does not have the length of its matching type."},
  {errc::tlsa_digest_of_nothing, grade::warning, "tlsa-digest-of-nothing", "RFC 6698, 2.1.3",
   "The digest in the TLSA record is that of no octets at all, so no certificate matches it: what was hashed was empty."},
  {errc::tlsa_not_der, grade::violation, "tlsa-not-der", "RFC 6698, 2.1.3",
   "The data for matching type 0 does not begin like a certificate or a public key."},
  {errc::tlsa_pkix_usage, grade::warning, "tlsa-pkix-usage", "RFC 7672, 3.1.3",
   "Usages 0 and 1 are not for SMTP; senders may treat the record as unusable."},
  {errc::tlsa_unassigned, grade::warning, "tlsa-unassigned", "RFC 6698, 2.1",
   "The number is not assigned; senders treat the record as unusable."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
