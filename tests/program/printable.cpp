/// @file
/// What keeps hostile text from the terminal in examples/cli.

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "../../examples/cli/output/printable.hpp"

using cli::printable;
using namespace std::string_view_literals;

TEST_CASE("harmless text stays as it is") {
  for (std::string_view text :
       {""sv, "mx1.example.com"sv, "a \\ b \"c\" <d> & ~"sv, "Caf\xc3\xa9 \xe6\x97\xa5"sv,
        "\xf0\x9f\x93\xa8"sv, "\xc2\xa0\xef\xbf\xbd"sv})
    CHECK(printable(text) == text);
}

TEST_CASE("controls are written as escapes") {
  CHECK(printable("\x1b[31mred\x1b[0m") == "\\x1b[31mred\\x1b[0m");
  CHECK(printable("\x1b]0;title\a") == "\\x1b]0;title\\x07");
  CHECK(printable("a\r\n\tb") == "a\\r\\n\\tb");
  CHECK(printable("a\0b"sv) == "a\\x00b");
  CHECK(printable("\x7f") == "\\x7f");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\u{9b}31m");
  for (int c = 0; c < 0x20; ++c) CHECK(printable(std::string(1, static_cast<char>(c))).size() >= 2);
}

TEST_CASE("what turns or hides text is written as an escape") {
  CHECK(printable("\xe2\x80\xae"
                  "moc") == "\\u{202e}moc");
  CHECK(printable("\xe2\x81\xa6") == "\\u{2066}");
  CHECK(printable("\xd8\x9c") == "\\u{61c}");
  CHECK(printable("exa\xe2\x80\x8bmple") == "exa\\u{200b}mple");
  CHECK(printable("\xe2\x80\x8d") == "\\u{200d}");
  CHECK(printable("\xe2\x81\xa0") == "\\u{2060}");
  CHECK(printable("\xef\xbb\xbf") == "\\u{feff}");
  CHECK(printable("\xc2\xad") == "\\u{ad}");
  CHECK(printable("\xe2\x80\xa8") == "\\u{2028}");
  CHECK(printable("\xf3\xa0\x81\xa1") == "\\u{e0061}");
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
  for (const range& r : hidden)
    for (std::uint32_t c = r.first; c <= r.last; ++c) CHECK(cli::is_treacherous(c));
  for (std::uint32_t c : {0x20u, 0x7eu, 0xa0u, 0xe9u, 0x5d0u, 0x2010u, 0x3042u, 0xfffdu, 0x1f4e8u})
    CHECK_FALSE(cli::is_treacherous(c));
}

TEST_CASE("octets that are not UTF-8 are written as escapes") {
  CHECK(printable("Caf\xe9!") == "Caf\\xe9!");
  CHECK(printable("\xff\xfe") == "\\xff\\xfe");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(printable("\x9b"
                  "31m") == "\\x9b31m");
  CHECK(printable("cut \xf0\x9f\x93") == "cut \\xf0\\x9f\\x93");
}

TEST_CASE("long text is cut, and it says how much") {
  CHECK(printable("abcde", 5) == "abcde");
  CHECK(printable("abcdef", 5) == "abcde [1 more octets]");
  CHECK(printable("\xc3\xa9\xc3\xa9\xc3\xa9", 2) == "\xc3\xa9\xc3\xa9 [2 more octets]");
  CHECK(printable(std::string(10'000, 'x')).size() < 500);
}

TEST_CASE("cut() keeps UTF-8 sequences whole") {
  CHECK(cli::cut("abc", 3) == "abc");
  CHECK(cli::cut("abcd", 3) == "abc");
  CHECK(cli::cut("ab\xc3\xa9", 3) == "ab");
  CHECK(cli::cut("a\xe2\x82\xac", 3) == "a");
  CHECK(cli::cut("\xf0\x9f\x93\xa8x", 4) == "\xf0\x9f\x93\xa8");
  CHECK(cli::cut("\xf0\x9f\x93\xa8x", 3).empty());
  CHECK(cli::cut("\x80\x80\x80\x80\x80\x80", 5).size() == 2);
}
