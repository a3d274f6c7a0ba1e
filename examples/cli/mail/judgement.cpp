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

bool has_json_extension(std::string_view file_name) {
  std::string lower_case(file_name);
  for (char& c : lower_case)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower_case.find(".json") != lower_case.npos;
}

/// Whether type or name of a part are those of RFC 8460 and no other: the file names of DMARC
/// reports differ in the extension only.
bool is_labelled_as_report(const mail_part& part) {
  using tlsrpt::evidence;
  return part.labels.evidence == evidence::media_type ||
         (part.labels.evidence == evidence::file_name &&
          part.name_says != tlsrpt::file_name_view{} && has_json_extension(part.file_name));
}

/// Whether the first file in a zip archive is XML, as in DMARC reports. Its name follows the 30
/// octets of the local header.
bool is_zip_of_xml(std::string_view content) {
  constexpr std::size_t header_size = 30;
  if (!content.starts_with("PK\x03\x04") || content.size() < header_size) return false;
  const auto octet = [content](std::size_t i) { return static_cast<unsigned char>(content[i]); };
  std::string name(content.substr(header_size, octet(26) | std::size_t{octet(27)} << 8));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name.ends_with(".xml");
}

}  // namespace

void judge(mail_header& header) {
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

void judge(mail_part& part) {
  if (!part.file_name.empty()) {
    const std::string_view text = part.file_name;
    const auto name = tlsrpt::parse_file_name(text, first_of(part.found, "file-name"));
    if (name)
      part.name_says = *name;
    else
      add_error(part.found, name.error(), text, "file-name");
  }
  auto about_mail = first_of(part.found, "mail");
  part.labels = tlsrpt::examine_part(part.content_type, part.file_name,
                                     std::string_view(part.content), about_mail);
  if (part.wrapper)
    tlsrpt::check_wrapper(part.wrapper->content_type, part.wrapper->report_type, about_mail);
  else
    tlsrpt::check_wrapper(part.content_type, "", about_mail);
}

mail_claim claim_of(const mail_contents& mail) {
  const mail_header& header = *mail.header;
  if (mail.has_report_type || !header.report_domain.empty() || !header.report_submitter.empty() ||
      std::any_of(mail.parts.begin(), mail.parts.end(), is_labelled_as_report))
    return mail_claim::label;
  return header.says.subject == tlsrpt::subject_view{} ? mail_claim::none : mail_claim::subject;
}

bool is_something_else(tlsrpt::errc code, std::string_view content) {
  using enum tlsrpt::errc;
  constexpr tlsrpt::errc codes[] = {json_expected_value, not_an_object, not_a_report, dmarc_report,
                                    xml_document,        html_document, pdf_document};
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes) ||
         is_zip_of_xml(content);
}

bool was_surely_to_be_report(const unread_part& part) {
  return part.evidence == tlsrpt::evidence::media_type;
}

bool was_to_be_report(const unread_part& part, mail_claim mail, bool mail_has_report) {
  if (was_surely_to_be_report(part)) return true;
  if (mail == mail_claim::none) return false;
  if (mail_has_report) return part.evidence != tlsrpt::evidence::none && !part.is_something_else;
  return mail == mail_claim::label || !part.is_something_else;
}

}  // namespace cli
