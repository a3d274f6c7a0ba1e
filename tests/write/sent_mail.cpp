/// @file
/// Mails that were written, read back as a receiver reads them.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/report.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include "support.hpp"
#include "write/received_mail.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root = TLSRPT_SOURCE_ROOT;

/// The number of reports in a folder that were sent.
std::size_t check_all(const fs::path& directory) {
  std::size_t sent = 0;
  tlsrpt::report_parser<> parser;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    CAPTURE(entry.path().string());
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    const auto report = parser.parse(bytes);
    std::string json, gzip;
    if (!report || !write_report(json, *report) || !tlsrpt::write_gzip(gzip, json)) continue;
    // Of a report about hosts alone the mail names the domain.
    const std::string about(report->policies[0].policy_domain);
    for (const std::string& octets : {json, gzip}) {
      std::string mail;
      const auto written = write_mail(
          mail, *report, octets,
          {.to = "tls@example.com", .about = about, .date = 1'795'565'400, .unique_id = "1"});
      if (!written) continue;
      received_mail::check(mail, octets, json,
                           about.ends_with('.') ? about.substr(0, about.size() - 1) : about);
      ++sent;
    }
  }
  return sent;
}

}  // namespace

TEST_CASE("WR-30: the mail of every report is read back without a finding") {
  CHECK(check_all(root / "examples/reports") >= 10);
  CHECK(check_all(root / "tests/data/reports") > 80);
  const fs::path corpus = root / "../shared/corpus/reports";
  if (fs::exists(corpus))
    MESSAGE(check_all(corpus) << " mails of reports of the corpus");
  else
    MESSAGE("no corpus here");
}

TEST_CASE("WR-22, WR-30: a file name in pieces is read back") {
  const std::string label(60, 'b'), about = label + '.' + label + ".example";
  support::report_parts parts;
  parts.policy_domain = '"' + about + '"';
  tlsrpt::report_parser<> parser;
  const std::string text = parts.text();
  const auto report = parser.parse(text);
  REQUIRE(report.has_value());
  std::string json, mail;
  REQUIRE(write_report(json, *report).has_value());
  REQUIRE(write_mail(mail, *report, json,
                     {.to = "tls@example.com", .about = about, .date = 0, .unique_id = "1"})
              .has_value());
  CHECK(mail.find("filename*1=") != std::string::npos);
  received_mail::check(mail, json, json, about);
}
