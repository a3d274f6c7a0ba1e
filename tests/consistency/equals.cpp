/// @file
/// Elements that are equal, or that may count the same sessions.

#include <tlsrpt/consistency.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sample.hpp"

using namespace consistency;

TEST_CASE("B-110, D-07: details equal in everything but the count") {
  sample s = counts(3, {1, 2});
  CHECK(s.odd().empty());
  failure_details_view& a = s.first().failures[0];
  failure_details_view& b = s.first().failures[1];
  b = a;
  b.failed_session_count = 2;
  const std::string odd = "equal-failure-details /policies/0/failure-details/1 certificate-expired";
  CHECK(s.odd() == odd);
  CHECK(tlsrpt::compare_failures(a, b) == 0);

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
      CHECK(tlsrpt::compare_failures(a, b) != 0);
      CHECK((tlsrpt::compare_failures(a, b) < 0) == (tlsrpt::compare_failures(b, a) > 0));
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
  SUBCASE("each later one is reported, in order, and only within one policy") {
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

TEST_CASE("orders do not need hashes to tell elements apart") {
  using tlsrpt::detail::tlsa_key;
  const std::string_view records[] = {"3 1 1 ab", "3 1 1 cd", "2 1 1 ab", "no record", ""};
  for (std::string_view a : records)
    for (std::string_view b : records) CHECK((order(tlsa_key{a}, tlsa_key{b}) == 0) == (a == b));
  CHECK(order(tlsa_key{"3 1 1 ab"}, tlsa_key{"3  1 1 AB"}) == 0);

  sample s;
  s.policies.push_back(s.first());
  std::swap(s.policies[1].lines[2], s.policies[1].lines[4]);
  const report_view report = s.view();
  std::vector<std::uint64_t> scratch(20);
  const auto compare = [&](std::size_t a, std::size_t b) {
    return tlsrpt::detail::compare_policies(report.policies[a], report.policies[b], scratch);
  };
  CHECK(compare(0, 0) == 0);
  CHECK(compare(0, 1) != 0);
  CHECK((compare(0, 1) < 0) == (compare(1, 0) > 0));
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
  SUBCASE("each later one is reported, in order") {
    s.policies = {no_policy(), tlsa_policy(), no_policy(), tlsa_policy(), no_policy()};
    CHECK(s.odd() ==
          "equal-policies /policies/2/policy example.com; equal-policies /policies/3/policy "
          "mx.example.com; equal-policies /policies/4/policy example.com");
  }
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
