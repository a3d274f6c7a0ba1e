#include <tlsrpt/detail/text/hash.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string_view>

#include <tlsrpt/output.hpp>

namespace {

using tlsrpt::detail::fnv1a;

constexpr fnv1a hashed(std::string_view text) {
  fnv1a hash;
  hash.append(text);
  return hash;
}

}  // namespace

TEST_CASE("FNV-1a has the values that its authors publish") {
  static_assert(hashed("").value() == 0xcbf29ce484222325u);
  static_assert(hashed("a").value() == 0xaf63dc4c8601ec8cu);
  static_assert(hashed("foobar").value() == 0x85944171f73967e8u);
  static_assert(hashed("\xff").value() == 0xaf64724c8602eb6eu);
}

TEST_CASE("numbers are hashed as octets, the lowest first") {
  const auto number = [](auto value) {
    fnv1a hash;
    hash.add(value);
    return hash.value();
  };
  CHECK(number(std::uint8_t{'a'}) == hashed("a").value());
  CHECK(number(std::uint32_t{0x64636261}) == hashed("abcd").value());
  CHECK(number(std::uint64_t{0x6867666564636261}) == hashed("abcdefgh").value());
}

TEST_CASE("text is written to a hash as to an output") {
  static_assert(tlsrpt::text_output<fnv1a>);
  static_assert(hashed("ab").value() == [] {
    fnv1a hash = hashed("a");
    hash.append("b");
    return hash.value();
  }());
}

TEST_CASE("folded and mixed values") {
  static_assert(hashed("a").folded() == (0xaf63dc4cu ^ 0x8601ec8cu));
  // Computed apart from this program: the last step of splitmix64.
  static_assert(hashed("a").mixed() == 0x2c0bdbf481420f8u);
  // The upper octet of FNV-1a hardly depends on the last octet of a text; mixed, it does.
  std::set<std::uint64_t> upper, mixed_upper;
  for (int c = 0; c < 64; ++c) {
    const char text[] = {'x', static_cast<char>(c)};
    upper.insert(hashed({text, 2}).value() >> 56);
    mixed_upper.insert(hashed({text, 2}).mixed() >> 56);
  }
  CHECK(upper.size() == 1);
  CHECK(mixed_upper.size() > 40);
}
