/// @file
/// Prints the mail that brings a report to an address (RFC 8460, section 5.3), the report in the
/// form that a strict parser reads without a finding.
///
///     write_mail FILE ADDRESS DOMAIN [DATE]
///
/// DOMAIN is the domain that the report is about, DATE the date of the mail in seconds since 1970.
/// The mail still needs a DKIM signature. Exit status 1: the report cannot be read, or not be
/// written; 2: usage.

#include <charconv>
#include <cstdint>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>

#include <tlsrpt/path.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include "read_file.hpp"

namespace {

int complain(const tlsrpt::diagnostic& error) {
  const tlsrpt::location_text where = to_text(error.where);
  std::cerr << message(error.code) << " At " << where.view() << ".\n";
  return 1;
}

bool read_number(std::string_view text, std::int64_t& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size();
}

}  // namespace

int main(int argc, char** argv) {
  tlsrpt::mail_options options;
  options.date = std::time(nullptr);
  if (argc < 4 || argc > 5 || (argc == 5 && !read_number(argv[4], options.date))) {
    std::cerr << "usage: write_mail FILE ADDRESS DOMAIN [DATE]\n";
    return 2;
  }
  options.to = argv[2];
  options.about = argv[3];
  const auto bytes = read_file(argv[1]);
  if (!bytes) return 1;
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(*bytes);
  if (!report) return complain(report.error());

  std::string json, gzip, mail;
  if (const auto written = write_report(json, *report); !written) return complain(written.error());
  if (const auto written = tlsrpt::write_gzip(gzip, json); !written)
    return complain(written.error());
  if (const auto written = write_mail(mail, *report, gzip, options); !written)
    return complain(written.error());
  std::cout << mail;
}
