/// @file
/// `tlsrpt show` and `tlsrpt write`: reads reports.

#ifndef TLSRPT_EXAMPLES_CLI_SHOW
#define TLSRPT_EXAMPLES_CLI_SHOW

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tlsrpt/day.hpp>

#include "output/terminal.hpp"
#include "report/sink.hpp"

namespace cli {

/// What an input is made of: anything that is read, or lines that are each a report.
enum class input_form : unsigned char { any, lines };

/// Whether all inputs were usable. `now` is the present time, seconds since 1970. Of several
/// reports text begins with the sums, and with what is to be done as of `today`: else the day after
/// the newest report.
bool show(const std::vector<std::string>& paths, bool strict, output_style output, std::int64_t now,
          std::optional<tlsrpt::day> today, input_form form = input_form::any);

/// Gives all that `paths` hold to a sink. `now` is as of reader.
void read_inputs(const std::vector<std::string>& paths, bool strict,
                 std::optional<std::int64_t> now, sink& to, input_form form = input_form::any);

/// The versions of the library and of what it uses, the inflater of gzip data among them.
std::string version_line();

}  // namespace cli

#endif
