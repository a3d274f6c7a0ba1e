#include <tlsrpt/result.hpp>

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>

namespace {

using tlsrpt::errc;
using tlsrpt::result;

constexpr result<int> half(int number) {
  if (number % 2 != 0) return tlsrpt::error_info{errc::wrong_type, {.offset = 7}};
  return number / 2;
}

static_assert(half(4).value_or(0) == 2);
static_assert(half(3).value_or(-1) == -1);
static_assert(half(3).error().where.offset == 7);
static_assert(half(8).and_then(half).value() == 2);
static_assert(!half(6).and_then(half));
static_assert(half(4).transform([](int i) { return i + 0.5; }).value() == 2.5);
static_assert(!std::is_convertible_v<result<int>, bool>);

}  // namespace

TEST_CASE("a result holds a value or the reason why there is none") {
  const auto good = half(10);
  CHECK(good.has_value());
  CHECK(*good == 5);
  CHECK(good.error().code == errc::ok);
  const auto bad = half(1);
  CHECK_FALSE(bad);
  CHECK(bad.error().code == errc::wrong_type);
  CHECK(bad.transform([](int i) { return i; }).error() == bad.error());
}
