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
#include <tlsrpt/zip.hpp>

#include "../../inflater.hpp"
#include "consistency.hpp"
#include "entry.hpp"
#include "findings.hpp"

namespace cli {

/// What is accepted.
tlsrpt::rules rules_of(bool strict);

using zip_reader = tlsrpt::zip_reader<tlsrpt::rules, program_inflater>;

class reader {
 public:
  /// `now` is the present time, seconds since 1970; without it only the numbers of reports are of
  /// interest, and nobody looks for what is odd about them or was there before.
  reader(bool strict, std::optional<std::int64_t> now);

  using taker = std::function<void(const entry&)>;

  /// Reads a report in a part of a mail, and what follows it, and gives all that to `take`. The
  /// error is that of the first text. Throws std::runtime_error when the program or the machine is
  /// at fault, as the others do.
  std::optional<tlsrpt::diagnostic> read_part(std::string_view octets, const input_place& place,
                                              const mail_context& mail, const taker& take);
  /// Reads the reports of a file, each a text of its own, and gives them to `take`, with those that
  /// cannot be used and what is found in all of it.
  void read_file(std::string_view octets, const input_place& place, const taker& take);
  /// The same, if the first text is a report; else gives nothing, and returns false.
  bool read_if_report(std::string_view octets, const input_place& place, const taker& take);
  /// Reads just one report, whatever came before it.
  void read_line(std::string_view octets, const input_place& place, const taker& take);

  /// What was found before the error, for as long as its views live.
  const findings& found() const { return found_; }

  /// To be called before each file: it may have so much text, in whatever it is wrapped.
  void begin_file() { text_left_ = max_text_of_file; }
  /// To be called before each mail: the reports of one are not those of another.
  void begin_mail() { reports_of_mail_ = 0; }

  const tlsrpt::limits& limits() const { return limits_; }
  /// Whether more than numbers is of interest.
  bool wants_remarks() const { return consistency_.has_value(); }

 private:
  shown_report judged(const tlsrpt::report_view& report, const input_place& place,
                      mail_context* mail);
  bool was_there(const tlsrpt::digest& digest, const input_place& place);
  tlsrpt::inferred_domain compare(const tlsrpt::report_view& report, const input_place& place,
                                  mail_context* mail);

  /// A thousand large reports.
  static constexpr std::size_t max_text_of_file = std::size_t{1} << 30;

  std::optional<tlsrpt::diagnostic> read_texts(std::string_view octets, const input_place& place,
                                               const mail_context* mail, const taker& take);
  tlsrpt::result<tlsrpt::report_view> parse(std::string_view octets);
  tlsrpt::diagnostic exact_error(std::string_view octets, const tlsrpt::diagnostic& error);
  void spend(std::size_t octets, bool is_read);
  void take_report(const tlsrpt::report_view& report, const input_place& place,
                   const mail_context* mail, const taker& take);
  void read_following(std::string_view text, std::size_t size, input_place place,
                      const mail_context* mail, const taker& take);

  const tlsrpt::limits limits_;
  const tlsrpt::rules conformance_;
  tlsrpt::report_parser<tlsrpt::rules, program_inflater> parser_;
  std::optional<consistency> consistency_;  ///< Nothing where only numbers are of interest.
  findings found_;
  std::unordered_map<tlsrpt::digest, std::string> places_;  ///< Where each report was first.
  std::size_t reports_of_mail_ = 0;
  std::size_t text_left_ = max_text_of_file;  ///< Octets that may still be read of the file.
};

}  // namespace cli

#endif
