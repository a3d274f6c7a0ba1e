#include <tlsrpt/mail_part.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string_view>

#include "mail/checks.hpp"

namespace {

using checks::finding_sink;
using tlsrpt::errc;

}  // namespace

TEST_CASE("media types: C-19, C-20, C-76") {
  using tlsrpt::media_type;
  constexpr struct {
    std::string_view text;
    media_type type;
  } rows[] = {
      {"application/tlsrpt+gzip", media_type::report_gzip},
      {"application/tlsrpt+json", media_type::report_json},
      {" Application/TLSRPT+Gzip ; name=\"x\"", media_type::report_gzip},
      {"\r\n\tapplication/tlsrpt+json;charset=utf-8", media_type::report_json},
      {"application/tlsrpt+json (comment)", media_type::report_json},
      {"application/tlsrpt", media_type::report_other},
      {"application/tlsrpt+x-gzip", media_type::report_other},
      {"application/tlsrpt+zip", media_type::report_other},
      {"application/gzip", media_type::gzip},
      {"application/x-gzip", media_type::gzip},
      {"application/json", media_type::json},
      {"text/json", media_type::json},
      {"application/zip", media_type::zip},
      {"application/x-zip-compressed", media_type::zip},
      {"application/octet-stream", media_type::octets},
      {"application/x-compressed", media_type::octets},
      {"text/plain; charset=us-ascii", media_type::text},
      {"", media_type::text},
      {"; charset=us-ascii", media_type::text},
      {"multipart/report; report-type=tlsrpt", media_type::multipart_report},
      {"MULTIPART/MIXED", media_type::multipart},
      {"message/rfc822", media_type::message},
      {"text/html", media_type::other},
      {"application/pgp-signature", media_type::other},
      {"application/gzipx", media_type::other},
      {"nonsense", media_type::other},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(tlsrpt::classify_media_type(row.text) == row.type);
  }
  static_assert(tlsrpt::classify_media_type("application/tlsrpt+gzip") == media_type::report_gzip);

  for (std::string_view type : {"tlsrpt", "\"tlsrpt\"", "TLSRPT", " tlsrpt "})
    CHECK(tlsrpt::is_tlsrpt_report_type(type));
  for (std::string_view type : {"", "delivery-status", "tlsrpt+gzip", "\"\""})
    CHECK_FALSE(tlsrpt::is_tlsrpt_report_type(type));
}

TEST_CASE("the choice among parts: C-23, C-24, QUIRKS 75") {
  using namespace std::string_view_literals;
  using tlsrpt::evidence;
  using tlsrpt::media_type;
  using tlsrpt::payload;
  constexpr std::string_view gzip = "\x1f\x8b\x08\0"sv, json = "{\"a\":1}"sv, zip = "PK\3\4"sv;
  constexpr std::string_view name = "a.example!b.example!1!2.json.gz";
  constexpr struct {
    std::string_view type, name, octets;
    tlsrpt::evidence evidence;
    bool is_readable;
    std::array<errc, 3> found{};
  } rows[] = {
      {"application/tlsrpt+gzip", name, gzip, evidence::media_type, true},
      {"application/tlsrpt+gzip", "", gzip, evidence::media_type, true},
      {"application/tlsrpt+json", "report.json", json, evidence::media_type, true},
      {"application/tlsrpt+gzip",
       "",
       json,
       evidence::media_type,
       true,
       {errc::media_type_contradicted}},
      {"application/tlsrpt+json",
       "",
       gzip,
       evidence::media_type,
       true,
       {errc::media_type_contradicted}},
      {"application/tlsrpt+json",
       name,
       json,
       evidence::media_type,
       true,
       {errc::file_name_contradicted}},
      {"application/tlsrpt+gzip",
       name,
       json,
       evidence::media_type,
       true,
       {errc::media_type_contradicted, errc::file_name_contradicted}},
      {"application/tlsrpt+gzip",
       name,
       zip,
       evidence::media_type,
       false,
       {errc::media_type_contradicted, errc::file_name_contradicted}},
      {"application/tlsrpt+gzip", name, "", evidence::media_type, false},
      {"application/tlsrpt+gzip", name, "H4sIAA", evidence::media_type, false},
      {"application/tlsrpt",
       name,
       gzip,
       evidence::media_type,
       true,
       {errc::unregistered_media_type}},
      {"application/tlsrpt+zip",
       "a.example!b.example!1!2.zip",
       zip,
       evidence::media_type,
       false,
       {errc::unregistered_media_type}},
      {"application/gzip", name, gzip, evidence::file_name, true, {errc::unregistered_media_type}},
      {"application/gzip",
       "REPORT.JSON.GZ",
       gzip,
       evidence::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/json",
       name,
       gzip,
       evidence::file_name,
       true,
       {errc::unregistered_media_type, errc::media_type_contradicted}},
      {"application/octet-stream",
       name,
       gzip,
       evidence::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/zip",
       "a.example!b.example!1!2.zip",
       zip,
       evidence::file_name,
       false,
       {errc::unregistered_media_type}},
      {"text/plain",
       "a.example!b.example!1!2.json",
       json,
       evidence::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/octet-stream",
       "",
       gzip,
       evidence::content,
       true,
       {errc::unregistered_media_type}},
      {"text/json", "", json, evidence::content, true, {errc::unregistered_media_type}},
      // DMARC beside it: its name is no reason, its octets are one to look.
      {"application/gzip",
       "a.example!b.example!1!2.xml.gz",
       gzip,
       evidence::content,
       true,
       {errc::unregistered_media_type}},
      {"application/zip", "a.example!b.example!1!2.xml.zip", zip, evidence::none, false},
      {"application/octet-stream", "config.json", "[1]", evidence::none, false},
      {"text/plain", "", "This is an aggregate TLS report", evidence::none, false},
      {"image/png", "logo.png", "\x89PNG", evidence::none, false},
      {"multipart/mixed", "", json, evidence::none, true},
      {"message/rfc822", name, "From: a@a.example", evidence::none, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.type);
    CAPTURE(row.name);
    CAPTURE(row.octets);
    std::array<errc, 3> found{};
    std::size_t size = 0;
    const auto assessment =
        tlsrpt::examine_part(row.type, row.name, row.octets, [&](const tlsrpt::diagnostic& d) {
          REQUIRE(size < found.size());
          found[size++] = d.code;
          const bool is_name = d.code == errc::file_name_contradicted;
          CHECK(d.subject == (is_name ? row.name : row.type));
          CHECK(d.where.in == (is_name ? tlsrpt::source::file_name : tlsrpt::source::header_field));
        });
    CHECK(assessment.evidence == row.evidence);
    CHECK(assessment.is_readable() == row.is_readable);
    CHECK(assessment.label == tlsrpt::classify_media_type(row.type));
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(tlsrpt::name(found[i]) == tlsrpt::name(row.found[i]));
  }
}

TEST_CASE("what is around a report part: C-18, C-20, QUIRKS 77") {
  const auto found = [](std::string_view type, std::string_view report_type) {
    finding_sink sink;
    tlsrpt::check_wrapper(type, report_type, sink);
    return sink.found[0].code;
  };
  CHECK(found("multipart/report; report-type=tlsrpt", "tlsrpt") == errc::ok);
  CHECK(found("Multipart/Report", "\"TLSRPT\"") == errc::ok);
  CHECK(found("multipart/report", "") == errc::report_type_parameter);
  CHECK(found("multipart/report", "delivery-status") == errc::report_type_parameter);
  CHECK(found("multipart/mixed", "tlsrpt") == errc::wrapper_type);
  CHECK(found("application/tlsrpt+gzip", "") == errc::wrapper_type);
}

TEST_CASE("each kind of part has a word of its own") {
  using tlsrpt::part_kind;
  for (int i = 0; i <= static_cast<int>(part_kind::other); ++i) {
    const std::string_view word = name(static_cast<part_kind>(i));
    CHECK(!word.empty());
    for (int other = 0; other < i; ++other) CHECK(name(static_cast<part_kind>(other)) != word);
  }
  CHECK(name(part_kind::too_deep) == "too-deep");
  CHECK(name(static_cast<part_kind>(99)).empty());
}
