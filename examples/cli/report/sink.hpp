/// @file
/// What becomes of what was read.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_SINK
#define TLSRPT_EXAMPLES_CLI_REPORT_SINK

#include <string>
#include <string_view>

#include "entry.hpp"

namespace cli {

/// Takes what was read of the inputs, in their order.
class sink {
 public:
  sink() = default;
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;
  virtual ~sink() = default;

  virtual void take(const entry& shown) = 0;

  /// What is to be kept of a part that may turn out to be no report at all: that is known only when
  /// the rest of the mail has been read.
  virtual std::string noted(const entry& shown) = 0;
  /// It was to be a report; `note` is what noted() made of it.
  virtual void take_unusable(const std::string& note) = 0;

  /// Whether files may be ledgers, which are given to take_ledger().
  virtual bool wants_ledgers() const { return false; }
  virtual void take_ledger(const input_place&, std::string_view) {}
};

}  // namespace cli

#endif
