/// @file
/// Real reports and constructed ones that may not be part of the repository: when they lie beside
/// it, the library and another JSON reader must agree on them.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/policy_text.hpp>
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

TEST_CASE("B-64, B-65: the policies in the corpus are read without loss") {
  namespace fs = std::filesystem;
  const fs::path corpus = fs::path(TLSRPT_SOURCE_ROOT) / "../shared/corpus";
  if (!fs::exists(corpus / "manifest.tsv")) {
    MESSAGE("no corpus here, nothing to do");
    return;
  }
  std::size_t policies = 0, modes = 0, patterns = 0, records = 0, readable = 0;
  tlsrpt::report_parser<> parser;
  for (const auto& row : compare::read_table(corpus / "manifest.tsv")) {
    if (!row.at(0).starts_with("reports/") || !fs::exists(corpus / row[0])) continue;
    CAPTURE(row[0]);
    const std::string bytes = compare::read_file(corpus / row[0]);
    const auto report = parser.parse(bytes);
    if (!report) continue;
    for (const tlsrpt::policy_view& policy : report->policies) {
      const auto elements = policy.policy_string;
      const auto is_inside = [&](const tlsrpt::diagnostic& d) {
        if (d.where.element == tlsrpt::location::npos) return;
        REQUIRE(d.where.element < elements.size());
        REQUIRE(d.where.offset <= elements[d.where.element].size());
      };
      if (policy.policy_type.value == tlsrpt::policy_type::tlsa) {
        const auto rrset = tlsrpt::parse_tlsa_rrset(elements, is_inside);
        REQUIRE(rrset);
        std::size_t i = 0;
        for (const tlsrpt::tlsa_record_view& record : rrset->records()) {
          CHECK(record.text == elements[i++]);
          readable += record.readable();
          ++records;
        }
        CHECK(i == elements.size());
        CHECK(tlsrpt::same_tlsa_set(elements, elements));
        continue;
      }
      const auto sts = tlsrpt::parse_sts_policy(elements, is_inside);
      REQUIRE(sts);
      ++policies;
      modes += sts->mode().known();
      for (std::string_view pattern : sts->mx()) {
        ++patterns;
        CHECK(std::any_of(elements.begin(), elements.end(), [&](std::string_view line) {
          return line.find(pattern) != std::string_view::npos;
        }));
      }
      // Lines have all octets of the elements but the line ends.
      std::string lines, written;
      for (std::string_view line : sts->lines()) lines += line;
      for (std::string_view element : elements) written += element;
      for (std::string* text : {&lines, &written})
        std::erase_if(*text, [](char c) { return c == '\r' || c == '\n'; });
      CHECK(lines == written);
    }
  }
  MESSAGE(policies << " policies, " << modes << " modes, " << patterns << " mx patterns, "
                   << readable << " of " << records << " TLSA records readable");
  CHECK(modes > 0);
  CHECK(patterns > 0);
  CHECK(readable > 0);
}
