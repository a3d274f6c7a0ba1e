#include <tlsrpt/payload.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using tlsrpt::errc;
using tlsrpt::payload;

struct row {
  std::string_view octets;
  payload kind;
};

constexpr row by_first_octets[] = {
    {"\x1f\x8b\x08"sv, payload::gzip},
    {"\x1f\x8b"sv, payload::gzip},
    {"\x1f"sv, payload::other},
    {"\x1f\x8c"sv, payload::other},
    {"\0"sv, payload::other},
    {"{\0"sv, payload::utf16},
    {"{\0\"\0"sv, payload::utf16},
    {"\0{\0\""sv, payload::utf16},
    {"\xff\xfe{\0"sv, payload::utf16},
    {"\xfe\xff\0{"sv, payload::utf16},
    {"\xff\xfe\0\0{\0\0\0"sv, payload::utf16},
    {"\0\0\xfe\xff\0\0\0{"sv, payload::utf16},
    {"\0\0\0"sv, payload::other},
    {"\xff"sv, payload::other},
    {"PK\3\4\x14\0"sv, payload::zip},
    {"PK\5\6\0\0"sv, payload::zip},
    {"PK\3"sv, payload::other},
    {"PKCS"sv, payload::other},
    {"x\x01"sv, payload::zlib},
    {"x\x5e\xed"sv, payload::zlib},
    {"x\x9c\xed"sv, payload::zlib},
    {"x\xda\xed"sv, payload::zlib},
    {"x"sv, payload::other},
    {"x\x9d"sv, payload::other},
    {"x y"sv, payload::other},
    {"BZh9"sv, payload::bzip2},
    {"BZ"sv, payload::other},
    {"\xfd\x37zXZ\0\0"sv, payload::xz},
    {"\xfd\x37zXZ"sv, payload::other},
    {"\x28\xb5\x2f\xfd\x24"sv, payload::zstd},
    {"\x28\xb5\x2f"sv, payload::other},
    {"\x78\x9f\x3e\x22\x01\0"sv, payload::tnef},
    {"\x78\x9f\x3e"sv, payload::other},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"sv, payload::compound_file},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a"sv, payload::other},
    {"%PDF-1.7"sv, payload::pdf},
    {"%PDF"sv, payload::other},
};

constexpr row texts[] = {
    {""sv, payload::empty},
    {" \r\n\t"sv, payload::empty},
    {"\xef\xbb\xbf"sv, payload::empty},
    {"{"sv, payload::json},
    {"{}"sv, payload::json},
    {"\r\n  {\"a\":1}"sv, payload::json},
    {"\xef\xbb\xbf\n{"sv, payload::json},
    {"["sv, payload::other},
    {"H4sIAAAA"sv, payload::other},
    {"Hello {"sv, payload::other},
    {"\n-----BEGIN PGP MESSAGE-----\nVersion: 1\n"sv, payload::pgp_encrypted},
    {"-----BEGIN PGP SIGNATURE-----\n"sv, payload::other},
    {"-----BEGIN PGP SIGNED MESSAGE-----\n"sv, payload::other},
    {"<?xml version=\"1.0\"?>\n<feedback>\n"sv, payload::dmarc_report},
    {"\xef\xbb\xbf<feedback xmlns=\"urn\">"sv, payload::dmarc_report},
    {"<?xml version='1.0'?><!-- <a> --><!DOCTYPE feedback><d:feedback/>"sv, payload::dmarc_report},
    {"<?xml version=\"1.0\"?><other><feedback>"sv, payload::xml},
    {"<?xml"sv, payload::xml},
    {"<?XML?><?style?>"sv, payload::xml},
    {"<?xml?><p>"sv, payload::xml},
    {"<feedbacks>"sv, payload::other},
    {"<feedback@sender.example>"sv, payload::other},
    {"<https://sender.example/>"sv, payload::other},
    {"<a@example.com> wrote"sv, payload::other},
    {"<"sv, payload::other},
    {"<!-- "sv, payload::other},
    {"<!doctype HTML><x>"sv, payload::html},
    {"<?xml version=\"1.0\"?><html xmlns=\"x\">"sv, payload::html},
    {"<HTML>"sv, payload::html},
    {"<p>Look"sv, payload::html},
    {"<div\nclass=\"x\">"sv, payload::html},
    {"<br/>"sv, payload::html},
};

constexpr row packets[] = {
    // Session keys by public key, versions 3 and 6, in both formats of packets and all lengths.
    {"\x84\x5e\x03"sv, payload::pgp_encrypted},
    {"\x85\x01\x0c\x03"sv, payload::pgp_encrypted},
    {"\xc1\x5e\x03"sv, payload::pgp_encrypted},
    {"\xc1\xc0\x4c\x06"sv, payload::pgp_encrypted},
    // By passphrase.
    {"\x8c\x0d\x04\x09"sv, payload::pgp_encrypted},
    {"\xc3\x1e\x06"sv, payload::pgp_encrypted},
    {"\xc3\x0d\x05"sv, payload::pgp_encrypted},
    // No such version, a length without an end, other packets, and texts.
    {"\x85\x01\x0c\x05"sv, payload::other},
    {"\xc1\x5e"sv, payload::other},
    {"\x87\x5e\x03"sv, payload::other},
    {"\xc1\xe0\x5e\x03"sv, payload::other},
    {"\x88\x5e\x03"sv, payload::other},
    {"\xc2\x5e\x03"sv, payload::other},
    {"\xc3\x04\x04"sv, payload::other},
    {"\xc3\xa4rger"sv, payload::other},
    {"\x05\x0d\x03"sv, payload::other},
};

constexpr row cms[] = {
    {"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0"sv, payload::cms_signed},
    {"\x30\x20\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"sv, payload::cms_encrypted},
    {"\x30\x82\x01\0\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"sv,
     payload::cms_encrypted},
    {"\x30\x20\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09"sv, payload::cms_other},
    {"\x30\x20\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv, payload::other},
};

constexpr bool are_right(std::span<const row> rows) {
  for (const row& each : rows)
    if (tlsrpt::classify_payload(each.octets) != each.kind) return false;
  return true;
}
static_assert(are_right(texts) && are_right(cms));

void check(std::span<const row> rows) {
  for (const row& each : rows) {
    CAPTURE(each.octets);
    CHECK(tlsrpt::classify_payload(each.octets) == each.kind);
    CHECK(tlsrpt::classify_payload(std::as_bytes(std::span(each.octets))) == each.kind);
  }
}

}  // namespace

TEST_CASE("content by its first octets: C-23, C-76") {
  check(by_first_octets);
  check(packets);
  check(cms);
}

TEST_CASE("content by the first words of a text: C-23") { check(texts); }

TEST_CASE("what is before the root of a document may be long, and is read once") {
  std::string text = "<?xml?>";
  for (int i = 0; i < 100'000; ++i) text += "<!-- <html> --> ";
  CHECK(tlsrpt::classify_payload(text) == payload::xml);
  CHECK(tlsrpt::classify_payload(text + "<feedback>") == payload::dmarc_report);
}

TEST_CASE("what cannot be read as a report has a code of its own") {
  CHECK(refusal_of(payload::zip) == errc::zip_container);
  CHECK(refusal_of(payload::zlib) == errc::zlib_container);
  CHECK(refusal_of(payload::bzip2) == errc::bzip2_container);
  CHECK(refusal_of(payload::xz) == errc::xz_container);
  CHECK(refusal_of(payload::zstd) == errc::zstd_container);
  CHECK(refusal_of(payload::utf16) == errc::utf16_text);
  CHECK(refusal_of(payload::tnef) == errc::tnef_container);
  CHECK(refusal_of(payload::compound_file) == errc::compound_file);
  CHECK(refusal_of(payload::cms_signed) == errc::cms_signed);
  CHECK(refusal_of(payload::cms_encrypted) == errc::cms_encrypted);
  CHECK(refusal_of(payload::cms_other) == errc::cms_other);
  CHECK(refusal_of(payload::pgp_encrypted) == errc::pgp_encrypted);
  CHECK(refusal_of(payload::pdf) == errc::pdf_document);
  CHECK(refusal_of(payload::dmarc_report) == errc::dmarc_report);
  CHECK(refusal_of(payload::xml) == errc::xml_document);
  CHECK(refusal_of(payload::html) == errc::html_document);
  for (payload kind : {payload::empty, payload::json, payload::gzip, payload::other})
    CHECK(refusal_of(kind) == errc::ok);
}
