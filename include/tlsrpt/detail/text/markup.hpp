/// @file
/// How XML and HTML documents begin.

#ifndef TLSRPT_HPP_DETAIL_TEXT_MARKUP
#define TLSRPT_HPP_DETAIL_TEXT_MARKUP

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt::detail {

/// What is before the root element of a document.
struct markup_start {
  std::string_view root{};       ///< The name of the root without its prefix; empty for none.
  bool has_declaration = false;  ///< "<?xml"
  bool is_html = false;          ///< "<!DOCTYPE html"
};

/// Takes what is up to and including `end` off the front of `text`; all of it without `end`.
constexpr void drop_through(std::string_view& text, std::string_view end) noexcept {
  const std::size_t found = text.find(end);
  text.remove_prefix(found == text.npos ? text.size() : found + end.size());
}

/// Reads what a document begins with: the declaration, instructions, comments and the document
/// type, in any order, and the first tag after them. Linear in the text.
constexpr markup_start read_markup_start(std::string_view text) noexcept {
  markup_start start;
  for (;;) {
    text = trim_front(text, whitespace_octet);
    if (text.starts_with("<?")) {
      start.has_declaration |= starts_with_folded(text, "<?xml");
      drop_through(text, "?>");
    } else if (text.starts_with("<!--")) {
      drop_through(text, "-->");
    } else if (text.starts_with("<!")) {
      start.is_html |= starts_with_folded(text, "<!doctype html");
      drop_through(text, ">");
    } else {
      break;
    }
  }
  if (!text.starts_with('<')) return start;
  constexpr charset name_octet = alphanumeric_octet | charset("-_.:") | octet_above_ascii;
  constexpr charset after_name = whitespace_octet | charset("/>");
  text.remove_prefix(1);
  const std::string_view name = text.substr(0, text.size() - trim_front(text, name_octet).size());
  text.remove_prefix(name.size());
  if (text.empty() || after_name(text.front())) start.root = name.substr(name.rfind(':') + 1);
  return start;
}

/// Whether an element of that name is what HTML documents and pieces of them begin with.
constexpr bool is_html_element(std::string_view name) noexcept {
  constexpr std::string_view names[] = {"a",    "b",    "body",  "br",    "center", "div",
                                        "font", "head", "html",  "img",   "meta",   "p",
                                        "pre",  "span", "style", "table", "title"};
  return std::any_of(std::begin(names), std::end(names),
                     [name](std::string_view known) { return equals_folded(name, known); });
}

}  // namespace tlsrpt::detail

#endif
