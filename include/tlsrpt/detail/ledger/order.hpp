/// @file
/// The order of rows: that of the octets of their keys.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_ORDER
#define TLSRPT_HPP_DETAIL_LEDGER_ORDER

#include <compare>
#include <string_view>

#include <tlsrpt/ledger_row.hpp>

namespace tlsrpt::detail {

/// The order of names, of which most equal ones are one view.
constexpr std::strong_ordering compare_names(std::string_view a, std::string_view b) noexcept {
  if (a.data() == b.data() && a.size() == b.size()) return std::strong_ordering::equal;
  return a <=> b;
}

/// The order of kinds and modes.
template <class Row>
constexpr std::strong_ordering compare_kinds_of(const Row& a, const Row& b) noexcept {
  if (a.kind == b.kind && a.mode == b.mode) return std::strong_ordering::equal;
  if (const auto order = kind_name(a.kind) <=> kind_name(b.kind); order != 0) return order;
  return mode_name(a.kind, a.mode) <=> mode_name(b.kind, b.mode);
}

/// The order of what both kinds of rows begin with.
template <class Row>
constexpr std::strong_ordering compare_policies_of(const Row& a, const Row& b) noexcept {
  if (const auto order = compare_names(a.domain, b.domain); order != 0) return order;
  return compare_kinds_of(a, b);
}

constexpr std::strong_ordering compare_keys(const ledger_total& a, const ledger_total& b) noexcept {
  if (const auto order = compare_policies_of(a, b); order != 0) return order;
  return a.policy <=> b.policy;
}

constexpr std::strong_ordering compare_keys(const ledger_failure& a,
                                            const ledger_failure& b) noexcept {
  if (const auto order = compare_policies_of(a, b); order != 0) return order;
  if (const auto order = a.result.text <=> b.result.text; order != 0) return order;
  if (const auto order = a.host <=> b.host; order != 0) return order;
  if (const auto order = a.node <=> b.node; order != 0) return order;
  return a.reason <=> b.reason;
}

}  // namespace tlsrpt::detail

#endif
