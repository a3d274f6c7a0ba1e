#include <tlsrpt/tlsa_record.hpp>
#include <tlsrpt/path.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "policy_texts.hpp"

namespace {

using namespace policy_texts;

constexpr std::string_view digest_256 =
    "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1F0";

struct tlsa_example {
  std::string_view requirement, text;
  std::array<at, 3> found;
  int usage = 3, selector = 1, matching_type = 1;  ///< Negative: not readable.
  std::string_view data = digest_256;
};

#define DIGEST "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1F0"

constexpr tlsa_example tlsa_examples[] = {
    {"B-75", "3 1 1 " DIGEST, {}},
    {"B-77: DANE-TA, a whole certificate", "2 0 0 3082AbCd", {}, 2, 0, 0, "3082AbCd"},
    {"B-78: SHA2-512", "3 1 2 " DIGEST DIGEST, {}, 3, 1, 2, DIGEST DIGEST},
    {"B-77: private values", "255 255 255 00", {}, 255, 255, 255, "00"},
    {"B-77: numbers by value", "003 01 1 " DIGEST, {}},
    {"B-77: unassigned values",
     "4 2 3 00",
     {at{errc::tlsa_unassigned, whole, 0}, at{errc::tlsa_unassigned, whole, 2},
      at{errc::tlsa_unassigned, whole, 4}},
     4,
     2,
     3,
     "00"},
    {"B-79: PKIX-TA", "0 1 1 " DIGEST, {at{errc::tlsa_pkix_usage, whole, 0}}, 0},
    {"B-79: PKIX-EE", "1 1 1 " DIGEST, {at{errc::tlsa_pkix_usage, whole, 0}}, 1},

    {"names of RFC 7218",
     "DANE-EE SPKI sha2-256 " DIGEST,
     {at{errc::tlsa_mnemonic, whole, 0}, at{errc::tlsa_mnemonic, whole, 8},
      at{errc::tlsa_mnemonic, whole, 13}}},
    {"B-75: two spaces", "3  1 1 " DIGEST, {at{errc::tlsa_whitespace, whole, 1}}},
    {"B-75: a tab", "3 1 1\t" DIGEST, {at{errc::tlsa_whitespace, whole, 5}}},
    {"B-75: spaces around", " 3 1 1 " DIGEST " ", {at{errc::tlsa_whitespace, whole, 0}}},
    {"B-70: a line end", "3 1 1 " DIGEST "\r\n", {at{errc::policy_line_end, whole, 70}}},
    {"quoted", "\"3 1 1 " DIGEST "\"", {at{errc::policy_quoted, whole, 0}}},
    {"B-82: a trailing separator", "3 1 1 " DIGEST " ;", {at{errc::tlsa_semicolon, whole, 71}}},
    {"B-75: owner name, class and type",
     "_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 " DIGEST,
     {at{errc::tlsa_zone_syntax, whole, 0}}},
    {"B-75: only the type", "tlsa 3 1 1 " DIGEST, {at{errc::tlsa_zone_syntax, whole, 0}}},
    {"B-78: a digest that is too short",
     "3 1 1 0f1e",
     {at{errc::tlsa_digest_length, whole, 6}},
     3,
     1,
     1,
     "0f1e"},
    {"B-78: SHA2-512 with half its digits",
     "3 1 2 " DIGEST,
     {at{errc::tlsa_digest_length, whole, 6}},
     3,
     1,
     2},
    {"the digest of nothing",
     "3 1 1 E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
     {at{errc::tlsa_digest_of_nothing, whole, 6}},
     3,
     1,
     1,
     "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"},
    {"SHA2-512 of nothing",
     "2 0 2 cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
     {at{errc::tlsa_digest_of_nothing, whole, 6}},
     2,
     0,
     2,
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
    {"B-78: not DER", "3 0 0 " DIGEST, {at{errc::tlsa_not_der, whole, 6}}, 3, 0, 0},

    {"an empty text", "", {at{errc::tlsa_fields, whole, 0}}, -1},
    {"blanks", " ", {at{errc::tlsa_whitespace, whole, 0}, at{errc::tlsa_fields, whole, 1}}, -1},
    {"three fields", "3 1 " DIGEST, {at{errc::tlsa_fields, whole, 68}}, -1},
    {"glued numbers", "311 " DIGEST, {at{errc::tlsa_fields, whole, 68}}, -1},
    {"B-77: above 255", "256 1 1 " DIGEST, {at{errc::tlsa_number, whole, 0}}, -1},
    {"B-77: far above 255", "3 18446744073709551617 1 00", {at{errc::tlsa_number, whole, 2}}, -1},
    {"B-77: no number", "3 -1 1 " DIGEST, {at{errc::tlsa_number, whole, 2}}, -1},
    {"a name in the wrong field", "SPKI 1 1 " DIGEST, {at{errc::tlsa_number, whole, 0}}, -1},
    {"B-80: data in pieces", "3 1 1 0f1e 2d3c", {at{errc::tlsa_folded, whole, 10}}, -1},
    {"B-80: parentheses", "3 1 1 ( " DIGEST " )", {at{errc::tlsa_folded, whole, 6}}, -1},
    {"no hexadecimal digits", "3 1 1 0f1g", {at{errc::tlsa_not_hexadecimal, whole, 9}}, -1},
    {"a fingerprint with colons", "3 1 1 0f:1e", {at{errc::tlsa_not_hexadecimal, whole, 8}}, -1},
    {"B-78: odd digits", "3 1 1 0f1", {at{errc::tlsa_odd_digits, whole, 9}}, -1},
    {"B-82: two records", "3 1 1 0f;3 1 1 1e", {at{errc::tlsa_joined, whole, 8}}, -1},
    {"B-82: two lines", "3 1 1 0f\n3 1 1 1e", {at{errc::tlsa_joined, whole, 8}}, -1},
};

constexpr bool is_as_expected(const tlsrpt::tlsa_record_view& record, const tlsa_example& example) {
  if (record.text != example.text || record.readable() != (example.usage >= 0)) return false;
  return !record.readable() || (static_cast<int>(record.usage) == example.usage &&
                                static_cast<int>(record.selector) == example.selector &&
                                static_cast<int>(record.matching_type) == example.matching_type &&
                                record.data == example.data);
}

constexpr bool holds(const tlsa_example& example) {
  places found;
  const auto lenient = tlsrpt::parse_tlsa_record(example.text, found);
  if (!lenient || !is_as_expected(*lenient, example) || found.all != example.found) return false;
  const auto strict = tlsrpt::parse_tlsa_record<tlsrpt::strict>(example.text);
  const at refused = first_violation(example.found);
  return strict.has_value() ? refused.code == errc::ok
                            : place(strict.error().code, strict.error().where) == refused;
}

static_assert(std::ranges::all_of(tlsa_examples, [](const auto& x) { return holds(x); }));

}  // namespace

TEST_CASE("B-75 to B-80, G-11: each rule for TLSA records broken once") {
  for (const tlsa_example& example : tlsa_examples) {
    CAPTURE(example.requirement);
    places found;
    const auto record = tlsrpt::parse_tlsa_record(example.text, found);
    REQUIRE(record);
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size, 3); ++i) {
      CAPTURE(name(found.all[i].code));
      CHECK(found.all[i].offset == example.found[i].offset);
    }
    CHECK(is_as_expected(*record, example));
    CHECK(holds(example));
  }
}

TEST_CASE("B-77: the names of the numbers") {
  using tlsrpt::tlsa_matching_type;
  using tlsrpt::tlsa_selector;
  using tlsrpt::tlsa_usage;
  CHECK(name(tlsa_usage::pkix_ta) == "PKIX-TA");
  CHECK(name(tlsa_usage::pkix_ee) == "PKIX-EE");
  CHECK(name(tlsa_usage::dane_ta) == "DANE-TA");
  CHECK(name(tlsa_usage::dane_ee) == "DANE-EE");
  CHECK(name(tlsa_usage::priv_cert) == "PrivCert");
  CHECK(name(static_cast<tlsa_usage>(4)) == "");
  CHECK(name(tlsa_selector::cert) == "Cert");
  CHECK(name(tlsa_selector::spki) == "SPKI");
  CHECK(name(tlsa_selector::priv_sel) == "PrivSel");
  CHECK(name(tlsa_matching_type::full) == "Full");
  CHECK(name(tlsa_matching_type::sha2_256) == "SHA2-256");
  CHECK(name(tlsa_matching_type::sha2_512) == "SHA2-512");
  CHECK(name(tlsa_matching_type::priv_match) == "PrivMatch");
}

TEST_CASE("the octets of a TLSA record") {
  const auto record = tlsrpt::parse_tlsa_record("2 0 0 30fFaB");
  REQUIRE(record);
  std::vector<std::byte> octets;
  record->decode_to(octets);
  CHECK(octets == std::vector{std::byte{0x30}, std::byte{0xff}, std::byte{0xab}});
  char small[2];
  tlsrpt::span_output out(small);
  record->decode_to(out);
  CHECK(out.text() == "\x30\xff");
  CHECK(out.size() == 3);
  octets.clear();
  tlsrpt::parse_tlsa_record("2 0 0 30f").value().decode_to(octets);
  CHECK(octets.empty());
}

TEST_CASE("B-76: one bad element hides no other") {
  const texts elements = {"3 1 1 " DIGEST, "3 1 1", "", "2 1 1 " DIGEST " "};
  std::vector<at> found;
  const auto rrset = tlsrpt::parse_tlsa_rrset(
      elements, [&](const auto& d) { found.push_back(place(d.code, d.where)); });
  REQUIRE(rrset);
  CHECK(found == std::vector<at>{{errc::tlsa_fields, 1, 5},
                                 {errc::tlsa_fields, 2, 0},
                                 {errc::tlsa_whitespace, 3, 0}});
  texts seen;
  std::string readable;
  for (const tlsrpt::tlsa_record_view& record : rrset->records()) {
    seen.push_back(record.text);
    readable += record.readable() ? 'y' : 'n';
  }
  CHECK(seen == elements);
  CHECK(readable == "ynny");
  static_assert(std::forward_iterator<decltype(rrset->records().begin())>);
  const auto refused = tlsrpt::parse_tlsa_rrset<tlsrpt::strict>(elements);
  CHECK(place(refused.error().code, refused.error().where) == at{errc::tlsa_fields, 1, 5});
  CHECK(path(refused.error().where) == "/policy-string/1");
}

TEST_CASE("B-84: RRsets are compared as sets") {
  using tlsrpt::same_tlsa_set;
  using tlsrpt::tlsa_set_hash;
  const auto same = [](const texts& x, const texts& y) {
    const bool result = same_tlsa_set(x, y);
    CHECK(same_tlsa_set(y, x) == result);
    CHECK((tlsa_set_hash(x) == tlsa_set_hash(y)) == result);
    return result;
  };
  CHECK(same({}, {}));
  CHECK(same({"3 1 1 aB", "2 1 1 cd"}, {"02 1 1 CD", "3 1 1 Ab"}));
  CHECK(same({"3 1 1 ab", "3 1 1 ab", "2 1 1 cd"}, {"2 1 1 cd", "2  1 1 cd", "3 1 1 ab"}));
  CHECK(same({"DANE-EE SPKI SHA2-256 ab"}, {"_25._tcp.a. IN TLSA 3 1 1 ab"}));
  CHECK(same({"3 1 1 ab", "bad"}, {"bad", "3 1 1 ab"}));
  CHECK_FALSE(same({"3 1 1 ab"}, {}));
  CHECK_FALSE(same({"3 1 1 ab"}, {"3 1 1 ab", "3 1 1 ac"}));
  CHECK_FALSE(same({"3 1 1 ab"}, {"3 1 1 abab"}));
  CHECK_FALSE(same({"3 1 1 ab"}, {"3 1 2 ab"}));
  CHECK_FALSE(same({"3 1 1 ab"}, {"3 0 1 ab"}));
  CHECK_FALSE(same({"3 1 1 ab"}, {"2 1 1 ab"}));
  CHECK_FALSE(same({"bad"}, {"BAD"}));
  CHECK_FALSE(same({"3 1 1 "}, {"3 1 1"}));
  CHECK_FALSE(same({"a", "b", "c"}, {"a", "b", "d"}));

  // The order: by number, then data, what is not readable last.
  texts order = {"x",         "3 1 1 b0", "3 1 1 0b",   "3 0 1 ff",
                 "10 1 1 00", "2 1 1 ff", "3 1 1 b000", "a"};
  std::sort(order.begin(), order.end(),
            [](std::string_view x, std::string_view y) { return tlsrpt::tlsa_order(x, y) < 0; });
  CHECK(order ==
        texts{"2 1 1 ff", "3 0 1 ff", "3 1 1 0b", "3 1 1 b0", "3 1 1 b000", "10 1 1 00", "a", "x"});

  // At the limit a set, above it a sequence.
  std::vector<std::string> many;
  for (std::size_t i = 0; i <= tlsrpt::max_tlsa_records; ++i) {
    std::string digits = "000" + std::to_string(i);
    many.push_back("3 1 1 " + digits.substr(digits.size() - 4));
  }
  const texts in_order(many.begin(), many.end());
  const texts reversed(many.rbegin(), many.rend());
  const std::span<const std::string_view> x(in_order), y(reversed);
  CHECK(same_tlsa_set(x.first(tlsrpt::max_tlsa_records), y.last(tlsrpt::max_tlsa_records)));
  CHECK_FALSE(same_tlsa_set(x.first(tlsrpt::max_tlsa_records), y.first(tlsrpt::max_tlsa_records)));
  CHECK(same_tlsa_set(x.subspan(1), y.first(tlsrpt::max_tlsa_records)));
  CHECK_FALSE(same_tlsa_set(x, y));
  CHECK(same_tlsa_set(x, x));
  CHECK(tlsa_set_hash(x) == tlsa_set_hash(y));

  // So with the octets.
  const std::string at_limit = "3 1 1 ab" + std::string(tlsrpt::max_tlsa_octets - 16, ' ');
  const std::string above_limit = at_limit + ' ';
  const texts short_ones = {"3 1 1 cd", "3 1 1 ab"};
  CHECK(same_tlsa_set(texts{at_limit, "3 1 1 cd"}, short_ones));
  CHECK_FALSE(same_tlsa_set(texts{above_limit, "3 1 1 cd"}, short_ones));
  CHECK(same_tlsa_set(texts{"3 1 1 cd", above_limit}, short_ones));
}

TEST_CASE("TLSA records from the grammar are read back equal") {
  generator make;
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t usage = make.below(256), selector = make.below(256), type = make.below(256);
    const std::size_t size = type == 1 ? 32 : type == 2 ? 64 : 1 + make.below(100);
    std::vector<std::byte> octets(size);
    std::string text =
        std::to_string(usage) + ' ' + std::to_string(selector) + ' ' + std::to_string(type) + ' ';
    const std::string digits = make.coin() ? "0123456789abcdef" : "0123456789ABCDEF";
    for (std::size_t i = 0; i < size; ++i) {
      octets[i] = i == 0 && type == 0 ? std::byte{0x30} : static_cast<std::byte>(make.below(256));
      text += digits[std::to_integer<std::size_t>(octets[i]) >> 4];
      text += digits[std::to_integer<std::size_t>(octets[i]) & 15];
    }
    CAPTURE(text);
    const auto record = tlsrpt::parse_tlsa_record<tlsrpt::strict>(text);
    REQUIRE(record);
    CHECK(static_cast<std::size_t>(record->usage) == usage);
    CHECK(static_cast<std::size_t>(record->selector) == selector);
    CHECK(static_cast<std::size_t>(record->matching_type) == type);
    std::vector<std::byte> decoded;
    record->decode_to(decoded);
    CHECK(decoded == octets);
  }
}

TEST_CASE("TLSA records in order: numbers by value, then data, then what is not readable") {
  const texts in_order = {"0 0 0 30", "PKIX-EE 0 0 30", "2 0 0 30",   "3 0 0 30",
                          "3 1 0 30", "3 1 1 0a",       "3 1 1 0a00", "3 1 1 0B",
                          "3 1 1 A0", "3 1 2 00",       "10 1 2 00",  "255 0 0 30",
                          "",         "3 1 1",          "3 1 1 0",    "not a record"};
  for (std::size_t i = 0; i < in_order.size(); ++i)
    for (std::size_t j = 0; j < in_order.size(); ++j) {
      CAPTURE(in_order[i]);
      CAPTURE(in_order[j]);
      CHECK(tlsrpt::tlsa_order(in_order[i], in_order[j]) == (i <=> j));
    }
  CHECK(tlsrpt::tlsa_order("3 1 1 aB", "DANE-EE SPKI SHA2-256 Ab") == 0);
  CHECK(tlsrpt::tlsa_order("x", "X") != 0);
}
