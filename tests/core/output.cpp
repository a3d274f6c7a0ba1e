#include <tlsrpt/output.hpp>

#include <tlsrpt/detail/text/number.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace {

using tlsrpt::short_text;
using tlsrpt::span_output;
using tlsrpt::detail::put;
using tlsrpt::detail::put_hex;
using tlsrpt::detail::put_number;

/// An output that knows only texts, and says that it does not throw.
struct text_list {
  std::vector<std::string> texts{};

  void append(std::string_view text) noexcept { texts.emplace_back(text); }
};

template <class Out>
Out written() {
  Out out;
  put(out, "ab");
  put(out, 'c');
  put(out, "");
  return out;
}

template <class Number>
std::string decimal(Number number) {
  std::string text;
  put_number(text, number);
  return text;
}

constexpr short_text<4> made_of(std::string_view text) {
  short_text<4> made;
  made.append(text);
  return made;
}

}  // namespace

TEST_CASE("text is written to whatever takes octets or texts") {
  CHECK(written<std::string>() == "abc");
  CHECK(written<text_list>().texts == std::vector<std::string>{"ab", "c", ""});
  CHECK(written<std::vector<char>>() == std::vector<char>{'a', 'b', 'c'});
  CHECK(written<std::deque<unsigned char>>() == std::deque<unsigned char>{'a', 'b', 'c'});
  CHECK(written<std::vector<std::byte>>() ==
        std::vector<std::byte>{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}});

  static_assert(tlsrpt::text_output<std::string> && tlsrpt::text_output<std::string&>);
  static_assert(tlsrpt::text_output<span_output> && tlsrpt::text_output<short_text<1>>);
  static_assert(!tlsrpt::text_output<const std::string> && !tlsrpt::text_output<std::span<char>>);
  static_assert(!tlsrpt::text_output<std::vector<int>> && !tlsrpt::text_output<int>);
}

TEST_CASE("an output throws only what it says") {
  static_assert(tlsrpt::detail::is_nothrow_output<span_output&>);
  static_assert(tlsrpt::detail::is_nothrow_output<short_text<1>>);
  static_assert(tlsrpt::detail::is_nothrow_output<text_list>);
  static_assert(!tlsrpt::detail::is_nothrow_output<std::string&>);
  static_assert(!tlsrpt::detail::is_nothrow_output<std::vector<char>>);
}

TEST_CASE("a span takes what fits and counts what is needed") {
  std::array<char, 5> room{'-', '-', '-', '-', '-'};
  span_output out(room);
  CHECK(out.size() == 0);
  CHECK(out.fits());
  CHECK(out.text().empty());
  out.append("abc");
  CHECK(out.text() == "abc");
  CHECK(room[3] == '-');
  out.append("de");
  CHECK(out.fits());
  CHECK(out.text() == "abcde");
  out.append("f");
  CHECK_FALSE(out.fits());
  CHECK(out.size() == 6);
  CHECK(out.text() == "abcde");
  out.append("gh");
  CHECK(out.size() == 8);

  // A text that fits in part is written in part.
  std::array<char, 2> small{};
  span_output cut(small);
  cut.append("xyz");
  CHECK(cut.text() == "xy");
  CHECK(cut.size() == 3);

  span_output counter({});
  counter.append("abc");
  counter.append("");
  CHECK(counter.size() == 3);
  CHECK_FALSE(counter.fits());
  CHECK(counter.text().empty());
}

TEST_CASE("a short text is a value that views lead into") {
  constexpr short_text<4> text = made_of("abc");
  static_assert(text.view() == "abc" && text.size() == 3 && !text.empty());
  static_assert(short_text<4>().empty());
  CHECK(std::string_view(text).data() == text.view().data());

  short_text<4> longer = text;
  longer.append("");
  CHECK(longer == text);
  longer.append("de");
  CHECK(longer == "abcd");
  longer.append("f");
  CHECK(longer == "abcd");
  CHECK(text == "abc");
  // Of a temporary, too.
  CHECK(std::string(made_of("xy")) == "xy");
  CHECK(made_of("xy") == "xy");
  CHECK(std::string("<").append(made_of("xy")) == "<xy");
}

TEST_CASE("short texts are ordered and hashed as their views") {
  CHECK(made_of("a") < made_of("ab"));
  CHECK(made_of("b") > "ab");
  CHECK("ab" < made_of("b"));
  CHECK(made_of("\xff") > made_of("a"));
  CHECK(made_of("a") != made_of("b"));
  CHECK(std::hash<short_text<4>>{}(made_of("ab")) == std::hash<std::string_view>{}("ab"));
  const std::unordered_set<short_text<4>> set = {made_of("a"), made_of("b"), made_of("a")};
  CHECK(set.size() == 2);
  // A map with transparent comparison is searched without a std::string being made.
  const std::map<std::string, int, std::less<>> map = {{"ab", 1}, {"cd", 2}};
  CHECK(map.find(made_of("cd"))->second == 2);
}

TEST_CASE("numbers in decimal and hexadecimal digits") {
  CHECK(decimal(0) == "0");
  CHECK(decimal(9) == "9");
  CHECK(decimal(10u) == "10");
  CHECK(decimal(-1) == "-1");
  CHECK(decimal(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(decimal(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
  CHECK(decimal(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(decimal(std::numeric_limits<std::int8_t>::min()) == "-128");
  CHECK(decimal(std::uint16_t{65535}) == "65535");
  std::string text;
  put_hex(text, 0x0f);
  put_hex(text, 0xa0);
  CHECK(text == "0fa0");
}
