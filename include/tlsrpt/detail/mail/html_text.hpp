/// @file
/// HTML reduced to the text that people see, as far as a report that was pasted into it needs that.

#ifndef TLSRPT_HPP_DETAIL_MAIL_HTML_TEXT
#define TLSRPT_HPP_DETAIL_MAIL_HTML_TEXT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt::detail {

/// A character reference, such as "&quot;" or "&#34;".
struct html_reference {
  std::uint32_t code_point = 0;
  std::size_t size = 0;  ///< 0 when this is none that is known.
};

/// The reference by number at the begin of `text`, after "&#".
constexpr html_reference read_numeric_reference(std::string_view text) noexcept {
  constexpr std::uint32_t replacement = 0xfffd, last = 0x10ffff;
  std::size_t size = 2;
  const bool is_hexadecimal = text.size() > size && lower_case(text[size]) == 'x';
  if (is_hexadecimal) ++size;
  const std::size_t first_digit = size;
  std::uint32_t code_point = 0;
  for (; size < text.size(); ++size) {
    const int digit = hex_value(text[size]);
    if (digit < 0 || (!is_hexadecimal && digit > 9)) break;
    code_point = std::min(
        last + 1, code_point * (is_hexadecimal ? 16u : 10u) + static_cast<std::uint32_t>(digit));
  }
  if (size == first_digit) return {};
  const bool is_surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point == 0 || code_point > last || is_surrogate) code_point = replacement;
  if (size < text.size() && text[size] == ';') ++size;
  return {code_point, size};
}

/// The reference at the begin of `text`, after "&": by number, or one of those that JSON texts get.
/// The semicolon may be missing.
constexpr html_reference read_html_reference(std::string_view text) noexcept {
  struct row {
    std::string_view name;
    std::uint32_t code_point;
  };
  constexpr row rows[] = {
      {"quot", '"'},     {"amp", '&'},      {"lt", '<'},        {"gt", '>'},
      {"nbsp", 0xa0},    {"apos", '\''},    {"lcub", '{'},      {"lbrace", '{'},
      {"rcub", '}'},     {"rbrace", '}'},   {"lsqb", '['},      {"lbrack", '['},
      {"rsqb", ']'},     {"rbrack", ']'},   {"colon", ':'},     {"comma", ','},
      {"lowbar", '_'},   {"sol", '/'},      {"bsol", '\\'},     {"period", '.'},
      {"ldquo", 0x201c}, {"rdquo", 0x201d}, {"lsquo", 0x2018},  {"rsquo", 0x2019},
      {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026},
  };
  if (text.starts_with("&#")) return read_numeric_reference(text);
  constexpr std::size_t longest = 6;
  std::size_t size = 1;
  while (size < text.size() && size <= longest && letter_octet(text[size])) ++size;
  const std::string_view name = text.substr(1, size - 1);
  for (const row& each : rows) {
    if (each.name != name) continue;
    return {each.code_point, size + (text.substr(size).starts_with(';') ? 1 : 0)};
  }
  return {};
}

/// What a tag does to the text.
struct html_tag {
  std::string_view name{};
  bool is_end = false;
  std::size_t size = 0;  ///< With "<" and ">"; 0 when this is no markup.
};

/// The tag, comment or declaration at the begin of `text`, after "<"; one that does not end takes
/// all the rest, as in browsers.
constexpr html_tag read_html_tag(std::string_view text) noexcept {
  const auto through = [text](std::string_view end, std::size_t from) {
    const std::size_t found = text.find(end, from);
    return found == text.npos ? text.size() : found + end.size();
  };
  if (text.starts_with("<!--")) return {{}, false, through("-->", 2)};
  if (text.starts_with("<!") || text.starts_with("<?")) return {{}, false, through(">", 2)};
  html_tag tag;
  tag.is_end = text.starts_with("</");
  std::size_t at = tag.is_end ? 2 : 1;
  if (at == text.size() || !letter_octet(text[at])) return {};
  tag.name = until(text.substr(at), whitespace_octet | charset("/>"));
  at += tag.name.size();
  // Quotation marks matter only around values.
  for (bool is_value = false; at < text.size() && text[at] != '>'; ++at) {
    if (is_value && (text[at] == '"' || text[at] == '\'')) {
      at = std::min(text.find(text[at], at + 1), text.size() - 1);
      is_value = false;
    } else if (!whitespace_octet(text[at])) {
      is_value = text[at] == '=';
    }
  }
  tag.size = std::min(at + 1, text.size());
  return tag;
}

/// Whether an element begins and ends lines.
constexpr bool is_html_block(std::string_view name) noexcept {
  constexpr std::string_view blocks[] = {
      "address", "blockquote", "br", "center", "dd", "div", "dl", "dt",  "h1",    "h2", "h3",
      "h4",      "h5",         "h6", "hr",     "li", "ol",  "p",  "pre", "table", "tr", "ul"};
  return std::any_of(std::begin(blocks), std::end(blocks),
                     [name](std::string_view block) { return equals_folded(name, block); });
}

/// Writes the text of HTML piece by piece: without tags, comments, style sheets and scripts, with
/// references as what they mean, no-break spaces as spaces, and blocks on lines of their own.
/// Whitespace is one space, but in `pre` it is as written. Linear in the HTML.
class html_text_decoder {
 public:
  explicit constexpr html_text_decoder(std::string_view html) noexcept : html_(html) {}

  /// Room for all the text of HTML of this size.
  static constexpr std::size_t bound(std::size_t size) noexcept { return size + 3; }

  /// Fills the room, but for three octets at most, and returns how many octets it wrote. They may
  /// overwrite the HTML where it has been read: `room` may begin where the HTML does.
  constexpr std::size_t read(std::span<char> room) noexcept {
    char* out = room.data();
    char* const end = out + room.size();
    while (at_ < html_.size() && end - out >= 4) out = step(out);
    return static_cast<std::size_t>(out - room.data());
  }

 private:
  constexpr char* step(char* out) noexcept {
    const std::string_view rest = html_.substr(at_);
    if (rest.front() == '<') {
      if (const html_tag tag = read_html_tag(rest); tag.size != 0) {
        at_ += tag.size;
        return take(tag, out);
      }
    } else if (rest.front() == '&') {
      if (const html_reference found = read_html_reference(rest); found.size != 0) {
        at_ += found.size;
        return put_character(found.code_point, out);
      }
    } else if (rest.starts_with("\xc2\xa0")) {
      at_ += 2;
      return put_octet(' ', out);
    } else if (whitespace_octet(rest.front()) && depth_of_pre_ == 0) {
      ++at_;
      return last_ == ' ' || last_ == '\n' ? out : put_octet(' ', out);
    }
    ++at_;
    return put_octet(rest.front(), out);
  }

  constexpr char* take(const html_tag& tag, char* out) noexcept {
    if (equals_folded(tag.name, "pre")) {
      if (!tag.is_end)
        ++depth_of_pre_;
      else if (depth_of_pre_ != 0)
        --depth_of_pre_;
    } else if (!tag.is_end &&
               (equals_folded(tag.name, "style") || equals_folded(tag.name, "script"))) {
      skip_raw(tag.name);
    } else if (equals_folded(tag.name, "td") || equals_folded(tag.name, "th")) {
      return last_ == ' ' || last_ == '\n' ? out : put_octet(' ', out);
    }
    return is_html_block(tag.name) && last_ != '\n' ? put_octet('\n', out) : out;
  }

  /// Goes to the end tag of an element whose content is not text.
  constexpr void skip_raw(std::string_view name) noexcept {
    for (;;) {
      at_ = std::min(html_.find("</", at_), html_.size());
      if (at_ == html_.size() || starts_with_folded(html_.substr(at_ + 2), name)) return;
      at_ += 2;
    }
  }

  constexpr char* put_character(std::uint32_t code_point, char* out) noexcept {
    constexpr std::uint32_t no_break_space = 0xa0;
    if (code_point == no_break_space) code_point = ' ';
    if (code_point < 0x80) return put_octet(static_cast<char>(code_point), out);
    last_ = '\0';
    return write_utf8(code_point, out);
  }

  constexpr char* put_octet(char octet, char* out) noexcept {
    last_ = octet;
    *out++ = octet;
    return out;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::size_t depth_of_pre_ = 0;
  char last_ = '\n';  ///< What was written last, as far as it matters.
};

}  // namespace tlsrpt::detail

#endif
