/// @file
/// `tlsrpt merge`: one ledger of many reports and ledgers.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_MERGE
#define TLSRPT_EXAMPLES_CLI_ANSWERS_MERGE

#include "collection.hpp"

namespace cli {

/// Writes the ledger to standard output. Whether all inputs were usable.
bool merge(const collection_options& options);

}  // namespace cli

#endif
