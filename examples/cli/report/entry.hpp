/// @file
/// What `tlsrpt show` shows: a report, or why there is none, and where it is.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_ENTRY
#define TLSRPT_EXAMPLES_CLI_REPORT_ENTRY

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/envelope.hpp>
#include <tlsrpt/model.hpp>

#include "../mail/mail.hpp"
#include "findings.hpp"
#include "unreadable.hpp"

namespace cli {

/// Where a report, a mail or a failure is.
struct input_place {
  std::string_view file;
  std::string entry = {};      ///< Of a ZIP archive; "a.zip, entry b" in one that is in another.
  std::size_t message = 0;     ///< In an mbox, counted from 1; 0 elsewhere.
  std::size_t line = 0;        ///< Of lines that are each an input, from 1; 0 elsewhere.
  std::string_view part = {};  ///< Of a mail.
  std::size_t document = 1;    ///< Of several texts one after the other.

  /// For reading: "reports.mbox, message 3, part 2".
  std::string text() const {
    std::string text(file);
    if (!entry.empty()) (text += ", entry ") += entry;
    if (message != 0) text += ", message " + std::to_string(message);
    if (line != 0) text += ", line " + std::to_string(line);
    if (!part.empty()) (text += ", part ") += part;
    if (document != 1) text += ", document " + std::to_string(document);
    return text;
  }
};

/// The domain of a policy as it is shown; absent when nothing says one.
struct shown_domain {
  std::string_view name{};
  bool is_inferred = false;  ///< Not by the report, but by what is around it.
};

/// A report as its sender wrote it, and the domain that policies without one are about.
struct shown_report {
  tlsrpt::report_view report{};
  tlsrpt::digest digest{};
  tlsrpt::inferred_domain inferred{};
  bool is_repeated = false;  ///< The same came before, so it does not count.
  bool is_partial = false;   ///< An element that may have had counts was skipped.
  bool is_returned = false;  ///< It is about what others received, so it does not count.

  shown_domain domain_of(const tlsrpt::policy_head_view& policy) const {
    if (tlsrpt::present(policy.policy_domain)) return {policy.policy_domain};
    return {inferred.policy_domain, !inferred.policy_domain.empty()};
  }
};

/// What was to be no report: a mail, or a report about DMARC.
struct no_report {
  bool is_dmarc = false;
};

/// The mail around a report, and what is remarked upon in it.
struct mail_context {
  const mail_header& header;
  const mail_part* part = nullptr;       ///< Null for the whole mail.
  const mail_contents* whole = nullptr;  ///< When what was passed over is of interest.
  findings found{};
};

/// What came of one text, one mail or one file. All that it refers to outlives it.
struct entry {
  input_place place;
  /// A diagnostic when the input is unusable.
  std::variant<shown_report, no_report, tlsrpt::diagnostic, unreadable> what;
  const findings* found = nullptr;     ///< In the text; null for none.
  const mail_context* mail = nullptr;  ///< Null for what did not come by mail.
};

}  // namespace cli

#endif
