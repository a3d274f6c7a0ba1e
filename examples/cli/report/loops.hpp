/// @file
/// Reports that may be about nothing but the delivery of reports.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_LOOPS
#define TLSRPT_EXAMPLES_CLI_REPORT_LOOPS

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/day.hpp>

#include "entry.hpp"

namespace cli {

/// Finds loops: a report is a mail, which is a session, which the next report is about, and so on
/// every day. No count is changed for it: the session may be any other mail.
class report_loops {
 public:
  /// Takes a report that counts.
  void add(const entry& shown, const shown_report& report);

  /// What may be loops, each in a sentence.
  std::vector<std::string> sentences() const;

 private:
  /// The days that a reporter has reports of, and whether it was one session on each.
  using days = std::map<tlsrpt::day, bool>;

  std::map<std::pair<std::string, std::string>, days> series_;  ///< By reporter and domain.
};

}  // namespace cli

#endif
