// A program that uses libtlsrpt, which writes reports, and this library, which reads them. Here
// libtlsrpt's header comes first, in failures.cpp last. Prints the failures of a report as
// libtlsrpt numbers them; fails unless their numbers add up to the one given.

#include <tlsrpt.h>

#include <tlsrpt/tlsrpt.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "failures.hpp"

static_assert(TLSRPT_HPP_VERSION_MAJOR >= 0 && TLSRPT_VERSION_MAJOR >= 0, "both have their own");

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(bytes);
  if (!report) return 1;
  std::cout << "tlsrpt " << TLSRPT_HPP_VERSION_STRING << ", libtlsrpt " << TLSRPT_VERSION_STRING
            << '\n';
  int sum = 0;
  for (const tlsrpt::policy_view& policy : report->policies) {
    for (const tlsrpt::failure_details_view& details : policy.failure_details) {
      const int code = failure_code(details.result_type.value);
      std::cout << details.result_type.text << ": " << code << '\n';
      sum += code;
    }
  }
  return std::to_string(sum) == argv[2] ? 0 : 1;
}
