/// Fuzz target: inconsistencies of any report that can be read, with times, options and memory that
/// nobody expects.

#include <tlsrpt/consistency.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <tlsrpt/report.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::consistency_options;
using tlsrpt::diagnostic;
using tlsrpt::errc;
using tlsrpt::location;
using tlsrpt::report_view;

std::vector<diagnostic> findings(const report_view& report, const consistency_options& options) {
  std::vector<diagnostic> all;
  tlsrpt::find_inconsistencies(
      report, [&](const diagnostic& d) { all.push_back(d); }, options);
  return all;
}

/// Memory on the heap, to the octet, that begins at any address.
class any_memory {
 public:
  any_memory(std::size_t size, std::size_t shift)
      : octets_(std::make_unique<std::byte[]>(shift + size)), span_(octets_.get() + shift, size) {}
  std::span<std::byte> span() const { return span_; }

 private:
  std::unique_ptr<std::byte[]> octets_;
  std::span<std::byte> span_;
};

std::int64_t any_time(fuzz::numbers& random, std::int64_t usual) {
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  const std::int64_t times[] = {
      first, first + 1, last, last - 1, -1, 0, 1, usual, static_cast<std::int64_t>(random.next())};
  return times[random.below(std::size(times))];
}

/// Whether `a` is more than `seconds` later than `b`, and later at all.
bool is_beyond(std::int64_t a, std::int64_t b, std::int64_t seconds) {
  std::int64_t later = 0;
  if (__builtin_sub_overflow(a, b, &later)) return a > b;
  return later > 0 && later > seconds;
}

bool has(const std::vector<diagnostic>& found, errc code) {
  return std::ranges::find(found, code, &diagnostic::code) != found.end();
}

void check_period(const report_view& report, const consistency_options& options,
                  const std::vector<diagnostic>& found) {
  const tlsrpt::timestamp &start = report.date_range.start_datetime,
                          &end = report.date_range.end_datetime;
  const tlsrpt::timestamp& latest = end.known ? end : start;
  const bool has_clock = latest.known && options.now;
  HOLDS(has(found, errc::period_reversed) ==
        (start.known && end.known && start.seconds > end.seconds));
  HOLDS(has(found, errc::period_in_future) ==
        (has_clock && is_beyond(latest.seconds, *options.now, options.clock_skew)));
  HOLDS(has(found, errc::period_beyond_retention) ==
        (has_clock && options.retention &&
         is_beyond(*options.now, latest.seconds, *options.retention)));
}

/// Findings lead to an element of the report and of the text.
void check_places(const report_view& report, std::string_view text,
                  const std::vector<diagnostic>& found) {
  for (const diagnostic& d : found) {
    HOLDS(d.code != errc::ok && grade_of(d.code) <= tlsrpt::grade::warning);
    fuzz::touch(d.subject);
    HOLDS(d.where.in == tlsrpt::source::json);
    if (d.where.policy == location::npos) {
      HOLDS(d.where.offset == 0);
      continue;
    }
    const auto policy =
        std::ranges::find(report.policies, d.where.policy, &tlsrpt::policy_view::index);
    HOLDS(policy != report.policies.end());
    std::size_t offset = policy->offset;
    if (d.where.failure != location::npos) {
      const auto failure = std::ranges::find(policy->failure_details, d.where.failure,
                                             &tlsrpt::failure_details_view::index);
      HOLDS(failure != policy->failure_details.end());
      offset = failure->offset;
    }
    HOLDS(d.where.offset == offset && text.at(offset) == '{');
  }
}

/// Which of `elements` equal an earlier one, found without hashes and sorting.
template <class Elements, class Compare>
std::size_t count_repeated(const Elements& elements, Compare compare) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < elements.size(); ++i)
    count += std::any_of(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](const auto& earlier) { return compare(earlier, elements[i]) == 0; });
  return count;
}

void check_equals(const report_view& report, const std::vector<diagnostic>& found) {
  std::size_t failures = 0;
  for (const tlsrpt::policy_view& policy : report.policies) {
    failures += count_repeated(policy.failure_details, tlsrpt::compare_failures);
    for (const tlsrpt::failure_details_view& a :
         policy.failure_details.first(std::min<std::size_t>(policy.failure_details.size(), 4)))
      for (const tlsrpt::failure_details_view& b : policy.failure_details) {
        const auto order = compare_failures(a, b), reversed = compare_failures(b, a);
        HOLDS((order < 0) == (reversed > 0) && (order == 0) == (reversed == 0));
        if (order == 0) HOLDS(tlsrpt::detail::failure_hash(a) == tlsrpt::detail::failure_hash(b));
      }
  }
  std::vector<std::uint64_t> entries(2 * tlsrpt::detail::longest_list(report));
  // Policies that say nothing of themselves may be any, and are not compared.
  std::vector<tlsrpt::policy_view> named;
  for (const tlsrpt::policy_view& policy : report.policies)
    if (tlsrpt::present(policy.policy_type.text) || tlsrpt::present(policy.policy_domain) ||
        !policy.policy_string.empty() || !policy.mx_host.empty())
      named.push_back(policy);
  const std::size_t policies = count_repeated(named, [&](const auto& a, const auto& b) {
    const auto order = tlsrpt::detail::compare_policies(a, b, entries);
    HOLDS((order < 0) == (tlsrpt::detail::compare_policies(b, a, entries) > 0));
    return order;
  });
  HOLDS(std::ranges::count(found, errc::equal_failure_details, &diagnostic::code) ==
        static_cast<std::ptrdiff_t>(failures));
  HOLDS(std::ranges::count(found, errc::equal_policies, &diagnostic::code) ==
        static_cast<std::ptrdiff_t>(policies));
}

bool needs_memory(const diagnostic& d) {
  return d.code == errc::comparison_left_out || d.code == errc::equal_failure_details ||
         d.code == errc::equal_policies || d.code == errc::overlapping_totals ||
         d.code == errc::mx_host_differs_from_policy || d.code == errc::mx_outside_policy;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tlsrpt::report_parser<> parser;
  const auto parsed = parser.parse(text);
  if (!parsed) return 0;
  report_view report = *parsed;
  fuzz::numbers random(text);
  for (tlsrpt::timestamp* time :
       {&report.date_range.start_datetime, &report.date_range.end_datetime})
    if (random.once_in(2)) {
      time->seconds = any_time(random, time->seconds);
      time->known = !random.once_in(8);
    }
  consistency_options options;
  if (!random.once_in(4)) options.now = any_time(random, report.date_range.end_datetime.seconds);
  if (!random.once_in(4)) options.retention = any_time(random, 86'400);
  options.clock_skew = any_time(random, 3600);

  const any_memory enough(tlsrpt::scratch_size(report), random.below(8));
  options.scratch = enough.span();
  const std::vector<diagnostic> found = findings(report, options);
  check_period(report, options, found);
  check_places(report, parser.text(), found);
  check_equals(report, found);
  HOLDS(findings(report, options) == found);

  // Less memory only takes comparisons away.
  const any_memory less(random.below(enough.span().size() + 1), random.below(8));
  options.scratch = less.span();
  std::vector<diagnostic> rest = findings(report, options), all = found;
  if (!has(rest, errc::comparison_left_out)) HOLDS(rest == all);
  std::erase_if(rest, needs_memory);
  std::erase_if(all, needs_memory);
  HOLDS(rest == all);
  return 0;
}
