/// Datagrams of libtlsrpt, read and written.

#include <tlsrpt/datagram.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/tally.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/write_datagram.hpp>
#include <tlsrpt/write_report.hpp>

#include "support.hpp"

namespace {

using tlsrpt::datagram_reader;
using tlsrpt::errc;
using tlsrpt::policy_type;
using tlsrpt::result_type;
using tlsrpt::session_outcome;

constexpr std::int64_t midnight = 1'795'392'000;  // 2026-11-23

const std::string plain =
    R"({"dpv": "1","d": "example.org","pr": "v=TLSRPTv1; rua=mailto:tls@example.org","policies":[)"
    R"({"policy-type":1,"policy-domain": "mx.example.org","policy-string":[)"
    R"("3 1 1 A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F90"],"t":0,"f":0}]})";
const std::string failed =
    R"({"dpv": "1","d": "Example.ORG.","pr": "v=TLSRPTv1; rua=mailto:tls@example.org","policies":[)"
    R"({"policy-type":1,"policy-domain": "mx.example.org","policy-string":[)"
    R"("3 1 1 a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"],)"
    R"("failure-details":[{"c":205,"s": "203.0.113.5","n": "mx.example.org",)"
    R"("h": "250-mx.example.org\r\n250 STARTTLS","r": "192.0.2.40","f": "self-signed_certificate"}])"
    R"(,"t":1,"f":1}]})";

/// A datagram with these policies.
std::string with_policies(std::string_view policies) {
  return R"({"dpv": "1","d": "example.org","pr": "","policies":[)" + std::string(policies) + "]}";
}

/// A datagram with a policy with these members.
std::string with_policy(std::string_view members) {
  return with_policies("{\"policy-type\":2," + std::string(members) + "\"t\":0,\"f\":0}");
}

/// The error of a datagram; ok when there is none.
errc error_of(std::string_view datagram) {
  datagram_reader reader;
  return reader.read(datagram, midnight).error().code;
}

std::string notes_of(std::string_view datagram) {
  datagram_reader reader;
  support::findings found;
  REQUIRE(reader.read(datagram, midnight, found));
  return found.names();
}

}  // namespace

TEST_CASE("the datagrams of a day give the report of the worked example: TA-60") {
  datagram_reader reader;
  tlsrpt::tally tally(tlsrpt::day_of(midnight), "mta1", 1);
  for (const std::string& text : {plain, plain, failed}) {
    support::findings found;
    const auto session = reader.read(text, midnight, found);
    REQUIRE(session);
    CHECK(found.names().empty());
    CHECK(tally.count(*session).value() == tlsrpt::count_outcome::counted);
  }
  tlsrpt::tally_reporter reporter;
  const auto report =
      reporter.make(tally, "example.org", {"Example Net", "tls-reports@example.net"});
  REQUIRE(report);
  std::string json;
  REQUIRE(write_report(json, *report));
  CHECK(json.find("\"report-id\":\"20261123.example.org.01604555@example.net\"") !=
        std::string::npos);
  CHECK(json.find("\"total-successful-session-count\":2,\"total-failure-session-count\":1") !=
        std::string::npos);
  CHECK(json.find("\"receiving-mx-helo\":\"mx.example.org\"") != std::string::npos);
}

TEST_CASE("what is read is written again, octet by octet: TA-67") {
  datagram_reader reader;
  const std::string all =
      with_policies(R"({"policy-type":2,"policy-domain": "example.org","policy-string":["a","b"],)"
                    R"("mx-host":["*.example.org","mx.example.org"],"failure-details":[)"
                    R"({"c":301},{"c":204,"s": "a\u007f\"\\\b\t\n\u000b\f\r","n": "","h": "/",)"
                    R"("r": "\u001f","a": "https://example.org/","f": "@"}],"t":2,"f":0},)"
                    R"({"policy-type":9,"t":0,"f":1})");
  std::string accented = all;
  accented.replace(accented.find('@'), 1, "\xc3\xa9");
  for (const std::string& text : {plain, failed, all, accented}) {
    const auto session = reader.read(text, midnight);
    REQUIRE(session);
    std::string with, without;
    REQUIRE(write_datagram(with, *session));
    CHECK(with == text);
    REQUIRE(write_datagram(without, *session, tlsrpt::datagram_form::without_version));
    CHECK(without == "{" + text.substr(text.find("\"d\"")));
    CHECK(notes_of(without) == "missing-datagram-version");
  }
}

TEST_CASE("a session is written as libtlsrpt 0.5.0rc1 sent it for the same calls: TA-67") {
  const std::vector<std::string_view> lines{"version: STSv1", "mode: enforce"};
  const std::vector<std::string_view> hosts{"mx1.example.org", "*.example.net"};
  std::vector<tlsrpt::failure_details_view> failures(2);
  failures[0].result_type.value = result_type::certificate_host_mismatch;
  failures[0].sending_mta_ip.text = "203.0.113.5";
  failures[0].receiving_mx_hostname = "mx.example.org";
  failures[0].receiving_ip.text = "192.0.2.40";
  failures[0].additional_information = "https://e.example/?a=\"b\"\\c\t\x01\x7f";
  failures[0].failure_reason_code = "r";
  failures[1].result_type.value = result_type::sts_policy_fetch_error;
  const std::vector<tlsrpt::session_policy> policies{
      {.type = policy_type::sts,
       .domain = "example.org",
       .policy_string = lines,
       .mx_host = hosts,
       .outcome = session_outcome::failed,
       .failures = failures},
      {.type = policy_type::no_policy_found, .outcome = session_outcome::ok}};
  const tlsrpt::session_view session{.recipient_domain = "example.org",
                                     .record = "v=TLSRPTv1; rua=mailto:tls@example.org",
                                     .policies = policies};
  std::string text;
  REQUIRE(write_datagram(text, session, tlsrpt::datagram_form::without_version));
  CHECK(text ==
        R"({"d": "example.org","pr": "v=TLSRPTv1; rua=mailto:tls@example.org","policies":[)"
        R"({"policy-type":2,"policy-domain": "example.org",)"
        R"("policy-string":["version: STSv1","mode: enforce"],)"
        R"("mx-host":["mx1.example.org","*.example.net"],"failure-details":[)"
        R"({"c":202,"s": "203.0.113.5","n": "mx.example.org","r": "192.0.2.40",)"
        R"("a": "https://e.example/?a=\"b\"\\c\t\u0001\u007f","f": "r"},{"c":301}],"t":2,"f":1},)"
        R"({"policy-type":9,"t":0,"f":0}]})");
}

TEST_CASE("a datagram is long at most, and loses failures for it: TA-67") {
  const std::string long_text(3000, 'x');
  tlsrpt::failure_details_view failure;
  failure.result_type.value = result_type::validation_failure;
  failure.additional_information = long_text;
  const std::vector<tlsrpt::failure_details_view> failures(100, failure);
  tlsrpt::session_policy policy{
      .type = policy_type::sts, .outcome = session_outcome::failed, .failures = failures};
  tlsrpt::session_view session{.recipient_domain = "example.org", .policies = {&policy, 1}};
  std::string text;
  REQUIRE(write_datagram(text, session));
  CHECK(text.size() <= tlsrpt::longest_datagram);
  datagram_reader reader;
  const auto read = reader.read(text, midnight);
  REQUIRE(read);
  CHECK(read->policies[0].failures.size() == 50);
  const std::string too_long(tlsrpt::longest_datagram, 'x');
  session.record = too_long;
  text.clear();
  CHECK(write_datagram(text, session).error().code == errc::text_too_long);
  policy.outcome = session_outcome::not_counted;
  CHECK(write_datagram(text, session).error().code == errc::nothing_to_report);
  CHECK(text.empty());
}

TEST_CASE("no text of a session may have a NUL, at which libtlsrpt would end it") {
  constexpr std::string_view nul("a\0b", 3), sound = "example.org";
  const auto refused = [](std::string_view domain, std::string_view line, std::string_view host,
                          std::string_view reason) {
    tlsrpt::failure_details_view failure;
    failure.failure_reason_code = reason;
    const tlsrpt::session_policy policy{.type = policy_type::sts,
                                        .domain = domain,
                                        .policy_string = {&line, 1},
                                        .mx_host = {&host, 1},
                                        .outcome = session_outcome::failed,
                                        .failures = {&failure, 1}};
    std::string text;
    const errc code =
        tlsrpt::write_datagram(text, {.recipient_domain = "example.org", .policies = {&policy, 1}})
            .error()
            .code;
    CHECK(text.empty() == (code != errc::ok));
    return code;
  };
  CHECK(refused(sound, sound, sound, sound) == errc::ok);
  CHECK(refused(nul, sound, sound, sound) == errc::session_text);
  CHECK(refused(sound, nul, sound, sound) == errc::session_text);
  CHECK(refused(sound, sound, nul, sound) == errc::session_text);
  CHECK(refused(sound, sound, sound, nul) == errc::session_text);
}

TEST_CASE("what is odd is noted, and nothing is lost for it: TA-61 to TA-64") {
  CHECK(notes_of(R"({"d": "example.org","policies":[{"policy-type":9,"t":0,"f":0}]})") ==
        "missing-datagram-version");
  CHECK(notes_of(with_policies(R"({"policy-type":9,"t":3,"f":1},{"policy-type":9,"f":1})")) ==
        "datagram-failure-count");

  datagram_reader reader;
  std::string octets = with_policies(
      "{\"policy-type\":2,\"failure-details\":[{\"c\":205,\"h\": "
      "\"mx\xff\xc3\"}],\"t\":1,\"f\":1}");
  CHECK(notes_of(octets) == "datagram-utf8");
  auto session = reader.read(octets, midnight);
  CHECK(session->policies[0].failures[0].receiving_mx_helo == "mx\xef\xbf\xbd\xef\xbf\xbd");

  const std::string unknown = with_policies(
      R"({"policy-type":2,"failure-details":[{"c":901,"f": "x"},{"c":4294967295}],"t":2,"f":1})");
  CHECK(notes_of(unknown) == "datagram-result-type");
  session = reader.read(unknown, midnight);
  CHECK(session->policies[0].failures[0].result_type.value == result_type::validation_failure);
  CHECK(session->policies[0].failures[0].failure_reason_code == "libtlsrpt-901");
  CHECK(session->policies[0].failures[1].failure_reason_code == "libtlsrpt-4294967295");

  const std::string other =
      with_policies(R"({"policy-type":3,"t":0,"f":1},{"policy-type":9,"t":0,"f":0})");
  CHECK(notes_of(other) == "datagram-policy-type");
  session = reader.read(other, midnight);
  CHECK(session->policies[0].outcome == session_outcome::not_counted);
  CHECK(session->policies[1].outcome == session_outcome::ok);
  CHECK(session->policies[1].type == policy_type::no_policy_found);
  CHECK(session->policies[1].domain.empty());
  // Unknown members say nothing.
  CHECK(notes_of(with_policy(R"("x":{"y":[1,null]},"z":1e5,)")).empty());
  // The outcome counts, not the failures.
  session =
      reader.read(with_policies(R"({"failure-details":[{"c":201}],"f":0,"t":1,"policy-type":2,)"
                                R"("mx-host":["b"],"policy-string":["a","a"]})"),
                  midnight);
  CHECK(session->policies[0].outcome == session_outcome::ok);
  CHECK(session->policies[0].policy_string.size() == 2);
  CHECK(session->policies[0].mx_host[0] == "b");
}

TEST_CASE("each kind of nonsense is refused: TA-62, TA-64, TA-66") {
  struct row {
    errc expected;
    std::string text;
  };
  std::string many_strings = "\"policy-string\":[\"\"", many_failures, deep;
  for (int i = 0; i < 4096; ++i) many_strings += ",\"\"";
  for (int i = 0; i < 1024; ++i) many_failures += "{\"c\":205},";
  for (int i = 0; i < 1000; ++i) deep += '[';
  for (const row& row : {
           row{errc::datagram_syntax, ""},
           row{errc::datagram_syntax, "5"},
           row{errc::datagram_syntax, "null"},
           row{errc::datagram_syntax, "\"x\""},
           row{errc::datagram_syntax, "[]"},
           row{errc::datagram_syntax, "{"},
           row{errc::datagram_syntax, plain + "x"},
           row{errc::datagram_syntax, plain + plain},
           row{errc::datagram_syntax, plain.substr(1)},
           row{errc::datagram_syntax, std::string(100, '\0')},
           row{errc::datagram_syntax, "\xff\xff"},
           row{errc::datagram_syntax, deep},
           row{errc::datagram_syntax, with_policy("\"x\":" + deep)},
           row{errc::datagram_syntax, with_policy("\"x\":nul,")},
           row{errc::datagram_syntax, with_policy("\"failure-details\":{},")},
           row{errc::datagram_syntax, with_policies("5")},
           row{errc::datagram_syntax, R"({"d": "example.org","policies":[],"policies":[]})"},
           row{errc::datagram_member, "{}"},
           row{errc::datagram_member, R"({"dpv": "1","d": "example.org","policies":[]})"},
           row{errc::datagram_member, R"({"dpv": "1","d": "example.org","policies":{}})"},
           row{errc::datagram_member, R"({"dpv": "1","d": 5,"policies":[]})"},
           row{errc::datagram_version, R"({"dpv": 1,"d": "example.org","policies":[]})"},
           row{errc::datagram_member, R"({"dpv": "1","d": "\x"})"},
           row{errc::datagram_member, with_policies("{}")},
           row{errc::datagram_member, with_policies(R"({"policy-type":"2","t":0,"f":0})")},
           row{errc::datagram_member, with_policies(R"({"policy-type":2,"t":0,"f":-1})")},
           row{errc::datagram_member, with_policies(R"({"policy-type":2,"t":0})")},
           row{errc::datagram_member, with_policies(R"({"policy-type":2,"t":0,"f":true})")},
           row{errc::datagram_member, with_policy("\"policy-string\":[5],")},
           row{errc::datagram_member, with_policy("\"policy-string\":\"x\",")},
           row{errc::datagram_member, with_policy("\"failure-details\":[{}],")},
           row{errc::datagram_member, with_policy("\"failure-details\":[{\"c\":4294967296}],")},
           row{errc::datagram_version, R"({"dpv": "2"})"},
           row{errc::datagram_version, R"({"dpv": "","policies":5})"},
           row{errc::session_domain, R"({"policies":[{"policy-type":9,"t":0,"f":0}]})"},
           row{errc::session_domain, R"({"d": "a b","policies":[{"policy-type":9,"t":0,"f":0}]})"},
           row{errc::datagram_limit, with_policy(many_strings + "],")},
           row{errc::datagram_limit,
               with_policy("\"failure-details\":[" + many_failures + "{\"c\":205}],")},
           row{errc::text_too_long, plain + std::string(256 << 10, ' ')},
       }) {
    CAPTURE(row.text.substr(0, 200));
    CHECK(name(error_of(row.text)) == name(row.expected));
  }
  CHECK(error_of(plain + std::string((256 << 10) - plain.size(), ' ')) == errc::ok);
}

TEST_CASE("no octet that is cut off or changed does harm") {
  datagram_reader reader;
  for (std::size_t size = 0; size < failed.size(); ++size)
    CHECK_FALSE(reader.read(std::string_view(failed).substr(0, size), midnight));
  std::size_t sound = 0;
  for (std::size_t i = 0; i < failed.size(); ++i)
    for (const char octet : {'\0', '"', '\\', '{', ']', ',', '9', '\x80', '\n'}) {
      std::string changed = failed;
      changed[i] = octet;
      const auto session = reader.read(changed, midnight);
      if (!session) continue;
      ++sound;
      std::string text;
      const auto written = write_datagram(text, *session);
      CHECK((written || written.error().code == errc::nothing_to_report));
    }
  CHECK(sound > 100);
}
