/// @file
/// What texts of senders look like, as they are compared: words in lower case with "-" between
/// them.

#ifndef TLSRPT_HPP_DETAIL_REASON_SHAPES
#define TLSRPT_HPP_DETAIL_REASON_SHAPES

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include <tlsrpt/reason.hpp>

namespace tlsrpt::detail {

/// Where a shape may be in a text, and what follows it.
enum class shape_place : std::uint8_t {
  whole,         ///< It is the whole text.
  phrase,        ///< It is the text, or words of it.
  start,         ///< The text begins with it, and more follows.
  http_status,   ///< A status follows.
  reply_code,    ///< A reply code follows.
  dns_error,     ///< An extended DNS error follows (RFC 8914).
  local_alert,   ///< The number of an alert follows that the sender sent.
  remote_alert,  ///< The number of an alert follows that the sender got.
};

struct reason_shape {
  std::string_view text;
  reason_id id;
  shape_place place = shape_place::phrase;
};

// clang-format off
inline constexpr reason_shape reason_shapes[] = {
  // The codes of OpenSSL, by name and as X509_verify_cert_error_string() has them, and what other
  // libraries and mail servers say for the same. A leading "X509_V_ERR_" is taken off before.
  {"cert-has-expired", reason_id::x509_expired},
  {"certificate-has-expired", reason_id::x509_expired},
  {"certificate-has-expired-or-is-not-yet-valid", reason_id::x509_expired},
  {"certificate-expired", reason_id::x509_expired},
  {"cert-expired", reason_id::x509_expired},
  {"expired", reason_id::x509_expired, shape_place::whole},
  {"cert-not-yet-valid", reason_id::x509_not_yet_valid},
  {"certificate-is-not-yet-valid", reason_id::x509_not_yet_valid},
  {"certificate-not-yet-valid", reason_id::x509_not_yet_valid},
  {"notvalidyet", reason_id::x509_not_yet_valid},
  {"depth-zero-self-signed-cert", reason_id::x509_self_signed},
  {"self-signed-certificate", reason_id::x509_self_signed},
  {"self-signed-cert-in-chain", reason_id::x509_self_signed_in_chain},
  {"self-signed-certificate-in-certificate-chain", reason_id::x509_self_signed_in_chain},
  {"unable-to-get-issuer-cert", reason_id::x509_no_issuer},
  {"unable-to-get-issuer-certificate", reason_id::x509_no_issuer},
  {"unable-to-get-issuer-cert-locally", reason_id::x509_no_issuer},
  {"unable-to-get-local-issuer-certificate", reason_id::x509_no_issuer},
  {"unknownissuer", reason_id::x509_no_issuer},
  {"certificate-signed-by-unknown-authority", reason_id::x509_no_issuer},
  {"unknown-authority", reason_id::x509_no_issuer},
  {"unable-to-verify-leaf-signature", reason_id::x509_first_unverified},
  {"unable-to-verify-the-first-certificate", reason_id::x509_first_unverified},
  {"cert-untrusted", reason_id::x509_untrusted},
  {"certificate-not-trusted", reason_id::x509_untrusted},
  {"cert-rejected", reason_id::x509_untrusted},
  {"certificate-rejected", reason_id::x509_untrusted},
  {"hostname-mismatch", reason_id::x509_host_mismatch},
  {"host-mismatch", reason_id::x509_host_mismatch},
  {"certificate-host-mismatch", reason_id::x509_host_mismatch},
  {"notvalidforname", reason_id::x509_host_mismatch},
  {"notvalidfornamecontext", reason_id::x509_host_mismatch},
  {"certificate-not-valid-for-name", reason_id::x509_host_mismatch},
  {"certificate-is-valid-for", reason_id::x509_host_mismatch},
  {"certificate-is-not-valid-for-any-names", reason_id::x509_host_mismatch},
  {"certificate-is-another-host", reason_id::x509_host_mismatch},
  {"ip-address-mismatch", reason_id::x509_ip_mismatch},
  {"email-mismatch", reason_id::x509_ip_mismatch},
  {"email-address-mismatch", reason_id::x509_ip_mismatch},
  {"cert-revoked", reason_id::x509_revoked},
  {"certificate-revoked", reason_id::x509_revoked},
  {"revoked", reason_id::x509_revoked, shape_place::whole},
  {"invalid-purpose", reason_id::x509_purpose},
  {"invalidpurpose", reason_id::x509_purpose},
  {"invalidpurposecontext", reason_id::x509_purpose},
  {"unsuitable-certificate-purpose", reason_id::x509_purpose},
  {"ca-not-authorized-for-ext-key-usage", reason_id::x509_purpose},
  {"incompatible-key-usage", reason_id::x509_purpose},
  {"keyusage-no-digital-signature", reason_id::x509_purpose},
  {"key-usage-does-not-include-digital-signature", reason_id::x509_purpose},
  {"cert-chain-too-long", reason_id::x509_chain_too_long},
  {"certificate-chain-too-long", reason_id::x509_chain_too_long},
  {"too-many-intermediates", reason_id::x509_chain_too_long},
  {"path-length-exceeded", reason_id::x509_chain_too_long},
  {"path-length-constraint-exceeded", reason_id::x509_chain_too_long},
  {"proxy-path-length-exceeded", reason_id::x509_proxy_path},
  {"proxy-path-length-constraint-exceeded", reason_id::x509_proxy_path},
  {"proxy-certificates-not-allowed", reason_id::x509_proxy_path},
  {"proxy-certificates-not-allowed-please-set-the-appropriate-flag", reason_id::x509_proxy_path},
  {"proxy-subject-name-violation", reason_id::x509_proxy_path},
  {"proxy", reason_id::x509_proxy_path, shape_place::start},
  {"permitted-violation", reason_id::x509_name_constraints},
  {"permitted-subtree-violation", reason_id::x509_name_constraints},
  {"excluded-violation", reason_id::x509_name_constraints},
  {"excluded-subtree-violation", reason_id::x509_name_constraints},
  {"subtree-minmax", reason_id::x509_name_constraints},
  {"name-constraints-minimum-and-maximum-not-supported", reason_id::x509_name_constraints},
  {"unsupported-constraint-type", reason_id::x509_name_constraints},
  {"unsupported-name-constraint-type", reason_id::x509_name_constraints},
  {"unsupported-constraint-syntax", reason_id::x509_name_constraints},
  {"unsupported-or-invalid-name-constraint-syntax", reason_id::x509_name_constraints},
  {"unsupported-name-syntax", reason_id::x509_name_constraints},
  {"unsupported-or-invalid-name-syntax", reason_id::x509_name_constraints},
  {"unconstrained-name", reason_id::x509_name_constraints},
  {"ca-not-authorized-for-this-name", reason_id::x509_name_constraints},
  {"name-constraint-without-sans", reason_id::x509_name_constraints},
  {"too-many-constraints", reason_id::x509_name_constraints},
  {"invalid-ca", reason_id::x509_bad_ca},
  {"invalid-ca-certificate", reason_id::x509_bad_ca},
  {"invalid-non-ca", reason_id::x509_bad_ca},
  {"invalid-non-ca-certificate-has-ca-markings", reason_id::x509_bad_ca},
  {"keyusage-no-certsign", reason_id::x509_bad_ca},
  {"key-usage-does-not-include-certificate-signing", reason_id::x509_bad_ca},
  {"not-authorized-to-sign", reason_id::x509_bad_ca},
  {"parent-subject-child-issuer-mismatch", reason_id::x509_bad_ca},
  {"subject-issuer-mismatch", reason_id::x509_bad_ca},
  {"akid", reason_id::x509_bad_ca, shape_place::start},
  {"authority-and-subject-key-identifier-mismatch", reason_id::x509_bad_ca},
  {"authority-and-issuer-serial-number-mismatch", reason_id::x509_bad_ca},
  {"no-issuer-public-key", reason_id::x509_bad_ca},
  {"issuer-certificate-doesn-t-have-a-public-key", reason_id::x509_bad_ca},
  {"path-loop", reason_id::x509_bad_ca},
  {"pathlen-invalid-for-non-ca", reason_id::x509_bad_ca},
  {"path-length-invalid-for-non-ca-cert", reason_id::x509_bad_ca},
  {"pathlen-without-ku-key-cert-sign", reason_id::x509_bad_ca},
  {"path-length-given-without-key-usage-keycertsign", reason_id::x509_bad_ca},
  {"ku-key-cert-sign-invalid-for-non-ca", reason_id::x509_bad_ca},
  {"key-usage-keycertsign-invalid-for-non-ca-cert", reason_id::x509_bad_ca},
  {"issuer-name-empty", reason_id::x509_bad_ca},
  {"missing-authority-key-identifier", reason_id::x509_bad_ca},
  {"missing-subject-key-identifier", reason_id::x509_bad_ca},
  {"ca-bcons-not-critical", reason_id::x509_bad_ca},
  {"basic-constraints-of-ca-cert-not-marked-critical", reason_id::x509_bad_ca},
  {"authority-key-identifier-critical", reason_id::x509_bad_ca},
  {"authority-key-identifier-marked-critical", reason_id::x509_bad_ca},
  {"subject-key-identifier-critical", reason_id::x509_bad_ca},
  {"subject-key-identifier-marked-critical", reason_id::x509_bad_ca},
  {"ca-cert-missing-key-usage", reason_id::x509_bad_ca},
  {"ca-cert-does-not-include-key-usage-extension", reason_id::x509_bad_ca},
  {"ee-key-too-small", reason_id::x509_weak},
  {"ee-certificate-key-too-weak", reason_id::x509_weak},
  {"ca-key-too-small", reason_id::x509_weak},
  {"ca-certificate-key-too-weak", reason_id::x509_weak},
  {"ca-md-too-weak", reason_id::x509_weak},
  {"ca-signature-digest-algorithm-too-weak", reason_id::x509_weak},
  {"unsupported-signature-algorithm", reason_id::x509_weak},
  {"cannot-find-certificate-signature-algorithm", reason_id::x509_weak},
  {"ec-key-explicit-params", reason_id::x509_weak},
  {"certificate-public-key-has-explicit-ecc-parameters", reason_id::x509_weak},
  {"unable-to-decrypt-cert-signature", reason_id::x509_signature},
  {"unable-to-decrypt-certificate-s-signature", reason_id::x509_signature},
  {"unable-to-decode-issuer-public-key", reason_id::x509_signature},
  {"cert-signature-failure", reason_id::x509_signature},
  {"certificate-signature-failure", reason_id::x509_signature},
  {"error-in-cert-not-before-field", reason_id::x509_signature},
  {"format-error-in-certificate-s-notbefore-field", reason_id::x509_signature},
  {"error-in-cert-not-after-field", reason_id::x509_signature},
  {"format-error-in-certificate-s-notafter-field", reason_id::x509_signature},
  {"signature-algorithm-mismatch", reason_id::x509_signature},
  {"subject-signature-algorithm-and-issuer-public-key-algorithm-mismatch",
   reason_id::x509_signature},
  {"signature-algorithm-inconsistency", reason_id::x509_signature},
  {"cert-info-signature-and-signature-algorithm-mismatch", reason_id::x509_signature},
  {"badsignature", reason_id::x509_signature},
  {"badencoding", reason_id::x509_signature},
  {"unhandled-critical-extension", reason_id::x509_extension},
  {"invalid-extension", reason_id::x509_extension},
  {"invalid-or-inconsistent-certificate-extension", reason_id::x509_extension},
  {"invalid-policy-extension", reason_id::x509_extension},
  {"invalid-or-inconsistent-certificate-policy-extension", reason_id::x509_extension},
  {"no-explicit-policy", reason_id::x509_extension},
  {"unsupported-extension-feature", reason_id::x509_extension},
  {"unnested-resource", reason_id::x509_extension},
  {"rfc-3779-resource-not-subset-of-parent-s-resources", reason_id::x509_extension},
  {"suite-b", reason_id::x509_extension, shape_place::start},
  {"no-valid-scts", reason_id::x509_extension},
  {"no-valid-scts-found", reason_id::x509_extension},
  {"certificate-transparency-required-but-no-valid-scts-found", reason_id::x509_extension},
  {"subject-name-empty", reason_id::x509_extension},
  {"empty-subject-alt-name", reason_id::x509_extension},
  {"empty-subject-alternative-name-extension", reason_id::x509_extension},
  {"empty-subject-san-not-critical", reason_id::x509_extension},
  {"subject-empty-and-subject-alt-name-extension-not-critical", reason_id::x509_extension},
  {"extensions-require-version-3", reason_id::x509_extension},
  {"using-cert-extension-requires-at-least-x509v3", reason_id::x509_extension},
  {"unable-to-get-crl", reason_id::x509_crl},
  {"unable-to-get-certificate-crl", reason_id::x509_crl},
  {"unable-to-get-crl-issuer", reason_id::x509_crl},
  {"unable-to-get-crl-issuer-certificate", reason_id::x509_crl},
  {"unable-to-decrypt-crl-signature", reason_id::x509_crl},
  {"unable-to-decrypt-crl-s-signature", reason_id::x509_crl},
  {"crl", reason_id::x509_crl, shape_place::start},
  {"error-in-crl-last-update-field", reason_id::x509_crl},
  {"format-error-in-crl-s-lastupdate-field", reason_id::x509_crl},
  {"error-in-crl-next-update-field", reason_id::x509_crl},
  {"format-error-in-crl-s-nextupdate-field", reason_id::x509_crl},
  {"keyusage-no-crl-sign", reason_id::x509_crl},
  {"key-usage-does-not-include-crl-signing", reason_id::x509_crl},
  {"unhandled-critical-crl-extension", reason_id::x509_crl},
  {"different-crl-scope", reason_id::x509_crl},
  {"unknownrevocationstatus", reason_id::x509_crl},
  {"ocsp", reason_id::x509_ocsp, shape_place::start},
  {"bad-certificate-status-response", reason_id::x509_ocsp},
  {"dane-no-match", reason_id::x509_dane_no_match},
  {"no-matching-dane-tlsa-records", reason_id::x509_dane_no_match},
  {"no-matching-certificates-found", reason_id::x509_dane_no_match},
  {"no-tlsa-records-matched-the-certificate", reason_id::x509_dane_no_match},
  {"unspecified", reason_id::x509_local, shape_place::whole},
  {"unspecified-certificate-verification-error", reason_id::x509_local},
  {"out-of-mem", reason_id::x509_local},
  {"out-of-memory", reason_id::x509_local},
  {"application-verification", reason_id::x509_local},
  {"application-verification-failure", reason_id::x509_local},
  {"invalid-call", reason_id::x509_local},
  {"invalid-certificate-verification-context", reason_id::x509_local},
  {"store-lookup", reason_id::x509_local},
  {"issuer-certificate-lookup-error", reason_id::x509_local},
  {"no-system-roots", reason_id::x509_local},

  // DANE and DNSSEC.
  {"all-tlsa-records-unusable", reason_id::tlsa_unusable},
  {"all-unusable-records", reason_id::tlsa_unusable},
  {"invalid-tlsa-record", reason_id::tlsa_unusable},
  {"no-tlsa-records-found-for-mx", reason_id::tlsa_missing},
  {"no-tlsa-dnssec-records-found", reason_id::tlsa_missing},
  {"bogus-tlsa-records-were-found", reason_id::dnssec_bogus},
  {"bogus-mx-records-were-found", reason_id::dnssec_bogus},
  {"dns-extended-error", reason_id::unknown, shape_place::dns_error},
  {"extended-dns-error", reason_id::unknown, shape_place::dns_error},
  {"dns-lookup", reason_id::dns_unreachable, shape_place::whole},
  {"dns-lookup-error", reason_id::dns_unreachable},
  {"mx-host-is-not-in-a-dnssec-signed-zone", reason_id::dnssec_unsigned_host},

  // TLS.
  {"tls-remote-alert", reason_id::alert_other, shape_place::remote_alert},
  {"tls-local-alert", reason_id::alert_other, shape_place::local_alert},
  {"tls-remote-error", reason_id::alert_other},
  {"connection-closed-during-handshake", reason_id::handshake_closed},
  {"unexpected-eof", reason_id::handshake_closed},
  {"io-timeout-during-handshake", reason_id::handshake_timeout},
  {"tls-record-header-error", reason_id::handshake_not_tls},
  {"wrong-version-number", reason_id::handshake_not_tls},
  {"invalidcontenttype", reason_id::handshake_not_tls},
  {"tls-handshake-failure", reason_id::handshake_failed},
  {"handshake-failure", reason_id::handshake_failed, shape_place::whole},
  {"tls-error", reason_id::handshake_failed},
  {"tls", reason_id::handshake_failed, shape_place::whole},
  {"starttls-was-not-advertised-by-host", reason_id::starttls_absent},
  {"starttls-not-advertised", reason_id::starttls_absent},
  {"starttls-not-supported", reason_id::starttls_absent},
  {"smtp-starttls-reply-code", reason_id::starttls_refused, shape_place::reply_code},
  {"454", reason_id::starttls_refused, shape_place::start},

  // MTA-STS. The vague ones among these mean the handshake where no policy is fetched.
  {"mx-hosts-mismatch", reason_id::sts_mx_mismatch},
  {"mtasts-policy-mx-mismatch", reason_id::sts_mx_mismatch},
  {"mx-not-authorized-by-policy", reason_id::sts_mx_mismatch},
  {"mx-mismatch", reason_id::sts_mx_mismatch},
  {"validation-failure", reason_id::ms_validation_failure, shape_place::whole},
  {"bad-https-response-code", reason_id::http_other, shape_place::http_status},
  {"http-status", reason_id::http_other, shape_place::http_status},
  {"policy-not-found", reason_id::http_404},
  {"no-policy-served", reason_id::http_404},
  {"timeout", reason_id::http_timeout},
  {"timed-out", reason_id::http_timeout},
  {"too-large", reason_id::http_timeout, shape_place::whole},
  {"timeout-fetching-policy", reason_id::http_timeout},
  {"context-deadline-exceeded", reason_id::http_timeout},
  {"i-o-timeout", reason_id::http_timeout},
  {"connect", reason_id::http_connect, shape_place::whole},
  {"could-not-reach-policy-host", reason_id::http_connect},
  {"connection-refused", reason_id::http_connect},
  {"no-route-to-host", reason_id::http_connect},
  {"no-such-host", reason_id::http_connect},
  {"cannot-fetch-policy", reason_id::http_other},
  {"failed-to-fetch-policy", reason_id::http_other},
  {"back-off-after-recent-fetch-error", reason_id::http_backoff},
  {"fallback-to-cached-policy", reason_id::sts_fallback},
  {"no-mta-sts-dns-txt-record", reason_id::sts_no_record},
  {"record-not-found", reason_id::sts_no_record},
  {"multiple-mta-sts-records", reason_id::sts_multiple_records},
  {"record-syntax-error", reason_id::sts_record_syntax},
  {"failed-to-parse-mta-sts-dns-record", reason_id::sts_record_syntax},
  {"policy-syntax-error", reason_id::sts_policy_syntax},
  {"failed-to-parse-policy", reason_id::sts_policy_syntax},
  {"policy-too-large", reason_id::sts_policy_syntax},
  {"sts", reason_id::sts_policy_syntax, shape_place::start},  // the names of our own codes
  {"media-type", reason_id::sts_policy_media, shape_place::whole},
  {"mta-sts-is-required-and-no-policy-was-found", reason_id::sts_required_none},

  {"all-fingerprints-unusable", reason_id::fingerprints_unusable},
  {"all-trust-anchors-unusable", reason_id::fingerprints_unusable},
  {"requiretls", reason_id::requiretls},
};
// clang-format on

/// The shapes by their texts.
inline constexpr auto sorted_shapes = [] {
  std::array<reason_shape, std::size(reason_shapes)> sorted{};
  std::copy(std::begin(reason_shapes), std::end(reason_shapes), sorted.begin());
  std::sort(sorted.begin(), sorted.end(),
            [](const reason_shape& a, const reason_shape& b) { return a.text < b.text; });
  return sorted;
}();

/// The first of the sorted shapes that do not begin with a lesser octet.
constexpr std::size_t first_shape_with(char octet) noexcept {
  std::size_t first = 0;
  while (first < sorted_shapes.size() && sorted_shapes[first].text.front() < octet) ++first;
  return first;
}

/// first_shape_with() for each octet of ASCII.
inline constexpr auto shape_places = [] {
  std::array<std::uint16_t, 128> places{};
  for (unsigned octet = 0; octet < places.size(); ++octet)
    places[octet] = static_cast<std::uint16_t>(first_shape_with(static_cast<char>(octet)));
  return places;
}();

}  // namespace tlsrpt::detail

#endif
