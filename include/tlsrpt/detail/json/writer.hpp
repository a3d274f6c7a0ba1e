/// @file
/// Writes JSON, without whitespace or laid out for people. Knows no report.

#ifndef TLSRPT_HPP_DETAIL_JSON_WRITER
#define TLSRPT_HPP_DETAIL_JSON_WRITER

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/json/gathered_text.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// What JSON does not allow inside a string as it is (RFC 8259, section 7).
inline constexpr charset escaped_json_octet = charset("\"\\") | charset::range(0x00, 0x1f);

/// Not 0 when one of some octets is an escaped_json_octet.
template <class Word>
[[gnu::always_inline]] constexpr Word escaped_json_octets(Word octets) noexcept {
  constexpr Word each = static_cast<Word>(0x0101010101010101u);
  // With one bit turned, '"' is ' ', and controls are still what is before it.
  const Word below = (octets ^ each * ('"' - ' ')) - each * (' ' + 1);
  const Word backslash = (octets ^ each * '\\') - each;
  return (below | backslash) & ~octets & each * 0x80;
}

/// Copies a word. Not 0 when one of its octets is an escaped_json_octet.
template <class Word>
[[gnu::always_inline]] constexpr Word copy_json_word(const char* from, char* to) noexcept {
  const auto octets = load_word<Word>(from);
  store_word(to, octets);
  return escaped_json_octets(octets);
}

/// Copies a text of a word or more; the last word may overlap the one before. Whether no octet of
/// it is an escaped_json_octet.
template <class Word>
[[gnu::always_inline]] constexpr bool copy_json_words(std::string_view text, char* to) noexcept {
  const std::size_t last = text.size() - sizeof(Word);
  Word escaped = 0;
  for (std::size_t at = 0; at < last; at += sizeof(Word))
    escaped |= copy_json_word<Word>(text.data() + at, to + at);
  escaped |= copy_json_word<Word>(text.data() + last, to + last);
  return escaped == 0;
}

/// The same of any text.
constexpr bool copy_json_text(std::string_view text, char* to) noexcept {
  if (text.size() >= sizeof(std::uint64_t)) return copy_json_words<std::uint64_t>(text, to);
  if (text.size() >= sizeof(std::uint32_t)) return copy_json_words<std::uint32_t>(text, to);
  bool is_escaped = false;
  for (char c : text) {
    is_escaped = is_escaped || escaped_json_octet(c);
    *to++ = c;
  }
  return !is_escaped;
}

/// The name of a member that is known when the program is compiled, as it is written: so large that
/// all are copied in the same few words.
class json_key {
 public:
  constexpr json_key() noexcept = default;
  explicit constexpr json_key(std::string_view name) noexcept : size_(name.size()) {
    std::copy_n(",\"", 2, octets_);
    std::copy_n(name.data(), name.size(), octets_ + 2);
    std::copy_n("\":", 2, octets_ + 2 + name.size());
  }

  constexpr std::string_view name() const noexcept { return {octets_ + 2, size_}; }

  /// Octets that copy() writes, of which the first size() count.
  static constexpr std::size_t room = 40;
  constexpr std::size_t size(bool has_comma) const noexcept { return size_ + 3 + has_comma; }
  /// Writes `"name":`, with a comma before it or without.
  [[gnu::always_inline]] constexpr void copy(char* to, bool has_comma) const noexcept {
    copy_octets<room>(octets_ + (has_comma ? 0 : 1), to);
  }

 private:
  char octets_[room + 1]{};
  std::size_t size_ = 0;
};

/// Writes values in the order of the calls, with commas where they belong. The caller has to end
/// what it begins, and to give each member of an object a key. The output gets a value when it is
/// complete, at the latest.
template <class Out>
class json_writer {
 public:
  /// `is_pretty`: with line ends, indentation by two spaces, and a space after colons.
  explicit constexpr json_writer(Out& out, bool is_pretty = false) noexcept
      : text_(out), is_pretty_(is_pretty) {}

  constexpr void begin_object() noexcept(is_nothrow_output<Out>) { begin('{'); }
  constexpr void end_object() noexcept(is_nothrow_output<Out>) { end('}'); }
  constexpr void begin_array() noexcept(is_nothrow_output<Out>) { begin('['); }
  constexpr void end_array() noexcept(is_nothrow_output<Out>) { end(']'); }

  /// The name of the next value, which needs no escapes.
  constexpr void key(std::string_view name) noexcept(is_nothrow_output<Out>) {
    separate();
    text_.append('"');
    text_.append(name);
    text_.append(is_pretty_ ? "\": " : "\":");
    place_ = place::after_key;
  }
  constexpr void key(const json_key& key) noexcept(is_nothrow_output<Out>) {
    if (is_pretty_) [[unlikely]]
      return this->key(key.name());
    const bool has_comma = place_ == place::later;
    key.copy(text_.room(json_key::room), has_comma);
    text_.keep(key.size(has_comma));
    place_ = place::after_key;
  }

  /// A string. Octets that are not UTF-8 are written as they are.
  constexpr void string(std::string_view text) noexcept(is_nothrow_output<Out>) {
    // Most are short and have nothing to escape.
    constexpr std::size_t most = gathered_text<Out>::capacity - 3;
    if (text.size() <= most && !is_pretty_) [[likely]] {
      const std::size_t has_comma = place_ == place::later ? 1 : 0;
      char* const to = text_.room(text.size() + 3);
      to[0] = ',';
      to[has_comma] = to[has_comma + text.size() + 1] = '"';
      if (copy_json_text(text, to + has_comma + 1)) {
        text_.keep(has_comma + text.size() + 2);
        place_ = place::later;
        return end_value();
      }
    }
    begin_string();
    add(text);
    end_string();
  }

  // A string in pieces.

  constexpr void begin_string() noexcept(is_nothrow_output<Out>) {
    separate();
    text_.append('"');
  }
  constexpr void add(std::string_view text) noexcept(is_nothrow_output<Out>) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!escaped_json_octet(text[i])) continue;
      text_.append(text.substr(written, i - written));
      add_escape(text[i]);
      written = i + 1;
    }
    text_.append(text.substr(written));
  }
  /// An octet of ASCII as an escape.
  constexpr void add_escape(char c) noexcept(is_nothrow_output<Out>) {
    constexpr std::string_view octets = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    text_.append('\\');
    if (const std::size_t at = octets.find(c); at != std::string_view::npos) {
      text_.append(letters[at]);
    } else {
      text_.append("u00");
      put_hex(text_, static_cast<std::uint8_t>(c));
    }
  }
  constexpr void end_string() noexcept(is_nothrow_output<Out>) {
    text_.append('"');
    end_value();
  }

  constexpr void number(std::integral auto value) noexcept(is_nothrow_output<Out>) {
    separate();
    text_.keep(write_number(text_.room(number_octets), value));
    end_value();
  }

 private:
  constexpr void begin(char bracket) noexcept(is_nothrow_output<Out>) {
    separate();
    text_.append(bracket);
    place_ = place::first;
    ++depth_;
  }
  constexpr void end(char bracket) noexcept(is_nothrow_output<Out>) {
    --depth_;
    if (is_pretty_ && place_ == place::later) begin_line();
    text_.append(bracket);
    place_ = place::later;
    end_value();
  }
  constexpr void end_value() noexcept(is_nothrow_output<Out>) {
    if (depth_ == 0) text_.hand_over();
  }
  constexpr void separate() noexcept(is_nothrow_output<Out>) {
    if (place_ == place::later) text_.append(',');
    if (is_pretty_) [[unlikely]]
      separate_lines();
    place_ = place::later;
  }
  constexpr void separate_lines() noexcept(is_nothrow_output<Out>) {
    if (place_ != place::after_key && depth_ != 0) begin_line();
  }
  constexpr void begin_line() noexcept(is_nothrow_output<Out>) {
    text_.append('\n');
    for (std::size_t i = 0; i < depth_; ++i) text_.append("  ");
  }

  /// What comes before the next value or key.
  enum class place : std::uint8_t { first, after_key, later };

  gathered_text<Out> text_;
  bool is_pretty_;
  place place_ = place::first;
  std::size_t depth_ = 0;  ///< Objects and arrays that have begun and not ended.
};

}  // namespace tlsrpt::detail

#endif
