/// @file
/// What the arguments of `tlsrpt show` name, and how it is read.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_FILES
#define TLSRPT_EXAMPLES_CLI_INPUT_FILES

#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include "source.hpp"

namespace cli {

/// A file to read, "-" for standard input, or a directory that could not be listed.
struct input {
  std::string name;
  std::error_code error{};
  bool is_in_maildir = false;  ///< In the folder `new` or `cur` of one.
  bool is_regular = false;     ///< Known to be a regular file.
};

/// The files that `paths` name. Directories are walked recursively in sorted order; in them, hidden
/// entries and whatever is neither a regular file nor a directory are skipped, and links to
/// directories are not followed. Of a Maildir (a directory with cur, new and tmp) only directories
/// other than tmp are walked: its files are what mail servers note about it.
std::vector<input> find_inputs(const std::vector<std::string>& paths);

/// Reads a file, or standard input.
class source_file final : public source {
 public:
  /// Opens what `name` means; "-" is standard input. `is_regular` saves a look at what it is.
  explicit source_file(const std::string& name, bool is_regular = false);
  ~source_file() override;

  void fill(std::string& content, std::size_t size) override;
  bool ended() const override { return ended_ || error_; }
  source_error error() const override;
  /// Why it could not be opened or read, if so.
  std::error_code code() const { return error_; }

 private:
  const bool is_standard_input_;
  const int file_;
  std::error_code error_;
  bool ended_ = false;
  bool may_wait_ = false;  ///< It is no regular file: whoever writes it may want an answer first.
};

}  // namespace cli

#endif
