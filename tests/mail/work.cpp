/// Reading hostile mails is linear work. The compiler counts: it calls this program from each basic
/// block, and what the C library looks through is added octet by octet, so that the result does not
/// depend on how busy a machine is.

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tlsrpt/mail.hpp>

#if defined(__clang__)
#define IS_NOT_COUNTED __attribute__((no_sanitize("coverage")))
#else
#define IS_NOT_COUNTED __attribute__((no_sanitize_coverage))
#endif

namespace {

std::uint64_t work = 0;

}  // namespace

// Called by what the compiler and the linker insert.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
void __sanitizer_cov_trace_pc();
const void* __real_memchr(const void* text, int c, std::size_t size);
const void* __wrap_memchr(const void* text, int c, std::size_t size);

IS_NOT_COUNTED void __sanitizer_cov_trace_pc() { ++work; }

IS_NOT_COUNTED const void* __wrap_memchr(const void* text, int c, std::size_t size) {
  const void* const found = __real_memchr(text, c, size);
  work += found == nullptr ? size
                           : static_cast<std::size_t>(static_cast<const char*>(found) -
                                                      static_cast<const char*>(text));
  return found;
}
// NOLINTEND(bugprone-reserved-identifier)
}

namespace {

/// A mail that is mostly one piece, many times, or two.
struct shape {
  const char* name;
  std::string_view front, piece, back = "", other_piece = "", end = "";
};

constexpr std::string_view mixed = "From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n",
                           words = "From: a@b\nContent-Type: text/plain\n\n",
                           html = "From: a@b\nContent-Type: text/html\n\n<html>",
                           base64 =
                               "From: a@b\nContent-Type: application/tlsrpt+gzip\n"
                               "Content-Transfer-Encoding: base64\n\nH4sIAAAAAAAA",
                           quoted =
                               "From: a@b\nContent-Type: application/tlsrpt+json\n"
                               "Content-Transfer-Encoding: quoted-printable\n\n{=22a=22:",
                           body = "\n\n--b\n\n{}\n--b--\n";

constexpr shape shapes[] = {
    {"parts", mixed, "--b\n\n{}\n"},
    {"parts without anything", mixed, "--b\n"},
    {"parts that are mails", mixed, "--b\nContent-Type: message/rfc822\n\nSubject: a\n\n{}\n"},
    {"parts that close", mixed, "--b\n\n{}\n--b--\n"},
    {"parts with names", mixed,
     "--b\nContent-Disposition: a; filename*0=a; filename*1=.json\n\n{}\n"},
    {"multiparts in each other", mixed, "--b\nContent-Type: multipart/mixed; boundary=b\n\n"},
    {"multiparts of one boundary", mixed,
     "--b\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\n{}\n--b--\n"},
    {"mails in each other", "From: a@b\n", "Content-Type: message/rfc822\n\nFrom: a@b\n"},
    {"unlabelled mails in each other", "", "From: a@b\n\n"},
    {"boundaries that nobody declared", words, "--c\nContent-Type: text/plain\n\n{}\n"},
    {"boundaries that nobody declared, in parts", mixed,
     "--b\n\n--c\nContent-Type: text/plain\n\n{}\n"},
    {"dashes", mixed, "--"},
    {"lines of dashes", mixed, "--\n"},
    {"nearly boundaries", mixed, "--bb\n"},
    {"boundaries with whitespace", mixed, "--b    c\n"},
    {"a boundary of many words", "Content-Type: multipart/mixed; boundary=\"", "b c ",
     "\"\n\n--b\n\n{}"},
    {"a boundary in sections", "Content-Type: multipart/mixed", "; boundary*0=b", "\n\n--b\n\n{}"},
    {"a header of many fields", "", "Subject: a\n"},
    {"a header of types", "", "Content-Type: text/plain; name=a\n", body},
    {"a header of lines that are no fields", "From: a@b\n", "!\n", body},
    {"a folded field", "From: a@b\nSubject: a", "\n b", body},
    {"a folded type", "Content-Type: multipart/mixed; boundary=b", ";\n\ta=b", body},
    {"a header of blank lines", "From: a@b\n", " \n", body},
    {"a header of carriage returns", "From: a@b\r", "\r", body},
    {"a header of confused line ends", "From: a@b\r\r\n", "Subject: a\r\r\n", body},
    {"comments", "Content-Type: multipart/mixed", "(a)", "; boundary=b\n\n--b\n\n{}"},
    {"comments in each other", "Content-Type: multipart/mixed", "(", "; boundary=b\n\n--b\n\n{}"},
    {"backslashes", "Content-Type: multipart/mixed; boundary=\"", "\\\"", "\"\n\n--b\n\n{}"},
    {"quotation marks", "Content-Type: multipart/mixed; boundary=b", ";a=\"", "\n\n--b\n\n{}"},
    {"escaped quotation marks", "Content-Type: a/b; name=b", ";a=\"\\\"", "\n\n{}"},
    {"equals signs", "Content-Type: a/b; ", "=", "\n\n{}"},
    {"parameters", "Content-Type: a/b", ";name=a", "\n\n{}"},
    {"sections of a name", "Content-Type: a/b", ";name*0=a;name*1=b", "\n\n{}"},
    {"sections in no order", "Content-Type: a/b", ";name*9=a;name*1=b;name*0=c", "\n\n{}"},
    {"encoded words", "Subject: ", "=?utf-8?q?a?= ", "\n\n{}"},
    {"beginnings of encoded words", "Subject: ", "=?", "\n\n{}"},
    {"nearly encoded words", "Subject: ", "=?utf-8?q?a", "\n\n{}"},
    {"encoded words in a name", "Content-Disposition: a; filename=\"",
     "=?utf-8?b?YQ==?= ", "\"\n\n{}"},
    {"a preface", "", ">From a\n", "From: a@b\n\n{}"},
    {"empty lines before", "", "\n", "From: a@b\n\n{}"},
    {"uuencoded files", words, "begin 644 a.json\n#>R)A\nend\n"},
    {"beginnings of uuencoded files", words, "begin 644 a.json\n"},
    {"lines of uuencoded data", "From: a@b\n\nbegin 644 a.json\n#>R)A\n", "#>R)A\n"},
    {"uuencoded files that hold something else", words, "begin 644 a\n#04%!\nend\n"},
    {"uuencoded files under a long type", "From: a@b\nContent-Type: text/plain", ";name=c", "\n\n",
     "begin 644 a.json\n#>R)A\nend\n"},
    {"parts of a long type", "From: a@b\nContent-Type: multipart/mixed; boundary=b", "; c=d",
     "\n\n", "--b\n\n{}\n"},
    {"parts of a type after long comments", "From: a@b\nContent-Type: ", "(c)",
     "multipart/mixed; boundary=b\n\n", "--b\n\n{}\n"},
    {"parts of a long report-type",
     "From: a@b\nContent-Type: multipart/report; boundary=b; report-type=\"", "c ", "\"\n\n",
     "--b\n\n{}\n"},
    {"parts of a long boundary", "From: a@b\nContent-Type: multipart/report; boundary=\"", "b",
     "\"\n\n", "--bbbb\n\n{}\n"},
    {"parts of a long header", "From: a@b\nSubject: ", "c",
     "\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\n{}\n"},
    {"parts of many fields", "From: a@b\n", "To: c@d\n",
     "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\n{}\n"},
    {"base64", base64, "AAAA"},
    {"lines of base64", base64, "AAAA\r\n"},
    {"padding", base64, "="},
    {"padding and words", base64, "=A"},
    {"no base64", base64, "!"},
    {"quoted-printable", quoted, "=41"},
    {"soft line breaks", quoted, "=\n"},
    {"whitespace", quoted, " "},
    {"whitespace before a report", words, " \n", "{}"},
    {"quoting", words, "> "},
    {"quoted objects", words, "> {\"a\":1}\n"},
    {"nearly objects", words, "{ a\n"},
    {"braces", words, "{"},
    {"tags", html, "<p>", "date-range"},
    {"beginnings of tags", html, "<", "date-range"},
    {"comments in HTML", html, "<!--", "date-range"},
    {"entities", html, "&amp;", "{\"date-range\":1}"},
    {"nearly entities", html, "&", "{\"date-range\":1}"},
    {"marks of PGP", words, "-----BEGIN PGP MESSAGE-----\n"},
    {"strings of CMS in each other",
     "From: a@b\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
     "MIAGCSqGSIb3DQEHAqCAMIACAQExADCABgkqhkiG9w0BBwGggCSA",
     "JIAk", "BAE="},
    {"strings of CMS",
     "From: a@b\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
     "MIAGCSqGSIb3DQEHAqCAMIACAQExADCABgkqhkiG9w0BBwGggCSA",
     "BAFh"},
    {"nothing signed",
     "From: a@b\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
     "MIAGCSqGSIb3DQEHAqCAMIACAQExADCABgkqhkiG9w0BBwGggCSA",
     "BAAE"},
};

IS_NOT_COUNTED std::string make(const shape& of, std::size_t size) {
  std::string mail(of.front);
  const std::size_t first = of.other_piece.empty() ? size : size / 2;
  while (mail.size() < first) mail += of.piece;
  mail += of.back;
  while (mail.size() < size) mail += of.other_piece;
  return mail += of.end;
}

/// Reads a mail in every way, and the mails in it.
void read_all(const tlsrpt::result<tlsrpt::mail_view>& mail) {
  if (!mail) return;
  std::string buffer, texts;
  const auto sink = [](const tlsrpt::diagnostic&) {};
  for (const tlsrpt::header_field field : mail->header().fields()) field.decode_to(texts);
  for (const tlsrpt::mail_part_view part : mail->candidates()) {
    texts.clear();
    part.path_to(texts);
    part.media_type_to(texts);
    part.file_name_to(texts);
    part.wrapper_type_to(texts);
    part.report_type_to(texts);
    const auto content = part.decode(buffer, sink);
    if (!content || part.kind() != tlsrpt::part_kind::mail) continue;
    const std::string inside(*content);
    read_all(part.read_inside(std::string_view(inside), sink));
  }
  for (const tlsrpt::mail_part_view part : mail->passed_over()) part.path_to(texts);
}

std::uint64_t work_for(const shape& of, std::size_t size) {
  const std::string mail = make(of, size);
  const auto sink = [](const tlsrpt::diagnostic&) {};
  work = 0;
  const auto read = tlsrpt::read_mail(std::string_view(mail), sink);
  read_all(read);
  return work;
}

}  // namespace

TEST_CASE("hostile mails take work in proportion to their size") {
  constexpr std::size_t size = 40'000;
  for (const shape& each : shapes) {
    const std::string_view about = each.name;
    CAPTURE(about);
    const std::uint64_t once = work_for(each, size), twice = work_for(each, 2 * size);
    CHECK(once > 100);
    CHECK(twice < once * 21 / 10);
  }
}
