/// @file
/// Which reports are of one group.

#ifndef TLSRPT_HPP_DETAIL_SUMMARY_GROUP_KEY
#define TLSRPT_HPP_DETAIL_SUMMARY_GROUP_KEY

#include <compare>
#include <cstdint>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger_entry.hpp>

namespace tlsrpt::detail {

/// What groups reports: who says what about which domain and days, by which id. Reporter and
/// domain are numbers of a name_set, later places in the order of all names.
struct group_key {
  std::uint32_t reporter = 0, about = 0;
  std::string_view report_id{};
  day first{};
  std::int32_t days = 1;
  tlsrpt::trust trust = trust::claimed;
  tlsrpt::digest digest{};
};

/// The order of what a verified report overshadows.
constexpr std::strong_ordering compare_subjects(const group_key& a, const group_key& b) noexcept {
  if (const auto order = a.reporter <=> b.reporter; order != 0) return order;
  if (const auto order = a.about <=> b.about; order != 0) return order;
  if (const auto order = a.first <=> b.first; order != 0) return order;
  return a.days <=> b.days;
}

/// Verified ones come first.
constexpr std::strong_ordering compare_groups(const group_key& a, const group_key& b) noexcept {
  if (const auto order = compare_subjects(a, b); order != 0) return order;
  if (const auto order = b.trust <=> a.trust; order != 0) return order;
  return a.report_id <=> b.report_id;
}

/// Without an id each report is a group of its own.
constexpr bool are_of_one_group(const group_key& a, const group_key& b) noexcept {
  return !a.report_id.empty() && compare_groups(a, b) == 0;
}

}  // namespace tlsrpt::detail

#endif
