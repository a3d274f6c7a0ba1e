/// @file
/// Bodies of model.hpp.

#ifndef TLSRPT_HPP_IMPL_MODEL
#define TLSRPT_HPP_IMPL_MODEL

#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

constexpr count_text to_text(session_count count) noexcept {
  count_text text;
  if (count.known())
    detail::put_number(text, count.value());
  else
    text.append("unknown");
  return text;
}

constexpr bool is_utc_day(const date_range_view& period) noexcept {
  constexpr std::int64_t day = 86'400;
  const timestamp& start = period.start_datetime;
  const timestamp& end = period.end_datetime;
  if (!start.known || !end.known || start.seconds % day != 0 || start.seconds > end.seconds)
    return false;
  // Unsigned: whatever the numbers are, nothing overflows.
  const std::uint64_t size =
      static_cast<std::uint64_t>(end.seconds) - static_cast<std::uint64_t>(start.seconds);
  return size == day - 1 || size == day;
}

constexpr period_text to_text(const date_range_view& period) noexcept {
  period_text text;
  const date_time_text start = to_text(period.start_datetime);
  if (is_utc_day(period)) {
    text.append(start.view().substr(0, 10));
    return text;
  }
  const date_time_text end = to_text(period.end_datetime);
  text.append(start);
  text.append(" to ");
  text.append(end);
  return text;
}

}  // namespace tlsrpt

#endif
