#include <tlsrpt/consistency.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

namespace {

using tlsrpt::check_options;
using tlsrpt::failure_details_view;
using tlsrpt::policy_view;
using tlsrpt::report_view;
using tlsrpt::session_count;

constexpr std::int64_t day = 86400;
constexpr std::int64_t midnight = 1795305600;  // 2026-11-22T00:00:00Z
constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

tlsrpt::timestamp at(std::int64_t seconds, std::string_view text = "some time") {
  return {seconds, text, true};
}

template <class E>
tlsrpt::token<E> token(tlsrpt::match<E> match, std::string_view text) {
  return {match.value, text};
}

/// A failure detail with nothing odd about it. The sending address is of RFC 2544, which is neither
/// private nor for documentation.
failure_details_view failure(std::string_view result_type, session_count count = 1) {
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
  check_options options;

  policy& first() { return policies.front(); }

  report_view view() {
    views_.clear();
    for (const policy& p : policies) {
      policy_view v;
      v.policy_type = token(tlsrpt::match_policy_type(p.type), p.type);
      v.policy_domain = p.domain;
      v.policy_string = p.lines;
      v.mx_host = p.hosts;
      v.total_successful_session_count = p.successful;
      v.total_failure_session_count = p.failed;
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
    tlsrpt::check(view(), found, options);
    std::string text;
    for (const support::finding& f : found.all)
      (text += text.empty() ? "" : "; ") +=
          std::string(name(f.code)) + ' ' + f.path + (f.subject.empty() ? "" : " " + f.subject);
    return text;
  }
  std::string names() {
    support::findings found;
    tlsrpt::check(view(), found, options);
    return found.names();
  }

 private:
  std::vector<policy_view> views_;
};

sample::policy tlsa_policy(std::string_view domain = "mx.example.com") {
  return {.type = "tlsa",
          .domain = domain,
          .lines = {"3 1 1 8f3a1c5e7092b4d6f8013c5e7a9b2d4f6081a3c5e7f90b2d4c6e8fa0b1d3f507",
                    "3 1 1 0b1d3f5072946b8da0c2e4f61830527496b8dafc1e3050729416b8d0f2a4c6e8"},
          .hosts = {},
          .failures = {failure("tlsa-invalid")}};
}

sample::policy no_policy() {
  return {.type = "no-policy-found",
          .lines = {},
          .hosts = {},
          .failures = {failure("starttls-not-supported")}};
}

/// A sample whose only policy has these counts.
sample counts(session_count total, std::initializer_list<session_count> details) {
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

}  // namespace

TEST_CASE("there is nothing odd about an ordinary report") {
  CHECK(sample().odd().empty());
  sample s;
  s.policies = {tlsa_policy()};
  CHECK(s.odd().empty());
  s.policies = {no_policy()};
  CHECK(s.odd().empty());
  s.policies = {};
  CHECK(s.odd().empty());
  report_view nothing;
  tlsrpt::diagnostic_list<1> found;
  tlsrpt::check(nothing, found);
  CHECK(found.empty());
}

TEST_CASE("the codes of the checks are notes and warnings: the report conforms") {
  for (auto i = static_cast<int>(tlsrpt::errc::failures_without_details);
       i <= static_cast<int>(tlsrpt::errc::comparison_left_out); ++i) {
    CAPTURE(name(static_cast<tlsrpt::errc>(i)));
    CHECK(grade_of(static_cast<tlsrpt::errc>(i)) <= tlsrpt::grade::warning);
  }
  static_assert(grade_of(tlsrpt::errc::details_above_total) == tlsrpt::grade::note);
}

TEST_CASE("B-103: failures without details") {
  CHECK(counts(1, {}).odd() == "failures-without-details /policies/0/failure-details");
  CHECK(counts(0, {}).odd().empty());
  CHECK(counts(unknown, {}).odd().empty());
  CHECK(counts(1, {1}).odd().empty());
}

TEST_CASE("B-104: details despite a total of 0") {
  const char* const odd =
      "failures-despite-zero-total /policies/0/summary/total-failure-session-count";
  CHECK(counts(0, {1}).odd() == odd);
  CHECK(counts(0, {unknown, 1}).odd() == odd);
  CHECK(counts(0, {most, most}).odd() == odd);
  CHECK(counts(0, {unknown}).odd().empty());
  CHECK(counts(unknown, {1}).odd().empty());
  CHECK(counts(0, {0}).names() == "failed-count-zero");
}

TEST_CASE("B-105: details that add up to less than the total") {
  const char* const odd = "details-below-total /policies/0/summary/total-failure-session-count";
  CHECK(counts(3, {2}).odd() == odd);
  CHECK(counts(4, {2, 1}).odd() == odd);
  CHECK(counts(3, {2, 1}).odd().empty());
  CHECK(counts(3, {2, unknown}).odd().empty());
  CHECK(counts(unknown, {2}).odd().empty());
  CHECK(counts(most, {most - 1}).odd() == odd);
  CHECK(counts(most, {most - 1, 1}).odd().empty());
}

TEST_CASE("B-106: details that add up to more than the total are overlap, a note") {
  const char* const odd = "details-above-total /policies/0/summary/total-failure-session-count";
  CHECK(counts(2, {2, 1}).odd() == odd);
  CHECK(counts(2, {2, 1, unknown}).odd() == odd);
  CHECK(counts(3, {2, 1}).odd().empty());
  // E-05: the sum saturates instead of becoming 1.
  CHECK(counts(most - 1, {most - 1, 3}).odd() == odd);
  CHECK(counts(most, {most, 3}).odd().empty());
}

TEST_CASE("B-107: a detail above the total") {
  CHECK(counts(2, {1, 3}).odd() ==
        "failed-count-above-total /policies/0/failure-details/1/failed-session-count");
  CHECK(counts(2, {3, 3}).names() == "failed-count-above-total,failed-count-above-total");
  CHECK(counts(2, {2}).odd().empty());
  CHECK(counts(unknown, {3}).odd().empty());
  CHECK(counts(1, {most}).names() == "failed-count-above-total");
}

TEST_CASE("B-108: a detail that counts nothing") {
  CHECK(counts(1, {1, 0}).odd() ==
        "failed-count-zero /policies/0/failure-details/1/failed-session-count");
  CHECK(counts(1, {1, unknown}).odd().empty());
}

TEST_CASE("B-109: an element without sessions") {
  sample s = counts(0, {});
  s.first().successful = 0;
  CHECK(s.odd() == "no-sessions /policies/0/summary");
  s.first().successful = 1;
  CHECK(s.odd().empty());
  s.first().successful = unknown;
  CHECK(s.odd().empty());
  s = counts(unknown, {});
  s.first().successful = 0;
  CHECK(s.odd().empty());
  s = counts(1, {1});
  s.first().successful = 0;
  CHECK(s.odd().empty());
  // Details that count something contradict the totals; those of unknown count may.
  s = counts(0, {1});
  s.first().successful = 0;
  CHECK(s.names() == "failures-despite-zero-total");
  s = counts(0, {unknown});
  s.first().successful = 0;
  CHECK(s.odd().empty());
}

TEST_CASE("B-110, D-07: details equal in everything but the count") {
  sample s = counts(3, {1, 2});
  CHECK(s.odd().empty());
  failure_details_view& a = s.first().failures[0];
  failure_details_view& b = s.first().failures[1];
  b = a;
  b.failed_session_count = 2;
  const std::string odd = "equal-failure-details /policies/0/failure-details/1 certificate-expired";
  CHECK(s.odd() == odd);
  CHECK(tlsrpt::kind_order(a, b) == 0);

  SUBCASE("what is written in another way is still equal") {
    b.receiving_mx_hostname = "MX.Example.com.";
    CHECK(s.odd() == odd);
    a.receiving_ip.text = "2001:db8:0::25";
    b.receiving_ip.text = "[IPv6:2001:DB8::25]";
    CHECK(s.odd() == odd);
    b.result_type.text = "Certificate_Expired";
    CHECK(s.names() == "equal-failure-details");
    b.failed_session_count = unknown;
    CHECK(s.names() == "equal-failure-details");
    a.sending_mta_ip.text = b.sending_mta_ip.text = "not an address";
    a.result_type = b.result_type = {tlsrpt::result_type::unknown, "other"};
    CHECK(s.names() == "equal-failure-details");
  }
  SUBCASE("what differs in one member is not") {
    const auto differs = [&](auto change) {
      const failure_details_view before = b;
      change(b);
      CHECK(s.odd().empty());
      CHECK(tlsrpt::kind_order(a, b) != 0);
      CHECK((tlsrpt::kind_order(a, b) < 0) == (tlsrpt::kind_order(b, a) > 0));
      b = before;
    };
    differs([](auto& f) { f.result_type.value = tlsrpt::result_type::certificate_not_trusted; });
    differs([](auto& f) { f.result_type = {tlsrpt::result_type::unknown, "other"}; });
    differs([](auto& f) { f.sending_mta_ip.text = "198.18.0.2"; });
    differs([](auto& f) { f.sending_mta_ip.text = "::ffff:198.18.0.1"; });
    differs([](auto& f) { f.sending_mta_ip.text = {}; });
    differs([](auto& f) { f.receiving_ip.text = "192.0.2.26"; });
    differs([](auto& f) { f.receiving_ip.text = "no address"; });
    differs([](auto& f) { f.receiving_mx_hostname = "mx.mail.example.com"; });
    differs([](auto& f) { f.receiving_mx_helo = "mx"; });
    differs([](auto& f) { f.additional_information = "https://sender.example/"; });
    differs([](auto& f) { f.failure_reason_code = "A"; });
    a.result_type = {tlsrpt::result_type::unknown, "Other"};
    b.result_type = {tlsrpt::result_type::unknown, "other"};
    CHECK(s.odd().empty());
  }
  SUBCASE("parts of one member do not move to the next") {
    a.receiving_mx_helo = "ab";
    a.additional_information = "c";
    b.receiving_mx_helo = "a";
    b.additional_information = "bc";
    CHECK(s.odd().empty());
  }
  SUBCASE("each later one is told, in order, and only within one policy") {
    const failure_details_view one = a, two = b;
    s.first().failures = {one, failure("validation-failure"), two, failure("validation-failure"),
                          one};
    s.first().failed = 6;
    CHECK(s.odd() ==
          "equal-failure-details /policies/0/failure-details/2 certificate-expired; "
          "equal-failure-details /policies/0/failure-details/3 validation-failure; "
          "equal-failure-details /policies/0/failure-details/4 certificate-expired");
    s.first().failures = {one};
    s.first().failed = 1;
    s.policies.push_back(sample::policy(s.first()));
    s.policies[1].domain = "example.net";
    CHECK(s.odd().empty());
  }
}

TEST_CASE("B-111: elements with equal policies") {
  sample s;
  s.policies.push_back(s.first());
  const std::string odd = "equal-policies /policies/1/policy example.com";
  CHECK(s.odd() == odd);
  sample::policy& other = s.policies[1];

  SUBCASE("summary and details do not matter, nor how names are written") {
    other.successful = 3;
    other.failures = {failure("certificate-not-trusted")};
    CHECK(s.odd() == odd);
    other.domain = "EXAMPLE.com.";
    other.hosts = {"*.MAIL.example.com", "mx.example.com."};
    CHECK(s.odd() == "equal-policies /policies/1/policy EXAMPLE.com.");
  }
  SUBCASE("what differs in one member is not equal") {
    const auto differs = [&](auto change) {
      const sample::policy before = other;
      change(other);
      CHECK(s.names().find("equal-policies") == std::string::npos);
      other = before;
    };
    differs([](auto& p) { p.type = "tlsa"; });
    differs([](auto& p) { p.domain = "example.net"; });
    differs([](auto& p) { p.domain = {}; });
    differs([](auto& p) { p.lines.pop_back(); });
    differs([](auto& p) { p.lines[1] = "mode: testing"; });
    differs([](auto& p) { p.hosts.pop_back(); });
    differs([](auto& p) { p.hosts[0] = "*.example.com"; });
    // The lines of an MTA-STS policy are a text, in which the order counts.
    differs([](auto& p) { std::swap(p.lines[2], p.lines[4]); });
  }
  SUBCASE("B-84: TLSA records are a set") {
    s.policies = {tlsa_policy(), tlsa_policy()};
    std::swap(s.policies[1].lines[0], s.policies[1].lines[1]);
    CHECK(s.odd() == "equal-policies /policies/1/policy mx.example.com");
    s.policies[1].lines[0] =
        "3 1 1 0B1D3F5072946B8DA0C2E4F61830527496B8DAFC1E3050729416B8D0F2A4C6E8";
    CHECK(s.odd() == "equal-policies /policies/1/policy mx.example.com");
    s.policies[1].lines[0] =
        "3 0 1 0b1d3f5072946b8da0c2e4f61830527496b8dafc1e3050729416b8d0f2a4c6e8";
    CHECK(s.odd().empty());
    s.policies[1].lines = s.policies[0].lines;
    s.policies[1].lines.push_back("2 1 1 abcd");
    CHECK(s.odd().empty());
  }
  SUBCASE("unknown types are compared by their text") {
    s.policies[0].type = s.policies[1].type = "other";
    CHECK(s.odd() == odd);
    s.policies[1].type = "another";
    CHECK(s.names() == "overlapping-totals");
  }
  SUBCASE("each later one is told, in order") {
    s.policies = {no_policy(), tlsa_policy(), no_policy(), tlsa_policy(), no_policy()};
    CHECK(s.odd() ==
          "equal-policies /policies/2/policy example.com; equal-policies /policies/3/policy "
          "mx.example.com; equal-policies /policies/4/policy example.com");
  }
}

TEST_CASE("B-112: a result type that does not go with the policy") {
  struct row {
    const char* policy;
    const char* result;
    bool is_odd;
  };
  for (const row& r : std::initializer_list<row>{
           {"tlsa", "sts-policy-invalid", true},
           {"tlsa", "sts-policy-fetch-error", true},
           {"tlsa", "sts-webpki-invalid", true},
           {"sts", "tlsa-invalid", true},
           {"sts", "dnssec-invalid", true},
           {"sts", "dane-required", true},
           {"sts", "sts-policy-invalid", false},
           {"tlsa", "dane-required", false},
           {"sts", "starttls-not-supported", false},
           {"tlsa", "validation-failure", false},
           {"tlsa", "something new", false},
           {"no-policy-found", "sts-policy-invalid", false},
           {"no-policy-found", "tlsa-invalid", false},
           {"something new", "tlsa-invalid", false},
       }) {
    CAPTURE(r.policy);
    CAPTURE(r.result);
    sample s;
    s.policies = {std::string_view(r.policy) == "tlsa" ? tlsa_policy() : sample::policy{}};
    s.first().type = r.policy;
    if (std::string_view(r.policy) == "no-policy-found") s.first().lines = s.first().hosts = {};
    s.first().failures = {failure(r.result)};
    s.first().failures[0].receiving_ip.text = {};  // B-119
    CHECK(s.odd() ==
          (r.is_odd ? "result-type-of-other-policy /policies/0/failure-details/0/result-type " +
                          std::string(r.result)
                    : ""));
  }
}

TEST_CASE("B-113: DANE-EE has nothing to do with names and dates") {
  sample s;
  s.policies = {tlsa_policy()};
  s.first().failures = {failure("certificate-expired"), failure("certificate-host-mismatch"),
                        failure("certificate-not-trusted"), failure("tlsa-invalid")};
  s.first().failed = 4;
  CHECK(s.odd() ==
        "dane-ee-certificate-check /policies/0/failure-details/0/result-type certificate-expired; "
        "dane-ee-certificate-check /policies/0/failure-details/1/result-type "
        "certificate-host-mismatch");
  // With another usage among them, or one that cannot be read, the sender may be right.
  sample::texts& records = s.first().lines;
  records.push_back("2 1 1 8f3a1c5e7092b4d6f8013c5e7a9b2d4f6081a3c5e7f90b2d4c6e8fa0b1d3f507");
  CHECK(s.odd().empty());
  records.back() = "3";
  CHECK(s.odd().empty());
  records.back() = "33 1 1 8f3a1c5e7092b4d6f8013c5e7a9b2d4f6081a3c5e7f90b2d4c6e8fa0b1d3f507";
  CHECK(s.odd().empty());
  records = {};
  CHECK(s.names() == "policy-string-missing");
}

TEST_CASE("B-114: failures under mode none") {
  sample s;
  s.first().lines = {"version: STSv1", "mode: none", "max_age: 86400"};
  s.first().hosts = {};
  const std::string odd = "failures-under-mode-none /policies/0/policy/policy-string none";
  CHECK(s.odd() == odd);
  s.first().lines[1] = "mode:none \r";
  CHECK(s.names() == "failures-under-mode-none");
  s.first().lines[1] = "mode: none";

  s.first().failures = {};
  CHECK(s.names() == "failures-without-details,failures-under-mode-none");
  s.first().failed = 0;
  CHECK(s.odd().empty());
  s.first().failed = unknown;
  CHECK(s.odd().empty());
  s.first().failures = {failure("certificate-expired", 0)};
  CHECK(s.names() == "failed-count-zero");
  s.first().failures = {failure("certificate-expired", unknown)};
  CHECK(s.odd().empty());
  s.first().failures = {failure("certificate-expired")};
  CHECK(s.odd() == odd);

  // B-68: the first mode counts. B-66: it is case-sensitive.
  s.first().lines = {"version: STSv1", "mode: testing", "mode: none", "max_age: 86400"};
  CHECK(s.odd().empty());
  s.first().lines[1] = "mode: None";
  s.first().lines[2] = "max_age: 86400";
  CHECK(s.odd().empty());
}

TEST_CASE("B-115: mx-host and the mx lines as sets") {
  sample s;
  s.first().failures[0].receiving_mx_hostname = {};
  sample::texts& hosts = s.first().hosts;

  SUBCASE("equal sets") {
    for (const sample::texts& same : std::initializer_list<sample::texts>{
             {"*.mail.example.com", "mx.example.com"},
             {"MX.example.com.", "*.Mail.example.COM"},
             {"mx.example.com", "*.mail.example.com", "mx.example.com"},
             {"mx: mx.example.com", "mx:*.mail.example.com"}}) {
      hosts = same;
      CHECK(s.odd().empty());
    }
  }
  SUBCASE("a host too many") {
    hosts.insert(hosts.begin() + 1, "mx2.example.com");
    CHECK(s.odd() == "mx-host-differs-from-policy /policies/0/policy/mx-host/1 mx2.example.com");
    hosts[1] = "mail.example.com";
    CHECK(s.names() == "mx-host-differs-from-policy");
    hosts[1] = "*.mx.example.com";
    CHECK(s.names() == "mx-host-differs-from-policy");
  }
  SUBCASE("a host too few") {
    hosts.pop_back();
    CHECK(s.odd() ==
          "mx-host-differs-from-policy /policies/0/policy/policy-string/3 mx: *.mail.example.com");
  }
  SUBCASE("where one of the two is not given there is nothing to compare") {
    hosts = {};
    CHECK(s.odd().empty());
    hosts = {"mx.example.com"};
    s.first().lines = {};
    CHECK(s.names() == "policy-string-missing");
  }
  SUBCASE("a policy without mx lines") {
    s.first().lines = {"version: STSv1", "mode: enforce", "max_age: 86400"};
    CHECK(s.names() == "mx-host-differs-from-policy");
  }
  SUBCASE("lines that end in CR") {
    s.first().lines = {"version: STSv1\r", "mode: enforce\r", "mx: mx.example.com\r",
                       "mx: *.mail.example.com \r", "max_age: 604800\r\n"};
    CHECK(s.odd().empty());
  }
  SUBCASE("elements that hold several lines are not compared") {
    s.first().lines = {"version: STSv1\nmode: enforce", "mx: a.example\nmx: b.example"};
    CHECK(s.odd().empty());
    s.first().lines = {"version: STSv1\n", "mode: enforce\n", "mx: a.example\n"};
    CHECK(s.names() == "mx-host-differs-from-policy");
  }
}

TEST_CASE("B-116: a mail host that matches no pattern") {
  sample s;
  const auto odd_for = [&](std::string_view host) {
    s.first().failures[0].receiving_mx_hostname = host;
    return s.odd();
  };
  for (const char* host : {"mx.example.com", "MX.Example.com.", "a.mail.example.com",
                           "a.MAIL.example.com.", "*.mail.example.com"})
    CHECK(odd_for(host).empty());
  for (const char* host : {"mx2.example.com", "example.com", "mail.example.com",
                           "a.b.mail.example.com", ".mail.example.com", "x", "."}) {
    CAPTURE(host);
    const std::string where = "/policies/0/failure-details/0/receiving-mx-hostname ";
    CHECK(odd_for(host) == "mx-outside-policy " + where + host);
  }
  CHECK(odd_for({}).empty());

  SUBCASE("the policy counts; mx-host stands in for it") {
    s.first().hosts = {"mx2.example.com"};
    CHECK(odd_for("mx2.example.com").find("mx-outside-policy") != std::string::npos);
    s.first().lines = {};
    CHECK(odd_for("mx2.example.com").find("mx-outside-policy") == std::string::npos);
    CHECK(odd_for("mx3.example.com").find("mx-outside-policy") != std::string::npos);
    s.first().hosts = {};
    CHECK(odd_for("mx3.example.com").find("mx-outside-policy") == std::string::npos);
  }
  SUBCASE("failures to get the policy do not come from the mail host") {
    s.first().failures = {failure("sts-policy-invalid")};
    CHECK(odd_for("mta-sts.example.com").empty());
  }
  SUBCASE("other types have no patterns") {
    s.policies = {tlsa_policy()};
    CHECK(odd_for("mx3.example.com").empty());
  }
}

TEST_CASE("B-117: a policy that is not shown, or shown though not found") {
  sample s;
  const auto of = [&](std::string_view type, std::string_view result) {
    s.first().type = type;
    s.first().lines = s.first().hosts = {};
    s.first().failures = {failure(result)};
    s.first().failures[0].receiving_ip.text = {};
    return s.odd();
  };
  const std::string odd = "policy-string-missing /policies/0/policy/policy-string";
  CHECK(of("sts", "certificate-expired") == odd);
  CHECK(of("tlsa", "certificate-expired") == odd);
  CHECK(of("tlsa", "tlsa-invalid") == odd);
  // B-73: what could not be had is not shown.
  for (const char* result : {"sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"})
    CHECK(of("sts", result).empty());
  for (const char* result : {"dnssec-invalid", "dane-required"}) CHECK(of("tlsa", result).empty());
  CHECK(of("sts", "something new").empty());
  CHECK(of("tlsa", "something new").empty());
  CHECK(of("no-policy-found", "certificate-expired").empty());
  CHECK(of("something new", "certificate-expired").empty());

  s.policies = {no_policy()};
  s.first().lines = {"version: STSv1"};
  CHECK(s.odd() ==
        "policy-string-without-policy /policies/0/policy/policy-string/0 version: STSv1");
}

TEST_CASE("B-118: mx-host where it has no meaning") {
  sample s;
  s.policies = {tlsa_policy(), no_policy(), sample::policy{.type = "something new"}};
  s.policies[1].domain = "example.net";
  s.policies[0].hosts = s.policies[1].hosts = {"mx.example.com", "mx2.example.com"};
  CHECK(s.odd() ==
        "mx-host-without-sts /policies/0/policy/mx-host/0 mx.example.com; "
        "mx-host-without-sts /policies/1/policy/mx-host/0 mx.example.com");
}

TEST_CASE("B-119: a failure to get the policy that names a mail host's address") {
  sample s;
  for (const char* result : {"sts-policy-fetch-error", "sts-webpki-invalid"}) {
    s.first().failures = {failure(result)};
    CHECK(s.odd() ==
          "receiving-ip-of-fetch-failure /policies/0/failure-details/0/receiving-ip 192.0.2.25");
    s.first().failures[0].receiving_ip.text = {};
    CHECK(s.odd().empty());
  }
  s.first().failures = {failure("sts-policy-invalid")};
  CHECK(s.odd().empty());
}

TEST_CASE("B-120: the period") {
  sample s;
  s.start = at(midnight, "start");
  const auto odd_for = [&](std::int64_t start, std::int64_t end) {
    s.start.seconds = start;
    s.end = at(end, "end");
    return s.odd();
  };
  const std::string not_a_day = "period-not-a-day /date-range/end-datetime end";

  SUBCASE("F-23, B-47: both spellings of the end of a day") {
    CHECK(odd_for(midnight, midnight + day - 1).empty());
    CHECK(odd_for(midnight, midnight + day).empty());
    CHECK(odd_for(midnight, midnight + day - 2) == not_a_day);
    CHECK(odd_for(midnight, midnight + day + 1) == not_a_day);
    CHECK(odd_for(midnight, midnight + 7 * day - 1) == not_a_day);
    CHECK(odd_for(midnight, midnight) == not_a_day);
  }
  SUBCASE("an end before the start") {
    CHECK(odd_for(midnight, midnight - 1) == "period-reversed /date-range/end-datetime end");
  }
  SUBCASE("a start that is not midnight") {
    const std::string odd = "period-not-from-midnight /date-range/start-datetime start";
    CHECK(odd_for(midnight + 1, midnight + day) == odd);
    CHECK(odd_for(midnight - 1, midnight + day - 1) == odd);
    CHECK(odd_for(midnight + 3600, midnight + 7200) == not_a_day + "; " + odd);
    CHECK(odd_for(-day, -1).empty());
    CHECK(odd_for(-1, day - 1) == odd);
    s.end.known = false;
    s.start.seconds = midnight + 1;
    CHECK(s.odd() == odd);
  }
  SUBCASE("without one end there is no length") {
    s.start.known = false;
    s.start.seconds = 0;
    CHECK(s.odd().empty());
    s.start.known = true;
    s.end = {};
    CHECK(s.odd().empty());
  }
  SUBCASE("the future, beyond the clock skew") {
    const std::string odd = "period-in-future /date-range/end-datetime end";
    CHECK(odd_for(midnight, midnight + day).empty());  // no clock
    s.options.now = midnight + day;
    CHECK(odd_for(midnight, midnight + day).empty());
    s.options.now = midnight + day - 3600;
    CHECK(odd_for(midnight, midnight + day).empty());
    s.options.now = midnight + day - 3601;
    CHECK(odd_for(midnight, midnight + day) == odd);
    s.options.clock_skew = 0;
    s.options.now = midnight + day - 1;
    CHECK(odd_for(midnight, midnight + day - 1).empty());
    CHECK(odd_for(midnight, midnight + day) == odd);
    s.options.now = midnight - 2;
    s.start.seconds = midnight;
    s.end.known = false;
    CHECK(s.odd() == "period-in-future /date-range/start-datetime start");
    s.start.known = false;
    CHECK(s.odd().empty());
  }
  SUBCASE("older than reports are kept") {
    const std::string odd = "period-beyond-retention /date-range/end-datetime end";
    s.options.now = midnight + 100 * day;
    CHECK(odd_for(midnight, midnight + day).empty());  // no limit
    s.options.retention = 99 * day;
    CHECK(odd_for(midnight, midnight + day).empty());
    CHECK(odd_for(midnight, midnight + day - 1) == odd);
    s.options.now.reset();
    CHECK(odd_for(midnight, midnight + day - 1).empty());
  }
  SUBCASE("numbers at the ends of their range") {
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    s.options.retention = 0;
    for (std::int64_t now : {first, last})
      for (std::int64_t skew : {first, last}) {
        s.options.now = now;
        s.options.clock_skew = skew;
        CHECK(odd_for(first, last).find(not_a_day) == 0);
        CHECK(odd_for(last, first).find("period-reversed") == 0);
      }
  }
}

TEST_CASE("B-121: sending addresses that no session comes from") {
  sample s;
  const auto odd_for = [&](std::string_view address) {
    s.first().failures[0].sending_mta_ip.text = address;
    return s.odd();
  };
  const std::string where = " /policies/0/failure-details/0/sending-mta-ip ";
  for (const char* address : {"10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1",
                              "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "[10.0.0.1]"})
    CHECK(odd_for(address) == "internal-sending-address" + where + address);
  for (const char* address :
       {"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1", "::ffff:192.0.2.1"})
    CHECK(odd_for(address) == "documentation-sending-address" + where + address);
  for (const char* address : {"198.18.0.1", "2001:db9::1", "no address"})
    CHECK(odd_for(address).empty());
  CHECK(odd_for({}).empty());
}

TEST_CASE("B-122: counts above 2^53-1 are the reader's to tell") {
  CHECK(counts(std::uint64_t{1} << 53, {std::uint64_t{1} << 53}).odd().empty());
}

TEST_CASE("B-123: one domain under several types") {
  sample s;
  s.policies.push_back(tlsa_policy("Example.COM."));
  CHECK(s.odd() == "overlapping-totals /policies/1/policy/policy-domain Example.COM.");
  tlsrpt::policy_head_view a = s.view().policies[0], b = s.view().policies[1];
  CHECK(may_share_sessions(a, b));
  CHECK_FALSE(may_share_sessions(a, a));
  b.policy_domain = "mx.example.com";
  CHECK_FALSE(may_share_sessions(a, b));
  a.policy_domain = b.policy_domain = {};
  CHECK_FALSE(may_share_sessions(a, b));

  s.policies[1].domain = "mx.example.com";
  CHECK(s.odd().empty());
  s.policies[0].domain = s.policies[1].domain = {};
  CHECK(s.odd().empty());

  // Once for each domain, where the second type appears.
  const auto of = [](sample::policy policy, std::string_view domain) {
    policy.domain = domain;
    return policy;
  };
  sample::policy testing;
  testing.lines[1] = "mode: testing";
  s.policies = {of(no_policy(), "b.example"),      of(sample::policy{}, "a.example"),
                of(testing, "a.example"),          of(tlsa_policy(), "a.example"),
                of(no_policy(), "a.example"),      of(sample::policy{}, "b.example"),
                of(sample::policy{}, "c.example"), of(testing, "c.example")};
  CHECK(s.odd() ==
        "overlapping-totals /policies/3/policy/policy-domain a.example; "
        "overlapping-totals /policies/5/policy/policy-domain b.example");
}

TEST_CASE("offsets count in the text that is given") {
  const std::string text = "0123456789 fe80::1 ";
  sample s;
  s.first().failures[0].sending_mta_ip.text = std::string_view(text).substr(11, 7);
  const auto offset = [&s] {
    tlsrpt::diagnostic_list<2> found;
    tlsrpt::check(s.view(), found, s.options);
    REQUIRE(found.size() == 1);
    CHECK(found[0].subject.data() == s.first().failures[0].sending_mta_ip.text.data());
    return found[0].where.offset;
  };
  CHECK(offset() == 0);
  s.options.text = text;
  CHECK(offset() == 11);
  s.options.text = std::string_view(text).substr(11);
  CHECK(offset() == 0);
  s.options.text = std::string_view(text).substr(0, 11);
  CHECK(offset() == 0);
  s.options.text = std::string_view(text).substr(10);
  CHECK(offset() == 1);
}

namespace {

/// Numbers as texts that live long enough.
std::vector<std::string> numbered(std::string_view before, std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(std::string(before) + std::to_string(i));
  return texts;
}

std::size_t count_of(sample& s, tlsrpt::errc code) {
  std::size_t count = 0;
  tlsrpt::check(
      s.view(), [&](const tlsrpt::diagnostic& d) { count += d.code == code; }, s.options);
  return count;
}

}  // namespace

TEST_CASE("room for comparing: enough, and one too little") {
  constexpr std::size_t many = 2000;
  const std::vector<std::string> reasons = numbered("", many);
  sample s;
  s.first().failures.clear();
  for (const std::string& reason : reasons) {
    s.first().failures.push_back(failure("validation-failure"));
    s.first().failures.back().failure_reason_code = reason;
  }
  s.first().failed = many;
  s.first().failures.back().failure_reason_code = "0";
  CHECK(tlsrpt::check_room(s.view()) == many);
  CHECK(s.odd() == "comparison-left-out /policies/0/failure-details");
  std::vector<std::uint64_t> room(many - 1);
  s.options.room = room;
  CHECK(s.odd() == "comparison-left-out /policies/0/failure-details");
  room.resize(many);
  s.options.room = room;
  CHECK(s.odd() == "equal-failure-details /policies/0/failure-details/1999 validation-failure");

  s = sample();
  s.first().lines.insert(s.first().lines.end(), many, "x: y");
  CHECK(tlsrpt::check_room(s.view()) == 1 + 2 * (many + 5));
  CHECK(s.odd() == "comparison-left-out /policies/0/policy/mx-host");
  s.policies.push_back(s.first());
  CHECK(s.odd() ==
        "comparison-left-out /policies/0/policy/mx-host; comparison-left-out "
        "/policies/1/policy/mx-host; comparison-left-out /policies");
  room.resize(tlsrpt::check_room(s.view()));
  s.options.room = room;
  CHECK(s.names() == "equal-policies");
}

TEST_CASE("a report of any size is compared") {
  constexpr std::size_t many = 200'000;
  std::vector<std::uint64_t> room;
  sample s;
  const auto lend = [&] {
    room.resize(tlsrpt::check_room(s.view()));
    s.options.room = room;
  };
  SUBCASE("equal failure details") {
    s.first().failures.assign(many, failure("certificate-expired"));
    lend();
    CHECK(count_of(s, tlsrpt::errc::equal_failure_details) == many - 1);
  }
  SUBCASE("different failure details") {
    const std::vector<std::string> reasons = numbered("", many / 2);
    s.first().failures.clear();
    for (std::size_t i = 0; i < many; ++i) {
      s.first().failures.push_back(failure("validation-failure"));
      s.first().failures.back().failure_reason_code = reasons[i * 7919 % reasons.size()];
    }
    lend();
    CHECK(count_of(s, tlsrpt::errc::equal_failure_details) == many / 2);
  }
  SUBCASE("equal policies") {
    s.policies.assign(100'000, tlsa_policy());
    lend();
    CHECK(count_of(s, tlsrpt::errc::equal_policies) == 99'999);
  }
  SUBCASE("one large policy among many small ones") {
    s.policies.assign(1000, tlsa_policy());
    s.policies[500].lines.assign(many, s.policies[0].lines[0]);
    lend();
    CHECK(count_of(s, tlsrpt::errc::equal_policies) == 998);
  }
  SUBCASE("many hosts and many patterns") {
    const std::vector<std::string> hosts = numbered("mx.", many / 2);
    const std::vector<std::string> lines = numbered("mx: *.", many / 2);
    s.first().lines.assign(lines.begin(), lines.end());
    s.first().hosts = {};
    s.first().failures.clear();
    for (const std::string& host : hosts) {
      s.first().failures.push_back(failure("certificate-expired"));
      s.first().failures.back().receiving_mx_hostname = host;
    }
    s.first().failures.push_back(failure("certificate-expired"));
    lend();
    CHECK(count_of(s, tlsrpt::errc::mx_outside_policy) == 1);
  }
}

TEST_CASE("one text with many blanks among many short ones is not read again for each") {
  constexpr std::size_t many = 100'000;
  const std::string blanks(4'000'000, ' ');
  std::vector<std::uint64_t> room;
  sample s;
  const auto lend = [&] {
    room.resize(tlsrpt::check_room(s.view()));
    s.options.room = room;
  };
  const auto started = std::chrono::steady_clock::now();

  // An mx line or an element of mx-host, and many mail hosts.
  const std::string line = "mx:" + blanks + "mx.example.com", host = blanks + "mx.example.com";
  s.first().lines.assign(many, "mx: mx.example.com");
  s.first().lines.front() = line;
  s.first().hosts = {};
  s.first().failures.assign(many, failure("certificate-expired"));
  s.first().failed = many;
  lend();
  CHECK(count_of(s, tlsrpt::errc::comparison_left_out) == 1);
  CHECK(count_of(s, tlsrpt::errc::mx_outside_policy) == 0);
  s.first().lines = {};
  s.first().hosts.assign(many, "mx.example.com");
  s.first().hosts.front() = host;
  CHECK(count_of(s, tlsrpt::errc::comparison_left_out) == 1);
  CHECK(count_of(s, tlsrpt::errc::mx_outside_policy) == 0);

  // Equal policies with such an element, and many with short ones.
  // A copy, as assign() takes none of its own elements.
  s.policies.assign(2, sample::policy(s.first()));
  lend();
  CHECK(count_of(s, tlsrpt::errc::equal_policies) == 1);
  s.policies.assign(many, sample::policy());
  for (sample::policy& p : s.policies) p.hosts = {"mx.example.com"};
  s.policies.front().hosts = {host};
  lend();
  CHECK(count_of(s, tlsrpt::errc::equal_policies) == many - 2);

  // TLSA records.
  const std::string record = "3 1 1" + blanks + "ab";
  s.policies.assign(2, tlsa_policy());
  for (sample::policy& p : s.policies) {
    p.lines.assign(many, "3 1 1 ab");
    p.lines.front() = record;
  }
  lend();
  CHECK(count_of(s, tlsrpt::errc::equal_policies) == 1);
  s.policies.assign(many, tlsa_policy());
  for (sample::policy& p : s.policies) p.lines = {"3 1 1 ab"};
  s.policies.front().lines = {record};
  lend();
  CHECK(count_of(s, tlsrpt::errc::equal_policies) == many - 2);

  // Addresses.
  const std::string address = blanks + "198.18.0.1";
  s.policies.assign(1, sample::policy());
  s.first().failures.assign(many, failure("certificate-expired"));
  s.first().failures.front().sending_mta_ip.text = address;
  lend();
  CHECK(count_of(s, tlsrpt::errc::equal_failure_details) == many - 2);

  // Generous, since sanitizers are slow; reading it again takes hours.
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(60));
}

TEST_CASE("blanks that are still read do not make a difference") {
  const std::string blanks(200, ' ');
  const std::string line = "mx:" + blanks + "mx.example.com", host = blanks + "mx.example.com";
  sample s;
  s.first().lines[2] = line;
  s.first().hosts[0] = host;
  CHECK(s.odd().empty());
  // A long line that is no pattern leaves nothing out.
  const std::string note = "note: " + std::string(600, 'x');
  s.first().lines.push_back(note);
  CHECK(s.odd().empty());
  // RRsets with certificates are sets, too.
  const std::string certificate(3000, 'a'), same(3000, 'A');
  const std::string first = "3 0 0 30" + certificate, second = "3  0 0 30" + same;
  s.policies.assign(2, tlsa_policy());
  s.policies[0].lines = {first, "3 1 1 ab"};
  s.policies[1].lines = {"3 1 1 AB", second};
  CHECK(s.names() == "equal-policies");
}
