/// @file
/// Failed sessions that only the totals of reports know of.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_BARE_COUNTS
#define TLSRPT_HPP_DETAIL_ADVICE_BARE_COUNTS

#include <algorithm>
#include <compare>
#include <cstddef>
#include <span>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/ledger/order.hpp>
#include <tlsrpt/summary.hpp>

namespace tlsrpt::detail {

/// The order of who says something, of which days.
inline std::strong_ordering compare_sources(const fact& a, const fact& b) noexcept {
  if (const auto order = a.first <=> b.first; order != 0) return order;
  if (const auto order = a.days <=> b.days; order != 0) return order;
  if (const auto order = compare_names(a.reporter, b.reporter); order != 0) return order;
  return a.trust <=> b.trust;
}
/// The order of who says something, of which policies and days.
inline std::strong_ordering compare_origins(const fact& a, const fact& b) noexcept {
  if (const auto order = compare_policies_of(a, b); order != 0) return order;
  return compare_sources(a, b);
}

/// Sorts totals of a summary by who says them, then as they were. Those of one domain, kind and
/// mode follow each other already, so few have to be compared.
inline void sort_by_origin(std::span<const total_fact*> all) noexcept {
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && compare_policies_of(*all[begin], *all[end]) == 0) ++end;
    std::ranges::sort(all.subspan(begin, end - begin),
                      [](const total_fact* a, const total_fact* b) {
                        const auto order = compare_sources(*a, *b);
                        return order != 0 ? order < 0 : a < b;
                      });
  }
}

/// Finds, for each reporter, period, domain, kind and mode, failed sessions that no detail speaks
/// of. Details may speak of one session several times, or of one that succeeded in the end, so
/// there may be more.
class bare_counts {
 public:
  /// False when there is no memory.
  bool read(const summary& summary) noexcept {
    if (!read_totals(summary.totals())) return false;
    for (const failure_fact& fact : summary.failures()) take_detail(fact);
    for (const origin& one : origins()) {
      // A detail without a count may speak of all of them.
      if (one.noted.unknown != 0) continue;
      failure_fact bare = one.bare;
      if (one.failed.sessions > one.noted.sessions) {
        bare.noted.sessions = one.failed.sessions - one.noted.sessions;
        if (!(one.has_details ? rest_ : unexplained_).push(bare)) return false;
      } else if (one.failed.sessions == 0 && !one.has_details) {
        bare.noted.unknown = one.failed.unknown;
        if (!uncounted_.push(bare)) return false;
      }
    }
    return true;
  }

  /// Failed sessions of which there is no detail at all, as failures without names; views of the
  /// summary's texts.
  std::span<const failure_fact> unexplained() const noexcept {
    return {unexplained_.data(), unexplained_.size()};
  }
  /// Those beyond what there are details of.
  std::span<const failure_fact> rest() const noexcept { return {rest_.data(), rest_.size()}; }
  /// Where nothing says how many sessions failed, if any.
  std::span<const failure_fact> uncounted() const noexcept {
    return {uncounted_.data(), uncounted_.size()};
  }

 private:
  struct origin {
    failure_fact bare{};  ///< Without names.
    session_sum failed{}, noted{};
    bool has_details = false;
  };

  std::span<origin> origins() noexcept { return {origins_.data(), origins_.size()}; }

  bool read_totals(std::span<const total_fact> totals) noexcept {
    arena<const total_fact*> failed;
    for (const total_fact& total : totals)
      if (total.failed != session_sum{} && !failed.push(&total)) return false;
    const std::span all(failed.data(), failed.size());
    sort_by_origin(all);
    const total_fact* before = nullptr;
    for (const total_fact* total : all) {
      const bool is_new = before == nullptr || compare_origins(*before, *total) != 0;
      if (is_new && !add_origin(*total)) return false;
      origins().back().failed += total->failed;
      before = total;
    }
    return true;
  }

  bool add_origin(const total_fact& total) noexcept {
    origin* const added = origins_.extend();
    if (added == nullptr) return false;
    failure_fact& bare = added->bare;
    static_cast<fact&>(bare) = total;
    bare.result.text = bare.host = bare.node = bare.reason = "-";
    return true;
  }

  void take_detail(const failure_fact& fact) noexcept {
    const auto all = origins();
    const auto one = std::partition_point(all.begin(), all.end(), [&fact](const origin& o) {
      return compare_origins(o.bare, fact) < 0;
    });
    if (one == all.end() || compare_origins(one->bare, fact) != 0) return;
    one->noted += fact.noted;
    one->has_details = true;
  }

  arena<origin> origins_;
  arena<failure_fact> unexplained_, rest_, uncounted_;
};

}  // namespace tlsrpt::detail

#endif
