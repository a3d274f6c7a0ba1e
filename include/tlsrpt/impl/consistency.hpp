/// @file
/// Bodies of consistency.hpp.

#ifndef TLSRPT_HPP_IMPL_CONSISTENCY
#define TLSRPT_HPP_IMPL_CONSISTENCY

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include <tlsrpt/detail/consistency/comparing.hpp>
#include <tlsrpt/detail/consistency/element_set.hpp>
#include <tlsrpt/detail/consistency/keys.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/policy_text.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt {

namespace detail {

/// What the failure details of a policy add up to.
struct failure_sums {
  std::uint64_t sum = 0, largest = 0;
  bool all_known = true;

  explicit constexpr failure_sums(std::span<const failure_details_view> failures) noexcept {
    for (const failure_details_view& failure : failures) {
      const session_count count = failure.failed_session_count;
      all_known = all_known && count.known();
      sum = saturating_sum(sum, count.value());
      largest = std::max(largest, count.value());
    }
  }
};

/// The memory as entries to compare.
inline std::span<std::uint64_t> entries_in(std::span<std::byte> scratch) noexcept {
  void* first = scratch.data();
  std::size_t size = scratch.size();
  if (std::align(alignof(std::uint64_t), sizeof(std::uint64_t), first, size) == nullptr) return {};
  return {static_cast<std::uint64_t*>(first), size / sizeof(std::uint64_t)};
}

// Where something is in a report; see find_inconsistencies() on the offsets.

constexpr location place_in(const policy_view& policy, field member,
                            std::size_t element = location::npos) noexcept {
  return {.offset = policy.offset,
          .policy = policy.index,
          .element = static_cast<std::uint32_t>(element),
          .member = member};
}
constexpr location place_in(const policy_view& policy, const failure_details_view& failure,
                            field member = field::none) noexcept {
  return {
      .offset = failure.offset, .policy = policy.index, .failure = failure.index, .member = member};
}

/// One call of find_inconsistencies().
template <class Sink>
class inconsistency_finder {
 public:
  inconsistency_finder(const report_view& report, Sink& sink, const consistency_options& options,
                       std::span<std::uint64_t> scratch)
      : report_(report), sink_(sink), options_(options), scratch_(scratch) {}

  void run() {
    period();
    for (const policy_view& each : report_.policies) policy(each);
    policies_together();
  }

 private:
  void report(errc code, const location& where, std::string_view subject = {}) {
    sink_(diagnostic{code, where, subject});
  }

  /// Whether `entries` fit in the scratch memory; reports it when they do not.
  bool has_room(std::size_t entries, const location& where) {
    if (entries <= scratch_.size()) return true;
    report(errc::comparison_left_out, where);
    return false;
  }

  void period() {
    constexpr std::int64_t day = 86400;
    const timestamp& start = report_.date_range.start_datetime;
    const timestamp& end = report_.date_range.end_datetime;
    const location at_start{.member = field::start_datetime}, at_end{.member = field::end_datetime};
    if (start.known && end.known) {
      if (start.seconds > end.seconds)
        report(errc::period_reversed, at_end, end.text);
      else if (!is_within(end.seconds, start.seconds, day) ||
               is_within(end.seconds, start.seconds, day - 2))
        report(errc::period_not_a_day, at_end, end.text);
    }
    if (start.known && start.seconds % day != 0)
      report(errc::period_not_from_midnight, at_start, start.text);
    const timestamp& latest = end.known ? end : start;
    if (!latest.known || !options_.now) return;
    const location at_latest = end.known ? at_end : at_start;
    if (!is_within(latest.seconds, *options_.now, options_.clock_skew))
      report(errc::period_in_future, at_latest, latest.text);
    if (options_.retention && !is_within(*options_.now, latest.seconds, *options_.retention))
      report(errc::period_beyond_retention, at_latest, latest.text);
  }

  /// Whether `a` is at most `seconds` later than `b`. Whatever the numbers are, nothing overflows.
  static constexpr bool is_within(std::int64_t a, std::int64_t b, std::int64_t seconds) noexcept {
    if (a <= b) return true;
    const std::uint64_t later = static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
    return seconds > 0 && later <= static_cast<std::uint64_t>(seconds);
  }

  void policy(const policy_view& policy) {
    const failure_sums sums(policy.failure_details);
    totals(policy, sums);
    switch (policy.policy_type.value) {
      case policy_type::sts:
        sts_policy(policy, sums);
        break;
      case policy_type::tlsa:
        tlsa_policy(policy);
        break;
      case policy_type::no_policy_found:
        if (!policy.policy_string.empty())
          report(errc::policy_string_without_policy, place_in(policy, field::policy_string, 0),
                 policy.policy_string.front());
        break;
      case policy_type::unknown:
        break;
    }
    const bool takes_mx_host = policy.policy_type.value == policy_type::sts ||
                               policy.policy_type.value == policy_type::unknown;
    if (!takes_mx_host && !policy.mx_host.empty())
      report(errc::mx_host_without_sts, place_in(policy, field::mx_host, 0),
             policy.mx_host.front());
    for (const failure_details_view& each : policy.failure_details) failure(policy, each);
    equal_failures(policy);
  }

  /// B-103 to B-109, but for what concerns one failure detail.
  void totals(const policy_view& policy, const failure_sums& sums) {
    const session_count successful = policy.total_successful_session_count;
    const session_count failed = policy.total_failure_session_count;
    if (!failed.known()) return;
    const location at_failed = place_in(policy, field::total_failure_session_count);
    if (failed.value() == 0) {
      if (sums.sum > 0)
        report(errc::failures_despite_zero_total, at_failed);
      else if (sums.all_known && successful == session_count(0))
        report(errc::no_sessions, place_in(policy, field::summary));
    } else if (policy.failure_details.empty()) {
      report(errc::failures_without_details, place_in(policy, field::failure_details));
    } else if (sums.all_known && sums.sum < failed.value()) {
      report(errc::details_below_total, at_failed);
    } else if (sums.sum > failed.value() && sums.largest <= failed.value()) {
      report(errc::details_above_total, at_failed);
    }
  }

  /// What concerns one failure detail and not the text of the policy.
  void failure(const policy_view& policy, const failure_details_view& failure) {
    const auto found = [&](errc code, field member, std::string_view subject = {}) {
      report(code, place_in(policy, failure, member), subject);
    };
    const session_count count = failure.failed_session_count;
    const session_count total = policy.total_failure_session_count;
    if (count == session_count(0)) found(errc::failed_count_zero, field::failed_session_count);
    if (total.value() > 0 && count.value() > total.value())
      found(errc::failed_count_above_total, field::failed_session_count);

    const result_type type = failure.result_type.value;
    const policy_type applied = policy.policy_type.value;
    const result_group group = group_of(type);
    if ((applied == policy_type::tlsa && group == result_group::sts) ||
        (applied == policy_type::sts && group == result_group::dane))
      found(errc::result_type_of_other_policy, field::result_type, failure.result_type.text);

    if ((type == result_type::sts_policy_fetch_error || type == result_type::sts_webpki_invalid) &&
        present(failure.receiving_ip.text))
      found(errc::receiving_ip_of_fetch_failure, field::receiving_ip, failure.receiving_ip.text);

    if (const auto sender = failure.sending_mta_ip.address()) {
      if (sender->is_documentation())
        found(errc::documentation_sending_address, field::sending_mta_ip,
              failure.sending_mta_ip.text);
      else if (sender->is_private() || sender->is_loopback() || sender->is_link_local())
        found(errc::internal_sending_address, field::sending_mta_ip, failure.sending_mta_ip.text);
    }
  }

  void sts_policy(const policy_view& policy, const failure_sums& sums) {
    const auto is_sts_failure = [](const failure_details_view& failure) {
      return !failure.result_type.known() ||
             group_of(failure.result_type.value) == result_group::sts;
    };
    if (lacks_text(policy) && std::ranges::none_of(policy.failure_details, is_sts_failure))
      report(errc::policy_string_missing, place_in(policy, field::policy_string));

    const sts_policy_view text = *parse_sts_policy(policy.policy_string);
    if (text.mode().text == name(sts_mode::none) &&
        (policy.total_failure_session_count.value() > 0 || sums.sum > 0))
      report(errc::failures_under_mode_none, place_in(policy, field::policy_string),
             text.mode().text);

    // The sets below take each element for a line.
    if (std::ranges::any_of(policy.policy_string, holds_several_lines)) return;
    if (holds_long_mx(policy)) {
      report(errc::comparison_left_out, place_in(policy, field::mx_host));
      return;
    }
    const std::size_t lines = policy.policy_string.size(), hosts = policy.mx_host.size();
    if (!has_room(lines + hosts, place_in(policy, field::mx_host))) return;
    const element_set<mx_line_key> written(policy.policy_string, scratch_);
    const element_set<mx_host_key> listed(policy.mx_host, scratch_.subspan(lines));
    if (lines != 0 && hosts != 0) mx_hosts(policy, written, listed);
    // The policy's own text is what counts; without one, mx-host does.
    if (!written.empty())
      mx_names(policy, written);
    else if (!listed.empty())
      mx_names(policy, listed);
  }

  static bool holds_several_lines(std::string_view element) noexcept {
    const std::size_t feed = element.find('\n');
    return feed != std::string_view::npos && feed + 1 != element.size();
  }

  /// Whether there is a pattern that cannot be read again for each comparison.
  static bool holds_long_mx(const policy_view& policy) noexcept {
    const auto is_long = [](std::string_view text) { return text.size() > mx_key::longest_text; };
    return std::ranges::any_of(policy.mx_host, is_long) ||
           std::ranges::any_of(policy.policy_string, [&](std::string_view line) {
             return is_long(line) && read_sts_line(line).key == sts_key::mx;
           });
  }

  /// B-115.
  void mx_hosts(const policy_view& policy, const element_set<mx_line_key>& written,
                const element_set<mx_host_key>& listed) {
    const std::size_t added = listed.first_missing_in(written);
    const std::size_t dropped = written.first_missing_in(listed);
    if (added != policy.mx_host.size())
      report(errc::mx_host_differs_from_policy, place_in(policy, field::mx_host, added),
             policy.mx_host[added]);
    else if (dropped != policy.policy_string.size())
      report(errc::mx_host_differs_from_policy, place_in(policy, field::policy_string, dropped),
             policy.policy_string[dropped]);
  }

  /// B-116. A policy that could not be fetched has nothing to do with the mail host.
  template <class Key>
  void mx_names(const policy_view& policy, const element_set<Key>& patterns) {
    for (const failure_details_view& failure : policy.failure_details) {
      const std::string_view host = failure.receiving_mx_hostname;
      if (!present(host) || group_of(failure.result_type.value) == result_group::sts) continue;
      if (!matches_any(host, patterns))
        report(errc::mx_outside_policy, place_in(policy, failure, field::receiving_mx_hostname),
               host);
    }
  }

  /// matches_mx_pattern() with all patterns at once.
  template <class Key>
  static bool matches_any(std::string_view host, const element_set<Key>& patterns) {
    if (patterns.contains(mx_key{false, host})) return true;
    const std::size_t dot = host.find('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    return patterns.contains(mx_key{true, host.substr(dot + 1)});
  }

  void tlsa_policy(const policy_view& policy) {
    const auto has_no_records = [](const failure_details_view& failure) {
      return !failure.result_type.known() ||
             failure.result_type.value == result_type::dnssec_invalid ||
             failure.result_type.value == result_type::dane_required;
    };
    if (lacks_text(policy) && std::ranges::none_of(policy.failure_details, has_no_records))
      report(errc::policy_string_missing, place_in(policy, field::policy_string));

    const auto is_dane_ee = [](const tlsa_record_view& record) {
      return record.readable() && record.usage == tlsa_usage::dane_ee;
    };
    if (policy.policy_string.empty() ||
        !std::ranges::all_of(tlsa_rrset_view(policy.policy_string).records(), is_dane_ee))
      return;
    for (const failure_details_view& failure : policy.failure_details) {
      const token<result_type>& type = failure.result_type;
      if (type.value == result_type::certificate_expired ||
          type.value == result_type::certificate_host_mismatch)
        report(errc::dane_ee_certificate_check, place_in(policy, failure, field::result_type),
               type.text);
    }
  }

  static bool lacks_text(const policy_view& policy) noexcept {
    return policy.policy_string.empty() && !present(policy.policy_string_text);
  }

  /// B-110.
  void equal_failures(const policy_view& policy) {
    const auto failures = policy.failure_details;
    if (failures.size() < 2 || !has_room(failures.size(), place_in(policy, field::failure_details)))
      return;
    const std::span<std::uint64_t> entries = scratch_.first(failures.size());
    for (std::size_t j = 0; j < entries.size(); ++j)
      entries[j] = entry(failure_hash(failures[j]), j);
    const auto order = [&](std::size_t a, std::size_t b) {
      return compare_failures(failures[a], failures[b]);
    };
    sort_entries(entries, order);
    for (std::uint64_t later : keep_repeated(entries, order)) {
      const failure_details_view& failure = failures[index_of(later)];
      report(errc::equal_failure_details, place_in(policy, failure), failure.result_type.text);
    }
  }

  /// Whether nothing is said about the policy, so that it may be any.
  static bool is_unknown(const policy_view& policy) noexcept {
    return !present(policy.policy_type.text) && !present(policy.policy_domain) &&
           policy.policy_string.empty() && policy.mx_host.empty();
  }

  /// B-111 and B-123.
  void policies_together() {
    const auto policies = report_.policies;
    if (policies.size() < 2 ||
        !has_room(policies.size() + 2 * longest_list(report_), {.member = field::policies}))
      return;
    const std::span<std::uint64_t> entries = scratch_.first(policies.size());
    const std::span<std::uint64_t> rest = scratch_.subspan(policies.size());

    const auto same_policy = [&](std::size_t a, std::size_t b) {
      return compare_policies(policies[a], policies[b], rest);
    };
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = entry(policy_hash(policies[i], rest), i);
    sort_entries(entries, same_policy);
    for (std::uint64_t later : keep_repeated(entries, same_policy)) {
      const policy_view& policy = policies[index_of(later)];
      if (is_unknown(policy)) continue;
      report(errc::equal_policies, place_in(policy, field::policy), policy.policy_domain);
    }

    const auto same_domain = [&](std::size_t a, std::size_t b) {
      return host_order(policies[a].policy_domain, policies[b].policy_domain);
    };
    for (std::size_t i = 0; i < entries.size(); ++i) {
      part_hash hash;
      hash.add_host(policies[i].policy_domain);
      entries[i] = entry(hash.value(), i);
    }
    sort_entries(entries, same_domain);
    std::size_t kept = 0;
    for_each_group(entries, same_domain, [&](std::size_t first, std::size_t last) {
      for (std::size_t k = first + 1; k < last; ++k) {
        if (!may_share_sessions(policies[index_of(entries[first])], policies[index_of(entries[k])]))
          continue;
        entries[kept++] = index_of(entries[k]);
        return;
      }
    });
    std::sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(kept));
    for (std::uint64_t other : entries.first(kept)) {
      const policy_view& policy = policies[index_of(other)];
      report(errc::overlapping_totals, place_in(policy, field::policy_domain),
             policy.policy_domain);
    }
  }

  /// The indices of those of sorted `entries` that equal an earlier one, in order; they take the
  /// place of the entries.
  template <class Order>
  static std::span<const std::uint64_t> keep_repeated(std::span<std::uint64_t> entries,
                                                      Order order) {
    std::size_t kept = 0;
    for_each_group(entries, order, [&](std::size_t first, std::size_t last) {
      for (std::size_t k = first + 1; k < last; ++k) entries[kept++] = index_of(entries[k]);
    });
    std::sort(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(kept));
    return entries.first(kept);
  }

  const report_view& report_;
  Sink& sink_;
  const consistency_options& options_;
  std::span<std::uint64_t> scratch_;
};

}  // namespace detail

constexpr std::size_t scratch_size(const report_view& report) noexcept {
  std::size_t entries = report.policies.size() + 2 * detail::longest_list(report);
  for (const policy_view& policy : report.policies)
    entries = std::max({entries, policy.failure_details.size(),
                        policy.policy_string.size() + policy.mx_host.size()});
  return entries * sizeof(std::uint64_t) + alignof(std::uint64_t) - 1;
}

template <diagnostic_sink Sink>
void find_inconsistencies(
    const report_view& report, Sink&& sink,
    const consistency_options& options) noexcept(detail::is_nothrow_sink<Sink>) {
  std::array<std::uint64_t, 1024> own;
  const std::span<std::uint64_t> given = detail::entries_in(options.scratch);
  detail::inconsistency_finder(report, sink, options,
                               given.size() > own.size() ? given : std::span(own))
      .run();
}

constexpr std::weak_ordering compare_failures(const failure_details_view& a,
                                              const failure_details_view& b) noexcept {
  std::weak_ordering order = std::weak_ordering::equivalent;
  schema::for_each(schema::failure_details, [&](const auto& member) {
    if (order == 0) order = detail::value_order(member.id, member.of(a), member.of(b));
  });
  return order;
}

constexpr bool may_share_sessions(const policy_head_view& a, const policy_head_view& b) noexcept {
  return present(a.policy_domain) && present(b.policy_domain) &&
         same_host(a.policy_domain, b.policy_domain) &&
         detail::token_order(a.policy_type, b.policy_type) != 0;
}

}  // namespace tlsrpt

#endif
