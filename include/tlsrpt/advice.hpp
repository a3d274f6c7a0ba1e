/// @file
/// From many reports to what is broken, since when, for whom, and what to do first.
///
///     const tlsrpt::advice advice = tlsrpt::make_advice(ledger, {.today = tlsrpt::day_of(now)});
///     for (const tlsrpt::finding& finding : advice.findings)
///       std::cout << finding.text << ' ' << finding.do_first << '\n';
///
/// Findings come from verified figures. What only claimed reports say makes findings of severity 3
/// at most; but in a ledger without any verified report all count alike. Counts of several kinds of
/// policies, and failures that a sender mentions, are never added up to failed sessions.
///
/// The same set of reports gives the same advice, however the ledger came about. Names and texts of
/// findings are partly those of senders: escape them before you show them. Memory comes from
/// std::allocator, whose exceptions are not caught.

#ifndef TLSRPT_HPP_ADVICE
#define TLSRPT_HPP_ADVICE

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/reasons.hpp>
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

/// "delivered" and so on.
constexpr std::string_view name(impact impact) noexcept;
/// One thing that is wrong.
struct finding {
  /// Of what it is: "cert", "tls", "path", "dns", "web" (the web server of a policy), "policy",
  /// "sender", "info", or "stopped" when reports no longer come.
  std::string_view code{};
  /// Identifies it, also in later advice: code, host or domain or sender, reason and kind, such as
  /// "cert.mx2.example.com.x509.expired.sts". Printable ASCII without spaces.
  std::string key{};
  int severity = 5;  ///< 1 act now, 2 today, 3 this week, 4 tell the sender, 5 information.
  tlsrpt::impact impact = tlsrpt::impact::delivered;       ///< The worst of its failures.
  tlsrpt::party party = tlsrpt::party::nobody;             ///< Who must act.
  tlsrpt::certainty certainty = tlsrpt::certainty::guess;  ///< Of the reason.
  std::vector<std::string> domains{};                      ///< Sorted.
  std::string host{};    ///< The mail host; empty when it is not about one.
  std::string node{};    ///< The machine, when it is one alone; else empty.
  std::string reason{};  ///< As ledger_failure::reason, or a guess where that is "-".
  day since{};  ///< The first day of the run that is not over; gaps of two days do not end it.
  day last{};   ///< The last day on which it was reported.
  tlsrpt::change change = tlsrpt::change::first_seen;  ///< What is new about it.
  bool is_spike = false;  ///< It continues, and far more sessions of the domain fail than before.
  std::vector<std::string> reporters{};  ///< Who noted it since then; sorted.
  std::vector<std::string> others{};     ///< Who has data of the last day, and did not; sorted.
  std::uint64_t noted = 0;               ///< Sessions that are mentioned with it since then.
  std::uint64_t failed_at_least = 0;     ///< Failed sessions of the reports that mention it.
  std::uint64_t without_reason = 0;      ///< Sessions at the same host without a reason.
  bool is_verified = true;               ///< Whether an authenticated report says so.
  std::optional<day> known_until{};      ///< Where somebody said that he knows.
  std::string text{};                    ///< One sentence or more: what is wrong.
  std::string do_first{};                ///< One sentence: what to do first.
  std::vector<digest> evidence{};        ///< Up to three reports, the newest first.
};

/// A sender that reported regularly and no longer does.
struct silent_reporter {
  std::string reporter{};  ///< As ledger_entry::reporter.
  std::string domain{};    ///< The domain that the reports were about.
  day last{};              ///< The last day with a report.
  std::int32_t days = 0;   ///< Days from that to today.
};

/// What somebody knows and does not want to be told again until the day is over.
struct known_finding {
  day until{};             ///< The last day.
  std::string_view key{};  ///< That of a finding.
};

/// A line of a list of known findings that cannot be read.
struct unreadable_line {
  std::size_t number = 0;  ///< Counted from 1.
};

/// A list of known findings.
struct known_list {
  std::vector<known_finding> known{};         ///< In the order of the lines.
  std::vector<unreadable_line> unreadable{};  ///< Lines that are something else.
};

/// Reads a list of known findings: a line for each, as "until 2027-01-31 KEY # why". Empty lines,
/// and lines that begin with "#", are skipped. Views point into `text`. Linear.
inline known_list parse_known(std::string_view text);

/// What advice is made for.
struct advice_options {
  day today{};                             ///< The day before it is the last that counts.
  std::span<const known_finding> known{};  ///< These get severity 5 until their day.
};

/// What to do.
struct advice {
  /// By severity, then failed sessions, then number of reporters, then key.
  std::vector<finding> findings{};
  /// By domain, then reporter.
  std::vector<silent_reporter> silent{};
};

/// The day after the last one of any report; nothing for an empty ledger. Linear.
inline std::optional<day> day_after(const ledger& ledger) noexcept;

/// What the reports say is to be done. Complexity: n log n in the rows of the ledger.
inline advice make_advice(const ledger& ledger, const advice_options& options);

}  // namespace tlsrpt

#include <tlsrpt/impl/advice.hpp>

#endif
