/// @file
/// Periods and addresses that make no sense.

#include <tlsrpt/consistency.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sample.hpp"

using namespace consistency;

TEST_CASE("B-120: the period") {
  sample s;
  s.start = at(midnight, "start");
  const auto odd_for = [&](std::int64_t start, std::int64_t end) {
    s.start.seconds = start;
    s.end = at(end, "end");
    return s.odd();
  };
  const std::string not_a_day = "period-not-a-day /date-range/end-datetime end";

  SUBCASE("F-23, B-47: both spellings of the end of a day") {
    CHECK(odd_for(midnight, midnight + day - 1).empty());
    CHECK(odd_for(midnight, midnight + day).empty());
    CHECK(odd_for(midnight, midnight + day - 2) == not_a_day);
    CHECK(odd_for(midnight, midnight + day + 1) == not_a_day);
    CHECK(odd_for(midnight, midnight + 7 * day - 1) == not_a_day);
    CHECK(odd_for(midnight, midnight) == not_a_day);
  }
  SUBCASE("an end before the start") {
    CHECK(odd_for(midnight, midnight - 1) == "period-reversed /date-range/end-datetime end");
  }
  SUBCASE("a start that is not midnight") {
    const std::string odd = "period-not-from-midnight /date-range/start-datetime start";
    CHECK(odd_for(midnight + 1, midnight + day) == odd);
    CHECK(odd_for(midnight - 1, midnight + day - 1) == odd);
    CHECK(odd_for(midnight + 3600, midnight + 7200) == not_a_day + "; " + odd);
    CHECK(odd_for(-day, -1).empty());
    CHECK(odd_for(-1, day - 1) == odd);
    s.end.known = false;
    s.start.seconds = midnight + 1;
    CHECK(s.odd() == odd);
  }
  SUBCASE("without one end there is no length") {
    s.start.known = false;
    s.start.seconds = 0;
    CHECK(s.odd().empty());
    s.start.known = true;
    s.end = {};
    CHECK(s.odd().empty());
  }
  SUBCASE("the future, beyond the clock skew") {
    const std::string odd = "period-in-future /date-range/end-datetime end";
    CHECK(odd_for(midnight, midnight + day).empty());  // no clock
    s.options.now = midnight + day;
    CHECK(odd_for(midnight, midnight + day).empty());
    s.options.now = midnight + day - 3600;
    CHECK(odd_for(midnight, midnight + day).empty());
    s.options.now = midnight + day - 3601;
    CHECK(odd_for(midnight, midnight + day) == odd);
    s.options.clock_skew = 0;
    s.options.now = midnight + day - 1;
    CHECK(odd_for(midnight, midnight + day - 1).empty());
    CHECK(odd_for(midnight, midnight + day) == odd);
    s.options.now = midnight - 2;
    s.start.seconds = midnight;
    s.end.known = false;
    CHECK(s.odd() == "period-in-future /date-range/start-datetime start");
    s.start.known = false;
    CHECK(s.odd().empty());
  }
  SUBCASE("older than reports are kept") {
    const std::string odd = "period-beyond-retention /date-range/end-datetime end";
    s.options.now = midnight + 100 * day;
    CHECK(odd_for(midnight, midnight + day).empty());  // no limit
    s.options.retention = 99 * day;
    CHECK(odd_for(midnight, midnight + day).empty());
    CHECK(odd_for(midnight, midnight + day - 1) == odd);
    s.options.now.reset();
    CHECK(odd_for(midnight, midnight + day - 1).empty());
  }
  SUBCASE("numbers at the ends of their range") {
    constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
    s.options.retention = 0;
    for (std::int64_t now : {first, last})
      for (std::int64_t skew : {first, last}) {
        s.options.now = now;
        s.options.clock_skew = skew;
        CHECK(odd_for(first, last).find(not_a_day) == 0);
        CHECK(odd_for(last, first).find("period-reversed") == 0);
      }
  }
}

TEST_CASE("B-121: sending addresses that no session comes from") {
  sample s;
  const auto odd_for = [&](std::string_view address) {
    s.first().failures[0].sending_mta_ip.text = address;
    return s.odd();
  };
  const std::string where = " /policies/0/failure-details/0/sending-mta-ip ";
  for (const char* address : {"10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1",
                              "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "[10.0.0.1]"})
    CHECK(odd_for(address) == "internal-sending-address" + where + address);
  for (const char* address :
       {"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1", "::ffff:192.0.2.1"})
    CHECK(odd_for(address) == "documentation-sending-address" + where + address);
  for (const char* address : {"198.18.0.1", "2001:db9::1", "no address"})
    CHECK(odd_for(address).empty());
  CHECK(odd_for({}).empty());
}
