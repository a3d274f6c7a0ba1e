#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

namespace {

using tlsrpt::errc;

/// The policy domain that parse() and visit() come to, from all that `input` can be given as.
template <class... Input>
std::string domain_of(const Input&... input) {
  tlsrpt::report_parser<> parser;
  struct {
    std::string domain;
    void on_report(const tlsrpt::report_head_view&) {}
    void on_policy(const tlsrpt::policy_head_view& policy) { domain = policy.policy_domain; }
    void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {}
  } visitor;
  CHECK(parser.visit(input..., visitor).has_value());
  support::findings found;
  const auto report = parser.parse(input..., found);
  REQUIRE(report.has_value());
  CHECK(found.all.empty());
  const std::string domain(report->policies[0].policy_domain);
  CHECK(domain == visitor.domain);
  return domain;
}

}  // namespace

TEST_CASE("a report in every kind of buffer, plain and in gzip") {
  const std::string plain = support::report_parts{}.text();
  for (const std::string& text : {plain, support::gzip(plain)}) {
    CHECK(domain_of(text) == "example.com");
    CHECK(domain_of(std::string_view(text)) == "example.com");
    CHECK(domain_of(std::span(text)) == "example.com");
    CHECK(domain_of(std::as_bytes(std::span(text))) == "example.com");
    CHECK(domain_of(std::u8string(text.begin(), text.end())) == "example.com");
    CHECK(domain_of(std::vector<char>(text.begin(), text.end())) == "example.com");
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    CHECK(domain_of(bytes) == "example.com");
    CHECK(domain_of(bytes.data(), bytes.size()) == "example.com");
    CHECK(domain_of(text.data(), text.size()) == "example.com");
  }
  CHECK(domain_of(plain.c_str()) == "example.com");
}

TEST_CASE("a literal, and a pointer with a size in braces") {
  tlsrpt::report_parser<> parser;
  CHECK(parser.parse(R"({"report-id":"1"})").has_value());
  CHECK(parser.parse({R"({"report-id":"1"}x)", 17}).has_value());
  CHECK(parser.parse({}).error().code == errc::empty_input);
}
