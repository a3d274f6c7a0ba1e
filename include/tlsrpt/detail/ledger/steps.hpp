/// @file
/// The octets in which a ledger keeps rows, and steps through them.
///
/// A text is its size in one octet and its octets; of the domains, hosts and nodes that follow each
/// other an equal one is left out, with size 0, which no name has. Numbers have seven bits in each
/// octet, the lowest first; the highest bit says that more follow.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_STEPS
#define TLSRPT_HPP_DETAIL_LEDGER_STEPS

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/ledger_row.hpp>

namespace tlsrpt::detail {

/// The most octets of a text in an entry.
inline constexpr std::size_t longest_entry_text = 255;

/// Writes to memory that is large enough.
class octet_writer {
 public:
  explicit octet_writer(char* to) noexcept : to_(to) {}

  void octet(std::uint8_t value) noexcept { *to_++ = static_cast<char>(value); }
  void number(std::uint64_t value) noexcept {
    for (; value >= 0x80; value >>= 7) octet(static_cast<std::uint8_t>(value | 0x80));
    octet(static_cast<std::uint8_t>(value));
  }
  void text(std::string_view text) noexcept {
    octet(static_cast<std::uint8_t>(text.size()));
    to_ = std::copy_n(text.data(), text.size(), to_);
  }
  /// A name, which is left out when the one before is equal.
  void name(std::string_view name, std::string_view& before) noexcept {
    text(same_octets(name, before) ? std::string_view() : name);
    before = name;
  }
  void sum(const session_sum& sum) noexcept {
    number(sum.sessions);
    number(sum.unknown);
  }
  /// All octets of a number, the lowest first, so that they are the same on every platform.
  template <std::unsigned_integral Number>
  void whole(Number number) noexcept {
    for (unsigned shift = 0; shift < 8 * sizeof number; shift += 8)
      octet(static_cast<std::uint8_t>(number >> shift));
  }

  char* end() const noexcept { return to_; }

 private:
  char* to_;
};

/// Reads what octet_writer wrote.
class octet_reader {
 public:
  octet_reader() = default;
  explicit octet_reader(const char* at) noexcept : at_(at) {}

  std::uint8_t octet() noexcept { return static_cast<std::uint8_t>(*at_++); }
  std::uint64_t number() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t next = octet();
      value |= std::uint64_t{next & 0x7fu} << shift;
      if (next < 0x80) return value;
    }
  }
  std::string_view text() noexcept {
    const std::size_t size = octet();
    const std::string_view text(at_, size);
    at_ += size;
    return text;
  }
  std::string_view name(std::string_view& before) noexcept {
    if (const std::string_view other = text(); !other.empty()) before = other;
    return before;
  }
  session_sum sum() noexcept {
    session_sum sum;
    sum.sessions = number();
    sum.unknown = number();
    return sum;
  }
  template <std::unsigned_integral Number>
  Number whole() noexcept {
    Number number = 0;
    for (unsigned shift = 0; shift < 8 * sizeof number; shift += 8)
      number |= static_cast<Number>(Number{octet()} << shift);
    return number;
  }

  const char* at() const noexcept { return at_; }

 private:
  const char* at_ = nullptr;
};

// Kind, mode, and a flag: of a total whether there is a policy, of a failure whether its cause is
// only likely.

constexpr std::uint8_t packed(policy_type kind, sts_mode mode, bool flag) noexcept {
  return static_cast<std::uint8_t>(static_cast<unsigned>(kind) << 4 |
                                   static_cast<unsigned>(mode) << 1 | (flag ? 1u : 0u));
}
constexpr policy_type kind_of(std::uint8_t octet) noexcept {
  return static_cast<policy_type>(octet >> 4);
}
constexpr sts_mode mode_of(std::uint8_t octet) noexcept {
  return static_cast<sts_mode>(octet >> 1 & 7);
}
constexpr bool flag_of(std::uint8_t octet) noexcept { return (octet & 1) != 0; }

/// Steps through totals. The first domain follows one that the reader of the entry knows.
struct total_step {
  using value_type = ledger_total;

  octet_reader from{};
  std::uint64_t left = 0;
  std::string_view domain{};

  bool next(ledger_total& row) noexcept {
    if (left == 0) return false;
    --left;
    row.domain = from.name(domain);
    const std::uint8_t kind = from.octet();
    row.kind = kind_of(kind);
    row.mode = mode_of(kind);
    row.policy = flag_of(kind) ? policy_id{from.whole<std::uint64_t>()} : policy_id::none;
    row.ok = from.sum();
    row.failed = from.sum();
    row.elements = from.number();
    return true;
  }
};

inline void put_total(octet_writer& out, const ledger_total& row,
                      std::string_view& domain) noexcept {
  out.name(row.domain, domain);
  const bool has_policy = row.policy != policy_id::none;
  out.octet(packed(row.kind, row.mode, has_policy));
  if (has_policy) out.whole(static_cast<std::uint64_t>(row.policy));
  out.sum(row.ok);
  out.sum(row.failed);
  out.number(row.elements);
}

/// Steps through failures.
struct failure_step {
  using value_type = ledger_failure;

  octet_reader from{};
  std::uint64_t left = 0;
  std::string_view domain{}, host{}, node{};

  bool next(ledger_failure& row) noexcept {
    if (left == 0) return false;
    --left;
    row.domain = from.name(domain);
    const std::uint8_t kind = from.octet();
    row.kind = kind_of(kind);
    row.mode = mode_of(kind);
    row.is_likely = flag_of(kind);
    row.result.value = static_cast<result_type>(from.octet());
    row.result.text = row.result.known() ? tlsrpt::name(row.result.value) : from.text();
    row.host = from.name(host);
    row.node = from.name(node);
    row.reason = from.text();
    row.noted = from.sum();
    return true;
  }
};

/// What put_failure() leaves out when it repeats.
struct names_before {
  std::string_view domain{}, host{}, node{};
};

inline void put_failure(octet_writer& out, const ledger_failure& row,
                        names_before& before) noexcept {
  out.name(row.domain, before.domain);
  out.octet(packed(row.kind, row.mode, row.is_likely));
  out.octet(static_cast<std::uint8_t>(row.result.value));
  if (!row.result.known()) out.text(row.result.text);
  out.name(row.host, before.host);
  out.name(row.node, before.node);
  out.text(row.reason);
  out.sum(row.noted);
}

/// The most octets of a row.
constexpr std::size_t size_bound(const ledger_total& row) noexcept {
  constexpr std::size_t numbers = std::size_t{5} * 10, rest = 1 + 1 + 8;
  return row.domain.size() + numbers + rest;
}
constexpr std::size_t size_bound(const ledger_failure& row) noexcept {
  constexpr std::size_t numbers = std::size_t{2} * 10, sizes = 5, rest = 2;
  return row.domain.size() + row.result.text.size() + row.host.size() + row.node.size() +
         row.reason.size() + numbers + sizes + rest;
}

}  // namespace tlsrpt::detail

#endif
