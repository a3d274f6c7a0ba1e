/// @file
/// Reports in the file: added once, whichever ways they come.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_STORE_REPORT_STORE
#define TLSRPT_EXAMPLES_COLLECTOR_STORE_REPORT_STORE

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tlsrpt/ledger.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/submission.hpp>

#include "database.hpp"

namespace collector {

/// Where a report came from, apart from its receipt.
struct origin {
  std::string peer{};  ///< An address, or nothing.
  /// Who has sent it, so far as that cannot be forged: a network, or a domain that signs. All that
  /// nobody vouches for has the same one, which is empty.
  std::string source{};
  std::optional<std::array<std::uint8_t, 32>> token{};  ///< Hashed.
};

/// A report, ready to be stored.
struct stored_report {
  tlsrpt::digest digest{};
  tlsrpt::day first{};
  std::int32_t days = 1;
  std::string about{}, reporter{}, submitter{};
  tlsrpt::trust trust = tlsrpt::trust::claimed;
  tlsrpt::channel via = tlsrpt::channel::https;
  std::int64_t received = 0;
  std::string facts{};  ///< A ledger with this report alone.
};

/// Reduces a report to what is stored besides its octets. Errors are those of ledger::add().
tlsrpt::result<void> reduce(const tlsrpt::report_view& report, const tlsrpt::receipt& receipt,
                            stored_report& to);

/// For how many days what is kept.
struct retention {
  std::int32_t raw = 90, facts = 400;
};

/// Writes to a database. What belongs together is to be put into one transaction by the caller.
class report_store {
 public:
  explicit report_store(database& db);

  /// Adds a report, or joins its receipt; whether it was there.
  bool add(const stored_report& report, std::string_view raw, const origin& from);
  /// Keeps the beginning of what could not be read. When there are too many, the oldest one of the
  /// source that has most goes, so that nobody pushes out what others have sent.
  void add_bad(std::int64_t received, const origin& from, std::string_view code,
               std::string_view octets);
  /// Counts something that happened.
  void count(tlsrpt::day day, std::string_view what, std::int64_t times);
  /// Forgets what is too old.
  void forget(tlsrpt::day today, const retention& kept);

 private:
  database& db_;
  statement find_, insert_, join_, receipts_, add_receipt_, add_bad_, bad_size_, drop_bad_, count_,
      drop_raw_, drop_facts_;
};

/// All reports whose period begins on `since` or later, in one ledger; store_error for a damaged
/// line.
tlsrpt::ledger read_ledger(database& db, tlsrpt::day since);

}  // namespace collector

#endif
