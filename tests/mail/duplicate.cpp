#include <tlsrpt/duplicate.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include "mail/checks.hpp"
#include "mail/sample.hpp"

namespace {

using checks::generator;
using checks::sample;
using checks::written;

constexpr tlsrpt::timestamp at_second(std::int64_t seconds) { return {seconds, {}, true}; }

std::string text_of(const tlsrpt::duplicate_key& key) {
  return written([&key](auto& out) { write_duplicate_key(out, key); });
}

}  // namespace

TEST_CASE("duplicates: C-71, E-14, QUIRKS 36") {
  using tlsrpt::duplicate_key;
  using tlsrpt::duplicate_verdict;
  const sample s;
  const duplicate_key key = make_duplicate_key("a.example", s.report, s.policies[0]);
  CHECK(key == duplicate_key{"A.EXAMPLE.",
                             "2026-02-03T00:00:00Z_b.example",
                             "B.example",
                             {at_second(1770076800), at_second(1770163199)}});
  CHECK(text_of(key) ==
        "9:a.example,30:2026-02-03T00:00:00Z_b.example,9:b.example,10:1770076800,10:1770163199,");
  CHECK(text_of({}) == "1:-,0:,1:-,0:,0:,");
  // Computed apart from this program.
  CHECK(hash_of(key) == 0x9b97a95a1179436du);
  CHECK(hash_of(duplicate_key{}) == 0xf912e7ac5724a9e9u);
  static_assert(hash_of(duplicate_key{}) == 0xf912e7ac5724a9e9u);
  const tlsrpt::timestamp least = at_second(std::numeric_limits<std::int64_t>::min());
  CHECK(hash_of(duplicate_key{"a", "b", "c", {least, {}}}) == 0x2760e5ecd288313cu);

  const tlsrpt::digest content({1}), other_content({2});
  CHECK(compare_duplicates(key, content, key, content) == duplicate_verdict::duplicate);
  CHECK(compare_duplicates(key, content, key, other_content) == duplicate_verdict::conflicting);
  const auto changed = [&key](auto change) {
    duplicate_key other = key;
    change(other);
    return other;
  };
  for (const duplicate_key& other :
       {changed([](duplicate_key& k) { k.submitter = "c.example"; }),
        changed([](duplicate_key& k) { k.report_id = "x"; }),
        changed([](duplicate_key& k) { k.policy_domain = "c.example"; }),
        changed([](duplicate_key& k) { k.date_range.start_datetime = {}; }),
        changed([](duplicate_key& k) { k.date_range.end_datetime = at_second(0); })}) {
    CHECK_FALSE(key == other);
    CHECK(hash_of(key) != hash_of(other));
    CHECK(compare_duplicates(key, content, other, content) == duplicate_verdict::different);
  }
  // Nobody vouches for it, so it is never dropped.
  const duplicate_key unknown = make_duplicate_key({}, s.report, s.policies[0]);
  CHECK(unknown == unknown);
  CHECK(compare_duplicates(unknown, content, unknown, content) == duplicate_verdict::different);
}

TEST_CASE("duplicates: no two keys have the same text") {
  generator make(71);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::string, 6> parts;
    for (std::string& part : parts) part = make.of("a1:,.", make.below(5));
    const tlsrpt::duplicate_key a{parts[0], parts[1], parts[2], {{}, at_second(1)}};
    const tlsrpt::duplicate_key b{parts[3], parts[4], parts[5], {{}, at_second(1)}};
    CHECK((a == b) == (text_of(a) == text_of(b)));
    CHECK((a == b) == (hash_of(a) == hash_of(b)));
  }
}

TEST_CASE("duplicates: keys are ordered and hashed as they are equal") {
  using tlsrpt::duplicate_key;
  const tlsrpt::timestamp one = at_second(1), two = at_second(2);
  const std::array sorted = {
      duplicate_key{},
      duplicate_key{"a.example", {}, {}, {}},
      duplicate_key{"a.example", "1", "a.example", {}},
      duplicate_key{"a.example", "1", "a.example", {{}, one}},
      duplicate_key{"A.example.", "1", "a.EXAMPLE", {one, {}}},
      duplicate_key{"a.example", "1", "a.example", {one, one}},
      duplicate_key{"a.example", "1", "a.example", {one, two}},
      duplicate_key{"a.example", "1", "a.example", {two, one}},
      duplicate_key{"a.example", "1", "b.example", {}},
      duplicate_key{"b.example", "1", "a.example", {}},
      duplicate_key{"a.example", "2", "a.example", {}},
  };
  for (std::size_t a = 0; a < sorted.size(); ++a)
    for (std::size_t b = 0; b < sorted.size(); ++b) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK((sorted[a] <=> sorted[b]) == (a <=> b));
      CHECK((sorted[a] == sorted[b]) == (a == b));
    }
  const std::unordered_set<duplicate_key> set(sorted.begin(), sorted.end());
  CHECK(set.size() == sorted.size());
  CHECK(set.contains({"A.EXAMPLE.", "1", "A.EXAMPLE.", {one, one}}));
  CHECK_FALSE(set.contains({"A.EXAMPLE.", "3", "A.EXAMPLE.", {one, one}}));
}

TEST_CASE("duplicates: what is no domain has one key, too") {
  const tlsrpt::duplicate_key key{"a.example", "1", "Hello World", {}};
  CHECK(text_of(key) == "9:a.example,1:1,12:!Hello World,0:,0:,");
  CHECK(key != tlsrpt::duplicate_key{"a.example", "1", "hello world", {}});
  CHECK(tlsrpt::duplicate_key{"a.example", "1", "-", {}} !=
        tlsrpt::duplicate_key{"a.example", "1", {}, {}});
}

TEST_CASE("duplicates: the same instant may be written in several ways") {
  sample s;
  const tlsrpt::duplicate_key key = make_duplicate_key("a.example", s.report, s.policies[0]);
  tlsrpt::report_view other = s.report;
  other.date_range.start_datetime.text = "2026-02-03T01:00:00+01:00";
  CHECK(key == make_duplicate_key("a.example", other, s.policies[0]));
  CHECK(hash_of(key) == hash_of(make_duplicate_key("a.example", other, s.policies[0])));
}

TEST_CASE("duplicates: temporaries are rejected, what lives on is not") {
  constexpr auto key = []<class T>(T && text) requires requires {
    tlsrpt::make_duplicate_key(std::forward<T>(text), tlsrpt::report_view{}, tlsrpt::policy_view{});
  }
  {};
  using maker = decltype(key);
  static_assert(!std::is_invocable_v<maker, std::string>);
  static_assert(!std::is_invocable_v<maker, const std::string>);
  static_assert(std::is_invocable_v<maker, std::string&>);
  static_assert(std::is_invocable_v<maker, const std::string&>);
  static_assert(std::is_invocable_v<maker, std::string_view>);
  static_assert(std::is_invocable_v<maker, const char*>);
}
