#include <tlsrpt/policy_advice.hpp>

#include <doctest/doctest.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::errc;
using tlsrpt::finding;
using tlsrpt::policy_finding;
using tlsrpt::policy_matter;
using tlsrpt::policy_type;
using tlsrpt::published_host;
using tlsrpt::published_policies;
using tlsrpt::reason_id;
using tlsrpt::reported_policy;

using texts = std::vector<std::string_view>;
using hosts = std::vector<published_host>;

const std::string digest(64, 'a'), other_digest(64, 'b');
const std::string dane = "3 1 1 " + digest, other_dane = "3 1 1 " + other_digest;

constexpr std::string_view enforce =
    "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n";
constexpr std::string_view testing =
    "version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n";

std::vector<policy_finding> advice_on(published_policies published,
                                      std::span<const reported_policy> reported = {}) {
  published.domain = "example.com";
  std::vector<policy_finding> found;
  advise_policies(published, reported, [&](const policy_finding& one) {
    CHECK(!one.text.empty());
    CHECK(one.do_first.empty() == (one.severity == 5));
    CHECK(one.domain == "example.com");
    CHECK((one.reason != errc::ok) ==
          (one.matter == policy_matter::slip || one.matter == policy_matter::unusable_policy));
    found.push_back(one);
  });
  return found;
}

/// What is said: severities, matters and subjects, such as "1 unlisted-host mx2.example.com".
std::string said(const published_policies& published,
                 std::span<const reported_policy> reported = {}) {
  std::string lines;
  for (const policy_finding& one : advice_on(published, reported)) {
    if (!lines.empty()) lines += ", ";
    lines += std::to_string(one.severity) + ' ' + std::string(name(one.matter));
    if (!one.subject.empty()) lines += ' ' + std::string(one.subject);
  }
  return lines;
}

TEST_CASE("RC-50: of what nobody looked up nothing is said") {
  CHECK(said({}).empty());
  const texts lines = {"version: STSv1", "mode: enforce", "mx: mx9.example.com", "max_age: 86400"};
  const reported_policy reported[] = {{policy_type::sts, lines, {}},
                                      {policy_type::tlsa, lines, "mx1.example.com"}};
  CHECK(said({}, reported).empty());
  const hosts unasked = {{.name = "mx1.example.com"}};
  CHECK(said({.hosts = unasked}).empty());
}

TEST_CASE("RC-50: policies as they should be need no advice") {
  const texts record = {"v=spf1 -all", "v=STSv1; id=20261129;"};
  const texts tlsa = {dane};
  const hosts all = {{.name = "MX1.example.com.", .tlsa = tlsa, .is_secure = true}};
  CHECK(said({.sts_records = record, .sts_policy = enforce, .hosts = all}).empty());
  CHECK(said({.sts_records = texts(), .sts_policy = ""}).empty());
}

TEST_CASE("RC-50: a policy and its TXT record belong together") {
  const texts none, two = {"v=STSv1; id=1", "v=STSv1; id=2"}, bare = {"v=STSv1;"},
                    strange = {"v=STSv1; id=2026-11-29"}, long_id = {"v=STSv1;id="},
                    good = {"v=STSv1 ; id=A1"};
  CHECK(said({.sts_records = none, .sts_policy = enforce}) == "3 no-sts-record");
  CHECK(said({.sts_records = two, .sts_policy = enforce}) == "3 several-sts-records");
  CHECK(said({.sts_records = bare}) == "3 sts-record-syntax v=STSv1;");
  CHECK(said({.sts_records = strange}) == "3 sts-record-syntax v=STSv1; id=2026-11-29");
  CHECK(said({.sts_records = long_id}) == "3 sts-record-syntax v=STSv1;id=");
  CHECK(said({.sts_records = good, .sts_policy = ""}) == "3 no-policy");
  CHECK(said({.sts_records = good}).empty());
}

TEST_CASE("RC-50: what is wrong with the text of a policy is said as the reader says it") {
  const auto found = advice_on({.sts_policy = "version: STSv1\nmode: enforced\nmax_age: 604800\n"});
  REQUIRE(!found.empty());
  CHECK(found[0].matter == policy_matter::unusable_policy);
  CHECK(found[0].reason == errc::sts_unknown_mode);
  CHECK(found[0].text == message(errc::sts_unknown_mode));
  CHECK(found[0].do_first == "Write mode: testing or mode: enforce.");
  // No sender applies it, so it does not matter which hosts it lists.
  const hosts all = {{.name = "mx2.example.com"}};
  for (const policy_finding& one :
       advice_on({.sts_policy = "version: STSv1\nmx: a.example\n", .hosts = all}))
    CHECK(one.matter == policy_matter::unusable_policy);
}

TEST_CASE("RC-50: each slip in a policy is mended where it is") {
  const auto to_do = [](std::string_view policy) {
    std::string all;
    for (const policy_finding& one : advice_on({.sts_policy = policy}))
      (all += all.empty() ? "" : " ") += one.do_first;
    return all;
  };
  constexpr std::string_view version = "Begin the policy with the line version: STSv1.";
  CHECK(to_do("mode: enforce\nmx: a.example\nmax_age: 604800\n") == version);
  CHECK(to_do("version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 604800\n") == version);
  CHECK(to_do("version: STSv1\nmode: enforce\nmx: a.example\n") ==
        "Write max_age: 604800, which is a week, or more.");
  CHECK(to_do("version: STSv1\nmode: enforce\nmax_age: 604800\n") ==
        "Write an mx line for each mail host, with its name.");
  CHECK(to_do("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800\nno field\n") ==
        "Mend that line of the policy.");
}

TEST_CASE("RC-50: mail hosts and patterns of the policy are compared") {
  const hosts both = {{.name = "mx1.example.com"}, {.name = "mx2.example.com"}};
  const hosts elsewhere = {{.name = "mx.example.net"}}, null_mx = {{.name = "."}};
  CHECK(said({.sts_policy = enforce, .hosts = both}) == "1 unlisted-host mx2.example.com");
  CHECK(said({.sts_policy = testing, .hosts = both}).empty());
  CHECK(said({.sts_policy = testing, .hosts = elsewhere}) ==
        "3 unlisted-host mx.example.net, 5 idle-pattern *.example.com");
  CHECK(
      said({.sts_policy = "version: STSv1\nmode: none\nmax_age: 604800\n", .hosts = both}).empty());
  CHECK(said({.sts_policy = enforce, .hosts = null_mx}) == "5 idle-pattern mx1.example.com");
  // Without MX records mail goes to the domain.
  CHECK(said({.sts_policy = enforce, .hosts = hosts()}) ==
        "1 unlisted-host example.com, 5 idle-pattern mx1.example.com");
}

TEST_CASE("RC-50: where nobody knows today's policy, that of the reports is likely the same") {
  const texts lines = {enforce};
  const reported_policy reported[] = {{policy_type::sts, lines, {}}};
  const hosts both = {{.name = "mx1.example.com"}, {.name = "mx2.example.com"}};
  const auto found = advice_on({.hosts = both}, reported);
  REQUIRE(found.size() == 1);
  CHECK(found[0].matter == policy_matter::unlisted_host);
  CHECK(found[0].certainty == tlsrpt::certainty::likely);
  CHECK(advice_on({.sts_policy = enforce, .hosts = both}, reported)[0].certainty ==
        tlsrpt::certainty::sure);
}

TEST_CASE("RC-50: a policy that senders applied may be another than today's") {
  const texts old = {"version: STSv1", "mode: testing", "mx: mx1.example.com",
                     "mx: old.example.com", "max_age: 86400"};
  const texts same = {"version:STSv1 ", "max_age: 604800", "mx: MX1.example.com", "mode: enforce"};
  const reported_policy before[] = {{policy_type::sts, old, {}}};
  const reported_policy today[] = {{policy_type::sts, same, {}}};
  const reported_policy unknown[] = {{policy_type::sts, {}, {}},
                                     {policy_type::no_policy_found, {}, {}}};
  CHECK(said({.sts_policy = enforce}, before) ==
        "5 other-mode testing, 5 other-patterns, 5 other-max-age");
  CHECK(said({.sts_policy = enforce}, today).empty());
  CHECK(said({.sts_policy = enforce}, unknown).empty());
}

TEST_CASE("RC-50: TLSA records that no sender can use") {
  const std::string short_digest = "3 1 1 abcd", pkix = "1 1 1 " + digest, odd = "3 1 9 " + digest,
                    whole = "2 0 0 3082", sha_512 = "3 1 2 " + digest + other_digest,
                    half = "3 1 2 " + digest;
  for (const std::string& text : {short_digest, pkix, odd, half, std::string("nonsense")}) {
    CAPTURE(text);
    const texts tlsa = {text}, with_good = {text, dane};
    const hosts bad = {{.name = "mx1.example.com", .tlsa = tlsa}};
    const hosts good = {{.name = "mx1.example.com", .tlsa = with_good}};
    CHECK(said({.hosts = bad}) == "3 unusable-tlsa mx1.example.com");
    CHECK(said({.hosts = good}).empty());
  }
  const texts long_digest = {sha_512};
  const hosts with_long = {{.name = "mx1.example.com", .tlsa = long_digest, .is_secure = true}};
  CHECK(said({.hosts = with_long}).empty());
  const texts anchor = {whole};
  const hosts with_anchor = {{.name = "mx1.example.com", .tlsa = anchor, .is_secure = false}};
  CHECK(said({.hosts = with_anchor}) == "3 unsigned-tlsa mx1.example.com");
}

TEST_CASE("RC-50: TLSA records that senders saw may be gone") {
  const texts now = {dane}, none, before = {other_dane}, both = {other_dane, dane};
  const hosts all = {{.name = "mx1.example.com", .tlsa = now}};
  const hosts bare = {{.name = "mx1.example.com", .tlsa = none}};
  const auto seen = [](const texts& records, std::string_view host) {
    return std::array{reported_policy{policy_type::tlsa, records, host}};
  };
  CHECK(said({.hosts = all}, seen(before, "mx1.example.com")) == "5 other-tlsa mx1.example.com");
  CHECK(said({.hosts = bare}, seen(before, "")) == "5 other-tlsa");
  CHECK(said({.hosts = all}, seen(both, "mx1.example.com")).empty());
  CHECK(said({.hosts = all}, seen(before, "mx0.example.com")) == "5 gone-host mx0.example.com");
  CHECK(said({.hosts = all}, seen(none, "")).empty());
  // What is not known of one host may be there.
  const hosts half = {{.name = "mx1.example.com", .tlsa = now}, {.name = "mx2.example.com"}};
  CHECK(said({.hosts = half}, seen(before, "")).empty());
}

TEST_CASE("RC-52: whether what helps is published") {
  const texts one = {"v=STSv1; id=1"}, two = {"v=STSv1; id=1", "v=STSv1; id=2"};
  CHECK(shows_remedy(reason_id::sts_multiple_records, {}, {.sts_records = one}) == true);
  CHECK(shows_remedy(reason_id::sts_multiple_records, {}, {.sts_records = two}) == false);
  CHECK(!shows_remedy(reason_id::sts_multiple_records, {}, {}));
  CHECK(shows_remedy(reason_id::http_404, {}, {.sts_policy = enforce}) == true);
  CHECK(shows_remedy(reason_id::http_404, {}, {.sts_policy = ""}) == false);
  CHECK(shows_remedy(reason_id::sts_policy_syntax, {}, {.sts_policy = enforce}) == true);
  CHECK(shows_remedy(reason_id::sts_policy_syntax, {}, {.sts_policy = "<html>"}) == false);
  const hosts both = {{.name = "mx1.example.com"}, {.name = "mx2.example.com"}};
  const auto listed = [&](std::string_view host) {
    return shows_remedy(reason_id::sts_mx_mismatch, host, {.sts_policy = enforce, .hosts = both});
  };
  CHECK(listed("mx1.example.com") == true);
  CHECK(listed("mx2.example.com") == false);
  CHECK(listed("gone.example.com") == true);
  CHECK(listed("") == false);
  CHECK(!shows_remedy(reason_id::sts_mx_mismatch, {}, {.hosts = both}));
  const texts tlsa = {dane}, before = {other_dane};
  const hosts keyed = {{.name = "mx1.example.com", .tlsa = tlsa, .is_secure = true}, both[1]};
  CHECK(shows_remedy(reason_id::tlsa_missing, "mx1.example.com", {.hosts = keyed}) == true);
  CHECK(!shows_remedy(reason_id::tlsa_missing, "mx2.example.com", {.hosts = keyed}));
  CHECK(shows_remedy(reason_id::dnssec_unsigned_host, "mx1.example.com", {.hosts = keyed}) == true);
  const reported_policy changed[] = {{policy_type::tlsa, before, {}}};
  const reported_policy kept[] = {{policy_type::tlsa, tlsa, {}}};
  const auto fits = [&](std::span<const reported_policy> reported) {
    return shows_remedy(reason_id::x509_dane_no_match, "mx1.example.com", {.hosts = keyed},
                        reported);
  };
  CHECK(fits(changed) == true);
  CHECK(fits(kept) == false);
  CHECK(!fits({}));
  CHECK(!shows_remedy(reason_id::x509_expired, {}, {.sts_policy = enforce, .hosts = both}));
}

TEST_CASE("RC-52: looks mended only after two days without it") {
  const tlsrpt::day today{20'000};
  const published_policies mended = {.sts_policy = enforce};
  finding found;
  found.reason = "http.404";
  found.change = tlsrpt::change::continuing;
  found.last = today - 3;
  CHECK(looks_mended(found, today, mended));
  CHECK(!looks_mended(found, today, {}));
  CHECK(!looks_mended(found, today, {.sts_policy = ""}));
  found.last = today - 2;
  CHECK(!looks_mended(found, today, mended));
  found.last = today - 3;
  // Silence proves nothing, and what is gone needs no guess.
  for (const tlsrpt::change other : {tlsrpt::change::unconfirmed, tlsrpt::change::gone}) {
    found.change = other;
    CHECK(!looks_mended(found, today, mended));
  }
  found.change = tlsrpt::change::continuing;
  found.reason = "-";
  CHECK(!looks_mended(found, today, mended));
}

TEST_CASE("RC-50: keys of what is published stay the same") {
  std::string key;
  tlsrpt::write_key(
      key, policy_finding{.matter = policy_matter::unlisted_host, .domain = "Example.com #"});
  CHECK(key == "policy.example.com__.unlisted-host.published");
  CHECK(name(static_cast<policy_matter>(200)).empty());
}

}  // namespace
