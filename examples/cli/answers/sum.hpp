/// @file
/// `tlsrpt sum`: the figures of many reports.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_SUM
#define TLSRPT_EXAMPLES_CLI_ANSWERS_SUM

#include <optional>
#include <string>
#include <vector>

#include <tlsrpt/summary.hpp>

#include "../output/terminal.hpp"
#include "collection.hpp"

namespace cli {

struct sum_options {
  collection_options from{};
  std::optional<tlsrpt::day> today{};    ///< Else the day after the newest one of a report.
  std::vector<std::string> domains{};    ///< None for all.
  std::optional<tlsrpt::key_part> by{};  ///< What rows are about; else the usual.
  bool only_failures = false;            ///< Without totals.
  std::string known{};                   ///< A file of known findings; empty for none.
};

/// The parts that `--by` names, "domain,day" for example; nullopt when it is not such a list.
std::optional<tlsrpt::key_part> parts_named(const std::string& list);

/// Returns whether all inputs were usable. Throws std::runtime_error when the file of known
/// findings cannot be read.
bool sum(const sum_options& options, output_style output);

}  // namespace cli

#endif
