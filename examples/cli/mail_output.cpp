#include "mail_output.hpp"

#include <algorithm>
#include <utility>

#include "printable.hpp"
#include "terminal.hpp"

namespace cli {

namespace {

constexpr std::size_t longest_subject = 200;
/// Findings about one field or name. All are repeated for each report of the mail.
constexpr std::ptrdiff_t most_findings_of_text = 16;

void add_finding(std::vector<envelope_finding>& findings, std::string_view in,
                 const tlsrpt::diagnostic& found) {
  const auto same = [in](const envelope_finding& other) { return other.in == in; };
  if (std::count_if(findings.begin(), findings.end(), same) < most_findings_of_text)
    findings.push_back({in, found});
}

std::string_view first_or_nothing(const std::vector<std::string>& values) {
  return values.empty() ? std::string_view() : std::string_view(values.front());
}

/// A domain field, which may occur several times.
std::string_view domain_of(const std::vector<std::string>& values, std::string_view field,
                           std::vector<envelope_finding>& findings) {
  if (values.empty()) return {};
  const std::vector<std::string_view> views(values.begin(), values.end());
  const auto sink = [&](const tlsrpt::diagnostic& found) { add_finding(findings, field, found); };
  const auto domain = tlsrpt::select_domain_field(std::span(views), sink);
  if (domain) return *domain;
  sink({domain.error().code, domain.error().where, views.front()});
  return {};
}

json to_json(const mail_context& context) {
  json mail = json::object();
  // A mail may have many reports, each of which repeats this.
  constexpr std::size_t longest_text = 1000;
  const auto add = [&](const char* member, std::string_view text) {
    if (!text.empty()) mail[member] = cut(text, longest_text);
  };
  const mail_header& header = *context.header;
  if (header.subject) add("subject", *header.subject);
  if (header.from) add("from", *header.from);
  if (header.date) add("date", *header.date);
  add("tls-report-domain", first_or_nothing(header.report_domain));
  add("tls-report-submitter", first_or_nothing(header.report_submitter));
  if (context.part) {
    add("file-name", context.part->file_name);
    add("content-type", context.part->content_type);
  }
  mail["authenticated"] = false;
  return mail;
}

json finding(std::string_view code, tlsrpt::grade how_grave, std::string_view where,
             std::size_t offset, std::string_view message, std::string_view subject,
             std::string_view in) {
  json object = {{"code", code},
                 {"grade", name(how_grave)},
                 {"path", where},
                 {"offset", offset},
                 {"message", message}};
  if (!subject.empty()) object["subject"] = cut(subject, longest_subject);
  object["in"] = in;
  return object;
}

void write_remark(page& out, std::string_view code, tlsrpt::grade how_grave,
                  std::string_view message, std::string_view subject) {
  out.fill(
      "  ", 2,
      std::string(name(how_grave)) + ": " + std::string(message) + " [" + std::string(code) + ']',
      how_grave == tlsrpt::grade::note ? style::plain : style::caution);
  if (!subject.empty()) out.fill("", 4, '"' + printable(subject, 120) + '"', style::quiet);
}

void write_mail(page& out, const mail_context& context) {
  constexpr std::size_t indent = 14;
  const auto line = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) out.fill(label, indent, printable(text));
  };
  const mail_header& header = *context.header;
  out.line("The mail", style::heading);
  out.fill("  From", indent,
           header.from ? printable(*header.from) + " (not authenticated)" : "(not given)");
  if (header.subject) line("  Subject", *header.subject);
  if (header.date) line("  Date", *header.date);
  line("  About", first_or_nothing(header.report_domain));
  line("  Submitter", first_or_nothing(header.report_submitter));
  if (context.part) {
    line("  Part", context.part->content_type);
    line("  File name", context.part->file_name);
  }
  // The same about several texts is said once.
  std::vector<std::string_view> said;
  const auto is_new = [&said](std::string_view code) {
    if (std::find(said.begin(), said.end(), code) != said.end()) return false;
    said.push_back(code);
    return true;
  };
  for (const auto& [in, found] : context.findings)
    if (is_new(name(found.code)))
      write_remark(out, name(found.code), grade_of(found.code), message(found.code), found.subject);
  for (const mail_remark& remark : context.remarks)
    if (is_new(name(remark.fault)))
      write_remark(out, name(remark.fault), grade_of(remark.fault), message(remark.fault),
                   remark.subject);
}

}  // namespace

std::string input_place::text() const {
  std::string text(file);
  if (message != 0) text += ", message " + std::to_string(message);
  if (!part.empty()) (text += ", part ") += part;
  if (document != 1) text += ", document " + std::to_string(document);
  return text;
}

mail_context context_of(const mail_contents& mail, const mail_part& part) {
  mail_context context{.header = part.header.get(), .part = &part, .remarks = mail.remarks};
  context.remarks.insert(context.remarks.end(), part.remarks.begin(), part.remarks.end());
  auto& findings = context.findings;
  const auto sink = [&findings](std::string_view in) {
    return [&findings, in](const tlsrpt::diagnostic& found) { add_finding(findings, in, found); };
  };
  tlsrpt::envelope_view& says = context.says;
  says.report_domain = domain_of(part.header->report_domain, "tls-report-domain", findings);
  says.report_submitter =
      domain_of(part.header->report_submitter, "tls-report-submitter", findings);
  if (!part.file_name.empty()) {
    const std::string_view text = part.file_name;
    if (const auto file_name = tlsrpt::parse_file_name(text, sink("file-name")))
      says.file_name = *file_name;
    else
      sink("file-name")({file_name.error().code, file_name.error().where, text});
  }
  if (part.header->subject) {
    const std::string_view text = *part.header->subject;
    if (const auto subject = tlsrpt::parse_subject(text, sink("subject")))
      says.subject = *subject;
    else
      sink("subject")({subject.error().code, subject.error().where, text});
  }
  tlsrpt::examine_part(part.content_type, part.file_name, part.content, sink("mail"));
  const bool is_alone = part.wrapper_type.empty();
  tlsrpt::check_wrapper(is_alone ? part.content_type : part.wrapper_type, part.report_type,
                        sink("mail"));
  return context;
}

tlsrpt::report_view with_inferred_domain(const tlsrpt::report_view& report, std::string_view domain,
                                         std::vector<tlsrpt::policy_view>& policies) {
  policies.assign(report.policies.begin(), report.policies.end());
  for (tlsrpt::policy_view& policy : policies)
    if (!tlsrpt::present(policy.policy_domain)) policy.policy_domain = domain;
  tlsrpt::report_view filled = report;
  filled.policies = policies;
  return filled;
}

std::string_view name(tlsrpt::domain_source source) {
  switch (source) {
    case tlsrpt::domain_source::header_field:
      return "TLS-Report-Domain";
    case tlsrpt::domain_source::file_name:
      return "the file name";
    case tlsrpt::domain_source::subject:
      return "the Subject";
    default:
      return "nothing";
  }
}

void mark_inferred_domains(json& object, const tlsrpt::report_view& report) {
  json& policies = object["report"][std::string(name(tlsrpt::field::policies))];
  for (std::size_t i = 0; i < report.policies.size(); ++i)
    if (!tlsrpt::present(report.policies[i].policy_domain))
      policies[i][std::string(name(tlsrpt::field::policy))]["policy-domain-inferred"] = true;
}

json with_context(json object, const input_place& place, const mail_context* context) {
  json placed = {{"file", std::move(object["file"])}};
  if (place.message != 0) placed["message"] = place.message;
  if (!place.part.empty()) placed["part"] = place.part;
  if (place.document != 1) placed["document"] = place.document;
  if (context) placed["mail"] = to_json(*context);
  for (auto& [member, value] : object.items())
    if (member != "file") placed[member] = std::move(value);
  if (!context) return placed;
  json& list = placed["diagnostics"];
  for (const auto& [in, found] : context->findings)
    list.push_back(finding(name(found.code), grade_of(found.code), std::string(path(found.where)),
                           found.where.offset, message(found.code), found.subject, in));
  for (const mail_remark& remark : context->remarks)
    list.push_back(finding(name(remark.fault), grade_of(remark.fault), "", remark.offset,
                           message(remark.fault), remark.subject, "mail"));
  return placed;
}

json mail_without_report_object(std::string_view file) {
  return {{"file", file}, {"ok", true}, {"no-report", true}, {"diagnostics", json::array()}};
}

std::string mail_text(const mail_context& context, bool colour) {
  page out(colour);
  write_mail(out, context);
  out.line();
  return out.text();
}

std::string mail_without_report_text(std::string_view file, const mail_context& context,
                                     bool colour) {
  page out(colour);
  out.fill("== ", 3, printable(file), style::heading);
  out.line("This mail has no TLS report.");
  write_mail(out, context);
  out.line();
  return out.text();
}

}  // namespace cli
