#include <tlsrpt/padded.hpp>

#include <doctest/doctest.h>

#include <string>

TEST_CASE("pad() makes room after a text and views what was there") {
  std::string text = "{}";
  const tlsrpt::padded_view view = tlsrpt::pad(text);
  CHECK(view.text() == "{}");
  CHECK(view.is_padded());
  CHECK(text.size() == 2 + tlsrpt::padding);
}

TEST_CASE("a view is padded when enough octets may be read after it") {
  static constexpr char buffer[100] = "{}";
  using tlsrpt::padded_view;
  static_assert(padded_view({buffer, 100 - tlsrpt::padding}, 100).is_padded());
  static_assert(!padded_view({buffer, 101 - tlsrpt::padding}, 100).is_padded());
}
