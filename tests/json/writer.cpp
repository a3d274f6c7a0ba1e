#include <tlsrpt/detail/json/writer.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/output.hpp>

namespace {

using tlsrpt::detail::json_key;
using tlsrpt::detail::json_writer;

/// A string of JSON, octet by octet.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    constexpr std::string_view escaped = "\b\f\n\r\t\"\\", letters = "bfnrt\"\\";
    if (const std::size_t at = escaped.find(c); at != std::string_view::npos) {
      out += {'\\', letters[at]};
    } else if (octet < 0x20) {
      out += octet < 0x10 ? "\\u000" : "\\u001";
      out += "0123456789abcdef"[octet % 16];
    } else {
      out += c;
    }
  }
  return out += '"';
}

std::string written(std::string_view text) {
  std::string out;
  json_writer(out).string(text);
  return out;
}

/// An output that counts how often it gets text.
struct counting_output {
  std::string text{};
  int calls = 0;

  void append(std::string_view more) {
    text += more;
    ++calls;
  }
};

}  // namespace

TEST_CASE("each octet is escaped where it has to be, wherever it is in a text of any size") {
  for (std::size_t size = 1; size <= 26; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int octet = 0; octet < 256; ++octet) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(octet);
        if (written(text) != quoted(text)) FAIL_CHECK(size, ' ', at, ' ', octet);
      }
  CHECK(written("") == "\"\"");
  // Neighbours in a word do not matter.
  CHECK(written("\x80\xff\x7f !#[]^\x1f") == quoted("\x80\xff\x7f !#[]^\x1f"));
  CHECK(written("\x01\"\\\x02\"\\\x03\"") == quoted("\x01\"\\\x02\"\\\x03\""));
}

TEST_CASE("texts around the size of what is gathered") {
  constexpr std::size_t capacity = tlsrpt::detail::gathered_text<std::string>::capacity;
  for (std::size_t before = 0; before < 50; before += 7)
    for (std::size_t size = capacity - 60; size < capacity + 10; ++size)
      for (char octet : {'x', '"'}) {
        std::string text(size, 'y');
        text[size / 2] = octet;
        const std::string first(before, 'z');
        std::string out;
        json_writer json(out);
        json.begin_array();
        json.string(first);
        json.string(text);
        json.string(first);
        json.number(UINT64_MAX);
        json.end_array();
        const std::string expected = "[" + quoted(first) + "," + quoted(text) + "," +
                                     quoted(first) + ",18446744073709551615]";
        if (out != expected) FAIL_CHECK(before, ' ', size, ' ', octet);
      }
  const std::string large(3 * capacity, 'x');
  CHECK(written(large) == quoted(large));
  CHECK(written("\\" + large + "\n") == quoted("\\" + large + "\n"));
}

TEST_CASE("commas, keys and lines") {
  constexpr json_key name("a-name");
  for (const bool is_pretty : {false, true}) {
    std::string out;
    json_writer json(out, is_pretty);
    json.begin_object();
    json.key(name);
    json.number(-1);
    json.key(name);
    json.begin_array();
    json.begin_object();
    json.end_object();
    json.string("b");
    json.string("\n");
    json.begin_array();
    json.end_array();
    json.end_array();
    json.key("c");
    json.begin_string();
    json.add("d");
    json.add("\"");
    json.add_escape('\x7f');
    json.end_string();
    json.end_object();
    CHECK(out == (is_pretty ? "{\n  \"a-name\": -1,\n  \"a-name\": [\n    {},\n    \"b\",\n"
                              "    \"\\n\",\n    []\n  ],\n  \"c\": \"d\\\"\\u007f\"\n}"
                            : R"({"a-name":-1,"a-name":[{},"b","\n",[]],"c":"d\"\u007f"})"));
  }
  const std::string_view longest = "total-successful-session-count";
  CHECK(json_key(longest).name() == longest);
}

TEST_CASE("an output gets a value at once when it is complete") {
  counting_output out;
  json_writer json(out);
  json.begin_object();
  for (int i = 0; i < 10; ++i) {
    json.key("key");
    json.string("value");
  }
  CHECK(out.calls == 0);
  json.end_object();
  CHECK(out.calls == 1);
  CHECK(out.text.size() == 2 + 10 * 13 + 9);
  // A value alone.
  json_writer(out).number(7);
  CHECK(out.text.ends_with("}7"));
}

TEST_CASE("JSON is written to outputs of all kinds, and in constant expressions") {
  std::vector<std::byte> octets;
  json_writer(octets).string("ab");
  CHECK(octets.size() == 4);
  constexpr auto size = [] {
    std::array<char, 64> room{};
    tlsrpt::span_output out(room);
    json_writer json(out);
    json.begin_array();
    json.string("more than a word, and\n");
    json.string("short");
    json.string("b");
    json.end_array();
    return out.text() == R"(["more than a word, and\n","short","b"])";
  }();
  static_assert(size);
}
