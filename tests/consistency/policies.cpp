/// @file
/// Failures and members that do not go with the policy.

#include <tlsrpt/consistency.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "sample.hpp"

using namespace consistency;

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

  SUBCASE("the policy counts; mx-host replaces a missing one") {
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
