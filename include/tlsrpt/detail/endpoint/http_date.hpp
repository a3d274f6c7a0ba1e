/// @file
/// Dates of HTTP (RFC 9110, section 5.6.7).

#ifndef TLSRPT_HPP_DETAIL_ENDPOINT_HTTP_DATE
#define TLSRPT_HPP_DETAIL_ENDPOINT_HTTP_DATE

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/timestamp.hpp>

namespace tlsrpt::detail {

/// Reads a date by a pattern: d, e, b, Y, y and t stand for parts, much as for strftime(),
/// everything else for itself. Nothing when the text is not like that.
class http_date_reader {
 public:
  explicit constexpr http_date_reader(std::string_view text) noexcept : text_(text) {}

  constexpr std::optional<std::int64_t> read(std::string_view pattern) noexcept {
    for (char c : pattern)
      if (!part(c)) return std::nullopt;
    if (!text_.empty()) return std::nullopt;
    short_text<20> date;
    put_digits(date, year_, 4);
    date.append("-");
    put_digits(date, month_, 2);
    date.append("-");
    put_digits(date, day_, 2);
    date.append("T");
    date.append(time_);
    date.append("Z");
    const date_time_reading reading = read_date_time(date);
    if (!reading.known) return std::nullopt;
    return reading.seconds;
  }

 private:
  constexpr bool part(char c) noexcept {
    switch (c) {
      case 'd':
        return number(2, day_);
      case 'e':  // one digit has a space before it
        if (text_.starts_with(' ')) {
          text_.remove_prefix(1);
          return number(1, day_);
        }
        return number(2, day_);
      case 'b':
        return month();
      case 'Y':
        return number(4, year_);
      case 'y':
        // Two digits are of the 100 years around 2020 (RFC 9110 has a moving window of 50 years).
        if (!number(2, year_)) return false;
        year_ += year_ < 70 ? 2000 : 1900;
        return true;
      case 't':
        if (text_.size() < 8) return false;
        time_ = text_.substr(0, 8);
        text_.remove_prefix(8);
        return true;
      default:
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }
  }

  constexpr bool number(std::size_t digits, unsigned& value) noexcept {
    const auto read = read_number<unsigned>(text_.substr(0, digits));
    if (!read || text_.size() < digits) return false;
    value = *read;
    text_.remove_prefix(digits);
    return true;
  }

  constexpr bool month() noexcept {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const std::size_t at =
        text_.size() < 3 ? std::string_view::npos : months.find(text_.substr(0, 3));
    if (at == std::string_view::npos || at % 3 != 0) return false;
    month_ = static_cast<unsigned>(at / 3 + 1);
    text_.remove_prefix(3);
    return true;
  }

  static constexpr void put_digits(short_text<20>& out, unsigned value, int digits) noexcept {
    for (unsigned power = digits == 4 ? 1000 : 10; power != 0; power /= 10)
      put(out, static_cast<char>('0' + value / power % 10));
  }

  std::string_view text_;
  std::string_view time_{};
  unsigned day_ = 0, month_ = 0, year_ = 0;
};

/// A date in any of the three forms, in seconds since 1970. The day of the week is not compared.
constexpr std::optional<std::int64_t> read_http_date(std::string_view text) noexcept {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    if (text.size() < 4) return std::nullopt;
    return http_date_reader(text.substr(3)).read(" b e t Y");
  }
  const http_date_reader reader(text.substr(comma));
  if (const auto date = http_date_reader(reader).read(", d b Y t GMT")) return date;
  return http_date_reader(reader).read(", d-b-y t GMT");
}

}  // namespace tlsrpt::detail

#endif
