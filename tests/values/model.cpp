#include <tlsrpt/model.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace {

using tlsrpt::date_range_view;
using tlsrpt::is_utc_day;
using tlsrpt::session_count;
using tlsrpt::timestamp;

constexpr std::int64_t midnight = 1795305600;  // 2026-11-22T00:00:00Z
constexpr std::int64_t day = 86'400;

constexpr timestamp at(std::int64_t seconds) { return {seconds, {}, true}; }
constexpr date_range_view period(std::int64_t start, std::int64_t end) {
  return {at(start), at(end)};
}

template <class T>
concept has_text = requires(T value) {
  to_text(value);
};

}  // namespace

TEST_CASE("the text of a count") {
  static_assert(to_text(session_count(0)) == "0");
  CHECK(to_text(session_count(4711)) == "4711");
  CHECK(to_text(session_count(std::numeric_limits<std::uint64_t>::max())) ==
        "18446744073709551615");
  CHECK(to_text(session_count()) == "unknown");
  // A number alone may be a count or a time.
  static_assert(has_text<session_count> && !has_text<int> && !has_text<std::int64_t>);
}

TEST_CASE("a UTC day, whichever way its end is written") {
  static_assert(is_utc_day(period(midnight, midnight + day - 1)));
  CHECK(is_utc_day(period(midnight, midnight + day)));
  CHECK(is_utc_day(period(-day, -1)));
  CHECK_FALSE(is_utc_day(period(midnight, midnight + day - 2)));
  CHECK_FALSE(is_utc_day(period(midnight, midnight + day + 1)));
  CHECK_FALSE(is_utc_day(period(midnight, midnight + 2 * day)));
  CHECK_FALSE(is_utc_day(period(midnight + 1, midnight + day)));
  CHECK_FALSE(is_utc_day(period(midnight, midnight)));
  CHECK_FALSE(is_utc_day(period(midnight + day, midnight)));
  CHECK_FALSE(is_utc_day({at(0), {}}));
  CHECK_FALSE(is_utc_day({{}, at(day)}));
  // Times that no text has.
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  CHECK_FALSE(is_utc_day(period(least - least % day, std::numeric_limits<std::int64_t>::max())));
}

TEST_CASE("the text of a period") {
  static_assert(to_text(period(midnight, midnight + day)) == "2026-11-22");
  CHECK(to_text(period(midnight, midnight + day - 1)) == "2026-11-22");
  CHECK(to_text(period(midnight, midnight + 2 * day)) ==
        "2026-11-22T00:00:00Z to 2026-11-24T00:00:00Z");
  CHECK(to_text(date_range_view{at(midnight), {}}) == "2026-11-22T00:00:00Z to unknown");
  CHECK(to_text(date_range_view{}) == "unknown to unknown");
}

TEST_CASE("sums of counts do not wrap") {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  static_assert(tlsrpt::saturating_sum(1, 2) == 3);
  CHECK(tlsrpt::saturating_sum(most - 1, 1) == most);
  CHECK(tlsrpt::saturating_sum(most, 1) == most);
  CHECK(tlsrpt::saturating_sum(1, most) == most);
}
