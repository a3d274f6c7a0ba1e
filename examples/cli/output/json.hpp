/// @file
/// The JSON that other programs read. Its shape stays as it is; members may be added.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_JSON
#define TLSRPT_EXAMPLES_CLI_OUTPUT_JSON

#include <string>

#include "../check/verdict.hpp"
#include "../report/entry.hpp"
#include "../report/findings.hpp"

namespace cli {

// Each is one line of ASCII: everything else is escaped, octets that are not UTF-8 become U+FFFD.

/// Adds the line of an input to a text.
void add_json_line(std::string& to, const entry& shown);
std::string json_line(const record_verdict& verdict);
std::string json_line(const policy_verdict& verdict);
std::string json_line(const unreadable& error);

}  // namespace cli

#endif
