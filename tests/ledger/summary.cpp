#include <tlsrpt/summary.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/sample.hpp"

namespace {

using sample::add;
using sample::element;
using sample::from_file;
using sample::ledger_of;
using sample::merge;
using sample::report;
using sample::signed_mail;
using tlsrpt::key_part;
using tlsrpt::ledger;
using tlsrpt::make_summary;
using tlsrpt::session_bounds;
using tlsrpt::session_count;
using tlsrpt::session_sum;
using tlsrpt::summary;
using tlsrpt::summary_options;

constexpr std::int64_t day_23 = sample::second_of_2026_11_23, day_length = 86'400;
constexpr std::string_view example_com[] = {"example.com"};

summary summary_of(const ledger& ledger, const summary_options& options = {}) {
  auto made = make_summary(ledger, options);
  REQUIRE(made.has_value());
  return std::move(made).value();
}

/// Totals by domain.
tlsrpt::table<tlsrpt::total_row> domains_of(const summary& summary) {
  auto made = total_table(summary, {.by = key_part::domain});
  REQUIRE(made.has_value());
  return std::move(made).value();
}

tlsrpt::total_row first_domain_of(const summary& summary) {
  const auto table = domains_of(summary);
  REQUIRE_FALSE(table.rows().empty());
  return table.rows()[0];
}

tlsrpt::total_row only_domain_of(const ledger& ledger, const summary_options& options = {}) {
  const summary s = summary_of(ledger, options);
  const auto table = domains_of(s);
  REQUIRE(table.rows().size() == 1);
  return table.rows()[0];
}

tlsrpt::table<tlsrpt::failure_row> failures_by(const summary& summary, key_part by) {
  auto made = failure_table(summary, {.by = by});
  REQUIRE(made.has_value());
  return std::move(made).value();
}

report report_of_day(std::string id, int day, std::vector<element> elements, int days = 1) {
  report r(std::move(id), std::move(elements));
  r.start = day_23 + day * day_length;
  r.end = r.start + days * day_length - 1;
  return r;
}

element with_failures(session_count ok, session_count failed,
                      std::vector<sample::failure> failures = {}) {
  element e;
  e.ok = ok;
  e.failed = failed;
  e.failures = std::move(failures);
  return e;
}

}  // namespace

TEST_CASE("totals of different kinds are never added (AG-27, AG-W1)") {
  element sts = with_failures(7, 0), tlsa = with_failures(7, 0);
  tlsa.kind = "tlsa";
  tlsa.policy = {"3 1 1 0f"};
  ledger l = ledger_of(report("id", {sts, tlsa}));
  auto row = only_domain_of(l);
  CHECK(row.all.ok == session_bounds{7, 14, 0});
  CHECK(row.all.failed == session_bounds{0, 0, 0});
  CHECK(row.all.sessions == session_bounds{7, 14, 0});
  CHECK(row.verified.ok == session_bounds{0, 0, 0});
  // Over reporters and days both bounds are added.
  report other("id", {sts});
  other.contact = "tls@other.example";
  add(l, other);
  add(l, report_of_day("id", 1, {tlsa, sts}));
  row = only_domain_of(l);
  CHECK(row.all.ok == session_bounds{21, 35, 0});
  CHECK(row.reporters == 2);
  CHECK(row.first == tlsrpt::day_of(day_23));
  CHECK(row.last == tlsrpt::day_of(day_23) + 1);
  const summary s = summary_of(l);
  const auto kinds = total_table(s, {.by = key_part::domain | key_part::kind});
  REQUIRE(kinds->rows().size() == 2);
  CHECK(kinds->rows()[0].key.kind == tlsrpt::policy_type::sts);
  CHECK(kinds->rows()[0].all.ok == session_bounds{21, 21, 0});
}

TEST_CASE("one id with two contents: the larger number of each, and a conflict (AG-05, AG-W5)") {
  const report a("id", {with_failures(100, 0)});
  const report b("id", {with_failures(100, 3, {{.sessions = 3}})});
  for (const bool is_turned : {false, true}) {
    ledger l = ledger_of(is_turned ? b : a, signed_mail);
    merge(l, ledger_of(is_turned ? a : b, signed_mail));
    const summary s = summary_of(l);
    const auto row = first_domain_of(s);
    CHECK(row.verified.ok == session_bounds{100, 100, 0});
    CHECK(row.verified.failed == session_bounds{3, 3, 0});
    CHECK(s.conflicts() == 1);
  }
}

TEST_CASE("reports without id, and with different ids, are added (AG-06)") {
  ledger l = ledger_of(report("", {with_failures(1, 0)}));
  add(l, report("", {with_failures(2, 0)}));
  add(l, report("x", {with_failures(4, 0)}));
  add(l, report("y", {with_failures(8, 0)}));
  CHECK(only_domain_of(l).all.ok == session_bounds{15, 15, 0});
  CHECK(summary_of(l).conflicts() == 0);
}

TEST_CASE("a claimed report beside a verified one of its name is in no figure (AG-07, AG-W6)") {
  const report verified("id", {with_failures(100, 3)});
  const report forged("id", {with_failures(1'000'000, 0)});
  ledger l = ledger_of(verified, signed_mail);
  add(l, forged);
  summary s = summary_of(l);
  auto row = first_domain_of(s);
  CHECK(row.verified.ok == session_bounds{100, 100, 0});
  CHECK(row.all.ok == session_bounds{100, 100, 0});
  CHECK(s.shadowed().size() == 1);
  CHECK(s.conflicts() == 0);
  const ledger alone = ledger_of(forged);
  s = summary_of(alone);
  row = first_domain_of(s);
  CHECK(row.verified.ok == session_bounds{0, 0, 0});
  CHECK(row.all.ok == session_bounds{1'000'000, 1'000'000, 0});
  CHECK(s.shadowed().empty());
  CHECK(s.verified_reports() == 0);
  // With another id, too, but not about another day.
  add(l, report("id-2", {with_failures(1'000'000, 0)}));
  add(l, report_of_day("id", 1, {with_failures(50, 0)}));
  s = summary_of(l);
  CHECK(s.shadowed().size() == 2);
  CHECK(first_domain_of(s).all.ok == session_bounds{150, 150, 0});
}

TEST_CASE("what is unknown makes a figure a lower bound (AG-W7)") {
  const ledger l = ledger_of(report("id", {with_failures(1, {},
                                                         {{.host = "a.example", .sessions = 4},
                                                          {.host = "b.example", .sessions = 9}})}));
  CHECK(only_domain_of(l).all.failed == session_bounds{9, 9, 1});
}

TEST_CASE("mentions are no failures (AG-25, AG-W3, AG-W11)") {
  const ledger soft = ledger_of(report("id", {with_failures(5, 0, {{.sessions = 5}})}));
  const summary s = summary_of(soft);
  CHECK(first_domain_of(s).all.failed == session_bounds{0, 0, 0});
  const auto rows = failures_by(s, key_part::reason);
  CHECK(rows.rows()[0].all == session_sum{5, 0});
  const auto failed = first_domain_of(s).all.failed.at_most;
  CHECK(tlsrpt::per_mille(std::min(rows.rows()[0].all.sessions, failed), 5) == 0);

  const ledger twice =
      ledger_of(report("id", {with_failures(0, 1,
                                            {{.result = "sts-policy-fetch-error",
                                              .host = "",
                                              .reason = "bad https response code: 404"},
                                             {.result = "sts-policy-fetch-error",
                                              .host = "",
                                              .reason = "bad https response code: 500"}})}));
  const summary t = summary_of(twice);
  CHECK(first_domain_of(t).all.failed == session_bounds{1, 1, 0});
  const auto mentions = failures_by(t, key_part::result);
  CHECK(mentions.rows()[0].all == session_sum{2, 0});
}

TEST_CASE("sums stop at 2^53-1") {
  ledger l = ledger_of(report("a", {with_failures(tlsrpt::largest_sessions, 0)}));
  add(l, report("b", {with_failures(tlsrpt::largest_sessions, 1)}));
  const auto row = only_domain_of(l);
  CHECK(row.all.ok.at_most == tlsrpt::largest_sessions);
  CHECK(row.all.sessions.at_least == tlsrpt::largest_sessions);
}

TEST_CASE("a weekly report beside daily ones (AG-20, AG-W9)") {
  for (const bool is_complete : {true, false}) {
    ledger l = ledger_of(report_of_day("week", -7, {with_failures(0, 7, {{.sessions = 7}})}, 7));
    for (int day = -7; day < 0; ++day)
      if (is_complete || day != -4)
        add(l, report_of_day("day", day, {with_failures(0, 1, {{.sessions = 1}})}));
    const summary s = summary_of(l);
    const auto row = first_domain_of(s);
    CHECK(row.all.failed.at_most == (is_complete ? 7 : 13));
    CHECK(row.has_overlap == !is_complete);
    const auto reasons = failures_by(s, key_part::reason);
    CHECK(s.also_by_day().size() == (is_complete ? 1 : 0));
    CHECK(reasons.rows()[0].all.sessions == (is_complete ? 7 : 13));
    const auto days = total_table(s, {.by = key_part::period});
    CHECK(days->rows().size() == 7);
  }
}

TEST_CASE("a flood of invented hosts changes no figure of others (AG-30, AG-31, AG-W8)") {
  // Without optimization a million takes minutes.
#ifdef __OPTIMIZE__
  constexpr std::size_t hosts_of_report = 1'000'000;
#else
  constexpr std::size_t hosts_of_report = 10'000;
#endif
  constexpr std::uint64_t flood_sessions = 10 * hosts_of_report;
  ledger l;
  std::vector<std::string> names(hosts_of_report);
  std::vector<tlsrpt::failure_details_view> details(hosts_of_report);
  for (std::size_t i = 0; i < 10; ++i) {
    report r("flood " + std::to_string(i), {with_failures(0, 1'000'000)});
    r.contact = "x@stranger" + std::to_string(i) + ".example";
    tlsrpt::report_view view = r.view();
    tlsrpt::policy_view policy = view.policies[0];
    for (std::size_t k = 0; k < hosts_of_report; ++k) {
      names[k] = "h" + std::to_string(i) + '-' + std::to_string(k) + ".example";
      details[k].result_type = {tlsrpt::result_type::certificate_expired, "certificate-expired"};
      details[k].receiving_mx_hostname = names[k];
      details[k].failed_session_count = 1;
    }
    policy.failure_details = details;
    view.policies = {&policy, 1};
    REQUIRE(l.add(view, {}).has_value());
  }
  CHECK(l.octets() < 200'000);
  add(l, report("id", {with_failures(60, 40, {{.host = "mx1.example.com", .sessions = 40}})}),
      signed_mail);
  const summary s = summary_of(l, {.known_domains = example_com});
  const auto hosts = failures_by(s, key_part::domain | key_part::host);
  REQUIRE(hosts.rows().size() == 1000);
  CHECK(hosts.rows()[0].host == "mx1.example.com");
  CHECK(hosts.rows()[0].verified == session_sum{40, 0});
  CHECK(hosts.rows()[0].all == session_sum{40, 0});
  CHECK(hosts.other().all.sessions == flood_sessions - 999);
  CHECK(hosts.other().rows == 2560 - 999);
  std::uint64_t all = hosts.other().all.sessions, verified = hosts.other().verified.sessions;
  for (const auto& row : hosts.rows()) {
    all += row.all.sessions;
    verified += row.verified.sessions;
  }
  CHECK(all == flood_sessions + 40);
  CHECK(verified == 40);
  CHECK(first_domain_of(s).verified.failed == session_bounds{40, 40, 0});
  CHECK(s.cut() == 10 * (hosts_of_report - 256));
}

TEST_CASE("claimed figures push no verified row out of a table") {
  ledger l;
  for (int i = 0; i < 50; ++i) {
    element e = with_failures(tlsrpt::largest_sessions, 0);
    e.domain = "d" + std::to_string(i) + ".example";
    report r("id", {e});
    r.contact = "x@stranger.example";
    add(l, r);
  }
  add(l, report("id", {with_failures(1, 0)}), signed_mail);
  element known = with_failures(0, 0);
  known.domain = "mine.example";
  add(l, report("mine", {known}));
  const std::string_view mine[] = {"Mine.Example."};
  const summary s = summary_of(l, {.known_domains = mine, .rows = 2});
  const auto table = domains_of(s);
  REQUIRE(table.rows().size() == 2);
  CHECK(table.rows()[0].key.domain == "mine.example");
  CHECK(table.rows()[1].key.domain == "example.com");
  CHECK(table.other().rows == 50);
  CHECK(table.other().all.ok.at_most == tlsrpt::largest_sessions);
}

TEST_CASE("claimed failures push no verified one of an unknown number out of a table") {
  ledger l;
  element e = with_failures(0, 0);
  e.failures = {{.host = "mx9.example.com", .sessions = {}}};
  add(l, report("id", {e}), signed_mail);
  e.failures = {{.host = "a.example.com", .sessions = 9}, {.host = "b.example.com", .sessions = 9}};
  report r("id", {e});
  r.contact = "x@stranger.example";
  add(l, r);
  const summary s = summary_of(l, {.rows = 1});
  const auto table = failure_table(s, {.by = key_part::host});
  REQUIRE(table->rows().size() == 1);
  CHECK(table->rows()[0].host == "mx9.example.com");
  CHECK(table->rows()[0].verified.unknown == 1);
}

TEST_CASE("what anybody says changes the domain of no verified figure (AG-13)") {
  element e = with_failures(5, 0);
  e.domain.clear();
  const report r("id", {e});
  ledger l = ledger_of(r, {{}, tlsrpt::channel::https, 0, "stranger.example"});
  CHECK(only_domain_of(l).key.domain == "stranger.example");
  add(l, r, {"sender.example", tlsrpt::channel::mail, 0, {}});
  CHECK(only_domain_of(l).key.domain == "?");
  add(l, r, {"sender.example", tlsrpt::channel::mail, 0, "example.net"});
  CHECK(only_domain_of(l).key.domain == "example.net");
}

TEST_CASE("an absent domain is that of the receipt, but a copy meets its other copy (AG-13)") {
  element e = with_failures(5, 0);
  e.kind = "no-policy-found";
  e.policy.clear();
  e.domain.clear();
  const report r("id", {e});
  ledger l = ledger_of(r, from_file);
  CHECK(only_domain_of(l).key.domain == "?");
  add(l, r, {"sender.example", tlsrpt::channel::mail, 0, "Example.net"});
  const auto row = only_domain_of(l);
  CHECK(row.key.domain == "example.net");
  CHECK(row.verified.ok == session_bounds{5, 5, 0});
  const summary s = summary_of(l);
  CHECK(s.totals()[0].inferred);
}

TEST_CASE("a mail host of one domain counts there, one of several stays a row (AG-28)") {
  element mine = with_failures(5, 0), shared = with_failures(7, 0);
  mine.kind = shared.kind = "tlsa";
  mine.policy = shared.policy = {"3 1 1 0f"};
  mine.domain = "mx.example.com";
  shared.domain = "mx.example.net";
  const ledger l = ledger_of(report("id", {mine, shared}));
  const std::string_view two[] = {"example.com", "example.org"};
  const tlsrpt::host_domains hosts[] = {{"MX.example.com", example_com}, {"mx.example.net", two}};
  const summary s = summary_of(l, {.hosts = hosts});
  const auto table = domains_of(s);
  REQUIRE(table.rows().size() == 2);
  CHECK(table.rows()[0].key.domain == "mx.example.net");
  CHECK(table.rows()[1].key.domain == "example.com");
}

TEST_CASE("figures of days that are still to be reported about are marked (AG-21)") {
  const ledger l = ledger_of(report("id", {with_failures(5, 0)}));
  CHECK(only_domain_of(l, {.now = day_23 + 3 * day_length - 1}).has_provisional);
  CHECK_FALSE(only_domain_of(l, {.now = day_23 + 3 * day_length}).has_provisional);
}

TEST_CASE("tables can be about one domain and some days") {
  ledger l;
  for (int day = 0; day < 10; ++day) {
    element other = with_failures(100, 0);
    other.domain = "example.net";
    add(l, report_of_day("id", day, {with_failures(1, 0), other}));
  }
  const summary s = summary_of(l);
  const tlsrpt::day first = tlsrpt::day_of(day_23);
  const auto table = total_table(
      s, {.by = key_part::none, .domain = "example.com", .first = first + 2, .last = first + 4});
  REQUIRE(table->rows().size() == 1);
  CHECK(table->rows()[0].all.ok == session_bounds{3, 3, 0});
  CHECK(table->rows()[0].key.domain.empty());
  const auto none = total_table(s, {.by = key_part::none, .domain = "example.org"});
  CHECK(none->rows().empty());
}

TEST_CASE("mentions are added up over whatever a table is not about (AG-29)") {
  ledger l;
  std::uint64_t mentioned = 0;
  for (unsigned i = 0; i < 60; ++i) {
    element e = with_failures(100, 9,
                              {{.result = i % 2 == 0 ? "certificate-expired" : "tlsa-invalid",
                                .host = "h" + std::to_string(i % 5) + ".example",
                                .sessions = i,
                                .reason = i % 3 == 0 ? "certificate has expired" : "",
                                .ip = "192.0.2." + std::to_string(i % 7)}});
    e.domain = i % 4 == 0 ? "example.net" : "example.com";
    report r = report_of_day("id" + std::to_string(i), static_cast<int>(i % 6), {e});
    r.contact = i % 2 == 0 ? "a@sender.example" : "b@other.example";
    add(l, r);
    mentioned += i;
  }
  const summary s = summary_of(l);
  std::size_t most_rows = 0;
  for (unsigned by = 0; by < 1024; ++by) {
    const auto table = failures_by(s, static_cast<key_part>(by));
    std::uint64_t sum = 0;
    for (const auto& row : table.rows()) sum += row.all.sessions;
    CHECK(sum == mentioned);
    CHECK(table.other().all.sessions == 0);
    most_rows = std::max(most_rows, table.rows().size());
  }
  CHECK(most_rows == 60);
}

TEST_CASE("any split of reports gives one summary") {
  ledger whole, parts[3];
  for (int i = 0; i < 60; ++i) {
    element e = with_failures(static_cast<unsigned>(i), static_cast<unsigned>(i % 7),
                              {{.host = "h" + std::to_string(i % 5) + ".example"}});
    report r = report_of_day("id" + std::to_string(i % 4), i % 6, {e});
    r.contact = i % 2 == 0 ? "a@sender.example" : "b@other.example";
    const auto receipt = i % 3 == 0 ? from_file : signed_mail;
    add(whole, r, receipt);
    add(parts[i % 3], r, receipt);
  }
  ledger merged;
  for (int i : {2, 0, 1}) merge(merged, parts[i]);
  const auto figures = [](const ledger& l) {
    const summary s = summary_of(l);
    std::string text;
    const auto totals = total_table(s, {.by = key_part::reporter | key_part::period});
    for (const auto& row : totals->rows())
      text += std::string(row.key.reporter) + std::to_string(row.key.first.number) + " " +
              std::to_string(row.all.ok.at_least) + " " +
              std::to_string(row.verified.failed.at_most) + "\n";
    const auto hosts = failures_by(s, key_part::host);
    for (const auto& row : hosts.rows())
      text += std::string(row.host) + std::to_string(row.all.sessions) + "\n";
    return text;
  };
  CHECK(figures(merged) == figures(whole));
  CHECK(figures(whole).size() > 100);
}

/// Facts are numbers here, which count how often they are compared.
struct counted_fact {
  std::uint32_t key = 0, value = 0;
};
struct counting_rules {
  static inline std::uint64_t comparisons = 0;

  // Any two keys may meet in one place.
  static std::uint64_t hash(const counted_fact& fact, std::uint64_t) { return fact.key / 2; }
  static int compare(const counted_fact& a, const counted_fact& b) {
    ++comparisons;
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  }
  static void add(counted_fact& to, const counted_fact& more) { to.value += more.value; }
  static void enlarge(counted_fact& to, const counted_fact& other) {
    to.value = std::max(to.value, other.value);
  }
};
using counted_sums = tlsrpt::detail::fact_sums<counted_fact, counting_rules>;

tlsrpt::detail::arena<counted_fact> taken(counted_sums& sums) {
  tlsrpt::detail::arena<counted_fact> all;
  REQUIRE(sums.take(all, [](auto&) {}));
  return all;
}

TEST_CASE("facts of a report are added, those of a group count once, groups are added (AG-05)") {
  // By key: values of each report of each group.
  std::map<std::uint32_t, std::map<std::uint32_t, std::map<std::uint32_t, std::uint32_t>>> plain;
  counted_sums sums;
  std::minstd_rand random(7);
  std::uint32_t member = 0;
  for (std::uint32_t group = 1; group <= 200; ++group)
    for (auto reports = random() % 4; reports != 0; --reports, ++member)
      for (auto facts = random() % 9; facts != 0; --facts) {
        const counted_fact fact = {static_cast<std::uint32_t>(random() % 20),
                                   static_cast<std::uint32_t>(random() % 50)};
        REQUIRE(sums.add(fact, group, member));
        plain[fact.key][group][member] += fact.value;
      }
  const auto made = taken(sums);
  REQUIRE(made.size() == plain.size());
  const counted_fact* fact = made.data();
  for (const auto& [key, groups] : plain) {
    std::uint32_t sum = 0;
    for (const auto& [group, reports] : groups) {
      std::uint32_t largest = 0;
      for (const auto& [report, value] : reports) largest = std::max(largest, value);
      sum += largest;
    }
    CHECK(fact->key == key);
    CHECK(fact->value == sum);
    ++fact;
  }
}

TEST_CASE("twice as many reports of the same things are twice the work") {
  const auto work_of = [](std::uint32_t reports) {
    counting_rules::comparisons = 0;
    counted_sums sums;
    for (std::uint32_t report = 0; report < reports; ++report)
      for (std::uint32_t key = 0; key < 4; ++key) REQUIRE(sums.add({key, 1}, report, report));
    const auto made = taken(sums);
    REQUIRE(made.size() == 4);
    CHECK(made.data()[3].value == reports);
    return counting_rules::comparisons;
  };
  const std::uint64_t once = work_of(10'000), twice = work_of(20'000);
  CHECK(once > 10'000);
  CHECK(twice < 2 * once + 100);
}

TEST_CASE("shares are rounded down, and never above the whole") {
  static_assert(tlsrpt::per_mille(0, 0) == 0);
  static_assert(tlsrpt::per_mille(5, 0) == 0);
  static_assert(tlsrpt::per_mille(1, 3) == 333);
  static_assert(tlsrpt::per_mille(5, 3) == 1000);
  static_assert(tlsrpt::per_mille(tlsrpt::largest_sessions - 1, tlsrpt::largest_sessions) == 999);
}
