/// @file
/// Transfer encodings, as they are and as they are labelled.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_DECODING
#define TLSRPT_EXAMPLES_CLI_MAIL_DECODING

#include <string_view>

#include "mail.hpp"

namespace cli {

/// Decodes the content of a part as its label says, and remarks on base64 that is not as it should
/// be.
void decode(mail_part& part);

/// Whether the octets begin like a report.
bool is_readable(std::string_view content);

}  // namespace cli

#endif
