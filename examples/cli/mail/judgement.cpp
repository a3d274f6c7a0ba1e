#include "judgement.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>

#include <tlsrpt/domain_field.hpp>

namespace cli {

namespace {

/// A sink for what is found in one text. As it is repeated for each report of the mail, only the
/// first few are kept.
auto first_of(findings& found, std::string_view in) {
  constexpr int max_findings = 16;
  return [&found, in, left = max_findings](const tlsrpt::diagnostic& each) mutable {
    if (left == 0) return;
    --left;
    found.add(each, in);
  };
}

/// Adds why `text` says nothing.
void add_error(findings& found, tlsrpt::diagnostic error, std::string_view text,
               std::string_view in) {
  error.subject = text;
  found.add(error, in);
}

/// A domain field, which may occur several times.
std::string_view domain_of(const std::vector<std::string>& values, std::string_view field,
                           findings& found) {
  if (values.empty()) return {};
  const std::vector<std::string_view> views(values.begin(), values.end());
  const auto domain = tlsrpt::select_domain_field(std::span(views), first_of(found, field));
  if (domain) return *domain;
  add_error(found, domain.error(), views.front(), field);
  return {};
}

}  // namespace

void judge(header_fields& header) {
  header.says.report_domain = domain_of(header.report_domain, "tls-report-domain", header.found);
  header.says.report_submitter =
      domain_of(header.report_submitter, "tls-report-submitter", header.found);
  if (!header.subject) return;
  const std::string_view text = *header.subject;
  const auto subject = tlsrpt::parse_subject(text, first_of(header.found, "subject"));
  if (subject)
    header.says.subject = *subject;
  else
    add_error(header.found, subject.error(), text, "subject");
}

void judge(const mail_part& part, part_labels& labels) {
  if (!part.file_name.empty()) {
    const std::string_view text = part.file_name;
    const auto name = tlsrpt::parse_file_name(text, first_of(labels.found, "file-name"));
    if (name)
      labels.name_says = *name;
    else
      add_error(labels.found, name.error(), text, "file-name");
  }
  auto about_mail = first_of(labels.found, "mail");
  labels.says = tlsrpt::examine_part(part.content_type, part.file_name,
                                     std::string_view(part.content), about_mail);
  tlsrpt::check_wrapper(part.wrapper_type.empty() ? part.content_type : part.wrapper_type,
                        part.report_type, about_mail);
}

std::string_view why_passed_over(const passed_part& part) {
  switch (part.kind) {
    case tlsrpt::part_kind::text:
      return "This is text, without a report in it.";
    case tlsrpt::part_kind::empty:
      return "This is empty.";
    case tlsrpt::part_kind::signature:
      return "This is a signature.";
    case tlsrpt::part_kind::status:
      return "This is about another mail.";
    case tlsrpt::part_kind::incomplete:
      return "This is a piece of a mail, or refers to something elsewhere.";
    case tlsrpt::part_kind::too_deep:
      return message(tlsrpt::errc::mail_nested_too_deep);
    default:
      break;
  }
  const tlsrpt::errc refusal = tlsrpt::refusal_of(part.content);
  return refusal == tlsrpt::errc::ok ? "This is no report." : message(refusal);
}

bool is_something_else(tlsrpt::errc code) {
  using enum tlsrpt::errc;
  constexpr tlsrpt::errc codes[] = {json_expected_value, not_an_object, not_a_report, dmarc_report,
                                    xml_document,        html_document, pdf_document};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

bool was_surely_to_be_report(const unread_part& part) {
  return part.evidence == tlsrpt::evidence::media_type;
}

bool was_to_be_report(const unread_part& part, tlsrpt::mail_claim mail, bool mail_has_report) {
  if (was_surely_to_be_report(part)) return true;
  if (mail == tlsrpt::mail_claim::none) return false;
  if (mail_has_report) return part.evidence != tlsrpt::evidence::none && !part.is_something_else;
  return mail == tlsrpt::mail_claim::label || !part.is_something_else;
}

}  // namespace cli
