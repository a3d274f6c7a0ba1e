/// @file
/// What reporters know day by day, and what that makes of a failure.

#ifndef TLSRPT_HPP_DETAIL_TREND_REPORTER_DAYS
#define TLSRPT_HPP_DETAIL_TREND_REPORTER_DAYS

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/ledger/order.hpp>
#include <tlsrpt/summary.hpp>

namespace tlsrpt::detail {

/// Days before the last complete one that it is compared with.
inline constexpr std::int32_t trend_baseline = 14;

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

template <class A, class B>
constexpr std::strong_ordering compare_subjects_of(const A& a, const B& b) noexcept {
  if (const auto order = compare_names(a.domain, b.domain); order != 0) return order;
  if (a.kind == b.kind) return std::strong_ordering::equal;
  return kind_name(a.kind) <=> kind_name(b.kind);
}

/// The day that a fact is of: the last one of its period.
constexpr day last_day_of(const fact& fact) noexcept { return fact.first + (fact.days - 1); }

constexpr bool is_mentioned(const failure_fact& fact) noexcept {
  return fact.noted.sessions != 0 || fact.noted.unknown != 0;
}

/// The facts of the last run of days that have some, where two days without do not end it. There is
/// at least one fact; they are in the order of their days.
inline std::span<const failure_fact* const> last_run_of(
    std::span<const failure_fact* const> notes) noexcept {
  constexpr std::int32_t longest_gap = 2;
  std::size_t first = notes.size() - 1;
  while (first != 0 &&
         last_day_of(*notes[first]) - last_day_of(*notes[first - 1]) <= longest_gap + 1)
    --first;
  return notes.subspan(first);
}

/// The facts of a domain, of all facts of a summary, which are in the order of their domains.
template <class Fact>
std::span<const Fact> facts_about(std::span<const Fact> all, std::string_view domain) noexcept {
  return {std::ranges::lower_bound(all, domain, {}, &Fact::domain),
          std::ranges::upper_bound(all, domain, {}, &Fact::domain)};
}

/// Which facts take part.
enum class day_choice : std::uint8_t {
  single,  ///< Those of one day.
  any      ///< Those of several days, too, on the last of them.
};

/// The days before a summary was asked for, by domain, kind, reporter, trust and date.
class reporter_days {
 public:
  /// False when there is no memory.
  bool read(const summary& summary, scope scope, day_choice choice) noexcept {
    scope_ = scope;
    choice_ = choice;
    today_ = summary.today();
    for (const total_fact& fact : summary.totals())
      if (has(fact) && !days_.push({fact.domain, fact.kind, fact.reporter, fact.trust,
                                    last_day_of(fact), fact.ok, fact.failed}))
        return false;
    add_up();
    return find_data_days();
  }

  /// Whether a fact takes part.
  bool has(const fact& fact) const noexcept {
    return (choice_ == day_choice::any || fact.days == 1) && last_day_of(fact) < today_ &&
           (scope_ == scope::all || fact.trust == trust::verified);
  }

  std::span<const reporter_day> all() const noexcept { return {days_.data(), days_.size()}; }

  /// Days of the reporter of a fact, with its domain and kind, from `first` on.
  std::span<const reporter_day> days_since(const fact& fact, day first) const noexcept {
    reporter_day wanted;
    wanted.domain = fact.domain;
    wanted.kind = fact.kind;
    wanted.reporter = fact.reporter;
    wanted.trust = fact.trust;
    const auto all = this->all();
    const auto begin = std::partition_point(all.begin(), all.end(), [&](const reporter_day& d) {
      const auto order = compare_reporters(d, wanted);
      return order != 0 ? order < 0 : d.date < first;
    });
    const auto end = std::partition_point(
        begin, all.end(), [&](const reporter_day& d) { return compare_reporters(d, wanted) == 0; });
    return {begin, end};
  }

  /// Whether a reporter mentions it on its last day with data, at most 7 days ago. So a failure
  /// does not come and go where reporters send on different days.
  bool is_active(std::span<const failure_fact* const> notes) const noexcept {
    constexpr std::int32_t longest_ago = 7;
    return std::ranges::any_of(notes, [&](const failure_fact* note) {
      const day date = last_day_of(*note);
      return date >= today_ - longest_ago &&
             std::ranges::none_of(days_since(*note, date + 1),
                                  [](const reporter_day& d) { return d.has_data(); });
    });
  }

  /// How many days of the domain and kind of a fact have data, from one to another.
  std::size_t days_with_data(const fact& fact, day first, day last) const noexcept {
    const std::span dates(data_days_.data(), data_days_.size());
    const auto before = [&](day limit) {
      return std::partition_point(dates.begin(), dates.end(), [&](const subject_day& d) {
        const auto order = compare_subjects_of(d, fact);
        return order != 0 ? order < 0 : d.date < limit;
      });
    };
    return static_cast<std::size_t>(before(last + 1) - before(first));
  }

  /// The day of asking, which is not over.
  day today() const noexcept { return today_; }

 private:
  static std::strong_ordering compare_reporters(const reporter_day& a,
                                                const reporter_day& b) noexcept {
    if (const auto order = compare_subjects_of(a, b); order != 0) return order;
    if (const auto order = compare_names(a.reporter, b.reporter); order != 0) return order;
    return a.trust <=> b.trust;
  }

  /// Sorts days, and adds up those of one reporter and date. They are in the order of their domains
  /// and kinds already, so few have to be compared.
  void add_up() noexcept {
    const std::span all(days_.data(), days_.size());
    sort_each_subject(all, [](const reporter_day& a, const reporter_day& b) {
      const auto order = compare_reporters(a, b);
      return order != 0 ? order < 0 : a.date < b.date;
    });
    std::size_t size = 0;
    for (const reporter_day& next : all) {
      reporter_day* const last = size == 0 ? nullptr : &all[size - 1];
      if (last != nullptr && compare_reporters(*last, next) == 0 && last->date == next.date) {
        last->ok += next.ok;
        last->failed += next.failed;
      } else {
        all[size++] = next;
      }
    }
    while (days_.size() > size) days_.drop_last();
  }

  bool find_data_days() noexcept {
    for (const reporter_day& d : all())
      if (d.has_data() && !data_days_.push({d.domain, d.kind, d.date})) return false;
    const std::span all(data_days_.data(), data_days_.size());
    sort_each_subject(all,
                      [](const subject_day& a, const subject_day& b) { return a.date < b.date; });
    data_days_.drop_from(std::unique(all.data(), all.data() + all.size(),
                                     [](const subject_day& a, const subject_day& b) {
                                       return a.date == b.date && compare_subjects_of(a, b) == 0;
                                     }));
    return true;
  }

  /// Sorts the days of each domain and kind, which follow each other.
  template <class Day, class Less>
  static void sort_each_subject(std::span<Day> all, const Less& less) noexcept {
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && compare_subjects_of(all[begin], all[end]) == 0) ++end;
      std::ranges::sort(all.subspan(begin, end - begin), less);
    }
  }

  scope scope_ = scope::all;
  day_choice choice_ = day_choice::single;
  day today_{};
  arena<reporter_day> days_;
  arena<subject_day> data_days_;
};

}  // namespace tlsrpt::detail

#endif
