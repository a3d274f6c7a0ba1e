/// @file
/// The documents in tests/data and examples/reports: usable ones have the values that another JSON
/// reader finds and the expected diagnostics, broken ones the expected error. The same for the
/// records in tests/data.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/record.hpp>
#include <tlsrpt/report.hpp>

#include "compare.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root = TLSRPT_SOURCE_ROOT;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) (text += text.empty() ? "" : ",") += part;
  return text;
}

/// Every file of a directory but the table of what is expected.
std::set<fs::path> files_of(const fs::path& directory) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.path().extension() != ".tsv") files.insert(entry.path().lexically_normal());
  return files;
}

/// The octets that "\\t", "\\r", "\\n", "\\\\" and "\\xhh" mean in a table.
std::string unescaped(std::string_view cell) {
  std::string text;
  while (!cell.empty()) {
    const std::size_t letter = std::string_view("trn\\").find(cell.size() < 2 ? '?' : cell[1]);
    std::size_t size = 1;
    if (cell[0] != '\\') {
      text += cell[0];
    } else if (letter != std::string_view::npos) {
      text += "\t\r\n\\"[letter];
      size = 2;
    } else {
      REQUIRE(cell.substr(0, 2) == "\\x");
      const std::string digits(cell.substr(2, 2));
      text += static_cast<char>(std::strtoul(digits.c_str(), nullptr, 16));
      size = 4;
    }
    cell.remove_prefix(size);
  }
  return text;
}

std::string error_at(const tlsrpt::result<tlsrpt::record_view>& record) {
  return record ? "" : compare::at_offset(record.error().code, record.error().where);
}

}  // namespace

TEST_CASE("usable documents have the values that another reader finds") {
  // Half a surrogate pair and a number beyond binary64 are JSON, but not to nlohmann/json.
  const std::set<std::string> not_compared = {"lone-surrogate.json", "count-enormous.json"};
  std::set<fs::path> files = files_of(root / "tests/data/reports");
  files.merge(files_of(root / "examples/reports"));
  std::size_t compared = 0, values = 0, policies = 0, failures = 0;
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    const compare::examination found = compare::examine(compare::read_file(file));
    CHECK(name(found.error.code) == "ok");
    for (const std::string& difference : found.result.differences) FAIL_CHECK(difference);
    CHECK(found.compared != not_compared.contains(file.filename().string()));
    if (found.compared) CHECK(found.result.values >= 8);
    compared += found.compared;
    values += found.result.values;
    policies += found.result.policies;
    failures += found.result.failures;
  }
  CHECK(compared == files.size() - not_compared.size());
  CHECK(compared > 150);
  CHECK(policies > 250);
  CHECK(failures > 140);
  CHECK(values > 8000);
}

TEST_CASE("usable documents have the expected diagnostics, in order") {
  const fs::path folder = root / "tests/data/reports";
  std::set<fs::path> files = files_of(folder);
  files.merge(files_of(root / "examples/reports"));
  for (const auto& row : compare::read_table(folder / "expected.tsv")) {
    CAPTURE(row.at(0));
    const fs::path file = (folder / row.at(0)).lexically_normal();
    CHECK(files.erase(file) == 1);
    CHECK(joined(compare::examine(compare::read_file(file)).notes.all) == row.at(1));
  }
  for (const fs::path& file : files) FAIL_CHECK("nothing is expected of " << file.string());
}

TEST_CASE("whoever does not accept a finding gets it as the error, at its place") {
  struct all_but {
    tlsrpt::errc refused;
    bool accepts(tlsrpt::errc code) const noexcept { return code != refused; }
  };
  std::set<fs::path> files = files_of(root / "tests/data/reports");
  files.merge(files_of(root / "examples/reports"));
  std::set<tlsrpt::errc> refused;
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    const std::string bytes = compare::read_file(file);
    tlsrpt::diagnostic_list<32> found;
    tlsrpt::report_parser<> lenient;
    REQUIRE(lenient.parse(bytes, found).has_value());
    std::set<tlsrpt::errc> tried;
    for (const tlsrpt::diagnostic& d : found) {
      if (!tried.insert(d.code).second) continue;
      CAPTURE(name(d.code));
      tlsrpt::report_parser<all_but> parser({}, all_but{d.code});
      const auto read = parser.parse(bytes);
      CHECK_FALSE(read.has_value());
      CHECK(read.error().code == d.code);
      CHECK(read.error().where == d.where);
      compare::describing_visitor visitor;
      CHECK(parser.visit(bytes, visitor).error().code == d.code);
    }
    refused.merge(tried);
  }
  CHECK(refused.size() > 40);
}

TEST_CASE("broken documents are refused with the expected code and offset, in both modes") {
  const fs::path folder = root / "tests/data/broken";
  std::set<fs::path> files = files_of(folder);
  for (const auto& row : compare::read_table(folder / "expected.tsv")) {
    CAPTURE(row.at(0));
    const fs::path file = folder / row.at(0);
    CHECK(files.erase(file.lexically_normal()) == 1);
    const std::string bytes = compare::read_file(file);
    const std::string expected = row.at(1) + '@' + row.at(2);
    tlsrpt::report_parser<> lenient;
    const auto read = lenient.parse(bytes);
    CHECK_FALSE(read.has_value());
    CHECK(compare::at_offset(read.error().code, read.error().where) == expected);
    tlsrpt::report_parser<tlsrpt::strict> strict;
    const auto read_strictly = strict.parse(bytes);
    CHECK_FALSE(read_strictly.has_value());
    // Of a document that turns out to be no report strict mode may name an earlier violation.
    if (row.at(1) != "not-a-report" || grade_of(read_strictly.error().code) == tlsrpt::grade::fatal)
      CHECK(compare::at_offset(read_strictly.error().code, read_strictly.error().where) ==
            expected);
    compare::describing_visitor visitor;
    CHECK(lenient.visit(bytes, visitor).error() == read.error());
  }
  for (const fs::path& file : files) FAIL_CHECK("nothing is expected of " << file.string());
}

TEST_CASE("records have the expected findings, errors in both modes, and endpoints") {
  // Columns: name, the TXT records of one name with " | " between them, findings, error, error in
  // strict mode, endpoints.
  std::size_t records = 0;
  for (const auto& row : compare::read_table(root / "tests/data/records/expected.tsv")) {
    CAPTURE(row.at(0));
    std::vector<std::string> texts;
    const std::string& cell = row.at(1);
    for (std::size_t at = 0, end = 0; end != std::string::npos; at = end + 3) {
      end = cell.find(" | ", at);
      texts.push_back(unescaped(cell.substr(at, end == std::string::npos ? end : end - at)));
    }
    const std::vector<std::string_view> rrset(texts.begin(), texts.end());
    compare::noting_sink notes;
    const auto record = tlsrpt::select_record(rrset, notes);
    CHECK(joined(notes.all) == row.at(2));
    CHECK(error_at(record) == row.at(3));
    CHECK(error_at(tlsrpt::select_record(rrset, tlsrpt::ignore_diagnostics{}, tlsrpt::strict{})) ==
          row.at(4));
    std::string endpoints;
    if (record)
      for (const tlsrpt::rua_view& rua : record->endpoints())
        (endpoints += endpoints.empty() ? "" : " ") += rua.target();
    CHECK(endpoints == row.at(5));
    ++records;
  }
  CHECK(records > 40);
}
