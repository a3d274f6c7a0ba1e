/// Fuzz target: date-times. The C library's calendar must agree with ours.

#include <algorithm>
#include <ctime>
#include <string>

#include <tlsrpt/timestamp.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::day_end;
using tlsrpt::errc;

std::string system_text(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm fields{};
  char text[40]{};
  if (gmtime_r(&time, &fields) == nullptr) return {};
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", fields.tm_year + 1900,
                fields.tm_mon + 1, fields.tm_mday, fields.tm_hour, fields.tm_min, fields.tm_sec);
  return text;
}

/// Printed and read back a time is the same.
void check_seconds(std::int64_t seconds) {
  const std::string text(tlsrpt::to_date_time(seconds));
  const tlsrpt::date_time_reading read = tlsrpt::read_date_time(text);
  constexpr std::int64_t first = -62'167'219'200, last = 253'402'300'799;  // years 0 and 9999
  const std::int64_t clamped = std::clamp(seconds, first, last);
  HOLDS(text == system_text(clamped));
  if (text.starts_with("0001-01-01")) {
    HOLDS(!read.known && read.remarks[0] == errc::zero_date_time);
    return;
  }
  HOLDS(read.known && read.seconds == clamped && read.remarks[0] == errc::ok);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();

  const auto first = tlsrpt::read_date_time(text, day_end::first_second);
  const auto last = tlsrpt::read_date_time(text, day_end::last_second);
  HOLDS(first.known == last.known && first.remarks == last.remarks);
  const auto has = [&first](errc code) {
    return std::find(first.remarks.begin(), first.remarks.end(), code) != first.remarks.end();
  };
  HOLDS(last.seconds - first.seconds == (has(errc::date_only) ? 86'399 : 0));
  HOLDS(first.known != (has(errc::unreadable_date_time) || has(errc::zero_date_time)));
  if (!first.known) HOLDS(first.seconds == 0 && first.remarks[1] == errc::ok);
  for (errc remark : first.remarks) HOLDS(grade_of(remark) < tlsrpt::grade::fatal);

  if (first.known) {
    check_seconds(first.seconds);
    check_seconds(last.seconds);
    // In UTC it has a text that reads the same.
    const tlsrpt::date_time_text in_utc = tlsrpt::to_date_time(first.seconds);
    const auto again = tlsrpt::read_date_time(in_utc);
    HOLDS(again.known && again.seconds == first.seconds && again.remarks[0] == errc::ok);
    // A zone of zero and lower case change nothing; a fraction does not either.
    if (first.remarks[0] == errc::ok && (text.ends_with('Z') || text.ends_with('z'))) {
      std::string other(text.substr(0, text.size() - 1));
      for (char& c : other)
        if (c == 'T') c = 't';
      HOLDS(tlsrpt::read_date_time(other + 'z').seconds == first.seconds);
      HOLDS(tlsrpt::read_date_time(other + "+00:00").seconds == first.seconds);
      HOLDS(tlsrpt::read_date_time(other + "-00:00").seconds == first.seconds);
      const auto moved = tlsrpt::read_date_time(other + "+01:30");
      // Unless it is moved to a time that has no text, or that means no time.
      HOLDS(moved.seconds == first.seconds - 5400 || !moved.known);
      HOLDS(moved.known || first.seconds < tlsrpt::read_date_time("0001-01-03").seconds);
      if (other.find('.') == std::string::npos)
        HOLDS(tlsrpt::read_date_time(other + ".999999999999Z").seconds == first.seconds);
      const auto without_zone = tlsrpt::read_date_time(other);
      HOLDS(without_zone.seconds == first.seconds &&
            without_zone.remarks[0] == errc::missing_time_zone);
    }
  }

  if (size >= sizeof(std::int64_t)) {
    std::int64_t seconds = 0;
    std::memcpy(&seconds, data, sizeof seconds);
    check_seconds(seconds);
    check_seconds(seconds % 400'000'000'000);
  }
  return 0;
}
