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

}  // namespace tlsrpt::detail

#endif
