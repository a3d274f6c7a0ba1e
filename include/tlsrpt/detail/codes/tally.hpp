/// @file
/// Sessions of a day.

#ifndef TLSRPT_HPP_DETAIL_CODES_TALLY
#define TLSRPT_HPP_DETAIL_CODES_TALLY

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row tally_codes[] = {
  {errc::other_day, grade::fatal, "other-day", "",
   "The session, or the tally, is of another day."},
  {errc::session_domain, grade::fatal, "session-domain", "",
   "A domain of the session is not a host name."},
  {errc::tally_full, grade::fatal, "tally-full", "",
   "The tally has no room for what is to be added."},
  {errc::part_known, grade::fatal, "part-known", "",
   "A part of the tally is in this one already, so it would count twice."},
  {errc::nothing_to_report, grade::fatal, "nothing-to-report", "",
   "No session of the domain was counted, so there is no report."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
