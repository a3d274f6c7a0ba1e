/// @file
/// `tlsrpt list`: a line for each report.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_LIST
#define TLSRPT_EXAMPLES_CLI_ANSWERS_LIST

#include <string>
#include <vector>

#include "../output/terminal.hpp"
#include "collection.hpp"

namespace cli {

struct list_options {
  collection_options from{};
  std::vector<std::string> domains{};    ///< Reports about any of them; none for all.
  std::vector<std::string> reporters{};  ///< By any of them, in any case: names or domains.
  bool only_failures = false;            ///< Only reports that speak of failures.
};

/// Returns whether all inputs were usable.
bool list(const list_options& options, output_style output);

}  // namespace cli

#endif
