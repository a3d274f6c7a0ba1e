/// @file
/// Causes of failures: names, who must act, and what to say.

#ifndef TLSRPT_HPP_DETAIL_REASON_ROWS
#define TLSRPT_HPP_DETAIL_REASON_ROWS

#include <cstddef>
#include <iterator>
#include <string_view>

#include <tlsrpt/reason.hpp>

namespace tlsrpt::detail {

struct reason_row {
  reason_id id;
  tlsrpt::party party;
  std::string_view name;
  std::string_view explanation;
  std::string_view remedy;
};

/// Of what is wrong with a web server, whatever the cause.
inline constexpr std::string_view remedy_of_webpki =
    "Give mta-sts.<domain> a valid certificate for exactly that name, with its full chain; it is "
    "the web server that needs it, not the mail host.";

// clang-format off
inline constexpr reason_row reason_rows[] = {
  {reason_id::none, party::nobody, "-", "", ""},
  {reason_id::unknown, party::nobody, "unknown", "", ""},

  {reason_id::x509_expired, party::certificate, "x509.expired",
   "<host> shows a certificate that is past its last day.",
   "Renew the certificate of <host> and reload the service on every machine behind that name; "
   "look at the dates of the intermediate certificates, too."},
  {reason_id::x509_not_yet_valid, party::certificate, "x509.not_yet_valid",
   "<host> shows a certificate whose first day is yet to come, or the sender's clock is wrong.",
   "Look at the first day of the certificate of <host>: if it is yet to come, take the old one "
   "until then; if it is past, only the sender's clock is wrong."},
  {reason_id::x509_self_signed, party::certificate, "x509.self_signed",
   "<host> shows a certificate that is signed by itself.",
   "Give <host> a certificate of a public authority, or publish a TLSA record 3 1 1 of its key."},
  {reason_id::x509_self_signed_in_chain, party::certificate, "x509.self_signed_in_chain",
   "<host> shows a certificate whose chain ends in a private root.",
   "Give <host> a certificate of a public authority; if a firewall that inspects TLS is before "
   "it, exempt port 25."},
  {reason_id::x509_no_issuer, party::certificate, "x509.no_issuer",
   "<host> shows a certificate whose authority the sender does not know, or leaves out an "
   "intermediate certificate.",
   "Have <host> serve the full chain: the certificate and all intermediate ones, of a public "
   "authority."},
  {reason_id::x509_first_unverified, party::certificate, "x509.first_unverified",
   "<host> sends its certificate alone, without the intermediate ones.",
   "Have <host> serve the full chain: the certificate and all intermediate ones."},
  {reason_id::x509_untrusted, party::certificate, "x509.untrusted",
   "<host> shows a certificate that neither an authority nor a TLSA record vouches for.",
   "Check the chain that <host> serves together with its TLSA records."},
  {reason_id::x509_host_mismatch, party::certificate, "x509.host_mismatch",
   "<host> shows a certificate that does not carry its name.",
   "Issue a certificate that lists <host>, reload the mail service there, and show it also to "
   "clients that send no SNI."},
  {reason_id::x509_ip_mismatch, party::sender, "x509.ip_mismatch",
   "The sender compared the certificate of <host> with an address, which no policy for SMTP asks "
   "for.",
   "Nothing to mend here; tell the sender that its client compares certificates with addresses."},
  {reason_id::x509_revoked, party::certificate, "x509.revoked",
   "<host> shows a certificate that its authority has revoked.",
   "Replace the certificate of <host> today, and find out why it was revoked."},
  {reason_id::x509_purpose, party::certificate, "x509.purpose",
   "<host> shows a certificate that is not meant for TLS servers.",
   "Issue a certificate for <host> whose extended key usage includes serverAuth."},
  {reason_id::x509_chain_too_long, party::certificate, "x509.chain_too_long",
   "<host> serves a chain of more certificates than the sender or an authority allows.",
   "Have <host> serve the shortest chain, without old cross-signed certificates."},
  {reason_id::x509_proxy_path, party::certificate, "x509.proxy_path",
   "The chain of <host> breaks a rule about proxy certificates, which mail hosts do not need.",
   "Give <host> an ordinary server certificate."},
  {reason_id::x509_name_constraints, party::certificate, "x509.name_constraints",
   "<host> shows a certificate whose authority may not issue for this name.",
   "Give <host> a certificate of an authority without such constraints."},
  {reason_id::x509_bad_ca, party::certificate, "x509.bad_ca",
   "<host> serves a chain in which a certificate may not sign, or does not belong.",
   "Make the chain file of <host> anew from what its authority offers today."},
  {reason_id::x509_weak, party::certificate, "x509.weak",
   "<host> serves a chain with a key that is too short or a hash that is too old.",
   "Issue a certificate for <host> with RSA of 2048 bits or P-256, and SHA-256."},
  {reason_id::x509_signature, party::certificate, "x509.signature",
   "<host> shows a certificate whose signature or encoding is broken.",
   "Install the certificate of <host> again from what its authority sent; if your own tests see "
   "a good one, look at what is on the way."},
  {reason_id::x509_extension, party::certificate, "x509.extension",
   "<host> shows a certificate with an extension that the sender does not accept.",
   "Give <host> a plain server certificate of a public authority."},
  {reason_id::x509_crl, party::sender, "x509.crl",
   "The sender wants a list of revoked certificates for <host>, and did not get a good one.",
   "Check that the list of your authority can be fetched; if it can, it is for the sender to "
   "mend."},
  {reason_id::x509_ocsp, party::certificate, "x509.ocsp",
   "<host> sends no good answer about revocation with a certificate that demands one.",
   "Mend OCSP stapling at <host>, or issue a certificate without must-staple."},

  {reason_id::x509_dane_no_match, party::dns, "x509.dane_no_match",
   "<host> shows a certificate that none of its TLSA records fits.",
   "Publish a TLSA record 3 1 1 of the key that <host> uses now; next time, publish the new one "
   "beside the old one for two TTLs first."},
  {reason_id::x509_local, party::sender, "x509.local",
   "The software of the sender failed while it checked the certificate of <host>.",
   "Nothing to mend here."},
  {reason_id::tlsa_unusable, party::dns, "tlsa.unusable",
   "<host> has TLSA records, and none of them can be used.",
   "Publish a TLSA record 3 1 1 with 64 hexadecimal digits for <host>; usage 0 and 1 are not for "
   "SMTP."},
  {reason_id::tlsa_missing, party::dns, "tlsa.missing",
   "The sender insists on DANE, and <host> has no TLSA records that DNSSEC vouches for.",
   "Publish TLSA records for every mail host, or ask the sender to drop that rule."},
  {reason_id::dnssec_bogus, party::dns, "dnssec.bogus",
   "The DNS answers about <host> do not pass DNSSEC.",
   "Compare the DS record with the DNSKEY, then check the signatures, at all name servers, over "
   "UDP and TCP."},
  {reason_id::dnssec_expired, party::dns, "dnssec.expired",
   "The DNSSEC signatures of the zone of <host> are past their date.",
   "Have the zone of <host> signed again, and watch that it stays so."},
  {reason_id::dnssec_not_yet, party::dns, "dnssec.not_yet",
   "The DNSSEC signatures of the zone of <host> have a date to come.",
   "Set the clock of what signs the zone of <host>; if it is right, the sender's resolver is "
   "wrong."},
  {reason_id::dnssec_key_missing, party::dns, "dnssec.key_missing",
   "The DS record of the zone of <host> fits no key of the zone, as after a change of keys or of "
   "the DNS provider.",
   "Correct or remove the DS record of the zone of <host> at the registrar first."},
  {reason_id::dnssec_rrsig_missing, party::dns, "dnssec.rrsig_missing",
   "A name server serves the zone of <host> without signatures.",
   "Ask each name server of the zone of <host> for signatures, and mend the one that has none."},
  {reason_id::dnssec_nsec_missing, party::dns, "dnssec.nsec_missing",
   "The name servers of <host> cannot prove that a record does not exist, as when TLSA records "
   "are asked for and there are none.",
   "Update the name server software of the zone of <host>."},
  {reason_id::dnssec_algorithm, party::sender, "dnssec.algorithm",
   "The sender's resolver does not know the algorithm that the zone of <host> is signed with.",
   "Prefer algorithm 13 (ECDSA P-256) and digest 2 for the zone of <host>; the rest is for the "
   "sender."},
  {reason_id::dns_unreachable, party::dns, "dns.unreachable",
   "The name servers for <host> did not answer the sender.",
   "Check that the name servers for <host> can be reached over IPv4 and IPv6, their rate limits, "
   "and large answers."},
  {reason_id::dnssec_unsigned_host, party::dns, "dnssec.unsigned_host",
   "The name of <host> is in a zone without DNSSEC, where DANE cannot work.",
   "Sign the zone of <host>, or use another name in the MX record."},

  {reason_id::alert_40, party::mail_host, "alert.40",
   "<host> and the sender have no cipher or curve in common.",
   "Have <host> offer TLS 1.2 with ECDHE and AES-GCM, with certificates for RSA and ECDSA if old "
   "senders matter."},
  {reason_id::alert_70, party::mail_host, "alert.70",
   "<host> and the sender have no version of TLS in common.",
   "Have <host> offer TLS 1.2 and TLS 1.3."},
  {reason_id::alert_80, party::mail_host, "alert.80",
   "The TLS software of <host> gave up.",
   "Look into the log of <host> at that time, and check that certificate and key belong together."},
  {reason_id::alert_112, party::mail_host, "alert.112",
   "<host> refuses the name that the sender asks for by SNI.",
   "Have <host> show its usual certificate when it does not know the name."},
  {reason_id::alert_116, party::mail_host, "alert.116",
   "<host> asked the sender for a certificate, or did not accept the one it got.",
   "Have <host> ask for no certificates of clients on port 25."},
  {reason_id::alert_48, party::certificate, "alert.48",
   "<host> shows a certificate whose authority the sender does not know.",
   "Have <host> serve the full chain: the certificate and all intermediate ones, of a public "
   "authority."},
  {reason_id::alert_71, party::mail_host, "alert.71",
   "<host> or the sender demands stronger parameters than the other has.",
   "Raise the key size, the Diffie-Hellman group or the list of ciphers of <host>."},
  {reason_id::alert_other, party::mail_host, "alert.other",
   "The TLS handshake with <host> ended with an alert.",
   "Look the number of the alert up in RFC 8446, section 6, and into the log of <host>."},
  {reason_id::handshake_closed, party::network, "handshake.closed",
   "The connection to <host> was cut in the TLS handshake.",
   "Look for firewalls before <host>, and for crashes of its TLS software."},
  {reason_id::handshake_timeout, party::network, "handshake.timeout",
   "The TLS handshake with <host> took too long.",
   "Look for load and for delays on purpose at <host>, and for packets that get lost when a "
   "certificate chain is large."},
  {reason_id::handshake_not_tls, party::network, "handshake.not_tls",
   "Something else than TLS came from <host> after STARTTLS.",
   "Test STARTTLS at <host> by hand from outside, and look for a proxy before it."},
  {reason_id::handshake_failed, party::mail_host, "handshake.failed",
   "The TLS handshake with <host> failed, and the sender does not say why.",
   "Compare with other senders of that day, and test the versions and ciphers of <host> from "
   "outside."},

  {reason_id::starttls_absent, party::mail_host, "starttls.absent",
   "<host> does not offer STARTTLS.",
   "Switch STARTTLS on at <host>, and at every other mail host, also for addresses that it keeps "
   "waiting or limits."},
  {reason_id::starttls_refused, party::mail_host, "starttls.refused",
   "<host> offers STARTTLS and then refuses it.",
   "Read the mail log of <host> for that time: its key file may be unreadable, or the load too "
   "high."},

  {reason_id::sts_mx_mismatch, party::policy_text, "sts.mx_mismatch",
   "The MTA-STS policy of <domain> does not list <host>.",
   "List every mail host of <domain> in an mx line of the policy, then change the id in the TXT "
   "record _mta-sts.<domain>."},
  {reason_id::ms_validation_failure, party::mail_host, "ms.validation_failure",
   "The certificate of <host> or the TLS handshake with it failed; this sender never says more "
   "than that.",
   "Test <host> from outside: its chain, its name, and TLS 1.2."},
  {reason_id::http_404, party::policy_host, "http.404",
   "mta-sts.<domain> has no policy at /.well-known/mta-sts.txt.",
   "Put the policy there, or remove the TXT record _mta-sts.<domain>."},
  {reason_id::http_3xx, party::policy_host, "http.3xx",
   "mta-sts.<domain> answers with a redirect, which senders must not follow.",
   "Serve the policy itself at https://mta-sts.<domain>/.well-known/mta-sts.txt."},
  {reason_id::http_403, party::policy_host, "http.403",
   "mta-sts.<domain> refuses the sender, as access control, protection against robots and rate "
   "limits do.",
   "Exempt /.well-known/mta-sts.txt: senders are no browsers."},
  {reason_id::http_5xx, party::policy_host, "http.5xx",
   "The web server at mta-sts.<domain> fails.",
   "Serve the policy as a plain file."},
  {reason_id::http_timeout, party::policy_host, "http.timeout",
   "mta-sts.<domain> answers too slowly, or with too much.",
   "Make https://mta-sts.<domain>/.well-known/mta-sts.txt answer well within a minute, and look "
   "for filters before it."},
  {reason_id::http_connect, party::policy_host, "http.connect",
   "The sender cannot reach mta-sts.<domain>.",
   "Check that mta-sts.<domain> has addresses, and that port 443 is open at each, IPv4 and IPv6."},
  {reason_id::http_other, party::policy_host, "http.other",
   "The sender could not fetch the policy of <domain>, and does not say why.",
   "Fetch https://mta-sts.<domain>/.well-known/mta-sts.txt from outside with a plain client: "
   "status 200, no redirect, the full chain, over IPv4 and IPv6."},
  {reason_id::http_backoff, party::nobody, "http.backoff",
   "The sender did not try to fetch the policy of <domain> again so soon after a failure.",
   "Mend the failure that this sender reported before; this one only repeats it."},
  {reason_id::sts_fallback, party::policy_host, "sts.fallback",
   "The sender could not fetch the policy of <domain> and uses the one that it has from before.",
   "Mend the web server at mta-sts.<domain> before max_age of the old policy is over."},
  {reason_id::sts_no_record, party::dns, "sts.no_record",
   "The TXT record _mta-sts.<domain> is gone, while senders still have the policy.",
   "Publish the record again; to give MTA-STS up, publish a policy of mode none first."},
  {reason_id::sts_multiple_records, party::dns, "sts.multiple_records",
   "_mta-sts.<domain> has several TXT records that begin with v=STSv1.",
   "Leave one of them."},
  {reason_id::sts_record_syntax, party::dns, "sts.record_syntax",
   "The TXT record _mta-sts.<domain> is not well formed.",
   "Publish \"v=STSv1; id=\", letters and digits, and a semicolon."},
  {reason_id::sts_policy_syntax, party::policy_text, "sts.policy_syntax",
   "The MTA-STS policy of <domain> is not well formed.",
   "Check that version, mode and max_age are there once each, that there is an mx line, and that "
   "the file has neither quotes nor HTML."},
  {reason_id::sts_policy_media, party::policy_host, "sts.policy_media",
   "mta-sts.<domain> does not send the policy as plain text.",
   "Serve the policy as text/plain."},
  {reason_id::sts_required_none, party::sender, "sts.required_none",
   "A rule of the sender demands MTA-STS, and <domain> has no policy.",
   "Publish a policy for <domain>, or ask the sender to drop that rule."},

  {reason_id::fingerprints_unusable, party::sender, "fingerprints.unusable",
   "The sender keeps a list of keys for <host> that it cannot use.",
   "Tell the postmaster of the sender."},
  {reason_id::requiretls, party::mail_host, "requiretls",
   "A message demanded REQUIRETLS, which <host> does not offer.",
   "Nothing has to change for other mail; offer REQUIRETLS at <host> if you want such messages."},
};

/// The names of the causes at web servers, in their order.
inline constexpr std::string_view webpki_names[] = {
  "webpki.expired", "webpki.not_yet_valid", "webpki.self_signed", "webpki.self_signed_in_chain",
  "webpki.no_issuer", "webpki.first_unverified", "webpki.untrusted", "webpki.host_mismatch",
  "webpki.ip_mismatch", "webpki.revoked", "webpki.purpose", "webpki.chain_too_long",
  "webpki.proxy_path", "webpki.name_constraints", "webpki.bad_ca", "webpki.weak",
  "webpki.signature", "webpki.extension", "webpki.crl", "webpki.ocsp"
};
// clang-format on

constexpr bool reason_rows_are_in_order() noexcept {
  for (std::size_t i = 0; i < std::size(reason_rows); ++i)
    if (static_cast<std::size_t>(reason_rows[i].id) != i) return false;
  return true;
}
static_assert(reason_rows_are_in_order());
static_assert(static_cast<std::size_t>(reason_id::webpki_expired) == std::size(reason_rows));

}  // namespace tlsrpt::detail

#endif
