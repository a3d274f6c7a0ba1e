#include <tlsrpt/detail/text/number.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

#include <tlsrpt/output.hpp>

namespace {

using tlsrpt::detail::read_number;

template <class Number>
std::string written(Number number) {
  std::string text;
  tlsrpt::detail::put_number(text, number);
  return text;
}

template <class Number>
void check_limits() {
  using limits = std::numeric_limits<Number>;
  CHECK(written(limits::max()) == std::to_string(limits::max()));
  CHECK(written(limits::min()) == std::to_string(limits::min()));
  CHECK(read_number<Number>(std::to_string(limits::max())) == limits::max());
  // The next number, and the next longer one.
  std::string next = std::to_string(limits::max());
  for (std::size_t i = next.size(); next[--i]++ == '9';) next[i] = '0';
  CHECK(read_number<Number>(next) == std::nullopt);
  CHECK(read_number<Number>(std::to_string(limits::max()) + "0") == std::nullopt);
}

}  // namespace

TEST_CASE("numbers are read and written up to the limits of their type") {
  check_limits<std::uint8_t>();
  check_limits<std::uint16_t>();
  check_limits<std::uint32_t>();
  check_limits<std::uint64_t>();
  check_limits<std::int64_t>();
  for (int number = 0; number < 256; ++number) {
    CHECK(written(number) == std::to_string(number));
    CHECK(read_number<std::uint8_t>(std::to_string(number)) == number);
  }
}

TEST_CASE("a number is digits alone") {
  for (std::string_view text : {"", " ", "-1", "+1", "1 ", " 1", "1.0", "0x1", "1e3", "1/", "1:"})
    CHECK(read_number<std::int64_t>(text) == std::nullopt);
  static_assert(read_number<std::uint8_t>("00000255") == 255);
  static_assert(read_number<std::uint64_t>("0") == 0);
}

TEST_CASE("an octet has two hexadecimal digits") {
  tlsrpt::short_text<6> text;
  for (const std::uint8_t octet : std::initializer_list<std::uint8_t>{0x00, 0x1f, 0xe9})
    tlsrpt::detail::put_hex(text, octet);
  CHECK(text == "001fe9");
}
