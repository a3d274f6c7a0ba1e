#include "record_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace cli {

namespace {

constexpr std::string_view blanks = " \t";

void drop_blanks(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
}

/// Takes what stands behind a backslash off the front of `line`: three digits, the value of an
/// octet, or a character that stands for itself.
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

/// The character-strings of `line` put together; nothing if it is not made of them.
std::optional<std::string> read_strings(std::string_view line) {
  std::string record;
  for (drop_blanks(line); !line.empty(); drop_blanks(line)) {
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

}  // namespace

std::vector<std::string> read_record_lines(std::string_view text) {
  std::vector<std::string> records;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(blanks) == line.npos) continue;
    std::optional<std::string> record = read_strings(line);
    records.push_back(record ? std::move(*record) : std::string(line));
  }
  return records;
}

}  // namespace cli
