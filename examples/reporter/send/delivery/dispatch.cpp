#include "dispatch.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <tlsrpt/error.hpp>
#include <tlsrpt/gzip.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/timestamp.hpp>

#include "mail.hpp"

namespace reporter {

volatile std::sig_atomic_t is_told_to_stop = 0;

namespace {

constexpr std::size_t most_threads = 8;

std::string host_of(const delivery& one) {
  return std::string(tlsrpt::canonical_host(tlsrpt::check_url(one.address).url.host));
}

/// The text of gzip data that this program made.
std::string unzip(std::string_view octets, std::size_t size) {
  constexpr std::size_t header = 10;
  std::string text(size, '\0');
  tlsrpt::zlib_inflater inflater;
  const auto input = std::as_bytes(std::span(octets.substr(header)));
  if (!inflater.start(input)) throw std::bad_alloc();
  inflater.inflate(std::span(text));
  return text;
}

std::string about(const delivery& one) {
  return one.domain + " " + std::string(to_text(one.day)) + " to " + one.address + ": ";
}

}  // namespace

record_answer look_up(resolver& resolver, const tlsrpt::tally& tally, const std::string& domain) {
  record_answer answer;
  std::string name;
  if (const auto named = tlsrpt::query_name(name, domain); !named) {
    answer.fault = message(named.error().code);
    return answer;
  }
  const txt_answer found = resolver.txt(name);
  const auto read = [&answer](std::span<const std::string_view> records) {
    const auto record = tlsrpt::select_record(records);
    if (record)
      answer.destinations = read_destinations(*record);
    else
      answer.fault = message(record.error().code);
    return record.has_value();
  };
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

dispatcher::dispatcher(const options& options, state& state) : options_(options), state_(state) {}

void dispatcher::say(const std::string& line) {
  const std::lock_guard lock(mutex_);
  std::cerr << "tlsrpt-send: " << line << '\n';
}

template <class Work>
void dispatcher::for_each(std::size_t count, Work work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    try {
      resolver resolver(options_.resolver);
      for (std::size_t i = next++; i < count && is_told_to_stop == 0; i = next++) work(i, resolver);
    } catch (const std::exception& error) {
      has_failed_ = true;
      say(error.what());
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(count, most_threads); ++i) threads.emplace_back(run);
  run();
  for (std::thread& thread : threads) thread.join();
}

// ---- Reports

bool dispatcher::make(const tlsrpt::tally& tally) {
  for_each(tally.domain_count(), [&](std::size_t i, resolver& resolver) {
    const std::string domain(tally.domain(i).name);
    if (!state_.is_made(tally.day(), domain)) make_one(tally, domain, resolver);
  });
  return !has_failed_ && is_told_to_stop == 0;
}

void dispatcher::make_one(const tlsrpt::tally& tally, const std::string& domain,
                          resolver& resolver) {
  const record_answer record = look_up(resolver, tally, domain);
  const std::int64_t now = options_.time();
  std::vector<made_report> reports;
  if (record.fault.empty())
    reports = make_reports(tally, domain,
                           {{options_.organization, options_.contact}, options_.most_octets, now},
                           record.destinations);
  state_.add(tally.day(), domain, reports, record.destinations, now, options_.now.has_value());
  const std::string about = domain + " " + std::string(to_text(tally.day()));
  if (!record.fault.empty()) say(about + ": no report: " + record.fault);
  for (const destination& to : record.destinations)
    if (!to.fault.empty()) say(about + " to " + to.address + ": given up: " + to.fault);
}

// ---- Deliveries

void dispatcher::deliver() {
  std::vector<delivery> due = state_.due(options_.time(), options_.day);
  for_each(due.size(), [&](std::size_t i, resolver& resolver) { attempt(due[i], resolver); });
}

void dispatcher::attempt(delivery& one, resolver& resolver) {
  const tlsrpt::day today = tlsrpt::day_of(options_.time());
  std::string word;
  if (one.attempts.is_too_late(options_.time())) word = "too late";
  if (state_.endpoint(one.address).is_off(today)) word = "nothing is sent there for some days";
  if (word.empty()) {
    while (true) {
      const attempt_end end = one.scheme == tlsrpt::uri_scheme::https
                                  ? post_report(one, resolver, word)
                                  : mail_report(one, word);
      const bool is_only =
          one.scheme == tlsrpt::uri_scheme::https && state_.host(host_of(one)).is_tried_once(today);
      if (!one.attempts.end(end, options_.time(), is_only)) break;
    }
  } else {
    one.attempts.phase = phase::given_up;
  }
  state_.save(one, options_.time(), word);
  if (one.attempts.phase == phase::waiting)
    word += "; again at " + std::string(tlsrpt::to_date_time(one.attempts.next));
  say(about(one) +
      (one.attempts.phase == phase::done       ? "delivered: "
       : one.attempts.phase == phase::given_up ? "given up: "
                                               : "") +
      word);
}

attempt_end dispatcher::post_report(delivery& one, resolver& resolver, std::string& word) {
  const report_octets octets = state_.octets(one);
  const std::string& gzip = one.attempts.is_cut ? octets.cut_gzip : octets.gzip;
  if (gzip.empty()) return {tlsrpt::verdict::give_up};  // nothing smaller than what was too large
  const std::string json =
      one.attempts.is_uncompressed ? unzip(gzip, octets.json_size) : std::string();
  const bool is_checked =
      tlsrpt::checks_certificate(options_.verification, one.attempts.certificate_failures);
  const auto keep_start = [&] {
    one.attempts.start(options_.time());
    state_.save(one, options_.time(), "begun");
  };
  const std::string host = host_of(one);
  while (!enter(host)) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  post_answer answer;
  try {
    answer = post({.url = one.address,
                   .octets = json.empty() ? gzip : json,
                   .checks_certificate = is_checked,
                   .now = options_.time(),
                   .before_sending = keep_start},
                  {options_.ca_file, options_.allowed, options_.seconds}, resolver);
  } catch (...) {
    leave(host);
    throw;
  }
  leave(host);
  word = answer.text + (is_checked ? "" : ", certificate not checked");
  attempt_end end{.wait = answer.wait};
  if (answer.status == 0) {
    end.verdict = tlsrpt::judge_no_answer(answer.why, one.attempts.made + 1);
    end.is_certificate = answer.why == tlsrpt::no_answer::certificate || !is_checked;
  } else {
    end.verdict =
        tlsrpt::judge_status(answer.status, {.is_cut = one.attempts.is_cut,
                                             .is_uncompressed = one.attempts.is_uncompressed,
                                             .json_size = octets.json_size});
    end.is_certificate = !is_checked;
    // One that is followed is no longer there.
    if (end.verdict == tlsrpt::verdict::redirect) end.verdict = tlsrpt::verdict::give_up;
  }
  note_health(one, end, answer.status);
  return end;
}

attempt_end dispatcher::mail_report(delivery& one, std::string& word) {
  const std::string mail = state_.mail(one);
  one.attempts.start(options_.time());
  state_.save(one, options_.time(), "begun");
  const mail_answer answer =
      send_mail(mail, one.address, {options_.sendmail, options_.bounces, options_.seconds});
  word = answer.text;
  return {answer.verdict};
}

void dispatcher::note_health(const delivery& one, const attempt_end& end, std::uint16_t status) {
  const tlsrpt::day today = tlsrpt::day_of(options_.time());
  const std::lock_guard lock(mutex_);
  if (end.verdict == tlsrpt::verdict::done || status == 404 || status == 410) {
    tlsrpt::endpoint_health endpoint = state_.endpoint(one.address);
    if (end.verdict == tlsrpt::verdict::done)
      endpoint.note_success();
    else
      endpoint.note_gone(today);
    state_.save(one.address, endpoint);
  }
  if (end.verdict == tlsrpt::verdict::give_up) {
    const std::string name = host_of(one);
    tlsrpt::host_health host = state_.host(name);
    host.note_give_up(today);
    state_.save(name, host);
  }
}

bool dispatcher::enter(const std::string& host) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::lock_guard lock(mutex_);
  return gates_[host].enter(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

void dispatcher::leave(const std::string& host) {
  const std::lock_guard lock(mutex_);
  gates_[host].leave();
}

}  // namespace reporter
