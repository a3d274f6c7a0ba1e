/// @file
/// Mails of a Maildir that were moved since it was listed.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_MAILDIR
#define TLSRPT_EXAMPLES_CLI_INPUT_MAILDIR

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "files.hpp"

namespace cli {

/// Finds mails that others move from `new` to `cur`, or rename when a flag changes: what comes
/// before the colon stays. Any thread may ask.
class moved_mails {
 public:
  explicit moved_mails(const std::vector<input>& listed) : inputs_(listed) {}

  /// The present name of a mail that is no longer where it was listed: nothing when it is gone, an
  /// empty one when it is read under that name anyway. `anew` lists the Maildir again.
  std::optional<std::string> find(const std::string& name, bool anew);

 private:
  void list(const std::string& maildir);

  std::mutex mutex_;
  const std::vector<input>& inputs_;
  std::unordered_set<std::string> known_;  ///< Names that are read; empty until they are needed.
  std::string maildir_;                    ///< The one that is listed.
  std::unordered_map<std::string, std::string> names_;  ///< By what stays.
};

}  // namespace cli

#endif
