/// @file
/// Finds equals among many elements that the sender chose, in memory of the caller.
///
/// Elements have a hash and an index. They are sorted by hash first, and only those of one hash by
/// their content, so that honest reports are compared quickly and no choice of contents costs more
/// than sorting does: n log n comparisons. Nothing is missed either way.

#ifndef TLSRPT_HPP_DETAIL_CONSISTENCY_COMPARING
#define TLSRPT_HPP_DETAIL_CONSISTENCY_COMPARING

#include <algorithm>
#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ip_address.hpp>

namespace tlsrpt::detail {

/// A 32-bit hash of a sequence of parts. Not keyed: see above.
class part_hash {
 public:
  constexpr void add(std::unsigned_integral auto number) noexcept { hash_.add(number); }
  /// A text with its length, so that the next part begins somewhere else.
  constexpr void add(std::string_view text) noexcept {
    hash_.append(text);
    add_size(text);
  }
  /// A host name, so that same_host() names have the same hash.
  constexpr void add_host(std::string_view host) noexcept {
    host = without_trailing_dot(host);
    for (char c : host) put(hash_, lower_case(c));
    add_size(host);
  }

  constexpr std::uint32_t value() const noexcept { return hash_.folded(); }

 private:
  constexpr void add_size(std::string_view text) noexcept {
    hash_.add(static_cast<std::uint32_t>(text.size()));
  }

  fnv1a hash_{};
};

/// A class of texts by their size. Those up to `common` octets are in one class, those of the same
/// larger class differ in size by less than a factor of two. Where comparing reads both texts to
/// the end, texts of different classes must not be compared, or one long text among many short ones
/// would be read again for each of them.
constexpr int size_class(std::size_t octets, std::size_t common) noexcept {
  return static_cast<int>(std::bit_width(octets / (common + 1)));
}

/// An order of host names in which exactly the same_host() names are equal.
constexpr std::weak_ordering host_order(std::string_view a, std::string_view b) noexcept {
  return compare_folded(without_trailing_dot(a), without_trailing_dot(b));
}

/// A numbered element and its hash; sorts by hash, then number.
constexpr std::uint64_t entry(std::uint32_t hash, std::size_t index) noexcept {
  return std::uint64_t{hash} << 32 | static_cast<std::uint32_t>(index);
}
constexpr std::uint32_t hash_of(std::uint64_t entry) noexcept {
  return static_cast<std::uint32_t>(entry >> 32);
}
constexpr std::uint32_t index_of(std::uint64_t entry) noexcept {
  return static_cast<std::uint32_t>(entry);
}

/// Sorts entries by hash, then content, then index, so that equals are neighbours.
/// Neighbours are compared, not all with the first, which may be long.
/// order(i, j) compares the contents of the elements i and j, as a std::weak_ordering.
template <class Order>
void sort_entries(std::span<std::uint64_t> entries, Order order) {
  std::sort(entries.begin(), entries.end());
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first + 1;
    bool all_equal = true;
    for (; last < entries.size() && hash_of(entries[last]) == hash_of(entries[first]); ++last)
      all_equal = all_equal && order(index_of(entries[last - 1]), index_of(entries[last])) == 0;
    // Else different contents have one hash: chance, or a sender who is up to something.
    if (!all_equal)
      std::sort(entries.begin() + static_cast<std::ptrdiff_t>(first),
                entries.begin() + static_cast<std::ptrdiff_t>(last),
                [&order](std::uint64_t a, std::uint64_t b) {
                  const std::weak_ordering content = order(index_of(a), index_of(b));
                  return content != 0 ? content < 0 : index_of(a) < index_of(b);
                });
    first = last;
  }
}

/// Calls group(first, last) for each run of equals among sorted `entries`.
template <class Order, class Group>
void for_each_group(std::span<const std::uint64_t> entries, Order order, Group group) {
  for (std::size_t first = 0; first < entries.size();) {
    std::size_t last = first + 1;
    while (last < entries.size() && hash_of(entries[last]) == hash_of(entries[first]) &&
           order(index_of(entries[last - 1]), index_of(entries[last])) == 0)
      ++last;
    group(first, last);
    first = last;
  }
}

}  // namespace tlsrpt::detail

#endif
