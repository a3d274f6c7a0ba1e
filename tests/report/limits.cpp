#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "support.hpp"

// Sanitizers need address space of their own.
#if defined(__linux__) && SIZE_MAX > 0xffffffff && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define TLSRPT_TEST_CAN_MAP 1
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace {

using support::report_parts;
using tlsrpt::errc;

errc outcome(const std::string& bytes, const tlsrpt::limits& limits) {
  tlsrpt::report_parser<> parser(limits);
  const auto parsed = parser.parse(bytes).error();
  struct {
    void on_report(const tlsrpt::report_head_view&) {}
    void on_policy(const tlsrpt::policy_head_view&) {}
    void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {}
  } visitor;
  CHECK(parser.visit(bytes, visitor).error() == parsed);
  return parsed.code;
}

std::string repeated(const std::string& element, int times) {
  std::string list = "[";
  for (int i = 0; i < times; ++i) list += (i == 0 ? "" : ",") + element;
  return list + "]";
}

}  // namespace

TEST_CASE("the defaults are those of the design") {
  constexpr tlsrpt::limits limits;
  static_assert(limits.max_gzip_bytes == 16u << 20 && limits.max_text_bytes == 64u << 20);
  static_assert(limits.max_gzip_members == 16 && limits.max_expansion == 1000 &&
                limits.max_depth == 32);
  static_assert(limits.max_policies == 100'000 && limits.max_failure_details == 1'000'000);
}

TEST_CASE("octets of the text, plain, in place and inflated") {
  std::string text = report_parts{}.text();
  tlsrpt::limits limits;
  limits.max_text_bytes = text.size();
  CHECK(outcome(text, limits) == errc::ok);
  CHECK(outcome(support::gzip(text), limits) == errc::ok);
  const auto compressed = support::gzip(text);
  limits.max_gzip_bytes = compressed.size();
  CHECK(outcome(compressed, limits) == errc::ok);
  --limits.max_gzip_bytes;
  CHECK(outcome(compressed, limits) == errc::compressed_too_long);
  limits.max_gzip_bytes = 1 << 20;
  --limits.max_text_bytes;
  CHECK(outcome(text, limits) == errc::text_too_long);
  CHECK(outcome(compressed, limits) == errc::text_too_long);
  tlsrpt::report_parser<> parser(limits);
  CHECK(parser.parse_in_place(tlsrpt::pad(text)).error().code == errc::text_too_long);
}

TEST_CASE("limits that are out of reach are lowered to what is possible") {
  constexpr std::size_t reachable = sizeof(std::size_t) > 4 ? 0xffffffbf : 0x1fffffbf;
  const std::string text(100, ' ');
  tlsrpt::report_parser<> parser({.max_text_bytes = SIZE_MAX, .max_depth = 99});
  // Nothing of such a text is read.
  const tlsrpt::padded_view longer({text.data(), reachable + 1}, SIZE_MAX);
  const auto report = parser.parse_in_place(longer);
  CHECK(report.error().code == errc::text_too_long);
  CHECK(report.error().where.offset == reachable);
  CHECK(parser.parse(std::string(33, '[')).error().where.offset == 32);
}

#ifdef TLSRPT_TEST_CAN_MAP
TEST_CASE("a text of the largest size") {
  constexpr std::size_t size = 0xffffffbf, mapped = std::size_t{1} << 32, piece = 1 << 20;
  // One piece of memory all over the text; what is written goes to a copy of a page.
  const int blanks = memfd_create("blanks", 0);
  REQUIRE(ftruncate(blanks, piece) == 0);
  char* const first =
      static_cast<char*>(mmap(nullptr, piece, PROT_READ | PROT_WRITE, MAP_SHARED, blanks, 0));
  std::fill_n(first, piece, ' ');
  char* const text = static_cast<char*>(
      mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  for (std::size_t at = 0; at < mapped; at += piece)
    REQUIRE(mmap(text + at, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, blanks, 0) ==
            text + at);
  const std::string_view begin = R"({"report-id":"first","contact-info":)", end = R"("last"})";
  begin.copy(text, begin.size());
  end.copy(text + size - end.size(), end.size());
  {
    tlsrpt::report_parser<> parser({.max_text_bytes = SIZE_MAX});
    const auto report = parser.parse_in_place({{text, size}, mapped});
    if (report.error().code == errc::out_of_memory) {
      MESSAGE("needs 16 GiB of address space");
    } else {
      REQUIRE(report.has_value());
      CHECK(report->report_id == "first");
      CHECK(report->contact_info == "last");
      CHECK(report->contact_info.data() == text + size - 6);
    }
  }
  munmap(text, mapped);
  munmap(first, piece);
  close(blanks);
}
#endif

TEST_CASE("policies and failure details, skipped ones included") {
  const report_parts p;
  tlsrpt::limits limits;
  limits.max_policies = 5;
  CHECK(outcome(p.with_policies(repeated(p.entry(), 5)), limits) == errc::ok);
  CHECK(outcome(p.with_policies(repeated(p.entry(), 6)), limits) == errc::too_many_policies);
  CHECK(outcome(p.with_policies(repeated("1", 6)), limits) == errc::too_many_policies);
  limits = {};
  limits.max_failure_details = 4;
  auto with = [&p](int first, int second) {
    auto entry = [&p](int failures) {
      return R"({"policy":)" + p.policy() + R"(,"summary":)" + p.summary() +
             R"(,"failure-details":)" + repeated(p.failure(), failures) + "}";
    };
    return p.with_policies('[' + entry(first) + ',' + entry(second) + ']');
  };
  CHECK(outcome(with(2, 2), limits) == errc::ok);
  CHECK(outcome(with(2, 3), limits) == errc::too_many_failure_details);
}

TEST_CASE("strings of policies, in arrays and in single strings that are split") {
  const report_parts p;
  tlsrpt::limits limits;
  limits.max_policy_strings = 5;
  const auto with = [&p](const std::string& policy_string, int mx_hosts, int policies) {
    const std::string entry = R"({"policy":{"policy-type":"tlsa","policy-domain":"example.com",)"
                              R"("policy-string":)" +
                              policy_string + R"(,"mx-host":)" +
                              repeated("\"mx.example.com\"", mx_hosts) + "}}";
    return p.with_policies(repeated(entry, policies));
  };
  CHECK(outcome(with("[]", 5, 1), limits) == errc::ok);
  CHECK(outcome(with("[]", 6, 1), limits) == errc::too_many_policy_strings);
  CHECK(outcome(with(R"(["3 1 1 aa","3 1 1 bb"])", 3, 1), limits) == errc::ok);
  CHECK(outcome(with(R"(["3 1 1 aa",311,"3 1 1 bb"])", 3, 1), limits) ==
        errc::too_many_policy_strings);
  CHECK(outcome(with("[]", 2, 2), limits) == errc::ok);
  CHECK(outcome(with("[]", 2, 3), limits) == errc::too_many_policy_strings);
  const auto path_of_fault = [&](const std::string& text) {
    tlsrpt::report_parser<> parser(limits);
    return std::string(path(parser.parse(text).error().where));
  };
  CHECK(path_of_fault(with("[]", 6, 1)) == "/policies/0/policy/mx-host/5");
  CHECK(path_of_fault(with(R"(["a","b","c"])", 3, 1)) == "/policies/0/policy/mx-host/2");
  CHECK(path_of_fault(with(R"(["a","b","c","d","e","f"])", 0, 1)) ==
        "/policies/0/policy/policy-string/5");
  CHECK(path_of_fault(with(R"("a;b;c;d;e;f")", 0, 1)) == "/policies/0/policy/policy-string");
  CHECK(outcome(with(R"("a;b;c;d;e")", 0, 1), limits) == errc::ok);
  CHECK(outcome(with(R"("a;b;c;d;e;f")", 0, 1), limits) == errc::too_many_policy_strings);
  // A megabyte of gzip could ask for a gigabyte of views.
  std::string many = "a";
  for (int i = 1; i < 2'000'000; ++i) many += ";a";
  CHECK(outcome(with('"' + many + '"', 0, 1), {}) == errc::ok);
  CHECK(outcome(with('"' + many + ";a\"", 0, 1), {}) == errc::too_many_policy_strings);
}

TEST_CASE("nesting, in members of every level") {
  const report_parts p;
  auto nested = [](int depth) {
    std::string open, close;
    for (int i = 0; i < depth; ++i) {
      open += i % 2 == 0 ? "[" : "{\"a\":";
      close.insert(0, i % 2 == 0 ? "]" : "}");
    }
    return open + "0" + close;
  };
  struct {
    std::string before;
    int level;
    std::string after;
  } const places[] = {
      {R"({"report-id":"1","x":)", 1, "}"},
      {R"({"report-id":"1","contact-info":)", 1, "}"},
      {R"({"report-id":"1","date-range":{"start-datetime":)", 2, "}}"},
      {R"({"report-id":"1","policies":[)", 2, "]}"},
      {R"({"report-id":"1","policies":[{"policy":{"policy-domain":)", 4, "}}]}"},
      {R"({"report-id":"1","policies":[{"policy":{"mx-host":[)", 5, "]}}]}"},
      {R"({"report-id":"1","policies":[{"policy-domain":)", 3, "}]}"},
      {R"({"report-id":"1","policies":{"policy":{},"failure-details":{"x":)", 3, "}}}"},
      {R"({"report-id":"1","policies":[{"failure-details":[{"failed-session-count":)", 5, "}]}]}"},
  };
  for (const auto& place : places)
    for (const std::uint32_t depth : {8u, 31u, 32u, 40u}) {
      tlsrpt::limits limits;
      limits.max_depth = depth;
      const int room = static_cast<int>(std::min(depth, 32u)) - place.level;
      CAPTURE(place.before);
      CAPTURE(depth);
      CHECK(outcome(place.before + nested(room) + place.after, limits) == errc::ok);
      CHECK(outcome(place.before + nested(room + 1) + place.after, limits) == errc::too_deep);
    }
  tlsrpt::limits shallow;
  shallow.max_depth = 4;
  CHECK(outcome(p.text(), shallow) == errc::too_deep);
  shallow.max_depth = 5;
  CHECK(outcome(p.text(), shallow) == errc::ok);
  CHECK(outcome(std::string(100'000, '['), {}) == errc::too_deep);
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += "{\"a\":";
  CHECK(outcome(bytes, {}) == errc::too_deep);
}

TEST_CASE("large but lawful: a million elements, a huge string") {
  const report_parts p;
  CHECK(
      outcome(p.with_policies("[{\"policy\":{\"mx-host\":" + repeated("\"a\"", 1'000'000) + "}}]"),
              {}) == errc::ok);
  CHECK(outcome(p.with_policies(repeated("{}", 100'000)), {}) == errc::ok);
  CHECK(outcome(p.with_policies(repeated("{}", 100'001)), {}) == errc::too_many_policies);
  report_parts long_name;
  long_name.organization_name = '"' + std::string(10'000'000, 'x') + "\\n\"";
  CHECK(outcome(long_name.text(), {}) == errc::ok);
}
