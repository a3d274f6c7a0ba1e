/// @file
/// Reports as `tlsrpt write` writes them.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_REPORT_TEXT
#define TLSRPT_EXAMPLES_CLI_OUTPUT_REPORT_TEXT

#include <string>

#include <tlsrpt/model.hpp>
#include <tlsrpt/result.hpp>

namespace cli {

/// The form of a report that is written.
struct report_form {
  bool faithful = false;  ///< With the faults that it has.
  bool pretty = false;    ///< Laid out for people.
  bool gzip = false;
};

/// Writes a report in JSON, with a line end, or in gzip. The error says what it would take to read
/// it leniently.
tlsrpt::result<void> write_report_text(std::string& out, const tlsrpt::report_view& report,
                                       report_form form);

}  // namespace cli

#endif
