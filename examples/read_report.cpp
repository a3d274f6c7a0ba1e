/// @file
/// Reads one report, JSON or gzip, and prints its totals.

#include <iostream>

#include <tlsrpt/report.hpp>

#include "read_file.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: read_report FILE\n";
    return 2;
  }
  const auto bytes = read_file(argv[1]);
  if (!bytes) return 1;

  tlsrpt::report_parser<> parser;  // for many reports keep one per thread
  const auto report = parser.parse(*bytes);
  if (!report) {
    std::cerr << message(report.error().code) << " At octet " << report.error().where.offset
              << ".\n";
    return 1;
  }
  // Untrusted text: a program that writes to a terminal should escape it first.
  std::cout << report->organization_name << ", " << report->report_id << '\n';
  for (const tlsrpt::policy_view& policy : report->policies) {
    std::cout << policy.policy_domain << " (" << policy.policy_type.text << "): ";
    if (policy.total_successful_session_count.known())
      std::cout << policy.total_successful_session_count.value() << " sessions succeeded, ";
    if (policy.total_failure_session_count.known())
      std::cout << policy.total_failure_session_count.value() << " failed";
    std::cout << '\n';
  }
}
