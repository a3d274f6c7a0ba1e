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
#include <tlsrpt/detail/ledger/number_table.hpp>
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
    const amount half = {rules.entries / 2, rules.octets / 2};
    const amount eighth = {std::max<std::size_t>(half.entries / 8, 1), half.octets / 8};
    // Who is refused leaves no name: there may be any number of them.
    if (!now.is_known && (!fits(strangers_, octets, half) || !fits(now.used, octets, eighth)))
      return errc::ledger_full;
    if (mine == nullptr) mine = add_new(reporter, trust, now.is_known);
    if (mine == nullptr) return errc::out_of_memory;
    if (!now.is_known) count(*mine, octets);
    return errc::ok;
  }

  /// Counts an entry of a reporter, however much that makes.
  void count_anyway(std::string_view reporter, trust trust, std::size_t octets,
                    const share_rules& rules) noexcept {
    if (rules.known_reporters.empty()) return;
    share* const mine = find_or_add(reporter, trust, rules);
    if (mine != nullptr && !mine->is_known) count(*mine, octets);
  }

  /// An entry, as it is counted.
  struct counted {
    std::string_view reporter;
    tlsrpt::trust trust;
    std::size_t octets;
  };
  /// Counts an entry for another reporter, however much that makes. False when there is no memory.
  bool move(const counted& from, const counted& to, const share_rules& rules) noexcept {
    if (rules.known_reporters.empty()) return true;
    // A new one may move the others, so both have to be there first.
    if (find_or_add(from.reporter, from.trust, rules) == nullptr ||
        find_or_add(to.reporter, to.trust, rules) == nullptr)
      return false;
    if (share* const old = find(from.reporter, from.trust); !old->is_known) {
      for (amount* used : {&strangers_, &old->used}) {
        --used->entries;
        used->octets -= std::min(from.octets, used->octets);
      }
    }
    if (share* const mine = find(to.reporter, to.trust); !mine->is_known) count(*mine, to.octets);
    return true;
  }

  void clear() noexcept {
    shares_.clear();
    numbers_ = {};
    names_.clear();
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

  share* find_or_add(std::string_view name, trust trust, const share_rules& rules) noexcept {
    share* const found = find(name, trust);
    return found != nullptr ? found : add_new(name, trust, is_known(name, trust, rules));
  }

  arena<share> shares_;
  number_table numbers_;
  block_store names_;
  amount strangers_{};
};

}  // namespace tlsrpt::detail

#endif
