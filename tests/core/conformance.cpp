#include <tlsrpt/conformance.hpp>

#include <doctest/doctest.h>

namespace {

using tlsrpt::errc;

struct house : tlsrpt::lenient {
  static constexpr bool accepts(errc c) noexcept {
    return c != errc::missing_time_zone && lenient::accepts(c);
  }
};

struct configured {
  bool may_lack_time_zone = false;
  constexpr bool accepts(errc c) const noexcept {
    return (c == errc::missing_time_zone && may_lack_time_zone) || tlsrpt::strict::accepts(c);
  }
};

struct not_one {
  bool accepts(errc) const;  // may throw
};

static_assert(tlsrpt::conformance<tlsrpt::strict>);
static_assert(tlsrpt::conformance<tlsrpt::lenient>);
static_assert(tlsrpt::conformance<house>);
static_assert(tlsrpt::conformance<configured>);
static_assert(!tlsrpt::conformance<not_one>);
static_assert(house::accepts(errc::date_only) && !house::accepts(errc::missing_time_zone));
static_assert(configured{true}.accepts(errc::missing_time_zone));

}  // namespace

TEST_CASE("strict and lenient part by grade") {
  for (std::size_t i = 0; i < static_cast<std::size_t>(errc::end_of_list); ++i) {
    const auto code = static_cast<errc>(i);
    CHECK(tlsrpt::strict::accepts(code) == (grade_of(code) < tlsrpt::grade::violation));
    CHECK(tlsrpt::lenient::accepts(code) == (grade_of(code) < tlsrpt::grade::fatal));
  }
}
