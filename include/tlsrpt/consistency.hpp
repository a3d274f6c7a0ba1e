/// @file
/// Looks for what is odd in a report that was read (RFC 8460, section 4): figures that contradict
/// each other, labels that do not go with the policy, periods and addresses that make no sense.
///
/// Reports that conform can have all of it. The codes are of grade warning where figures or labels
/// cannot all be right, or where something is missing that a postmaster needs; of grade note where
/// there is an innocent reason or no harm. Nothing is corrected.

#ifndef TLSRPT_HPP_CONSISTENCY
#define TLSRPT_HPP_CONSISTENCY

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/model.hpp>

namespace tlsrpt {

/// What check() has to know besides the report.
struct check_options {
  /// The present time, seconds since 1970-01-01T00:00:00Z. Without it the period is not compared
  /// with the clock; the library never reads one.
  std::optional<std::int64_t> now{};
  /// Seconds after `now` at which a period may end (errc::period_in_future).
  std::int64_t clock_skew = 3600;
  /// Seconds before `now` at which a period must not end (errc::period_beyond_retention). Without
  /// it no report is too old.
  std::optional<std::int64_t> retention{};
  /// The JSON text that the report was read from, report_parser::text(). The offset of a diagnostic
  /// is that of its subject in this text; it is 0 when there is no subject, when the sender wrote
  /// it with escapes, and without `text`.
  std::string_view text{};
  /// Room for comparing, check_room() elements. Without it there is room for 1024 on the stack,
  /// which does for honest reports. Where it is not enough, errc::comparison_left_out tells; so it
  /// does of a pattern among `mx-host` or mx lines that is longer than 512 octets.
  std::span<std::uint64_t> room{};
};

/// How many elements of check_options::room do for all comparisons in `report`. Linear in the
/// number of policies.
constexpr std::size_t check_room(const report_view& report) noexcept;

/// Tells `sink` what is odd: first about the period, then policy by policy, then about policies
/// that stand beside each other. A location has the indices of the report_view, which differ from
/// those in the text when the reader skipped elements. Subjects live as long as the report's views.
///
/// Unknown counts (see session_count) are never taken for 0: what depends on one is not checked.
/// Sums saturate. Counts above 2^53-1 are not told again; the reader has done it where it met them.
///
/// Complexity: n log n in the octets of the report, whatever the sender wrote. Allocates nothing.
template <diagnostic_sink Sink>
void check(const report_view& report, Sink&& sink,
           const check_options& options = {}) noexcept(detail::is_nothrow_sink<Sink>);

/// An order of failure details in which those are equal that differ in the count at most, so that a
/// display can merge them (errc::equal_failure_details) and add their counts by saturating_sum().
/// Host names and addresses are compared by what they mean. Linear in the texts.
constexpr std::weak_ordering kind_order(const failure_details_view& a,
                                        const failure_details_view& b) noexcept;

/// Whether the totals of two elements must not be added: they are about one domain, but of
/// different policy types, so the same sessions may be counted in both (RFC 8460, section 4). The
/// other way round there is no certainty: a `tlsa` element may be named after a mail host of the
/// domain.
constexpr bool may_share_sessions(const policy_head_view& a, const policy_head_view& b) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/consistency.hpp>

#endif
