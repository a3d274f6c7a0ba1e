#include <tlsrpt/record_advice.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::errc;
using tlsrpt::record_finding;
using tlsrpt::record_matter;

using texts = std::initializer_list<std::string_view>;

constexpr std::string_view good = "v=TLSRPTv1; rua=mailto:tls@example.com";

std::vector<record_finding> advice_on(tlsrpt::published_record published, texts records,
                                      texts own = {}) {
  const std::vector<std::string_view> all(records), addresses(own);
  published.domain = "example.com";
  published.records = all;
  published.own = addresses;
  std::vector<record_finding> found;
  advise_record(published, [&](const record_finding& one) {
    CHECK(!one.text.empty());
    CHECK(one.do_first.empty() == (one.severity == 5));
    CHECK(one.domain == "example.com");
    CHECK(one.party == tlsrpt::party::dns);
    found.push_back(one);
  });
  return found;
}

/// What is said of records at the right name: severities and codes, such as "1 several-records".
std::string said(texts records, texts own = {}) {
  std::string lines;
  for (const record_finding& one : advice_on({}, records, own)) {
    if (!lines.empty()) lines += ", ";
    lines += std::to_string(one.severity) + ' ';
    lines += one.reason == errc::ok ? "elsewhere" : name(one.reason);
  }
  return lines;
}

std::string key_of(const record_finding& found) {
  std::string key;
  write_key(key, found);
  return key;
}

TEST_CASE("RC-50: a record as it should be needs no advice") {
  CHECK(said({good}).empty());
  CHECK(said({good}, {"mailto:tls@example.com"}).empty());
}

TEST_CASE("RC-50: what is only to be known has nothing to do") {
  CHECK(said({"v=TLSRPTv1; rua=mailto:%C3%A4@example.com"}) == "5 smtputf8-address");
}

TEST_CASE("RC-50: what keeps all reports away comes first, with what helps") {
  CHECK(said({}) == "1 no-txt-record");
  CHECK(said({good, "v=TLSRPTv1; rua=mailto:b@example.com"}) == "1 several-records");
  CHECK(said({good, good}) == "1 identical-records");
  CHECK(said({"v=TLSRPTv1; rua=tls@example.com"}) == "1 no-usable-endpoint, 2 missing-scheme");
  CHECK(said({"v=TLSRPTv1; rua=http://example.com/"}) ==
        "1 no-supported-endpoint, 3 http-endpoint");
  CHECK(advice_on({}, {"v=TLSRPTv1; rua=tls@example.com"})[0].do_first ==
        "Write mailto: before the address.");
  CHECK(advice_on({}, {"v=TLSRPTv1; RUA=mailto:a@example.com"})[0].do_first ==
        "Write rua in lower case.");
  CHECK(advice_on({}, {good, good})[0].do_first == "Delete all copies but one.");
}

TEST_CASE("RC-50: faults of the zone come before slips of the record") {
  const std::vector<tlsrpt::diagnostic> faults = {
      tlsrpt::diagnostic{errc::zone_escape, {.in = tlsrpt::source::zone_text}}};
  tlsrpt::published_record published;
  published.zone_faults = faults;
  const auto found = advice_on(published, {"v=TLSRPTv1; rua=mailto:a@example.com; x"});
  REQUIRE(found.size() == 2);
  CHECK(found[0].reason == errc::zone_escape);
  CHECK(found[0].severity == 2);
  CHECK(found[0].do_first == "Leave out the backslash, or write two.");
  CHECK(key_of(found[0]) == "dns.example.com.zone-escape.record");
  CHECK(found[1].reason == errc::field_without_equals);
}

TEST_CASE("RC-50: each fault of a record has what helps against it") {
  const auto to_do = [](texts records) { return std::string(advice_on({}, records)[0].do_first); };
  CHECK(to_do({"v=spf1 -all"}) ==
        "Publish one TXT record at _smtp._tls. and the domain: v=TLSRPTv1; rua=mailto: and an "
        "address.");
  CHECK(to_do({good, "v=TLSRPTv1; rua=mailto:b@example.com"}) ==
        "Leave one of the records, with all addresses in its rua field, and delete the others.");
  CHECK(to_do({"\"v=TLSRPTv1; rua=mailto:a@example.com\""}) ==
        "Publish the value without quotation marks and backslashes.");
  CHECK(to_do({"v=TLSRPTv1\\; rua=mailto:a@example.com"}) ==
        "Publish the value without quotation marks and backslashes.");
  CHECK(to_do({"v=TLSRPTv1;"}) == "Add rua=mailto: and an address.");
  CHECK(to_do({"v=TLSRPTv1; rua="}) == "Add rua=mailto: and an address.");
  CHECK(to_do({"v=TLSRPTv1; rua=mailto:a@example.com; mailto:b@example.com"}) ==
        "Put commas between the addresses.");
  CHECK(to_do({"v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@localhost"}) ==
        "Give an address that senders elsewhere reach, with mailto: or https:.");
  CHECK(to_do({good, "v=TLSRPTv1 ; rua=mailto:b@example.com"}) ==
        "Delete what is no TLSRPT record from that name.");
  CHECK(to_do({"v=TLSRPTv1; rua=mailto:<address>"}) == "Put an address of yours in its place.");
  CHECK(to_do({"v=TLSRPTv1; rua=mailto:j\xC3\xB6rg@example.com,mailto:a@example.com"}) ==
        "Mend that part of the record.");
}

TEST_CASE("RC-50: slips of a usable record weigh as much as they cost") {
  CHECK(said({"v=TLSRPTv1; rua=mailto:a@example.com; mailto:b@example.com"}) ==
        "2 semicolon-in-list");
  CHECK(said({"v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@localhost"}) == "3 local-host");
  CHECK(said({"v=TLSRPTv1; rua=mailto:j\xC3\xB6rg@example.com,mailto:a@example.com"})
            .starts_with("2 "));
  const auto found = advice_on({}, {"v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@localhost"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].matter == record_matter::slip);
  CHECK(found[0].subject == "mailto:b@localhost");
}

TEST_CASE("RC-50: a record at a name where senders do not look is of no use") {
  CHECK(advice_on({.owner = "_smtp._tls.Example.COM."}, {good}).empty());
  CHECK(advice_on({.owner = "_smtp._tls"}, {good}).empty());
  for (std::string_view owner : {"example.com", "_smtp._tls.example.org", "_smtp-tls.example.com",
                                 "_smtp._tls.example.com.example.com"}) {
    CAPTURE(owner);
    const auto found = advice_on({.owner = owner}, {good});
    REQUIRE(found.size() == 1);
    CHECK(found[0].matter == record_matter::unusable);
    CHECK(found[0].reason == errc::wrong_owner_name);
    CHECK(found[0].severity == 1);
    CHECK(found[0].subject == owner);
  }
}

TEST_CASE("RC-50: reports that go to others alone are told apart from those that come") {
  CHECK(said({good}, {"mailto:other@example.com"}) == "2 elsewhere");
  CHECK(said({good}, {"mailto:other@example.com", "MAILTO:tls@EXAMPLE.com"}).empty());
  CHECK(said({good}, {""}) == "2 elsewhere");
  // Where nobody finds the record, it does not matter where it leads.
  CHECK(said({}, {"mailto:other@example.com"}) == "1 no-txt-record");
}

TEST_CASE("RC-51: without an answer nothing is said about the record") {
  const auto found = advice_on({.has_no_answer = true}, {}, {"mailto:tls@example.com"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].matter == record_matter::no_answer);
  CHECK(found[0].severity == 2);
  CHECK(found[0].certainty == tlsrpt::certainty::likely);
  CHECK(key_of(found[0]) == "dns.example.com.no-answer.record");
}

TEST_CASE("RC-50: keys stay the same and are one printable word") {
  CHECK(key_of(advice_on({}, {good, good})[0]) == "dns.example.com.identical-records.record");
  CHECK(key_of(advice_on({}, {good}, {"mailto:a@b.example"})[0]) ==
        "dns.example.com.elsewhere.record");
  record_finding strange;
  strange.reason = errc::no_txt_record;
  strange.domain = "A #\n\xC3\xA4.example";
  CHECK(key_of(strange) == "dns.a_____.example.no-txt-record.record");
}

}  // namespace
