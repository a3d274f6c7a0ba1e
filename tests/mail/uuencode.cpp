#include <tlsrpt/detail/mail/uuencode.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::detail::uuencode_decoder;
using tlsrpt::detail::uuencoded_file;

/// How a program writes uuencode.
struct habit {
  char zero = '`';
  std::string_view line_end = "\n";
  bool drops_spaces = false;        ///< At the ends of lines.
  bool drops_padding = false;       ///< After the last octet.
  std::string_view added = {};      ///< To each line.
  std::string_view last_line = {};  ///< Before "end"; the usual one when empty.
};

std::string encode(std::string_view octets, const habit& with = {}) {
  const auto digit = [&](unsigned value) {
    return value == 0 ? with.zero : static_cast<char>(value + ' ');
  };
  std::string text;
  for (std::size_t begin = 0; begin < octets.size(); begin += 45) {
    const std::string_view part = octets.substr(begin, 45);
    std::string line(1, digit(static_cast<unsigned>(part.size())));
    for (std::size_t i = 0; i < part.size(); i += 3) {
      unsigned group = 0;
      for (std::size_t j = i; j < i + 3; ++j)
        group = group << 8 | (j < part.size() ? static_cast<unsigned char>(part[j]) : 0u);
      for (int shift = 18; shift >= 0; shift -= 6) line += digit(group >> shift & 0x3f);
      if (with.drops_padding && i + 3 > part.size())
        line.resize(line.size() - (i + 3 - part.size()));
    }
    line += with.added;
    if (with.drops_spaces) line.resize(line.find_last_not_of(' ') + 1);
    (text += line) += with.line_end;
  }
  text += with.last_line.empty() ? std::string(1, with.zero) : std::string(with.last_line);
  return text += with.line_end;
}

std::string file_in(const std::string& data, std::string_view line_end = "\n") {
  const std::string end(line_end);
  return "begin 644 report.json.gz" + end + data + "end" + end;
}

std::vector<uuencoded_file> files(std::string_view text) {
  std::vector<uuencoded_file> found;
  tlsrpt::detail::uuencode_step step(text);
  for (uuencoded_file file; step.next(file);) found.push_back(file);
  return found;
}

/// Decodes in one go, in small steps and in place, which all have to give the same.
std::string decode(std::string_view data, bool is_clean = true) {
  std::string once(uuencode_decoder::bound(data.size()), '?');
  uuencode_decoder whole(data);
  once.resize(whole.read(once));
  CHECK(whole.is_clean() == is_clean);

  std::string steps;
  uuencode_decoder stepping(data);
  for (char room[5];;) {
    const std::size_t size = stepping.read(room);
    if (size == 0) break;
    steps.append(room, size);
  }
  CHECK(steps == once);

  std::string in_place(data);
  in_place.resize(uuencode_decoder::bound(data.size()));
  uuencode_decoder overwriting(std::string_view(in_place).substr(0, data.size()));
  const std::size_t size = overwriting.read(in_place);
  CHECK(in_place.substr(0, size) == once);
  return once;
}

/// Octets of every value, and runs of zeros of every length up to 12.
std::string sample() {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i * 167);
  for (std::size_t zeros = 1; zeros <= 12; ++zeros) octets += std::string(zeros, '\0') + 'x';
  return octets;
}

}  // namespace

TEST_CASE("a file in a text, in every way programs write it") {
  const std::string octets = sample();
  std::vector<habit> habits;
  for (char zero : {'`', ' '}) {
    for (std::string_view line_end : {"\n", "\r\n", "\r", "\r\r\n"}) {
      habits.push_back({zero, line_end});
      habits.push_back({zero, line_end, true});
      habits.push_back({zero, line_end, false, true});
      habits.push_back({zero, line_end, false, false, "X"});
      habits.push_back({zero, line_end, false, false, {}, "`\n\n"});
    }
  }
  habits.push_back({' ', "\n", true, true});
  for (const habit& with : habits) {
    CAPTURE(with.line_end);
    // All sizes modulo a line, and zeros at the end.
    for (std::size_t size = 0; size <= 95; ++size) {
      for (std::string_view tail : {"", "\x01\0\0"}) {
        const std::string content = octets.substr(size) + std::string(tail);
        const std::string text =
            "Hello\n" + file_in(encode(content, with), with.line_end) + "Bye\n";
        const auto found = files(text);
        REQUIRE(found.size() == 1);
        CHECK(found[0].name == "report.json.gz");
        CHECK(found[0].offset == 6);
        CHECK(found[0].has_end);
        REQUIRE(decode(found[0].data) == content);
      }
    }
  }
}

TEST_CASE("words that only look like the begin of a file are none") {
  for (std::string_view text :
       {"", "begin", "begin ", "begin 644", "begin 644 x", "begin 644 x\n", "begin 644 x\nend\n",
        "begin 644 x\n\n \nend\n", "begin 100 times a day, and\nsee what happens\n",
        "begin 64 x\n#86)C\nend\n", "begin 64400 x\n#86)C\nend\n", "begin 648 x\n#86)C\nend\n",
        "> begin 644 x\n> #86)C\n> end\n", "Begin 644 x\n#86)C\nend\n",
        " begin 644 x\n#86)C\nend\n"}) {
    CAPTURE(text);
    CHECK(files(text).empty());
  }
}

TEST_CASE("names, modes, and several files") {
  const auto found = files(
      "begin 0644  a b.json \t\n#86)C\n`\nend \nbegin 600\n#86)C\nend\n"
      "begin 644 x\nwords\nbegin 644 last\r#86)C\rend");
  REQUIRE(found.size() == 3);
  CHECK(found[0].name == "a b.json");
  CHECK(found[1].name.empty());
  CHECK(found[2].name == "last");
  for (const uuencoded_file& file : found) {
    CHECK(decode(file.data) == "abc");
    CHECK(file.has_end);
  }
}

TEST_CASE("a file that breaks off is read as far as it goes") {
  const std::string octets = sample(), text = file_in(encode(octets));
  const std::size_t first = text.find('\n') + 1;
  for (std::size_t size = first + 1; size < text.size() - 1; ++size) {
    const auto found = files(std::string_view(text).substr(0, size));
    CAPTURE(size);
    REQUIRE(found.size() == 1);
    CHECK(found[0].has_end == (size >= text.size() - 1));
    CHECK(found[0].data == std::string_view(text).substr(first, found[0].data.size()));
  }
  const auto found = files("begin 644 x\n#86)C\nSent from my telephone\nend\n");
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].has_end);
  CHECK(decode(found[0].data) == "abc");
}

TEST_CASE("a line gives no more octets than it has") {
  CHECK(decode("M\n", false) == std::string(2, '\0'));
  CHECK(decode("M", false) == std::string(1, '\0'));
  CHECK(decode("M86)C\r\n", false) == "abc" + std::string(4, '\0'));
  CHECK(decode("&86)C\n") == "abc" + std::string(3, '\0'));
  CHECK(decode("#86)C") == "abc");
  CHECK(decode("") == "");
  CHECK(decode("\n\r\n \n`\n") == "");
}

TEST_CASE("texts without files take linear time") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "begin 644 x\nWORDS\nwords\n";
  CHECK(files(text).size() == 100'000);
  CHECK(files(std::string(3'000'000, '\n')).empty());
}
