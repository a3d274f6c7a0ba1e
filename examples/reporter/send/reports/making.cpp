#include "making.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string_view>

#include <tlsrpt/error.hpp>
#include <tlsrpt/record.hpp>

#include "../work.hpp"
#include "hosts.hpp"

namespace reporter {

namespace {

/// Makes the reports about one domain.
void make_domain(const options& options, state& state, const tlsrpt::tally& tally,
                 const std::string& domain, resolver& resolver) {
  const record_answer record = look_up(resolver, tally, domain);
  const std::int64_t now = options.time();
  const report_style style{{options.organization, options.contact}, options.most_octets, now};
  std::vector<made_report> reports;
  if (record.fault.empty()) reports = make_reports(tally, domain, style, record.destinations);
  state.add(tally.day(), domain, reports, record.destinations, now, options.now.has_value());
  if (!record.fault.empty()) say(tally.day(), domain + ": no report: " + record.fault);
  for (const destination& to : record.destinations)
    if (!to.fault.empty())
      say(tally.day(), domain + " to " + to.address + ": given up: " + to.fault);
}

/// Makes the reports of a day, but for domains that have theirs.
bool make_day(const options& options, state& state, const day_journals& journals) {
  tlsrpt::tally tally = read_day(journals);
  const bool is_looked_up = !options.has_host_reports || count_for_hosts(tally, options.lookup());
  std::atomic<std::size_t> next = 0;
  const bool is_made = work(tally.domain_count(), options.lookup(), [&](resolver& resolver) {
    const std::size_t i = next++;
    if (i >= tally.domain_count()) return false;
    const std::string domain(tally.domain(i).name);
    if (!state.is_made(tally.day(), domain)) make_domain(options, state, tally, domain, resolver);
    return true;
  });
  const bool is_good = is_looked_up && is_made;
  if (is_good && !is_stopped()) state.note_made(journals.day, journals.octets);
  return is_good;
}

}  // namespace

record_answer look_up(resolver& resolver, const tlsrpt::tally& tally, const std::string& domain) {
  record_answer answer;
  std::string name;
  if (const auto named = tlsrpt::query_name(name, domain); !named) {
    answer.fault = message(named.error().code);
    return answer;
  }
  const auto read = [&answer](std::span<const std::string_view> records) {
    const auto record = tlsrpt::select_record(records);
    if (record)
      answer.destinations = read_destinations(*record);
    else
      answer.fault = message(record.error().code);
    return record.has_value();
  };
  const txt_answer found = resolver.txt(name);
  if (found.end != lookup_end::failed) {
    const std::vector<std::string_view> records(found.records.begin(), found.records.end());
    read(records);
    return answer;
  }
  bool is_read = false;
  answer.fault = "the DNS has no answer, and no session had a record";
  tally.for_each_record(
      domain, [&](std::string_view record) { is_read = is_read || read(std::span(&record, 1)); });
  if (is_read) answer.fault.clear();
  return answer;
}

bool make_days(const options& options, state& state) {
  const std::int64_t now = options.time();
  bool is_there = false, is_good = true;
  std::size_t too_old = 0;
  for (const day_journals& journals : find_days(options.folder)) {
    if (options.day && journals.day != *options.day) continue;
    is_there = true;
    if (!is_sealed(journals.day, now)) {
      if (options.day) throw std::runtime_error("the day is not over");
    } else if (const auto read = state.read_octets(journals.day)) {
      if (*read != journals.octets)
        say(journals.day, "its journal has changed since the reports were made");
    } else if (!options.day && tlsrpt::day_of(now) - journals.day > days_kept) {
      ++too_old;
    } else if (!is_stopped()) {
      is_good = make_day(options, state, journals) && is_good;
    }
  }
  if (options.day && !is_there) throw std::runtime_error("there is no journal of the day");
  if (too_old != 0)
    say(std::to_string(too_old) + " days are too long ago for reports, and have none: send them " +
        "with --day all the same, or delete their journals");
  return is_good;
}

void delete_old_days(const options& options, state& state) {
  for (const tlsrpt::day day : state.expire(options.time()))
    for (const day_journals& journals : find_days(options.folder))
      if (journals.day == day)
        for (const std::string& path : journals.paths) std::filesystem::remove(path);
}

}  // namespace reporter
