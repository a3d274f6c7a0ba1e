/// @file
/// Finds the numbers of things by a hash of them.

#ifndef TLSRPT_HPP_DETAIL_CORE_NUMBER_TABLE
#define TLSRPT_HPP_DETAIL_CORE_NUMBER_TABLE

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/core/buffer.hpp>

namespace tlsrpt::detail {

/// A hash table of numbers of things that lie elsewhere: `Things` has std::uint64_t hash(number,
/// key), which has to depend on the key, so that nobody can choose things that meet in one place.
/// The key is the address of the table, which nobody knows who sends a report or writes a file.
class number_table {
 public:
  static constexpr std::uint32_t none = 0xffffffffu;

  std::uint64_t key() const noexcept { return reinterpret_cast<std::uintptr_t>(slots_.data()); }

  /// The number of the thing with this hash for which `is_same(number)` is true, or none.
  template <class IsSame>
  std::uint32_t find(std::uint64_t hash, IsSame&& is_same) const noexcept {
    if (slots_.size() == 0) return none;
    for (std::size_t at = place(hash);; at = (at + 1) & mask()) {
      const std::uint32_t number = slots_.data()[at];
      if (number == none || is_same(number)) return number;
    }
  }

  /// Makes room for things with the numbers below `count`, of which those below `known` are in the
  /// table. False when there is no memory. The key may be another one afterwards.
  template <class Things>
  bool reserve(std::size_t count, std::size_t known, const Things& things) noexcept {
    if (2 * count <= slots_.size()) return true;
    std::size_t size = std::max<std::size_t>(slots_.size(), 16);
    while (size < 2 * count) size *= 2;
    arena<std::uint32_t> slots;
    if (!slots.reserve(size)) return false;
    while (slots.size() < size) slots.push(none);
    slots_ = std::move(slots);
    refill(known, things);
    return true;
  }

  /// Adds a number, for which there is room.
  void insert(std::uint64_t hash, std::uint32_t number) noexcept {
    std::size_t at = place(hash);
    while (slots_.data()[at] != none) at = (at + 1) & mask();
    slots_.data()[at] = number;
  }

  /// Takes out the number that came last. Nothing was put elsewhere because of it.
  void drop_last(std::uint64_t hash, std::uint32_t number) noexcept {
    std::size_t at = place(hash);
    while (slots_.data()[at] != number) at = (at + 1) & mask();
    slots_.data()[at] = none;
  }

 private:
  std::size_t mask() const noexcept { return slots_.size() - 1; }
  std::size_t place(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>(hash) & mask();
  }

  template <class Things>
  void refill(std::size_t count, const Things& things) noexcept {
    for (std::uint32_t number = 0; number < count; ++number)
      insert(things.hash(number, key()), number);
  }

  arena<std::uint32_t> slots_;
};

}  // namespace tlsrpt::detail

#endif
