/// @file
/// What find_inconsistencies() reports of whole reports: no false alarm on the examples, and for
/// every report that can be read, findings that lead to their subjects.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
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

/// The element with this index in the document.
template <class View>
auto with_index(std::span<const View> views, std::uint32_t index) {
  return std::ranges::find(views, index, &View::index);
}

/// The codes of the findings, in order. Checks that they keep what consistency.hpp promises.
std::vector<errc> codes_of(const fs::path& path) {
  CAPTURE(path);
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(content_of(path));
  std::vector<errc> codes;
  if (!report) return codes;
  std::vector<std::byte> scratch(tlsrpt::scratch_size(*report));
  const tlsrpt::consistency_options options{
      .now = 1795478400, .retention = 3650LL * 86400, .scratch = scratch};
  const auto sink = [&](const tlsrpt::diagnostic& d) {
    CAPTURE(name(d.code));
    codes.push_back(d.code);
    CHECK(grade_of(d.code) <= tlsrpt::grade::warning);
    CHECK(d.code != errc::comparison_left_out);
    const tlsrpt::location& where = d.where;
    if (where.policy == tlsrpt::location::npos) {
      CHECK(where.offset == 0);
      return;
    }
    CHECK(parser.text()[where.offset] == '{');
    const auto policy = with_index(report->policies, where.policy);
    REQUIRE(policy != report->policies.end());
    if (where.failure == tlsrpt::location::npos) {
      CHECK(where.offset == policy->offset);
    } else {
      const auto failure = with_index(policy->failure_details, where.failure);
      REQUIRE(failure != policy->failure_details.end());
      CHECK(where.offset == failure->offset);
    }
    if (where.element == tlsrpt::location::npos) return;
    const auto array =
        where.member == tlsrpt::field::mx_host ? policy->mx_host : policy->policy_string;
    REQUIRE(where.element < array.size());
    CHECK(array[where.element] == d.subject);
  };
  tlsrpt::find_inconsistencies(*report, sink, options);
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

TEST_CASE("the reader and the consistency checks number policies and failure details alike") {
  const support::report_parts parts;
  const std::string failure = parts.failure();
  const std::string policy = R"({"policy":)" + parts.policy() + R"(,"summary":)" + parts.summary() +
                             R"(,"failure-details":[7,)" + failure + ",null," + failure + "]}";
  // The first three elements have no policy: a string, an empty object, and one with failures only.
  const std::string text = parts.with_policies(R"(["x",{},{"failure-details":[)" + failure + "]}," +
                                               policy + ",[]," + policy + "]");
  tlsrpt::report_parser<> parser;
  support::findings read, odd;
  const auto report = parser.parse(text, read);
  REQUIRE(report.has_value());
  tlsrpt::find_inconsistencies(*report, odd);

  const auto places = [](const support::findings& found, errc code) {
    std::vector<std::string> paths;
    for (const support::finding& f : found.all)
      if (f.code == code) paths.push_back(f.path);
    return paths;
  };
  using paths = std::vector<std::string>;
  CHECK(places(read, errc::missing_policy) == paths{"/policies/1", "/policies/2"});
  CHECK(places(read, errc::wrong_type) ==
        paths{"/policies/0", "/policies/3/failure-details/0", "/policies/3/failure-details/2",
              "/policies/4", "/policies/5/failure-details/0", "/policies/5/failure-details/2"});
  CHECK(places(odd, errc::equal_failure_details) ==
        paths{"/policies/3/failure-details/3", "/policies/5/failure-details/3"});
  CHECK(places(odd, errc::equal_policies) == paths{"/policies/5/policy"});
  for (const support::finding& f : odd.all) {
    CAPTURE(f.path);
    const bool of_failure = f.path.find("/failure-details/") != std::string::npos;
    CHECK(std::string_view(text).substr(f.offset).starts_with(of_failure ? failure : policy));
  }
  // A visitor gets the same numbers.
  struct {
    std::vector<std::uint32_t> policies{}, failures{};
    void on_report(const tlsrpt::report_head_view&) {}
    void on_policy(const tlsrpt::policy_head_view& p) { policies.push_back(p.index); }
    void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& f) {
      failures.push_back(f.index);
    }
  } visitor;
  REQUIRE(parser.visit(text, visitor).has_value());
  CHECK(visitor.policies == std::vector<std::uint32_t>{2, 3, 5});
  CHECK(visitor.failures == std::vector<std::uint32_t>{0, 1, 3, 1, 3});
}
