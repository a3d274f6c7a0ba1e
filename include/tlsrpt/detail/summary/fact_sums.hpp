/// @file
/// Adding up the figures of reports by their keys.

#ifndef TLSRPT_HPP_DETAIL_SUMMARY_FACT_SUMS
#define TLSRPT_HPP_DETAIL_SUMMARY_FACT_SUMS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/number_table.hpp>

namespace tlsrpt::detail {

/// Sums of facts with equal keys: those of one report are added, of the reports of a group the
/// largest counts, and groups are added (AG-05). Each fact is looked up once, so that a million
/// reports of one thing are linear work; sorting them would compare their equal names again and
/// again.
///
/// `Rules` has hash(fact, key), compare(a, b), add(to, more) and enlarge(to, other).
template <class Fact, class Rules>
class fact_sums {
 public:
  /// Takes a fact of a report, `member`, of a group. Reports of one group follow each other, and so
  /// do facts of one report. False when there is no memory.
  bool add(const Fact& fact, std::uint32_t group, std::uint32_t member) noexcept {
    if (group != group_) close_group();
    group_ = group;
    const std::uint32_t number = find_or_add(fact);
    if (number == number_table::none) return false;
    std::uint32_t& place = places_.data()[number];
    if (place >= open_.size() || open_.data()[place].number != number) {
      place = static_cast<std::uint32_t>(open_.size());
      return open_.push({fact, fact, number, member, true});
    }
    open_fact& open = open_.data()[place];
    if (open.member == member) {
      Rules::add(open.of_report, fact);
      return true;
    }
    close_report(open);
    open.of_report = fact;
    open.member = member;
    return true;
  }

  /// Calls prepare(sum) for each sum, and appends the sums to `to` in the order of their keys.
  /// Nothing is left. False when there is no memory.
  template <class To, class Prepare>
  bool take(arena<To>& to, const Prepare& prepare) noexcept {
    close_group();
    for (Fact& sum : std::span(sums_.data(), sums_.size())) prepare(sum);
    arena<const Fact*> order;
    if (!order.reserve(sums_.size()) || !to.reserve(to.size() + sums_.size())) return false;
    for (const Fact& sum : std::span(sums_.data(), sums_.size())) order.push(&sum);
    const std::span all(order.data(), order.size());
    std::ranges::sort(all, [](const Fact* a, const Fact* b) { return Rules::compare(*a, *b) < 0; });
    for (const Fact* sum : all) to.push(*sum);
    *this = {};
    return true;
  }

  // For number_table.

  std::uint64_t hash(std::uint32_t number, std::uint64_t key) const noexcept {
    return Rules::hash(sums_.data()[number], key);
  }

 private:
  /// A sum of the group that is being read.
  struct open_fact {
    Fact largest{}, of_report{};
    std::uint32_t number = 0, member = 0;
    bool is_first_report = true;
  };

  /// none when there is no memory.
  std::uint32_t find_or_add(const Fact& fact) noexcept {
    const std::size_t size = sums_.size();
    if (!numbers_.reserve(size + 1, size, *this)) return number_table::none;
    const std::uint64_t hash = Rules::hash(fact, numbers_.key());
    const std::uint32_t known = numbers_.find(hash, [&](std::uint32_t number) {
      return Rules::compare(sums_.data()[number], fact) == 0;
    });
    if (known != number_table::none) return known;
    if (!places_.push(0) || !has_sum_.push(false) || !sums_.push(fact)) return number_table::none;
    const auto added = static_cast<std::uint32_t>(size);
    numbers_.insert(hash, added);
    return added;
  }

  static void close_report(open_fact& open) noexcept {
    if (open.is_first_report)
      open.largest = open.of_report;
    else
      Rules::enlarge(open.largest, open.of_report);
    open.is_first_report = false;
  }

  void close_group() noexcept {
    for (std::size_t i = 0; i < open_.size(); ++i) {
      open_fact& open = open_.data()[i];
      close_report(open);
      Fact& sum = sums_.data()[open.number];
      bool& has_sum = has_sum_.data()[open.number];
      if (has_sum)
        Rules::add(sum, open.largest);
      else
        sum = open.largest;
      has_sum = true;
    }
    open_.clear();
  }

  arena<Fact> sums_;
  number_table numbers_;
  // Of each sum: where it may be open, and whether a group is in it.
  arena<std::uint32_t> places_;
  arena<bool> has_sum_;
  arena<open_fact> open_;
  std::uint32_t group_ = 0;
};

}  // namespace tlsrpt::detail

#endif
