#include <tlsrpt/detail/text/split.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::vector<std::string> parts(std::string_view text, std::string_view separator) {
  std::vector<std::string> found;
  while (!text.empty()) found.emplace_back(tlsrpt::detail::take_part(text, separator));
  return found;
}

}  // namespace

TEST_CASE("a text is taken apart at its separators") {
  using list = std::vector<std::string>;
  CHECK(parts("a\nbc\n\nd", "\n") == list{"a", "bc", "", "d"});
  CHECK(parts("a\n", "\n") == list{"a"});
  CHECK(parts("\n\n", "\n") == list{"", ""});
  CHECK(parts("abc", "\n") == list{"abc"});
  CHECK(parts("a\\nb\\nc\\", "\\n") == list{"a", "b", "c\\"});
  CHECK(parts("", "\n").empty());
}

TEST_CASE("a line ends at the first line end, wherever it is") {
  for (std::size_t size = 0; size < 50; ++size)
    for (std::size_t at = 0; at <= size; ++at) {
      CHECK(tlsrpt::detail::find_line_end(std::string(size, 'a'), at) == size);
      for (std::size_t end = at; end < size; ++end) {
        std::string text(size, 'a');
        if (at != 0) text[at - 1] = '\n';
        text[end] = end % 2 == 0 ? '\n' : '\r';
        text.back() = '\n';
        CHECK(tlsrpt::detail::find_line_end(text, at) == end);
      }
    }
  static_assert(tlsrpt::detail::find_line_end("0123456789abcdefghij\rk\n", 2) == 20);
}

TEST_CASE("a line ends at the first line end, however far that is") {
  for (std::size_t size : {128u, 129u, 200u, 300u})
    for (std::size_t end = 0; end < size; ++end)
      for (std::size_t next : {end + 1, end + 64, end + 127, size}) {
        if (next > size) continue;
        std::string text(size, 'a');
        text[end] = end % 2 == 0 ? '\n' : '\r';
        if (next < size) text[next] = '\n';
        CHECK(tlsrpt::detail::find_line_end(text, 0) == end);
        CHECK(tlsrpt::detail::find_line_end(text, end + 1) == next);
      }
}

TEST_CASE("lines end in any way, also in one text") {
  std::string_view text = "a\r\nb\nc\rd\n\re\r\r\n\nf";
  std::vector<std::string> lines;
  while (!text.empty()) lines.emplace_back(tlsrpt::detail::take_line(text));
  CHECK(lines == std::vector<std::string>{"a", "b", "c", "d", "", "e", "", "", "f"});
  CHECK(tlsrpt::detail::take_line(text).empty());
}
