/// @file
/// Text for a postmaster.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_TEXT
#define TLSRPT_EXAMPLES_CLI_OUTPUT_TEXT

#include <set>
#include <string>

#include <tlsrpt/vocabulary.hpp>

#include "../report/entry.hpp"
#include "terminal.hpp"

namespace cli {

/// The result types whose meaning has been explained.
using explained_types = std::set<tlsrpt::result_type>;

/// Ends with an empty line. The meaning of a result type is explained once, unless the output is
/// verbose: then in each report.
std::string text_of(const entry& shown, const output_style& output, explained_types& explained);

}  // namespace cli

#endif
