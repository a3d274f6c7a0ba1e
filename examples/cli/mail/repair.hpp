/// @file
/// Changes mails so that GMime can read them.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_REPAIR
#define TLSRPT_EXAMPLES_CLI_MAIL_REPAIR

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail.hpp"

namespace cli {

/// The mail with LF for CR when its header has lone CRs, and with spaces for the NULs of the
/// header. The view is of `mail` or of `changed`.
std::string_view prepared(std::string_view mail, std::string& changed,
                          std::vector<mail_remark>& remarks);

/// Whether there is a CR that does not belong to CR LF.
bool has_lone_cr(std::string_view text);

/// For a mail in which nothing was found: an empty line is put before the first odd line of each
/// header, and LF for CR everywhere. `odd_lines` are the offsets of lines that are no fields.
std::string repaired(std::string_view mail, const std::vector<std::size_t>& odd_lines);

}  // namespace cli

#endif
