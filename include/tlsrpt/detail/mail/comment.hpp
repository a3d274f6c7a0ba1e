/// @file
/// Comments in header fields (RFC 5322, section 3.2.2).

#ifndef TLSRPT_HPP_DETAIL_MAIL_COMMENT
#define TLSRPT_HPP_DETAIL_MAIL_COMMENT

#include <cstddef>
#include <string_view>

namespace tlsrpt::detail {

/// The size of the comment that `text` begins with; 0 when it begins with none, or with one that
/// does not end.
constexpr std::size_t comment_size(std::string_view text) noexcept {
  if (!text.starts_with('(')) return 0;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

}  // namespace tlsrpt::detail

#endif
