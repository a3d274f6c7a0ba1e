/// @file
/// Takes reports out of mails, as a mail server hands them over (RFC 8460, section 5.3).

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_MAIL
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_MAIL

#include <cstddef>
#include <string>

#include "reading.hpp"

namespace collector {

struct mail_options {
  database_file file{};       ///< The database.
  std::string maildir{};      ///< Empty for one mail on standard input.
  std::string authserv_id{};  ///< Empty when nobody authenticates.
  std::size_t own_received = 0;
  bool keeps_claimed = false;  ///< Of mails that nobody vouches for, where somebody authenticates.
  std::string domains{};
};

/// Stores the reports of one mail, or of all in a Maildir that were not taken before; those in new/
/// go to cur/. Returns when they are durable; what cannot be read is kept as bad. Throws
/// store_error when the mail has to be delivered again, std::runtime_error when it cannot be read.
void take_mail(const mail_options& options);

}  // namespace collector

#endif
