/// @file
/// Bodies of trend.hpp.

#ifndef TLSRPT_HPP_IMPL_TREND
#define TLSRPT_HPP_IMPL_TREND

#include <algorithm>
#include <array>
#include <compare>
#include <iterator>

#include <tlsrpt/policy_text.hpp>

namespace tlsrpt {

constexpr std::string_view name(change change) noexcept {
  constexpr std::string_view names[] = {"first-seen", "new",         "back", "continuing",
                                        "gone",       "unconfirmed", "past"};
  const auto place = static_cast<std::size_t>(change);
  return place < std::size(names) ? names[place] : std::string_view();
}

namespace detail {

/// Sessions of one reporter on one day.
struct reporter_day {
  std::string_view domain{};
  policy_type kind = policy_type::unknown;
  std::string_view reporter{};
  tlsrpt::trust trust = trust::claimed;
  day date{};
  session_sum ok{}, failed{};

  /// Whether there is anything to say about the day: unknown counts are no data.
  bool has_data() const noexcept { return ok.sessions != 0 || failed.sessions != 0; }
};

/// A day with data of a domain and kind, whoever has it.
struct subject_day {
  std::string_view domain{};
  policy_type kind = policy_type::unknown;
  day date{};
};

class trend_maker {
 public:
  trend_maker(const summary& summary, scope scope, trends& made) noexcept
      : summary_(summary), scope_(scope), made_(made), today_(summary.today()) {}

  bool run() noexcept { return read_days() && add_heartbeats() && add_domains() && add_failures(); }

 private:
  static constexpr std::int32_t baseline = 14;

  bool is_in_scope(const fact& fact) const noexcept {
    return fact.days == 1 && fact.first < today_ &&
           (scope_ == tlsrpt::scope::all || fact.trust == tlsrpt::trust::verified);
  }

  // ---- days

  bool read_days() noexcept {
    for (const total_fact& fact : summary_.totals())
      if (is_in_scope(fact) && !days_.push({fact.domain, fact.kind, fact.reporter, fact.trust,
                                            fact.first, fact.ok, fact.failed}))
        return false;
    std::sort(days_.data(), days_.data() + days_.size(),
              [](const reporter_day& a, const reporter_day& b) {
                if (const auto order = compare_subjects_of(a, b); order != 0) return order < 0;
                if (const auto order = a.reporter <=> b.reporter; order != 0) return order < 0;
                if (a.trust != b.trust) return a.trust < b.trust;
                return a.date < b.date;
              });
    std::size_t size = 0;
    for (const reporter_day& next : all_days()) {
      reporter_day* const last = size == 0 ? nullptr : days_.data() + size - 1;
      if (last != nullptr && is_same_reporter(*last, next) && last->date == next.date) {
        last->ok += next.ok;
        last->failed += next.failed;
      } else {
        days_.data()[size++] = next;
      }
    }
    while (days_.size() > size) days_.drop_last();
    return find_data_days();
  }

  bool find_data_days() noexcept {
    for (const reporter_day& d : all_days())
      if (d.has_data() && !data_days_.push({d.domain, d.kind, d.date})) return false;
    const auto order = [](const subject_day& a, const subject_day& b) {
      const auto subjects = compare_subjects_of(a, b);
      return subjects != 0 ? subjects : a.date <=> b.date;
    };
    subject_day* const begin = data_days_.data();
    subject_day* const end = begin + data_days_.size();
    std::sort(begin, end, [&](const auto& a, const auto& b) { return order(a, b) < 0; });
    const auto count =
        std::unique(begin, end, [&](const auto& a, const auto& b) { return order(a, b) == 0; }) -
        begin;
    while (data_days_.size() > static_cast<std::size_t>(count)) data_days_.drop_last();
    return true;
  }

  std::span<const reporter_day> all_days() const noexcept { return {days_.data(), days_.size()}; }

  template <class A, class B>
  static std::strong_ordering compare_subjects_of(const A& a, const B& b) noexcept {
    if (const auto order = a.domain <=> b.domain; order != 0) return order;
    return kind_name(a.kind) <=> kind_name(b.kind);
  }
  static bool is_same_reporter(const reporter_day& a, const reporter_day& b) noexcept {
    return compare_subjects_of(a, b) == 0 && a.reporter == b.reporter && a.trust == b.trust;
  }

  /// The days of a domain and kind.
  template <class Subject>
  std::span<const reporter_day> days_of(const Subject& subject) const noexcept {
    const auto all = all_days();
    const auto first = std::partition_point(all.begin(), all.end(), [&](const reporter_day& d) {
      return compare_subjects_of(d, subject) < 0;
    });
    const auto end = std::partition_point(first, all.end(), [&](const reporter_day& d) {
      return compare_subjects_of(d, subject) == 0;
    });
    return {first, end};
  }

  // ---- who reports

  bool add_heartbeats() noexcept {
    arena<reporter_day> by_reporter;
    for (const reporter_day& day : all_days())
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
    constexpr std::int32_t window = 28, fewest = 7;
    heartbeat beat;
    beat.domain = days[0].domain;
    beat.reporter = days[0].reporter;
    beat.trust = days[0].trust;
    beat.last = days.back().date;
    beat.days = (today_ - 1) - beat.last;
    std::int32_t count = 0, longest_gap = 0;
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
    const auto all = all_days();
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
    std::array<session_sum, baseline + 1> ok{}, failed{};
    bool has_any = false;
    for (const reporter_day& day : days) {
      if (!day.has_data()) continue;
      trend.last = has_any ? std::max(trend.last, day.date) : day.date;
      has_any = true;
      const std::int32_t age = last_day - day.date;
      if (age > baseline) continue;
      ok[static_cast<std::size_t>(age)] += day.ok;
      failed[static_cast<std::size_t>(age)] += day.failed;
    }
    trend.has_no_data = !has_any || last_day - trend.last >= baseline;
    std::array<unsigned, baseline> shares{};
    std::size_t size = 0;
    for (std::size_t age = 0; age < ok.size(); ++age) {
      const std::uint64_t sessions = sum_of_sessions(ok[age].sessions, failed[age].sessions);
      const unsigned share = per_mille(failed[age].sessions, sessions);
      if (age == 0)
        trend.share = share;
      else if (sessions != 0)
        shares[size++] = share;
    }
    std::sort(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(size));
    trend.usual_share = size == 0 ? 0 : shares[(size - 1) / 2];
    trend.is_spike =
        size != 0 && failed[0].sessions >= 5 && trend.share >= 3 * trend.usual_share + 10;
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
      if (is_in_scope(fact) && fact.noted.sessions + fact.noted.unknown != 0 && !notes_.push(&fact))
        return false;
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
    trend.last = notes.back()->first;
    trend.since = trend.last;
    std::size_t first_of_run = notes.size() - 1;
    constexpr std::int32_t longest_gap = 2;
    while (first_of_run != 0 && trend.since - notes[first_of_run - 1]->first <= longest_gap + 1)
      trend.since = notes[--first_of_run]->first;
    const auto days = days_of(sample);
    const auto run = notes.subspan(first_of_run);
    for (const failure_fact* note : run) trend.noted += note->noted;
    trend.change = change_of(notes, trend, days);
    return add_names(run) && made_.failures_.push(trend);
  }

  change change_of(std::span<const failure_fact* const> notes, const failure_trend& trend,
                   std::span<const reporter_day> days) const noexcept {
    const day last_day = today_ - 1;
    const auto was_noted = [&](day first, day last) {
      return std::ranges::any_of(notes, [&](const failure_fact* note) {
        return note->first >= first && note->first <= last;
      });
    };
    if (is_active(notes, days)) {
      const day before = trend.last - 1;
      if (was_noted(trend.last - baseline, before)) return change::continuing;
      if (was_noted(trend.last - (baseline + 90), before)) return change::back;
      constexpr std::size_t enough = 3;
      return days_with_data(trend, trend.last - baseline, before) >= enough ? change::fresh
                                                                            : change::first_seen;
    }
    std::size_t recent = 0;  // of the last 7 days of the baseline
    for (std::int32_t age = 2; age <= 7; ++age)
      recent += was_noted(last_day - age, last_day - age) ? 1 : 0;
    if (recent < 2 || trend.last >= last_day - 1) return change::past;
    const bool has_success = std::ranges::any_of(notes, [&](const failure_fact* note) {
      return std::ranges::any_of(days_of_reporter(days, *note), [&](const reporter_day& d) {
        return d.date >= last_day - 1 && d.ok.sessions != 0;
      });
    });
    return has_success ? change::gone : change::unconfirmed;
  }

  /// Those of the reporter of a fact.
  static std::span<const reporter_day> days_of_reporter(std::span<const reporter_day> days,
                                                        const fact& fact) noexcept {
    const auto order = [&](const reporter_day& d) {
      const auto names = d.reporter <=> fact.reporter;
      return names != 0 ? names : d.trust <=> fact.trust;
    };
    const auto first = std::partition_point(days.begin(), days.end(),
                                            [&](const reporter_day& d) { return order(d) < 0; });
    const auto end = std::partition_point(first, days.end(),
                                          [&](const reporter_day& d) { return order(d) == 0; });
    return {first, end};
  }

  /// Whether a reporter mentions it on its last day with data, at most 7 days ago. So a failure
  /// does not come and go where reporters send on different days.
  bool is_active(std::span<const failure_fact* const> notes,
                 std::span<const reporter_day> days) const noexcept {
    constexpr std::int32_t longest_ago = 7;
    return std::ranges::any_of(notes, [&](const failure_fact* note) {
      if (note->first < today_ - longest_ago) return false;
      return std::ranges::none_of(days_of_reporter(days, *note), [&](const reporter_day& d) {
        return d.date > note->first && d.has_data();
      });
    });
  }

  /// How many days of a domain and kind have data, from one to another.
  std::size_t days_with_data(const failure_trend& trend, day first, day last) const noexcept {
    const std::span dates(data_days_.data(), data_days_.size());
    const auto before = [&](day limit) {
      return std::partition_point(dates.begin(), dates.end(), [&](const subject_day& d) {
        const auto order = compare_subjects_of(d, trend);
        return order != 0 ? order < 0 : d.date < limit;
      });
    };
    return static_cast<std::size_t>(before(last + 1) - before(first));
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
  arena<reporter_day> days_;
  arena<const failure_fact*> notes_;
  arena<std::size_t> name_counts_;
  arena<subject_day> data_days_;
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
  const auto is_about = [&](const fact& fact) {
    return fact.domain == domain && fact.days == 1 && fact.first < today &&
           fact.kind == policy_type::sts &&
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
  for (const total_fact& fact : summary.totals()) {
    if (!is_about(fact) || fact.mode != sts_mode::testing ||
        fact.ok.sessions + fact.failed.sessions == 0)
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
  for (const failure_fact& fact : summary.failures())
    if (is_about(fact) && fact.first >= today - 14 &&
        group_of(fact.result.value) == result_group::sts)
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
