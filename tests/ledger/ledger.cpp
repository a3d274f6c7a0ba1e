#include <tlsrpt/ledger.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "ledger/sample.hpp"

namespace {

using sample::add;
using sample::element;
using sample::entry_of;
using sample::failures_of;
using sample::from_file;
using sample::ledger_of;
using sample::made_up;
using sample::merge;
using sample::report;
using sample::signed_mail;
using sample::totals_of;
using sample::written;
using tlsrpt::add_outcome;
using tlsrpt::channel;
using tlsrpt::errc;
using tlsrpt::largest_sessions;
using tlsrpt::ledger;
using tlsrpt::session_count;
using tlsrpt::session_sum;
using tlsrpt::trust;

constexpr std::int64_t day_23 = sample::second_of_2026_11_23;

std::string period_of(std::int64_t start, std::int64_t end) {
  report r;
  r.start = start;
  r.end = end;
  const ledger l = ledger_of(r);
  const auto entry = entry_of(l);
  return std::string(to_text(entry.first)) + "+" + std::to_string(entry.days) +
         (entry.flags.approximate ? "~" : "");
}

}  // namespace

TEST_CASE("a report that comes again changes no number (AG-02)") {
  const report r;
  ledger l;
  CHECK(add(l, r) == add_outcome::added);
  const std::string before = written(l);
  CHECK(add(l, r) == add_outcome::again);
  CHECK(written(l) == before);
  CHECK(l.size() == 1);
}

TEST_CASE("a digest that is known is handed over") {
  const report r;
  ledger l;
  CHECK(l.add(r.view(), signed_mail, digest_of(r.view())) == add_outcome::added);
  CHECK(written(l) == written(ledger_of(r, signed_mail)));
  CHECK(add(l, r) == add_outcome::again);
}

TEST_CASE("the identity of a report is its values, not its spelling (AG-01)") {
  report r, other;
  other.elements[0].kind = "STS";
  ledger l = ledger_of(r);
  CHECK(add(l, other) == add_outcome::again);
  other.elements[0].ok = 11;
  CHECK(add(l, other) == add_outcome::added);
}

TEST_CASE(
    "a signed copy and an anonymous one are one verified report, in any order (AG-03, AG-W4)") {
  const report r;
  const tlsrpt::receipt posted = {{}, channel::https, day_23 + 90'000, {}};
  ledger a = ledger_of(r, signed_mail), b = ledger_of(r, posted);
  CHECK(add(a, r, posted) == add_outcome::again);
  CHECK(add(b, r, signed_mail) == add_outcome::again_with_better_receipt);
  CHECK(written(a) == written(b));
  const auto entry = entry_of(a);
  CHECK(entry.trust == trust::verified);
  CHECK(entry.reporter == "sender.example");
  CHECK(entry.seen == day_23 + 90'000);
  CHECK(entry.via ==
        ((1 << static_cast<int>(channel::mail)) | (1 << static_cast<int>(channel::https))));
  CHECK(written(a).find("\"via\":\"hm\"") != std::string::npos);
  CHECK(totals_of(a)[0].ok == session_sum{10, 0});
}

TEST_CASE("whose report it is (AG-04)") {
  report r;
  const auto reporter = [&](std::string_view submitter) {
    tlsrpt::receipt receipt;
    receipt.authenticated_submitter = submitter;
    const ledger l = ledger_of(r, receipt);
    return std::string(entry_of(l).reporter);
  };
  CHECK(reporter("") == "sender.example");
  CHECK(reporter("Sender.Example.") == "sender.example");
  CHECK(reporter("other.example") == "other.example");
  r.contact = "tls@reports.sender.example";
  CHECK(reporter("sender.example") == "reports.sender.example");              // above it
  CHECK(reporter("x.reports.sender.example") == "x.reports.sender.example");  // below it
  CHECK(reporter("example") == "example");                                    // one label
  r.contact = "no address";
  r.organization = " The \t Sender,  Inc. ";
  CHECK(reporter("") == "org:the sender, inc.");
  r.organization.clear();
  CHECK(reporter("") == "?");
  CHECK(reporter("org") == "org");
}

TEST_CASE("aligned submitters are never pushed out by others") {
  const report r;
  ledger l;
  for (std::string_view name : {"f.example", "e.example", "sender.example", "d.example",
                                "c.example", "b.example", "a.example"}) {
    tlsrpt::receipt receipt;
    receipt.authenticated_submitter = name;
    add(l, r, receipt);
  }
  const auto entry = entry_of(l);
  CHECK(entry.reporter == "sender.example");
  CHECK(entry.flags.more);
  const auto by = entry.submitters();
  CHECK(std::vector<std::string>(by.begin(), by.end()) ==
        std::vector<std::string>{"sender.example", "a.example", "b.example", "c.example"});
}

TEST_CASE("the domain of an unauthenticated receipt never replaces that of an authenticated one") {
  const report r;
  ledger l = ledger_of(r, {{}, channel::https, 0, "a.example"});
  CHECK(entry_of(l).inferred == "a.example");
  CHECK_FALSE(entry_of(l).flags.inferred_claimed);
  add(l, r, {"sender.example", channel::mail, 0, {}});
  CHECK(entry_of(l).flags.inferred_claimed);
  add(l, r, {"sender.example", channel::mail, 0, "z.example"});
  CHECK(entry_of(l).inferred == "z.example");
  add(l, r, {{}, channel::https, 0, "b.example"});
  CHECK(entry_of(l).inferred == "z.example");
  CHECK_FALSE(entry_of(l).flags.inferred_claimed);
  add(l, r, {{}, channel::https, 0, "no host name"});
  CHECK(entry_of(l).inferred == "z.example");
}

TEST_CASE("an inferred domain in Unicode is kept as that of a policy is (AG-12, AG-13)") {
  report r;
  const std::string_view domain =
      "b\xc3\xbc"
      "cher.example";
  r.elements[0].domain = domain;
  CHECK(entry_of(ledger_of(r)).about ==
        "!b\xc3\xbc"
        "cher.example");
  r.elements[0].domain = "";
  ledger l = ledger_of(r, {"sender.example", channel::mail, 0, domain});
  CHECK(entry_of(l).inferred ==
        "!b\xc3\xbc"
        "cher.example");
  CHECK(entry_of(l).domain_or_inferred("?") ==
        "!b\xc3\xbc"
        "cher.example");
  ledger read;
  CHECK(read.read(written(l)).has_value());
  CHECK(written(read) == written(l));
  // A host name says more.
  const ledger named = ledger_of(r, {"sender.example", channel::mail, 0, "xn--bcher-kva.example"});
  merge(l, named);
  CHECK(entry_of(l).inferred == "xn--bcher-kva.example");
  merge(read, named);
  CHECK(written(read) == written(l));
}

TEST_CASE("AG-13: nobody but verified copies says what a verified report is about") {
  report r;
  r.elements[0].domain = "";
  const auto domain = [](const ledger& l) {
    const tlsrpt::ledger_entry entry = entry_of(l);
    CHECK(entry.domain_or_inferred("example.com") == "example.com");
    CHECK(entry.domain_or_inferred(totals_of(l)[0].domain) ==
          entry.domain_or_inferred(entry.about));
    return std::string(entry.domain_or_inferred(entry.about));
  };
  ledger l = ledger_of(r);
  CHECK(domain(l) == tlsrpt::absent_domain);
  add(l, r, {{}, channel::https, 0, "claimed.example"});
  CHECK(domain(l) == "claimed.example");
  add(l, r, {"sender.example", channel::mail, 0, {}});
  CHECK(domain(l) == tlsrpt::absent_domain);
  add(l, r, {"sender.example", channel::mail, 0, "vouched.example"});
  CHECK(domain(l) == "vouched.example");
}

TEST_CASE("AG-15: the policy of a report does not depend on that of the report before") {
  const std::vector<std::vector<std::string>> texts = {
      {"version: STSv1", "mode: enforce", "mx: a.example"},
      {"version: STSv1", "mode: enforce", "mx: a.examplf"},
      {"version: STSv1", "mode: testing", "mx: a.example"},
      {"version: STSv1mode: enforce", "mx: a.example"},
      {"version: STSv1", "mode: enforce", "mx: a.example", ""},
      {"version: STSv1", "mode: enforce", "mx: a.example " + std::string(5000, 'x')},
      {"version: STSv1", "mode: enforce", "mx: a.example " + std::string(5000, 'y')},
      {}};
  const auto row_of = [](const ledger& l, const std::string& id) {
    for (const tlsrpt::ledger_entry& entry : l.entries())
      if (entry.report_id == id) {
        const tlsrpt::ledger_total row = *entry.totals.begin();
        return std::string(kind_name(row.kind)) + ' ' + std::string(mode_name(row.kind, row.mode)) +
               ' ' + std::string(to_text(row.policy));
      }
    return std::string();
  };
  ledger all;
  int number = 0;
  for (const auto& first : texts)
    for (const auto& second : texts)
      for (const char* kind : {"sts", "tlsa"})
        for (const auto& text : {first, second}) {
          report r;
          r.id = std::to_string(++number);
          r.elements[0].policy = text;
          r.elements[0].kind = kind;
          add(all, r);
          const ledger alone = ledger_of(r);
          REQUIRE(row_of(all, r.id) == row_of(alone, r.id));
        }
}

TEST_CASE("equal elements are one, unequal ones are added (AG-09)") {
  element e;
  e.failed = 2;
  e.failures = {{.host = "a.example.com"}, {.host = "b.example.com"}};
  element turned = e;
  std::swap(turned.failures[0], turned.failures[1]);
  ledger l = ledger_of(report("id", {e, turned, e}));
  CHECK(totals_of(l).size() == 1);
  CHECK(totals_of(l)[0].elements == 1);
  CHECK(totals_of(l)[0].ok == session_sum{10, 0});
  CHECK(entry_of(l).flags.repeated);

  const std::vector<std::pair<const char*, void (*)(element&)>> changes = {
      {"mx-host", [](element& x) { x.mx_host = {"mx.example.com"}; }},
      {"ok", [](element& x) { x.ok = 9; }},
      {"failed", [](element& x) { x.failed = session_count(); }},
      {"host", [](element& x) { x.failures[0].host = "c.example.com"; }},
      {"reason", [](element& x) { x.failures[0].reason = "text"; }},
      {"count", [](element& x) { x.failures[0].sessions = session_count(); }},
      {"fewer", [](element& x) { x.failures.pop_back(); }},
  };
  for (const auto& change : changes) {
    CAPTURE(change.first);
    element other = e;
    change.second(other);
    l = ledger_of(report("id", {e, other}));
    CHECK(totals_of(l).size() == 1);
    CHECK(totals_of(l)[0].elements == 2);
    CHECK_FALSE(entry_of(l).flags.repeated);
  }
}

TEST_CASE("what a report is about (AG-10)") {
  element tlsa, sts, none;
  tlsa.kind = "tlsa";
  tlsa.domain = "MX1.example.net.";
  sts.domain = "Example.COM";
  none.kind = "no-policy-found";
  none.domain.clear();
  const auto about = [](std::vector<element> elements) {
    const ledger l = ledger_of(report("id", std::move(elements)));
    return std::string(entry_of(l).about);
  };
  CHECK(about({tlsa, sts}) == "example.com");
  CHECK(about({tlsa}) == "mx1.example.net");
  CHECK(about({tlsa, none, sts}) == "?");
  CHECK(about({}) == "?");
}

TEST_CASE("names in normal form (AG-12, AG-13, AG-18)") {
  element e;
  e.domain.clear();
  e.failures = {
      {.host = "MX.Example.COM.", .ip = "[2001:DB8::0001]"},
      {.host = "", .helo = "250-Helo.Example\r\n250 STARTTLS"},
      {.host = "not a host", .ip = "junk"},
  };
  const ledger l = ledger_of(report("id", {e}));
  CHECK(totals_of(l)[0].domain == "?");
  const auto rows = failures_of(l);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].host == "!not a host");
  CHECK(rows[0].node == "-");
  CHECK(rows[1].host == "-");
  CHECK(rows[1].node == "helo.example");
  CHECK(rows[2].host == "mx.example.com");
  CHECK(rows[2].node == "2001:db8::1");
}

TEST_CASE("kinds and modes (AG-14)") {
  const auto total = [](std::string kind, std::vector<std::string> policy) {
    element e;
    e.kind = std::move(kind);
    e.policy = std::move(policy);
    const ledger l = ledger_of(report("id", {e}));
    const auto row = totals_of(l)[0];
    return std::string(kind_name(row.kind)) + " " + std::string(mode_name(row.kind, row.mode));
  };
  CHECK(total("sts", {"version: STSv1", "mode: testing"}) == "sts testing");
  CHECK(total("sts", {"version: STSv1", "mode: none"}) == "sts none");
  CHECK(total("sts", {"version: STSv1", "mode: enforce"}) == "sts enforce");
  CHECK(total("sts", {}) == "sts ?");
  CHECK(total("tlsa", {"3 1 1 0f"}) == "tlsa -");
  CHECK(total("no-policy-found", {}) == "none -");
  CHECK(total("something", {}) == "other -");
}

TEST_CASE("texts of policies that say the same have one id (AG-15)") {
  const auto id = [](std::string kind, std::vector<std::string> policy) {
    element e;
    e.kind = std::move(kind);
    e.policy = std::move(policy);
    const ledger l = ledger_of(report("id", {e}));
    const auto row = totals_of(l)[0];
    return std::string(to_text(row.policy)) + " " + std::string(l.policy_text(row.policy));
  };
  CHECK(id("sts", {}) == "- ");
  CHECK(id("sts", {"version: STSv1 \r", "mode: enforce"}) ==
        id("sts", {"version: STSv1", "mode: enforce"}));
  CHECK(id("sts", {"mode: enforce", "version: STSv1"}) !=
        id("sts", {"version: STSv1", "mode: enforce"}));
  CHECK(id("tlsa", {"3 1 1 0F", "2 0 1 AB", "3 1 1 0f"}) == id("tlsa", {"2 0 1 ab", "3 1 1 0f"}));
  CHECK(id("tlsa", {"2 0 1 ab", "3 1 1 0f"}).ends_with(" 2 0 1 ab\n3 1 1 0f"));
  CHECK(id("tlsa", {"3 1 1 0f"}) != id("sts", {"3 1 1 0f"}));
  CHECK(id("sts", {std::string(5000, 'x')}).size() == 17 + 4096);
}

TEST_CASE("result types (AG-16)") {
  element e;
  e.failures = {
      {.result = "CERTIFICATE_EXPIRED"},
      {.result = ""},
      {.result = "no such type, and a text that is far longer than what is kept of it, is "
                 "it not"}};
  const ledger l = ledger_of(report("id", {e}));
  const auto rows = failures_of(l);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].result.text == "-");
  CHECK(rows[1].result.text.size() == 65);
  CHECK(rows[1].result.text.starts_with("?no such type"));
  CHECK(rows[2].result.text == "certificate-expired");
  CHECK(rows[2].result.value == tlsrpt::result_type::certificate_expired);
}

TEST_CASE("reasons: an id, or a text of which hosts, numbers and addresses are left out (AG-17)") {
  const auto reason = [](std::string result, std::string text) {
    element e;
    e.failures = {{.result = std::move(result), .reason = std::move(text)}};
    const ledger l = ledger_of(report("id", {e}));
    return std::string(failures_of(l)[0].reason);
  };
  CHECK(reason("certificate-expired", "") == "x509.expired");
  CHECK(reason("certificate-host-mismatch", "") == "x509.host_mismatch");
  CHECK(reason("starttls-not-supported", "") == "starttls.absent");
  CHECK(reason("sts-policy-invalid", "") == "sts.policy_syntax");
  CHECK(reason("validation-failure", "") == "-");
  CHECK(reason("validation-failure", "self-signed_certificate") == "x509.self_signed");
  CHECK(reason("validation-failure", "Frobnicated 12345 times, code 999 by 'Mr. X' at 192.0.2.1") ==
        "~Frobnicated # times, code 999 by <q> at <ip>");
  CHECK(reason("validation-failure", "xyzzy [2001:db8::1]:25 didn't say \"a\"") ==
        "~xyzzy [<ip>]:25 didn't say <q>");
  CHECK(reason("validation-failure", "zzz 192.0.2.1. zz") == "~zzz <ip>. zz");
  CHECK(reason("validation-failure", std::string(1000, 'q')).size() == 80);
}

TEST_CASE("periods (AG-19)") {
  constexpr std::int64_t day_20 = day_23 - std::int64_t{3} * 86'400, hour = 3600;
  CHECK(period_of(day_20, day_20 + 86'399) == "2026-11-20+1");
  CHECK(period_of(day_20, day_20 + 86'400) == "2026-11-20+1");
  CHECK(period_of(day_20 + 9 * hour + 780, day_20 + 33 * hour + 780) == "2026-11-20+1~");
  CHECK(period_of(day_20 + 13 * hour, day_20 + 37 * hour) == "2026-11-21+1~");
  CHECK(period_of(day_20 + 12 * hour, day_20 + 36 * hour) == "2026-11-20+1~");
  CHECK(period_of(day_20 + 14 * hour, day_20 + 15 * hour) == "2026-11-20+1~");
  CHECK(period_of(day_20 - 6 * hour, day_20 + 18 * hour - 1) == "2026-11-20+1~");
  CHECK(period_of(day_20 - std::int64_t{4} * 86'400, day_20 + std::int64_t{3} * 86'400 - 1) ==
        "2026-11-16+7");
  CHECK(period_of(day_20, day_20) == "2026-11-20+1");
  CHECK(period_of(-86'400, -1) == "1969-12-31+1");
}

TEST_CASE("a period of more than 400 days is refused, and nothing changes") {
  report r;
  r.start = day_23 - 399 * std::int64_t{86'400};
  ledger l = ledger_of(r);
  CHECK(entry_of(l).days == 400);
  r.start -= 86'400;
  CHECK(l.add(r.view(), from_file).error().code == errc::period_too_long);
  CHECK(l.size() == 1);
}

TEST_CASE("an unknown period is the day of the first receipt") {
  report r;
  r.has_period = false;
  ledger late = ledger_of(r, {{}, channel::file, day_23 + 100'000, {}});
  CHECK(to_text(entry_of(late).first) == "2026-11-24");
  CHECK(entry_of(late).flags.period_unknown);
  ledger early = ledger_of(r, {{}, channel::file, day_23 + 5, {}});
  merge(late, early);
  merge(early, late);
  CHECK(to_text(entry_of(late).first) == "2026-11-23");
  CHECK(written(early) == written(late));

  report reversed;
  reversed.end = reversed.start - 1;
  const ledger l = ledger_of(reversed, {{}, channel::file, day_23 + 100'000, {}});
  CHECK(to_text(entry_of(l).first) == "2026-11-24");
  // Nobody but who vouches for it says when it came.
  ledger signed_late = ledger_of(r, {"sender.example", channel::mail, day_23 + 200'000, {}});
  merge(early, signed_late);
  merge(signed_late, late);
  CHECK(to_text(entry_of(early).first) == "2026-11-25");
  CHECK(entry_of(early).seen == day_23 + 5);
  CHECK(written(early) == written(signed_late));
  ledger read;
  CHECK(read.read(written(early)).has_value());
  CHECK(written(read) == written(early));
  ledger claimed;
  CHECK(claimed.read(written(early), tlsrpt::trust::claimed).has_value());
  CHECK(to_text(entry_of(claimed).first) == "2026-11-23");

  const ledger far =
      ledger_of(r, {{}, channel::file, std::numeric_limits<std::int64_t>::min(), {}});
  CHECK(to_text(entry_of(far).first) == "0000-01-01");
}

TEST_CASE("unknown is not 0, and the largest detail is a bound of what failed (AG-23, AG-26)") {
  element e;
  e.ok = session_count();
  e.failed = session_count();
  e.failures = {{.host = "a.example", .sessions = 4},
                {.host = "b.example", .sessions = 9},
                {.host = "c.example", .sessions = session_count()}};
  const ledger l = ledger_of(report("id", {e}));
  const auto row = totals_of(l)[0];
  CHECK(row.ok == session_sum{0, 1});
  CHECK(row.failed == session_sum{9, 1});
  CHECK(failures_of(l)[2].noted == session_sum{0, 1});
}

TEST_CASE("counts stop at 2^53-1 (AG-24, AG-W10)") {
  element e;
  e.ok = largest_sessions;
  element other = e;
  other.mx_host = {"mx.example.com"};
  ledger l = ledger_of(report("id", {e, other}));
  CHECK(totals_of(l)[0].ok.sessions == largest_sessions);
  CHECK_FALSE(entry_of(l).flags.clipped);
  e.ok = 1'000'000'000'000'000'000;
  l = ledger_of(report("id", {e}));
  CHECK(totals_of(l)[0].ok.sessions == largest_sessions);
  CHECK(entry_of(l).flags.clipped);
  CHECK(written(l).find("[\"clipped\"]") != std::string::npos);
  e.ok = 1;
  e.failures = {{.sessions = std::numeric_limits<std::uint64_t>::max()}};
  l = ledger_of(report("id", {e}));
  CHECK(failures_of(l)[0].noted.sessions == largest_sessions);
  CHECK(entry_of(l).flags.clipped);
}

TEST_CASE("SocketLabs: elements that agree in domain, kind and policy are added (AG-W2)") {
  element first, second;
  first.domain = second.domain = "test.mailflow.ovh";
  first.ok = 12;
  first.failed = 0;
  first.mx_host = {"mta-sts.test.mailflow.ovh"};
  second.ok = 0;
  second.failed = 2;
  second.failures = {
      {.result = "certificate-host-mismatch", .host = "mta-sts.test.mailflow.ovh", .sessions = 2}};
  const ledger l = ledger_of(report("id", {first, second}));
  REQUIRE(totals_of(l).size() == 1);
  const auto row = totals_of(l)[0];
  CHECK(row.ok == session_sum{12, 0});
  CHECK(row.failed == session_sum{2, 0});
  CHECK(row.elements == 2);
  REQUIRE(failures_of(l).size() == 1);
  CHECK(failures_of(l)[0].noted == session_sum{2, 0});
}

TEST_CASE("Microsoft: the same sessions under two kinds are two rows (AG-W1)") {
  element sts, tlsa;
  sts.ok = tlsa.ok = 7;
  tlsa.kind = "tlsa";
  tlsa.policy = {"3 1 1 0f"};
  const ledger l = ledger_of(report("id", {tlsa, sts}));
  REQUIRE(totals_of(l).size() == 2);
  CHECK(totals_of(l)[0].kind == tlsrpt::policy_type::sts);
  CHECK(totals_of(l)[1].kind == tlsrpt::policy_type::tlsa);
}

TEST_CASE("Mail.ru: two details of one session (AG-W3)") {
  element e;
  e.failed = 1;
  e.failures = {
      {.result = "sts-policy-fetch-error", .host = "", .reason = "bad https response code: 404"},
      {.result = "sts-policy-fetch-error", .host = "", .reason = "bad https response code: 500"}};
  const ledger l = ledger_of(report("id", {e}));
  CHECK(totals_of(l)[0].failed == session_sum{1, 0});
  const auto rows = failures_of(l);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].reason == "http.404");
  CHECK(rows[1].reason == "http.5xx");
  CHECK(rows[0].noted == session_sum{1, 0});
}

TEST_CASE("of too many failures the largest are kept, the rest is exact (AG-32)") {
  element e;
  for (int i = 0; i < 1000; ++i)
    e.failures.push_back({.result = i % 2 == 0 ? "certificate-expired" : "something else",
                          .host = "h" + std::to_string(i) + ".example.com"});
  e.failures.push_back({.host = "mx1.example.com", .sessions = 40});
  const ledger l = ledger_of(report("id", {e}));
  const auto rows = failures_of(l);
  CHECK(rows.size() == 256 + 2);
  std::uint64_t all = 0, rest = 0;
  for (const auto& row : rows) {
    all += row.noted.sessions;
    if (row.host == tlsrpt::any_name) {
      rest += row.noted.sessions;
      CHECK(row.node == tlsrpt::any_name);
      CHECK(row.reason == tlsrpt::any_name);
      CHECK((row.result.known() || row.result.text == tlsrpt::any_name));
    }
  }
  CHECK(all == 1040);
  CHECK(rest == 1001 - 256);
  CHECK(entry_of(l).flags.cut == 1001 - 256);
}

TEST_CASE("of too many domains the largest are kept, the rest is exact (AG-32)") {
  report r;
  r.elements.clear();
  for (std::uint64_t i = 0; i < 20; ++i) {
    element e;
    e.domain = "d" + std::to_string(i) + ".example";
    e.ok = i;
    e.failures = {{.host = "mx." + e.domain}};
    r.elements.push_back(e);
  }
  tlsrpt::ledger_limits limits;
  limits.elements = 5;
  const ledger l = ledger_of(r, from_file, limits);
  const auto rows = totals_of(l);
  REQUIRE(rows.size() == 6);
  CHECK(rows[0].domain == tlsrpt::any_name);
  CHECK(rows[0].ok.sessions == 14 * 15 / 2);
  CHECK(rows[0].elements == 15);
  CHECK(rows[0].policy == tlsrpt::policy_id::none);
  CHECK(rows[1].domain == "d15.example");
  CHECK(entry_of(l).flags.cut == 15);
  CHECK(failures_of(l).size() == 20);
  CHECK(failures_of(l)[0].domain == tlsrpt::any_name);
}

TEST_CASE("texts are shortened at a character, and the report says so") {
  report r;
  r.id = std::string(254, 'i') + "\xc3\xa9";
  const ledger l = ledger_of(r);
  CHECK(entry_of(l).report_id == std::string(254, 'i'));
  CHECK(entry_of(l).flags.cut == 1);
}

TEST_CASE("a full ledger refuses and changes nothing (AG-35)") {
  tlsrpt::ledger_limits limits;
  limits.entries = 2;
  ledger l(limits);
  report r;
  add(l, r);
  r.id = "id-2";
  add(l, r);
  const std::string before = written(l);
  r.id = "id-3";
  CHECK(l.add(r.view(), from_file).error().code == errc::ledger_full);
  ledger more = ledger_of(r, from_file, limits);
  r.id = "id-0";
  add(more, r);
  CHECK(l.merge(more).error().code == errc::ledger_full);
  CHECK(l.read(written(more)).error().code == errc::ledger_full);
  CHECK(written(l) == before);
  r.id = "id-1";
  CHECK(add(l, r, signed_mail) == add_outcome::again_with_better_receipt);

  limits = {};
  limits.octets = 4000;
  ledger small(limits);
  errc fault = errc::ok;
  for (int i = 0; fault == errc::ok && i < 100; ++i) {
    r.id = "id " + std::to_string(i);
    fault = small.add(r.view(), from_file).error().code;
    CHECK(small.octets() <= 4000);
  }
  CHECK(fault == errc::ledger_full);
}

TEST_CASE("strangers get half of a ledger, each an eighth of that half (AG-35)") {
  const std::vector<std::string_view> known = {"Sender.example"};
  tlsrpt::ledger_limits limits;
  limits.entries = 64;
  limits.known_reporters = known;
  ledger l(limits);
  report r;
  const auto add_many = [&](const std::string& who, int count, bool is_signed) {
    int added = 0;
    for (int i = 0; i < count; ++i) {
      r.contact = "tls@" + who;
      r.id = who + std::to_string(i) + (is_signed ? "s" : "");
      tlsrpt::receipt receipt;
      if (is_signed) receipt.authenticated_submitter = who;
      const auto outcome = l.add(r.view(), receipt);
      if (!outcome) CHECK(outcome.error().code == errc::ledger_full);
      added += outcome.has_value() ? 1 : 0;
    }
    return added;
  };
  CHECK(add_many("stranger.example", 100, true) == 4);
  CHECK(add_many("sender.example", 100, false) == 4);  // claims a known name
  for (int i = 0; i < 100; ++i) add_many("s" + std::to_string(i) + ".example", 1, i % 2 == 0);
  CHECK(l.size() == 32);
  CHECK(add_many("sender.example", 32, true) == 32);
  CHECK(add_many("sender.example", 33, true) == 32);  // again, and one too many
}

TEST_CASE("days that are taken out of a ledger make room for strangers (AG-35)") {
  const std::vector<std::string_view> known = {"sender.example"};
  tlsrpt::ledger_limits limits;
  limits.entries = 32;
  limits.known_reporters = known;
  ledger l(limits);
  report r;
  r.contact = "tls@stranger.example";
  const auto add_on = [&](int day, const char* id) {
    r.start = day_23 + day * std::int64_t{86'400};
    r.end = r.start + 86'399;
    r.id = id;
    return l.add(r.view(), {}).error().code;
  };
  const auto fill = [&] {
    CHECK(add_on(0, "1") == errc::ok);
    CHECK(add_on(1, "2") == errc::ok);
    CHECK(add_on(1, "3") == errc::ledger_full);
  };
  fill();
  const auto taken = l.take(tlsrpt::day_of(day_23), tlsrpt::day_of(day_23));
  REQUIRE(taken.has_value());
  CHECK(add_on(1, "3") == errc::ok);
  CHECK(add_on(1, "4") == errc::ledger_full);
  // Merging what does not fit counts nothing.
  CHECK(l.merge(*taken).error().code == errc::ledger_full);
  CHECK(add_on(1, "4") == errc::ledger_full);
}

TEST_CASE("a stranger that turns out to be known gives its share back (AG-35)") {
  const std::vector<std::string_view> known = {"sender.example"};
  tlsrpt::ledger_limits limits;
  limits.entries = 32;
  limits.known_reporters = known;
  ledger l(limits);
  report r;
  const auto add_as = [&](const char* id, const tlsrpt::receipt& receipt) {
    r.id = id;
    return l.add(r.view(), receipt).error().code;
  };
  CHECK(add_as("1", {}) == errc::ok);
  CHECK(add_as("2", {}) == errc::ok);
  CHECK(add_as("3", {}) == errc::ledger_full);
  CHECK(add_as("1", {.authenticated_submitter = "sender.example"}) == errc::ok);
  CHECK(add_as("3", {}) == errc::ok);
  CHECK(add_as("4", {}) == errc::ledger_full);
}

namespace {

/// A ledger that knows a reporter, with room for `octets`.
tlsrpt::ledger_limits limits_with_known(std::size_t octets) {
  static constexpr std::string_view known[] = {"sender.example"};
  tlsrpt::ledger_limits limits;
  limits.octets = octets;
  limits.known_reporters = known;
  return limits;
}

/// What a stranger posts, with a policy that nobody else has.
report with_own_policy(const std::string& who, const std::string& id) {
  report r;
  r.contact = "tls@" + who;
  r.id = id;
  r.elements[0].policy = {"version: STSv1", "x: " + who + id + std::string(3000, 'x')};
  return r;
}

/// How many of so many strangers, each with two reports, find room.
int add_strangers(ledger& l, int from, int count) {
  int added = 0;
  for (int i = from; i < from + count; ++i)
    for (const char* id : {"1", "2"}) {
      const auto outcome =
          l.add(with_own_policy("s" + std::to_string(i) + ".example", id).view(), from_file);
      if (!outcome) CHECK(outcome.error().code == errc::ledger_full);
      added += outcome.has_value() ? 1 : 0;
    }
  return added;
}

}  // namespace

TEST_CASE("the share of strangers has the texts of their policies, whatever happens (AG-35)") {
  const tlsrpt::ledger_limits limits = limits_with_known(200'000);
  ledger l(limits);
  const int added = add_strangers(l, 0, 50);
  CHECK(added > 20);
  CHECK(added < 34);
  CHECK(l.take(tlsrpt::day{1}, tlsrpt::day{2}).has_value());
  CHECK(add_strangers(l, 100, 50) == 0);
  ledger more(limits);
  REQUIRE(add_strangers(more, 200, 4) == 8);
  CHECK(l.merge(more).error().code == errc::ledger_full);
  CHECK(l.read(written(more)).error().code == errc::ledger_full);
  CHECK(add_strangers(l, 300, 50) == 0);
  // Until what was replaced is dropped.
  const report known;
  for (int i = 9999; i > 1000; --i)
    add(l, known, {"a" + std::to_string(i) + ".sender.example", channel::mail, day_23, {}});
  CHECK(l.octets() < 400'000);
  CHECK(add_strangers(l, 400, 50) == 0);
}

TEST_CASE("a stranger that turns out to be known gives back the share of its policies (AG-35)") {
  ledger l(limits_with_known(180'000));
  const auto code_of = [&](const char* id, const tlsrpt::receipt& receipt) {
    return l.add(with_own_policy("sender.example", id).view(), receipt).error().code;
  };
  for (const char* id : {"1", "2", "3"}) CHECK(code_of(id, from_file) == errc::ok);
  CHECK(code_of("4", from_file) == errc::ledger_full);
  CHECK(code_of("1", signed_mail) == errc::ok);
  CHECK(code_of("4", from_file) == errc::ok);
  CHECK(code_of("5", from_file) == errc::ledger_full);
}

TEST_CASE("a report of a stranger that gets another policy is counted with it (AG-35)") {
  const report of = with_own_policy("stranger.example", "1");
  report longer = of;
  longer.contact = "tls@other.example";
  for (int i = 0; i < 3; ++i) {
    longer.elements.push_back(element{});
    longer.elements.back().domain = "d" + std::to_string(i) + ".example";
    longer.elements.back().policy.push_back(std::string(3900, static_cast<char>('a' + i)));
  }
  const tlsrpt::receipt other = {"other.example", channel::mail, day_23, {}};
  const std::string text = made_up(of, longer, other);
  ledger small(limits_with_known(200'000)), large(limits_with_known(400'000));
  for (ledger* l : {&small, &large}) add(*l, report("another", {element{}}));
  for (ledger* l : {&small, &large}) REQUIRE(l->read(made_up(of, of)).has_value());
  const std::string before = written(small);
  CHECK(small.read(text).error().code == errc::ledger_full);
  CHECK(written(small) == before);
  CHECK(large.read(text).has_value());
  // Two thirds of its share are used: a report of 12 kB has no room any more.
  report next = longer;
  next.id = "2";
  for (element& e : next.elements) e.policy.push_back("mx: another.example");
  CHECK(large.add(next.view(), other).error().code == errc::ledger_full);
  CHECK(large.add(report("3", {element{}}).view(), other).has_value());
}

TEST_CASE("receipts of strangers do not fill more than the share of strangers (AG-35)") {
  tlsrpt::ledger_limits limits = limits_with_known(100'000);
  ledger l(limits);
  std::vector<report> reports;
  for (int i = 0; l.octets() < 48'000; ++i) {
    report r;
    r.contact = "tls@s" + std::to_string(i % 20) + ".example";
    r.id = std::to_string(i);
    if (l.add(r.view(), from_file)) reports.push_back(r);
  }
  const std::string label(55, 'x');
  int refused = 0;
  for (const report& r : reports)
    for (char first = 'a'; first < 'e'; ++first) {
      const std::string domain =
          first + ('.' + label) + '.' + label + '.' + label + '.' + label + ".example";
      const std::string before = refused == 0 ? written(l) : std::string();
      const auto outcome = l.add(r.view(), {domain, channel::mail, day_23, {}});
      if (outcome) continue;
      CHECK(outcome.error().code == errc::ledger_full);
      if (refused++ == 0) CHECK(written(l) == before);
    }
  CHECK(refused > 500);
  std::size_t octets = 0;
  for (const tlsrpt::ledger_entry& entry : l.entries())
    for (const std::string_view name : entry.submitters()) octets += name.size();
  CHECK(octets < 10'000);
  // A receipt that is there already, and one of somebody who is known, have room.
  CHECK(add(l, reports.back()) == add_outcome::again);
  CHECK(add(l, reports.back(), signed_mail) == add_outcome::again_with_better_receipt);
  int known = 0;
  for (report r; known < 1000; ++known) {
    r.id = "known " + std::to_string(known);
    if (!l.add(r.view(), signed_mail)) break;
  }
  CHECK(known > 150);
}

TEST_CASE("a merge that does not fit takes back what it joined, added and replaced (AG-35)") {
  ledger other;
  std::vector<report> reports;
  for (int i = 0; i < 40; ++i) reports.push_back(with_own_policy("s.example", std::to_string(i)));
  for (std::size_t i = 0; i < 30; ++i) {
    report truth = reports[i];
    truth.elements[0].policy.push_back("another: " + std::to_string(i));
    truth.elements[0].ok = 7;
    ledger liar;
    REQUIRE(liar.read(made_up(reports[i], truth, signed_mail)).has_value());
    merge(other, liar);
  }
  for (std::size_t i = 30; i < 40; ++i) add(other, reports[i], signed_mail);
  for (const std::size_t room : {116'000u, 122'000u, 150'000u}) {
    CAPTURE(room);
    tlsrpt::ledger_limits limits;
    limits.octets = room;
    ledger l(limits);
    for (std::size_t i = 0; i < 35; ++i) add(l, reports[i]);
    const std::string before = written(l);
    const std::size_t octets = l.octets();
    const bool fits = l.merge(other).has_value();
    CHECK(fits == (room == 150'000u));
    if (fits) {
      ledger turned;
      merge(turned, other);
      for (std::size_t i = 0; i < 35; ++i) merge(turned, ledger_of(reports[i]));
      CHECK(written(l) == written(turned));
      continue;
    }
    CHECK(written(l) == before);
    CHECK(l.octets() == octets);
    for (std::size_t i = 0; i < 35; ++i) CHECK(add(l, reports[i]) == add_outcome::again);
  }
}

TEST_CASE("a policy that many totals have takes its octets once (AG-35)") {
  const std::vector<std::string> policy = {"version: STSv1", "x: " + std::string(3000, 'x')};
  tlsrpt::ledger_limits limits;
  limits.octets = 300'000;
  report wide;
  wide.elements.clear();
  for (int i = 0; i < 1000; ++i) {
    element e;
    e.domain = "d" + std::to_string(i) + ".example";
    e.policy = policy;
    wide.elements.push_back(e);
  }
  ledger l(limits);
  add(l, wide);
  ledger merged(limits), read(limits);
  merge(merged, l);
  CHECK(read.read(written(l)).has_value());

  ledger claimed(limits), verified;
  for (int i = 0; i < 200; ++i) {
    const report of(std::to_string(i), {element{}});
    report truth = of;
    truth.elements[0].policy = policy;
    add(claimed, of);
    REQUIRE(verified.read(made_up(of, truth, signed_mail)).has_value());
  }
  ledger turned(limits);
  merge(turned, verified);
  merge(turned, claimed);
  merge(claimed, verified);
  CHECK(written(claimed) == written(turned));
}

TEST_CASE("a policy that comes into use again takes its octets again (AG-35)") {
  report of = with_own_policy("stranger.example", "1");
  report truth = of;
  truth.elements[0].policy.clear();
  tlsrpt::ledger_limits limits;
  limits.octets = 6'000;
  ledger l(limits);
  REQUIRE(l.read(made_up(of, of)).has_value());
  REQUIRE(l.read(made_up(of, truth, signed_mail)).has_value());
  report next = with_own_policy("stranger.example", "2");
  add(l, next);
  of.id = "3";
  of.elements[0].policy[1] += 'x';
  CHECK(l.add(of.view(), from_file).error().code == errc::ledger_full);
  next = with_own_policy("stranger.example", "1");
  next.id = "4";
  CHECK(l.add(next.view(), from_file).error().code == errc::ledger_full);
}

TEST_CASE("a policy that is too long to be searched has the reason of the text") {
  element e;
  e.failed = 2;
  e.policy.resize(200, "mx: a-mail-host-with-a-name.example.com");
  e.failures = {{.sessions = 2, .reason = "certificate has expired"}};
  const ledger l = ledger_of(report("1", {e}));
  CHECK(sample::failures_of(l).at(0).reason == "x509.expired");
}

TEST_CASE("more TLSA records than a domain can have keep their order, up to a length") {
  element e;
  e.kind = "tlsa";
  e.policy.clear();
  for (int i = 0; i < 2000; ++i) e.policy.push_back("3 1 1 " + std::to_string(9999 - i));
  const ledger l = ledger_of(report("1", {e}));
  const std::string_view text = l.policy_text(sample::totals_of(l).at(0).policy);
  CHECK(text.starts_with("3 1 1 9999\n3 1 1 9998\n"));
  CHECK(text.size() <= tlsrpt::detail::longest_policy_text);
}

TEST_CASE("ledgers with other options are not merged") {
  tlsrpt::ledger_limits limits;
  limits.details_per_element = 8;
  ledger l(limits), other;
  CHECK(l.merge(other).error().code == errc::ledger_options_differ);
  CHECK(l.read(written(other)).error().code == errc::ledger_options_differ);
  limits.details_per_element = 256;
  limits.elements = 8;
  ledger third(limits);
  CHECK(third.merge(other).error().code == errc::ledger_options_differ);
}

TEST_CASE("days can be taken out, with the policies that are theirs") {
  report r;
  ledger expected_taken, expected_rest, l;
  for (int day = 0; day < 10; ++day) {
    r.start = day_23 + day * std::int64_t{86'400};
    r.end = r.start + 86'399;
    r.elements[0].policy[1] = day < 3 ? "mode: testing" : "mode: enforce";
    add(l, r, signed_mail);
    add(day < 3 ? expected_taken : expected_rest, r, signed_mail);
  }
  const tlsrpt::day first = tlsrpt::day_of(day_23);
  const auto taken = l.take(first, first + 2);
  REQUIRE(taken.has_value());
  CHECK(written(*taken) == written(expected_taken));
  CHECK(written(l) == written(expected_rest));
  const auto none = l.take(first, first + 2);
  CHECK(none->empty());
  merge(l, *taken);
  merge(expected_rest, expected_taken);
  CHECK(written(l) == written(expected_rest));
}

TEST_CASE("a report is found by its digest") {
  report r;
  const ledger l = ledger_of(r);
  const auto entry = entry_of(l);
  CHECK(l.find(entry.digest)->report_id == "id-1");
  CHECK_FALSE(l.find(tlsrpt::digest()).has_value());
  const ledger none;
  CHECK_FALSE(none.find(entry.digest).has_value());
}

TEST_CASE("receipts of one report do not fill the memory") {
  report r;
  ledger l;
  for (int i = 20'000; i > 0; --i) {
    const std::string name = "a" + std::to_string(100'000 + i) + ".example";
    tlsrpt::receipt receipt;
    receipt.authenticated_submitter = name;
    add(l, r, receipt);
  }
  CHECK(l.octets() < 300'000);
  CHECK(entry_of(l).reporter == "a100001.example");
  CHECK(entry_of(l).flags.more);
}

TEST_CASE("receipts that were replaced lock nobody out") {
  tlsrpt::ledger_limits limits;
  limits.octets = 150'000;
  ledger l(limits);
  for (int i = 0; i < 700; ++i) add(l, report(std::to_string(i), {element{}}));
  report r;
  add(l, r);
  for (int i = 99'999; l.octets() <= limits.octets; --i) {
    const std::string name = "a" + std::to_string(i) + ".example";
    tlsrpt::receipt receipt;
    receipt.authenticated_submitter = name;
    add(l, r, receipt);
  }
  r.id = "another";
  CHECK(l.add(r.view(), from_file).has_value());
  const ledger moved = std::move(l);
  CHECK(l.add(r.view(), from_file).has_value());  // NOLINT(bugprone-use-after-move): stated
}

TEST_CASE("what a ledger says of a report gives way to the report, within the limits (AG-11)") {
  report small, large;
  small.elements.clear();
  for (int i = 0; i < 9; ++i) {
    element e;
    e.domain = std::string(60, 'x') + '.' + std::to_string(i) + ".example";
    e.policy = {"version: STSv1", "mode: none", "mx: " + std::string(50, 'y') + std::to_string(i)};
    large.elements.push_back(e);
  }
  const std::string text = made_up(large, small);

  tlsrpt::ledger_limits limits;
  limits.octets = 600;
  ledger l(limits);
  REQUIRE(l.read(text, tlsrpt::trust::claimed).has_value());
  const std::string before = written(l);
  CHECK(l.add(large.view(), signed_mail).error().code == errc::ledger_full);
  CHECK(l.merge(ledger_of(large, signed_mail)).error().code == errc::ledger_full);
  CHECK(written(l) == before);

  ledger wide;
  REQUIRE(wide.read(text, tlsrpt::trust::claimed).has_value());
  CHECK(add(wide, large, signed_mail) == add_outcome::again_with_better_receipt);
  CHECK(totals_of(wide).size() == 10);
  CHECK(add(wide, large, signed_mail) == add_outcome::again);
}

TEST_CASE("octets that are not UTF-8 become question marks, so that the text form is JSON") {
  report r;
  r.id =
      "a\xff"
      "b";
  r.elements[0].domain = "\xc3";
  r.elements[0].policy = {"mode: \xfe"};
  r.elements[0].failures = {{.result = "\xc0\x80", .host = "\xed\xa0\x80", .reason = "\x80"}};
  ledger l = ledger_of(r), read;
  CHECK(entry_of(l).report_id == "a?b");
  CHECK(totals_of(l)[0].domain == "!?");
  CHECK(read.read(written(l)).has_value());
  CHECK(written(read) == written(l));
}

TEST_CASE(
    "a stranger's report that gives way to a smaller one makes room for others (AG-11, AG-35)") {
  const tlsrpt::ledger_limits limits = limits_with_known(200'000);
  report small;
  small.contact = "tls@stranger.example";
  const auto reports_that_fit = [small](ledger& l) {
    report another = small;
    int added = 0;
    do another.id = std::to_string(++added);
    while (l.add(another.view(), {}));
    return added;
  };
  report large = small;
  for (int i = 0; i < 40; ++i) {
    element e;
    e.domain = std::string(40, 'x') + '.' + std::to_string(i) + ".example";
    large.elements.push_back(e);
  }
  ledger shrunk(limits), never_larger(limits), larger(limits);
  REQUIRE(shrunk.read(made_up(small, large), tlsrpt::trust::claimed).has_value());
  REQUIRE(shrunk.add(small.view(), {}).has_value());
  REQUIRE(larger.add(large.view(), {}).has_value());
  REQUIRE(never_larger.add(small.view(), {}).has_value());
  CHECK(totals_of(shrunk).size() == 1);
  const int fit = reports_that_fit(never_larger);
  CHECK(reports_that_fit(larger) < fit);
  CHECK(reports_that_fit(shrunk) == fit);
}
