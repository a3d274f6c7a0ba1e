/// @file
/// JSON texts one after the other.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_JSON_TEXTS
#define TLSRPT_EXAMPLES_CLI_INPUT_JSON_TEXTS

#include <cstddef>
#include <string_view>

namespace cli {

/// A piece of a text: a JSON object from its first brace to its last one, when it is whole; else
/// what reaches to the next line that begins with a brace, or to the end.
struct json_text {
  std::string_view text;
  bool is_whole = false;
};

/// Takes texts apart at the ends of their objects. Linear in the text and the pieces that begin
/// with a brace and are not whole.
class json_texts {
 public:
  explicit json_texts(std::string_view text) : rest_(text) { skip_whitespace(); }

  bool empty() const { return rest_.empty(); }
  /// What next() has not taken.
  std::string_view rest() const { return rest_; }
  /// The next piece; only when there is one.
  json_text next();

 private:
  void skip_whitespace();

  std::string_view rest_;
};

}  // namespace cli

#endif
