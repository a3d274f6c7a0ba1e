/// @file
/// Bodies of tally_report.hpp.

#ifndef TLSRPT_HPP_IMPL_TALLY_REPORT
#define TLSRPT_HPP_IMPL_TALLY_REPORT

#include <algorithm>
#include <span>
#include <tuple>

#include <tlsrpt/detail/tally/grown_text.hpp>
#include <tlsrpt/detail/tally/keys.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/sha256.hpp>

namespace tlsrpt {

namespace detail {

inline constexpr std::string_view policy_order[] = {"[\"sts\"", "[\"tlsa\"",
                                                    "[\"no-policy-found\""};

/// Places of policies in a report: sts, tlsa, none.
constexpr std::size_t place_of_policy(std::string_view key) noexcept {
  std::size_t place = 0;
  while (place < 2 && !key.starts_with(policy_order[place])) ++place;
  return place;
}

struct counted_key {
  std::string_view key{};
  std::uint64_t count = 0;
};

}  // namespace detail

/// False when there is no memory.
inline bool tally_reporter::add_failure(std::string_view key, std::uint64_t count) {
  detail::json_taker json(key);
  failure_details_view failure;
  if (!detail::read_failure_key(json, failure)) return false;
  const auto keep = [this](std::string_view& text) {
    const bool is_absent = text.empty();
    text = is_absent ? std::string_view() : texts_.copy(text);
    return is_absent || text.data() != nullptr;
  };
  const bool has_text = keep(failure.sending_mta_ip.text) && keep(failure.receiving_mx_hostname) &&
                        keep(failure.receiving_mx_helo) && keep(failure.receiving_ip.text) &&
                        keep(failure.additional_information) && keep(failure.failure_reason_code);
  failure.result_type.text = name(failure.result_type.value);
  failure.failed_session_count = count;
  return has_text && failures_.push(failure);
}

inline bool tally_reporter::add_failures(const tally& tally, std::uint32_t policy,
                                         const tally_report_options& options) {
  const detail::tally_rows& rows = tally.failures_;
  detail::arena<detail::counted_key> counted;
  std::uint64_t others[detail::result_type_count] = {};
  const auto add_to_others = [&others](std::string_view key, std::uint64_t count) {
    failure_details_view failure;
    detail::json_taker json(key);
    detail::read_failure_key(json, failure);
    others[static_cast<std::size_t>(failure.result_type.value)] += count;
  };
  const auto sort = [&counted] {
    std::sort(counted.data(), counted.data() + counted.size(),
              [](const detail::counted_key& a, const detail::counted_key& b) {
                return a.count != b.count ? a.count > b.count : a.key < b.key;
              });
  };
  if (!counted.reserve(tally.policies_[policy].below[0] + detail::result_type_count)) return false;
  for (std::uint32_t row = tally.policies_[policy].last[0]; row != detail::tally_rows::none;
       row = rows[row].before) {
    const std::uint64_t soft = options.has_soft_failures ? rows[row].counts[1] : 0;
    const std::uint64_t count = rows[row].counts[0] + soft;
    if (count == 0) continue;
    if (detail::is_other_key(rows[row].key))
      add_to_others(rows[row].key, count);
    else
      counted.push({rows[row].key, count});
  }
  sort();
  while (counted.size() > options.failures_per_policy) {
    const detail::counted_key& last = counted.data()[counted.size() - 1];
    add_to_others(last.key, last.count);
    counted.drop_last();
  }
  for (std::size_t type = 0; type < detail::result_type_count; ++type) {
    if (others[type] == 0) continue;
    detail::grown_text key;
    detail::write_other_key(key, static_cast<result_type>(type));
    const std::string_view kept = key.has_memory() ? texts_.copy(key.view()) : std::string_view();
    if (kept.empty()) return false;
    counted.push({kept, others[type]});
  }
  sort();
  // Sessions that had several of those that are not kept apart are in the sum of these more than
  // once. There are no more than there were.
  const auto& sessions = tally.policies_[policy].counts;
  const std::uint64_t most =
      std::min(sessions[1] + (options.has_soft_failures ? sessions[0] : 0), detail::most_sessions);
  for (const auto& [key, count] : std::span(counted.data(), counted.size()))
    if (!add_failure(key, std::min(count, most))) return false;
  return true;
}

inline bool tally_reporter::add_policy(const tally& tally, std::uint32_t row,
                                       const tally_report_options& options) {
  const detail::tally_row& counted = tally.policies_[row];
  policy_view policy;
  detail::json_taker json(counted.key);
  std::size_t strings = 0, patterns = 0;
  const auto keep_in = [this](std::size_t& count) {
    return [this, &count](std::string_view text) {
      const std::string_view kept = text.empty() ? "" : texts_.copy(text);
      ++count;
      return kept.data() != nullptr && strings_.push(kept);
    };
  };
  if (!detail::read_policy_key(json, policy.policy_type.value, policy.policy_domain,
                               keep_in(strings), keep_in(patterns)))
    return false;
  policy.policy_type.text = name(policy.policy_type.value);
  policy.policy_domain = texts_.copy(policy.policy_domain);
  policy.total_successful_session_count = counted.counts[0];
  policy.total_failure_session_count = counted.counts[1];
  const std::size_t before = failures_.size();
  return policy.policy_domain.data() != nullptr && add_failures(tally, row, options) &&
         policies_.push(policy) && extents_.push({strings, patterns, failures_.size() - before});
}

inline result<report_view> tally_reporter::make(const tally& tally, std::string_view domain,
                                                const reporter_identity& identity,
                                                const tally_report_options& options) noexcept {
  const std::size_t at = identity.contact_info.rfind('@');
  const std::string_view submitter =
      at == std::string_view::npos ? "" : identity.contact_info.substr(at + 1);
  if (!detail::is_addr_spec(identity.contact_info) || !is_host_name(submitter))
    return diagnostic{errc::contact_info, {.member = field::contact_info}, identity.contact_info};
  texts_.clear();
  policies_.clear();
  extents_.clear();
  failures_.clear();
  strings_.clear();
  const host_text recipient = canonical_host(domain);
  const std::uint32_t row = tally.domains_.find(0, recipient);
  if (row == detail::tally_rows::none) return diagnostic{errc::nothing_to_report};
  if (!sort_below(tally.domains_[row], tally.policies_, 0, rows_))
    return diagnostic{errc::out_of_memory};
  const auto place = [&tally](std::uint32_t policy) {
    const std::string_view key = tally.policies_[policy].key;
    return std::tuple(detail::place_of_policy(key), key);
  };
  std::sort(rows_.data(), rows_.data() + rows_.size(),
            [&place](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
  const std::uint32_t parts = std::max(options.parts, 1u);
  const std::uint32_t part = std::clamp(options.part, 1u, parts);
  const std::size_t first = rows_.size() * (part - 1) / parts, end = rows_.size() * part / parts;
  if (first == end) return diagnostic{errc::nothing_to_report};
  for (std::size_t i = first; i < end; ++i)
    if (!add_policy(tally, rows_.data()[i], options)) return diagnostic{errc::out_of_memory};

  // Nothing moves any more.
  const std::string_view* strings = strings_.data();
  const failure_details_view* failures = failures_.data();
  for (std::size_t i = 0; i < policies_.size(); ++i) {
    const policy_extent& extent = extents_.data()[i];
    policy_view& policy = policies_.data()[i];
    policy.policy_string = {strings, extent.strings};
    policy.mx_host = {strings + extent.strings, extent.patterns};
    policy.failure_details = {failures, extent.failures};
    strings += extent.strings + extent.patterns;
    failures += extent.failures;
  }

  const host_text sender = canonical_host(submitter);
  short_text<8> date;
  const day_text day = to_text(tally.day());
  for (char c : day.view())
    if (c != '-') detail::put(date, c);
  detail::sha256 hash;
  hash.append(sender);
  hash.append("\n");
  hash.append(date);
  hash.append("\n");
  hash.append(recipient);
  hash.append("\n");
  detail::put_number(hash, part);
  hash.append("\n");
  const auto octets = hash.finish();
  short_text<600> id;
  for (const std::string_view text : {date.view(), std::string_view("."), recipient.view()})
    id.append(text);
  id.append(".");
  for (std::size_t i = 0; i < 4; ++i) detail::put_hex(id, octets[i]);
  id.append("@");
  id.append(sender);

  report_view report;
  report.organization_name = identity.organization_name;
  report.contact_info = identity.contact_info;
  report.report_id = texts_.copy(id);
  if (report.report_id.data() == nullptr) return diagnostic{errc::out_of_memory};
  const std::int64_t begin = first_second_of(tally.day());
  report.date_range = {{.seconds = begin, .known = true},
                       {.seconds = begin + 86399, .known = true}};
  report.policies = {policies_.data(), policies_.size()};
  return report;
}

}  // namespace tlsrpt

#endif
