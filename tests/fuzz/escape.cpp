/// Fuzz target: escaping. What reads the syntax of each place gives the printable text back.

#include <cstdint>
#include <string>
#include <string_view>

#include <tlsrpt/detail/write/printable.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/escape.hpp>

#include "relations.hpp"

namespace {

namespace detail = tlsrpt::detail;
namespace escape = tlsrpt::escape;

/// Takes off both ends what a place has around a text.
std::string_view inside(std::string_view text, char mark) {
  HOLDS(text.size() >= 2 && text.front() == mark && text.back() == mark);
  return text.substr(1, text.size() - 2);
}

std::string read_entities(std::string_view html) {
  constexpr struct {
    std::string_view name;
    char octet;
  } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  std::string text;
  while (!html.empty()) {
    const std::size_t size_before = text.size();
    for (const auto& entity : entities) {
      if (!html.starts_with(entity.name)) continue;
      html.remove_prefix(entity.name.size());
      text += entity.octet;
      break;
    }
    if (text.size() != size_before) continue;
    HOLDS(std::string_view("&<>\"'").find(html.front()) == std::string_view::npos);
    text += html.front();
    html.remove_prefix(1);
  }
  return text;
}

/// RFC 4180: a quoted field.
std::string read_csv(std::string_view cell) {
  std::string text;
  cell = inside(cell, '"');
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '"') HOLDS(++i < cell.size() && cell[i] == '"');
    text += cell[i];
  }
  return text;
}

/// Backslashes before quotation marks and backslashes, and no other ones.
std::string read_backslashes(std::string_view value) {
  std::string text;
  value = inside(value, '"');
  for (std::size_t i = 0; i < value.size(); ++i) {
    HOLDS(value[i] != '"');
    if (value[i] == '\\') HOLDS(++i < value.size() && (value[i] == '"' || value[i] == '\\'));
    text += value[i];
  }
  return text;
}

std::uint32_t read_four_digits(std::string_view digits) {
  std::uint32_t unit = 0;
  HOLDS(digits.size() >= 4);
  for (char c : digits.substr(0, 4)) {
    HOLDS(detail::hex_value(c) >= 0);
    unit = unit << 4 | static_cast<std::uint32_t>(detail::hex_value(c));
  }
  return unit;
}

/// RFC 8259: a string, of which json_string() uses these escapes.
std::string read_json(std::string_view json) {
  std::string text;
  json = inside(json, '"');
  while (!json.empty()) {
    HOLDS(json.front() != '"' && static_cast<unsigned char>(json.front()) >= 0x20);
    if (json.front() != '\\') {
      text += json.front();
      json.remove_prefix(1);
      continue;
    }
    HOLDS(json.size() >= 2);
    if (json[1] != 'u') {
      HOLDS(json[1] == '"' || json[1] == '\\');
      text += json[1];
      json.remove_prefix(2);
      continue;
    }
    std::uint32_t code_point = read_four_digits(json.substr(2));
    json.remove_prefix(6);
    if (code_point >= 0xd800 && code_point <= 0xdbff) {
      HOLDS(json.starts_with("\\u"));
      const std::uint32_t low = read_four_digits(json.substr(2));
      HOLDS(low >= 0xdc00 && low <= 0xdfff);
      code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
      json.remove_prefix(6);
    }
    char octets[4];
    text.append(octets, detail::write_utf8(code_point, octets));
  }
  return text;
}

/// Whether a text can be shown: UTF-8 and nothing treacherous.
bool is_shown(std::string_view text) {
  while (!text.empty()) {
    const detail::utf8_character first = detail::read_utf8(text);
    if (first.size == 0 || detail::is_treacherous(first.code_point)) return false;
    text.remove_prefix(first.size);
  }
  return true;
}

/// The text with octets that are not UTF-8 as escapes.
std::string repaired(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string utf8;
  while (!text.empty()) {
    const std::size_t size = detail::read_utf8(text).size;
    const auto octet = static_cast<unsigned char>(text.front());
    if (size == 0) utf8 += {'\\', 'x', digits[octet >> 4], digits[octet & 15]};
    utf8 += text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return utf8;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();

  const auto terminal = [text](std::size_t max_characters) {
    return fuzz::written([=](auto& out) { escape::terminal(out, text, max_characters); });
  };
  const std::string printable = terminal(escape::any_length);
  HOLDS(is_shown(printable));
  if (is_shown(text)) HOLDS(printable == text);
  const std::size_t most = fuzz::numbers(text).below(size + 1);
  const std::string cut = terminal(most);
  HOLDS(is_shown(cut));
  if (cut != printable) {
    HOLDS(cut.ends_with(" more octets]"));
    const std::string_view kept = std::string_view(cut).substr(0, cut.rfind(" ["));
    HOLDS(printable.starts_with(kept));
  }

  const std::string log =
      fuzz::written([text](auto& out) { escape::log_value(out, text, escape::any_length); });
  HOLDS(is_shown(log) && read_backslashes(log) == printable);

  const std::string html = fuzz::written([text](auto& out) { escape::html_text(out, text); });
  HOLDS(is_shown(html) && read_entities(html) == printable);

  const std::string cell = fuzz::written([text](auto& out) { escape::csv_cell(out, text); });
  const std::string value = read_csv(cell);
  const bool has_apostrophe = value.size() != printable.size();
  HOLDS(is_shown(cell) && value == (has_apostrophe ? '\'' + printable : printable));
  const std::size_t first = value.find_first_not_of(' ');
  if (first != std::string::npos)
    HOLDS(std::string_view("=+-@").find(value[first]) == std::string_view::npos);

  const std::string quoted =
      fuzz::written([text](auto& out) { escape::openmetrics_label(out, text); });
  const std::string label = read_backslashes(quoted);
  HOLDS(is_shown(quoted) && label.size() <= escape::max_label_octets);
  if (printable.size() <= escape::max_label_octets)
    HOLDS(label == printable);
  else
    HOLDS(printable.starts_with(std::string_view(label).substr(0, label.rfind('~'))));

  const std::string json = fuzz::written([text](auto& out) { escape::json_string(out, text); });
  HOLDS(is_shown(json) && json.find_first_of("<>&") == std::string::npos);
  HOLDS(read_json(json) == repaired(text));
  return 0;
}
