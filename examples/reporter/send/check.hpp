/// @file
/// Looks at what tlsrpt-send needs.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_CHECK
#define TLSRPT_EXAMPLES_REPORTER_SEND_CHECK

#include <ostream>

#include "options.hpp"

namespace reporter {

/// Writes a line for each thing that is missing or odd, and for what was found. Whether nothing is
/// missing.
bool check_setup(const options& options, std::ostream& out);

}  // namespace reporter

#endif
