/// Reports of what was counted, read as a strict receiver reads them: whatever came, a report says
/// nothing that a reader finds fault with.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/consistency.hpp>
#include <tlsrpt/datagram.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/tally.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/write_datagram.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include "support.hpp"
#include "write/received_mail.hpp"

namespace {

using tlsrpt::errc;
using tlsrpt::failure_details_view;
using tlsrpt::policy_type;
using tlsrpt::result_type;
using tlsrpt::session_outcome;
using tlsrpt::session_policy;
using tlsrpt::session_view;
using tlsrpt::tally;

using names = std::vector<std::string_view>;

constexpr tlsrpt::day november_23 = *tlsrpt::day::parse("2026-11-23");
constexpr std::int64_t midnight = first_second_of(november_23);
constexpr tlsrpt::reporter_identity identity = {"B\xc3\xa4 \"& Co.\" \xf0\x9f\x93\xa8",
                                                "tls-reports@example.net"};
/// An address that is neither private nor for documentation.
constexpr std::string_view sender = "198.18.0.1";

const std::vector<result_type> negotiation = {
    result_type::starttls_not_supported, result_type::certificate_host_mismatch,
    result_type::certificate_expired, result_type::certificate_not_trusted,
    result_type::validation_failure};

/// What a receiver finds in the report about a domain, such as "no-sessions". Beyond what is
/// inconsistent in the sessions themselves there must not be anything.
std::set<errc> findings_of(const tally& tally, std::string_view domain = "example.org",
                           const tlsrpt::tally_report_options& options = {}) {
  tlsrpt::tally_reporter reporter;
  const auto report = reporter.make(tally, domain, identity, options);
  REQUIRE(report);
  std::string json, gzip, mail;
  const auto written = write_report(json, *report);
  CAPTURE(std::string(name(written ? errc::ok : written.error().code)));
  REQUIRE(written);
  CAPTURE(json);
  REQUIRE(tlsrpt::write_gzip(gzip, json));
  REQUIRE(write_mail(mail, *report, gzip,
                     {.to = "tls@example.org",
                      .about = domain,
                      .date = midnight + 86'400 + 600,
                      .unique_id = "001"}));
  const tlsrpt::host_text about = tlsrpt::canonical_host(domain);
  received_mail::check(mail, gzip, json, about);

  tlsrpt::report_parser<tlsrpt::strict> parser;
  support::findings strict, inconsistent;
  const auto read = parser.parse(json, strict);
  REQUIRE(read);
  CHECK(strict.names() == "");
  std::vector<std::byte> scratch(tlsrpt::scratch_size(*read));
  find_inconsistencies(*read, inconsistent, {.now = midnight + 86'400 + 600, .scratch = scratch});
  std::set<errc> found;
  for (const support::finding& one : inconsistent.all) found.insert(one.code);
  return found;
}

std::string text_of(const std::set<errc>& codes) {
  std::string text;
  for (const errc code : codes) (text += text.empty() ? "" : ",") += name(code);
  return text;
}

void count(tally& tally, std::span<const session_policy> policies,
           std::string_view domain = "example.org") {
  const auto counted =
      tally.count({.recipient_domain = domain, .time = midnight, .policies = policies});
  REQUIRE(counted);
  REQUIRE(*counted == tlsrpt::count_outcome::counted);
}
void count(tally& tally, const session_policy& policy, std::string_view domain = "example.org") {
  count(tally, std::span(&policy, 1), domain);
}

failure_details_view failure(result_type type, std::string_view host = {},
                             std::string_view address = {}) {
  failure_details_view view;
  view.result_type.value = type;
  view.sending_mta_ip.text = sender;
  view.receiving_mx_hostname = host;
  view.receiving_ip.text = address;
  return view;
}

const names sts_lines = {"version: STSv1", "mode: enforce", "mx: mx.example.org",
                         "mx: *.example.org", "max_age: 604800"};
const names sts_hosts = {"mx.example.org", "*.example.org"};
const names tlsa_records = {
    "2 1 1 8f3a1c5e7092b4d6f8013c5e7a9b2d4f6081a3c5e7f90b2d4c6e8fa0b1d3f507",
    "3 1 1 0b1d3f5072946b8da0c2e4f61830527496b8dafc1e3050729416b8d0f2a4c6e8"};

const session_policy sts{
    .type = policy_type::sts, .policy_string = sts_lines, .mx_host = sts_hosts};
const session_policy dane{
    .type = policy_type::tlsa, .domain = "mx.example.org", .policy_string = tlsa_records};
const session_policy none{.type = policy_type::no_policy_found};

}  // namespace

TEST_CASE("every way to fail under every policy is reported without a finding") {
  const auto types_of = [](policy_type policy) {
    std::vector<result_type> types = negotiation;
    if (policy == policy_type::sts)
      types.insert(types.end(), {result_type::sts_policy_fetch_error,
                                 result_type::sts_policy_invalid, result_type::sts_webpki_invalid});
    if (policy == policy_type::tlsa)
      types.insert(types.end(), {result_type::tlsa_invalid, result_type::dnssec_invalid,
                                 result_type::dane_required});
    return types;
  };
  for (const session_policy& good : {sts, dane, none}) {
    tally tally(november_23);
    count(tally, good);
    for (const result_type type : types_of(good.type)) {
      const bool is_fetch = group_of(type) == tlsrpt::result_group::sts;
      for (const std::string_view address : {"192.0.2.40", "2001:db8::40", "::ffff:192.0.2.40"}) {
        failure_details_view why =
            is_fetch ? failure(type) : failure(type, "mx.example.org", address);
        if (address.starts_with("2")) why.sending_mta_ip.text = "2a00:1450::1";
        why.receiving_mx_helo = "250-mx.example.org\r\n250-SIZE\r\n250 STARTTLS";
        why.failure_reason_code = "B\xc3\xbc\r\n\x01";
        session_policy bad = good;
        bad.outcome = session_outcome::failed;
        bad.failures = {&why, 1};
        count(tally, bad);
      }
    }
    CHECK(text_of(findings_of(tally)) == "");
  }
}

TEST_CASE("a policy that could not be found out is reported without a finding") {
  for (const result_type type :
       {result_type::sts_policy_fetch_error, result_type::sts_policy_invalid,
        result_type::sts_webpki_invalid, result_type::dnssec_invalid, result_type::dane_required}) {
    const failure_details_view why = failure(type);
    const bool is_sts = group_of(type) == tlsrpt::result_group::sts;
    tally tally(november_23);
    count(tally, session_policy{.type = is_sts ? policy_type::sts : policy_type::tlsa,
                                .domain = is_sts ? "example.org" : "mx.example.org",
                                .outcome = session_outcome::failed,
                                .failures = {&why, 1}});
    CHECK(text_of(findings_of(tally)) == "");
  }
}

TEST_CASE("many policies of a domain are reported without a finding") {
  tally tally(november_23);
  std::vector<std::string> hosts, lines;
  for (int i = 0; i < 100; ++i) {
    hosts.push_back("mx" + std::to_string(i) + ".example.org");
    lines.push_back("max_age: " + std::to_string(604'800 + i));
  }
  for (int i = 0; i < 100; ++i) {
    session_policy other = dane;
    other.domain = hosts[static_cast<std::size_t>(i)];
    count(tally, other);
    names changed = sts_lines;
    changed.back() = lines[static_cast<std::size_t>(i)];
    other = sts;
    other.policy_string = changed;
    count(tally, other);
  }
  CHECK(text_of(findings_of(tally)) == "");
}

TEST_CASE("what is the same in other words is reported once") {
  const names upper_hosts = {"MX.Example.ORG", "*.EXAMPLE.org."};
  const names swapped = {"*.example.org", "mx.example.org"};
  const names upper_records = {
      "3 1 1 0B1D3F5072946B8DA0C2E4F61830527496B8DAFC1E3050729416B8D0F2A4C6E8",
      "2  1 1 8F3A1C5E7092B4D6F8013C5E7A9B2D4F6081A3C5E7F90B2D4C6E8FA0B1D3F507",
      "2 1 1 8F3A1C5E7092B4D6F8013C5E7A9B2D4F6081A3C5E7F90B2D4C6E8FA0B1D3F507"};
  tally tally(november_23);
  count(tally, sts);
  count(tally, dane);
  session_policy other = sts;
  other.domain = "EXAMPLE.org.";
  count(tally, other);
  for (const names& patterns : {upper_hosts, swapped}) {
    other.mx_host = patterns;
    count(tally, other);
  }
  other = dane;
  other.domain = "MX.example.ORG.";
  other.policy_string = upper_records;
  count(tally, other);
  CHECK(text_of(findings_of(tally)) == "");
}

TEST_CASE("failures of one session are no more than the session") {
  const std::array twice = {failure(result_type::certificate_expired),
                            failure(result_type::certificate_expired)};
  session_policy bad = sts;
  bad.outcome = session_outcome::failed;
  bad.failures = twice;
  tally tally(november_23);
  count(tally, bad);
  CHECK(text_of(findings_of(tally)) == "");
  // Nor are they when they are no longer kept apart.
  std::vector<std::string> reasons;
  for (int i = 0; i < 10; ++i) reasons.push_back("r" + std::to_string(i));
  std::vector<failure_details_view> many;
  for (const std::string& reason : reasons)
    (many.emplace_back() = failure(result_type::certificate_expired)).failure_reason_code = reason;
  bad.failures = many;
  class tally few(november_23, {.failures_per_policy = 2});
  for (class tally* const each : {&tally, &few}) {
    count(*each, bad);
    for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{2}})
      CHECK(text_of(findings_of(*each, "example.org", {.failures_per_policy = most})) ==
            (most == 0 ? "" : "details-above-total"));
  }
}

TEST_CASE("texts that would fall apart once more are reported without a finding") {
  // Lines that hold lines, texts that become the same or empty, and octets that become more.
  const std::string controls(60'000, '\x01');
  const std::vector<std::pair<policy_type, names>> texts = {
      {policy_type::sts, {"version: STSv1\\nmode: none\n"}},
      {policy_type::no_policy_found, {"a: b\\nc: d\n"}},
      {policy_type::tlsa, {"[\"a\"]", "[\"a\"]"}},
      {policy_type::sts, {"[\"a\"]", "\n"}},
      {policy_type::tlsa, {controls}}};
  for (const auto& [type, lines] : texts) {
    const names& text = lines;  // for CAPTURE, which cannot capture structured bindings
    CAPTURE(text.front().substr(0, 100));
    tally tally(november_23);
    session_policy policy{.type = type, .policy_string = text};
    if (type == policy_type::tlsa) policy.domain = "mx.example.org";
    count(tally, policy);
    findings_of(tally);
  }

  // A prefix in any case is no part of a pattern.
  tally prefixed(november_23);
  const names hosts = {"MX:mx.example.org", "mx.example.org..", "mx.example.org"};
  count(prefixed, {.type = policy_type::sts, .policy_string = sts_lines, .mx_host = hosts});
  findings_of(prefixed);
  std::string written;
  REQUIRE(prefixed.write(written));
  CHECK(written.find("[\"mx.example.org\"]]") != std::string::npos);

  // An empty line is one, whether it is an element or within one.
  tally lines(november_23);
  const names one = {"version: STSv1\n\nmode: none\n"},
              several = {"version: STSv1", "", "mode: none"};
  count(lines, {.type = policy_type::sts, .policy_string = one});
  count(lines, {.type = policy_type::sts, .policy_string = several});
  std::string text;
  REQUIRE(lines.write(text));
  CHECK(text.find("\"policy\"") == text.rfind("\"policy\""));
}

TEST_CASE("policies that are cut are reported without a finding of the cut") {
  std::vector<std::string> hosts, lines, records;
  for (int i = 0; i < 300; ++i) {
    hosts.push_back("mx" + std::to_string(i) + ".mail.example.org");
    lines.push_back("mx: " + hosts.back());
    records.push_back("3 1 1 " + std::string(60, 'a') + std::to_string(1000 + i));
  }
  names patterns(hosts.begin(), hosts.end()), policy = {"version: STSv1", "mode: enforce"};
  policy.insert(policy.end(), lines.begin(), lines.end());
  policy.push_back("max_age: 604800");
  const names rrset(records.begin(), records.end());
  const failure_details_view why = failure(result_type::certificate_not_trusted, hosts.back());
  tally tally(november_23);
  count(tally, session_policy{.type = policy_type::sts,
                              .policy_string = policy,
                              .mx_host = patterns,
                              .outcome = session_outcome::failed,
                              .failures = {&why, 1}});
  session_policy many = dane;
  many.policy_string = rrset;
  count(tally, many);
  const names too_many(3000, "x");
  many.domain = "mx2.example.org";
  many.policy_string = too_many;
  count(tally, many);
  CHECK(text_of(findings_of(tally)) == "");
}

namespace {

/// Texts of strangers, and whole sessions of them.
class strange_sessions {
 public:
  explicit strange_sessions(unsigned seed) : random_(seed) {}

  /// Counts a session, on its way through a datagram or not.
  void count(tally& tally) {
    texts_.clear();
    policies_.clear();
    failures_.clear();
    lists_.clear();
    texts_.reserve(10'000);
    failures_.reserve(100);
    lists_.reserve(100);
    for (std::size_t i = below(4) + 1; i != 0; --i) policies_.push_back(policy());
    const session_view session{.recipient_domain = pick(domains),
                               .record = text(),
                               .time = midnight,
                               .policies = policies_};
    if (below(2) == 0) {
      CHECK(tally.count(session));
      return;
    }
    std::string datagram;
    if (!write_datagram(datagram, session)) return;  // for a NUL
    const auto read = reader_.read(datagram, midnight);
    REQUIRE(read);
    CHECK(tally.count(*read));
  }

  static constexpr std::array<std::string_view, 4> domains = {
      "example.org", "EXAMPLE.org.", "xn--bcher-kva.example", "a_b.c-d.1.example"};

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  template <class List>
  std::string_view pick(const List& list) {
    return list[below(list.size())];
  }
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  /// Octets, characters, or something that nearly means something.
  std::string_view text() {
    static constexpr std::array<std::string_view, 28> known = {
        "",
        "mx.example.org",
        "MX.example.org.",
        "*.example.org",
        "mx: mx.example.org",
        "mx:mx:a",
        "3 1 1 aabb",
        "3 1 1 AABB",
        "PKIX-TA(0) Cert(0) Full(0) aa",
        "3 1 1 aabb; 3 1 1 ccdd",
        "version: STSv1",
        "mode: none",
        "mode: enforce\nmx: a.example",
        "max_age: 1",
        "198.18.0.1",
        "10.0.0.1",
        "[IPv6:2001:db8::1%eth0]",
        "::ffff:198.18.0.1",
        "250-mx.example.org\r\n250-SIZE\r\n250 STARTTLS",
        "250 mx.example.org at your service",
        "https://example.org/why?a=b#c",
        "https://example.org/\xc3\xbc",
        "b\xc3\xbc"
        "cher.example",
        "\xef\xbb\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf",
        "\xe2\x80\xae\xc2\x85\x7f\x1b[2J",
        "\xed\xa0\x80\xff\xc0\x80",
        "other",
        "null"};
    const std::size_t kind = below(10);
    if (kind < 7) return pick(known);
    std::string octets;
    const std::size_t size = kind == 7 ? below(20) : kind == 8 ? below(300) : below(6000);
    for (std::size_t i = 0; i < size; ++i)
      octets += static_cast<char>(kind == 7 ? random_() : 'a' + random_() % 26);
    return keep(octets);
  }

  std::span<const std::string_view> list() {
    std::vector<std::string_view>& list = lists_.emplace_back();
    for (std::size_t i = below(5); i != 0; --i) list.push_back(text());
    return list;
  }

  failure_details_view failure() {
    failure_details_view why;
    why.result_type.value = static_cast<result_type>(below(12));
    why.sending_mta_ip.text = text();
    why.receiving_mx_hostname = text();
    why.receiving_mx_helo = text();
    why.receiving_ip.text = text();
    why.additional_information = text();
    why.failure_reason_code = text();
    return why;
  }

  session_policy policy() {
    session_policy policy{.type = static_cast<policy_type>(1 + below(3)),
                          .domain = below(2) == 0 ? "" : pick(domains),
                          .policy_string = list(),
                          .mx_host = list(),
                          .outcome = static_cast<session_outcome>(below(3))};
    const std::size_t first = failures_.size();
    for (std::size_t i = below(4); i != 0; --i) failures_.push_back(failure());
    policy.failures = std::span(failures_).subspan(first);
    return policy;
  }

  std::mt19937 random_;
  tlsrpt::datagram_reader reader_{};
  std::vector<std::string> texts_{};
  std::vector<std::vector<std::string_view>> lists_{};
  std::vector<failure_details_view> failures_{};
  std::vector<session_policy> policies_{};
};

}  // namespace

TEST_CASE("whatever sessions say, the report says nothing that is not in them") {
  // These are in the sessions, and the report says what came.
  const std::set<errc> in_sessions = {
      errc::failures_without_details,      errc::details_below_total,
      errc::details_above_total,           errc::result_type_of_other_policy,
      errc::dane_ee_certificate_check,     errc::failures_under_mode_none,
      errc::mx_host_differs_from_policy,   errc::mx_outside_policy,
      errc::policy_string_missing,         errc::policy_string_without_policy,
      errc::receiving_ip_of_fetch_failure, errc::internal_sending_address,
      errc::documentation_sending_address, errc::overlapping_totals};
  const std::set<errc> of_soft_failures = {errc::failures_despite_zero_total,
                                           errc::failed_count_above_total};
  for (unsigned seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const bool has_soft = seed % 5 == 0;
    strange_sessions sessions(seed);
    tally tally(november_23, {.failures_per_policy = 1 + seed % 20});
    for (int i = 0; i < 60; ++i) sessions.count(tally);
    for (std::size_t i = 0; i < tally.domain_count(); ++i)
      for (const std::size_t most : {std::size_t{3}, std::size_t{1024}}) {
        std::set<errc> found =
            findings_of(tally, tally.domain(i).name,
                        {.failures_per_policy = most, .has_soft_failures = has_soft});
        for (const errc code : in_sessions) found.erase(code);
        if (has_soft)
          for (const errc code : of_soft_failures) found.erase(code);
        CHECK(text_of(found) == "");
      }
  }
}
