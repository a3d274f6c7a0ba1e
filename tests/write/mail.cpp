#include <tlsrpt/write_mail.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/subject.hpp>

#include "support.hpp"

namespace {

using tlsrpt::errc;
using tlsrpt::mail_options;
using tlsrpt::policy_type;
using tlsrpt::result_type;
using namespace std::string_view_literals;

/// A report about DANE, and what its mail needs; each part can be changed.
struct made_mail {
  std::vector<tlsrpt::failure_details_view> failures = {{}};
  std::vector<tlsrpt::policy_view> policies = {{}};
  std::array<std::string_view, 1> records = {
      "3 1 1 a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"};
  tlsrpt::report_view report{};
  std::string octets = "{}";
  mail_options options{
      .to = "tls@example.org", .about = "example.org", .date = 1795565400, .unique_id = "001"};

  made_mail() {
    report.organization_name = "Example Net";
    report.date_range.start_datetime = {1795392000, {}, true};
    report.date_range.end_datetime = {1795478399, {}, true};
    report.contact_info = "tls-reports@example.net";
    report.report_id = "20261123.example.org.01604555@example.net";
    policies[0].policy_type.value = policy_type::tlsa;
    policies[0].policy_domain = "mx.example.org";
    policies[0].policy_string = records;
    policies[0].total_successful_session_count = 2;
    policies[0].total_failure_session_count = 1;
    failures[0].result_type.value = result_type::validation_failure;
    failures[0].sending_mta_ip.text = "203.0.113.5";
    failures[0].receiving_mx_hostname = failures[0].receiving_mx_helo = "mx.example.org";
    failures[0].receiving_ip.text = "192.0.2.40";
    failures[0].failed_session_count = 1;
    failures[0].failure_reason_code = "self-signed_certificate";
  }
  made_mail(const made_mail&) = delete;

  tlsrpt::result<void> write(std::string& out) {
    if (!policies.empty()) policies[0].failure_details = failures;
    report.policies = policies;
    return write_mail(out, report, octets, options);
  }
  std::string text() {
    std::string out;
    const auto done = write(out);
    CHECK(done.has_value());
    return out;
  }
  tlsrpt::diagnostic error() {
    std::string out;
    const auto done = write(out);
    CHECK(out.empty());
    return done.error();
  }
};

template <class Change>
tlsrpt::diagnostic error_with(Change&& change) {
  made_mail made;
  change(made);
  return made.error();
}

/// What is between two texts, the first of them included.
std::string_view between(std::string_view text, std::string_view first, std::string_view end) {
  const std::size_t begin = text.find(first);
  REQUIRE(begin != std::string_view::npos);
  return text.substr(begin, text.find(end, begin + first.size()) - begin);
}

/// The text for people.
std::string text_part(std::string_view mail) {
  std::string text(between(mail, "This is a report", "\r\n\r\n--=_tlsrpt_"));
  for (std::size_t i = 0; (i = text.find('\r', i)) != std::string::npos;) text.erase(i, 1);
  return text + '\n';
}

/// The value of a header field, with its folds.
std::string_view field(std::string_view mail, std::string_view name) {
  const std::string begin = "\r\n" + std::string(name) + ':';
  const std::string whole = "\r\n" + std::string(mail);
  std::size_t first = whole.find(begin);
  REQUIRE(first != std::string::npos);
  first += begin.size() - 2;
  std::size_t end = first;
  do end = mail.find("\r\n", end + 1);
  while (mail[end + 2] == ' ');
  return mail.substr(first, end - first);
}

std::string unfolded(std::string_view value) {
  std::string text(value);
  for (std::size_t i = 0; (i = text.find("\r\n", i)) != std::string::npos;) text.erase(i, 2);
  return text.substr(1);
}

/// What base64 stands for, of lines that end in CRLF.
std::string from_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string octets;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count);
  }
  return octets;
}

std::string_view body_of_report(std::string_view mail) {
  const std::size_t disposition = mail.find("Content-Disposition:");
  REQUIRE(disposition != std::string_view::npos);
  const std::size_t first = mail.find("\r\n\r\n", disposition) + 4;
  return mail.substr(first, mail.find("--=_", first) - first);
}

}  // namespace

TEST_CASE("WR-20, WR-21, WR-22: a whole mail") {
  made_mail made;
  made.octets = "{\"policies\":[]}";
  const std::string expected =
      "From: tls-reports@example.net\r\n"
      "To: tls@example.org\r\n"
      "Subject: Report Domain: example.org Submitter: example.net Report-ID:\r\n"
      " <20261123.example.org.01604555@example.net>\r\n"
      "Date: Wed, 25 Nov 2026 00:10:00 +0000\r\n"
      "Message-ID: <20261123.example.org.01604555.0@example.net>\r\n"
      "TLS-Report-Domain: example.org\r\n"
      "TLS-Report-Submitter: example.net\r\n"
      "TLS-Required: No\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: multipart/report; report-type=\"tlsrpt\";\r\n"
      " boundary=\"=_tlsrpt_DIGEST\"\r\n"
      "\r\n"
      "--=_tlsrpt_DIGEST\r\n"
      "Content-Type: text/plain; charset=us-ascii\r\n"
      "Content-Transfer-Encoding: 7bit\r\n"
      "\r\n"
      "This is a report about TLS between mail servers (RFC 8460).\r\n"
      "\r\n"
      "From:     Example Net <tls-reports@example.net>\r\n"
      "About:    mail to example.org\r\n"
      "Day:      2026-11-23 (UTC)\r\n"
      "\r\n"
      "DANE (TLSA records of mx.example.org): 2 sessions with TLS as demanded, 1 failed\r\n"
      "  1  validation-failure at mx.example.org\r\n"
      "\r\n"
      "The attached file has the details. Such reports are sent because of the TXT\r\n"
      "record at _smtp._tls.example.org; remove the address there to stop them.\r\n"
      "\r\n"
      "--=_tlsrpt_DIGEST\r\n"
      "Content-Type: application/tlsrpt+json;\r\n"
      " name=\"example.net!example.org!1795392000!1795478399!001.json\"\r\n"
      "Content-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment;\r\n"
      " filename=\"example.net!example.org!1795392000!1795478399!001.json\"\r\n"
      "\r\n"
      "eyJwb2xpY2llcyI6W119\r\n"
      "--=_tlsrpt_DIGEST--\r\n";
  std::string mail = made.text();
  // The boundary is made of the report's digest.
  const std::string digest(to_text(tlsrpt::digest_of(made.report)));
  for (std::size_t i = 0; (i = mail.find(digest, i)) != std::string::npos;)
    mail.replace(i, digest.size(), "DIGEST");
  CHECK(mail == expected);
}

TEST_CASE("WR-20: lines are short, and addresses and ids that are long get lines of their own") {
  made_mail made;
  const std::string label(60, 'a'), domain = label + '.' + label + ".example";
  const std::string address = "tls-reports@" + domain;
  made.report.contact_info = made.options.to = address;
  made.options.about = domain;
  made.octets = std::string("{") + std::string(10'000, 'x');
  const std::string mail = made.text();
  std::string_view rest = mail;
  std::size_t lines = 0, longest_of_header = 0, longest = 0;
  bool is_header = true;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\r\n");
    REQUIRE(end != std::string_view::npos);
    const std::string_view line = rest.substr(0, end);
    CHECK(line.find_first_of("\r\n") == std::string_view::npos);
    is_header = is_header && !line.empty();
    if (is_header && !line.starts_with("TLS-Report-") && !line.starts_with(' '))
      longest_of_header = std::max(longest_of_header, line.size());
    longest = std::max(longest, line.size());
    rest.remove_prefix(end + 2);
    ++lines;
  }
  CHECK(lines > 180);
  CHECK(longest_of_header <= 78);
  CHECK(longest <= 998);
  CHECK(field(mail, "From") == "\r\n " + address);
  CHECK(field(mail, "To") == "\r\n " + address);
  CHECK(field(mail, "Message-ID").starts_with("\r\n <"));
  CHECK(unfolded(field(mail, "TLS-Report-Domain")) == domain);
}

TEST_CASE("WR-22: the report comes back from base64, in lines of 76 characters") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{56},
                                 std::size_t{57}, std::size_t{58}, std::size_t{1000}}) {
    made_mail made;
    made.octets = '{' + std::string(size - 1, '\xff');
    const std::string mail = made.text();
    const std::string_view body = body_of_report(mail);
    CAPTURE(body);
    CHECK(from_base64(body) == made.octets);
    CHECK(body.find("\r\n") == (size < 57 ? (size + 2) / 3 * 4 : 76));
    const auto padding = static_cast<std::size_t>(std::count(body.begin(), body.end(), '='));
    CHECK(padding == (3 - size % 3) % 3);
  }
}

TEST_CASE("WR-22: a file name that is too long for a line is continued") {
  made_mail made;
  const std::string label(60, 'b'), domain = label + ".example.org";
  made.options.about = domain;
  made.octets = "\x1f\x8b\x08";
  const std::string mail = made.text();
  for (std::string_view parameter : {"name", "filename"}) {
    const std::string begin = "\r\n " + std::string(parameter) + "*";
    std::string name;
    for (std::size_t number = 0;; ++number) {
      const std::string piece = begin + std::to_string(number) + "=\"";
      const std::size_t at = mail.find(piece);
      if (at == std::string::npos) break;
      const std::size_t first = at + piece.size(), end = mail.find('"', first);
      name += mail.substr(first, end - first);
      CHECK(mail.find("\r\n", first) - at - 2 <= 78);
    }
    CHECK(name == "example.net!" + domain + "!1795392000!1795478399!001.json.gz");
  }
}

TEST_CASE("WR-23: a Message-ID is made of the report-id and the endpoint") {
  made_mail made;
  const auto id = [&] { return unfolded(field(made.text(), "Message-ID")); };
  made.options.endpoint = 4'294'967'295;
  CHECK(id() == "<20261123.example.org.01604555.4294967295@example.net>");
  made.report.report_id = "2026-11-23T00:00:00Z_example.org";
  made.options.endpoint = 1;
  CHECK(id() == "<2026-11-23T00.00.00Z_example.org.1@example.net>");
  // Another domain than the submitter's would not be ours to use.
  made.report.report_id = "a@b.example";
  CHECK(id() == "<a.1@example.net>");
  const std::string first = made.text();
  CHECK(made.text() == first);
}

TEST_CASE("WR-24: what could forge a header, or is not ASCII, is refused") {
  for (const std::string_view address :
       {""sv, "tls"sv, "tls@example.org\r\nBcc: x@example.org"sv, "tls@example.org\n"sv,
        "a\0b@example.org"sv, "b\xc3\xbc@example.org"sv, "Example <tls@example.org>"sv,
        "a@example.org,b@example.org"sv, "\"a\r\n b\"@example.org"sv, "tls@exam ple.org"sv}) {
    CAPTURE(address);
    const auto to = error_with([&](auto& m) { m.options.to = address; });
    CHECK(to.code == errc::mail_address);
    CHECK(to.where == tlsrpt::location{.element = 1, .in = tlsrpt::source::header_field});
    if (address.empty()) continue;
    const auto from = error_with([&](auto& m) { m.options.from = address; });
    CHECK(from.code == errc::mail_address);
    CHECK(from.where.element == 0);
    CHECK(error_with([&](auto& m) { m.report.contact_info = address; }).code == errc::contact_info);
  }
  const std::string long_address = std::string(250, 'a') + "@b.example";
  CHECK(error_with([&](auto& m) { m.options.to = long_address; }).code == errc::mail_address);
  CHECK(error_with([](auto& m) { m.options.about = "example.org\r\nX: y"; }).code ==
        errc::subject_domain);
  CHECK(error_with([](auto& m) { m.options.about = "org"; }).code == errc::subject_domain);
  CHECK(error_with([](auto& m) { m.report.report_id = "a\r\nX: y"; }).code ==
        errc::report_id_characters);
  CHECK(error_with([](auto& m) { m.report.report_id = {}; }).code == errc::report_id_characters);
  CHECK(error_with([](auto& m) { m.options.unique_id = "0-1"; }).code == errc::file_name_unique_id);
  const std::string long_id(65, '1');
  CHECK(error_with([&](auto& m) { m.options.unique_id = long_id; }).code ==
        errc::file_name_unique_id);
  CHECK(error_with([](auto& m) { m.report.date_range = {}; }).code == errc::file_name_timestamp);
  CHECK(error_with([](auto& m) { m.octets = "report"; }).code == errc::not_a_report);
  CHECK(error_with([](auto& m) { m.options.date = -2'208'988'801; }).code ==
        errc::unreadable_date_time);
  CHECK(error_with([](auto& m) { m.options.date = 253'402'300'800; }).code ==
        errc::unreadable_date_time);
}

TEST_CASE("WR-24: a sender with an address of its own") {
  made_mail made;
  made.options.from = "noreply@example.net";
  CHECK(unfolded(field(made.text(), "From")) == "noreply@example.net");
  made.options.to = "\"a b\"@example.org";
  CHECK(unfolded(field(made.text(), "To")) == "\"a b\"@example.org");
}

TEST_CASE("WR-24: dates as mails have them") {
  made_mail made;
  const auto date = [&](std::int64_t seconds) {
    made.options.date = seconds;
    return unfolded(field(made.text(), "Date"));
  };
  CHECK(date(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(date(-1) == "Wed, 31 Dec 1969 23:59:59 +0000");
  CHECK(date(951'782'400) == "Tue, 29 Feb 2000 00:00:00 +0000");
  CHECK(date(-2'208'988'800) == "Mon, 01 Jan 1900 00:00:00 +0000");
  CHECK(date(253'402'300'799) == "Fri, 31 Dec 9999 23:59:59 +0000");
}

TEST_CASE("WR-25: the submitter is the domain of contact-info") {
  made_mail made;
  made.report.contact_info = "tls@reports.example.net";
  made.options.from = "noreply@example.net";
  const std::string mail = made.text();
  CHECK(unfolded(field(mail, "TLS-Report-Submitter")) == "reports.example.net");
  CHECK(unfolded(field(mail, "Subject")).find("Submitter: reports.example.net") !=
        std::string::npos);
  CHECK(mail.find("filename=\"reports.example.net!") != std::string::npos);
  CHECK(error_with([](auto& m) { m.report.contact_info = "tls@[192.0.2.1]"; }).code ==
        errc::subject_domain);
}

TEST_CASE("WR-30: our readers of the parts of a mail find nothing") {
  made_mail made;
  for (const std::string_view id : {"20261123.example.org.01604555@example.net", "a:b", "2026/1"})
    for (const std::string_view octets : {"{}", "\x1f\x8b\x08"}) {
      made.report.report_id = id;
      made.octets = octets;
      const std::string mail = made.text();
      support::findings found;
      const auto subject = tlsrpt::parse_subject(field(mail, "Subject"), found);
      REQUIRE(subject.has_value());
      CHECK(subject->domain == "example.org");
      CHECK(subject->submitter == "example.net");
      CHECK(tlsrpt::parse_domain_field(field(mail, "TLS-Report-Domain"), found).value() ==
            "example.org");
      CHECK(tlsrpt::parse_domain_field(field(mail, "TLS-Report-Submitter"), found).value() ==
            "example.net");
      const std::string_view quoted = between(mail, "filename=\"", "\"\r\n").substr(10);
      const auto name = tlsrpt::parse_file_name(quoted, found);
      REQUIRE(name.has_value());
      CHECK(name->unique_id == "001");
      CHECK(name->begin == made.report.date_range.start_datetime);
      const std::string_view type = tlsrpt::media_type_of_report(octets);
      const auto part = tlsrpt::examine_part(type, quoted, octets, found);
      CHECK(part.is_readable());
      CHECK(part.evidence == tlsrpt::evidence::media_type);
      tlsrpt::check_wrapper(field(mail, "Content-Type"), "tlsrpt", found);
      CHECK(found.names() == "");
    }
}

TEST_CASE("WR-31: the text for people") {
  made_mail made;
  CHECK(text_part(made.text()) ==
        "This is a report about TLS between mail servers (RFC 8460).\n"
        "\n"
        "From:     Example Net <tls-reports@example.net>\n"
        "About:    mail to example.org\n"
        "Day:      2026-11-23 (UTC)\n"
        "\n"
        "DANE (TLSA records of mx.example.org): 2 sessions with TLS as demanded, 1 failed\n"
        "  1  validation-failure at mx.example.org\n"
        "\n"
        "The attached file has the details. Such reports are sent because of the TXT\n"
        "record at _smtp._tls.example.org; remove the address there to stop them.\n");
}

TEST_CASE("WR-31: kinds of policies one after the other, and the five largest kinds of failures") {
  made_mail made;
  made.policies.resize(5);
  const auto set = [&](std::size_t i, policy_type type, std::string_view domain,
                       std::uint64_t successful, std::uint64_t failed) {
    made.policies[i].policy_type.value = type;
    made.policies[i].policy_domain = domain;
    made.policies[i].total_successful_session_count = successful;
    made.policies[i].total_failure_session_count = failed;
  };
  set(0, policy_type::no_policy_found, "example.org", 1, 0);
  set(1, policy_type::tlsa, "mx1.example.org", 10, 1);
  set(2, policy_type::tlsa, "mx2.example.org", 20, 2);
  set(3, policy_type::sts, "example.org", 100, 40);
  set(4, policy_type::sts, "Example.org.", 1, 1);
  const auto failure = [](result_type result, std::string_view host, std::uint64_t count) {
    tlsrpt::failure_details_view made_failure;
    made_failure.result_type.value = result;
    made_failure.receiving_mx_hostname = host;
    made_failure.failed_session_count = count;
    return made_failure;
  };
  made.failures.clear();
  const std::vector<tlsrpt::failure_details_view> sts = {
      failure(result_type::certificate_expired, "mx1.example.org", 3),
      failure(result_type::certificate_expired, "mx2.example.org", 9),
      failure(result_type::sts_policy_fetch_error, {}, 5),
      failure(result_type::certificate_expired, "MX1.example.org.", 4),
      failure(result_type::validation_failure, "<b>\r\n", 2),
      failure(result_type::unknown, "mx1.example.org", 6),
      failure(result_type::certificate_not_trusted, "mx1.example.org", 1)};
  const std::vector<tlsrpt::failure_details_view> tlsa = {
      failure(result_type::tlsa_invalid, "mx1.example.org", 8)};
  made.policies[3].failure_details = sts;
  made.policies[1].failure_details = tlsa;
  made.report.organization_name =
      "B\xc3\xbc"
      "cher";
  made.report.date_range.end_datetime.seconds += 86'400;
  CHECK(text_part(made.text()) ==
        "This is a report about TLS between mail servers (RFC 8460).\n"
        "\n"
        "From:     tls-reports@example.net\n"
        "About:    mail to example.org\n"
        "Period:   2026-11-23T00:00:00Z to 2026-11-24T23:59:59Z (UTC)\n"
        "\n"
        "MTA-STS (policy of example.org): 101 sessions with TLS as demanded, 41 failed\n"
        "  9  certificate-expired at mx2.example.org\n"
        "  7  certificate-expired at mx1.example.org\n"
        "  6  another failure at mx1.example.org\n"
        "  5  sts-policy-fetch-error\n"
        "DANE: 30 sessions with TLS as demanded, 3 failed\n"
        "  8  tlsa-invalid at mx1.example.org\n"
        "Neither DANE nor MTA-STS: 1 session with TLS, 0 failed\n"
        "  3  in other ways\n"
        "\n"
        "The attached file has the details. Such reports are sent because of the TXT\n"
        "record at _smtp._tls.example.org; remove the address there to stop them.\n");
}

TEST_CASE("WR-31: what is unknown is not 0, and nothing grows with what others write") {
  made_mail made;
  made.policies[0].total_failure_session_count = {};
  made.failures[0].failed_session_count = {};
  std::string text = text_part(made.text());
  CHECK(text.find("demanded, at least 0 failed\n  at least 0  validation-failure at mx") !=
        std::string::npos);
  // Of many kinds all are counted.
  made.failures.assign(10'000, made.failures[0]);
  std::vector<std::string> hosts;
  for (std::size_t i = 0; i < made.failures.size(); ++i)
    hosts.push_back("mx" + std::to_string(i) + ".example.org");
  for (std::size_t i = 0; i < made.failures.size(); ++i) {
    made.failures[i].receiving_mx_hostname = hosts[i];
    made.failures[i].failed_session_count = 1;
  }
  text = text_part(made.text());
  CHECK(text.find("  9995  in other ways\n") != std::string::npos);
  CHECK(text.size() < 1000);
}

TEST_CASE("WR-31: a policy of a kind that nobody knows is named as such") {
  made_mail made;
  made.policies[0].policy_type.value = policy_type::unknown;
  CHECK(text_part(made.text()).find("\nAnother policy: 2 sessions with TLS, 1 failed\n") !=
        std::string::npos);
}

TEST_CASE("the Content-Type of a POST") {
  CHECK(tlsrpt::media_type_of_report("\x1f\x8b\x08") == "application/tlsrpt+gzip");
  static_assert(tlsrpt::media_type_of_report("{}") == "application/tlsrpt+json");
}

TEST_CASE("WR-16: mails go to any output") {
  made_mail made;
  const std::string mail = made.text();
  tlsrpt::span_output counter({});
  CHECK(write_mail(counter, made.report, made.octets, made.options).has_value());
  CHECK(counter.size() == mail.size());
  static_assert(noexcept(write_mail(counter, made.report, made.octets, made.options)));
  static_assert(
      !noexcept(write_mail(std::declval<std::string&>(), made.report, made.octets, made.options)));
}
