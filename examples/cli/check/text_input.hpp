/// @file
/// A text that `tlsrpt check` reads whole.

#ifndef TLSRPT_EXAMPLES_CLI_CHECK_TEXT_INPUT
#define TLSRPT_EXAMPLES_CLI_CHECK_TEXT_INPUT

#include <cstddef>
#include <optional>
#include <string>

#include "../output/terminal.hpp"
#include "../report/unreadable.hpp"

namespace cli {

/// What a file holds, or why it cannot be read.
struct text_input {
  std::string text{};
  std::optional<unreadable> error{};
};

/// Reads a file, or standard input for "-", of at most `max_bytes`.
text_input read_text(const std::string& path, std::size_t max_bytes);

/// Says why there is nothing to judge: in JSON, else on standard error. Returns false. `from` is
/// the file; empty for arguments.
bool refuse(const unreadable& error, const std::string& from, output_style output);

}  // namespace cli

#endif
