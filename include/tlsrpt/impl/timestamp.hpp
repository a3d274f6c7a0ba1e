/// @file
/// Bodies of timestamp.hpp.

#ifndef TLSRPT_HPP_IMPL_TIMESTAMP
#define TLSRPT_HPP_IMPL_TIMESTAMP

#include <algorithm>
#include <cstddef>
#include <optional>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt {

namespace detail {

inline constexpr std::int64_t seconds_per_day = 86'400;

// Tables are outside functions, where compilers do not build them again at each call.
/// By month; 0 for those up to 19 that are none.
inline constexpr std::uint8_t usual_days_in_month[20] = {0,  31, 28, 31, 30, 31, 30,
                                                         31, 31, 30, 31, 30, 31};
inline constexpr std::uint16_t days_from_march[] = {0,   306, 337, 0,   31,  61, 92,
                                                    122, 153, 184, 214, 245, 275};

constexpr bool is_leap_year(int year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(int year, int month) noexcept {
  return month == 2 && is_leap_year(year) ? 29 : usual_days_in_month[month];
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, year 0 or later. Years are
/// counted from March, so that the leap day is the last of its year, and from 400 years before year
/// 0, so that no number is negative.
constexpr std::int64_t days_from_date(int year, int month, int day) noexcept {
  const auto march_year = static_cast<unsigned>(year + 400 - (month <= 2 ? 1 : 0));
  const unsigned century = march_year / 100;
  const unsigned leap_days = march_year / 4 - century + century / 4;
  const unsigned day_of_year = days_from_march[month] + static_cast<unsigned>(day) - 1;
  return std::int64_t{march_year * 365 + leap_days + day_of_year} - (146'097 + 719'468);
}

/// Whether a time lies on 0001-01-01, which programs write that never set their time.
constexpr bool is_zero_date_time(std::int64_t seconds) noexcept {
  constexpr std::int64_t first = days_from_date(1, 1, 1) * seconds_per_day;
  return seconds >= first && seconds < first + seconds_per_day;
}

/// The first and the last second of the years that a date-time can have.
inline constexpr std::int64_t first_second = days_from_date(0, 1, 1) * seconds_per_day;
inline constexpr std::int64_t last_second = days_from_date(10'000, 1, 1) * seconds_per_day - 1;

/// Whether the year of a time in UTC is one that a date-time can have.
constexpr bool has_four_digit_year(std::int64_t seconds) noexcept {
  return seconds >= first_second && seconds <= last_second;
}

/// Some octets of a date-time: a digit means one that is not greater, every other octet itself.
template <class Word>
struct date_time_pattern {
  constexpr explicit date_time_pattern(const char (&text)[sizeof(Word) + 1]) noexcept {
    for (std::size_t i = sizeof(Word); i-- > 0;) {
      const char least = is_digit(text[i]) ? '0' : text[i];
      octets = static_cast<Word>(octets << 8 | static_cast<Word>(least));
      lift = static_cast<Word>(lift << 8 | static_cast<Word>(0x80 - 1 - (text[i] - least)));
    }
  }

  Word octets = 0;
  /// What is to be added to an octet's difference from the pattern so that 0x80 shows a mismatch.
  Word lift = 0;
};

/// The numbers in octets that were held against a pattern.
template <class Word>
class date_time_digits {
 public:
  constexpr date_time_digits(const char* text, const date_time_pattern<Word>& pattern) noexcept
      : values_(load_word<Word>(text) ^ pattern.octets),
        mismatches_(((values_ + pattern.lift) | values_) & static_cast<Word>(0x8080808080808080u)) {
  }

  /// Not 0 when an octet does not match.
  constexpr Word mismatches() const noexcept { return mismatches_; }

  /// The two digits at `at`, when all octets match.
  constexpr int two_digits(unsigned at) const noexcept {
    return static_cast<int>((values_ * 10 + (values_ >> 8)) >> (8 * at) & 0xff);
  }

 private:
  Word values_, mismatches_;
};

/// Reads "YYYY-MM-DDTHH:MM:SSZ", the form of nearly all reports, the short way, without a branch
/// that depends on the day. Nothing for other texts, and for those that read_date_time() takes but
/// are rare: leap days, second 60, hour 24, and the years 0 and 1.
constexpr std::optional<std::int64_t> read_canonical_date_time(std::string_view text) noexcept {
  if (text.size() != 20) return std::nullopt;
  constexpr date_time_pattern<std::uint64_t> year_month_pattern("9999-19-");
  constexpr date_time_pattern<std::uint64_t> day_hour_minute_pattern("39T29:59");
  constexpr date_time_pattern<std::uint32_t> second_pattern(":59Z");
  const date_time_digits year_month(text.data(), year_month_pattern);
  const date_time_digits day_hour_minute(text.data() + 8, day_hour_minute_pattern);
  const date_time_digits seconds(text.data() + 16, second_pattern);
  if (year_month.mismatches() | day_hour_minute.mismatches() | seconds.mismatches())
    return std::nullopt;
  const int year = year_month.two_digits(0) * 100 + year_month.two_digits(2);
  const int month = year_month.two_digits(5), day = day_hour_minute.two_digits(0);
  const int hour = day_hour_minute.two_digits(3), minute = day_hour_minute.two_digits(6);
  const int second = seconds.two_digits(1);
  if (year <= 1 || hour > 23 || day == 0 || day > usual_days_in_month[month]) return std::nullopt;
  return days_from_date(year, month, day) * seconds_per_day + std::int64_t{hour} * 3600 +
         std::int64_t{minute} * 60 + second;
}

/// A cursor over the fixed-width fields of a date-time.
class date_time_scanner {
 public:
  explicit constexpr date_time_scanner(std::string_view text) noexcept : text_(text) {}

  constexpr bool at_end() const noexcept { return at_ == text_.size(); }

  /// Goes past `c`, or stays.
  constexpr bool take(char c) noexcept {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// Reads exactly `digits` digits; -1 when there are fewer.
  constexpr int number(int digits) noexcept {
    int value = 0;
    for (; digits > 0; --digits, ++at_) {
      if (at_end() || !is_digit(text_[at_])) return -1;
      value = value * 10 + (text_[at_] - '0');
    }
    return value;
  }

  /// Goes past digits; false when there is none.
  constexpr bool skip_digits() noexcept {
    const std::size_t first = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    return at_ != first;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Adds a number of at least two digits.
constexpr void put_two_digits(date_time_text& text, std::uint64_t number) noexcept {
  if (number < 10) put(text, '0');
  put_number(text, number);
}

}  // namespace detail

constexpr date_time_reading read_date_time(std::string_view text, day_end end) noexcept {
  if (const auto time = detail::read_canonical_date_time(text)) return {*time, true, {}};

  date_time_reading reading;
  std::size_t remarks = 0;
  const auto remark = [&](errc code) { reading.remarks[remarks++] = code; };
  const date_time_reading unreadable{0, false, {errc::unreadable_date_time}};

  const std::string_view trimmed = detail::trim(text, detail::whitespace_octet);
  if (trimmed.size() != text.size()) remark(errc::date_time_whitespace);
  detail::date_time_scanner scan(trimmed);
  const int year = scan.number(4);
  if (year < 0 || !scan.take('-')) return unreadable;
  const int month = scan.number(2);
  if (month < 1 || month > 12 || !scan.take('-')) return unreadable;
  const int day = scan.number(2);
  if (day < 1 || day > detail::days_in_month(year, month)) return unreadable;
  reading.seconds = detail::days_from_date(year, month, day) * detail::seconds_per_day;
  const date_time_reading never_set{0, false, {errc::zero_date_time}};
  // Whatever the time and the zone are: nobody sent mail in the year 1.
  if (detail::is_zero_date_time(reading.seconds)) return never_set;
  if (scan.at_end()) {
    remark(errc::date_only);
    if (end == day_end::last_second) reading.seconds += detail::seconds_per_day - 1;
    reading.known = true;
    return reading;
  }

  if (!scan.take('T') && !scan.take('t')) {
    if (!scan.take(' ')) return unreadable;
    remark(errc::space_for_t);
  }
  const int hour = scan.number(2);
  if (hour < 0 || hour > 24 || !scan.take(':')) return unreadable;
  const int minute = scan.number(2);
  if (minute < 0 || minute > 59 || !scan.take(':')) return unreadable;
  const int second = scan.number(2);
  if (second < 0 || second > 60) return unreadable;
  if (hour == 24) {
    if (minute != 0 || second != 0) return unreadable;
    remark(errc::hour_24);
  }
  // Hour 24 has one instant only, midnight, and so no fraction.
  if (scan.take('.') && (hour == 24 || !scan.skip_digits())) return unreadable;
  reading.seconds += hour * 3600 + minute * 60 + std::min(second, 59);

  if (scan.at_end()) {
    remark(errc::missing_time_zone);
  } else if (!scan.take('Z') && !scan.take('z')) {
    const bool east = scan.take('+');
    if (!east && !scan.take('-')) return unreadable;
    const int hours = scan.number(2);
    if (hours < 0 || hours > 23) return unreadable;
    int minutes = 0;
    if (scan.take(':')) {
      minutes = scan.number(2);
    } else {
      remark(errc::zone_without_colon);
      if (!scan.at_end()) minutes = scan.number(2);
    }
    if (minutes < 0 || minutes > 59) return unreadable;
    const int offset = hours * 3600 + minutes * 60;
    reading.seconds += east ? -offset : offset;
  }
  if (!scan.at_end()) return unreadable;
  // A zone may have moved the time; what is known has a text in UTC that reads the same.
  if (detail::is_zero_date_time(reading.seconds)) return never_set;
  if (!detail::has_four_digit_year(reading.seconds)) return unreadable;

  reading.known = true;
  return reading;
}

constexpr date_time_text to_date_time(std::int64_t seconds) noexcept {
  const auto since_first = static_cast<std::uint64_t>(
      std::clamp(seconds, detail::first_second, detail::last_second) - detail::first_second);
  const std::uint64_t time = since_first % detail::seconds_per_day;
  // The reverse of days_from_date(). Year 0 begins 60 days before its March.
  const std::uint64_t days = since_first / detail::seconds_per_day + (146'097 - 60);
  const std::uint64_t era = days / 146'097;
  const std::uint64_t day_of_era = days - era * 146'097;
  const std::uint64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::uint64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::uint64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::uint64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0) - 400;
  date_time_text text;
  detail::put_two_digits(text, year / 100);
  detail::put_two_digits(text, year % 100);
  const auto part = [&text](char separator, std::uint64_t number) {
    detail::put(text, separator);
    detail::put_two_digits(text, number);
  };
  part('-', month);
  part('-', day_of_year - (153 * month_from_march + 2) / 5 + 1);
  part('T', time / 3600);
  part(':', time / 60 % 60);
  part(':', time % 60);
  detail::put(text, 'Z');
  return text;
}

constexpr date_time_text to_text(const timestamp& time) noexcept {
  if (time.known) return to_date_time(time.seconds);
  date_time_text text;
  text.append("unknown");
  return text;
}

}  // namespace tlsrpt

#endif
