/// What the tests of whole mails share: mails made of lines, and what is found in one.

#ifndef TLSRPT_TESTS_MAIL_MAILS
#define TLSRPT_TESTS_MAIL_MAILS

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/mail.hpp>

namespace mails {

inline constexpr std::string_view text =
    R"({"organization-name":"Sender","date-range":{},"report-id":"1","policies":[]})";

inline std::string base64(std::string_view octets) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < octets.size() ? static_cast<unsigned char>(octets[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      encoded += i + j > octets.size() ? '=' : alphabet[bits >> (18 - 6 * j) & 0x3f];
    if (i % 57 == 54) encoded += '\n';
  }
  return encoded + '\n';
}

/// A part that was found, in words: "2.1 report application/tlsrpt+json name.json", and its content
/// when it is a candidate.
struct found_part {
  std::string what, content;
  bool operator==(const found_part&) const = default;
};

template <class Write>
std::string written(Write&& write) {
  std::string out;
  write(out);
  return out;
}

inline std::string words_for(const tlsrpt::mail_part_view& part) {
  std::string words = written([&](auto& out) { part.path_to(out); });
  (words += ' ') += name(part.kind());
  const std::string type = written([&](auto& out) { part.media_type_to(out); });
  const std::string file = written([&](auto& out) { part.file_name_to(out); });
  if (!type.empty()) (words += ' ') += type;
  if (!file.empty()) (words += ' ') += file;
  if (part.is_returned()) words += " returned";
  return words;
}

struct contents {
  tlsrpt::errc error = tlsrpt::errc::ok;
  tlsrpt::mail_claim claim = tlsrpt::mail_claim::none;
  tlsrpt::errc shortage = tlsrpt::errc::ok;
  std::vector<found_part> parts{};
  std::string findings{};  ///< Names, each once.

  /// The contents of the candidates.
  std::vector<std::string> candidates() const {
    std::vector<std::string> found;
    for (const found_part& part : parts)
      if (!part.content.empty()) found.push_back(part.content);
    return found;
  }
};

inline void note(std::string& findings, tlsrpt::errc code) {
  const std::string word(name(code));
  if ((' ' + findings + ' ').find(' ' + word + ' ') != std::string::npos) return;
  if (!findings.empty()) findings += ' ';
  findings += word;
}

inline void read_into(contents& read, const tlsrpt::result<tlsrpt::mail_view>& mail) {
  const auto sink = [&read](const tlsrpt::diagnostic& d) { note(read.findings, d.code); };
  read.error = mail.error().code;
  if (!mail) return;
  std::string buffer;
  std::size_t candidates = 0, others = 0;
  for (const tlsrpt::mail_part_view part : mail->parts()) {
    found_part found{words_for(part), {}};
    ++(part.is_candidate() ? candidates : others);
    if (!part.is_candidate()) {
      read.parts.push_back(found);
      continue;
    }
    const auto content = part.decode(buffer, sink);
    REQUIRE(content);
    if (part.kind() != tlsrpt::part_kind::mail) {
      found.content = *content;
      read.parts.push_back(found);
      continue;
    }
    read.parts.push_back(found);
    const std::string decoded(*content);
    const std::string_view inside = decoded;
    read_into(read, part.read_inside(inside, sink));
  }
  for (const tlsrpt::mail_part_view part : mail->candidates()) {
    CHECK(part.is_candidate());
    --candidates;
  }
  for (const tlsrpt::mail_part_view part : mail->passed_over()) {
    CHECK_FALSE(part.is_candidate());
    --others;
  }
  CHECK(candidates == 0);
  CHECK(others == 0);
}

/// All that is found in a mail and in the mails inside it.
inline contents read(std::string_view octets) {
  contents all;
  const auto mail = tlsrpt::read_mail(
      octets, [&all](const tlsrpt::diagnostic& d) { note(all.findings, d.code); });
  read_into(all, mail);
  all.error = mail.error().code;
  if (mail) {
    all.claim = mail->claim();
    all.shortage = mail->shortage();
  }
  return all;
}

inline constexpr std::string_view header =
    "From: TLS Reports <tls@sender.example>\n"
    "To: tls@example.com\n"
    "Subject: Report Domain: example.com Submitter: sender.example\n"
    " Report-ID: <1@sender.example>\n"
    "TLS-Report-Domain: example.com\n"
    "TLS-Report-Submitter: sender.example\n"
    "MIME-Version: 1.0\n";
inline constexpr std::string_view human = "Content-Type: text/plain\n\nThis is a report.\n";

/// A part with this type and this encoding.
inline std::string part(std::string_view type, std::string_view encoding, std::string_view body,
                        std::string_view fields = {}) {
  std::string whole = "Content-Type: " + std::string(type) + '\n' + std::string(fields);
  if (!encoding.empty()) (whole += "Content-Transfer-Encoding: ") += std::string(encoding) + '\n';
  return (whole += '\n') += body;
}

inline std::string report_part() { return part("application/tlsrpt+json", "base64", base64(text)); }

inline std::string multipart(const std::vector<std::string>& parts,
                             std::string_view type = "multipart/report; report-type=tlsrpt",
                             std::string_view boundary = "b1") {
  std::string whole =
      "Content-Type: " + std::string(type) + "; boundary=\"" + std::string(boundary) + "\"\n\n";
  for (const std::string& each : parts) whole += "--" + std::string(boundary) + '\n' + each + '\n';
  return whole + "--" + std::string(boundary) + "--\n";
}

inline std::string mail(const std::vector<std::string>& parts,
                        std::string_view type = "multipart/report; report-type=tlsrpt") {
  return std::string(header) + multipart(parts, type);
}

}  // namespace mails

#endif
