/// @file
/// What the arguments of `tlsrpt show` stand for, and how it is read.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT
#define TLSRPT_EXAMPLES_CLI_INPUT

#include <string>
#include <system_error>
#include <vector>

#include <tlsrpt/error.hpp>
#include <tlsrpt/limits.hpp>

namespace cli {

/// A file to read, "-" for standard input, or a directory that could not be listed.
struct input {
  std::string name;
  std::error_code error{};
};

/// The files that `paths` name. Directories are walked recursively in sorted order; in them, hidden
/// entries and whatever is neither a regular file nor a directory are passed over, and links to
/// directories are not followed.
std::vector<input> find_inputs(const std::vector<std::string>& paths);

/// Why a file has no content: the system's error, or the limit that it is beyond.
struct read_failure {
  std::error_code error{};
  tlsrpt::errc limit = tlsrpt::errc::ok;

  explicit operator bool() const { return bool(error) || limit != tlsrpt::errc::ok; }
};

/// Reads a whole file into `content`, whose memory is reused. Stops one octet beyond limits.text.
read_failure read(const std::string& name, const tlsrpt::limits& limits, std::string& content);

}  // namespace cli

#endif
