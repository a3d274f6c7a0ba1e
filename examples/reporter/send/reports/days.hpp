/// @file
/// The days that tlsrpt-tallyd counted, and their reports.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_DAYS
#define TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_DAYS

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/tally.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/uri_scheme.hpp>

namespace reporter {

/// The journals of one day, in one folder: 2026-11-23.journal, and those of other machines, such as
/// 2026-11-23.mta2.journal.
struct day_journals {
  tlsrpt::day day{};
  std::vector<std::string> paths{};
  std::int64_t octets = 0;
};

/// Days so long ago get no reports any more, and what is kept about them is deleted.
inline constexpr std::int32_t days_kept = 8;

/// All days with a journal, in order; read_day() says when something else has its name. Throws
/// std::filesystem::filesystem_error.
std::vector<day_journals> find_days(const std::string& folder);

/// Whether a day is over and its journal complete: ten minutes after its end.
bool is_sealed(tlsrpt::day day, std::int64_t now);

/// Adds up the journals of a day. What a crash cut, and what is there twice, is left out, and said
/// on standard error. Throws std::runtime_error.
tlsrpt::tally read_day(const day_journals& journals);

/// Where a report goes.
struct destination {
  std::string address{};  ///< A mail address, or a URL.
  tlsrpt::uri_scheme scheme = tlsrpt::uri_scheme::mailto;
  std::string fault{};  ///< Why nothing is sent there; empty when something is.
};

/// The endpoints of a record (RFC 8460, section 3).
std::vector<destination> read_destinations(const tlsrpt::record_view& record);

/// A report, ready to go.
struct made_report {
  std::string id{};         ///< report-id
  std::string file_name{};  ///< See tlsrpt::write_file_name().
  std::string json{}, gzip{};
  std::string cut_gzip{};            ///< With fewer details; empty when it has none to lose.
  std::vector<std::string> mails{};  ///< For each destination; empty for those that take none.
};

/// Who reports, and how.
struct report_style {
  tlsrpt::reporter_identity identity{};
  std::size_t most_octets = 0;  ///< Of a compressed report.
  std::int64_t date = 0;        ///< Of mails.
};

/// The reports of a tally about a domain: one, or several when it would be larger even with fewer
/// details. Throws std::runtime_error with why there can be none, and std::bad_alloc.
std::vector<made_report> make_reports(const tlsrpt::tally& tally, std::string_view domain,
                                      const report_style& style,
                                      const std::vector<destination>& destinations);

}  // namespace reporter

#endif
