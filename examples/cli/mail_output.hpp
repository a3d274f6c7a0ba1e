/// @file
/// What is said about reports that came by mail, besides what they say themselves.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_OUTPUT
#define TLSRPT_EXAMPLES_CLI_MAIL_OUTPUT

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/delivery.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/model.hpp>

#include "json_output.hpp"
#include "mail.hpp"

namespace cli {

/// Where a report, a mail or a failure stands.
struct input_place {
  std::string_view file;
  std::size_t message = 0;     ///< In an mbox, counted from 1; 0 elsewhere.
  std::string_view part = {};  ///< Of a mail.
  std::size_t document = 1;    ///< Of several texts one behind the other.

  /// For reading: "reports.mbox, message 3, part 2".
  std::string text() const;
};

/// A finding about what stands around a report.
struct envelope_finding {
  std::string_view in;  ///< The text its offset counts in: "subject"; "mail" for none of its own.
  tlsrpt::diagnostic found;
};

/// A mail, or a part of it, with what was found about it. What it borrows outlives it.
struct mail_context {
  const mail_header* header = nullptr;
  const mail_part* part = nullptr;  ///< May be absent.
  tlsrpt::envelope_view says{};
  std::vector<envelope_finding> findings{};
  std::vector<mail_remark> remarks{};
};

/// Reads what the mail around `part` says.
mail_context context_of(const mail_contents& mail, const mail_part& part);

/// `report` with the policy domains that it lacks; `policies` keeps them.
tlsrpt::report_view with_inferred_domain(const tlsrpt::report_view& report, std::string_view domain,
                                         std::vector<tlsrpt::policy_view>& policies);

/// "the header" and so on.
std::string_view name(tlsrpt::domain_source source);

/// Marks the policy domains that `report` lacks and `object` has.
void mark_inferred_domains(json& object, const tlsrpt::report_view& report);
/// Adds what is known besides the file.
json with_context(json object, const input_place& place, const mail_context* context);
json mail_without_report_object(std::string_view file);

/// The same for reading. Both end with an empty line.
std::string mail_text(const mail_context& context, bool colour);
std::string mail_without_report_text(std::string_view file, const mail_context& context,
                                     bool colour);

}  // namespace cli

#endif
