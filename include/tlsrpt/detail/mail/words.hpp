/// @file
/// Words of letters and digits, whatever is between them.

#ifndef TLSRPT_HPP_DETAIL_MAIL_WORDS
#define TLSRPT_HPP_DETAIL_MAIL_WORDS

#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// All that is between words of letters and digits.
inline constexpr charset between_octet = charset::range(0, 255) - alphanumeric_octet;

/// Takes the first word off a text; empty at the end.
constexpr std::string_view take_word(std::string_view& text) noexcept {
  text = trim_front(text, between_octet);
  const std::string_view word = until(text, between_octet);
  text.remove_prefix(word.size());
  return word;
}

/// Whether `word` is among the words of a text, without regard to case.
constexpr bool has_word(std::string_view text, std::string_view word) noexcept {
  while (!text.empty())
    if (equals_folded(take_word(text), word)) return true;
  return false;
}

/// Whether two texts have the same words.
constexpr bool same_words(std::string_view a, std::string_view b) noexcept {
  for (;;) {
    const std::string_view word = take_word(a);
    if (word != take_word(b)) return false;
    if (word.empty()) return true;
  }
}

}  // namespace tlsrpt::detail

#endif
