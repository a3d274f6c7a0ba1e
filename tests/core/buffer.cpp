#include <tlsrpt/detail/core/buffer.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using tlsrpt::padding;
using tlsrpt::detail::arena;
using tlsrpt::detail::frees_on_reuse;
using tlsrpt::detail::padded_buffer;

template <class T>
constexpr bool is_move_only =
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
    std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;

static_assert(is_move_only<padded_buffer> && is_move_only<arena<int>>);

// Not a constant, so that compilers do not warn about what is meant to fail.
volatile std::size_t huge = SIZE_MAX;

void write(padded_buffer& buffer, std::string_view text) { text.copy(buffer.data(), text.size()); }

}  // namespace

TEST_CASE("a buffer has room for a text and its padding") {
  padded_buffer buffer;
  CHECK(buffer.data() == nullptr);
  CHECK(buffer.capacity() == 0);
  for (const std::size_t size : {0u, 1u, 5u, 1000u}) {
    REQUIRE(buffer.reserve(size, 0));
    REQUIRE(buffer.data() != nullptr);
    CHECK(buffer.capacity() >= size);
    for (std::size_t i = 0; i < buffer.capacity() + padding; ++i) buffer.data()[i] = 'x';
    buffer.terminate(size);
    CHECK(std::string(buffer.data(), size) == std::string(size, 'x'));
    CHECK(std::string(buffer.data() + size, padding) == std::string(padding, '\0'));
  }
}

TEST_CASE("a buffer keeps what it should, and its memory where it has enough") {
  padded_buffer buffer;
  REQUIRE(buffer.reserve(10, 0));
  CHECK(buffer.capacity() == 10);
  write(buffer, "0123456789");
  const char* const before = buffer.data();
  CHECK(buffer.reserve(10, 0));
  CHECK(buffer.data() == before);
  REQUIRE(buffer.reserve(100'000, 10));
  CHECK(std::string_view(buffer.data(), 10) == "0123456789");
  CHECK(buffer.capacity() == 100'000);
  REQUIRE(buffer.reserve(300'000, 1));
  CHECK(buffer.data()[0] == '0');
}

TEST_CASE("a buffer doubles, but not beyond what is said") {
  padded_buffer buffer;
  REQUIRE(buffer.reserve(1000, 0));
  REQUIRE(buffer.reserve(1001, 1000));
  CHECK(buffer.capacity() == 2000);
  REQUIRE(buffer.reserve(2001, 0, 2500));
  CHECK(buffer.capacity() == 2500);
  REQUIRE(buffer.reserve(2501, 2500, 2501));
  CHECK(buffer.capacity() == 2501);
}

TEST_CASE("a buffer takes a copy, and knows what lies in it") {
  padded_buffer buffer;
  const std::string text = "0123456789";
  const auto octets = std::as_bytes(std::span(text));
  CHECK(!buffer.holds(octets));
  CHECK(!buffer.holds({}));
  REQUIRE(buffer.assign(octets));
  CHECK(std::string_view(buffer.data(), 10) == text);
  CHECK(std::string(buffer.data() + 10, padding) == std::string(padding, '\0'));
  CHECK(!buffer.holds(octets));
  const auto own = std::as_bytes(std::span(buffer.data(), buffer.capacity() + padding));
  CHECK(buffer.holds(own));
  CHECK(buffer.holds(own.last(1)));
  CHECK(!buffer.holds(own.last(0)));
  CHECK(!buffer.holds({own.data() - 1, 1}));
  REQUIRE(buffer.assign(octets.first(3)));
  CHECK(std::string_view(buffer.data(), 3) == "012");
  CHECK(std::string(buffer.data() + 3, padding) == std::string(padding, '\0'));
  CHECK(buffer.data() == reinterpret_cast<const char*>(own.data()));
  REQUIRE(buffer.assign({}));
  CHECK(buffer.data()[0] == '\0');
  if constexpr (!frees_on_reuse) CHECK(!buffer.assign({octets.data(), huge / 2}));
}

TEST_CASE("a buffer says when there is no memory, and keeps its text") {
  padded_buffer buffer;
  REQUIRE(buffer.reserve(4, 0));
  write(buffer, "kept");
  CHECK(!buffer.reserve(huge, 4));
  CHECK(!buffer.reserve(huge - padding + 1, 4));
  // AddressSanitizer ends the program instead.
  if constexpr (!frees_on_reuse) CHECK(!buffer.reserve(huge / 2, 4));
  CHECK(buffer.capacity() == 4);
  CHECK(std::string_view(buffer.data(), 4) == "kept");
}

TEST_CASE("a buffer between two uses, and released") {
  padded_buffer buffer;
  REQUIRE(buffer.reserve(100, 0));
  buffer.recycle();
  CHECK(buffer.capacity() == (frees_on_reuse ? 0 : 100));
  CHECK((buffer.data() == nullptr) == frees_on_reuse);
  REQUIRE(buffer.reserve(100, 0));
  buffer.release();
  buffer.release();
  CHECK(buffer.data() == nullptr);
  CHECK(buffer.capacity() == 0);
}

TEST_CASE("buffers move") {
  padded_buffer first;
  REQUIRE(first.reserve(4, 0));
  write(first, "text");
  const char* const memory = first.data();
  padded_buffer second(std::move(first));
  CHECK(second.data() == memory);
  CHECK(first.capacity() == 0);  // NOLINT(bugprone-use-after-move): stated
  REQUIRE(first.reserve(1, 0));
  first = std::move(second);
  CHECK(first.data() == memory);
  CHECK(first.capacity() == 4);
  CHECK(second.data() == nullptr);  // NOLINT(bugprone-use-after-move): stated
  padded_buffer& same = first;
  first = std::move(same);
  CHECK(std::string_view(first.data(), 4) == "text");
}

TEST_CASE("an arena holds what was pushed") {
  arena<std::uint64_t> numbers;
  CHECK(numbers.data() == nullptr);
  for (std::uint64_t i = 0; i < 1000; ++i) REQUIRE(numbers.push(i * i));
  REQUIRE(numbers.size() == 1000);
  for (std::uint64_t i = 0; i < 1000; ++i) CHECK(std::as_const(numbers).data()[i] == i * i);
}

TEST_CASE("an arena takes its own elements") {
  arena<std::string_view> texts;
  REQUIRE(texts.push("first"));
  for (int i = 0; i < 100; ++i) REQUIRE(texts.push(texts.data()[0]));
  CHECK(texts.data()[100] == "first");
}

TEST_CASE("pointers into an arena can follow it") {
  arena<int> numbers;
  const int* third = nullptr;
  int moves = 0;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(numbers.push(i, [&](const int* old_begin, int* new_begin, std::size_t size) {
      ++moves;
      CHECK(size == static_cast<std::size_t>(i));
      CHECK(old_begin[size - 1] == i - 1);  // not freed yet
      CHECK(new_begin[size - 1] == i - 1);
      third = new_begin + (third - old_begin);
    }));
    if (i == 3) third = numbers.data() + 3;
  }
  CHECK(third == numbers.data() + 3);
  CHECK(moves == 6);  // from 16 elements to 32, and so on to 1024
}

TEST_CASE("an arena takes many values at once") {
  arena<char> a;
  CHECK(a.append(std::span<const char>()));
  std::string expected;
  for (std::size_t i = 0; i < 100; ++i) {
    const std::string more(i, static_cast<char>('a' + i % 26));
    REQUIRE(a.append(more));
    expected += more;
  }
  CHECK(std::string_view(a.data(), a.size()) == expected);
}

TEST_CASE("an arena that has room does not move") {
  arena<int> numbers;
  REQUIRE(numbers.reserve(1000));
  const int* const before = numbers.data();
  bool moved = false;
  for (int i = 0; i < 1000; ++i)
    REQUIRE(numbers.push(i, [&moved](const int*, int*, std::size_t) { moved = true; }));
  CHECK(!moved);
  CHECK(numbers.reserve(500));
  CHECK(numbers.reserve(1000));
  CHECK(numbers.data() == before);
}

TEST_CASE("an arena says when there is no memory, and keeps its elements") {
  arena<std::uint64_t> numbers;
  REQUIRE(numbers.push(7));
  CHECK(!numbers.reserve(huge));
  CHECK(!numbers.reserve(huge / sizeof(std::uint64_t) + 1));
  if constexpr (!frees_on_reuse) CHECK(!numbers.reserve(huge / sizeof(std::uint64_t)));
  CHECK(numbers.size() == 1);
  CHECK(numbers.data()[0] == 7);
}

TEST_CASE("an arena between two uses, and released") {
  arena<int> numbers;
  REQUIRE(numbers.push(1));
  const int* const before = numbers.data();
  numbers.clear();
  CHECK(numbers.size() == 0);
  CHECK(numbers.data() == (frees_on_reuse ? nullptr : before));
  REQUIRE(numbers.push(2));
  CHECK(numbers.data()[0] == 2);
  numbers.release();
  numbers.release();
  CHECK(numbers.size() == 0);
  CHECK(numbers.data() == nullptr);
  CHECK(numbers.push(3));
}

TEST_CASE("arenas move") {
  arena<int> first;
  REQUIRE(first.push(1));
  const int* const memory = first.data();
  arena<int> second(std::move(first));
  CHECK(second.data() == memory);
  CHECK(second.size() == 1);
  CHECK(first.size() == 0);  // NOLINT(bugprone-use-after-move): stated
  REQUIRE(first.push(2));
  first = std::move(second);
  CHECK(first.data() == memory);
  CHECK(second.data() == nullptr);  // NOLINT(bugprone-use-after-move): stated
  REQUIRE(second.push(3));
  CHECK(second.size() == 1);
}
