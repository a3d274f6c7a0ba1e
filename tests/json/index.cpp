#include <tlsrpt/detail/json/index.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using tlsrpt::detail::index_status;
using tlsrpt::detail::json_index;

static_assert(!std::is_copy_constructible_v<json_index>);
static_assert(std::is_nothrow_move_constructible_v<json_index>);
static_assert(std::is_nothrow_move_assignable_v<json_index>);

// The longest text has 32-bit offsets, and its index is an array that can be.
static_assert(json_index::largest_text == (sizeof(std::size_t) > 4 ? 0xffffffbfu : 0x1fffffbfu));

index_status build(json_index& index, const std::string& text) {
  const std::string padded = text + std::string(tlsrpt::padding, '[');
  return index.build(padded.data(), text.size());
}

std::vector<std::uint32_t> entries(const json_index& index) { return {index.begin(), index.end()}; }

/// An array of so many zeros; each has an entry of its own, as has each comma.
std::string zeros(std::size_t count) {
  std::string text = "[0";
  for (std::size_t i = 1; i < count; ++i) text += ",0";
  return text + ']';
}

/// Whether the index is that of zeros(count), with all sentinels.
void check_zeros(const json_index& index, std::size_t count) {
  const std::size_t size = 2 * count + 1;
  REQUIRE(entries(index).size() == size);
  for (std::uint32_t i = 0; i < size; ++i) REQUIRE(index.begin()[i] == i);
  for (std::size_t i = 0; i < json_index::sentinels; ++i) REQUIRE(index.end()[i] == size);
}

}  // namespace

TEST_CASE("an index has the offset of each token") {
  json_index index;
  CHECK(entries(index).empty());
  REQUIRE(build(index, R"( {"a": [12, "b,\"", true]} )") == index_status::ok);
  CHECK(entries(index) == std::vector<std::uint32_t>{1, 2, 5, 7, 8, 10, 12, 18, 20, 24, 25});
  for (std::size_t i = 0; i < json_index::sentinels; ++i) CHECK(index.end()[i] == 27);
}

TEST_CASE("an index grows and keeps its memory") {
  json_index index;
  for (const std::size_t count : {1u, 2000u, 2100u, 3u, 50'000u, 10u}) {
    REQUIRE(build(index, zeros(count)) == index_status::ok);
    check_zeros(index, count);
  }
  // There is room for all sentinels where the text only just fits.
  for (std::size_t count = 2000; count < 2100; ++count) {
    json_index fresh;
    REQUIRE(build(fresh, zeros(count)) == index_status::ok);
    check_zeros(fresh, count);
  }
  const std::uint32_t* const before = index.begin();
  REQUIRE(build(index, zeros(50'000)) == index_status::ok);
  CHECK(index.begin() == before);
  REQUIRE(build(index, zeros(50'001)) == index_status::ok);
  const std::uint32_t* const grown = index.begin();
  REQUIRE(build(index, zeros(90'000)) == index_status::ok);  // Room has doubled.
  CHECK(index.begin() == grown);
}

TEST_CASE("a text that cannot be indexed leaves nothing of the one before") {
  for (const std::string& bad :
       {std::string("\"open"), std::string("\"\x01\""), std::string("\"\xff\""), std::string(" "),
        std::string(), std::string(5000, ' ')}) {
    json_index index;
    REQUIRE(build(index, zeros(10)) == index_status::ok);
    CHECK(build(index, bad) == index_status::fault);
    CHECK(entries(index).empty());
    REQUIRE(build(index, zeros(10)) == index_status::ok);
    check_zeros(index, 10);
  }
}

TEST_CASE("an index between two uses, moved and released") {
  json_index first;
  REQUIRE(build(first, zeros(100)) == index_status::ok);
  const std::uint32_t* const entry = first.begin();
  json_index second(std::move(first));
  CHECK(second.begin() == entry);
  check_zeros(second, 100);
  CHECK(entries(first).empty());  // NOLINT(bugprone-use-after-move): stated
  REQUIRE(build(first, zeros(3)) == index_status::ok);
  check_zeros(first, 3);
  first = std::move(second);
  check_zeros(first, 100);
  CHECK(entries(second).empty());  // NOLINT(bugprone-use-after-move): stated
  REQUIRE(build(second, zeros(4000)) == index_status::ok);
  check_zeros(second, 4000);
  second.release();
  CHECK(entries(second).empty());
  second.release();
  REQUIRE(build(second, zeros(4)) == index_status::ok);
  check_zeros(second, 4);
}
