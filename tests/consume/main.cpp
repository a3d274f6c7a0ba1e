// Reads one report, JSON or gzip, and prints its totals: the program of every project here.
// Fails unless they are those given.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <tlsrpt/report.hpp>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: consume REPORT SUCCESSFUL FAILED\n";
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(bytes);
  if (!report) {
    std::cerr << message(report.error().code) << '\n';
    return 1;
  }
  std::uint64_t successful = 0, failed = 0;
  for (const tlsrpt::policy_view& policy : report->policies) {
    successful = tlsrpt::saturating_sum(successful, policy.total_successful_session_count.value());
    failed = tlsrpt::saturating_sum(failed, policy.total_failure_session_count.value());
  }
  std::cout << report->organization_name << ": " << successful << " sessions with TLS, " << failed
            << " failed\n";
  return std::to_string(successful) == argv[2] && std::to_string(failed) == argv[3] ? 0 : 1;
}
