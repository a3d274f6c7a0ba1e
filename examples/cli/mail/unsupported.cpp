#include "mail.hpp"

// What is built where there is no GMime.

namespace cli {

mail_contents read_mail(std::string_view) { return {.refused = tlsrpt::errc::no_mail_support}; }

std::optional<other_content> next_content(mail_part&, bool) { return {}; }

}  // namespace cli
