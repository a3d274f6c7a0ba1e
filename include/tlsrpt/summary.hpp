/// @file
/// Figures of a ledger: what is added up, what is not, and what is only known within bounds.
///
/// Senders count one session under MTA-STS, under DANE and, without either, under no policy. So
/// totals of different kinds of policies are never added: there is a sum that the sessions reach at
/// least, and one that they do not exceed. Sessions of failures are mentions: one session may be in
/// several of them. Both rules hold for any choice of what a row is about.
///
/// What is authenticated is apart from what is only claimed: see scope.
///
/// A summary is made, used and thrown away; merge ledgers, and make another. It points into the
/// ledger, and all its views live as long as the ledger, until that changes. trend.hpp has what the
/// figures mean over time.

#ifndef TLSRPT_HPP_SUMMARY
#define TLSRPT_HPP_SUMMARY

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

namespace detail {
template <class Row, class Fact>
class table_maker;
}  // namespace detail

/// The domains that a mail host serves, as their MX records say.
struct host_domains {
  std::string_view host{};                      ///< The mail host.
  std::span<const std::string_view> domains{};  ///< The domains with an MX record for it.
};

/// What a summary is made with. Spans and texts have to outlive it.
struct summary_options {
  std::int64_t now = 0;  ///< The time of asking, in seconds since 1970.
  /// Your domains: their rows come first, and a stranger's never push them out.
  std::span<const std::string_view> known_domains{};
  /// For reports about TLSA records that name the mail host instead of the domain: a host with one
  /// domain counts there. A host with several or none stays a row of its own.
  std::span<const host_domains> hosts{};
  std::size_t rows = 1000;  ///< The most rows of a table; the rest is added up in one more.
};

/// Which figures.
enum class scope : std::uint8_t {
  verified,  ///< Those of authenticated reporters. Nobody else can change them.
  all        ///< Those of claimed reports, too, unless a verified one of that name is there.
};

/// What figures are about: the domain, the policy, who reports, and when.
struct fact {
  std::string_view domain{};                ///< The domain; a mail host, "?" or any_name.
  std::string_view reporter{};              ///< See ledger_entry.
  tlsrpt::trust trust = trust::claimed;     ///< Whether somebody vouches for the reporter.
  policy_type kind = policy_type::unknown;  ///< `policy-type`.
  sts_mode mode = sts_mode::unknown;        ///< Of an MTA-STS policy.
  day first{};                              ///< The first day.
  std::int32_t days = 1;                    ///< How many days.
  bool inferred = false;  ///< The domain comes from a receipt or from an MX record.
  /// The reporter has reports about some of these days alone, too, so that both are counted.
  bool overlap = false;
  tlsrpt::digest
      report{};  ///< One report that says so; of totals one with failed sessions, if any.
};

/// Sessions of one policy, reporter and period.
struct total_fact : fact {
  policy_id policy = policy_id::none;  ///< The text of the policy.
  session_sum ok{};                    ///< Sessions with TLS as the policy demands.
  session_sum failed{};                ///< Sessions that failed.
  std::uint64_t elements = 0;          ///< Elements of reports that were added up.
};

/// Sessions that one reporter mentions with one kind of failure.
struct failure_fact : fact {
  token<result_type> result{};  ///< See ledger_failure, as the others.
  std::string_view host{};      ///< The MX host.
  std::string_view node{};      ///< The machine.
  std::string_view reason{};    ///< The cause.
  bool is_likely = false;       ///< No report says the cause outright.
  session_sum noted{};          ///< Sessions that are mentioned.
};

/// All figures of a ledger. Move-only; one that was moved from is empty.
class summary {
 public:
  /// Without any figure.
  summary() noexcept = default;

  /// Totals by domain, kind, mode, policy, period, reporter and trust, in this order.
  std::span<const total_fact> totals() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {totals_.data(), totals_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const total_fact> totals() const&& = delete;
  /// Failures by domain, kind, mode, result, host, node, reason, period, reporter and trust.
  std::span<const failure_fact> failures() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {failures_.data(), failures_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const failure_fact> failures() const&& = delete;
  /// Totals of several days of reporters that reported each of these days alone as well: in no
  /// figure (AG-20).
  std::span<const total_fact> also_by_day() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {also_by_day_.data(), also_by_day_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const total_fact> also_by_day() const&& = delete;
  /// Claimed reports beside a verified one of the same reporter, domain and period: in no figure
  /// (AG-07).
  std::span<const digest> shadowed() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {shadowed_.data(), shadowed_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const digest> shadowed() const&& = delete;
  /// Reports that have the id of another one and other content. Their figures are the larger of the
  /// two, number by number (AG-05).
  std::uint64_t conflicts() const noexcept { return conflicts_; }
  /// Reports, those included that are in no figure.
  std::size_t reports() const noexcept { return reports_; }
  /// Those that are verified. When there is none, nothing here authenticates, and scope::all is
  /// what there is to show.
  std::size_t verified_reports() const noexcept { return verified_reports_; }
  /// Rows that were too many for their reports, an upper bound of names that are not here.
  std::uint64_t cut() const noexcept { return cut_; }

  /// What it was made with.
  const summary_options& options() const noexcept { return options_; }
  /// The ledger that it was made of; null for none.
  const tlsrpt::ledger* source() const noexcept { return source_; }

  /// The day of options().now.
  day today() const noexcept { return day_of(options_.now); }
  /// Whether reports about a day may still be on their way: senders try for 24 hours.
  bool is_provisional(day day) const noexcept { return today() < day + 3; }
  /// Whether a domain is among options().known_domains.
  bool is_known(std::string_view domain) const noexcept;

 private:
  friend result<summary> make_summary(const ledger& ledger,
                                      const summary_options& options) noexcept;

  detail::arena<total_fact> totals_;
  detail::arena<failure_fact> failures_;
  detail::arena<total_fact> also_by_day_;
  detail::arena<digest> shadowed_;
  std::uint64_t conflicts_ = 0, cut_ = 0;
  std::size_t reports_ = 0, verified_reports_ = 0;
  summary_options options_{};
  const tlsrpt::ledger* source_ = nullptr;
};

/// Figures of a ledger, which has to outlive them. Error: out_of_memory. Complexity: n log n; all
/// options.hosts are searched for each total and failure about TLSA records.
result<summary> make_summary(const ledger& ledger TLSRPT_HPP_LIFETIMEBOUND,
                             const summary_options& options = {}) noexcept;
/// Deleted: the views into a temporary would dangle.
result<summary> make_summary(ledger&& ledger, const summary_options& options = {}) = delete;

/// What a row of a table is about: a set of these.
enum class key_part : std::uint16_t {
  none = 0,
  domain = 1,
  kind = 2,
  mode = 4,
  policy = 8,  ///< Of totals only.
  reporter = 16,
  period = 32,  ///< The first day and the number of days.
  result = 64,  ///< Of failures only, as those that follow.
  host = 128,
  node = 256,
  reason = 512
};
/// Both sets together.
constexpr key_part operator|(key_part a, key_part b) noexcept {
  return static_cast<key_part>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
/// Whether the sets have a part in common.
constexpr bool operator&(key_part a, key_part b) noexcept {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

/// Which facts a table is made of, and what its rows are about.
struct projection {
  key_part by = key_part::domain | key_part::kind | key_part::mode;  ///< What a row is about.
  std::optional<std::string_view> domain{};  ///< Facts of this domain only, in normal form.
  std::optional<day> first{};                ///< Facts whose period does not begin before.
  std::optional<day> last{};                 ///< Facts whose period does not end after.
};

/// A number of sessions between two bounds. They are equal when nothing is counted twice.
struct session_bounds {
  std::uint64_t at_least = 0;  ///< Not fewer; of different kinds of policies the largest.
  std::uint64_t at_most = 0;   ///< Not more, when nothing is unknown; the sum of all kinds.
  std::uint64_t unknown = 0;   ///< Counts that are missing: with any, there may be more.

  friend constexpr bool operator==(const session_bounds&, const session_bounds&) = default;
};

/// Sessions of a row in one scope.
struct session_figures {
  session_bounds ok{};        ///< Sessions with TLS as the policy demands.
  session_bounds failed{};    ///< Sessions that failed.
  session_bounds sessions{};  ///< Both together.
};

/// What all rows of tables have. Parts of the key that the table is not by are as in a fact{}.
struct table_row {
  fact key{};                    ///< The row's part of facts.
  bool is_known = false;         ///< The row's domain is known.
  std::size_t reporters = 0;     ///< How many reporters, in scope::all; of `other` at least.
  day first{};                   ///< The first day of all facts.
  day last{};                    ///< The last day of all facts.
  bool has_provisional = false;  ///< Whether figures of a provisional day are in it.
  bool has_overlap = false;      ///< Whether figures may count sessions twice.
  std::size_t rows = 1;          ///< For how many rows it stands.
};

/// A row with totals.
struct total_row : table_row {
  policy_id policy = policy_id::none;  ///< The row's policy.
  session_figures verified{};          ///< In scope::verified.
  session_figures all{};               ///< In scope::all.

  /// The figures in a scope.
  constexpr const session_figures& in(scope scope) const noexcept {
    return scope == scope::verified ? verified : all;
  }
};

/// A row with failures.
struct failure_row : table_row {
  token<result_type> result{};  ///< The row's part of the key, as those that follow.
  std::string_view host{};      ///< The MX host.
  std::string_view node{};      ///< The machine.
  std::string_view reason{};    ///< The cause.
  session_sum verified{};       ///< Sessions mentioned in scope::verified.
  session_sum all{};            ///< Sessions mentioned in scope::all.

  /// The figures in a scope.
  constexpr const session_sum& in(scope scope) const noexcept {
    return scope == scope::verified ? verified : all;
  }
};

/// Rows, the most important first: those of known domains, then those with most verified sessions,
/// or most unknown counts of such, then with most sessions of all, then by the key.
template <class Row>
class table {
 public:
  /// Without rows.
  table() noexcept = default;

  /// At most summary_options::rows.
  std::span<const Row> rows() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {rows_.data(), rows_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const Row> rows() const&& = delete;
  /// All that has no row of its own, added up exactly: what was beyond the limit, and what has lost
  /// its name in a report with too many. Its `rows` counts the former only, and may be 0.
  const Row& other() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return other_; }
  /// Deleted: the reference into a temporary would dangle.
  const Row& other() const&& = delete;

 private:
  template <class R, class Fact>
  friend class detail::table_maker;

  detail::arena<Row> rows_;
  Row other_{};
};

/// Totals, added up for each row. Error: out_of_memory. Complexity: n log n.
result<table<total_row>> total_table(const summary& summary, const projection& how) noexcept;
/// Failures, added up for each row: mentions, which over result types and reasons may speak of the
/// same sessions. Error: out_of_memory. Complexity: n log n.
result<table<failure_row>> failure_table(const summary& summary, const projection& how) noexcept;

/// The part of `sessions` that `some` are, in per mille, rounded down; at most 1000. 0 of 0 is 0.
constexpr unsigned per_mille(std::uint64_t some, std::uint64_t sessions) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/summary.hpp>

#endif
