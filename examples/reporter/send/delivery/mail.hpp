/// @file
/// Hands mails to the mail server of this machine.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_MAIL
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_MAIL

#include <string>
#include <string_view>

#include <tlsrpt/endpoint.hpp>

namespace reporter {

/// What came of it.
struct mail_answer {
  tlsrpt::verdict verdict = tlsrpt::verdict::retry;
  std::string text{};  ///< For people.
};

/// What is the same for all mails.
struct mail_rules {
  std::string sendmail{};
  std::string from{};    ///< The envelope sender.
  unsigned seconds = 0;  ///< For all of it.
};

/// Runs `sendmail -i -f FROM -- TO` with the mail on standard input. Done means that the mail
/// server has taken it, and tries for itself from then on.
mail_answer send_mail(std::string_view mail, const std::string& to, const mail_rules& rules);

}  // namespace reporter

#endif
