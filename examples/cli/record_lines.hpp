/// @file
/// TXT records as text: one on a line, as they are or as dig writes them.

#ifndef TLSRPT_EXAMPLES_CLI_RECORD_LINES
#define TLSRPT_EXAMPLES_CLI_RECORD_LINES

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The records in `text`, one on each line that is not empty. A line of character-strings in quotes
/// (RFC 1035, section 5.1) stands for these put together; any other is a record as it is.
std::vector<std::string> read_record_lines(std::string_view text);

}  // namespace cli

#endif
