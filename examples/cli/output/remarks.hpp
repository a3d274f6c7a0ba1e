/// @file
/// Findings and errors as text.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_REMARKS
#define TLSRPT_EXAMPLES_CLI_OUTPUT_REMARKS

#include <string>

#include <tlsrpt/diagnostic.hpp>

#include "../report/entry.hpp"
#include "../report/findings.hpp"
#include "terminal.hpp"

namespace cli {

/// Writes the findings, those of one code together, the gravest first.
void write_findings(page& out, const findings& found);

/// The same with a heading; nothing when there are none.
void write_remarks(page& out, const findings& found);

void write_error(page& out, const tlsrpt::diagnostic& error);
void write_error(page& out, const unreadable& error);

/// A line for standard error: where an unusable input is, and why it is unusable.
std::string complaint(const entry& shown);

/// One sentence.
std::string sentence(const unreadable& error);

}  // namespace cli

#endif
