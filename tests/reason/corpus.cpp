#include <tlsrpt/reasons.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace {

using tlsrpt::reason_id;
using tlsrpt::result_type;

/// The strings that follow `"failure-reason-code":` in a text, as JSON has them.
std::set<std::string> reasons_in(std::string_view text) {
  std::set<std::string> found;
  constexpr std::string_view key = "\"failure-reason-code\"";
  for (std::size_t at = 0; (at = text.find(key, at)) != std::string_view::npos;) {
    at = text.find_first_not_of(" \t\r\n:", at + key.size());
    if (at == std::string_view::npos) break;
    if (text[at] != '"') continue;
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string_view::npos) break;
    found.insert(std::string(text.substr(at + 1, end - at - 1)));
    at = end;
  }
  return found;
}

/// Whether a text has a row at a mail host, or where a policy is fetched.
bool is_known(std::string_view text) {
  for (auto type : {result_type::validation_failure, result_type::sts_policy_fetch_error}) {
    const reason_id id = tlsrpt::match_reason(type, text).id;
    if (id != reason_id::none && id != reason_id::unknown) return true;
  }
  return false;
}

/// Texts that tests of others made up, and that mean nothing.
bool is_made_up(std::string_view text) {
  const bool is_filler = text.find_first_not_of('x') == std::string_view::npos;  // or empty
  return is_filler || text == "foo" || text == "testFailureReasonCode" ||
         text == "failure-reason-code";
}

}  // namespace

TEST_CASE("every reason in collected reports has a row, or was made up" *
          doctest::skip(!std::filesystem::exists(TLSRPT_SOURCE_ROOT "/../shared/corpus/reports"))) {
  std::size_t known = 0;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(TLSRPT_SOURCE_ROOT "/../shared/corpus")) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (const std::string& reason : reasons_in(text)) {
      INFO(file.path().string(), ": ", reason);
      known += is_known(reason);
      CHECK((is_known(reason) || is_made_up(reason)));
    }
  }
  CHECK(known >= 20);
}
