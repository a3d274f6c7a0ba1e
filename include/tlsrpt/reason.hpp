/// @file
/// A cause of failures, as a value: what it is, how sure that is, and who must act. reasons.hpp
/// finds it in the texts of senders and says what helps.

#ifndef TLSRPT_HPP_REASON
#define TLSRPT_HPP_REASON

#include <cstdint>

namespace tlsrpt {

// clang-format off

/// Why a session failed. Numbers may change in a later version, names do not.
enum class reason_id : std::uint8_t {
  none,     ///< There is no text, and the result type alone does not say.
  unknown,  ///< There is a text, and it is not known here.

  // Certificates that are checked against authorities (RFC 5280).
  x509_expired,               ///< The certificate is past its last day.
  x509_not_yet_valid,         ///< Its first day is yet to come.
  x509_self_signed,           ///< It is signed by itself.
  x509_self_signed_in_chain,  ///< The chain ends in a root that is not public.
  x509_no_issuer,             ///< The authority is unknown, or an intermediate is missing.
  x509_first_unverified,      ///< Nothing but the certificate itself was sent.
  x509_untrusted,             ///< It is not trusted, without a reason.
  x509_host_mismatch,         ///< It does not carry the name of the host.
  x509_ip_mismatch,           ///< It was compared with an address.
  x509_revoked,               ///< Its authority revoked it.
  x509_purpose,               ///< It is not meant for TLS servers.
  x509_chain_too_long,        ///< The chain has too many certificates.
  x509_proxy_path,            ///< Something is wrong with proxy certificates (RFC 3820).
  x509_name_constraints,      ///< The authority may not issue for this name.
  x509_bad_ca,                ///< A certificate of the chain may not sign, or does not fit.
  x509_weak,                  ///< A key is too short, or a hash too old.
  x509_signature,             ///< A signature, or the encoding, is broken.
  x509_extension,             ///< The sender cannot handle an extension.
  x509_crl,                   ///< The sender did not get a list of revoked certificates.
  x509_ocsp,                  ///< The stapled answer about revocation is missing or bad.

  // DANE (RFC 7672) and DNSSEC.
  x509_dane_no_match,   ///< No TLSA record fits the certificate.
  x509_local,           ///< The software of the sender failed.
  tlsa_unusable,        ///< There are TLSA records, but none can be used.
  tlsa_missing,         ///< The sender demands TLSA records, and there are none.
  dnssec_bogus,         ///< Answers do not pass DNSSEC.
  dnssec_expired,       ///< Signatures are past their date.
  dnssec_not_yet,       ///< Signatures have a date to come.
  dnssec_key_missing,   ///< The DS record fits no key.
  dnssec_rrsig_missing, ///< A name server serves the zone without signatures.
  dnssec_nsec_missing,  ///< The proof that a name does not exist is broken.
  dnssec_algorithm,     ///< The resolver of the sender does not know the algorithm.
  dns_unreachable,      ///< The name servers did not answer.
  dnssec_unsigned_host, ///< The name of the mail host is in an unsigned zone.

  // TLS (RFC 8446, section 6).
  alert_40,           ///< Alert 40: no common parameters.
  alert_70,           ///< Alert 70: no common version.
  alert_80,           ///< Alert 80 and its like: the TLS software failed.
  alert_112,          ///< Alert 112: the host refuses the name it is asked for.
  alert_116,          ///< Alert 116 and its like: the host demands a certificate of the sender.
  alert_48,           ///< Alert 48: the authority is unknown.
  alert_71,           ///< Alert 71: parameters are too weak.
  alert_other,        ///< Another alert.
  handshake_closed,   ///< The connection was closed.
  handshake_timeout,  ///< The handshake took too long.
  handshake_not_tls,  ///< What came was not TLS.
  handshake_failed,   ///< The handshake failed, without a reason.

  // STARTTLS (RFC 3207).
  starttls_absent,   ///< The host does not offer it.
  starttls_refused,  ///< The host offered it, and refused it.

  // MTA-STS (RFC 8461).
  sts_mx_mismatch,        ///< The policy does not list the mail host.
  ms_validation_failure,  ///< Microsoft's word for any failure of certificate or handshake.
  http_404,               ///< There is no policy where it should be.
  http_3xx,               ///< There is a redirect.
  http_403,               ///< The web server refuses the sender.
  http_5xx,               ///< The web server fails.
  http_timeout,           ///< The web server is too slow.
  http_connect,           ///< The web server cannot be reached.
  http_other,             ///< The policy could not be fetched, without a reason.
  http_backoff,           ///< The sender did not try again after an earlier failure.
  sts_fallback,           ///< The policy that the sender has from before still holds.
  sts_no_record,          ///< The TXT record of the policy is gone.
  sts_multiple_records,   ///< There are several TXT records.
  sts_record_syntax,      ///< The TXT record is not well formed.
  sts_policy_syntax,      ///< The policy is not well formed.
  sts_policy_media,       ///< The policy is not sent as text/plain.
  sts_required_none,      ///< The sender demands MTA-STS, and there is no policy.

  // Rare rules of senders.
  fingerprints_unusable,  ///< A list of keys that the sender keeps cannot be used.
  requiretls,             ///< A message demanded REQUIRETLS (RFC 8689).

  // The causes x509_expired to x509_ocsp in the same order, at the web server of the policy.
  webpki_expired, webpki_not_yet_valid, webpki_self_signed, webpki_self_signed_in_chain,
  webpki_no_issuer, webpki_first_unverified, webpki_untrusted, webpki_host_mismatch,
  webpki_ip_mismatch, webpki_revoked, webpki_purpose, webpki_chain_too_long, webpki_proxy_path,
  webpki_name_constraints, webpki_bad_ca, webpki_weak, webpki_signature, webpki_extension,
  webpki_crl, webpki_ocsp
};

// clang-format on

/// How much a cause can be relied on.
enum class certainty : std::uint8_t {
  guess,   ///< Perhaps: only the result type speaks for it.
  likely,  ///< Probably: a part of the text, or other members of the report, speak for it.
  sure     ///< The sender says so.
};

/// Who must act.
enum class party : std::uint8_t {
  nobody,       ///< It is information only.
  certificate,  ///< The receiver: the certificate of the mail host.
  mail_host,    ///< The receiver: the TLS or SMTP software of the mail host.
  dns,          ///< The receiver: the DNS zone, or DNSSEC.
  policy_host,  ///< The receiver: the web server that has the MTA-STS policy.
  policy_text,  ///< The receiver: the MTA-STS policy itself.
  sender,       ///< The sender.
  network       ///< Whoever runs what is between the two; perhaps an attacker.
};

/// The cause of a failure.
struct reason_match {
  reason_id id = reason_id::none;                          ///< The cause.
  tlsrpt::certainty certainty = tlsrpt::certainty::guess;  ///< How much it can be relied on.
  std::uint16_t number =
      0;  ///< That of an alert, an HTTP status or a reply code; 0 when none is there.
  /// Whether the sender says that an MTA-STS policy from before held (mox'
  /// "+fallback-to-cached-policy").
  bool has_fallback = false;

  friend constexpr bool operator==(const reason_match&, const reason_match&) = default;
};

}  // namespace tlsrpt

#endif
