/// @file
/// Splits a text at separators, such as lines at their ends.

#ifndef TLSRPT_HPP_DETAIL_TEXT_SPLIT
#define TLSRPT_HPP_DETAIL_TEXT_SPLIT

#include <cstddef>
#include <string_view>

namespace tlsrpt::detail {

/// Takes off the front of `rest` what is before the first `separator`, and returns it; the
/// separator goes, too. Without a separator it is all of `rest`.
constexpr std::string_view take_part(std::string_view& rest, std::string_view separator) noexcept {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
  return part;
}

/// Takes a line off the front of `rest`, with its end (CR LF, LF or CR), and returns it without.
constexpr std::string_view take_line(std::string_view& rest) noexcept {
  std::size_t size = 0;
  while (size < rest.size() && rest[size] != '\n' && rest[size] != '\r') ++size;
  const std::string_view line = rest.substr(0, size);
  rest.remove_prefix(size);
  rest.remove_prefix(rest.starts_with("\r\n") ? 2 : rest.empty() ? 0 : 1);
  return line;
}

}  // namespace tlsrpt::detail

#endif
