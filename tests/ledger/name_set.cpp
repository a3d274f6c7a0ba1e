#include <tlsrpt/detail/summary/name_set.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::detail::name_set;

}  // namespace

TEST_CASE("equal names become the view that came first, unequal ones stay") {
  const std::string first = "mx1.example.com", again = first, prefix = "mx1.example.co",
                    other = "x";
  name_set names;
  std::string_view a = first, b = again, c = prefix, d = other;
  for (std::string_view* name : {&a, &b, &c, &d}) REQUIRE(names.unify(*name) != name_set::none);
  CHECK(a.data() == first.data());
  CHECK(b.data() == first.data());
  CHECK(b == again);
  CHECK(c.data() == prefix.data());
  CHECK(c == prefix);
  CHECK(d.data() == other.data());
}

TEST_CASE("a name without octets is one of the set") {
  name_set names;
  std::string_view none, empty = "";
  REQUIRE(names.unify(none) == names.unify(empty));
  CHECK(none.empty());
  CHECK(empty.empty());
  CHECK(empty.data() == none.data());
}

TEST_CASE("a set of many names, while it grows, and their order") {
  std::mt19937 random(1);
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i) texts.push_back("host" + std::to_string(random() % 3000));
  std::vector<const char*> first_of(3000);
  std::vector<std::string_view> by_number;
  name_set names;
  for (const std::string& text : texts) {
    std::string_view name = text;
    const std::uint32_t number = names.unify(name);
    REQUIRE(number != name_set::none);
    CHECK(name == text);
    const char*& first = first_of[std::stoul(text.substr(4))];
    if (first == nullptr) first = text.data();
    CHECK(name.data() == first);
    if (number == by_number.size()) by_number.push_back(name);
    REQUIRE(number < by_number.size());
    CHECK(by_number[number] == name);
  }
  tlsrpt::detail::arena<std::uint32_t> places;
  REQUIRE(names.find_places(places));
  REQUIRE(places.size() == by_number.size());
  std::vector<std::string_view> sorted(by_number.size());
  for (std::size_t i = 0; i < by_number.size(); ++i) sorted.at(places.data()[i]) = by_number[i];
  CHECK(std::ranges::adjacent_find(sorted, std::ranges::greater_equal()) == sorted.end());
}
