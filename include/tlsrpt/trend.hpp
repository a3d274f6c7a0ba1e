/// @file
/// What the figures of a summary mean over time: what is new, continues, came back or is gone; who
/// no longer reports; whether a policy is ready to be enforced. All of it is a function of a
/// summary and its time of asking, in integers, and so the same everywhere.
///
/// Days are complete ones: the last is the day before summary_options::now. Reports of several days
/// are in no day, so they have no part in this.

#ifndef TLSRPT_HPP_TREND
#define TLSRPT_HPP_TREND

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/summary.hpp>

namespace tlsrpt {

namespace detail {
class trend_maker;
}  // namespace detail

/// How a kind of failure has changed.
enum class change : std::uint8_t {
  first_seen,   ///< It is there, was not in the 14 days before, and there is little data of those.
  fresh,        ///< New: it is there, and was not in the 14 days before.
  back,         ///< As fresh, but it was there in the 90 days before those.
  continuing,   ///< It is there, and was before.
  gone,         ///< It was there for days, and reporters of it now have successes without it.
  unconfirmed,  ///< It was there for days, but its reporters are silent.
  past          ///< It was there too long ago, or too rarely, to say more.
};

/// "first-seen", "new", "back", "continuing", "gone", "unconfirmed" or "past"; empty for another
/// value.
constexpr std::string_view name(change change) noexcept;

/// A kind of failure over time: its domain, kind, result type, MX host and reason.
struct failure_trend {
  std::string_view domain{};                ///< As in a failure_fact, as those that follow.
  policy_type kind = policy_type::unknown;  ///< The kind of policy.
  token<result_type> result{};              ///< The result type.
  std::string_view host{};                  ///< The MX host.
  std::string_view reason{};                ///< The cause.
  tlsrpt::change change = change::past;     ///< How it has changed.
  day since{};          ///< The first day of the last run: days with it, at most 2 without between.
  day last{};           ///< The last day with it.
  session_sum noted{};  ///< Sessions that mention it, from since to last.
  /// Who mentions it from since to last, in the order of the names. Lives as long as its trends.
  std::span<const std::string_view> reporters{};
};

/// Whether a reporter still reports about a domain.
struct heartbeat {
  std::string_view domain{};             ///< The domain.
  std::string_view reporter{};           ///< The reporter.
  tlsrpt::trust trust = trust::claimed;  ///< Whether somebody vouches for it.
  day last{};                            ///< The last day that it reported about.
  std::int32_t days = 0;                 ///< Complete days since then.
  /// It reported about 7 of the last 28 complete days or more, and not only failures.
  bool is_regular = false;
  bool is_expected = false;  ///< It is regular, and there is no report about the last complete day.
  bool is_silent = false;    ///< It is regular, and late by twice its longest gap, and by 2 days.
};

/// What there is of a domain and kind of policy.
struct domain_trend {
  std::string_view domain{};                ///< The domain.
  policy_type kind = policy_type::unknown;  ///< The kind of policy.
  day last{};                               ///< The last day with data.
  bool has_no_data = false;  ///< No data in the last 14 complete days: not known, and not fine.
  /// All regular reporters of the domain are silent, and there are two or more: look at the record,
  /// the mailbox, or for somebody who hides the record.
  bool has_stopped = false;
  /// On the last complete day 5 sessions or more failed, and their share is three times the usual
  /// one, and that of the day with data before, and 10 per mille more. What stays high is no spike.
  bool is_spike = false;
  unsigned share = 0;        ///< Failed sessions of the last complete day, in per mille.
  unsigned usual_share = 0;  ///< The median of the days with data of the 14 days before.
};

/// All that can be said over time. Move-only; the spans in it live as long as it does, its texts as
/// long as the ledger.
class trends {
 public:
  /// Without any.
  trends() noexcept = default;

  /// By domain, kind, result type, MX host and reason.
  std::span<const failure_trend> failures() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {failures_.data(), failures_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const failure_trend> failures() const&& = delete;
  /// By domain and reporter.
  std::span<const heartbeat> heartbeats() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {heartbeats_.data(), heartbeats_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const heartbeat> heartbeats() const&& = delete;
  /// By domain and kind.
  std::span<const domain_trend> domains() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {domains_.data(), domains_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const domain_trend> domains() const&& = delete;

 private:
  friend class detail::trend_maker;

  detail::arena<failure_trend> failures_;
  detail::arena<heartbeat> heartbeats_;
  detail::arena<domain_trend> domains_;
  detail::arena<std::string_view> names_;
};

/// What the figures in a scope mean over time. Error: out_of_memory. Complexity: n log n.
result<trends> make_trends(const summary& summary, scope scope) noexcept;

/// Names of reporters. Move-only.
class reporter_list {
 public:
  /// Without any.
  reporter_list() noexcept = default;
  /// The names, in their order.
  std::span<const std::string_view> names() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {names_.data(), names_.size()};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const std::string_view> names() const&& = delete;

 private:
  friend result<reporter_list> other_reporters(const summary& summary, const failure_trend& trend,
                                               scope scope) noexcept;

  detail::arena<std::string_view> names_;
};

/// Who has data of the domain and kind of a failure since it began, and does not mention it: when
/// there are any, it is perhaps for its reporters to look into. Error: out_of_memory. Linear.
result<reporter_list> other_reporters(const summary& summary, const failure_trend& trend,
                                      scope scope) noexcept;

/// What keeps an MTA-STS policy in mode testing from being enforced (RFC 8461, section 5).
struct readiness {
  bool has_few_days = false;        ///< Fewer than 14 of the last 28 days have data.
  bool has_few_reporters = false;   ///< Fewer than 2 reporters in the last 28 days.
  bool has_failures = false;        ///< Failed sessions on one of the last 7 days with data.
  bool has_uncovered_host = false;  ///< The policy lists not all of the hosts of summary_options.
  /// Failures with the policy itself in the last 14 days, also of senders that found none.
  bool has_policy_failures = false;

  /// Whether nothing does.
  constexpr bool is_ready() const noexcept {
    return !has_few_days && !has_few_reporters && !has_failures && !has_uncovered_host &&
           !has_policy_failures;
  }
  friend constexpr bool operator==(const readiness&, const readiness&) = default;
};

/// The days before that of asking which say whether a policy can be enforced.
inline constexpr std::int32_t readiness_days = 28;

/// Whether the MTA-STS policy of a domain, in normal form, can be enforced; by the figures of mode
/// testing of the last readiness_days in a scope, whatever was before. Error: out_of_memory.
/// Complexity: n log n in the figures of the domain.
result<readiness> ready_for_enforce(const summary& summary, std::string_view domain,
                                    scope scope) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/trend.hpp>

#endif
