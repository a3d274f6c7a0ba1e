/// @file
/// TXT records as text: one on a line, as they are or as dig writes them.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_RECORD_LINES
#define TLSRPT_EXAMPLES_CLI_INPUT_RECORD_LINES

#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The record that `line` means: character-strings in quotation marks (RFC 1035, section 5.1) are
/// joined; anything else is a record as it is.
std::string read_record(std::string_view line);

/// What `dig +short` and others write.
struct record_lines {
  std::vector<std::string> records{};
  std::string_view first_comment{};  ///< Of the text; dig says there why it has no answer.
};

/// The records in `text`, one on each line that is not empty. Lines that begin with ";" are
/// comments, and a name that ends with a dot is the target of a CNAME record.
record_lines read_record_lines(std::string_view text);

}  // namespace cli

#endif
