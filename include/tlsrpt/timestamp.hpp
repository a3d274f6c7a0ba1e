/// @file
/// Date-times of RFC 3339, as RFC 8460, section 4.4 has them.

#ifndef TLSRPT_HPP_TIMESTAMP
#define TLSRPT_HPP_TIMESTAMP

#include <array>
#include <cstdint>
#include <string_view>

#include <tlsrpt/error.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// A point in time and the text it came from.
struct timestamp {
  /// Seconds since 1970-01-01T00:00:00Z without leap seconds; 0 when unknown.
  std::int64_t seconds = 0;
  /// As written; absent (no data) when the member was absent.
  std::string_view text{};
  /// Whether the text could be read.
  bool known = false;

  /// Whether both are the same instant, however it is written, or both unknown.
  friend constexpr bool operator==(const timestamp& a, const timestamp& b) noexcept {
    return a.known == b.known && (!a.known || a.seconds == b.seconds);
  }
};

/// Which end of a range a date without a time means: the day's first or last second.
enum class day_end : std::uint8_t {
  first_second,  ///< 00:00:00, for the start of a range.
  last_second    ///< 23:59:59, for its end.
};

/// What a tolerant reader makes of a text: the time and up to four remarks (errc::ok means none).
/// Fractions of a second are dropped; second 60 counts as 59.
struct date_time_reading {
  std::int64_t seconds = 0;       ///< Since 1970-01-01T00:00:00Z; 0 when unknown.
  bool known = false;             ///< Whether the text could be read.
  std::array<errc, 4> remarks{};  ///< What is unusual about it, in the order of the text.
};

/// Reads a date-time of RFC 3339, and what senders write instead: without zone, with a space for
/// the "T", a date alone, 24:00:00, whitespace around it. Remarks: date_time_whitespace,
/// missing_time_zone, date_only, hour_24, zone_without_colon, space_for_t; zero_date_time and
/// unreadable_date_time when there is no time. `end` says what a date alone means. A time that
/// a zone moves out of the years 0 to 9999 in UTC is unreadable. Linear in the text.
constexpr date_time_reading read_date_time(std::string_view text,
                                           day_end end = day_end::first_second) noexcept;

/// The text of a time, such as "2026-11-23T23:59:59Z".
using date_time_text = short_text<20>;

/// A time as RFC 3339 has it, in UTC. Years outside 0 to 9999 are clamped. `seconds` count since
/// 1970-01-01T00:00:00Z.
constexpr date_time_text to_date_time(std::int64_t seconds) noexcept;

/// The same; "unknown" when the time is unknown.
constexpr date_time_text to_text(const timestamp& time) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/timestamp.hpp>

#endif
