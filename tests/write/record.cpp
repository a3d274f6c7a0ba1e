#include <tlsrpt/write_record.hpp>

#include <doctest/doctest.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

TEST_CASE(
    "A-43: one rua field, schemes in lower case, reserved characters encoded, extensions last") {
  auto written = [](std::vector<std::string_view> uris,
                    std::vector<tlsrpt::extension_view> extensions = {}) {
    std::string out;
    const auto done = tlsrpt::write_record(out, uris, extensions);
    if (!done) CHECK(out.empty());
    return done ? out : std::string(name(done.error().code));
  };
  CHECK(written({"MailTo:a,b!;@c.example", "HTTPS://x.example/a%2cb%3bc%7E"}, {{"x", "1"}}) ==
        "v=TLSRPTv1; rua=mailto:a%2Cb%21%3B@c.example,https://x.example/a%2Cb%3Bc%7E; x=1");
  CHECK(written({}) == "missing-rua");
  CHECK(written({"http://x.example"}) == "no-supported-endpoint");
  CHECK(written({"a@b.example"}) == "missing-scheme");
  CHECK(written({"mailto:a@b.example\r\n"}) == "illegal-octet");
  CHECK(written({"mailto:a@b.example"}, {{"-x", "1"}}) == "extension-name");
  CHECK(written({"mailto:a@b.example"}, {{"rua", "1"}}) == "extension-name");
  CHECK(written({"mailto:a@b.example"}, {{"x", ""}}) == "extension-value");
  CHECK(written({"mailto:a@b.example"}, {{"x", "a b"}}) == "extension-value");
}

TEST_CASE("A-43: an error of the writer says where") {
  using tlsrpt::extension_view;
  using tlsrpt::source;
  const auto place = [](std::vector<std::string_view> uris,
                        std::vector<extension_view> extensions = {}) {
    std::string out;
    return tlsrpt::write_record(out, uris, extensions).error().where;
  };
  const std::string_view good = "mailto:a@b.example";
  CHECK(place({}) == tlsrpt::location{.in = source::record});
  CHECK(place({good, "mailto:a@b\x01"}) ==
        tlsrpt::location{.offset = 10, .element = 1, .in = source::record});
  CHECK(place({good}, {{"x", "1"}, {"x y", "1"}}) ==
        tlsrpt::location{.offset = 1, .element = 1, .in = source::record});
  CHECK(place({good}, {{"RUA", "1"}}) ==
        tlsrpt::location{.offset = 3, .element = 0, .in = source::record});
  CHECK(place({good}, {{"x", "1;"}}) ==
        tlsrpt::location{.offset = 1, .element = 0, .in = source::record});
  const std::string head = "v=TLSRPTv1; rua=mailto:a@b.example; x=", value(4096 - head.size(), 'a');
  std::string out;
  const extension_view longest[] = {{"x", value}};
  REQUIRE(tlsrpt::write_record(out, std::span(&good, 1), longest).has_value());
  CHECK(out.size() == 4096);
  const std::string above = value + 'a';
  CHECK(place({good}, {{"x", above}}) == tlsrpt::location{.offset = 4096, .in = source::record});
  const std::string long_uri = "mailto:a@" + std::string(4096, 'b');
  CHECK(place({long_uri}).element == 0);
}

TEST_CASE("A-44: strings of at most 255 octets for a zone file") {
  auto zone = [](const std::string& record) {
    std::string out;
    tlsrpt::write_zone_strings(out, record);
    return out;
  };
  CHECK(zone("v=TLSRPTv1; rua=mailto:a@b.example") == "\"v=TLSRPTv1; rua=mailto:a@b.example\"");
  CHECK(zone(std::string(255, 'a')) == '"' + std::string(255, 'a') + '"');
  CHECK(zone(std::string(256, 'a')) == '"' + std::string(255, 'a') + "\" \"a\"");
  CHECK(zone("a\"\\") == "\"a\\\"\\\\\"");
  CHECK(zone("") == "\"\"");
  CHECK(zone(std::string("a\0\t\x7f\xc3\xbc", 6)) == R"("a\000\009\127\195\188")");
  // An escape is one octet of its string.
  CHECK(zone(std::string(254, 'a') + "\\b") == '"' + std::string(254, 'a') + "\\\\\" \"b\"");
}

TEST_CASE("records are written to any output, and at compile time") {
  static constexpr std::array<std::string_view, 1> uris = {"mailto:a@b.example"};
  constexpr auto text = [] {
    tlsrpt::short_text<64> record, zone;
    if (tlsrpt::write_record(record, uris)) tlsrpt::write_zone_strings(zone, record);
    return zone;
  }();
  static_assert(text == "\"v=TLSRPTv1; rua=mailto:a@b.example\"");
  tlsrpt::span_output counter({});
  CHECK(tlsrpt::write_record(counter, uris).has_value());
  CHECK(counter.size() == text.size() - 2);
  static_assert(noexcept(tlsrpt::write_record(counter, uris)));
  static_assert(!noexcept(tlsrpt::write_record(std::declval<std::string&>(), uris)));
}
