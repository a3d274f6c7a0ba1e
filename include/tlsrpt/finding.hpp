/// @file
/// What advice.hpp finds in many reports: things that are wrong, and senders that went silent.
///
/// All views live as long as the advice and the ledger that it was made of, until that changes.

#ifndef TLSRPT_HPP_FINDING
#define TLSRPT_HPP_FINDING

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/reason.hpp>
#include <tlsrpt/trend.hpp>

namespace tlsrpt {

/// What a failure does to mail, from the least to the worst.
enum class impact : std::uint8_t {
  delivered,    ///< It arrives.
  fallback,     ///< It is protected by a policy that the sender has from before.
  unprotected,  ///< It arrives as without a policy.
  clear,        ///< It arrives in clear text.
  refused       ///< It waits, and bounces in the end.
};

/// One thing that is wrong, or that can be done.
struct finding {
  /// Of what it is: "cert", "tls", "path", "dns", "web" (the web server of a policy), "policy",
  /// "sender", "info", "stopped" when reports no longer come, or "ready" when nothing is wrong and
  /// an MTA-STS policy in mode testing can be enforced.
  std::string_view code{};
  /// Identifies it, also in later advice: code, host or domain or sender, reason and kind, such as
  /// "cert.mx2.example.com.x509.expired.sts". "unexplained" or "rest" stands for the reason of
  /// failed sessions that no detail speaks of, "uncounted" where reports do not say whether any
  /// failed. Printable ASCII without spaces.
  std::string_view key{};
  int severity = 5;  ///< 1 act now, 2 today, 3 this week, 4 tell the sender, 5 information.
  tlsrpt::impact impact = tlsrpt::impact::delivered;  ///< The worst of its failures.
  tlsrpt::party party = tlsrpt::party::nobody;        ///< Who must act.
  /// Of the reason: that of the report that says it most clearly.
  tlsrpt::certainty certainty = tlsrpt::certainty::guess;
  std::span<const std::string_view> domains{};  ///< Sorted.
  std::string_view host{};                      ///< The mail host; empty when it is not about one.
  std::string_view node{};                      ///< The machine, when it is one alone; else empty.
  std::string_view reason{};  ///< As ledger_failure::reason, or a guess where that is "-".
  day since{};  ///< The first day of the run that is not over; gaps of two days do not end it.
  day last{};   ///< The last day on which it was reported.
  tlsrpt::change change = tlsrpt::change::first_seen;  ///< What is new about it.
  bool is_spike = false;  ///< It continues, and far more sessions of the domain fail than before.
  std::span<const std::string_view> reporters{};  ///< Who noted it since then; sorted.
  /// Who has data of the last day, and did not; sorted, at most most_others.
  std::span<const std::string_view> others{};
  std::uint64_t noted = 0;  ///< Sessions that are mentioned with it since then.
  /// Failed sessions of those days by those who mention it then, under the same policies.
  std::uint64_t failed_at_least = 0;
  std::uint64_t without_reason = 0;  ///< Sessions at the same host without a reason.
  /// Failed sessions of the same reporters, policies and days that no detail speaks of.
  std::uint64_t unexplained = 0;
  bool is_verified = true;             ///< Whether an authenticated report says so.
  std::optional<day> known_until{};    ///< Where somebody said that he knows.
  std::string_view text{};             ///< One sentence or more: what is wrong.
  std::string_view do_first{};         ///< One sentence: what to do first.
  std::span<const digest> evidence{};  ///< Up to three reports, the newest first.
};

/// The most names of finding::others.
inline constexpr std::size_t most_others = 1000;

/// A sender that reported regularly and no longer does.
struct silent_reporter {
  std::string_view reporter{};  ///< As ledger_entry::reporter.
  std::string_view domain{};    ///< The domain that the reports were about.
  day last{};                   ///< The last day with a report.
  std::int32_t days = 0;        ///< Days from that to today.
};

}  // namespace tlsrpt

#endif
