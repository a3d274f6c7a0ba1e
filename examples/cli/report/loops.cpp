#include "loops.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>

#include "../output/terminal.hpp"

namespace cli {

namespace {

/// The domains of the first addresses in a To field.
std::vector<std::string_view> domains_of(std::string_view addresses) {
  constexpr std::string_view ends = " \t,;>()\"@";
  constexpr std::size_t most_domains = 16, longest_domain = 254;  // with a dot at its end
  std::vector<std::string_view> domains;
  for (std::size_t at = addresses.find('@'); at != addresses.npos && domains.size() < most_domains;
       at = addresses.find('@')) {
    addresses.remove_prefix(at + 1);
    const std::size_t size = std::min(addresses.find_first_of(ends), addresses.size());
    if (size != 0 && size <= longest_domain) domains.push_back(addresses.substr(0, size));
    addresses.remove_prefix(size);
  }
  return domains;
}

bool has_one_session(const tlsrpt::policy_view& policy) {
  const tlsrpt::session_count ok = policy.total_successful_session_count;
  const tlsrpt::session_count failed = policy.total_failure_session_count;
  return ok.known() && failed.known() && tlsrpt::saturating_sum(ok.value(), failed.value()) == 1;
}

}  // namespace

void report_loops::add(const entry& shown, const shown_report& report) {
  const tlsrpt::timestamp& start = report.report.date_range.start_datetime;
  if (!shown.mail || !start.known) return;
  const std::string to = shown.mail->header.to().value_or("");
  const std::vector<std::string_view> sent_to = domains_of(to);
  for (const tlsrpt::policy_view& policy : report.report.policies) {
    const std::string_view domain = report.domain_of(policy).name;
    const auto is_here = [domain](std::string_view host) {
      return tlsrpt::same_host(host, domain);
    };
    if (std::ranges::none_of(sent_to, is_here)) continue;
    const std::string reporter(report.report.organization_name);
    days& told = series_[{reporter, std::string(tlsrpt::canonical_host(domain))}];
    // Policies of several kinds may be about the same session.
    bool& is_one = told.try_emplace(tlsrpt::day_of(start.seconds), true).first->second;
    is_one = is_one && has_one_session(policy);
  }
}

std::vector<std::string> report_loops::sentences() const {
  constexpr std::int32_t least_days = 3;
  std::vector<std::string> made;
  for (const auto& [names, told] : series_) {
    // Loops begin with another mail, but do not end.
    const tlsrpt::day last = told.rbegin()->first;
    tlsrpt::day first = last + 1;
    for (auto each = told.rbegin(); each != told.rend() && each->second && each->first == first - 1;
         ++each)
      first = each->first;
    const std::int32_t count = last - first + 1;
    if (count < least_days) continue;
    made.push_back(printable(names.first, 253) + " reports one session with " +
                   printable(names.second, 253) + " on each of " + std::to_string(count) +
                   " days, " + std::string(to_text(first)) + " to " + std::string(to_text(last)) +
                   ", and its reports go to an address there: each session may be the report of "
                   "the day before. An address at a domain without a TLSRPT record ends that.");
  }
  return made;
}

}  // namespace cli
