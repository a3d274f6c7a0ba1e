/// @file
/// Writes what would be sent into a folder.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DRY_RUN
#define TLSRPT_EXAMPLES_REPORTER_SEND_DRY_RUN

#include "options.hpp"

namespace reporter {

/// For each report a file in JSON and one in gzip, for each mail one more, and destinations.tsv:
/// day, domain, address, file and why nothing would be sent. Nothing is sent and nothing kept. With
/// options::day of a day that is not over, too. What is wrong with a day is said, and keeps no
/// other from being written: whether nothing was. Throws std::runtime_error.
bool dry_run(const options& options);

}  // namespace reporter

#endif
