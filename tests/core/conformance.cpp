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
static_assert(tlsrpt::conformance<tlsrpt::rules>);

using tlsrpt::rules;
constexpr rules without_zone = rules(tlsrpt::lenient{}).without(errc::missing_time_zone);
static_assert(!without_zone.accepts(errc::missing_time_zone));
static_assert(without_zone.accepts(errc::date_only));
static_assert(without_zone == rules(house{}));
static_assert(without_zone.with(errc::missing_time_zone) == rules());
static_assert(rules(configured{true}) == rules(tlsrpt::strict{}).with(errc::missing_time_zone));

}  // namespace

TEST_CASE("strict and lenient part by grade") {
  for (errc code : tlsrpt::all_codes()) {
    CHECK(tlsrpt::strict::accepts(code) == (grade_of(code) < tlsrpt::grade::violation));
    CHECK(tlsrpt::lenient::accepts(code) == (grade_of(code) < tlsrpt::grade::fatal));
  }
}

TEST_CASE("rules accept what they were made from, and never a fatal code") {
  const rules of_strict(tlsrpt::strict{});
  const rules of_lenient(tlsrpt::lenient{});
  for (errc code : tlsrpt::all_codes()) {
    CAPTURE(name(code));
    CHECK(of_strict.accepts(code) == tlsrpt::strict::accepts(code));
    CHECK(of_lenient.accepts(code) == tlsrpt::lenient::accepts(code));
    const bool is_fatal = grade_of(code) == tlsrpt::grade::fatal;
    CHECK(of_strict.with(code).accepts(code) == !is_fatal);
    CHECK_FALSE(of_lenient.without(code).accepts(code));
    // Only that one code changes.
    for (errc other : tlsrpt::all_codes())
      if (other != code) {
        REQUIRE(of_strict.with(code).accepts(other) == of_strict.accepts(other));
        REQUIRE(of_lenient.without(code).accepts(other) == of_lenient.accepts(other));
      }
  }
}

TEST_CASE("a number that is no code is accepted by nobody") {
  for (unsigned number : {1u, 0xffu, 0x01f0u, 0x0d00u, 0x7fffu, 0xffffu}) {
    const auto code = static_cast<errc>(number);
    CAPTURE(number);
    CHECK_FALSE(tlsrpt::lenient::accepts(code));
    CHECK_FALSE(rules().with(code).accepts(code));
    CHECK(rules().without(code) == rules());
  }
}
