/// @file
/// Bodies of tls_errors.hpp.

#ifndef TLSRPT_HPP_IMPL_TLS_ERRORS
#define TLSRPT_HPP_IMPL_TLS_ERRORS

#include <tlsrpt/detail/tally/tls_names.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/error.hpp>

namespace tlsrpt {

namespace detail {

/// The numbers of OpenSSL that have a result type of their own, or none.
enum openssl_number : long {
  openssl_unspecified = 1,
  openssl_has_expired = 10,
  openssl_out_of_memory = 17,
  openssl_host_mismatch = 62,
  openssl_email_mismatch = 63,
  openssl_ip_mismatch = 64,
  openssl_dane_no_match = 65,
  openssl_invalid_call = 69,
  openssl_store_lookup = 70
};

constexpr tls_failure failure_of(result_type type, std::string_view reason = {}) noexcept {
  tls_failure failure{.type = type};
  failure.reason.append(reason);
  return failure;
}

/// "before-40-handshake-failure"; a number without a name has none there either.
constexpr tls_failure failure_of(result_type type, std::string_view before, unsigned number,
                                 std::string_view name) noexcept {
  tls_failure failure = failure_of(type, before);
  put_number(failure.reason, number);
  if (!name.empty()) {
    failure.reason.append("-");
    failure.reason.append(name);
  }
  return failure;
}

constexpr reason_text openssl_reason(long verify_result) noexcept {
  reason_text reason;
  reason.append("X509_V_ERR_");
  const std::string_view name = openssl_name(verify_result);
  if (name.empty())
    put_number(reason, verify_result);
  else
    reason.append(name);
  return reason;
}

constexpr bool is_fault_of_sender(long verify_result) noexcept {
  return verify_result == openssl_out_of_memory || verify_result == openssl_invalid_call ||
         verify_result == openssl_store_lookup;
}

}  // namespace detail

constexpr tls_failure classify_openssl(long verify_result) noexcept {
  if (detail::is_fault_of_sender(verify_result)) return {.is_counted = false};
  tls_failure failure{.reason = detail::openssl_reason(verify_result)};
  switch (verify_result) {
    case detail::openssl_has_expired:
      failure.type = result_type::certificate_expired;
      break;
    case detail::openssl_host_mismatch:
    case detail::openssl_email_mismatch:
    case detail::openssl_ip_mismatch:
      failure.type = result_type::certificate_host_mismatch;
      break;
    case detail::openssl_dane_no_match:
      failure.type = result_type::tlsa_invalid;
      break;
    case detail::openssl_unspecified:
      failure.type = result_type::validation_failure;
      break;
    default:
      failure.type = detail::openssl_name(verify_result).empty()
                         ? result_type::validation_failure
                         : result_type::certificate_not_trusted;
  }
  return failure;
}

constexpr tls_failure classify_alert(std::uint8_t number, alert_origin origin) noexcept {
  return detail::failure_of(
      result_type::validation_failure,
      origin == alert_origin::mail_host ? "tls-remote-alert-" : "tls-local-alert-", number,
      detail::name_of_alert(number));
}

constexpr tls_failure classify_starttls(std::optional<std::uint16_t> reply_code) noexcept {
  if (!reply_code) return detail::failure_of(result_type::starttls_not_supported);
  return detail::failure_of(result_type::starttls_not_supported, "smtp-starttls-reply-code-",
                            *reply_code, {});
}

constexpr tls_failure classify_handshake(handshake_end end) noexcept {
  switch (end) {
    case handshake_end::closed:
      return detail::failure_of(result_type::validation_failure,
                                "connection-closed-during-handshake");
    case handshake_end::timed_out:
      return detail::failure_of(result_type::validation_failure, "io-timeout-during-handshake");
    default:
      return detail::failure_of(result_type::validation_failure, "tls-record-header-error");
  }
}

constexpr tls_failure classify_tlsa(tlsa_outcome outcome,
                                    std::optional<std::uint16_t> extended_error) noexcept {
  switch (outcome) {
    case tlsa_outcome::unusable:
      return detail::failure_of(result_type::tlsa_invalid, "all-TLSA-records-unusable");
    case tlsa_outcome::missing:
      return detail::failure_of(result_type::dane_required);
    default:
      if (!extended_error) return detail::failure_of(result_type::dnssec_invalid);
      return detail::failure_of(result_type::dnssec_invalid, "dns-extended-error-", *extended_error,
                                detail::dns_error_name(*extended_error));
  }
}

constexpr tls_failure classify_mx_mismatch() noexcept {
  return detail::failure_of(result_type::validation_failure, "mtasts-policy-mx-mismatch");
}

constexpr tls_failure classify_fetch(fetch_end end) noexcept {
  switch (end) {
    case fetch_end::dns:
      return detail::failure_of(result_type::sts_policy_fetch_error, "dns-lookup");
    case fetch_end::connect:
      return detail::failure_of(result_type::sts_policy_fetch_error, "connect");
    case fetch_end::timed_out:
      return detail::failure_of(result_type::sts_policy_fetch_error, "timeout");
    case fetch_end::too_large:
      return detail::failure_of(result_type::sts_policy_fetch_error, "too-large");
    default:
      return detail::failure_of(result_type::sts_policy_invalid, "media-type");
  }
}

constexpr tls_failure classify_fetch_status(std::uint16_t status) noexcept {
  return detail::failure_of(result_type::sts_policy_fetch_error, "http-status-", status, {});
}

constexpr tls_failure classify_fetch_certificate(long verify_result) noexcept {
  if (detail::is_fault_of_sender(verify_result)) return {.is_counted = false};
  return {.type = result_type::sts_webpki_invalid, .reason = detail::openssl_reason(verify_result)};
}

constexpr tls_failure classify_fetch_text(errc code) noexcept {
  return detail::failure_of(result_type::sts_policy_invalid, name(code));
}

}  // namespace tlsrpt

#endif
