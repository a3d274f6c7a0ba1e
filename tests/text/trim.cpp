#include <tlsrpt/detail/text/trim.hpp>

#include <doctest/doctest.h>

#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>

namespace {

namespace detail = tlsrpt::detail;
using detail::wsp_octet;

constexpr bool is_x(char c) { return c == 'x'; }

}  // namespace

TEST_CASE("octets of a class are taken off at the ends, not inside") {
  struct trim_case {
    std::string_view text, front, back, both;
  };
  constexpr trim_case cases[] = {
      {"", "", "", ""},
      {" \t", "", "", ""},
      {"a", "a", "a", "a"},
      {" a", "a", " a", "a"},
      {"a\t", "a\t", "a", "a"},
      {"\t a b \t", "a b \t", "\t a b", "a b"},
      {"\na ", "\na ", "\na", "\na"},
  };
  for (const trim_case& c : cases) {
    CAPTURE(c.text);
    CHECK(detail::trim_front(c.text, wsp_octet) == c.front);
    CHECK(detail::trim_back(c.text, wsp_octet) == c.back);
    CHECK(detail::trim(c.text, wsp_octet) == c.both);
  }
  static_assert(detail::trim("xxaxbx", is_x) == "axb");
}

TEST_CASE("what is left of a text is a part of it, even when it is empty") {
  constexpr std::string_view text = "  ";
  CHECK(detail::trim_front(text, wsp_octet).data() == text.data() + 2);
  CHECK(detail::trim_back(text, wsp_octet).data() == text.data());
}

TEST_CASE("a text is cut before the first octet of a class") {
  static_assert(detail::until("ab cd ", wsp_octet) == "ab");
  static_assert(detail::until("abcd", wsp_octet) == "abcd");
  static_assert(detail::until(" ab", wsp_octet) == "");
  static_assert(detail::until("", wsp_octet) == "");
  static_assert(detail::until("axb", is_x) == "a");
}

TEST_CASE("a text consists of a class when no octet is outside of it") {
  static_assert(detail::consists_of("", wsp_octet));
  static_assert(detail::consists_of(" \t ", wsp_octet));
  static_assert(!detail::consists_of(" a ", wsp_octet));
  static_assert(!detail::consists_of("  a", wsp_octet));
}
