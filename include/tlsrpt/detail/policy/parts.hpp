/// @file
/// What the readers of MTA-STS policies and of TLSA records share.

#ifndef TLSRPT_HPP_DETAIL_POLICY_PARTS
#define TLSRPT_HPP_DETAIL_POLICY_PARTS

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

constexpr bool is_quoted(std::string_view text) noexcept {
  return text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
         text.back() == text.front();
}

/// What is between quotation marks, without surrounding whitespace; the text itself without them.
constexpr std::string_view without_quotes(std::string_view text) noexcept {
  return is_quoted(text) ? trim(text.substr(1, text.size() - 2), wsp_octet) : text;
}

/// The line end, with whitespace in it, at the end of `text`.
constexpr std::string_view line_end_of(std::string_view text) noexcept {
  std::size_t line_end = text.size();
  for (std::size_t i = text.size(); i > 0; --i) {
    if (text[i - 1] == '\r' || text[i - 1] == '\n')
      line_end = i - 1;
    else if (!wsp_octet(text[i - 1]))
      break;
  }
  return text.substr(line_end);
}

}  // namespace tlsrpt::detail

#endif
