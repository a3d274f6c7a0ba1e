#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "support.hpp"

namespace {

using support::findings;
using support::report_parts;
using tlsrpt::errc;
using tlsrpt::present;

/// Parses in both modes: strict refuses with exactly `code` when it is a violation; lenient reads
/// on and finds exactly `names`.
struct reading {
  tlsrpt::report_parser<> parser;
  findings found;
  tlsrpt::result<tlsrpt::report_view> report;
  errc refused_as;

  explicit reading(const std::string& text) : report(tlsrpt::diagnostic{errc::empty_input}) {
    report = parser.parse(text, found);
    tlsrpt::report_parser<tlsrpt::strict> strict;
    refused_as = strict.parse(text).error().code;
  }
  const tlsrpt::policy_view& policy() const {
    REQUIRE(report);
    REQUIRE(report->policies.size() == 1);
    return report->policies[0];
  }
  const tlsrpt::failure_details_view& failure() const {
    REQUIRE(policy().failure_details.size() == 1);
    return policy().failure_details[0];
  }
};

/// A reading whose only finding is `code`; strict mode agrees with the code's grade.
reading only(errc code, const std::string& text) {
  reading r(text);
  INFO(name(code));
  CHECK(r.report.has_value());
  CHECK(r.found.names() == name(code));
  CHECK(name(r.refused_as) == name(grade_of(code) == tlsrpt::grade::violation ? code : errc::ok));
  return r;
}

std::vector<std::string> strings(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

errc refusal(const std::string& text, std::size_t offset) {
  tlsrpt::report_parser<> lenient;
  tlsrpt::report_parser<tlsrpt::strict> strict;
  const auto error = lenient.parse(text).error();
  CHECK(error.where.offset == offset);
  CHECK_FALSE(strict.parse(text));
  return error.code;
}

}  // namespace

TEST_CASE("B.2: every member of a conforming report") {
  report_parts parts;
  parts.extra_of_failure =
      R"(,"receiving-mx-helo":"mx1","additional-information":"https://a.example/x",)"
      R"("failure-reason-code":"X509_V_ERR_CERT_HAS_EXPIRED")";
  const reading r(parts.text());
  REQUIRE(r.report);
  CHECK(r.found.names() == "");
  CHECK(r.refused_as == errc::ok);
  CHECK(r.report.value().organization_name == "Example Inc.");
  CHECK(r.report.value().contact_info == "tls@sender.example");
  CHECK(r.report.value().report_id == "2026-11-22_example.com");
  CHECK(r.report.value().date_range.start_datetime.seconds == 1795305600);
  CHECK(r.report.value().date_range.start_datetime.known);
  CHECK(r.report.value().date_range.end_datetime.text == "2026-11-22T23:59:59Z");
  CHECK(r.report.value().date_range.end_datetime.seconds == 1795391999);
  const auto& policy = r.policy();
  CHECK(policy.policy_type.value == tlsrpt::policy_type::sts);
  CHECK(policy.policy_type.text == "sts");
  CHECK(policy.policy_domain == "example.com");
  CHECK(strings(policy.policy_string) ==
        std::vector<std::string>{"version: STSv1", "mode: enforce", "mx: mx.example.com"});
  CHECK_FALSE(present(policy.policy_string_text));
  CHECK(strings(policy.mx_host) == std::vector<std::string>{"mx.example.com"});
  CHECK(policy.total_successful_session_count == tlsrpt::session_count(100));
  CHECK(policy.total_failure_session_count == tlsrpt::session_count(2));
  const auto& failure = r.failure();
  CHECK(failure.result_type.value == tlsrpt::result_type::certificate_expired);
  CHECK(failure.sending_mta_ip.text == "192.0.2.1");
  CHECK(failure.sending_mta_ip.address() == tlsrpt::ip_address::v4({192, 0, 2, 1}));
  CHECK(failure.receiving_ip.text == "2001:db8::25");
  CHECK(failure.receiving_mx_hostname == "mx.example.com");
  CHECK(failure.receiving_mx_helo == "mx1");
  CHECK(failure.additional_information == "https://a.example/x");
  CHECK(failure.failure_reason_code == "X509_V_ERR_CERT_HAS_EXPIRED");
  CHECK(failure.failed_session_count == tlsrpt::session_count(2));
}

TEST_CASE("B-08: member order carries no meaning") {
  const report_parts p;
  const reading r(R"({"policies":[{"failure-details":[)" + p.failure() + R"(],"summary":)" +
                  p.summary() + R"(,"policy":{"mx-host":["mx.example.com"],"policy-string":[],)" +
                  R"("policy-domain":"example.com","policy-type":"tlsa"}}],"report-id":"1",)" +
                  R"("contact-info":"a@b.example","date-range":)" + p.date_range +
                  R"(,"organization-name":"X"})");
  CHECK(r.found.names() == "");
  CHECK(r.report.value().report_id == "1");
  CHECK(r.policy().policy_type.value == tlsrpt::policy_type::tlsa);
  CHECK(r.failure().failed_session_count.value() == 2);
}

TEST_CASE("whitespace of every kind may separate tokens") {
  std::string spaced;
  bool inside = false;
  for (char c : report_parts{}.text()) {
    if (c == '"') inside = !inside;
    if (!inside && std::string_view("{}[]:,").find(c) != std::string_view::npos)
      spaced += std::string(" \r\n\t") + c + "\n\n  ";
    else
      spaced += c;
  }
  const reading r(spaced);
  CHECK(r.found.names() == "");
  CHECK(r.failure().receiving_ip.text == "2001:db8::25");
  CHECK(r.policy().total_successful_session_count.value() == 100);
}

TEST_CASE("strings are slices of the text unless an escape forces a copy") {
  std::string text = report_parts{}.text();
  const auto padded = tlsrpt::pad(text);
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse_in_place(padded);
  REQUIRE(report);
  auto is_slice = [&](std::string_view view) {
    return view.data() >= text.data() && view.data() < text.data() + padded.text().size();
  };
  CHECK(is_slice(report->organization_name));
  CHECK(is_slice(report->policies[0].policy_string[1]));
  CHECK(is_slice(report->policies[0].failure_details[0].receiving_mx_hostname));

  report_parts escaped;
  escaped.organization_name = R"("Caf\u00e9 \"\/\"")";
  escaped.report_id = R"("\u0000\u001b\r\n")";
  const reading r(escaped.text());
  CHECK(r.found.names() == "");
  CHECK(r.report.value().organization_name == "Caf\xc3\xa9 \"/\"");
  CHECK(r.report.value().report_id == std::string_view("\0\x1b\r\n", 4));
  CHECK(r.report.value().contact_info == "tls@sender.example");
}

TEST_CASE("B-04, B-13, Q19: what stands around the document") {
  const std::string text = report_parts{}.text();
  CHECK(only(errc::byte_order_mark, "\xef\xbb\xbf" + text).found.all[0].offset == 0);
  CHECK(only(errc::byte_order_mark, "\xef\xbb\xbf \n" + text).found.all[0].offset == 0);
  for (const std::string& rest :
       {std::string("x"), std::string("\0\0\0", 3), text, std::string("-- \nIt's \"gateway text"),
        std::string("\xff\xfe"), std::string("]"), std::string("{\"a\":")}) {
    const reading r = only(errc::trailing_bytes, text + "\n " + rest);
    CHECK(r.found.all[0].offset == text.size() + 2);
    CHECK(r.found.all[0].subject == rest);
    CHECK(r.policy().policy_domain == "example.com");
  }
  CHECK(reading("\n\t " + text + " \r\n").found.names() == "");
}

TEST_CASE("B-13: nothing hides between a byte order mark and the document") {
  const std::string text = report_parts{}.text(), mark = "\xef\xbb\xbf";
  for (const std::string& between : {std::string("x"), std::string("\0", 1), std::string("\x11 "),
                                     std::string("nul\n"), std::string("\xc2\xa0"), mark}) {
    CAPTURE(between);
    const reading r(mark + between + text);
    CHECK(r.report.error().code ==
          (between == "nul\n" ? errc::json_invalid_literal : errc::json_expected_value));
    CHECK(r.report.error().where.offset == (between == "nul\n" ? 6 : 3));
  }
  CHECK(reading(mark + "5" + text).report.error().code == errc::not_an_object);
  CHECK(reading(mark + "5").report.error().code == errc::not_an_object);
  CHECK(reading(mark).report.error().code == errc::empty_input);
}

TEST_CASE("B-06, B-07: of duplicate members the first counts") {
  report_parts p;
  p.extra_of_report = R"(,"report-id":{"a":[1]},"report\u002did":"third")";
  const reading r(p.text());
  CHECK(r.found.names() == "duplicate-member,duplicate-member");
  CHECK(r.found.all[0].path == "/report-id");
  CHECK(r.found.all[0].subject == R"({"a":[1]})");
  CHECK(r.report.value().report_id == "2026-11-22_example.com");
  CHECK(r.refused_as == errc::duplicate_member);
  p.extra_of_report = R"(,"policies":[{}])";
  CHECK(only(errc::duplicate_member, p.text()).policy().policy_domain == "example.com");
}

TEST_CASE("B-06: names are compared after unescaping") {
  const reading r(
      R"({"\u006frganization-name":"X","report-\u0069d":"1","contact-info":"a@b.example",)"
      R"("date-range":)" +
      report_parts{}.date_range + R"(,"policies":[]})");
  CHECK(r.found.names() == "empty-policies");
  CHECK(r.report.value().organization_name == "X");
  CHECK(r.report.value().report_id == "1");
}

TEST_CASE("B-05: lone surrogates and noncharacters") {
  report_parts p;
  p.organization_name = R"("bad \ud83d end")";
  const reading half = only(errc::lone_surrogate, p.text());
  CHECK(half.report.value().organization_name == "bad \xef\xbf\xbd end");
  CHECK(half.found.all[0].offset == p.text().find("\\ud83d"));
  CHECK(half.found.all[0].path == "/organization-name");
  p.organization_name = "\"a\xef\xbf\xbe\"";
  CHECK(only(errc::noncharacter, p.text()).found.all[0].offset == p.text().find('\xef'));
  p.organization_name = R"("\ufdd0")";
  only(errc::noncharacter, p.text());
  p.organization_name = "\"\xf0\x9f\x98\x80\"";
  CHECK(reading(p.text()).found.names() == "");
}

TEST_CASE("B-12: unknown members are noted, validated and ignored") {
  report_parts p;
  p.extra_of_report = R"(,"x":{"y":[1,-2.5e3,"\u00e9",true,false,null,{},[]]})";
  const reading r = only(errc::unknown_member, p.text());
  CHECK(r.found.all[0].subject == "x");
  CHECK(r.found.all[0].offset == p.text().find("\"x\""));
  for (const char* value : {"1.2.3", "truu", R"("\q")", "[1 2]", "{,}", "[,]", "{\"a\"}", "01",
                            "nul", "[1,]", "{\"a\":1,}", "tru\"e\"", "\"a\"b"}) {
    p.extra_of_report = std::string(R"(,"x":)") + value;
    tlsrpt::report_parser<> parser;
    const auto error = parser.parse(p.text()).error();
    CAPTURE(value);
    CHECK(grade_of(error.code) == tlsrpt::grade::fatal);
    CHECK(name(error.code).starts_with("json-"));
    CHECK(error.where.offset >= p.text().find("\"x\":"));
  }
  p.extra_of_report = R"(,"x":"\udc00","y":["\ufffe"])";
  CHECK(reading(p.text()).found.names() ==
        "unknown-member,lone-surrogate,unknown-member,noncharacter");
}

TEST_CASE("B-14, Q12, Q16: misspelt members count when the right name is absent") {
  const report_parts p;
  auto failure_with = [&](const std::string& member) {
    return p.with_policies(R"([{"policy":)" + p.policy() + R"(,"summary":)" + p.summary() +
                           R"(,"failure-details":[{"result-type":"dane-required",)" + member +
                           R"(,"failed-session-count":1}]}])");
  };
  for (const char* name :
       {"receiving-mx-host-name", "Receiving-MX-Hostname", "receiving_mx_hostname"}) {
    const std::string text = failure_with("\"" + std::string(name) + R"(":"mx.example.net")");
    const reading r = only(errc::misspelt_member, text);
    CHECK(r.failure().receiving_mx_hostname == "mx.example.net");
    CHECK(r.found.all[0].subject == name);
    CHECK(r.found.all[0].path == "/policies/0/failure-details/0/receiving-mx-hostname");
    CHECK(r.found.all[0].offset == text.find("\"" + std::string(name)));
  }
  CHECK(only(errc::misspelt_member, failure_with(R"("failure-error-code":"E")"))
            .failure()
            .failure_reason_code == "E");
  CHECK(only(errc::misspelt_member, failure_with(R"("additional-info-uri":"u:")"))
            .failure()
            .additional_information == "u:");
  CHECK(only(errc::unknown_member,
             failure_with(R"("FAILED_SESSION_COUNT":7,"receiving-ip":"192.0.2.2")"))
            .failure()
            .failed_session_count.value() == 1);
  // A whole array under a misspelt name.
  const std::string text =
      p.with_policies(R"([{"failure_details":[)" + p.failure() + R"(],"policy":)" + p.policy() +
                      R"(,"summary":)" + p.summary() + "}]");
  CHECK(only(errc::misspelt_member, text).failure().failed_session_count.value() == 2);
}

TEST_CASE("Q50: a policy entry with the policy's members directly in it") {
  const report_parts p;
  const reading r =
      only(errc::flat_policy,
           p.with_policies(R"([{"policy-type":"sts","policy-domain":"example.org","mx-host":["a"],)"
                           R"("summary":)" +
                           p.summary() + "}]"));
  CHECK(r.policy().policy_domain == "example.org");
  CHECK(r.policy().mx_host.size() == 1);
  CHECK(r.policy().total_failure_session_count.value() == 2);
  CHECK(r.found.all[0].path == "/policies/0/policy/policy-type");
  const reading flat_counts =
      only(errc::flat_policy, p.with_policies(R"([{"policy":)" + p.policy() +
                                              R"(,"total-successful-session-count":5,)"
                                              R"("total-failure-session-count":0}])"));
  CHECK(flat_counts.policy().total_successful_session_count.value() == 5);
  CHECK(only(errc::unknown_member,
             p.with_policies(R"([{"policy":)" + p.policy() +
                             R"(,"policy-domain":"x.example","summary":)" + p.summary() + "}]"))
            .policy()
            .policy_domain == "example.com");
}

TEST_CASE("B-17 to B-22: members of the top level that are missing, null or of another type") {
  report_parts p;
  for (std::string report_parts::*part :
       {&report_parts::organization_name, &report_parts::contact_info, &report_parts::report_id}) {
    auto replaced = [&](const char* value) {
      report_parts with;
      with.*part = value;
      return with.text();
    };
    only(errc::null_member, replaced("null"));
    only(errc::empty_member, replaced("\"\""));
    CHECK(only(errc::wrong_type, replaced(R"(["a","b"])")).found.all[0].subject == R"(["a","b"])");
    only(errc::wrong_type, replaced("[7]"));
    only(errc::needless_array, replaced(R"(["a@b.example"])"));
    only(errc::needless_array, replaced(R"([""])"));
    only(errc::wrong_type, replaced("{}"));
  }
  p.report_id = "4711";
  CHECK(only(errc::scalar_as_string, p.text()).report.value().report_id == "4711");
  p.report_id = R"([ "a\"b" ])";
  const reading in_array = only(errc::needless_array, p.text());
  CHECK(in_array.report.value().report_id == "a\"b");
  CHECK(in_array.found.all[0].subject == R"([ "a\"b" ])");
  p.report_id = R"([""])";
  CHECK_FALSE(present(only(errc::needless_array, p.text()).report.value().report_id));
  p = {};
  p.contact_info = "null";
  CHECK_FALSE(present(reading(p.text()).report.value().contact_info));
  for (const char* contact : {"mailto:a@b.example", "https://a.example/", "A <a@b.example>"}) {
    p.contact_info = '"' + std::string(contact) + '"';
    CHECK(only(errc::contact_info, p.text()).report.value().contact_info == contact);
  }
  for (const char* contact :
       {R"(\"a b\"@c.example)", R"(\"a\\\"b\"@c.example)", "a@[192.0.2.1]", "a@b.example."}) {
    p.contact_info = '"' + std::string(contact) + '"';
    CHECK(reading(p.text()).found.names() == "");
  }
  for (const char* contact : {R"(\"a\"b\"@c.example)", R"(\"a\\\"@c.example)", R"(\"@c.example)",
                              R"(\"a\tb\"@c.example)", "@c.example", "a@", "a@.c", "a@[]"}) {
    p.contact_info = '"' + std::string(contact) + '"';
    only(errc::contact_info, p.text());
  }
  const reading bare(R"({"report-id":"1"})");
  CHECK(bare.found.names() == "missing-member,missing-date-range,missing-member,missing-policies");
  CHECK(bare.found.all[0].path == "/organization-name");
  CHECK(bare.report.value().policies.empty());
  CHECK_FALSE(bare.report.value().date_range.start_datetime.known);
}

TEST_CASE("B-18 to B-20, B-41 to B-47: the date-range") {
  report_parts p;
  auto range = [&p](const std::string& start, const std::string& end) {
    p.date_range = R"({"start-datetime":)" + start + R"(,"end-datetime":)" + end + "}";
    return p.text();
  };
  const std::string good = R"("2026-11-22T00:00:00Z")";
  const reading no_zone = only(errc::missing_time_zone, range(R"("2026-11-22T00:00:00")", good));
  CHECK(no_zone.report.value().date_range.start_datetime.seconds == 1795305600);
  CHECK(no_zone.found.all[0].path == "/date-range/start-datetime");
  const reading day = only(errc::date_only, range(good, R"("2026-11-22")"));
  CHECK(day.report.value().date_range.end_datetime.seconds == 1795391999);
  only(errc::space_for_t, range(R"("2026-11-22 00:00:00Z")", good));
  CHECK(only(errc::hour_24, range(good, R"("2026-11-22T24:00:00Z")"))
            .report.value()
            .date_range.end_datetime.seconds == 1795392000);
  const reading words = only(errc::unreadable_date_time, range(R"("yesterday")", good));
  CHECK_FALSE(words.report.value().date_range.start_datetime.known);
  CHECK(words.report.value().date_range.start_datetime.text == "yesterday");
  CHECK(reading(range("1795305600", good)).found.names() ==
        "scalar-as-string,unreadable-date-time");
  CHECK(reading(range("null", good)).found.names() == "null-member,missing-date-time");
  CHECK(reading(range("null", good)).refused_as == errc::missing_date_time);
  CHECK(reading(range(good, "\"\"")).found.names() == "empty-member,missing-date-time");
  only(errc::wrong_type, range(good, "{}"));
  CHECK(only(errc::needless_array, range("[" + good + "]", good))
            .report.value()
            .date_range.start_datetime.seconds == 1795305600);
  only(errc::zero_date_time, range(R"("0001-01-01")", good));
  p.date_range = "null";
  CHECK(only(errc::missing_date_range, p.text()).found.all[0].path == "/date-range");
  p.date_range = R"({"start-datetime":"2026-11-22T00:00:00Z"})";
  CHECK(only(errc::missing_date_time, p.text()).found.all[0].path == "/date-range/end-datetime");
  p.date_range = "{}";
  CHECK(reading(p.text()).found.names() == "missing-date-time,missing-date-time");
  p.date_range = R"("2026-11-22")";
  CHECK(only(errc::wrong_type, p.text()).found.all[0].path == "/date-range");
}

TEST_CASE("B-16, B-23, B-24, Q37: the policies array") {
  const report_parts p;
  const auto wrapped = only(errc::not_an_array, p.with_policies(p.entry()));
  CHECK(wrapped.policy().policy_domain == "example.com");
  only(errc::empty_policies, p.with_policies("[]"));
  only(errc::missing_policies, p.with_policies("null"));
  only(errc::wrong_type, p.with_policies("\"x\""));
  const std::string text = p.with_policies("[7,null," + p.entry() + ",[]]");
  const reading skipped(text);
  CHECK(skipped.found.names() == "wrong-type,wrong-type,wrong-type");
  CHECK(skipped.found.all[0].path == "/policies/0");
  CHECK(skipped.found.all[2].path == "/policies/3");
  CHECK(skipped.policy().policy_domain == "example.com");
  only(errc::missing_member, p.with_policies(R"([{"policy":)" + p.policy() + "}]"));
}

TEST_CASE("B-24: an element without a policy keeps its counts and its failures") {
  const report_parts p;
  const std::string summary = R"("summary":)" + p.summary(),
                    failures = R"("failure-details":[)" + p.failure() + "]";
  for (const std::string& members : {summary + "," + failures, failures + "," + summary}) {
    const std::string element = "{" + members + "}";
    const reading r = only(errc::missing_policy, p.with_policies("[" + element + "]"));
    CHECK(r.found.all[0].path == "/policies/0");
    CHECK(r.found.all[0].subject == element);
    CHECK_FALSE(present(r.policy().policy_type.text));
    CHECK_FALSE(present(r.policy().policy_domain));
    CHECK(r.policy().policy_string.empty());
    CHECK(r.policy().mx_host.empty());
    CHECK(r.policy().total_successful_session_count == tlsrpt::session_count(100));
    CHECK(r.policy().total_failure_session_count == tlsrpt::session_count(2));
    CHECK(r.failure().result_type.value == tlsrpt::result_type::certificate_expired);
  }
  // Counts alone, failures alone, and beside a policy of another type.
  const auto names = [&p](const std::string& element) {
    const reading r(p.with_policies("[" + element + "," + p.entry() + "]"));
    REQUIRE(r.report);
    CHECK(r.report->policies.back().policy_domain == "example.com");
    return r.found.names() + (r.report->policies.size() == 2 ? "" : " dropped");
  };
  CHECK(names("{" + summary + "}") == "missing-policy");
  CHECK(names(R"({"total-failure-session-count":7})") == "flat-policy,missing-policy");
  CHECK(names("{" + failures + "}") == "missing-policy,missing-member");
  CHECK(names(R"({"failure-details":)" + p.failure() + "}") ==
        "missing-policy,missing-member,not-an-array");
  CHECK(names(R"({"policy":"sts",)" + summary + "}") == "wrong-type,missing-policy");
  CHECK(names(R"({"policy":null,)" + summary + "}") == "null-member,missing-policy");
  // What says nothing is dropped.
  CHECK(names("{}") == "missing-policy dropped");
  CHECK(names(R"({"summary":{}})") == "missing-member,missing-member,missing-policy dropped");
  CHECK(names(R"({"failure-details":7})") == "missing-policy dropped");
  CHECK(refusal(R"({"policies":[{"failure-details":7x}]})", 33) == errc::json_expected_comma);
  // Without a policy, too, it is a report.
  CHECK(reading(R"({"policies":[{)" + summary + "}]}").report.has_value());
  CHECK(refusal(R"({"policies":[{"summary":{}}]})", 0) == errc::not_a_report);
}

TEST_CASE("B-25, B-33, B-61, B-96, B-97: open vocabularies keep their text") {
  report_parts p;
  p.policy_type = R"("tls")";
  const reading unknown = only(errc::unknown_policy_type, p.text());
  CHECK_FALSE(unknown.policy().policy_type.known());
  CHECK(unknown.policy().policy_type.text == "tls");
  p.policy_type = R"("STS ")";
  CHECK(only(errc::folded_value, p.text()).policy().policy_type.value == tlsrpt::policy_type::sts);
  p = {};
  p.result_type = R"("cert-expired")";
  CHECK(only(errc::unknown_result_type, p.text()).failure().result_type.text == "cert-expired");
  p.result_type = R"("CERTIFICATE_EXPIRED")";
  CHECK(only(errc::folded_value, p.text()).failure().result_type.value ==
        tlsrpt::result_type::certificate_expired);
  p.result_type = "202";
  CHECK(reading(p.text()).found.names() == "scalar-as-string,unknown-result-type");
}

TEST_CASE("B-26, B-81, B-82, Q38, Q40, Q41: the shapes of policy-string") {
  using list = std::vector<std::string>;
  report_parts p;
  p.policy_string = R"("version: STSv1\r\nmode: testing\r\n")";
  const reading lines = only(errc::single_string_policy, p.text());
  CHECK(strings(lines.policy().policy_string) == list{"version: STSv1", "mode: testing"});
  CHECK(lines.policy().policy_string_text == "version: STSv1\r\nmode: testing\r\n");
  p.policy_type = R"("tlsa")";
  p.policy_string = R"("3 1 1 aa; 3 1 1 bb")";
  CHECK(strings(only(errc::single_string_policy, p.text()).policy().policy_string) ==
        list{"3 1 1 aa", "3 1 1 bb"});
  p.policy_string = R"(["[\"3 1 1 aa\",\"3 1 1 bb\"]"])";
  const reading encoded = only(errc::encoded_policy_string, p.text());
  CHECK(strings(encoded.policy().policy_string) == list{"3 1 1 aa", "3 1 1 bb"});
  CHECK(encoded.policy().policy_string_text == R"(["3 1 1 aa","3 1 1 bb"])");
  p.policy_string = R"([null,"[\"3 1 1 aa\",\"3 1 1 bb\"]",{}])";
  const reading only_kept(p.text());
  CHECK(only_kept.found.names() == "wrong-type,wrong-type,encoded-policy-string");
  CHECK(strings(only_kept.policy().policy_string) == list{"3 1 1 aa", "3 1 1 bb"});
  p.policy_string = R"(["3 1 1 aa;\t3 1 1 bb ;"])";
  const reading joined = only(errc::joined_policy_string, p.text());
  CHECK(strings(joined.policy().policy_string) == list{"3 1 1 aa", "3 1 1 bb"});
  CHECK(joined.policy().policy_string_text == "3 1 1 aa;\t3 1 1 bb ;");
  CHECK(joined.found.all[0].path == "/policies/0/policy/policy-string");
  p.policy_string = R"(["3 1 1 aa; "])";
  const reading one_record(p.text());
  CHECK(one_record.found.names() == "");
  CHECK(strings(one_record.policy().policy_string) == list{"3 1 1 aa; "});
  p.policy_type = R"("sts")";
  CHECK(reading(p.text()).found.names() == "");
  p.policy_string = R"(["version: STSv1;\r\nmode: none\r\n"])";
  CHECK(strings(only(errc::joined_policy_string, p.text()).policy().policy_string) ==
        list{"version: STSv1;", "mode: none"});
  p.policy_string = R"(["[x\nmode: none"])";
  CHECK(strings(only(errc::joined_policy_string, p.text()).policy().policy_string) ==
        list{"[x", "mode: none"});
  // Line ends that were escaped once too often.
  p.policy_string = R"(["version: STSv1\\nmode: none\\nmax_age: 1\\n"])";
  const reading escaped = only(errc::joined_policy_string, p.text());
  CHECK(strings(escaped.policy().policy_string) ==
        list{"version: STSv1", "mode: none", "max_age: 1"});
  CHECK(escaped.policy().policy_string_text == "version: STSv1\\nmode: none\\nmax_age: 1\\n");
  p.policy_string = R"("version: STSv1\\r\\nmode: none")";
  CHECK(strings(only(errc::single_string_policy, p.text()).policy().policy_string) ==
        list{"version: STSv1", "mode: none"});
  for (const char* one_line :
       {R"(["x: C:\\new"])", R"(["version: STSv1\\n"])", R"(["a\\nmode: none"])"}) {
    p.policy_string = one_line;
    const reading untouched(p.text());
    CHECK(untouched.found.names() == "");
    CHECK(untouched.policy().policy_string.size() == 1);
  }
  p.policy_type = R"("tlsa")";
  p.policy_string = R"(["3 1 1 aa\\n3 1 1 bb\\r\\n"])";
  CHECK(strings(only(errc::joined_policy_string, p.text()).policy().policy_string) ==
        list{"3 1 1 aa", "3 1 1 bb"});
  p.policy_type = R"("sts")";
  p.policy_string = R"(["[not JSON"])";
  const reading not_json(p.text());
  CHECK(not_json.found.names() == "");
  CHECK(strings(not_json.policy().policy_string) == list{"[not JSON"});
  CHECK_FALSE(present(not_json.policy().policy_string_text));
  p.policy_string = R"(["a",null,7,["b"],{"c":1},"d\r"])";
  const reading mixed(p.text());
  CHECK(mixed.found.names() == "wrong-type,scalar-as-string,wrong-type,wrong-type");
  CHECK(mixed.found.all[2].path == "/policies/0/policy/policy-string/3");
  CHECK(strings(mixed.policy().policy_string) == list{"a", "7", "d\r"});
  p.policy_string = "\"\"";
  CHECK(only(errc::empty_member, p.text()).policy().policy_string.empty());
  p.policy_string = "{}";
  CHECK(only(errc::wrong_type, p.text()).policy().policy_string.empty());
}

TEST_CASE("rules that refuse unknown members are heard without a sink") {
  for (const auto& accepted : {tlsrpt::rules().without(errc::unknown_member),
                               tlsrpt::rules().without(errc::unknown_member, errc::noncharacter)}) {
    tlsrpt::report_parser<tlsrpt::rules> parser({}, accepted);
    const auto report = parser.parse(R"({"report-id": "1", "x": 1, "policies": []})");
    CHECK(report.error().code == errc::unknown_member);
  }
}

TEST_CASE("B-81: arrays in strings of arrays in strings, however long") {
  using list = std::vector<std::string>;
  const auto in_quotes = [](std::string_view text) {
    std::string quoted = "\"";
    for (char c : text) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    return quoted + '"';
  };
  // Longer than all else, so that room for it could run out at some depth.
  const std::string long_line = "version: \\" + std::string(20'000, 'x');
  for (const list& wanted : {list{long_line}, list{"plain", "a \"b\" \\", "c", long_line}}) {
    std::string array;
    for (const std::string& line : wanted) array += (array.empty() ? "[" : ",") + in_quotes(line);
    array += ']';
    for (int depth = 1; depth < 6; ++depth, array = '[' + in_quotes(array) + ']') {
      for (const bool is_single : {false, true}) {
        CAPTURE(depth);
        CAPTURE(is_single);
        report_parts p;
        p.policy_string = is_single ? in_quotes(array) : '[' + in_quotes(array) + ']';
        const reading read(p.text());
        const bool is_split = depth <= 3;
        CHECK(strings(read.policy().policy_string) == (is_split ? wanted : list{array}));
        CHECK(present(read.policy().policy_string_text) == (is_split || is_single));
        CHECK(read.found.names() == std::string(is_single ? "single-string-policy" : "") +
                                        (is_single && is_split ? "," : "") +
                                        (is_split ? "encoded-policy-string" : ""));
      }
    }
  }
}

TEST_CASE("B-28, B-53, Q42 to Q45, Q47: mx-host and policy-domain") {
  report_parts p;
  p.mx_host = R"("*.example.com")";
  CHECK(only(errc::not_an_array, p.text()).policy().mx_host[0] == "*.example.com");
  p.mx_host = R"(["mx: mx.example.com"])";
  CHECK(only(errc::mx_prefix, p.text()).policy().mx_host[0] == "mx: mx.example.com");
  p.mx_host = "null";
  CHECK(only(errc::null_member, p.text()).policy().mx_host.empty());
  p.mx_host =
      "[\"b\xc3\xbc"
      "cher.example\"]";
  CHECK(only(errc::u_label, p.text()).found.all[0].path == "/policies/0/policy/mx-host/0");
  p.mx_host = "[]";
  p.policy_domain =
      "\"b\xc3\xbc"
      "cher.example\"";
  only(errc::u_label, p.text());
  p.policy_domain = "\"\"";
  CHECK_FALSE(present(only(errc::empty_member, p.text()).policy().policy_domain));
}

TEST_CASE("B-30, B-55, B-56, Q53 to Q57: counts") {
  struct {
    const char* text;
    errc finding;
    bool known;
    std::uint64_t value;
  } const cases[] = {
      {"0", errc::ok, true, 0},
      {"9007199254740991", errc::ok, true, 9007199254740991},
      {"9007199254740993", errc::count_beyond_double, true, 9007199254740993},
      {"18446744073709551615", errc::count_beyond_double, true, 18446744073709551615u},
      {"18446744073709551616", errc::count_unreadable, false, 0},
      {"7.0", errc::count_not_written_as_integer, true, 7},
      {"-0", errc::count_not_written_as_integer, true, 0},
      {"7.5", errc::count_unreadable, false, 0},
      {"-1", errc::count_unreadable, false, 0},
      {"1e400", errc::count_unreadable, false, 0},
      {"\"7\"", errc::count_as_string, true, 7},
      {"\" 7 \"", errc::count_as_string, true, 7},
      {"\"many\"", errc::count_unreadable, false, 0},
      {"true", errc::count_unreadable, false, 0},
      {"null", errc::null_member, false, 0},
      {"[1]", errc::count_unreadable, false, 0},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    report_parts p;
    p.failed = c.text;
    const reading r(p.text());
    CHECK(r.found.names() == (c.finding == errc::ok ? "" : name(c.finding)));
    CHECK(r.policy().total_failure_session_count.known() == c.known);
    CHECK(r.policy().total_failure_session_count.value() == c.value);
    if (c.finding != errc::ok) {
      CHECK(r.found.all[0].path == "/policies/0/summary/total-failure-session-count");
      CHECK(r.found.all[0].offset == p.text().find(c.text, p.text().find("total-failure")));
    }
  }
  for (const char* text : {"07", "+7", "0x7", "7.", ".7", "NaN", "1e", "--1", "7 7"}) {
    report_parts p;
    p.failed = text;
    CAPTURE(text);
    tlsrpt::report_parser<> parser;
    CHECK(name(parser.parse(p.text()).error().code).starts_with("json-"));
  }
}

TEST_CASE("B-32, Q61: failure-details that are null, one object, or hold something else") {
  const report_parts p;
  auto with = [&p](const std::string& details) {
    return p.with_policies(R"([{"policy":)" + p.policy() + R"(,"summary":)" + p.summary() +
                           R"(,"failure-details":)" + details + "}]");
  };
  CHECK(only(errc::null_member, with("null")).policy().failure_details.empty());
  CHECK(reading(with("[]")).found.names() == "");
  CHECK(only(errc::not_an_array, with(p.failure())).failure().failed_session_count.value() == 2);
  CHECK(only(errc::wrong_type, with("\"x\"")).policy().failure_details.empty());
  const reading r(with("[null," + p.failure() + ",\"x\"]"));
  CHECK(r.found.names() == "wrong-type,wrong-type");
  CHECK(r.found.all[1].path == "/policies/0/failure-details/2");
  CHECK(r.failure().failed_session_count.value() == 2);
}

TEST_CASE("B-48 to B-52, Q62 to Q66: addresses keep their text") {
  report_parts p;
  auto sender = [&p](const char* ip) {
    p.sending_mta_ip = ip;
    return p.text();
  };
  const reading clothed = only(errc::ip_decorated, sender(R"("[2001:db8::1]")"));
  CHECK(clothed.failure().sending_mta_ip.address().has_value());
  CHECK(clothed.failure().sending_mta_ip.text == "[2001:db8::1]");
  const reading word = only(errc::unreadable_ip, sender(R"("unknown")"));
  CHECK(word.failure().sending_mta_ip.text == "unknown");
  CHECK_FALSE(word.failure().sending_mta_ip.address());
  CHECK_FALSE(present(only(errc::empty_member, sender("\"\"")).failure().sending_mta_ip.text));
  only(errc::null_member, sender("null"));
  CHECK(reading(sender("7")).found.names() == "scalar-as-string,unreadable-ip");
}

TEST_CASE("what is never accepted, with the octet of the fault") {
  const std::string text = report_parts{}.text();
  CHECK(refusal("", 0) == errc::empty_input);
  CHECK(refusal(" \n", 0) == errc::empty_input);
  CHECK(refusal("[" + text + "]", 0) == errc::not_an_object);
  CHECK(refusal(" null", 1) == errc::not_an_object);
  CHECK(refusal("\"x\"", 0) == errc::not_an_object);
  CHECK(refusal("{\"report\":" + text + "}", 0) == errc::not_a_report);
  CHECK(refusal("{}", 0) == errc::not_a_report);
  CHECK(refusal("# x", 0) == errc::json_expected_value);
  CHECK(refusal("\xff\xfe{\0", 0) == errc::utf16_text);
  CHECK(refusal("PK\x03\x04....", 0) == errc::zip_container);
  report_parts p;
  p.organization_name = "\"a\nb\"";
  CHECK(refusal(p.text(), p.text().find('\n')) == errc::json_control_character);
  p.organization_name = "\"a\xff\"";
  CHECK(refusal(p.text(), p.text().find('\xff')) == errc::invalid_utf8);
  p.organization_name = R"("\x")";
  CHECK(refusal(p.text(), p.text().find('\\') + 1) == errc::json_invalid_escape);
}

TEST_CASE("truncation at every octet is refused where the text ends") {
  report_parts p;
  p.organization_name = R"("Caf\u00e9")";
  const std::string text = p.text();
  tlsrpt::report_parser<> parser;
  for (std::size_t size = 1; size < text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    CAPTURE(cut);
    const auto error = parser.parse(cut).error();
    CHECK(error.code == errc::json_truncated);
    CHECK(error.where.offset == size);
  }
}

TEST_CASE("what follows a text parsed in place does not matter") {
  const std::string text = report_parts{}.text();
  tlsrpt::report_parser<> parser;
  for (char c : std::string("}]{[\",:0t \n\\\x80")) {
    for (std::size_t size : {text.size(), text.size() - 1, text.size() - 30, std::size_t{1}}) {
      std::string buffer = text.substr(0, size) + std::string(tlsrpt::padding, c);
      const auto report =
          parser.parse_in_place({std::string_view(buffer.data(), size), buffer.size()});
      CAPTURE(c);
      CAPTURE(size);
      if (size == text.size())
        CHECK(report.has_value());
      else
        CHECK(report.error().code == errc::json_truncated);
    }
  }
  for (char c : std::string("}]{[\",:")) {
    std::string open;
    for (int i = 0; i < 31; ++i) open += R"({"a":)";
    std::string buffer = open + std::string(tlsrpt::padding, c);
    const auto report =
        parser.parse_in_place({std::string_view(buffer.data(), open.size()), buffer.size()});
    CHECK(report.error().code == errc::json_truncated);
  }
  // A value of the wrong type that seems to end after the text is not a violation yet.
  tlsrpt::report_parser<tlsrpt::strict> strict;
  const std::string cut = R"({"organization-name":{)";
  const std::string closed = cut + std::string(tlsrpt::padding, '}');
  CHECK(strict.parse_in_place({std::string_view(closed).substr(0, cut.size()), closed.size()})
            .error()
            .code == errc::json_truncated);
  // Nor is an array missing where there is nothing at all.
  for (const std::string& open : {std::string(R"({"policies":)"),
                                  std::string(R"({"policies":[{"policy":{},"failure-details":)")}) {
    const std::string opened = open + std::string(tlsrpt::padding, '{');
    findings found;
    CHECK(
        parser
            .parse_in_place({std::string_view(opened).substr(0, open.size()), opened.size()}, found)
            .error()
            .code == errc::json_truncated);
    CHECK_FALSE(found.has(errc::not_an_array));
  }
  // A string that would begin after the text is none.
  std::string quoted = R"({"organization-name":)";
  const std::size_t end = quoted.size();
  quoted.append(tlsrpt::padding, '"');
  CHECK(parser.parse_in_place({std::string_view(quoted).substr(0, end), quoted.size()})
            .error()
            .code == errc::json_truncated);
  CHECK(parser.parse_in_place({text, text.size() + tlsrpt::padding - 1}).error().code ==
        errc::insufficient_padding);
  const std::string gzip = "\x1f\x8b\x08" + std::string(tlsrpt::padding, '\0');
  CHECK(parser.parse_in_place({std::string_view(gzip).substr(0, 3), gzip.size()}).error().code ==
        errc::gzip_in_place);
}

TEST_CASE("a conformance type of one's own, static or with state") {
  struct house : tlsrpt::lenient {
    static constexpr bool accepts(errc c) noexcept {
      return c != errc::missing_time_zone && lenient::accepts(c);
    }
  };
  struct configured {
    errc refused;
    bool accepts(errc c) const noexcept { return c != refused; }
  };
  report_parts p;
  p.date_range = R"({"start-datetime":"2026-11-22T00:00:00","end-datetime":"2026-11-22"})";
  tlsrpt::report_parser<house> strict_about_zones;
  const auto refused = strict_about_zones.parse(p.text());
  CHECK(refused.error().code == errc::missing_time_zone);
  CHECK(refused.error().where.member == tlsrpt::field::start_datetime);
  tlsrpt::report_parser<configured> parser({}, {errc::date_only});
  CHECK(parser.parse(p.text()).error().code == errc::date_only);
  // Codes of grade fatal are not asked for.
  CHECK(parser.parse("{").error().code == errc::json_truncated);
}

TEST_CASE("gzip is recognised by content and read into the same report") {
  const std::string text = report_parts{}.text();
  tlsrpt::report_parser<> parser;
  findings found;
  auto report = parser.parse(support::gzip(text), found);
  REQUIRE(report);
  CHECK(report->policies[0].policy_domain == "example.com");
  report =
      parser.parse(support::gzip(text.substr(0, 100)) + support::gzip(text.substr(100)), found);
  REQUIRE(report);
  CHECK(report->policies[0].failure_details[0].failed_session_count.value() == 2);
  CHECK(found.names() == "");
  CHECK(parser.parse(support::gzip(support::gzip(text))).error().code == errc::nested_gzip);
  CHECK(parser.parse(support::gzip("PK\x03\x04....")).error().code == errc::zip_container);
  CHECK(parser.parse(support::gzip(text.substr(0, 50))).error().where.offset == 50);
  CHECK(parser.parse(support::gzip("")).error().code == errc::empty_input);
}

TEST_CASE("arrays keep together while they grow, and a parser can be moved and released") {
  const report_parts p;
  std::string policies;
  for (int i = 0; i < 300; ++i) {
    report_parts q;
    q.policy_domain = "\"d" + std::to_string(i) + ".example\"";
    q.failed_session_count = std::to_string(i);
    policies += (i == 0 ? "" : ",") + q.entry();
  }
  const std::string text = p.with_policies("[" + policies + "]");
  tlsrpt::report_parser<> first;
  REQUIRE(first.parse(text));
  tlsrpt::report_parser<> parser(std::move(first));
  REQUIRE(first.parse(text));  // one that was moved from may be used again
  first = std::move(parser);
  parser = std::move(first);
  for (int round = 0; round < 3; ++round) {
    const auto report = parser.parse(text);
    REQUIRE(report);
    REQUIRE(report->policies.size() == 300);
    for (std::size_t i = 0; i < 300; ++i) {
      const auto& policy = report->policies[i];
      REQUIRE(policy.policy_domain == "d" + std::to_string(i) + ".example");
      REQUIRE(policy.policy_string.size() == 3);
      REQUIRE(policy.policy_string[2] == "mx: mx.example.com");
      REQUIRE(policy.mx_host[0] == "mx.example.com");
      REQUIRE(policy.failure_details.size() == 1);
      REQUIRE(policy.failure_details[0].failed_session_count.value() == i);
    }
    if (round == 1) parser.release();
  }
}
