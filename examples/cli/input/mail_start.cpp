#include "mail_start.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace cli {

namespace {

constexpr std::string_view mbox_mark = "From ";

/// Fields of which a mail has at least one, in lower case.
constexpr std::array<std::string_view, 28> usual_fields = {
    "arc-authentication-results",
    "arc-seal",
    "authentication-results",
    "auto-submitted",
    "content-transfer-encoding",
    "content-type",
    "contenttype",
    "date",
    "delivered-to",
    "dkim-signature",
    "envelope-to",
    "from",
    "in-reply-to",
    "list-id",
    "message-id",
    "mime-version",
    "received",
    "received-spf",
    "references",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "tls-report-domain",
    "tls-report-submitter",
    "to",
    "x-mailer",
    "x-original-to",
};

std::string_view field_name(std::string_view line) {
  std::string_view name = line.substr(0, line.find(':'));
  while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
  return name;
}

bool is_usual_field(std::string_view line) {
  std::string name(field_name(line));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::binary_search(usual_fields.begin(), usual_fields.end(), name);
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with("\r\n"))
    text.remove_prefix(2);
  else if (!text.empty())
    text.remove_prefix(1);
  return line;
}

bool is_header_field(std::string_view line) {
  constexpr std::size_t longest_name = 76;
  const std::size_t colon = line.substr(0, longest_name + 1).find(':');
  if (colon == line.npos) return false;
  const std::string_view name = field_name(line);
  // A name may have more (RFC 5322, section 2.2), but then most JSON texts would begin with
  // one.
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::string_view without_preface(std::string_view mail) {
  if (mail.starts_with(byte_order_mark)) mail.remove_prefix(byte_order_mark.size());
  mail.remove_prefix(std::min(mail.find_first_not_of("\r\n"), mail.size()));
  while (mail.starts_with(mbox_mark) || mail.starts_with(">From ")) take_line(mail);
  return mail;
}

mail_kind kind_of_mail(std::string_view start) {
  start = start.substr(0, mail_start_size);
  std::string_view header = without_preface(start);
  const bool has_mbox_line =
      header.size() != start.size() &&
      start.substr(0, start.size() - header.size()).find(mbox_mark) != start.npos;
  const std::string_view first = header.substr(0, header.find_first_of("\r\n"));
  if (!is_header_field(first)) return mail_kind::none;
  while (!header.empty()) {
    const std::string_view line = take_line(header);
    if (line.empty()) break;
    if (is_header_field(line) && is_usual_field(line))
      return has_mbox_line ? mail_kind::mbox : mail_kind::mail;
  }
  return mail_kind::none;
}

}  // namespace cli
