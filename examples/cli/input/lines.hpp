/// @file
/// The lines of a text, of which each is an input.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_LINES
#define TLSRPT_EXAMPLES_CLI_INPUT_LINES

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "source.hpp"

namespace cli {

/// A line, without its end. One that is too long is not there in full.
struct input_line {
  std::string_view text;
  bool is_too_long = false;
};

/// The lines of a text, one after the other. No more than one is kept in memory.
class line_reader {
 public:
  explicit line_reader(source& from) : from_(from) {}

  /// The next line; it lives until the next call. Nothing at the end. `limit` is how many octets a
  /// line may have.
  std::optional<input_line> next(std::size_t limit);

 private:
  source& from_;
  std::string content_;
  std::size_t begin_ = 0;  ///< Of the next line.
};

/// What a line of base64 stands for; nothing when it is not base64.
std::optional<std::string> decode_base64(std::string_view line);

}  // namespace cli

#endif
