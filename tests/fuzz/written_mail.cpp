/// Fuzz target: mails that are written. Whatever their parts are, a mail has the fields it should
/// have and no other, and brings the report; or it is refused.

#include <array>
#include <string>
#include <string_view>

#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/write_mail.hpp>

#include "relations.hpp"

namespace {

std::string unfolded(const tlsrpt::header_field& field) {
  std::string value;
  field.unfold_to(value);
  return value;
}

void check_lines(std::string_view mail) {
  while (!mail.empty()) {
    const std::size_t end = mail.find("\r\n");
    HOLDS(end != std::string_view::npos && end <= 998);
    for (char c : mail.substr(0, end)) HOLDS(c >= 0x20 && c < 0x7f);
    mail.remove_prefix(end + 2);
  }
}

void check_mail(std::string_view mail, std::string_view octets,
                const tlsrpt::mail_options& options) {
  check_lines(mail);
  fuzz::collecting_sink found;
  const auto read = tlsrpt::read_mail(mail, found, tlsrpt::strict());
  HOLDS(read.has_value());
  constexpr std::array<std::string_view, 11> names = {"From",
                                                      "To",
                                                      "Subject",
                                                      "Date",
                                                      "Message-ID",
                                                      "TLS-Report-Domain",
                                                      "TLS-Report-Submitter",
                                                      "TLS-Required",
                                                      "Auto-Submitted",
                                                      "MIME-Version",
                                                      "Content-Type"};
  std::size_t fields = 0;
  for (const tlsrpt::header_field field : read->header().fields())
    HOLDS(fields < names.size() && field.name == names[fields++]);
  HOLDS(fields == names.size());
  HOLDS(unfolded(read->header().to()) == options.to);

  std::size_t candidates = 0;
  for (const tlsrpt::mail_part_view part : read->candidates()) {
    ++candidates;
    std::string buffer;
    const auto content = part.decode(buffer, found, tlsrpt::strict());
    HOLDS(content.has_value() && *content == octets);
  }
  HOLDS(candidates == 1);
  HOLDS(found.all.empty());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  // A value after the other, with NUL between them.
  std::string_view rest = copy.view();
  const auto next = [&rest] { return tlsrpt::detail::take_part(rest, std::string_view("\0", 1)); };
  tlsrpt::report_view report;
  tlsrpt::mail_options options;
  report.contact_info = next();
  report.report_id = next();
  options.to = next();
  options.about = next();
  options.from = next();
  options.unique_id = next();
  report.organization_name = next();
  std::array<tlsrpt::failure_details_view, 2> failures{};
  std::array<tlsrpt::policy_view, 1> policies{};
  policies[0].policy_domain = next();
  for (tlsrpt::failure_details_view& failure : failures) {
    failure.result_type.text = next();
    failure.receiving_mx_hostname = next();
  }
  // The rest is the report, and its sum the numbers.
  fuzz::numbers random(rest);
  options.date = static_cast<std::int64_t>(random.below(253'402'300'800));
  options.endpoint = static_cast<std::uint32_t>(random.next());
  report.date_range.start_datetime = {options.date, {}, true};
  report.date_range.end_datetime = {static_cast<std::int64_t>(random.next() >> 1), {}, true};
  policies[0].policy_type.value = static_cast<tlsrpt::policy_type>(random.below(4));
  failures[0].failed_session_count = random.next();
  policies[0].failure_details = failures;
  report.policies = policies;
  const std::string octets = '{' + std::string(rest);

  const std::string mail =
      fuzz::written([&](auto& out) { return write_mail(out, report, octets, options); });
  if (!mail.empty()) check_mail(mail, octets, options);
  return 0;
}
