#include "mail_start.hpp"

#include <algorithm>

#include <tlsrpt/mail.hpp>

namespace cli {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters_of_base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

/// The first line, without its end.
std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// What follows the first line.
std::string_view after_first_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == text.npos ? std::string_view() : text.substr(end + 1);
}

/// Whether a text begins as gzip data or a JSON object do in base64.
bool is_base64_of_report(std::string_view text) {
  constexpr std::size_t least = 16;
  if (text.size() < least) return false;
  if (!text.starts_with("H4s") && (text[0] != 'e' || text[1] < 'w' || text[1] > 'z')) return false;
  const std::string_view line = first_line(text);
  return line.size() >= least && line.find_first_not_of(letters_of_base64) == line.npos;
}

/// Whether a text begins with a boundary line and the header of a part.
bool is_boundary(std::string_view text) {
  return text.starts_with("--") && is_header_field(first_line(after_first_line(text)));
}

}  // namespace

mail_kind kind_of_mail(std::string_view start) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  const bool is_mail = tlsrpt::is_mail(start);
  if (!is_mail && extent_of_emlx(start).size != 0) return mail_kind::emlx;
  if (start.starts_with(byte_order_mark)) start.remove_prefix(byte_order_mark.size());
  start.remove_prefix(std::min(start.find_first_not_of("\r\n"), start.size()));
  if (is_mail) return start.starts_with("From ") ? mail_kind::mbox : mail_kind::mail;
  return is_boundary(start) || is_base64_of_report(start) ? mail_kind::piece : mail_kind::none;
}

emlx_extent extent_of_emlx(std::string_view start) {
  constexpr std::size_t most_digits = 12;
  const std::size_t count = std::min(start.find_first_not_of(digits), start.size());
  if (count == 0 || count > most_digits) return {};
  const std::string_view line = first_line(start), mail = after_first_line(start);
  if (line.find_first_not_of(" \t", count) != line.npos || !tlsrpt::is_mail(mail)) return {};
  std::size_t size = 0;
  for (const char digit : line.substr(0, count)) size = 10 * size + std::size_t(digit - '0');
  return {start.size() - mail.size(), size};
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
