/// @file
/// From many reports to what is broken, since when, for whom, and what to do first.
///
///     const auto summary = tlsrpt::make_summary(ledger, {.now = now});
///     const auto advice = tlsrpt::make_advice(*summary);
///     for (const tlsrpt::finding& finding : advice->findings())
///       std::cout << finding.text << ' ' << finding.do_first << '\n';
///
/// Findings come from verified figures. What only claimed reports say makes findings of severity 3
/// at most; but in a ledger without any verified report all count alike. Counts of several kinds of
/// policies, and failures that a sender mentions, are never added up to failed sessions.
///
/// The same set of reports gives the same advice, however the ledger came about. Names and texts of
/// findings are partly those of senders: escape them before you show them.

#ifndef TLSRPT_HPP_ADVICE
#define TLSRPT_HPP_ADVICE

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/finding.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/summary.hpp>

namespace tlsrpt {

namespace detail {
class advice_maker;
}  // namespace detail

/// "delivered" and so on.
constexpr std::string_view name(impact impact) noexcept;

/// What somebody knows and does not want to be told again until the day is over.
struct known_finding {
  day until{};             ///< The last day.
  std::string_view key{};  ///< That of a finding.
};

/// A list of known findings. Move-only; its texts are those that it was read from.
class known_list {
 public:
  /// An empty list.
  known_list() noexcept = default;

  /// In the order of the lines.
  std::span<const known_finding> known() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {known_.data(), known_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const known_finding> known() const&& = delete;
  /// The numbers of the lines that are something else, counted from 1.
  std::span<const std::size_t> unreadable() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {unreadable_.data(), unreadable_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const std::size_t> unreadable() const&& = delete;

 private:
  friend result<known_list> parse_known(std::string_view text) noexcept;

  detail::arena<known_finding> known_;
  detail::arena<std::size_t> unreadable_;
};

/// Reads a list of known findings: a line for each, as "until 2027-01-31 KEY # why". Empty lines,
/// and lines that begin with "#", are skipped. Views point into `text`. Error: out_of_memory.
/// Linear.
result<known_list> parse_known(std::string_view text TLSRPT_HPP_LIFETIMEBOUND) noexcept;

/// What advice is made for.
struct advice_options {
  std::span<const known_finding> known{};  ///< These get severity 5 until their day.
  /// Domains in normal form: what is about any of them. All when there is none.
  std::span<const std::string_view> domains{};
  std::size_t findings = 1000;  ///< The most findings; the rest is counted.
};

/// What to do. Move-only; one that was moved from is empty.
class advice {
 public:
  /// Nothing.
  advice() noexcept = default;

  /// By severity, then failed sessions, then number of reporters, then name; what is ready comes
  /// after all that is wrong; those of one host
  /// and severity follow each other, as they are to be mended: the certificate and its chain, its
  /// name, TLSA records, the rest.
  std::span<const finding> findings() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {findings_.data(), findings_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const finding> findings() const&& = delete;
  /// Findings that were too many: those with the fewest sessions, and not of known domains.
  std::size_t left_out() const noexcept { return left_out_; }
  /// By domain, then reporter.
  std::span<const silent_reporter> silent() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {silent_.data(), silent_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const silent_reporter> silent() const&& = delete;
  /// The day of asking; the day before it is the last that counts.
  day today() const noexcept { return today_; }

 private:
  friend class detail::advice_maker;

  detail::arena<finding> findings_;
  detail::arena<silent_reporter> silent_;
  detail::block_store texts_;
  std::size_t left_out_ = 0;
  day today_{};
};

/// The day after the last one of any report; nothing for an empty ledger. Linear.
inline std::optional<day> day_after(const ledger& ledger) noexcept;

/// What the reports say is to be done. The ledger of the summary has to outlive it. Error:
/// out_of_memory. Complexity: n log n in the rows of the ledger.
result<advice> make_advice(const summary& summary, const advice_options& options = {}) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/advice.hpp>

#endif
