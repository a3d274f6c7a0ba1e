/// @file
/// How much of a ledger each reporter may fill.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_SHARES
#define TLSRPT_HPP_DETAIL_LEDGER_SHARES

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/core/number_table.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/errc.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ledger_entry.hpp>

namespace tlsrpt::detail {

/// The limits of a ledger.
struct share_rules {
  std::size_t entries = 0, octets = 0;
  std::span<const std::string_view> known_reporters{};
};

/// Counts what comes from whom: known reporters may fill the ledger; all others together half of
/// it, and each of them an eighth of that half (AG-35). Without known reporters there are no
/// shares.
class shares {
 public:
  /// Counts an entry of a reporter. An error, with nothing changed, when his share is used up.
  errc add(std::string_view reporter, trust trust, std::size_t octets,
           const share_rules& rules) noexcept {
    if (rules.known_reporters.empty()) return errc::ok;
    share* mine = find(reporter, trust);
    const share now = mine != nullptr ? *mine : share{{}, trust, is_known(reporter, trust, rules)};
    // Who is refused leaves no name: there may be any number of them.
    if (!now.is_known && !has_room(strangers_, now.used, octets, rules)) return errc::ledger_full;
    if (mine == nullptr) mine = add_new(reporter, trust, now.is_known);
    if (mine == nullptr) return errc::out_of_memory;
    if (!now.is_known) count(*mine, octets);
    return errc::ok;
  }

  /// Counts an entry of a reporter, however much that makes. False when there is no memory.
  bool count_anyway(std::string_view reporter, trust trust, std::size_t octets,
                    const share_rules& rules) noexcept {
    if (rules.known_reporters.empty()) return true;
    share* mine = find(reporter, trust);
    if (mine == nullptr) mine = add_new(reporter, trust, is_known(reporter, trust, rules));
    if (mine != nullptr && !mine->is_known) count(*mine, octets);
    return mine != nullptr;
  }

  /// An entry, as it is counted.
  struct counted {
    std::string_view reporter;
    tlsrpt::trust trust;
    std::size_t octets;
  };
  /// Counts an entry that changes, which may be for another reporter. An error, with nothing
  /// changed, when the share of that one is used up; where he stays and it shrinks, it has room.
  errc move(const counted& from, const counted& to, const share_rules& rules) noexcept {
    if (rules.known_reporters.empty()) return errc::ok;
    const bool is_same = from.reporter == to.reporter && from.trust == to.trust;
    if (is_same && from.octets == to.octets) return errc::ok;
    const share* const old = find(from.reporter, from.trust);
    const bool was_counted = old != nullptr && !old->is_known;
    const amount strangers_before = strangers_, used_before = was_counted ? old->used : amount{};
    if (was_counted) give_back(from);
    if (was_counted && is_same && to.octets < from.octets) {
      count(*find(to.reporter, to.trust), to.octets);
      return errc::ok;
    }
    const errc fault = add(to.reporter, to.trust, to.octets, rules);
    if (fault == errc::ok || !was_counted) return fault;
    find(from.reporter, from.trust)->used = used_before;
    strangers_ = strangers_before;
    return fault;
  }

  /// The reporters at one time.
  struct mark {
    std::size_t reporters = 0;
    block_store::mark names{};
  };
  mark end() const noexcept { return {shares_.size(), names_.end()}; }
  /// Forgets the reporters that came after `earlier`.
  void rewind(const mark& earlier) noexcept {
    while (shares_.size() > earlier.reporters) {
      const auto last = static_cast<std::uint32_t>(shares_.size() - 1);
      numbers_.drop_last(hash(last, numbers_.key()), last);
      shares_.drop_last();
    }
    names_.rewind(earlier.names);
  }

  /// Counts nothing for any reporter; they stay, so that counting again needs no memory.
  void clear() noexcept {
    for (share& one : std::span(shares_.data(), shares_.size())) one.used = {};
    strangers_ = {};
  }

  // For number_table.

  std::uint64_t hash(std::uint32_t number, std::uint64_t key) const noexcept {
    const share& of = shares_.data()[number];
    return hash_of(of.name, of.trust, key);
  }

 private:
  struct amount {
    std::size_t entries = 0, octets = 0;
  };
  struct share {
    std::string_view name{};
    tlsrpt::trust trust = trust::claimed;
    bool is_known = false;
    amount used{};
  };

  static std::uint64_t hash_of(std::string_view name, trust trust, std::uint64_t key) noexcept {
    fnv1a hash;
    hash.add(key);
    hash.append(name);
    hash.add(static_cast<std::uint8_t>(trust));
    return hash.mixed();
  }

  static bool fits(const amount& used, std::size_t octets, const amount& most) noexcept {
    return used.entries < most.entries && used.octets <= most.octets &&
           octets <= most.octets - used.octets;
  }

  static bool has_room(const amount& strangers, const amount& used, std::size_t octets,
                       const share_rules& rules) noexcept {
    const amount half = {rules.entries / 2, rules.octets / 2};
    const amount eighth = {std::max<std::size_t>(half.entries / 8, 1), half.octets / 8};
    return fits(strangers, octets, half) && fits(used, octets, eighth);
  }

  void give_back(const counted& entry) noexcept {
    for (amount* used : {&strangers_, &find(entry.reporter, entry.trust)->used}) {
      used->entries -= std::min<std::size_t>(1, used->entries);
      used->octets -= std::min(entry.octets, used->octets);
    }
  }
  void count(share& mine, std::size_t octets) noexcept {
    for (amount* used : {&strangers_, &mine.used}) {
      ++used->entries;
      used->octets += octets;
    }
  }

  /// Whoever claims a known name is a stranger all the same.
  static bool is_known(std::string_view name, trust trust, const share_rules& rules) noexcept {
    return trust == tlsrpt::trust::verified &&
           std::ranges::any_of(rules.known_reporters,
                               [&](std::string_view known) { return same_host(known, name); });
  }

  /// Null when there is none.
  share* find(std::string_view name, trust trust) noexcept {
    const std::uint32_t found =
        numbers_.find(hash_of(name, trust, numbers_.key()), [&](std::uint32_t i) {
          return shares_.data()[i].name == name && shares_.data()[i].trust == trust;
        });
    return found == number_table::none ? nullptr : shares_.data() + found;
  }

  /// Null when there is no memory.
  share* add_new(std::string_view name, trust trust, bool is_known) noexcept {
    const std::size_t size = shares_.size();
    if (!numbers_.reserve(size + 1, size, *this) || !shares_.make_room(1)) return nullptr;
    const std::string_view kept = names_.copy(name);
    if (kept.data() == nullptr) return nullptr;
    numbers_.insert(hash_of(name, trust, numbers_.key()), static_cast<std::uint32_t>(size));
    shares_.push({kept, trust, is_known, {}});
    return shares_.data() + size;
  }

  arena<share> shares_;
  number_table numbers_;
  block_store names_;
  amount strangers_{};
};

}  // namespace tlsrpt::detail

#endif
