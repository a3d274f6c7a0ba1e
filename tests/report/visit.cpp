#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support.hpp"

namespace {

using support::findings;
using support::report_parts;
using tlsrpt::errc;

/// Writes down every call.
struct recorder {
  std::vector<std::string> calls;

  void on_report(const tlsrpt::report_head_view& r) {
    calls.push_back("report " + std::string(r.report_id));
  }
  void on_policy(const tlsrpt::policy_head_view& p) {
    std::string call = "policy " + std::string(p.policy_domain) + ' ' +
                       std::to_string(p.total_failure_session_count.value()) + ' ';
    for (std::string_view line : p.policy_string) call += std::string(line) + '|';
    for (std::string_view host : p.mx_host) call += std::string(host) + '|';
    calls.push_back(call);
  }
  void on_failure(const tlsrpt::policy_head_view& p, const tlsrpt::failure_details_view& f) {
    calls.push_back("failure " + std::string(p.policy_domain) + ' ' +
                    std::string(p.mx_host.empty() ? "" : p.mx_host[0]) + ' ' +
                    std::string(f.sending_mta_ip.text));
  }
};
static_assert(tlsrpt::report_visitor<recorder>);

struct stopping {
  int calls_left;
  bool on_report(const tlsrpt::report_head_view&) { return --calls_left > 0; }
  bool on_policy(const tlsrpt::policy_head_view&) { return --calls_left > 0; }
  bool on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {
    return --calls_left > 0;
  }
};
static_assert(tlsrpt::report_visitor<stopping>);
static_assert(!tlsrpt::report_visitor<int>);

std::vector<std::string> visited(const std::string& text, errc expected = errc::ok) {
  tlsrpt::report_parser<> parser;
  recorder calls;
  const auto head = parser.visit(text, calls);
  CHECK(name(head.error().code) == name(expected));
  return calls.calls;
}

}  // namespace

TEST_CASE("the visitor is called in the order of the schema, whatever order the sender chose") {
  const report_parts p;
  const std::vector<std::string> expected = {
      "report 2026-11-22_example.com",
      "policy example.com 2 version: STSv1|mode: enforce|mx: mx.example.com|mx.example.com|",
      "failure example.com mx.example.com 192.0.2.1",
      "failure example.com mx.example.com 192.0.2.1",
  };
  const std::string failures = '[' + p.failure() + ',' + p.failure() + ']';
  const std::string parts[] = {R"("policy":)" + p.policy(), R"("summary":)" + p.summary(),
                               R"("failure-details":)" + failures};
  const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : orders) {
    const std::string entry =
        '{' + parts[order[0]] + ',' + parts[order[1]] + ',' + parts[order[2]] + '}';
    CHECK(visited(p.with_policies('[' + entry + ']')) == expected);
    CHECK(visited(R"({"policies":[)" + entry + R"(],"report-id":)" + p.report_id +
                  R"(,"contact-info":)" + p.contact_info + R"(,"date-range":)" + p.date_range +
                  R"(,"organization-name":"X"})") == expected);
  }
}

TEST_CASE("what a visitor receives is what parse gives, for odd reports too") {
  const report_parts p;
  CHECK(visited(p.with_policies("[null," + p.entry() + R"(,{"summary":)" + p.summary() +
                                R"(,"failure-details":[)" + p.failure() + "]}," + p.entry() + "]"))
            .size() == 7);
  CHECK(visited(p.with_policies(R"([{"failure-details":)" + p.failure() +
                                R"(,"policy-type":"sts","policy-domain":"flat.example"}])")) ==
        std::vector<std::string>{"report 2026-11-22_example.com", "policy flat.example 0 ",
                                 "failure flat.example  192.0.2.1"});
  CHECK(visited(R"({"report-id":"1"})") == std::vector<std::string>{"report 1"});
  CHECK(visited(R"({"policies":[]})", errc::not_a_report).empty());
  CHECK(visited(R"({"report":true})", errc::not_a_report).empty());
  CHECK(visited(R"({"policies":[)" + p.entry() + "]}").size() == 3);
  CHECK(visited(R"({"policies":[)" + p.entry() + R"(],"Report-ID":"9"})").front() == "report 9");
}

TEST_CASE("a visitor need not wait for the end of an object whose members are in another order") {
  const report_parts p;
  // A visitor that was called before the fault was not made to wait.
  const auto calls_before_fault = [](const std::string& text) {
    tlsrpt::report_parser<> parser;
    recorder calls;
    CHECK(parser.visit(text, calls).error().code == errc::json_expected_name);
    return calls.calls.size();
  };
  CHECK(calls_before_fault(R"({"report-id":)" + p.report_id + R"(,"contact-info":)" +
                           p.contact_info + R"(,"date-range":)" + p.date_range +
                           R"(,"organization-name":"X","policies":[)" + p.entry() + "],1}") == 3);
  CHECK(calls_before_fault(p.with_policies(R"([{"summary":)" + p.summary() + R"(,"policy":)" +
                                           p.policy() + R"(,"failure-details":[)" + p.failure() +
                                           "],1}]")) == 3);
  // Findings come in the order of the text then, as with parse().
  findings found;
  recorder calls;
  tlsrpt::report_parser<> parser;
  CHECK(parser
            .visit(R"({"x":1,"organization-name":"X","date-range":)" + p.date_range +
                       R"(,"contact-info":)" + p.contact_info +
                       R"(,"report-id":"1","policies":{},"y":2})",
                   calls, found)
            .has_value());
  CHECK(found.names() == "unknown-member,not-an-array,missing-policy,unknown-member");
}

TEST_CASE("octets after a text call no visitor") {
  const std::string text = report_parts{}.text();
  const std::string head = text.substr(0, text.find(R"("policies")"));
  const std::string entry = text.substr(0, text.find(R"("failure-details")"));
  for (std::string cut : {head, head + R"("policies")", head + R"("policies":)", entry,
                          entry + R"("failure-details")", entry + R"("failure-details":)"}) {
    const std::size_t calls_expected = cut.size() < entry.size() ? 0 : 1;
    for (std::string_view after :
         {"", ":[]}", "[]}", R"("policies":[]})", R"("failure-details":[]}]})"}) {
      std::string octets = cut + std::string(after) + std::string(tlsrpt::padding, '\0');
      tlsrpt::report_parser<> parser;
      recorder calls;
      const auto head_read = parser.visit_in_place(
          {std::string_view(octets).substr(0, cut.size()), octets.size()}, calls);
      CHECK(head_read.error().code == errc::json_truncated);
      CHECK(calls.calls.size() == calls_expected);
    }
  }
}

TEST_CASE("a visitor may stop") {
  const std::string text = report_parts{}.text();
  for (int calls = 1; calls <= 3; ++calls) {
    tlsrpt::report_parser<> parser;
    stopping visitor{calls};
    CHECK(parser.visit(text, visitor).error().code == errc::stopped_by_visitor);
    CHECK(visitor.calls_left == 0);
  }
  // The head comes first even when the policies stood before it.
  std::string policies_first = text;
  const std::size_t at = policies_first.find(R"("policies")");
  policies_first = "{" + policies_first.substr(at, policies_first.rfind('}') - at) + "," +
                   policies_first.substr(1, policies_first.rfind(',', at) - 1) + "}";
  for (int calls = 1; calls <= 3; ++calls) {
    tlsrpt::report_parser<> parser;
    stopping visitor{calls};
    CHECK(parser.visit(policies_first, visitor).error().code == errc::stopped_by_visitor);
    CHECK(visitor.calls_left == 0);
  }
  tlsrpt::report_parser<> parser;
  stopping patient{10};
  CHECK(parser.visit(text, patient).has_value());
}

TEST_CASE("visit in place, visit of gzip, and diagnostics while visiting") {
  report_parts p;
  p.failed = "\"2\"";
  std::string text = p.text();
  tlsrpt::report_parser<> parser;
  recorder plain, in_place, inflated;
  findings found, found_in_place;
  CHECK(parser.visit(text, plain, found).has_value());
  CHECK(parser.visit(support::gzip(text), inflated).has_value());
  CHECK(parser.visit_in_place(tlsrpt::pad(text), in_place, found_in_place)
            .value()
            .organization_name == "Example Inc.");
  CHECK(plain.calls == in_place.calls);
  CHECK(plain.calls == inflated.calls);
  CHECK(found.names() == "count-as-string");
  CHECK(found.all == found_in_place.all);
  tlsrpt::report_parser<tlsrpt::strict> strict;
  CHECK(strict.visit(p.text(), plain).error().code == errc::count_as_string);
}
