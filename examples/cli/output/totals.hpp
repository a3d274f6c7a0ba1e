/// @file
/// Sums over all inputs.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_TOTALS
#define TLSRPT_EXAMPLES_CLI_OUTPUT_TOTALS

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "../report/entry.hpp"
#include "terminal.hpp"

namespace cli {

/// Policies of different type are kept apart even for one domain: the same sessions may appear
/// under both.
class totals {
 public:
  void add(const entry& shown);
  void add_unusable() { ++unusable_; }

  /// Whether there was nothing that could not be used, not even a part of a report.
  bool are_all_usable() const { return unusable_ == 0 && partial_ == 0; }
  std::string text(const output_style& output) const;

 private:
  struct row {
    std::size_t reports = 0, last_report = 0;
    std::uint64_t successful = 0, failed = 0;
  };

  void add(const shown_report& shown);
  std::string counts() const;
  void write_table(page& out) const;

  std::map<std::pair<std::string, std::string>, row> rows_;  ///< By domain and policy type.
  std::size_t reports_ = 0, partial_ = 0, repeated_ = 0, returned_ = 0, unusable_ = 0;
  std::size_t mails_without_report_ = 0, dmarc_ = 0;
  std::size_t lost_ = 0;  ///< Unusable ones: mails whose report was taken out.
};

}  // namespace cli

#endif
