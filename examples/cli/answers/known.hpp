/// @file
/// A file of known findings.

#ifndef TLSRPT_EXAMPLES_CLI_ANSWERS_KNOWN
#define TLSRPT_EXAMPLES_CLI_ANSWERS_KNOWN

#include <span>
#include <string>

#include <tlsrpt/advice.hpp>

namespace cli {

class known_file {
 public:
  /// Empty when there is no name. Throws std::system_error when it cannot be read.
  explicit known_file(const std::string& file);
  known_file(const known_file&) = delete;
  known_file& operator=(const known_file&) = delete;

  std::span<const tlsrpt::known_finding> list() const { return list_.known(); }
  /// Says on standard error what is of no use in it.
  void judge(const tlsrpt::advice& advice) const;

 private:
  std::string file_, text_;
  tlsrpt::known_list list_;
};

}  // namespace cli

#endif
