/// @file
/// The small pieces of JSON's grammar (RFC 8259): whitespace, numbers, escapes, UTF-8.

#ifndef TLSRPT_HPP_DETAIL_JSON_TEXT
#define TLSRPT_HPP_DETAIL_JSON_TEXT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

constexpr bool is_json_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// How many octets from the start of `text` are a JSON number; `complete` says whether they are a
/// whole one or the octet after them is wrong.
struct number_scan {
  std::size_t size = 0;
  bool complete = false;
};

constexpr number_scan scan_number(std::string_view text) noexcept {
  std::size_t i = 0;
  auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > first;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
    if (i < text.size() && is_digit(text[i])) return {i, false};
  } else if (!digits()) {
    return {i, false};
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return {i, false};
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return {i, false};
  }
  return {i, true};
}

/// The octet at which `text`, a valid JSON string's content, has a wrong escape; npos when all are
/// right. Surrogates need not be paired here.
constexpr std::size_t find_bad_escape(std::string_view text) noexcept {
  for (std::size_t i = text.find('\\'); i != std::string_view::npos; i = text.find('\\', i)) {
    if (++i >= text.size()) return i;
    if (text[i] == 'u') {
      for (std::size_t digit = 0; digit < 4; ++digit)
        if (++i >= text.size() || hex_value(text[i]) < 0) return i;
    } else if (std::string_view("\"\\/bfnrt").find(text[i]) == std::string_view::npos) {
      return i;
    }
    ++i;
  }
  return std::string_view::npos;
}

/// Knows which slices of a text have a backslash. They mostly come in the text's order, so what was
/// searched is kept, and the text is searched once, not each slice.
class escape_search {
 public:
  explicit escape_search(std::string_view text) noexcept
      : end_(text.data() + text.size()), plain_begin_(end_), plain_end_(end_) {}

  /// Whether `slice` of the text, after which there is no backslash, has one.
  [[gnu::always_inline]] bool finds_in(std::string_view slice) noexcept {
    if (slice.data() < plain_begin_ || slice.data() > plain_end_) search(slice.data());
    return slice.data() + slice.size() > plain_end_;
  }

 private:
  /// Finds the first backslash from `begin` on. A slice out of order is before what was
  /// searched last, which is not searched again.
  [[gnu::noinline]] void search(const char* begin) noexcept {
    const bool goes_back = begin < plain_begin_;
    const char* const limit = goes_back ? plain_begin_ : end_;
    const void* const found = std::memchr(begin, '\\', static_cast<std::size_t>(limit - begin));
    if (found != nullptr)
      plain_end_ = static_cast<const char*>(found);
    else if (!goes_back)
      plain_end_ = end_;
    plain_begin_ = begin;
  }

  const char* end_;
  /// No backslash is between these; at the end there is one, or the text ends.
  const char *plain_begin_, *plain_end_;
};

constexpr bool is_noncharacter(std::uint32_t code_point) noexcept {
  return (code_point & 0xfffe) == 0xfffe || (code_point >= 0xfdd0 && code_point <= 0xfdef);
}

/// The unescaped string and the first offence against I-JSON that an escape in it spells.
struct unescaped_string {
  char* end = nullptr;
  errc remark = errc::ok;     ///< lone_surrogate or noncharacter
  std::size_t remark_at = 0;  ///< Octets from the start of the escaped text.
};

/// Unescapes `text`, whose escapes find_bad_escape() has approved, to `out`, which has room for
/// text.size() octets and may be where `text` is. Half a surrogate pair becomes U+FFFD.
constexpr unescaped_string unescape(std::string_view text, char* out) noexcept {
  unescaped_string result;
  auto remark = [&result](errc code, std::size_t at) {
    if (result.remark == errc::ok) {
      result.remark = code;
      result.remark_at = at;
    }
  };
  auto four_digits = [text](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i)
      value = value << 4 | static_cast<std::uint32_t>(hex_value(text[i]));
    return value;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      const std::string_view plain = text.substr(i, text.find('\\', i) - i);
      // What comes before the first escape may be where it belongs.
      if (out != plain.data()) std::copy(plain.begin(), plain.end(), out);
      out += plain.size();
      i += plain.size();
      continue;
    }
    const std::size_t escape = i++;
    const char kind = text[i++];
    switch (kind) {
      case 'b':
        *out++ = '\b';
        continue;
      case 'f':
        *out++ = '\f';
        continue;
      case 'n':
        *out++ = '\n';
        continue;
      case 'r':
        *out++ = '\r';
        continue;
      case 't':
        *out++ = '\t';
        continue;
      case 'u':
        break;
      default:
        *out++ = kind;
        continue;  // quote, backslash, solidus
    }
    std::uint32_t code_point = four_digits(i);
    i += 4;
    if (code_point >= 0xd800 && code_point <= 0xdfff) {
      std::uint32_t low = 0;
      if (code_point <= 0xdbff && i + 6 <= text.size() && text[i] == '\\' && text[i + 1] == 'u')
        low = four_digits(i + 2);
      if (low >= 0xdc00 && low <= 0xdfff) {
        code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      } else {
        code_point = 0xfffd;
        remark(errc::lone_surrogate, escape);
      }
    }
    if (is_noncharacter(code_point)) remark(errc::noncharacter, escape);
    out = write_utf8(code_point, out);
  }
  result.end = out;
  return result;
}

/// Where valid UTF-8 `text` first has a noncharacter; npos when it has none.
constexpr std::size_t find_noncharacter(std::string_view text) noexcept {
  constexpr std::uint8_t first_lead = 0xef;  // of U+F000
  for (std::size_t i = 0; i < text.size(); ++i)
    if (static_cast<std::uint8_t>(text[i]) >= first_lead &&
        is_noncharacter(read_utf8(text.substr(i)).code_point))
      return i;
  return std::string_view::npos;
}

/// Whether any octet of `text` is outside ASCII.
inline bool has_octet_above_ascii(std::string_view text) noexcept {
  std::uint64_t seen = 0;
  std::size_t i = 0;
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  constexpr std::size_t size = sizeof(octet_block);
  octet_block even{}, odd{};
  for (; i + 4 * size <= text.size(); i += 4 * size) {
    const char* const octets = text.data() + i;
    even |= load_block(octets) | load_block(octets + 2 * size);
    odd |= load_block(octets + size) | load_block(octets + 3 * size);
  }
  for (; i + size <= text.size(); i += size) even |= load_block(text.data() + i);
  if (i != 0) {  // The last block overlaps the one before.
    odd |= load_block(text.data() + text.size() - size);
    i = text.size();
  }
  const auto words = words_of(even | odd);
  seen = words[0] | words[1];
#endif
  for (; i + 8 <= text.size(); i += 8) seen |= load_word<std::uint64_t>(text.data() + i);
  for (; i < text.size(); ++i) seen |= static_cast<std::uint8_t>(text[i]);
  return (seen & 0x8080808080808080u) != 0;
}

}  // namespace tlsrpt::detail

#endif
