/// @file
/// `tlsrpt check`: looks at a TXT record, or at all TXT records of one name.

#ifndef TLSRPT_EXAMPLES_CLI_CHECK
#define TLSRPT_EXAMPLES_CLI_CHECK

#include <string>
#include <vector>

#include "findings.hpp"

namespace cli {

/// Whether senders can use what is published.
bool check(const std::vector<std::string>& records, bool strict, output_format format);

}  // namespace cli

#endif
