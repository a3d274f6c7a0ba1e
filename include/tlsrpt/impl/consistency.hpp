/// @file
/// Bodies of check.hpp.

#ifndef TLSRPT_HPP_IMPL_CONSISTENCY
#define TLSRPT_HPP_IMPL_CONSISTENCY

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>

#include <tlsrpt/detail/consistency/keys.hpp>
#include <tlsrpt/detail/consistency/comparing.hpp>
#include <tlsrpt/detail/consistency/element_set.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/policy_text.hpp>

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

/// One call of check().
template <class Sink>
class report_checker {
 public:
  report_checker(const report_view& report, Sink& sink, const check_options& options,
                 std::span<std::uint64_t> room)
      : report_(report), sink_(sink), options_(options), room_(room) {}

  void run() {
    period();
    for (std::uint32_t i = 0; i < report_.policies.size(); ++i) policy(i);
    policies_together();
  }

 private:
  void tell(errc code, location where, std::string_view subject = {}) {
    const char* const begin = options_.text.data();
    const char* const end = begin + options_.text.size();
    const std::less<const char*> before;
    if (!subject.empty() && !before(subject.data(), begin) && before(subject.data(), end))
      where.offset = static_cast<std::size_t>(subject.data() - begin);
    sink_(diagnostic{code, where, subject});
  }

  /// Whether there is room for `entries`; tells when there is not.
  bool has_room(std::size_t entries, location where) {
    if (entries <= room_.size()) return true;
    tell(errc::comparison_left_out, where);
    return false;
  }

  void period() {
    constexpr std::int64_t day = 86400;
    const timestamp& start = report_.date_range.start_datetime;
    const timestamp& end = report_.date_range.end_datetime;
    const location at_start{.member = field::start_datetime}, at_end{.member = field::end_datetime};
    if (start.known && end.known) {
      if (start.seconds > end.seconds)
        tell(errc::period_reversed, at_end, end.text);
      else if (!is_within(end.seconds, start.seconds, day) ||
               is_within(end.seconds, start.seconds, day - 2))
        tell(errc::period_not_a_day, at_end, end.text);
    }
    if (start.known && start.seconds % day != 0)
      tell(errc::period_not_from_midnight, at_start, start.text);
    const timestamp& latest = end.known ? end : start;
    if (!latest.known || !options_.now) return;
    const location at_latest = end.known ? at_end : at_start;
    if (!is_within(latest.seconds, *options_.now, options_.clock_skew))
      tell(errc::period_in_future, at_latest, latest.text);
    if (options_.retention && !is_within(*options_.now, latest.seconds, *options_.retention))
      tell(errc::period_beyond_retention, at_latest, latest.text);
  }

  /// Whether `a` is at most `seconds` later than `b`. Whatever the numbers are, nothing overflows.
  static constexpr bool is_within(std::int64_t a, std::int64_t b, std::int64_t seconds) noexcept {
    if (a <= b) return true;
    const std::uint64_t later = static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
    return seconds > 0 && later <= static_cast<std::uint64_t>(seconds);
  }

  void policy(std::uint32_t i) {
    const policy_view& policy = report_.policies[i];
    const failure_sums sums(policy.failure_details);
    totals(i, policy, sums);
    switch (policy.policy_type.value) {
      case policy_type::sts:
        sts_policy(i, policy, sums);
        break;
      case policy_type::tlsa:
        tlsa_policy(i, policy);
        break;
      case policy_type::no_policy_found:
        if (!policy.policy_string.empty())
          tell(errc::policy_string_without_policy,
               {.policy = i, .element = 0, .member = field::policy_string},
               policy.policy_string.front());
        break;
      case policy_type::unknown:
        break;
    }
    const bool takes_mx_host = policy.policy_type.value == policy_type::sts ||
                               policy.policy_type.value == policy_type::unknown;
    if (!takes_mx_host && !policy.mx_host.empty())
      tell(errc::mx_host_without_sts, {.policy = i, .element = 0, .member = field::mx_host},
           policy.mx_host.front());
    for (std::uint32_t j = 0; j < policy.failure_details.size(); ++j) failure(i, j);
    equal_failures(i, policy);
  }

  /// B-103 to B-109, but for what concerns one failure detail.
  void totals(std::uint32_t i, const policy_view& policy, const failure_sums& sums) {
    const session_count successful = policy.total_successful_session_count;
    const session_count failed = policy.total_failure_session_count;
    if (!failed.known()) return;
    const location at_failed{.policy = i, .member = field::total_failure_session_count};
    if (failed.value() == 0) {
      if (sums.sum > 0)
        tell(errc::failures_despite_zero_total, at_failed);
      else if (sums.all_known && successful == session_count(0))
        tell(errc::no_sessions, {.policy = i, .member = field::summary});
    } else if (policy.failure_details.empty()) {
      tell(errc::failures_without_details, {.policy = i, .member = field::failure_details});
    } else if (sums.all_known && sums.sum < failed.value()) {
      tell(errc::details_below_total, at_failed);
    } else if (sums.sum > failed.value() && sums.largest <= failed.value()) {
      tell(errc::details_above_total, at_failed);
    }
  }

  /// What concerns one failure detail and not the text of the policy.
  void failure(std::uint32_t i, std::uint32_t j) {
    const policy_view& policy = report_.policies[i];
    const failure_details_view& failure = policy.failure_details[j];
    const auto tell_of = [&](errc code, field member, std::string_view subject = {}) {
      tell(code, {.policy = i, .failure = j, .member = member}, subject);
    };
    const session_count count = failure.failed_session_count;
    const session_count total = policy.total_failure_session_count;
    if (count == session_count(0)) tell_of(errc::failed_count_zero, field::failed_session_count);
    if (total.value() > 0 && count.value() > total.value())
      tell_of(errc::failed_count_above_total, field::failed_session_count);

    const result_type type = failure.result_type.value;
    const policy_type applied = policy.policy_type.value;
    const result_group group = group_of(type);
    if ((applied == policy_type::tlsa && group == result_group::sts) ||
        (applied == policy_type::sts && group == result_group::dane))
      tell_of(errc::result_type_of_other_policy, field::result_type, failure.result_type.text);

    if ((type == result_type::sts_policy_fetch_error || type == result_type::sts_webpki_invalid) &&
        present(failure.receiving_ip.text))
      tell_of(errc::receiving_ip_of_fetch_failure, field::receiving_ip, failure.receiving_ip.text);

    if (const auto sender = failure.sending_mta_ip.address()) {
      if (sender->is_documentation())
        tell_of(errc::documentation_sending_address, field::sending_mta_ip,
                failure.sending_mta_ip.text);
      else if (sender->is_private() || sender->is_loopback() || sender->is_link_local())
        tell_of(errc::internal_sending_address, field::sending_mta_ip, failure.sending_mta_ip.text);
    }
  }

  void sts_policy(std::uint32_t i, const policy_view& policy, const failure_sums& sums) {
    const auto is_sts_failure = [](const failure_details_view& failure) {
      return !failure.result_type.known() ||
             group_of(failure.result_type.value) == result_group::sts;
    };
    if (lacks_text(policy) && std::ranges::none_of(policy.failure_details, is_sts_failure))
      tell(errc::policy_string_missing, {.policy = i, .member = field::policy_string});

    const sts_policy_view text = *parse_sts_policy(policy.policy_string);
    if (text.mode().text == name(sts_mode::none) &&
        (policy.total_failure_session_count.value() > 0 || sums.sum > 0))
      tell(errc::failures_under_mode_none, {.policy = i, .member = field::policy_string},
           text.mode().text);

    // The sets below take each element for a line.
    if (std::ranges::any_of(policy.policy_string, holds_several_lines)) return;
    if (holds_long_mx(policy)) {
      tell(errc::comparison_left_out, {.policy = i, .member = field::mx_host});
      return;
    }
    const std::size_t lines = policy.policy_string.size(), hosts = policy.mx_host.size();
    if (!has_room(lines + hosts, {.policy = i, .member = field::mx_host})) return;
    const element_set<mx_line_key> written(policy.policy_string, room_);
    const element_set<mx_host_key> listed(policy.mx_host, room_.subspan(lines));
    if (lines != 0 && hosts != 0) mx_hosts(i, policy, written, listed);
    // The policy's own text is what counts; mx-host stands in for it where there is none.
    if (!written.empty())
      mx_names(i, policy, written);
    else if (!listed.empty())
      mx_names(i, policy, listed);
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
  void mx_hosts(std::uint32_t i, const policy_view& policy, const element_set<mx_line_key>& written,
                const element_set<mx_host_key>& listed) {
    const std::size_t added = listed.first_missing_in(written);
    const std::size_t dropped = written.first_missing_in(listed);
    if (added != policy.mx_host.size())
      tell(errc::mx_host_differs_from_policy,
           {.policy = i, .element = static_cast<std::uint32_t>(added), .member = field::mx_host},
           policy.mx_host[added]);
    else if (dropped != policy.policy_string.size())
      tell(errc::mx_host_differs_from_policy,
           {.policy = i,
            .element = static_cast<std::uint32_t>(dropped),
            .member = field::policy_string},
           policy.policy_string[dropped]);
  }

  /// B-116. A policy that could not be fetched has nothing to do with the mail host.
  template <class Key>
  void mx_names(std::uint32_t i, const policy_view& policy, const element_set<Key>& patterns) {
    for (std::uint32_t j = 0; j < policy.failure_details.size(); ++j) {
      const failure_details_view& failure = policy.failure_details[j];
      const std::string_view host = failure.receiving_mx_hostname;
      if (!present(host) || group_of(failure.result_type.value) == result_group::sts) continue;
      if (!matches_any(host, patterns))
        tell(errc::mx_outside_policy,
             {.policy = i, .failure = j, .member = field::receiving_mx_hostname}, host);
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

  void tlsa_policy(std::uint32_t i, const policy_view& policy) {
    const auto has_no_records = [](const failure_details_view& failure) {
      return !failure.result_type.known() ||
             failure.result_type.value == result_type::dnssec_invalid ||
             failure.result_type.value == result_type::dane_required;
    };
    if (lacks_text(policy) && std::ranges::none_of(policy.failure_details, has_no_records))
      tell(errc::policy_string_missing, {.policy = i, .member = field::policy_string});

    const auto is_dane_ee = [](const tlsa_record_view& record) {
      return record.readable() && record.usage == tlsa_usage::dane_ee;
    };
    if (policy.policy_string.empty() ||
        !std::ranges::all_of(tlsa_rrset_view(policy.policy_string).records(), is_dane_ee))
      return;
    for (std::uint32_t j = 0; j < policy.failure_details.size(); ++j) {
      const token<result_type>& type = policy.failure_details[j].result_type;
      if (type.value == result_type::certificate_expired ||
          type.value == result_type::certificate_host_mismatch)
        tell(errc::dane_ee_certificate_check,
             {.policy = i, .failure = j, .member = field::result_type}, type.text);
    }
  }

  static bool lacks_text(const policy_view& policy) noexcept {
    return policy.policy_string.empty() && !present(policy.policy_string_text);
  }

  /// B-110.
  void equal_failures(std::uint32_t i, const policy_view& policy) {
    const auto failures = policy.failure_details;
    if (failures.size() < 2 ||
        !has_room(failures.size(), {.policy = i, .member = field::failure_details}))
      return;
    const std::span<std::uint64_t> entries = room_.first(failures.size());
    for (std::size_t j = 0; j < entries.size(); ++j) entries[j] = entry(kind_hash(failures[j]), j);
    const auto order = [&](std::size_t a, std::size_t b) {
      return kind_order(failures[a], failures[b]);
    };
    sort_entries(entries, order);
    for (std::uint64_t later : keep_repeated(entries, order)) {
      const std::uint32_t j = index_of(later);
      tell(errc::equal_failure_details, {.policy = i, .failure = j}, failures[j].result_type.text);
    }
  }

  /// B-111 and B-123.
  void policies_together() {
    const auto policies = report_.policies;
    if (policies.size() < 2 ||
        !has_room(policies.size() + 2 * longest_list(report_), {.member = field::policies}))
      return;
    const std::span<std::uint64_t> entries = room_.first(policies.size());
    const std::span<std::uint64_t> rest = room_.subspan(policies.size());

    const auto same_policy = [&](std::size_t a, std::size_t b) {
      return policy_order(policies[a], policies[b], rest);
    };
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = entry(policy_hash(policies[i], rest), i);
    sort_entries(entries, same_policy);
    for (std::uint64_t later : keep_repeated(entries, same_policy)) {
      const std::uint32_t i = index_of(later);
      tell(errc::equal_policies, {.policy = i, .member = field::policy}, policies[i].policy_domain);
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
      const std::uint32_t i = index_of(other);
      tell(errc::overlapping_totals, {.policy = i, .member = field::policy_domain},
           policies[i].policy_domain);
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
  const check_options& options_;
  std::span<std::uint64_t> room_;
};

}  // namespace detail

constexpr std::size_t check_room(const report_view& report) noexcept {
  std::size_t most = report.policies.size() + 2 * detail::longest_list(report);
  for (const policy_view& policy : report.policies)
    most = std::max(
        {most, policy.failure_details.size(), policy.policy_string.size() + policy.mx_host.size()});
  return most;
}

template <diagnostic_sink Sink>
void check(const report_view& report, Sink&& sink,
           const check_options& options) noexcept(detail::is_nothrow_sink<Sink>) {
  std::array<std::uint64_t, 1024> own;
  const std::span<std::uint64_t> room = options.room.size() > own.size() ? options.room : own;
  detail::report_checker(report, sink, options, room).run();
}

constexpr std::weak_ordering kind_order(const failure_details_view& a,
                                        const failure_details_view& b) noexcept {
  if (const auto o = detail::token_order(a.result_type, b.result_type); o != 0) return o;
  if (const auto o = detail::host_order(a.receiving_mx_hostname, b.receiving_mx_hostname); o != 0)
    return o;
  if (const auto o = detail::ip_order(a.sending_mta_ip, b.sending_mta_ip); o != 0) return o;
  if (const auto o = detail::ip_order(a.receiving_ip, b.receiving_ip); o != 0) return o;
  if (const auto o = a.failure_reason_code <=> b.failure_reason_code; o != 0) return o;
  if (const auto o = a.receiving_mx_helo <=> b.receiving_mx_helo; o != 0) return o;
  return a.additional_information <=> b.additional_information;
}

constexpr bool may_share_sessions(const policy_head_view& a, const policy_head_view& b) noexcept {
  return present(a.policy_domain) && present(b.policy_domain) &&
         same_host(a.policy_domain, b.policy_domain) &&
         detail::token_order(a.policy_type, b.policy_type) != 0;
}

}  // namespace tlsrpt

#endif
