/// @file
/// Text for a postmaster.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_TEXT
#define TLSRPT_EXAMPLES_CLI_OUTPUT_TEXT

#include <string>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/record.hpp>

#include "../report/entry.hpp"
#include "../report/findings.hpp"

namespace cli {

/// Ends with an empty line.
std::string text_of(const entry& shown, bool colour);
std::string text_of(const tlsrpt::record_view& record, const findings& found, bool colour);
std::string text_of(const tlsrpt::diagnostic& record_error, const findings& found, bool colour);

}  // namespace cli

#endif
