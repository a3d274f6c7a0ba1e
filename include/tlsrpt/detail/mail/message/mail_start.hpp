/// @file
/// Recognises a mail by how its header begins.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_MAIL_START
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_MAIL_START

#include <string_view>

#include <tlsrpt/detail/mail/message/lines.hpp>
#include <tlsrpt/detail/text/fold.hpp>

namespace tlsrpt::detail {

/// Fields of which a mail has at least one.
inline constexpr std::string_view usual_fields[] = {
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

constexpr bool is_usual_field(std::string_view name) noexcept {
  for (std::string_view usual : usual_fields)
    if (equals_folded(name, usual)) return true;
  return false;
}

/// Whether `start` begins like a mail: a header with at least one usual field, whatever may precede
/// it.
constexpr bool begins_like_mail(std::string_view start) noexcept {
  start.remove_prefix(preface_size(start));
  for (std::size_t at = 0; at < start.size();) {
    const message_line line = line_at(start, at);
    const std::size_t name = find_field_start(line.text).name;
    if (line.text.empty() || begins_with_dashes(line.text) || (at == 0 && name == 0)) return false;
    if (name != 0 && is_usual_field(line.text.substr(0, name))) return true;
    at = line.next;
  }
  return false;
}

}  // namespace tlsrpt::detail

#endif
