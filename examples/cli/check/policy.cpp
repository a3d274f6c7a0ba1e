#include "check.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/sts_policy.hpp>

#include "../input/files.hpp"
#include "../output/json.hpp"
#include "../report/findings.hpp"
#include "text_input.hpp"
#include "verdict.hpp"

namespace cli {

namespace {

/// Whether no sender can use a policy that has this.
bool spoils_policy(tlsrpt::errc code) {
  using tlsrpt::errc;
  constexpr errc codes[] = {errc::sts_missing_version, errc::sts_unknown_version,
                            errc::sts_missing_mode,    errc::sts_unknown_mode,
                            errc::sts_missing_max_age, errc::sts_max_age_syntax,
                            errc::sts_missing_mx};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

tlsrpt::result<tlsrpt::sts_policy_view> judged(std::string_view text, bool strict,
                                               findings& found) {
  const tlsrpt::rules accepted =
      strict ? tlsrpt::rules(tlsrpt::strict{}) : tlsrpt::rules(tlsrpt::lenient{});
  auto policy = tlsrpt::parse_sts_policy(text, found, accepted);
  // The library reads every policy, since reports repeat every one.
  for (const finding& each : found.kept())
    if (policy && spoils_policy(each.what.code)) policy = each.what;
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
