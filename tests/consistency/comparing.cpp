/// @file
/// Equals among elements that collide: what sort_entries() and element_set cost and find.

#include <tlsrpt/detail/consistency/comparing.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/detail/consistency/element_set.hpp>

namespace {

using tlsrpt::detail::element_set;
using tlsrpt::detail::part_hash;

/// Log2, rounded up.
std::size_t levels(std::size_t n) {
  std::size_t log = 0;
  while (std::size_t{1} << log < n) ++log;
  return log;
}

/// Groups `values`, all of which get a hash from `hash`, and counts comparisons.
template <class Hash>
std::pair<std::vector<std::vector<std::uint32_t>>, std::size_t> grouped(
    const std::vector<int>& values, Hash hash) {
  std::size_t comparisons = 0;
  const auto order = [&](std::size_t a, std::size_t b) -> std::weak_ordering {
    ++comparisons;
    return values[a] <=> values[b];
  };
  std::vector<std::uint64_t> entries;
  for (std::size_t i = 0; i < values.size(); ++i)
    entries.push_back(tlsrpt::detail::entry(hash(values[i]), i));
  tlsrpt::detail::sort_entries(std::span(entries), order);
  std::vector<std::vector<std::uint32_t>> groups;
  tlsrpt::detail::for_each_group(
      std::span<const std::uint64_t>(entries), order, [&](std::size_t first, std::size_t last) {
        groups.emplace_back();
        for (; first < last; ++first)
          groups.back().push_back(tlsrpt::detail::index_of(entries[first]));
      });
  return {groups, comparisons};
}

constexpr std::size_t many = 100'000;

}  // namespace

TEST_CASE("equals are together in the order of their indices") {
  const auto [groups, comparisons] =
      grouped({7, 5, 7, 9, 5, 7}, [](int value) { return static_cast<std::uint32_t>(-value); });
  CHECK(groups == std::vector<std::vector<std::uint32_t>>{{3}, {0, 2, 5}, {1, 4}});
  CHECK(comparisons <= 12);
  CHECK(grouped({}, [](int) { return 0u; }).first.empty());
}

TEST_CASE("elements of one hash are put in order apart from their neighbours") {
  const auto [groups, comparisons] =
      grouped({9, 5, 3, 5, 4, 6}, [](int value) { return value == 9 ? 1u : 2u; });
  CHECK(groups == std::vector<std::vector<std::uint32_t>>{{0}, {2}, {4}, {1, 3}, {5}});
}

TEST_CASE("without collisions an element is compared twice") {
  std::vector<int> values;
  for (std::size_t i = 0; i < many; ++i) values.push_back(static_cast<int>(i % 1000));
  const auto [groups, comparisons] =
      grouped(values, [](int value) { return static_cast<std::uint32_t>(value) * 2654435761u; });
  CHECK(groups.size() == 1000);
  CHECK(comparisons <= 2 * many);
}

TEST_CASE("equals only are compared twice, too") {
  const auto [groups, comparisons] = grouped(std::vector<int>(many, 1), [](int) { return 1u; });
  CHECK(groups.size() == 1);
  CHECK(comparisons <= 2 * many);
}

TEST_CASE("a sender who makes all hashes collide makes n log n comparisons of it, not n^2") {
  std::vector<int> values;
  for (std::size_t i = 0; i < many; ++i) values.push_back(static_cast<int>(i * 7919 % (many / 2)));
  const auto [groups, comparisons] = grouped(values, [](int) { return 1u; });
  CHECK(groups.size() == many / 2);
  for (const auto& group : groups) CHECK(group.size() == 2);
  CHECK(comparisons <= 4 * many * levels(many));
}

TEST_CASE("hashes of parts") {
  const auto hash = [](auto... parts) {
    part_hash sum;
    (sum.add(std::string_view(parts)), ...);
    return sum.value();
  };
  CHECK(hash("ab", "c") != hash("a", "bc"));
  CHECK(hash("", "a") != hash("a", ""));
  CHECK(hash("a") == hash("a"));
  part_hash a, b;
  a.add_host("MX.example.com.");
  b.add_host("mx.example.COM");
  CHECK(a.value() == b.value());
  static_assert(tlsrpt::detail::host_order("MX.example.com.", "mx.example.COM") == 0);
  static_assert(tlsrpt::detail::host_order("a", "b") < 0);
  static_assert(tlsrpt::detail::host_order("a.b", "a") > 0);
}

namespace {

/// A text that begins with "k"; all of them collide.
struct colliding {
  std::string_view text;

  static std::optional<colliding> read(std::string_view text) {
    return text.starts_with('k') ? std::optional(colliding{text}) : std::nullopt;
  }
  friend std::uint32_t hash(const colliding&) { return 7; }
  friend std::weak_ordering order(const colliding& a, const colliding& b) {
    return a.text <=> b.text;
  }
};

}  // namespace

TEST_CASE("sets") {
  const std::vector<std::string_view> a = {"k2", "x", "k1", "k2"}, b = {"k1", "k2", "y"};
  std::vector<std::uint64_t> scratch(7);
  const element_set<colliding> first(a, scratch), second(b, std::span(scratch).subspan(4));
  CHECK(first.size() == 2);
  CHECK(first.contains(colliding{"k1"}));
  CHECK(first.contains(colliding{"k2"}));
  CHECK_FALSE(first.contains(colliding{"k"}));
  CHECK_FALSE(first.contains(colliding{"k3"}));
  CHECK(order(first, second) == 0);
  CHECK(first.first_missing_in(second) == a.size());
  part_hash x, y;
  first.add_to(x);
  second.add_to(y);
  CHECK(x.value() == y.value());

  const std::vector<std::string_view> c = {"k1", "k3", "k0"};
  std::vector<std::uint64_t> more(3);
  const element_set<colliding> third(c, more);
  CHECK(third.first_missing_in(first) == 1);
  CHECK(first.first_missing_in(third) == 0);
  CHECK(order(first, third) != 0);
  CHECK((order(first, third) < 0) == (order(third, first) > 0));
  CHECK(element_set<colliding>({}, {}).empty());
}
