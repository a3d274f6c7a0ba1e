#include <tlsrpt/detail/report/gunzip.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/zip.hpp>
#if TLSRPT_TEST_LIBDEFLATE
#include <tlsrpt/libdeflate.hpp>
#endif

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "allocations.hpp"
#include "one_shot_inflater.hpp"
#include "support.hpp"
#include "zip_writer.hpp"

namespace {

using support::findings;
using support::one_shot_inflater;
using tlsrpt::diagnostic;
using tlsrpt::errc;
using tlsrpt::inflate_status;
using tlsrpt::inflate_step;
using tlsrpt::limits;
using tlsrpt::zlib_inflater;
using tlsrpt::detail::padded_buffer;

std::span<const std::byte> octets(std::string_view text) { return std::as_bytes(std::span(text)); }

// The decoders that are tested alike.
#if TLSRPT_TEST_LIBDEFLATE
using tlsrpt::libdeflate_inflater;
#define TLSRPT_INFLATERS zlib_inflater, one_shot_inflater, libdeflate_inflater
#define TLSRPT_ONE_SHOT_INFLATERS one_shot_inflater, libdeflate_inflater
static_assert(tlsrpt::inflater<libdeflate_inflater>);
static_assert(!std::is_copy_constructible_v<libdeflate_inflater>);
static_assert(std::is_nothrow_move_constructible_v<libdeflate_inflater>);
#else
#define TLSRPT_INFLATERS zlib_inflater, one_shot_inflater
#define TLSRPT_ONE_SHOT_INFLATERS one_shot_inflater
#endif

/// Whether the decoder continues where it paused, distinguishes truncated from corrupt and knows
/// where.
template <class Inflater>
constexpr bool pauses = std::is_same_v<Inflater, zlib_inflater>;

/// A decoder that gives the same answer to each question.
struct fixed_inflater {
  bool starts = true;
  inflate_status status = inflate_status::done;
  int inflated = 0;

  bool start(std::span<const std::byte>) const noexcept { return starts; }
  inflate_step inflate(std::span<char>) noexcept {
    ++inflated;
    return {status};
  }
  std::uint32_t crc32(std::span<const std::byte>) const noexcept { return 0; }
};

/// zlib, counting the calls.
struct counting_inflater : zlib_inflater {
  int inflated = 0;
  inflate_step inflate(std::span<char> output) noexcept {
    ++inflated;
    return zlib_inflater::inflate(output);
  }
};

static_assert(tlsrpt::inflater<zlib_inflater>);
static_assert(tlsrpt::inflater<one_shot_inflater>);
static_assert(!tlsrpt::inflater<int>);
static_assert(!std::is_copy_constructible_v<zlib_inflater>);
static_assert(std::is_nothrow_move_constructible_v<zlib_inflater>);

using tlsrpt::detail::product_up_to;
static_assert(product_up_to(10, 3, 3) == 9 && product_up_to(9, 3, 3) == 9);
static_assert(product_up_to(8, 3, 3) == 8 && product_up_to(8, 0, 3) == 0);
static_assert(product_up_to(SIZE_MAX, SIZE_MAX, 2) == SIZE_MAX);

struct outcome {
  diagnostic error{};
  std::string text{};
  std::size_t capacity = 0;
  findings found{};
  errc code() const { return error.code; }
  std::size_t offset() const { return error.where.offset; }
};

template <class Inflater = zlib_inflater, class Conformance = tlsrpt::lenient>
outcome unpack(std::string_view gzip, const limits& l = {}, Inflater decoder = {},
               Conformance conformance = {}) {
  // On the heap and to the octet, so that AddressSanitizer sees a read past the end.
  const std::vector<char> input(gzip.begin(), gzip.end());
  outcome o;
  padded_buffer buffer;
  const auto size = tlsrpt::detail::gunzip(std::as_bytes(std::span(input)), buffer, decoder, l,
                                           conformance, o.found);
  o.error = size.error();
  o.capacity = buffer.capacity();
  if (size) {
    o.text.assign(buffer.data(), *size);
    CHECK(std::string(buffer.data() + *size, tlsrpt::padding) ==
          std::string(tlsrpt::padding, '\0'));
  }
  return o;
}

std::string little_endian(std::size_t value, int size) {
  std::string text;
  for (; size > 0; --size, value >>= 8) text += static_cast<char>(value & 0xff);
  return text;
}

std::size_t crc_of(std::string_view text) { return zlib_inflater().crc32(octets(text)); }

/// A gzip member, each part of which can be replaced.
struct member {
  std::string text = "{\"policies\":[]}\n";
  unsigned char flags = 0;
  std::string extra{};    // with flag 4
  std::string name{};     // with flag 8
  std::string comment{};  // with flag 16
  bool good_header_checksum = true;
  int level = 6;
  int strategy = Z_DEFAULT_STRATEGY;

  std::string header() const {
    std::string h = "\x1f\x8b\x08";
    h += static_cast<char>(flags);
    h += std::string("\x01\x02\x03\x04\x02\xff", 6);
    if (flags & 4) h += little_endian(extra.size(), 2) + extra;
    if (flags & 8) h += name + '\0';
    if (flags & 16) h += comment + '\0';
    if (flags & 2) h += little_endian(crc_of(h) ^ (good_header_checksum ? 0u : 0x100u), 2);
    return h;
  }
  std::string deflated() const {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, level, Z_DEFLATED, -15, 8, strategy) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }
  std::string trailer() const {
    return little_endian(crc_of(text), 4) + little_endian(text.size(), 4);
  }
  std::string gzip() const { return header() + deflated() + trailer(); }
};

const member all_fields{
    .flags = 0x1f, .extra = std::string("AB\x02\0xy", 6), .name = "report.json", .comment = "none"};

std::string long_text(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525 + 1013904223;
    text += "\"sending-mta-ip\":\"" + std::to_string(state >> 4) + "\",";
  }
  text.resize(size);
  return text;
}

}  // namespace

TEST_CASE("gzip is known by its first two octets") {
  CHECK(tlsrpt::is_gzip(octets("\x1f\x8b")));
  CHECK(tlsrpt::is_gzip(octets(support::gzip(""))));
  CHECK(!tlsrpt::is_gzip(octets("\x1f")));
  CHECK(!tlsrpt::is_gzip(octets("\x1f\x8c\x08")));
  CHECK(!tlsrpt::is_gzip(octets("{}")));
  CHECK(!tlsrpt::is_gzip({}));
  constexpr std::array magic{std::byte{0x1f}, std::byte{0x8b}};
  static_assert(tlsrpt::is_gzip(magic));
}

TEST_CASE_TEMPLATE("every form of deflate block, every size around the slack of the buffer",
                   Inflater, TLSRPT_INFLATERS) {
  for (const std::size_t size : {0u, 1u, 2u, 257u, 258u, 259u, 750u, 5000u, 70'000u, 300'000u}) {
    CAPTURE(size);
    member m{.text = long_text(size)};
    for (const int level : {0, 1, 6, 9}) {
      m.level = level;
      const outcome o = unpack<Inflater>(m.gzip());
      CHECK(o.code() == errc::ok);
      CHECK(o.text == m.text);
      CHECK(o.found.all.empty());
    }
    m.level = 6;
    for (const int strategy : {Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE}) {
      m.strategy = strategy;
      CHECK(unpack<Inflater>(m.gzip()).text == m.text);
    }
  }
}

TEST_CASE_TEMPLATE("header fields, each and together", Inflater, TLSRPT_INFLATERS) {
  for (unsigned char flags = 0; flags < 32; ++flags) {
    CAPTURE(flags);
    member m = all_fields;
    m.flags = flags;
    outcome o = unpack<Inflater>(m.gzip());
    CHECK(o.code() == errc::ok);
    CHECK(o.text == m.text);
    m.extra = m.name = m.comment = "";
    CHECK(unpack<Inflater>(m.gzip()).text == m.text);
    m.extra = std::string(0xffff, '\x1f');
    m.name = m.comment = std::string(1000, 'n');
    o = unpack<Inflater>(m.gzip());
    CHECK(o.text == m.text);
    m.good_header_checksum = false;
    o = unpack<Inflater>(m.gzip());
    CHECK(o.code() == (flags & 2 ? errc::gzip_header_checksum : errc::ok));
    if (flags & 2) CHECK(o.offset() == m.header().size() - 2);
  }
}

TEST_CASE_TEMPLATE("reserved flags and other methods", Inflater, TLSRPT_INFLATERS) {
  for (const unsigned bit : {0x20u, 0x40u, 0x80u}) {
    member m = all_fields;
    m.flags = static_cast<unsigned char>(m.flags | bit);
    const outcome o = unpack<Inflater>(m.gzip());
    CHECK(o.code() == errc::gzip_reserved_flags);
    CHECK(o.offset() == 3);
    CHECK(unpack<Inflater>(m.gzip().substr(0, 4)).code() == errc::gzip_reserved_flags);
    CHECK(unpack<Inflater>(m.gzip().substr(0, 3)).code() == errc::gzip_truncated);
  }
  for (const int method : {0, 7, 9, 255}) {
    std::string gzip = member{}.gzip();
    gzip[2] = static_cast<char>(method);
    const outcome o = unpack<Inflater>(gzip);
    CHECK(o.code() == errc::gzip_method);
    CHECK(o.offset() == 2);
    CHECK(unpack<Inflater>(gzip.substr(0, 3)).code() == errc::gzip_method);
    CHECK(unpack<Inflater>(gzip.substr(0, 2)).code() == errc::gzip_truncated);
  }
}

TEST_CASE_TEMPLATE("checksum and length of every member", Inflater, TLSRPT_INFLATERS) {
  const std::string good = member{}.gzip();
  for (std::size_t i = 0; i < 8; ++i) {
    std::string bad = good;
    bad[bad.size() - 8 + i] ^= 1;
    for (const std::string& gzip : {bad, good + bad, bad + good}) {
      const outcome o = unpack<Inflater>(gzip);
      CHECK(o.code() == (i < 4 ? errc::gzip_checksum : errc::gzip_length));
      CHECK(o.offset() ==
            (gzip.starts_with(bad) ? 0 : good.size()) + good.size() - (i < 4 ? 8 : 4));
    }
  }
}

TEST_CASE_TEMPLATE("truncated at every octet", Inflater, TLSRPT_INFLATERS) {
  const std::string first = member{}.gzip();
  member m = all_fields;
  for (const int level : {0, 6}) {
    m.level = level;
    const std::string gzip = m.gzip();
    for (std::size_t size = 2; size < gzip.size(); ++size) {
      CAPTURE(size);
      // Within the deflate stream only a decoder that pauses knows; the others say where it begins.
      const bool inside = size >= m.header().size() && size < gzip.size() - 8;
      const bool known = pauses<Inflater> || !inside;
      const errc code = known ? errc::gzip_truncated : errc::gzip_corrupt;
      const std::size_t offset = known ? size : m.header().size();
      outcome o = unpack<Inflater>(gzip.substr(0, size));
      CHECK(o.code() == code);
      CHECK(o.offset() == offset);
      CHECK(o.text.empty());
      o = unpack<Inflater>(first + gzip.substr(0, size));
      CHECK(o.code() == code);
      CHECK(o.offset() == first.size() + offset);
      CHECK(o.text.empty());
    }
  }
}

TEST_CASE_TEMPLATE("one octet changed, every octet to every value", Inflater, TLSRPT_INFLATERS) {
  for (const int level : {0, 6}) {
    member m = all_fields;
    m.level = level;
    const std::string good = m.gzip() + member{.text = "second"}.gzip();
    const std::string text = m.text + "second";
    const std::size_t second = m.gzip().size();
    for (std::size_t i = 0; i < good.size(); ++i)
      for (int value = 0; value < 256; ++value) {
        std::string bad = good;
        bad[i] = static_cast<char>(value);
        const outcome o = unpack<Inflater>(bad);
        CAPTURE(i);
        CAPTURE(value);
        // Where the second member is not recognised any more, the first is the whole text.
        const bool cut = bad != good && (i == second || i == second + 1);
        if (o.code() == errc::ok) CHECK(o.text == (cut ? m.text : text));
        CHECK(o.found.has(errc::gzip_trailing_bytes) == cut);
        CHECK(o.offset() <= good.size());
      }
  }
}

TEST_CASE_TEMPLATE("several members", Inflater, TLSRPT_INFLATERS) {
  const std::string a = member{.text = "{\"a\":"}.gzip(), b = member{.text = "1}"}.gzip(),
                    none = member{.text = ""}.gzip();
  const auto check = [](const std::string& gzip, std::string_view text) {
    CHECK(unpack<Inflater>(gzip).text == text);
    CHECK(unpack<Inflater>(gzip).code() == errc::ok);
  };
  check(a + b, "{\"a\":1}");
  check(none, "");
  check(none + none, "");
  check(none + a + none + b + none, "{\"a\":1}");
  check(all_fields.gzip() + a, all_fields.text + "{\"a\":");
  // Matches do not reach into the member before.
  std::string far = member{.text = "aaaa"}.gzip() + member{.text = "x"}.header() +
                    std::string("\x4b\x04\x13\0", 4) + std::string(8, '\0');
  CHECK(unpack<Inflater>(far).code() != errc::ok);
}

TEST_CASE_TEMPLATE("as many members as the limit, and one more", Inflater, TLSRPT_INFLATERS) {
  const std::string one = member{.text = "."}.gzip();
  std::string gzip;
  for (int i = 0; i < 16; ++i) gzip += one;
  CHECK(unpack<Inflater>(gzip).text == std::string(16, '.'));
  const outcome o = unpack<Inflater>(gzip + one);
  CHECK(o.code() == errc::too_many_gzip_members);
  CHECK(o.offset() == 16 * one.size());
  CHECK(unpack<Inflater>(gzip + "\x1f\x8b").code() == errc::too_many_gzip_members);
  CHECK(unpack<Inflater>(one, {.max_gzip_members = 1}).code() == errc::ok);
  CHECK(unpack<Inflater>(one + one, {.max_gzip_members = 1}).offset() == one.size());
  CHECK(unpack<Inflater>(one, {.max_gzip_members = 0}).code() == errc::too_many_gzip_members);
}

TEST_CASE_TEMPLATE("what follows the last member", Inflater, TLSRPT_INFLATERS) {
  const std::string gzip = member{}.gzip();
  struct rest_case {
    std::string rest;
    errc code;
  };
  const rest_case cases[] = {
      {std::string(1, '\0'), errc::gzip_zero_padding},
      {std::string(1000, '\0'), errc::gzip_zero_padding},
      {"\n", errc::gzip_trailing_bytes},
      {"\x1f", errc::gzip_trailing_bytes},
      {"{}", errc::gzip_trailing_bytes},
      {std::string(9, '\0') + gzip, errc::gzip_trailing_bytes},
  };
  for (const rest_case& c : cases) {
    const std::string& rest = c.rest;
    const errc code = c.code;
    CAPTURE(rest);
    outcome o = unpack<Inflater>(gzip + rest);
    CHECK(o.code() == errc::ok);
    CHECK(o.text == member{}.text);
    REQUIRE(o.found.all.size() == 1);
    CHECK(o.found.all[0].code == code);
    CHECK(o.found.all[0].offset == gzip.size());

    o = unpack<Inflater>(gzip + rest, {}, Inflater(), tlsrpt::strict());
    const bool note = code == errc::gzip_zero_padding;
    CHECK(o.code() == (note ? errc::ok : code));
    if (!note) CHECK(o.offset() == gzip.size());
    CHECK(o.found.all.size() == (note ? 1 : 0));

    struct nothing_more {
      errc refused;
      bool accepts(errc c) const noexcept { return c != refused; }
    };
    CHECK(unpack<Inflater>(gzip + rest, {}, Inflater(), nothing_more{code}).code() == code);
  }
  CHECK(unpack<Inflater>(gzip + "\x1f\x8b").code() == errc::gzip_truncated);
  CHECK(unpack<Inflater>(gzip + "\x1f\x8b\x08").code() == errc::gzip_truncated);
  CHECK(unpack<Inflater>(gzip + "\x1f\x8b\x07").code() == errc::gzip_method);
}

TEST_CASE_TEMPLATE("corrupt deflate data, and where", Inflater, TLSRPT_INFLATERS) {
  const std::string header = member{}.header();
  outcome o = unpack<Inflater>(header + "\x07" + std::string(20, '\0'));  // block type 3
  CHECK(o.code() == errc::gzip_corrupt);
  CHECK(o.offset() >= header.size());
  if (!pauses<Inflater>) CHECK(o.offset() == header.size());
  CHECK(o.offset() <= header.size() + 1);
  o = unpack<Inflater>(header + std::string("\x01\x01\0\0\0", 5) + std::string(20, '\0'));  // ~LEN
  CHECK(o.code() == errc::gzip_corrupt);
  // Bad after 70 000 octets of good text.
  const member m{.text = long_text(70'000), .level = 0};
  std::string gzip = m.gzip();
  const std::size_t second_block = header.size() + 5 + 0xffff;
  gzip[second_block + 1] ^= 1;
  o = unpack<Inflater>(gzip);
  CHECK(o.code() == errc::gzip_corrupt);
  CHECK(o.offset() >= (pauses<Inflater> ? second_block : header.size()));
  CHECK(o.offset() <= (pauses<Inflater> ? second_block + 5 : header.size()));
}

TEST_CASE("compressed octets at the limit and one more") {
  const std::string gzip = member{}.gzip();
  CHECK(unpack(gzip, {.max_gzip_bytes = gzip.size()}).code() == errc::ok);
  fixed_inflater never;
  padded_buffer buffer;
  const auto size =
      tlsrpt::detail::gunzip(octets(gzip), buffer, never, {.max_gzip_bytes = gzip.size() - 1},
                             tlsrpt::lenient(), tlsrpt::ignore_diagnostics());
  CHECK(size.error().code == errc::compressed_too_long);
  CHECK(size.error().where.offset == gzip.size() - 1);
  CHECK(never.inflated == 0);
  CHECK(buffer.data() == nullptr);
}

TEST_CASE_TEMPLATE("octets of text at the limit and one more", Inflater, TLSRPT_INFLATERS) {
  for (const std::size_t size : {0u, 1u, 257u, 258u, 259u, 1000u, 40'000u}) {
    CAPTURE(size);
    const std::string text = long_text(size);
    const std::string one = member{.text = text}.gzip();
    const std::string half = member{.text = text.substr(0, size / 2)}.gzip() +
                             member{.text = text.substr(size / 2)}.gzip() +
                             member{.text = ""}.gzip();
    for (const std::string& gzip : {one, half}) {
      outcome o = unpack<Inflater>(gzip, {.max_text_bytes = size});
      CHECK(o.code() == errc::ok);
      CHECK(o.text == text);
      CHECK(o.capacity <= size);
      if (size == 0) continue;
      o = unpack<Inflater>(gzip, {.max_text_bytes = size - 1});
      CHECK(o.code() == errc::text_too_long);
      CHECK(o.offset() < gzip.size());
      CHECK(o.capacity <= size - 1);
    }
  }
}

TEST_CASE_TEMPLATE("expansion at the limit and above", Inflater, TLSRPT_INFLATERS) {
  const std::string text(50'000, '0');
  std::string gzip = member{.text = text}.gzip();
  REQUIRE(gzip.size() < 500);
  // Free up to a size.
  limits l{.max_expansion = 1, .expansion_free_bytes = text.size()};
  CHECK(unpack<Inflater>(gzip, l).code() == errc::ok);
  l.expansion_free_bytes = text.size() - 1;
  outcome o = unpack<Inflater>(gzip, l);
  CHECK(o.code() == errc::expansion_ratio);
  CHECK(o.capacity <= text.size() - 1);
  // 500 octets in, 100 for each out.
  l = {.max_expansion = 100, .expansion_free_bytes = 0};
  gzip.resize(500);
  CHECK(unpack<Inflater>(gzip, l).code() == errc::ok);
  CHECK(unpack<Inflater>(gzip, l).text == text);
  gzip.resize(499);
  o = unpack<Inflater>(gzip, l);
  CHECK(o.code() == errc::expansion_ratio);
  CHECK(o.capacity <= 49'900);
  // The lower of the two limits names the error.
  l.max_text_bytes = 49'000;
  CHECK(unpack<Inflater>(gzip, l).code() == errc::text_too_long);
  // No ratio at all, and none that overflows.
  l = {.max_expansion = 0, .expansion_free_bytes = 0};
  CHECK(unpack<Inflater>(gzip, l).code() == errc::expansion_ratio);
  CHECK(unpack<Inflater>(member{.text = ""}.gzip(), l).code() == errc::ok);
  l = {.max_gzip_bytes = SIZE_MAX,
       .max_text_bytes = SIZE_MAX,
       .max_expansion = SIZE_MAX,
       .expansion_free_bytes = 0};
  CHECK(unpack<Inflater>(gzip, l).text == text);
}

TEST_CASE_TEMPLATE("bombs end early and in bounded memory", Inflater, TLSRPT_INFLATERS) {
  const member bomb{.text = std::string(std::size_t{64} << 20, '\0'), .level = 9};
  std::string gzip = bomb.gzip();
  REQUIRE(gzip.size() < 70'000);
  outcome o = unpack<Inflater>(gzip);
  CHECK(o.code() == errc::expansion_ratio);
  CHECK(o.offset() < gzip.size());
  CHECK(o.capacity <= 1000 * gzip.size());
  // A length that looks harmless does not help it, nor does one that is huge.
  for (const std::size_t promised : {std::size_t{0}, std::size_t{1}, std::size_t{0xffffffff}}) {
    gzip.replace(gzip.size() - 4, 4, little_endian(promised, 4));
    o = unpack<Inflater>(gzip, {.max_text_bytes = 1 << 20});
    CHECK(o.code() == errc::text_too_long);
    CHECK(o.capacity == 1 << 20);
    CHECK(o.offset() < gzip.size() / 50);
    o = unpack<Inflater>(gzip, {.max_expansion = 20});
    CHECK(o.code() == errc::expansion_ratio);
    CHECK(o.capacity == 20 * gzip.size());
  }
  // Memory grows with what comes out, not with what is promised.
  std::string lie = member{}.gzip();
  lie.replace(lie.size() - 4, 4, "\xff\xff\xff\xff");
  o = unpack<Inflater>(lie);
  CHECK(o.code() == errc::gzip_length);
  CHECK(o.capacity <= 4 * lie.size() + 258);
  // Members are added up.
  const std::string part = member{.text = std::string(100'000, '\0')}.gzip();
  CHECK(unpack<Inflater>(part + part, {.max_text_bytes = 200'000}).code() == errc::ok);
  CHECK(unpack<Inflater>(part + part, {.max_text_bytes = 199'999}).code() == errc::text_too_long);
}

TEST_CASE_TEMPLATE("lengths that lie, both ways", Inflater, TLSRPT_INFLATERS) {
  for (const std::size_t size : {10u, 1000u, 100'000u})
    for (const std::size_t promised : {0u, 1u, 900u, 1100u, 99'999u, 100'001u, 0x7fffffffu}) {
      CAPTURE(size);
      CAPTURE(promised);
      const member m{.text = long_text(size)};
      std::string gzip = m.gzip();
      gzip.replace(gzip.size() - 4, 4, little_endian(promised, 4));
      CHECK(unpack<Inflater>(gzip).code() == errc::gzip_length);
      // Before other members or padding it is no hint at all.
      gzip = m.gzip() + little_endian(promised, 4);
      const outcome o = unpack<Inflater>(gzip);
      CHECK(o.code() == errc::ok);
      CHECK(o.text == m.text);
      CHECK(o.capacity <= std::size_t{2} * 1032 * gzip.size());
    }
}

TEST_CASE("the usual report is inflated in one call, without any allocation") {
  const member small{.text = long_text(750)}, large{.text = long_text(3000)};
  const std::string first = large.gzip(), second = small.gzip();
  counting_inflater decoder;
  padded_buffer buffer;
  const auto inflate = [&](std::string_view gzip) {
    return tlsrpt::detail::gunzip(octets(gzip), buffer, decoder, limits(), tlsrpt::strict(),
                                  tlsrpt::ignore_diagnostics());
  };
  REQUIRE(inflate(first).has_value());
  CHECK(decoder.inflated == 1);
  const char* const memory = buffer.data();
  const long before = allocations;
  for (int i = 0; i < 10; ++i) {
    const auto size = inflate(i % 2 == 0 ? second : first);
    if (!size || buffer.data() != memory) FAIL("other memory");
  }
  const long after = allocations;
  CHECK(after == before);
  CHECK(decoder.inflated == 11);
#if TLSRPT_TEST_COUNTS
  CHECK(before > 0);
#endif
}

TEST_CASE_TEMPLATE("after an error the inflater and the buffer serve on", Inflater,
                   TLSRPT_INFLATERS) {
  const std::string good = member{.text = long_text(10'000)}.gzip();
  std::string corrupt = good;
  corrupt[corrupt.size() / 2] ^= 0x55;
  Inflater decoder;
  padded_buffer buffer;
  const auto code = [&](std::string_view gzip, const limits& l = {}) {
    return tlsrpt::detail::gunzip(octets(gzip), buffer, decoder, l, tlsrpt::lenient(),
                                  tlsrpt::ignore_diagnostics())
        .error()
        .code;
  };
  for (int i = 0; i < 3; ++i) {
    CHECK(code(good) == errc::ok);
    CHECK(code(corrupt) != errc::ok);
    CHECK(code(good) == errc::ok);
    CHECK(code(std::string_view(good).substr(0, good.size() / 2)) ==
          (pauses<Inflater> ? errc::gzip_truncated : errc::gzip_corrupt));
    // Limits hold in a buffer that has room for more.
    CHECK(code(good, {.max_text_bytes = 9999}) == errc::text_too_long);
    CHECK(code(good, {.max_text_bytes = 10'000}) == errc::ok);
  }
}

TEST_CASE("inflaters move, before, between and within streams") {
  const std::string text = long_text(5000);
  const std::string deflated = member{.text = text}.deflated();
  zlib_inflater unused;
  zlib_inflater first(std::move(unused));
  REQUIRE(first.start(octets(deflated)));
  std::string out(5000, '\0');
  inflate_step step = first.inflate(std::span(out).first(1000));
  CHECK(step.status == inflate_status::need_output);
  CHECK(step.produced == 1000);
  zlib_inflater second;
  REQUIRE(second.start({}));
  second = std::move(first);
  std::string elsewhere = out;
  step = second.inflate(elsewhere);
  CHECK(step.status == inflate_status::done);
  CHECK(step.consumed == deflated.size());
  CHECK(step.produced == 5000);
  CHECK(elsewhere == text);
  REQUIRE(first.start(octets(deflated)));  // NOLINT(bugprone-use-after-move): stated
  CHECK(first.inflate(out).status == inflate_status::done);
  CHECK(out == text);
}

TEST_CASE("the inflater alone: octets after the stream, output that fits, output that is empty") {
  const std::string text = long_text(1000);
  const std::string deflated = member{.text = text}.deflated();
  zlib_inflater decoder;
  std::string out(1000, '\0');
  const std::string longer = deflated + "more";
  REQUIRE(decoder.start(octets(longer)));
  inflate_step step = decoder.inflate(out);
  CHECK(step.status == inflate_status::done);
  CHECK(step.consumed == deflated.size());
  REQUIRE(decoder.start(octets(deflated)));
  CHECK(decoder.inflate(std::span(out).first(0)).status == inflate_status::need_output);
  CHECK(decoder.inflate(std::span(out).first(999)).status == inflate_status::need_output);
  step = decoder.inflate(out);
  CHECK(step.status == inflate_status::done);
  CHECK(out == text);
  REQUIRE(decoder.start({}));
  CHECK(decoder.inflate(out).status == inflate_status::need_input);
  CHECK(decoder.crc32({}) == 0);
  CHECK(decoder.crc32(octets("123456789")) == 0xcbf43926);
}

TEST_CASE("out of memory is an error like others") {
  const std::string gzip = member{}.gzip();
  outcome o = unpack(gzip, {}, fixed_inflater{.starts = false});
  CHECK(o.code() == errc::out_of_memory);
  CHECK(o.offset() == 10);
  o = unpack(gzip, {}, fixed_inflater{.status = inflate_status::out_of_memory});
  CHECK(o.code() == errc::out_of_memory);
  // AddressSanitizer ends the program instead.
  if constexpr (!tlsrpt::detail::frees_on_reuse) {
    const limits none{.max_text_bytes = SIZE_MAX, .max_expansion = SIZE_MAX};
    o = unpack(gzip, none, fixed_inflater{.status = inflate_status::need_output});
    CHECK(o.code() == errc::out_of_memory);
  }
}

TEST_CASE_TEMPLATE("decoders that start over do linear work", Inflater, TLSRPT_ONE_SHOT_INFLATERS) {
  struct summing_inflater : Inflater {
    std::size_t* room;
    int* calls;
    inflate_step inflate(std::span<char> output) noexcept {
      *room += output.size();
      ++*calls;
      return Inflater::inflate(output);
    }
  };
  std::string gzip = member{.text = std::string(std::size_t{16} << 20, '\0'), .level = 9}.gzip();
  const std::size_t ratio_bound = 100 * gzip.size();
  for (const std::size_t promised : {std::size_t{0}, std::size_t{1}, std::size_t{0xffffffff}})
    for (const bool by_ratio : {false, true}) {
      CAPTURE(promised);
      CAPTURE(by_ratio);
      gzip.replace(gzip.size() - 4, 4, little_endian(promised, 4));
      std::size_t room = 0;
      int calls = 0;
      summing_inflater decoder;
      decoder.room = &room;
      decoder.calls = &calls;
      limits l;
      l.max_text_bytes = std::size_t{8} << 20;
      if (by_ratio) {
        l.max_expansion = 100;
        l.expansion_free_bytes = 0;
      }
      const std::size_t most =
          std::min(l.max_text_bytes, by_ratio ? ratio_bound : l.max_text_bytes);
      const outcome o = unpack<summing_inflater>(gzip, l, std::move(decoder));
      CHECK(o.code() == (by_ratio ? errc::expansion_ratio : errc::text_too_long));
      CHECK(calls > 1);
      // The last call has all the room, the one before it less, and each before that half of the
      // next.
      CHECK(room < 3 * most);
      CHECK(o.capacity == most);
    }
}

#if TLSRPT_TEST_LIBDEFLATE
TEST_CASE("libdeflate: moves, octets after the stream, output that fits, output that is empty") {
  const std::string text = long_text(1000);
  const std::string deflated = member{.text = text}.deflated(), longer = deflated + "more";
  std::string out(1000, '\0');
  libdeflate_inflater unused;
  libdeflate_inflater first(std::move(unused));
  REQUIRE(first.start(octets(longer)));
  inflate_step step = first.inflate(std::span(out).first(0));
  CHECK(step.status == inflate_status::need_output);
  CHECK(step.produced == 0);
  CHECK(first.inflate(std::span(out).first(999)).status == inflate_status::need_output);
  libdeflate_inflater second;
  REQUIRE(second.start({}));
  CHECK(second.inflate(out).status == inflate_status::corrupt);
  second = std::move(first);
  step = second.inflate(out);
  CHECK(step.status == inflate_status::done);
  CHECK(step.consumed == deflated.size());
  CHECK(step.produced == 1000);
  CHECK(out == text);
  REQUIRE(first.start(octets(deflated)));  // NOLINT(bugprone-use-after-move): stated
  CHECK(first.inflate(out).status == inflate_status::done);
  REQUIRE(unused.start(octets(deflated)));  // NOLINT(bugprone-use-after-move): stated
  CHECK(unused.inflate(out).status == inflate_status::done);
  CHECK(first.crc32({}) == 0);
  CHECK(first.crc32(octets("123456789")) == 0xcbf43926);
}

#if TLSRPT_TEST_COUNTS
TEST_CASE("libdeflate: one allocation, which may fail") {
  const std::string deflated = member{}.deflated();
  libdeflate_inflater decoder;
  refused = allocations.load();
  const bool started = decoder.start(octets(deflated));
  refused = -1;
  CHECK(!started);
  const long before = allocations;
  bool again = decoder.start(octets(deflated));
  CHECK(allocations == before + 1);
  again = again && decoder.start(octets(deflated));
  CHECK(allocations == before + 1);
  CHECK(again);
}
#endif
#endif

/// Whether all entries of the archive are read; else out_of_memory is why not.
bool reads_all(tlsrpt::zip_reader<>& reader, const std::string& archive) {
  const auto entries = reader.open(archive);
  if (!entries) {
    CHECK(entries.error().code == errc::out_of_memory);
    return false;
  }
  for (const tlsrpt::zip_entry& entry : *entries) {
    const auto content = reader.read(entry);
    if (content) continue;
    CHECK(content.error().code == errc::out_of_memory);
    return false;
  }
  return true;
}

std::string archive_of(int entries) {
  support::zip_writer writer;
  for (int i = 0; i < entries; ++i)
    writer.members.push_back(support::zip_member::of("report.json", long_text(1000)));
  return writer.archive();
}

TEST_CASE("archives are read without any allocation, once a larger one was read") {
  tlsrpt::zip_reader<> reader;
  const std::string large = archive_of(40), small = archive_of(20);
  REQUIRE(reads_all(reader, large));
  const long before = allocations;
  for (int i = 0; i < 10; ++i) REQUIRE(reads_all(reader, i % 2 == 0 ? small : large));
  CHECK(allocations == before);
}

#if TLSRPT_TEST_COUNTS
TEST_CASE("each allocation for an archive may fail, and the next call succeeds") {
  const std::string archive = archive_of(20);
  long needed = 0;
  for (bool is_read = false; !is_read; ++needed) {
    REQUIRE(needed < 20);
    tlsrpt::zip_reader<> reader;
    refused = allocations + needed;
    is_read = reads_all(reader, archive);
    refused = -1;
    REQUIRE(reads_all(reader, archive));
  }
  CHECK(needed >= 8);  // Entries and extents twice each, the content, and two of zlib; and none.
}

TEST_CASE("each allocation may fail, and the next call succeeds") {
  // A length that lies makes the buffer grow and zlib allocate its window.
  const std::string text = long_text(100'000);
  const std::string gzip = member{.text = text}.gzip() + member{.text = ""}.gzip();
  long needed = 0;
  for (errc code = errc::out_of_memory; code != errc::ok; ++needed) {
    REQUIRE(needed < 20);
    padded_buffer buffer;
    zlib_inflater decoder;
    const auto inflate = [&] {
      return tlsrpt::detail::gunzip(octets(gzip), buffer, decoder, limits(), tlsrpt::strict(),
                                    tlsrpt::ignore_diagnostics());
    };
    refused = allocations + needed;
    const tlsrpt::diagnostic error = inflate().error();
    code = error.code;
    refused = -1;
    if (needed == 0) CHECK(error.where.offset == 0);
    CHECK((code == errc::ok || code == errc::out_of_memory));
    const auto size = inflate();
    REQUIRE(size.has_value());
    CHECK(std::string_view(buffer.data(), *size) == text);
  }
  CHECK(needed >= 6);  // The buffer twice, z_stream, zlib's state, its window, and none.
}

TEST_CASE("WR-15: nothing is compressed, nor leaked, without memory") {
  char room[100];
  long needed = 0;
  errc code = errc::out_of_memory;
  for (; code != errc::ok; ++needed) {
    tlsrpt::span_output out(room);
    refused = allocations + needed;
    code = write_gzip(out, "abc").error().code;
    refused = -1;
    CHECK((code == errc::ok || code == errc::out_of_memory));
    CHECK((out.size() == 0) == (code != errc::ok));
  }
  CHECK(needed >= 3);
  tlsrpt::span_output out(room);
  const long before = allocations;
  CHECK(write_gzip(out, "abc", tlsrpt::compression::none).has_value());
  CHECK(allocations == before);
}
#endif

TEST_CASE("a call may throw only if its sink may") {
  padded_buffer buffer;
  zlib_inflater decoder;
  const limits l;
  const tlsrpt::lenient c;
  tlsrpt::ignore_diagnostics ignored;
  findings found;
  static_assert(noexcept(tlsrpt::detail::gunzip({}, buffer, decoder, l, c, ignored)));
  static_assert(!noexcept(tlsrpt::detail::gunzip({}, buffer, decoder, l, c, found)));
}
