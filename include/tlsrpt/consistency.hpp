/// @file
/// Consistency checks on a report that was read (RFC 8460, section 4): figures that contradict each
/// other, labels that do not go with the policy, periods and addresses that make no sense.
///
/// Reports that conform can have all of it. The codes are of grade warning where figures or labels
/// cannot all be right, or where something is missing that a postmaster needs; of grade note where
/// there is an innocent reason or no harm. Nothing is corrected.
///
///     std::vector<std::byte> scratch(tlsrpt::scratch_size(*report));
///     tlsrpt::find_inconsistencies(*report, sink, {.now = std::time(nullptr), .scratch =
///     scratch});

#ifndef TLSRPT_HPP_CONSISTENCY
#define TLSRPT_HPP_CONSISTENCY

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt {

/// What find_inconsistencies() has to know besides the report. All times may have any value.
struct consistency_options {
  /// The present time, seconds since 1970-01-01T00:00:00Z. Without it the period is not compared
  /// with the clock; the library never reads one.
  std::optional<std::int64_t> now{};
  /// Seconds after `now` at which a period may end (errc::period_in_future).
  std::int64_t clock_skew = 3600;
  /// Seconds before `now` at which a period must not end (errc::period_beyond_retention). Without
  /// it no report is too old.
  std::optional<std::int64_t> retention{};
  /// Memory to compare the elements of arrays in, scratch_size() octets of any alignment; its
  /// content does not matter. Without it, or when it is smaller than that, 8 KiB on the stack are
  /// used, enough for ordinary reports. Where the memory is too small, or a pattern in `mx-host` or
  /// an mx line has more than 512 octets, errc::comparison_left_out is reported.
  std::span<std::byte> scratch{};
};

/// Octets of consistency_options::scratch that are enough for all comparisons in `report`. At most
/// 8 for each failure detail and each policy and 16 for each string of the largest array.
constexpr std::size_t scratch_size(const report_view& report) noexcept;

/// Reports inconsistencies to `sink`: first those of the period, then policy by policy, then those
/// between policies. Subjects live as long as the report's views.
///
/// Locations have the indices of the document, policy_head_view::index and
/// failure_details_view::index. An offset is that of the element of `policies` or `failure-details`
/// in question; of the period and of `policies` it is 0, the start of the text. location::element
/// is the index in policy_view::policy_string or `mx_host`, which has no skipped elements.
///
/// Unknown counts (see session_count) are never taken for 0: what depends on one is not checked.
/// Sums saturate. Counts above 2^53-1 are not reported again; the parser already did.
///
/// Complexity: n log n in the octets of the report, whatever the sender wrote. Allocates nothing.
template <diagnostic_sink Sink>
void find_inconsistencies(
    const report_view& report, Sink&& sink,
    const consistency_options& options = {}) noexcept(detail::is_nothrow_sink<Sink>);

/// An order of failure details in which those are equal that differ in the count at most, so that a
/// display can merge them (errc::equal_failure_details) and add their counts by saturating_sum().
/// Host names and addresses are compared by what they mean. Linear in the texts.
constexpr std::weak_ordering compare_failures(const failure_details_view& a,
                                              const failure_details_view& b) noexcept;

/// Whether the totals of two elements must not be added: they are about one domain, but of
/// different policy types, so the same sessions may be counted in both (RFC 8460, section 4).
/// Otherwise nothing is certain: a `tlsa` element may be named after a mail host of the domain.
constexpr bool may_share_sessions(const policy_head_view& a, const policy_head_view& b) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/consistency.hpp>

#endif
