#include <tlsrpt/reasons.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace {

using tlsrpt::certainty;
using tlsrpt::match_reason;
using tlsrpt::party;
using tlsrpt::policy_type;
using tlsrpt::reason_id;
using tlsrpt::reason_match;
using tlsrpt::result_type;

constexpr auto failed = result_type::validation_failure;
constexpr auto fetch = result_type::sts_policy_fetch_error;
constexpr auto last_id = reason_id::webpki_ocsp;

static_assert(match_reason(failed, "self-signed_certificate").id == reason_id::x509_self_signed);

std::string said(result_type type, std::string_view text) {
  const reason_match match = match_reason(type, text);
  return std::string(name(match.id)) + ' ' + std::string(name(match.certainty));
}

reason_id id_of(result_type type, std::string_view text) { return match_reason(type, text).id; }

/// A text of a sender, the type that it comes with, and what is known of it.
struct known_text {
  reason_id id;
  result_type type;
  std::string_view text;
};

/// The rows of the table, each with texts that are sure.
constexpr known_text sure_texts[] = {
    {reason_id::x509_expired, failed, "X509_V_ERR_CERT_HAS_EXPIRED"},
    {reason_id::x509_expired, failed, "certificate_has_expired"},
    {reason_id::x509_expired, failed, "x509: certificate has expired or is not yet valid"},
    {reason_id::x509_expired, failed, "invalid peer certificate: Expired"},
    {reason_id::x509_expired, result_type::certificate_expired, ""},
    {reason_id::x509_not_yet_valid, failed, "CERT_NOT_YET_VALID"},
    {reason_id::x509_not_yet_valid, failed, "certificate_is_not_yet_valid"},
    {reason_id::x509_not_yet_valid, failed, "invalid peer certificate: NotValidYet"},
    {reason_id::x509_self_signed, failed, "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT"},
    {reason_id::x509_self_signed, failed, "self-signed_certificate"},
    {reason_id::x509_self_signed_in_chain, failed, "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN"},
    {reason_id::x509_self_signed_in_chain, failed, "self-signed_certificate_in_certificate_chain"},
    {reason_id::x509_no_issuer, failed, "UNABLE_TO_GET_ISSUER_CERT"},
    {reason_id::x509_no_issuer, failed, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"},
    {reason_id::x509_no_issuer, failed, "unable_to_get_local_issuer_certificate"},
    {reason_id::x509_no_issuer, failed, "invalid peer certificate: UnknownIssuer"},
    {reason_id::x509_no_issuer, failed, "x509: certificate signed by unknown authority"},
    {reason_id::x509_first_unverified, failed, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"},
    {reason_id::x509_first_unverified, failed, "unable_to_verify_the_first_certificate"},
    {reason_id::x509_untrusted, failed, "CERT_UNTRUSTED"},
    {reason_id::x509_untrusted, failed, "certificate_not_trusted"},
    {reason_id::x509_untrusted, failed, "CERT_REJECTED"},
    {reason_id::x509_host_mismatch, failed, "X509_V_ERR_HOSTNAME_MISMATCH"},
    {reason_id::x509_host_mismatch, failed, "hostname_mismatch"},
    {reason_id::x509_host_mismatch, failed, "invalid peer certificate: NotValidForName"},
    {reason_id::x509_host_mismatch, failed, "certificate not valid for name"},
    {reason_id::x509_host_mismatch, result_type::certificate_host_mismatch, ""},
    {reason_id::x509_ip_mismatch, failed, "IP_ADDRESS_MISMATCH"},
    {reason_id::x509_ip_mismatch, failed, "X509_V_ERR_EMAIL_MISMATCH"},
    {reason_id::x509_revoked, failed, "CERT_REVOKED"},
    {reason_id::x509_revoked, failed, "certificate_revoked"},
    {reason_id::x509_revoked, failed, "invalid peer certificate: Revoked"},
    {reason_id::x509_purpose, failed, "INVALID_PURPOSE"},
    {reason_id::x509_purpose, failed, "unsuitable_certificate_purpose"},
    {reason_id::x509_purpose, failed, "ca-not-authorized-for-ext-key-usage"},
    {reason_id::x509_purpose, failed, "incompatible-key-usage"},
    {reason_id::x509_purpose, failed, "InvalidPurpose"},
    {reason_id::x509_chain_too_long, failed, "CERT_CHAIN_TOO_LONG"},
    {reason_id::x509_chain_too_long, failed, "certificate_chain_too_long"},
    {reason_id::x509_chain_too_long, failed, "too-many-intermediates"},
    {reason_id::x509_chain_too_long, failed, "PATH_LENGTH_EXCEEDED"},
    {reason_id::x509_proxy_path, failed, "X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED"},
    {reason_id::x509_proxy_path, failed, "PROXY_SOMETHING_ELSE"},
    {reason_id::x509_name_constraints, failed, "PERMITTED_VIOLATION"},
    {reason_id::x509_name_constraints, failed, "EXCLUDED_VIOLATION"},
    {reason_id::x509_name_constraints, failed, "SUBTREE_MINMAX"},
    {reason_id::x509_name_constraints, failed, "unconstrained-name"},
    {reason_id::x509_name_constraints, failed, "ca-not-authorized-for-this-name"},
    {reason_id::x509_name_constraints, failed, "name-constraint-without-sans"},
    {reason_id::x509_bad_ca, failed, "INVALID_CA"},
    {reason_id::x509_bad_ca, failed, "KEYUSAGE_NO_CERTSIGN"},
    {reason_id::x509_bad_ca, failed, "not-authorized-to-sign"},
    {reason_id::x509_bad_ca, failed, "parent-subject-child-issuer-mismatch"},
    {reason_id::x509_bad_ca, failed, "SUBJECT_ISSUER_MISMATCH"},
    {reason_id::x509_bad_ca, failed, "AKID_SKID_MISMATCH"},
    {reason_id::x509_weak, failed, "EE_KEY_TOO_SMALL"},
    {reason_id::x509_weak, failed, "CA_KEY_TOO_SMALL"},
    {reason_id::x509_weak, failed, "CA_MD_TOO_WEAK"},
    {reason_id::x509_weak, failed, "UNSUPPORTED_SIGNATURE_ALGORITHM"},
    {reason_id::x509_signature, failed, "CERT_SIGNATURE_FAILURE"},
    {reason_id::x509_signature, failed, "UNABLE_TO_DECRYPT_CERT_SIGNATURE"},
    {reason_id::x509_signature, failed, "invalid peer certificate: BadSignature"},
    {reason_id::x509_signature, failed, "BadEncoding"},
    {reason_id::x509_extension, failed, "UNHANDLED_CRITICAL_EXTENSION"},
    {reason_id::x509_extension, failed, "INVALID_EXTENSION"},
    {reason_id::x509_extension, failed, "SUITE_B_INVALID_CURVE"},
    {reason_id::x509_extension, failed, "NO_EXPLICIT_POLICY"},
    {reason_id::x509_crl, failed, "UNABLE_TO_GET_CRL"},
    {reason_id::x509_crl, failed, "CRL_HAS_EXPIRED"},
    {reason_id::x509_crl, failed, "UnknownRevocationStatus"},
    {reason_id::x509_ocsp, failed, "OCSP_VERIFY_NEEDED"},
    {reason_id::x509_ocsp, failed, "bad-certificate-status-response"},
    {reason_id::x509_ocsp, failed, "tls-local-alert-113-bad-certificate-status-response"},
    {reason_id::x509_dane_no_match, failed, "X509_V_ERR_DANE_NO_MATCH"},
    {reason_id::x509_dane_no_match, failed, "no_matching_DANE_TLSA_records"},
    {reason_id::x509_dane_no_match, failed, "dane-no-match"},
    {reason_id::x509_dane_no_match, failed, "No matching certificates found"},
    {reason_id::x509_dane_no_match, failed, "No TLSA records matched the certificate."},
    {reason_id::x509_local, failed, "OUT_OF_MEM"},
    {reason_id::x509_local, failed, "INVALID_CALL"},
    {reason_id::x509_local, failed, "STORE_LOOKUP"},
    {reason_id::x509_local, failed, "X509_V_ERR_UNSPECIFIED"},
    {reason_id::x509_local, failed, "no-system-roots"},
    {reason_id::tlsa_unusable, failed, "all-TLSA-records-unusable"},
    {reason_id::tlsa_unusable, failed, "all-unusable-records"},
    {reason_id::tlsa_unusable, failed, "Invalid TLSA record"},
    {reason_id::tlsa_missing, failed, "No TLSA records found for MX"},
    {reason_id::tlsa_missing, failed, "No TLSA DNSSEC records found"},
    {reason_id::dnssec_bogus, failed, "Bogus TLSA records were found"},
    {reason_id::dnssec_bogus, failed, "Bogus MX records were found"},
    {reason_id::dnssec_bogus, failed, "dns-extended-error-6-dnssec-bogus"},
    {reason_id::dnssec_bogus, failed, "extended-dns-error-6-dnssec-bogus"},
    {reason_id::dnssec_expired, failed, "dns-extended-error-7-signature-expired"},
    {reason_id::dnssec_not_yet, failed, "extended-dns-error-8-signature-not-yet-valid"},
    {reason_id::dnssec_key_missing, failed, "dns-extended-error-9-dnskey-missing"},
    {reason_id::dnssec_key_missing, failed, "dns-extended-error-11-no-zone-key-bit-set"},
    {reason_id::dnssec_rrsig_missing, failed, "dns-extended-error-10-rrsigs-missing"},
    {reason_id::dnssec_nsec_missing, failed, "dns-extended-error-12-nsec-missing"},
    {reason_id::dnssec_algorithm, failed, "dns-extended-error-1-unsupported-dnskey-algorithm"},
    {reason_id::dnssec_algorithm, failed, "dns-extended-error-2-unsupported-ds-digest-type"},
    {reason_id::dns_unreachable, failed, "dns-extended-error-22-no-reachable-authority"},
    {reason_id::dns_unreachable, failed, "dns-extended-error-23-network-error"},
    {reason_id::dns_unreachable, fetch, "dns-lookup"},
    {reason_id::dnssec_unsigned_host, failed, "MX host is not in a DNSSEC signed zone"},
    {reason_id::alert_40, failed, "tls-remote-alert-40-handshake-failure"},
    {reason_id::alert_70, failed, "tls-remote-alert-70-protocol-version-not-supported"},
    {reason_id::alert_70, failed, "tls-local-alert-70-protocol-version-not-supported"},
    {reason_id::alert_80, failed, "tls-remote-alert-80-internal-error"},
    {reason_id::alert_80, failed, "tls-local-alert-20-bad-record-mac"},
    {reason_id::alert_80, failed, "tls-local-alert-22-record-overflow"},
    {reason_id::alert_80, failed, "tls-remote-alert-50-decode-error"},
    {reason_id::alert_80, failed, "tls-remote-alert-51-decrypt-error"},
    {reason_id::alert_112, failed, "tls-remote-alert-112-unrecognized-name"},
    {reason_id::alert_116, failed, "tls-remote-alert-116-certificate-required"},
    {reason_id::alert_116, failed, "tls-remote-alert-42-bad-certificate"},
    {reason_id::alert_116, failed, "tls-remote-alert-46-unknown-certificate"},
    {reason_id::alert_48, failed, "tls-local-alert-48-unknown-certificate-authority"},
    {reason_id::alert_71, failed, "tls-remote-alert-71-insufficient-security-level"},
    {reason_id::alert_other, failed, "tls-remote-alert-90-user-canceled"},
    {reason_id::alert_other, failed, "tls-local-alert-47-illegal-parameter"},
    {reason_id::alert_other, failed, "tls-remote-error"},
    {reason_id::handshake_closed, failed, "connection-closed-during-handshake"},
    {reason_id::handshake_closed, failed, "unexpected EOF"},
    {reason_id::handshake_closed, failed, "connection refused"},
    {reason_id::handshake_timeout, failed, "io-timeout-during-handshake"},
    {reason_id::handshake_timeout, failed, "timeout"},
    {reason_id::handshake_timeout, failed, "i/o timeout"},
    {reason_id::handshake_not_tls, failed, "tls-record-header-error"},
    {reason_id::handshake_not_tls, failed, "wrong_version_number"},
    {reason_id::handshake_not_tls, failed, "InvalidContentType"},
    {reason_id::handshake_failed, failed, "tls-handshake-failure"},
    {reason_id::handshake_failed, failed, "TLS_ERROR"},
    {reason_id::handshake_failed, failed, "tls"},
    {reason_id::starttls_absent, result_type::starttls_not_supported, ""},
    {reason_id::starttls_absent, failed, "STARTTLS was not advertised by host"},
    {reason_id::starttls_absent, failed, "STARTTLS not advertised"},
    {reason_id::starttls_refused, failed, "smtp-starttls-reply-code-454"},
    {reason_id::starttls_refused, failed, "454 4.7.0 TLS not available"},
    {reason_id::sts_mx_mismatch, failed, "MX_HOSTS_MISMATCH"},
    {reason_id::sts_mx_mismatch, failed, "mtasts-policy-mx-mismatch"},
    {reason_id::sts_mx_mismatch, failed, "MX not authorized by policy"},
    {reason_id::sts_mx_mismatch, failed, "mx-mismatch"},
    {reason_id::ms_validation_failure, failed, "VALIDATION_FAILURE"},
    {reason_id::http_404, fetch, "bad https response code: 404"},
    {reason_id::http_404, fetch, "Policy not found"},
    {reason_id::http_404, fetch, "no-policy-served"},
    {reason_id::http_404, fetch, "http-status-404"},
    {reason_id::http_3xx, fetch, "bad https response code: 301"},
    {reason_id::http_3xx, fetch, "http-status-308"},
    {reason_id::http_403, fetch, "bad https response code: 401"},
    {reason_id::http_403, fetch, "bad https response code: 403"},
    {reason_id::http_403, fetch, "http-status-429"},
    {reason_id::http_5xx, fetch, "bad https response code: 500"},
    {reason_id::http_5xx, fetch, "bad https response code: 504"},
    {reason_id::http_timeout, fetch, "timeout"},
    {reason_id::http_timeout, fetch, "too-large"},
    {reason_id::http_timeout, fetch, "Timeout fetching policy"},
    {reason_id::http_timeout, fetch, "context deadline exceeded"},
    {reason_id::http_timeout, fetch, "i/o timeout"},
    {reason_id::http_connect, fetch, "connect"},
    {reason_id::http_connect, fetch, "Could not reach policy host"},
    {reason_id::http_connect, fetch, "connection refused"},
    {reason_id::http_connect, fetch, "no route to host"},
    {reason_id::http_connect, fetch, "no such host"},
    {reason_id::http_other, fetch, "cannot-fetch-policy"},
    {reason_id::http_other, fetch, "Failed to fetch policy"},
    {reason_id::http_other, fetch, "http-status-418"},
    {reason_id::http_backoff, fetch, "back-off-after-recent-fetch-error"},
    {reason_id::sts_fallback, fetch, "fallback-to-cached-policy"},
    {reason_id::sts_fallback, fetch, "+fallback-to-cached-policy"},
    {reason_id::sts_no_record, fetch, "no-mta-sts-dns-txt-record"},
    {reason_id::sts_multiple_records, fetch, "multiple-mta-sts-records"},
    {reason_id::sts_record_syntax, fetch, "record-syntax-error"},
    {reason_id::sts_record_syntax, fetch, "Failed to parse MTA-STS DNS record"},
    {reason_id::sts_policy_syntax, result_type::sts_policy_invalid, "policy-syntax-error"},
    {reason_id::sts_policy_syntax, result_type::sts_policy_invalid, "sts-missing-max-age"},
    {reason_id::sts_policy_syntax, result_type::sts_policy_invalid, "Policy too large"},
    {reason_id::sts_policy_syntax, result_type::sts_policy_invalid, ""},
    {reason_id::sts_policy_media, result_type::sts_policy_invalid, "media-type"},
    {reason_id::webpki_expired, result_type::sts_webpki_invalid, "X509_V_ERR_CERT_HAS_EXPIRED"},
    {reason_id::sts_required_none, result_type::unknown,
     "MTA-STS is required and no policy was found"},
    {reason_id::fingerprints_unusable, failed, "all-fingerprints-unusable"},
    {reason_id::fingerprints_unusable, failed, "all-trust-anchors-unusable"},
    {reason_id::requiretls, failed, "REQUIRETLS"},
};

/// Names of the codes of OpenSSL 3.0 from 1 on, without "X509_V_ERR_", and what
/// X509_verify_cert_error_string() says.
struct openssl_code {
  std::string_view name, text;
  reason_id id;
};

constexpr openssl_code openssl_codes[] = {
    {"UNSPECIFIED", "unspecified certificate verification error", reason_id::x509_local},
    {"UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate", reason_id::x509_no_issuer},
    {"UNABLE_TO_GET_CRL", "unable to get certificate CRL", reason_id::x509_crl},
    {"UNABLE_TO_DECRYPT_CERT_SIGNATURE", "unable to decrypt certificate's signature",
     reason_id::x509_signature},
    {"UNABLE_TO_DECRYPT_CRL_SIGNATURE", "unable to decrypt CRL's signature", reason_id::x509_crl},
    {"UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "unable to decode issuer public key",
     reason_id::x509_signature},
    {"CERT_SIGNATURE_FAILURE", "certificate signature failure", reason_id::x509_signature},
    {"CRL_SIGNATURE_FAILURE", "CRL signature failure", reason_id::x509_crl},
    {"CERT_NOT_YET_VALID", "certificate is not yet valid", reason_id::x509_not_yet_valid},
    {"CERT_HAS_EXPIRED", "certificate has expired", reason_id::x509_expired},
    {"CRL_NOT_YET_VALID", "CRL is not yet valid", reason_id::x509_crl},
    {"CRL_HAS_EXPIRED", "CRL has expired", reason_id::x509_crl},
    {"ERROR_IN_CERT_NOT_BEFORE_FIELD", "format error in certificate's notBefore field",
     reason_id::x509_signature},
    {"ERROR_IN_CERT_NOT_AFTER_FIELD", "format error in certificate's notAfter field",
     reason_id::x509_signature},
    {"ERROR_IN_CRL_LAST_UPDATE_FIELD", "format error in CRL's lastUpdate field",
     reason_id::x509_crl},
    {"ERROR_IN_CRL_NEXT_UPDATE_FIELD", "format error in CRL's nextUpdate field",
     reason_id::x509_crl},
    {"OUT_OF_MEM", "out of memory", reason_id::x509_local},
    {"DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate", reason_id::x509_self_signed},
    {"SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain",
     reason_id::x509_self_signed_in_chain},
    {"UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate",
     reason_id::x509_no_issuer},
    {"UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate",
     reason_id::x509_first_unverified},
    {"CERT_CHAIN_TOO_LONG", "certificate chain too long", reason_id::x509_chain_too_long},
    {"CERT_REVOKED", "certificate revoked", reason_id::x509_revoked},
    {"NO_ISSUER_PUBLIC_KEY", "issuer certificate doesn't have a public key",
     reason_id::x509_bad_ca},
    {"PATH_LENGTH_EXCEEDED", "path length constraint exceeded", reason_id::x509_chain_too_long},
    {"INVALID_PURPOSE", "unsuitable certificate purpose", reason_id::x509_purpose},
    {"CERT_UNTRUSTED", "certificate not trusted", reason_id::x509_untrusted},
    {"CERT_REJECTED", "certificate rejected", reason_id::x509_untrusted},
    {"SUBJECT_ISSUER_MISMATCH", "subject issuer mismatch", reason_id::x509_bad_ca},
    {"AKID_SKID_MISMATCH", "authority and subject key identifier mismatch", reason_id::x509_bad_ca},
    {"AKID_ISSUER_SERIAL_MISMATCH", "authority and issuer serial number mismatch",
     reason_id::x509_bad_ca},
    {"KEYUSAGE_NO_CERTSIGN", "key usage does not include certificate signing",
     reason_id::x509_bad_ca},
    {"UNABLE_TO_GET_CRL_ISSUER", "unable to get CRL issuer certificate", reason_id::x509_crl},
    {"UNHANDLED_CRITICAL_EXTENSION", "unhandled critical extension", reason_id::x509_extension},
    {"KEYUSAGE_NO_CRL_SIGN", "key usage does not include CRL signing", reason_id::x509_crl},
    {"UNHANDLED_CRITICAL_CRL_EXTENSION", "unhandled critical CRL extension", reason_id::x509_crl},
    {"INVALID_NON_CA", "invalid non-CA certificate (has CA markings)", reason_id::x509_bad_ca},
    {"PROXY_PATH_LENGTH_EXCEEDED", "proxy path length constraint exceeded",
     reason_id::x509_proxy_path},
    {"KEYUSAGE_NO_DIGITAL_SIGNATURE", "key usage does not include digital signature",
     reason_id::x509_purpose},
    {"PROXY_CERTIFICATES_NOT_ALLOWED",
     "proxy certificates not allowed, please set the appropriate flag", reason_id::x509_proxy_path},
    {"INVALID_EXTENSION", "invalid or inconsistent certificate extension",
     reason_id::x509_extension},
    {"INVALID_POLICY_EXTENSION", "invalid or inconsistent certificate policy extension",
     reason_id::x509_extension},
    {"NO_EXPLICIT_POLICY", "no explicit policy", reason_id::x509_extension},
    {"DIFFERENT_CRL_SCOPE", "different CRL scope", reason_id::x509_crl},
    {"UNSUPPORTED_EXTENSION_FEATURE", "unsupported extension feature", reason_id::x509_extension},
    {"UNNESTED_RESOURCE", "RFC 3779 resource not subset of parent's resources",
     reason_id::x509_extension},
    {"PERMITTED_VIOLATION", "permitted subtree violation", reason_id::x509_name_constraints},
    {"EXCLUDED_VIOLATION", "excluded subtree violation", reason_id::x509_name_constraints},
    {"SUBTREE_MINMAX", "name constraints minimum and maximum not supported",
     reason_id::x509_name_constraints},
    {"APPLICATION_VERIFICATION", "application verification failure", reason_id::x509_local},
    {"UNSUPPORTED_CONSTRAINT_TYPE", "unsupported name constraint type",
     reason_id::x509_name_constraints},
    {"UNSUPPORTED_CONSTRAINT_SYNTAX", "unsupported or invalid name constraint syntax",
     reason_id::x509_name_constraints},
    {"UNSUPPORTED_NAME_SYNTAX", "unsupported or invalid name syntax",
     reason_id::x509_name_constraints},
    {"CRL_PATH_VALIDATION_ERROR", "CRL path validation error", reason_id::x509_crl},
    {"PATH_LOOP", "path loop", reason_id::x509_bad_ca},
    {"SUITE_B_INVALID_VERSION", "Suite B: certificate version invalid", reason_id::x509_extension},
    {"SUITE_B_INVALID_ALGORITHM", "Suite B: invalid public key algorithm",
     reason_id::x509_extension},
    {"SUITE_B_INVALID_CURVE", "Suite B: invalid ECC curve", reason_id::x509_extension},
    {"SUITE_B_INVALID_SIGNATURE_ALGORITHM", "Suite B: invalid signature algorithm",
     reason_id::x509_extension},
    {"SUITE_B_LOS_NOT_ALLOWED", "Suite B: curve not allowed for this LOS",
     reason_id::x509_extension},
    {"SUITE_B_CANNOT_SIGN_P_384_WITH_P_256", "Suite B: cannot sign P-384 with P-256",
     reason_id::x509_extension},
    {"HOSTNAME_MISMATCH", "hostname mismatch", reason_id::x509_host_mismatch},
    {"EMAIL_MISMATCH", "email address mismatch", reason_id::x509_ip_mismatch},
    {"IP_ADDRESS_MISMATCH", "IP address mismatch", reason_id::x509_ip_mismatch},
    {"DANE_NO_MATCH", "no matching DANE TLSA records", reason_id::x509_dane_no_match},
    {"EE_KEY_TOO_SMALL", "EE certificate key too weak", reason_id::x509_weak},
    {"CA_KEY_TOO_SMALL", "CA certificate key too weak", reason_id::x509_weak},
    {"CA_MD_TOO_WEAK", "CA signature digest algorithm too weak", reason_id::x509_weak},
    {"INVALID_CALL", "invalid certificate verification context", reason_id::x509_local},
    {"STORE_LOOKUP", "issuer certificate lookup error", reason_id::x509_local},
    {"NO_VALID_SCTS", "Certificate Transparency required, but no valid SCTs found",
     reason_id::x509_extension},
    {"PROXY_SUBJECT_NAME_VIOLATION", "proxy subject name violation", reason_id::x509_proxy_path},
    {"OCSP_VERIFY_NEEDED", "OCSP verification needed", reason_id::x509_ocsp},
    {"OCSP_VERIFY_FAILED", "OCSP verification failed", reason_id::x509_ocsp},
    {"OCSP_CERT_UNKNOWN", "OCSP unknown cert", reason_id::x509_ocsp},
    {"UNSUPPORTED_SIGNATURE_ALGORITHM", "Cannot find certificate signature algorithm",
     reason_id::x509_weak},
    {"SIGNATURE_ALGORITHM_MISMATCH",
     "subject signature algorithm and issuer public key algorithm mismatch",
     reason_id::x509_signature},
    {"SIGNATURE_ALGORITHM_INCONSISTENCY", "cert info signature and signature algorithm mismatch",
     reason_id::x509_signature},
    {"INVALID_CA", "invalid CA certificate", reason_id::x509_bad_ca},
    {"PATHLEN_INVALID_FOR_NON_CA", "Path length invalid for non-CA cert", reason_id::x509_bad_ca},
    {"PATHLEN_WITHOUT_KU_KEY_CERT_SIGN", "Path length given without key usage keyCertSign",
     reason_id::x509_bad_ca},
    {"KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA", "Key usage keyCertSign invalid for non-CA cert",
     reason_id::x509_bad_ca},
    {"ISSUER_NAME_EMPTY", "Issuer name empty", reason_id::x509_bad_ca},
    {"SUBJECT_NAME_EMPTY", "Subject name empty", reason_id::x509_extension},
    {"MISSING_AUTHORITY_KEY_IDENTIFIER", "Missing Authority Key Identifier",
     reason_id::x509_bad_ca},
    {"MISSING_SUBJECT_KEY_IDENTIFIER", "Missing Subject Key Identifier", reason_id::x509_bad_ca},
    {"EMPTY_SUBJECT_ALT_NAME", "Empty Subject Alternative Name extension",
     reason_id::x509_extension},
    {"EMPTY_SUBJECT_SAN_NOT_CRITICAL", "Subject empty and Subject Alt Name extension not critical",
     reason_id::x509_extension},
    {"CA_BCONS_NOT_CRITICAL", "Basic Constraints of CA cert not marked critical",
     reason_id::x509_bad_ca},
    {"AUTHORITY_KEY_IDENTIFIER_CRITICAL", "Authority Key Identifier marked critical",
     reason_id::x509_bad_ca},
    {"SUBJECT_KEY_IDENTIFIER_CRITICAL", "Subject Key Identifier marked critical",
     reason_id::x509_bad_ca},
    {"CA_CERT_MISSING_KEY_USAGE", "CA cert does not include key usage extension",
     reason_id::x509_bad_ca},
    {"EXTENSIONS_REQUIRE_VERSION_3", "Using cert extension requires at least X509v3",
     reason_id::x509_extension},
    {"EC_KEY_EXPLICIT_PARAMS", "Certificate public key has explicit ECC parameters",
     reason_id::x509_weak},
};

/// A report with one failure of an MTA-STS policy.
struct sts_case {
  std::array<std::string_view, 3> lines{"version: STSv1", "mode: enforce", "mx: example.com"};
  std::array<std::string_view, 1> patterns{"example.com"};
  tlsrpt::policy_head_view policy;
  tlsrpt::failure_details_view failure;

  sts_case() {
    policy.policy_type = {policy_type::sts, "sts"};
    policy.policy_string = lines;
    policy.mx_host = patterns;
    failure.result_type = {failed, "validation-failure"};
    failure.receiving_mx_hostname = "mx1.example.com";
  }
  sts_case(const sts_case&) = delete;
  sts_case& operator=(const sts_case&) = delete;

  std::string said() const {
    const reason_match match = match_reason(policy, failure);
    return std::string(name(match.id)) + ' ' + std::string(name(match.certainty));
  }
};

}  // namespace

TEST_CASE("RC-03: the texts of every row are sure") {
  std::set<reason_id> seen;
  for (const known_text& known : sure_texts) {
    INFO(known.text);
    const reason_match match = match_reason(known.type, known.text);
    CHECK(name(match.id) == name(known.id));
    CHECK(match.certainty == certainty::sure);
    seen.insert(match.id);
  }
  for (auto id = reason_id::x509_expired; id <= reason_id::requiretls;
       id = static_cast<reason_id>(static_cast<int>(id) + 1)) {
    INFO(name(id));
    CHECK(seen.contains(id));
  }
}

TEST_CASE("each code of OpenSSL, by name and by text, at mail hosts and at web servers") {
  CHECK(std::size(openssl_codes) == 94);
  for (const openssl_code& code : openssl_codes) {
    const std::string prefixed = "X509_V_ERR_" + std::string(code.name);
    for (std::string_view text : {code.name, std::string_view(prefixed), code.text}) {
      INFO(text);
      CHECK(said(failed, text) == std::string(name(code.id)) + " sure");
      const std::string at_web = said(result_type::sts_webpki_invalid, text);
      const std::string_view cause = name(code.id).substr(name(code.id).find('.'));
      const bool is_shared =
          code.id == reason_id::x509_local || code.id == reason_id::x509_dane_no_match;
      CHECK(at_web == (is_shared ? "x509" : "webpki") + std::string(cause) + " sure");
    }
  }
}

TEST_CASE("RC-01: the text is looked at before the type") {
  CHECK(id_of(failed, "self-signed_certificate") == reason_id::x509_self_signed);
  CHECK(id_of(result_type::certificate_not_trusted, "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT") ==
        reason_id::x509_self_signed);
  CHECK(id_of(result_type::certificate_expired, "mx-mismatch") == reason_id::sts_mx_mismatch);
  // But a text that says nothing leaves it to the type.
  CHECK(said(result_type::certificate_expired, "tls") == "x509.expired sure");
  CHECK(said(result_type::starttls_not_supported, "TLS_ERROR") == "starttls.absent sure");
}

TEST_CASE("RC-02: case and separators do not matter, and prefixes are taken off") {
  for (std::string_view text :
       {"certificate has expired", "CERTIFICATE_HAS_EXPIRED", "  Certificate--has _ expired.\r\n",
        "x509: certificate has expired", "tls: x509: certificate has expired",
        "error: certificate has expired", "SSL_certificate_has_expired",
        "x509 v err cert has expired", "X509-V-ERR-CERT-HAS-EXPIRED",
        "invalid peer certificate: certificate has expired", "\"certificate has expired\""}) {
    INFO(text);
    CHECK(said(failed, text) == "x509.expired sure");
  }
}

TEST_CASE("RC-02: modifiers are matched by themselves") {
  const reason_match cached = match_reason(fetch, "http-status-503+fallback-to-cached-policy");
  CHECK(cached == reason_match{reason_id::http_5xx, certainty::sure, 503, true});
  CHECK(match_reason(fetch, "what+fallback-to-cached-policy") ==
        reason_match{reason_id::sts_fallback, certainty::sure, 0, true});
  CHECK(match_reason(failed, "dane-no-match+ignored") ==
        reason_match{reason_id::x509_dane_no_match, certainty::sure});
  CHECK(match_reason(failed, "dane-no-match+fallback-to-cached-policy+ignored") ==
        reason_match{reason_id::x509_dane_no_match, certainty::sure, 0, true});
  const auto webpki = result_type::sts_webpki_invalid;
  CHECK(said(webpki, "certificate-expired+") == "webpki.expired sure");
  CHECK(said(webpki, "certificate-not-trusted+too-many-intermediates") ==
        "webpki.chain_too_long sure");
  CHECK(said(webpki, "certificate-not-trusted+something-new") == "webpki.untrusted sure");
}

TEST_CASE("RC-03: the last phrase wins, at word boundaries only") {
  CHECK(said(failed, "remote error: tls: x509: certificate signed by unknown authority") ==
        "x509.no_issuer likely");
  CHECK(said(failed, "unexpected EOF after certificate has expired") == "x509.expired likely");
  CHECK(said(failed, "certificate has expired, then unexpected EOF") == "handshake.closed likely");
  CHECK(said(failed, "x509: certificate is valid for a.example, not mx.example.com") ==
        "x509.host_mismatch likely");
  CHECK(said(failed, "smtp; invalid peer certificate: UnknownIssuer") == "x509.no_issuer likely");
  CHECK(said(failed, "451 tls-remote-alert-40-handshake-failure") == "alert.40 likely");
  for (std::string_view text : {"mytimeout", "timeouts", "timeout.example.com", "unknownissuers",
                                "uncertificate has expired", "expired or so", "not connect"})
    CHECK(id_of(failed, text) == reason_id::unknown);
}

TEST_CASE("RC-03: a bare number matches nothing") {
  for (std::string_view text : {"404", "454", " 503 ", "70"}) {
    CHECK(id_of(fetch, text) == reason_id::unknown);
    CHECK(id_of(failed, text) == reason_id::unknown);
  }
  CHECK(id_of(fetch, "http-status-") == reason_id::unknown);
  CHECK(id_of(fetch, "http-status-ok") == reason_id::unknown);
  CHECK(id_of(fetch, "http-status-404x") == reason_id::unknown);
  CHECK(id_of(fetch, "http-status-99999999999999999999") == reason_id::unknown);
  CHECK(match_reason(failed, "tls-remote-alert-70-protocol-version").number == 70);
  CHECK(match_reason(failed, "smtp-starttls-reply-code-454").number == 454);
}

TEST_CASE("alerts of the sender about certificates are about that of the mail host") {
  CHECK(id_of(failed, "tls-local-alert-45-certificate-expired") == reason_id::x509_expired);
  CHECK(id_of(failed, "tls-local-alert-44-certificate-revoked") == reason_id::x509_revoked);
  CHECK(id_of(failed, "tls-remote-alert-45-certificate-expired") == reason_id::alert_116);
  CHECK(id_of(failed, "tls-remote-alert-44-certificate-revoked") == reason_id::alert_116);
  CHECK(id_of(failed, "tls-remote-alert-48-unknown-ca") == reason_id::alert_116);
  CHECK(id_of(failed, "tls-local-alert-42-bad-certificate") == reason_id::alert_other);
}

TEST_CASE("RC-04: what is not known stays unknown") {
  for (std::string_view text : {"foo", "testFailureReasonCode", "Caf\xc3\xa9", "\xff\xfe"})
    CHECK(match_reason(failed, text) == reason_match{reason_id::unknown});
  CHECK(id_of(result_type::certificate_expired, "foo") == reason_id::unknown);
  CHECK(id_of(failed, "dns-extended-error-4-forged-answer") == reason_id::unknown);
}

TEST_CASE("RC-05: what the type alone says") {
  for (std::string_view text : {"", " ", "-", "._ "}) {
    CHECK(said(result_type::certificate_expired, text) == "x509.expired sure");
    CHECK(said(result_type::dane_required, text) == "tlsa.missing guess");
    CHECK(said(fetch, text) == "http.other guess");
    for (auto type :
         {failed, result_type::certificate_not_trusted, result_type::tlsa_invalid,
          result_type::dnssec_invalid, result_type::sts_webpki_invalid, result_type::unknown})
      CHECK(said(type, text) == "- guess");
  }
}

TEST_CASE(
    "RC-05: additional information is likely, unless the type says the same; URIs say nothing") {
  CHECK(match_reason(failed, "", "certificate expired on Tuesday") ==
        reason_match{reason_id::x509_expired, certainty::likely});
  CHECK(match_reason(failed, "foo", "self-signed certificate") ==
        reason_match{reason_id::x509_self_signed, certainty::likely});
  CHECK(match_reason(failed, "dane-no-match", "self-signed certificate").id ==
        reason_id::x509_dane_no_match);
  const result_type expired = result_type::certificate_expired;
  CHECK(match_reason(expired, "foo", "certificate expired on Tuesday") ==
        reason_match{reason_id::x509_expired, certainty::sure});
  CHECK(match_reason(expired, "foo", "self-signed certificate") ==
        reason_match{reason_id::x509_self_signed, certainty::likely});
  CHECK(match_reason(failed, "", "https://a.example/timeout") == reason_match{});
  CHECK(match_reason(fetch, "", "https://a.example/timeout").id == reason_id::http_other);
}

TEST_CASE("RC-28: causes at web servers apply to policies that are fetched, and to nothing else") {
  for (std::string_view text :
       {"http-status-404", "bad https response code: 500", "Policy not found",
        "cannot-fetch-policy", "back-off-after-recent-fetch-error", "no-mta-sts-dns-txt-record",
        "multiple-mta-sts-records", "record-syntax-error", "policy-syntax-error", "media-type"}) {
    INFO(text);
    CHECK(id_of(failed, text) == reason_id::unknown);
    CHECK(id_of(fetch, text) != reason_id::unknown);
  }
  CHECK(id_of(failed, "context deadline exceeded") == reason_id::handshake_timeout);
  CHECK(id_of(failed, "tls timeout") == reason_id::handshake_timeout);
  CHECK(id_of(failed, "no route to host") == reason_id::handshake_closed);
  CHECK(id_of(fetch, "X509_V_ERR_CERT_HAS_EXPIRED") == reason_id::webpki_expired);
}

TEST_CASE("RC-20: a mail host that the policy does not list") {
  sts_case report;
  CHECK(report.said() == "sts.mx_mismatch likely");
  report.failure.failure_reason_code = "VALIDATION_FAILURE";
  CHECK(report.said() == "sts.mx_mismatch likely");
  report.failure.failure_reason_code = "what is this";
  CHECK(report.said() == "sts.mx_mismatch likely");
  report.failure.failure_reason_code = "self-signed_certificate";
  CHECK(report.said() == "x509.self_signed sure");

  report.failure.failure_reason_code = {};
  report.failure.result_type.value = result_type::certificate_host_mismatch;
  CHECK(report.said() == "sts.mx_mismatch likely");
  report.failure.result_type.value = result_type::certificate_expired;
  CHECK(report.said() == "x509.expired sure");

  report.failure.result_type.value = failed;
  report.failure.receiving_mx_hostname = "example.com";
  CHECK(report.said() == "- guess");
  report.failure.receiving_mx_hostname = "not a host";
  CHECK(report.said() == "- guess");
}

TEST_CASE("RC-20: a host that either list has is listed, and a policy without hosts lists all") {
  sts_case report;
  report.patterns = {"*.example.com"};
  CHECK(report.said() == "- guess");
  report.patterns = {"example.com"};
  report.lines[2] = "mx: *.example.com";
  CHECK(report.said() == "- guess");
  report.policy.mx_host = {};
  report.lines[2] = "max_age: 86400";
  CHECK(report.said() == "- guess");
  report.policy.policy_string = {};
  CHECK(report.said() == "- guess");
}

TEST_CASE("RC-20: other kinds of policies list no hosts") {
  sts_case report;
  for (auto kind : {policy_type::tlsa, policy_type::no_policy_found, policy_type::unknown}) {
    report.policy.policy_type.value = kind;
    CHECK(report.said() == "- guess");
  }
}

TEST_CASE("RC-21: a failure without host, address and reason") {
  sts_case report;
  report.failure.receiving_mx_hostname = {};
  CHECK(report.said() == "sts.mx_mismatch likely");
  report.failure.failure_reason_code = "MX_HOSTS_MISMATCH";
  CHECK(report.said() == "sts.mx_mismatch sure");
  report.failure.failure_reason_code = "VALIDATION_FAILURE";
  CHECK(report.said() == "ms.validation_failure sure");
  report.failure.failure_reason_code = {};
  report.failure.receiving_ip.text = "192.0.2.1";
  CHECK(report.said() == "- guess");
  report.failure.receiving_ip = {};
  report.failure.result_type.value = result_type::unknown;
  CHECK(report.said() == "- guess");
}

TEST_CASE("RC-22: dates and names do not matter under DANE-EE") {
  tlsrpt::policy_head_view policy;
  policy.policy_type.value = policy_type::tlsa;
  std::array<std::string_view, 2> records{"3 1 1 0b9f", "3 0 1 0c"};
  policy.policy_string = records;
  tlsrpt::failure_details_view failure;
  failure.result_type.value = result_type::certificate_expired;
  const auto acts = [&](reason_id id) { return party_of(id, setting_of(policy, failure)); };
  CHECK(acts(reason_id::x509_expired) == party::sender);
  CHECK(acts(reason_id::x509_host_mismatch) == party::sender);
  CHECK(acts(reason_id::unknown) == party::sender);
  CHECK(acts(reason_id::x509_dane_no_match) == party::dns);
  records[1] = "2 0 1 0c";
  CHECK(acts(reason_id::x509_expired) == party::certificate);
  policy.policy_string = {};
  CHECK(acts(reason_id::x509_expired) == party::certificate);
}

TEST_CASE("RC-29: what is not trusted under DANE fits no TLSA record") {
  tlsrpt::policy_head_view policy;
  policy.policy_type.value = policy_type::tlsa;
  tlsrpt::failure_details_view failure;
  failure.result_type.value = result_type::certificate_not_trusted;
  CHECK(match_reason(policy, failure).id == reason_id::x509_dane_no_match);
  CHECK(match_reason(policy, failure).certainty == tlsrpt::certainty::likely);
  failure.failure_reason_code = "unable to get local issuer certificate";
  CHECK(match_reason(policy, failure).id == reason_id::x509_no_issuer);
  failure.failure_reason_code = "no words of ours";
  CHECK(match_reason(policy, failure).id == reason_id::unknown);
  failure.failure_reason_code = {};
  policy.policy_type.value = policy_type::sts;
  policy.mx_host = {};
  CHECK(match_reason(policy, failure).id == reason_id::none);
}

TEST_CASE("RC-23: without a policy certificates do not matter, unless no session succeeded") {
  tlsrpt::policy_head_view policy;
  policy.policy_type.value = policy_type::no_policy_found;
  tlsrpt::failure_details_view failure;
  failure.result_type.value = result_type::certificate_not_trusted;
  const auto acts = [&](reason_id id) { return party_of(id, setting_of(policy, failure)); };
  CHECK(acts(reason_id::x509_self_signed) == party::nobody);
  CHECK(acts(reason_id::none) == party::nobody);
  CHECK(acts(reason_id::starttls_absent) == party::mail_host);
  policy.total_successful_session_count = 3;
  CHECK(acts(reason_id::x509_self_signed) == party::nobody);
  policy.total_successful_session_count = 0;
  CHECK(acts(reason_id::x509_self_signed) == party::certificate);
}

TEST_CASE("RC-24: a policy of mode none is for the sender to ignore") {
  sts_case report;
  const auto acts = [&] {
    return party_of(reason_id::x509_expired, setting_of(report.policy, report.failure));
  };
  for (std::string_view line : {"mode: enforce", "mode: testing", "mode: what"}) {
    report.lines[1] = line;
    CHECK(acts() == party::certificate);
  }
  report.lines[1] = "mode: none";
  CHECK(acts() == party::sender);
}

TEST_CASE("at web servers it is the policy host that must act") {
  const tlsrpt::failure_setting setting{.kind = policy_type::sts, .type = fetch};
  for (auto id : {reason_id::alert_70, reason_id::handshake_closed, reason_id::webpki_expired,
                  reason_id::http_404, reason_id::unknown})
    CHECK(party_of(id, setting) == party::policy_host);
  CHECK(party_of(reason_id::dns_unreachable, setting) == party::dns);
}

TEST_CASE("who must act when no cause is known") {
  const auto acts = [](result_type type) { return party_of(reason_id::none, {.type = type}); };
  CHECK(acts(result_type::unknown) == party::mail_host);
  CHECK(acts(result_type::starttls_not_supported) == party::mail_host);
  CHECK(acts(result_type::certificate_host_mismatch) == party::certificate);
  CHECK(acts(result_type::certificate_not_trusted) == party::certificate);
  CHECK(acts(failed) == party::mail_host);
  CHECK(acts(result_type::tlsa_invalid) == party::dns);
  CHECK(acts(result_type::dnssec_invalid) == party::dns);
  CHECK(acts(result_type::dane_required) == party::dns);
  CHECK(acts(fetch) == party::policy_host);
  CHECK(acts(result_type::sts_policy_invalid) == party::policy_text);
  CHECK(acts(result_type::sts_webpki_invalid) == party::policy_host);
}

TEST_CASE("there are 67 rows, with one of them for each cause at web servers") {
  const int causes = static_cast<int>(reason_id::requiretls);
  const int at_web = static_cast<int>(last_id) - causes;
  CHECK(causes == 67 - 1 + 1);  // unknown, and all rows but the one of web servers
  CHECK(at_web == 20);
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_id); ++i) {
    const auto id = static_cast<reason_id>(i);
    INFO(name(id));
    CHECK(names.insert(name(id)).second);
    CHECK(tlsrpt::find_reason(name(id)) == id);
    if (id == reason_id::none || id == reason_id::unknown) {
      CHECK((explanation(id).empty() && remedy(id).empty() && party_of(id) == party::nobody));
      continue;
    }
    CHECK(name(id).find('.') != 0);
    for (std::string_view sentence : {explanation(id), remedy(id)}) {
      CHECK(sentence.ends_with('.'));
      CHECK(sentence.size() < 200);
      CHECK(sentence.find(". ") == std::string_view::npos);  // one sentence
    }
  }
  CHECK(tlsrpt::find_reason("x509.expire") == std::nullopt);
  CHECK(tlsrpt::find_reason("") == std::nullopt);
}

TEST_CASE("RC-35: no sentence says that there is an attack") {
  const auto is_calm = [](std::string_view sentence) {
    return sentence.find("attack") == std::string_view::npos;
  };
  for (int i = 0; i <= static_cast<int>(last_id); ++i) {
    const auto id = static_cast<reason_id>(i);
    INFO(name(id));
    CHECK((is_calm(explanation(id)) && is_calm(remedy(id))));
  }
  for (int i = 0; i <= static_cast<int>(result_type::sts_webpki_invalid); ++i) {
    const auto type = static_cast<result_type>(i);
    CHECK((is_calm(explanation(type)) && is_calm(remedy(type))));
  }
}

TEST_CASE("who must act on each cause") {
  const auto all_are = [](reason_id first, reason_id last, party expected) {
    for (auto id = first; id <= last; id = static_cast<reason_id>(static_cast<int>(id) + 1)) {
      INFO(name(id));
      CHECK(party_of(id) == expected);
    }
  };
  all_are(reason_id::x509_expired, reason_id::x509_host_mismatch, party::certificate);
  all_are(reason_id::x509_ip_mismatch, reason_id::x509_ip_mismatch, party::sender);
  all_are(reason_id::x509_revoked, reason_id::x509_extension, party::certificate);
  all_are(reason_id::x509_crl, reason_id::x509_crl, party::sender);
  all_are(reason_id::x509_ocsp, reason_id::x509_ocsp, party::certificate);
  all_are(reason_id::x509_dane_no_match, reason_id::x509_dane_no_match, party::dns);
  all_are(reason_id::x509_local, reason_id::x509_local, party::sender);
  all_are(reason_id::tlsa_unusable, reason_id::dnssec_nsec_missing, party::dns);
  all_are(reason_id::dnssec_algorithm, reason_id::dnssec_algorithm, party::sender);
  all_are(reason_id::dns_unreachable, reason_id::dnssec_unsigned_host, party::dns);
  all_are(reason_id::alert_40, reason_id::alert_116, party::mail_host);
  all_are(reason_id::alert_48, reason_id::alert_48, party::certificate);
  all_are(reason_id::alert_71, reason_id::alert_other, party::mail_host);
  all_are(reason_id::handshake_closed, reason_id::handshake_not_tls, party::network);
  all_are(reason_id::handshake_failed, reason_id::starttls_refused, party::mail_host);
  all_are(reason_id::sts_mx_mismatch, reason_id::sts_mx_mismatch, party::policy_text);
  all_are(reason_id::ms_validation_failure, reason_id::ms_validation_failure, party::mail_host);
  all_are(reason_id::http_404, reason_id::http_other, party::policy_host);
  all_are(reason_id::http_backoff, reason_id::http_backoff, party::nobody);
  all_are(reason_id::sts_fallback, reason_id::sts_fallback, party::policy_host);
  all_are(reason_id::sts_no_record, reason_id::sts_record_syntax, party::dns);
  all_are(reason_id::sts_policy_syntax, reason_id::sts_policy_syntax, party::policy_text);
  all_are(reason_id::sts_policy_media, reason_id::sts_policy_media, party::policy_host);
  all_are(reason_id::sts_required_none, reason_id::fingerprints_unusable, party::sender);
  all_are(reason_id::requiretls, reason_id::requiretls, party::mail_host);
  all_are(reason_id::webpki_expired, reason_id::webpki_ocsp, party::policy_host);
}

TEST_CASE("values that the enumerations do not have") {
  const auto id = static_cast<reason_id>(255);
  CHECK(name(id) == "-");
  CHECK(explanation(id).empty());
  CHECK(remedy(id).empty());
  CHECK(party_of(id) == party::nobody);
  CHECK(name(static_cast<party>(255)) == "nobody");
  CHECK(name(static_cast<certainty>(255)) == "guess");
}

TEST_CASE("long texts take time in proportion") {
  std::string text;
  while (text.size() < 4u << 20) text += "certificate-has-expiredx +timeoutx  unable to get local ";
  CHECK(id_of(failed, text) == reason_id::unknown);
  CHECK(id_of(failed, text + " timeout") == reason_id::handshake_timeout);
  CHECK(id_of(failed, std::string(1u << 22, '+')) == reason_id::none);
  CHECK(id_of(failed, std::string(1u << 22, ' ') + "timeout") == reason_id::handshake_timeout);
  std::string prefixes;
  while (prefixes.size() < 1u << 20) prefixes += "tls: error:";
  CHECK(id_of(failed, prefixes + "timeout") == reason_id::handshake_timeout);
  std::string ignored = "timeout";
  while (ignored.size() < 1u << 20) ignored += "+ignored";
  CHECK(id_of(failed, ignored) == reason_id::handshake_timeout);
}
