// Uses in which a view would outlive what it points into: each is refused when it is compiled, or
// safe. tests/reject checks the reasons of those that are refused; lifetime.cpp and reuse.cpp have
// the uses of a parser that was moved from, of its own text, and of a parser in its own visitor.

#include <tlsrpt/kept_report.hpp>
#include <tlsrpt/policy_text.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/path.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support.hpp"

namespace {

using support::report_parts;
using lines = std::vector<std::string_view>;
using two_lines = std::array<std::string_view, 2>;
using pair = std::string_view[2];

// A member of a result that is gone at the end of the expression.
template <class P>
concept gives_member_of_temporary = requires(P& parser, const std::string& text) {
  parser.parse(text)->policies;
};
static_assert(!gives_member_of_temporary<tlsrpt::report_parser<>>);

// The text of an object that is gone at the end of the expression.
template <class T>
concept gives_view_of_temporary = requires(T&& object) {
  std::move(object).view();
};
static_assert(!gives_view_of_temporary<tlsrpt::date_time_text>);
static_assert(!gives_view_of_temporary<tlsrpt::ip_text>);
static_assert(!gives_view_of_temporary<decltype(path(tlsrpt::location{}))>);
static_assert(!gives_view_of_temporary<tlsrpt::kept_report>);
template <class T>
concept gives_text_of_temporary = requires(T&& object) {
  std::move(object).text();
};
static_assert(!gives_text_of_temporary<tlsrpt::report_parser<>>);
template <class T>
concept gives_findings_of_temporary = requires(T&& object) {
  std::move(object).kept();
};
static_assert(!gives_findings_of_temporary<tlsrpt::diagnostic_list<4>>);

// A view of an argument that is gone at the end of the expression.
template <class Lines>
concept is_policy = requires(Lines&& texts) {
  tlsrpt::parse_sts_policy(std::forward<Lines>(texts));
};
static_assert(!is_policy<lines> && !is_policy<two_lines> && !is_policy<pair>);
static_assert(!is_policy<const lines> && !is_policy<std::string>);
static_assert(is_policy<lines&> && is_policy<const two_lines&> && is_policy<const pair&>);
static_assert(is_policy<std::span<const std::string_view>> && is_policy<std::string_view>);
template <class Lines>
concept is_rrset = requires(Lines&& texts) {
  tlsrpt::parse_tlsa_rrset(std::forward<Lines>(texts));
};
static_assert(!is_rrset<lines> && !is_rrset<two_lines> && !is_rrset<pair>);
static_assert(is_rrset<lines&> && is_rrset<const two_lines&> && is_rrset<const pair&>);
static_assert(is_rrset<std::span<const std::string_view>>);
template <class Lines>
concept makes_rrset = requires(Lines&& texts) {
  tlsrpt::tlsa_rrset_view(std::forward<Lines>(texts));
};
static_assert(!makes_rrset<lines> && !makes_rrset<two_lines> && !makes_rrset<pair>);
static_assert(makes_rrset<lines&> && makes_rrset<std::span<const std::string_view>>);
static_assert(std::is_copy_constructible_v<tlsrpt::tlsa_rrset_view>);
template <class Text>
concept is_tlsa_record = requires(Text&& text) {
  tlsrpt::parse_tlsa_record(std::forward<Text>(text));
};
static_assert(!is_tlsa_record<std::string> && is_tlsa_record<std::string&>);
static_assert(is_tlsa_record<std::string_view> && is_tlsa_record<const char (&)[4]>);
template <class Text>
concept is_padded = requires(Text&& text, std::size_t size) {
  tlsrpt::padded_view(std::forward<Text>(text), size);
};
static_assert(!is_padded<std::string> && !is_padded<const std::string>);
static_assert(is_padded<std::string&> && is_padded<std::string_view> && is_padded<const char*>);

/// A text with an unknown member and two policies.
std::string text() {
  const std::string entry = report_parts{}.entry();
  return report_parts{}.with_policies('[' + entry + ',' + entry + ']');
}

}  // namespace

TEST_CASE("the value of a temporary result lives as long as the name that it is given") {
  tlsrpt::report_parser<> parser;
  int policies = 0;
  for (const auto& policy : (*parser.parse(text())).policies)
    policies += policy.policy_domain == "example.com";
  CHECK(policies == 2);
  const auto& report = *parser.parse(text());
  CHECK(report.policies.size() == 2);
  auto&& value = parser.parse(text()).value();
  CHECK(value.policies[1].policy_domain == "example.com");
  const auto& error = parser.parse("{").error();
  CHECK(error.code == tlsrpt::errc::json_truncated);
}

TEST_CASE("a record that is picked from a temporary array points into the texts only") {
  const std::string text = "v=TLSRPTv1; rua=mailto:tls@example.com";
  const auto record = tlsrpt::select_record(lines{"v=spf1 -all", text});
  REQUIRE(record.has_value());
  CHECK(record->text().data() == text.data());
  int endpoints = 0;
  for (const auto& endpoint : record->endpoints()) endpoints += endpoint.target().size() == 15;
  CHECK(endpoints == 1);
}

TEST_CASE("ranges, and values of a policy, outlive the view that they are of") {
  const lines texts = {"version: STSv1", "mode: enforce", "mx: a.example", "max_age: 86400"};
  const auto mode = (*tlsrpt::parse_sts_policy(texts)).mode();
  CHECK(mode.text == "enforce");
  const auto& age = (*tlsrpt::parse_sts_policy(texts)).max_age();
  CHECK(age == 86400u);
  std::string hosts;
  for (std::string_view host : (*tlsrpt::parse_sts_policy(texts)).mx()) hosts += host;
  CHECK(hosts == "a.example");
  const lines records = {"3 1 1 8f3a1c5e"};
  std::string data;
  for (const auto& record : (*tlsrpt::parse_tlsa_rrset(records)).records()) data += record.data;
  CHECK(data == "8f3a1c5e");
}
