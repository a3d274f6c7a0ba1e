#include <tlsrpt/write_gzip.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/report.hpp>

#include "support.hpp"

namespace {

using tlsrpt::compression;

std::string gzip(std::string_view text, compression how = compression::best) {
  std::string out;
  CHECK(write_gzip(out, text, how).has_value());
  return out;
}

/// What zlib's own reader of gzip makes of it; nothing when it is not exactly one member.
std::string gunzip(std::string_view bytes, std::size_t size) {
  std::string text(size + 1, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int status = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  const bool is_whole = stream.avail_in == 0;
  inflateEnd(&stream);
  CHECK(status == Z_STREAM_END);
  CHECK(is_whole);
  return text;
}

/// A text that deflate can hardly make smaller.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) {
    state = state * 1'664'525 + 1'013'904'223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

}  // namespace

TEST_CASE("WR-15: one member whose header has neither a name nor a time") {
  for (const auto how : {compression::best, compression::none})
    CHECK(gzip("abc", how).starts_with(std::string_view("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10)));
  // Of "abc": CRC 0x352441c2, size 3.
  CHECK(gzip("abc").ends_with(std::string_view("\xc2\x41\x24\x35\3\0\0\0", 8)));
}

TEST_CASE("WR-15: what is not compressed is the same with every zlib") {
  CHECK(gzip("abc", compression::none) ==
        std::string_view("\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x03\x00\xfc\xff"
                         "abc\xc2\x41\x24\x35\3\0\0\0",
                         26));
  CHECK(gzip("", compression::none) ==
        std::string_view("\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\0\0\xff\xff\0\0\0\0\0\0\0\0", 23));
}

TEST_CASE("WR-15: any text comes back") {
  constexpr std::size_t sizes[] = {0, 1, 100, 8191, 8192, 65'535, 65'536, 131'070, 300'000};
  for (const std::size_t size : sizes)
    for (const std::string& text : {noise(size), std::string(size, 'x')})
      for (const auto how : {compression::best, compression::none}) {
        CAPTURE(size);
        const std::string bytes = gzip(text, how);
        CHECK(gunzip(bytes, size) == text);
        CHECK(gzip(text, how) == bytes);
      }
  CHECK(gzip(std::string(300'000, 'x')).size() < 400);
}

TEST_CASE("WR-15: a parser reads what was compressed, without a finding") {
  const std::string text = support::report_parts{}.text();
  tlsrpt::report_parser<tlsrpt::strict> parser;
  for (const auto how : {compression::best, compression::none}) {
    support::findings found;
    CHECK(parser.parse(gzip(text, how), found).has_value());
    CHECK(found.names() == "");
    CHECK(parser.text() == text);
  }
  CHECK(gzip(text).size() < text.size() / 2 + 100);
}

TEST_CASE("WR-16: compressed data go to any output") {
  char room[20];
  tlsrpt::span_output out(room);
  CHECK(write_gzip(out, "abc", compression::none).has_value());
  CHECK_FALSE(out.fits());
  CHECK(out.size() == 26);
  static_assert(noexcept(tlsrpt::write_gzip(out, std::string_view())));
  static_assert(!noexcept(tlsrpt::write_gzip(std::declval<std::string&>(), std::string_view())));
}
