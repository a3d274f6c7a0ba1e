/// @file
/// Real reports and constructed ones that may not be part of the repository: when they lie beside
/// it, the library and another JSON reader must agree on them.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include <tlsrpt/report.hpp>

#include "compare.hpp"

TEST_CASE("the corpus beside the repository, if there is one") {
  namespace fs = std::filesystem;
  const fs::path corpus = fs::path(TLSRPT_SOURCE_ROOT) / "../shared/corpus";
  if (!fs::exists(corpus / "manifest.tsv")) {
    MESSAGE("no corpus here, nothing to do");
    return;
  }
  std::size_t usable = 0, values = 0;
  for (const auto& row : compare::read_table(corpus / "manifest.tsv")) {
    if (!row.at(0).starts_with("reports/") || !fs::exists(corpus / row[0])) continue;
    CAPTURE(row[0]);
    const bool is_json = row.at(2) == "yes";
    const compare::examination found = compare::examine(compare::read_file(corpus / row[0]));
    for (const std::string& difference : found.result.differences) FAIL_CHECK(difference);
    const std::string code(name(found.error.code));
    CAPTURE(code);
    if (!is_json) {
      // What lenient keeps of it broke the rules all the same.
      CHECK((found.error.code != tlsrpt::errc::ok || !found.notes.violations.empty()));
      continue;
    }
    CHECK(
        (code == "ok" || code == "not-a-report" || code == "not-an-object" || code == "too-deep"));
    usable += code == "ok";
    values += found.result.values;
  }
  MESSAGE(usable << " usable reports, " << values << " values compared");
  CHECK(usable > 0);
  CHECK(values > 20 * usable);
}
