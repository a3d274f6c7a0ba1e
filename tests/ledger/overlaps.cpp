#include <tlsrpt/detail/summary/overlaps.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include <tlsrpt/summary.hpp>

namespace {

using tlsrpt::day;
using tlsrpt::total_fact;
using tlsrpt::trust;
using tlsrpt::detail::reported_days;

total_fact fact_of(std::int32_t first, std::int32_t days = 1, std::string_view domain = "a.example",
                   std::string_view reporter = "r.example", trust trust = trust::verified) {
  total_fact fact;
  fact.domain = domain;
  fact.reporter = reporter;
  fact.trust = trust;
  fact.first = day{first};
  fact.days = days;
  return fact;
}

reported_days days_of(const std::vector<total_fact>& facts) {
  reported_days days;
  REQUIRE(days.read(std::span<const total_fact>(facts)));
  return days;
}

}  // namespace

// The totals of a summary are in the order of kinds before that of days, so that the days of a
// reporter with two kinds of policies come twice, and not in their order.
TEST_CASE("AG-20: days are found in whatever order they come, and count once") {
  const reported_days days =
      days_of({fact_of(5), fact_of(3), fact_of(4), fact_of(3), fact_of(5), fact_of(9), fact_of(1)});
  CHECK(days.count(fact_of(3, 3)) == 3);
  CHECK(days.count(fact_of(1, 9)) == 5);
  CHECK(days.count(fact_of(6, 3)) == 0);
  CHECK(days.count(fact_of(2)) == 0);
}

TEST_CASE("AG-20: only days of the same domain, reporter and trust count, and no longer periods") {
  const reported_days days =
      days_of({fact_of(3), fact_of(4, 1, "b.example"), fact_of(5, 1, "a.example", "s.example"),
               fact_of(6, 1, "a.example", "r.example", trust::claimed), fact_of(7, 2)});
  CHECK(days.count(fact_of(3, 7)) == 1);
  CHECK(days.count(fact_of(3, 7, "b.example")) == 1);
  CHECK(days.count(fact_of(3, 7, "a.example", "s.example")) == 1);
  CHECK(days.count(fact_of(3, 7, "a.example", "r.example", trust::claimed)) == 1);
  CHECK(days.count(fact_of(3, 7, "c.example")) == 0);
}

TEST_CASE("AG-20: what is there by day goes, what is there in part is marked, the rest stays") {
  const std::string_view domains[] = {"a.example", "b.example"};
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<total_fact> all;
    for (auto i = random() % 12; i != 0; --i)
      all.push_back(fact_of(static_cast<std::int32_t>(random() % 6),
                            static_cast<std::int32_t>(1 + random() % 3), domains[random() % 2]));
    tlsrpt::detail::arena<total_fact> facts;
    for (const total_fact& fact : all) REQUIRE(facts.push(fact));
    std::vector<total_fact> out;
    REQUIRE(resolve_overlaps(facts, days_of(all), [&](const total_fact& fact) {
      out.push_back(fact);
      return true;
    }));
    std::size_t kept = 0, taken = 0;
    for (const total_fact& fact : all) {
      std::int32_t there = 0;
      for (std::int32_t i = 0; i < fact.days; ++i)
        for (const total_fact& other : all)
          if (other.days == 1 && other.domain == fact.domain && other.first == fact.first + i) {
            ++there;
            break;
          }
      if (fact.days > 1 && there == fact.days) {
        REQUIRE(taken < out.size());
        CHECK(out[taken++].first == fact.first);
        continue;
      }
      REQUIRE(kept < facts.size());
      const total_fact& left = facts.data()[kept++];
      CHECK(left.first == fact.first);
      CHECK(left.days == fact.days);
      CHECK(left.overlap == (fact.days > 1 && there > 0));
    }
    CHECK(kept == facts.size());
    CHECK(taken == out.size());
  }
}
