#include <tlsrpt/trend.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ledger/sample.hpp"

namespace {

using tlsrpt::change;
using tlsrpt::ledger;
using tlsrpt::readiness;
using tlsrpt::scope;
using tlsrpt::summary;
using tlsrpt::trends;

constexpr std::int64_t day_length = 86'400;
/// The time of asking: in the morning of day 0. The last complete day is -1.
constexpr std::int64_t now = sample::second_of_2026_11_23 + std::int64_t{6} * 3600;

/// Days of reports about example.com.
class history {
 public:
  /// A report about a day, by a sender, with sessions that failed at mx1.
  void add(int day, std::uint64_t ok, std::uint64_t failed, const std::string& sender = "a.example",
           const std::string& mode = "enforce", std::string result = "certificate-expired") {
    sample::element e;
    e.policy = {"version: STSv1", "mode: " + mode, "mx: mx1.example.com"};
    e.ok = ok;
    e.failed = failed;
    if (failed != 0) e.failures = {{.result = std::move(result), .sessions = failed}};
    sample::report r("id" + std::to_string(day), {e});
    r.contact = "tls@" + sender;
    r.start += day * day_length;
    r.end = r.start + day_length - 1;
    const tlsrpt::receipt receipt = {sender, tlsrpt::channel::mail, 0, {}};
    sample::add(ledger_, r, receipt);
  }
  /// A report of a sender that could not fetch the policy, so that it found none.
  void add_fetch_failure(int day) {
    sample::element e;
    e.kind = "no-policy-found";
    e.policy = {};
    e.failures = {{.result = "sts-policy-fetch-error", .host = {}, .sessions = 1}};
    sample::report r("fetch" + std::to_string(day), {e});
    r.start += day * day_length;
    r.end = r.start + day_length - 1;
    sample::add(ledger_, r, sample::signed_mail);
  }
  void add_days(int first, int last, std::uint64_t ok, std::uint64_t failed,
                const std::string& sender = "a.example") {
    for (int day = first; day <= last; ++day) add(day, ok, failed, sender);
  }

  summary figures(std::span<const tlsrpt::host_domains> hosts = {}) const {
    auto made = make_summary(ledger_, {.now = now, .hosts = hosts});
    REQUIRE(made.has_value());
    return std::move(made).value();
  }

 private:
  ledger ledger_;
};

trends trends_of(const summary& summary) {
  auto made = make_trends(summary, scope::verified);
  REQUIRE(made.has_value());
  return std::move(made).value();
}

/// The change of the only kind of failure.
change change_of(const history& h) {
  const summary s = h.figures();
  const trends t = trends_of(s);
  REQUIRE(t.failures().size() == 1);
  return t.failures()[0].change;
}

int day_number(tlsrpt::day day) { return day - tlsrpt::day_of(now); }

}  // namespace

TEST_CASE("new, first seen, back and continuing failures (AG-50)") {
  history first_seen;
  first_seen.add_days(-3, -2, 10, 0);
  first_seen.add(-1, 10, 1);
  CHECK(change_of(first_seen) == change::first_seen);

  history fresh;
  fresh.add_days(-5, -2, 10, 0);
  fresh.add(-1, 10, 1);
  CHECK(change_of(fresh) == change::fresh);

  history back;
  back.add(-60, 10, 1);
  back.add_days(-5, -2, 10, 0);
  back.add(-1, 10, 1);
  CHECK(change_of(back) == change::back);

  history continuing;
  continuing.add_days(-9, -8, 10, 0);
  for (int day : {-7, -6, -3, -2, -1}) continuing.add(day, 10, 2);
  CHECK(change_of(continuing) == change::continuing);
  const summary s = continuing.figures();
  const trends t = trends_of(s);
  CHECK(day_number(t.failures()[0].since) == -7);
  CHECK(day_number(t.failures()[0].last) == -1);
  CHECK(t.failures()[0].noted.sessions == 10);

  history gap;
  for (int day : {-7, -3, -2}) gap.add(day, 10, 2);
  const summary other = gap.figures();
  const trends with_gap = trends_of(other);
  CHECK(day_number(with_gap.failures()[0].since) == -3);

  // The reporter sends late; another one has data without the failure.
  history late;
  late.add_days(-6, -4, 10, 1);
  late.add_days(-6, -1, 10, 0, "b.example");
  CHECK(change_of(late) == change::continuing);
}

TEST_CASE("failures that are gone, and those of which nobody knows (AG-51)") {
  history gone;
  gone.add_days(-7, -5, 10, 1);
  gone.add_days(-4, -1, 10, 0);
  CHECK(change_of(gone) == change::gone);

  history unconfirmed;
  unconfirmed.add_days(-7, -5, 10, 1);
  unconfirmed.add(-4, 10, 0);
  unconfirmed.add_days(-4, -1, 10, 0, "b.example");
  CHECK(change_of(unconfirmed) == change::unconfirmed);

  history past;
  past.add(-20, 10, 1);
  past.add_days(-19, -1, 10, 0);
  CHECK(change_of(past) == change::past);
}

TEST_CASE("what a sender reports of one day under several modes is added up") {
  history h;
  h.add(-1, 90, 3);
  h.add(-1, 10, 7, "a.example", "testing");
  const summary s = h.figures();
  const trends t = trends_of(s);
  REQUIRE(t.domains().size() == 1);
  CHECK(t.domains()[0].share == 90);  // 10 of 110
  REQUIRE(t.failures().size() == 1);
  CHECK(t.failures()[0].noted.sessions == 10);
  CHECK(t.failures()[0].reporters.size() == 1);
}

TEST_CASE("who mentions a failure, and who does not (AG-53)") {
  history h;
  for (const char* sender : {"a.example", "b.example", "c.example"})
    h.add_days(-3, -1, 10, sender[0] == 'c' ? 0 : 1, sender);
  const summary s = h.figures();
  const trends t = trends_of(s);
  REQUIRE(t.failures().size() == 1);
  const auto& trend = t.failures()[0];
  const auto names = [](std::span<const std::string_view> all) {
    return std::vector<std::string>(all.begin(), all.end());
  };
  CHECK(names(trend.reporters) == std::vector<std::string>{"a.example", "b.example"});
  const auto others = other_reporters(s, trend, scope::verified);
  CHECK(names(others->names()) == std::vector<std::string>{"c.example"});
}

TEST_CASE("a day with many more failures than usual (AG-52)") {
  const auto is_spike = [](std::uint64_t failed, std::uint64_t usual) {
    history h;
    h.add_days(-10, -2, 1000 - usual, usual);
    h.add(-1, 1000 - failed, failed);
    const summary s = h.figures();
    const trends t = trends_of(s);
    REQUIRE(t.domains().size() == 1);
    CHECK(t.domains()[0].share == failed);
    CHECK(t.domains()[0].usual_share == usual);
    return t.domains()[0].is_spike;
  };
  CHECK(is_spike(10, 0));
  CHECK_FALSE(is_spike(9, 0));
  CHECK(is_spike(40, 10));
  CHECK_FALSE(is_spike(39, 10));
}

TEST_CASE("reporters that fall silent, and reports that stop (AG-54, AG-55)") {
  history h;
  h.add_days(-20, -4, 10, 0, "silent.example");
  h.add_days(-20, -3, 10, 0, "late.example");
  h.add_days(-20, -1, 0, 3, "failures-only.example");
  const summary s = h.figures();
  const trends t = trends_of(s);
  REQUIRE(t.heartbeats().size() == 3);
  CHECK(t.heartbeats()[0].reporter == "failures-only.example");
  CHECK_FALSE(t.heartbeats()[0].is_regular);
  CHECK(t.heartbeats()[1].is_expected);
  CHECK_FALSE(t.heartbeats()[1].is_silent);
  CHECK(t.heartbeats()[2].is_silent);
  CHECK(t.heartbeats()[2].days == 3);
  CHECK_FALSE(t.domains()[0].has_stopped);

  history stopped;
  stopped.add_days(-24, -15, 10, 0, "a.example");
  stopped.add_days(-24, -15, 10, 0, "b.example");
  const summary quiet = stopped.figures();
  const trends none = trends_of(quiet);
  CHECK(none.domains()[0].has_stopped);
  CHECK(none.domains()[0].has_no_data);
  CHECK(day_number(none.domains()[0].last) == -15);
}

TEST_CASE("whether a policy in mode testing can be enforced (AG-56)") {
  const std::string_view domains[] = {"example.com"};
  const tlsrpt::host_domains covered[] = {{"mx1.example.com", domains}};
  const tlsrpt::host_domains uncovered[] = {{"mx2.example.com", domains}};
  history h;
  for (int day = -14; day < 0; ++day) {
    h.add(day, 10, 0, "a.example", "testing");
    h.add(day, 10, day < -7 ? 1 : 0, "b.example", "testing");
  }
  summary s = h.figures(covered);
  CHECK(ready_for_enforce(s, "example.com", scope::verified)
            .value_or(readiness{.has_few_days = true})
            .is_ready());
  s = h.figures(uncovered);
  CHECK(*ready_for_enforce(s, "example.com", scope::verified) ==
        readiness{.has_uncovered_host = true});
  h.add(-2, 10, 1, "c.example", "testing", "sts-policy-invalid");
  s = h.figures(covered);
  CHECK(*ready_for_enforce(s, "example.com", scope::verified) ==
        readiness{.has_failures = true, .has_policy_failures = true});
  history few;
  few.add_days(-20, -8, 10, 0);
  few.add(-1, 10, 0, "a.example", "testing");
  s = few.figures(covered);
  CHECK(*ready_for_enforce(s, "example.com", scope::verified) ==
        readiness{.has_few_days = true, .has_few_reporters = true});
}

TEST_CASE("what was long ago does not say that a policy can be enforced (AG-56)") {
  const auto ready = [](const history& h) {
    const summary s = h.figures();
    return *ready_for_enforce(s, "example.com", scope::verified);
  };
  history old;
  for (int day = -60; day < -28; ++day)
    for (const char* sender : {"a.example", "b.example"}) old.add(day, 10, 0, sender, "testing");
  old.add(-1, 10, 0, "a.example", "testing");
  CHECK(ready(old) == readiness{.has_few_days = true, .has_few_reporters = true});
  // 14 days, not one after the other, are the last 28.
  for (int day = -28; day < -2; day += 2) old.add(day, 10, 0, "a.example", "testing");
  CHECK(ready(old) == readiness{.has_few_reporters = true});
  old.add(-28, 10, 0, "b.example", "testing");
  CHECK(ready(old).is_ready());
}

TEST_CASE("a policy that some sender cannot fetch is not to be enforced (AG-56)") {
  for (const int day : {-15, -14, -1}) {
    CAPTURE(day);
    history h;
    for (int i = -14; i < 0; ++i)
      for (const char* sender : {"a.example", "b.example"}) h.add(i, 10, 0, sender, "testing");
    h.add_fetch_failure(day);
    const summary s = h.figures();
    CHECK(*ready_for_enforce(s, "example.com", scope::verified) ==
          readiness{.has_policy_failures = day >= -14});
  }
}
