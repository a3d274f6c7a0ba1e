/// @file
/// One way to read one report, in a process of its own: how fast, how much memory, and for what.
///
///     scale CONTENDER FILE
///
/// Prints one JSON object. Memory is what the process had resident: at the start, with the input
/// loaded, with the index made (where that can be seen from outside), and at most. The first
/// reading counts for memory, five more for time.

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include <tlsrpt/report.hpp>

#include "../common/walk.hpp"

namespace {

std::uint64_t resident() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, pages = 0;
  file >> all >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t peak() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// Processor time, which the load of the machine changes little.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The input, padded; read in one call, so that no other copy ever is in memory.
struct loaded_file {
  std::unique_ptr<char[]> octets;
  std::size_t size = 0;

  explicit loaded_file(const char* path) {
    std::FILE* file = std::fopen(path, "rb");
    if (!file) return;
    std::fseek(file, 0, SEEK_END);
    const auto end = static_cast<std::size_t>(std::ftell(file));
    std::rewind(file);
    std::setvbuf(file, nullptr, _IONBF, 0);
    octets.reset(new char[end + tlsrpt::padding]);
    size = std::fread(octets.get(), 1, end, file);
    std::fclose(file);
    std::fill_n(octets.get() + size, tlsrpt::padding, '\0');
  }
  std::string_view text() const { return {octets.get(), size}; }
  tlsrpt::padded_view padded() const { return {text(), size + tlsrpt::padding}; }
};

tlsrpt::limits wide_limits() {
  tlsrpt::limits limits;
  limits.max_gzip_bytes = limits.max_text_bytes = std::size_t{2} << 30;
  limits.max_failure_details = 100'000'000;
  return limits;
}

/// Sums up what it is shown, and notes the memory when the index is there and nothing else yet.
struct adder {
  std::uint64_t sessions = 0, details = 0, with_index = 0;
  void on_report(const tlsrpt::report_head_view&) { with_index = resident(); }
  void on_policy(const tlsrpt::policy_head_view&) {}
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& failure) {
    sessions += failure.failed_session_count.value();
    ++details;
  }
};

/// What a reading came to. Floors have no sums.
struct outcome {
  bool good = false;
  std::uint64_t sessions = 0, details = 0, with_index = 0;
};

template <class Visit>
outcome visit_with(Visit&& visit) {
  adder sums;
  const bool good = visit(sums).has_value();
  return {good, sums.sessions, sums.details, sums.with_index};
}

outcome add_up(const tlsrpt::result<tlsrpt::report_view>& report) {
  outcome sums{report.has_value()};
  if (!report) return sums;
  for (const tlsrpt::policy_view& p : report->policies) {
    for (const tlsrpt::failure_details_view& f : p.failure_details)
      sums.sessions += f.failed_session_count.value();
    sums.details += p.failure_details.size();
  }
  return sums;
}

std::function<outcome()> make_contender(std::string_view name, const loaded_file& file) {
  if (name == "stage1" || name == "walk") {
    // Kept by pointer, since std::function wants copies.
    if (name == "walk")
      return [&file, parser = std::make_shared<simdjson::ondemand::parser>()]() -> outcome {
        return {bench::walk(*parser, file.text(), file.size + tlsrpt::padding)};
      };
    return [&file, parser = std::make_shared<simdjson::dom::parser>()]() -> outcome {
      if (parser->capacity() < file.size && parser->allocate(file.size)) return {};
      const bool good = parser->implementation->stage1(
                            reinterpret_cast<const std::uint8_t*>(file.octets.get()), file.size,
                            simdjson::stage1_mode::regular) == simdjson::SUCCESS;
      return {good, 0, 0, resident()};
    };
  }
  const auto parser = std::make_shared<tlsrpt::report_parser<>>(wide_limits());
  if (name == "visit")
    return [&file, parser] {
      return visit_with([&](adder& sums) { return parser->visit(file.text(), sums); });
    };
  if (name == "visit_in_place")
    return [&file, parser] {
      return visit_with([&](adder& sums) { return parser->visit_in_place(file.padded(), sums); });
    };
  if (name == "parse") return [&file, parser] { return add_up(parser->parse(file.text())); };
  if (name == "parse_in_place")
    return [&file, parser] { return add_up(parser->parse_in_place(file.padded())); };
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t at_start = resident();
  if (argc != 3) {
    std::cerr << "usage: scale stage1|walk|visit|visit_in_place|parse|parse_in_place FILE\n";
    return 2;
  }
  const loaded_file file(argv[2]);
  const std::function<outcome()> read = make_contender(argv[1], file);
  if (file.size == 0 || !read) {
    std::cerr << argv[1] << ' ' << argv[2] << ": no such contender or file\n";
    return 2;
  }
  const std::uint64_t with_input = resident();
  const outcome first = read();
  const std::uint64_t at_most = peak();
  if (!first.good) {
    std::cerr << argv[1] << ": the report cannot be read\n";
    return 1;
  }

  std::array<double, 5> seconds;
  for (double& s : seconds) {
    const double start = processor_seconds();
    if (!read().good) return 1;
    s = processor_seconds() - start;
  }
  std::sort(seconds.begin(), seconds.end());

  std::cout << "{\"contender\": \"" << argv[1] << "\", \"octets\": " << file.size
            << ", \"seconds\": " << seconds[seconds.size() / 2]
            << ", \"details\": " << first.details << ", \"sessions\": " << first.sessions
            << ", \"memory_at_start\": " << at_start << ", \"memory_with_input\": " << with_input
            << ", \"memory_with_index\": " << first.with_index << ", \"memory_peak\": " << at_most
            << "}\n";
}
