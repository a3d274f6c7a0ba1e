/// @file
/// What the labels of a mail say, and whether the mail was to bring reports.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_JUDGEMENT
#define TLSRPT_EXAMPLES_CLI_MAIL_JUDGEMENT

#include <string_view>

#include "mail.hpp"

namespace cli {

/// Reads the fields of a header, once for all parts of the mail.
void judge(mail_header& header);
/// Reads the labels of a part that has its place.
void judge(mail_part& part);

/// Evidence that a mail was to bring reports, weakest first.
enum class mail_claim : unsigned char {
  none,
  subject,  ///< A Subject that DMARC reports have, too (RFC 7489, section 7.2.1.1).
  label     ///< A header field, a report-type, the type or the name of a part.
};
mail_claim claim_of(const mail_contents& mail);

/// A part from which no report could be read.
struct unread_part {
  tlsrpt::evidence evidence;       ///< Why one was expected.
  bool is_something_else = false;  ///< See is_something_else().
};

/// Whether a text that gave this error is something else than a report, and not a broken one.
bool is_something_else(tlsrpt::errc code, std::string_view content);

/// Whether the part was to be a report, whatever else the mail has.
bool was_surely_to_be_report(const unread_part& part);

/// Whether the part was to be a report, so that the reader must hear of it: without a media type of
/// reports the rest of the mail decides.
bool was_to_be_report(const unread_part& part, mail_claim mail, bool mail_has_report);

}  // namespace cli

#endif
