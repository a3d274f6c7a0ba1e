/// @file
/// Reads all reports in folders, on several threads with a parser and a ledger each, and prints the
/// figures of all: sessions of each domain, what failed, and which files could not be used. A
/// report that is there twice counts once, and sessions that a sender counts under several kinds of
/// policies are not added up.
///
///     collect [--threads N] [--rate] PATH...
///
/// Files may be JSON or gzip; folders are searched to the bottom. --rate adds how fast it went.
/// Exit status 0: all files were usable; 1: some were not; 2: usage.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/summary.hpp>

#include "inflater.hpp"
#include "threads.hpp"

namespace {

namespace fs = std::filesystem;

/// What others wrote, for a terminal.
std::string printable(std::string_view text) {
  std::string shown;
  tlsrpt::escape::terminal(shown, text);
  return shown;
}

/// File names come from outside, like reports.
void print_fault(const fs::path& path, std::string_view what) {
  std::cerr << printable(path.string()) << ": " << what << '\n';
}

/// Room for the reports of many years.
tlsrpt::ledger_limits limits_of_all() {
  tlsrpt::ledger_limits limits;
  limits.entries = 10'000'000;
  return limits;
}

/// What came of some files.
struct totals {
  std::uint64_t reports = 0, repeated = 0, unusable = 0;
  tlsrpt::ledger ledger{limits_of_all()};
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
  collector(const std::vector<fs::path>& paths, unsigned threads)
      : paths_(paths), threads_(threads), batches_(paths.size(), threads) {}

  /// Returns the totals of all threads.
  const totals& run() {
    work_on_threads(threads_, [this] { work(); });
    all_.repeated = all_.reports - all_.ledger.size();
    return all_;
  }

 private:
  void work() {
    tlsrpt::report_parser<tlsrpt::lenient, program_inflater> parser;
    const tlsrpt::limits limits;
    file_reader reader(std::max(limits.max_gzip_bytes, limits.max_text_bytes));
    totals mine;
    while (const auto taken = batches_.next()) {
      for (std::size_t i = taken->begin; i < taken->end; ++i) {
        const auto octets = reader.read(paths_[i]);
        if (!octets) {
          complain(paths_[i], "cannot be read");
          ++mine.unusable;
          continue;
        }
        const auto added = parser.parse(*octets).and_then([&](const tlsrpt::report_view& report) {
          return mine.ledger.add(report, {.via = tlsrpt::channel::file});
        });
        if (!added) complain(paths_[i], message(added.error().code));
        ++(added ? mine.reports : mine.unusable);
      }
    }
    const std::lock_guard lock(mutex_);
    all_.unusable += mine.unusable;
    all_.reports += mine.reports;
    // Any order gives the same ledger.
    if (const auto merged = all_.ledger.merge(mine.ledger); !merged) {
      std::cerr << message(merged.error().code) << '\n';
      all_.unusable += mine.reports;
      all_.reports -= mine.reports;
    }
  }

  void complain(const fs::path& path, std::string_view what) {
    const std::lock_guard lock(mutex_);
    print_fault(path, what);
  }

  const std::vector<fs::path>& paths_;
  const unsigned threads_;
  batches batches_;
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

/// "7", "7 to 14" where sessions may be counted twice, "at least 7" where some are not known.
std::string text_of(const tlsrpt::session_bounds& sessions) {
  std::string text = sessions.unknown != 0 ? "at least " : "";
  text += std::to_string(sessions.at_least);
  if (sessions.at_most != sessions.at_least) text += " to " + std::to_string(sessions.at_most);
  return text;
}

/// False when there is not enough memory.
bool print(const totals& all) {
  std::cout << all.reports << " reports read, " << all.repeated << " of them repeated, "
            << all.unusable << " files unusable\n";
  tlsrpt::summary_options options;
  options.rows = 20;
  const auto summary = make_summary(all.ledger, options);
  if (!summary) return false;
  const auto domains = total_table(*summary, {.by = tlsrpt::key_part::domain});
  const auto types = failure_table(*summary, {.by = tlsrpt::key_part::result});
  if (!domains || !types) return false;

  const auto print_domain = [](std::string_view name, const tlsrpt::session_figures& sessions) {
    std::cout << printable(name) << ": " << text_of(sessions.ok) << " sessions with TLS, "
              << text_of(sessions.failed) << " failed\n";
  };
  for (const tlsrpt::total_row& row : domains->rows()) print_domain(row.key.domain, row.all);
  if (const auto& other = domains->other(); other.rows != 0)
    print_domain(std::to_string(other.rows) + " others", other.all);
  std::cout << "failures mention\n";
  for (const tlsrpt::failure_row& row : types->rows())
    std::cout << "  " << row.all.sessions << ' ' << printable(row.result.text) << '\n';
  return true;
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
  collector work(files, chosen->threads);
  const totals& all = work.run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;

  if (!print(all)) std::cerr << "there is not enough memory for figures\n";
  if (chosen->rate)
    std::cout << static_cast<std::uint64_t>(static_cast<double>(files.size()) / took.count())
              << " files per second on " << chosen->threads << " threads, " << took.count()
              << " s\n";
  return complete && all.unusable == 0 ? 0 : 1;
}
