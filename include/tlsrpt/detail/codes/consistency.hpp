/// @file
/// Consistency of a report that conforms (RFC 8460, section 4).

#ifndef TLSRPT_HPP_DETAIL_CODES_CONSISTENCY
#define TLSRPT_HPP_DETAIL_CODES_CONSISTENCY

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row consistency_codes[] = {
  {errc::failures_without_details, grade::warning, "failures-without-details", "RFC 8460, 4.4",
   "Sessions failed, but the report does not say how: there is nothing to act on."},
  {errc::failures_despite_zero_total, grade::warning, "failures-despite-zero-total", "RFC 8460, 4.4",
   "The total says that no session failed, yet the failure details count some; one of the two is wrong."},
  {errc::details_below_total, grade::warning, "details-below-total", "RFC 8460, 4.4",
   "The failure details add up to fewer sessions than failed in total: the report gives no cause for the rest."},
  {errc::details_above_total, grade::note, "details-above-total", "RFC 8460, 4",
   "The failure details add up to more sessions than failed in total, since a session can fail in several ways; the total is what counts."},
  {errc::failed_count_above_total, grade::warning, "failed-count-above-total", "RFC 8460, 4.4",
   "One kind of failure has more sessions than failed in total, which is impossible; the figures of this policy are doubtful."},
  {errc::failed_count_zero, grade::note, "failed-count-zero", "RFC 8460, 4.4",
   "A kind of failure is listed that occurred in no session; no action is needed."},
  {errc::no_sessions, grade::note, "no-sessions", "RFC 8460, 4.4",
   "No session was counted, neither successful nor failed, so this element says nothing."},
  {errc::equal_failure_details, grade::note, "equal-failure-details", "RFC 8460, 4.4",
   "This kind of failure is already listed in the same policy; the two counts add up."},
  {errc::equal_policies, grade::note, "equal-policies", "RFC 8460, 4.4",
   "The same policy is already listed; the counts of the two elements add up."},
  {errc::result_type_of_other_policy, grade::warning, "result-type-of-other-policy", "RFC 8460, 4.3.2",
   "The result type belongs to DANE under an MTA-STS policy, or to MTA-STS under a DANE policy; which of the two failed is unclear."},
  {errc::dane_ee_certificate_check, grade::warning, "dane-ee-certificate-check", "RFC 7672, 3.1.1",
   "All TLSA records have usage 3 (DANE-EE), with which senders must ignore names and dates in the certificate; the sender is probably at fault."},
  {errc::failures_under_mode_none, grade::warning, "failures-under-mode-none", "RFC 8461, 6",
   "The MTA-STS policy has mode \"none\", so senders should neither apply it nor report failures; no action is needed while it stays so."},
  {errc::mx_host_differs_from_policy, grade::warning, "mx-host-differs-from-policy", "RFC 8460, 4.4",
   "mx-host and the mx lines of the policy name different hosts; the policy text is what the sender should have applied."},
  {errc::mx_outside_policy, grade::note, "mx-outside-policy", "RFC 8461, 4.1",
   "The mail host matches no mx pattern of the MTA-STS policy, which is probably the failure itself: correct the policy or the MX record."},
  {errc::policy_string_missing, grade::note, "policy-string-missing", "RFC 8460, 4.5",
   "The report names a kind of policy but does not show the policy, and no failure says that the sender could not get it."},
  {errc::policy_string_without_policy, grade::warning, "policy-string-without-policy", "RFC 8460, 4.5",
   "The sender says that it found no policy, yet shows one; which of the two is true is unclear."},
  {errc::mx_host_without_sts, grade::note, "mx-host-without-sts", "RFC 8460, 4.4",
   "mx-host applies to MTA-STS policies only; here it has no effect."},
  {errc::receiving_ip_of_fetch_failure, grade::note, "receiving-ip-of-fetch-failure", "RFC 8460, 4.3.2.2",
   "The sender could not fetch the MTA-STS policy, which happens before it connects to a mail host, yet gives the address of one; this is harmless."},
  {errc::period_reversed, grade::warning, "period-reversed", "RFC 8460, 4.1",
   "The period ends before it starts, so the day that the report covers is unknown."},
  {errc::period_not_a_day, grade::note, "period-not-a-day", "RFC 8460, 4.1",
   "The period is not one day long, as in most reports; take care when comparing or adding up."},
  {errc::period_not_from_midnight, grade::note, "period-not-from-midnight", "RFC 8460, 4.1",
   "The period does not start at midnight UTC, so it is not a whole UTC day."},
  {errc::period_in_future, grade::warning, "period-in-future", "RFC 8460, 4.1",
   "The period ends in the future: the sender's clock or yours is wrong, or the report is made up."},
  {errc::period_beyond_retention, grade::note, "period-beyond-retention", "RFC 8460, 4.1",
   "The report covers a time longer ago than reports are kept."},
  {errc::internal_sending_address, grade::note, "internal-sending-address", "RFC 8460, 4.4",
   "The sending address is private, loopback or link-local: it means something to the sender only."},
  {errc::documentation_sending_address, grade::warning, "documentation-sending-address", "RFC 8460, 4.4",
   "The sending address is reserved for examples, so no session came from it; the report is a test, altered or made up."},
  {errc::overlapping_totals, grade::note, "overlapping-totals", "RFC 8460, 4",
   "The domain appears with several types of policy, which may count the same sessions; do not add up their totals."},
  {errc::comparison_left_out, grade::note, "comparison-left-out", "RFC 8259, 9",
   "Parts of the report are too large, or too many for the given scratch space, to be compared; equal or differing ones may be missed."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
