#include "mail.hpp"

// Stands in for mail.cpp where there is no GMime.

namespace cli {

mail_contents read_mail(std::string_view) { return {.refused = mail_fault::no_mail_support}; }

std::vector<other_content> other_contents(const mail_part&, bool) { return {}; }

}  // namespace cli
