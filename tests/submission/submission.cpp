#include <tlsrpt/submission.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::errc;
using tlsrpt::ip_address;
using tlsrpt::keeping;
using tlsrpt::payload;
using tlsrpt::submission_code;
using enum tlsrpt::submission_code;

struct head_row {
  const char* what;
  tlsrpt::submission_head head;
  submission_code code;
  bool is_form = false;
};

constexpr std::string_view exact[] = {"10485760"}, above[] = {"10485761"}, twice[] = {"7", "7"},
                           different[] = {"7", "8"}, list[] = {"7, 7"}, differing[] = {"7,8"},
                           no_number[] = {"0x7"}, minus[] = {"-1"}, none[] = {""}, seven[] = {"7"},
                           huge[] = {"99999999999999999999999999"};

tlsrpt::submission_head head_of(std::string_view type, std::string_view encoding = {}) {
  return {true, "POST", type, encoding, seven, false};
}

/// A head in which one thing is as said.
tlsrpt::submission_head length_of(std::span<const std::string_view> lengths,
                                  bool has_chunks = false) {
  tlsrpt::submission_head head = head_of("application/tlsrpt+gzip");
  head.content_lengths = lengths;
  head.has_transfer_encoding = has_chunks;
  return head;
}

TEST_CASE("a head is judged as the table says (IN-01 to IN-10)") {
  std::vector<head_row> rows = {
      {"path", {false, "POST", "application/tlsrpt+gzip", "", seven}, unknown_path},
      {"path before method", {false, "GET"}, unknown_path},
      {"GET", {true, "GET"}, method},
      {"OPTIONS", {true, "OPTIONS"}, method},
      {"case counts", {true, "post", "application/tlsrpt+gzip", "", seven}, method},
      {"length at the limit", length_of(exact), go_on},
      {"length above", length_of(above), too_long},
      {"length that no machine holds", length_of(huge), too_long},
      {"chunks", length_of({}, true), go_on},
      {"no length", length_of({}), go_on},
      {"the same twice", length_of(twice), go_on},
      {"the same twice in one field", length_of(list), go_on},
      {"different ones", length_of(different), length},
      {"different ones in one field", length_of(differing), length},
      {"hexadecimal", length_of(no_number), length},
      {"negative", length_of(minus), length},
      {"nothing", length_of(none), length},
      {"length and chunks", length_of(seven, true), length},
      {"form", head_of("application/x-www-form-urlencoded"), go_on, true},
  };
  for (std::string_view encoding :
       {"", "identity", "gzip", "x-gzip", "GZIP", "gzip, identity", " gzip "})
    rows.push_back({encoding.data(), head_of("application/tlsrpt+gzip", encoding), go_on});
  for (std::string_view encoding : {"br", "deflate", "zstd", "gzip, gzip", "gzip, br"})
    rows.push_back(
        {encoding.data(), head_of("application/tlsrpt+gzip", encoding), submission_code::encoding});
  for (std::string_view type :
       {"", "application/tlsrpt+gzip", "application/tlsrpt+json", "application/tlsrpt",
        "Application/TLSRPT+GZIP; charset=utf-8", "application/gzip", "application/x-gzip",
        "application/json ; x=y", "application/octet-stream"})
    rows.push_back({type.data(), head_of(type), go_on});
  for (std::string_view type : {"text/html", "multipart/form-data; boundary=x", "image/png",
                                "text/plain", "application/xml", ";"})
    rows.push_back({type.data(), head_of(type), type == ";" ? go_on : media_type});
  for (const head_row& row : rows) {
    CAPTURE(row.what);
    const auto verdict = judge_head(row.head);
    CHECK(name(verdict.code) == name(row.code));
    CHECK(verdict.is_form == row.is_form);
    CHECK(bool(verdict) == (row.code != go_on));
  }
}

TEST_CASE("a body is judged as the table says (IN-11 to IN-18)") {
  struct body_row {
    const char* what;
    tlsrpt::submission_body body;
    submission_code code;
    keeping keep;
  };
  std::vector<body_row> rows = {
      {"empty", {payload::empty}, empty, keeping::nothing},
      {"text", {payload::other}, no_report, keeping::nothing},
      {"archive", {payload::zip}, no_report, keeping::nothing},
      {"form fields", {payload::other, true}, media_type, keeping::nothing},
      {"report called a form", {payload::json, true}, stored, keeping::report},
      {"broken JSON", {payload::json, false, errc::json_expected_value}, broken, keeping::head},
      {"broken gzip", {payload::gzip, false, errc::gzip_truncated}, broken, keeping::head},
      {"years", {payload::json, false, errc::period_too_long}, broken, keeping::head},
      {"others' domain", {payload::json, false, errc::ok, false}, other_domain, keeping::nothing},
      {"again", {payload::gzip, false, errc::ok, true, true}, known, keeping::receipt},
      {"again, of others",
       {payload::gzip, false, errc::ok, false, true},
       other_domain,
       keeping::nothing},
      {"new", {payload::gzip}, stored, keeping::report},
  };
  for (errc fault : {errc::compressed_too_long, errc::text_too_long, errc::too_many_gzip_members,
                     errc::expansion_ratio, errc::too_many_policies, errc::too_many_failure_details,
                     errc::too_many_policy_strings, errc::too_deep})
    rows.push_back({name(fault).data(), {payload::gzip, false, fault}, limit, keeping::nothing});
  for (errc fault : {errc::out_of_memory, errc::ledger_full, errc::simdjson_unusable})
    rows.push_back(
        {name(fault).data(), {payload::gzip, false, fault}, unavailable, keeping::nothing});
  for (const body_row& row : rows) {
    CAPTURE(row.what);
    const auto verdict = judge_body(row.body);
    CHECK(name(verdict.code) == name(row.code));
    CHECK(verdict.keep == row.keep);
  }
}

TEST_CASE("each code has its status, one line of text and the fields that it needs (IN-31)") {
  struct code_row {
    submission_code code;
    int status;
    std::string_view field;
  };
  constexpr code_row rows[] = {
      {go_on, 100, ""},
      {stored, 200, ""},
      {known, 200, ""},
      {unknown_path, 404, ""},
      {method, 405, "Allow"},
      {too_long, 413, ""},
      {length, 400, ""},
      {encoding, 415, "Accept-Encoding"},
      {media_type, 415, "Accept-Post"},
      {empty, 400, ""},
      {no_report, 400, ""},
      {limit, 413, ""},
      {broken, 400, ""},
      {other_domain, 422, ""},
      {rate, 429, "Retry-After"},
      {unavailable, 503, "Retry-After"},
      {slow, 408, ""},
  };
  for (const code_row& row : rows) {
    CAPTURE(name(row.code));
    CHECK(status(row.code) == row.status);
    CHECK(extra_field(row.code).name == row.field);
    const std::string_view text = answer_text(row.code);
    CHECK(text.find('\n') == text.size() - 1);
    CHECK(text.size() < 80);
  }
}

TEST_CASE("tokens are found in paths of their form only (IN-33)") {
  std::array<std::uint8_t, 16> random{};
  for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<std::uint8_t>(i);
  const tlsrpt::token_text token = tlsrpt::make_token(random);
  CHECK(token == "AAECAwQFBgcICQoLDA0ODw");
  random.fill(0xff);
  CHECK(tlsrpt::make_token(random) == "_____________________w");

  std::string url;
  tlsrpt::write_token_url(url, "https://tlsrpt.example.net/", token);
  CHECK(url == "https://tlsrpt.example.net/v1/AAECAwQFBgcICQoLDA0ODw");
  url.clear();
  tlsrpt::write_token_url(url, "https://example.net/tls", token);
  CHECK(url == "https://example.net/tls/v1/AAECAwQFBgcICQoLDA0ODw");

  CHECK(tlsrpt::token_in_path("/v1/AAECAwQFBgcICQoLDA0ODw") == token.view());
  for (std::string_view path :
       {"", "/", "/v1/", "/v1/report", "/v2/AAECAwQFBgcICQoLDA0ODw", "/v1/AAECAwQFBgcICQoLDA0OD",
        "/v1/AAECAwQFBgcICQoLDA0ODwA", "/v1/AAECAwQFBgcICQoLDA0OD/", "v1/AAECAwQFBgcICQoLDA0ODw",
        "/v1/AAECAwQFBgcICQoLDA0OD%"})
    CHECK_FALSE(tlsrpt::token_in_path(path));
  // SHA-256 of "abc", as FIPS 180-4 gives it.
  CHECK(tlsrpt::hash_of_token("abc")[0] == 0xba);
  CHECK(tlsrpt::hash_of_token("abc")[31] == 0xad);
}

TEST_CASE("the peer is what one's own proxy wrote last (IN-35)") {
  const auto peer = [](std::string_view field) {
    const auto address = tlsrpt::forwarded_peer(field);
    return address ? std::string(to_text(*address)) : "none";
  };
  CHECK(peer("192.0.2.1") == "192.0.2.1");
  CHECK(peer("10.0.0.1, 192.0.2.1") == "192.0.2.1");
  CHECK(peer("192.0.2.1, 2001:DB8::1 ") == "2001:db8::1");
  CHECK(peer("192.0.2.1, unknown") == "none");
  CHECK(peer("192.0.2.1,") == "none");
  CHECK(peer("") == "none");
}

std::string network(std::string_view address) {
  return std::string(to_text(tlsrpt::network_of(*ip_address::parse(address))));
}

TEST_CASE("networks are what is limited as one (IN-34)") {
  CHECK(network("192.0.2.255") == "192.0.2.0");
  CHECK(network("2001:db8:1:2:3:4:5:6") == "2001:db8:1::");
  CHECK(network("::ffff:192.0.2.255") == "192.0.2.0");
  CHECK(network("::fffe:192.0.2.255") == "::");
}

TEST_CASE("after a burst the rate holds (IN-34)") {
  std::array<tlsrpt::rate_slot, 64> slots{};
  tlsrpt::rate_limiter limiter(slots, tlsrpt::network_rate, 7);
  const ip_address one = *ip_address::parse("192.0.2.0"), other = *ip_address::parse("2001:db8::");
  const auto taken = [&](const ip_address& network, std::int64_t from, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += limiter.take(network, from);
    return count;
  };
  CHECK(taken(one, 1'000'000, 300) == 200);
  CHECK(taken(other, 1'000'000, 1) == 1);
  CHECK(taken(one, 1'000'999, 10) == 0);
  CHECK(taken(one, 1'001'000, 10) == 1);
  CHECK(taken(one, 1'061'000, 100) == 60);
  CHECK(taken(one, 9'000'000, 300) == 200);
  // A clock that was set back locks nobody out.
  CHECK(taken(one, 1'000, 10) == 10);
}

TEST_CASE("in a full table those that happened most are kept (IN-34)") {
  std::array<tlsrpt::rate_slot, 8> slots{};
  tlsrpt::rate_limiter limiter(slots, {60, 10}, 7);
  for (int i = 0; i < 10; ++i) CHECK(limiter.take("busy", 1'000'000));
  for (int i = 0; i < 1000; ++i) CHECK(limiter.take("key " + std::to_string(i), 1'000'000));
  CHECK_FALSE(limiter.take("busy", 1'000'000));
  tlsrpt::rate_limiter without({}, {60, 1}, 7);
  CHECK(without.take("any", 0));
}

TEST_CASE("waits are spread over fifty minutes (IN-19)") {
  CHECK(tlsrpt::retry_after(0) == 600);
  CHECK(tlsrpt::retry_after(3000) == 3600);
  CHECK(tlsrpt::retry_after(3001) == 600);
}

TEST_CASE("slow bodies are told from those that come (IN-21)") {
  tlsrpt::body_pace fast(1000);
  for (std::int64_t second = 1; second <= 120; ++second)
    CHECK(fast.go_on(1100, 1000 + second * 1000));
  CHECK_FALSE(fast.go_on(1'000'000, 1000 + 120'001));
  tlsrpt::body_pace slow(0);
  for (std::int64_t second = 1; second < 30; ++second) CHECK(slow.go_on(1000, second * 1000));
  CHECK_FALSE(slow.go_on(1000, 30'000));
  tlsrpt::body_pace stopped(0);
  CHECK(stopped.go_on(100'000, 1));
  CHECK(stopped.go_on(0, 30'000));
  CHECK_FALSE(stopped.go_on(0, 60'000));
}

}  // namespace
