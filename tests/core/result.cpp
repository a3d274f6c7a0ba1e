#include <tlsrpt/result.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using tlsrpt::errc;
using tlsrpt::result;

constexpr result<int> half(int number) {
  if (number % 2 != 0) return tlsrpt::diagnostic{errc::wrong_type, {.offset = 7}};
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
  CHECK(bad.and_then(half).error() == bad.error());
}

namespace {

constexpr result<int> zero(const tlsrpt::diagnostic&) { return 0; }
constexpr tlsrpt::diagnostic as_out_of_memory(tlsrpt::diagnostic found) {
  found.code = errc::out_of_memory;
  return found;
}

static_assert(half(3).or_else(zero).value() == 0);
static_assert(half(4).or_else(zero).value() == 2);
static_assert(half(3).transform_error(as_out_of_memory).error().code == errc::out_of_memory);
static_assert(half(3).transform_error(as_out_of_memory).error().where.offset == 7);
static_assert(half(4).transform_error(as_out_of_memory) == half(4));
static_assert(half(3).error_or({}).code == errc::wrong_type);
static_assert(half(4).error_or({errc::out_of_memory}).code == errc::out_of_memory);
static_assert(half(4) == half(5 - 1) && half(4) != half(6) && half(3) == half(5));
static_assert(half(4) != half(3) && half(3) != half(4));
static_assert(half(0) != half(3) && half(3) != half(0));  // without a value there is a 0

template <class R>
concept has_arrow = requires(R&& r) {
  std::forward<R>(r).operator->();
};
static_assert(has_arrow<result<int>&> && has_arrow<const result<int>&>);
static_assert(!has_arrow<result<int>> && !has_arrow<const result<int>>);

// The value of a temporary is returned by value: nothing can be bound to what is gone.
static_assert(std::is_same_v<decltype(*half(4)), int>);
static_assert(std::is_same_v<decltype(half(4).value()), int>);
static_assert(std::is_same_v<decltype(half(4).error()), tlsrpt::diagnostic>);

template <errc Code>
concept is_error = requires {
  typename std::bool_constant<result<int>({Code}).has_value()>;
};
static_assert(!is_error<errc::ok>);

}  // namespace

TEST_CASE("the value of a result can be changed and moved out") {
  result<std::string> text = std::string(100, 'x');
  text.value() += 'y';
  *text += 'z';
  text->push_back('!');
  CHECK(text->size() == 103);
  const std::string moved = *std::move(text);
  CHECK(moved.ends_with("xyz!"));
  const result<std::string> copy = moved;
  CHECK(copy.value() == moved);
}

TEST_CASE("a result without value is success or the reason for failure") {
  constexpr result<void> good;
  static_assert(good && good.error().code == errc::ok);
  const result<void> bad = tlsrpt::diagnostic{errc::out_of_memory};
  CHECK_FALSE(bad.has_value());
  CHECK(bad.error().code == errc::out_of_memory);
  CHECK(bad.error_or({errc::too_deep}).code == errc::out_of_memory);
  CHECK(good.error_or({errc::too_deep}).code == errc::too_deep);
  CHECK(good != bad);
}
