/// @file
/// The policies of a domain in words.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_POLICY_TEXT
#define TLSRPT_EXAMPLES_CLI_OUTPUT_POLICY_TEXT

#include <string>

#include <tlsrpt/model.hpp>
#include <tlsrpt/sts_policy.hpp>

#include "terminal.hpp"

namespace cli {

/// Writes what an MTA-STS policy says and what that means for mail; labels have `indent` columns.
void write_sts_policy(page& out, const tlsrpt::sts_policy_view& policy, std::size_t indent);

/// Writes the policy that a report repeats, as its sender saw it. Nothing for one that is not
/// repeated.
void write_policy_string(page& out, const tlsrpt::policy_head_view& policy, std::size_t indent);

}  // namespace cli

#endif
