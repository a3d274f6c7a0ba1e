/// @file
/// What every contender makes of a report: the same struct, with strings as views or as copies,
/// whichever is natural to it. Times are seconds since the epoch, policy and result types values
/// of an enumeration, absent strings empty, absent counts 0.

#ifndef TLSRPT_BENCHMARKS_ANSWER
#define TLSRPT_BENCHMARKS_ANSWER

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/report.hpp>

namespace bench {

template <class String>
struct failure_details {
  tlsrpt::result_type result_type{};
  String sending_mta_ip, receiving_ip, receiving_mx_hostname, receiving_mx_helo;
  String additional_information, failure_reason_code;
  std::uint64_t failed_session_count = 0;

  bool operator==(const failure_details&) const = default;
};

template <class String>
struct policy {
  tlsrpt::policy_type policy_type{};
  String policy_domain;
  std::vector<String> policy_string, mx_host;
  std::uint64_t total_successful_session_count = 0, total_failure_session_count = 0;
  std::vector<bench::failure_details<String>> failure_details;

  bool operator==(const policy&) const = default;
};

template <class String>
struct report {
  String organization_name, contact_info, report_id;
  std::int64_t start = 0, end = 0;
  std::vector<policy<String>> policies;

  bool operator==(const report&) const = default;
};

/// What answers are compared as.
using answer = report<std::string>;

template <class String>
std::vector<std::string> to_strings(const std::vector<String>& strings) {
  return {strings.begin(), strings.end()};
}

template <class String>
answer to_answer(const report<String>& read) {
  answer made{std::string(read.organization_name),
              std::string(read.contact_info),
              std::string(read.report_id),
              read.start,
              read.end,
              {}};
  for (const policy<String>& p : read.policies) {
    made.policies.push_back({p.policy_type,
                             std::string(p.policy_domain),
                             to_strings(p.policy_string),
                             to_strings(p.mx_host),
                             p.total_successful_session_count,
                             p.total_failure_session_count,
                             {}});
    for (const failure_details<String>& f : p.failure_details)
      made.policies.back().failure_details.push_back(
          {f.result_type, std::string(f.sending_mta_ip), std::string(f.receiving_ip),
           std::string(f.receiving_mx_hostname), std::string(f.receiving_mx_helo),
           std::string(f.additional_information), std::string(f.failure_reason_code),
           f.failed_session_count});
  }
  return made;
}

/// For contenders without a reader of times: "2026-11-23T23:59:59Z", with or without the "Z"; 0 for
/// anything else.
constexpr std::int64_t read_time(std::string_view text) noexcept {
  if (text.size() != 19 && !(text.size() == 20 && text[19] == 'Z')) return 0;
  const auto number = [text](std::size_t begin, std::size_t size) {
    std::int64_t value = 0;
    for (std::size_t i = begin; i < begin + size; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  // Days by the civil calendar, in years that begin in March.
  const std::int64_t month = number(5, 2), year = number(0, 4) - (month <= 2);
  const std::int64_t day_of_year =
      (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + number(8, 2) - 1;
  const std::int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
  return ((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2);
}
static_assert(read_time("2026-11-23T23:59:59Z") == 1795478399);

/// For contenders without a vocabulary: exactly the registered texts.
constexpr tlsrpt::policy_type to_policy_type(std::string_view text) noexcept {
  using enum tlsrpt::policy_type;
  if (text == "sts") return sts;
  if (text == "tlsa") return tlsa;
  if (text == "no-policy-found") return no_policy_found;
  return unknown;
}

constexpr tlsrpt::result_type to_result_type(std::string_view text) noexcept {
  using enum tlsrpt::result_type;
  if (text == "starttls-not-supported") return starttls_not_supported;
  if (text == "certificate-host-mismatch") return certificate_host_mismatch;
  if (text == "certificate-expired") return certificate_expired;
  if (text == "certificate-not-trusted") return certificate_not_trusted;
  if (text == "validation-failure") return validation_failure;
  if (text == "tlsa-invalid") return tlsa_invalid;
  if (text == "dnssec-invalid") return dnssec_invalid;
  if (text == "dane-required") return dane_required;
  if (text == "sts-policy-fetch-error") return sts_policy_fetch_error;
  if (text == "sts-policy-invalid") return sts_policy_invalid;
  if (text == "sts-webpki-invalid") return sts_webpki_invalid;
  return unknown;
}

}  // namespace bench

#endif
