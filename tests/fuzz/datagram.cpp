/// Fuzz target: a datagram that was read is written, and reads as the same; what is counted of it
/// is kept as text, and a strict parser reads the report without a finding.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tlsrpt/datagram.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/tally.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/write_datagram.hpp>
#include <tlsrpt/write_report.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::errc;

std::string written(const tlsrpt::tally& tally) {
  std::string text;
  HOLDS(tally.write(text).has_value());
  return text;
}

void check_report(const tlsrpt::tally& tally) {
  tlsrpt::tally_reporter reporter;
  const auto report =
      reporter.make(tally, tally.domain(0).name, {"Example Net", "tls-reports@example.net"},
                    {.failures_per_policy = 2, .has_soft_failures = true});
  HOLDS(report.has_value());
  std::string json;
  HOLDS(write_report(json, *report).has_value());
  tlsrpt::report_parser<tlsrpt::strict> parser;
  std::size_t findings = 0;
  HOLDS(parser.parse(json, [&](const tlsrpt::diagnostic&) { ++findings; }).has_value());
  HOLDS(findings == 0);
}

void check_tally(const tlsrpt::session_view& session) {
  tlsrpt::tally tally(tlsrpt::day_of(0), "host", 1), again(tlsrpt::day_of(0));
  const auto counted = tally.count(session);
  if (!counted) {
    HOLDS(counted.error().code == errc::session_domain);
    HOLDS(tally.domain_count() == 0);
    return;
  }
  const std::string text = written(tally);
  HOLDS(again.read(text).has_value());
  HOLDS(written(again) == text);
  HOLDS(tlsrpt::first_tally(text) == text);
  if (*counted == tlsrpt::count_outcome::counted) check_report(tally);
}

void check_datagram(std::string_view octets) {
  const fuzz::exact_copy copy(octets);
  tlsrpt::datagram_reader reader, other;
  const auto session = reader.read(copy.view(), 0);
  if (!session) return;
  std::string text, again;
  const auto done = write_datagram(text, *session);
  if (done) {
    const auto second = other.read(text, 0);
    HOLDS(second.has_value());
    HOLDS(write_datagram(again, *second).has_value());
    HOLDS(again == text);
  } else {
    HOLDS(done.error().code == errc::nothing_to_report || done.error().code == errc::session_text);
  }
  check_tally(*session);
}

/// What a journal may hold.
void check_lines(std::string_view text) {
  const fuzz::exact_copy copy(text);
  tlsrpt::tally tally(tlsrpt::day_of(0));
  const std::string_view first = tlsrpt::first_tally(copy.view());
  HOLDS(first.size() <= text.size());
  if (tally.read(copy.view())) HOLDS(written(tally) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  check_datagram(octets);
  check_lines(octets);
  return 0;
}
