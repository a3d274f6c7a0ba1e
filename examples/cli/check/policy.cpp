#include "check.hpp"

#include <cstddef>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/policy_advice.hpp>
#include <tlsrpt/sts_policy.hpp>

#include "../input/files.hpp"
#include "../output/json.hpp"
#include "../report/findings.hpp"
#include "text_input.hpp"
#include "verdict.hpp"

namespace cli {

namespace {

tlsrpt::result<tlsrpt::sts_policy_view> judged(std::string_view text, bool strict,
                                               findings& found) {
  const tlsrpt::rules accepted =
      strict ? tlsrpt::rules(tlsrpt::strict{}) : tlsrpt::rules(tlsrpt::lenient{});
  auto policy = tlsrpt::parse_sts_policy(text, found, accepted);
  // The library reads every policy, since reports repeat every one.
  for (const finding& each : found.kept())
    if (policy && tlsrpt::spoils_sts_policy(each.what.code)) policy = each.what;
  return policy;
}

}  // namespace

bool check_policy(const std::string& path, bool strict, output_style output) {
  constexpr std::size_t max_policy_bytes = std::size_t{1} << 16;  // RFC 8461, section 3.3
  const text_input input = read_text(path, max_policy_bytes);
  if (input.error) return refuse(*input.error, path, output);
  findings found;
  const auto policy = judged(input.text, strict, found);
  const policy_verdict verdict{input.text, policy, found};
  write_out(output.format == output_format::json ? json_line(verdict) : text_of(verdict, output));
  return policy.has_value();
}

}  // namespace cli
