#include "repair.hpp"

#include <algorithm>

#include "../input/mail_start.hpp"

namespace cli {

namespace {

/// Where the first header ends: at an empty line, whatever line ends are used.
std::size_t header_size(std::string_view mail) {
  std::string_view rest = mail;
  while (!rest.empty())
    if (take_line(rest).empty()) break;
  return mail.size() - rest.size();
}

/// The text with LF for CR and for any run of CRs before an LF.
std::string with_line_feeds(std::string_view text) {
  std::string changed;
  changed.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      changed += text[i];
      continue;
    }
    const std::size_t next = std::min(text.find_first_not_of('\r', i), text.size());
    if (next < text.size() && text[next] == '\n')
      i = next;
    else if (next - i > 1)
      changed.append(next - i - 1, '\n'), i = next - 1;
    changed += '\n';
  }
  return changed;
}

/// The end of the last line before an empty one, from `from` on; mail.size() when there is none.
std::size_t find_empty_line(std::string_view mail, std::size_t from) {
  for (std::size_t i = mail.find('\n', from); i != mail.npos; i = mail.find('\n', i + 1)) {
    const std::string_view next = mail.substr(i + 1, 2);
    if (next.starts_with('\n') || next == "\r\n") return i;
  }
  return mail.size();
}

}  // namespace

std::string_view prepared(std::string_view mail, std::string& changed,
                          std::vector<mail_remark>& remarks) {
  using tlsrpt::errc;
  if (has_lone_cr(mail.substr(0, header_size(mail)))) {
    remarks.push_back({errc::mail_line_ends});
    changed = with_line_feeds(mail);
    mail = changed;
  }
  const std::size_t header = header_size(mail);
  if (const std::size_t nul = mail.substr(0, header).find('\0'); nul != mail.npos) {
    remarks.push_back({errc::mail_nul_in_header, nul});
    if (changed.empty()) changed = mail;
    std::replace(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(header), '\0', ' ');
    mail = changed;
  }
  return mail;
}

bool has_lone_cr(std::string_view text) {
  for (std::size_t i = text.find('\r'); i != text.npos; i = text.find('\r', i + 1))
    if (text.substr(i + 1, 1) != "\n") return true;
  return false;
}

std::string repaired(std::string_view mail, const std::vector<std::size_t>& odd_lines) {
  std::string changed;
  std::size_t done = 0;
  std::size_t header_end = 0;  // Of the header that was changed last; looked for once for each.
  for (const std::size_t at : odd_lines) {
    if (at < done || at < header_end || at > mail.size()) continue;
    (changed += mail.substr(done, at - done)) += '\n';
    done = at;
    header_end = find_empty_line(mail, at);
  }
  changed += mail.substr(done);
  return has_lone_cr(changed) ? with_line_feeds(changed) : changed;
}

}  // namespace cli
