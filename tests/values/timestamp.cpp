#include <tlsrpt/timestamp.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace {

using tlsrpt::day_end;
using tlsrpt::errc;
using tlsrpt::read_date_time;

static_assert(read_date_time("1970-01-01T00:00:00Z").seconds == 0);
static_assert(read_date_time("2026-11-22T23:59:59Z").seconds == 1795391999);
static_assert(tlsrpt::to_date_time(1795391999) == "2026-11-22T23:59:59Z");
static_assert(!read_date_time("yesterday").known);

struct time_case {
  std::string_view text;
  std::string_view utc;  ///< Empty: unknown.
  std::vector<errc> remarks;
};

void check(const time_case& c, day_end end = day_end::first_second) {
  CAPTURE(c.text);
  const auto reading = read_date_time(c.text, end);
  CHECK(reading.known == !c.utc.empty());
  if (reading.known) CHECK(tlsrpt::to_date_time(reading.seconds) == c.utc);
  std::vector<errc> remarks;
  for (errc remark : reading.remarks)
    if (remark != errc::ok) remarks.push_back(remark);
  CHECK(remarks == c.remarks);
}

}  // namespace

TEST_CASE("B-41 to B-43, B-46, B-47: what RFC 3339 allows") {
  check({"2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", {}});
  check({"2026-11-22t23:59:59z", "2026-11-22T23:59:59Z", {}});
  check({"2026-11-22T00:00:00.5Z", "2026-11-22T00:00:00Z", {}});
  check({"2026-11-22T00:00:00.123456789012345678901234567890Z", "2026-11-22T00:00:00Z", {}});
  check({"2026-11-22T00:00:00+00:00", "2026-11-22T00:00:00Z", {}});
  check({"2026-11-22T00:00:00-00:00", "2026-11-22T00:00:00Z", {}});
  check({"2026-11-22T00:00:00+09:00", "2026-11-21T15:00:00Z", {}});
  check({"2026-11-22T00:00:00-23:59", "2026-11-22T23:59:00Z", {}});
  check({"2026-11-22T00:00:00+23:59", "2026-11-21T00:01:00Z", {}});
  check({"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", {}});
  check({"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", {}});
  check({"2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z", {}});
  check({"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", {}});
  check({"0000-02-29T00:00:00+23:59", "0000-02-28T00:01:00Z", {}});
  check({"9999-12-31T00:00:00-23:59", "9999-12-31T23:59:00Z", {}});
  check({"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", {}});
  check({"0000-01-01T00:01:00+00:01", "0000-01-01T00:00:00Z", {}});
  check({"9999-12-31T23:58:59-00:01", "9999-12-31T23:59:59Z", {}});
}

TEST_CASE("a time in a year that cannot be written is unreadable") {
  check({"0000-01-01T00:00:59+00:01", "", {errc::unreadable_date_time}});
  check({"9999-12-31T23:59:00-00:01", "", {errc::unreadable_date_time}});
  check({"9999-12-31T24:00:00Z", "", {errc::unreadable_date_time}});
}

TEST_CASE("B-44, B-45, Q22 to Q30: what is tolerated, with its remarks") {
  check({"2026-11-22 00:00:00Z", "2026-11-22T00:00:00Z", {errc::space_for_t}});
  check({"2026-11-22T00:00:00", "2026-11-22T00:00:00Z", {errc::missing_time_zone}});
  check({"2026-11-22T00:00:00.25", "2026-11-22T00:00:00Z", {errc::missing_time_zone}});
  check({"2026-11-22T00:00:00+0200", "2026-11-21T22:00:00Z", {errc::zone_without_colon}});
  check({"2026-11-22T00:00:00-02", "2026-11-22T02:00:00Z", {errc::zone_without_colon}});
  check({"2026-11-22T24:00:00Z", "2026-11-23T00:00:00Z", {errc::hour_24}});
  check({"2026-11-22 24:00:00",
         "2026-11-23T00:00:00Z",
         {errc::space_for_t, errc::hour_24, errc::missing_time_zone}});
  check({"2026-11-22", "2026-11-22T00:00:00Z", {errc::date_only}});
  check({"2026-11-22", "2026-11-22T23:59:59Z", {errc::date_only}}, day_end::last_second);
  for (const char* spaced :
       {" 2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z ", "\r\n\t2026-11-22T00:00:00Z\n"})
    check({spaced, "2026-11-22T00:00:00Z", {errc::date_time_whitespace}});
  check({" 2026-11-22 ", "2026-11-22T23:59:59Z", {errc::date_time_whitespace, errc::date_only}},
        day_end::last_second);
  check({" 2026-11-22 24:00:00+0000 ",
         "2026-11-23T00:00:00Z",
         {errc::date_time_whitespace, errc::space_for_t, errc::hour_24, errc::zone_without_colon}});
}

TEST_CASE("the day that programs write which never set their time") {
  for (const char* zero : {"0001-01-01T00:00:00Z", "0001-01-01T23:59:59Z", "0001-01-01",
                           "0001-01-01T00:00:00", "0001-01-01T00:00:00+02:00"})
    check({zero, "", {errc::zero_date_time}});
  check({"0001-01-02T00:00:00Z", "0001-01-02T00:00:00Z", {}});
  check({"0000-12-31T23:59:59Z", "0000-12-31T23:59:59Z", {}});
  // On that day in UTC.
  check({"0001-01-02T00:00:00+00:01", "", {errc::zero_date_time}});
  check({"0000-12-31T23:59:00-00:01", "", {errc::zero_date_time}});
  check({"0001-01-02T00:00:00+00:00", "0001-01-02T00:00:00Z", {}});
  check({" 0001-01-01T00:00:00Z", "", {errc::zero_date_time}});
  // The seconds of that day, to the first and the last, and no others.
  constexpr std::int64_t first = -62'135'596'800;
  static_assert(tlsrpt::to_date_time(first) == "0001-01-01T00:00:00Z");
  static_assert(!tlsrpt::detail::is_zero_date_time(first - 1));
  static_assert(tlsrpt::detail::is_zero_date_time(first));
  static_assert(tlsrpt::detail::is_zero_date_time(first + 86'399));
  static_assert(!tlsrpt::detail::is_zero_date_time(first + 86'400));
  // The short way leaves the years 0 and 1 to the long one, and no later year.
  static_assert(!tlsrpt::detail::read_canonical_date_time("0001-01-01T00:00:00Z"));
  static_assert(!tlsrpt::detail::read_canonical_date_time("0001-12-31T23:59:59Z"));
  static_assert(tlsrpt::detail::read_canonical_date_time("0002-01-01T00:00:00Z") ==
                first + 365 * 86'400);
}

TEST_CASE("Q26: what is no date-time") {
  for (const char* text : {"",
                           " ",
                           "yesterday",
                           "1795305600",
                           "Sun, 22 Nov 2026 00:00:00 +0000",
                           "2026-11-22T",
                           "2026-11-22T00",
                           "2026-11-22T00:00",
                           "2026-11-22T00:00Z",
                           "2026-11-22T00:00:00X",
                           "2026-11-22T00:00:00ZZ",
                           "2026-11-22T00:00:00.Z",
                           "2026-11-22T00:00:00.",
                           "2026-11-22x",
                           "2026-11-22T24:00:01Z",
                           "2026-11-22T24:01:00Z",
                           "2026-11-22T24:00:00.5Z",
                           "2026-11-22T24:00:60Z",
                           "2026-11-22T25:00:00Z",
                           "2026-11-22T00:60:00Z",
                           "2026-11-22T00:00:61Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-00T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "26-11-22T00:00:00Z",
                           "2026-1-22T00:00:00Z",
                           "2026/11/22T00:00:00Z",
                           " 2026-11-22T00:00:00 Z",
                           "2026-11-22T00:00:00Z x",
                           "\v2026-11-22T00:00:00Z",
                           "2026-11-22T00:00:00+24:00",
                           "2026-11-22T00:00:00+01:60",
                           "2026-11-22T00:00:00+1:00",
                           "2026-11-22T00:00:00+",
                           "2026-11-22T00:00:00+01:",
                           "2026-11-22T00:00:00+010",
                           "-2026-11-22T00:00:00Z",
                           "12026-11-22T00:00:00Z"})
    check({text, "", {errc::unreadable_date_time}});
}

TEST_CASE("every day of 400 years, as the standard library counts them") {
  using namespace std::chrono;
  const sys_days first = year(1800) / January / 1;
  for (int i = 0; i < 146'097; ++i) {
    const sys_days date = first + days(i);
    const year_month_day parts(date);
    const hh_mm_ss time(seconds(i % 86'400));
    char expected[64];
    std::snprintf(expected, sizeof expected, "%04d-%02u-%02uT%02d:%02d:%02dZ", int{parts.year()},
                  unsigned{parts.month()}, unsigned{parts.day()},
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    const std::int64_t seconds =
        std::int64_t{date.time_since_epoch().count()} * 86'400 + i % 86'400;
    const auto reading = read_date_time(expected);
    if (tlsrpt::to_date_time(seconds) != expected || !reading.known || reading.seconds != seconds)
      FAIL_CHECK(expected);
  }
}

TEST_CASE("the short way for the usual form reads as the long way does") {
  const std::string seed = "2024-02-29T23:59:59Z";
  for (std::size_t at = 0; at + 1 < seed.size(); ++at)
    for (int octet = 0; octet < 256; ++octet) {
      std::string text = seed;
      text[at] = static_cast<char>(octet);
      const auto reading = read_date_time(text);
      text.replace(19, 1, "+00:00");
      const auto other = read_date_time(text);
      if (reading.known != other.known || reading.seconds != other.seconds ||
          reading.remarks != other.remarks)
        FAIL_CHECK(text);
    }
}

TEST_CASE("years outside 0 to 9999 are clamped when written") {
  CHECK(tlsrpt::to_date_time(INT64_MIN) == "0000-01-01T00:00:00Z");
  CHECK(tlsrpt::to_date_time(INT64_MAX) == "9999-12-31T23:59:59Z");
  CHECK(to_text(tlsrpt::timestamp{1795391999, "2026-11-22", true}) == "2026-11-22T23:59:59Z");
  CHECK(to_text(tlsrpt::timestamp{0, "yesterday", false}) == "unknown");
}

TEST_CASE("changed texts never crash, and what is read can be written and read again") {
  std::mt19937 random(3339);
  const std::string octets = "0123456789TtZz:+-. ";
  long known = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text = "2026-11-22T23:59:59+01:00";
    for (auto changes = 1 + random() % 2; changes > 0; --changes)
      text[random() % text.size()] = octets[random() % octets.size()];
    const auto reading = read_date_time(text);
    if (!reading.known) continue;
    ++known;
    const auto in_utc = tlsrpt::to_date_time(reading.seconds);
    REQUIRE(read_date_time(in_utc).seconds == reading.seconds);
  }
  CHECK(known > 1'000);
}
