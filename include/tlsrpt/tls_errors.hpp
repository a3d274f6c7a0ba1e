/// @file
/// What a mail server writes into reports for what its TLS library, the mail host or a policy host
/// reported (RFC 8460, section 4.3). Needs nothing but the standard library; all is constexpr, and
/// no header of a TLS library is needed: their numbers are given as they are.
///
/// Reasons have few values: no names of hosts, no versions of software, no times. match_reason()
/// knows them all.

#ifndef TLSRPT_HPP_TLS_ERRORS
#define TLSRPT_HPP_TLS_ERRORS

#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/errc.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// The text of a reason.
using reason_text = short_text<80>;

/// How one failure is reported.
struct tls_failure {
  result_type type = result_type::unknown;  ///< `result-type`; unknown for what is not counted.
  reason_text reason{};                     ///< `failure-reason-code`; may be empty.
  /// Whether the failure is one of the receiver. Without it the session is not counted at all: it
  /// failed for want of memory, or for a mistake of the sender's own.
  bool is_counted = true;

  friend constexpr bool operator==(const tls_failure&, const tls_failure&) = default;
};

/// A result of X509_verify_cert() other than X509_V_OK, as SSL_get_verify_result() of OpenSSL 3
/// gives it.
constexpr tls_failure classify_openssl(long verify_result) noexcept;

/// Who sent an alert of TLS.
enum class alert_origin : std::uint8_t {
  mail_host,  ///< It was received.
  sender      ///< The own TLS library sent it.
};

/// An alert that ended a handshake, by its number (RFC 8446, section 6).
constexpr tls_failure classify_alert(std::uint8_t number, alert_origin origin) noexcept;

/// A mail host that answered STARTTLS with that reply code of SMTP, other than 220; nothing when
/// its reply to EHLO does not offer STARTTLS.
constexpr tls_failure classify_starttls(std::optional<std::uint16_t> reply_code) noexcept;

/// How a TLS handshake ended without an alert.
enum class handshake_end : std::uint8_t {
  closed,     ///< The connection was closed.
  timed_out,  ///< Nothing came in time.
  not_tls     ///< What came was no record of TLS.
};

/// A TLS handshake that ended without an alert.
constexpr tls_failure classify_handshake(handshake_end end) noexcept;

/// What the TLSA records of a mail host lead to, where no certificate has been seen.
enum class tlsa_outcome : std::uint8_t {
  bogus,     ///< DNSSEC does not vouch for them, or the look-up failed.
  unusable,  ///< None of them can be used; with TLS the session is a success all the same.
  missing    ///< There are none, and the sender insists on DANE.
};

/// What the TLSA records of a mail host lead to. `extended_error` is the INFO-CODE of an extended
/// DNS error (RFC 8914), if the resolver gave one; it matters for bogus only.
constexpr tls_failure classify_tlsa(tlsa_outcome outcome,
                                    std::optional<std::uint16_t> extended_error = {}) noexcept;

/// A mail host that the MTA-STS policy does not list (RFC 8461, section 4.1).
constexpr tls_failure classify_mx_mismatch() noexcept;

/// Where fetching a policy of MTA-STS ended (RFC 8461, section 3.3).
enum class fetch_end : std::uint8_t {
  dns,        ///< The policy host has no address, or the look-up failed.
  connect,    ///< No connection.
  timed_out,  ///< No answer in time.
  too_large,  ///< The answer is longer than the sender reads.
  media_type  ///< The answer is not text/plain.
};

/// A fetch that gave no policy for that cause.
constexpr tls_failure classify_fetch(fetch_end end) noexcept;
/// A fetch that was answered with an HTTP status other than 200.
constexpr tls_failure classify_fetch_status(std::uint16_t status) noexcept;
/// A fetch from a host whose certificate OpenSSL refused, see classify_openssl().
constexpr tls_failure classify_fetch_certificate(long verify_result) noexcept;
/// A fetch that gave a text that is no policy: the code of parse_sts_policy().
constexpr tls_failure classify_fetch_text(errc code) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/tls_errors.hpp>

#endif
