#include <tlsrpt/ledger.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <tlsrpt/report.hpp>

namespace {

namespace fs = std::filesystem;

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

}  // namespace

TEST_CASE("the ledger of one report that came by signed mail") {
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(read_file(root / "examples/reports/google-failure.json"));
  REQUIRE(report.has_value());
  tlsrpt::ledger ledger;
  const tlsrpt::receipt receipt = {"webmail.example", tlsrpt::channel::mail, 1'795'497'129,
                                   "example.com"};
  CHECK(*ledger.add(*report, receipt) == tlsrpt::add_outcome::added);
  CHECK(written(ledger) ==
        R"({"_ledger":1,"reasons":1,"details":256,"elements":1024}
{"day":"2026-11-23","days":1,"digest":"4d3e25ebd7d81a947fea79161e3fe302","report-id":"2026-11-23T00:00:00Z_example.com","org":"Webmail Example Inc.","reporter":"webmail.example","trust":"verified","via":"m","seen":1795497129,"by":["webmail.example"],"about":"example.com","inferred":"example.com","flags":[],"T":[["example.com","sts","enforce","bbd1e54d0d34e753",57,0,6,0,1]],"F":[["example.com","sts","enforce","certificate-host-mismatch","mx2.example.com","192.0.2.26","x509.host_mismatch",4,0],["example.com","sts","enforce","validation-failure","mx2.example.com","192.0.2.26","-",2,0]]}
{"policy":"bbd1e54d0d34e753","kind":"sts","text":["version: STSv1","mode: enforce","mx: mx1.example.com","mx: mx2.example.com","max_age: 86400"]}
)");
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
