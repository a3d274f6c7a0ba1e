/// Counting sessions of a day, and the reports of it.

#include <tlsrpt/tally.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include <tlsrpt/detail/tally/failure_codes.hpp>

namespace {

using tlsrpt::count_outcome;
using tlsrpt::errc;
using tlsrpt::failure_details_view;
using tlsrpt::policy_type;
using tlsrpt::result_type;
using tlsrpt::session_outcome;
using tlsrpt::session_policy;
using tlsrpt::session_view;
using tlsrpt::tally;
using tlsrpt::when_full;

constexpr tlsrpt::day november_23 = *tlsrpt::day::parse("2026-11-23");
constexpr std::int64_t midnight = first_second_of(november_23);
constexpr tlsrpt::reporter_identity identity = {"Example Net", "tls-reports@example.net"};
constexpr std::string_view record = "v=TLSRPTv1; rua=mailto:tls@example.org";

std::string text_of(const tally& tally) {
  std::string text;
  REQUIRE(tally.write(text));
  return text;
}

/// The report as JSON; the name of the code when there is none.
std::string report_of(const tally& tally, std::string_view domain = "example.org",
                      const tlsrpt::tally_report_options& options = {}) {
  tlsrpt::tally_reporter reporter;
  const auto report = reporter.make(tally, domain, identity, options);
  if (!report) return std::string(name(report.error().code));
  std::string text;
  const auto written = write_report(text, *report);
  return written ? text : std::string(name(written.error().code));
}

failure_details_view failure(result_type type, std::string_view reason = {},
                             std::string_view host = {}) {
  failure_details_view view;
  view.result_type = {type, {}};
  view.failure_reason_code = reason;
  view.receiving_mx_hostname = host;
  return view;
}

/// Counts one session with one policy.
count_outcome count(tally& tally, session_policy policy, session_view session = {}) {
  if (session.recipient_domain.empty()) session.recipient_domain = "example.org";
  if (session.time == 0) session.time = midnight;
  session.policies = {&policy, 1};
  const auto counted = tally.count(session);
  REQUIRE(counted);
  return *counted;
}

/// How often a text is in another.
std::size_t times(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

/// The sessions of the worked example: three to a host with DANE, of which one fails.
void count_example(tally& tally) {
  static constexpr std::string_view upper[] = {
      "3 1 1 A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F90"};
  static constexpr std::string_view lower[] = {
      "3 1 1 a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"};
  failure_details_view self_signed =
      failure(result_type::validation_failure, "self-signed_certificate", "mx.example.org");
  self_signed.sending_mta_ip.text = "203.0.113.5";
  self_signed.receiving_mx_helo = "250-mx.example.org\r\n250 STARTTLS";
  self_signed.receiving_ip.text = "192.0.2.40";
  session_policy policy{
      .type = policy_type::tlsa, .domain = "mx.example.org", .policy_string = upper};
  for (int i = 0; i < 2; ++i)
    CHECK(count(tally, policy, {.record = record}) == count_outcome::counted);
  policy.policy_string = lower;
  policy.domain = "MX.example.org.";
  policy.outcome = session_outcome::failed;
  policy.failures = {&self_signed, 1};
  CHECK(count(tally, policy, {.recipient_domain = "Example.ORG.", .record = record}) ==
        count_outcome::counted);
}

}  // namespace

TEST_CASE("a day of three sessions gives the report of the worked example") {
  tally tally(november_23, "mta1", 1);
  count_example(tally);
  CHECK(
      report_of(tally) ==
      R"({"organization-name":"Example Net","date-range":{"start-datetime":"2026-11-23T00:00:00Z",)"
      R"("end-datetime":"2026-11-23T23:59:59Z"},"contact-info":"tls-reports@example.net",)"
      R"("report-id":"20261123.example.org.01604555@example.net","policies":[{"policy":)"
      R"({"policy-type":"tlsa","policy-string":["3 1 1 a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60)"
      R"(718293a4b5c6d7e8f90"],"policy-domain":"mx.example.org"},"summary":{)"
      R"("total-successful-session-count":2,"total-failure-session-count":1},"failure-details":[{)"
      R"("result-type":"validation-failure","sending-mta-ip":"203.0.113.5",)"
      R"("receiving-mx-hostname":"mx.example.org","receiving-mx-helo":"mx.example.org",)"
      R"("receiving-ip":"192.0.2.40","failed-session-count":1,)"
      R"("failure-reason-code":"self-signed_certificate"}]}]})");

  tlsrpt::tally_reporter reporter;
  const auto report = reporter.make(tally, "example.org", identity);
  REQUIRE(report);
  std::string json, mail;
  REQUIRE(write_report(json, *report));
  REQUIRE(tlsrpt::write_mail(mail, *report, json,
                             {.to = "tls@example.org",
                              .about = "example.org",
                              .date = midnight + 86'400 + 600,
                              .from = identity.contact_info,
                              .unique_id = "001"}));
  CHECK(mail.find("example.net!example.org!1795392000!1795478399!001.json") != std::string::npos);
  CHECK(mail.find("DANE (TLSA records of mx.example.org): 2 sessions with TLS as demanded, 1 "
                  "failed\r\n  1  validation-failure at mx.example.org\r\n") != std::string::npos);

  CHECK(tally.domain_count() == 1);
  CHECK(tally.domain(0).name == "example.org");
  CHECK(tally.domain(0).sessions == 3);
  std::string records;
  tally.for_each_record("example.org", [&](std::string_view text) { records += text; });
  CHECK(records == record);
  tally.for_each_record("example.net", [&](std::string_view text) { records += text; });
  CHECK(records == record);
}

TEST_CASE("a session counts once for each policy, and each failure once: TA-02 to TA-05") {
  const std::array failures = {failure(result_type::certificate_expired),
                               failure(result_type::certificate_host_mismatch)};
  tally tally(november_23);
  count(tally,
        {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = failures});
  const std::string failed = report_of(tally);
  CHECK(failed.find(R"("total-successful-session-count":0,"total-failure-session-count":1})") !=
        std::string::npos);
  CHECK(times(failed, R"("failed-session-count":1)") == 2);
  // Soft failures are kept, and written when they are asked for.
  count(tally, {.type = policy_type::sts, .failures = failures});
  CHECK(times(report_of(tally), R"("failed-session-count":1)") == 2);
  CHECK(times(report_of(tally, "example.org", {.has_soft_failures = true}),
              R"("failed-session-count":2)") == 2);
  CHECK(report_of(tally).find(R"("total-successful-session-count":1)") != std::string::npos);
  const std::string before = text_of(tally);
  CHECK(count(tally, {.type = policy_type::sts, .outcome = session_outcome::not_counted}) ==
        count_outcome::nothing);
  CHECK(tally.count({.recipient_domain = "example.org", .time = midnight}).value() ==
        count_outcome::nothing);
  CHECK(text_of(tally) == before);
}

TEST_CASE("without a policy a session is counted by itself only: TA-08, TA-09") {
  const std::array policies = {
      session_policy{.type = policy_type::no_policy_found},
      session_policy{.type = policy_type::sts},
      session_policy{.type = policy_type::tlsa, .outcome = session_outcome::failed}};
  tally tally(november_23);
  REQUIRE(tally.count({.recipient_domain = "example.org", .time = midnight, .policies = policies}));
  CHECK(report_of(tally).find("no-policy-found") == std::string::npos);
  CHECK(times(report_of(tally), R"("policy-domain":"example.org")") == 2);
  CHECK(times(report_of(tally), R"("total-failure-session-count":1)") == 1);
  count(tally, policies[0]);
  count(tally, policies[0]);
  CHECK(report_of(tally).find(R"("policy-type":"no-policy-found","policy-domain":"example.org"})"
                              R"(,"summary":{"total-successful-session-count":2)") !=
        std::string::npos);
}

TEST_CASE("a policy that could not be fetched is one without a text, unless it was kept: TA-06") {
  const failure_details_view fetch =
      failure(result_type::sts_policy_fetch_error, "http-status-404");
  const failure_details_view kept =
      failure(result_type::sts_policy_fetch_error, "http-status-404+fallback-to-cached-policy");
  const std::string_view lines[] = {"version: STSv1", "mode: enforce", "mx: mx.example.org"};
  tally tally(november_23);
  for (int i = 0; i < 2; ++i)
    count(tally,
          {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = {&fetch, 1}});
  count(tally, {.type = policy_type::sts, .policy_string = lines, .failures = {&kept, 1}});
  const std::string report = report_of(tally);
  CHECK(report.find(R"({"policy":{"policy-type":"sts","policy-domain":"example.org"},"summary":)"
                    R"({"total-successful-session-count":0,"total-failure-session-count":2},)"
                    R"("failure-details":[{"result-type":"sts-policy-fetch-error",)"
                    R"("failed-session-count":2,"failure-reason-code":"http-status-404"}]})") !=
        std::string::npos);
  CHECK(report.find(R"("total-successful-session-count":1,"total-failure-session-count":0})") !=
        std::string::npos);
  CHECK(times(report, "fallback") == 0);
  CHECK(times(report_of(tally, "example.org", {.has_soft_failures = true}), "fallback") == 1);
}

TEST_CASE("a record that changes during the day makes no second tally: TA-65") {
  tally tally(november_23);
  for (const std::string_view text :
       {record, std::string_view("v=TLSRPTv1; rua=mailto:b@b.example"), record, std::string_view()})
    count(tally, {.type = policy_type::sts}, {.record = text});
  std::vector<std::string> records;
  tally.for_each_record("example.org", [&](std::string_view text) { records.emplace_back(text); });
  CHECK(records.size() == 2);
  CHECK(tally.domain_count() == 1);
  CHECK(times(report_of(tally), R"("total-successful-session-count":4,)") == 1);
}

TEST_CASE("policies are the same by what they say: TA-10, TA-11") {
  const std::string_view lines[] = {"version: STSv1", "mode: enforce", "mx: mx.example.org"};
  const std::string_view testing[] = {"version: STSv1", "mode: testing", "mx: mx.example.org"};
  const std::string_view two[] = {"3 1 1 AA", "2 1 1 bb"}, swapped[] = {"2 1 1 BB", "3 1 1 aa"};
  const std::string_view patterns[] = {"mx: mx.example.org", "mx\xff.example.org", "",
                                       std::string_view("*.\0x", 4), "mx:mx:x"};
  tally tally(november_23);
  count(tally, {.type = policy_type::sts, .policy_string = lines, .mx_host = patterns});
  count(tally, {.type = policy_type::sts,
                .domain = "EXAMPLE.org.",
                .policy_string = lines,
                .mx_host = {patterns, 1}});
  count(tally, {.type = policy_type::sts, .policy_string = testing});
  count(tally, {.type = policy_type::tlsa, .policy_string = two, .mx_host = patterns});
  count(tally, {.type = policy_type::tlsa, .policy_string = swapped});
  const std::string report = report_of(tally);
  CHECK(times(report, R"("policy-type":"sts")") == 2);
  CHECK(times(report, R"("policy-type":"tlsa","policy-string":["2 1 1 bb","3 1 1 aa"])") == 1);
  CHECK(times(report, R"("mx-host":["mx.example.org"])") == 1);
  CHECK(times(report, R"("total-successful-session-count":2)") == 2);
  // TA-23: MTA-STS comes first.
  CHECK(report.find("\"sts\"") < report.find("\"tlsa\""));
}

TEST_CASE("lines and records are each by themselves, as a reader divides them: TA-10") {
  const std::string_view joined[] = {"3 1 1 AA; 2 1 1 bb"}, apart[] = {"2 1 1 BB", "3 1 1 aa"};
  const std::string_view lines[] = {"version: STSv1\r\nmode: enforce\r\n"};
  const std::string_view array[] = {R"(["version: STSv1"])"};
  tally tally(november_23);
  count(tally, {.type = policy_type::tlsa, .policy_string = joined});
  count(tally, {.type = policy_type::tlsa, .policy_string = apart});
  count(tally, {.type = policy_type::sts, .policy_string = lines});
  count(tally, {.type = policy_type::sts, .policy_string = array});
  const std::string report = report_of(tally);
  CHECK(times(report, R"("policy-string":["2 1 1 bb","3 1 1 aa"])") == 1);
  CHECK(times(report, R"("policy-string":["version: STSv1","mode: enforce"])") == 1);
  CHECK(times(report, "\"policy-string\"") == 2);
  CHECK(times(report, R"("total-successful-session-count":2)") == 1);
}

TEST_CASE("a policy has its patterns in any order and case: TA-10") {
  const std::string_view lower[] = {"*.example.org", "mx.example.org"};
  const std::string_view upper[] = {"MX.example.org.", "mx: *.EXAMPLE.org", "mx.example.org"};
  tally tally(november_23);
  for (const auto patterns : {std::span<const std::string_view>(lower), {upper}})
    count(tally, {.type = policy_type::sts, .mx_host = patterns});
  CHECK(times(report_of(tally), R"("mx-host":["*.example.org","mx.example.org"])") == 1);
  CHECK(times(report_of(tally), "\"policy-type\"") == 1);
}

TEST_CASE("the unit is the session, whatever was tried in it: TA-01") {
  const std::array failures = {failure(result_type::certificate_expired),
                               failure(result_type::certificate_host_mismatch)};
  const std::array policies = {
      session_policy{
          .type = policy_type::sts, .outcome = session_outcome::failed, .failures = failures},
      session_policy{.type = policy_type::tlsa, .domain = "mx1.example.org"},
      session_policy{.type = policy_type::tlsa, .domain = "mx2.example.org"}};
  tally tally(november_23);
  for (int i = 0; i < 3; ++i)
    REQUIRE(
        tally.count({.recipient_domain = "example.org", .time = midnight, .policies = policies}));
  CHECK(tally.domain(0).sessions == 3);
  const std::string report = report_of(tally);
  CHECK(times(report, R"("total-successful-session-count":3,"total-failure-session-count":0)") ==
        2);
  CHECK(times(report, R"("total-successful-session-count":0,"total-failure-session-count":3)") ==
        1);
}

TEST_CASE("failures are the same when all that they say is: TA-10") {
  const auto each = [](auto change) {
    failure_details_view view = failure(result_type::certificate_expired, "r", "mx.example.org");
    view.sending_mta_ip.text = "203.0.113.5";
    view.receiving_mx_helo = "mx.example.org";
    view.receiving_ip.text = "2001:db8::1";
    view.additional_information = "https://example.org/";
    change(view);
    return view;
  };
  const auto failures_of = [](const failure_details_view& one, const failure_details_view& other) {
    tally tally(november_23);
    for (const failure_details_view& view : {one, other})
      count(tally,
            {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = {&view, 1}});
    return times(report_of(tally), "\"failed-session-count\":");
  };
  const failure_details_view same = each([](auto&) {});
  CHECK(failures_of(same, each([](auto& view) {
                      view.receiving_mx_hostname = "MX.example.org.";
                      view.receiving_ip.text = "2001:DB8:0::1";
                      view.receiving_mx_helo = "250-mx.example.org\r\n250 SIZE";
                      view.failed_session_count = 7;
                    })) == 1);
  CHECK(failures_of(same, each([](auto& view) {
                      view.result_type.value = result_type::certificate_not_trusted;
                    })) == 2);
  CHECK(failures_of(same, each([](auto& view) { view.sending_mta_ip.text = "203.0.113.6"; })) == 2);
  CHECK(failures_of(same,
                    each([](auto& view) { view.receiving_mx_hostname = "mx2.example.org"; })) == 2);
  CHECK(failures_of(same, each([](auto& view) { view.receiving_mx_helo = "mx2.example.org"; })) ==
        2);
  CHECK(failures_of(same, each([](auto& view) { view.receiving_ip.text = "2001:db8::2"; })) == 2);
  CHECK(failures_of(same, each([](auto& view) {
                      view.additional_information = "https://example.org/2";
                    })) == 2);
  CHECK(failures_of(same, each([](auto& view) { view.failure_reason_code = "s"; })) == 2);
}

TEST_CASE("mail hosts get reports of their TLSA records: TA-07") {
  const std::string_view records[] = {"3 1 1 aa"}, others[] = {"3 1 1 bb"};
  const failure_details_view refused = failure(result_type::tlsa_invalid);
  const session_policy good{
      .type = policy_type::tlsa, .domain = "mx.example.net", .policy_string = records};
  session_policy bad = good;
  bad.outcome = session_outcome::failed;
  bad.failures = {&refused, 1};
  session_policy changed = good;
  changed.policy_string = others;
  session_policy other = good;
  other.domain = "mx2.example.net";
  tally tally(november_23);
  for (const session_policy& policy : {good, bad, changed, other}) count(tally, policy);
  count(tally, {.type = policy_type::sts});
  count(tally, bad, {.recipient_domain = "example.com"});
  count(tally, good, {.recipient_domain = "mx.example.net"});
  std::vector<std::string> hosts;
  tally.for_each_tlsa_host("example.org", [&](std::string_view host) { hosts.emplace_back(host); });
  std::ranges::sort(hosts);
  CHECK(hosts == std::vector<std::string>{"mx.example.net", "mx.example.net", "mx2.example.net"});
  tally.for_each_tlsa_host("example", [](std::string_view) { FAIL("there is none"); });

  const std::string before = report_of(tally);
  const std::string text = text_of(tally);
  CHECK(tally.count_for_host("mx.example.net", "mx.example.net"));
  CHECK(tally.count_for_host("example.com", "mx2.example.net"));
  CHECK(tally.count_for_host("example", "mx.example.net"));
  CHECK(tally.count_for_host("example.com", "-").error().code == errc::session_domain);
  CHECK(text_of(tally) == text);
  REQUIRE(tally.count_for_host("Example.org.", "MX.example.net"));
  REQUIRE(tally.count_for_host("example.com", "mx.example.net"));
  CHECK(report_of(tally) == before);
  const std::string report = report_of(tally, "mx.example.net");
  CHECK(times(report, R"("policy-type":"tlsa")") == 2);
  CHECK(times(report, R"("policy-domain":"mx.example.net")") == 2);
  CHECK(times(report, R"("total-successful-session-count":2,"total-failure-session-count":2)") ==
        1);
  CHECK(times(report, R"("failed-session-count":2)") == 1);
  CHECK(times(report, R"("policy-string":["3 1 1 bb"])") == 1);
  CHECK(report_of(tally, "mx2.example.net") == "nothing-to-report");

  // One that is full has no room for the host.
  class tally full(november_23, {.domains = 1});
  count(full, good);
  CHECK(full.count_for_host("example.org", "mx.example.net").error().code == errc::tally_full);
}

TEST_CASE("sessions that carry reports are counted nowhere: TA-12, TA-13") {
  tally tally(november_23);
  CHECK(count(tally, {.type = policy_type::sts}, {.carries_report = true}) ==
        count_outcome::carries_report);
  CHECK(tally.domain_count() == 0);
  CHECK(tally.carried_reports() == 1);
  CHECK_FALSE(tally.empty());
  CHECK(report_of(tally) == "nothing-to-report");
  CHECK(text_of(tally) ==
        "{\"_tally\":1,\"day\":\"2026-11-23\",\"parts\":[],\"lost\":0,"
        "\"reports\":1,\"lines\":0}\n");
}

TEST_CASE("texts of others are made fit to be written: TA-15") {
  failure_details_view odd = failure(result_type::unknown);
  const std::string reason =
      "a\n\x01"
      "b\xff\xc2\x85\xef\xbf\xbf" +
      std::string(300, 'x');
  const std::string helo = "mx\xff";
  odd.failure_reason_code = reason;
  odd.receiving_mx_helo = helo;
  odd.receiving_mx_hostname =
      "b\xc3\xbc"
      "cher.example";
  odd.sending_mta_ip.text = "unknown";
  odd.receiving_ip.text = "[IPv6:2001:DB8::1]";
  odd.additional_information = "no URI";
  const std::string_view lines[] = {"version: STSv1\r", "mode: \x02", "mx: \xff"};
  tally tally(november_23);
  count(tally, {.type = policy_type::sts,
                .policy_string = lines,
                .outcome = session_outcome::failed,
                .failures = {&odd, 1}});
  const std::string report = report_of(tally);
  const std::string mark = "\xef\xbf\xbd";
  CHECK(report.find("\"receiving-mx-helo\":\"mx" + mark +
                    "\",\"receiving-ip\":\"2001:db8::1\","
                    "\"failed-session-count\":1,\"failure-reason-code\":\"a" +
                    mark + mark + "b" + mark + mark + mark + std::string(246, 'x') + "\"}") !=
        std::string::npos);
  CHECK(report.find("\"result-type\":\"validation-failure\",\"receiving-mx-helo\"") !=
        std::string::npos);
  CHECK(report.find("\"policy-string\":[\"version: STSv1\",\"mode: " + mark + "\",\"mx: ?\"]") !=
        std::string::npos);
}

TEST_CASE("failures beyond the limit are one for each result type: TA-15") {
  tally tally(november_23, {.failures_per_policy = 20});
  for (int i = 0; i < 30; ++i) {
    const std::string reason = "r" + std::to_string(i);
    const failure_details_view one = failure(
        i % 3 == 0 ? result_type::certificate_expired : result_type::validation_failure, reason);
    for (int again = 0; again <= (i == 7 ? 5 : 0); ++again)
      count(tally,
            {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = {&one, 1}});
  }
  CHECK(text_of(tally).find("\"r19\"") != std::string::npos);
  CHECK(text_of(tally).find("\"r20\"") == std::string::npos);
  // 35 sessions: 10 expired, 25 others. Two failures are kept, the largest first.
  const std::string report = report_of(tally, "example.org", {.failures_per_policy = 2});
  CHECK(times(report, "\"result-type\"") == 4);
  CHECK(report.find(R"("failed-session-count":19,"failure-reason-code":"other")") !=
        std::string::npos);
  CHECK(report.find(R"("failed-session-count":9,"failure-reason-code":"other")") !=
        std::string::npos);
  CHECK(report.find(R"("failed-session-count":6,"failure-reason-code":"r7")") != std::string::npos);
  CHECK(report.find(R"("failed-session-count":2,"failure-reason-code":"other")") ==
        std::string::npos);
  CHECK(report.find(R"("total-failure-session-count":35)") != std::string::npos);
  // A journal has more failures then than are kept apart, and is read all the same.
  tlsrpt::tally read(november_23, {.failures_per_policy = 20});
  REQUIRE(read.read(text_of(tally)));
  CHECK(text_of(read) == text_of(tally));
  tlsrpt::tally small(november_23, {.failures_per_policy = 5});
  REQUIRE(small.read(text_of(tally)));
  CHECK(times(text_of(small), R"("","r)") == 5);
  CHECK(times(text_of(small), "\"other\"") == 2);
  CHECK(report_of(small).find(R"("total-failure-session-count":35)") != std::string::npos);
}

TEST_CASE("a tally that is full counts what it loses: TA-16") {
  tally tally(november_23, {.domains = 2, .policies_per_domain = 1});
  CHECK(count(tally, {.type = policy_type::sts}) == count_outcome::counted);
  CHECK(count(tally, {.type = policy_type::tlsa}) == count_outcome::lost);
  CHECK(count(tally, {.type = policy_type::sts}) == count_outcome::counted);
  const auto to = [&](std::string_view domain) {
    return count(tally, {.type = policy_type::sts}, {.recipient_domain = domain});
  };
  CHECK(to("b.example") == count_outcome::counted);
  CHECK(to("c.example") == count_outcome::lost);
  CHECK(tally.lost() == 2);
  CHECK(report_of(tally, "c.example") == "nothing-to-report");
  CHECK(report_of(tally).find("\"total-successful-session-count\":2") != std::string::npos);
  CHECK(text_of(tally).find("\"lost\":2") != std::string::npos);
  tlsrpt::tally other(november_23);
  count(other, {.type = policy_type::sts}, {.recipient_domain = "d.example"});
  const std::string before = text_of(tally);
  CHECK(tally.merge(other).error().code == errc::tally_full);
  CHECK(tally.read(text_of(other)).error().code == errc::tally_full);
  CHECK(text_of(tally) == before);
  tlsrpt::tally small(november_23, {.octets = 1000});
  std::size_t counted = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string domain = "d" + std::to_string(i) + ".example";
    counted += count(small, {.type = policy_type::sts}, {.recipient_domain = domain}) ==
                       count_outcome::counted
                   ? 1
                   : 0;
  }
  CHECK(counted > 2);
  CHECK(counted + small.lost() == 100);
  CHECK(small.octets() <= 1000);
}

TEST_CASE("what merging has no room for is lost by domain, and nothing else is: TA-16") {
  const auto made = [](std::uint64_t number, int policies) {
    tally part(november_23, "mta1", number);
    for (int i = 0; i < policies; ++i) {
      const std::string text = "3 1 1 " + std::to_string(number) + std::to_string(i) + "0";
      const std::string_view line = text;
      count(part, {.type = policy_type::tlsa, .policy_string = {&line, 1}},
            {.recipient_domain = "many.example", .record = record});
    }
    count(part, {.type = policy_type::no_policy_found}, {.recipient_domain = "many.example"});
    count(part, {.type = policy_type::sts});
    return part;
  };
  tally sum(november_23, {.domains = 2, .policies_per_domain = 5});
  for (std::uint64_t number = 1; number <= 4; ++number) {
    const tally one = made(number, number == 3 ? 0 : 2);
    // By its text, too.
    if (number % 2 == 0)
      REQUIRE(sum.read(text_of(one), when_full::lose));
    else
      REQUIRE(sum.merge(one, when_full::lose));
  }
  // The fourth one had two policies too many.
  CHECK(sum.lost() == 3);
  CHECK(text_of(sum).find(R"("parts":[["mta1",1,4]],"lost":3,)") != std::string::npos);
  CHECK(report_of(sum).find(R"("total-successful-session-count":4,)") != std::string::npos);
  const std::string many = report_of(sum, "many.example");
  CHECK(times(many, "\"policy-type\"") == 5);
  CHECK(many.find(R"("total-successful-session-count":3,)") != std::string::npos);
  CHECK(sum.merge(made(4, 0), when_full::lose).error().code == errc::part_known);
  const std::string before = text_of(sum);
  CHECK(sum.merge(made(5, 2)).error().code == errc::tally_full);
  CHECK(text_of(sum) == before);

  // A third domain, and the sessions that were lost before.
  tally other(november_23, "mta2", 1, {.domains = 2});
  for (const char* domain : {"third.example", "example.org", "fourth.example"})
    count(other, {.type = policy_type::sts}, {.recipient_domain = domain});
  CHECK(other.lost() == 1);
  REQUIRE(sum.merge(other, when_full::lose));
  CHECK(sum.lost() == 5);
  CHECK(sum.domain_count() == 2);
  CHECK(report_of(sum).find(R"("total-successful-session-count":5,)") != std::string::npos);

  // Records are as many as policies at most.
  tally records(november_23, {.policies_per_domain = 1});
  for (std::uint64_t number = 1; number <= 2; ++number) {
    tally one(november_23, "mta1", number);
    const std::string text = "v=TLSRPTv1; rua=mailto:" + std::to_string(number) + "@example.org";
    count(one, {.type = policy_type::sts}, {.record = text});
    REQUIRE(records.merge(one, when_full::lose));
  }
  CHECK(records.lost() == 1);
}

TEST_CASE("a full tally is read again with the limits that it has: TA-16") {
  const tlsrpt::tally_limits limits{.octets = 50'000, .failures_per_policy = 2};
  tally full(november_23, limits);
  for (int i = 0; i < 1000; ++i) {
    const failure_details_view why =
        failure(static_cast<result_type>(1 + i % 4), i % 3 == 0 ? "other" : "");
    count(full,
          {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = {&why, 1}},
          {.recipient_domain = "d" + std::to_string(i / 4) + ".example", .record = record});
  }
  REQUIRE(full.lost() != 0);
  const std::string text = text_of(full);
  tally again(november_23, limits);
  REQUIRE(again.read(text, when_full::lose));
  CHECK(again.lost() == full.lost());
  CHECK((text_of(again) == text));

  // The text of a failure that is not kept apart may be longer than the one that came.
  const failure_details_view why = failure(result_type::certificate_expired);
  tally one(november_23, "mta1", 1);
  count(one, {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = {&why, 1}});
  for (std::size_t more = 0; more <= 5; ++more) {
    tally sum(november_23, {.octets = one.octets() + more, .failures_per_policy = 0});
    REQUIRE(sum.merge(one, when_full::lose));
    CHECK(sum.lost() == (more < 5 ? 1 : 0));
  }
}

TEST_CASE("domains that take much memory keep none from merging that is there already: TA-16") {
  for (const std::size_t share : {std::size_t{4000}, std::size_t{1200}, std::size_t{700}}) {
    std::mt19937 random(16);
    const tlsrpt::tally_limits limits{
        .octets = 4000, .failures_per_policy = 3, .octets_per_domain = share};
    tally sum(november_23, limits);
    tally first(november_23, "mta1", 0);
    count(first, {.type = policy_type::sts});
    REQUIRE(sum.merge(first));
    std::uint64_t sessions = 1;
    for (std::uint64_t number = 1; number <= 60; ++number) {
      tally one(november_23, "mta1", number);
      for (int i = 0; i < 4; ++i, ++sessions) {
        const std::string reason(random() % 9, static_cast<char>('a' + random() % 26));
        const failure_details_view why =
            failure(static_cast<result_type>(1 + random() % 11), reason);
        const std::string domain = std::string(random() % 50 + 1, 'd') + ".example";
        count(one,
              {.type = policy_type::sts, .outcome = session_outcome::failed, .failures = {&why, 1}},
              {.recipient_domain = domain});
      }
      count(one, {.type = policy_type::sts});
      ++sessions;
      REQUIRE(sum.merge(one, when_full::lose));
    }
    CHECK(sum.octets() <= limits.octets);
    CHECK(sum.octets() > limits.octets / 2);
    CHECK(sum.lost() > 20);
    CHECK(report_of(sum).find(R"("total-successful-session-count":61,)") != std::string::npos);
    std::uint64_t counted = 0;
    for (std::size_t i = 0; i < sum.domain_count(); ++i) counted += sum.domain(i).sessions;
    CHECK(counted + sum.lost() == sessions);
  }
}

TEST_CASE("no recipient domain leaves others without memory: TA-16") {
  const tlsrpt::tally_limits limits{.octets = 1'000'000, .octets_per_domain = 40'000};
  tally flooded(november_23, "mta1", 1, limits), sum(november_23, limits);
  std::uint64_t sessions = 0;
  const auto flood = [&](tally& to) {
    for (int i = 0; i < 1000; ++i, ++sessions) {
      failure_details_view why =
          failure(i % 2 == 0 ? result_type::certificate_expired : result_type::validation_failure);
      const std::string helo = std::to_string(sessions) + "." + std::string(900, 'h');
      why.receiving_mx_helo = helo;
      CHECK(count(to, {.type = policy_type::sts,
                       .outcome = session_outcome::failed,
                       .failures = {&why, 1}}) == count_outcome::counted);
    }
  };
  flood(flooded);
  CHECK(flooded.octets() > limits.octets_per_domain / 3);
  CHECK(flooded.octets() < limits.octets_per_domain);
  // A policy that is new has room, and so have others.
  CHECK(count(flooded, {.type = policy_type::tlsa}) == count_outcome::counted);
  CHECK(count(flooded, {.type = policy_type::sts}, {.recipient_domain = "b.example"}) ==
        count_outcome::counted);
  const std::string report = report_of(flooded);
  CHECK(report.find(R"("total-failure-session-count":1000)") != std::string::npos);
  CHECK(times(report, R"("failure-reason-code":"other")") == 2);
  CHECK(times(report, "\"failed-session-count\":1}") > 20);

  // So it is when they are merged, also into one that has room for little else.
  REQUIRE(sum.merge(flooded, when_full::lose));
  for (std::uint64_t number = 2; number <= 30; ++number) {
    tally more(november_23, "mta1", number, limits);
    flood(more);
    REQUIRE(sum.merge(more, when_full::lose));
  }
  CHECK(sum.lost() == 0);
  CHECK(sum.octets() < limits.octets_per_domain);
  CHECK(report_of(sum).find(R"("total-failure-session-count":30000)") != std::string::npos);
  CHECK(report_of(sum, "b.example").find(R"("total-successful-session-count":1)") !=
        std::string::npos);
  tlsrpt::tally small(november_23, {.octets = limits.octets_per_domain,
                                    .octets_per_domain = limits.octets_per_domain});
  REQUIRE(small.read(text_of(sum), when_full::lose));
  CHECK(small.lost() == 0);

  // What is no failure is lost.
  tally policies(november_23, {.policies_per_domain = 1000, .octets_per_domain = 40'000});
  std::uint64_t counted = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string line = "max_age: " + std::to_string(i) + std::string(100, ' ') + ".";
    const std::string_view text = line;
    counted += count(policies, {.type = policy_type::sts, .policy_string = {&text, 1}}) ==
                       count_outcome::counted
                   ? 1
                   : 0;
  }
  CHECK(counted > 100);
  CHECK(counted + policies.lost() == 1000);
  CHECK(policies.octets() <= 40'000);
  tlsrpt::tally other(november_23);
  const std::string line = std::string(150, 'x');
  const std::string_view text = line;
  count(other, {.type = policy_type::sts, .policy_string = {&text, 1}});
  REQUIRE(policies.merge(other, when_full::lose));
  CHECK(policies.lost() == 1001 - counted);
}

TEST_CASE("merging is a sum, in any order, and never twice: TA-17, TA-26") {
  std::mt19937 random(7);
  std::vector<tally> parts;
  tally whole(november_23);
  const auto add_some = [&](tally& part) {
    for (int i = 0; i < 200; ++i) {
      const std::string domain = "d" + std::to_string(random() % 7) + ".example";
      const std::string reason = "r" + std::to_string(random() % 5);
      const std::string_view lines[] = {random() % 2 == 0 ? "version: STSv1" : "version: STSv2"};
      const failure_details_view one =
          failure(static_cast<result_type>(1 + random() % 11), reason, "mx.example");
      const bool fails = random() % 3 == 0;
      count(part,
            {.type = static_cast<policy_type>(1 + random() % 3),
             .policy_string = lines,
             .outcome = fails ? session_outcome::failed : session_outcome::ok,
             .failures = {&one, random() % 2}},
            {.recipient_domain = domain,
             .record = random() % 2 == 0 ? record : "v=TLSRPTv1;",
             .carries_report = random() % 20 == 0});
    }
  };
  for (std::uint64_t i = 0; i < 5; ++i) {
    parts.emplace_back(november_23, i == 4 ? "mta2" : "mta1", i);
    add_some(parts.back());
    REQUIRE(whole.merge(parts.back()));
  }
  const std::string expected = text_of(whole);
  CHECK(expected.find(R"("parts":[["mta1",0,3],["mta2",4,4]])") != std::string::npos);
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  while (std::next_permutation(order.begin(), order.end())) {
    tally first(november_23), second(november_23);
    for (const std::size_t i : order) REQUIRE((i % 2 == 0 ? first : second).merge(parts[i]));
    REQUIRE(second.merge(first));
    CHECK(text_of(second) == expected);
  }
  for (const tally& part : parts) CHECK(whole.merge(part).error().code == errc::part_known);
  CHECK(whole.read(text_of(parts[1])).error().code == errc::part_known);
  CHECK(whole.merge(tally(november_23 + 1)).error().code == errc::other_day);
  CHECK(text_of(whole) == expected);
  // By their texts, too.
  tally read(november_23);
  std::string journal;
  for (const tally& part : parts) journal += text_of(part);
  for (std::string_view rest = journal; !rest.empty();) {
    const std::string_view one = tlsrpt::first_tally(rest);
    REQUIRE_FALSE(one.empty());
    REQUIRE(read.read(one));
    rest.remove_prefix(one.size());
  }
  CHECK(text_of(read) == expected);
}

TEST_CASE("parts are joined in any order, and what is missing between them stays missing: TA-17") {
  std::mt19937 random(17);
  const auto header = [](const std::string& parts) {
    return "{\"_tally\":1,\"day\":\"2026-11-23\",\"parts\":[" + parts +
           "],\"lost\":0,\"reports\":0,\"lines\":0}\n";
  };
  for (int run = 0; run < 20; ++run) {
    std::vector<int> numbers;
    for (int number = 0; number < 120; ++number)
      if (random() % 3 != 0) numbers.push_back(number);
    const auto host_of = [](int number) { return number < 60 ? "mta1" : "mta2"; };
    std::string expected;
    for (std::size_t i = 0; i < numbers.size();) {
      std::size_t j = i + 1;
      while (j < numbers.size() && numbers[j] == numbers[j - 1] + 1 && numbers[j] != 60) ++j;
      expected += (i == 0 ? "[\"" : ",[\"") + std::string(host_of(numbers[i])) + "\"," +
                  std::to_string(numbers[i]) + "," + std::to_string(numbers[j - 1]) + "]";
      i = j;
    }
    std::vector<int> shuffled = numbers;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    tally sum(november_23);
    for (const int number : shuffled)
      REQUIRE(sum.merge(tally(november_23, host_of(number), static_cast<std::uint64_t>(number))));
    CHECK(text_of(sum) == header(expected));
    for (int number = 0; number < 120; ++number) {
      const bool is_known = std::ranges::binary_search(numbers, number);
      tally copy(november_23);
      REQUIRE(copy.read(text_of(sum)));
      const std::string one = std::string("[\"") + host_of(number) + "\"," + std::to_string(number);
      CHECK(copy.read(header(one + "," + std::to_string(number) + "]")).has_value() != is_known);
      // A part of several numbers has something in common with what lies inside of it, too.
      const auto first = std::ranges::lower_bound(numbers, number);
      const bool meets = first != numbers.end() && *first <= number + 5 &&
                         std::string_view(host_of(*first)) == host_of(number);
      tally other(november_23);
      REQUIRE(other.read(text_of(sum)));
      CHECK(other.read(header(one + "," + std::to_string(number + 5) + "]")).has_value() != meets);
    }
  }
}

TEST_CASE("counts stay what every reader understands: TA-14") {
  const std::string most = "9007199254740991";
  const std::string text =
      "{\"_tally\":1,\"day\":\"2026-11-23\",\"parts\":[],\"lost\":0,\"reports\":0,\"lines\":2}\n"
      "{\"domain\":\"example.org\",\"sessions\":1,\"records\":[]}\n"
      "{\"policy\":[\"sts\",\"example.org\",[],[]],\"ok\":" +
      most + ",\"failed\":0,\"failures\":[]}\n";
  tally tally(november_23);
  REQUIRE(tally.read(text));
  REQUIRE(tally.read(text));
  count(tally, {.type = policy_type::sts});
  CHECK(report_of(tally).find("\"total-successful-session-count\":" + most) != std::string::npos);
}

TEST_CASE("a session is of one day: TA-20, TA-21") {
  tally tally(november_23);
  const session_policy policy{.type = policy_type::sts};
  session_view session{
      .recipient_domain = "example.org", .time = midnight - 1, .policies = {&policy, 1}};
  CHECK(tally.count(session).error().code == errc::other_day);
  session.time = midnight + 86'399;
  CHECK(tally.count(session));
  session.time = midnight + 86'400;
  CHECK(tally.count(session).error().code == errc::other_day);
  for (const char* domain : {"", "a b", "-", "example..org"}) {
    session.time = midnight;
    session.recipient_domain = domain;
    CHECK(tally.count(session).error().code == errc::session_domain);
  }
  const session_policy bad{.type = policy_type::tlsa, .domain = "mx\n.example.org"};
  session = {.recipient_domain = "example.org", .time = midnight, .policies = {&bad, 1}};
  CHECK(tally.count(session).error().code == errc::session_domain);
  CHECK(text_of(tally).find("\"sessions\":1,") != std::string::npos);
}

TEST_CASE("a report too large is several, each with its id: TA-22, TA-25") {
  tally tally(november_23);
  std::vector<std::string> domains;
  for (int i = 0; i < 5; ++i) domains.push_back("mx" + std::to_string(i) + ".example.org");
  for (const std::string& domain : domains)
    count(tally, {.type = policy_type::tlsa, .domain = domain});
  const std::string whole = report_of(tally);
  CHECK(whole == report_of(tally));
  CHECK(times(whole, "\"summary\"") == 5);
  const std::string first = report_of(tally, "example.org", {.part = 1, .parts = 2});
  const std::string second = report_of(tally, "example.org", {.part = 2, .parts = 2});
  CHECK(times(first, "\"summary\"") == 2);
  CHECK(times(second, "\"summary\"") == 3);
  CHECK(first.find(".01604555@") != std::string::npos);
  CHECK(second.find(".01604555@") == std::string::npos);
  CHECK(report_of(tally, "example.org", {.part = 1, .parts = 6}) == "nothing-to-report");
  tlsrpt::tally_reporter reporter;
  CHECK(reporter.make(tally, "example.org", {"Example Net", "nobody"}).error().code ==
        errc::contact_info);
}

TEST_CASE("nothing is read but what is written") {
  tally tally(november_23, "mta\"1", 7);
  count_example(tally);
  const std::string text = text_of(tally);
  tlsrpt::tally read(november_23);
  REQUIRE(read.read(text));
  CHECK(text_of(read) == text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    tlsrpt::tally cut(november_23);
    CHECK(cut.read(std::string_view(text).substr(0, size)).error().code == errc::not_canonical);
    CHECK(tlsrpt::first_tally(std::string_view(text).substr(0, size)).empty());
  }
  CHECK(tlsrpt::first_tally(text + "{\"_ta") == text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char octet : {'0', 'x', '"', '\n', ' ', '}', '\x80'}) {
      std::string changed = text;
      changed[i] = octet;
      tlsrpt::tally other(november_23);
      // What is another tally is read as such.
      if (other.read(changed)) CHECK(text_of(other) == changed);
    }
  }
  for (const std::string_view from : {"example.org", "tlsa", "3 1 1", "203.0"}) {
    std::string changed = text;
    changed.replace(changed.find(from), 1, "\\u0065");
    tlsrpt::tally other(november_23);
    CHECK(other.read(changed).error().code == errc::not_canonical);
  }
}

TEST_CASE("types without a number are written with that of what is like them") {
  using tlsrpt::detail::code_of_failure, tlsrpt::detail::code_of_policy;
  using tlsrpt::detail::type_of_failure, tlsrpt::detail::type_of_policy;
  CHECK(code_of_failure(result_type::unknown) == code_of_failure(result_type::validation_failure));
  CHECK(type_of_failure(code_of_failure(result_type::tlsa_invalid)) == result_type::tlsa_invalid);
  CHECK(code_of_policy(policy_type::unknown) == 0);
  CHECK(type_of_policy(code_of_policy(policy_type::sts)) == policy_type::sts);
}
