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

/// What an input is made of: anything that is read, or lines that are each a report.
enum class input_form : unsigned char { any, lines };

/// Whether all inputs were usable. `now` is the present time, seconds since 1970.
bool show(const std::vector<std::string>& paths, bool strict, output_style output, std::int64_t now,
          input_form form = input_form::any);

/// Gives all that `paths` hold to a sink.
void read_inputs(const std::vector<std::string>& paths, bool strict, std::int64_t now, sink& to,
                 input_form form = input_form::any);

/// The versions of the library and of what it uses, the inflater of gzip data among them.
std::string version_line();

}  // namespace cli

#endif
