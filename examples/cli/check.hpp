/// @file
/// `tlsrpt check`: looks at a TXT record, or at all TXT records of one name.

#ifndef TLSRPT_EXAMPLES_CLI_CHECK
#define TLSRPT_EXAMPLES_CLI_CHECK

#include <string>
#include <vector>

#include "output/terminal.hpp"

namespace cli {

/// Whether senders can use what is published. A single "-" means standard input; what cannot
/// be read from it is thrown as std::system_error.
bool check(const std::vector<std::string>& arguments, bool strict, output_style output);

}  // namespace cli

#endif
