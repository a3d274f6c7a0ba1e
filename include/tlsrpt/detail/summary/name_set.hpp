/// @file
/// Equal names as one view.

#ifndef TLSRPT_HPP_DETAIL_SUMMARY_NAME_SET
#define TLSRPT_HPP_DETAIL_SUMMARY_NAME_SET

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/number_table.hpp>
#include <tlsrpt/detail/text/hash.hpp>

namespace tlsrpt::detail {

/// Gives equal names one view, so that whoever compares them later rarely looks at their octets:
/// these lie all over the memory of a ledger. See compare_names().
class name_set {
 public:
  /// Makes `name` that of the equal ones which came first. False when there is no memory.
  bool unify(std::string_view& name) noexcept {
    const std::size_t size = names_.size();
    if (!numbers_.reserve(size + 1, size, *this)) return false;
    const std::uint64_t hash = hash_of(name, numbers_.key());
    const std::uint32_t known =
        numbers_.find(hash, [&](std::uint32_t number) { return names_.data()[number] == name; });
    if (known != number_table::none) {
      name = names_.data()[known];
      return true;
    }
    if (!names_.push(name)) return false;
    numbers_.insert(hash, static_cast<std::uint32_t>(size));
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
