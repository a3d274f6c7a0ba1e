#include <tlsrpt/detail/text/words.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>

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
