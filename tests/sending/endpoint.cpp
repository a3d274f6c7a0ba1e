/// When reports are delivered, what answers mean, and where they are not sent.

#include <tlsrpt/endpoint.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/timestamp.hpp>

namespace {

using tlsrpt::address_class;
using tlsrpt::day;
using tlsrpt::no_answer;
using tlsrpt::url_fault;
using tlsrpt::verdict;

constexpr day november_23 = *day::parse("2026-11-23");

std::string time(std::optional<std::int64_t> seconds) {
  return seconds ? std::string(tlsrpt::to_date_time(*seconds)) : "never";
}

std::int64_t at(std::string_view text) {
  const auto reading = tlsrpt::read_date_time(text);
  REQUIRE(reading.known);
  return reading.seconds;
}

std::vector<tlsrpt::ip_address> addresses(std::initializer_list<const char*> texts) {
  std::vector<tlsrpt::ip_address> all;
  for (const char* text : texts) all.push_back(*tlsrpt::ip_address::parse(text));
  return all;
}

}  // namespace

TEST_CASE("SipHash is that of its authors") {
  tlsrpt::delivery_salt key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
  tlsrpt::detail::siphash hash(key);
  std::string text;
  for (char c = 0; c < 15; ++c) text += c;
  hash.append(text);
  CHECK(hash.finish() == 0xa129ca6149be45e5u);
  CHECK(tlsrpt::detail::siphash(key).finish() == 0x726fdb47dd0e0e31u);
}

TEST_CASE("a report is tried eight times in a day: DE-01, DE-02") {
  const std::int64_t first = tlsrpt::first_attempt(november_23, 0);
  std::string times;
  for (unsigned attempt = 1; attempt <= tlsrpt::most_attempts; ++attempt)
    times += time(tlsrpt::attempt_time(first, 0, attempt)).substr(11, 5) + " ";
  CHECK(time(first) == "2026-11-24T00:10:00Z");
  CHECK(times == "00:10 00:25 00:55 01:55 03:55 07:55 15:55 23:55 ");

  std::uint64_t hash = 1;
  for (int i = 0; i < 1000; ++i) {
    hash = tlsrpt::detail::mixed_bits(hash);
    const std::int64_t begin = tlsrpt::first_attempt(november_23, hash);
    CHECK(begin >= at("2026-11-24T00:10:00Z"));
    CHECK(begin < at("2026-11-24T04:10:00Z"));
    std::int64_t before = begin;
    for (unsigned attempt = 2; attempt <= tlsrpt::most_attempts; ++attempt) {
      const std::int64_t spread = tlsrpt::attempt_time(begin, hash, attempt);
      const std::int64_t plain = tlsrpt::attempt_time(begin, 0, attempt);
      const std::int64_t gap = plain - tlsrpt::attempt_time(begin, 0, attempt - 1);
      CHECK(spread >= plain);
      CHECK(spread - plain <= gap / 5);
      CHECK(spread > before);
      before = spread;
    }
    CHECK(before - begin == 23 * 3600 + 45 * 60);
  }
  // The same after a restart, another for another endpoint, report or sender.
  const tlsrpt::delivery_salt salt{1}, other{2};
  const std::uint64_t one = tlsrpt::delivery_hash(salt, "mailto:a@example.com", "1@example.net");
  CHECK(one == tlsrpt::delivery_hash(salt, "mailto:a@example.com", "1@example.net"));
  CHECK(one != tlsrpt::delivery_hash(salt, "mailto:b@example.com", "1@example.net"));
  CHECK(one != tlsrpt::delivery_hash(salt, "mailto:a@example.com", "2@example.net"));
  CHECK(one != tlsrpt::delivery_hash(other, "mailto:a@example.com", "1@example.net"));
}

TEST_CASE("the next attempt is what is left of the schedule: DE-02 to DE-04") {
  const std::int64_t first = at("2026-11-24T00:10:00Z");
  struct row {
    unsigned made;
    std::string_view now;
    std::int64_t wait;
    std::string_view next;
  };
  for (const row& row : {
           row{1, "2026-11-24T00:10:02Z", 0, "2026-11-24T00:25:00Z"},
           row{2, "2026-11-24T00:25:30Z", 0, "2026-11-24T00:55:00Z"},
           row{7, "2026-11-24T15:56:00Z", 0, "2026-11-24T23:55:00Z"},
           row{8, "2026-11-24T23:55:01Z", 0, "never"},
           row{8, "2026-11-24T00:00:00Z", 0, "never"},
           // Missed while nothing ran.
           row{1, "2026-11-24T12:00:00Z", 0, "2026-11-24T15:55:00Z"},
           row{2, "2026-11-25T09:00:00Z", 0, "never"},
           // Retry-After.
           row{1, "2026-11-24T00:10:02Z", 60, "2026-11-24T00:25:00Z"},
           row{1, "2026-11-24T00:10:00Z", 3600, "2026-11-24T01:10:00Z"},
           row{1, "2026-11-24T00:10:00Z", 86400, "2026-11-24T23:55:00Z"},
           // The clock was set back.
           row{3, "2026-11-20T00:00:00Z", 0, "2026-11-20T08:00:00Z"},
       }) {
    CAPTURE(std::string(row.now));
    CHECK(time(tlsrpt::next_attempt(first, 0, row.made, at(row.now), row.wait)) == row.next);
  }
}

TEST_CASE("Retry-After is read in every form: DE-03") {
  const std::int64_t now = at("1994-11-06T08:00:00Z");
  struct row {
    std::string_view text, date;
    std::int64_t wait;
  };
  for (const row& row : {
           row{"120", "", 120},
           row{"86400", "", 86400},
           row{"86401", "", 0},
           row{"0", "", 0},
           row{"-5", "", 0},
           row{"", "", 0},
           row{"soon", "", 0},
           row{"99999999999999999999999", "", 0},
           row{"Sun, 06 Nov 1994 08:49:37 GMT", "", 2977},
           row{"Sunday, 06-Nov-94 08:49:37 GMT", "", 2977},
           row{"Sun Nov  6 08:49:37 1994", "", 2977},
           row{"Sun Nov 06 08:49:37 1994", "", 2977},
           row{"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT", 30},
           row{"Sun, 06 Nov 1994 08:49:37 GMT", "nonsense", 2977},
           row{"Sun, 06 Nov 1994 07:49:37 GMT", "", 0},
           row{"Sun, 06 Nov 1995 07:49:37 GMT", "", 0},
           row{"Sun, 31 Nov 1994 08:49:37 GMT", "", 0},
           row{"Sun, 06 Nov 1994 08:49:37 CET", "", 0},
           row{"Sun, 06 Nov 1994 08:49:37 GMT ", "", 0},
           row{"Sun, 06 nov 1994 08:49:37 GMT", "", 0},
           row{"Sun", "", 0},
           row{"Sunday, 06-Nov-9", "", 0},
       }) {
    CAPTURE(std::string(row.text));
    CHECK(tlsrpt::retry_after(row.text, row.date, now).value_or(0) == row.wait);
  }
}

TEST_CASE("a host gets four connections at a time and sixty a minute: DE-05") {
  tlsrpt::host_gate gate;
  for (int i = 0; i < 4; ++i) CHECK(gate.enter(1000));
  CHECK_FALSE(gate.enter(1000));
  gate.leave();
  CHECK(gate.enter(1000));
  tlsrpt::host_gate other;
  for (int i = 0; i < 60; ++i) {
    CHECK(other.enter(1000 + i / 30));
    other.leave();
  }
  CHECK_FALSE(other.enter(1059));
  CHECK(other.enter(1060));
  other.leave();
  CHECK(other.enter(10));  // the clock was set back

  tlsrpt::host_health health;
  for (int i = 0; i < 50; ++i) health.note_give_up(november_23);
  CHECK_FALSE(health.is_tried_once(november_23));
  health.note_give_up(november_23 + 6);
  CHECK(health.is_tried_once(november_23 + 6));
  CHECK_FALSE(health.is_tried_once(november_23 + 7));
  CHECK_FALSE(health.is_tried_once(november_23 + 1000));
}

TEST_CASE("each status has a verdict: DE-10 to DE-18") {
  struct row {
    std::uint16_t first, last;
    verdict expected;
  };
  constexpr row rows[] = {
      {0, 199, verdict::give_up},        {200, 299, verdict::done},    {300, 306, verdict::give_up},
      {307, 308, verdict::redirect},     {309, 407, verdict::give_up}, {408, 408, verdict::retry},
      {409, 412, verdict::give_up},      {413, 413, verdict::smaller}, {414, 414, verdict::give_up},
      {415, 415, verdict::uncompressed}, {416, 424, verdict::give_up}, {425, 425, verdict::retry},
      {426, 428, verdict::give_up},      {429, 429, verdict::retry},   {430, 499, verdict::give_up},
      {500, 599, verdict::retry},        {600, 999, verdict::give_up},
  };
  for (const row& row : rows)
    for (std::uint16_t status = row.first; status <= row.last; ++status) {
      CAPTURE(status);
      CHECK(tlsrpt::judge_status(status, {}) == row.expected);
    }
  CHECK(tlsrpt::judge_status(413, {.is_cut = true}) == verdict::give_up);
  CHECK(tlsrpt::judge_status(415, {.is_uncompressed = true}) == verdict::give_up);
  CHECK(tlsrpt::judge_status(415, {.json_size = 1u << 20}) == verdict::give_up);
  CHECK(tlsrpt::judge_status(415, {.json_size = (1u << 20) - 1}) == verdict::uncompressed);
}

TEST_CASE("what is gone or sends mail back is off for a while: DE-15, DE-22") {
  tlsrpt::endpoint_health health;
  for (const std::int32_t days : {0, 0, 1, 3, 4}) health.note_gone(november_23 + days);
  CHECK_FALSE(health.is_off(november_23 + 4));
  health.note_gone(november_23 + 5);
  CHECK(health.is_off(november_23 + 11));
  CHECK_FALSE(health.is_off(november_23 + 12));

  tlsrpt::endpoint_health mail;
  for (const std::int32_t days : {7, 14, 28, 28}) {
    mail.note_bounce(november_23);
    CHECK(mail.is_off(november_23 + (days - 1)));
    CHECK_FALSE(mail.is_off(november_23 + days));
  }
  mail.note_success();
  CHECK_FALSE(mail.is_off(november_23));
}

TEST_CASE("without an answer it is tried again, if that can help: DE-19, DE-20") {
  for (const no_answer why : {no_answer::dns_failure, no_answer::no_connection,
                              no_answer::tls_failure, no_answer::certificate, no_answer::timed_out})
    CHECK(tlsrpt::judge_no_answer(why, 7) == verdict::retry);
  CHECK(tlsrpt::judge_no_answer(no_answer::no_such_name, 1) == verdict::retry);
  CHECK(tlsrpt::judge_no_answer(no_answer::no_such_name, 2) == verdict::retry);
  CHECK(tlsrpt::judge_no_answer(no_answer::no_such_name, 3) == verdict::give_up);
  CHECK(tlsrpt::judge_no_answer(no_answer::blocked, 1) == verdict::give_up);

  std::string checked;
  for (unsigned failures = 0; failures < 6; ++failures)
    checked += checks_certificate(tlsrpt::verification::fall_back, failures) ? 'y' : 'n';
  CHECK(checked == "yyynyy");
  CHECK(tlsrpt::checks_certificate(tlsrpt::verification::always, 3));
}

TEST_CASE("a redirect stays with the host: DE-12") {
  CHECK(tlsrpt::follow_redirect("r.example.com", "https://r.example.com/new", 0));
  CHECK(tlsrpt::follow_redirect("r.example.com", "https://a.R.example.com./new", 1));
  CHECK_FALSE(tlsrpt::follow_redirect("r.example.com", "https://r.example.com/new", 2));
  for (const char* location :
       {"https://example.com/", "https://evilr.example.com/", "https://r.example.com.evil.net/",
        "http://r.example.com/", "/new", "//r.example.com/new", "https://u@r.example.com/",
        "https://r.example.com:25/", ""})
    CHECK_FALSE(tlsrpt::follow_redirect("r.example.com", location, 0));
}

TEST_CASE("each address has a class: DE-30") {
  struct row {
    const char* text;
    address_class expected;
  };
  using enum address_class;
  constexpr row rows[] = {
      {"0.0.0.0", this_network},
      {"0.255.255.255", this_network},
      {"1.0.0.0", public_unicast},
      {"9.255.255.255", public_unicast},
      {"10.0.0.0", private_use},
      {"10.255.255.255", private_use},
      {"11.0.0.0", public_unicast},
      {"100.63.255.255", public_unicast},
      {"100.64.0.0", shared},
      {"100.127.255.255", shared},
      {"100.128.0.0", public_unicast},
      {"126.255.255.255", public_unicast},
      {"127.0.0.1", loopback},
      {"128.0.0.0", public_unicast},
      {"169.253.255.255", public_unicast},
      {"169.254.169.254", link_local},
      {"169.255.0.0", public_unicast},
      {"172.15.255.255", public_unicast},
      {"172.16.0.0", private_use},
      {"172.31.255.255", private_use},
      {"172.32.0.0", public_unicast},
      {"192.0.0.170", protocol},
      {"192.0.1.0", public_unicast},
      {"192.0.2.1", documentation},
      {"192.0.3.0", public_unicast},
      {"192.88.99.1", protocol},
      {"192.88.100.0", public_unicast},
      {"192.167.255.255", public_unicast},
      {"192.168.1.1", private_use},
      {"192.169.0.0", public_unicast},
      {"198.17.255.255", public_unicast},
      {"198.18.0.0", benchmarking},
      {"198.19.255.255", benchmarking},
      {"198.20.0.0", public_unicast},
      {"198.51.100.7", documentation},
      {"203.0.113.7", documentation},
      {"223.255.255.255", public_unicast},
      {"224.0.0.1", multicast},
      {"239.255.255.255", multicast},
      {"240.0.0.0", reserved},
      {"255.255.255.255", reserved},
      {"::", this_network},
      {"::1", loopback},
      {"::2", reserved},
      {"::ffff:10.0.0.1", private_use},
      {"::ffff:8.8.8.8", public_unicast},
      {"64:ff9b::127.0.0.1", loopback},
      {"64:ff9b::808:808", public_unicast},
      {"64:ff9b:1::808:808", protocol},
      {"100::1", reserved},
      {"1fff::1", reserved},
      {"2000::1", public_unicast},
      {"2001::1", protocol},
      {"2001:1ff::1", protocol},
      {"2001:200::1", public_unicast},
      {"2001:db8::1", documentation},
      {"2001:db9::1", public_unicast},
      {"2002:7f00:1::1", loopback},
      {"2002:808:808::1", public_unicast},
      {"3ffe:ffff::1", public_unicast},
      {"3fff:fff::1", documentation},
      {"3fff:1000::1", public_unicast},
      {"4000::1", reserved},
      {"fc00::1", private_use},
      {"fdff::1", private_use},
      {"fe00::1", reserved},
      {"fe80::1", link_local},
      {"fec0::1", reserved},
      {"ff02::1", multicast},
  };
  for (const row& row : rows) {
    CAPTURE(row.text);
    const auto address = tlsrpt::ip_address::parse(row.text);
    REQUIRE(address);
    CHECK(name(classify(*address)) == name(row.expected));
    CHECK(tlsrpt::may_connect(*address) == (row.expected == public_unicast));
  }
  CHECK(name(address_class{99}).empty());
}

TEST_CASE("one bad address refuses a name, but for what is allowed: DE-33, DE-34") {
  CHECK_FALSE(tlsrpt::find_refused({}));
  CHECK_FALSE(tlsrpt::find_refused(addresses({"8.8.8.8", "2606:4700::1"})));
  const auto mixed = addresses({"8.8.8.8", "10.1.2.3", "127.0.0.1"});
  CHECK(tlsrpt::find_refused(mixed) == tlsrpt::ip_address::parse("10.1.2.3"));
  std::vector<tlsrpt::ip_network> allowed = {*tlsrpt::ip_network::parse("10.1.0.0/16")};
  CHECK(tlsrpt::find_refused(mixed, allowed) == tlsrpt::ip_address::parse("127.0.0.1"));
  allowed.push_back(*tlsrpt::ip_network::parse("127.0.0.1"));
  CHECK_FALSE(tlsrpt::find_refused(mixed, allowed));
  CHECK(tlsrpt::find_refused(addresses({"10.2.0.0"}), allowed));
  CHECK(tlsrpt::find_refused(addresses({"::ffff:127.0.0.1"}), allowed));
  const auto unique_local = tlsrpt::ip_network::parse("fd00::/8");
  REQUIRE(unique_local);
  CHECK(unique_local->contains(*tlsrpt::ip_address::parse("fdff::1")));
  CHECK_FALSE(unique_local->contains(*tlsrpt::ip_address::parse("fc00::1")));
  CHECK(tlsrpt::ip_network::parse("::/0")->contains(*tlsrpt::ip_address::parse("fc00::1")));
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "x/8"})
    CHECK_FALSE(tlsrpt::ip_network::parse(text));
}

TEST_CASE("each URL is judged before anything is looked up: DE-31") {
  struct row {
    std::string text;
    url_fault expected;
  };
  for (const row& row : {
           row{"https://r.example.com", url_fault::none},
           row{"HTTPS://r.example.com:8443/v1?x=y", url_fault::none},
           row{"https://r.example.com./", url_fault::none},
           row{"https://r.example.com:", url_fault::none},
           row{"http://r.example.com/", url_fault::not_https},
           row{"https:/r.example.com/", url_fault::not_https},
           row{"", url_fault::not_https},
           row{"ftp://r.example.com/", url_fault::not_https},
           row{"https://", url_fault::malformed},
           row{"https:///x", url_fault::malformed},
           row{"https://r.example.com/a b", url_fault::malformed},
           row{"https://r.example.com/\r\nX: y", url_fault::malformed},
           row{"https://r.example.com\\@evil.example.net/", url_fault::malformed},
           row{"https://r.example.com/\xc3\xa9", url_fault::malformed},
           row{"https://r.example.com/?a=\"b\"", url_fault::malformed},
           row{"https://r.example.com/<b>", url_fault::malformed},
           row{"https://r.example.com/{a|b}^`", url_fault::malformed},
           row{"https://r.example.com/-._~:/?[]@!$&'()*+,;=%20", url_fault::none},
           row{"https://r.example.com:port/", url_fault::malformed},
           row{"https://r.example.com:65536/", url_fault::malformed},
           row{"https://r.example.com/#x", url_fault::malformed},
           row{"https://a:b@r.example.com/", url_fault::user_info},
           row{"https://8.8.8.8@r.example.com/", url_fault::user_info},
           row{"https://[::1]/", url_fault::address_literal},
           row{"https://127.0.0.1/", url_fault::address_literal},
           row{"https://127.1/", url_fault::address_literal},
           row{"https://2130706433/", url_fault::address_literal},
           row{"https://0x7f.0x1/", url_fault::address_literal},
           row{"https://localhost/", url_fault::local_name},
           row{"https://a.LocalHost/", url_fault::local_name},
           row{"https://printer.local/", url_fault::local_name},
           row{"https://x.internal/", url_fault::local_name},
           row{"https://x.onion/", url_fault::local_name},
           row{"https://x.home.arpa/", url_fault::local_name},
           row{"https://1.0.0.127.in-addr.arpa/", url_fault::local_name},
           row{"https://intranet/", url_fault::not_a_host},
           row{"https://r..example.com/", url_fault::not_a_host},
           row{"https://r%2eexample.com/", url_fault::not_a_host},
           row{"https://.example.com/", url_fault::not_a_host},
           row{"https://r.example.com:25/", url_fault::port},
           row{"https://r.example.com:80/", url_fault::port},
           row{"https://r.example.com:0/", url_fault::port},
           row{"https://r.example.com:1023/", url_fault::port},
           row{"https://r.example.com:1024/", url_fault::none},
           row{"https://r.example.com:3306/", url_fault::port},
           row{"https://r.example.com:5432/", url_fault::port},
           row{"https://r.example.com:6379/", url_fault::port},
           row{"https://r.example.com:9200/", url_fault::port},
           row{"https://r.example.com:11211/", url_fault::port},
           row{"https://r.example.com:27017/", url_fault::port},
       }) {
    CAPTURE(row.text);
    CHECK(name(tlsrpt::check_url(row.text).fault) == name(row.expected));
  }
  constexpr auto check = tlsrpt::check_url("https://r.example.com:8443?x=y");
  CHECK(check.url == tlsrpt::https_url{"r.example.com", 8443, "?x=y"});
  CHECK(tlsrpt::check_url("https://r.example.com").url.port == 443);
  CHECK(name(url_fault{99}).empty());
}

TEST_CASE("mail goes to plain addresses only: DE-35") {
  for (const char* address : {"tls@example.com", "a.b+c@mx.example.com", "\"a b\"@example.com",
                              "-oQ/tmp@example.com", "x@xn--bcher-kva.example"})
    CHECK(tlsrpt::is_mail_endpoint(address));
  for (const std::string& address :
       {std::string(), std::string("tls"), std::string("@example.com"), std::string("tls@"),
        std::string("tls@example"), std::string("tls@[192.0.2.1]"), std::string("a b@example.com"),
        std::string("a\n@example.com"), std::string("<a@example.com>"),
        std::string("a@example.com,b@example.com"), std::string("@a.example:b@example.com"),
        std::string("b\xc3\xbc@example.com"), std::string("b@b\xc3\xbc.example"),
        std::string("a@example.com."), std::string("a@-example.com"),
        std::string(65, 'a') + "@example.com",
        "a@" + std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') +
            "." + std::string(60, 'd') + ".example.com"})
    CHECK_FALSE(tlsrpt::is_mail_endpoint(address));
}
