#include <tlsrpt/detail/core/reset_on_move.hpp>

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>
#include <utility>

TEST_CASE("a value is gone where it was moved from") {
  using view = tlsrpt::detail::reset_on_move<std::string_view>;
  static_assert(!std::is_copy_constructible_v<view> && !std::is_copy_assignable_v<view>);
  static_assert(std::is_nothrow_move_constructible_v<view>);
  view first;
  CHECK(first.value.data() == nullptr);
  first.value = "text";
  view second(std::move(first));
  CHECK(second.value == "text");
  CHECK(first.value.data() == nullptr);  // NOLINT(bugprone-use-after-move): stated
  first = std::move(second);
  CHECK(first.value == "text");
  CHECK(second.value.data() == nullptr);  // NOLINT(bugprone-use-after-move): stated
  view& same = first;
  first = std::move(same);
  CHECK(first.value == "text");
}
