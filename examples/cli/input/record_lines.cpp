#include "record_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include <tlsrpt/hostname.hpp>

namespace cli {

namespace {

constexpr std::string_view whitespace = " \t";

void drop_whitespace(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(whitespace), line.size()));
}

/// Takes what follows a backslash off the front of `line`: three digits, the value of an
/// octet, or a character that means itself.
std::optional<char> take_escaped(std::string_view& line) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (line.empty()) return {};
  if (!is_digit(line[0])) {
    const char c = line[0];
    line.remove_prefix(1);
    return c;
  }
  if (line.size() < 3 || !is_digit(line[1]) || !is_digit(line[2])) return {};
  const int value = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (value > 255) return {};
  line.remove_prefix(3);
  return static_cast<char>(static_cast<unsigned char>(value));
}

/// The character-strings of `line` joined; nothing if it is not made of them.
std::optional<std::string> read_strings(std::string_view line) {
  std::string record;
  for (drop_whitespace(line); !line.empty(); drop_whitespace(line)) {
    if (line[0] != '"') return {};
    line.remove_prefix(1);
    for (;;) {
      if (line.empty()) return {};
      const char c = line[0];
      line.remove_prefix(1);
      if (c == '"') break;
      if (c != '\\') {
        record += c;
        continue;
      }
      const std::optional<char> escaped = take_escaped(line);
      if (!escaped) return {};
      record += *escaped;
    }
  }
  return record;
}

/// Whether the line is a name in full, which no record is.
bool is_target(std::string_view line) { return line.ends_with('.') && tlsrpt::is_host_name(line); }

}  // namespace

std::string read_record(std::string_view line) {
  std::optional<std::string> strings = read_strings(line);
  return strings ? std::move(*strings) : std::string(line);
}

record_lines read_record_lines(std::string_view text) {
  record_lines read;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(whitespace) == line.npos) continue;
    if (line.starts_with(';')) {
      if (read.first_comment.empty()) read.first_comment = line;
    } else if (!is_target(line)) {
      read.records.push_back(read_record(line));
    }
  }
  return read;
}

}  // namespace cli
