/// @file
/// What tlsrpt::check() says of whole reports: no false alarm on the examples, and for every report
/// that can be read, findings that lead to what they speak of.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <tlsrpt/consistency.hpp>
#include <tlsrpt/report.hpp>

#include "support.hpp"

namespace {

namespace fs = std::filesystem;
using tlsrpt::errc;

const fs::path root = TLSRPT_SOURCE_ROOT;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The codes of the findings, in order. Checks that they keep what check.hpp promises.
std::vector<errc> codes_of(const fs::path& path) {
  CAPTURE(path);
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(content_of(path));
  std::vector<errc> codes;
  if (!report) return codes;
  std::vector<std::uint64_t> room(tlsrpt::check_room(*report));
  const tlsrpt::check_options options{
      .now = 1795478400, .retention = 3650LL * 86400, .text = parser.text(), .room = room};
  const auto sink = [&](const tlsrpt::diagnostic& d) {
    CAPTURE(name(d.code));
    codes.push_back(d.code);
    CHECK(grade_of(d.code) <= tlsrpt::grade::warning);
    CHECK(d.code != errc::comparison_left_out);
    if (d.where.offset != 0) {
      CHECK(parser.text().substr(d.where.offset, d.subject.size()) == d.subject);
    }
    const tlsrpt::location& where = d.where;
    if (where.policy == tlsrpt::location::npos) return;
    REQUIRE(where.policy < report->policies.size());
    const tlsrpt::policy_view& policy = report->policies[where.policy];
    if (where.failure != tlsrpt::location::npos)
      CHECK(where.failure < policy.failure_details.size());
    if (where.element == tlsrpt::location::npos) return;
    const auto array =
        where.member == tlsrpt::field::mx_host ? policy.mx_host : policy.policy_string;
    REQUIRE(where.element < array.size());
    CHECK(array[where.element] == d.subject);
  };
  tlsrpt::check(*report, sink, options);
  return codes;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder))
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      files.push_back(entry.path());
  return files;
}

}  // namespace

TEST_CASE("the examples: nothing odd but what is odd about them") {
  const std::map<std::string, std::vector<errc>> expected = {
      {"google-failure.json",
       {errc::documentation_sending_address, errc::documentation_sending_address}},
      {"mail.ru-fetch-error.json", {errc::details_above_total}},
      {"microsoft-sts-and-tlsa.json", {errc::overlapping_totals}},
      {"rfc-structure.json", std::vector<errc>(3, errc::documentation_sending_address)},
  };
  std::size_t found = 0;
  for (const fs::path& path : files_in(root / "examples/reports")) {
    CAPTURE(path);
    const auto row = expected.find(path.filename().string());
    CHECK(codes_of(path) == (row == expected.end() ? std::vector<errc>() : row->second));
    found += row != expected.end();
  }
  CHECK(found == expected.size());
}

TEST_CASE(
    "findings in the fixtures, and in the corpus beside the repository, lead to their place") {
  std::set<errc> seen;
  std::size_t reports = 0;
  for (const char* folder : {"tests/data/reports", "../shared/corpus/reports"})
    for (const fs::path& path : files_in(root / folder)) {
      for (errc code : codes_of(path)) seen.insert(code);
      ++reports;
    }
  CHECK(reports > 50);
  CHECK(seen.size() > 5);
}
