/// @file
/// The texts of the policies of a ledger by id.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_POLICY_TABLE
#define TLSRPT_HPP_DETAIL_LEDGER_POLICY_TABLE

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/reset_on_move.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/core/number_table.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/ledger_row.hpp>

namespace tlsrpt::detail {

/// The text of a policy in normal form; empty as long as it is not known.
struct policy_of_id {
  policy_id id = policy_id::none;
  policy_type kind = policy_type::unknown;
  std::string_view text{};
  std::uint64_t uses = 0;  ///< Totals with it. One without any may be used again.
};

/// Policies, and how many totals have them. Their texts lie in the memory of whose table it is.
class policy_table {
 public:
  std::size_t size() const noexcept { return policies_.size(); }
  /// Those without use included.
  std::span<const policy_of_id> all() const noexcept { return {policies_.data(), size()}; }
  /// Octets of the texts of those without use.
  std::size_t unused() const noexcept { return unused_.value; }

  /// Whether it is there, in use or not.
  bool has(policy_id id) const noexcept { return number_of(id) != number_table::none; }
  /// Null when no total has it.
  const policy_of_id* find(policy_id id) const noexcept {
    const std::uint32_t number = number_of(id);
    return number == number_table::none || all()[number].uses == 0 ? nullptr
                                                                   : policies_.data() + number;
  }

  /// Adds one that is not there; it has no use yet. False, with nothing changed, when there is no
  /// memory, or was none for its text, which is null then.
  bool add(policy_id id, policy_type kind, std::string_view text, block_store& texts) noexcept {
    if (text.data() == nullptr || !policies_.make_room(1) ||
        !numbers_.reserve(size() + 1, size(), *this))
      return false;
    const std::string_view kept = texts.copy(text);
    if (kept.data() == nullptr) return false;
    numbers_.insert(hash_of(id, numbers_.key()), static_cast<std::uint32_t>(size()));
    policies_.push({id, kind, kept, 0});
    unused_.value += kept.size();
    return true;
  }
  /// Takes out those that were added after the first `count`; none of them has a use.
  void drop_after(std::size_t count) noexcept {
    while (size() > count) {
      const auto last = static_cast<std::uint32_t>(size() - 1);
      unused_.value -= all()[last].text.size();
      numbers_.drop_last(hash(last, numbers_.key()), last);
      policies_.drop_last();
    }
  }

  /// Gives one that is in use its text. False when there is no memory.
  bool set_text(policy_id id, std::string_view text, block_store& texts) noexcept {
    const std::string_view kept = texts.copy(text);
    if (kept.data() == nullptr) return false;
    policies_.data()[number_of(id)].text = kept;
    return true;
  }

  /// For totals that come in; the policies are there. Gives the octets of those that had no use.
  template <class Totals>
  std::size_t use(const Totals& totals) noexcept {
    std::size_t octets = 0;
    for (const ledger_total& row : totals) {
      if (row.policy == policy_id::none) continue;
      policy_of_id& policy = policies_.data()[number_of(row.policy)];
      if (policy.uses++ == 0) octets += policy.text.size();
    }
    unused_.value -= octets;
    return octets;
  }
  /// For totals that go out.
  template <class Totals>
  void leave(const Totals& totals) noexcept {
    for (const ledger_total& row : totals) {
      if (row.policy == policy_id::none) continue;
      policy_of_id& policy = policies_.data()[number_of(row.policy)];
      if (--policy.uses == 0) unused_.value += policy.text.size();
    }
  }

  // For number_table.

  std::uint64_t hash(std::uint32_t number, std::uint64_t key) const noexcept {
    return hash_of(all()[number].id, key);
  }

 private:
  static std::uint64_t hash_of(policy_id id, std::uint64_t key) noexcept {
    return mixed_bits(static_cast<std::uint64_t>(id) ^ key);
  }
  std::uint32_t number_of(policy_id id) const noexcept {
    return numbers_.find(hash_of(id, numbers_.key()),
                         [&](std::uint32_t i) { return all()[i].id == id; });
  }

  arena<policy_of_id> policies_;
  number_table numbers_;
  reset_on_move<std::size_t> unused_;
};

}  // namespace tlsrpt::detail

#endif
