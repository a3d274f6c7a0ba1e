/// @file
/// Texts in header fields: folded, with encoded words (RFC 2047), in several charsets.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ENCODED_WORDS
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ENCODED_WORDS

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/mail/message/base64.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt::detail {

enum class word_charset : std::uint8_t { as_written, utf8, latin1, windows1252, unknown };

constexpr word_charset find_charset(std::string_view name) noexcept {
  struct row {
    std::string_view name;
    word_charset set;
  };
  constexpr row rows[] = {
      {"utf-8", word_charset::utf8},
      {"utf8", word_charset::utf8},
      {"us-ascii", word_charset::utf8},
      {"ascii", word_charset::utf8},
      {"", word_charset::utf8},
      {"iso-8859-1", word_charset::latin1},
      {"latin1", word_charset::latin1},
      {"windows-1252", word_charset::windows1252},
      {"cp1252", word_charset::windows1252},
  };
  for (const row& r : rows)
    if (equals_folded(name, r.name)) return r.set;
  return word_charset::unknown;
}

/// The code point of an octet in windows-1252; undefined ones are those of ISO 8859-1.
constexpr std::uint32_t windows1252_code_point(std::uint8_t octet) noexcept {
  constexpr std::uint16_t high[] = {0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
                                    0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};
  return octet >= 0x80 && octet < 0xa0 ? high[octet - 0x80] : octet;
}

/// An output that writes UTF-8 for octets of a charset. What claims to be UTF-8 and is not is taken
/// for ISO 8859-1, octet by octet, and so is every unknown charset: file names and domains are
/// ASCII.
template <class Out>
class charset_output {
 public:
  constexpr charset_output(Out& out, word_charset set) noexcept : out_(out), set_(set) {}

  constexpr void append(std::string_view text) noexcept(is_nothrow_output<Out>) {
    // ASCII is the same in all charsets.
    if (set_ == word_charset::as_written || (size_ == 0 && is_ascii(text))) return put(out_, text);
    while (!text.empty()) {
      const std::string_view ascii = size_ == 0 ? until(text, octet_above_ascii) : "";
      put(out_, ascii);
      text.remove_prefix(ascii.size());
      if (text.empty()) return;
      take(text.front());
      text.remove_prefix(1);
    }
  }

  /// To be called at the end.
  constexpr void finish() noexcept(is_nothrow_output<Out>) {
    while (size_ != 0) put_first();
  }

 private:
  constexpr void take(char c) noexcept(is_nothrow_output<Out>) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (set_ != word_charset::utf8)
      return put_code_point(set_ == word_charset::windows1252 ? windows1252_code_point(octet)
                                                              : octet);
    kept_[size_++] = c;
    while (size_ != 0 && !is_cut_utf8({kept_, size_})) put_first();
  }

  /// The first character of what is kept.
  constexpr void put_first() noexcept(is_nothrow_output<Out>) {
    const std::size_t size = read_utf8({kept_, size_}).size;
    if (size == 0)
      put_code_point(static_cast<std::uint8_t>(kept_[0]));
    else
      put(out_, std::string_view(kept_, size));
    const std::size_t gone = size == 0 ? 1 : size;
    for (std::size_t i = gone; i < size_; ++i) kept_[i - gone] = kept_[i];
    size_ -= gone;
  }

  constexpr void put_code_point(std::uint32_t code_point) noexcept(is_nothrow_output<Out>) {
    char octets[4]{};
    const char* const end = write_utf8(code_point, octets);
    put(out_, std::string_view(octets, static_cast<std::size_t>(end - octets)));
  }

  Out& out_;
  word_charset set_;
  char kept_[4]{};  ///< The beginning of a character.
  std::size_t size_ = 0;
};

/// An encoded word, =?charset?encoding?text?=, in its parts; its size is 0 for none.
struct encoded_word {
  std::string_view charset{}, text{};
  bool is_base64 = false;
  std::size_t size = 0;
};

/// The encoded word that `text` begins with.
constexpr encoded_word read_encoded_word(std::string_view text) noexcept {
  constexpr std::size_t longest = 300;  // RFC 2047 has 75; some senders have more
  if (!text.starts_with("=?")) return {};
  text = text.substr(0, longest);
  const std::size_t charset_end = text.find('?', 2);
  if (charset_end == text.npos || text.size() - charset_end < 4 || text[charset_end + 2] != '?')
    return {};
  const char encoding = lower_case(text[charset_end + 1]);
  if (encoding != 'q' && encoding != 'b') return {};
  const std::size_t begin = charset_end + 3;
  const std::size_t end = text.find("?=", begin);
  if (end == text.npos) return {};
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // a language may follow (RFC 2231, section 5)
  return {charset, text.substr(begin, end - begin), encoding == 'b', end + 2};
}

template <class Out>
constexpr void put_word_octets(Out& out,
                               const encoded_word& word) noexcept(is_nothrow_output<Out>) {
  if (word.is_base64) {
    base64_decoder decoder(word.text);
    char room[48]{};
    while (const std::size_t size = decoder.read(room)) put(out, std::string_view(room, size));
    return;
  }
  for (std::size_t i = 0; i < word.text.size(); ++i) {
    const char c = word.text[i];
    const int high = c != '=' || word.text.size() - i < 3 ? -1 : hex_value(word.text[i + 1]);
    const int low = high < 0 ? -1 : hex_value(word.text[i + 2]);
    if (low >= 0) {
      put(out, static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      put(out, c == '_' ? ' ' : c);
    }
  }
}

constexpr bool is_one_line(std::string_view text) noexcept {
  return text.find('\n') == text.npos && text.find('\r') == text.npos;
}

/// Whether a text is ASCII without encoded words.
constexpr bool is_plain_ascii(std::string_view text) noexcept {
  return is_ascii(text) && text.find("=?") == text.npos;
}

/// Writes the value of a field on one line: each fold is the whitespace that it has, other line
/// ends are a space, and there is no whitespace around. With `decodes_words` it is UTF-8, encoded
/// words are decoded, and whitespace between two of them is none.
template <class Out>
constexpr void put_unfolded(Out& out, std::string_view value,
                            bool decodes_words) noexcept(is_nothrow_output<Out>) {
  constexpr charset not_plain("\r\n=");
  value = trim(value, whitespace_octet);
  if (is_one_line(value) && (!decodes_words || is_plain_ascii(value))) return put(out, value);
  bool is_after_word = false;
  charset_output raw(out, decodes_words ? word_charset::utf8 : word_charset::as_written);
  while (!value.empty()) {
    if (const encoded_word word = decodes_words ? read_encoded_word(value) : encoded_word{};
        word.size != 0) {
      raw.finish();
      // A character may be cut in two between words of one charset; RFC 2047 forbids it.
      charset_output converted(out, find_charset(word.charset));
      put_word_octets(converted, word);
      converted.finish();
      value.remove_prefix(word.size);
      is_after_word = true;
      continue;
    }
    if (whitespace_octet(value.front())) {
      const std::string_view rest = trim_front(value, whitespace_octet);
      const std::string_view blank = value.substr(0, value.size() - rest.size());
      value = rest;
      if (is_after_word && read_encoded_word(rest).size != 0) continue;
      // A line end alone is no whitespace, but here nothing else parts the words.
      bool has_blank = false;
      for (char c : blank) {
        if (c != ' ' && c != '\t') continue;
        raw.append(std::string_view(&c, 1));
        has_blank = true;
      }
      if (!has_blank) raw.append(" ");
    } else {
      // The first octet begins no encoded word; the rest reaches to what may begin one, or to the
      // whitespace of a fold.
      const std::size_t size = 1 + until(value.substr(1), not_plain).size();
      const std::string_view plain = trim_back(value.substr(0, size), whitespace_octet);
      raw.append(plain);
      value.remove_prefix(plain.size());
    }
    is_after_word = false;
  }
  raw.finish();
}

}  // namespace tlsrpt::detail

#endif
