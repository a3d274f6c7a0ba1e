#include <tlsrpt/kept_report.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/report.hpp>

#include "describe.hpp"
#include "support.hpp"

namespace {

namespace fs = std::filesystem;

using support::report_parts;
using tlsrpt::kept_report;

static_assert(std::is_nothrow_copy_constructible_v<kept_report>);
static_assert(std::is_nothrow_move_constructible_v<kept_report>);
static_assert(std::is_nothrow_copy_assignable_v<kept_report>);
static_assert(std::is_nothrow_move_assignable_v<kept_report>);
static_assert(sizeof(kept_report) == sizeof(void*));

template <class Report>
concept has_view = requires(Report&& report) {
  std::forward<Report>(report).view();
};
static_assert(has_view<kept_report&> && has_view<const kept_report&>);
static_assert(!has_view<kept_report> && !has_view<const kept_report>);

/// Parsed by a parser that is gone, from a text that is gone.
kept_report kept(std::string_view bytes) {
  auto parser = std::make_unique<tlsrpt::report_parser<>>();
  const auto report = parser->parse(bytes);
  REQUIRE_MESSAGE(report.has_value(), bytes);
  const auto copy = kept_report::copy(*report);
  REQUIRE(copy.has_value());
  return *copy;
}

std::string described(std::string_view bytes) {
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(bytes);
  REQUIRE(report.has_value());
  return compare::describe(*report);
}

/// All octets and arrays that the views of a report point to.
std::vector<std::pair<const void*, std::size_t>> places_of(const tlsrpt::report_view& report) {
  std::vector<std::pair<const void*, std::size_t>> places;
  const auto text = [&](std::string_view t) {
    if (tlsrpt::present(t)) places.emplace_back(t.data(), t.size());
  };
  const auto array = [&](const auto& span) {
    if (!span.empty()) places.emplace_back(span.data(), span.size_bytes());
  };
  for (std::string_view t :
       {report.organization_name, report.contact_info, report.report_id,
        report.date_range.start_datetime.text, report.date_range.end_datetime.text})
    text(t);
  array(report.policies);
  for (const tlsrpt::policy_view& policy : report.policies) {
    for (std::string_view t :
         {policy.policy_type.text, policy.policy_domain, policy.policy_string_text})
      text(t);
    for (const auto& strings : {policy.policy_string, policy.mx_host}) {
      array(strings);
      for (std::string_view t : strings) text(t);
    }
    array(policy.failure_details);
    for (const tlsrpt::failure_details_view& failure : policy.failure_details)
      for (std::string_view t :
           {failure.result_type.text, failure.sending_mta_ip.text, failure.receiving_ip.text,
            failure.receiving_mx_hostname, failure.receiving_mx_helo,
            failure.additional_information, failure.failure_reason_code})
        text(t);
  }
  return places;
}

}  // namespace

TEST_CASE("a kept report outlives the parser and the input") {
  std::size_t reports = 0;
  for (const char* folder : {"examples/reports", "tests/data/reports"})
    for (const auto& entry : fs::directory_iterator(fs::path(TLSRPT_SOURCE_ROOT) / folder)) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      tlsrpt::report_parser<> parser;
      if (!parser.parse(bytes)) continue;
      CAPTURE(entry.path().string());
      const kept_report copy = kept(bytes);
      CHECK(compare::describe(copy.view()) == described(bytes));
      ++reports;
    }
  CHECK(reports > 100);
}

TEST_CASE("all that the views point to lies in the block") {
  const report_parts parts;
  const kept_report copy =
      kept(parts.with_policies("[" + parts.entry() + "," + parts.entry() + "]"));
  const std::less<> before;
  const void* first = copy.view().policies.data();
  const void* end = first;
  std::size_t places = 0;
  for (const auto& [place, size] : places_of(copy.view())) {
    const void* const place_end = static_cast<const char*>(place) + size;
    if (before(place, first)) first = place;
    if (before(end, place_end)) end = place_end;
    ++places;
  }
  CHECK(places > 30);
  const auto used =
      static_cast<std::size_t>(static_cast<const char*>(end) - static_cast<const char*>(first));
  CHECK(copy.memory() == sizeof(tlsrpt::detail::kept_block) + used);
}

TEST_CASE("views of a copy do not lead to what was copied") {
  std::string text = "organization";
  std::array<std::string, 2> strings = {"3 1 1 aa", ""};
  std::array<std::string_view, 2> string_views = {strings[0], strings[1]};
  std::array<tlsrpt::failure_details_view, 2> failures{};
  failures[0].receiving_mx_helo = text;
  failures[1].receiving_mx_helo = text;
  std::array<tlsrpt::policy_view, 1> policies{};
  policies[0].policy_string = string_views;
  policies[0].policy_string_text = text;
  policies[0].failure_details = failures;
  policies[0].total_failure_session_count = 7;
  tlsrpt::report_view report;
  report.organization_name = text;
  report.contact_info = "";
  report.date_range.start_datetime = {42, text, true};
  report.policies = policies;
  const std::string before = compare::describe(report);
  const auto copy = kept_report::copy(report);
  REQUIRE(copy.has_value());
  text.assign(text.size(), '?');
  strings[0].assign(strings[0].size(), '?');
  string_views = {};
  failures = {};
  policies = {};
  CHECK(compare::describe(copy->view()) == before);
  // Absent is not the same as empty.
  CHECK(tlsrpt::present(copy->view().contact_info));
  CHECK_FALSE(tlsrpt::present(copy->view().report_id));
}

TEST_CASE("texts that repeat from one failure detail to the next are kept once") {
  std::array<tlsrpt::failure_details_view, 4> failures{};
  failures[0].receiving_mx_hostname = "mx1.example.com";
  failures[1].receiving_mx_hostname = "mx1.example.com";
  failures[2].receiving_mx_hostname = "mx2.example.com";
  failures[3].receiving_mx_hostname = "mx1.example.com";
  failures[1].receiving_mx_helo = "mx1.example.com";  // another member
  std::array<tlsrpt::policy_view, 1> policies{};
  policies[0].failure_details = failures;
  tlsrpt::report_view report;
  report.policies = policies;
  const auto copy = kept_report::copy(report);
  REQUIRE(copy.has_value());
  const auto kept_failures = copy->view().policies[0].failure_details;
  CHECK(kept_failures[0].receiving_mx_hostname.data() ==
        kept_failures[1].receiving_mx_hostname.data());
  CHECK(compare::describe(copy->view()) == compare::describe(report));
  CHECK(copy->memory() == sizeof(tlsrpt::detail::kept_block) + sizeof policies + sizeof failures +
                              4 * std::string_view("mx1.example.com").size());
}

TEST_CASE("copies share a report, which the last one frees") {
  kept_report first = kept(report_parts{}.text());
  const std::string expected = compare::describe(first.view());
  const auto* const policies = first.view().policies.data();
  kept_report second = first;
  CHECK(second.view().policies.data() == policies);
  CHECK(second.memory() == first.memory());
  first = kept_report();
  CHECK(first.view().policies.empty());
  CHECK(first.memory() == 0);
  CHECK(compare::describe(second.view()) == expected);

  kept_report third = std::move(second);
  CHECK(second.view().policies.empty());  // NOLINT(bugprone-use-after-move): that it is empty
  CHECK(second.memory() == 0);
  CHECK(compare::describe(third.view()) == expected);
  const kept_report& self = third;
  third = self;
  CHECK(compare::describe(third.view()) == expected);
  second = third;
  third = std::move(second);
  CHECK(third.view().policies.data() == policies);

  const kept_report empty;
  const kept_report copy_of_empty = empty;
  CHECK(compare::describe(copy_of_empty.view()) == compare::describe(tlsrpt::report_view{}));
}

TEST_CASE("an empty report can be kept, and takes a block of its own") {
  const auto copy = kept_report::copy({});
  REQUIRE(copy.has_value());
  CHECK(copy->memory() == sizeof(tlsrpt::detail::kept_block));
  CHECK(copy->view().policies.empty());
}

TEST_CASE("a report that fits in no memory") {
  constexpr char octet = 'x';
  constexpr std::size_t half = PTRDIFF_MAX / 2 + 1;
  tlsrpt::report_view report;
  report.organization_name = {&octet, half};
  report.contact_info = {&octet, half};
  CHECK(kept_report::copy(report).error().code == tlsrpt::errc::out_of_memory);
}

TEST_CASE("copies may be used and destroyed on several threads") {
  const std::string text = report_parts{}.text();
  const std::string expected = described(text);
  kept_report report = kept(text);
  std::vector<std::thread> threads;
  std::array<bool, 4> same{};
  for (bool& result : same)
    threads.emplace_back([&result, &expected, copy = report] {
      for (int i = 0; i < 100; ++i) {
        const kept_report another = copy;
        result = compare::describe(another.view()) == expected;
      }
    });
  report = kept_report();
  for (std::thread& thread : threads) thread.join();
  CHECK(same == std::array<bool, 4>{true, true, true, true});
}

TEST_CASE("a report from a parser to a map") {
  std::map<std::string, kept_report> by_domain;
  tlsrpt::report_parser<> parser;
  report_parts parts;
  for (const char* domain : {R"("Example.COM")", R"("example.com.")", R"("example.net")"}) {
    parts.policy_domain = domain;
    const auto report = parser.parse(parts.text()).and_then(kept_report::copy);
    REQUIRE(report.has_value());
    const std::string_view name = report->view().policies[0].policy_domain;
    by_domain[std::string(tlsrpt::canonical_host(name))] = *report;
  }
  REQUIRE(by_domain.size() == 2);
  CHECK(by_domain["example.com"].view().policies[0].policy_domain == "example.com.");
  CHECK(by_domain["example.net"].view().policies[0].policy_domain == "example.net");
}
