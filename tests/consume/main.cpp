// The same program for every way to use tlsrpt from another project.
#include <tlsrpt/report.hpp>

#include <iostream>
#include <string_view>

int main() {
  constexpr std::string_view text = R"({
    "organization-name": "Company-X", "contact-info": "sts-reporting@company-x.example",
    "report-id": "5065427c-23d3-47ca-b6e0-946ea0e8c4be",
    "date-range": {"start-datetime": "2016-04-01T00:00:00Z",
                   "end-datetime": "2016-04-01T23:59:59Z"},
    "policies": [{"policy": {"policy-type": "no-policy-found", "policy-domain": "company-y.example"},
                  "summary": {"total-successful-session-count": 5326,
                              "total-failure-session-count": 0}}]})";
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(text);
  if (!report) {
    std::cerr << message(report.error().code) << '\n';
    return 1;
  }
  std::cout << report->policies.size() << " policy\n";
  return report->policies.size() == 1 ? 0 : 1;
}
