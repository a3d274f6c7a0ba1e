/// @file
/// Which parts a tally is made of.

#ifndef TLSRPT_HPP_DETAIL_TALLY_PARTS
#define TLSRPT_HPP_DETAIL_TALLY_PARTS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt::detail {

using host_of_part = short_text<64>;

/// Parts of one host with numbers from `first` to `last`.
struct tally_part {
  host_of_part host{};
  std::uint64_t first = 0, last = 0;
};

/// A set of parts: in the order of hosts and numbers, those that follow each other joined.
class tally_parts {
 public:
  std::span<const tally_part> all() const noexcept { return {parts_.data(), parts_.size()}; }

  /// Whether these have something in common with a part, or with other parts.
  bool meets(const tally_part& a) const noexcept {
    // No two of these have anything in common, so the neighbours of its place are enough.
    const auto meet = [&a](const tally_part& b) {
      return a.host == b.host && a.first <= b.last && b.first <= a.last;
    };
    const std::size_t place = place_of(a);
    return (place < parts_.size() && meet(all()[place])) || (place > 0 && meet(all()[place - 1]));
  }
  bool meets(const tally_parts& other) const noexcept {
    return std::ranges::any_of(other.all(), [this](const tally_part& a) { return meets(a); });
  }

  /// Makes room for so many parts more. False when there is no memory.
  bool make_room(std::size_t more) noexcept { return parts_.make_room(more); }

  /// Adds a part that is not there, for which there is room.
  void add(const tally_part& part) noexcept {
    const std::size_t place = place_of(part);
    tally_part* const parts = parts_.data();
    const bool follows = place > 0 && is_next(parts[place - 1], part);
    const bool leads = place < parts_.size() && is_next(part, parts[place]);
    if (follows && leads) {
      parts[place - 1].last = parts[place].last;
      std::copy(parts + place + 1, parts + parts_.size(), parts + place);
      parts_.drop_last();
    } else if (follows) {
      parts[place - 1].last = part.last;
    } else if (leads) {
      parts[place].first = part.first;
    } else {
      parts_.push(part);
      const std::span<tally_part> grown(parts_.data(), parts_.size());
      std::rotate(grown.begin() + static_cast<std::ptrdiff_t>(place), grown.end() - 1, grown.end());
    }
  }

 private:
  static bool is_next(const tally_part& a, const tally_part& b) noexcept {
    return a.host == b.host && b.first - a.last == 1;
  }

  /// How many come before a part.
  std::size_t place_of(const tally_part& part) const noexcept {
    const auto key = [](const tally_part& one) { return std::pair(one.host.view(), one.first); };
    const auto at = std::ranges::lower_bound(all(), key(part), {}, key);
    return static_cast<std::size_t>(at - all().begin());
  }

  arena<tally_part> parts_;
};

}  // namespace tlsrpt::detail

#endif
