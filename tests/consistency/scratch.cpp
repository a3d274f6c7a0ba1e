/// @file
/// Memory and time that comparing takes, whatever the sender wrote.

#include <tlsrpt/consistency.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sample.hpp"

using namespace consistency;

namespace {

/// Numbers as texts that live long enough.
std::vector<std::string> numbered(std::string_view before, std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(std::string(before) + std::to_string(i));
  return texts;
}

std::size_t count_of(sample& s, tlsrpt::errc code) {
  std::size_t count = 0;
  tlsrpt::find_inconsistencies(
      s.view(), [&](const tlsrpt::diagnostic& d) { count += d.code == code; }, s.options);
  return count;
}

}  // namespace

TEST_CASE("memory for comparing: enough, and one octet too little") {
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
  CHECK(tlsrpt::scratch_size(s.view()) == 8 * many + alignof(std::uint64_t) - 1);
  CHECK(s.odd() == "comparison-left-out /policies/0/failure-details");
  std::vector<std::byte> scratch(many - 1);
  s.options.scratch = scratch;
  CHECK(s.odd() == "comparison-left-out /policies/0/failure-details");
  scratch.resize(8 * many);
  s.options.scratch = scratch;
  const std::string equal =
      "equal-failure-details /policies/0/failure-details/1999 validation-failure";
  CHECK(s.odd() == equal);
  // What scratch_size() says is enough wherever the memory begins.
  scratch.resize(8 + tlsrpt::scratch_size(s.view()));
  for (std::size_t first = 0; first < 8; ++first) {
    s.options.scratch = std::span(scratch).subspan(first, tlsrpt::scratch_size(s.view()));
    CHECK(s.odd() == equal);
  }

  s = sample();
  s.first().lines.insert(s.first().lines.end(), many, "x: y");
  CHECK(tlsrpt::scratch_size(s.view()) == 8 * (1 + 2 * (many + 5)) + alignof(std::uint64_t) - 1);
  CHECK(s.odd() == "comparison-left-out /policies/0/policy/mx-host");
  s.policies.push_back(s.first());
  CHECK(s.odd() ==
        "comparison-left-out /policies/0/policy/mx-host; comparison-left-out "
        "/policies/1/policy/mx-host; comparison-left-out /policies");
  scratch.resize(tlsrpt::scratch_size(s.view()));
  s.options.scratch = scratch;
  CHECK(s.names() == "equal-policies");
}

TEST_CASE("a report of any size is compared") {
  constexpr std::size_t many = 20'000;
  std::vector<std::byte> scratch;
  sample s;
  const auto lend = [&] {
    scratch.resize(tlsrpt::scratch_size(s.view()));
    s.options.scratch = scratch;
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
    s.policies.assign(many, tlsa_policy());
    lend();
    CHECK(count_of(s, tlsrpt::errc::equal_policies) == many - 1);
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

TEST_CASE("one text with many spaces among many short ones is not read again for each") {
  // Were it read again for each, this would take minutes.
  constexpr std::size_t many = 5'000;
  const std::string blanks(4'000'000, ' ');
  std::vector<std::byte> scratch;
  sample s;
  const auto lend = [&] {
    scratch.resize(tlsrpt::scratch_size(s.view()));
    s.options.scratch = scratch;
  };

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
}

TEST_CASE("spaces that are still read do not make a difference") {
  const std::string blanks(200, ' ');
  const std::string line = "mx:" + blanks + "mx.example.com", host = blanks + "mx.example.com";
  sample s;
  s.first().lines[2] = line;
  s.first().hosts[0] = host;
  CHECK(s.odd().empty());
  // A pattern of 512 octets is compared, one of 513 is not.
  const std::string long_host = std::string(512 - host.size(), ' ') + host;
  REQUIRE(long_host.size() == 512);
  s.first().hosts[0] = long_host;
  CHECK(s.odd().empty());
  const std::string longer_host = ' ' + long_host;
  s.first().hosts[0] = longer_host;
  CHECK(s.names() == "comparison-left-out");
  s.first().hosts[0] = host;
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
