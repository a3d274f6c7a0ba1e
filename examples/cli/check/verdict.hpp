/// @file
/// What `tlsrpt check` found out, as text.

#ifndef TLSRPT_EXAMPLES_CLI_CHECK_VERDICT
#define TLSRPT_EXAMPLES_CLI_CHECK_VERDICT

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/record.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/sts_policy.hpp>

#include "../output/remarks.hpp"
#include "../output/terminal.hpp"
#include "../report/findings.hpp"

namespace cli {

/// What came of the TXT records of one name.
struct record_verdict {
  std::string_view name;        ///< Empty when nothing says it.
  std::string_view alias;       ///< What it is an alias for, if it is one.
  std::string_view right_name;  ///< Where senders look; empty for a record that is there.
  std::span<const std::string> records;
  tlsrpt::result<tlsrpt::record_view> record;
  const findings& found;
  text_finder text_of;
  std::vector<std::string_view> to_do;  ///< In sentences.
};

/// What came of an MTA-STS policy.
struct policy_verdict {
  std::string_view text;
  tlsrpt::result<tlsrpt::sts_policy_view> policy;
  const findings& found;
};

std::string text_of(const record_verdict& verdict, const output_style& output);
std::string text_of(const policy_verdict& verdict, const output_style& output);

}  // namespace cli

#endif
