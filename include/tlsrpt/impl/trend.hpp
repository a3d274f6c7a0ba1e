/// @file
/// Bodies of trend.hpp.

#ifndef TLSRPT_HPP_IMPL_TREND
#define TLSRPT_HPP_IMPL_TREND

#include <algorithm>
#include <array>
#include <compare>
#include <iterator>

#include <tlsrpt/detail/trend/reporter_days.hpp>
#include <tlsrpt/policy_text.hpp>

namespace tlsrpt {

constexpr std::string_view name(change change) noexcept {
  constexpr std::string_view names[] = {"first-seen", "new",         "back", "continuing",
                                        "gone",       "unconfirmed", "past"};
  const auto place = static_cast<std::size_t>(change);
  return place < std::size(names) ? names[place] : std::string_view();
}

namespace detail {

/// How failures change that are one thing. There is at least one; they are in the order of their
/// days, and take part.
inline change change_of(std::span<const failure_fact* const> notes,
                        const reporter_days& days) noexcept {
  const day last_day = days.today() - 1, last = last_day_of(*notes.back());
  const auto was_noted = [&](day first, day until) {
    return std::ranges::any_of(notes, [&](const failure_fact* note) {
      return last_day_of(*note) >= first && last_day_of(*note) <= until;
    });
  };
  // What comes and goes is not over before a second day without it.
  const bool may_return =
      last == last_day - 1 && was_noted(last_day - trend_baseline, last_day - 2);
  if (may_return || days.is_active(notes)) {
    const day before = last - 1;
    if (was_noted(last - trend_baseline, before)) return change::continuing;
    if (was_noted(last - (trend_baseline + 90), before)) return change::back;
    constexpr std::size_t enough = 3;
    const bool has_history = std::ranges::any_of(notes, [&](const failure_fact* note) {
      return days.days_with_data(*note, last - trend_baseline, before) >= enough;
    });
    return has_history ? change::fresh : change::first_seen;
  }
  std::size_t recent = 0;  // of the last 7 days of the baseline
  for (std::int32_t age = 2; age <= 7; ++age)
    recent += was_noted(last_day - age, last_day - age) ? 1 : 0;
  if (recent < 2 || last >= last_day - 1) return change::past;
  const bool has_success = std::ranges::any_of(notes, [&](const failure_fact* note) {
    return std::ranges::any_of(days.days_since(*note, last_day - 1),
                               [](const reporter_day& d) { return d.ok.sessions != 0; });
  });
  return has_success ? change::gone : change::unconfirmed;
}

class trend_maker {
 public:
  trend_maker(const summary& summary, scope scope, trends& made) noexcept
      : summary_(summary), scope_(scope), made_(made), today_(summary.today()) {}

  bool run() noexcept {
    return days_.read(summary_, scope_, day_choice::single) && add_heartbeats() && add_domains() &&
           add_failures();
  }

 private:
  // ---- who reports

  bool add_heartbeats() noexcept {
    arena<reporter_day> by_reporter;
    for (const reporter_day& day : days_.all())
      if (!by_reporter.push(day)) return false;
    const std::span<reporter_day> all(by_reporter.data(), by_reporter.size());
    std::ranges::sort(all, [](const reporter_day& a, const reporter_day& b) {
      if (const auto order = compare_hearts(a, b); order != 0) return order < 0;
      return a.date < b.date;
    });
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && compare_hearts(all[begin], all[end]) == 0) ++end;
      if (!made_.heartbeats_.push(heartbeat_of(all.subspan(begin, end - begin)))) return false;
    }
    return true;
  }

  template <class A, class B>
  static std::strong_ordering compare_hearts(const A& a, const B& b) noexcept {
    if (const auto order = a.domain <=> b.domain; order != 0) return order;
    if (const auto order = a.reporter <=> b.reporter; order != 0) return order;
    return a.trust <=> b.trust;
  }

  /// Days of one reporter, in order; one for each kind of policy.
  heartbeat heartbeat_of(std::span<const reporter_day> days) const noexcept {
    constexpr std::int32_t window = 28;
    constexpr std::uint32_t fewest = 7;
    heartbeat beat;
    beat.domain = days[0].domain;
    beat.reporter = days[0].reporter;
    beat.trust = days[0].trust;
    beat.last = days.back().date;
    beat.days = (today_ - 1) - beat.last;
    std::uint32_t count = 0;
    std::int32_t longest_gap = 0;
    bool has_clean_day = false;
    day before{};
    for (std::size_t i = 0; i < days.size();) {
      const day date = days[i].date;
      bool is_clean = true;
      for (; i < days.size() && days[i].date == date; ++i)
        is_clean = is_clean && days[i].failed == session_sum{};
      if (date < today_ - window) continue;
      if (count++ != 0) longest_gap = std::max(longest_gap, date - before);
      before = date;
      has_clean_day = has_clean_day || is_clean;
    }
    beat.is_regular = count >= fewest && has_clean_day;
    beat.is_expected = beat.is_regular && beat.days > 0;
    beat.is_silent = beat.is_regular && beat.days > std::max(2, 2 * longest_gap);
    return beat;
  }

  // ---- domains

  bool add_domains() noexcept {
    const auto all = days_.all();
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && compare_subjects_of(all[begin], all[end]) == 0) ++end;
      if (!made_.domains_.push(domain_of(all.subspan(begin, end - begin)))) return false;
    }
    return true;
  }

  domain_trend domain_of(std::span<const reporter_day> days) const noexcept {
    domain_trend trend;
    trend.domain = days[0].domain;
    trend.kind = days[0].kind;
    const day last_day = today_ - 1;
    // The last complete day, and those of the baseline before it.
    std::array<session_sum, trend_baseline + 1> ok{}, failed{};
    bool has_any = false;
    for (const reporter_day& day : days) {
      if (!day.has_data()) continue;
      trend.last = has_any ? std::max(trend.last, day.date) : day.date;
      has_any = true;
      const std::int32_t age = last_day - day.date;
      if (age > trend_baseline) continue;
      ok[static_cast<std::size_t>(age)] += day.ok;
      failed[static_cast<std::size_t>(age)] += day.failed;
    }
    trend.has_no_data = !has_any || last_day - trend.last >= trend_baseline;
    std::array<unsigned, trend_baseline> shares{};
    std::size_t size = 0;
    for (std::size_t age = 0; age < ok.size(); ++age) {
      const std::uint64_t sessions = sum_of_sessions(ok[age].sessions, failed[age].sessions);
      const unsigned share = per_mille(failed[age].sessions, sessions);
      if (age == 0)
        trend.share = share;
      else if (sessions != 0)
        shares[size++] = share;
    }
    const unsigned share_before = shares[0];
    std::sort(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(size));
    trend.usual_share = size == 0 ? 0 : shares[(size - 1) / 2];
    trend.is_spike = size != 0 && failed[0].sessions >= 5 &&
                     trend.share >= 3 * std::max(trend.usual_share, share_before) + 10;
    trend.has_stopped = has_stopped(trend.domain);
    return trend;
  }

  bool has_stopped(std::string_view domain) const noexcept {
    std::size_t regular = 0, silent = 0;
    const std::span beats(made_.heartbeats_.data(), made_.heartbeats_.size());
    const auto first = std::partition_point(beats.begin(), beats.end(),
                                            [&](const heartbeat& b) { return b.domain < domain; });
    for (auto beat = first; beat != beats.end() && beat->domain == domain; ++beat) {
      regular += beat->is_regular ? 1 : 0;
      silent += beat->is_silent ? 1 : 0;
    }
    return regular >= 2 && silent == regular;
  }

  // ---- failures

  bool add_failures() noexcept {
    for (const failure_fact& fact : summary_.failures())
      if (days_.has(fact) && is_mentioned(fact) && !notes_.push(&fact)) return false;
    const std::span<const failure_fact*> all(notes_.data(), notes_.size());
    std::ranges::sort(all, [](const failure_fact* a, const failure_fact* b) {
      if (const auto order = compare_kinds_of_failure(*a, *b); order != 0) return order < 0;
      if (a->first != b->first) return a->first < b->first;
      if (a->reporter != b->reporter) return a->reporter < b->reporter;
      return a < b;
    });
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && compare_kinds_of_failure(*all[begin], *all[end]) == 0) ++end;
      if (!add_failure(all.subspan(begin, end - begin))) return false;
    }
    // Names do not move any more.
    const std::string_view* names = made_.names_.data();
    for (std::size_t i = 0; i < made_.failures_.size(); ++i) {
      const std::size_t count = name_counts_.data()[i];
      made_.failures_.data()[i].reporters = {names, count};
      names += count;
    }
    return true;
  }

  static std::strong_ordering compare_kinds_of_failure(const failure_fact& a,
                                                       const failure_fact& b) noexcept {
    if (const auto order = compare_subjects_of(a, b); order != 0) return order;
    if (const auto order = a.result.text <=> b.result.text; order != 0) return order;
    if (const auto order = a.host <=> b.host; order != 0) return order;
    return a.reason <=> b.reason;
  }

  /// Facts of one kind of failure, by day.
  bool add_failure(std::span<const failure_fact* const> notes) noexcept {
    const failure_fact& sample = *notes[0];
    failure_trend trend;
    trend.domain = sample.domain;
    trend.kind = sample.kind;
    trend.result = sample.result;
    trend.host = sample.host;
    trend.reason = sample.reason;
    const auto run = last_run_of(notes);
    trend.since = last_day_of(*run.front());
    trend.last = last_day_of(*run.back());
    for (const failure_fact* note : run) trend.noted += note->noted;
    trend.change = change_of(notes, days_);
    return add_names(run) && made_.failures_.push(trend);
  }

  /// Keeps the names of those who mention a failure, each once.
  bool add_names(std::span<const failure_fact* const> run) noexcept {
    const std::size_t first = made_.names_.size();
    for (const failure_fact* note : run)
      if (!made_.names_.push(note->reporter)) return false;
    std::string_view* const begin = made_.names_.data() + first;
    std::string_view* const end = made_.names_.data() + made_.names_.size();
    std::sort(begin, end);
    const auto count = static_cast<std::size_t>(std::unique(begin, end) - begin);
    while (made_.names_.size() > first + count) made_.names_.drop_last();
    return name_counts_.push(count);
  }

  const summary& summary_;
  scope scope_;
  trends& made_;
  day today_;
  reporter_days days_;
  arena<const failure_fact*> notes_;
  arena<std::size_t> name_counts_;
};

}  // namespace detail

inline result<trends> make_trends(const summary& summary, scope scope) noexcept {
  trends made;
  detail::trend_maker maker(summary, scope, made);
  if (!maker.run()) return diagnostic{errc::out_of_memory};
  return made;
}

inline result<reporter_list> other_reporters(const summary& summary, const failure_trend& trend,
                                             scope scope) noexcept {
  reporter_list others;
  for (const total_fact& fact : summary.totals()) {
    const bool has_data = fact.domain == trend.domain && fact.kind == trend.kind &&
                          fact.days == 1 && fact.first >= trend.since &&
                          fact.first < summary.today() &&
                          (scope == tlsrpt::scope::all || fact.trust == tlsrpt::trust::verified) &&
                          (fact.ok.sessions != 0 || fact.failed.sessions != 0);
    if (has_data && !std::ranges::binary_search(trend.reporters, fact.reporter) &&
        !others.names_.push(fact.reporter))
      return diagnostic{errc::out_of_memory};
  }
  std::string_view* const begin = others.names_.data();
  std::string_view* const end = begin + others.names_.size();
  std::sort(begin, end);
  const auto count = static_cast<std::size_t>(std::unique(begin, end) - begin);
  while (others.names_.size() > count) others.names_.drop_last();
  return others;
}

inline result<readiness> ready_for_enforce(const summary& summary, std::string_view domain,
                                           scope scope) noexcept {
  const day today = summary.today();
  const auto is_recent = [&](const fact& fact, std::int32_t days) {
    return fact.days == 1 && fact.first < today && fact.first >= today - days &&
           (scope == tlsrpt::scope::all || fact.trust == tlsrpt::trust::verified);
  };
  struct failed_day {
    day date{};
    std::uint64_t failed = 0;
  };
  detail::arena<failed_day> days;
  detail::arena<std::string_view> reporters;
  policy_id policy = policy_id::none;
  day policy_day{};
  for (const total_fact& fact : detail::facts_about(summary.totals(), domain)) {
    if (!is_recent(fact, readiness_days) || fact.kind != policy_type::sts ||
        fact.mode != sts_mode::testing || fact.ok.sessions + fact.failed.sessions == 0)
      continue;
    // Unknown failures are not none.
    const std::uint64_t failed = sum_of_sessions(fact.failed.sessions, fact.failed.unknown);
    if (!days.push({fact.first, failed}) || !reporters.push(fact.reporter))
      return diagnostic{errc::out_of_memory};
    if (fact.policy != policy_id::none && (policy == policy_id::none || fact.first >= policy_day)) {
      policy = fact.policy;
      policy_day = fact.first;
    }
  }
  std::sort(days.data(), days.data() + days.size(),
            [](const failed_day& a, const failed_day& b) { return a.date > b.date; });
  std::sort(reporters.data(), reporters.data() + reporters.size());
  const auto* const end = std::unique(reporters.data(), reporters.data() + reporters.size());

  readiness found;
  std::size_t count = 0;  // days so far, the last first
  for (std::size_t i = 0; i < days.size(); ++i) {
    const failed_day& entry = days.data()[i];
    if (i == 0 || days.data()[i - 1].date != entry.date) ++count;
    if (count <= 7 && entry.failed != 0) found.has_failures = true;
  }
  found.has_few_days = count < 14;
  found.has_few_reporters = end - reporters.data() < 2;
  for (const failure_fact& fact : detail::facts_about(summary.failures(), domain))
    // Who cannot fetch the policy may say that there is none.
    if (is_recent(fact, 14) && group_of(fact.result.value) == result_group::sts)
      found.has_policy_failures = true;
  const std::string_view text = summary.source()->policy_text(policy);
  const auto lines = parse_sts_policy(text);
  for (const host_domains& host : summary.options().hosts) {
    const bool serves_it = std::ranges::any_of(
        host.domains, [&](std::string_view served) { return same_host(served, domain); });
    if (serves_it && !lines->matches(host.host)) found.has_uncovered_host = true;
  }
  return found;
}

}  // namespace tlsrpt

#endif
