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
  {errc::datagram_syntax, grade::fatal, "datagram-syntax", "",
   "The datagram is not a JSON object, or is nested too deep."},
  {errc::datagram_member, grade::fatal, "datagram-member", "",
   "A member of the datagram is missing, or has a value of another kind."},
  {errc::datagram_version, grade::fatal, "datagram-version", "",
   "The datagram is of another version of libtlsrpt's protocol."},
  {errc::datagram_limit, grade::fatal, "datagram-limit", "",
   "The datagram has more policies, failures or policy lines than the limit."},
  {errc::session_text, grade::fatal, "session-text", "",
   "A text of the session has a NUL, which no datagram can bring."},
  {errc::missing_datagram_version, grade::note, "missing-datagram-version", "",
   "The datagram has no version, as of early libtlsrpt."},
  {errc::datagram_utf8, grade::note, "datagram-utf8", "",
   "The datagram has octets that are not UTF-8; they are replaced."},
  {errc::datagram_failure_count, grade::note, "datagram-failure-count", "",
   "The number of failures that the datagram gives for a policy is not how many there are."},
  {errc::datagram_result_type, grade::note, "datagram-result-type", "",
   "The number of a result type is unknown; the failure is taken for a validation failure."},
  {errc::datagram_policy_type, grade::note, "datagram-policy-type", "",
   "The number of a policy type is unknown; the policy is not counted."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
