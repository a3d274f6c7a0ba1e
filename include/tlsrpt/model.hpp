/// @file
/// A report as plain aggregates of views (RFC 8460, section 4.4). Members have the names of the RFC
/// with `_` for `-`. Texts are as the sender wrote them: untrusted, so escape them before you show
/// them. Absent strings have a null data(); see present().
///
/// Views live until the next call on the parser that made them, its destruction, or a write to an
/// input that was parsed in place.

#ifndef TLSRPT_HPP_MODEL
#define TLSRPT_HPP_MODEL

#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// Whether a string member was there (null and "" count as absent). Absent strings have no data.
constexpr bool present(std::string_view member) noexcept { return member.data() != nullptr; }

/// A number of sessions, or unknown, which is not the same as 0.
class session_count {
 public:
  /// Unknown.
  constexpr session_count() noexcept = default;
  /// That many.
  constexpr session_count(std::uint64_t sessions) noexcept : value_(sessions), known_(true) {}

  /// Whether the member was there and could be read.
  constexpr bool known() const noexcept { return known_; }
  /// The count; 0 when unknown.
  constexpr std::uint64_t value() const noexcept { return value_; }
  /// The count, or `other` when unknown.
  constexpr std::uint64_t value_or(std::uint64_t other) const noexcept {
    return known_ ? value_ : other;
  }

  friend constexpr bool operator==(const session_count&, const session_count&) = default;

 private:
  std::uint64_t value_ = 0;
  bool known_ = false;
};

/// The text of a count; 2^64-1 has 20 digits.
using count_text = short_text<20>;

/// The count in decimal digits; "unknown" when it is unknown.
constexpr count_text to_text(session_count count) noexcept;

/// Deleted: of a number, say what it is: session_count, or to_date_time() for seconds.
template <std::integral Number>
count_text to_text(Number) = delete;

/// a + b, or 2^64-1 when that is too large. Counts are untrusted; sums of them must not wrap.
constexpr std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept {
  return a + b < a ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

/// `date-range`: the period of the report, a UTC day as a rule. An end written as 23:59:59 or as
/// the next midnight means the same day.
struct date_range_view {
  timestamp start_datetime;  ///< `start-datetime`.
  timestamp end_datetime;    ///< `end-datetime`.
};

/// Whether the period is one UTC day, whichever of the two ways its end is written.
constexpr bool is_utc_day(const date_range_view& period) noexcept;

/// The text of a period.
using period_text = short_text<44>;

/// A UTC day as "2026-11-23"; else both ends as "2026-11-23T06:00:00Z to 2026-11-24T05:59:59Z", an
/// unknown one as "unknown".
constexpr period_text to_text(const date_range_view& period) noexcept;

/// An element of `failure-details`: one kind of failure and how often it was seen.
struct failure_details_view {
  token<tlsrpt::result_type> result_type;   ///< `result-type`, section 4.3.
  ip_view sending_mta_ip;                   ///< Address that the sender connected from.
  ip_view receiving_ip;                     ///< Address of the mail host.
  std::string_view receiving_mx_hostname;   ///< Host name from the MX record.
  std::string_view receiving_mx_helo;       ///< What the mail host called itself; see helo_name().
  std::string_view additional_information;  ///< URI with more about the failure, or free text.
  std::string_view failure_reason_code;     ///< Text of the sender's TLS library, as a rule.
  session_count failed_session_count;       ///< Sessions that failed in this way.
  /// Index in `failure-details` of the document, skipped elements counted.
  std::uint32_t index = 0;
  std::uint32_t offset = 0;  ///< Octet of the JSON text at which the element begins.
};

/// An element of `policies` without its failure details: `policy` and `summary` combined.
struct policy_head_view {
  token<tlsrpt::policy_type> policy_type;  ///< `policy-type`.
  std::string_view policy_domain;  ///< The domain; a mail host for many reports about TLSA records.
  /// Lines of an MTA-STS policy or TLSA records, one each (see policy_text.hpp). A single string,
  /// an array inside a string and a single element with several of them have been split.
  std::span<const std::string_view> policy_string;
  /// What the sender wrote, when policy_string had to be split; else absent.
  std::string_view policy_string_text;
  /// Patterns from the mx lines of an MTA-STS policy; see matches_mx_pattern().
  std::span<const std::string_view> mx_host;
  session_count total_successful_session_count;  ///< Sessions with TLS as the policy demands.
  session_count total_failure_session_count;     ///< Sessions that failed.
  std::uint32_t index = 0;   ///< Index in `policies` of the document, skipped elements counted.
  std::uint32_t offset = 0;  ///< Octet of the JSON text at which the element begins.
};

/// An element of `policies`.
struct policy_view : policy_head_view {
  std::span<const failure_details_view> failure_details;  ///< In the sender's order; may be empty.
};

/// A report without its policies.
struct report_head_view {
  std::string_view organization_name;  ///< Who reports.
  std::string_view contact_info;       ///< A mail address, as a rule.
  std::string_view report_id;          ///< Many senders use ids that are not unique.
  date_range_view date_range;          ///< The period that the counts are about.
};

/// A report.
struct report_view : report_head_view {
  std::span<const policy_view> policies;  ///< In the sender's order; may be empty.
};

}  // namespace tlsrpt

#include <tlsrpt/impl/model.hpp>

#endif
