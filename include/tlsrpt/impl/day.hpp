/// @file
/// Bodies of day.hpp.

#ifndef TLSRPT_HPP_IMPL_DAY
#define TLSRPT_HPP_IMPL_DAY

#include <algorithm>
#include <cstddef>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/timestamp.hpp>

namespace tlsrpt {

constexpr std::optional<day> day::parse(std::string_view text) noexcept {
  if (text.size() != 10) return std::nullopt;
  int year = 0, month = 0, day_of_month = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_separator = i == 4 || i == 7;
    if (is_separator ? text[i] != '-' : !detail::is_digit(text[i])) return std::nullopt;
    int& part = i < 4 ? year : i < 7 ? month : day_of_month;
    if (!is_separator) part = 10 * part + (text[i] - '0');
  }
  if (month < 1 || month > 12 || day_of_month < 1 ||
      day_of_month > detail::days_in_month(year, month))
    return std::nullopt;
  return day{static_cast<std::int32_t>(detail::days_from_date(year, month, day_of_month))};
}

constexpr day_text to_text(day day) noexcept {
  const date_time_text time = to_date_time(first_second_of(day));
  day_text text;
  text.append(time.view().substr(0, 10));
  return text;
}

constexpr day day_of(std::int64_t seconds) noexcept {
  seconds = std::clamp(seconds, detail::first_second, detail::last_second);
  std::int64_t number = seconds / detail::seconds_per_day;
  if (seconds % detail::seconds_per_day < 0) --number;
  return {static_cast<std::int32_t>(number)};
}

constexpr std::int64_t first_second_of(day day) noexcept {
  return day.number * detail::seconds_per_day;
}

}  // namespace tlsrpt

#endif
