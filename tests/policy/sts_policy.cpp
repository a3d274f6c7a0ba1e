#include <tlsrpt/sts_policy.hpp>
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

using tlsrpt::sts_key;
using tlsrpt::sts_mode;

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
    {"B-66: no space after the colon is needed",
     {"version:STSv1", "mode:enforce", "mx:mx.example.com", "max_age:604800"},
     {}},
    {"B-66: whitespace after the colon and at the end",
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
    {"B-66: a space before the colon",
     {v, "mode : enforce", m, a},
     {at{errc::sts_whitespace, 1, 4}}},
    {"B-66: a space at the start of a line",
     {v, " mode: enforce", m, a},
     {at{errc::sts_whitespace, 1, 0}}},
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
    {"a misspelt key after the right one",
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

constexpr bool is_as_expected(const tlsrpt::sts_policy_view& policy, const sts_example& example) {
  std::size_t patterns = 0;
  for (std::string_view pattern : policy.mx())
    if (patterns == example.mx.size() || pattern != example.mx[patterns++]) return false;
  return (patterns == example.mx.size() || example.mx[patterns].empty()) &&
         policy.version() == example.version && policy.mode().value == example.mode &&
         policy.max_age() == example.max_age;
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

TEST_CASE("a location says where the text in question is") {
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

TEST_CASE("what is wrong with a pattern is found for whoever refuses only that") {
  struct faulty_pattern {
    errc code;
    std::string_view line;
  };
  for (const auto& [code, line] :
       {faulty_pattern{errc::sts_mx_list, "mx: a.test, b.test"},
        faulty_pattern{errc::u_label,
                       "mx: b\xc3\xbc"
                       "cher.example"},
        faulty_pattern{errc::sts_mx_address, "mx: 192.0.2.1"},
        faulty_pattern{errc::sts_mx_pattern, "mx: mail.*.example"},
        faulty_pattern{errc::sts_mx_trailing_dot, "mx: mx.example.net."}}) {
    const texts lines = {v, e, line, a};
    const auto refused = tlsrpt::parse_sts_policy(lines, tlsrpt::rules().without(code));
    CHECK(refused.error().code == code);
    CHECK(tlsrpt::parse_sts_policy(lines).has_value());
  }
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
