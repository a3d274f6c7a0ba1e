/// @file
/// Bodies of summary.hpp.

#ifndef TLSRPT_HPP_IMPL_SUMMARY
#define TLSRPT_HPP_IMPL_SUMMARY

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/ledger/order.hpp>
#include <tlsrpt/detail/summary/fact_sums.hpp>
#include <tlsrpt/detail/summary/group_key.hpp>
#include <tlsrpt/detail/summary/name_set.hpp>
#include <tlsrpt/detail/summary/overlaps.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

/// A fact, and the numbers of its names in a name_set, later their places in the order of all
/// names: the domain, the reporter, then what is special to the kind of fact.
template <class Fact, std::size_t Names>
struct numbered : Fact {
  std::array<std::uint32_t, Names> names{};
};
using numbered_total = numbered<total_fact, 2>;
using numbered_failure = numbered<failure_fact, 6>;

/// The order of what is special.
constexpr std::strong_ordering compare_rest(const numbered_total& a,
                                            const numbered_total& b) noexcept {
  return a.policy <=> b.policy;
}
constexpr std::strong_ordering compare_rest(const numbered_failure& a,
                                            const numbered_failure& b) noexcept {
  for (std::size_t i = 2; i < a.names.size(); ++i)
    if (a.names[i] != b.names[i]) return a.names[i] <=> b.names[i];
  return std::strong_ordering::equal;
}

constexpr session_sum larger_of(const session_sum& a, const session_sum& b) noexcept {
  return {std::max(a.sessions, b.sessions), std::max(a.unknown, b.unknown)};
}
constexpr void add(total_fact& to, const total_fact& more) noexcept {
  if (to.failed.sessions == 0) to.report = more.report;
  to.ok += more.ok;
  to.failed += more.failed;
  to.elements = sum_of_sessions(to.elements, more.elements);
}
constexpr void enlarge(total_fact& to, const total_fact& other) noexcept {
  if (other.failed.sessions > to.failed.sessions) to.report = other.report;
  to.ok = larger_of(to.ok, other.ok);
  to.failed = larger_of(to.failed, other.failed);
  to.elements = std::max(to.elements, other.elements);
}
constexpr void add(failure_fact& to, const failure_fact& more) noexcept {
  to.is_likely = to.is_likely && more.is_likely;
  to.noted += more.noted;
}
constexpr void enlarge(failure_fact& to, const failure_fact& other) noexcept {
  if (other.noted.sessions > to.noted.sessions) to.report = other.report;
  to.is_likely = to.is_likely && other.is_likely;
  to.noted = larger_of(to.noted, other.noted);
}

/// How facts are added up, and their order once names have places.
struct fact_rules {
  /// The mode of a policy is left out: it has no meaning for most kinds.
  template <class Fact>
  static std::uint64_t hash(const Fact& fact, std::uint64_t key) noexcept {
    const auto period = static_cast<std::uint32_t>(fact.first.number);
    std::uint64_t hash = mixed_bits(key ^ policy_of(fact));
    hash = mixed_bits(hash ^ period ^ static_cast<std::uint32_t>(fact.days) << 20);
    for (std::size_t i = 0; i < fact.names.size(); i += 2)
      hash = mixed_bits(hash ^ fact.names[i] ^ std::uint64_t{fact.names[i + 1]} << 32);
    return hash;
  }
  template <class Fact>
  static std::strong_ordering compare(const Fact& a, const Fact& b) noexcept {
    if (a.names[0] != b.names[0]) return a.names[0] <=> b.names[0];
    if (const auto order = compare_kinds_of(a, b); order != 0) return order;
    if (const auto order = compare_rest(a, b); order != 0) return order;
    if (const auto order = a.first <=> b.first; order != 0) return order;
    if (const auto order = a.days <=> b.days; order != 0) return order;
    if (a.names[1] != b.names[1]) return a.names[1] <=> b.names[1];
    return a.trust <=> b.trust;
  }
  template <class Fact>
  static void add(Fact& to, const Fact& more) noexcept {
    detail::add(to, more);
  }
  template <class Fact>
  static void enlarge(Fact& to, const Fact& other) noexcept {
    detail::enlarge(to, other);
  }

 private:
  static std::uint64_t policy_of(const total_fact& fact) noexcept {
    return static_cast<std::uint64_t>(fact.policy);
  }
  static std::uint64_t policy_of(const failure_fact&) noexcept { return 0; }
};

/// The domain that figures of an entry count for.
struct attribution {
  const summary_options& options;
  const ledger_entry& entry;

  void apply(fact& fact) const noexcept {
    if (fact.domain == absent_domain) {
      fact.domain = entry.domain_or_inferred(fact.domain);
      fact.inferred = fact.domain != absent_domain;
    } else if (fact.kind == policy_type::tlsa) {
      for (const host_domains& host : options.hosts)
        if (host.domains.size() == 1 && same_host(host.host, fact.domain)) {
          fact.domain = host.domains[0];
          fact.inferred = true;
          return;
        }
    }
  }
};

/// Sorts the reports of a ledger into groups, and adds up their figures.
class fact_maker {
 public:
  fact_maker(const ledger& ledger, const summary_options& options) noexcept
      : ledger_(ledger), options_(options) {}

  arena<digest> shadowed;
  std::uint64_t conflicts = 0, cut = 0;
  std::size_t verified = 0;

  bool run() noexcept {
    if (!keys_.reserve(ledger_.size())) return false;
    for (const ledger_entry& entry : ledger_.entries()) {
      if (!add_key(entry)) return false;
      verified += entry.trust == trust::verified ? 1 : 0;
      cut = sum_of_sessions(cut, entry.flags.cut);
    }
    arena<std::uint32_t> places;
    if (!names_.find_places(places)) return false;
    const std::span keys(keys_.data(), keys_.size());
    for (group_key& key : keys) {
      key.reporter = places.data()[key.reporter];
      key.about = places.data()[key.about];
    }
    std::ranges::sort(keys, [](const group_key& a, const group_key& b) {
      const auto order = compare_groups(a, b);
      return order != 0 ? order < 0 : a.digest < b.digest;
    });
    std::uint32_t group = 0;
    const group_key* first_of_subject = nullptr;
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
      const bool is_same_group = i != 0 && are_of_one_group(keys[i - 1], keys[i]);
      if (!is_same_group) ++group;
      if (first_of_subject == nullptr || compare_subjects(*first_of_subject, keys[i]) != 0)
        first_of_subject = &keys[i];
      const bool is_shadowed =
          keys[i].trust == trust::claimed && first_of_subject->trust == trust::verified;
      if (is_shadowed ? !shadowed.push(keys[i].digest) : !add_entry(keys[i], group, i))
        return false;
      if (is_same_group && !is_shadowed) ++conflicts;
    }
    return true;
  }

  /// Appends the sums in their order. Nothing more can be added. False when there is no memory.
  bool take(arena<total_fact>& to, arena<failure_fact>& failures) noexcept {
    arena<std::uint32_t> places;
    if (!names_.find_places(places)) return false;
    const auto renumber = [&places](auto& fact) {
      for (std::uint32_t& name : fact.names) name = places.data()[name];
    };
    return totals_.take(to, renumber) && failures_.take(failures, renumber);
  }

 private:
  /// False when there is no memory.
  bool unify(std::string_view& name, std::uint32_t& number) noexcept {
    number = names_.unify(name);
    return number != name_set::none;
  }

  bool add_key(const ledger_entry& entry) noexcept {
    std::string_view reporter = entry.reporter, about = entry.domain_or_inferred(entry.about);
    group_key key;
    if (!unify(reporter, key.reporter) || !unify(about, key.about)) return false;
    key.report_id = entry.report_id;
    key.first = entry.first;
    key.days = entry.days;
    key.trust = entry.trust;
    key.digest = entry.digest;
    keys_.push(key);
    return true;
  }

  /// Adds the facts of a report.
  bool add_entry(const group_key& key, std::uint32_t group, std::uint32_t member) noexcept {
    const auto entry = ledger_.find(key.digest);
    const attribution domain = {options_, *entry};
    std::string_view reporter = entry->reporter;
    std::uint32_t number = 0;
    if (!unify(reporter, number)) return false;
    const auto begin = [&](auto& fact, const auto& row) {
      fact.domain = row.domain;
      fact.reporter = reporter;
      fact.trust = key.trust;
      fact.kind = row.kind;
      fact.mode = row.mode;
      fact.first = key.first;
      fact.days = key.days;
      fact.report = key.digest;
      domain.apply(fact);
      fact.names[1] = number;
      return unify(fact.domain, fact.names[0]);
    };
    for (const ledger_total& row : entry->totals) {
      numbered_total fact;
      if (!begin(fact, row)) return false;
      fact.policy = row.policy;
      fact.ok = row.ok;
      fact.failed = row.failed;
      fact.elements = row.elements;
      if (!totals_.add(fact, group, member)) return false;
    }
    for (const ledger_failure& row : entry->failures) {
      numbered_failure fact;
      if (!begin(fact, row)) return false;
      fact.result = row.result;
      fact.host = row.host;
      fact.node = row.node;
      fact.reason = row.reason;
      fact.is_likely = row.is_likely;
      fact.noted = row.noted;
      if (!unify(fact.result.text, fact.names[2]) || !unify(fact.host, fact.names[3]) ||
          !unify(fact.node, fact.names[4]) || !unify(fact.reason, fact.names[5]) ||
          !failures_.add(fact, group, member))
        return false;
    }
    return true;
  }

  const ledger& ledger_;
  const summary_options& options_;
  arena<group_key> keys_;
  name_set names_;
  fact_sums<numbered_total, fact_rules> totals_;
  fact_sums<numbered_failure, fact_rules> failures_;
};

// ---- rows of tables: totals

/// The order of what is special to totals.
constexpr std::strong_ordering compare_parts(const total_fact& a, const total_fact& b,
                                             key_part by) noexcept {
  if ((by & key_part::policy) && a.policy != b.policy) return a.policy <=> b.policy;
  return std::strong_ordering::equal;
}

constexpr void set_parts(total_row& row, const total_fact& fact, key_part by) noexcept {
  if (by & key_part::policy) row.policy = fact.policy;
}

constexpr bool lacks_name(const total_fact&, key_part) noexcept { return false; }

constexpr session_bounds& operator+=(session_bounds& to, const session_bounds& more) noexcept {
  to.at_least = sum_of_sessions(to.at_least, more.at_least);
  to.at_most = sum_of_sessions(to.at_most, more.at_most);
  to.unknown = sum_of_sessions(to.unknown, more.unknown);
  return to;
}
constexpr session_figures& operator+=(session_figures& to, const session_figures& more) noexcept {
  to.ok += more.ok;
  to.failed += more.failed;
  to.sessions += more.sessions;
  return to;
}

/// Takes in the sum of another kind, which may be about the same sessions.
constexpr void add_kind(session_bounds& to, const session_sum& sum) noexcept {
  to.at_least = std::max(to.at_least, sum.sessions);
  to.at_most = sum_of_sessions(to.at_most, sum.sessions);
  to.unknown = sum_of_sessions(to.unknown, sum.unknown);
}

/// Adds facts of one reporter, domain and period, which are in the order of their kinds (AG-27).
inline void add_source(total_row& row, std::span<const total_fact* const> facts) noexcept {
  session_figures figures;
  for (std::size_t i = 0; i < facts.size();) {
    const policy_type kind = facts[i]->kind;
    session_sum ok, failed;
    for (; i < facts.size() && facts[i]->kind == kind; ++i) {
      ok += facts[i]->ok;
      failed += facts[i]->failed;
    }
    session_sum both = ok;
    both += failed;
    add_kind(figures.ok, ok);
    add_kind(figures.failed, failed);
    add_kind(figures.sessions, both);
  }
  row.all += figures;
  if (facts[0]->trust == trust::verified) row.verified += figures;
}

constexpr auto weight(const session_figures& figures) noexcept {
  return std::pair(figures.sessions.at_most, figures.sessions.unknown);
}

// ---- rows of tables: failures

constexpr std::strong_ordering compare_parts(const failure_fact& a, const failure_fact& b,
                                             key_part by) noexcept {
  if (by & key_part::result)
    if (const auto order = compare_names(a.result.text, b.result.text); order != 0) return order;
  if (by & key_part::host)
    if (const auto order = compare_names(a.host, b.host); order != 0) return order;
  if (by & key_part::node)
    if (const auto order = compare_names(a.node, b.node); order != 0) return order;
  if (by & key_part::reason)
    if (const auto order = compare_names(a.reason, b.reason); order != 0) return order;
  return std::strong_ordering::equal;
}

constexpr void set_parts(failure_row& row, const failure_fact& fact, key_part by) noexcept {
  if (by & key_part::result) row.result = fact.result;
  if (by & key_part::host) row.host = fact.host;
  if (by & key_part::node) row.node = fact.node;
  if (by & key_part::reason) row.reason = fact.reason;
}

constexpr bool lacks_name(const failure_fact& fact, key_part by) noexcept {
  return ((by & key_part::result) && fact.result.text == any_name) ||
         ((by & key_part::host) && fact.host == any_name) ||
         ((by & key_part::node) && fact.node == any_name) ||
         ((by & key_part::reason) && fact.reason == any_name);
}

inline void add_source(failure_row& row, std::span<const failure_fact* const> facts) noexcept {
  for (const failure_fact* fact : facts) {
    row.all += fact->noted;
    if (fact->trust == trust::verified) row.verified += fact->noted;
  }
}

constexpr auto weight(const session_sum& sum) noexcept {
  return std::pair(sum.sessions, sum.unknown);
}

// ---- tables

/// Facts become rows, and rows beyond the limit one.
template <class Row, class Fact>
class table_maker {
 public:
  table_maker(const summary& summary, const projection& how) noexcept
      : summary_(summary), how_(how) {}

  bool run(std::span<const Fact> facts, table<Row>& made) noexcept {
    for (const Fact& fact : facts)
      if (is_wanted(fact) && !facts_.push(&fact)) return false;
    const std::span<const Fact*> all(facts_.data(), facts_.size());
    // Those of a summary are in the order of their domains, so few have to be compared.
    const bool has_domains = how_.by & key_part::domain;
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      end = has_domains ? begin : all.size();
      while (end < all.size() && compare_names(all[begin]->domain, all[end]->domain) == 0) ++end;
      if (!add_rows(all.subspan(begin, end - begin), made)) return false;
    }
    return keep_largest(made);
  }

 private:
  bool is_wanted(const Fact& fact) const noexcept {
    return (!how_.domain || fact.domain == *how_.domain) &&
           (!how_.first || fact.first >= *how_.first) &&
           (!how_.last || fact.first + (fact.days - 1) <= *how_.last);
  }

  std::strong_ordering compare_rows(const Fact& a, const Fact& b) const noexcept {
    const key_part by = how_.by;
    if (by & key_part::domain)
      if (const auto order = compare_names(a.domain, b.domain); order != 0) return order;
    if ((by & key_part::kind) && a.kind != b.kind) return a.kind <=> b.kind;
    if ((by & key_part::mode) && a.mode != b.mode) return a.mode <=> b.mode;
    if (by & key_part::reporter)
      if (const auto order = compare_reporters(a, b); order != 0) return order;
    if (by & key_part::period) {
      if (a.first != b.first) return a.first <=> b.first;
      if (a.days != b.days) return a.days <=> b.days;
    }
    return compare_parts(a, b, by);
  }

  /// Those of one reporter follow each other, in them those of one domain and period, in these
  /// those of one kind.
  static std::strong_ordering compare_sources_of(const Fact& a, const Fact& b) noexcept {
    if (const auto order = compare_reporters(a, b); order != 0) return order;
    if (const auto order = compare_occasions(a, b); order != 0) return order;
    return a.kind <=> b.kind;
  }
  static std::strong_ordering compare_reporters(const Fact& a, const Fact& b) noexcept {
    if (const auto order = compare_names(a.reporter, b.reporter); order != 0) return order;
    return a.trust <=> b.trust;
  }
  static std::strong_ordering compare_occasions(const Fact& a, const Fact& b) noexcept {
    if (const auto order = compare_names(a.domain, b.domain); order != 0) return order;
    if (a.first != b.first) return a.first <=> b.first;
    return a.days <=> b.days;
  }

  bool add_rows(std::span<const Fact*> all, table<Row>& made) noexcept {
    std::ranges::sort(all, [this](const Fact* a, const Fact* b) {
      if (const auto order = compare_rows(*a, *b); order != 0) return order < 0;
      return compare_sources_of(*a, *b) < 0;
    });
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && compare_rows(*all[begin], *all[end]) == 0) ++end;
      if (!add_row(all.subspan(begin, end - begin), made)) return false;
    }
    return true;
  }

  /// Adds the row of facts with one key.
  bool add_row(std::span<const Fact* const> facts, table<Row>& made) noexcept {
    const Fact& sample = *facts[0];
    const key_part by = how_.by;
    Row row;
    set_parts(row, sample, by);
    if (by & key_part::domain) {
      row.key.domain = sample.domain;
      row.is_known = summary_.is_known(sample.domain);
    }
    if (by & key_part::kind) row.key.kind = sample.kind;
    if (by & key_part::mode) row.key.mode = sample.mode;
    if (by & key_part::reporter) {
      row.key.reporter = sample.reporter;
      row.key.trust = sample.trust;
    }
    if (by & key_part::period) {
      row.key.first = sample.first;
      row.key.days = sample.days;
    }
    row.first = sample.first;
    row.last = sample.first;
    for (std::size_t begin = 0, end = 0; begin < facts.size(); begin = end) {
      const Fact& source = *facts[begin];
      if (begin == 0 || compare_reporters(*facts[begin - 1], source) != 0) ++row.reporters;
      while (end < facts.size() && compare_reporters(source, *facts[end]) == 0 &&
             compare_occasions(source, *facts[end]) == 0)
        take_in(row, *facts[end++]);
      add_source(row, facts.subspan(begin, end - begin));
    }
    const bool has_no_name =
        ((by & key_part::domain) && sample.domain == any_name) || lacks_name(sample, by);
    if (!has_no_name) return rows_.push(row);
    add_to_other(row, made);
    return true;
  }

  void take_in(Row& row, const Fact& fact) const noexcept {
    const day last = fact.first + (fact.days - 1);
    row.first = std::min(row.first, fact.first);
    row.last = std::max(row.last, last);
    row.has_provisional = row.has_provisional || summary_.is_provisional(last);
    row.has_overlap = row.has_overlap || fact.overlap;
  }

  static void add_to_other(const Row& row, table<Row>& made) noexcept {
    Row& other = made.other_;
    const bool is_first = other.reporters == 0;
    other.all += row.all;
    other.verified += row.verified;
    other.reporters = std::max(other.reporters, row.reporters);
    other.first = is_first ? row.first : std::min(other.first, row.first);
    other.last = is_first ? row.last : std::max(other.last, row.last);
    other.has_provisional = other.has_provisional || row.has_provisional;
    other.has_overlap = other.has_overlap || row.has_overlap;
  }

  /// Keeps the rows that come first; they are in the order of their keys.
  bool keep_largest(table<Row>& made) noexcept {
    made.other_.rows = 0;
    arena<const Row*> order;
    for (const Row& row : std::span(rows_.data(), rows_.size()))
      if (!order.push(&row)) return false;
    const std::span<const Row*> all(order.data(), order.size());
    std::ranges::sort(all, [](const Row* a, const Row* b) {
      if (a->is_known != b->is_known) return a->is_known;
      if (weight(a->verified) != weight(b->verified))
        return weight(a->verified) > weight(b->verified);
      if (weight(a->all) != weight(b->all)) return weight(a->all) > weight(b->all);
      return a < b;
    });
    const std::size_t kept = std::min(all.size(), summary_.options().rows);
    for (const Row* row : all.first(kept))
      if (!made.rows_.push(*row)) return false;
    for (const Row* row : all.subspan(kept)) add_to_other(*row, made);
    made.other_.rows = all.size() - kept;
    return true;
  }

  const summary& summary_;
  const projection& how_;
  arena<const Fact*> facts_;
  arena<Row> rows_;
};

}  // namespace detail

inline bool summary::is_known(std::string_view domain) const noexcept {
  return std::ranges::any_of(options_.known_domains,
                             [domain](std::string_view known) { return same_host(known, domain); });
}

inline result<summary> make_summary(const ledger& ledger, const summary_options& options) noexcept {
  const diagnostic no_memory{errc::out_of_memory};
  detail::fact_maker facts(ledger, options);
  summary made;
  if (!facts.run() || !facts.take(made.totals_, made.failures_)) return no_memory;
  if (has_longer_periods(made.totals_) || has_longer_periods(made.failures_)) {
    detail::reported_days days;
    const auto keep = [&made](const total_fact& fact) { return made.also_by_day_.push(fact); };
    const auto drop = [](const failure_fact&) { return true; };
    if (!days.read(made.totals()) || !resolve_overlaps(made.totals_, days, keep) ||
        !resolve_overlaps(made.failures_, days, drop))
      return no_memory;
  }
  made.shadowed_ = std::move(facts.shadowed);
  made.conflicts_ = facts.conflicts;
  made.cut_ = facts.cut;
  made.verified_reports_ = facts.verified;
  made.reports_ = ledger.size();
  made.options_ = options;
  made.source_ = &ledger;
  return made;
}

inline result<table<total_row>> total_table(const summary& summary,
                                            const projection& how) noexcept {
  table<total_row> made;
  detail::table_maker<total_row, total_fact> maker(summary, how);
  if (!maker.run(summary.totals(), made)) return diagnostic{errc::out_of_memory};
  return made;
}

inline result<table<failure_row>> failure_table(const summary& summary,
                                                const projection& how) noexcept {
  table<failure_row> made;
  detail::table_maker<failure_row, failure_fact> maker(summary, how);
  if (!maker.run(summary.failures(), made)) return diagnostic{errc::out_of_memory};
  return made;
}

constexpr unsigned per_mille(std::uint64_t some, std::uint64_t sessions) noexcept {
  // Sessions are below 2^53, so that nothing overflows.
  if (some > largest_sessions) some = largest_sessions;
  if (some >= sessions) return sessions == 0 ? 0 : 1000;
  return static_cast<unsigned>(some * 1000 / sessions);
}

}  // namespace tlsrpt

#endif
