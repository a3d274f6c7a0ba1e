/// @file
/// A report in which each part can be made inconsistent with the others.

#ifndef TLSRPT_TESTS_CONSISTENCY_SAMPLE
#define TLSRPT_TESTS_CONSISTENCY_SAMPLE

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/consistency.hpp>

#include "support.hpp"

namespace consistency {

using tlsrpt::consistency_options;
using tlsrpt::failure_details_view;
using tlsrpt::policy_view;
using tlsrpt::report_view;
using tlsrpt::session_count;

constexpr std::int64_t day = 86400;
constexpr std::int64_t midnight = 1795305600;  // 2026-11-22T00:00:00Z
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

inline tlsrpt::timestamp at(std::int64_t seconds, std::string_view text = "some time") {
  return {seconds, text, true};
}

template <class E>
tlsrpt::token<E> token(tlsrpt::match<E> match, std::string_view text) {
  return {match.value, text};
}

/// A failure detail with nothing odd about it. The sending address is of RFC 2544, which is neither
/// private nor for documentation.
inline failure_details_view failure(std::string_view result_type, session_count count = 1) {
  failure_details_view f;
  f.result_type = token(tlsrpt::match_result_type(result_type), result_type);
  f.sending_mta_ip.text = "198.18.0.1";
  f.receiving_mx_hostname = "mx.example.com";
  f.receiving_ip.text = "192.0.2.25";
  f.failed_session_count = count;
  return f;
}

/// A report that owns its arrays. Without change there is nothing odd about it.
class sample {
 public:
  using texts = std::vector<std::string_view>;

  struct policy {
    std::string_view type = "sts";
    std::string_view domain = "example.com";
    texts lines = {"version: STSv1", "mode: enforce", "mx: mx.example.com",
                   "mx: *.mail.example.com", "max_age: 604800"};
    texts hosts = {"mx.example.com", "*.mail.example.com"};
    session_count successful = 10, failed = 1;
    std::vector<failure_details_view> failures = {failure("certificate-expired")};
  };

  tlsrpt::timestamp start = at(midnight), end = at(midnight + day - 1);
  std::vector<policy> policies = {policy{}};
  consistency_options options;

  policy& first() { return policies.front(); }

  report_view view() {
    views_.clear();
    for (policy& p : policies) {
      policy_view v;
      v.index = static_cast<std::uint32_t>(views_.size());
      v.policy_type = token(tlsrpt::match_policy_type(p.type), p.type);
      v.policy_domain = p.domain;
      v.policy_string = p.lines;
      v.mx_host = p.hosts;
      v.total_successful_session_count = p.successful;
      v.total_failure_session_count = p.failed;
      for (std::uint32_t j = 0; j < p.failures.size(); ++j) p.failures[j].index = j;
      v.failure_details = p.failures;
      views_.push_back(v);
    }
    report_view report;
    report.date_range = {start, end};
    report.policies = views_;
    return report;
  }

  /// The findings, such as "period-reversed /date-range/end-datetime \"some time\"", in one text.
  std::string odd() {
    support::findings found;
    tlsrpt::find_inconsistencies(view(), found, options);
    std::string text;
    for (const support::finding& f : found.all)
      (text += text.empty() ? "" : "; ") +=
          std::string(name(f.code)) + ' ' + f.path + (f.subject.empty() ? "" : " " + f.subject);
    return text;
  }
  std::string names() {
    support::findings found;
    tlsrpt::find_inconsistencies(view(), found, options);
    return found.names();
  }

 private:
  std::vector<policy_view> views_;
};

inline sample::policy tlsa_policy(std::string_view domain = "mx.example.com") {
  return {.type = "tlsa",
          .domain = domain,
          .lines = {"3 1 1 8f3a1c5e7092b4d6f8013c5e7a9b2d4f6081a3c5e7f90b2d4c6e8fa0b1d3f507",
                    "3 1 1 0b1d3f5072946b8da0c2e4f61830527496b8dafc1e3050729416b8d0f2a4c6e8"},
          .hosts = {},
          .failures = {failure("tlsa-invalid")}};
}

inline sample::policy no_policy() {
  return {.type = "no-policy-found",
          .lines = {},
          .hosts = {},
          .failures = {failure("starttls-not-supported")}};
}

/// A sample whose only policy has these counts.
inline sample counts(session_count total, std::initializer_list<session_count> details) {
  sample s;
  s.first().failed = total;
  s.first().failures.clear();
  for (session_count count : details) {
    s.first().failures.push_back(failure("certificate-expired", count));
    // Different kinds, so that they are not equal.
    static constexpr std::string_view reasons[] = {"a", "b", "c", "d"};
    s.first().failures.back().failure_reason_code = reasons[s.first().failures.size() - 1];
  }
  return s;
}

constexpr session_count unknown;

}  // namespace consistency

#endif
