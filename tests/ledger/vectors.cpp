#include <tlsrpt/ledger.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/summary.hpp>

namespace {

namespace fs = std::filesystem;
using tlsrpt::key_part;

const fs::path root = TLSRPT_SOURCE_ROOT;

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE_MESSAGE(in, file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string written(const tlsrpt::ledger& ledger) {
  std::string text;
  REQUIRE(ledger.write(text).has_value());
  return text;
}

/// The sample report, which came by signed mail at 2026-11-24T05:12:09Z.
tlsrpt::ledger ledger_of_sample() {
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(read_file(root / "examples/reports/google-failure.json"));
  REQUIRE(report.has_value());
  tlsrpt::ledger ledger;
  const tlsrpt::receipt receipt = {"webmail.example", tlsrpt::channel::mail, 1'795'497'129,
                                   "example.com"};
  CHECK(*ledger.add(*report, receipt) == tlsrpt::add_outcome::added);
  return ledger;
}

constexpr std::string_view lines_of_sample =
    R"({"_ledger":1,"reasons":1,"details":256,"elements":1024}
{"day":"2026-11-23","days":1,"digest":"4d3e25ebd7d81a947fea79161e3fe302","report-id":"2026-11-23T00:00:00Z_example.com","org":"Webmail Example Inc.","reporter":"webmail.example","trust":"verified","via":"m","seen":1795497129,"by":["webmail.example"],"about":"example.com","inferred":"example.com","flags":[],"T":[["example.com","sts","enforce","bbd1e54d0d34e753",57,0,6,0,1]],"F":[["example.com","sts","enforce","certificate-host-mismatch","mx2.example.com","192.0.2.26","x509.host_mismatch",4,0],["example.com","sts","enforce","validation-failure","mx2.example.com","192.0.2.26","-",2,0]]}
{"policy":"bbd1e54d0d34e753","kind":"sts","text":["version: STSv1","mode: enforce","mx: mx1.example.com","mx: mx2.example.com","max_age: 86400"]}
)";

/// At 2026-11-24T06:00:00Z.
tlsrpt::summary summary_of(const tlsrpt::ledger& ledger) {
  auto made = make_summary(ledger, {.now = 1'795'500'000});
  REQUIRE(made.has_value());
  return std::move(*made);
}

}  // namespace

TEST_CASE("V2: the ledger of one report that came by signed mail") {
  CHECK(written(ledger_of_sample()) == lines_of_sample);
}

TEST_CASE("V3: its figures") {
  const tlsrpt::ledger ledger = ledger_of_sample();
  const tlsrpt::summary summary = summary_of(ledger);
  const auto domains = total_table(summary, {.by = key_part::domain});
  REQUIRE(domains.has_value());
  REQUIRE(domains->rows().size() == 1);
  const tlsrpt::total_row& domain = domains->rows()[0];
  CHECK(domain.key.domain == "example.com");
  CHECK(domain.verified.ok == tlsrpt::session_bounds{57, 57, 0});
  CHECK(domain.verified.failed == tlsrpt::session_bounds{6, 6, 0});
  CHECK(tlsrpt::per_mille(6, domain.verified.sessions.at_most) == 95);

  const auto reasons = failure_table(summary, {.by = key_part::reason});
  REQUIRE(reasons.has_value());
  REQUIRE(reasons->rows().size() == 2);
  CHECK(reasons->rows()[0].reason == "x509.host_mismatch");
  CHECK(reasons->rows()[0].verified == tlsrpt::session_sum{4, 0});
  CHECK(reasons->rows()[1].reason == "-");
  CHECK(reasons->rows()[1].verified == tlsrpt::session_sum{2, 0});

  const auto hosts = failure_table(summary, {.by = key_part::host | key_part::node});
  REQUIRE(hosts.has_value());
  REQUIRE(hosts->rows().size() == 1);
  CHECK(hosts->rows()[0].host == "mx2.example.com");
  CHECK(hosts->rows()[0].node == "192.0.2.26");
  CHECK(hosts->rows()[0].verified == tlsrpt::session_sum{6, 0});
}

TEST_CASE("V4: the finding") {
  const tlsrpt::ledger ledger = ledger_of_sample();
  const tlsrpt::summary summary = summary_of(ledger);
  const auto advice = make_advice(summary);
  REQUIRE(advice.has_value());
  REQUIRE(advice->findings().size() == 1);
  const tlsrpt::finding& one = advice->findings()[0];
  CHECK(one.code == "cert");
  CHECK(one.key == "cert.mx2.example.com.x509.host_mismatch.sts");
  CHECK(one.severity == 1);
  CHECK(one.impact == tlsrpt::impact::refused);
  CHECK(one.party == tlsrpt::party::certificate);
  CHECK(one.certainty == tlsrpt::certainty::sure);
  CHECK(one.host == "mx2.example.com");
  CHECK(one.node == "192.0.2.26");
  REQUIRE(one.domains.size() == 1);
  CHECK(one.domains[0] == "example.com");
  CHECK(one.since == *tlsrpt::day::parse("2026-11-23"));
  CHECK(one.last == one.since);
  CHECK(one.change == tlsrpt::change::first_seen);
  CHECK(one.reason == "x509.host_mismatch");
  CHECK(one.text == "mx2.example.com shows a certificate that does not carry its name.");
  CHECK(one.do_first ==
        "Issue a certificate that lists mx2.example.com, reload the mail service there, and show "
        "it also to clients that send no SNI.");
  REQUIRE(one.reporters.size() == 1);
  CHECK(one.reporters[0] == "webmail.example");
  CHECK(one.others.empty());
  CHECK(one.noted == 4);
  CHECK(one.failed_at_least == 6);
  CHECK(one.without_reason == 2);
  REQUIRE(one.evidence.size() == 1);
  CHECK(to_text(one.evidence[0]) == "4d3e25ebd7d81a947fea79161e3fe302");
}

TEST_CASE("AG-43: a ledger that was stored is read") {
  tlsrpt::ledger ledger;
  REQUIRE(ledger.read(lines_of_sample).has_value());
  CHECK(written(ledger) == lines_of_sample);
  std::string newer(lines_of_sample);
  newer.replace(newer.find("1,"), 1, "2");
  CHECK(tlsrpt::ledger().read(newer).error().code == tlsrpt::errc::ledger_options_differ);
}

TEST_CASE("ledgers of all sample reports are read as they are written") {
  tlsrpt::report_parser<> parser;
  tlsrpt::ledger all;
  std::size_t reports = 0;
  for (const fs::path& folder :
       {root / "examples/reports", root / "tests/data/reports", root / "../shared/corpus"}) {
    std::error_code fault;
    for (fs::recursive_directory_iterator entry(folder, fault), end; !fault && entry != end;
         entry.increment(fault)) {
      if (!entry->is_regular_file()) continue;
      CAPTURE(entry->path().string());
      const std::string text = read_file(entry->path());
      const auto report = parser.parse(text);
      if (!report) continue;
      ++reports;
      const auto outcome = all.add(*report, {});
      CHECK((outcome || outcome.error().code == tlsrpt::errc::period_too_long));
    }
  }
  CHECK(reports > 10);
  const std::string text = written(all);
  tlsrpt::ledger read;
  const auto outcome = read.read(text);
  CHECK_MESSAGE(outcome.has_value(), outcome.error().where.offset);
  CHECK(written(read) == text);
}
