/// @file
/// `tlsrpt check`: looks at the TXT records of a name, or at an MTA-STS policy.

#ifndef TLSRPT_EXAMPLES_CLI_CHECK_CHECK
#define TLSRPT_EXAMPLES_CLI_CHECK_CHECK

#include <string>
#include <vector>

#include "../output/terminal.hpp"

namespace cli {

/// Whether senders can use what is published. A single "-" means standard input.
bool check_records(const std::vector<std::string>& arguments, bool strict, output_style output);

/// Whether senders can use the policy in a file; "-" means standard input.
bool check_policy(const std::string& path, bool strict, output_style output);

}  // namespace cli

#endif
