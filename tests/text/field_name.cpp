#include <tlsrpt/detail/text/field_name.hpp>

#include <doctest/doctest.h>

#include <string>

using tlsrpt::detail::find_name_fault;

TEST_CASE("a field name is a letter or digit and at most 31 more octets") {
  constexpr auto none = std::string_view::npos;
  CHECK(find_name_fault("a") == none);
  CHECK(find_name_fault("7a_b-c.D9") == none);
  CHECK(find_name_fault("") == 0);
  CHECK(find_name_fault("_a") == 0);
  CHECK(find_name_fault("-a") == 0);
  CHECK(find_name_fault(".a") == 0);
  CHECK(find_name_fault("ab c") == 2);
  CHECK(find_name_fault("a=") == 1);
  CHECK(find_name_fault(std::string(32, 'a')) == none);
  CHECK(find_name_fault(std::string(33, 'a')) == 32);
}
