/// @file
/// Date-times (RFC 3339) and IP addresses.

#ifndef TLSRPT_HPP_DETAIL_CODES_VALUE
#define TLSRPT_HPP_DETAIL_CODES_VALUE

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row value_codes[] = {
  {errc::unreadable_date_time, grade::violation, "unreadable-date-time", "RFC 3339, 5.6",
   "This is not a date-time, so the time is unknown."},
  {errc::date_time_whitespace, grade::violation, "date-time-whitespace", "RFC 3339, 5.6",
   "Whitespace is not allowed around a date-time; it is skipped."},
  {errc::missing_time_zone, grade::violation, "missing-time-zone", "RFC 3339, 5.6",
   "The date-time has no time zone; UTC is assumed."},
  {errc::date_only, grade::violation, "date-only", "RFC 3339, 5.6",
   "The date has no time; the whole day in UTC is assumed."},
  {errc::hour_24, grade::violation, "hour-24", "RFC 3339, 5.7",
   "24:00:00 is not a valid time in RFC 3339; the next midnight is assumed."},
  {errc::zone_without_colon, grade::violation, "zone-without-colon", "RFC 3339, 5.6",
   "The time zone offset lacks its colon."},
  {errc::space_for_t, grade::warning, "space-for-t", "RFC 3339, 5.6",
   "A space separates date and time; it should be a \"T\"."},
  {errc::zero_date_time, grade::warning, "zero-date-time", "RFC 3339, 5.6",
   "The date-time is a program's zero value (0001-01-01), so the time is unknown."},
  {errc::unreadable_ip, grade::violation, "unreadable-ip", "RFC 8460, 4.4",
   "This is not an IP address; its text is kept."},
  {errc::ip_decorated, grade::violation, "ip-decorated", "RFC 8460, 4.4",
   "The IP address is decorated with brackets, a tag, a zone or whitespace, which do not belong there."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
