/// @file
/// Another JSON reader as the judge of what is JSON: what it refuses is refused here, and what it
/// accepts is not called broken. Every difference is one of those that are listed.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/report.hpp>

#include "compare.hpp"
#include "support.hpp"

namespace {

namespace fs = std::filesystem;
using tlsrpt::errc;

const fs::path root = TLSRPT_SOURCE_ROOT;

/// Why the two may differ. nothing: they do not.
enum class reason {
  nothing,
  lone_surrogate,   ///< RFC 8259 allows it: lenient makes it U+FFFD, strict refuses it.
  large_number,     ///< Beyond binary64: JSON all the same, of no consequence where unknown.
  byte_order_mark,  ///< Lenient skips it as the other reader does, strict refuses it.
  trailing_bytes,   ///< Lenient leaves out what follows the document, strict refuses it.
  too_deep,         ///< A limit of ours.
  unexplained
};

/// What the other reader says: 0 when it accepts, else the number of its error.
struct judgement {
  int error = 0;
  bool surrogate = false;
};

judgement judge(std::string_view text) {
  try {
    // The document itself is of no interest.
    const auto drop = [](int, nlohmann::json::parse_event_t, nlohmann::json&) { return false; };
    const auto document = nlohmann::json::parse(text, drop);
    (void)document;
    return {};
  } catch (const nlohmann::json::exception& e) {
    return {e.id, std::string_view(e.what()).find("surrogate") != std::string_view::npos};
  }
}

bool says_no_json(errc code) { return code >= errc::empty_input && code <= errc::invalid_utf8; }

struct code_set {
  std::set<errc> all{};
  void operator()(const tlsrpt::diagnostic& d) { all.insert(d.code); }
  bool has(errc code) const { return all.contains(code); }
};

class difference_finder {
 public:
  reason find(std::string_view text) {
    const judgement judged = judge(text);
    code_set found;
    const errc code = lenient_.parse(text, found).error().code;
    const errc strict_code = strict_.parse(text).error().code;
    if (judged.error == 0) {
      if (code == errc::too_deep) return reason::too_deep;
      if (says_no_json(code)) return reason::unexplained;
      if (found.has(errc::byte_order_mark))
        return strict_code == errc::ok ? reason::unexplained : reason::byte_order_mark;
      // The other reader takes a NUL for the end of the text.
      if (found.has(errc::trailing_bytes)) return reason::trailing_bytes;
      return reason::nothing;
    }
    constexpr int out_of_range = 406;
    const bool beyond_double = judged.error == out_of_range;
    if (strict_code == errc::ok && !beyond_double) return reason::unexplained;
    if (code != errc::ok) return reason::nothing;
    if (beyond_double) return reason::large_number;
    if (judged.surrogate && found.has(errc::lone_surrogate)) return reason::lone_surrogate;
    return found.has(errc::trailing_bytes) ? reason::trailing_bytes : reason::unexplained;
  }

 private:
  tlsrpt::report_parser<> lenient_;
  tlsrpt::report_parser<tlsrpt::strict> strict_;
};

/// The documents of the repository as plain text; gzip data are inflated where they are right.
std::map<std::string, std::string> documents() {
  std::map<std::string, std::string> all;
  for (const char* folder : {"tests/data/reports", "tests/data/broken", "examples/reports"})
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      const std::string file = entry.path().filename().string();
      if (!file.ends_with(".json") && !file.ends_with(".json.gz")) continue;
      std::string text = compare::read_file(entry.path());
      if (compare::is_gzip(text)) {
        if (folder == std::string("tests/data/broken")) continue;
        text = compare::gunzip(text);
      }
      all.emplace(file, std::move(text));
    }
  return all;
}

struct json_case {
  const char* name;  ///< y_: must be accepted, n_: must be refused, i_: see `why`.
  std::string text;
  reason why = reason::nothing;
};

std::string nested(int depth, char open, char close) {
  return std::string(static_cast<std::size_t>(depth), open) +
         std::string(static_cast<std::size_t>(depth), close);
}

/// Values, in the manner of test suites for JSON readers.
std::vector<json_case> value_cases() {
  using std::string;
  return {
      {"y_array_empty", "[]"},
      {"y_array_blanks_inside", "[ \t\r\n]"},
      {"y_array_of_everything", "[null,1,\"1\",{},[],true,false]"},
      {"y_array_of_arrays", "[[],[[]],[[],[]]]"},
      {"y_object_empty", "{}"},
      {"y_object_empty_name", "{\"\":0}"},
      {"y_object_same_name_twice", "{\"a\":1,\"a\":2}"},
      {"y_object_name_with_escape", "{\"\\u0061\\n\":1}"},
      {"y_object_name_with_nul", "{\"\\u0000\":1}"},
      {"y_object_long_name", "{\"" + string(5000, 'n') + "\":1}"},
      {"y_literal_true", "true"},
      {"y_literal_false", "false"},
      {"y_literal_null", "null"},
      {"y_number_zero", "0"},
      {"y_number_minus_zero", "-0"},
      {"y_number_minus", "-1"},
      {"y_number_fraction", "1.0"},
      {"y_number_zero_fraction", "0.000"},
      {"y_number_minus_zero_exponent", "-0e-0"},
      {"y_number_exponent", "1e2"},
      {"y_number_capital_exponent_plus", "1E+2"},
      {"y_number_fraction_exponent", "0.5e1"},
      {"y_number_exponent_leading_zeros", "1e0002"},
      {"y_number_tiny", "1e-400"},
      {"y_number_2_53", "9007199254740992"},
      {"y_number_2_63", "9223372036854775808"},
      {"y_number_2_64_less_1", "18446744073709551615"},
      {"y_number_2_64", "18446744073709551616"},
      {"y_number_minus_2_63", "-9223372036854775808"},
      {"y_number_many_digits", "1" + string(300, '0')},
      {"y_string_empty", "\"\""},
      {"y_string_blank", "\" \""},
      {"y_string_all_short_escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""},
      {"y_string_escaped_nul", "\"\\u0000\""},
      {"y_string_hex_both_cases", "\"\\u00aF\\u00Af\""},
      {"y_string_pair", "\"\\ud83d\\ude00\""},
      {"y_string_pair_smallest", "\"\\uD800\\uDC00\""},
      {"y_string_pair_largest", "\"\\uDBFF\\uDFFF\""},
      {"y_string_noncharacter_escaped", "\"\\uFFFF\\uFDD0\""},
      {"y_string_delete", "\"\x7f\""},
      {"y_string_utf8_two", "\"\xc2\x80\xdf\xbf\""},
      {"y_string_utf8_three", "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\""},
      {"y_string_utf8_four", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
      {"y_string_utf8_noncharacter", "\"\xef\xbf\xbf\xef\xb7\x90\""},
      {"y_string_mark_inside", "\"\xef\xbb\xbf\""},
      {"y_string_line_separators", "\"\xe2\x80\xa8\xe2\x80\xa9\""},
      {"y_string_brackets", "\"]}[{,:\""},
      {"y_string_comment", "\"/*//*/\""},
      {"y_string_backslashes_even", "\"\\\\\\\\\""},
      {"y_string_long", '"' + string(100'000, 'x') + '"'},
      {"y_depth_at_the_limit", nested(31, '[', ']')},

      {"n_array_comma_only", "[,]"},
      {"n_array_comma_first", "[,1]"},
      {"n_array_comma_last", "[1,]"},
      {"n_array_two_commas", "[1,,2]"},
      {"n_array_no_comma", "[1 2]"},
      {"n_array_no_comma_strings", "[\"a\"\"b\"]"},
      {"n_array_colon", "[\"a\":1]"},
      {"n_array_closed_as_object", "[1}"},
      {"n_array_closed_twice", "[1]]"},
      {"n_array_star", "[*]"},
      {"n_object_comma_only", "{,}"},
      {"n_object_comma_last", "{\"a\":1,}"},
      {"n_object_two_commas", "{\"a\":1,,\"b\":2}"},
      {"n_object_no_colon", "{\"a\" 1}"},
      {"n_object_two_colons", "{\"a\"::1}"},
      {"n_object_no_value", "{\"a\":}"},
      {"n_object_name_only", "{\"a\"}"},
      {"n_object_name_number", "{1:1}"},
      {"n_object_name_literal", "{true:1}"},
      {"n_object_name_bare", "{a:1}"},
      {"n_object_name_single_quotes", "{'a':1}"},
      {"n_object_name_array", "{[]:1}"},
      {"n_object_equals", "{\"a\"=1}"},
      {"n_object_comma_for_colon", "{\"a\",1}"},
      {"n_object_closed_as_array", "{\"a\":1]"},
      {"n_object_semicolon", "{\"a\":1;\"b\":2}"},
      {"n_object_bad_escape_in_name", "{\"\\q\":1}"},
      {"n_object_unclosed_name", "{\"a:1}"},
      {"n_literal_capital", "True"},
      {"n_literal_capitals", "NULL"},
      {"n_literal_cut", "tru"},
      {"n_literal_longer", "truee"},
      {"n_literal_joined", "truefalse"},
      {"n_literal_with_nul", string("null\0", 5)},
      {"n_literal_undefined", "undefined"},
      {"n_number_plus", "+1"},
      {"n_number_point_first", ".5"},
      {"n_number_point_last", "5."},
      {"n_number_point_exponent", "5.e1"},
      {"n_number_two_points", "1.2.3"},
      {"n_number_leading_zero", "012"},
      {"n_number_two_zeros", "00"},
      {"n_number_minus_leading_zero", "-01"},
      {"n_number_minus_alone", "-"},
      {"n_number_two_minuses", "--1"},
      {"n_number_exponent_empty", "1e"},
      {"n_number_exponent_sign_only", "1e+"},
      {"n_number_exponent_fraction", "1e1.5"},
      {"n_number_two_exponents", "1e1e1"},
      {"n_number_hexadecimal", "0x1F"},
      {"n_number_octal", "0o17"},
      {"n_number_underscore", "1_000"},
      {"n_number_comma_inside", "{\"a\":1,000}"},
      {"n_number_infinity", "Infinity"},
      {"n_number_minus_infinity", "-Infinity"},
      {"n_number_nan", "NaN"},
      {"n_number_blank_after_minus", "- 1"},
      {"n_number_trailing_letter", "1a"},
      {"n_number_full_width", "\xef\xbc\x91"},
      {"n_number_with_nul", string("1\0", 2)},
      {"n_string_single_quotes", "'a'"},
      {"n_string_unclosed", "\"abc"},
      {"n_string_quote_escaped_last", "\"abc\\\""},
      {"n_string_odd_backslashes", "\"\\\\\\\""},
      {"n_string_escape_letter", "\"\\a\""},
      {"n_string_escape_x", "\"\\x41\""},
      {"n_string_escape_digit", "\"\\0\""},
      {"n_string_escape_capital_u", "\"\\U00000041\""},
      {"n_string_escape_line_break", "\"\\\n\""},
      {"n_string_escape_above_ascii", "\"\\\xc3\xa9\""},
      {"n_string_u_three_digits", "\"\\u123\""},
      {"n_string_u_no_digit", "\"\\u\""},
      {"n_string_u_bad_digit", "\"\\u12g4\""},
      {"n_string_u_plus", "\"\\u+123\""},
      {"n_string_u_braces", "\"\\u{41}\""},
      {"n_string_nul", string("\"\0\"", 3)},
      {"n_string_tab", "\"\t\""},
      {"n_string_line_break", "\"a\nb\""},
      {"n_string_control_1f", "\"\x1f\""},
      {"n_utf8_lone_continuation", "\"\x80\""},
      {"n_utf8_two_cut", "\"\xc3\""},
      {"n_utf8_three_cut", "\"\xe2\x82\""},
      {"n_utf8_four_cut", "\"\xf0\x9f\x98\""},
      {"n_utf8_overlong_two", "\"\xc0\xaf\""},
      {"n_utf8_overlong_two_c1", "\"\xc1\xbf\""},
      {"n_utf8_overlong_three", "\"\xe0\x80\xaf\""},
      {"n_utf8_overlong_four", "\"\xf0\x80\x80\xaf\""},
      {"n_utf8_surrogate_low", "\"\xed\xa0\x80\""},
      {"n_utf8_surrogate_high", "\"\xed\xbf\xbf\""},
      {"n_utf8_above_10ffff", "\"\xf4\x90\x80\x80\""},
      {"n_utf8_f5", "\"\xf5\x80\x80\x80\""},
      {"n_utf8_fe", "\"\xfe\""},
      {"n_utf8_ff", "\"\xff\""},
      {"n_utf8_latin_1", "\"caf\xe9\""},
      {"n_utf8_outside_string", "[\xc3\xa9]"},
      {"n_blank_form_feed", "[\f1]"},
      {"n_blank_vertical_tab", "[\v1]"},
      {"n_blank_no_break",
       "[\xc2\xa0"
       "1]"},
      {"n_blank_wide",
       "[\xe3\x80\x80"
       "1]"},
      {"n_blank_mark_inside",
       "[\xef\xbb\xbf"
       "1]"},
      {"n_blank_nul", string("[\0]", 3)},
      {"n_comment_block", "[/**/1]"},
      {"n_comment_line", "[1]//\n"},
      {"n_comment_hash", "[1#\n]"},
      {"n_text_markup", "<a/>"},
      {"n_text_function", "f(1)"},
      {"n_text_ellipsis", "[1,...]"},
      {"n_nothing", ""},

      {"i_number_beyond_double", "1e400", reason::large_number},
      {"i_number_beyond_double_negative", "-1e400", reason::large_number},
      {"i_number_beyond_double_digits", "1" + string(400, '0'), reason::large_number},
      {"i_string_first_surrogate", "\"\\ud800\"", reason::lone_surrogate},
      {"i_string_second_surrogate", "\"\\udc00\"", reason::lone_surrogate},
      {"i_string_pair_reversed", "\"\\udc00\\ud800\"", reason::lone_surrogate},
      {"i_string_first_surrogate_twice", "\"\\ud800\\ud800\"", reason::lone_surrogate},
      {"i_string_surrogate_and_letter", "\"\\ud800x\"", reason::lone_surrogate},
      {"i_string_surrogate_and_escape", "\"\\ud800\\n\"", reason::lone_surrogate},
      {"i_name_surrogate", "{\"\\udfff\":1}", reason::lone_surrogate},
      {"i_depth_above_the_limit", nested(32, '[', ']'), reason::too_deep},
      {"i_depth_far_above", nested(5000, '[', ']'), reason::too_deep},
  };
}

}  // namespace

TEST_CASE("every kind of value, where a member is unknown") {
  difference_finder differences;
  const std::string conforming = support::report_parts{}.text();
  tlsrpt::report_parser<tlsrpt::strict> strict;
  CHECK(strict.parse(conforming).has_value());
  for (const json_case& c : value_cases()) {
    CAPTURE(c.name);
    for (const auto& [before, after] :
         {std::pair(conforming.substr(0, conforming.size() - 1) + ",\"x\":", "}"),
          std::pair(std::string("{\"x\":"), " , \"report-id\":\"1\"}")}) {
      const std::string text = before + c.text + after;
      CHECK((differences.find(text) == c.why));
      tlsrpt::report_parser<> parser;
      const errc code = parser.parse(text).error().code;
      if (c.name[0] == 'y') CHECK(name(code) == "ok");
      if (c.name[0] == 'n') CHECK(name(code) != "ok");
      if (c.name[0] == 'i') CHECK(name(code) == (c.why == reason::too_deep ? "too-deep" : "ok"));
    }
  }
}

TEST_CASE("every kind of value as the whole document") {
  difference_finder differences;
  for (const json_case& c : value_cases()) {
    CAPTURE(c.name);
    const reason found = differences.find(c.text);
    CHECK((found == reason::nothing || found == reason::too_deep));
    tlsrpt::report_parser<> parser;
    const errc code = parser.parse(c.text).error().code;
    CHECK(name(code) != "ok");
    // A value is no report; whatever else it is, it is JSON.
    if (c.name[0] == 'y')
      CHECK(name(code) == (c.text[0] == '{' ? "not-a-report" : "not-an-object"));
    if (c.name[0] == 'n')
      CHECK((says_no_json(code) || code == errc::not_an_object || code == errc::html_document));
  }
}

TEST_CASE("what is around a document") {
  difference_finder differences;
  const std::string report = R"({"report-id":"1"})";
  const std::pair<std::string, reason> cases[] = {
      {report, reason::nothing},
      {" \t\r\n" + report + " \t\r\n", reason::nothing},
      {"\xef\xbb\xbf" + report, reason::byte_order_mark},
      {"\xef\xbb\xbf \n" + report, reason::byte_order_mark},
      {"\xef\xbb\xbfx" + report, reason::nothing},
      {"\xef\xbb\xbf\xef\xbb\xbf" + report, reason::nothing},
      {"\xef\xbb" + report, reason::nothing},
      {report + "x", reason::trailing_bytes},
      {report + "\n}", reason::trailing_bytes},
      {report + "]", reason::trailing_bytes},
      {report + report, reason::trailing_bytes},
      {report + "\xff", reason::trailing_bytes},
      {report + std::string(1, '\0'), reason::trailing_bytes},
      {report + "\"", reason::trailing_bytes},
      {report + "\xef\xbb\xbf", reason::trailing_bytes},
      {"x" + report, reason::nothing},
      {"," + report, reason::nothing},
      {"\f" + report, reason::nothing},
      {report.substr(1), reason::nothing},
  };
  for (const auto& each : cases) {
    const auto& [text, expected] = each;
    CAPTURE(each.first);
    CHECK((differences.find(text) == expected));
  }
}

TEST_CASE("all documents, cut at every octet") {
  difference_finder differences;
  std::size_t cut = 0;
  for (const auto& [file, text] : documents()) {
    const auto& name_of_file = file;  // for lambdas, which cannot capture structured bindings
    CAPTURE(name_of_file);
    // Of a large one the first octets do.
    for (std::size_t size = 0; size <= std::min<std::size_t>(text.size(), 3000); ++size, ++cut)
      if (differences.find(std::string_view(text).substr(0, size)) == reason::unexplained)
        FAIL_CHECK("unexplained at size " << size);
  }
  CHECK(cut > 100'000);
}

TEST_CASE("all documents, with octets changed at random") {
  difference_finder differences;
  std::mt19937 random(8259);
  const auto below = [&random](std::size_t count) { return random() % count; };
  const std::string likely = "{}[],:\"\\ \n0-e.tfn\x80\xff";
  std::map<reason, std::size_t> reasons;
  for (const auto& [file, text] : documents()) {
    const auto& name_of_file = file;  // for lambdas, which cannot capture structured bindings
    if (text.empty() || text.size() > 5000) continue;
    CAPTURE(name_of_file);
    for (int round = 0; round < 600; ++round) {
      std::string changed = text;
      const std::size_t at = below(changed.size());
      const char octet = below(2) == 0 ? likely[below(likely.size())]
                                       : static_cast<char>(static_cast<unsigned char>(below(256)));
      switch (below(4)) {
        case 0:
          changed[at] = octet;
          break;
        case 1:
          changed.insert(at, 1, octet);
          break;
        case 2:
          changed.erase(at, 1 + below(3));
          break;
        default:
          changed[at] = static_cast<char>(changed[at] ^ 1 << below(8));
      }
      const reason found = differences.find(changed);
      ++reasons[found];
      if (found == reason::unexplained) FAIL_CHECK("unexplained: " << changed);
    }
  }
  CHECK(reasons[reason::nothing] > 50'000);
  CHECK(reasons[reason::trailing_bytes] > 100);
}
