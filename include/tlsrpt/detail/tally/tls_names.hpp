/// @file
/// Names of the numbers that TLS libraries, TLS itself and resolvers use.

#ifndef TLSRPT_HPP_DETAIL_TALLY_TLS_NAMES
#define TLSRPT_HPP_DETAIL_TALLY_TLS_NAMES

#include <cstdint>
#include <iterator>
#include <string_view>

namespace tlsrpt::detail {

// clang-format off

/// X509_V_ERR_ of OpenSSL 3, from 1 on.
inline constexpr std::string_view openssl_names[] = {
    "UNSPECIFIED",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_CRL",
    "UNABLE_TO_DECRYPT_CERT_SIGNATURE",
    "UNABLE_TO_DECRYPT_CRL_SIGNATURE",
    "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY",
    "CERT_SIGNATURE_FAILURE",
    "CRL_SIGNATURE_FAILURE",
    "CERT_NOT_YET_VALID",
    "CERT_HAS_EXPIRED",
    "CRL_NOT_YET_VALID",
    "CRL_HAS_EXPIRED",
    "ERROR_IN_CERT_NOT_BEFORE_FIELD",
    "ERROR_IN_CERT_NOT_AFTER_FIELD",
    "ERROR_IN_CRL_LAST_UPDATE_FIELD",
    "ERROR_IN_CRL_NEXT_UPDATE_FIELD",
    "OUT_OF_MEM",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "CERT_CHAIN_TOO_LONG",
    "CERT_REVOKED",
    "NO_ISSUER_PUBLIC_KEY",
    "PATH_LENGTH_EXCEEDED",
    "INVALID_PURPOSE",
    "CERT_UNTRUSTED",
    "CERT_REJECTED",
    "SUBJECT_ISSUER_MISMATCH",
    "AKID_SKID_MISMATCH",
    "AKID_ISSUER_SERIAL_MISMATCH",
    "KEYUSAGE_NO_CERTSIGN",
    "UNABLE_TO_GET_CRL_ISSUER",
    "UNHANDLED_CRITICAL_EXTENSION",
    "KEYUSAGE_NO_CRL_SIGN",
    "UNHANDLED_CRITICAL_CRL_EXTENSION",
    "INVALID_NON_CA",
    "PROXY_PATH_LENGTH_EXCEEDED",
    "KEYUSAGE_NO_DIGITAL_SIGNATURE",
    "PROXY_CERTIFICATES_NOT_ALLOWED",
    "INVALID_EXTENSION",
    "INVALID_POLICY_EXTENSION",
    "NO_EXPLICIT_POLICY",
    "DIFFERENT_CRL_SCOPE",
    "UNSUPPORTED_EXTENSION_FEATURE",
    "UNNESTED_RESOURCE",
    "PERMITTED_VIOLATION",
    "EXCLUDED_VIOLATION",
    "SUBTREE_MINMAX",
    "APPLICATION_VERIFICATION",
    "UNSUPPORTED_CONSTRAINT_TYPE",
    "UNSUPPORTED_CONSTRAINT_SYNTAX",
    "UNSUPPORTED_NAME_SYNTAX",
    "CRL_PATH_VALIDATION_ERROR",
    "PATH_LOOP",
    "SUITE_B_INVALID_VERSION",
    "SUITE_B_INVALID_ALGORITHM",
    "SUITE_B_INVALID_CURVE",
    "SUITE_B_INVALID_SIGNATURE_ALGORITHM",
    "SUITE_B_LOS_NOT_ALLOWED",
    "SUITE_B_CANNOT_SIGN_P_384_WITH_P_256",
    "HOSTNAME_MISMATCH",
    "EMAIL_MISMATCH",
    "IP_ADDRESS_MISMATCH",
    "DANE_NO_MATCH",
    "EE_KEY_TOO_SMALL",
    "CA_KEY_TOO_SMALL",
    "CA_MD_TOO_WEAK",
    "INVALID_CALL",
    "STORE_LOOKUP",
    "NO_VALID_SCTS",
    "PROXY_SUBJECT_NAME_VIOLATION",
    "OCSP_VERIFY_NEEDED",
    "OCSP_VERIFY_FAILED",
    "OCSP_CERT_UNKNOWN",
    "UNSUPPORTED_SIGNATURE_ALGORITHM",
    "SIGNATURE_ALGORITHM_MISMATCH",
    "SIGNATURE_ALGORITHM_INCONSISTENCY",
    "INVALID_CA",
    "PATHLEN_INVALID_FOR_NON_CA",
    "PATHLEN_WITHOUT_KU_KEY_CERT_SIGN",
    "KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA",
    "ISSUER_NAME_EMPTY",
    "SUBJECT_NAME_EMPTY",
    "MISSING_AUTHORITY_KEY_IDENTIFIER",
    "MISSING_SUBJECT_KEY_IDENTIFIER",
    "EMPTY_SUBJECT_ALT_NAME",
    "EMPTY_SUBJECT_SAN_NOT_CRITICAL",
    "CA_BCONS_NOT_CRITICAL",
    "AUTHORITY_KEY_IDENTIFIER_CRITICAL",
    "SUBJECT_KEY_IDENTIFIER_CRITICAL",
    "CA_CERT_MISSING_KEY_USAGE",
    "EXTENSIONS_REQUIRE_VERSION_3",
    "EC_KEY_EXPLICIT_PARAMS",
};

/// Extended DNS errors (RFC 8914, section 5.2), from 0 on.
inline constexpr std::string_view dns_error_names[] = {
    "other",
    "unsupported-dnskey-algorithm",
    "unsupported-ds-digest-type",
    "stale-answer",
    "forged-answer",
    "dnssec-indeterminate",
    "dnssec-bogus",
    "signature-expired",
    "signature-not-yet-valid",
    "dnskey-missing",
    "rrsigs-missing",
    "no-zone-key-bit-set",
    "nsec-missing",
    "cached-error",
    "not-ready",
    "blocked",
    "censored",
    "filtered",
    "prohibited",
    "stale-nxdomain-answer",
    "not-authoritative",
    "not-supported",
    "no-reachable-authority",
    "network-error",
    "invalid-data",
};

struct alert_name {
  std::uint8_t number;
  std::string_view name;
};

/// Alerts (RFC 8446, section 6, and earlier versions of TLS).
inline constexpr alert_name alert_names[] = {
    {0, "close-notify"},
    {10, "unexpected-message"},
    {20, "bad-record-mac"},
    {21, "decryption-failed"},
    {22, "record-overflow"},
    {30, "decompression-failure"},
    {40, "handshake-failure"},
    {41, "no-certificate"},
    {42, "bad-certificate"},
    {43, "unsupported-certificate"},
    {44, "certificate-revoked"},
    {45, "certificate-expired"},
    {46, "certificate-unknown"},
    {47, "illegal-parameter"},
    {48, "unknown-ca"},
    {49, "access-denied"},
    {50, "decode-error"},
    {51, "decrypt-error"},
    {60, "export-restriction"},
    {70, "protocol-version"},
    {71, "insufficient-security"},
    {80, "internal-error"},
    {86, "inappropriate-fallback"},
    {90, "user-canceled"},
    {100, "no-renegotiation"},
    {109, "missing-extension"},
    {110, "unsupported-extension"},
    {111, "certificate-unobtainable"},
    {112, "unrecognized-name"},
    {113, "bad-certificate-status-response"},
    {114, "bad-certificate-hash-value"},
    {115, "unknown-psk-identity"},
    {116, "certificate-required"},
    {120, "no-application-protocol"},
};

// clang-format on

/// Empty for a number that has no name.
constexpr std::string_view openssl_name(long number) noexcept {
  const bool is_known = number >= 1 && number <= static_cast<long>(std::size(openssl_names));
  return is_known ? openssl_names[number - 1] : std::string_view();
}
constexpr std::string_view dns_error_name(std::uint16_t number) noexcept {
  return number < std::size(dns_error_names) ? dns_error_names[number] : std::string_view();
}
constexpr std::string_view name_of_alert(std::uint8_t number) noexcept {
  for (const alert_name& row : alert_names)
    if (row.number == number) return row.name;
  return {};
}

}  // namespace tlsrpt::detail

#endif
