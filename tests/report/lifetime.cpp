#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "support.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define TLSRPT_TEST_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TLSRPT_TEST_HAS_ASAN 1
#endif
#endif
#ifdef TLSRPT_TEST_HAS_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace {

using support::report_parts;
using parser = tlsrpt::report_parser<>;

static_assert(std::is_nothrow_move_constructible_v<parser>);
static_assert(std::is_nothrow_move_assignable_v<parser>);
static_assert(!std::is_copy_constructible_v<parser>);
static_assert(noexcept(std::declval<parser&>().parse(std::string_view())));

/// A report whose every kind of view is in use, escaped strings included.
std::string full_report() {
  report_parts p;
  p.organization_name = R"("Caf\u00e9")";
  return p.text();
}

/// Octets and arrays of the views of a report.
template <class Function>
void for_each_view(const tlsrpt::report_view& report, Function&& function) {
  function(report.organization_name.data());
  function(report.report_id.data());
  function(reinterpret_cast<const char*>(report.policies.data()));
  const auto& policy = report.policies[0];
  function(policy.policy_domain.data());
  function(reinterpret_cast<const char*>(policy.mx_host.data()));
  function(reinterpret_cast<const char*>(policy.failure_details.data()));
  function(policy.failure_details[0].sending_mta_ip.text.data());
}

}  // namespace

TEST_CASE("the input may go once parse has returned") {
  parser p;
  auto input = std::make_unique<std::string>(full_report());
  const auto report = p.parse(*input);
  input.reset();
  REQUIRE(report);
  CHECK(report->organization_name == "Caf\xc3\xa9");
  CHECK(report->policies[0].failure_details[0].receiving_mx_hostname == "mx.example.com");
}

TEST_CASE("views outlive a move of the parser") {
  parser p;
  const auto report = p.parse(full_report());
  REQUIRE(report);
  const parser moved = std::move(p);
  CHECK(report->organization_name == "Caf\xc3\xa9");
  CHECK(report->policies[0].mx_host[0] == "mx.example.com");
}

TEST_CASE("a parser that was moved from has an empty text and may be used again") {
  const std::string text = full_report();
  std::string in_place = text;
  const tlsrpt::padded_view padded = tlsrpt::pad(in_place);
  for (int kind = 0; kind < 3; ++kind) {
    parser p;
    const auto read = [&] {
      return kind == 0   ? p.parse(text)
             : kind == 1 ? p.parse(support::gzip(text))
                         : p.parse_in_place(padded);
    };
    REQUIRE(read());
    const char* const octets = p.text().data();
    parser second = std::move(p);
    CHECK(second.text().data() == octets);
    CHECK(second.text() == text);
    CHECK(p.text().data() == nullptr);  // NOLINT(bugprone-use-after-move): stated
    REQUIRE(read());
    CHECK(p.text() == text);
    p = std::move(second);
    CHECK(p.text().data() == octets);
    CHECK(second.text().data() == nullptr);  // NOLINT(bugprone-use-after-move): stated
    p.release();
    CHECK(p.text().data() == nullptr);
    const auto report = read();
    REQUIRE(report);
    CHECK(report->organization_name == "Caf\xc3\xa9");
  }
}

TEST_CASE("views end with the next call, with release and with the parser") {
#ifdef TLSRPT_TEST_HAS_ASAN
  auto is_gone = [](const char* octet) { CHECK(__asan_address_is_poisoned(octet) != 0); };
  auto is_there = [](const char* octet) { CHECK(__asan_address_is_poisoned(octet) == 0); };
  auto p = std::make_unique<parser>();
  tlsrpt::report_view old = *p->parse(full_report());
  for_each_view(old, is_there);
  std::vector<const char*> stale;
  auto remember = [&stale](const char* octet) { stale.push_back(octet); };

  for_each_view(old, remember);
  (void)p->parse(R"({"report-id":"1"})");
  for (const char* octet : stale) is_gone(octet);

  stale.clear();
  old = *p->parse(support::gzip(full_report()));
  for_each_view(old, remember);
  (void)p->parse("not a report");
  for (const char* octet : stale) is_gone(octet);

  stale.clear();
  old = *p->parse(full_report());
  for_each_view(old, remember);
  p->release();
  for (const char* octet : stale) is_gone(octet);

  stale.clear();
  old = *p->parse(full_report());
  for_each_view(old, remember);
  p.reset();
  for (const char* octet : stale) is_gone(octet);
#else
  MESSAGE("needs AddressSanitizer");
#endif
}

TEST_CASE("a parser is as good as new after every kind of failure") {
  parser p;
  const std::string good = full_report();
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("\x1f\x8b"), good.substr(0, 300),
        support::gzip(good).substr(0, 100), std::string("{\"policies\":[{}]}"),
        "{\"a\":" + good + "}", std::string("\xff")}) {
    CHECK_FALSE(p.parse(bad));
    const auto report = p.parse(good);
    REQUIRE(report);
    CHECK(report->organization_name == "Caf\xc3\xa9");
    CHECK(report->policies.size() == 1);
  }
}
