/// @file
/// Findings and errors as text.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_REMARKS
#define TLSRPT_EXAMPLES_CLI_OUTPUT_REMARKS

#include <functional>
#include <string>
#include <string_view>

#include <tlsrpt/diagnostic.hpp>

#include "../report/entry.hpp"
#include "../report/findings.hpp"
#include "../report/unreadable.hpp"
#include "terminal.hpp"

namespace cli {

/// The text that a diagnostic is about, where it can be shown; else empty.
using text_finder = std::function<std::string_view(const tlsrpt::diagnostic&)>;
inline std::string_view no_text(const tlsrpt::diagnostic&) { return {}; }

/// Writes the findings, those of one code together, the gravest first, each with its place: a caret
/// under the octet where there is a text.
void write_findings(page& out, const findings& found, const text_finder& text_of = no_text);

/// The same with a heading; nothing when there are none.
void write_remarks(page& out, const findings& found, const text_finder& text_of = no_text);

void write_error(page& out, const tlsrpt::diagnostic& error, const text_finder& text_of = no_text);
void write_error(page& out, const unreadable& error);

/// The command that helps with data that another program can unpack; empty for none. It has FILE
/// for the name, which is nothing to be put into a shell unseen.
std::string_view way_out(const tlsrpt::diagnostic& error);

/// A line for standard error: where an unusable input is, and why it is unusable.
std::string complaint(const entry& shown);

/// One sentence.
std::string sentence(const unreadable& error);

}  // namespace cli

#endif
