/// @file
/// `tlsrpt show` and `tlsrpt write`: reads reports.

#ifndef TLSRPT_EXAMPLES_CLI_SHOW
#define TLSRPT_EXAMPLES_CLI_SHOW

#include <cstdint>
#include <string>
#include <vector>

#include "output/terminal.hpp"
#include "report/sink.hpp"

namespace cli {

/// Whether all inputs were usable. `now` is the present time, seconds since 1970.
bool show(const std::vector<std::string>& paths, bool strict, output_style output,
          std::int64_t now);

/// Gives all that `paths` hold to a sink.
void read_inputs(const std::vector<std::string>& paths, bool strict, std::int64_t now, sink& to);

/// The versions of the library and of what it uses.
std::string version_line();

}  // namespace cli

#endif
