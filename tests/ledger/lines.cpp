#include <tlsrpt/ledger.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/reasons.hpp>

#include "ledger/sample.hpp"

namespace {

using sample::add;
using sample::element;
using sample::ledger_of;
using sample::report;
using sample::signed_mail;
using sample::written;
using tlsrpt::errc;
using tlsrpt::ledger;

/// The text form of a ledger with all that can occur.
std::string full_text() {
  ledger l;
  report r;
  r.elements[0].failed = 3;
  r.elements[0].failures = {
      {.host = "mx1.example.com", .sessions = 2, .ip = "192.0.2.1"},
      {.result = "x\"y\\z\t\x01", .host = "a \x1b b", .sessions = {}},
      {.result = "validation-failure", .reason = "tls: failed: certificate has expired or so"}};
  add(l, r, {"other.example", tlsrpt::channel::mail, -5, "example.com"});
  r.id = "";
  r.start += 3600;
  r.elements[0].kind = "tlsa";
  r.elements[0].policy = {"3 1 1 0f", "no record"};
  r.elements[0].ok = 1'000'000'000'000'000'000;
  r.elements.push_back(r.elements[0]);
  add(l, r, {{}, tlsrpt::channel::https, 1'795'400'000, {}});
  r.has_period = false;
  r.contact = "";
  add(l, r, signed_mail);
  return written(l);
}

errc read_code(std::string_view text) {
  ledger l;
  return l.read(text).error().code;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a ledger reads what it writes, and writes it again (AG-40, AG-41)") {
  const std::string text = full_text();
  ledger l;
  CHECK(l.read(text).has_value());
  CHECK(written(l) == text);
  CHECK(l.read(text).has_value());  // again
  CHECK(written(l) == text);
  const ledger empty;
  CHECK(written(empty) == "{\"_ledger\":1,\"reasons\":1,\"details\":256,\"elements\":1024}\n");
  CHECK(read_code(written(empty)) == errc::ok);
}

TEST_CASE("a ledger reads nothing else: no octet can be changed without notice") {
  const std::string text = full_text();
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'"', ' ', '0', 'A', '\n', '\x80'}) {
      if (text[i] == c) continue;
      std::string changed = text;
      changed[i] = c;
      ledger l;
      if (!l.read(changed).has_value()) {
        CHECK(l.empty());
        continue;
      }
      ++accepted;  // another ledger, which is in its canonical form, too
      CHECK(written(l) == changed);
    }
    ledger l;
    const bool is_whole_header = i == text.find('\n') + 1;
    CHECK(l.read(text.substr(0, i)).has_value() == is_whole_header);
  }
  CHECK(accepted != 0);
}

TEST_CASE("RC-06: a ledger says by which version causes were found, and another one is refused") {
  const std::string text = full_text();
  const std::string version = "\"reasons\":" + std::to_string(tlsrpt::reason_rules_version);
  REQUIRE(text.find(version) < text.find('\n'));
  CHECK(read_code(replaced(text, version, version + "0")) != errc::ok);
  CHECK(read_code(replaced(text, version, "\"reasons\":0")) != errc::ok);
}

TEST_CASE("errors of reading name the line and the octet") {
  ledger l;
  const std::string text = replaced(full_text(), "\"flags\":[", "\"flags\":[ ");
  const auto error = l.read(text).error();
  CHECK(error.code == errc::not_canonical);
  CHECK(error.where.in == tlsrpt::source::ledger);
  CHECK(error.where.element == 1);
  CHECK(error.where.offset == text.find(' ', text.find("\"flags\":[")));
  CHECK(l.read("").error().where.offset == 0);
}

TEST_CASE("what is not in normal form is refused") {
  const std::string text = written(ledger_of(
      report("id", {{.failed = 1, .failures = {{.host = "mx1.example.com", .ip = "192.0.2.1"}}}}),
      signed_mail));
  REQUIRE(read_code(text) == errc::ok);
  const std::pair<std::string_view, std::string_view> changes[] = {
      {"2026-11-23", "2026-11-31"},
      {"\"days\":1", "\"days\":0"},
      {"\"days\":1", "\"days\":01"},
      {"\"days\":1", "\"days\":401"},
      {"\"org\":\"Sender\"", "\"org\":\"S\\u0065nder\""},
      {"\"org\":\"Sender\"", "\"org\":\"S\\/\""},
      {"\"reporter\":\"sender.example\"", "\"reporter\":\"Sender.example\""},
      {"\"reporter\":\"sender.example\"", "\"reporter\":\"other.example\""},
      {"\"reporter\":\"sender.example\"",
       "\"reporter\":\"sender.example\",\"contact\":\"sender.example\""},
      {"\"verified\"", "\"claimed\""},
      {"\"via\":\"m\"", "\"via\":\"mh\""},
      {"\"via\":\"m\"", "\"via\":\"\""},
      {"\"by\":[\"sender.example\"]", "\"by\":[]"},
      {"\"by\":[\"sender.example\"]", "\"by\":[\"sender.example\",\"sender.example\"]"},
      {"\"by\":[\"sender.example\"]", "\"by\":[\"z.example\",\"sender.example\"]"},
      {"\"about\":\"example.com\"", "\"about\":\"Example.com\""},
      {"\"about\":\"example.com\"", "\"about\":\"*\""},
      {"\"inferred\":\"\"", "\"inferred\":\"X.example\""},
      {"\"inferred\":\"\"", "\"inferred\":\"!\""},
      {"\"flags\":[]", "\"flags\":[\"more\"]"},
      {"\"flags\":[]", "\"flags\":[\"cut:0\"]"},
      {"\"flags\":[]", "\"flags\":[\"clipped\",\"approximate\"]"},
      {"\"flags\":[]", "\"flags\":[\"inferred_claimed\"]"},
      {"\"flags\":[]", "\"flags\":[\"period_unknown\"]"},
      {"\"T\":[[\"example.com\"", "\"T\":[[\"\""},
      {"\"sts\"", "\"STS\""},
      {"\"enforce\"", "\"-\""},
      {",10,0,1,0,1]", ",10,0,1,0,0]"},
      {",10,0,1,0,1]", ",9007199254740992,0,1,0,1]"},
      {",10,0,1,0,1]", ",10,0,1,0,1,1]"},
      {"\"certificate-expired\"", "\"certificate_expired\""},
      {"\"certificate-expired\"", "\"*\""},
      {"\"mx1.example.com\"", "\"mx1.example.com.\""},
      {"\"mx1.example.com\"", "\"*\""},
      {"\"192.0.2.1\"", "\"192.0.2.1.\""},
      {"\"192.0.2.1\"", "\"::0\""},
      {"\"x509.expired\"", "\"x509.no_such_reason\""},
      {"\"x509.expired\"", "\"*\""},
      {"\"mode: enforce\"", "\"mode: testing\""},
      {"{\"policy\"", "\n{\"policy\""},
  };
  for (const auto& change : changes) {
    CAPTURE(change.first);
    CAPTURE(change.second);
    CHECK(read_code(replaced(text, change.first, change.second)) == errc::not_canonical);
  }
  const std::string policy_line = text.substr(text.find("{\"policy\""));
  CHECK(read_code(text + policy_line) == errc::not_canonical);
  CHECK(read_code(text.substr(0, text.find("{\"policy\""))) == errc::not_canonical);
  // Rows have an order, and each is there once.
  const std::size_t total = text.find("\"T\":[") + 5;
  const std::string row = text.substr(total, text.find("]]", total) + 1 - total);
  CHECK(read_code(replaced(text, row, row + ',' + row)) == errc::not_canonical);
  const std::size_t entry = text.find("{\"day\"");
  const std::string entry_line = text.substr(entry, text.find('\n', entry) + 1 - entry);
  CHECK(read_code(replaced(text, entry_line, entry_line + entry_line)) == errc::not_canonical);
  CHECK(read_code(replaced(text, entry_line, "")) == errc::not_canonical);
}

TEST_CASE("RC-05: a line says of a cause that it is only likely, and of nothing else") {
  const auto row_of = [](std::vector<sample::failure> failures) {
    const std::string text =
        written(ledger_of(report("id", {{.failed = 1, .failures = std::move(failures)}})));
    const std::size_t begin = text.find("\"F\":") + 4;
    return text.substr(begin, text.find("}\n", begin) - begin);
  };
  const sample::failure sure = {.result = "validation-failure",
                                .reason = "certificate has expired"};
  const sample::failure likely = {.result = "validation-failure",
                                  .reason = "tls: failed: certificate has expired or so"};
  const std::string row =
      R"([["example.com","sts","enforce","validation-failure","mx1.example.com","-",)"
      R"("x509.expired",)";
  CHECK(row_of({sure}) == row + "1,0]]");
  CHECK(row_of({likely}) == row + "1,0,\"likely\"]]");
  // One row, whichever comes first.
  CHECK(row_of({likely, sure}) == row + "2,0]]");
  CHECK(row_of({sure, likely}) == row + "2,0]]");
  CHECK(row_of({likely, likely}) == row + "2,0,\"likely\"]]");

  const std::string text =
      written(ledger_of(report("id", {{.failed = 1, .failures = {likely}}}), signed_mail));
  ledger l;
  REQUIRE(l.read(text).has_value());
  CHECK(sample::failures_of(l)[0].is_likely);
  CHECK(written(l) == text);
  for (const std::string_view other : {"\"sure\"", "\"guess\"", "1", "\"likely\",\"likely\""})
    CHECK(read_code(replaced(text, "\"likely\"", other)) == errc::not_canonical);
  for (const std::string_view no_cause : {"\"-\"", "\"~some text\""})
    CHECK(read_code(replaced(text, "\"x509.expired\"", no_cause)) == errc::not_canonical);
}

TEST_CASE("RC-05: of the rows beyond the limit no cause is likely") {
  tlsrpt::ledger_limits limits;
  limits.details_per_element = 1;
  std::vector<sample::failure> failures;
  for (const char* host : {"mx1.example.com", "mx2.example.com", "mx3.example.com"})
    failures.push_back({.result = "validation-failure",
                        .host = host,
                        .reason = "tls: failed: certificate has expired or so"});
  const ledger l =
      ledger_of(report("id", {{.failed = 3, .failures = failures}}), signed_mail, limits);
  const auto rows = sample::failures_of(l);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].host == tlsrpt::any_name);
  CHECK_FALSE(rows[0].is_likely);
  CHECK(rows[1].is_likely);
  ledger read(limits);
  CHECK(read.read(written(l)).has_value());
}

TEST_CASE("lines are in the order of their octets, 10 days before 2") {
  ledger l;
  report r;
  for (int days : {2, 10, 1}) {
    r.end = r.start + days * std::int64_t{86'400} - 1;
    add(l, r);
  }
  const std::string text = written(l);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  CHECK(std::ranges::is_sorted(lines));
  CHECK(lines[2].find("\"days\":10") != std::string::npos);
  ledger read;
  CHECK(read.read(text).has_value());
}

TEST_CASE("of the ledgers of strangers no report is verified") {
  const std::string text = full_text();
  ledger l;
  REQUIRE(l.read(text, tlsrpt::trust::claimed).has_value());
  for (const tlsrpt::ledger_entry& entry : l.entries()) {
    CHECK(entry.trust == tlsrpt::trust::claimed);
    CHECK(entry.reporter == entry.contact);
    CHECK(entry.submitters().empty());
  }
  const std::string claimed = written(l);
  CHECK(claimed.find("verified") == std::string::npos);
  ledger again;
  CHECK(again.read(claimed).has_value());
  CHECK(written(again) == claimed);
  // They take nothing away from what is verified here, and add nothing to it.
  ledger both;
  REQUIRE(both.read(text).has_value());
  REQUIRE(both.read(claimed).has_value());
  CHECK(written(both) == text);
  CHECK(l.read(text).has_value());
  CHECK(written(l) == text);
  CHECK(l.read(replaced(text, "\"trust\":\"verified\"", "\"trust\":\"claimed\""),
               tlsrpt::trust::claimed)
            .error()
            .code == errc::not_canonical);
}

TEST_CASE("a ledger file has each report once, also where it says other days of it") {
  const std::string text = written(ledger_of(report()));
  const std::size_t begin = text.find("{\"day\""), end = text.find("{\"policy\"");
  std::string later = text.substr(begin, end - begin);
  later = replaced(later, "2026-11-23", "2026-11-24");
  ledger l;
  const auto read = l.read(text.substr(0, end) + later + text.substr(end));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == errc::not_canonical);
  CHECK(read.error().where.offset == end);
  CHECK(l.empty());
}

TEST_CASE("a ledger file can name more rows than its header allows only in vain") {
  tlsrpt::ledger_limits limits;
  limits.details_per_element = 2;
  limits.elements = 1;
  const auto text_with = [](int elements, int failures) {
    report r;
    r.elements.clear();
    for (int i = 0; i < elements; ++i) {
      element e;
      e.domain = "d" + std::to_string(i) + ".example";
      for (int k = 0; k < failures; ++k)
        e.failures.push_back({.host = "h" + std::to_string(k) + ".example"});
      r.elements.push_back(e);
    }
    return replaced(written(ledger_of(r)), "\"details\":256,\"elements\":1024",
                    "\"details\":2,\"elements\":1");
  };
  ledger l(limits);
  CHECK(l.read(text_with(1, 2)).has_value());
  CHECK(l.read(text_with(1, 3)).error().code == errc::not_canonical);
  CHECK(l.read(text_with(2, 1)).error().code == errc::not_canonical);
}
