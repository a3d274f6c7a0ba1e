#include <tlsrpt/sender_profile.hpp>

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

#include "ledger/sample.hpp"

namespace {

using tlsrpt::profile_of;
using tlsrpt::sender_kind;

sample::report with_id(std::string_view id) {
  sample::report report;
  report.id = id;
  return report;
}

sender_kind kind_of(std::string_view id) { return profile_of(with_id(id).view()).kind; }

}  // namespace

TEST_CASE("RC-40: senders are known by the shape of the report-id, whatever they call themselves") {
  CHECK(kind_of("2026-11-23T00:00:00Z_example.com") == sender_kind::google);
  CHECK(kind_of("2026-11-23T00:00:00Z_idx1_example.com") == sender_kind::postfix_sys4);
  CHECK(kind_of("134232617934286362+example.com") == sender_kind::microsoft);
  CHECK(kind_of("1772633111_9120045566102938475") == sender_kind::stalwart);
  CHECK(kind_of("20240225.example.com@sender.example") == sender_kind::mox);
  for (std::string_view id : {"", "1", "id-1", "2026-11-23", "2026-11-23T00:00:00_example.com",
                              "13423261793428636+example.com", "1772633111_", "_1", "1_2_3",
                              "20240225.example.com", "5065427c-23d3-47ca-b6e0-946ea0e8c4be"})
    CHECK_MESSAGE(kind_of(id) == sender_kind::unknown, id);
}

TEST_CASE("RC-40: our own report-id is not that of mox") {
  CHECK(kind_of("20261123.example.org.01604555@example.net") == sender_kind::unknown);
  CHECK(kind_of("20261123.example.org.0160455@example.net") == sender_kind::mox);
}

TEST_CASE("RC-40: where the report-id is not enough, other members have to fit") {
  constexpr std::string_view uuid = "b28254de-7b2e-be36-bb5c-4c3b92da8b25";
  sample::report mail_ru = with_id(std::string(uuid) + "@mail.example");
  CHECK(profile_of(mail_ru.view()).kind == sender_kind::unknown);
  mail_ru.elements[0].policy.clear();
  CHECK(profile_of(mail_ru.view()).kind == sender_kind::mail_ru);
  sample::report halon = with_id(uuid);
  halon.elements[0].policy.clear();
  CHECK(profile_of(halon.view()).kind == sender_kind::unknown);
  halon.elements[0].failures = {{}};
  CHECK(profile_of(halon.view()).kind == sender_kind::halon);
  sample::report socketlabs = with_id("13B8FEDF21D3DBD6997654968E563122");
  CHECK(profile_of(socketlabs.view()).kind == sender_kind::unknown);
  ++socketlabs.end;
  CHECK(profile_of(socketlabs.view()).kind == sender_kind::socketlabs);
}

TEST_CASE("RC-40: a profile is likely at best") {
  CHECK(profile_of(with_id("2026-11-23T00:00:00Z_a.example").view()).certainty ==
        tlsrpt::certainty::likely);
  CHECK(profile_of(with_id("x").view()).certainty == tlsrpt::certainty::guess);
}

TEST_CASE("RC-41: what is known of a sender, and what it never says") {
  const auto google = profile_of(with_id("2026-11-23T00:00:00Z_a.example").view());
  CHECK(google.gives_no_reason);
  CHECK(limits_of(google) == "This sender never gives a reason for a failure.");
  const auto microsoft = profile_of(with_id("134232617934286362+a.example").view());
  CHECK(microsoft.counts_sessions_twice);
  CHECK(microsoft.gives_no_sending_ip);
  CHECK(limits_of(microsoft).find("under DANE") != std::string_view::npos);
  const auto mox = profile_of(with_id("20240225.a.example@b.example").view());
  CHECK(mox.reports_failures_only);
  CHECK(mox.details_may_exceed_total);
  CHECK(limits_of(mox).find("failures only") != std::string_view::npos);
  const auto postfix = profile_of(with_id("2026-11-23T00:00:00Z_idx1_a.example").view());
  CHECK(postfix.applied_method_only);
  CHECK(limits_of(postfix).find("method that it applied") != std::string_view::npos);
  CHECK(postfix.details_may_exceed_total);
  CHECK(profile_of(with_id("x").view()) == tlsrpt::sender_profile{});
  CHECK(limits_of(tlsrpt::sender_profile{}).empty());
}

TEST_CASE("each kind of sender has a name of its own") {
  CHECK(name(sender_kind::google) == "Google");
  CHECK(name(sender_kind::halon) == "Halon");
  CHECK(name(static_cast<sender_kind>(99)) == "unknown");
}
