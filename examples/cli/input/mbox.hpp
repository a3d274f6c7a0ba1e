/// @file
/// The mails of an mbox.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_MBOX
#define TLSRPT_EXAMPLES_CLI_INPUT_MBOX

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "source.hpp"

namespace cli {

/// A mail of an mbox, with its "From " line. One that is too long is not there in full.
struct mbox_mail {
  std::string_view octets;
  bool is_too_long = false;
};

/// The mails of an mbox of any kind, one after the other. No more than one is kept in memory, with
/// what its Content-Length says that it has, and 64 KiB that follow.
class mbox_reader {
 public:
  /// `content` holds what was read from `from` so far.
  mbox_reader(source& from, std::string& content) : from_(from), content_(content) {}

  /// The next mail, its lines as they were before they were quoted; it lives until the next call.
  /// Nothing at the end. `limit` is how many octets a mail may have.
  std::optional<mbox_mail> next(std::size_t limit);

 private:
  std::size_t said_size(std::size_t limit);
  void read_on(std::size_t size);
  std::string_view rest() const { return std::string_view(content_).substr(begin_); }

  source& from_;
  std::string& content_;
  std::size_t begin_ = 0, end_ = 0;  ///< Of the mail that came last.
  std::string unquoted_;
};

}  // namespace cli

#endif
