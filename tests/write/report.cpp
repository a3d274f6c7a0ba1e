#include <tlsrpt/write_report.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/consistency.hpp>
#include <tlsrpt/path.hpp>
#include <tlsrpt/report.hpp>

#include "support.hpp"

namespace {

namespace fs = std::filesystem;

using tlsrpt::errc;
using tlsrpt::json_layout;

const fs::path root = TLSRPT_SOURCE_ROOT;

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE_MESSAGE(in, file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string canonical(const tlsrpt::report_view& report) {
  std::string text;
  write_canonical(text, report);
  return text;
}

/// The report as text; nothing when it is refused.
std::string written(const tlsrpt::report_view& report, json_layout layout = json_layout::compact) {
  std::string text;
  if (!write_report(text, report, layout)) CHECK(text.empty());
  return text;
}

/// Why a report is refused, and where, such as "unreadable-ip /policies/0/...".
std::string fault(const tlsrpt::report_view& report) {
  std::string text;
  const auto result = write_report(text, report);
  if (result) return "written";
  CHECK(text.empty());
  CHECK(report_size(report).error() == result.error());
  return std::string(name(result.error().code)) + ' ' + std::string(path(result.error().where));
}

/// A report without a fault, made by hand; each part can be changed.
struct made_report {
  std::vector<std::string_view> policy_string = {"version: STSv1", "mode: enforce",
                                                 "mx: mx.example.com", "max_age: 86400"};
  std::vector<std::string_view> mx_host = {"mx.example.com"};
  std::array<tlsrpt::failure_details_view, 2> failures{};
  std::array<tlsrpt::policy_view, 1> policies{};
  tlsrpt::report_view report{};

  made_report() {
    report.organization_name = "Example Net";
    report.date_range.start_datetime = {1795392000, {}, true};
    report.date_range.end_datetime = {1795478399, {}, true};
    report.contact_info = "tls-reports@example.net";
    report.report_id = "20261123.example.com@example.net";
    policy().policy_type.value = tlsrpt::policy_type::sts;
    policy().policy_domain = "example.com";
    policy().total_successful_session_count = 9;
    policy().total_failure_session_count = 3;
    for (auto& failure : failures) {
      failure.result_type.value = tlsrpt::result_type::certificate_expired;
      failure.failed_session_count = 1;
    }
  }
  made_report(const made_report&) = delete;

  tlsrpt::policy_view& policy() { return policies[0]; }
  tlsrpt::failure_details_view& failure() { return failures[1]; }

  const tlsrpt::report_view& view() {
    policy().policy_string = policy_string;
    policy().mx_host = mx_host;
    policy().failure_details = failures;
    report.policies = policies;
    return report;
  }
};

/// A name with a letter outside ASCII.
constexpr std::string_view u_label =
    "b\xc3\xbc"
    "cher.example";

/// What becomes of a report after a change: see fault().
template <class Change>
std::string fault_with(Change&& change) {
  made_report made;
  change(made);
  return fault(made.view());
}

/// The text with a change.
template <class Change>
std::string written_with(Change&& change) {
  made_report made;
  change(made);
  return written(made.view());
}

struct codes {
  std::set<errc> all{};
  void operator()(const tlsrpt::diagnostic& d) { all.insert(d.code); }
};

std::set<errc> inconsistencies(const tlsrpt::report_view& report) {
  codes found;
  std::vector<std::byte> scratch(scratch_size(report));
  find_inconsistencies(report, found, {.scratch = scratch});
  return found.all;
}

/// What strict output promises of a report. Whether it was written.
bool check_strict_output(const tlsrpt::report_view& report) {
  std::string text;
  const auto result = write_report(text, report);
  tlsrpt::report_parser<> lenient;
  if (!result) {
    CHECK(text.empty());
    // The reader finds the same in what was read, or misses what it cannot show.
    const std::string faithful = canonical(report);
    CAPTURE(faithful);
    codes found;
    CHECK(lenient.parse(faithful, found).has_value());
    const errc code = result.error().code;
    CAPTURE(name(code));
    constexpr std::array stricter = {errc::mx_host_without_sts, errc::joined_policy_string,
                                     errc::u_label, errc::unreadable_date_time};
    CHECK((found.all.contains(code) ||
           std::find(stricter.begin(), stricter.end(), code) != stricter.end()));
    return false;
  }
  CAPTURE(text);
  CHECK(report_size(report).value() == text.size());
  tlsrpt::report_parser<tlsrpt::strict> strict;
  codes found;
  const auto again = strict.parse(text, found);
  CHECK(again.has_value());
  CHECK(found.all.empty());
  if (!again) return true;
  CHECK(written(*again) == text);
  CHECK(inconsistencies(*again) == inconsistencies(report));
  // The layout does not matter.
  const std::string pretty = written(report, json_layout::pretty);
  CHECK(pretty.size() > text.size());
  CHECK(report_size(report, json_layout::pretty).value() == pretty.size());
  found.all.clear();
  const auto prettily = lenient.parse(pretty, found);
  CHECK(prettily.has_value());
  CHECK(found.all.empty());
  if (prettily) CHECK(written(*prettily) == text);
  return true;
}

struct tally {
  std::size_t written = 0, refused = 0;
};

tally check_all(const fs::path& directory) {
  tally all;
  tlsrpt::report_parser<> parser;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    CAPTURE(entry.path().string());
    const std::string bytes = read_file(entry.path());
    const auto report = parser.parse(bytes);
    if (!report) continue;
    ++(check_strict_output(*report) ? all.written : all.refused);
  }
  return all;
}

}  // namespace

TEST_CASE("WR-01, WR-02: members in the order of RFC 8460, without whitespace") {
  made_report made;
  made.report.organization_name = "A";
  tlsrpt::failure_details_view& failure = made.failures[0];
  failure.sending_mta_ip.text = "192.0.2.1";
  failure.receiving_mx_hostname = "mx.example.com";
  failure.receiving_mx_helo = "mx";
  failure.receiving_ip.text = "2001:db8::1";
  failure.additional_information = "https://example.net/1";
  failure.failure_reason_code = "reason";
  const std::string expected =
      R"({"organization-name":"A","date-range":{"start-datetime":"2026-11-23T00:00:00Z",)"
      R"("end-datetime":"2026-11-23T23:59:59Z"},"contact-info":"tls-reports@example.net",)"
      R"("report-id":"20261123.example.com@example.net","policies":[{"policy":{"policy-type":"sts",)"
      R"("policy-string":["version: STSv1","mode: enforce","mx: mx.example.com","max_age: 86400"],)"
      R"("policy-domain":"example.com","mx-host":["mx.example.com"]},"summary":{)"
      R"("total-successful-session-count":9,"total-failure-session-count":3},"failure-details":[)"
      R"({"result-type":"certificate-expired","sending-mta-ip":"192.0.2.1",)"
      R"("receiving-mx-hostname":"mx.example.com","receiving-mx-helo":"mx",)"
      R"("receiving-ip":"2001:db8::1","failed-session-count":1,)"
      R"("additional-information":"https://example.net/1","failure-reason-code":"reason"},)"
      R"({"result-type":"certificate-expired","failed-session-count":1}]}]})";
  CHECK(written(made.view()) == expected);
  // What is in good order is written as it is.
  CHECK(canonical(made.view()) == expected);
}

TEST_CASE("WR-02: laid out for people, with two spaces and LF") {
  made_report made;
  made.policy_string = {"version: STSv1"};
  made.mx_host = {};
  made.view();
  made.policy().failure_details = {};
  const std::string expected = R"({
  "organization-name": "Example Net",
  "date-range": {
    "start-datetime": "2026-11-23T00:00:00Z",
    "end-datetime": "2026-11-23T23:59:59Z"
  },
  "contact-info": "tls-reports@example.net",
  "report-id": "20261123.example.com@example.net",
  "policies": [
    {
      "policy": {
        "policy-type": "sts",
        "policy-string": [
          "version: STSv1"
        ],
        "policy-domain": "example.com"
      },
      "summary": {
        "total-successful-session-count": 9,
        "total-failure-session-count": 3
      }
    }
  ]
})";
  CHECK(written(made.report, json_layout::pretty) == expected);
  std::string faithful;
  write_canonical(faithful, made.report, json_layout::pretty);
  CHECK(faithful == expected);
  faithful.clear();
  write_canonical(faithful, tlsrpt::report_view{}, json_layout::pretty);
  CHECK(faithful == "{\n  \"policies\": []\n}");
}

TEST_CASE("WR-03: only what JSON demands is escaped; what is not I-JSON is refused") {
  made_report made;
  made.report.organization_name = std::string_view("a/b\"\\\b\f\n\r\t\0\x1f\x7f\xc3\xbc", 15);
  CHECK(
      written(made.view())
          .starts_with(
              "{\"organization-name\":\"a/b\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc3\xbc\","));
  CHECK(fault_with([](auto& m) { m.report.organization_name = "Caf\xe9"; }) ==
        "invalid-utf8 /organization-name");
  CHECK(fault_with([](auto& m) { m.failure().failure_reason_code = "\xed\xa0\x80"; }) ==
        "invalid-utf8 /policies/0/failure-details/1/failure-reason-code");
  CHECK(fault_with([](auto& m) { m.policy_string[2] = "x\xef\xbf\xbe"; }) ==
        "noncharacter /policies/0/policy/policy-string/2");
  CHECK(fault_with([](auto& m) { m.mx_host[0] = "\xff"; }) ==
        "invalid-utf8 /policies/0/policy/mx-host/0");
}

TEST_CASE("WR-04: what is absent is left out, unless a report has to have it") {
  CHECK(written_with([](auto&) {}).find("receiving-ip") == std::string::npos);
  CHECK(written_with([](auto& m) { m.mx_host.clear(); }).find("mx-host") == std::string::npos);
  CHECK(written_with([](auto& m) { m.policy_string.clear(); }).find("policy-string") ==
        std::string::npos);
  CHECK(fault_with([](auto& m) { m.report.organization_name = {}; }) ==
        "missing-member /organization-name");
  CHECK(fault_with([](auto& m) { m.report.contact_info = ""; }) == "missing-member /contact-info");
  CHECK(fault_with([](auto& m) { m.report.report_id = {}; }) == "missing-member /report-id");
  CHECK(fault_with([](auto& m) { m.report.date_range = {}; }) == "missing-date-range /date-range");
  CHECK(fault_with([](auto& m) { m.report.date_range.end_datetime = {}; }) ==
        "missing-date-time /date-range/end-datetime");
  CHECK(fault_with([](auto& m) { m.policy().policy_type = {}; }) ==
        "missing-member /policies/0/policy/policy-type");
  CHECK(fault_with([](auto& m) { m.policy().policy_domain = {}; }) ==
        "missing-member /policies/0/policy/policy-domain");
  CHECK(fault_with([](auto& m) { m.policy().total_failure_session_count = {}; }) ==
        "missing-member /policies/0/summary/total-failure-session-count");
  CHECK(fault_with([](auto& m) {
          m.policy().total_failure_session_count = m.policy().total_successful_session_count = {};
        }) == "missing-member /policies/0/summary");
  CHECK(fault_with([](auto& m) { m.failure().result_type = {}; }) ==
        "missing-member /policies/0/failure-details/1/result-type");
  CHECK(fault_with([](auto& m) { m.failure().failed_session_count = {}; }) ==
        "missing-member /policies/0/failure-details/1/failed-session-count");
  made_report made;
  made.view();
  made.report.policies = {};
  CHECK(fault(made.report) == "empty-policies /policies");
}

TEST_CASE("WR-05: counts that some programs cannot represent are refused") {
  const std::uint64_t largest = (std::uint64_t{1} << 53) - 1;
  CHECK(written_with([&](auto& m) {
          m.policy().total_failure_session_count = largest;
        }).find(R"("total-failure-session-count":9007199254740991)") != std::string::npos);
  CHECK(fault_with([&](auto& m) { m.policy().total_failure_session_count = largest + 1; }) ==
        "count-beyond-double /policies/0/summary/total-failure-session-count");
  CHECK(fault_with([&](auto& m) { m.failure().failed_session_count = largest + 1; }) ==
        "count-beyond-double /policies/0/failure-details/1/failed-session-count");
}

TEST_CASE("WR-06: times are in UTC, without a fraction; unknown ones are refused") {
  CHECK(written_with([](auto& m) {
          m.report.date_range.start_datetime.text = "2026-11-23T01:00:00.5+01:00";
        }).find(R"("start-datetime":"2026-11-23T00:00:00Z")") != std::string::npos);
  CHECK(fault_with([](auto& m) {
          m.report.date_range.start_datetime = {0, "yesterday", false};
        }) == "unreadable-date-time /date-range/start-datetime");
  // The one has no text, and that of the other is a zero value.
  CHECK(fault_with([](auto& m) {
          m.report.date_range.end_datetime = {253'402'300'800, {}, true};
        }) == "unreadable-date-time /date-range/end-datetime");
  CHECK(fault_with([](auto& m) {
          m.report.date_range.end_datetime = {-62'135'596'800, {}, true};
        }) == "unreadable-date-time /date-range/end-datetime");
}

TEST_CASE("WR-07: addresses are in canonical form; unreadable ones are refused") {
  CHECK(written_with([](auto& m) {
          m.failure().receiving_ip.text = "[IPv6:2001:DB8:0::1]";
        }).find(R"("receiving-ip":"2001:db8::1")") != std::string::npos);
  CHECK(fault_with([](auto& m) { m.failure().sending_mta_ip.text = "192.0.2.256"; }) ==
        "unreadable-ip /policies/0/failure-details/1/sending-mta-ip");
}

TEST_CASE("WR-08: lines of an MTA-STS policy are never repaired") {
  CHECK(written_with([](auto& m) {
          m.policy_string = {"Version: STSv1 ", "mode:  test", "", "mx: MX.Example.COM."};
          m.policy().policy_string_text = "not written";
        }).find(R"("policy-string":["Version: STSv1 ","mode:  test","","mx: MX.Example.COM."])") !=
        std::string::npos);
  CHECK(fault_with([](auto& m) { m.policy_string = {"version: STSv1\nmode: none"}; }) ==
        "joined-policy-string /policies/0/policy/policy-string/0");
  // Only of one element would a reader think that it is an array.
  CHECK(fault_with([](auto& m) { m.policy_string = {"a", R"(["b"])"}; }) == "written");
  CHECK(fault_with([](auto& m) { m.policy_string = {R"(["b"])"}; }) ==
        "encoded-policy-string /policies/0/policy/policy-string/0");
}

TEST_CASE("WR-08: TLSA records are sorted, each once, in one spelling; others are quoted") {
  const auto tlsa = [](std::vector<std::string_view> records) {
    made_report made;
    made.policy().policy_type.value = tlsrpt::policy_type::tlsa;
    made.mx_host.clear();
    made.policy_string = std::move(records);
    const std::string text = written(made.view());
    const std::size_t first = text.find(R"("policy-string":)") + 16;
    return text.substr(first, text.find(']') + 1 - first);
  };
  CHECK(tlsa({"3 1 1 BB", "not a record", "3 1 1 Ab", "2 0 1 cc", "DANE-EE SPKI SHA2-256 aB"}) ==
        R"(["2 0 1 cc","3 1 1 ab","3 1 1 bb","not a record"])");
  CHECK(fault_with([](auto& m) {
          m.policy().policy_type.value = tlsrpt::policy_type::tlsa;
          m.mx_host.clear();
          m.policy_string = {"3 1 1 aa; 3 1 1 bb"};
        }) == "joined-policy-string /policies/0/policy/policy-string/0");
  CHECK(fault_with([](auto& m) {
          m.policy().policy_type.value = tlsrpt::policy_type::tlsa;
          m.mx_host.clear();
          m.policy_string.assign(tlsrpt::max_tlsa_records + 1, "3 1 1 aa");
        }) == "too-many-policy-strings /policies/0/policy/policy-string");
}

TEST_CASE("WR-08: mx-host goes with MTA-STS only") {
  for (const auto type : {tlsrpt::policy_type::tlsa, tlsrpt::policy_type::no_policy_found})
    CHECK(fault_with([&](auto& m) { m.policy().policy_type.value = type; }) ==
          "mx-host-without-sts /policies/0/policy/mx-host");
}

TEST_CASE("WR-09: words are written as registered; unknown ones are refused") {
  CHECK(written_with([](auto& m) {
          m.failure().result_type.text = "Certificate_Expired";
        }).find("Certificate_Expired") == std::string::npos);
  CHECK(fault_with([](auto& m) {
          m.policy().policy_type = {tlsrpt::policy_type::unknown, "dane"};
        }) == "unknown-policy-type /policies/0/policy/policy-type");
  CHECK(fault_with([](auto& m) {
          m.failure().result_type = {tlsrpt::result_type::unknown, "timeout"};
        }) == "unknown-result-type /policies/0/failure-details/1/result-type");
}

TEST_CASE("WR-10: host names are in lower case, without a trailing dot, in A-labels") {
  const std::string text = written_with([](auto& m) {
    m.policy().policy_domain = "Example.COM.";
    m.mx_host = {"MX1.example.com.", "*.Example.com", "not a name"};
    m.failures[0].receiving_mx_hostname = "MX1.Example.com.";
    m.failures[1].receiving_mx_hostname = "[192.0.2.1]";
  });
  CHECK(text.find(R"("policy-domain":"example.com")") != std::string::npos);
  CHECK(text.find(R"("mx-host":["mx1.example.com","*.example.com","not a name"])") !=
        std::string::npos);
  CHECK(text.find(R"("receiving-mx-hostname":"mx1.example.com")") != std::string::npos);
  CHECK(text.find(R"("receiving-mx-hostname":"[192.0.2.1]")") != std::string::npos);
  CHECK(fault_with([](auto& m) { m.policy().policy_domain = u_label; }) ==
        "u-label /policies/0/policy/policy-domain");
  CHECK(fault_with([](auto& m) { m.mx_host.push_back(u_label); }) ==
        "u-label /policies/0/policy/mx-host/1");
  CHECK(fault_with([](auto& m) { m.failure().receiving_mx_hostname = u_label; }) ==
        "u-label /policies/0/failure-details/1/receiving-mx-hostname");
  CHECK(fault_with([](auto& m) { m.policy().policy_domain = "example com"; }) ==
        "policy-domain-not-a-name /policies/0/policy/policy-domain");
  CHECK(fault_with([](auto& m) { m.mx_host = {"mx: mx.example.com"}; }) ==
        "mx-prefix /policies/0/policy/mx-host/0");
}

TEST_CASE("WR-12: what a strict parser would remark on is refused") {
  CHECK(fault_with([](auto& m) { m.report.contact_info = "Example <a@example.net>"; }) ==
        "contact-info /contact-info");
  CHECK(fault_with([](auto& m) { m.failure().receiving_mx_helo = "250-mx\r\n250 STARTTLS"; }) ==
        "multi-line-helo /policies/0/failure-details/1/receiving-mx-helo");
  CHECK(fault_with([](auto& m) { m.failure().additional_information = "see the log"; }) ==
        "information-not-uri /policies/0/failure-details/1/additional-information");
}

TEST_CASE("WR-12: a strict parser reads strict output without a finding") {
  made_report made;
  CHECK(check_strict_output(made.view()));
  const tally examples = check_all(root / "examples/reports");
  CHECK(examples.written >= 5);
  const tally data = check_all(root / "tests/data/reports");
  CHECK(data.written > 40);
  CHECK(data.refused > 40);
  const fs::path corpus = root / "../shared/corpus/reports";
  if (fs::exists(corpus)) {
    const tally all = check_all(corpus);
    MESSAGE(all.written << " reports of the corpus written, " << all.refused << " refused");
  } else {
    MESSAGE("no corpus here");
  }
}

TEST_CASE("WR-12: the same of reports that nobody has written") {
  const std::string_view texts[] = {"",
                                    "a",
                                    "a\nb",
                                    "\"]",
                                    "[\"a\"]",
                                    "3 1 1 aa",
                                    "3 1 1 AA;",
                                    "mx: a",
                                    "*.A.example.",
                                    "a;b",
                                    "\\",
                                    "\xc3\xbc",
                                    "\xef\xbf\xbf",
                                    "a@b.example",
                                    "https://a.example/%2",
                                    "0.0.0.0",
                                    "::1%1",
                                    "version: STSv1\\nmode: none",
                                    "[\"a\"];"};
  std::uint32_t state = 1;
  const auto below = [&state](std::uint32_t count) {
    state = state * 1'664'525 + 1'013'904'223;
    return (state >> 8) % count;
  };
  const auto some = [&] { return texts[below(static_cast<std::uint32_t>(std::size(texts)))]; };
  std::size_t written = 0;
  for (int i = 0; i < 3000; ++i) {
    CAPTURE(i);
    made_report made;
    const auto change = [&](std::string_view& text) {
      if (below(8) == 0) text = some();
      if (text.empty()) text = {};  // as parsers give what is absent
    };
    change(made.report.organization_name);
    change(made.report.report_id);
    change(made.policy().policy_domain);
    made.policy().policy_type.value = tlsrpt::policy_type(1 + below(3));
    if (made.policy().policy_type.value != tlsrpt::policy_type::sts) made.mx_host.clear();
    for (std::string_view& text : made.policy_string) change(text);
    if (below(2) == 0) made.policy_string.resize(1);
    for (std::string_view& text : made.mx_host) change(text);
    change(made.failure().receiving_mx_hostname);
    change(made.failure().receiving_mx_helo);
    change(made.failure().additional_information);
    change(made.failure().failure_reason_code);
    change(made.failure().receiving_ip.text);
    written += check_strict_output(made.view());
  }
  CHECK(written > 300);
}

TEST_CASE("WR-13, WR-16: a span that is too small shows the size needed") {
  made_report made;
  const std::string text = written(made.view());
  std::string room(text.size() - 1, '?');
  tlsrpt::span_output out(room);
  CHECK(write_report(out, made.report).has_value());
  CHECK_FALSE(out.fits());
  CHECK(out.size() == text.size());
  CHECK(report_size(made.report).value() == text.size());
  static_assert(noexcept(write_report(out, made.report)));
  static_assert(!noexcept(write_report(std::declval<std::string&>(), made.report)));
}
