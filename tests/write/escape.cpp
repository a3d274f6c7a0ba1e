#include <tlsrpt/escape.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/write/printable.hpp>

namespace {

namespace escape = tlsrpt::escape;
using namespace std::string_view_literals;

std::string terminal(std::string_view text, std::size_t max_characters = escape::shown_characters) {
  std::string out;
  escape::terminal(out, text, max_characters);
  return out;
}

std::string html(std::string_view text, std::size_t max_characters = escape::any_length) {
  std::string out;
  escape::html_text(out, text, max_characters);
  return out;
}

std::string log(std::string_view text) {
  std::string out;
  escape::log_value(out, text);
  return out;
}

std::string csv(std::string_view text) {
  std::string out;
  escape::csv_cell(out, text);
  return out;
}

std::string label(std::string_view text) {
  std::string out;
  escape::openmetrics_label(out, text);
  return out;
}

std::string json(std::string_view text) {
  std::string out;
  escape::json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("ES-06: harmless text stays as it is") {
  for (std::string_view text :
       {""sv, "mx1.example.com"sv, "a \\ b \"c\" <d> & ~"sv, "Caf\xc3\xa9 \xe6\x97\xa5"sv,
        "\xf0\x9f\x93\xa8"sv, "\xc2\xa0\xef\xbf\xbd"sv})
    CHECK(terminal(text) == text);
}

TEST_CASE("ES-06: controls are written as escapes") {
  CHECK(terminal("\x1b[31mred\x1b[0m") == "\\x1b[31mred\\x1b[0m");
  CHECK(terminal("\x1b]0;title\a") == "\\x1b]0;title\\x07");
  CHECK(terminal("a\r\n\tb") == "a\\r\\n\\tb");
  CHECK(terminal("a\0b"sv) == "a\\x00b");
  CHECK(terminal("\x7f") == "\\x7f");
  CHECK(terminal("\xc2\x9b"
                 "31m") == "\\u{9b}31m");
  for (int c = 0; c < 0x20; ++c) CHECK(terminal(std::string(1, static_cast<char>(c))).size() >= 2);
}

TEST_CASE("ES-06: what turns or hides text is written as an escape") {
  CHECK(terminal("\xe2\x80\xae"
                 "moc") == "\\u{202e}moc");
  CHECK(terminal("\xe2\x81\xa6") == "\\u{2066}");
  CHECK(terminal("\xd8\x9c") == "\\u{61c}");
  CHECK(terminal("exa\xe2\x80\x8bmple") == "exa\\u{200b}mple");
  CHECK(terminal("\xe2\x80\x8d") == "\\u{200d}");
  CHECK(terminal("\xe2\x81\xa0") == "\\u{2060}");
  CHECK(terminal("\xef\xbb\xbf") == "\\u{feff}");
  CHECK(terminal("\xc2\xad") == "\\u{ad}");
  CHECK(terminal("\xe2\x80\xa8") == "\\u{2028}");
  CHECK(terminal("\xf3\xa0\x81\xa1") == "\\u{e0061}");
}

TEST_CASE("E-08: every bidirectional control, and what takes no room, is written as an escape") {
  struct range {
    std::uint32_t first, last;
  };
  const range hidden[] = {
      // Bidi_Control of the Unicode character database.
      {0x061c, 0x061c},
      {0x200e, 0x200f},
      {0x202a, 0x202e},
      {0x2066, 0x2069},
      // Default_Ignorable_Code_Point.
      {0x00ad, 0x00ad},
      {0x034f, 0x034f},
      {0x115f, 0x1160},
      {0x17b4, 0x17b5},
      {0x180b, 0x180f},
      {0x200b, 0x200d},
      {0x2060, 0x206f},
      {0x3164, 0x3164},
      {0xfe00, 0xfe0f},
      {0xfeff, 0xfeff},
      {0xffa0, 0xffa0},
      {0xfff0, 0xfff8},
      {0x1bca0, 0x1bca3},
      {0x1d173, 0x1d17a},
      {0xe0000, 0xe0fff},
      // Noncharacters.
      {0xfdd0, 0xfdef},
      {0xfffe, 0xffff},
      {0x1fffe, 0x1ffff},
      {0x10fffe, 0x10ffff},
  };
  using tlsrpt::detail::is_treacherous;
  for (const range& r : hidden)
    for (std::uint32_t c = r.first; c <= r.last; ++c) CHECK(is_treacherous(c));
  for (std::uint32_t c : {0x20u, 0x7eu, 0xa0u, 0xe9u, 0x5d0u, 0x2010u, 0x3042u, 0xfffdu, 0x1f4e8u})
    CHECK_FALSE(is_treacherous(c));
}

TEST_CASE("ES-06: octets that are not UTF-8 are written as escapes") {
  CHECK(terminal("Caf\xe9!") == "Caf\\xe9!");
  CHECK(terminal("\xff\xfe") == "\\xff\\xfe");
  CHECK(terminal("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(terminal("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");
  CHECK(terminal("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(terminal("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(terminal("\x9b"
                 "31m") == "\\x9b31m");
  CHECK(terminal("cut \xf0\x9f\x93") == "cut \\xf0\\x9f\\x93");
}

TEST_CASE("ES-06: long text is cut, and it says how much") {
  CHECK(terminal("abcde", 5) == "abcde");
  CHECK(terminal("abcdef", 5) == "abcde [1 more octets]");
  CHECK(terminal("abc", 0) == " [3 more octets]");
  CHECK(terminal("", 0).empty());
  CHECK(terminal("\x1b\x1b\x1b", 2) == "\\x1b\\x1b [1 more octets]");
  CHECK(terminal("\xc3\xa9\xc3\xa9\xc3\xa9", 2) == "\xc3\xa9\xc3\xa9 [2 more octets]");
  CHECK(terminal(std::string(10'000, 'x')).size() < 500);
  CHECK(terminal(std::string(10'000, 'x'), escape::any_length).size() == 10'000);
}

TEST_CASE("ES-01: markup becomes text, also in attributes with quotation marks of either kind") {
  CHECK(html("<script>") == "&lt;script&gt;");
  CHECK(html("\"onmouseover=\"steal()") == "&quot;onmouseover=&quot;steal()");
  CHECK(html("'x' && \"y\"") == "&#39;x&#39; &amp;&amp; &quot;y&quot;");
  CHECK(html("&amp;") == "&amp;amp;");
  CHECK(html("\xe2\x80\xae<b>\n") == "\\u{202e}&lt;b&gt;\\n");
  CHECK(html("Caf\xc3\xa9") == "Caf\xc3\xa9");
  CHECK(html("<<<", 1) == "&lt; [2 more octets]");
  CHECK(html(std::string(1000, 'x')).size() == 1000);
}

TEST_CASE("ES-02: a cell of a CSV file is quoted, on one line, and no formula") {
  CHECK(csv("example.com") == "\"example.com\"");
  CHECK(csv("") == "\"\"");
  CHECK(csv("a \"b\", c") == "\"a \"\"b\"\", c\"");
  CHECK(csv("two\r\nlines") == "\"two\\r\\nlines\"");
  CHECK(csv("1-2") == "\"1-2\"");
  CHECK(csv("a=b") == "\"a=b\"");
}

TEST_CASE("ES-02: what a spreadsheet would run begins with an apostrophe") {
  CHECK(csv("=HYPERLINK(\"https://evil.example\")") ==
        "\"'=HYPERLINK(\"\"https://evil.example\"\")\"");
  for (std::string_view first :
       {"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"}) {
    const std::string formula = std::string(first) + "1";
    CAPTURE(formula);
    CHECK(csv(formula) == "\"'" + formula + "\"");
    CHECK(csv("  " + formula) == "\"'  " + formula + "\"");
    CHECK(csv("\xe3\x80\x80\xc2\xa0" + formula) == "\"'\xe3\x80\x80\xc2\xa0" + formula + "\"");
  }
  CHECK(csv("\t1") == "\"'\\t1\"");
  CHECK(csv("\r1") == "\"'\\r1\"");
  CHECK(csv("\n1") == "\"'\\n1\"");
  CHECK(csv(" \t=1") == "\"' \\t=1\"");
}

TEST_CASE("ES-03: the value of a label has backslashes before quotation marks and backslashes") {
  CHECK(label("example.com") == "\"example.com\"");
  CHECK(label("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(label("two\nlines") == "\"two\\\\nlines\"");
}

TEST_CASE("ES-03: long values of labels are short, and differ when the texts do") {
  const std::string just(128, 'x');
  CHECK(label(just) == '"' + just + '"');
  const std::string a = label(std::string(200, 'x') + 'a'), b = label(std::string(200, 'x') + 'b');
  CHECK(a.size() == 130);
  CHECK(a.starts_with('"' + std::string(111, 'x') + '~'));
  CHECK(b.substr(0, 113) == a.substr(0, 113));
  CHECK(a != b);
  // The first 64 bits of SHA-256.
  CHECK(label(std::string(129, 'x')) == '"' + std::string(111, 'x') + "~0ec9eb33e74510bc\"");
  // Neither a character nor an escape is cut in two.
  CHECK(label(std::string(110, 'x') + "\xe2\x82\xac" + just)
            .starts_with('"' + std::string(110, 'x') + '~'));
  CHECK(
      label(std::string(110, 'x') + "\x1b" + just).starts_with('"' + std::string(110, 'x') + '~'));
}

TEST_CASE("ES-04: a string of JSON gives the text back, and may stand in a page") {
  CHECK(json("Caf\xc3\xa9 / \xf0\x9f\x93\xa8") == "\"Caf\xc3\xa9 / \xf0\x9f\x93\xa8\"");
  CHECK(json("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(json("</script>&") == "\"\\u003c/script\\u003e\\u0026\"");
  CHECK(json("\xe2\x80\xa8\xe2\x80\xa9") == "\"\\u2028\\u2029\"");
  CHECK(json("\n\0\x1b\x7f"sv) == "\"\\u000a\\u0000\\u001b\\u007f\"");
  CHECK(json("\xe2\x80\xae") == "\"\\u202e\"");
  CHECK(json("\xf3\xa0\x81\xa1") == "\"\\udb40\\udc61\"");
  CHECK(json("\xff") == "\"\\\\xff\"");
}

TEST_CASE("ES-05: a value in a log stays in its quotation marks and on its line") {
  CHECK(log("timeout\" domain=\"other.example\nJun 1 sshd: accepted") ==
        "\"timeout\\\" domain=\\\"other.example\\\\nJun 1 sshd: accepted\"");
  CHECK(log("a\\") == "\"a\\\\\"");
  CHECK(log("\xe2\x80\xa8") == "\"\\\\u{2028}\"");
  CHECK(log(std::string(500, 'x')) == '"' + std::string(400, 'x') + " [100 more octets]\"");
}

TEST_CASE("ES-07: escaping is done once for one place") {
  CHECK(html(html("<")) == "&amp;lt;");
  CHECK(log(log("a")) == "\"\\\"a\\\"\"");
}

TEST_CASE("escapes go to any output, and at compile time") {
  std::array<char, 8> room{};
  tlsrpt::span_output out(room);
  escape::html_text(out, "<table>");
  CHECK(out.size() == 13);
  CHECK(out.text() == "&lt;tabl");
  static_assert(noexcept(escape::terminal(out, std::string_view())));
  static_assert(!noexcept(escape::terminal(std::declval<std::string&>(), std::string_view())));
  constexpr auto text = [] {
    tlsrpt::short_text<20> made;
    escape::csv_cell(made, "=1");
    return made;
  }();
  static_assert(text == "\"'=1\"");
}
