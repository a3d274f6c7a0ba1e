/// @file
/// The figures of the last complete day as OpenMetrics.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_OPENMETRICS
#define TLSRPT_EXAMPLES_CLI_ANSWERS_OPENMETRICS

#include <string>
#include <vector>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/summary.hpp>

namespace cli {

/// Gauges, as a ledger is no counter of a process and its days expire. Labels name these domains,
/// in normal form, the largest verified reporters, and what RFC 8460 registers; all else is
/// "other", so that no sender can make a series.
std::string openmetrics_text(const tlsrpt::summary& summary, const tlsrpt::advice& advice,
                             const std::vector<std::string>& domains);

}  // namespace cli

#endif
