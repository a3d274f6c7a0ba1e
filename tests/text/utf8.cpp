#include <tlsrpt/detail/text/utf8.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

namespace detail = tlsrpt::detail;

std::string encoded(std::uint32_t code_point) {
  char octets[4];
  return {octets, detail::write_utf8(code_point, octets)};
}

constexpr bool is_surrogate(std::uint32_t code_point) {
  return code_point >= 0xd800 && code_point <= 0xdfff;
}

}  // namespace

TEST_CASE("every character is read as it was written") {
  std::size_t wrong = 0;
  for (std::uint32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
    const std::string text = encoded(code_point) + "\x80";
    const detail::utf8_character character = detail::read_utf8(text);
    if (is_surrogate(code_point))
      wrong += character.size != 0;
    else
      wrong += character.code_point != code_point || character.size != text.size() - 1;
  }
  CHECK(wrong == 0);
  for (const std::uint32_t code_point : {0x7fu, 0x80u, 0x7ffu, 0x800u, 0xffffu, 0x10000u}) {
    CAPTURE(code_point);
    const std::size_t size = code_point < 0x80      ? 1
                             : code_point < 0x800   ? 2
                             : code_point < 0x10000 ? 3
                                                    : 4;
    CHECK(encoded(code_point).size() == size);
  }
  CHECK(encoded(0x20ac) == "\xe2\x82\xac");
  CHECK(encoded(0x1f4e8) == "\xf0\x9f\x93\xa8");
}

TEST_CASE("what is no UTF-8 is no character") {
  for (std::string_view text : {"\x80",
                                "\xbf",
                                "\xc0\x80",
                                "\xc1\xbf",
                                "\xf5\x80\x80\x80",
                                "\xff",  // no lead octets
                                "\xe0\x9f\xbf",
                                "\xf0\x8f\xbf\xbf",  // overlong
                                "\xed\xa0\x80",
                                "\xed\xbf\xbf",      // surrogates
                                "\xf4\x90\x80\x80",  // above U+10FFFF
                                "\xc3\x28",
                                "\xc3\xc3",
                                "\xe2\x28\xac",
                                "\xe2\x82\x28",
                                "\xe2\x82\xc0",
                                "\xf0\x28\x93\xa8",
                                "\xf0\x9f\x28\xa8",
                                "\xf0\x9f\x93\x28",
                                "\xf0\x9f\x93\xc0"}) {
    CAPTURE(text);
    CHECK(detail::read_utf8(text).size == 0);
    CHECK(detail::read_utf8(text).code_point == 0);
    CHECK_FALSE(detail::is_cut_utf8(text));
  }
}

TEST_CASE("a character that was cut is no wrong one") {
  // Every beginning of every kind of character, and nothing else.
  for (const std::uint32_t code_point :
       {0xe9u, 0x20acu, 0x800u, 0xd7ffu, 0xe000u, 0x10000u, 0x1f4e8u, 0x10ffffu}) {
    const std::string text = encoded(code_point);
    for (std::size_t size = 1; size < text.size(); ++size) {
      CHECK(detail::read_utf8(std::string_view(text).substr(0, size)).size == 0);
      CHECK(detail::is_cut_utf8(text.substr(0, size)));
    }
    CHECK_FALSE(detail::is_cut_utf8(text));
  }
  for (std::string_view text :
       {"", "a", "\x80", "\xc1", "\xe0\x80", "\xe0\x9f", "\xed\xa0", "\xf0\x8f", "\xf4\x90", "\xf5",
        "\xe2\x28", "\xc3\x28", "\xe2\x82\x28", "\xf0\x9f\x28", "\xf0\x9f\x93\xc0"})
    CHECK_FALSE(detail::is_cut_utf8(text));
}

TEST_CASE("a text is cut before a character") {
  using detail::cut_at_character;
  static_assert(cut_at_character("abc", 4) == "abc" && cut_at_character("abc", 3) == "abc");
  static_assert(cut_at_character("abc", 2) == "ab" && cut_at_character("abc", 0) == "");
  constexpr std::string_view text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xa8";
  constexpr std::size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
  for (std::size_t size = 0; size < std::size(ends); ++size)
    CHECK(cut_at_character(text, size).size() == ends[size]);
  // What is no UTF-8 is cut where the room ends.
  CHECK(cut_at_character("\x80\x80\x80\x80\x80", 4).size() == 4);
  CHECK(cut_at_character("\x80\x80\x80", 2).size() == 2);
}

TEST_CASE(
    "all of a text has to be UTF-8, wherever it is not; a question mark stands for what is not") {
  for (std::size_t size = 1; size <= 40; ++size)
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      CHECK(detail::is_utf8(text));
      CHECK(detail::is_ascii(text));
      text[at] = '\x80';
      CHECK_FALSE(detail::is_utf8(text));
      CHECK_FALSE(detail::is_ascii(text));
      std::string made = text;
      detail::make_utf8(made.data(), made.size());
      text[at] = '?';
      CHECK(made == text);
    }
  static_assert(detail::is_utf8("more than a word \xc3\xa9"));
  static_assert(!detail::is_ascii("more than a word \xc3\xa9") && detail::is_ascii("word"));
}
