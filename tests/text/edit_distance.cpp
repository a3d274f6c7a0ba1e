#include <tlsrpt/detail/text/edit_distance.hpp>

#include <doctest/doctest.h>

#include <string>

using tlsrpt::detail::edit_distance;

TEST_CASE("a distance counts octets that are changed, inserted and removed") {
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("ABC", "abc") == 0);
  CHECK(edit_distance("axc", "abc") == 1);
  CHECK(edit_distance("ac", "abc") == 1);
  CHECK(edit_distance("abxc", "abc") == 1);
  CHECK(edit_distance("bac", "abc") == 2);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
}

TEST_CASE("texts of more than 16 octets are not compared") {
  const std::string longest(16, 'a');
  CHECK(edit_distance(longest, longest) == 0);
  CHECK(edit_distance(longest + 'a', longest) == 16);
  CHECK(edit_distance(longest, longest + 'a') == 16);
}
