#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/report/count.hpp>
#include <tlsrpt/detail/json/fault.hpp>
#include <tlsrpt/detail/report/policy_string.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using tlsrpt::errc;
namespace detail = tlsrpt::detail;

struct fault_case {
  std::string_view text;
  errc code;
  std::size_t offset;
};

constexpr fault_case faults[] = {
    {"", errc::empty_input, 0},
    {" \t\r\n", errc::empty_input, 0},
    {"{}", errc::ok, 2},
    {" [1, 2.5e-3, -0, true, false, null, \"\\u00e9\\n\"] x", errc::ok, 47},
    {"{\"a\":{\"b\":[[],{}]}}", errc::ok, 19},
    {"{", errc::json_truncated, 1},
    {"{\"a", errc::json_truncated, 3},
    {"{\"a\"", errc::json_truncated, 4},
    {"{\"a\":", errc::json_truncated, 5},
    {"{\"a\":1", errc::json_truncated, 6},
    {"{\"a\":tr", errc::json_truncated, 7},
    {"[1,", errc::json_truncated, 3},
    {"[\"\\u00", errc::json_truncated, 6},
    {"{a:1}", errc::json_expected_name, 1},
    {"{'a':1}", errc::json_expected_name, 1},
    {"{\"a\" 1}", errc::json_expected_colon, 5},
    {"{\"a\":}", errc::json_expected_value, 5},
    {"[+7]", errc::json_expected_value, 1},
    {"[NaN]", errc::json_expected_value, 1},
    {"// note\n{}", errc::json_expected_value, 0},
    {"[truu]", errc::json_invalid_literal, 4},
    {"[nan]", errc::json_invalid_literal, 2},
    {"[07]", errc::json_invalid_number, 2},
    {"[1.]", errc::json_invalid_number, 3},
    {"[1.2.3]", errc::json_expected_comma, 4},
    {"[-]", errc::json_invalid_number, 2},
    {"[1e+]", errc::json_invalid_number, 4},
    {"[1 2]", errc::json_expected_comma, 3},
    {"[truex]", errc::json_expected_comma, 5},
    {"{\"a\":1 \"b\":2}", errc::json_expected_comma, 7},
    {"[1}", errc::json_expected_comma, 2},
    {"{\"a\":1,}", errc::json_trailing_comma, 7},
    {"[1,\n]", errc::json_trailing_comma, 4},
    {"[\"\\q\"]", errc::json_invalid_escape, 3},
    {"[\"\\u12g4\"]", errc::json_invalid_escape, 6},
    {"[\"a\nb\"]", errc::json_control_character, 3},
    {"[\"\xff\"]", errc::invalid_utf8, 2},
    {"[\"\xc0\xaf\"]", errc::invalid_utf8, 2},
    {"[\"\xed\xa0\x80\"]", errc::invalid_utf8, 2},
    {"[\"\xf4\x90\x80\x80\"]", errc::invalid_utf8, 2},
    {"[\"\xe2\x82\"]", errc::invalid_utf8, 2},
    {"[\"\xc3", errc::json_truncated, 3},
    {"[\"\xe0", errc::json_truncated, 3},
    {"[\"\xe0\xa0", errc::json_truncated, 4},
    {"[\"\xed\x9f", errc::json_truncated, 4},
    {"[\"\xf0\x9f\x98", errc::json_truncated, 5},
    {"[\"\xf4", errc::json_truncated, 3},
    {"[\"\xf4\x8f", errc::json_truncated, 4},
    {"[\"\xff", errc::invalid_utf8, 2},
    {"[\"\xc1", errc::invalid_utf8, 2},
    {"[\"\x80", errc::invalid_utf8, 2},
    {"[\"\xe0\x9f", errc::invalid_utf8, 2},
    {"[\"\xed\xa0", errc::invalid_utf8, 2},
    {"[\"\xf4\x90", errc::invalid_utf8, 2},
    {"[[[[[]]]]]", errc::too_deep, 4},
    {"[[[[1]]]]", errc::ok, 9},
};

constexpr bool faults_are_found() {
  for (const fault_case& c : faults) {
    const detail::json_fault found = detail::json_fault_finder(c.text, 4).find();
    if (found.code != c.code || found.offset != c.offset) return false;
  }
  return true;
}
static_assert(faults_are_found());

}  // namespace

TEST_CASE("the first fault of a JSON text is found, with its octet") {
  for (const fault_case& c : faults) {
    const std::string text(c.text);  // its own allocation, so that reading too far is noticed
    CAPTURE(text);
    const detail::json_fault found = detail::json_fault_finder(text, 4).find();
    CHECK(name(found.code) == name(c.code));
    CHECK(found.offset == c.offset);
  }
}

TEST_CASE("B-55, B-56: counts") {
  struct {
    std::string_view number;
    std::uint64_t value;
    errc remark;
  } const cases[] = {
      {"0", 0, errc::ok},
      {"9007199254740991", 9007199254740991u, errc::ok},
      {"9007199254740992", 9007199254740992u, errc::count_beyond_double},
      {"18446744073709551615", 18446744073709551615u, errc::count_beyond_double},
      {"18446744073709551616", 0, errc::count_unreadable},
      {"99999999999999999999", 0, errc::count_unreadable},
      {"5.0", 5, errc::count_not_written_as_integer},
      {"5e0", 5, errc::count_not_written_as_integer},
      {"5E+2", 500, errc::count_not_written_as_integer},
      {"500e-2", 5, errc::count_not_written_as_integer},
      {"0.05e2", 5, errc::count_not_written_as_integer},
      {"10.50e1", 105, errc::count_not_written_as_integer},
      {"-0", 0, errc::count_not_written_as_integer},
      {"0e999999999999999999999", 0, errc::count_not_written_as_integer},
      {"1.8446744073709551615e19", 18446744073709551615u, errc::count_not_written_as_integer},
      {"1.8446744073709551616e19", 0, errc::count_unreadable},
      {"7.5", 0, errc::count_unreadable},
      {"1e400", 0, errc::count_unreadable},
      {"1e-1", 0, errc::count_unreadable},
      {"-1", 0, errc::count_unreadable},
      {"1000000000000000000000.5", 0, errc::count_unreadable},
  };
  for (const auto& c : cases) {
    CAPTURE(c.number);
    const detail::count_reading read = detail::read_count(c.number);
    CHECK(name(read.remark) == name(c.remark));
    CHECK(read.value == c.value);
  }
  CHECK(detail::read_count_string(" 7 ").value == 7);
  CHECK(detail::read_count_string("7").remark == errc::count_as_string);
  for (std::string_view text : {"", " ", "many", "7.0", "-7", "7 7"})
    CHECK(detail::read_count_string(text).remark == errc::count_unreadable);
}

TEST_CASE("B-05: escapes, surrogates and noncharacters") {
  auto unescaped = [](std::string_view text) {
    REQUIRE(detail::find_bad_escape(text) == std::string_view::npos);
    std::string out(text.size(), '?');
    const detail::unescaped_string u = detail::unescape(text, out.data());
    out.resize(static_cast<std::size_t>(u.end - out.data()));
    return std::pair(out, u);
  };
  CHECK(unescaped("a\\\"\\\\\\/\\b\\f\\n\\r\\t").first == "a\"\\/\b\f\n\r\t");
  CHECK(unescaped("\\u0041\\u00e9\\u20AC").first == "A\xc3\xa9\xe2\x82\xac");
  CHECK(unescaped("\\uD83D\\uDE00").first == "\xf0\x9f\x98\x80");
  CHECK(unescaped("\\uD83D\\uDE00").second.remark == errc::ok);
  for (std::string_view half : {"x\\ud83d y", "x\\ude00 y"}) {
    const auto [text, u] = unescaped(half);
    CHECK(text == "x\xef\xbf\xbd y");
    CHECK(u.remark == errc::lone_surrogate);
    CHECK(u.remark_at == 1);
  }
  CHECK(unescaped("\\ud83d\\u0041").first ==
        "\xef\xbf\xbd"
        "A");
  CHECK(unescaped("a\\ufffe").second.remark == errc::noncharacter);
  CHECK(unescaped("\\uD83F\\uDFFF").second.remark == errc::noncharacter);
  CHECK(detail::find_noncharacter("a\xef\xbf\xbe") == 1);
  CHECK(detail::find_noncharacter("\xef\xb7\x90") == 0);
  CHECK(detail::find_noncharacter("\xf0\x9f\xbf\xbf") == 0);
  CHECK(detail::find_noncharacter("\xef\xbf\xbd\xf0\x9f\x98\x80") == std::string_view::npos);
  CHECK(detail::has_octet_above_ascii(std::string(70, 'a') + '\x80'));
  CHECK(detail::has_octet_above_ascii('\x80' + std::string(70, 'a')));
  CHECK_FALSE(detail::has_octet_above_ascii(std::string(70, 'a')));
}

TEST_CASE("B-81, B-82, F-19: a policy-string that is one string is taken apart") {
  using list = std::vector<std::string>;
  const auto split = [](std::string_view text, bool is_tlsa) {
    list found;
    detail::policy_pieces pieces(text, is_tlsa);
    for (std::string_view piece; pieces.next(piece);) found.emplace_back(piece);
    return found;
  };
  const auto lines = [&](std::string_view text) { return split(text, false); };
  const auto records = [&](std::string_view text) { return split(text, true); };
  CHECK(lines("version: STSv1\r\nmode: none\nmx: a ") ==
        list{"version: STSv1", "mode: none", "mx: a "});
  CHECK(lines("a\n\nb\n") == list{"a", "", "b"});
  CHECK(records("3 1 1 aa; 3 1 1 bb ;;\n3 1 1 cc") == list{"3 1 1 aa", "3 1 1 bb", "3 1 1 cc"});
  CHECK(records("3 1 1 aa\\n\\r\\n3 1 1 bb\\c") == list{"3 1 1 aa", "3 1 1 bb\\c"});
  CHECK(records("a\\b;c\\") == list{"a\\b", "c\\"});
  CHECK(records(" ; ").empty());
  CHECK(records("").empty());
  CHECK(lines("version: STSv1\\r\\nmode: none\\n") == list{"version: STSv1", "mode: none"});
  for (std::string_view text : {"x: C:\\new", "a: \\n: b", "a:\\n\\nb:", "a b:\\nc:", "\\n"})
    CHECK(lines(text) == list{std::string(text)});
  CHECK(lines("a:\\nb:\nc") == list{"a:\\nb:", "c"});
  for (std::string_view text : {"a: 1\nb", "a: 1\\nb: 2"})
    CHECK(detail::holds_several(text, false));
  for (std::string_view text : {"", "a", "a\n \r\n", "a;b", "a: 1\\n"})
    CHECK_FALSE(detail::holds_several(text, false));
  for (std::string_view text : {"a;b", "a\nb", "a\\nb"}) CHECK(detail::holds_several(text, true));
  for (std::string_view text : {"", "a", ";a;", "a\\"})
    CHECK_FALSE(detail::holds_several(text, true));
  const auto encoded = [](std::string_view text) {
    list found;
    detail::encoded_array array(text);
    for (std::string_view element; array.is_valid() && array.next(element);)
      found.emplace_back(element);
    return array.is_valid() ? found : list{"refused"};
  };
  CHECK(encoded(" [\"3 1 1 aa\" , \"x\\u0041\\\"\"] ") == list{"3 1 1 aa", "x\\u0041\\\""});
  CHECK(encoded("[]") == list{});
  for (std::string_view text : {"[\"a\",1]", "[\"a\"", "[\"a\"] x", "[[\"a\"]]", "[\"a\\\"]", "x"})
    CHECK(encoded(text) == list{"refused"});
}

TEST_CASE("escapes are found in slices of a text, in any order") {
  // Backslashes at every position of a short text, slices in the text's order, against it, and
  // mixed.
  constexpr std::size_t size = 7;
  std::vector<std::pair<std::size_t, std::size_t>> slices;
  for (std::size_t first = 0; first < size; ++first)
    for (std::size_t end = first; end < size; ++end) slices.emplace_back(first, end);
  for (unsigned pattern = 0; pattern < 1u << size; ++pattern) {
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; ++i)
      if ((pattern >> i & 1) != 0) text[i] = '\\';
    for (std::size_t step = 1; step < slices.size(); ++step) {
      tlsrpt::detail::escape_search escapes(text);
      for (std::size_t i = 0; i < slices.size(); ++i) {
        const auto [first, end] = slices[i * step % slices.size()];
        if (text[end] == '\\') continue;  // a quote follows a string
        const std::string_view slice = std::string_view(text).substr(first, end - first);
        const bool expected = slice.find('\\') != std::string_view::npos;
        if (escapes.finds_in(slice) != expected)
          FAIL_CHECK(text, " from ", first, " to ", end, ", step ", step);
      }
    }
  }
}
