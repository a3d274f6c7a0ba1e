/// @file
/// Counts failed sessions per result type without building arrays of policies and failure details:
/// beside the text and its index, memory does not grow with the report.

#include <cstdint>
#include <iostream>
#include <map>

#include <tlsrpt/report.hpp>

#include "read_file.hpp"

namespace {

struct failure_counter {
  std::map<tlsrpt::result_type, std::uint64_t> failed_sessions;

  void on_report(const tlsrpt::report_head_view&) {}
  void on_policy(const tlsrpt::policy_head_view&) {}
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& failure) {
    failed_sessions[failure.result_type.value] += failure.failed_session_count.value();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: visit_huge_report FILE.json\n";
    return 2;
  }
  auto text = read_file(argv[1]);
  if (!text) return 1;

  tlsrpt::limits limits;
  limits.max_text_bytes = std::size_t{1} << 30;
  limits.max_failure_details = 100'000'000;
  tlsrpt::report_parser<> parser(limits);
  failure_counter counter;
  const auto report = parser.visit_in_place(tlsrpt::pad(*text), counter);
  if (!report) {
    std::cerr << message(report.error().code) << '\n';
    return 1;  // discard what the visitor collected
  }
  for (const auto& [type, sessions] : counter.failed_sessions)
    std::cout << sessions << ' ' << (name(type).empty() ? "of unknown type" : name(type)) << '\n';
}
