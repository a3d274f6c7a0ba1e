/// @file
/// Mails that were written, read back as a receiver reads them.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/envelope.hpp>
#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include "support.hpp"

namespace {

namespace fs = std::filesystem;

using support::findings;

const fs::path root = TLSRPT_SOURCE_ROOT;

std::string unfolded(const tlsrpt::header_field& field) {
  std::string value;
  field.unfold_to(value);
  return value;
}

/// A receiver makes the same report of the mail, and finds nothing.
void check_mail(std::string_view mail, std::string_view octets, std::string_view json,
                std::string_view about) {
  findings found;
  const auto read = tlsrpt::read_mail(mail, found, tlsrpt::strict{});
  REQUIRE(read.has_value());
  CHECK(read->claim() == tlsrpt::mail_claim::label);
  CHECK(read->shortage() == tlsrpt::errc::ok);
  std::size_t candidates = 0;
  for (const tlsrpt::mail_part_view part : read->candidates()) {
    ++candidates;
    std::string buffer, media_type, file_name;
    const auto content = part.decode(buffer, found, tlsrpt::strict{});
    REQUIRE(content.has_value());
    CHECK(*content == octets);
    part.media_type_to(media_type);
    part.file_name_to(file_name);
    CHECK(media_type == tlsrpt::media_type_of_report(octets));
    CHECK(part.labels().evidence == tlsrpt::evidence::media_type);
    tlsrpt::examine_part(media_type, file_name, *content, found);
    std::string wrapper_type;
    part.wrapper_type_to(wrapper_type);
    tlsrpt::check_wrapper(wrapper_type, "tlsrpt", found);

    tlsrpt::report_parser<tlsrpt::strict> parser;
    const auto report = parser.parse(*content, found);
    REQUIRE(report.has_value());
    CHECK(parser.text() == json);

    const tlsrpt::mail_header header = part.header();
    const std::string domain = unfolded(*header.report_domains().begin());
    const std::string submitter = unfolded(*header.report_submitters().begin());
    const std::string subject = unfolded(header.subject());
    tlsrpt::envelope_view envelope;
    envelope.report_domain = tlsrpt::parse_domain_field(domain, found).value();
    envelope.report_submitter = tlsrpt::parse_domain_field(submitter, found).value();
    envelope.file_name = tlsrpt::parse_file_name(file_name, found).value();
    envelope.subject = tlsrpt::parse_subject(subject, found).value();
    CHECK(envelope.report_domain == about);
    CHECK(envelope.file_name.policy_domain == about);
    tlsrpt::compare_envelope(envelope, *report, found);
  }
  CHECK(candidates == 1);
  CHECK(found.names() == "");
}

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
      check_mail(mail, octets, json,
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
  check_mail(mail, json, json, about);
}
