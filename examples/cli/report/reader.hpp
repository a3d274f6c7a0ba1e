/// @file
/// Reads reports, and looks for what is odd about each.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_READER
#define TLSRPT_EXAMPLES_CLI_REPORT_READER

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/report.hpp>

#include "consistency.hpp"
#include "entry.hpp"
#include "findings.hpp"

namespace cli {

/// What is accepted.
tlsrpt::rules rules_of(bool strict);

class reader {
 public:
  /// `now` is the present time, seconds since 1970.
  reader(bool strict, std::int64_t now);

  using taker = std::function<void(const entry&)>;

  /// Reads a report, and further ones that follow it, and gives each to `take`, with one that
  /// breaks off. The error is that of the first; what follows the last and does not begin like a
  /// report is remarked upon with it. Throws std::runtime_error when the program or the machine is
  /// at fault.
  std::optional<tlsrpt::diagnostic> read(std::string_view octets, input_place place,
                                         const mail_context* mail, const taker& take);
  /// What was found before the error, for as long as its views live.
  const findings& found() const { return found_; }

  /// To be called before each mail: the reports of one are not those of another.
  void begin_mail() { reports_of_mail_ = 0; }

  const tlsrpt::limits& limits() const { return limits_; }

 private:
  shown_report judged(const tlsrpt::report_view& report, const input_place& place,
                      mail_context* mail);
  tlsrpt::inferred_domain compare(const tlsrpt::report_view& report, const input_place& place,
                                  mail_context* mail);

  const tlsrpt::limits limits_;
  tlsrpt::report_parser<tlsrpt::rules> parser_;
  consistency consistency_;
  findings found_;
  std::unordered_map<tlsrpt::digest, std::string> places_;  ///< Where each report was first.
  std::size_t reports_of_mail_ = 0;
};

}  // namespace cli

#endif
