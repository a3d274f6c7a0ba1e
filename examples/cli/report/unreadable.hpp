/// @file
/// Inputs that cannot be read.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_UNREADABLE
#define TLSRPT_EXAMPLES_CLI_REPORT_UNREADABLE

#include <string>

namespace cli {

/// Why an input cannot be read: nothing that the library could know.
struct unreadable {
  std::string reason;
};

}  // namespace cli

#endif
