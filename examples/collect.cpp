/// @file
/// Reads all reports in folders, on several threads with a parser each, and prints totals: how many
/// reports were read, sessions with and without TLS, what failed, and which files could not be
/// used.
///
///     collect [--threads N] [--rate] PATH...
///
/// Files may be JSON or gzip; folders are searched to the bottom. --rate adds how fast it went.
/// Exit status 0: all files were usable; 1: some were not; 2: usage.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/report.hpp>

namespace {

namespace fs = std::filesystem;

/// Senders may claim any number; sums stop at the largest.
void add_to(std::uint64_t& sum, std::uint64_t more) { sum = tlsrpt::saturating_sum(sum, more); }

/// File names come from outside, like reports.
void print_fault(const fs::path& path, std::string_view what) {
  std::string name;
  tlsrpt::escape::terminal(name, path.string());
  std::cerr << name << ": " << what << '\n';
}

struct totals {
  std::uint64_t reports = 0, unusable = 0, policies = 0;
  std::uint64_t successful_sessions = 0, failed_sessions = 0;
  std::map<tlsrpt::result_type, std::uint64_t> failures;

  void add(const tlsrpt::report_view& report) {
    ++reports;
    policies += report.policies.size();
    for (const tlsrpt::policy_view& p : report.policies) {
      add_to(successful_sessions, p.total_successful_session_count.value());
      add_to(failed_sessions, p.total_failure_session_count.value());
      for (const tlsrpt::failure_details_view& f : p.failure_details)
        add_to(failures[f.result_type.value], f.failed_session_count.value());
    }
  }

  void add(const totals& other) {
    reports += other.reports;
    unusable += other.unusable;
    policies += other.policies;
    add_to(successful_sessions, other.successful_sessions);
    add_to(failed_sessions, other.failed_sessions);
    for (const auto& [type, sessions] : other.failures) add_to(failures[type], sessions);
  }
};

/// Reads files into a buffer that is kept. Nothing is read of what follows `most` octets.
class file_reader {
 public:
  explicit file_reader(std::size_t most) : most_(most), room_(std::size_t{64} << 10) {}

  /// Lives until the next call; nothing if the file cannot be read.
  std::optional<std::string_view> read(const fs::path& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        std::fopen(path.string().c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
    if (!file) return std::nullopt;
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    std::size_t size = 0;
    for (;;) {
      const std::size_t wanted = room_.size() - size;
      const std::size_t got = std::fread(room_.data() + size, 1, wanted, file.get());
      size += got;
      if (std::ferror(file.get())) return std::nullopt;
      if (got < wanted || size > most_) return std::string_view(room_.data(), size);
      room_.resize(2 * room_.size());
    }
  }

 private:
  std::size_t most_;
  std::vector<char> room_;
};

/// Threads take files from a common list until it is empty.
class collector {
 public:
  explicit collector(const std::vector<fs::path>& paths) : paths_(paths) {}

  /// Returns the totals of all threads.
  totals run(unsigned threads) {
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
    work();
    for (std::thread& worker : workers) worker.join();
    return all_;
  }

 private:
  void work() {
    constexpr std::size_t batch = 32;
    tlsrpt::report_parser<> parser;
    const tlsrpt::limits limits;
    file_reader reader(std::max(limits.max_gzip_bytes, limits.max_text_bytes));
    totals mine;
    for (;;) {
      const std::size_t begin = next_.fetch_add(batch, std::memory_order_relaxed);
      if (begin >= paths_.size()) break;
      const std::size_t end = std::min(begin + batch, paths_.size());
      for (std::size_t i = begin; i < end; ++i) {
        const auto octets = reader.read(paths_[i]);
        if (!octets) {
          complain(paths_[i], "cannot be read");
          ++mine.unusable;
        } else if (const auto report = parser.parse(*octets)) {
          mine.add(*report);
        } else {
          complain(paths_[i], message(report.error().code));
          ++mine.unusable;
        }
      }
    }
    const std::lock_guard lock(mutex_);
    all_.add(mine);
  }

  void complain(const fs::path& path, std::string_view what) {
    const std::lock_guard lock(mutex_);
    print_fault(path, what);
  }

  const std::vector<fs::path>& paths_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  totals all_;
};

/// Adds the file, or all regular files in and below the folder. False if some cannot be listed.
bool find_files(const fs::path& path, std::vector<fs::path>& found) {
  std::error_code fault;
  if (!fs::is_directory(path, fault)) {
    found.push_back(path);
    return true;
  }
  const auto skip = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(path, skip, fault), end; !fault && entry != end;
       entry.increment(fault)) {
    std::error_code unknown;
    if (entry->is_regular_file(unknown)) found.push_back(entry->path());
  }
  if (fault) print_fault(path, "cannot be listed");
  return !fault;
}

void print(const totals& all) {
  std::cout << all.reports << " reports with " << all.policies << " policies, " << all.unusable
            << " files unusable\n"
            << all.successful_sessions << " sessions with TLS, " << all.failed_sessions
            << " failed\n";
  for (const auto& [type, sessions] : all.failures) {
    const std::string_view known = name(type);
    std::cout << "  " << sessions << ' ' << (known.empty() ? "of unknown type" : known) << '\n';
  }
}

struct options {
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  bool rate = false;
  std::vector<fs::path> paths;
};

std::optional<options> read_options(int argc, char** argv) {
  options chosen;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--rate") {
      chosen.rate = true;
    } else if (word == "--threads") {
      if (++i == argc) return std::nullopt;
      const std::string_view number = argv[i];
      const auto read =
          std::from_chars(number.data(), number.data() + number.size(), chosen.threads);
      if (read.ec != std::errc() || read.ptr != number.data() + number.size() ||
          chosen.threads == 0 || chosen.threads > 1024)
        return std::nullopt;
    } else if (word.starts_with("--")) {
      return std::nullopt;
    } else {
      chosen.paths.emplace_back(word);
    }
  }
  if (chosen.paths.empty()) return std::nullopt;
  return chosen;
}

}  // namespace

int main(int argc, char** argv) {
  const auto chosen = read_options(argc, argv);
  if (!chosen) {
    std::cerr << "usage: collect [--threads N] [--rate] PATH...\n";
    return 2;
  }
  std::vector<fs::path> files;
  bool complete = true;
  for (const fs::path& path : chosen->paths) complete &= find_files(path, files);

  const auto start = std::chrono::steady_clock::now();
  const totals all = collector(files).run(chosen->threads);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;

  print(all);
  if (chosen->rate)
    std::cout << static_cast<std::uint64_t>(static_cast<double>(files.size()) / took.count())
              << " files per second on " << chosen->threads << " threads, " << took.count()
              << " s\n";
  return complete && all.unusable == 0 ? 0 : 1;
}
