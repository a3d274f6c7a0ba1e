/// @file
/// What the labels of a mail say, and whether the mail was to bring reports.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_JUDGEMENT
#define TLSRPT_EXAMPLES_CLI_MAIL_JUDGEMENT

#include <string_view>

#include "mail.hpp"

namespace cli {

/// Reads the fields of a header, once for all parts of the mail.
void judge(header_fields& header);
/// Reads the labels of a part that has its place.
void judge(const mail_part& part, part_labels& labels);

/// Why a part is passed over, in words.
std::string_view why_passed_over(const passed_part& part);

/// A part from which no report could be read.
struct unread_part {
  tlsrpt::evidence evidence;       ///< Why one was expected.
  bool is_something_else = false;  ///< See is_something_else().
  bool is_replaced = false;        ///< There are words in its place.
};

/// Whether a text that gave this error is something else than a report, and not a broken one.
bool is_something_else(tlsrpt::errc code);

/// Whether the part was to be a report, whatever else the mail has.
bool was_surely_to_be_report(const unread_part& part);

/// Whether the part was to be a report, so that the reader must hear of it: without a media type of
/// reports the rest of the mail decides.
bool was_to_be_report(const unread_part& part, tlsrpt::mail_claim mail, bool mail_has_report);

}  // namespace cli

#endif
