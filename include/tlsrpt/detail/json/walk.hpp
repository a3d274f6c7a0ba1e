/// @file
/// Walks a JSON text along its structural index. Validates all it passes; knows no simdjson and no
/// report.
///
/// A token is a pointer into the index. Functions that read a value take the token at which it
/// begins and return the token after it, or nullptr when the text is not JSON there or the caller
/// said stop. Tokens after the last one are sentinels (see json_index): they hold no JSON
/// character unless the octets after a text parsed in place do, and then the walk ends after the
/// index's end, which whoever started the walk checks.

#ifndef TLSRPT_HPP_DETAIL_JSON_WALK
#define TLSRPT_HPP_DETAIL_JSON_WALK

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/json/text.hpp>

namespace tlsrpt::detail {

using json_token = const std::uint32_t*;

/// By how much a character at a token changes the number of open containers, modulo 2^64.
inline constexpr auto nesting_change = [] {
  std::array<std::size_t, 256> changes{};
  changes['['] = changes['{'] = 1;
  changes[']'] = changes['}'] = static_cast<std::size_t>(-1);
  return changes;
}();

class json_walk {
 public:
  json_walk() noexcept = default;

  /// `has_escapes` says whether the text has a backslash.
  json_walk(const char* text, bool has_escapes, std::uint32_t max_depth) noexcept
      : text_(text), max_depth_(max_depth), has_escapes_(has_escapes) {}

  char at(json_token token) const noexcept { return text_[*token]; }
  const char* text() const noexcept { return text_; }
  bool has_escapes() const noexcept { return has_escapes_; }

  /// The text from a token to the next one, without the whitespace between them.
  std::string_view token_text(json_token token) const noexcept {
    const char* first = text_ + token[0];
    const char* last = text_ + token[1];
    while (last > first && is_json_blank(last[-1])) --last;
    return {first, static_cast<std::size_t>(last - first)};
  }

  /// The text from a token to the last token before `next`.
  std::string_view value_text(json_token value, json_token next) const noexcept {
    const char* first = text_ + *value;
    const char* last = text_ + *next;
    while (last > first && is_json_blank(last[-1])) --last;
    return {first, static_cast<std::size_t>(last - first)};
  }

  /// The octets between the quotes of the string at `token`; no data when it begins after the text.
  /// The closing quote is found from the end, so the length of the string does not matter.
  [[gnu::always_inline]] std::string_view string_text(json_token token) const noexcept {
    const char* const first = text_ + token[0] + 1;
    const char* last = text_ + token[1] - 1;
    // The index has no unclosed string, and only whitespace is between a string and the next token.
    while (*last != '"' && last > first) [[unlikely]]-- last;
    if (last < first) [[unlikely]]
      return {};
    return {first, static_cast<std::size_t>(last - first)};
  }

  /// The octets between the quotes of the string at `token`, after which a colon is the next
  /// token. Then the index, which has no unclosed string, vouches for the closing quote.
  [[gnu::always_inline]] std::string_view name_text(json_token token) const noexcept {
    const char* const first = text_ + token[0] + 1;
    const char* last = text_ + token[1] - 1;
    while (*last != '"') --last;
    return {first, static_cast<std::size_t>(last - first)};
  }

  /// The state of a walk through an object.
  enum class object_state : std::uint8_t { broken, at_name, ended };

  /// Enters the object at `token`, which is at `depth` (the outermost is 1): moves `token` to
  /// the first name, or past an empty object.
  [[gnu::always_inline]] object_state enter_object(json_token& token,
                                                   std::uint32_t depth) const noexcept {
    if (depth > max_depth_) [[unlikely]]
      return object_state::broken;
    if (at(++token) != '}') [[likely]]
      return object_state::at_name;
    ++token;
    return object_state::ended;
  }

  /// Moves `token` from after a value (null: stop) to the next name, or past the object.
  [[gnu::always_inline]] object_state next_member(json_token& token) const noexcept {
    if (token == nullptr) [[unlikely]]
      return object_state::broken;
    const char c = at(token++);
    if (c == ',') return object_state::at_name;
    return c == '}' ? object_state::ended : object_state::broken;
  }

  /// Whether a name and a colon are at `token`.
  [[gnu::always_inline]] bool is_name(json_token token) const noexcept {
    return at(token) == '"' && at(token + 1) == ':';
  }

  /// Walks the array at `array`. For each element calls json_token element(json_token value).
  template <class Element>
  [[gnu::always_inline]] json_token for_each_element(json_token array, std::uint32_t depth,
                                                     Element&& element) const {
    if (depth > max_depth_) return nullptr;
    json_token token = array + 1;
    if (at(token) == ']') return token + 1;
    for (;;) {
      token = element(token);
      if (token == nullptr) return nullptr;
      const char c = at(token++);
      if (c == ']') return token;
      if (c != ',') return nullptr;
    }
  }

  /// Goes past the array or object at `token` without a look at what is in it, which has to be
  /// walked later; null when it does not end before `end`.
  json_token skip_unread(json_token token, json_token end) const noexcept {
    std::size_t open = 0;
    for (; token < end; ++token) {
      // Characters in the order of a text are hard to foresee, so there is one branch for all.
      open += nesting_change[static_cast<std::uint8_t>(at(token))];
      if (open == 0) return token + 1;
    }
    return nullptr;
  }

  /// Validates any value, which is inside `depth` containers, and goes past it.
  json_token skip(json_token token, std::uint32_t depth) const noexcept {
    const std::uint32_t outside = depth;
    std::uint32_t objects = 0;  // a bit per container entered here, the innermost lowest
    for (;;) {
      // A value begins at token.
      bool entered = false;
      switch (at(token)) {
        case '{':
        case '[': {
          if (depth >= max_depth_) return nullptr;
          const bool object = at(token) == '{';
          ++depth;
          objects = objects << 1 | (object ? 1u : 0u);
          ++token;
          if (at(token) == (object ? '}' : ']')) {
            objects >>= 1;
            --depth;
            ++token;
            break;
          }
          entered = true;
          break;
        }
        case '"':
          if (!is_string(token)) return nullptr;
          ++token;
          break;
        default:
          if (!is_scalar(token)) return nullptr;
          ++token;
      }
      // Close what ends here, until the next value is due.
      while (!entered) {
        if (depth == outside) return token;
        const bool in_object = (objects & 1) != 0;
        const char c = at(token++);
        if (c == ',') break;
        if (c != (in_object ? '}' : ']')) return nullptr;
        objects >>= 1;
        --depth;
      }
      if ((objects & 1) != 0) {
        if (at(token) != '"' || at(token + 1) != ':' || !is_string(token)) return nullptr;
        token += 2;
      }
    }
  }

  /// Whether the string at `token` is one of the text and its escapes are right.
  bool is_string(json_token token) const noexcept {
    const std::string_view text = string_text(token);
    return text.data() != nullptr &&
           (!has_escapes_ || find_bad_escape(text) == std::string_view::npos);
  }

  /// Whether a number, true, false or null is at `token`.
  bool is_scalar(json_token token) const noexcept {
    const std::string_view text = token_text(token);
    if (text == "true" || text == "false" || text == "null") return true;
    const number_scan number = scan_number(text);
    return number.complete && number.size == text.size();
  }

 private:
  const char* text_ = nullptr;
  std::uint32_t max_depth_ = 0;
  bool has_escapes_ = false;
};

}  // namespace tlsrpt::detail

#endif
