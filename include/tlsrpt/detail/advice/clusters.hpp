/// @file
/// Failures that are one thing to do.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_CLUSTERS
#define TLSRPT_HPP_DETAIL_ADVICE_CLUSTERS

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/advice/bare_counts.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/trend/reporter_days.hpp>
#include <tlsrpt/finding.hpp>
#include <tlsrpt/reasons.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/trend.hpp>

namespace tlsrpt::detail {

/// The cause that a failure of a summary has.
inline reason_match reason_of(const failure_fact& fact) noexcept {
  const auto stored = find_reason(fact.reason);
  if (stored && *stored != reason_id::none)
    return {*stored, fact.is_likely ? certainty::likely : certainty::sure};
  if (fact.reason.starts_with('~')) return {reason_id::unknown};
  return match_reason(fact.result.value, {});
}

/// Whether a cause is in the mail host, or in what belongs to it, rather than in the policy.
inline bool is_about_host(const failure_fact& fact, reason_id reason) noexcept {
  const bool has_host = fact.host != "-" && fact.host != any_name;
  return has_host && group_of(fact.result.value) != result_group::sts &&
         party_of(reason) != party::policy_text;
}

/// Where a failure stands in reports.
enum class source_of_failure : std::uint8_t {
  details,         ///< In details.
  totals,          ///< In totals alone.
  rest_of_totals,  ///< In totals that are larger than what the details speak of.
  missing_total    ///< Nowhere: neither a total nor a detail says whether sessions failed.
};

/// What keys have in place of a reason; empty for failures in details.
constexpr std::string_view name_of(source_of_failure source) noexcept {
  constexpr std::string_view names[] = {"", "unexplained", "rest", "uncounted"};
  return names[static_cast<std::size_t>(source)];
}

/// Failures that are one thing to do: one cause, at one host or domain, under one kind of policy.
struct cluster {
  std::span<const failure_fact* const> facts{};  ///< Those of its last run of days.
  std::size_t begin = 0, end = 0;                ///< Places of all facts.
  source_of_failure source = source_of_failure::details;
  reason_id reason = reason_id::none;
  tlsrpt::certainty certainty = tlsrpt::certainty::guess;
  policy_type kind = policy_type::unknown;
  std::string_view text{};  ///< The reason as the ledger has it.
  std::string_view what{};  ///< The reason; without one the result type.
  std::string_view host{};  ///< Empty when it is not about one mail host.
  bool is_verified = false;
  bool is_of_sender = false;
  bool is_known = false;  ///< About a domain of summary_options::known_domains.
  bool is_wanted = false;
  tlsrpt::change change = change::past;
  std::span<const std::string_view> domains{}, reporters{}, others{};
  std::uint64_t noted = 0;
};

/// What reporters know in a scope.
struct scope_days {
  /// A reporter with data of the last day about a domain, whatever the kind of policy.
  struct witness {
    std::string_view domain{}, reporter{};
    bool has_success = false;
  };

  reporter_days days;
  arena<witness> witnesses;  ///< By domain, then reporter.

  bool read(const summary& summary, scope scope) noexcept {
    if (!days.read(summary, scope, day_choice::any)) return false;
    for (const reporter_day& d : days.all())
      if (d.date == days.today() - 1 && d.has_data() &&
          !witnesses.push({d.domain, d.reporter, d.ok.sessions != 0}))
        return false;
    const std::span all(witnesses.data(), witnesses.size());
    std::ranges::sort(all, [](const witness& a, const witness& b) {
      if (a.domain != b.domain) return a.domain < b.domain;
      if (a.reporter != b.reporter) return a.reporter < b.reporter;
      return a.has_success > b.has_success;
    });
    witnesses.drop_from(
        std::unique(all.data(), all.data() + all.size(), [](const witness& a, const witness& b) {
          return a.domain == b.domain && a.reporter == b.reporter;
        }));
    return true;
  }

  /// Calls f(witness) for those about a domain that are not among the reporters, while it gives
  /// true.
  template <class F>
  void for_each_other(std::string_view domain, std::span<const std::string_view> reporters,
                      const F& f) const noexcept {
    const std::span all(witnesses.data(), witnesses.size());
    const auto first = std::partition_point(all.begin(), all.end(),
                                            [&](const witness& w) { return w.domain < domain; });
    for (auto one = first; one != all.end() && one->domain == domain; ++one)
      if (!std::ranges::binary_search(reporters, one->reporter) && !f(*one)) return;
  }
};

/// Makes clusters of the failures of a summary.
class cluster_maker {
 public:
  cluster_maker(const summary& summary, block_store& memory) noexcept
      : summary_(summary), memory_(memory), has_verified_(summary.verified_reports() != 0) {}

  /// Those that there is something to say about, by host or domain; at most `most`, and only about
  /// some domains, if there are any. False when there is no memory.
  bool run(std::span<const std::string_view> domains, std::size_t most) noexcept {
    if (!all_.read(summary_, scope::all) ||
        (has_verified_ && !verified_.read(summary_, scope::verified)))
      return false;
    if (!read_notes() || !add_clusters() || !join_those_of_senders()) return false;
    drop([&](cluster& one) { return one.change == change::past || !is_wanted(one, domains); });
    return keep_largest(most) &&
           std::ranges::all_of(clusters(), [this](cluster& one) { return find_others(one); });
  }

  std::span<cluster> clusters() noexcept { return {clusters_.data(), clusters_.size()}; }
  std::size_t left_out() const noexcept { return left_out_; }
  /// Whether any report is verified, so that others are less than that.
  bool has_verified() const noexcept { return has_verified_; }
  /// What is known in the scope of a cluster.
  const scope_days& days_of(const cluster& one) const noexcept {
    return one.is_verified ? verified_ : all_;
  }

 private:
  struct note {
    const failure_fact* fact = nullptr;
    source_of_failure source = source_of_failure::details;
    std::string_view subject{};  ///< The host or the domain.
    std::string_view what{};     ///< The reason; without one the result type tells things apart.
    std::string_view text{};
    reason_match reason{};
    bool is_at_host = false;
  };

  bool read_notes() noexcept {
    if (!bare_.read(summary_)) return false;
    for (const failure_fact& fact : summary_.failures()) {
      if (!all_.days.has(fact) || !is_mentioned(fact)) continue;
      note made;
      made.fact = &fact;
      made.reason = reason_of(fact);
      made.is_at_host = is_about_host(fact, made.reason.id);
      made.subject = made.is_at_host ? fact.host : fact.domain;
      made.text = made.reason.id == reason_id::unknown ? fact.reason : name(made.reason.id);
      made.what = made.reason.id == reason_id::none ? fact.result.text : made.text;
      if (!notes_.push(made)) return false;
    }
    if (!read_bare(bare_.unexplained(), source_of_failure::totals) ||
        !read_bare(bare_.rest(), source_of_failure::rest_of_totals) ||
        !read_bare(bare_.uncounted(), source_of_failure::missing_total))
      return false;
    std::ranges::sort(notes(), [](const note& a, const note& b) {
      if (const auto order = compare_things(a, b); order != 0) return order < 0;
      if (a.fact->trust != b.fact->trust) return a.fact->trust > b.fact->trust;
      return is_before(a.fact, b.fact);
    });
    return true;
  }

  bool read_bare(std::span<const failure_fact> facts, source_of_failure source) noexcept {
    for (const failure_fact& fact : facts) {
      if (!all_.days.has(fact)) continue;
      note made;
      made.fact = &fact;
      made.source = source;
      made.subject = fact.domain;
      made.text = name(made.reason.id);
      made.what = name_of(source);
      if (!notes_.push(made)) return false;
    }
    return true;
  }

  std::span<note> notes() noexcept { return {notes_.data(), notes_.size()}; }

  static std::strong_ordering compare_things(const note& a, const note& b) noexcept {
    if (const auto order = a.subject <=> b.subject; order != 0) return order;
    if (const auto order = a.what <=> b.what; order != 0) return order;
    if (const auto order = a.source <=> b.source; order != 0) return order;
    return a.fact->kind <=> b.fact->kind;
  }

  static bool is_before(const failure_fact* a, const failure_fact* b) noexcept {
    const day x = last_day_of(*a), y = last_day_of(*b);
    return x != y ? x < y : compare_facts(*a, *b) < 0;
  }
  static std::strong_ordering compare_facts(const failure_fact& a, const failure_fact& b) noexcept {
    if (const auto order = compare_policies_of(a, b); order != 0) return order;
    if (const auto order = compare_names(a.result.text, b.result.text); order != 0) return order;
    if (const auto order = compare_names(a.host, b.host); order != 0) return order;
    if (const auto order = compare_names(a.node, b.node); order != 0) return order;
    if (const auto order = compare_names(a.reason, b.reason); order != 0) return order;
    return compare_sources(a, b);
  }

  /// Where some reports are verified, claimed ones only make things that no verified one speaks of
  /// (RC-37).
  bool add_clusters() noexcept {
    const auto all = notes();
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      cluster one;
      one.begin = facts_.size();
      const note& first = all[begin];
      one.source = first.source;
      one.reason = first.reason.id;
      one.text = first.text;
      one.what = first.what;
      one.kind = first.fact->kind;
      one.is_verified = first.fact->trust == trust::verified;
      for (; end < all.size() && compare_things(first, all[end]) == 0; ++end) {
        const note& next = all[end];
        if (one.is_verified && next.fact->trust == trust::claimed) continue;
        one.certainty = std::max(one.certainty, next.reason.certainty);
        if (next.is_at_host) one.host = next.fact->host;
        if (!facts_.push(next.fact)) return false;
      }
      one.end = facts_.size();
      if (!clusters_.push(one)) return false;
    }
    return settle_all();
  }

  bool settle_all() noexcept {
    return std::ranges::all_of(clusters(), [this](cluster& one) { return settle(one); });
  }

  /// Reads what the facts of a cluster have in common. No fact moves any more, unless it is read
  /// again.
  bool settle(cluster& one) noexcept {
    const std::span<const failure_fact* const> all(facts_.data() + one.begin, one.end - one.begin);
    one.facts = last_run_of(all);
    one.change = change_of(all, days_of(one).days);
    one.noted = 0;
    for (const failure_fact* fact : one.facts)
      one.noted = sum_of_sessions(one.noted, fact->noted.sessions);
    return collect(one.facts, one.domains, [](const failure_fact* fact) { return fact->domain; }) &&
           collect(one.facts, one.reporters,
                   [](const failure_fact* fact) { return fact->reporter; });
  }

  /// Keeps the names of all, each once, in their order.
  template <class Range, class NameOf>
  bool collect(const Range& all, std::span<const std::string_view>& to,
               const NameOf& name_of) noexcept {
    names_.clear();
    for (const auto& one : all)
      if (!names_.push(name_of(one))) return false;
    drop_repeated_names();
    return keep_names(to);
  }
  void drop_repeated_names() noexcept {
    const std::span names(names_.data(), names_.size());
    std::ranges::sort(names);
    names_.drop_from(std::unique(names.data(), names.data() + names.size()));
  }
  bool keep_names(std::span<const std::string_view>& to) noexcept {
    const std::string_view* const kept =
        memory_.copy(std::span<const std::string_view>(names_.data(), names_.size()));
    to = {kept, kept == nullptr ? 0 : names_.size()};
    return kept != nullptr;
  }

  /// Who has data of the last day for the domains, and does not note the failure (AG-53).
  bool find_others(cluster& one) noexcept {
    names_.clear();
    const auto add = [&](const scope_days::witness& other) {
      // One sender may be there for many domains.
      if (names_.size() == 2 * most_others) drop_repeated_names();
      return names_.size() < 2 * most_others && names_.push(other.reporter);
    };
    if (!names_.reserve(2 * most_others)) return false;
    for (std::string_view domain : one.domains)
      days_of(one).for_each_other(domain, one.reporters, add);
    drop_repeated_names();
    while (names_.size() > most_others) names_.drop_last();
    return keep_names(one.others);
  }

  bool has_others(const cluster& one) const noexcept {
    bool has_any = false;
    for (std::string_view domain : one.domains)
      days_of(one).for_each_other(domain, one.reporters,
                                  [&](const scope_days::witness&) { return !(has_any = true); });
    return has_any;
  }

  /// Failures of one reporter alone, for one reason or of one result type at several domains or
  /// their hosts, are about that reporter, when others have data of these domains (RC-27).
  bool join_those_of_senders() noexcept {
    arena<cluster*> alone;
    for (cluster& one : clusters()) {
      const bool is_noted = one.source == source_of_failure::details;
      if (is_noted && one.reporters.size() == 1 && has_others(one) && !alone.push(&one))
        return false;
    }
    const auto compare = [](const cluster* a, const cluster* b) {
      if (const auto order = a->reporters[0] <=> b->reporters[0]; order != 0) return order;
      if (const auto order = a->what <=> b->what; order != 0) return order;
      if (const auto order = a->kind <=> b->kind; order != 0) return order;
      return a->is_verified <=> b->is_verified;
    };
    const std::span all(alone.data(), alone.size());
    std::ranges::sort(all, [&](const cluster* a, const cluster* b) {
      const auto order = compare(a, b);
      return order != 0 ? order < 0 : a < b;
    });
    bool has_joined = false;
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      bool is_of_several = false;
      for (; end < all.size() && compare(all[begin], all[end]) == 0; ++end)
        is_of_several = is_of_several || all[end]->domains.front() != all[begin]->domains.back() ||
                        all[end]->domains.back() != all[begin]->domains.front();
      if (!is_of_several || end - begin < 2) continue;
      if (!join(all.subspan(begin, end - begin))) return false;
      has_joined = true;
    }
    if (!has_joined) return true;
    drop([](const cluster& one) { return one.begin == one.end; });
    return settle_all();
  }

  /// Makes one of several; the others have no facts any more.
  bool join(std::span<cluster* const> several) noexcept {
    const std::size_t begin = facts_.size();
    for (cluster* one : several) {
      for (std::size_t place = one->begin; place < one->end; ++place)
        if (!facts_.push(facts_.data()[place])) return false;
      one->begin = one->end = 0;
    }
    std::sort(facts_.data() + begin, facts_.data() + facts_.size(), is_before);
    several[0]->begin = begin;
    several[0]->end = facts_.size();
    several[0]->host = {};
    several[0]->is_of_sender = true;
    return true;
  }

  template <class F>
  void drop(const F& is_dropped) noexcept {
    clusters_.drop_from(
        std::remove_if(clusters_.data(), clusters_.data() + clusters_.size(), is_dropped));
  }

  static bool is_wanted(const cluster& one, std::span<const std::string_view> domains) noexcept {
    return domains.empty() || std::ranges::any_of(domains, [&](std::string_view domain) {
             return std::ranges::binary_search(one.domains, domain);
           });
  }

  /// Keeps the most important ones, where they are (AG-30).
  bool keep_largest(std::size_t most) noexcept {
    if (clusters_.size() <= most) return true;
    left_out_ = clusters_.size() - most;
    arena<cluster*> order;
    for (cluster& one : clusters()) {
      one.is_known = std::ranges::any_of(
          one.domains, [this](std::string_view domain) { return summary_.is_known(domain); });
      one.is_wanted = false;
      if (!order.push(&one)) return false;
    }
    const std::span all(order.data(), order.size());
    std::ranges::sort(all, [](const cluster* a, const cluster* b) {
      if (a->is_verified != b->is_verified) return a->is_verified;
      if (a->is_known != b->is_known) return a->is_known;
      if (a->noted != b->noted) return a->noted > b->noted;
      return a < b;
    });
    for (cluster* one : all.first(most)) one->is_wanted = true;
    drop([](const cluster& one) { return !one.is_wanted; });
    return true;
  }

  const summary& summary_;
  block_store& memory_;
  bool has_verified_;
  scope_days all_, verified_;
  bare_counts bare_;
  arena<note> notes_;
  arena<const failure_fact*> facts_;
  arena<cluster> clusters_;
  arena<std::string_view> names_;
  std::size_t left_out_ = 0;
};

}  // namespace tlsrpt::detail

#endif
