/// @file
/// Makes the reports of the days that are over.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_MAKING
#define TLSRPT_EXAMPLES_REPORTER_SEND_REPORTS_MAKING

#include <string>
#include <vector>

#include <tlsrpt/tally.hpp>

#include "../lookup.hpp"
#include "../options.hpp"
#include "../state.hpp"
#include "days.hpp"

namespace reporter {

/// What the record of a domain says when its reports are made.
struct record_answer {
  std::vector<destination> destinations{};
  std::string fault{};         ///< Why there are none; empty when there are.
  bool is_unanswered = false;  ///< There are none since nobody answers; perhaps later.
};

/// Looks the record up. When nobody answers, what the sessions found counts.
record_answer look_up(resolver& resolver, const tlsrpt::tally& tally, const std::string& domain);

/// Makes the reports about a domain for the destinations of its record. Where none can be made,
/// `record` says why, and has no destinations any more.
std::vector<made_report> make_reports(const options& options, const tlsrpt::tally& tally,
                                      const std::string& domain, record_answer& record);

/// Makes all reports that are to be made, and keeps them. Whether that could be done. Throws
/// std::runtime_error for a day that was asked for and cannot be reported.
bool make_days(const options& options, state& state);

/// Deletes the journals of days that are over and done with. Whether all could be deleted.
bool delete_old_days(const options& options, state& state);

}  // namespace reporter

#endif
