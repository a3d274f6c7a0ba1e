#include "writer.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <utility>

#include <tlsrpt/error.hpp>
#include <tlsrpt/escape.hpp>

namespace collector {

namespace {

constexpr std::size_t most_of_commit = 64;
constexpr std::int64_t pages_given_back = 4096;

/// Reports an error, unless the same was said within the hour, up to `next`.
void complain(std::atomic<std::int64_t>& next, const char* what, const std::exception& error) {
  constexpr std::int64_t hour = 3600;
  const std::int64_t now = now_in_seconds();
  std::int64_t before = next;
  if (now < before || !next.compare_exchange_strong(before, now + hour)) return;
  std::fprintf(stderr, "tlsrpt-intake: %s: %s\n", what, error.what());
}

}  // namespace

std::int64_t now_in_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void complain(const std::exception& error) {
  static std::atomic<std::int64_t> next{0};
  complain(next, "reports are answered with 503", error);
}

writer::writer(const writer_options& options)
    : db_(options.file, access::write), store_(db_), kept_(options.kept) {
  db_.limit_size(options.max_octets);
  thread_ = std::thread([this] { work(); });
}

writer::~writer() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void writer::add(job& job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(&job);
  }
  wake_.notify_one();
}

void writer::work() {
  std::vector<job*> taken;
  for (;;) {
    bool is_over = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::seconds(10),
                     [this] { return is_over_ || !waiting_.empty(); });
      is_over = is_over_;
      const std::size_t count = std::min(waiting_.size(), most_of_commit);
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
      taken.assign(waiting_.begin(), end);
      waiting_.erase(waiting_.begin(), end);
    }
    if (!taken.empty() && !store(taken)) {
      // A lock or a full disk lasts: who has waited meanwhile is not to wait once more.
      const std::lock_guard lock(mutex_);
      for (job* job : waiting_) refuse(*job);
      taken.insert(taken.end(), waiting_.begin(), waiting_.end());
      waiting_.clear();
    }
    for (job* job : taken) {
      // A job may be gone as soon as its request continues.
      const auto done = std::move(job->done);
      done();
    }
    keep_house(taken.empty() && is_over);
    if (taken.empty() && is_over) return;
  }
}

/// False when nothing could be stored.
bool writer::store(std::vector<job*>& jobs) {
  using tlsrpt::keeping;
  using tlsrpt::submission_code;
  try {
    transaction all(db_);
    for (job* job : jobs) {
      if (job->verdict.keep == keeping::head)
        store_.add_bad(job->received, job->from, name(job->fault), job->raw);
      else if (store_.add(job->report, job->raw, job->from))
        job->verdict = {submission_code::known, keeping::receipt};
      else if (job->has_more)
        store_.add_bad(job->received, job->from, name(tlsrpt::errc::trailing_bytes), job->raw);
    }
    all.commit();
    return true;
  } catch (const std::exception& error) {
    complain(error);
    for (job* job : jobs) refuse(*job);
    return false;
  }
}

/// What cannot be read is refused for that, whether or not its beginning was kept.
void writer::refuse(job& one) {
  if (one.verdict.keep != tlsrpt::keeping::head)
    one.verdict = {tlsrpt::submission_code::unavailable, tlsrpt::keeping::nothing};
}

/// Writes counts every minute and at the end, and forgets what is too old.
void writer::keep_house(bool is_over) {
  const std::int64_t now = now_in_seconds();
  if (now < next_upkeep_ && !is_over) return;
  next_upkeep_ = now + 60;
  std::array<std::int64_t, most_codes> times{};
  for (std::size_t i = 0; i < most_codes; ++i) times[i] = counts_[i].exchange(0);
  try {
    const tlsrpt::day today = tlsrpt::day_of(now);
    transaction all(db_);
    for (std::size_t i = 0; i < most_codes; ++i)
      if (times[i] != 0)
        store_.count(today, name(static_cast<tlsrpt::submission_code>(i)), times[i]);
    store_.forget(today, kept_);
    all.commit();
    times.fill(0);
    // A few each time: requests wait meanwhile.
    db_.give_back(pages_given_back);
  } catch (const std::exception& error) {
    static std::atomic<std::int64_t> next{0};
    complain(next, "old reports stay, and counts wait", error);
    for (std::size_t i = 0; i < most_codes; ++i) counts_[i] += times[i];
  }
}

}  // namespace collector
