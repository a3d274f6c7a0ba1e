/// @file
/// Figures of several days, beside those of single ones.

#ifndef TLSRPT_HPP_DETAIL_SUMMARY_OVERLAPS
#define TLSRPT_HPP_DETAIL_SUMMARY_OVERLAPS

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/ledger/order.hpp>
#include <tlsrpt/ledger_entry.hpp>

namespace tlsrpt::detail {

/// Where a reporter has one-day figures of a domain.
class reported_days {
 public:
  /// False when there is no memory.
  template <class Fact>
  bool read(std::span<const Fact> totals) noexcept {
    for (const Fact& total : totals)
      if (total.days == 1 && !days_.push({total.domain, total.reporter, total.trust, total.first}))
        return false;
    std::sort(days_.data(), days_.data() + days_.size());
    days_.drop_from(std::unique(days_.data(), days_.data() + days_.size()));
    return true;
  }

  /// How many days of the period of `fact` are there.
  template <class Fact>
  std::int32_t count(const Fact& fact) const noexcept {
    const auto before = [&](day limit) {
      const place wanted = {fact.domain, fact.reporter, fact.trust, limit};
      return std::lower_bound(days_.data(), days_.data() + days_.size(), wanted);
    };
    return static_cast<std::int32_t>(before(fact.first + fact.days) - before(fact.first));
  }

 private:
  struct place {
    std::string_view domain{}, reporter{};
    tlsrpt::trust trust{};
    day date{};

    friend constexpr bool operator==(const place& a, const place& b) noexcept {
      return (a <=> b) == 0;
    }
    friend constexpr std::strong_ordering operator<=>(const place& a, const place& b) noexcept {
      if (const auto order = compare_names(a.domain, b.domain); order != 0) return order;
      if (const auto order = compare_names(a.reporter, b.reporter); order != 0) return order;
      if (const auto order = a.trust <=> b.trust; order != 0) return order;
      return a.date <=> b.date;
    }
  };

  arena<place> days_;
};

/// Whether a fact is about several days.
template <class Fact>
bool has_longer_periods(const arena<Fact>& facts) noexcept {
  return std::any_of(facts.data(), facts.data() + facts.size(),
                     [](const Fact& fact) { return fact.days > 1; });
}

/// Takes out what is there by day as well, and marks what is there for some days (AG-20).
template <class Fact, class TakeOut>
bool resolve_overlaps(arena<Fact>& facts, const reported_days& days,
                      const TakeOut& take_out) noexcept {
  std::size_t size = 0;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    Fact fact = facts.data()[i];
    if (fact.days > 1) {
      const std::int32_t count = days.count(fact);
      if (count == fact.days) {
        if (!take_out(fact)) return false;
        continue;
      }
      fact.overlap = count > 0;
    }
    facts.data()[size++] = fact;
  }
  while (facts.size() > size) facts.drop_last();
  return true;
}

}  // namespace tlsrpt::detail

#endif
