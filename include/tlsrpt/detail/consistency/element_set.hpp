/// @file
/// Sets among the elements of an array that a sender wrote, such as the patterns of mx-host.

#ifndef TLSRPT_HPP_DETAIL_CONSISTENCY_ELEMENT_SET
#define TLSRPT_HPP_DETAIL_CONSISTENCY_ELEMENT_SET

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/consistency/comparing.hpp>

namespace tlsrpt::detail {

/// The set of what `Key` makes of the texts of an array, in memory of the caller. Key::read(text)
/// gives an optional key; texts without one are left out, repeated keys count once. Keys are
/// compared by hash(key) and order(key, key).
template <class Key>
class element_set {
 public:
  /// Uses the first texts.size() entries of `scratch` as long as it lives.
  element_set(std::span<const std::string_view> texts, std::span<std::uint64_t> scratch)
      : texts_(texts), entries_(scratch.first(texts.size())) {
    const auto order_of = [this](std::size_t a, std::size_t b) { return order(key(a), key(b)); };
    std::size_t size = 0;
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (const auto read = Key::read(texts[i])) entries_[size++] = entry(hash(*read), i);
    entries_ = entries_.first(size);
    sort_entries(entries_, order_of);
    size = 0;
    for_each_group(entries_, order_of,
                   [&](std::size_t first, std::size_t) { entries_[size++] = entries_[first]; });
    entries_ = entries_.first(size);
  }

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }

  template <class Wanted>
  bool contains(const Wanted& wanted) const noexcept {
    const std::uint32_t wanted_hash = hash(wanted);
    const auto found = std::partition_point(entries_.begin(), entries_.end(), [&](std::uint64_t e) {
      return hash_of(e) != wanted_hash ? hash_of(e) < wanted_hash
                                       : order(key(index_of(e)), wanted) < 0;
    });
    return found != entries_.end() && hash_of(*found) == wanted_hash &&
           order(key(index_of(*found)), wanted) == 0;
  }

  /// The index of the first text of the array whose key is not in `other`; the array's size when
  /// there is none.
  template <class Other>
  std::size_t first_missing_in(const element_set<Other>& other) const noexcept {
    std::size_t first = texts_.size();
    for (std::uint64_t e : entries_)
      if (index_of(e) < first && !other.contains(key(index_of(e)))) first = index_of(e);
    return first;
  }

  void add_to(part_hash& sum) const noexcept {
    for (std::uint64_t e : entries_) sum.add(hash_of(e));
    sum.add(static_cast<std::uint32_t>(size()));
  }

  /// An order of sets, whatever arrays they come from.
  friend std::weak_ordering order(const element_set& a, const element_set& b) noexcept {
    if (a.size() != b.size()) return a.size() <=> b.size();
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::uint64_t x = a.entries_[i], y = b.entries_[i];
      if (hash_of(x) != hash_of(y)) return hash_of(x) <=> hash_of(y);
      if (const auto o = order(a.key(index_of(x)), b.key(index_of(y))); o != 0) return o;
    }
    return std::weak_ordering::equivalent;
  }

 private:
  Key key(std::size_t i) const noexcept { return *Key::read(texts_[i]); }

  std::span<const std::string_view> texts_;
  std::span<std::uint64_t> entries_;
};

}  // namespace tlsrpt::detail

#endif
