#include <tlsrpt/advice.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/write_advice.hpp>

#include "ledger/sample.hpp"

namespace {

using tlsrpt::advice;
using tlsrpt::change;
using tlsrpt::day;
using tlsrpt::finding;
using tlsrpt::impact;
using tlsrpt::party;

const day last = *day::parse("2026-11-23");

constexpr std::string_view ledger_of_v2 =
    R"({"_ledger":1,"reasons":1,"details":256,"elements":1024}
{"day":"2026-11-23","days":1,"digest":"4d3e25ebd7d81a947fea79161e3fe302","report-id":"2026-11-23T00:00:00Z_example.com","org":"Webmail Example Inc.","reporter":"webmail.example","trust":"verified","via":"m","seen":1795497129,"by":["webmail.example"],"about":"example.com","inferred":"example.com","flags":[],"T":[["example.com","sts","enforce","bbd1e54d0d34e753",57,0,6,0,1]],"F":[["example.com","sts","enforce","certificate-host-mismatch","mx2.example.com","192.0.2.26","x509.host_mismatch",4,0],["example.com","sts","enforce","validation-failure","mx2.example.com","192.0.2.26","-",2,0]]}
{"policy":"bbd1e54d0d34e753","kind":"sts","text":["version: STSv1","mode: enforce","mx: mx1.example.com","mx: mx2.example.com","max_age: 86400"]}
)";

std::string json_of(const advice& made, day today = last + 1) {
  std::string text;
  write_advice_json(text, made, today);
  return text;
}

/// Reports of several senders on days that are counted back from the last one.
struct mailbox {
  tlsrpt::ledger ledger;

  /// A report of one element; without failures unless some are given.
  void add(std::string_view sender, int days_ago, sample::element element, bool is_signed = false) {
    sample::report report;
    report.contact = "tls@" + std::string(sender);
    report.id =
        std::to_string(days_ago) + '@' + std::string(sender) + element.domain + element.kind;
    report.start = first_second_of(last - days_ago);
    report.end = report.start + 86'399;
    report.elements = {std::move(element)};
    const tlsrpt::receipt receipt{is_signed ? sender : std::string_view()};
    REQUIRE(ledger.add(report.view(), receipt).has_value());
  }

  advice made(std::vector<tlsrpt::known_finding> known = {}) const {
    return make_advice(ledger, {last + 1, known});
  }

  /// The only finding.
  finding only() const {
    const advice all = made();
    REQUIRE(all.findings.size() == 1);
    return all.findings.front();
  }
};

sample::element good(std::string domain = "example.com") { return {.domain = std::move(domain)}; }

sample::element bad(std::uint64_t failed, sample::failure failure,
                    std::string domain = "example.com") {
  failure.sessions = failed;
  return {.domain = std::move(domain), .failed = failed, .failures = {std::move(failure)}};
}

const sample::failure expired = {.host = "mx2.example.com", .ip = "192.0.2.25"};

std::string names(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& one : all) (text += text.empty() ? "" : ",") += one;
  return text;
}

}  // namespace

TEST_CASE("the finding of one report of one sender") {
  tlsrpt::ledger ledger;
  REQUIRE(ledger.read(ledger_of_v2).has_value());
  const advice made = make_advice(ledger, {last + 1});
  CHECK(
      json_of(made) ==
      R"({"now":"2026-11-24","advice":[{"code":"cert","key":"cert.mx2.example.com.x509.host_mismatch.sts","severity":1,"impact":"refused","party":"certificate","certainty":"sure","domains":["example.com"],"host":"mx2.example.com","node":"192.0.2.26","reason":"x509.host_mismatch","since":"2026-11-23","last":"2026-11-23","change":"first-seen","reporters":["webmail.example"],"others":[],"noted":4,"failed-at-least":6,"text":"mx2.example.com shows a certificate that does not carry its name.","do-first":"Issue a certificate that lists mx2.example.com, reload the mail service there, and show it also to clients that send no SNI.","evidence":["4d3e25ebd7d81a947fea79161e3fe302"]}],"silent":[]})");
  REQUIRE(made.findings.size() == 1);
  CHECK(made.findings.front().without_reason == 2);
}
