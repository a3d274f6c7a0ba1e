#include <tlsrpt/detail/text/words.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

TEST_CASE("texts of every size are equal when each octet is") {
  using tlsrpt::detail::same_octets;
  std::string text;
  for (std::size_t size = 0; size <= 70; ++size) {
    CHECK(same_octets(text, std::string(text)));
    CHECK_FALSE(same_octets(text, text + 'x'));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = static_cast<char>(other[i] ^ 0x80);
      CHECK_FALSE(same_octets(text, other));
    }
    text += static_cast<char>('a' + size % 26);
  }
}

TEST_CASE("a word is written as it is read") {
  constexpr auto again = [](const char* text) {
    char octets[8]{};
    tlsrpt::detail::store_word(octets, tlsrpt::detail::load_word<std::uint64_t>(text));
    return std::string_view(octets, sizeof octets) == std::string_view(text, sizeof octets);
  };
  static_assert(again("abcdefg\xff"));
  CHECK(again("abcdefg\xff"));
}
