/// @file
/// The rows of a ledger as advice needs them: each session once.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_FACTS
#define TLSRPT_HPP_DETAIL_ADVICE_FACTS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger.hpp>

namespace tlsrpt::detail {

/// What all rows of a report have.
struct fact_origin {
  std::size_t group = 0;  ///< The reports that count as one (AG-05).
  std::string_view reporter{};
  tlsrpt::day first{}, last{};  ///< The period.
  bool is_verified = false;
};

/// Sessions that a reporter counts.
struct advised_total : fact_origin {
  ledger_total row{};

  bool has_data() const noexcept { return row.ok.sessions + row.failed.sessions > 0; }
};

/// A failure that a reporter notes.
struct advised_failure : fact_origin {
  ledger_failure row{};
  tlsrpt::digest digest{};
};

/// All that the reports say, without what is said twice.
class advice_facts {
 public:
  /// Reports about later days than `last` are left out.
  advice_facts(const ledger& from, day last) {
    std::vector<ledger_entry> entries;
    for (const ledger_entry& entry : from.entries())
      if (last_day_of(entry) <= last) entries.push_back(entry);
    std::sort(entries.begin(), entries.end(), [](const ledger_entry& a, const ledger_entry& b) {
      return std::tuple(group_of(a), a.digest) < std::tuple(group_of(b), b.digest);
    });
    // Claimed reports come first.
    const auto verified =
        std::find_if(entries.begin(), entries.end(),
                     [](const ledger_entry& entry) { return entry.trust == trust::verified; });
    has_verified_ = verified != entries.end();
    std::set<period_key> shadows;
    for (auto entry = verified; entry != entries.end(); ++entry) shadows.insert(period_of(*entry));
    for (auto first = entries.cbegin(); first != entries.cend();) {
      auto next = first + 1;
      while (!first->report_id.empty() && next != entries.cend() &&
             group_of(*next) == group_of(*first))
        ++next;
      // A claimed report beside a verified one of the same reporter says nothing (AG-07).
      if (first >= verified || !shadows.contains(period_of(*first))) add_group(first, next);
      first = next;
    }
    drop_what_days_say();
  }

  const std::vector<advised_total>& totals() const noexcept { return totals_; }
  const std::vector<advised_failure>& failures() const noexcept { return failures_; }
  /// Whether any report is verified, so that others are less than that.
  bool has_verified() const noexcept { return has_verified_; }

 private:
  using entry_place = std::vector<ledger_entry>::const_iterator;
  using period_key = std::tuple<std::string_view, std::string_view, day, std::int32_t>;

  static day last_day_of(const ledger_entry& entry) noexcept {
    return entry.first + (entry.days - 1);
  }

  static std::string_view domain_of(const ledger_entry& entry, std::string_view domain) noexcept {
    return domain == "?" && !entry.inferred.empty() ? entry.inferred : domain;
  }

  static period_key period_of(const ledger_entry& entry) noexcept {
    return {entry.reporter, domain_of(entry, entry.about), entry.first, entry.days};
  }

  static std::tuple<trust, period_key, std::string_view> group_of(
      const ledger_entry& entry) noexcept {
    return {entry.trust, period_of(entry), entry.report_id};
  }

  static session_sum largest(const session_sum& a, const session_sum& b) noexcept {
    return {std::max(a.sessions, b.sessions), std::max(a.unknown, b.unknown)};
  }

  /// Adds reports that count as one: each figure is the largest of them (AG-05).
  void add_group(entry_place first, entry_place last) {
    std::map<std::tuple<std::string_view, policy_type, sts_mode, policy_id>, std::size_t> totals;
    std::map<std::tuple<std::string_view, policy_type, sts_mode, std::string_view, std::string_view,
                        std::string_view, std::string_view>,
             std::size_t>
        failures;
    for (auto entry = first; entry != last; ++entry) {
      const fact_origin origin{groups_, entry->reporter, entry->first, last_day_of(*entry),
                               entry->trust == trust::verified};
      for (ledger_total row : entry->totals) {
        row.domain = domain_of(*entry, row.domain);
        const auto [at, is_new] =
            totals.try_emplace({row.domain, row.kind, row.mode, row.policy}, totals_.size());
        if (is_new) {
          totals_.push_back({origin, row});
          continue;
        }
        ledger_total& other = totals_[at->second].row;
        other.ok = largest(other.ok, row.ok);
        other.failed = largest(other.failed, row.failed);
      }
      for (ledger_failure row : entry->failures) {
        row.domain = domain_of(*entry, row.domain);
        const auto [at, is_new] = failures.try_emplace(
            {row.domain, row.kind, row.mode, row.result.text, row.host, row.node, row.reason},
            failures_.size());
        if (is_new) {
          failures_.push_back({origin, row, entry->digest});
          continue;
        }
        ledger_failure& other = failures_[at->second].row;
        other.noted = largest(other.noted, row.noted);
      }
    }
    ++groups_;
  }

  /// Leaves out what a report about several days says of a domain, where the same reporter has a
  /// report for each of the days (AG-20).
  void drop_what_days_say() {
    std::set<std::tuple<std::string_view, std::string_view, day>> said;
    for (const advised_total& fact : totals_)
      if (fact.first == fact.last) said.insert({fact.reporter, fact.row.domain, fact.first});
    const auto is_said = [&said](const auto& fact) {
      if (fact.first == fact.last) return false;
      for (day one = fact.first; one <= fact.last; one = one + 1)
        if (!said.contains({fact.reporter, fact.row.domain, one})) return false;
      return true;
    };
    totals_.erase(std::remove_if(totals_.begin(), totals_.end(), is_said), totals_.end());
    failures_.erase(std::remove_if(failures_.begin(), failures_.end(), is_said), failures_.end());
  }

  std::vector<advised_total> totals_;
  std::vector<advised_failure> failures_;
  std::size_t groups_ = 0;
  bool has_verified_ = false;
};

}  // namespace tlsrpt::detail

#endif
