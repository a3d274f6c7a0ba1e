/// A short text with room that nobody writes zeros to.

#include <tlsrpt/detail/core/late_text.hpp>

#include <doctest/doctest.h>

#include <string>

using tlsrpt::detail::late_text;

TEST_CASE("a late text takes what fits, and copies have it") {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text;
    while (text.size() < size) text += static_cast<char>('a' + text.size() % 26);
    late_text<32> kept;
    CHECK(kept.empty());
    kept.append(std::string_view(text).substr(0, size / 2));
    kept.append(std::string_view(text).substr(size / 2));
    const std::string_view expected = std::string_view(text).substr(0, 32);
    CHECK(kept.view() == expected);
    CHECK(kept.empty() == expected.empty());
    const late_text<32> copy(kept);
    late_text<32> other;
    other.append("what was there before");
    other = kept;
    other = static_cast<const late_text<32>&>(other);
    CHECK(copy.view() == expected);
    CHECK(other.view() == expected);
  }
}

TEST_CASE("a late text works in constant expressions") {
  constexpr bool holds = [] {
    late_text<16> one;
    one.append("gzip");
    const late_text<16> two(one);
    return two.view() == "gzip";
  }();
  CHECK(holds);
  constexpr late_text<16> empty{};
  CHECK(empty.empty());
}
