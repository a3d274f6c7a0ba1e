/// @file
/// The Date field of a mail.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_MAIL_DATE
#define TLSRPT_EXAMPLES_CLI_ANSWERS_MAIL_DATE

#include <cstdint>
#include <optional>
#include <string_view>

namespace cli {

/// The seconds since 1970 that a Date field says (RFC 5322, section 3.3). What follows its zone
/// does not matter.
std::optional<std::int64_t> read_mail_date(std::string_view date);

}  // namespace cli

#endif
