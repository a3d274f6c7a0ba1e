/// What TLS errors become in reports: TA-30 to TA-50.

#include <tlsrpt/tls_errors.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/reasons.hpp>
#include <tlsrpt/sts_policy.hpp>

namespace {

using tlsrpt::result_type;
using tlsrpt::tls_failure;

struct row {  // NOLINT(clang-analyzer-optin.performance.Padding)
  std::string_view rule;
  tls_failure failure;
  result_type type;
  std::string_view reason;
  bool is_counted = true;
};

constexpr tls_failure text(tlsrpt::errc code) { return tlsrpt::classify_fetch_text(code); }

constexpr row rows[] = {
    {"TA-30", tlsrpt::classify_openssl(10), result_type::certificate_expired,
     "X509_V_ERR_CERT_HAS_EXPIRED"},
    {"TA-31", tlsrpt::classify_openssl(62), result_type::certificate_host_mismatch,
     "X509_V_ERR_HOSTNAME_MISMATCH"},
    {"TA-31", tlsrpt::classify_openssl(63), result_type::certificate_host_mismatch,
     "X509_V_ERR_EMAIL_MISMATCH"},
    {"TA-31", tlsrpt::classify_openssl(64), result_type::certificate_host_mismatch,
     "X509_V_ERR_IP_ADDRESS_MISMATCH"},
    {"TA-32", tlsrpt::classify_openssl(65), result_type::tlsa_invalid, "X509_V_ERR_DANE_NO_MATCH"},
    {"TA-33", tlsrpt::classify_openssl(2), result_type::certificate_not_trusted,
     "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT"},
    {"TA-33", tlsrpt::classify_openssl(18), result_type::certificate_not_trusted,
     "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT"},
    {"TA-33", tlsrpt::classify_openssl(94), result_type::certificate_not_trusted,
     "X509_V_ERR_EC_KEY_EXPLICIT_PARAMS"},
    {"TA-34", tlsrpt::classify_openssl(17), result_type::unknown, "", false},
    {"TA-34", tlsrpt::classify_openssl(69), result_type::unknown, "", false},
    {"TA-34", tlsrpt::classify_openssl(70), result_type::unknown, "", false},
    {"TA-35", tlsrpt::classify_openssl(1), result_type::validation_failure,
     "X509_V_ERR_UNSPECIFIED"},
    {"TA-35", tlsrpt::classify_openssl(95), result_type::validation_failure, "X509_V_ERR_95"},
    {"TA-35", tlsrpt::classify_openssl(-1), result_type::validation_failure, "X509_V_ERR_-1"},
    {"TA-36", tlsrpt::classify_alert(40, tlsrpt::alert_origin::mail_host),
     result_type::validation_failure, "tls-remote-alert-40-handshake-failure"},
    {"TA-36", tlsrpt::classify_alert(70, tlsrpt::alert_origin::sender),
     result_type::validation_failure, "tls-local-alert-70-protocol-version"},
    {"TA-36", tlsrpt::classify_alert(255, tlsrpt::alert_origin::mail_host),
     result_type::validation_failure, "tls-remote-alert-255"},
    {"TA-37", tlsrpt::classify_starttls(std::nullopt), result_type::starttls_not_supported, ""},
    {"TA-38", tlsrpt::classify_starttls(454), result_type::starttls_not_supported,
     "smtp-starttls-reply-code-454"},
    {"TA-39", tlsrpt::classify_handshake(tlsrpt::handshake_end::closed),
     result_type::validation_failure, "connection-closed-during-handshake"},
    {"TA-39", tlsrpt::classify_handshake(tlsrpt::handshake_end::timed_out),
     result_type::validation_failure, "io-timeout-during-handshake"},
    {"TA-40", tlsrpt::classify_handshake(tlsrpt::handshake_end::not_tls),
     result_type::validation_failure, "tls-record-header-error"},
    {"TA-41", tlsrpt::classify_mx_mismatch(), result_type::validation_failure,
     "mtasts-policy-mx-mismatch"},
    {"TA-42", tlsrpt::classify_tlsa(tlsrpt::tlsa_outcome::bogus), result_type::dnssec_invalid, ""},
    {"TA-42", tlsrpt::classify_tlsa(tlsrpt::tlsa_outcome::bogus, 7), result_type::dnssec_invalid,
     "dns-extended-error-7-signature-expired"},
    {"TA-42", tlsrpt::classify_tlsa(tlsrpt::tlsa_outcome::bogus, 999), result_type::dnssec_invalid,
     "dns-extended-error-999"},
    {"TA-43", tlsrpt::classify_tlsa(tlsrpt::tlsa_outcome::unusable, 7), result_type::tlsa_invalid,
     "all-TLSA-records-unusable"},
    {"TA-44", tlsrpt::classify_tlsa(tlsrpt::tlsa_outcome::missing, 7), result_type::dane_required,
     ""},
    {"TA-45", tlsrpt::classify_fetch(tlsrpt::fetch_end::dns), result_type::sts_policy_fetch_error,
     "dns-lookup"},
    {"TA-45", tlsrpt::classify_fetch(tlsrpt::fetch_end::connect),
     result_type::sts_policy_fetch_error, "connect"},
    {"TA-45", tlsrpt::classify_fetch(tlsrpt::fetch_end::timed_out),
     result_type::sts_policy_fetch_error, "timeout"},
    {"TA-45", tlsrpt::classify_fetch(tlsrpt::fetch_end::too_large),
     result_type::sts_policy_fetch_error, "too-large"},
    {"TA-46", tlsrpt::classify_fetch_status(404), result_type::sts_policy_fetch_error,
     "http-status-404"},
    {"TA-47", tlsrpt::classify_fetch_certificate(10), result_type::sts_webpki_invalid,
     "X509_V_ERR_CERT_HAS_EXPIRED"},
    {"TA-47", tlsrpt::classify_fetch_certificate(17), result_type::unknown, "", false},
    {"TA-48", text(tlsrpt::errc::sts_line_without_colon), result_type::sts_policy_invalid,
     "sts-line-without-colon"},
    {"TA-48", tlsrpt::classify_fetch(tlsrpt::fetch_end::media_type),
     result_type::sts_policy_invalid, "media-type"},
};
static_assert(rows[0].failure.type == result_type::certificate_expired);

/// Whether a reason is known for sure, and under its type.
bool is_known(const tls_failure& failure) {
  const tlsrpt::reason_match match = tlsrpt::match_reason(failure.type, failure.reason);
  return match.certainty == tlsrpt::certainty::sure && match.id != tlsrpt::reason_id::unknown &&
         match.id != tlsrpt::reason_id::none;
}

/// Whether there is no host, address, version or time in a reason: these have dots or colons.
bool is_general(std::string_view reason) {
  return std::ranges::all_of(reason, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

}  // namespace

TEST_CASE("each error has its result type and its reason") {
  for (const row& row : rows) {
    CAPTURE(std::string(row.rule));
    CAPTURE(std::string(row.failure.reason));
    CHECK(row.failure.type == row.type);
    CHECK(row.failure.reason == row.reason);
    CHECK(row.failure.is_counted == row.is_counted);
  }
}

TEST_CASE("each number of OpenSSL has its name and one of four meanings: TA-30 to TA-35, TA-47") {
  for (long number = 1; number <= 94; ++number) {
    CAPTURE(number);
    const tls_failure failure = tlsrpt::classify_openssl(number);
    result_type expected = result_type::certificate_not_trusted;
    if (number == 10) expected = result_type::certificate_expired;
    if (number >= 62 && number <= 64) expected = result_type::certificate_host_mismatch;
    if (number == 65) expected = result_type::tlsa_invalid;
    if (number == 1) expected = result_type::validation_failure;
    const bool is_local = number == 17 || number == 69 || number == 70;
    CHECK(failure.type == (is_local ? result_type::unknown : expected));
    CHECK(failure.is_counted == !is_local);
    CHECK(std::string_view(failure.reason).starts_with("X509_V_ERR_") == !is_local);
    // A policy host is no mail host: its certificate is wrong, however that is.
    const tls_failure fetch = tlsrpt::classify_fetch_certificate(number);
    CHECK(fetch.type == (is_local ? result_type::unknown : result_type::sts_webpki_invalid));
    CHECK(fetch.reason == failure.reason);
    CHECK(fetch.is_counted == !is_local);
  }
}

TEST_CASE("names are those of OpenSSL, where its header is: TA-33") {
  std::ifstream header("/usr/include/openssl/x509_vfy.h");
  constexpr std::string_view define = "define X509_V_ERR_";
  for (std::string line; std::getline(header, line);) {
    const std::size_t at = line.find(define);
    if (at == std::string::npos) continue;
    std::istringstream words(line.substr(at + define.size() - 11));
    std::string name;
    long number = 0;
    if (!(words >> name >> number) || number > 94) continue;
    CAPTURE(name);
    const tls_failure failure = tlsrpt::classify_openssl(number);
    if (failure.is_counted) CHECK(failure.reason == name);
  }
}

TEST_CASE("alerts have the names of RFC 8446 and those before it: TA-36") {
  constexpr std::pair<unsigned, std::string_view> names[] = {
      {0, "close-notify"},
      {10, "unexpected-message"},
      {20, "bad-record-mac"},
      {22, "record-overflow"},
      {40, "handshake-failure"},
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
      {70, "protocol-version"},
      {71, "insufficient-security"},
      {80, "internal-error"},
      {86, "inappropriate-fallback"},
      {90, "user-canceled"},
      {109, "missing-extension"},
      {110, "unsupported-extension"},
      {112, "unrecognized-name"},
      {113, "bad-certificate-status-response"},
      {115, "unknown-psk-identity"},
      {116, "certificate-required"},
      {120, "no-application-protocol"},
  };
  for (const auto& [number, name] : names)
    for (const auto& [origin, side] : {std::pair(tlsrpt::alert_origin::mail_host, "remote"),
                                       std::pair(tlsrpt::alert_origin::sender, "local")}) {
      const auto failure = tlsrpt::classify_alert(static_cast<std::uint8_t>(number), origin);
      CHECK(failure.type == result_type::validation_failure);
      CHECK(failure.reason == "tls-" + std::string(side) + "-alert-" + std::to_string(number) +
                                  "-" + std::string(name));
    }
}

TEST_CASE("replies to STARTTLS and statuses of HTTP keep their numbers: TA-38, TA-46") {
  for (std::uint16_t code = 400; code < 600; ++code) {
    const tls_failure failure = tlsrpt::classify_starttls(code);
    CHECK(failure.type == result_type::starttls_not_supported);
    CHECK(failure.reason == "smtp-starttls-reply-code-" + std::to_string(code));
    CHECK(is_known(failure));
  }
  for (std::uint16_t status = 100; status < 600; ++status) {
    const tls_failure failure = tlsrpt::classify_fetch_status(status);
    CHECK(failure.type == result_type::sts_policy_fetch_error);
    CHECK(failure.reason == "http-status-" + std::to_string(status));
    CHECK(is_known(failure));
  }
}

TEST_CASE("what is wrong with the text of a policy is the reason: TA-48") {
  for (const std::string_view policy :
       {"", "hello", "version: STSv2\nmode: none\nmax_age: 1\n",
        "version: STSv1\nmode: maybe\nmax_age: 1\n", "version: STSv1\nmode: none\n",
        "version: STSv1\nmode: none\nmax_age: soon\n",
        "version: STSv1\nmode: enforce\nmax_age: 1\n"}) {
    CAPTURE(std::string(policy));
    const auto read = tlsrpt::parse_sts_policy<tlsrpt::strict>(policy);
    REQUIRE(!read);
    const tls_failure failure = text(read.error().code);
    CHECK(failure.type == result_type::sts_policy_invalid);
    CHECK(failure.reason == name(read.error().code));
    CHECK(is_known(failure));
  }
}

TEST_CASE("numbers of OpenSSL that say nothing are failures of validation") {
  for (const auto& [number, reason] : {std::pair(1L, std::string_view("X509_V_ERR_UNSPECIFIED")),
                                       std::pair(999L, std::string_view("X509_V_ERR_999"))}) {
    const tls_failure failure = tlsrpt::classify_openssl(number);
    CHECK(failure.type == result_type::validation_failure);
    CHECK(failure.reason == reason);
    CHECK(failure.is_counted);
  }
}

TEST_CASE("each reason that is written is known to readers, and general: TA-49, TA-50") {
  // X509_V_ERR_UNSPECIFIED and numbers without a name say nothing, so readers know nothing.
  for (long number = 2; number <= 94; ++number) {
    const tls_failure failure = tlsrpt::classify_openssl(number);
    CAPTURE(std::string(failure.reason));
    if (failure.is_counted) CHECK(is_known(failure));
    CHECK(is_general(failure.reason));
  }
  for (unsigned alert = 0; alert < 256; ++alert)
    for (const auto origin : {tlsrpt::alert_origin::mail_host, tlsrpt::alert_origin::sender}) {
      const auto failure = tlsrpt::classify_alert(static_cast<std::uint8_t>(alert), origin);
      CAPTURE(std::string(failure.reason));
      CHECK(is_known(failure));
    }
  for (const row& row : rows) {
    CHECK(is_general(row.failure.reason));
    if (row.reason.empty() || row.rule == "TA-35") continue;
    if (row.reason == "dns-extended-error-999") continue;  // unassigned
    CAPTURE(std::string(row.reason));
    CHECK(is_known(row.failure));
  }
}
