/// @file
/// `tlsrpt advise`: what to do, from many reports.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_ADVISE
#define TLSRPT_EXAMPLES_CLI_ANSWERS_ADVISE

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "../output/terminal.hpp"
#include "collection.hpp"

namespace cli {

struct advise_options {
  collection_options from{};
  std::optional<tlsrpt::day> today{};  ///< Else the day after the newest one of a report.
  std::vector<std::string> domains{};  ///< None for all.
  std::string known{};                 ///< A file of known findings; empty for none.
  int fail_on = 0;  ///< The severity from which something is to be done; 0 for none.
};

struct advise_outcome {
  bool is_usable = true;             ///< All inputs were.
  bool has_something_to_do = false;  ///< As advise_options::fail_on says.
};

/// What reports mean together, without known findings, and at most `most` of those there are.
std::string advice_text(const collection& all, std::optional<tlsrpt::day> today, std::size_t most,
                        const output_style& output);

/// Throws std::runtime_error when the file of known findings cannot be read.
advise_outcome advise(const advise_options& options, output_style output);

}  // namespace cli

#endif
