/// @file
/// Bodies of ledger.hpp.

#ifndef TLSRPT_HPP_IMPL_LEDGER
#define TLSRPT_HPP_IMPL_LEDGER

#include <algorithm>
#include <utility>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/detail/ledger/line_reader.hpp>
#include <tlsrpt/detail/ledger/lines.hpp>
#include <tlsrpt/detail/ledger/period.hpp>

namespace tlsrpt {

namespace detail {

/// Numbers of things in the order of `less(number, number)`. False when there is no memory.
template <class Less>
bool sort_numbers(arena<std::uint32_t>& numbers, std::size_t count, const Less& less) noexcept {
  if (!numbers.reserve(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) numbers.push(i);
  std::sort(numbers.data(), numbers.data() + count, less);
  return true;
}

}  // namespace detail

inline result<add_outcome> ledger::add(const report_view& report, const receipt& receipt) noexcept {
  return add(report, receipt, digest_of(report));
}

inline result<add_outcome> ledger::add(const report_view& report, const receipt& receipt,
                                       const digest& digest) noexcept {
  const detail::day_span period = detail::days_of(report.date_range);
  if (period.days > longest_period)
    return diagnostic{errc::period_too_long, {.member = field::date_range}};
  const std::uint32_t known = entries_.find(digest);
  const auto joined = rows_.receipt_of(receipt);
  if (!joined) return diagnostic{errc::out_of_memory};
  const bool is_known = known != detail::entry_store::none;
  if (is_known && entries_.is_of_report(known)) {
    const auto outcome = entries_.join(known, *joined, rules());
    drop_replaced();
    return outcome;
  }
  if (!rows_.read(report, limits_.details_per_element, limits_.elements))
    return diagnostic{errc::out_of_memory};
  detail::entry_values values;
  values.digest = digest;
  values.flags = rows_.flags();
  values.flags.approximate = period.is_approximate;
  values.flags.period_unknown = period.days == 0;
  values.first = period.first;
  values.days = std::max(period.days, 1);
  values.report_id = rows_.report_id();
  values.organization = rows_.organization();
  values.contact = rows_.contact();
  values.about = rows_.about();
  values.receipt = *joined;
  values.is_of_report = true;
  const auto add_to = [&](detail::entry_store& entries, const detail::share_rules& rules) {
    return entries.add(values, rows_.totals(), rows_.failures(), rules,
                       [this](const detail::total_of_policy& row) { return rows_.text_of(row); });
  };
  if (!is_known) {
    const errc fault = add_to(entries_, rules());
    if (fault != errc::ok) return diagnostic{fault};
    return add_outcome::added;
  }
  // Somebody's ledger said what the numbers are.
  detail::entry_store alone;
  const errc fault = add_to(alone, {SIZE_MAX, SIZE_MAX, {}});
  if (fault != errc::ok) return diagnostic{fault};
  const auto outcome = entries_.join(known, alone, 0, rules());
  drop_replaced();
  return outcome;
}

inline result<void> ledger::merge(const ledger& other) noexcept {
  if (limits_.details_per_element != other.limits_.details_per_element ||
      limits_.elements != other.limits_.elements)
    return diagnostic{errc::ledger_options_differ};
  return merge(other.entries_);
}

inline result<void> ledger::merge(const detail::entry_store& other) noexcept {
  const detail::entry_store::mark before = entries_.end();
  if (!entries_.reserve_for(other)) return diagnostic{errc::out_of_memory};
  detail::entry_store::undo_log log;
  errc fault = errc::ok;
  for (std::uint32_t i = 0; i < other.size() && fault == errc::ok; ++i) {
    const std::uint32_t known = entries_.find(other.digest_of(i));
    fault = known == detail::entry_store::none
                ? entries_.add(other, i, rules())
                : entries_.join(known, other, i, rules(), &log).error().code;
  }
  if (fault != errc::ok) {
    entries_.rewind(before, log, rules());
    return diagnostic{fault};
  }
  drop_replaced();
  return {};
}

inline result<void> ledger::read(std::string_view lines, trust most) noexcept {
  detail::line_reader reader(lines);
  std::uint32_t line = 0;
  const auto refused = [&](errc code, std::size_t offset) {
    return diagnostic{reader.has_memory() ? code : errc::out_of_memory,
                      {.offset = offset, .element = line, .in = source::ledger}};
  };
  detail::ledger_header header;
  if (!reader.header(header)) return refused(errc::not_canonical, reader.offset());
  const detail::ledger_header own = {ledger_version, reason_rules_version,
                                     limits_.details_per_element, limits_.elements};
  if (header != own) return refused(errc::ledger_options_differ, 0);

  detail::entry_store read;
  const detail::share_rules limits = {limits_.entries, limits_.octets, {}};
  detail::entry_values before;
  for (++line; reader.is_at_entry(); ++line) {
    const std::size_t begin = reader.offset();
    if (!reader.entry(own)) return refused(errc::not_canonical, reader.offset());
    const auto no_text = [](const ledger_total&) { return std::string_view(""); };
    detail::entry_values values = reader.values();
    const bool is_in_place = line == 1 || detail::entry_store::comes_before(before, values);
    if (!is_in_place || read.find(values.digest) != detail::entry_store::none)
      return refused(errc::not_canonical, begin);
    before = values;
    if (most == trust::claimed) values.receipt.make_claimed();
    const errc fault = read.add(values, reader.totals(), reader.failures(), limits, no_text);
    if (fault != errc::ok) return refused(fault, begin);
  }
  policy_id last = policy_id::none;
  for (std::size_t left = read.policies().size(); left != 0; --left, ++line) {
    const std::size_t begin = reader.offset();
    detail::policy_of_id policy;
    if (!reader.policy(policy)) return refused(errc::not_canonical, reader.offset());
    // Each has its place, and none is there that no report has.
    const detail::policy_of_id* const known = read.policies().find(policy.id);
    if (policy.id <= last || known == nullptr || known->kind != policy.kind)
      return refused(errc::not_canonical, begin);
    if (!read.set_text(policy.id, policy.text)) return refused(errc::out_of_memory, begin);
    last = policy.id;
  }
  if (!reader.is_at_end()) return refused(errc::not_canonical, reader.offset());
  return merge(read);
}

template <text_output Out>
result<void> ledger::write(Out&& out) const noexcept(detail::is_nothrow_output<Out>) {
  detail::arena<std::uint32_t> entries, policies;
  const auto all_policies = entries_.policies().all();
  const bool has_memory =
      detail::sort_numbers(
          entries, entries_.size(),
          [this](std::uint32_t a, std::uint32_t b) { return entries_.comes_before(a, b); }) &&
      detail::sort_numbers(policies, all_policies.size(), [&](std::uint32_t a, std::uint32_t b) {
        return all_policies[a].id < all_policies[b].id;
      });
  if (!has_memory) return diagnostic{errc::out_of_memory};
  detail::line_writer<std::remove_reference_t<Out>> lines(out);
  lines.header(ledger_version, reason_rules_version, limits_.details_per_element, limits_.elements);
  for (std::uint32_t i : std::span(entries.data(), entries.size())) lines.entry(entries_.entry(i));
  for (std::uint32_t i : std::span(policies.data(), policies.size()))
    if (all_policies[i].uses != 0) lines.policy(all_policies[i]);
  return {};
}

inline result<ledger> ledger::take(day first, day last) noexcept {
  ledger taken(limits_);
  detail::entry_store rest;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const day begin = entries_.first_day_of(i);
    detail::entry_store& to = begin >= first && begin <= last ? taken.entries_ : rest;
    // They fitted before.
    const detail::share_rules unlimited = {SIZE_MAX, SIZE_MAX, {}};
    if (to.add(entries_, i, unlimited) != errc::ok) return diagnostic{errc::out_of_memory};
  }
  if (!taken.entries_.count_shares(rules()) || !rest.count_shares(rules()))
    return diagnostic{errc::out_of_memory};
  entries_ = std::move(rest);
  return taken;
}

/// Drops what was replaced when it is most of the octets, so that nobody fills the
/// memory by sending one report again and again.
inline void ledger::drop_replaced() noexcept {
  constexpr std::size_t worth_it = std::size_t{64} << 10;
  if (entries_.replaced() < worth_it || entries_.replaced() < entries_.octets() / 2) return;
  detail::entry_store rest;
  const detail::share_rules unlimited = {SIZE_MAX, SIZE_MAX, {}};
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    if (rest.add(entries_, i, unlimited) != errc::ok) return;
  if (!rest.count_shares(rules())) return;
  entries_ = std::move(rest);
}

inline entry_range ledger::entries() const& noexcept { return entry_range({&entries_, 0}); }

inline std::optional<ledger_entry> ledger::find(const digest& digest) const& noexcept {
  const std::uint32_t number = entries_.find(digest);
  if (number == detail::entry_store::none) return std::nullopt;
  return entries_.entry(number);
}

inline std::string_view ledger::policy_text(policy_id id) const& noexcept {
  const detail::policy_of_id* const policy = entries_.policies().find(id);
  return policy == nullptr ? std::string_view() : policy->text;
}

}  // namespace tlsrpt

#endif
