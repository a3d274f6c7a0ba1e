/// @file
/// UTC days, as figures of reports are kept by.

#ifndef TLSRPT_HPP_DAY
#define TLSRPT_HPP_DAY

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// A UTC day, as the number of days since 1970-01-01. Its text needs a year from 0 to 9999.
struct day {
  std::int32_t number = 0;  ///< Days since 1970-01-01, negative before.

  /// Reads what to_text() writes: a date that exists, as "2026-11-23", nothing else.
  static constexpr std::optional<day> parse(std::string_view text) noexcept;

  friend constexpr bool operator==(const day&, const day&) = default;
  /// By time.
  friend constexpr std::strong_ordering operator<=>(const day& a, const day& b) = default;
};

/// The day so many days later, or earlier. Beyond the range of the type it wraps around, as
/// unsigned numbers do.
constexpr day operator+(day from, std::int32_t days) noexcept {
  return {static_cast<std::int32_t>(static_cast<std::uint32_t>(from.number) +
                                    static_cast<std::uint32_t>(days))};
}
/// The day so many days earlier, or later.
constexpr day operator-(day from, std::int32_t days) noexcept {
  return {static_cast<std::int32_t>(static_cast<std::uint32_t>(from.number) -
                                    static_cast<std::uint32_t>(days))};
}
/// How many days `from` is later than `other`.
constexpr std::int32_t operator-(day from, day other) noexcept {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(from.number) -
                                   static_cast<std::uint32_t>(other.number));
}

/// The text of a day, such as "2026-11-23".
using day_text = short_text<10>;

/// "2026-11-23"; years outside 0 to 9999 are clamped.
constexpr day_text to_text(day day) noexcept;

/// The day of a time in seconds since 1970; times outside of the years 0 to 9999 count as the first
/// or the last of these days.
constexpr day day_of(std::int64_t seconds) noexcept;

/// The first second of a day, counted since 1970.
constexpr std::int64_t first_second_of(day day) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/day.hpp>

#endif
