#include <tlsrpt/digest.hpp>

#include <doctest/doctest.h>

#include <compare>
#include <string_view>
#include <unordered_set>

using tlsrpt::digest;

TEST_CASE("a digest is a value, a key and a text") {
  constexpr std::string_view text = "4d3e25ebd7d81a947fea79161e3fe302";
  constexpr auto parsed = digest::parse(text);
  static_assert(parsed && to_text(*parsed) == text && parsed->octets()[15] == 2);
  static_assert(digest(parsed->octets()) == *parsed);
  CHECK(to_text(digest()) == "00000000000000000000000000000000");
  for (std::string_view bad :
       {"", "4d3e25ebd7d81a947fea79161e3fe30", "4d3e25ebd7d81a947fea79161e3fe3022",
        "4D3E25EBD7D81A947FEA79161E3FE302", "4d3e25ebd7d81a947fea79161e3fe30g",
        "4d3e25ebd7d81a947fea79161e3fe30 "})
    CHECK_FALSE(digest::parse(bad));
  const auto less = *digest::parse("4d3e25ebd7d81a947fea79161e3fe301");
  CHECK(less < *parsed);
  CHECK(*parsed < *digest::parse("ff000000000000000000000000000000"));
  CHECK((*parsed <=> *digest::parse(text)) == std::strong_ordering::equal);
  const std::unordered_set<digest> set = {*parsed, less, *parsed};
  CHECK(set.size() == 2);
}
