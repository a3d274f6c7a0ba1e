/// @file
/// The page of one report.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_REPORT
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_VIEWS_REPORT

#include <string>
#include <string_view>

#include <tlsrpt/report.hpp>

#include "../../store/database.hpp"
#include "lists.hpp"
#include "part.hpp"

namespace collector {

/// Writes pages of reports, with what was received beside them.
class report_writer {
 public:
  /// All are to outlive it.
  report_writer(database& db, const page_names& names, const std::string& foot,
                const page_sink& sink);

  /// Nothing where there is no such report.
  void write(const tlsrpt::digest& report);

  /// What the reporters of these reports never say, in a sentence, where that is known.
  const reporter_limits& limits() const { return limits_; }

 private:
  void add_envelope(html_page& page, const tlsrpt::ledger_entry& entry, std::int64_t id);
  void add_figures(html_page& page, const tlsrpt::ledger_entry& entry) const;
  /// What the reporter never says, as below.
  std::string_view add_text(html_page& page, const tlsrpt::digest& report, std::string_view raw);

  const page_names& names_;
  const std::string& foot_;
  const page_sink& sink_;
  statement find_, receipts_;
  tlsrpt::report_parser<> parser_;
  reporter_limits limits_{};
};

}  // namespace collector

#endif
