#include <tlsrpt/policy_text.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using tlsrpt::errc;
using tlsrpt::sts_key;
using tlsrpt::sts_mode;

using texts = std::vector<std::string_view>;

/// A finding, or a reason for refusal: its code, its element and its octet there.
struct at {
  errc code = errc::ok;
  std::uint32_t element = 0;
  std::size_t offset = 0;
  constexpr bool operator==(const at&) const = default;
};

constexpr std::uint32_t whole = tlsrpt::location::npos;

constexpr at place(errc code, const tlsrpt::location& where) {
  return {code, where.element, where.offset};
}

// ---- MTA-STS policies

struct sts_example {
  std::string_view requirement;
  std::array<std::string_view, 6> lines;  ///< The empty ones at the end do not count.
  std::array<at, 3> found;                ///< In lenient mode.
  std::string_view version = "STSv1";
  sts_mode mode = sts_mode::enforce;
  std::optional<std::uint64_t> max_age = 604800;
  std::array<std::string_view, 2> mx = {"mx.example.com"};

  constexpr std::span<const std::string_view> used_lines() const {
    std::size_t size = lines.size();
    while (size > 0 && lines[size - 1].data() == nullptr) --size;
    return {lines.data(), size};
  }
};

constexpr std::string_view v = "version: STSv1", e = "mode: enforce", m = "mx: mx.example.com",
                           a = "max_age: 604800";

constexpr sts_example sts_examples[] = {
    {"B-63", {v, e, m, a}, {}},
    {"B-67: any order", {m, a, e, v}, {}},
    {"B-66: no blank behind the colon is needed",
     {"version:STSv1", "mode:enforce", "mx:mx.example.com", "max_age:604800"},
     {}},
    {"B-66: blanks behind the colon and at the end",
     {"version:  STSv1 ", "mode:\tenforce \t", m, a},
     {}},
    {"mode testing", {v, "mode: testing", m, a}, {}, "STSv1", sts_mode::testing},
    {"B-72: mode none needs no mx", {v, "mode: none", a}, {}, "STSv1", sts_mode::none, 604800, {}},
    {"mode none with mx", {v, "mode: none", m, a}, {}, "STSv1", sts_mode::none},
    {"several mx, a wildcard",
     {v, e, "mx: *.example.com", "mx: b.example", a},
     {},
     "STSv1",
     sts_mode::enforce,
     604800,
     {"*.example.com", "b.example"}},
    {"max_age of 10 digits", {v, e, m, "max_age: 0000604800"}, {}},
    {"B-69: the most", {v, e, m, "max_age: 31557600"}, {}, "STSv1", sts_mode::enforce, 31557600},
    {"a day", {v, e, m, "max_age: 86400"}, {}, "STSv1", sts_mode::enforce, 86400},
    {"B-68: unknown keys", {v, e, m, a, "x-1.y_z: \xc3\xa9 b"}, {at{errc::sts_unknown_key, 4, 0}}},
    {"an extension of 32 octets",
     {v, e, m, a, "abcdefghijklmnopqrstuvwxyz012345: 1"},
     {at{errc::sts_unknown_key, 4, 0}}},

    {"B-66: key in another case",
     {"Version: STSv1", e, "MX: mx.example.com", "max-age: 604800"},
     {at{errc::sts_misspelt_key, 0, 0}, at{errc::sts_misspelt_key, 2, 0},
      at{errc::sts_misspelt_key, 3, 0}}},
    {"B-66: values in another case",
     {"version: stsV1", "mode: Enforce", m, a},
     {at{errc::sts_value_case, 0, 9}, at{errc::sts_value_case, 1, 6}},
     "stsV1"},
    {"B-66: blank before the colon", {v, "mode : enforce", m, a}, {at{errc::sts_whitespace, 1, 4}}},
    {"B-66: blank at line start", {v, " mode: enforce", m, a}, {at{errc::sts_whitespace, 1, 0}}},
    {"B-70: CR left",
     {"version: STSv1\r", "mode: enforce \r", m, a},
     {at{errc::policy_line_end, 0, 14}, at{errc::policy_line_end, 1, 14}}},
    {"B-63: LF and CRLF left",
     {"version: STSv1\r\n", "mode: enforce\n", m, a},
     {at{errc::policy_line_end, 0, 14}, at{errc::policy_line_end, 1, 13}}},
    {"B-63: lines in one element",
     {"version: STSv1\r\nmode: enforce\nmx: mx.example.com", a},
     {at{errc::joined_policy_string, 0, 15}}},
    {"an empty line",
     {v, "", e, " ", m, a},
     {at{errc::sts_empty_line, 1, 0}, at{errc::sts_empty_line, 3, 0}}},
    {"a byte order mark",
     {"\xef\xbb\xbfversion: STSv1", e, m, a},
     {at{errc::sts_byte_order_mark, 0, 0}}},
    {"a line without colon", {v, e, m, a, "mode=none"}, {at{errc::sts_line_without_colon, 4, 0}}},
    {"no colon anywhere",
     {"version STSv1", e, m, a},
     {at{errc::sts_line_without_colon, 0, 0}, at{errc::sts_missing_version, whole, 0}},
     ""},
    {"key of 33 octets",
     {v, e, m, a, "abcdefghijklmnopqrstuvwxyz0123456: 1"},
     {at{errc::sts_key_syntax, 4, 32}}},
    {"no key", {v, e, m, a, ": 1"}, {at{errc::sts_key_syntax, 4, 0}}},
    {"an octet no key may have", {v, e, m, a, "a/b: 1"}, {at{errc::sts_key_syntax, 4, 1}}},
    {"a comment", {v, e, m, a, "# mode: none"}, {at{errc::sts_key_syntax, 4, 0}}},
    {"quoted line", {v, "\"mode: enforce\"", m, a}, {at{errc::policy_quoted, 1, 0}}},
    {"quoted values",
     {v, "mode: \"enforce\"", "mx: 'mx.example.com'", a},
     {at{errc::policy_quoted, 1, 6}, at{errc::policy_quoted, 2, 4}}},
    {"no version", {e, m, a}, {at{errc::sts_missing_version, whole, 0}}, ""},
    {"no mode", {v, m, a}, {at{errc::sts_missing_mode, whole, 0}}, "STSv1", sts_mode::unknown},
    {"no max_age",
     {v, e, m},
     {at{errc::sts_missing_max_age, whole, 0}},
     "STSv1",
     sts_mode::enforce,
     std::nullopt},
    {"no mx",
     {v, e, a},
     {at{errc::sts_missing_mx, whole, 0}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {}},
    {"another version",
     {"version: STSv2", e, m, a},
     {at{errc::sts_unknown_version, 0, 9}},
     "STSv2"},
    {"another mode",
     {v, "mode: report", m, a},
     {at{errc::sts_unknown_mode, 1, 6}},
     "STSv1",
     sts_mode::unknown},
    {"empty values",
     {v, "mode:", "mx: ", a},
     {at{errc::sts_empty_value, 1, 5}, at{errc::sts_empty_value, 2, 3}},
     "STSv1",
     sts_mode::unknown,
     604800,
     {}},
    {"B-68: the first counts",
     {v, "mode: testing", e, m, a, "max_age: 1"},
     {at{errc::sts_repeated_key, 2, 0}, at{errc::sts_repeated_key, 5, 0}},
     "STSv1",
     sts_mode::testing},
    {"B-68: the first counts, even when it says nothing",
     {v, "mode: x", e, m, a},
     {at{errc::sts_unknown_mode, 1, 6}, at{errc::sts_repeated_key, 2, 0}},
     "STSv1",
     sts_mode::unknown},
    {"a key in its right spelling counts before others",
     {v, "Mode: testing", e, m, a},
     {at{errc::sts_misspelt_key, 1, 0}}},
    {"a misspelt key behind the right one",
     {v, e, "Mode: testing", m, a},
     {at{errc::sts_misspelt_key, 2, 0}, at{errc::sts_repeated_key, 2, 0}}},
    {"B-69: max_age above the most",
     {v, e, m, "max_age: 31557601"},
     {at{errc::sts_max_age_too_large, 3, 9}},
     "STSv1",
     sts_mode::enforce,
     31557601},
    {"max_age of 11 digits",
     {v, e, m, "max_age: 00000604800"},
     {at{errc::sts_max_age_syntax, 3, 9}}},
    {"max_age with a unit",
     {v, e, m, "max_age: 604800s"},
     {at{errc::sts_max_age_syntax, 3, 9}},
     "STSv1",
     sts_mode::enforce,
     std::nullopt},
    {"max_age of 2^64",
     {v, e, m, "max_age: 18446744073709551616"},
     {at{errc::sts_max_age_syntax, 3, 9}},
     "STSv1",
     sts_mode::enforce,
     std::nullopt},
    {"max_age below zero",
     {v, e, m, "max_age: -1"},
     {at{errc::sts_max_age_syntax, 3, 9}},
     "STSv1",
     sts_mode::enforce,
     std::nullopt},
    {"max_age below a day",
     {v, e, "max_age: 86399", m},
     {at{errc::sts_max_age_short, 2, 9}},
     "STSv1",
     sts_mode::enforce,
     86399},
    {"a policy that is given up may be forgotten soon",
     {v, "mode: none", "max_age: 0"},
     {},
     "STSv1",
     sts_mode::none,
     0,
     {}},
    {"several hosts in a line",
     {v, e, "mx: a.example, b.example", "mx: a.example b.example", a},
     {at{errc::sts_mx_list, 2, 13}, at{errc::sts_mx_list, 3, 13}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {"a.example, b.example", "a.example b.example"}},
    {"mx with addresses",
     {v, e, "mx: 192.0.2.1", "mx: [2001:db8::1]", a},
     {at{errc::sts_mx_address, 2, 4}, at{errc::sts_mx_address, 3, 4}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {"192.0.2.1", "[2001:db8::1]"}},
    {"mx with trailing dots",
     {v, e, "mx: mx.example.com.", "mx: *.example.com.", a},
     {at{errc::sts_mx_trailing_dot, 2, 18}, at{errc::sts_mx_trailing_dot, 3, 17}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {"mx.example.com.", "*.example.com."}},
    {"B-53: U-labels",
     {v, e,
      "mx: b\xc3\xbc"
      "cher.example",
      a},
     {at{errc::u_label, 2, 5}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {"b\xc3\xbc"
      "cher.example"}},
    {"B-71: wildcards elsewhere",
     {v, e, "mx: *", "mx: mx.*.example", a},
     {at{errc::sts_mx_pattern, 2, 4}, at{errc::sts_mx_pattern, 3, 4}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {"*", "mx.*.example"}},
    {"B-71: the dot of a draft, a URL",
     {v, e, "mx: .example.com", "mx: https://example.com", a},
     {at{errc::sts_mx_pattern, 2, 4}, at{errc::sts_mx_pattern, 3, 4}},
     "STSv1",
     sts_mode::enforce,
     604800,
     {".example.com", "https://example.com"}},
    {"control characters",
     {v, e, m, a, "x: a\tb", "y: \x7f"},
     {at{errc::sts_unknown_key, 4, 0}, at{errc::sts_control_character, 4, 4},
      at{errc::sts_unknown_key, 5, 0}}},
    {"bad UTF-8",
     {v, e, m, a, "x: a\xc3"},
     {at{errc::sts_unknown_key, 4, 0}, at{errc::sts_invalid_utf8, 4, 4}}},
};

/// Collects places; is a sink.
struct places {
  std::array<at, 3> all{};
  std::size_t size = 0;
  constexpr void operator()(const tlsrpt::diagnostic& d) {
    if (size < all.size()) all[size] = place(d.code, d.where);
    ++size;
  }
};

constexpr bool is_as_expected(const tlsrpt::sts_policy_view& policy, const sts_example& example) {
  std::size_t patterns = 0;
  for (std::string_view pattern : policy.mx())
    if (patterns == example.mx.size() || pattern != example.mx[patterns++]) return false;
  return (patterns == example.mx.size() || example.mx[patterns].empty()) &&
         policy.version() == example.version && policy.mode().value == example.mode &&
         policy.max_age() == example.max_age;
}

/// The first place that strict mode refuses.
constexpr at first_violation(const std::array<at, 3>& found) {
  for (const at& f : found)
    if (f.code != errc::ok && grade_of(f.code) == tlsrpt::grade::violation) return f;
  return {};
}

constexpr bool holds(const sts_example& example) {
  places found;
  const auto lenient = tlsrpt::parse_sts_policy(example.used_lines(), found);
  if (!lenient || !is_as_expected(*lenient, example)) return false;
  if (found.size > 3 && example.found[2].code == errc::ok) return false;
  if (found.all != example.found) return false;
  const auto strict = tlsrpt::parse_sts_policy<tlsrpt::strict>(example.used_lines());
  const at refused = first_violation(example.found);
  // The table has room for three findings; a fourth may be the violation.
  if (refused.code == errc::ok && found.size > 3) return !strict.has_value();
  return strict.has_value() ? refused.code == errc::ok
                            : place(strict.error().code, strict.error().where) == refused;
}

static_assert(std::ranges::all_of(sts_examples, [](const auto& x) { return holds(x); }));

// ---- TLSA records

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
    {"B-75: two blanks", "3  1 1 " DIGEST, {at{errc::tlsa_whitespace, whole, 1}}},
    {"B-75: a tab", "3 1 1\t" DIGEST, {at{errc::tlsa_whitespace, whole, 5}}},
    {"B-75: blanks around", " 3 1 1 " DIGEST " ", {at{errc::tlsa_whitespace, whole, 0}}},
    {"B-70: a line end", "3 1 1 " DIGEST "\r\n", {at{errc::policy_line_end, whole, 70}}},
    {"quoted", "\"3 1 1 " DIGEST "\"", {at{errc::policy_quoted, whole, 0}}},
    {"B-82: a separator behind", "3 1 1 " DIGEST " ;", {at{errc::tlsa_semicolon, whole, 71}}},
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

static_assert(name(static_cast<sts_mode>(4)).empty() && name(sts_mode::none) == "none");

}  // namespace

TEST_CASE("B-63 to B-72, G-11: each rule for MTA-STS policies broken once") {
  for (const sts_example& example : sts_examples) {
    CAPTURE(example.requirement);
    places found;
    const auto policy = tlsrpt::parse_sts_policy(example.used_lines(), found);
    REQUIRE(policy);
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size, 3); ++i)
      CAPTURE(name(found.all[i].code));
    CHECK(is_as_expected(*policy, example));
    CHECK(found.all == example.found);
    CHECK(holds(example));
  }
}

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

TEST_CASE("B-70: a policy that is one text") {
  const std::string text =
      "version: STSv1\r\nmode: testing\n\nmx: *.example.com\r\nx: 1\r\n mx: b.example\r\r\n"
      "max_age: 604800";
  std::vector<at> found;
  const auto policy = tlsrpt::parse_sts_policy(std::string_view(text), [&](const auto& d) {
    CHECK(d.where.member == tlsrpt::field::none);
    found.push_back(place(d.code, d.where));
  });
  REQUIRE(policy);
  CHECK(policy->mode().value == sts_mode::testing);
  CHECK(policy->max_age() == 604800);
  const texts mx(policy->mx().begin(), policy->mx().end());
  CHECK(mx == texts{"*.example.com", "b.example"});
  CHECK(found == std::vector<at>{{errc::sts_empty_line, whole, 30},
                                 {errc::sts_unknown_key, whole, 50},
                                 {errc::policy_line_end, whole, 70},
                                 {errc::sts_whitespace, whole, 56}});
  texts lines(policy->lines().begin(), policy->lines().end());
  CHECK(lines == texts{"version: STSv1", "mode: testing", "", "mx: *.example.com", "x: 1",
                       " mx: b.example", "max_age: 604800"});
  constexpr std::string_view conforming =
      "version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 604800\r\n";
  CHECK(tlsrpt::parse_sts_policy<tlsrpt::strict>(conforming).has_value());
  CHECK(tlsrpt::parse_sts_policy<tlsrpt::strict>("").error().code == errc::sts_missing_version);
  CHECK(tlsrpt::parse_sts_policy("").value().lines().begin() ==
        tlsrpt::parse_sts_policy("").value().lines().end());
}

TEST_CASE("a policy's ranges, and its lines one by one") {
  const texts lines = {v,
                       "\xef\xbb\xbfMode : enforce\r",
                       "x.1: a b",
                       "no key",
                       "mx: a.example",
                       "mx:",
                       "MX: \"b.example\"",
                       "-: bad"};
  const auto policy = tlsrpt::parse_sts_policy(lines);
  REQUIRE(policy);
  std::string written;
  for (const tlsrpt::sts_field_view& f : policy->fields())
    written += std::string(f.name) + '=' + std::string(f.value) + ' ';
  CHECK(written == "version=STSv1 Mode=enforce x.1=a b mx=a.example mx= MX=b.example ");
  written.clear();
  for (const tlsrpt::sts_field_view& f : policy->extensions()) written += f.name;
  CHECK(written == "x.1");
  CHECK(texts(policy->mx().begin(), policy->mx().end()) == texts{"a.example", "b.example"});
  static_assert(std::forward_iterator<decltype(policy->mx().begin())>);
  static_assert(std::forward_iterator<decltype(policy->fields().begin())>);

  CHECK(tlsrpt::read_sts_line("max_age: 1\r\n").key == sts_key::max_age);
  CHECK(tlsrpt::read_sts_line("max_age: 1\r\n").value == "1");
  CHECK(tlsrpt::read_sts_line("mx").key == sts_key::none);
  CHECK(tlsrpt::read_sts_line("").key == sts_key::none);
  CHECK(tlsrpt::match_sts_mode("NONE").value == sts_mode::none);
  CHECK_FALSE(tlsrpt::match_sts_mode("NONE").exact);
  CHECK(name(sts_mode::testing) == "testing");
  CHECK(name(sts_mode::unknown) == "");
  CHECK(tlsrpt::sts_policy_view().mx().begin() == tlsrpt::sts_policy_view().mx().end());
}

TEST_CASE("a location says where the text in question stands") {
  const texts lines = {v, " mode: Enforce", "mx: mx.example.com.", a};
  std::size_t count = 0;
  const auto sink = [&](const tlsrpt::diagnostic& d) {
    ++count;
    REQUIRE(d.where.element < lines.size());
    CHECK(d.where.member == tlsrpt::field::policy_string);
    CHECK(d.where.offset <= lines[d.where.element].size());
    CHECK(d.subject.data() >= lines[d.where.element].data());
  };
  CHECK(tlsrpt::parse_sts_policy(lines, sink).has_value());
  CHECK(count == 3);
  const auto refused = tlsrpt::parse_sts_policy<tlsrpt::strict>(lines);
  CHECK(path(refused.error().where) == "/policy-string/1");

  struct wants_short_policies : tlsrpt::lenient {
    static constexpr bool accepts(errc c) noexcept {
      return c != errc::sts_max_age_short && lenient::accepts(c);
    }
  };
  const texts brief = {v, e, m, "max_age: 1"};
  CHECK(tlsrpt::parse_sts_policy<wants_short_policies>(brief).error().code ==
        errc::sts_max_age_short);
  CHECK(tlsrpt::parse_sts_policy<tlsrpt::strict>(brief).has_value());
}

TEST_CASE("B-71: hosts and the patterns of a policy") {
  const texts lines = {v, e, "mx: *.Example.com", "mx: mx.example.net.", "mx: a.test, b.test", a};
  const auto policy = tlsrpt::parse_sts_policy(lines);
  REQUIRE(policy);
  for (std::string_view host : {"mail.example.com", "MAIL.EXAMPLE.COM.", "mx.example.net"})
    CHECK(policy->matches(host));
  for (std::string_view host : {"example.com", "a.b.example.com", "example.net", "a.test", ""})
    CHECK_FALSE(policy->matches(host));
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

namespace {

/// Makes texts from the grammars, the same ones each time.
class generator {
 public:
  std::size_t below(std::size_t end) { return random_() % end; }
  bool coin() { return below(2) == 0; }
  std::string octets_of(std::string_view set, std::size_t size) {
    std::string text;
    while (text.size() < size) text += set[below(set.size())];
    return text;
  }
  std::string blanks() { return octets_of(" \t", below(3)); }
  std::string domain() {
    std::string name;
    for (std::size_t labels = 1 + below(4); labels > 0; --labels) {
      name += octets_of("abcxyzABCXYZ0189", 1 + below(10));
      if (coin()) name += '-' + octets_of("az09", 1 + below(3));
      if (labels > 1) name += '.';
    }
    return name + ".example";  // so that it is no address
  }
  std::string extension_key() { return "x" + octets_of("abzABZ019_-.", below(32)); }
  std::string value() {
    constexpr std::array<std::string_view, 6> pieces = {"a", "Z",        "~",
                                                        "!", "\xc3\xa9", "\xf0\x9f\x98\x80"};
    std::string text(pieces[below(4)]);
    for (std::size_t size = below(20); size > 0; --size) {
      if (coin()) text += ' ';
      text += pieces[below(pieces.size())];
    }
    return text;
  }

 private:
  std::mt19937 random_{8461};
};

}  // namespace

TEST_CASE("policies from the grammar are read back equal") {
  generator make;
  for (int round = 0; round < 2'000; ++round) {
    const std::string mode = std::array{"testing", "enforce", "none"}[make.below(3)];
    const std::uint64_t age = make.below(tlsrpt::largest_max_age + 1);
    std::vector<std::string> lines = {"version:" + make.blanks() + "STSv1" + make.blanks(),
                                      "mode:" + make.blanks() + mode + make.blanks(),
                                      "max_age:" + make.blanks() + std::to_string(age)};
    std::vector<std::string> mx, extensions;
    for (std::size_t i = make.below(5) + (mode == "none" ? 0 : 1); i > 0; --i) {
      mx.push_back((make.coin() ? "*." : "") + make.domain());
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(lines.size() - make.below(2)),
                   "mx:" + make.blanks() + mx.back() + make.blanks());
    }
    mx.clear();
    for (std::size_t i = make.below(3); i > 0; --i)
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(make.below(lines.size() + 1)),
                   make.extension_key() + ":" + make.blanks() + make.value() + make.blanks());
    for (const std::string& line : lines) {
      if (line.starts_with("mx:")) mx.push_back(line.substr(line.find_first_not_of(" \t", 3)));
      if (line.starts_with("x")) extensions.push_back(line.substr(0, line.find(':')));
    }
    for (std::string& pattern : mx) pattern.erase(pattern.find_last_not_of(" \t") + 1);

    const std::string end = make.coin() ? "\n" : "\r\n";
    std::string text;
    for (const std::string& line : lines) text += line + end;
    if (make.coin()) text.resize(text.size() - end.size());
    CAPTURE(text);
    const texts elements(lines.begin(), lines.end());
    const auto notes_only = [](const tlsrpt::diagnostic& d) {
      CHECK((d.code == errc::sts_unknown_key || d.code == errc::sts_max_age_short));
    };
    const auto of_lines = tlsrpt::parse_sts_policy<tlsrpt::strict>(elements, notes_only);
    const auto of_text =
        tlsrpt::parse_sts_policy<tlsrpt::strict>(std::string_view(text), notes_only);
    REQUIRE(of_lines);
    REQUIRE(of_text);
    for (const tlsrpt::sts_policy_view& policy : {*of_lines, *of_text}) {
      CHECK(policy.version() == "STSv1");
      CHECK(policy.mode().text == mode);
      CHECK(name(policy.mode().value) == mode);
      CHECK(policy.max_age() == age);
      CHECK(std::vector<std::string>(policy.mx().begin(), policy.mx().end()) == mx);
      CHECK(texts(policy.lines().begin(), policy.lines().end()) == elements);
      std::vector<std::string> keys;
      for (const tlsrpt::sts_field_view& f : policy.extensions()) {
        keys.emplace_back(f.name);
        CHECK(text.find(f.value) != std::string::npos);
      }
      CHECK(keys == extensions);
    }
    for (const std::string& pattern : mx)
      CHECK(of_lines->matches(pattern.starts_with('*') ? "any" + pattern.substr(1) : pattern));
  }
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

TEST_CASE("changed texts: what strict accepts lenient reads the same, and views lie in the text") {
  generator make;
  const std::string octets =
      "version: STSv1\r\nmode enforce max_age 604800 mx *.\"',;():3 1 1 af\t\xc3\xbf";
  const auto inside = [](std::string_view view, std::string_view text) {
    return view.empty() ||
           (view.data() >= text.data() && view.data() + view.size() <= text.data() + text.size());
  };
  std::size_t accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = make.coin()
                           ? "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800\n"
                           : "3 1 1 " DIGEST;
    for (std::size_t changes = make.below(4); changes > 0; --changes) {
      const std::size_t i = make.below(text.size());
      if (make.coin())
        text[i] = octets[make.below(octets.size())];
      else
        text.insert(i, 1, octets[make.below(octets.size())]);
    }
    CAPTURE(text);
    const std::string_view view = text;
    const auto sink = [&](const tlsrpt::diagnostic& d) {
      REQUIRE(d.where.offset <= view.size());
      REQUIRE(inside(d.subject, view));
    };
    const auto policy = tlsrpt::parse_sts_policy(view, sink);
    REQUIRE(policy);
    const auto strict_policy = tlsrpt::parse_sts_policy<tlsrpt::strict>(view);
    if (strict_policy) {
      ++accepted;
      REQUIRE(strict_policy->mode().value == policy->mode().value);
      REQUIRE(strict_policy->max_age() == policy->max_age());
    }
    std::size_t octets_of_lines = 0;
    for (std::string_view line : policy->lines()) {
      REQUIRE(inside(line, view));
      octets_of_lines += line.size();
    }
    REQUIRE(octets_of_lines <= view.size());
    for (std::string_view pattern : policy->mx()) REQUIRE(inside(pattern, view));

    const auto record = tlsrpt::parse_tlsa_record(view, sink);
    REQUIRE(record);
    REQUIRE(inside(record->data, view));
    const auto strict_record = tlsrpt::parse_tlsa_record<tlsrpt::strict>(view);
    if (strict_record) {
      ++accepted;
      REQUIRE(strict_record->data == record->data);
    }
    REQUIRE(tlsrpt::tlsa_order(view, view) == 0);
    const std::array<std::string_view, 1> one = {view};
    REQUIRE(tlsrpt::same_tlsa_set(one, one));
  }
  CHECK(accepted > 2'000);
}

TEST_CASE("a million lines, and lines of a million octets, take linear time") {
  const std::string long_line(1'000'000, ' '), colons(1'000'000, ':'), dots(1'000'000, '.');
  const std::string feeds(1'000'000, '\n'), returns(1'000'000, '\r'), quotes(1'000'000, '"');
  const auto started = std::chrono::steady_clock::now();
  for (std::string_view line : {std::string_view("mx: a.example"), std::string_view("Mode: x"),
                                std::string_view("no colon"), std::string_view()}) {
    const texts lines(1'000'000, line);
    std::size_t count = 0;
    const auto policy = tlsrpt::parse_sts_policy(lines, [&](const auto&) { ++count; });
    REQUIRE(policy);
    CHECK(std::ranges::distance(policy->lines()) == 1'000'000);
    CHECK_FALSE(policy->matches("b.example"));
    REQUIRE(tlsrpt::parse_tlsa_rrset(lines));
    CHECK(tlsrpt::same_tlsa_set(lines, lines));
    CHECK(tlsrpt::tlsa_set_hash(lines) == tlsrpt::tlsa_set_hash(std::span(lines).first(1)));
  }
  for (const std::string& text : {long_line, colons, dots, feeds, returns, quotes, "mx:" + dots,
                                  "max_age:" + std::string(1'000'000, '9')}) {
    const std::string_view one = text;
    const texts elements = {one};
    std::size_t count = 0;
    REQUIRE(tlsrpt::parse_sts_policy(one, [&](const auto&) { ++count; }));
    REQUIRE(tlsrpt::parse_sts_policy(elements, [&](const auto&) { ++count; }));
    REQUIRE(tlsrpt::parse_tlsa_record(one, [&](const auto&) { ++count; }));
    CHECK(count > 0);
  }
  // Generous, since sanitizers are slow; anything quadratic takes hours.
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(60));
}

TEST_CASE("rules of policies are given after a sink or in its place") {
  const std::string text = "version: STSv1\nmode: none\nmax_age: 86400\n\n";
  const texts lines = {v, "mode: none", "", "max_age: 86400"};
  const auto accepted = tlsrpt::rules().without(errc::sts_empty_line, errc::tlsa_pkix_usage);
  tlsrpt::diagnostic_list<4> found;
  CHECK(tlsrpt::parse_sts_policy(text).has_value());
  CHECK(tlsrpt::parse_sts_policy(text, accepted).error().code == errc::sts_empty_line);
  CHECK(tlsrpt::parse_sts_policy(text, found, accepted).error().code == errc::sts_empty_line);
  CHECK(tlsrpt::parse_sts_policy(lines).has_value());
  CHECK(tlsrpt::parse_sts_policy(lines, accepted).error().code == errc::sts_empty_line);
  CHECK(tlsrpt::parse_sts_policy(lines, found, accepted).error().code == errc::sts_empty_line);
  const texts records = {"3 0 0 30", "0 0 0 30"};
  CHECK(tlsrpt::parse_tlsa_record(records[1]).has_value());
  CHECK(tlsrpt::parse_tlsa_record(records[1], accepted).error().code == errc::tlsa_pkix_usage);
  CHECK(tlsrpt::parse_tlsa_rrset(records).has_value());
  CHECK(tlsrpt::parse_tlsa_rrset(records, accepted).error().where.element == 1);
  CHECK(found.empty());
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
