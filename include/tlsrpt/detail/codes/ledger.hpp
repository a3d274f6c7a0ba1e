/// @file
/// Ledgers of many reports.

#ifndef TLSRPT_HPP_DETAIL_CODES_LEDGER
#define TLSRPT_HPP_DETAIL_CODES_LEDGER

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row ledger_codes[] = {
  {errc::not_canonical, grade::fatal, "not-canonical", "",
   "The text is not what the library writes: it was made or changed by something else."},
  {errc::ledger_options_differ, grade::fatal, "ledger-options-differ", "",
   "The ledgers were made with other options, or other rules about reasons, so they cannot be combined."},
  {errc::ledger_full, grade::fatal, "ledger-full", "",
   "The ledger, or the part of it that this reporter may fill, is full."},
  {errc::period_too_long, grade::fatal, "period-too-long", "",
   "The period of the report has more than 400 days."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
