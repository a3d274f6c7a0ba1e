#include <tlsrpt/mail.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mail/mails.hpp"

namespace {

using mails::base64;
using mails::human;
using mails::mail;
using mails::multipart;
using mails::part;
using mails::report_part;
using mails::text;
using tlsrpt::errc;

const std::string report(text);

/// A text with its lines ended by the digits of `number`, the last first.
std::string with_line_ends(const std::vector<std::string>& lines, std::size_t number) {
  constexpr std::array<std::string_view, 3> ends = {"\r\n", "\n", "\r"};
  std::string whole;
  for (const std::string& line : lines) {
    (whole += line) += ends[number % ends.size()];
    number /= ends.size();
  }
  return whole;
}

std::size_t power_of_3(std::size_t exponent) {
  return exponent == 0 ? 1 : 3 * power_of_3(exponent - 1);
}

std::string replaced(std::string whole, std::string_view from, std::string_view to) {
  const std::size_t at = whole.find(from);
  REQUIRE(at != whole.npos);
  return whole.replace(at, from.size(), to);
}

/// The code for which a mail is refused by a reader that accepts all but one code.
errc refused_for(std::string_view octets, std::string_view code) {
  for (errc one : tlsrpt::all_codes())
    if (name(one) == code)
      return tlsrpt::read_mail(octets, tlsrpt::rules(tlsrpt::lenient()).without(one)).error().code;
  return errc::ok;
}

std::string all_replaced(std::string_view whole, std::string_view from, std::string_view to) {
  std::string changed;
  for (std::size_t at = 0;;) {
    const std::size_t found = whole.find(from, at);
    changed += whole.substr(at, found - at);
    if (found == whole.npos) return changed;
    changed += to;
    at = found + from.size();
  }
}

}  // namespace

TEST_CASE("a mail without parts, and a part without content, are constants") {
  constexpr tlsrpt::mail_view nothing{};
  constexpr tlsrpt::mail_part_view part{};
  static_assert(nothing.text().empty() && nothing.claim() == tlsrpt::mail_claim::none);
  static_assert(nothing.shortage() == errc::ok && nothing.header().text().empty());
  static_assert(part.raw().empty() && part.kind() == tlsrpt::part_kind::other);
  CHECK(nothing.parts().empty());
}

TEST_CASE("line ends of every kind, in every order, lose nothing") {
  // The content has whitespace at its end, of which none may go.
  const std::vector<std::string> flat = {"From: a@example.com",
                                         "Content-Type: multipart/mixed; boundary=b",
                                         "",
                                         "--b",
                                         "Content-Type: application/tlsrpt+json",
                                         "",
                                         "{\"a\":1} ",
                                         "--b--"};
  for (std::size_t i = 0; i < power_of_3(flat.size()); ++i) {
    const auto found = mails::read(with_line_ends(flat, i)).candidates();
    REQUIRE(found == std::vector<std::string>{"{\"a\":1} "});
  }
  const std::vector<std::string> nested = {"Content-Type: multipart/mixed; boundary=b",
                                           "",
                                           "--b",
                                           "Content-Type: multipart/mixed; boundary=c",
                                           "",
                                           "--c",
                                           "",
                                           "{\"a\":1} ",
                                           "--c--",
                                           "--b--"};
  for (std::size_t i = 0; i < power_of_3(nested.size()); i += 7) {
    const auto found = mails::read(with_line_ends(nested, i)).candidates();
    REQUIRE(found == std::vector<std::string>{"{\"a\":1} "});
  }
  const std::vector<std::string> encoded = {"Content-Type: multipart/mixed;",
                                            " boundary=b",
                                            "",
                                            "--b",
                                            "Content-Transfer-Encoding: base64",
                                            "",
                                            "eyJhIjoxLCJiIjoi",
                                            "eCJ9IA",
                                            "--b",
                                            "",
                                            "x",
                                            "--b--"};
  for (std::size_t i = 0; i < power_of_3(encoded.size()); i += 101) {
    const auto found = mails::read(with_line_ends(encoded, i)).candidates();
    REQUIRE(found == std::vector<std::string>{"{\"a\":1,\"b\":\"x\"} "});
  }
}

TEST_CASE("line ends of several CRs") {
  for (const std::string& octets : {mail({std::string(human), report_part()}),
                                    mail({part("text/plain", "", "x\n"), report_part()})}) {
    const mails::contents found = mails::read(all_replaced(octets, "\n", "\r\r\n"));
    CHECK(found.candidates() == std::vector{report});
    CHECK(found.findings == "mail-line-ends");
  }
}

TEST_CASE("a usual mail") {
  const std::string octets = mail({std::string(human), report_part()});
  const mails::contents found = mails::read(octets);
  CHECK(found.error == errc::ok);
  CHECK(found.findings.empty());
  CHECK(found.claim == tlsrpt::mail_claim::label);
  CHECK(found.shortage == errc::ok);
  CHECK(found.parts ==
        std::vector<mails::found_part>{{"1 text text/plain", ""},
                                       {"2 report application/tlsrpt+json", report}});
  const std::string_view view = octets;
  const auto read = tlsrpt::read_mail(view);
  REQUIRE(read);
  CHECK(read->text() == view);
  const tlsrpt::mail_part_view second = *read->candidates().begin();
  CHECK(second.number() == 2);
  CHECK(octets.substr(second.offset(), second.raw().size()) == second.raw());
  CHECK(second.labels().evidence == tlsrpt::evidence::media_type);
  CHECK(second.encoding() == tlsrpt::transfer_encoding::base64);
  CHECK(second.header().subject().name == "Subject");
  CHECK(mails::written([&](auto& out) { second.wrapper_type_to(out); }) == "multipart/report");
  CHECK(mails::written([&](auto& out) { second.report_type_to(out); }) == "tlsrpt");
}

TEST_CASE("content that needs no decoding is a view of the mail, and the buffer is reused") {
  const std::string octets =
      mail({part("application/tlsrpt+json", "8bit", report), report_part(), report_part()});
  const std::string_view view = octets;
  const auto read = tlsrpt::read_mail(view);
  REQUIRE(read);
  std::string buffer;
  auto each = read->candidates().begin();
  const auto first = (*each).decode(buffer);
  REQUIRE(first);
  CHECK(first->data() >= view.data());
  CHECK(first->data() < view.data() + view.size());
  CHECK(buffer.empty());
  ++each;
  CHECK(*(*each).decode(buffer) == report);
  const char* const memory = buffer.data();
  ++each;
  const auto third = (*each).decode(buffer);
  CHECK(*third == report);
  CHECK(third->data() == memory);
  std::vector<std::byte> bytes;
  CHECK(*(*each).decode(bytes) == report);
}

TEST_CASE("transfer encodings, and labels that are wrong: C-35") {
  const std::string encoded = base64(report), line = all_replaced(encoded, "\n", "");
  const std::string quoted = all_replaced(report, ",", "=2C=\n") + "=\n";
  struct row {
    std::string_view label;
    std::string body;
    std::string_view findings;
  };
  const row rows[] = {
      {"", report, ""},
      {"7bit", report, ""},
      {"8bit", report, ""},
      {"binary", report, ""},
      {"x-own", report, ""},
      {"base64", encoded, ""},
      {"BASE64", encoded, ""},
      {"base64 ", encoded, ""},
      {"(a) base64 (as ever)", encoded, ""},
      {"\"base64\"", encoded, ""},
      {"base64", line, ""},
      {"base64", all_replaced(encoded, "\n", "\n\n \t"), ""},
      {"base64", all_replaced(line, "=", ""), "mail-base64-form"},
      {"base64", line.substr(0, 40) + '!' + line.substr(40), "mail-base64-form"},
      {"base64", base64(report.substr(0, 31)) + base64(report.substr(31)), "mail-base64-form"},
      {"quoted-printable", quoted, ""},
      {"Quoted-Printable", report, ""},
      {"quoted-printable", all_replaced(quoted, "=\n", "= \t\r\n"), ""},
      {"7bit", encoded, "mail-transfer-encoding"},
      {"quoted-printable", encoded, "mail-transfer-encoding"},
      {"7bit", quoted, "mail-transfer-encoding"},
      {"base64", quoted, "mail-transfer-encoding"},
      {"base64", report, "mail-transfer-encoding"},
      {"base64", base64(encoded), "mail-transfer-encoding"},
      {"x-uuencode", "begin 644 r.json\n#>R(*\n`\nend\n", ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.label);
    CAPTURE(r.body);
    const mails::contents found =
        mails::read(mail({part("application/tlsrpt+json", r.label, r.body)}));
    CHECK(found.findings == r.findings);
    REQUIRE(found.candidates().size() == 1);
    CHECK(found.candidates()[0] == (r.label == "x-uuencode" ? "{\"\n" : report));
  }
}

TEST_CASE("whitespace and foreign octets are skipped anywhere in base64") {
  const std::string encoded =
      all_replaced(base64(R"({"organization-name":"a b c d e f g"})"), "\n", "");
  const auto read = [](const std::string& body) {
    return mails::read(mail({part("application/tlsrpt+json", "base64", body)})).candidates();
  };
  const auto expected = read(encoded);
  for (std::size_t i = 0; i < encoded.find('='); ++i)
    for (std::string_view other : {"\n", "\r\n", " ", "!", "\t \n\n", "\xff"})
      CHECK(read(encoded.substr(0, i) + std::string(other) + encoded.substr(i)) == expected);
}

TEST_CASE("text after base64 is left out after padding, and read without") {
  const std::string padded = "{\"ab\":1}";  // two octets in the last group
  const std::string body = base64(padded) + "\n-- \nThis mail was scanned.\n";
  CHECK(mails::read(mail({part("application/tlsrpt+json", "base64", body)})).candidates() ==
        std::vector{padded});
  const std::string other = base64("{\"abc\":1}") + "\nScanned.\n";
  const auto found =
      mails::read(mail({part("application/tlsrpt+json", "base64", other)})).candidates();
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("{\"abc\":1}"));
}

TEST_CASE("file names: parameters, sections, encoded words") {
  struct row {
    std::string_view fields, name, findings;
  };
  const row rows[] = {
      {"Content-Disposition: attachment; filename=a!b.json\n", "a!b.json", ""},
      {"Content-Disposition: attachment; filename = \"a!b.json\" ;\n", "a!b.json", ""},
      {"Content-Disposition: attachment; filename=(x)\"a b\" (y)\n", "a b", ""},
      {"Content-Disposition: attachment; filename=a b.json; x=y\n", "a b.json", ""},
      {"Content-Disposition: attachment; filename=\"a\\\"b\\\\c\"\n", "a\"b\\c", ""},
      {"Content-Disposition: attachment;\n\tfilename*0=\"a!\";\n\tfilename*1=\"b.json\"\n",
       "a!b.json", ""},
      {"Content-Disposition: attachment; filename*1=b; filename*0=a; filename*2=c\n", "abc", ""},
      {"Content-Disposition: attachment; filename*=utf-8''a%21%C3%A9\n", "a!\xc3\xa9", ""},
      {"Content-Disposition: attachment; filename*0*=iso-8859-1'de'%E9; filename*1=%41\n",
       "\xc3\xa9%41", ""},
      {"Content-Disposition: attachment; filename=\"=?utf-8?Q?a=21b?= =?utf-8?b?Yw==?=\"\n", "a!bc",
       ""},
      {"Content-Disposition: attachment; filename=\"a!\n b.json\"\n", "a!b.json", ""},
      {"Content-Disposition: attachment; filename=\"a!b.json\n", "a!b.json", "mail-field-syntax"},
      {"Content-Disposition: attachment; filename=a; filename=b\n", "a", "mail-repeated-parameter"},
      {"Content-Type: application/json; name=a\nContent-Disposition: inline; filename=b\n", "b",
       "mail-two-file-names"},
      {"Content-Type: application/json; name=a\n", "a", ""},
      {"Content-Disposition: attachment\n", "", ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.fields);
    std::string octets = "From: a@example.com\n" + std::string(r.fields) + '\n' + report;
    const mails::contents found = mails::read(octets);
    CHECK(found.findings == r.findings);
    REQUIRE(found.parts.size() == 1);
    const std::string end = r.name.empty() ? "" : ' ' + std::string(r.name);
    CHECK(found.parts[0].what.ends_with(end));
    CHECK(found.candidates() == std::vector{report});
  }
}

TEST_CASE("the header of a mail") {
  const std::string octets =
      "Received: from a\n by b; x\nReceived: from c\n"
      "Authentication-Results: b; dkim=pass\n"
      "Subject: =?utf-8?q?R=C3=A9port?=\n =?utf-8?q?_Domain?=  x\n"
      "From: \xe9 <a@example.com>\nTo: b@example.com\nDate: now\nMessage-ID: <1@a>\n"
      "TLS-Required: No\ntls-report-DOMAIN: a.example\nTLS-Report-Domain : b.example\n"
      "TLS-Report-Submitter: c.example\n\nbody\n";
  const std::string_view view = octets;
  const auto read = tlsrpt::read_mail(view);
  REQUIRE(read);
  const tlsrpt::mail_header header = read->header();
  std::vector<std::string> received;
  for (const tlsrpt::header_field field : header.received())
    received.push_back(mails::written([&](auto& out) { field.unfold_to(out); }));
  CHECK(received == std::vector<std::string>{"from a by b; x", "from c"});
  CHECK((*header.authentication_results().begin()).value == " b; dkim=pass");
  const auto decoded = [](const tlsrpt::header_field& field) {
    return mails::written([&](auto& out) { field.decode_to(out); });
  };
  CHECK(decoded(header.subject()) == "R\xc3\xa9port Domain  x");
  CHECK(decoded(header.from()) == "\xc3\xa9 <a@example.com>");
  CHECK(decoded(header.to()) == "b@example.com");
  CHECK(decoded(header.date()) == "now");
  CHECK(decoded(header.message_id()) == "<1@a>");
  CHECK(decoded(header.tls_required()) == "No");
  std::vector<std::string> domains;
  for (const tlsrpt::header_field field : header.report_domains())
    domains.push_back(decoded(field));
  CHECK(domains == std::vector<std::string>{"a.example", "b.example"});
  CHECK(decoded(*header.report_submitters().begin()) == "c.example");
  CHECK_FALSE(header.field("X-None"));
  CHECK(header.fields("X-None").empty());
  std::size_t count = 0;
  for (const tlsrpt::header_field field : header.fields()) count += field ? 1 : 0;
  CHECK(count == 12);
}

TEST_CASE("multiparts of every kind, in each other") {
  const std::string inner =
      multipart({std::string(human), report_part()}, "multipart/mixed", "b12");
  CHECK(mails::read(mail({inner, std::string(human)}, "multipart/mixed")).parts ==
        std::vector<mails::found_part>{{"1.1 text text/plain", ""},
                                       {"1.2 report application/tlsrpt+json", report},
                                       {"2 text text/plain", ""}});
  for (std::string_view type :
       {"multipart/alternative", "multipart/related", "MULTIPART/X-OWN",
        "multipart/signed; protocol=\"application/pgp-signature\"", "multipart (a) / (b) mixed"})
    CHECK(mails::read(mail({report_part()}, type)).candidates() == std::vector{report});
}

TEST_CASE("boundaries in every spelling") {
  struct row {
    std::string_view parameter, line;
  };
  const row rows[] = {
      {"boundary=b1", "b1"},
      {"boundary=\"b1\"", "b1"},
      {"BOUNDARY = (a) \"b1\" (c)", "b1"},
      {"boundary=\"b\\1\"", "b1"},
      {"boundary=\"b\n 1\"", "b1"},
      {"boundary=b\n 1", "b1"},
      {"boundary=b 1", "b 1"},
      {"boundary=b(1)", "b(1)"},
      {"boundary*0=b; boundary*1=\"1\"", "b1"},
      {"boundary*=us-ascii'en'b%31", "b1"},
      {"boundary=b1=_x", "b1=_x"},
      {"boundary=\"b1 \"", "b1"},
      {"boundary=\"'()+_,-./:=? x\"", "'()+_,-./:=? x"},
      {"boundary=\"--\"", "--"},
      {"boundary=\"b1--\"", "b1--"},
  };
  for (const row& r : rows) {
    CAPTURE(r.parameter);
    const std::string line = "--" + std::string(r.line);
    std::string octets(mails::header);
    (octets += "Content-Type: multipart/mixed; ") += r.parameter;
    ((octets += "\n\npreamble\n") += line) += "x\n";
    (octets += line) += " \t\n" + report_part();
    ((octets += '\n') += line) += "--  \nepilogue\n";
    const mails::contents found = mails::read(octets);
    CHECK(found.findings.empty());
    CHECK(found.candidates() == std::vector{report});
    CHECK(found.parts.size() == 1);
  }
}

TEST_CASE("boundaries that are missing, wrong or not closed: QUIRKS 84") {
  const std::string usual = mail({std::string(human), report_part()});
  struct row {
    std::string octets;
    std::string_view findings;
  };
  const std::string open = usual.substr(0, usual.size() - std::string_view("--b1--\n").size());
  const row rows[] = {
      {open, "mail-boundary-not-closed"},
      {open + "--b1", "mail-boundary-not-closed"},
      {open + "--b1\n", "mail-boundary-not-closed"},
      {replaced(usual, "; boundary=\"b1\"", ""), "mail-boundary-missing"},
      {replaced(usual, "boundary=\"b1\"", "boundary=\"b2\""), "mail-boundary-missing"},
      {"From: a@example.com\nSubject: failed\n\nYour mail follows.\n\n" + usual,
       "mail-boundary-missing"},
      {replaced(usual, "\n\n--b1\n", "\n--b1\n"), "mail-missing-blank-line"},
      {usual + "--b1\nepilogue\n", ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.octets);
    const mails::contents found = mails::read(r.octets);
    CHECK(found.findings == r.findings);
    CHECK(found.candidates() == std::vector{report});
    REQUIRE(found.parts.size() == 2);
    CHECK(found.parts[1].what == "2 report application/tlsrpt+json");
  }
  // The inner one lacks its last line, and begins one part too many.
  const std::string inner = multipart({report_part()}, "multipart/mixed", "c");
  const std::string cut = inner.substr(0, inner.size() - 3);
  CHECK(mails::read(mail({cut, std::string(human)})).parts.size() == 2);
}

TEST_CASE("mails inside mails") {
  const std::string inner = mail({std::string(human), report_part()});
  const std::string outer = "From: a@example.com\n";
  const auto forwarded = [&](std::string_view type, std::string_view encoding,
                             std::string_view body) {
    return mails::read(outer + multipart({std::string(human), part(type, encoding, body)},
                                         "multipart/mixed", "o"));
  };
  for (std::string_view type : {"message/rfc822", "message/global", "Message/RFC822; x=y"}) {
    const mails::contents found = forwarded(type, "", inner);
    CHECK(found.findings == "mail-forwarded");
    CHECK(found.parts.back() == mails::found_part{"2.2 report application/tlsrpt+json", report});
  }
  CHECK(forwarded("message/rfc822", "", ">From a Sun Nov 22\n" + inner).candidates() ==
        std::vector{report});
  CHECK(forwarded("message/rfc822", "base64", inner).findings == "mail-forwarded");
  for (const mails::contents& found :
       {forwarded("message/rfc822", "base64", base64(inner)),
        forwarded("application/octet-stream", "base64", base64(inner)),
        forwarded("application/octet-stream", "", inner)}) {
    CHECK(found.findings == "mail-encoded-message mail-forwarded");
    CHECK(found.parts.back() == mails::found_part{"2.2 report application/tlsrpt+json", report});
  }
  CHECK(mails::read(outer + "Content-Type: message/rfc822\n\n" + inner).parts.back().what ==
        "1.2 report application/tlsrpt+json");
  const std::string single = "Content-Type: message/rfc822\n\n" + outer + report_part();
  CHECK(mails::read(outer + multipart({single}, "multipart/mixed", "o")).parts.back().what ==
        "1.1 report application/tlsrpt+json");
}

TEST_CASE("a part has the header of the innermost mail around it") {
  const std::string inner = replaced(mail({report_part()}), "tls@sender.example", "b@example.com");
  const std::string octets =
      "From: a@example.com\n" +
      multipart({part("message/rfc822", "", inner), report_part()}, "multipart/mixed", "o");
  const std::string_view view = octets;
  const auto read = tlsrpt::read_mail(view);
  REQUIRE(read);
  std::vector<std::string> from;
  for (const tlsrpt::mail_part_view each : read->candidates())
    from.push_back(mails::written([&](auto& out) { each.header().from().unfold_to(out); }));
  CHECK(from == std::vector<std::string>{"TLS Reports <b@example.com>", "a@example.com"});
}

TEST_CASE("reports that came back are marked") {
  const std::string inner = "Content-Type: message/rfc822\n\n" + mail({report_part()});
  const std::string status = part("message/delivery-status", "", "Reporting-MTA: dns; a\n");
  const std::string outer = "From: a@example.com\n";
  for (std::string_view type : {"multipart/report; report-type=delivery-status",
                                "multipart/report; report-type=Feedback-Report"}) {
    const mails::contents found =
        mails::read(outer + multipart({std::string(human), status, inner}, type, "o"));
    REQUIRE(found.parts.size() == 3);
    CHECK(found.parts[1].what == "2 status message/delivery-status");
    CHECK(found.parts[2].what == "3.1 report application/tlsrpt+json returned");
    CHECK(found.claim == tlsrpt::mail_claim::none);
  }
  CHECK(
      mails::read(outer + multipart({status, inner}, "multipart/report", "o")).parts.back().what ==
      "2.1 report application/tlsrpt+json returned");
  const std::string encoded = part("message/rfc822", "base64", base64(mail({report_part()})));
  CHECK(mails::read(outer +
                    multipart({encoded}, "multipart/report; report-type=delivery-status", "o"))
            .parts.back()
            .what == "1.1 report application/tlsrpt+json returned");
  // A sender that has the wrong report-type sends a report all the same.
  CHECK(mails::read(mail({report_part()}, "multipart/report; report-type=delivery-status"))
            .parts[0]
            .what == "1 report application/tlsrpt+json");
}

TEST_CASE("reports in texts") {
  const std::string pretty = "{\n  \"organization-name\": \"Sender\",\n  \"x\": 1\n}\n";
  struct row {
    std::string type, encoding, body, content;
  };
  const std::string quoted = "> " + all_replaced("{\n  \"a\": 1\n}", "\n", "\n> ") + '\n';
  const row rows[] = {
      {"text/plain", "", "Look:\n\n" + pretty, pretty},
      {"text/plain", "", "Look:\r\n\r\n" + report + "\r\n", report + "\r\n"},
      {"text/plain", "", "Look:\n\n" + quoted, "{\n  \"a\": 1\n}\n"},
      {"text/plain", "", "Look:\n>> {\"a\":\"b\n>> c\"}\n", "{\"a\":\"bc\"}\n"},
      {"text/plain", "", "Look:\n> > {\"a\":\"b \n> > c\"}\n", "{\"a\":\"b c\"}\n"},
      {"text/plain", "quoted-printable", "Look:\n\n{=\n\"a\": =22b=22}\n", "{\"a\": \"b\"}\n"},
      {"text/plain", "base64", base64("Look:\n\n" + report), report},
      {"text/html", "", "<p>Look:</p><pre>{\n &quot;date-range&quot;: &#123;}}</pre>",
       "{\n \"date-range\": {}}\n"},
      {"text/html", "base64", base64("<div>{\"date-range\": 1}</div>"), "{\"date-range\": 1}\n"},
  };
  for (const row& r : rows) {
    CAPTURE(r.body);
    const mails::contents found =
        mails::read("From: a@example.com\n" + part(r.type, r.encoding, r.body));
    CHECK(found.findings == "mail-report-in-text");
    CHECK(found.candidates() == std::vector{r.content});
  }
  for (std::string_view other : {"Look: {\"a\": 1}\n", "{ braces }\nx {\n", "> {\n> x\n"})
    CHECK(mails::read("From: a@example.com\n" + part("text/plain", "", "x\n" + std::string(other)))
              .candidates()
              .empty());
  const mails::contents file =
      mails::read("From: a@example.com\n\nLook:\n\nbegin 644 r.json\n#>R(*\n`\nend\n");
  CHECK(file.candidates() == std::vector<std::string>{"{\"\n"});
}

TEST_CASE("each uuencoded file in a text may be a report") {
  const std::string one = "begin 644 r.json\n#>R(*\n`\nend\n";
  const std::string two = "begin 644 s.json\n#>WT*\n`\nend\n";
  const std::string picture = "begin 644 p.gif\n#1TE&\n`\nend\n";
  const std::string archive = "begin 644 a.zip\n$4$L#!```\n`\nend\n";
  const std::vector<std::string> both = {"{\"\n", "{}\n"};
  for (std::string_view encoding : {"", "x-uuencode"}) {
    const auto found = [encoding](const std::string& body) {
      return mails::read("From: a@example.com\n" + part("text/plain", encoding, body));
    };
    CHECK(found(one + two).candidates() == both);
    CHECK(found("Look:\n" + one + "\nand\n\n" + two + "\nBye\n").candidates() == both);
    CHECK(found(picture + one + picture + two + picture).candidates() == both);
    CHECK(found(archive).candidates() == std::vector<std::string>{{"PK\3\4", 4}});
    CHECK(found(picture + archive).candidates().size() == 1);
    CHECK(found(picture).candidates().empty());
    // Each has a number of its own, and the octets of its own.
    const std::string mail = "From: a@example.com\n" + part("text/plain", encoding, one + two);
    const std::string_view octets = mail;
    const auto read = tlsrpt::read_mail(octets);
    REQUIRE(read);
    std::uint32_t number = 0;
    for (const tlsrpt::mail_part_view each : read->candidates()) {
      CHECK(each.number() == ++number);
      CHECK(octets.substr(each.offset(), each.raw().size()) == each.raw());
      CHECK(each.raw().starts_with("begin 644 "));
    }
    CHECK(number == 2);
    CHECK(tlsrpt::read_mail(octets, {}, tlsrpt::lenient{}, {.max_parts = 1}).error().code ==
          errc::mail_too_many_parts);
  }
  // The files of one part do not end its multipart.
  CHECK(mails::read(mail({part("text/plain", "", one + two), mails::report_part()}))
            .candidates()
            .size() == 3);
}

TEST_CASE("what is signed in CMS has the header of the mail around it") {
  const auto value = [](char tag, const std::string& content) {
    const auto size = static_cast<unsigned>(content.size());
    std::string whole = {tag, '\x82', static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
    return whole += content;
  };
  constexpr std::string_view pkcs7 = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
  const std::string data = std::string(pkcs7) + '\1', signed_data = std::string(pkcs7) + '\2';
  const std::string content = multipart({std::string(human), report_part()});
  const std::string cms = value(
      '\x30',
      signed_data +
          value('\xa0',
                value('\x30', std::string("\2\1\1", 3) + value('\x31', "") +
                                  value('\x30', data + value('\xa0', value('\4', content))))));
  const std::string octets =
      std::string(mails::header) +
      part("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "base64", base64(cms));
  const mails::contents found = mails::read(octets);
  CHECK(found.findings.empty());
  CHECK(found.shortage == errc::ok);
  REQUIRE(found.parts.size() == 3);
  CHECK(found.parts[0].what == "1 mail application/pkcs7-mime smime.p7m");
  CHECK(found.parts[2] == mails::found_part{"1.2 report application/tlsrpt+json", report});

  const std::string_view view = octets;
  const auto mail = tlsrpt::read_mail(view);
  REQUIRE(mail);
  std::string buffer;
  const tlsrpt::mail_part_view outer = *mail->candidates().begin();
  const auto decoded = outer.decode(buffer);
  REQUIRE(decoded);
  const auto inside = outer.read_inside(*decoded);
  REQUIRE(inside);
  const tlsrpt::mail_part_view inner = *inside->candidates().begin();
  CHECK(inner.header().subject());
  CHECK_FALSE(inner.is_forwarded());
}

TEST_CASE("what is passed over, and what is missing") {
  struct row {
    std::string octets;
    std::string_view what;
    errc shortage;
  };
  const std::string plain = "From: a@example.com\n";
  const std::string tnef = base64("\x78\x9f\x3e\x22 and more than that"),
                    compound = base64("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more");
  const row rows[] = {
      {plain + part("text/plain", "", "Hello\n"), "text text/plain", errc::ok},
      {plain + part("text/plain", "", " \r\n"), "empty text/plain", errc::ok},
      {plain + part("image/png", "", "\x89PNG\r\n"), "other image/png", errc::ok},
      {plain + part("application/pgp-signature", "", "x"), "signature application/pgp-signature",
       errc::ok},
      {plain + part("message/partial; number=1", "", "x"), "incomplete message/partial", errc::ok},
      {plain + part("application/ms-tnef", "base64", tnef), "other application/ms-tnef",
       errc::tnef_container},
      {plain + part("application/octet-stream; name=winmail.dat", "base64", tnef),
       "other application/octet-stream winmail.dat", errc::tnef_container},
      {plain + part("application/vnd.ms-outlook", "base64", compound),
       "other application/vnd.ms-outlook", errc::compound_file},
      {plain + part("application/octet-stream; name=r.MSG", "base64", compound),
       "other application/octet-stream r.MSG", errc::compound_file},
      {plain + part("application/msword; name=r.doc", "base64", compound),
       "other application/msword r.doc", errc::ok},
      {plain + part("text/plain", "", "Hi\n-----BEGIN PGP MESSAGE-----\n\nx\n"),
       "encrypted text/plain", errc::pgp_encrypted},
      {std::string(mails::header) + part("text/plain", "", "Taken out.\n"), "text text/plain",
       errc::mail_report_missing},
      {mail({std::string(human)}), "text text/plain", errc::mail_report_missing},
      {plain + multipart({std::string(human)}), "text text/plain", errc::mail_report_missing},
      {mail({part("application/tlsrpt+gzip", "", "Taken out by policy.\n")}),
       "report application/tlsrpt+gzip", errc::mail_report_missing},
      {plain + "Subject: Report Domain: a.example Submitter: b.example Report-ID: <1@b>\n\nHello\n",
       "text", errc::mail_report_missing},
      {plain + "Subject: Report Domain: a.example Submitter: b.example Report-ID: <1@b>\n" +
           part("text/xml", "", "<?xml version=\"1.0\"?>\n<feedback></feedback>\n"),
       "other text/xml", errc::ok},
  };
  for (const row& r : rows) {
    CAPTURE(r.octets);
    const mails::contents found = mails::read(r.octets);
    REQUIRE(found.parts.size() == 1);
    CHECK(found.parts[0].what == "1 " + std::string(r.what));
    CHECK(found.shortage == r.shortage);
  }
  const mails::contents pgp =
      mails::read(mail({part("application/pgp-encrypted", "", "Version: 1\n"),
                        part("application/octet-stream", "", "x\n")},
                       "multipart/encrypted; protocol=\"application/pgp-encrypted\""));
  CHECK(pgp.parts.size() == 2);
  CHECK(pgp.parts[1].what == "2 encrypted application/octet-stream");
  CHECK(pgp.shortage == errc::pgp_encrypted);
}

TEST_CASE("odd headers") {
  const std::string usual = mail({std::string(human), report_part()});
  struct row {
    std::string octets;
    std::string_view findings;
  };
  const row rows[] = {
      {"\xef\xbb\xbf" + usual, "mail-byte-order-mark"},
      {"\n\r\n" + usual, ""},
      {"From a@example.com Sun Nov 22 06:00:00 2026\n" + usual, ""},
      {replaced(usual, "To:", "a line\nTo:"), "mail-header-line"},
      {replaced(usual, "Content-Type: app", "ContentType: app"), "mail-field-without-hyphen"},
      {replaced(usual, "; report-type", std::string_view(";\0report-type", 13)),
       "mail-nul-in-header"},
      {replaced(usual, "TLS Reports", "\xe9"), "mail-raw-octets-in-header"},
      {usual.substr(0, usual.find("To:")) + "From: x@example.com\n" +
           usual.substr(usual.find("To:")),
       "mail-repeated-field"},
      {replaced(usual, "base64\n\n", "base64\n"), "mail-missing-blank-line"},
      {replaced(usual, "base64\n\n", "base64\n \n"), "mail-missing-blank-line"},
      {replaced(usual, "Content-Type: multipart/report;", "Content-Type:multipart/report\n\t;"),
       ""},
  };
  for (const row& r : rows) {
    CAPTURE(r.octets);
    const mails::contents found = mails::read(r.octets);
    CHECK(found.findings == r.findings);
    CHECK(found.candidates() == std::vector{report});
    CHECK(name(refused_for(r.octets, r.findings)) == (r.findings.empty() ? "ok" : r.findings));
  }
  CHECK(mails::read(std::string(mails::header) + report).candidates() == std::vector{report});
}

TEST_CASE(
    "whoever does not accept how the parts of a mail are marked is told for what it is refused") {
  const std::string usual = mail({std::string(human), report_part()});
  std::string deep = usual;
  for (int i = 0; i < 40; ++i)
    deep = "From: a@example.com\nContent-Type: message/rfc822\n\n" + deep;
  std::string encoded = "From: a@example.com\n" + part("message/rfc822", "base64", base64(usual));
  for (int i = 0; i < 32; ++i)
    encoded = "From: a@example.com\nContent-Type: message/rfc822\n\n" + encoded;
  struct row {
    std::string octets;
    std::string_view code;
  };
  const row rows[] = {
      {usual.substr(0, usual.rfind("--b1--")), "mail-boundary-not-closed"},
      {replaced(usual, "; boundary=\"b1\"", ""), "mail-boundary-missing"},
      {replaced(usual, "Content-Type: multipart/report; report-type=tlsrpt; boundary=\"b1\"\n",
                "Content-Type: text/plain\n"),
       "mail-boundary-missing"},
      {replaced(usual, "; boundary=", "; boundary=\"b1\"; boundary="), "mail-repeated-parameter"},
      {replaced(usual, "boundary=\"b1\"", "boundary=\"b1"), "mail-field-syntax"},
      {all_replaced(usual, "\n", "\r"), "mail-line-ends"},
      {deep, "mail-nested-too-deep"},
      {encoded, "mail-nested-too-deep"},
  };
  for (const row& r : rows) {
    CAPTURE(r.octets);
    CHECK(mails::read(r.octets).error == errc::ok);
    CHECK(name(refused_for(r.octets, r.code)) == r.code);
  }
}

TEST_CASE("a report is found after long whitespace, and in a quoted text with escapes") {
  const std::string far = std::string(300, '\n') + report;
  CHECK(mails::read(mail({part("application/octet-stream", "base64", base64(far))})).candidates() ==
        std::vector{far});
  CHECK(mails::read(mail({part("application/octet-stream", "base64",
                               base64(std::string(300, '\n') + "words"))}))
            .candidates()
            .empty());
  const std::string escaped = replaced(report, "Sender", "a \\\"b\\\" \\\\");
  CHECK(mails::read(mail({part("text/plain", "", "Hello\n> " + escaped + "\n")}))
            .candidates()
            .at(0)
            .starts_with(escaped));
}

TEST_CASE("a character that breaks off before whitespace stays before it") {
  std::string decoded;
  tlsrpt::header_field{"Subject", "a\xc3 b\xe2\x82\r\n c"}.decode_to(decoded);
  CHECK(decoded == "a\u00c3 b\u00e2\u0082 c");
}

TEST_CASE("a file name in windows-1252 is given in UTF-8") {
  const mails::contents found = mails::read(mail(
      {part("application/tlsrpt+json", "base64", base64(text),
            "Content-Disposition: attachment; filename=\"=?windows-1252?q?=80=FC.json?=\"\n")}));
  REQUIRE(found.parts.size() == 1);
  CHECK(found.parts[0].what == "1 report application/tlsrpt+json \xe2\x82\xac\xc3\xbc.json");
}

TEST_CASE("what is no mail has one part") {
  CHECK(mails::read("").parts.size() == 1);
  CHECK(mails::read(report).candidates() == std::vector{report});
  CHECK(tlsrpt::is_mail("From: a@example.com\n"));
  CHECK(tlsrpt::is_mail("From a@b Sun\nX-Own: x\nSubject: x"));
  CHECK(tlsrpt::is_mail("\xef\xbb\xbf\r\nReceived: x\r"));
  for (std::string_view start :
       {"", "hello", "http://example.com/\n", "X-Own: x\n\nFrom: a\n", ": x\n", "From here on\n"})
    CHECK_FALSE(tlsrpt::is_mail(start));
}

TEST_CASE("rules and limits") {
  const std::string octets = mail({std::string(human), report_part()});
  const std::string odd = replaced(octets, "; boundary=\"b1\"", "");
  const std::string_view usual_view = octets, odd_view = odd;
  CHECK(tlsrpt::read_mail(usual_view, tlsrpt::ignore_diagnostics(), tlsrpt::strict()));
  const auto refused = tlsrpt::read_mail(odd_view, tlsrpt::ignore_diagnostics(), tlsrpt::strict());
  CHECK(refused.error().code == errc::mail_boundary_missing);
  CHECK(refused.error().where.in == tlsrpt::source::mail);
  CHECK(refused.error().where.offset == odd.find("--b1"));
  const auto limited = [usual_view](const tlsrpt::mail_limits& limits) {
    return tlsrpt::read_mail(usual_view, tlsrpt::ignore_diagnostics(), tlsrpt::lenient(), limits)
        .error()
        .code;
  };
  CHECK(limited({.max_mail_bytes = octets.size()}) == errc::ok);
  CHECK(limited({.max_mail_bytes = octets.size() - 1}) == errc::mail_too_long);
  CHECK(limited({.max_parts = 3}) == errc::ok);
  CHECK(limited({.max_parts = 2}) == errc::mail_too_many_parts);
  const std::size_t header = octets.find("\n\n") + 2;
  CHECK(limited({.max_header_bytes = header}) == errc::ok);
  CHECK(limited({.max_header_bytes = header - 1}) == errc::mail_header_too_long);
  const auto decoded = [usual_view](std::size_t limit) {
    const auto read = tlsrpt::read_mail(usual_view, tlsrpt::ignore_diagnostics(), tlsrpt::lenient(),
                                        {.max_decoded_bytes = limit});
    std::string buffer;
    return (*read->candidates().begin()).decode(buffer).error().code;
  };
  CHECK(decoded(report.size()) == errc::ok);
  CHECK(decoded(report.size() - 1) == errc::mail_part_too_long);
  const auto nested = [](std::size_t depth) {
    std::string whole = "From: a@example.com\n";
    for (std::size_t i = 0; i < depth; ++i) {
      const std::string number = std::to_string(i);
      (whole += "Content-Type: multipart/mixed; boundary=d") += number;
      ((whole += ".\n\n--d") += number) += ".\n";
    }
    return mails::read(whole + report_part());
  };
  CHECK(nested(32).candidates() == std::vector{report});
  CHECK(nested(33).shortage == errc::mail_nested_too_deep);
  CHECK(nested(33).parts.back().what.ends_with("too-deep multipart/mixed"));
  CHECK(nested(3000).shortage == errc::mail_nested_too_deep);
  std::string encoded = octets;
  for (int i = 0; i < 3; ++i)
    encoded = "From: a@example.com\n" + part("message/rfc822", "base64", base64(encoded));
  CHECK(mails::read(encoded).candidates() == std::vector{report});
}

TEST_CASE("hostile mails take time in proportion: E-03") {
  // Were one of them read in quadratic time, this would take minutes.
  const std::string start = "From: a@example.com\nContent-Type: multipart/mixed; boundary=\"" +
                            std::string(1000, 'a') + "\"\n\n";
  std::string deep = "From: a@example.com\n";
  for (int i = 0; i < 32; ++i) {
    const std::string boundary = std::string(100, 'a') + std::to_string(i);
    (deep += "Content-Type: multipart/mixed; boundary=") += boundary;
    ((deep += "\n\n--") += boundary) += '\n';
  }
  const std::string wrong = "Content-Type: multipart/mixed; boundary=no\n\n";
  const std::string_view pieces[] = {"--",
                                     "-",
                                     "--a\n",
                                     "--a\r",
                                     "\r",
                                     "\n",
                                     "\r\r\n",
                                     "{",
                                     "{\"",
                                     ">",
                                     "> {\n",
                                     "=",
                                     "=?",
                                     "=?a?q?",
                                     "(",
                                     "((",
                                     "\"",
                                     ";",
                                     "a=b;",
                                     "a*1=b;",
                                     "Content-Type: message/rfc822\n\n",
                                     "Content-Type: multipart/mixed\n\n--x\n",
                                     "--a\nContent-Type: multipart/mixed; boundary=a\n\n",
                                     "a: b\n",
                                     "a\n",
                                     " ",
                                     " \n",
                                     "QQ==\n",
                                     "QQ==QQ\n",
                                     "begin 644 a\n",
                                     "begin 644 a\n#>WT*\nend\n",
                                     "begin 644 a\n#1TE&\nend\n",
                                     "<",
                                     "&",
                                     "-----BEGIN PGP MESSAGE-----\n",
                                     "From ",
                                     ">From a\n"};
  for (std::string_view piece : pieces) {
    std::string flood;
    while (flood.size() < 100'000) flood += piece;
    for (const std::string& front :
         {std::string(), std::string("From: "), std::string("From: a\n\n"), start, deep,
          deep + wrong, std::string("Content-Type: a/b; x="),
          std::string("Content-Disposition: x; filename=\""),
          std::string("Content-Transfer-Encoding: base64\n\n"),
          std::string("Content-Type: text/html\n\n")}) {
      CAPTURE(piece);
      CAPTURE(front);
      const std::string whole = front + flood;
      const std::string_view view = whole;
      tlsrpt::diagnostic_list<4> found;
      const auto read = tlsrpt::read_mail(view, found);
      if (!read) continue;
      std::string buffer;
      std::size_t size = 0;
      for (const tlsrpt::mail_part_view each : read->parts())
        if (each.is_candidate()) size += (*each.decode(buffer, found)).size();
      CHECK(size <= 32 * whole.size());
    }
  }
}
