/// @file
/// What reporters know of domains, day by day, and how failures change with time.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_HISTORY
#define TLSRPT_HPP_DETAIL_ADVICE_HISTORY

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tlsrpt/detail/advice/facts.hpp>
#include <tlsrpt/finding.hpp>
#include <tlsrpt/trend.hpp>

namespace tlsrpt::detail {

/// What a reporter says of a domain on a day: all kinds of policies, which count the same sessions.
struct day_figures {
  std::uint64_t ok = 0;      ///< At least: the most of one kind.
  std::uint64_t failed = 0;  ///< At least: the most of one kind.
  std::size_t reports = 0;
};

/// Sessions of a domain under one kind of policy.
struct kind_figures {
  std::uint64_t ok = 0, failed = 0;

  std::uint64_t per_mille() const noexcept {
    const std::uint64_t all = sum_of_sessions(ok, failed);
    return all == 0 ? 0 : failed * 1000 / all;
  }
};

/// What is known of one domain.
class domain_history {
 public:
  using days_of_reporter = std::map<day, day_figures>;

  void add(const advised_total& fact) {
    kind_figures& figures = kinds_[fact.row.kind][fact.last];
    figures.ok = sum_of_sessions(figures.ok, fact.row.ok.sessions);
    figures.failed = sum_of_sessions(figures.failed, fact.row.failed.sessions);
    day_figures& of_day = reporters_[fact.reporter][fact.last];
    of_day.ok = std::max(of_day.ok, fact.row.ok.sessions);
    of_day.failed = std::max(of_day.failed, fact.row.failed.sessions);
    if (of_day.reports == 0 || last_group_ != fact.group) ++of_day.reports;
    last_group_ = fact.group;
    if (fact.has_data()) data_days_.insert(fact.last);
  }

  const std::map<std::string_view, days_of_reporter>& reporters() const noexcept {
    return reporters_;
  }
  const std::set<day>& data_days() const noexcept { return data_days_; }
  const std::map<day, kind_figures>& days_of(policy_type kind) const noexcept {
    static const std::map<day, kind_figures> none;
    const auto found = kinds_.find(kind);
    return found == kinds_.end() ? none : found->second;
  }

  /// Whether a reporter has data of a day.
  bool has_data(std::string_view reporter, day day) const {
    const auto days = reporters_.find(reporter);
    if (days == reporters_.end()) return false;
    const auto figures = days->second.find(day);
    return figures != days->second.end() && figures->second.ok + figures->second.failed > 0;
  }

  /// The last day on which a reporter has data.
  std::optional<day> last_data_of(std::string_view reporter) const {
    const auto days = reporters_.find(reporter);
    if (days == reporters_.end()) return std::nullopt;
    for (auto one = days->second.rbegin(); one != days->second.rend(); ++one)
      if (one->second.ok + one->second.failed > 0) return one->first;
    return std::nullopt;
  }

 private:
  std::map<std::string_view, days_of_reporter> reporters_;
  std::map<policy_type, std::map<day, kind_figures>> kinds_;
  std::set<day> data_days_;
  std::size_t last_group_ = 0;
};

/// What is known of all domains, up to the last day.
class advice_history {
 public:
  advice_history(const advice_facts& facts, day last) : last_(last) {
    for (const advised_total& fact : facts.totals()) domains_[fact.row.domain].add(fact);
  }

  day last() const noexcept { return last_; }
  const std::map<std::string_view, domain_history>& domains() const noexcept { return domains_; }
  const domain_history& of(std::string_view domain) const noexcept {
    static const domain_history none;
    const auto found = domains_.find(domain);
    return found == domains_.end() ? none : found->second;
  }

 private:
  day last_;
  std::map<std::string_view, domain_history> domains_;
};

/// How failures that belong together change with time.
struct trend {
  bool is_shown = false;  ///< Whether there is anything to say.
  bool is_spike = false;
  tlsrpt::change change = tlsrpt::change::first_seen;
  day since{}, last{};
};

/// What is there of a set of days from `first` to `last`.
inline std::size_t days_within(const std::set<day>& days, day first, day last) {
  return static_cast<std::size_t>(std::distance(days.lower_bound(first), days.upper_bound(last)));
}

/// Whether far more sessions fail on the last day than before (AG-52), the day before included:
/// what stays high is no spike.
inline bool is_spike(const domain_history& domain, policy_type kind, day last) {
  const std::map<day, kind_figures>& days = domain.days_of(kind);
  const auto today = days.find(last);
  if (today == days.end() || today->second.failed < 5) return false;
  std::vector<std::uint64_t> shares;
  for (auto one = days.lower_bound(last - 14); one != today; ++one)
    shares.push_back(one->second.per_mille());
  if (shares.empty()) return false;
  const std::uint64_t before = shares.back();
  const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
  std::nth_element(shares.begin(), middle, shares.end());
  return today->second.per_mille() >= 3 * std::max(*middle, before) + 10;
}

/// The trend of failures, of which there is at least one (AG-50 to AG-52).
inline trend trend_of(std::span<const advised_failure* const> failures,
                      const advice_history& history) {
  const day last_day = history.last();
  std::set<day> noted, data;
  std::set<std::pair<std::string_view, std::string_view>> sources;  // reporter, domain
  for (const advised_failure* fact : failures) {
    noted.insert(fact->last);
    sources.insert({fact->reporter, fact->row.domain});
    const std::set<day>& days = history.of(fact->row.domain).data_days();
    data.insert(days.begin(), days.end());
  }
  trend found{.since = *noted.rbegin(), .last = *noted.rbegin()};
  for (auto one = noted.rbegin(); one != noted.rend() && found.since - *one <= 3; ++one)
    found.since = *one;

  // It goes on where somebody noted it on the last day that he has data of.
  std::set<std::tuple<std::string_view, std::string_view, day>> said;
  for (const advised_failure* fact : failures)
    said.insert({fact->reporter, fact->row.domain, fact->last});
  // What comes and goes is not gone before a second day without it.
  bool goes_on = found.last == last_day || (found.last == last_day - 1 &&
                                            days_within(noted, last_day - 14, last_day - 2) > 0);
  for (const auto& [reporter, domain] : sources) {
    const auto last = history.of(domain).last_data_of(reporter);
    goes_on = goes_on || (last && last_day - *last < 7 && said.contains({reporter, domain, *last}));
  }
  if (goes_on) {
    found.is_shown = true;
    if (days_within(noted, found.last - 14, found.last - 1) > 0) {
      found.change = change::continuing;
      const advised_failure& any = *failures.front();
      found.is_spike =
          found.last == last_day && is_spike(history.of(any.row.domain), any.row.kind, last_day);
    } else if (days_within(noted, found.last - 104, found.last - 15) > 0) {
      found.change = change::back;
    } else if (days_within(data, found.last - 14, found.last - 1) >= 3) {
      found.change = change::fresh;
    }
    return found;
  }

  if (found.last >= last_day - 1 || days_within(noted, last_day - 7, last_day - 2) < 2)
    return found;
  found.is_shown = true;
  found.change = change::unconfirmed;
  for (const auto& [reporter, domain] : sources) {
    const auto& reporters = history.of(domain).reporters();
    const auto days = reporters.find(reporter);
    if (days == reporters.end()) continue;
    for (auto one = days->second.lower_bound(last_day - 1); one != days->second.end(); ++one)
      if (one->second.ok > 0) found.change = change::gone;
  }
  return found;
}

/// Senders that reported regularly on the domain and no longer do (AG-54). Counts the regular ones
/// to `regular`.
inline std::vector<silent_reporter> silent_reporters(std::string_view domain,
                                                     const domain_history& history, day last,
                                                     std::size_t& regular) {
  std::vector<silent_reporter> silent;
  for (const auto& [reporter, days] : history.reporters()) {
    const auto first = days.lower_bound(last - 27);
    std::size_t reports = 0;
    std::int32_t longest_gap = 0;
    bool has_good_report = false;
    for (auto one = first; one != days.end(); ++one) {
      reports += one->second.reports;
      has_good_report = has_good_report || one->second.failed == 0;
      if (one != first) longest_gap = std::max(longest_gap, one->first - std::prev(one)->first);
    }
    if (reports < 7 || !has_good_report) continue;
    ++regular;
    const day last_report = days.rbegin()->first;
    const std::int32_t since = last + 1 - last_report;
    if (since > std::max(2, 2 * longest_gap))
      silent.push_back({std::string(reporter), std::string(domain), last_report, since});
  }
  return silent;
}

}  // namespace tlsrpt::detail

#endif
