/// @file
/// MTA-STS policies and TLSA records alike.

#include <tlsrpt/policy_text.hpp>
#include <tlsrpt/path.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "policy_texts.hpp"

using namespace policy_texts;

TEST_CASE("changed texts: what strict accepts lenient reads the same, and views lie in the text") {
  generator make;
  const std::string octets =
      "version: STSv1\r\nmode enforce max_age 604800 mx *.\"',;():3 1 1 af\t\xc3\xbf";
  const auto inside = [](std::string_view view, std::string_view text) {
    return view.empty() ||
           (view.data() >= text.data() && view.data() + view.size() <= text.data() + text.size());
  };
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = make.coin()
                           ? "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800\n"
                           : "3 1 1 " + std::string(64, 'a');
    for (std::size_t changes = make.below(4); changes > 0; --changes) {
      const std::size_t i = make.below(text.size());
      if (make.coin())
        text[i] = octets[make.below(octets.size())];
      else
        text.insert(i, 1, octets[make.below(octets.size())]);
    }
    CAPTURE(text);
    const std::string_view view = text;
    const auto sink = [&](const tlsrpt::diagnostic& d) {
      REQUIRE(d.where.offset <= view.size());
      REQUIRE(inside(d.subject, view));
    };
    const auto policy = tlsrpt::parse_sts_policy(view, sink);
    REQUIRE(policy);
    const auto strict_policy = tlsrpt::parse_sts_policy<tlsrpt::strict>(view);
    if (strict_policy) {
      ++accepted;
      REQUIRE(strict_policy->mode().value == policy->mode().value);
      REQUIRE(strict_policy->max_age() == policy->max_age());
    }
    std::size_t octets_of_lines = 0;
    for (std::string_view line : policy->lines()) {
      REQUIRE(inside(line, view));
      octets_of_lines += line.size();
    }
    REQUIRE(octets_of_lines <= view.size());
    for (std::string_view pattern : policy->mx()) REQUIRE(inside(pattern, view));

    const auto record = tlsrpt::parse_tlsa_record(view, sink);
    REQUIRE(record);
    REQUIRE(inside(record->data, view));
    const auto strict_record = tlsrpt::parse_tlsa_record<tlsrpt::strict>(view);
    if (strict_record) {
      ++accepted;
      REQUIRE(strict_record->data == record->data);
    }
    REQUIRE(tlsrpt::tlsa_order(view, view) == 0);
    const std::array<std::string_view, 1> one = {view};
    REQUIRE(tlsrpt::same_tlsa_set(one, one));
  }
  CHECK(accepted > 2'000);
}

TEST_CASE("very many lines, and very long ones, take linear time") {
  // Anything quadratic would take many minutes.
  constexpr std::size_t many = 100'000;
  const std::string long_line(many, ' '), colons(many, ':'), dots(many, '.');
  const std::string feeds(many, '\n'), returns(many, '\r'), quotes(many, '"');
  for (std::string_view line : {std::string_view("mx: a.example"), std::string_view("Mode: x"),
                                std::string_view("no colon"), std::string_view()}) {
    const texts lines(many, line);
    std::size_t count = 0;
    const auto policy = tlsrpt::parse_sts_policy(lines, [&](const auto&) { ++count; });
    REQUIRE(policy);
    CHECK(std::ranges::distance(policy->lines()) == many);
    CHECK_FALSE(policy->matches("b.example"));
    REQUIRE(tlsrpt::parse_tlsa_rrset(lines));
    CHECK(tlsrpt::same_tlsa_set(lines, lines));
    CHECK(tlsrpt::tlsa_set_hash(lines) == tlsrpt::tlsa_set_hash(std::span(lines).first(1)));
  }
  for (const std::string& text : {long_line, colons, dots, feeds, returns, quotes, "mx:" + dots,
                                  "max_age:" + std::string(many, '9')}) {
    const std::string_view one = text;
    const texts elements = {one};
    std::size_t count = 0;
    REQUIRE(tlsrpt::parse_sts_policy(one, [&](const auto&) { ++count; }));
    REQUIRE(tlsrpt::parse_sts_policy(elements, [&](const auto&) { ++count; }));
    REQUIRE(tlsrpt::parse_tlsa_record(one, [&](const auto&) { ++count; }));
    CHECK(count > 0);
  }
}

TEST_CASE("rules of policies are given after a sink or in its place") {
  const std::string text = "version: STSv1\nmode: none\nmax_age: 86400\n\n";
  const texts lines = {"version: STSv1", "mode: none", "", "max_age: 86400"};
  const auto accepted = tlsrpt::rules().without(errc::sts_empty_line, errc::tlsa_pkix_usage);
  tlsrpt::diagnostic_list<4> found;
  CHECK(tlsrpt::parse_sts_policy(text).has_value());
  CHECK(tlsrpt::parse_sts_policy(text, accepted).error().code == errc::sts_empty_line);
  CHECK(tlsrpt::parse_sts_policy(text, found, accepted).error().code == errc::sts_empty_line);
  CHECK(tlsrpt::parse_sts_policy(lines).has_value());
  CHECK(tlsrpt::parse_sts_policy(lines, accepted).error().code == errc::sts_empty_line);
  CHECK(tlsrpt::parse_sts_policy(lines, found, accepted).error().code == errc::sts_empty_line);
  const texts records = {"3 0 0 30", "0 0 0 30"};
  CHECK(tlsrpt::parse_tlsa_record(records[1]).has_value());
  CHECK(tlsrpt::parse_tlsa_record(records[1], accepted).error().code == errc::tlsa_pkix_usage);
  CHECK(tlsrpt::parse_tlsa_rrset(records).has_value());
  CHECK(tlsrpt::parse_tlsa_rrset(records, accepted).error().where.element == 1);
  CHECK(found.empty());
}
