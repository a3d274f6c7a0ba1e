/// @file
/// The reports of all inputs in one ledger.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_COLLECTION
#define TLSRPT_EXAMPLES_CLI_ANSWERS_COLLECTION

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/result.hpp>

namespace cli {

struct entry;
struct shown_report;

/// What is read, and which reports of it count.
struct collection_options {
  std::vector<std::string> paths{};
  bool strict = false;
  std::optional<tlsrpt::day> since{}, until{};    ///< Days on which a period begins.
  std::size_t jobs = 1;                           ///< Threads that read, at least one.
  tlsrpt::trust trust = tlsrpt::trust::verified;  ///< The most that ledgers are trusted.
};

struct collection {
  tlsrpt::ledger ledger{};
  /// Reports of which nothing says a day: they are unusable, but not lost. Their day is that of
  /// 1970.
  tlsrpt::ledger undated{};
  std::size_t repeated = 0;     ///< Reports that were in another input already, each time.
  std::size_t returned = 0;     ///< Reports that came back: others received what they are about.
  std::size_t unusable = 0;     ///< Inputs and parts; each is named on standard error.
  std::size_t not_reports = 0;  ///< Mails without a report.
};

/// How a report came, as far as what is around it says.
struct arrival {
  tlsrpt::receipt receipt{};
  bool has_day = true;  ///< Whether the report, or what is around it, says which day it is about.
};
arrival arrival_of(const entry& shown, const shown_report& report);

/// Adds a report, with or without a day.
tlsrpt::result<tlsrpt::add_outcome> add(collection& to, const shown_report& report,
                                        const arrival& came);

/// Reads reports, mails and ledgers. What is there does not depend on the number of threads. Throws
/// std::runtime_error when the ledger is full.
collection collect(const collection_options& options);

/// Throws std::runtime_error in place of an error.
template <class T>
T value_of(tlsrpt::result<T> made) {
  if (!made) throw std::runtime_error(message(made.error().code).data());
  return std::move(*made);
}

}  // namespace cli

#endif
