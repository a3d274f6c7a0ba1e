#include <tlsrpt/day.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string_view>

using tlsrpt::day;
using tlsrpt::day_of;

TEST_CASE("days are numbered from 1970") {
  static_assert(day::parse("1970-01-01") == day{0});
  static_assert(day::parse("1969-12-31") == day{-1});
  static_assert(day::parse("2026-11-23") == day{20'780});
  static_assert(to_text(day{20'780}) == "2026-11-23");
  static_assert(day{20'780} - day{20'776} == 4);
  static_assert(day{20'780} - 4 == day{20'776});
  static_assert(day{20'776} + 4 == day{20'780});
  for (const char* text : {"0000-01-01", "0000-02-29", "1969-12-31", "2000-02-29", "9999-12-31"})
    CHECK(to_text(*day::parse(text)) == std::string_view(text));
}

TEST_CASE("only dates that exist are read") {
  for (const char* text : {"", "2026-11-2", "2026-11-230", "2026/11/23", "2026-11-31", "2026-02-29",
                           "2026-00-10", "2026-13-10", "2026-11-00", "-026-11-23", "2026-11-2x"})
    CHECK_FALSE(day::parse(text).has_value());
}

TEST_CASE("the day of a time is that in which it lies") {
  CHECK(day_of(0) == day{0});
  CHECK(day_of(86'399) == day{0});
  CHECK(day_of(86'400) == day{1});
  CHECK(day_of(-1) == day{-1});
  CHECK(day_of(-86'400) == day{-1});
  CHECK(first_second_of(day{-1}) == -86'400);
  CHECK(to_text(day_of(std::numeric_limits<std::int64_t>::min())) == "0000-01-01");
  CHECK(to_text(day_of(std::numeric_limits<std::int64_t>::max())) == "9999-12-31");
}
