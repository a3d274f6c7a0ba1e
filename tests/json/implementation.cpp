// A program of its own: simdjson asks the environment once, at its first use.

#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "json/foreign_implementation.hpp"
#include "support.hpp"

using tlsrpt::errc;

TEST_CASE("an implementation of simdjson that cannot be used is named, and others are used later") {
#ifdef _WIN32
  _putenv_s("SIMDJSON_FORCE_IMPLEMENTATION", "no-such");
#else
  setenv("SIMDJSON_FORCE_IMPLEMENTATION", "no-such", 1);
#endif
  const std::string text = support::report_parts{}.text();
  tlsrpt::report_parser<> parser;
  for (int i = 0; i < 2; ++i) {
    CHECK(parser.parse(text).error().code == errc::simdjson_unusable);
    CHECK(parser.parse(support::gzip(text)).error().code == errc::simdjson_unusable);
  }
  static const support::foreign_implementation foreign;
  simdjson::get_active_implementation() = &foreign;
  CHECK(parser.parse(text).error().code == errc::simdjson_unusable);
  for (const simdjson::implementation* each : simdjson::get_available_implementations()) {
    if (!each->supported_by_runtime_system()) continue;
    simdjson::get_active_implementation() = each;
    parser.release();
    CHECK(parser.parse(text).has_value());
  }
}
