#include <tlsrpt/advice.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/write_advice.hpp>

#include "ledger/sample.hpp"

namespace {

using tlsrpt::advice;
using tlsrpt::change;
using tlsrpt::day;
using tlsrpt::finding;
using tlsrpt::impact;
using tlsrpt::party;

const day last = *day::parse("2026-11-23");

constexpr std::string_view ledger_of_v2 =
    R"({"_ledger":1,"reasons":1,"details":256,"elements":1024}
{"day":"2026-11-23","days":1,"digest":"4d3e25ebd7d81a947fea79161e3fe302","report-id":"2026-11-23T00:00:00Z_example.com","org":"Webmail Example Inc.","reporter":"webmail.example","trust":"verified","via":"m","seen":1795497129,"by":["webmail.example"],"about":"example.com","inferred":"example.com","flags":[],"T":[["example.com","sts","enforce","bbd1e54d0d34e753",57,0,6,0,1]],"F":[["example.com","sts","enforce","certificate-host-mismatch","mx2.example.com","192.0.2.26","x509.host_mismatch",4,0],["example.com","sts","enforce","validation-failure","mx2.example.com","192.0.2.26","-",2,0]]}
{"policy":"bbd1e54d0d34e753","kind":"sts","text":["version: STSv1","mode: enforce","mx: mx1.example.com","mx: mx2.example.com","max_age: 86400"]}
)";

std::string json_of(const advice& made) {
  std::string text;
  write_advice_json(text, made);
  return text;
}

/// Advice on the day after the last one.
advice advice_of(const tlsrpt::ledger& ledger, std::vector<tlsrpt::known_finding> known = {}) {
  const auto summary = make_summary(ledger, {.now = first_second_of(last + 1)});
  REQUIRE(summary.has_value());
  auto made = make_advice(*summary, {.known = known});
  REQUIRE(made.has_value());
  return std::move(*made);
}

/// Reports of several senders on days that are counted back from the last one.
struct mailbox {
  tlsrpt::ledger ledger;

  /// A report of one element; without failures unless some are given.
  void add(std::string_view sender, int days_ago, sample::element element, bool is_signed = false) {
    sample::report report;
    report.contact = "tls@" + std::string(sender);
    report.id =
        std::to_string(days_ago) + '@' + std::string(sender) + element.domain + element.kind;
    report.start = first_second_of(last - days_ago);
    report.end = report.start + 86'399;
    report.elements = {std::move(element)};
    const tlsrpt::receipt receipt{is_signed ? sender : std::string_view()};
    REQUIRE(ledger.add(report.view(), receipt).has_value());
  }

  /// Lives as long as the mailbox, as what is in it.
  const advice& made(std::vector<tlsrpt::known_finding> known = {}) const {
    return made_.emplace_back(advice_of(ledger, std::move(known)));
  }

  /// The only finding.
  finding only() const {
    const advice& all = made();
    REQUIRE(all.findings().size() == 1);
    return all.findings().front();
  }

 private:
  mutable std::deque<advice> made_;
};

sample::element good(std::string domain = "example.com") { return {.domain = std::move(domain)}; }

sample::element bad(std::uint64_t failed, sample::failure failure,
                    std::string domain = "example.com") {
  failure.sessions = failed;
  return {.domain = std::move(domain), .failed = failed, .failures = {std::move(failure)}};
}

const sample::failure expired = {.host = "mx2.example.com", .ip = "192.0.2.25"};

std::string names(std::span<const std::string_view> all) {
  std::string text;
  for (std::string_view one : all) (text += text.empty() ? "" : ",") += one;
  return text;
}

}  // namespace

TEST_CASE("OUT-04: the finding of one report of one sender, in JSON with a version") {
  tlsrpt::ledger ledger;
  REQUIRE(ledger.read(ledger_of_v2).has_value());
  const advice made = advice_of(ledger);
  CHECK(
      json_of(made) ==
      R"({"version":1,"now":"2026-11-24","advice":[{"code":"cert","key":"cert.mx2.example.com.x509.host_mismatch.sts","severity":1,"impact":"refused","party":"certificate","certainty":"sure","domains":["example.com"],"host":"mx2.example.com","node":"192.0.2.26","reason":"x509.host_mismatch","since":"2026-11-23","last":"2026-11-23","change":"first-seen","reporters":["webmail.example"],"others":[],"noted":4,"failed-at-least":6,"text":"mx2.example.com shows a certificate that does not carry its name.","do-first":"Issue a certificate that lists mx2.example.com, reload the mail service there, and show it also to clients that send no SNI.","evidence":["4d3e25ebd7d81a947fea79161e3fe302"]}],"silent":[]})");
  REQUIRE(made.findings().size() == 1);
  CHECK(made.findings().front().without_reason == 2);
}

TEST_CASE("RC-31: a cause for which nobody has to act is information") {
  mailbox mails;
  mails.add(
      "sender.example", 0,
      bad(3, {.result = "sts-policy-fetch-error", .reason = "back-off-after-recent-fetch-error"}));
  const finding found = mails.only();
  CHECK(found.key == "info.example.com.http.backoff.sts");
  CHECK(found.severity == 5);
  CHECK(found.party == party::nobody);
}

TEST_CASE("no reason: not lost in a finding that is less severe or about another domain") {
  const auto keys = [](const std::string& tlsa, const std::string& other_domain) {
    mailbox mails;
    sample::element first = bad(20, expired);
    sample::element second = bad(9, {.result = "tlsa-invalid", .host = "mx2.example.com"});
    second.domain = other_domain;
    first.kind = second.kind = "tlsa";
    first.policy = second.policy = {tlsa + std::string(64, 'a')};
    if (first.domain == second.domain) {
      first.failed = 29;
      first.failures.push_back(second.failures.front());
    } else {
      mails.add("sender.example", 0, second);
    }
    mails.add("sender.example", 0, first);
    std::string all;
    for (const finding& one : mails.made().findings())
      (((all += all.empty() ? "" : " ") += one.key) += ':') += names(one.domains);
    return all;
  };
  const std::string of_date = "cert.mx2.example.com.x509.expired.tlsa:example.com",
                    of_record = "dns.mx2.example.com.tlsa-invalid.tlsa:example.";
  CHECK(keys("2 1 1 ", "example.com") == of_date);
  CHECK(keys("2 1 1 ", "example.net") == of_date + ' ' + of_record + "net");
  // Under DANE-EE nobody but the sender cares for dates (RFC 7672, section 3.1.1).
  CHECK(keys("3 1 1 ", "example.com") == of_record + "com " + of_date);
}

TEST_CASE("no reason: not lost in a finding that ended before or that nobody vouches for") {
  const auto without_reason = [](std::uint64_t failed) {
    return bad(failed, {.result = "validation-failure"});
  };
  const auto findings_of = [](const mailbox& mails) {
    std::string all;
    for (const finding& one : mails.made().findings())
      ((all += all.empty() ? "" : " ") += one.key) += one.is_verified ? "" : "?";
    return all;
  };
  const std::string of_date = "cert.mx1.example.com.x509.expired.sts",
                    of_none = "tls.mx1.example.com.validation-failure.sts";
  mailbox at_once;
  sample::element both = without_reason(500);
  both.failures.push_back(bad(9, {}).failures.front());
  both.failed = 509;
  at_once.add("a.example", 0, both);
  CHECK(findings_of(at_once) == of_date);

  mailbox later;
  for (const char* sender : {"a.example", "b.example"}) later.add(sender, 3, bad(9, {}));
  later.add("a.example", 0, without_reason(500));
  CHECK(findings_of(later) == of_date + ' ' + of_none);

  mailbox claimed;
  sample::report report;
  report.contact = "tls@a.example";
  report.start = first_second_of(last - 1);
  report.end = first_second_of(last) + 86'399;
  report.elements = {bad(9, {})};
  sample::element unexplained = without_reason(9);
  unexplained.policy[1] = report.elements[0].policy[1] = "mode: testing";
  REQUIRE(claimed.ledger.add(report.view(), {}).has_value());
  claimed.add("a.example", 0, unexplained, true);
  CHECK(findings_of(claimed) == of_date + "? " + of_none);
}

TEST_CASE("sentences about a policy or days without reports do not make up names of hosts") {
  mailbox mails;
  for (const char* domain : {"no domain", ""})
    mails.add("sender.example", 0,
              bad(9, {.result = "sts-policy-fetch-error", .host = ""}, domain));
  for (const finding& one : mails.made().findings()) {
    CAPTURE(one.key);
    CHECK(one.text.find("mta-sts.") == std::string_view::npos);
    CHECK(one.text.starts_with("The sender could not fetch the policy of "));
    CHECK(one.do_first ==
          "Ask the postmaster of sender.example which domain these sessions were for.");
  }
  REQUIRE(mails.made().findings().size() == 2);
  mailbox stopped;
  for (int days_ago = 4; days_ago < 12; ++days_ago)
    for (const char* domain : {"no domain", "example.com"})
      for (const char* sender : {"a.example", "b.example"})
        stopped.add(sender, days_ago, good(domain));
  const auto found = stopped.made().findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "stopped.example.com");
}

TEST_CASE("what is no name is in quotation marks, without the marks of ledgers") {
  const auto only = [](const std::string& contact, const std::string& domain,
                       const std::string& host, const sample::element& shape = {}) {
    sample::report report;
    report.contact = contact;
    report.start = first_second_of(last);
    report.end = report.start + 86'399;
    sample::element element = bad(9, {.host = host}, domain);
    element.kind = shape.kind;
    element.policy = shape.policy;
    report.elements = {element};
    mailbox mails;
    REQUIRE(mails.ledger.add(report.view(), {}).has_value());
    const finding found = mails.only();
    return std::string(found.key) + ": " + std::string(found.text) + ' ' +
           std::string(found.do_first.substr(0, 62));
  };
  CHECK(
      only("tls@sender.example", "example.com", "no name") ==
      "cert.!no_name.x509.expired.sts: \"no name\" shows a certificate that is past its last day. "
      "Renew the certificate of \"no name\" and reload the service on e");
  CHECK(
      only("tls@sender.example", "no domain", "") ==
      "cert.!no_domain.x509.expired.sts: A mail host of \"no domain\" shows a certificate that is "
      "past its last day. Ask the postmaster of sender.example which domain these sessio");
  CHECK(only("tls@sender.example", "", "") ==
        "cert.?.x509.expired.sts: A mail host of a domain without a name shows a certificate that "
        "is past its last day. Ask the postmaster of sender.example which domain these sessio");
  CHECK(only("tls@sender.example", "a\" b. Ignore \"c", "").find("of \"a' b. Ignore 'c\" shows") !=
        std::string::npos);
  const sample::element dane = {.kind = "tlsa", .policy = {"3 1 1 " + std::string(64, 'a')}};
  CHECK(only("", "example.com", "mx.example.com", dane) ==
        "cert.mx.example.com.x509.expired.tlsa: mx.example.com shows a certificate that is past "
        "its last day. Nothing has to change here; tell the postmaster of \"sender\".");
}

TEST_CASE("one host whose certificate expired, and one sender that times out") {
  // As mail comes: thirty senders, each about another of three domains every day.
  mailbox mails;
  const std::vector<std::string> domains = {"example.com", "example.net", "shop.example.org"};
  for (int days_ago = 9; days_ago >= 0; --days_ago) {
    for (int sender = 0; sender < 30; ++sender) {
      const std::string& domain = domains[static_cast<std::size_t>(sender + 9 - days_ago) % 3];
      const std::string name = "sender" + std::to_string(sender) + ".example";
      if (domain == "example.net" && days_ago < 5)
        mails.add(name, days_ago, bad(4, {.host = "mx2.example.net", .ip = "192.0.2.25"}, domain));
      else if (sender == 4)
        mails.add(
            name, days_ago,
            bad(2,
                {.result = "validation-failure", .host = "mx1." + domain, .reason = "tls timeout"},
                domain));
      else
        mails.add(name, days_ago, good(domain));
    }
  }
  const advice& made = mails.made();
  REQUIRE(made.findings().size() == 2);
  const finding& host = made.findings()[0];
  CHECK(host.key == "cert.mx2.example.net.x509.expired.sts");
  CHECK(host.severity == 1);
  CHECK(host.change == change::continuing);
  CHECK(host.since == last - 4);
  CHECK(host.last == last);
  CHECK(host.reporters.size() == 30);
  CHECK(host.others.empty());
  CHECK(names(host.domains) == "example.net");
  CHECK(host.node == "192.0.2.25");
  CHECK(host.text == "mx2.example.net shows a certificate that is past its last day.");
  const finding& sender = made.findings()[1];
  CHECK(sender.key == "sender.sender4.example.handshake.timeout.sts");
  CHECK(sender.severity == 4);
  CHECK(sender.party == party::sender);
  CHECK(sender.since == last - 9);
  CHECK(names(sender.reporters) == "sender4.example");
  CHECK(sender.others.size() == 29);
  CHECK(names(sender.domains) == "example.com,example.net,shop.example.org");
  CHECK(sender.text ==
        "The TLS handshake with the mail hosts of 3 domains took too long. Only sender4.example "
        "reports it.");
}

TEST_CASE("the same reports give the same advice, in whatever order and parts they come") {
  const auto fill = [](mailbox& mails, int first, int step) {
    for (int i = first; i < 40; i += step)
      mails.add("sender" + std::to_string(i % 4) + ".example", i % 10,
                i % 3 == 0 ? bad(static_cast<std::uint64_t>(i) + 1, expired) : good());
  };
  mailbox all;
  fill(all, 0, 1);
  const std::string expected = json_of(all.made());
  CHECK(expected.find("x509.expired") != std::string::npos);
  for (bool reversed : {false, true}) {
    mailbox odd, even;
    fill(odd, 1, 2);
    fill(even, 0, 2);
    mailbox& into = reversed ? even : odd;
    REQUIRE(into.ledger.merge((reversed ? odd : even).ledger).has_value());
    CHECK(json_of(into.made()) == expected);
    std::string text;
    REQUIRE(into.ledger.write(text).has_value());
    tlsrpt::ledger again;
    REQUIRE(again.read(text).has_value());
    CHECK(json_of(advice_of(again)) == expected);
  }
}

TEST_CASE("AG-50: first seen, new, continuing and back") {
  mailbox mails;
  mails.add("a.example", 0, bad(3, expired));
  CHECK(mails.only().change == change::first_seen);
  for (int days_ago : {1, 2}) mails.add("a.example", days_ago, good());
  CHECK(mails.only().change == change::first_seen);
  mails.add("a.example", 3, good());
  CHECK(mails.only().change == change::fresh);
  CHECK(mails.only().since == last);
  mails.add("b.example", 20, bad(1, expired));
  CHECK(mails.only().change == change::back);
  CHECK(mails.only().since == last);
  mails.add("b.example", 2, bad(1, expired));
  CHECK(mails.only().change == change::continuing);
  CHECK(mails.only().since == last - 2);
}

TEST_CASE("AG-50: gaps of two days do not end a run, and reporters of other days do not either") {
  mailbox mails;
  for (int days_ago : {0, 3, 6}) mails.add("a.example", days_ago, bad(1, expired));
  mails.add("b.example", 10, bad(1, expired));
  CHECK(mails.only().since == last - 6);
  CHECK(names(mails.only().reporters) == "a.example");
  mailbox weekly;
  weekly.add("a.example", 6, bad(1, expired));
  weekly.add("a.example", 13, bad(1, expired));
  weekly.add("b.example", 0, good("other.example"));
  CHECK(weekly.only().change == change::continuing);
  CHECK(weekly.only().last == last - 6);
}

TEST_CASE("AG-51: gone, or unconfirmed when its senders are silent") {
  mailbox mails;
  for (int days_ago : {3, 4, 5}) mails.add("a.example", days_ago, bad(2, expired));
  mails.add("a.example", 0, good());
  finding gone = mails.only();
  CHECK(gone.change == change::gone);
  CHECK(gone.severity == 5);
  mailbox silent;
  for (int days_ago : {3, 4, 5}) silent.add("a.example", days_ago, bad(2, expired));
  silent.add("a.example", 0, {.ok = 0, .failed = 1, .failures = {{.result = "tlsa-invalid"}}});
  REQUIRE(silent.made().findings().size() == 2);
  CHECK(silent.made().findings().back().change == change::unconfirmed);
  mailbox once;
  once.add("a.example", 3, bad(2, expired));
  once.add("a.example", 0, good());
  CHECK(once.made().findings().empty());
}

TEST_CASE("AG-52: a spike, and what stays high is none") {
  mailbox mails;
  for (int days_ago = 1; days_ago < 8; ++days_ago)
    mails.add("a.example", days_ago, {.ok = 1000, .failed = 1, .failures = {expired}});
  mails.add("a.example", 0, {.ok = 1000, .failed = 100, .failures = {expired}});
  CHECK(mails.only().change == change::continuing);
  CHECK(mails.only().is_spike);
  CHECK(json_of(mails.made()).find(R"("change":"spike")") != std::string::npos);
  mailbox high;
  for (int days_ago = 0; days_ago < 3; ++days_ago) high.add("a.example", days_ago, bad(9, expired));
  for (int days_ago = 3; days_ago < 9; ++days_ago) high.add("a.example", days_ago, good());
  CHECK(high.only().change == change::continuing);
  CHECK_FALSE(high.only().is_spike);
}

TEST_CASE("AG-53: one of several, and a step less when nothing is refused") {
  mailbox mails;
  const auto testing = [](sample::element element) {
    element.policy[1] = "mode: testing";
    return element;
  };
  mails.add("a.example", 0, testing(bad(3, expired)));
  mails.add("b.example", 0, testing(good()));
  CHECK(names(mails.only().others) == "b.example");
  CHECK(mails.only().impact == impact::delivered);
  CHECK(mails.only().severity == 3);
  mails.add("c.example", 0, testing(good()));
  CHECK(mails.only().severity == 4);
}

TEST_CASE("AG-54: silent reporters, and reports that stopped") {
  mailbox mails;
  for (int days_ago = 4; days_ago < 12; ++days_ago) {
    mails.add("a.example", days_ago, good());
    mails.add("b.example", days_ago, good());
  }
  for (int days_ago = 0; days_ago < 12; ++days_ago) mails.add("c.example", days_ago, good());
  const advice& some = mails.made();
  CHECK(some.findings().empty());
  REQUIRE(some.silent().size() == 2);
  CHECK(some.silent()[0].reporter == "a.example");
  CHECK(some.silent()[0].last == last - 4);
  CHECK(some.silent()[0].days == 5);
  CHECK(
      json_of(some) ==
      R"({"version":1,"now":"2026-11-24","advice":[],"silent":[{"reporter":"a.example","domain":"example.com","last-day":"2026-11-19","days":5},{"reporter":"b.example","domain":"example.com","last-day":"2026-11-19","days":5}]})");

  mailbox stopped;
  for (int days_ago = 4; days_ago < 12; ++days_ago) {
    stopped.add("a.example", days_ago, good());
    stopped.add("b.example", days_ago, good());
  }
  const finding all = stopped.only();
  CHECK(all.key == "stopped.example.com");
  CHECK(all.severity == 1);
  CHECK(all.since == last - 3);
}

TEST_CASE("AG-54: senders that only report failures are never silent") {
  mailbox mails;
  for (int days_ago = 4; days_ago < 12; ++days_ago)
    mails.add("a.example", days_ago, {.ok = 0, .failed = 1, .failures = {expired}});
  CHECK(mails.made().silent().empty());
}

TEST_CASE("RC-25: one of several machines") {
  mailbox mails;
  mails.add("a.example", 0, bad(3, expired));
  CHECK(mails.only().node == "192.0.2.25");
  CHECK(mails.only().text.find("machines") == std::string::npos);
  mails.add(
      "b.example", 9,
      bad(1, {.result = "starttls-not-supported", .host = "mx2.example.com", .ip = "192.0.2.99"}));
  CHECK(mails.only().text.ends_with(
      " It seems to be one of several machines behind that name: 192.0.2.25."));
}

TEST_CASE("RC-26: a host of several domains is one thing to do") {
  mailbox mails;
  for (const char* domain : {"one.example", "two.example"})
    mails.add("a.example", 0, bad(2, {.host = "mx.host.example"}, domain));
  CHECK(names(mails.only().domains) == "one.example,two.example");
  CHECK(mails.only().host == "mx.host.example");
  CHECK(mails.only().failed_at_least == 4);
}

TEST_CASE("RC-27: a reporter is not alone to blame when nobody else has data") {
  mailbox mails;
  for (const char* domain : {"one.example", "two.example"})
    mails.add("a.example", 0, bad(2, {.host = std::string("mx.") + domain}, domain));
  CHECK(mails.made().findings().size() == 2);
  mails.add("b.example", 0, good("one.example"));
  CHECK(mails.made().findings().size() == 2);
  mails.add("b.example", 0, good("two.example"));
  CHECK(mails.only().code == "sender");
  CHECK(mails.only().party == party::sender);
  CHECK(mails.only().host.empty());
}

TEST_CASE("RC-27: what names no host, and what has a result type alone, is about the sender, too") {
  const auto found = [](const char* result) {
    mailbox mails;
    for (const char* domain : {"one.example", "two.example"}) {
      mails.add("a.example", 0, bad(2, {.result = result, .host = "", .ip = ""}, domain));
      mails.add("b.example", 0, good(domain));
    }
    const finding made = mails.only();
    CHECK(made.party == party::sender);
    CHECK(made.code == "sender");
    CHECK(made.noted == 4);
    return std::string(made.text);
  };
  CHECK(found("dnssec-invalid").starts_with("The mail hosts of 2 domains: "));
  CHECK(found("sts-policy-fetch-error").find("the policy of 2 domains") != std::string::npos);
  CHECK(found("sts-webpki-invalid").starts_with("The MTA-STS policies of 2 domains: "));
  CHECK(found("validation-failure").ends_with(" Only a.example reports it."));
}

TEST_CASE(
    "RC-05: a whole text that is known is sure, a phrase in it likely, a type alone a guess") {
  const auto certainty_of = [](std::string_view result, std::string_view reason) {
    mailbox mails;
    mails.add("a.example", 0,
              bad(5, {.result = std::string(result), .reason = std::string(reason)}));
    return mails.only().certainty;
  };
  using tlsrpt::certainty;
  CHECK(certainty_of("certificate-expired", "") == certainty::sure);
  CHECK(certainty_of("certificate-expired", "certificate has expired") == certainty::sure);
  CHECK(certainty_of("validation-failure", "certificate has expired") == certainty::sure);
  CHECK(certainty_of("validation-failure", "tls-remote-alert-70-protocol-version") ==
        certainty::sure);
  CHECK(certainty_of("validation-failure", "tls: failed: certificate has expired or so") ==
        certainty::likely);
  CHECK(certainty_of("certificate-expired", "tls: failed: certificate has expired or so") ==
        certainty::sure);  // as the type says so, too
  CHECK(certainty_of("sts-policy-fetch-error", "") == certainty::guess);
  CHECK(certainty_of("validation-failure", "what nobody has seen yet") == certainty::guess);
}

TEST_CASE("RC-05: what one sender says outright is sure, whatever others say less clearly") {
  const auto in_words = [](std::string reason) {
    return bad(5, {.result = "validation-failure", .reason = std::move(reason)});
  };
  mailbox mails;
  mails.add("a.example", 0, in_words("tls: failed: certificate has expired or so"));
  mails.add("b.example", 0, in_words("tls: failed: certificate has expired or so"));
  CHECK(mails.only().certainty == tlsrpt::certainty::likely);
  mails.add("c.example", 0, in_words("certificate has expired"));
  CHECK(mails.only().certainty == tlsrpt::certainty::sure);
}

TEST_CASE("AG-56: a policy in mode testing that can be enforced is said, after all that is wrong") {
  const auto in_mode = [](std::string_view mode, std::uint64_t failed = 0) {
    sample::element element = failed == 0 ? good() : bad(failed, expired);
    element.policy[1] = "mode: " + std::string(mode);
    return element;
  };
  const auto is_ready = [](const mailbox& mails) {
    return std::ranges::any_of(mails.made().findings(),
                               [](const finding& one) { return one.code == "ready"; });
  };
  mailbox mails;
  for (int days_ago = 13; days_ago >= 1; --days_ago)
    for (const char* sender : {"b.example", "a.example"})
      mails.add(sender, days_ago, in_mode("testing", days_ago > 10 ? 1 : 0));
  CHECK_FALSE(is_ready(mails));  // 13 days
  mails.add("a.example", 0, in_mode("testing"));
  mails.add("c.example", 0, bad(5, {.host = "mx.example.net"}, "example.net"));
  const auto found = mails.made().findings();
  REQUIRE(found.size() == 2);
  const finding& one = found.back();
  CHECK(one.key == "ready.example.com");
  CHECK(one.severity == 5);
  CHECK(one.party == party::policy_text);
  CHECK(names(one.domains) == "example.com");
  CHECK(names(one.reporters) == "a.example,b.example");
  CHECK(to_text(one.since) == "2026-11-10");
  CHECK(to_text(one.last) == "2026-11-23");
  CHECK(one.text ==
        "The MTA-STS policy of example.com can be enforced: in mode testing no session has failed "
        "for 7 days with reports.");
  CHECK(one.do_first ==
        "Write mode: enforce into the policy, then change the id of the TXT record "
        "_mta-sts.example.com.");
  CHECK(json_of(mails.made()).find(R"({"code":"ready","key":"ready.example.com","severity":5,)") !=
        std::string::npos);

  SUBCASE("it is counted where there is no room for it") {
    const auto summary = make_summary(mails.ledger, {.now = first_second_of(last + 1)});
    REQUIRE(summary.has_value());
    const auto made = make_advice(*summary, {.findings = 1});
    REQUIRE(made.has_value());
    REQUIRE(made->findings().size() == 1);
    CHECK(made->findings()[0].code != "ready");
    CHECK(made->left_out() == 1);
  }
  SUBCASE("not once it is enforced") {
    mails.add("b.example", 0, in_mode("enforce"));
    CHECK_FALSE(is_ready(mails));
  }
  SUBCASE("not while a sender that has not sent since found it enforced") {
    mails.add("d.example", 2, in_mode("enforce"));
    CHECK_FALSE(is_ready(mails));
  }
  SUBCASE("not while sessions fail at a sender that does not say the mode") {
    sample::element element = bad(5, expired);
    element.policy.clear();
    mails.add("d.example", 2, element);
    CHECK_FALSE(is_ready(mails));
  }
  SUBCASE("a sender that does not say the mode does not stand against it") {
    sample::element element = good();
    element.policy.clear();
    mails.add("d.example", 2, element);
    CHECK(is_ready(mails));
  }
  SUBCASE("not while sessions fail") {
    mails.add("b.example", 0, in_mode("testing", 1));
    CHECK_FALSE(is_ready(mails));
  }
  SUBCASE("not by what strangers claim beside authenticated reports") {
    mails.add("d.example", 0, good("example.net"), true);
    CHECK_FALSE(is_ready(mails));
  }
}

TEST_CASE("RC-22: all senders who have to change something are meant") {
  mailbox mails;
  sample::element element = bad(2, {});
  element.kind = "tlsa";
  element.policy = {"3 1 1 " + std::string(64, 'a')};
  mails.add("a.example", 0, element);
  CHECK(mails.only().do_first == "Nothing has to change here; tell the postmaster of a.example.");
  mails.add("b.example", 0, element);
  CHECK(mails.only().do_first ==
        "Nothing has to change here; tell the postmasters of these senders.");
}

TEST_CASE("a reason that nobody knows is quoted after what its result type means") {
  const auto text_for = [](const char* result) {
    mailbox mails;
    mails.add("a.example", 0, bad(2, {.result = result, .reason = "zwei Eier"}));
    return std::string(mails.only().text);
  };
  CHECK(text_for("sts-policy-invalid")
            .ends_with("does not follow the rules as a whole. The sender says \"zwei Eier\"."));
  CHECK(text_for("validation-failure").ends_with(": TLS failed. The sender says \"zwei Eier\"."));
}

TEST_CASE("RC-30: what a failure does to mail") {
  const auto impact_of = [](const char* kind, const char* mode, const char* result) {
    mailbox mails;
    sample::element element = bad(1, {.result = result});
    element.kind = kind;
    element.policy = {};
    if (std::string_view(kind) == "sts" && *mode != '\0')
      element.policy = {"version: STSv1", std::string("mode: ") + mode, "mx: mx1.example.com"};
    mails.add("a.example", 0, element);
    return mails.only().impact;
  };
  CHECK(impact_of("sts", "enforce", "certificate-expired") == impact::refused);
  CHECK(impact_of("sts", "testing", "certificate-expired") == impact::delivered);
  CHECK(impact_of("sts", "", "certificate-expired") == impact::unprotected);
  CHECK(impact_of("tlsa", "", "tlsa-invalid") == impact::refused);
  CHECK(impact_of("no-policy-found", "", "starttls-not-supported") == impact::clear);
  CHECK(impact_of("no-policy-found", "", "certificate-expired") == impact::delivered);
  CHECK(impact_of("sts", "", "sts-policy-fetch-error") == impact::unprotected);
  CHECK(impact_of("sts", "enforce", "sts-policy-fetch-error") == impact::fallback);
  CHECK(impact_of("sts", "", "sts-webpki-invalid") == impact::unprotected);
  CHECK(impact_of("sts", "enforce", "sts-policy-invalid") == impact::unprotected);
}

TEST_CASE("RC-30: what is mentioned and did not fail is delivered") {
  mailbox mails;
  mails.add("a.example", 0, {.failed = 0, .failures = {expired}});
  CHECK(mails.only().impact == impact::delivered);
  CHECK(mails.only().failed_at_least == 0);
  CHECK(mails.only().noted == 1);
}

TEST_CASE("failed sessions that no detail speaks of are something to do") {
  mailbox mails;
  mails.add("a.example", 0, {.ok = 0, .failed = 500});
  finding bare = mails.only();
  CHECK(bare.key == "tls.example.com.unexplained.sts");
  CHECK(bare.severity == 1);
  CHECK(bare.impact == impact::refused);
  CHECK(bare.party == party::mail_host);
  CHECK(bare.certainty == tlsrpt::certainty::guess);
  CHECK(bare.noted == 0);
  CHECK(bare.unexplained == 500);
  CHECK(bare.failed_at_least == 500);
  CHECK(bare.evidence.size() == 1);
  CHECK(bare.text ==
        "At least 500 sessions about mail to example.com failed, and the reports do not say why.");
  CHECK(bare.do_first ==
        "Test every mail host of example.com from outside: STARTTLS, and the dates, the chain and "
        "the name of its certificate; and whether the policy of mta-sts.example.com can be fetched "
        "and lists them.");
  CHECK(json_of(mails.made()).find(R"("noted":0,"failed-at-least":500,"unexplained":500,)") !=
        std::string::npos);
  // Those who have nothing of it are named, and it is over when the sender says so.
  mails.add("b.example", 0, good());
  CHECK(names(mails.only().others) == "b.example");
  mailbox over;
  for (int days_ago : {3, 4, 5}) over.add("a.example", days_ago, {.ok = 0, .failed = 5});
  over.add("a.example", 0, good());
  CHECK(over.only().change == change::gone);
}

TEST_CASE("failed sessions beyond those of the details") {
  const auto element = [](std::uint64_t failed, sample::failure failure) {
    return sample::element{.failed = failed, .failures = {std::move(failure)}};
  };
  mailbox mails;
  mails.add("a.example", 0, element(10, {.host = "mx2.example.com", .sessions = 4}));
  CHECK(mails.only().code == "cert");
  CHECK(mails.only().noted == 4);
  CHECK(mails.only().unexplained == 6);
  // Another sender says nothing of its own.
  mails.add("b.example", 0, {.failed = 3});
  const advice& both = mails.made();
  REQUIRE(both.findings().size() == 2);
  CHECK(both.findings()[1].key == "tls.example.com.unexplained.sts");
  CHECK(names(both.findings()[1].reporters) == "b.example");
  CHECK(both.findings()[1].failed_at_least == 3);
  // What is less severe does not hide them.
  mailbox hidden;
  sample::element mixed =
      element(100, {.result = "dane-required", .host = "", .reason = "no-system-roots"});
  hidden.add("a.example", 0, mixed);
  REQUIRE(hidden.made().findings().size() == 2);
  CHECK(hidden.made().findings()[0].unexplained == 99);
  CHECK(hidden.made().findings()[0].key == "tls.example.com.rest.sts");
  CHECK(hidden.made().findings()[0].text ==
        "At least 99 more sessions about mail to example.com failed than the details of reports "
        "speak of.");
  CHECK(hidden.made().findings()[0].severity == 1);
  CHECK(hidden.made().findings()[1].party == party::sender);
  // A detail without a number may speak of all, and one may speak of more than failed.
  for (const tlsrpt::session_count noted : {tlsrpt::session_count{}, tlsrpt::session_count{12}}) {
    mailbox all;
    all.add("a.example", 0, element(10, {.sessions = noted}));
    CHECK(all.only().code == "cert");
    CHECK(all.only().unexplained == 0);
  }
}

TEST_CASE("failed sessions without details under other policies") {
  const auto made = [](const char* kind, std::vector<std::string> policy) {
    mailbox mails;
    mails.add("a.example", 0, {.kind = kind, .policy = std::move(policy), .ok = 5, .failed = 30});
    return mails.only();
  };
  const auto check = [](const finding& one, impact impact, party party, int severity) {
    CHECK(one.impact == impact);
    CHECK(one.party == party);
    CHECK(one.severity == severity);
    CHECK(one.unexplained == 30);
  };
  check(made("tlsa", {"3 1 1 00"}), impact::refused, party::mail_host, 1);
  check(made("no-policy-found", {}), impact::delivered, party::mail_host, 3);
  check(made("sts", {"version: STSv1", "mode: testing", "mx: a.example"}), impact::delivered,
        party::mail_host, 3);
  check(made("sts", {"version: STSv1", "mode: none"}), impact::delivered, party::sender, 4);
  check(made("sts", {}), impact::unprotected, party::mail_host, 3);
  check(made("other", {}), impact::delivered, party::mail_host, 3);
}

TEST_CASE("a report that does not say whether sessions failed is no good news") {
  mailbox mails;
  mails.add("a.example", 0, {.failed = tlsrpt::session_count{}});
  const finding missing = mails.only();
  CHECK(missing.key == "info.example.com.uncounted.sts");
  CHECK(missing.severity == 4);
  CHECK(missing.party == party::sender);
  CHECK(missing.failed_at_least == 0);
  CHECK(missing.text == "Reports about mail to example.com do not say how many sessions failed.");
  mailbox known;
  known.add("a.example", 0, {.failed = tlsrpt::session_count{}, .failures = {expired}});
  CHECK(known.only().code == "cert");
}

TEST_CASE("RC-31: severity") {
  mailbox mails;
  for (int days_ago = 1; days_ago < 9; ++days_ago)
    mails.add("a.example", days_ago, {.ok = 1000, .failed = 1, .failures = {expired}});
  mails.add("a.example", 0, {.ok = 1000, .failed = 1, .failures = {expired}});
  CHECK(mails.only().severity == 2);  // few of many, and not new
  mails.add("b.example", 0, bad(20, expired));
  CHECK(mails.only().severity == 1);

  mailbox clear;
  sample::element bare = bad(3, {.result = "starttls-not-supported"});
  bare.kind = "no-policy-found";
  bare.policy = {};
  bare.ok = 0;
  clear.add("a.example", 0, bare);
  CHECK(clear.only().severity == 3);
  bare.failed = 0;
  bare.failures = {};
  bare.ok = 7;
  clear.add("b.example", 0, bare);
  CHECK(clear.only().severity == 2);
  CHECK(clear.only().text.ends_with("somebody on the way may be doing it."));

  mailbox none;
  sample::element off = bad(30, expired);
  off.policy[1] = "mode: none";
  none.add("a.example", 0, off);
  CHECK(none.only().party == party::sender);
  CHECK(none.only().severity == 4);
}

TEST_CASE("RC-32: more failed sessions come first, then more reporters, then the name") {
  const auto hosts_of = [](const mailbox& mails) {
    std::vector<std::string> hosts;
    for (const finding& one : mails.made().findings()) {
      CHECK(one.severity == 1);
      hosts.emplace_back(one.host);
    }
    return hosts;
  };
  const auto at = [](const char* host) { return sample::failure{.host = host}; };
  using names = std::vector<std::string>;
  mailbox mails;
  mails.add("a.example", 0, bad(30, at("mx1.example.com")));
  mails.add("a.example", 0, bad(31, at("mx2.example.net"), "example.net"));
  CHECK(hosts_of(mails) == names{"mx2.example.net", "mx1.example.com"});
  // Two reporters with 15 sessions each, beside one with 30.
  mailbox reporters;
  reporters.add("a.example", 0, bad(30, at("mx1.example.com")));
  reporters.add("b.example", 0, bad(15, at("mx2.example.net"), "example.net"));
  reporters.add("c.example", 0, bad(15, at("mx2.example.net"), "example.net"));
  CHECK(hosts_of(reporters) == names{"mx2.example.net", "mx1.example.com"});
  mailbox equal;
  equal.add("a.example", 0, bad(30, at("mx2.example.net"), "example.net"));
  equal.add("b.example", 0, bad(30, at("mx1.example.com")));
  CHECK(hosts_of(equal) == names{"mx1.example.com", "mx2.example.net"});
}

TEST_CASE("RC-34: evidence is three reports at most, the newest first") {
  mailbox mails;
  for (int days_ago = 4; days_ago >= 0; --days_ago)
    mails.add("a.example", days_ago, bad(9, expired));
  const finding found = mails.only();
  REQUIRE(found.evidence.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto report = mails.ledger.find(found.evidence[i]);
    REQUIRE(report.has_value());
    CHECK(report->first == last - static_cast<std::int32_t>(i));
  }
}

TEST_CASE("RC-35: what somebody on the way could do is for the reader to look into") {
  const auto text_of = [](sample::failure failure, bool others_see_it) {
    mailbox mails;
    mails.add("a.example", 0, bad(9, std::move(failure)));
    if (!others_see_it) mails.add("b.example", 0, good());
    return std::string(mails.only().text);
  };
  const std::string_view asks = "somebody on the way may be doing it.";
  for (const sample::failure& failure :
       {sample::failure{.result = "starttls-not-supported"},
        sample::failure{.result = "validation-failure", .reason = "certificate signature failure"},
        sample::failure{.result = "validation-failure", .reason = "tls-record-header-error"}}) {
    CHECK(text_of(failure, false).ends_with(asks));
    CHECK(text_of(failure, true).find(asks) == std::string::npos);
  }
  CHECK(text_of(expired, false).find(asks) == std::string::npos);
}

TEST_CASE("RC-33: several reasons at one host stand in the order in which they are mended") {
  mailbox mails;
  const auto failing = [](const char* result, const char* reason) {
    return sample::failure{.result = result, .host = "mx2.example.com", .reason = reason};
  };
  sample::element odd = bad(9, failing("validation-failure", "tls-remote-alert-40-handshake"));
  odd.policy[2] = "mx: mx2.example.com";
  odd.failures.push_back(failing("tlsa-invalid", "no_matching_DANE_TLSA_records"));
  odd.failures.push_back(failing("certificate-host-mismatch", ""));
  odd.failures.push_back(failing("certificate-not-trusted", "self-signed certificate"));
  mails.add("a.example", 0, odd);
  mails.add("b.example", 0, bad(7, failing("validation-failure", "tls-remote-alert-40-x")));
  mails.add("b.example", 0, bad(8, {.host = "mx1.example.com"}, "example.net"));
  std::vector<std::string> reasons;
  for (const finding& one : mails.made().findings()) reasons.emplace_back(one.reason);
  CHECK(reasons == std::vector<std::string>{"x509.self_signed", "x509.host_mismatch",
                                            "x509.dane_no_match", "alert.40", "x509.expired"});
}

TEST_CASE("RC-33: reasons at one host that are mended in no order stand in that of their keys") {
  mailbox mails;
  sample::element odd = bad(5, {.result = "starttls-not-supported", .host = "mx2.example.com"});
  odd.failures.push_back({.result = "validation-failure",
                          .host = "mx2.example.com",
                          .sessions = 5,
                          .reason = "tls-remote-alert-40-handshake"});
  mails.add("a.example", 0, odd);
  REQUIRE(mails.made().findings().size() == 2);
  CHECK(mails.made().findings()[0].key < mails.made().findings()[1].key);
  CHECK(mails.made().findings()[0].severity == mails.made().findings()[1].severity);
}

TEST_CASE("a cause on the way has a key of its own") {
  mailbox mails;
  mails.add("a.example", 0, bad(3, {.result = "validation-failure", .reason = "tls timeout"}));
  CHECK(mails.only().party == party::network);
  CHECK(mails.only().key == "path.mx1.example.com.handshake.timeout.sts");
}

TEST_CASE("a sender that knows two policies of a domain is one of the others, once") {
  mailbox mails;
  mails.add("a.example", 0, bad(3, expired));
  mails.add("b.example", 0, good());
  sample::element dane = good();
  dane.kind = "tlsa";
  dane.policy = {"3 1 1 00"};
  mails.add("b.example", 0, dane);
  CHECK(names(mails.only().others) == "b.example");
}

TEST_CASE("AG-30: too many findings are counted, and known domains stay") {
  mailbox mails;
  for (int i = 0; i < 20; ++i)
    mails.add("a.example", 0,
              bad(100, {.host = "invented" + std::to_string(i) + ".example"}, "other.example"));
  mails.add("b.example", 0, bad(1, expired));
  const std::string_view known[] = {"Example.COM."};
  const auto summary =
      make_summary(mails.ledger, {.now = first_second_of(last + 1), .known_domains = known});
  const auto few = make_advice(*summary, {.findings = 5});
  REQUIRE(few.has_value());
  CHECK(few->findings().size() == 5);
  CHECK(few->left_out() == 16);
  CHECK(std::ranges::count(few->findings(), "mx2.example.com", &finding::host) == 1);
  const auto all = make_advice(*summary);
  CHECK(all->left_out() == 0);
}

TEST_CASE("advice about some domains only is the same as all advice for these") {
  mailbox mails;
  mails.add("a.example", 0, bad(3, expired));
  mails.add("a.example", 0, bad(3, {.host = "mx.example.net"}, "example.net"));
  for (int days_ago = 4; days_ago < 12; ++days_ago)
    mails.add("b.example", days_ago, good("example.org"));
  const auto summary = make_summary(mails.ledger, {.now = first_second_of(last + 1)});
  const std::string_view wanted[] = {"example.net"};
  const auto some = make_advice(*summary, {.domains = wanted});
  REQUIRE(some->findings().size() == 1);
  CHECK(some->findings().front().host == "mx.example.net");
  CHECK(some->silent().empty());
  CHECK(mails.made().silent().size() == 1);
}

TEST_CASE("RC-37: claimed reports change nothing of what verified ones say") {
  mailbox mails;
  for (int days_ago : {0, 1, 2, 5})
    mails.add("a.example", days_ago, bad(2, expired, "example.com"), true);
  mails.add("b.example", 0, good(), true);
  const std::string before = json_of(mails.made());
  for (int i = 0; i < 9; ++i) {
    mails.add("liar.example", i, bad(5000, expired));
    mails.add("b.example", i + 1, bad(5000, expired));
  }
  CHECK(json_of(mails.made()) == before);
}

TEST_CASE("RC-36: what is known until a day") {
  mailbox mails;
  mails.add("a.example", 0, bad(30, expired));
  const std::string key(mails.only().key);
  CHECK(key == "cert.mx2.example.com.x509.expired.sts");
  const finding known = mails.made({{last + 1, key}}).findings().front();
  CHECK(known.severity == 5);
  CHECK(known.known_until == last + 1);
  const finding past = mails.made({{last, key}}).findings().front();
  CHECK(past.severity == 1);
  CHECK(past.text.ends_with(" It was known until 2026-11-23."));
  CHECK(mails.made({{last + 1, "other"}}).findings().front().severity == 1);
}

TEST_CASE("RC-36: a list of what is known") {
  const auto list = tlsrpt::parse_known(
      "# of the host\r\n\nuntil 2027-01-31 cert.a.sts # why\r\n  until\t2027-02-01 b\nuntil "
      "2027-02-30 c\nfor ever d\nuntil 2027-01-31\nuntil 2027-01-31 e f");
  REQUIRE(list->known().size() == 2);
  CHECK(to_text(list->known()[0].until) == "2027-01-31");
  CHECK(list->known()[0].key == "cert.a.sts");
  CHECK(list->known()[1].key == "b");
  REQUIRE(list->unreadable().size() == 4);
  CHECK(list->unreadable()[0] == 5);
  CHECK(list->unreadable()[3] == 8);
}

TEST_CASE("RC-37: what only claimed reports say") {
  mailbox mails;
  mails.add("a.example", 0, good(), true);
  mails.add("liar.example", 0, bad(5000, expired));
  CHECK(mails.only().severity == 3);
  CHECK(mails.only().text.ends_with(" This is unverified."));
  mails.add("a.example", 1, bad(7, expired), true);
  mails.add("a.example", 2, bad(7, expired), true);
  const finding verified = mails.only();
  CHECK(names(verified.reporters) == "a.example");
  CHECK(verified.failed_at_least == 14);
}

TEST_CASE("AG-07: a claimed report beside a verified one says nothing") {
  mailbox mails;
  mails.add("a.example", 0, good(), true);
  mails.add("a.example", 0, bad(5000, expired));
  CHECK(mails.made().findings().empty());
}

TEST_CASE("AG-05: reports with one id count as one") {
  mailbox mails;
  mails.add("a.example", 0, bad(3, expired));
  mails.add("a.example", 0, bad(5, expired));
  CHECK(mails.only().noted == 5);
  CHECK(mails.only().failed_at_least == 5);
}

TEST_CASE("texts of senders cannot leave keys and JSON") {
  mailbox mails;
  mails.add(
      "a.example", 0,
      bad(3, {.result = "validation-failure", .host = "a b#\n\"", .reason = "x \"y\"\x1b[31m"}));
  const finding odd = mails.only();
  for (char c : odd.key) CHECK((c > ' ' && c < '\x7f' && c != '#'));
  const std::string json = json_of(mails.made());
  for (char c : json) CHECK(c >= ' ');
}

TEST_CASE("no reports, no advice") {
  const tlsrpt::ledger none;
  CHECK(json_of(advice_of(none)) == R"({"version":1,"now":"2026-11-24","advice":[],"silent":[]})");
  CHECK_FALSE(day_after(tlsrpt::ledger()).has_value());
  mailbox mails;
  mails.add("a.example", 3, good());
  mails.add("a.example", 5, good());
  CHECK(day_after(mails.ledger) == last - 2);
}
