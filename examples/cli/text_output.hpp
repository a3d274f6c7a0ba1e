/// @file
/// Text for a postmaster.

#ifndef TLSRPT_EXAMPLES_CLI_TEXT_OUTPUT
#define TLSRPT_EXAMPLES_CLI_TEXT_OUTPUT

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/model.hpp>
#include <tlsrpt/record.hpp>

#include "findings.hpp"

namespace cli {

/// A policy domain that the report does not say but what is around it. In the report's policies it
/// is this very text.
struct inferred_text {
  std::string_view domain{}, from{};
};

std::string report_text(std::string_view file, const tlsrpt::report_view& report,
                        const findings& diagnostics, bool colour,
                        const inferred_text& inferred = {});
std::string failure_text(std::string_view file, const failure& error, const findings& diagnostics,
                         bool colour);
std::string record_text(const tlsrpt::record_view& record, const findings& diagnostics,
                        bool colour);
std::string failed_record_text(const failure& error, const findings& diagnostics, bool colour);

/// Sums over all inputs. Policies of different type are kept apart even for one domain: the same
/// sessions may appear under both.
class totals {
 public:
  void add(const tlsrpt::report_view& report);
  void add_unusable() { ++unusable_; }
  void add_mail_without_report() { ++mails_without_report_; }

  std::size_t unusable() const { return unusable_; }
  std::string text(bool colour) const;

 private:
  struct row {
    std::size_t reports = 0, last_report = 0;
    std::uint64_t successful = 0, failed = 0;
  };

  std::map<std::pair<std::string, std::string>, row> rows_;  ///< By domain and policy type.
  std::size_t reports_ = 0, unusable_ = 0, mails_without_report_ = 0;
};

}  // namespace cli

#endif
