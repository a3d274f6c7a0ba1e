// A parser that is given parts of its own last report, or is used while it reads.

#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "support.hpp"

namespace {

using support::report_parts;
using tlsrpt::errc;

/// Does nothing, or what the test says, once.
struct visitor {
  std::function<void()> once{};
  std::string domain{};

  void on_report(const tlsrpt::report_head_view&) {}
  void on_policy(const tlsrpt::policy_head_view& policy) {
    domain = policy.policy_domain;
    if (once) std::exchange(once, nullptr)();
    CHECK(policy.policy_domain == domain);
    CHECK(policy.mx_host.size() == 1);
  }
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {}
};

/// A report of another domain, as a JSON text.
std::string other_report() {
  report_parts parts;
  parts.policy_domain = R"("other.example")";
  return parts.text();
}

/// What parse(), visit() and their forms in place come to when `input` is a part of what the parser
/// has just read. `read` makes the parser read it and returns that part.
template <class Read>
void check_own_input(Read&& read) {
  tlsrpt::report_parser<> parser;
  visitor domains;
  for (int round = 0; round < 2; ++round) {  // With fresh buffers, and with used ones.
    const auto report = parser.parse(read(parser));
    REQUIRE(report.has_value());
    CHECK(report->policies[0].policy_domain == "other.example");
    CHECK(report->policies[0].failure_details[0].receiving_mx_hostname == "mx.example.com");
    REQUIRE(parser.visit(read(parser), domains).has_value());
    CHECK(domains.domain == "other.example");
  }
}

}  // namespace

TEST_CASE("a parser reads its own text") {
  check_own_input([](tlsrpt::report_parser<>& parser) {
    REQUIRE(parser.parse(other_report()).has_value());
    return parser.text();
  });
  check_own_input([](tlsrpt::report_parser<>& parser) {
    REQUIRE(parser.parse(support::gzip(other_report())).has_value());
    return parser.text();
  });
  tlsrpt::report_parser<> parser;
  const std::string text = other_report();
  REQUIRE(parser.parse(text).has_value());
  for (int i = 0; i < 3; ++i) {
    const std::string_view own = parser.text();
    REQUIRE(parser.parse(own).has_value());
    CHECK(parser.text() == text);
  }
}

TEST_CASE("a parser reads what follows a report, plain and in gzip") {
  for (const std::string& rest : {other_report(), support::gzip(other_report())})
    check_own_input([&rest](tlsrpt::report_parser<>& parser) {
      tlsrpt::diagnostic_list<8> found;
      REQUIRE(parser.parse(report_parts{}.text() + rest, found).has_value());
      REQUIRE(found.size() == 1);
      CHECK(found[0].code == errc::trailing_bytes);
      CHECK(found[0].subject == rest);
      return found[0].subject;
    });
}

TEST_CASE("a parser reads a report in a string of its report, which was unescaped") {
  std::string escaped = "\"";
  for (const char c : other_report()) {
    if (c == '"') escaped += '\\';
    escaped += c;
  }
  report_parts parts;
  parts.organization_name = escaped + '"';
  check_own_input([&parts](tlsrpt::report_parser<>& parser) {
    const auto report = parser.parse(parts.text());
    REQUIRE(report.has_value());
    return report->organization_name;
  });
}

TEST_CASE("a parser reads its own text in place") {
  tlsrpt::report_parser<> parser;
  visitor domains;
  const auto own = [&parser]() -> tlsrpt::padded_view {
    REQUIRE(parser.parse(R"({"report-id":"\u0031"} )" + other_report()).has_value());
    return {parser.text().substr(23), parser.text().size() - 23 + tlsrpt::padding};
  };
  const auto report = parser.parse_in_place(own());
  REQUIRE(report.has_value());
  CHECK(parser.text() == other_report());
  CHECK(report->policies[0].policy_domain == "other.example");
  REQUIRE(parser.visit_in_place(own(), domains).has_value());
  CHECK(domains.domain == "other.example");
  // As parsed in place: nothing is inflated, and the padding has to be there.
  REQUIRE(parser.parse("{\"report-id\":\"1\"}" + support::gzip(other_report())).has_value());
  std::string_view rest = parser.text().substr(17);
  CHECK(parser.parse_in_place({rest, rest.size() + tlsrpt::padding}).error().code ==
        errc::gzip_in_place);
  REQUIRE(parser.parse(other_report()).has_value());
  rest = parser.text();
  CHECK(parser.parse_in_place({rest, rest.size() + tlsrpt::padding - 1}).error().code ==
        errc::insufficient_padding);
}

TEST_CASE("limits hold for a part of the last text, too") {
  const std::string text = other_report();
  tlsrpt::report_parser<> parser({.max_text_bytes = text.size() + 1});
  REQUIRE(parser.parse("1" + text).error().code == errc::not_an_object);
  CHECK(parser.parse(parser.text().substr(1)).has_value());
  CHECK(parser.parse(parser.text()).has_value());
}

TEST_CASE("a visitor or a sink cannot use the parser that calls it") {
  const std::string text = report_parts{}.text(), other = other_report();
  std::string in_place = other;
  const tlsrpt::padded_view padded = tlsrpt::pad(in_place);
  tlsrpt::report_parser<> parser;
  int refused = 0;
  const auto use = [&] {
    visitor quiet;
    CHECK(parser.parse(other).error().code == errc::parser_in_use);
    CHECK(parser.parse_in_place(padded).error().code == errc::parser_in_use);
    CHECK(parser.visit(other, quiet).error().code == errc::parser_in_use);
    CHECK(parser.visit_in_place(padded, quiet).error().code == errc::parser_in_use);
    parser.release();
    CHECK(quiet.domain.empty());
    ++refused;
  };
  visitor using_it{use};
  CHECK(parser.visit(text, using_it).has_value());
  CHECK(using_it.domain == "example.com");
  CHECK(parser.text() == text);
  using_it.once = use;
  CHECK(parser.visit_in_place(padded, using_it).has_value());
  CHECK(using_it.domain == "other.example");
  CHECK(refused == 2);

  report_parts parts;
  parts.failed = R"("2")";
  for (const std::string& bytes : {parts.text(), support::gzip(parts.text()) + '\0'}) {
    refused = 0;
    const auto report = parser.parse(bytes, [&](const tlsrpt::diagnostic&) { use(); });
    REQUIRE(report.has_value());
    CHECK(report->policies[0].policy_domain == "example.com");
    CHECK(parser.text() == parts.text());
    CHECK(refused >= 1);
  }
  std::string remarkable = parts.text();
  refused = 0;
  CHECK(parser.parse_in_place(tlsrpt::pad(remarkable), [&](const tlsrpt::diagnostic&) { use(); })
            .has_value());
  CHECK(refused == 1);

  // Another parser may be used, and this one after the call, whatever its outcome.
  tlsrpt::report_parser<> second;
  visitor using_another{[&] { CHECK(second.parse(other).has_value()); }};
  CHECK(parser.visit(text, using_another).has_value());
  CHECK(using_another.domain == "example.com");
  CHECK(parser.visit("{", using_another).error().code == errc::json_truncated);
  CHECK(parser.parse(text).has_value());
  parser.release();
  CHECK(parser.text().empty());
}

#ifdef __cpp_exceptions
TEST_CASE("a parser may be used after its visitor or sink has thrown") {
  const std::string text = report_parts{}.text();
  tlsrpt::report_parser<> parser;
  visitor throwing{[] { throw std::runtime_error("visitor"); }};
  CHECK_THROWS_AS((void)parser.visit(text, throwing), std::runtime_error);
  CHECK(parser.parse(text).has_value());
  const auto sink = [](const tlsrpt::diagnostic&) { throw std::runtime_error("sink"); };
  CHECK_THROWS_AS((void)parser.parse(text + '1', sink), std::runtime_error);
  CHECK(parser.parse(text).has_value());
}
#endif
