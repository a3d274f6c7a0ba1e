/// @file
/// The words of zone files and of the tools that ask DNS.

#ifndef TLSRPT_HPP_DETAIL_ZONE_WORDS
#define TLSRPT_HPP_DETAIL_ZONE_WORDS

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail::zone {

/// Takes the first word off `rest`, and the whitespace after it.
constexpr std::string_view take_word(std::string_view& rest) noexcept {
  const std::string_view word = until(rest, wsp_octet);
  rest = trim_front(rest.substr(word.size()), wsp_octet);
  return word;
}

constexpr bool is_one_of(std::string_view word, std::span<const std::string_view> words) noexcept {
  return std::any_of(words.begin(), words.end(),
                     [word](std::string_view each) { return equals_folded(word, each); });
}

/// Where `text` has `lower`, which is in lower case, in any case; npos for nowhere.
constexpr std::size_t find_folded(std::string_view text, std::string_view lower) noexcept {
  for (std::size_t i = 0; i + lower.size() <= text.size(); ++i)
    if (starts_with_folded(text.substr(i), lower)) return i;
  return text.npos;
}

constexpr bool has_any_of(std::string_view text,
                          std::span<const std::string_view> phrases) noexcept {
  return std::any_of(phrases.begin(), phrases.end(), [text](std::string_view phrase) {
    return find_folded(text, phrase) != text.npos;
  });
}

/// A time to live: seconds, or numbers with units as BIND has them ("1h30m").
constexpr bool is_time_to_live(std::string_view word) noexcept {
  constexpr charset octet = digit_octet | charset("smhdwSMHDW");
  return !word.empty() && digit_octet(word[0]) && consists_of(word, octet);
}

constexpr bool is_class(std::string_view word) noexcept {
  constexpr std::string_view classes[] = {"IN", "CH", "HS", "CLASS1"};
  return is_one_of(word, classes);
}

constexpr bool is_txt(std::string_view word) noexcept {
  constexpr std::string_view names[] = {"TXT", "TYPE16"};
  return is_one_of(word, names);
}

constexpr bool is_cname(std::string_view word) noexcept {
  constexpr std::string_view names[] = {"CNAME", "TYPE5"};
  return is_one_of(word, names);
}

/// Whether a word may be the type of a record, as everybody writes them.
constexpr bool is_record_type(std::string_view word) noexcept {
  constexpr charset letter = charset::range('A', 'Z');
  return !word.empty() && letter(word[0]) && consists_of(word, letter | digit_octet);
}

/// Whether a word may be the name of a record.
constexpr bool is_owner(std::string_view word) noexcept {
  constexpr charset octet = alphanumeric_octet | octet_above_ascii | charset("_-.*\\/@");
  return !word.empty() && consists_of(word, octet);
}

/// Words by which tools say that the name has no record of the type. They are in lower case.
inline constexpr std::string_view absence_phrases[] = {
    "has no txt record", "does not have any rr of the requested type", ": no answer", "nxrrset"};

/// Words by which tools say that they have no answer.
inline constexpr std::string_view failure_phrases[] = {
    "timed out",
    "timeout period expired",
    "no servers could be reached",
    "communications error",
    "connection refused",
    "unreachable",
    "not found: ",
    "resolve call failed",
    "lookup failed",
    "resolution failed",
    "can't find",
    "non-existent domain",
    "name does not exist",
    "dns server failure",
    "servfail",
    "nxdomain",
    "query refused",
    "got recursion not available",
};

/// The first of a pair of characters that pages and shells have around a text, at an end of it;
/// empty for none. Straight ones count at both ends alike.
constexpr std::string_view quotation_mark_at(std::string_view text, bool at_end) noexcept {
  constexpr std::string_view marks[] = {"'",
                                        "`",
                                        "\xe2\x80\x98",
                                        "\xe2\x80\x99",
                                        "\xe2\x80\x9a",
                                        "\xe2\x80\x9b",
                                        "\xe2\x80\x9c",
                                        "\xe2\x80\x9d",
                                        "\xe2\x80\x9e",
                                        "\xe2\x80\x9f",
                                        "\xe2\x80\xb9",
                                        "\xe2\x80\xba",
                                        "\xc2\xab",
                                        "\xc2\xbb"};
  for (const std::string_view mark : marks)
    if (at_end ? text.ends_with(mark) : text.starts_with(mark)) return mark;
  return {};
}

/// The text between the quotation marks of a page or a shell; the same text where there are none.
constexpr std::string_view without_page_quotes(std::string_view text) noexcept {
  const std::string_view first = quotation_mark_at(text, false),
                         last = quotation_mark_at(text, true);
  if (first.empty() || last.empty() || text.size() < first.size() + last.size()) return text;
  if ((first.size() == 1 || last.size() == 1) && first != last) return text;
  return text.substr(first.size(), text.size() - first.size() - last.size());
}

}  // namespace tlsrpt::detail::zone

#endif
