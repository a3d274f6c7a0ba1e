#include <tlsrpt/bytes.hpp>

#include <doctest/doctest.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::bytes_view;

/// The bytes, as text.
std::string text_of(bytes_view bytes) {
  return {reinterpret_cast<const char*>(bytes.span().data()), bytes.span().size()};
}

template <class T>
constexpr bool is_taken = std::convertible_to<const T&, bytes_view>;

}  // namespace

TEST_CASE("bytes in every range that libraries hand over") {
  const std::string text("a\0b", 3);
  CHECK(text_of(text) == text);
  CHECK(text_of(std::string_view(text)) == text);
  CHECK(text_of(std::u8string(text.begin(), text.end())) == text);
  CHECK(text_of(std::vector<char>(text.begin(), text.end())) == text);
  CHECK(text_of(std::vector<std::uint8_t>(text.begin(), text.end())) == text);
  CHECK(text_of(std::array{std::byte{'a'}, std::byte{0}, std::byte{'b'}}) == text);
  CHECK(text_of(std::span(text)) == text);
  CHECK(text_of(std::as_bytes(std::span(text))) == text);
  const unsigned char array[] = {'a', 0, 'b'};
  CHECK(text_of(array) == text);
  std::span<const unsigned char, 3> fixed(array);
  CHECK(text_of(fixed) == text);
  CHECK(text_of({text.data(), text.size()}) == text);
  CHECK(text_of({array, 2}) == text.substr(0, 2));
  CHECK(text_of({}).empty());
  CHECK(text_of(std::vector<char>()).empty());
}

TEST_CASE("literals, arrays of characters and other texts") {
  CHECK(text_of("text") == "text");
  CHECK(text_of(u8"text") == "text");
  CHECK(text_of("").empty());
  char buffer[16] = "text";
  buffer[10] = 'x';
  CHECK(text_of(buffer) == "text");
  const char full[4] = {'t', 'e', 'x', 't'};
  CHECK(text_of(full) == "text");
  const char* const pointer = buffer;
  CHECK(text_of(pointer) == "text");
  struct {
    operator std::string_view() const { return "text"; }
  } convertible;
  CHECK(text_of(convertible) == "text");
}

TEST_CASE("what is no row of bytes is not taken") {
  static_assert(!is_taken<std::vector<int>> && !is_taken<std::vector<bool>>);
  static_assert(!is_taken<std::list<char>> && !is_taken<std::wstring> && !is_taken<char>);
  static_assert(!is_taken<std::nullptr_t> && !is_taken<const void*> && !is_taken<const std::byte*>);
}

TEST_CASE("bytes are known at compile time") {
  static constexpr std::array bytes{std::byte{1}, std::byte{2}};
  static_assert(bytes_view(bytes).span().size() == 2);
  static_assert(bytes_view(bytes.data(), 1).span()[0] == std::byte{1});
  static_assert(bytes_view().span().empty());
}
