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
    return std::ranges::any_of(all(), [&a](const tally_part& b) {
      return a.host == b.host && a.first <= b.last && b.first <= a.last;
    });
  }
  bool meets(const tally_parts& other) const noexcept {
    return std::ranges::any_of(other.all(), [this](const tally_part& a) { return meets(a); });
  }

  /// Makes room for so many parts more. False when there is no memory.
  bool make_room(std::size_t more) noexcept { return parts_.make_room(more); }

  /// Adds a part that is not there, for which there is room.
  void add(const tally_part& part) noexcept {
    parts_.push(part);
    const std::span<tally_part> parts(parts_.data(), parts_.size());
    std::ranges::sort(parts, [](const tally_part& a, const tally_part& b) {
      return std::pair(a.host.view(), a.first) < std::pair(b.host.view(), b.first);
    });
    std::size_t last = 0;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[last].host == parts[i].host && parts[i].first - parts[last].last == 1)
        parts[last].last = parts[i].last;
      else
        parts[++last] = parts[i];
    }
    while (parts_.size() > last + 1) parts_.drop_last();
  }

 private:
  arena<tally_part> parts_;
};

}  // namespace tlsrpt::detail

#endif
