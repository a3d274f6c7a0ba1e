/// @file
/// The one thread that writes. Requests wait until what they brought is durable; all that wait
/// while the disk is busy share the next commit.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_WRITER
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_WRITER

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <tlsrpt/submission.hpp>

#include "../store/report_store.hpp"

namespace collector {

/// Something to store, and what came of it. Lives until `done` was called.
struct job {
  tlsrpt::body_verdict verdict{};  ///< Before: what to keep. After: what to answer.
  tlsrpt::errc fault = tlsrpt::errc::ok;
  stored_report report{};
  bool has_more = false;  ///< See reading::has_more.
  std::string raw{};
  origin from{};
  std::int64_t received = 0;
  std::function<void()> done{};  ///< Called once, by the thread that writes.
};

struct writer_options {
  database_file file{};
  std::int64_t max_octets = std::int64_t{16} << 30;
  retention kept{};
};

/// Values of tlsrpt::submission_code.
inline constexpr std::size_t most_codes =
    static_cast<std::size_t>(tlsrpt::submission_code::slow) + 1;

class writer {
 public:
  explicit writer(const writer_options& options);
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  /// Stores what waits.
  ~writer();

  /// Takes a job.
  void add(job& job);
  /// Counts an answer; it is written with a later commit.
  void count(tlsrpt::submission_code code) {
    counts_[static_cast<std::size_t>(code)].fetch_add(1, std::memory_order_relaxed);
  }

 private:
  void work();
  bool store(std::vector<job*>& jobs);
  static void refuse(job& one);
  void keep_house(bool is_over);

  database db_;
  report_store store_;
  retention kept_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<job*> waiting_;
  bool is_over_ = false;
  std::int64_t next_upkeep_ = 0;
  std::array<std::atomic<std::int64_t>, most_codes> counts_{};
  std::thread thread_;
};

/// Seconds since 1970.
std::int64_t now_in_seconds();

/// Reports that an error of the store makes answers 503, at most once an hour, however many
/// requests meet it. For any number of threads.
void complain(const std::exception& error);

}  // namespace collector

#endif
