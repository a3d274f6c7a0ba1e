/// @file
/// The days that a report is about.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_PERIOD
#define TLSRPT_HPP_DETAIL_LEDGER_PERIOD

#include <cstdint>

#include <tlsrpt/day.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/timestamp.hpp>

namespace tlsrpt::detail {

/// A number of whole days.
struct day_span {
  day first{};
  std::int32_t days = 0;        ///< 0 when the range is unknown or reversed.
  bool is_approximate = false;  ///< The range does not begin and end at midnight.
};

/// The midnight next to a time, as the day that begins with it; at noon the earlier one.
constexpr day nearest_midnight(std::int64_t seconds) noexcept {
  constexpr std::int64_t noon = seconds_per_day / 2;
  const day begun = day_of(seconds);
  return seconds - first_second_of(begun) > noon ? begun + 1 : begun;
}

/// The days of a range: from the midnight next to its start to the one next to its end, so that 24
/// hours count for the day with the greater part of them. An end such as 23:59:59 means the minute
/// after. Counts of several days are never split: nothing says how (AG-19).
constexpr day_span days_of(const date_range_view& range) noexcept {
  const timestamp &start = range.start_datetime, &end = range.end_datetime;
  const bool is_usable = start.known && end.known && start.seconds <= end.seconds &&
                         has_four_digit_year(start.seconds) && has_four_digit_year(end.seconds);
  if (!is_usable) return {};
  const auto is_midnight = [](std::int64_t time) { return time % seconds_per_day == 0; };
  const std::int64_t begin = start.seconds;
  const bool is_inclusive = !is_midnight(end.seconds) && (end.seconds % 60 + 60) % 60 == 59;
  const std::int64_t past_end = is_inclusive ? end.seconds + 1 : end.seconds;
  const day first = nearest_midnight(begin), after = nearest_midnight(past_end);
  const bool is_approximate = !is_midnight(begin) || !is_midnight(past_end);
  if (after <= first) return {day_of(begin), 1, is_approximate};
  return {first, after - first, is_approximate};
}

}  // namespace tlsrpt::detail

#endif
