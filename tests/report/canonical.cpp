#include <tlsrpt/canonical.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/report.hpp>

#include "report/same_values.hpp"
#include "support.hpp"

namespace {

namespace fs = std::filesystem;

using support::report_parts;
using tlsrpt::digest;
using tlsrpt::digest_of;

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

/// What a parser makes of a text, in canonical form.
std::string canonical(std::string_view bytes) {
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(bytes);
  REQUIRE_MESSAGE(report.has_value(), bytes);
  return canonical(*report);
}

digest digest_of_text(std::string_view bytes) {
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(bytes);
  REQUIRE_MESSAGE(report.has_value(), bytes);
  return digest_of(*report);
}

/// A parser makes the same values of the canonical text, and so the same text again. Whether
/// `bytes` hold a report at all.
bool check_round_trip(std::string_view bytes) {
  tlsrpt::report_parser<> parser, again;
  const auto report = parser.parse(bytes);
  if (!report) return false;
  const std::string text = canonical(*report);
  CAPTURE(text);
  const auto reread = again.parse(text);
  CHECK(reread.has_value());
  if (!reread) return true;
  CHECK(same_values::same(*report, *reread));
  CHECK(canonical(*reread) == text);
  CHECK(digest_of(*report) == digest_of(*reread));
  return true;
}

/// The number of reports among the files of a directory, all of which are checked.
std::size_t check_round_trips(const fs::path& directory) {
  std::size_t reports = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    CAPTURE(entry.path().string());
    reports += check_round_trip(read_file(entry.path()));
  }
  return reports;
}

/// A view with a policy that has one failure, whose memory it is.
struct made_report {
  std::array<std::string_view, 2> strings{};
  std::array<tlsrpt::failure_details_view, 1> failures{};
  std::array<tlsrpt::policy_view, 1> policies{};
  tlsrpt::report_view view{};

  made_report() {
    policies[0].failure_details = failures;
    view.policies = policies;
  }
  made_report(const made_report&) = delete;
};

}  // namespace

TEST_CASE("V1: the canonical JSON of a usual report, and its digest") {
  const std::string file = read_file(root / "examples/reports/google-failure.json");
  constexpr std::string_view expected =
      R"({"organization-name":"Webmail Example Inc.","date-range":{"start-datetime":)"
      R"("2026-11-23T00:00:00Z","end-datetime":"2026-11-23T23:59:59Z"},"contact-info":)"
      R"("smtp-tls-reporting@webmail.example","report-id":"2026-11-23T00:00:00Z_example.com",)"
      R"("policies":[{"policy":{"policy-type":"sts","policy-string":["version: STSv1",)"
      R"("mode: enforce","mx: mx1.example.com","mx: mx2.example.com","max_age: 86400"],)"
      R"("policy-domain":"example.com","mx-host":["mx1.example.com","mx2.example.com"]},)"
      R"("summary":{"total-successful-session-count":57,"total-failure-session-count":6},)"
      R"("failure-details":[{"result-type":"certificate-host-mismatch","sending-mta-ip":)"
      R"("203.0.113.17","receiving-mx-hostname":"mx2.example.com","receiving-ip":"192.0.2.26",)"
      R"("failed-session-count":4},{"result-type":"validation-failure","sending-mta-ip":)"
      R"("2001:db8:6c::1a","receiving-mx-hostname":"mx2.example.com","receiving-ip":)"
      R"("192.0.2.26","failed-session-count":2}]}]})";
  CHECK(expected.size() == 910);
  CHECK(canonical(file) == expected);
  CHECK(to_text(digest_of_text(file)) == "4d3e25ebd7d81a947fea79161e3fe302");
}

TEST_CASE("all members, in the order of RFC 8460") {
  made_report made;
  made.view.organization_name = "A";
  made.view.contact_info = "B";
  made.view.report_id = "C";
  made.view.date_range.start_datetime = {1795305600, "yesterday", true};
  made.view.date_range.end_datetime = {1795391999, {}, true};
  tlsrpt::policy_view& policy = made.policies[0];
  policy.policy_type = {tlsrpt::policy_type::tlsa, "TLSA"};
  made.strings = {"D", ""};
  policy.policy_string = made.strings;
  policy.policy_string_text = "not written";
  policy.policy_domain = "E";
  policy.mx_host = std::span(made.strings).first(1);
  policy.total_successful_session_count = 0;
  policy.total_failure_session_count = std::numeric_limits<std::uint64_t>::max();
  tlsrpt::failure_details_view& failure = made.failures[0];
  failure.result_type = {tlsrpt::result_type::unknown, "F"};
  failure.sending_mta_ip = {"[IPv6:2001:DB8:0::1]"};
  failure.receiving_mx_hostname = "G";
  failure.receiving_mx_helo = "H";
  failure.receiving_ip = {"192.0.2.256"};
  failure.failed_session_count = 1;
  failure.additional_information = "I";
  failure.failure_reason_code = "J";
  const std::string expected =
      R"({"organization-name":"A","date-range":{"start-datetime":"2026-11-22T00:00:00Z",)"
      R"("end-datetime":"2026-11-22T23:59:59Z"},"contact-info":"B","report-id":"C","policies":[)"
      R"({"policy":{"policy-type":"tlsa","policy-string":["D",""],"policy-domain":"E",)"
      R"("mx-host":["D"]},"summary":{"total-successful-session-count":0,)"
      R"("total-failure-session-count":18446744073709551615},"failure-details":[{)"
      R"("result-type":"F","sending-mta-ip":"2001:db8::1","receiving-mx-hostname":"G",)"
      R"("receiving-mx-helo":"H","receiving-ip":"192.0.2.256","failed-session-count":1,)"
      R"("additional-information":"I","failure-reason-code":"J"}]}]})";
  CHECK(canonical(made.view) == expected);

  // To any output, and counted alone.
  std::array<char, 1024> room;
  tlsrpt::span_output out(room);
  write_canonical(out, made.view);
  CHECK(out.text() == expected);
  tlsrpt::span_output counter({});
  write_canonical(counter, made.view);
  CHECK(counter.size() == expected.size());
  static_assert(noexcept(write_canonical(out, made.view)));
  static_assert(!noexcept(write_canonical(std::declval<std::string&>(), made.view)));
}

TEST_CASE("what is absent, unknown or empty is left out, but what a parser needs") {
  CHECK(canonical(tlsrpt::report_view{}) == R"({"policies":[]})");
  static_assert(digest_of(tlsrpt::report_view{}) != digest());
  made_report made;
  CHECK(canonical(made.view) == R"({"policies":[{"policy":{},"failure-details":[{}]}]})");
  made.policies[0].failure_details = {};
  CHECK(canonical(made.view) == R"({"policies":[{"policy":{}}]})");
  // Empty strings count as absent.
  made.view.report_id = "";
  made.view.date_range.end_datetime.text = "";
  made.policies[0].policy_type.text = "";
  CHECK(canonical(made.view) == R"({"policies":[{"policy":{}}]})");
  // One member is enough for its object to be there.
  made.policies[0].total_failure_session_count = 0;
  made.view.date_range.end_datetime.text = "?";
  CHECK(canonical(made.view) == R"({"date-range":{"end-datetime":"?"},"policies":[{"policy":{},)"
                                R"("summary":{"total-failure-session-count":0}}]})");
}

TEST_CASE("strings are escaped only where JSON demands it") {
  tlsrpt::report_view report;
  report.report_id =
      std::string_view("\"\\/\b\f\n\r\t\0\x1f\x7f\xc2\x80<&\xe2\x80\xa8\xef\xbf\xbe", 21);
  CHECK(canonical(report) ==
        "{\"report-id\":\"\\\"\\\\/"
        "\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc2\x80<&\xe2\x80\xa8\xef\xbf\xbe\","
        "\"policies\":[]}");
  CHECK(check_round_trip(canonical(report)));
}

TEST_CASE("whatever a view holds has a text, which no other view has") {
  // Octets that are not UTF-8.
  tlsrpt::report_view report;
  std::set<std::string> texts;
  std::set<digest> digests;
  const auto is_new = [&] {
    return texts.insert(canonical(report)).second && digests.insert(digest_of(report)).second;
  };
  for (std::string_view text :
       {"\xff", "\xc3", "\xc3\xbc", "\xef\xbf\xbd", "\\xff", "\xed\xa0\x80"}) {
    report.report_id = text;
    CHECK(is_new());
  }
  // The same texts in other places, and cut at other places.
  for (auto [name, contact] : {std::pair("a", "b"),
                               {"ab", nullptr},
                               {nullptr, "ab"},
                               {"b", "a"},
                               {"a\",\"contact-info\":\"b", nullptr}}) {
    report.organization_name = name == nullptr ? std::string_view() : name;
    report.contact_info = contact == nullptr ? std::string_view() : contact;
    CHECK(is_new());
  }
  // Known times that no text has, and their neighbours that one has.
  for (std::int64_t seconds :
       {-62'167'219'201, -62'167'219'200, 253'402'300'799, 253'402'300'800}) {
    report.date_range.start_datetime = {seconds, {}, true};
    CHECK(is_new());
  }
  for (std::int64_t seconds : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0},
                               std::numeric_limits<std::int64_t>::max()}) {
    report.date_range.start_datetime = {seconds, {}, true};
    CHECK(is_new());
  }
  // A time that is the text of another time's number.
  report.date_range.start_datetime = {0, "253402300800", false};
  CHECK(is_new());

  made_report made;
  const std::array<std::string_view, 2> one_two = {"1", "2"}, two_one = {"2", "1"};
  for (std::span<const std::string_view> strings :
       {std::span<const std::string_view>(one_two), std::span<const std::string_view>(two_one),
        std::span(one_two).first(1), std::span(one_two).first(0)}) {
    made.policies[0].policy_string = strings;
    report = made.view;
    CHECK(is_new());
  }
  for (tlsrpt::session_count count : {tlsrpt::session_count(), tlsrpt::session_count(0),
                                      tlsrpt::session_count(std::uint64_t{1} << 53),
                                      tlsrpt::session_count((std::uint64_t{1} << 53) + 1)}) {
    made.policies[0].policy_string = one_two;
    made.policies[0].total_failure_session_count = count;
    report = made.view;
    CHECK((is_new() || !count.known()));
  }
}

TEST_CASE("the digest covers every value") {
  std::set<digest> seen;
  const auto is_new_with = [&seen](auto&& change) {
    made_report made;
    made.strings = {"version: STSv1", "mode: enforce"};
    made.policies[0].policy_string = made.strings;
    made.failures[0].failed_session_count = 3;
    change(made);
    return seen.insert(digest_of(made.view)).second;
  };
  CHECK(is_new_with([](auto&) {}));
  CHECK_FALSE(is_new_with([](auto&) {}));
  CHECK(is_new_with([](auto& m) { m.view.organization_name = "x"; }));
  CHECK(is_new_with([](auto& m) { m.view.contact_info = "x"; }));
  CHECK(is_new_with([](auto& m) { m.view.report_id = "x"; }));
  CHECK(is_new_with([](auto& m) { m.view.date_range.start_datetime = {0, {}, true}; }));
  CHECK(is_new_with([](auto& m) { m.view.date_range.end_datetime = {0, {}, true}; }));
  CHECK(is_new_with([](auto& m) { m.view.date_range.end_datetime.text = "x"; }));
  CHECK(is_new_with([](auto& m) { m.view.policies = {}; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].policy_type.value = tlsrpt::policy_type::sts; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].policy_type.text = "x"; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].policy_domain = "x"; }));
  CHECK(is_new_with([](auto& m) { m.strings[1] = "mode: none"; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].mx_host = m.strings; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].total_successful_session_count = 0; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].total_successful_session_count = 6; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].total_failure_session_count = 0; }));
  CHECK(is_new_with([](auto& m) { m.policies[0].failure_details = {}; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].result_type.text = "x"; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].sending_mta_ip.text = "192.0.2.1"; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].receiving_ip.text = "192.0.2.1"; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].receiving_mx_hostname = "x"; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].receiving_mx_helo = "x"; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].failed_session_count = 4; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].additional_information = "x"; }));
  CHECK(is_new_with([](auto& m) { m.failures[0].failure_reason_code = "x"; }));
}

TEST_CASE("the digest does not depend on how a report is written") {
  const digest expected = digest_of_text(report_parts{}.text());
  CHECK(digest_of_text(support::gzip(report_parts{}.text())) == expected);
  const auto with = [](auto&& change) {
    report_parts parts;
    change(parts);
    return digest_of_text(parts.text());
  };
  // The same values.
  CHECK(with([](report_parts& p) { p.organization_name = R"("\u0045xample \u0049nc.")"; }) ==
        expected);
  CHECK(with([](report_parts& p) { p.policy_type = "\"STS\""; }) == expected);
  CHECK(with([](report_parts& p) { p.result_type = "\"Certificate_Expired\""; }) == expected);
  CHECK(with([](report_parts& p) { p.failed = "2.0"; }) == expected);
  CHECK(with([](report_parts& p) { p.failed = "\"2\""; }) == expected);
  CHECK(with([](report_parts& p) { p.sending_mta_ip = "\"[192.0.2.1]\""; }) == expected);
  CHECK(with([](report_parts& p) { p.mx_host = "\"mx.example.com\""; }) == expected);
  CHECK(with([](report_parts& p) {
          p.policy_string = R"("version: STSv1\nmode: enforce\r\nmx: mx.example.com")";
        }) == expected);
  CHECK(with([](report_parts& p) {
          p.date_range =
              R"({"end-datetime":"2026-11-22","start-datetime":"2026-11-21T23:00:00-01:00"})";
        }) == expected);
  CHECK(with([](report_parts& p) { p.extra_of_report = R"(,"comment":"hello")"; }) == expected);
  CHECK(with([](report_parts& p) { p.extra_of_failure = R"(,"receiving-mx-helo":"")"; }) ==
        expected);
  // Other values.
  CHECK(with([](report_parts& p) { p.organization_name = R"("example Inc.")"; }) != expected);
  CHECK(with([](report_parts& p) { p.policy_domain = R"("example.com.")"; }) != expected);
  CHECK(with([](report_parts& p) { p.failed = "3"; }) != expected);
  CHECK(with([](report_parts& p) { p.failed = "null"; }) != expected);
  CHECK(with([](report_parts& p) { p.mx_host = "[]"; }) != expected);
}

TEST_CASE("WR-11: a parser makes the same values of the canonical text") {
  CHECK(check_round_trips(root / "examples/reports") == 8);
  CHECK(check_round_trips(root / "tests/data/reports") > 100);
  const fs::path corpus = root / "../shared/corpus/reports";
  if (fs::exists(corpus))
    MESSAGE(check_round_trips(corpus) << " reports of the corpus");
  else
    MESSAGE("no corpus here");
}

TEST_CASE("the zone of an address means nothing elsewhere, and only the view has it") {
  tlsrpt::failure_details_view failure;
  failure.receiving_ip.text = "fe80::1%eth0";
  tlsrpt::policy_view policy;
  policy.failure_details = {&failure, 1};
  tlsrpt::report_view report;
  report.policies = {&policy, 1};
  const tlsrpt::digest with_zone = digest_of(report);
  CHECK(canonical(report).find(R"("receiving-ip":"fe80::1"})") != std::string::npos);
  failure.receiving_ip.text = "fe80::1";
  CHECK(digest_of(report) == with_zone);
  failure.receiving_ip.text = "fe80::1%eth 0";
  CHECK(digest_of(report) != with_zone);
}

TEST_CASE("WR-11: a policy-string is split until what is left stays as it is") {
  // The only string of a policy-string, and how often it was written inside another one.
  const auto quoted = [](std::string_view text) {
    std::string literal = "\"";
    for (char c : text) {
      if (c == '"' || c == '\\') literal += '\\';
      if (c == '\n')
        literal += "\\n";
      else
        literal += c;
    }
    return literal + '"';
  };
  for (const std::string_view type : {"\"sts\"", "\"tlsa\"", "\"other\""})
    for (const std::string_view text :
         {"a", "", "a\nb", "a\n", "a;b", "a;", ";", "[]", "[a]", R"(["a"];)", R"(["a";"b"])",
          "version: STSv1\\nmode: none", "3 1 1 aa; 3 1 1 bb", "\n", " [] "})
      for (int depth = 0; depth < 4; ++depth) {
        std::string inner(text);
        for (int i = 0; i < depth; ++i) inner = '[' + quoted(inner) + ']';
        for (const std::string& value : {quoted(inner), '[' + quoted(inner) + ']'}) {
          CAPTURE(type);
          CAPTURE(value);
          report_parts parts;
          parts.policy_type = type;
          parts.policy_string = value;
          const std::string once = canonical(parts.text());
          CHECK(canonical(once) == once);
        }
      }
}
