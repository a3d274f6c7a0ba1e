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
#include <tlsrpt/finding.hpp>
#include <tlsrpt/ledger.hpp>

namespace tlsrpt {

/// "delivered" and so on.
constexpr std::string_view name(impact impact) noexcept;

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
