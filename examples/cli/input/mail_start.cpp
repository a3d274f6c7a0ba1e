#include "mail_start.hpp"

#include <algorithm>

#include <tlsrpt/mail.hpp>

namespace cli {

mail_kind kind_of_mail(std::string_view start) {
  if (!tlsrpt::is_mail(start)) return mail_kind::none;
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (start.starts_with(byte_order_mark)) start.remove_prefix(byte_order_mark.size());
  start.remove_prefix(std::min(start.find_first_not_of("\r\n"), start.size()));
  return start.starts_with("From ") ? mail_kind::mbox : mail_kind::mail;
}

bool is_header_field(std::string_view line) {
  constexpr std::size_t longest_name = 76;
  std::string_view name = line.substr(0, line.substr(0, longest_name + 1).find(':'));
  if (name.size() == line.size() || name.size() > longest_name) return false;
  while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
  // A name may have more (RFC 5322, section 2.2), but then most JSON texts would begin with
  // one.
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace cli
