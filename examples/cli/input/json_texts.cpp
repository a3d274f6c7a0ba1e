#include "json_texts.hpp"

#include <algorithm>

namespace cli {

namespace {

/// The size of the object at the front of a text; 0 when it has no end.
std::size_t size_of_object(std::string_view text) {
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t i = text.find_first_of("\"\\{}"); i != text.npos;
       i = text.find_first_of("\"\\{}", i + 1)) {
    if (is_in_string && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      is_in_string = !is_in_string;
    else if (!is_in_string && text[i] == '{')
      ++depth;
    else if (!is_in_string && text[i] == '}' && --depth == 0)
      return i + 1;
  }
  return 0;
}

}  // namespace

json_text json_texts::next() {
  const std::size_t whole = rest_.starts_with('{') ? size_of_object(rest_) : 0;
  const std::size_t size = whole != 0 ? whole : std::min(rest_.find("\n{"), rest_.size());
  const json_text piece{rest_.substr(0, size), whole != 0};
  rest_.remove_prefix(size);
  skip_whitespace();
  return piece;
}

void json_texts::skip_whitespace() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
}

}  // namespace cli
