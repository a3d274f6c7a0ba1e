/// @file
/// Equal names as one view, and as numbers.

#ifndef TLSRPT_HPP_DETAIL_SUMMARY_NAME_SET
#define TLSRPT_HPP_DETAIL_SUMMARY_NAME_SET

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/number_table.hpp>
#include <tlsrpt/detail/text/hash.hpp>

namespace tlsrpt::detail {

/// Gives equal names one view and one number, so that whoever compares them later rarely looks at
/// their octets: these lie all over the memory of a ledger. See compare_names().
class name_set {
 public:
  static constexpr std::uint32_t none = number_table::none;

  /// Makes `name` that of the equal ones which came first, and gives its number; none when there is
  /// no memory.
  std::uint32_t unify(std::string_view& name) noexcept {
    const std::size_t size = names_.size();
    if (!numbers_.reserve(size + 1, size, *this)) return none;
    const std::uint64_t hash = hash_of(name, numbers_.key());
    const std::uint32_t known =
        numbers_.find(hash, [&](std::uint32_t number) { return names_.data()[number] == name; });
    if (known != none) {
      name = names_.data()[known];
      return known;
    }
    if (!names_.push(name)) return none;
    const auto added = static_cast<std::uint32_t>(size);
    numbers_.insert(hash, added);
    return added;
  }

  /// Makes `places`, which is empty, the places of all names in their order, by their numbers.
  /// False when there is no memory.
  bool find_places(arena<std::uint32_t>& places) const noexcept {
    arena<std::uint32_t> order;
    if (!order.reserve(names_.size()) || !places.reserve(names_.size())) return false;
    for (std::uint32_t number = 0; number < names_.size(); ++number) {
      order.push(number);
      places.push(0);
    }
    std::sort(order.data(), order.data() + order.size(), [this](std::uint32_t a, std::uint32_t b) {
      return names_.data()[a] < names_.data()[b];
    });
    for (std::uint32_t place = 0; place < order.size(); ++place)
      places.data()[order.data()[place]] = place;
    return true;
  }

  // For number_table.

  std::uint64_t hash(std::uint32_t number, std::uint64_t key) const noexcept {
    return hash_of(names_.data()[number], key);
  }

 private:
  static std::uint64_t hash_of(std::string_view name, std::uint64_t key) noexcept {
    fnv1a hash;
    hash.add(key);
    hash.append(name);
    return hash.mixed();
  }

  arena<std::string_view> names_;
  number_table numbers_;
};

}  // namespace tlsrpt::detail

#endif
