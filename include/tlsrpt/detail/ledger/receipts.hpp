/// @file
/// How the receipts of one report are joined. Joining is associative, commutative and idempotent.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_RECEIPTS
#define TLSRPT_HPP_DETAIL_LEDGER_RECEIPTS

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/ledger/names.hpp>
#include <tlsrpt/detail/ledger/steps.hpp>
#include <tlsrpt/detail/mail/aligned.hpp>
#include <tlsrpt/ledger_entry.hpp>

namespace tlsrpt::detail {

/// The order of submitters: aligned ones are never pushed out by others.
constexpr bool comes_before(std::string_view a, std::string_view b,
                            std::string_view contact) noexcept {
  const bool x = is_aligned(a, contact), y = is_aligned(b, contact);
  return x != y ? x : a < b;
}

/// All receipts of a report, joined.
struct joined_receipt {
  std::array<std::string_view, most_submitters> by{};
  std::size_t size = 0;
  bool more = false;
  std::string_view inferred{};
  bool inferred_claimed = false;  ///< No authenticated receipt has a domain.
  std::uint8_t via = 0;
  std::int64_t seen = 0;
  /// The day of a report that names none: that on which it came first from somebody who vouches for
  /// it, else that on which it came first.
  day first{};

  std::span<const std::string_view> submitters() const noexcept {
    return std::span(by).first(size);
  }
  tlsrpt::trust trust() const noexcept { return size != 0 ? trust::verified : trust::claimed; }
  std::string_view reporter(std::string_view contact) const noexcept {
    return size == 0 || is_aligned(by[0], contact) ? contact : by[0];
  }

  void add_submitter(std::string_view name, std::string_view contact) noexcept {
    const auto end = by.begin() + static_cast<std::ptrdiff_t>(size);
    const auto at = std::find_if(by.begin(), end, [&](std::string_view other) {
      return !comes_before(other, name, contact);
    });
    if (at != end && *at == name) return;
    if (size == most_submitters) more = true;
    if (at == by.end()) return;
    std::copy_backward(at, size == most_submitters ? end - 1 : end,
                       size == most_submitters ? end : end + 1);
    *at = name;
    size = std::min(size + 1, most_submitters);
  }

  /// Nobody vouches for the report any more.
  void drop_submitters() noexcept {
    size = 0;
    more = false;
    first = day_of(seen);
  }
  /// Nor for what was inferred.
  void make_claimed() noexcept {
    drop_submitters();
    inferred_claimed = !inferred.empty();
  }

  void add_inferred(std::string_view domain, bool is_claimed) noexcept {
    if (domain.empty()) return;
    const bool is_name = !domain.starts_with('!'), has_name = !inferred.starts_with('!');
    const bool is_better = inferred.empty()                 ? true
                           : is_claimed != inferred_claimed ? inferred_claimed
                           : is_name != has_name            ? is_name
                                                            : domain < inferred;
    if (!is_better) return;
    inferred = domain;
    inferred_claimed = is_claimed;
  }

  void join(const joined_receipt& other, std::string_view contact) noexcept {
    if (trust() == other.trust())
      first = std::min(first, other.first);
    else if (size == 0)
      first = other.first;
    for (std::string_view name : other.submitters()) add_submitter(name, contact);
    more = more || other.more;
    add_inferred(other.inferred, other.inferred_claimed);
    via |= other.via;
    seen = std::min(seen, other.seen);
  }
};

/// The receipt as if it was the only one; nothing when there is no memory. A submitter that is no
/// host name counts as none.
inline std::optional<joined_receipt> joined(const receipt& receipt, name_maker& names) noexcept {
  joined_receipt result;
  result.via = static_cast<std::uint8_t>(1u << static_cast<unsigned>(receipt.via));
  result.seen = receipt.received;
  result.first = day_of(receipt.received);
  result.by[0] = names.host_name(receipt.authenticated_submitter);
  result.size = result.by[0].empty() ? 0 : 1;
  result.inferred = names.host(receipt.report_domain, "");
  result.inferred_claimed = result.size == 0 && !result.inferred.empty();
  if (result.by[0].data() == nullptr || result.inferred.data() == nullptr) return std::nullopt;
  return result;
}

/// Octets that put_receipt() writes.
inline std::size_t size_of(const joined_receipt& receipt) noexcept {
  std::size_t size = 2 + receipt.inferred.size();
  for (std::string_view name : receipt.submitters()) size += 1 + name.size();
  return size;
}

/// Writes what an entry has besides numbers.
inline void put_receipt(octet_writer& out, const joined_receipt& receipt) noexcept {
  out.octet(static_cast<std::uint8_t>(receipt.size | (receipt.more ? 8u : 0u) |
                                      (receipt.inferred_claimed ? 16u : 0u)));
  for (std::string_view name : receipt.submitters()) out.text(name);
  out.text(receipt.inferred);
}

inline joined_receipt read_receipt(const char* octets) noexcept {
  octet_reader in(octets);
  joined_receipt receipt;
  const std::uint8_t first = in.octet();
  receipt.size = first & 7;
  receipt.more = (first & 8) != 0;
  receipt.inferred_claimed = (first & 16) != 0;
  for (std::size_t i = 0; i < receipt.size; ++i) receipt.by[i] = in.text();
  receipt.inferred = in.text();
  return receipt;
}

}  // namespace tlsrpt::detail

#endif
