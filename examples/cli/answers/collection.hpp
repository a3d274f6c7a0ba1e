/// @file
/// The reports of all inputs in one ledger.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_COLLECTION
#define TLSRPT_EXAMPLES_CLI_ANSWERS_COLLECTION

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/ledger.hpp>

namespace cli {

/// What is read, and which reports of it count.
struct collection_options {
  std::vector<std::string> paths{};
  bool strict = false;
  std::optional<tlsrpt::day> since{}, until{};  ///< Days on which a period begins.
};

struct collection {
  tlsrpt::ledger ledger{};
  std::size_t repeated = 0;     ///< Reports that were there already, each time.
  std::size_t unusable = 0;     ///< Inputs and parts; each is named on standard error.
  std::size_t not_reports = 0;  ///< Mails without a report.
};

/// Reads reports, mails and ledgers. Throws std::runtime_error when the ledger is full.
collection collect(const collection_options& options);

}  // namespace cli

#endif
