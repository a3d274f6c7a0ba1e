/// @file
/// Writes JSON as it goes: nothing is kept of a text but the text.

#ifndef TLSRPT_EXAMPLES_CLI_OUTPUT_JSON_WRITER
#define TLSRPT_EXAMPLES_CLI_OUTPUT_JSON_WRITER

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

/// Adds values to a text, in the order of the calls, with commas where they belong. The text is
/// ASCII: everything else is escaped, octets that are not UTF-8 become U+FFFD. The caller ends what
/// it begins, and gives each member of an object a key.
class json_writer {
 public:
  explicit json_writer(std::string& text) : text_(text), begin_(text.size()) {}

  void begin_object() { begin('{'); }
  void end_object() { text_ += '}'; }
  void begin_array() { begin('['); }
  void end_array() { text_ += ']'; }

  /// The name of the next value, perhaps in two pieces; it needs no escapes.
  void key(std::string_view name, std::string_view end = {}) {
    (text_ += needs_comma() ? ",\"" : "\"") += name;
    (text_ += end) += "\":";
  }

  void value(std::string_view text);
  /// A number, true or false.
  template <std::integral Value>
  void value(Value content) {
    if constexpr (std::same_as<Value, bool>)
      literal(content ? "true" : "false");
    else
      literal(std::to_string(content));
  }
  /// null
  void no_value() { literal("null"); }

  /// A member of an object.
  template <class Value>
  void member(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }
  /// The same, unless the text is empty.
  void member_unless_empty(std::string_view name, std::string_view text) {
    if (!text.empty()) member(name, text);
  }
  /// An array of texts.
  template <class Texts>
  void texts(std::string_view name, const Texts& all) {
    key(name);
    begin_array();
    for (const std::string_view text : all) value(text);
    end_array();
  }

  /// An object that is a member, which write() fills; nothing when it stays empty and
  /// `may_be_left_out`.
  template <class Write>
  void object(std::string_view name, Write&& write, bool may_be_left_out = false) {
    const std::size_t before = text_.size();
    key(name);
    begin_object();
    const std::size_t inside = text_.size();
    write();
    const bool is_empty = text_.size() == inside;
    end_object();
    if (is_empty && may_be_left_out) text_.resize(before);
  }

 private:
  /// A comma is due after all that neither begins something nor is a key.
  bool needs_comma() const {
    if (text_.size() == begin_) return false;
    const char last = text_.back();
    return last != '{' && last != '[' && last != ':';
  }
  void separate() {
    if (needs_comma()) text_ += ',';
  }
  void begin(char bracket) {
    separate();
    text_ += bracket;
  }
  void literal(std::string_view word) {
    separate();
    text_ += word;
  }

  std::string& text_;
  const std::size_t begin_;
};

}  // namespace cli

#endif
