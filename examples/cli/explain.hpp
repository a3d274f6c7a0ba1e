/// @file
/// `tlsrpt explain`: says what the reason texts of senders mean.

#ifndef TLSRPT_EXAMPLES_CLI_EXPLAIN
#define TLSRPT_EXAMPLES_CLI_EXPLAIN

#include <string>
#include <vector>

#include "output/terminal.hpp"

namespace cli {

/// Explains each text: a `failure-reason-code`, a `result-type`, or the name of a cause. A single
/// "-" means the lines of standard input; what cannot be read from it is thrown as
/// std::system_error. Whether all texts are known.
bool explain(const std::vector<std::string>& arguments, output_style output);

}  // namespace cli

#endif
