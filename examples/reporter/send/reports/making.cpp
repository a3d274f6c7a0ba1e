#include "making.hpp"

#include <atomic>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>

#include <tlsrpt/endpoint.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/timestamp.hpp>

#include "../work.hpp"
#include "hosts.hpp"

namespace reporter {

namespace {

/// Makes the reports about one domain. Does nothing, and returns false, when the DNS has no answer
/// and `may_wait`.
bool make_domain(const options& options, state& state, const tlsrpt::tally& tally,
                 const std::string& domain, resolver& resolver, bool may_wait) {
  record_answer record = look_up(resolver, tally, domain);
  if (record.is_unanswered && may_wait) return false;
  const std::vector<made_report> reports = make_reports(options, tally, domain, record);
  state.add(tally.day(), domain, reports, record.destinations, options.time(),
            options.now.has_value());
  if (!record.fault.empty()) say(tally.day(), domain + ": no report: " + record.fault);
  for (const destination& to : record.destinations)
    if (!to.fault.empty())
      say(tally.day(), domain + " to " + to.address + ": given up: " + to.fault);
  return true;
}

/// Makes the reports of a day, but for domains that have theirs. Those that the DNS has no answer
/// about wait for later runs, as deliveries do, and get none after the last one.
class day_maker {
 public:
  day_maker(const options& options, state& state, const day_journals& journals)
      : options_(options),
        state_(state),
        journals_(journals),
        lookups_(state.lookups(journals.day)),
        tally_(read_day(journals)) {
    const std::int64_t now = options.time();
    if (lookups_.made == 0) lookups_.first = now;
    again_ = tlsrpt::next_attempt(lookups_.first, 0, ++lookups_.made, now, 0);
  }

  bool make() {
    // Anybody's domain may name a mail host, which does not wait all day for that domain.
    constexpr unsigned tries_for_domains = 3;
    const auto has_report = [this](const std::string& host) {
      return state_.is_made(journals_.day, host);
    };
    if (options_.has_host_reports &&
        !count_for_hosts(tally_, options_.lookup(), again_ && lookups_.made <= tries_for_domains,
                         has_report, unanswered_))
      return false;
    // A host may be a recipient domain, too, and gets one report about both.
    const waiting_names hosts = unanswered_;
    std::atomic<std::size_t> next = 0;
    const bool is_good = work(tally_.domain_count(), options_.lookup(), [&](resolver& resolver) {
      const std::size_t i = next++;
      if (i >= tally_.domain_count()) return false;
      const std::string domain(tally_.domain(i).name);
      if (again_ && hosts.contains(domain)) return true;
      if (!state_.is_made(journals_.day, domain)) make_one(domain, resolver);
      return true;
    });
    if (is_good && !is_stopped()) finish();
    return is_good;
  }

 private:
  void make_one(const std::string& domain, resolver& resolver) {
    if (make_domain(options_, state_, tally_, domain, resolver, again_.has_value())) return;
    const std::lock_guard lock(mutex_);
    unanswered_.emplace(domain, domain);
  }

  void finish() {
    std::erase_if(unanswered_, [this](const auto& waiting) {
      return state_.is_made(journals_.day, waiting.first);
    });
    for (const auto& waiting : unanswered_) {
      const std::string& name = waiting.first;
      std::string text = name + ": no report: " + fault_of(waiting);
      if (again_)
        text += "; again at " + std::string(tlsrpt::to_date_time(*again_));
      else
        state_.add(journals_.day, name, {}, {}, options_.time(), false);
      say(journals_.day, text);
    }
    lookups_.next = again_.value_or(0);
    lookups_.names = again_ ? static_cast<std::int64_t>(unanswered_.size()) : 0;
    state_.note_made(journals_.day, journals_.octets, lookups_);
  }

  const options& options_;
  state& state_;
  const day_journals& journals_;
  day_lookups lookups_;
  tlsrpt::tally tally_;
  std::optional<std::int64_t> again_{};  ///< When to look up again; nothing for the last time.
  std::mutex mutex_{};
  waiting_names unanswered_{};
};

/// Makes the reports of a day. Whatever is wrong with its journals keeps no other day from its
/// reports.
bool make_day(const options& options, state& state, const day_journals& journals) {
  try {
    return day_maker(options, state, journals).make();
  } catch (const std::exception& error) {
    say(journals.day, std::string("no reports: ") + error.what());
    return false;
  }
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
  tally.for_each_record(
      domain, [&](std::string_view record) { is_read = is_read || read(std::span(&record, 1)); });
  answer.fault = is_read ? "" : "the DNS has no answer, and no session had a record";
  answer.is_unanswered = !is_read;
  return answer;
}

std::vector<made_report> make_reports(const options& options, const tlsrpt::tally& tally,
                                      const std::string& domain, record_answer& record) {
  if (!record.fault.empty()) return {};
  const report_style style{
      {options.organization, options.contact}, options.most_octets, options.time()};
  try {
    return make_reports(tally, domain, style, record.destinations);
  } catch (const std::runtime_error& error) {
    record = {.fault = error.what()};
    return {};
  }
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
      if (!is_stopped() && state.lookups(journals.day).is_due(now))
        is_good = make_day(options, state, journals) && is_good;
    } else if (!options.day && tlsrpt::day_of(now) - journals.day > days_kept) {
      ++too_old;
    } else if (!is_stopped()) {
      is_good = make_day(options, state, journals) && is_good;
    }
  }
  if (options.day && !is_there) throw std::runtime_error("there is no journal of the day");
  if (too_old != 0)
    say(std::to_string(too_old) + " days are too long ago for reports: delete their journals, or " +
        "send them with --day if they were never reported");
  return is_good;
}

bool delete_old_days(const options& options, state& state) {
  const std::vector<day_journals> days = find_days(options.folder);
  bool is_good = true;
  for (const tlsrpt::day day : state.over(options.time())) {
    try {
      for (const day_journals& journals : days)
        if (journals.day == day)
          for (const std::string& path : journals.paths) std::filesystem::remove(path);
      state.forget(day);
    } catch (const std::filesystem::filesystem_error& error) {
      say(day, error.what());
      is_good = false;
    }
  }
  state.forget_health(options.time());
  return is_good;
}

}  // namespace reporter
