#include "json.hpp"

#include <tlsrpt/path.hpp>

#include <span>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "printable.hpp"
#include "remarks.hpp"

namespace cli {

namespace {

using json = nlohmann::ordered_json;
using tlsrpt::field;

void add(json& object, field member, std::string_view text) {
  if (tlsrpt::present(text)) object[name(member)] = text;
}

void add(json& object, field member, tlsrpt::session_count count) {
  if (count.known()) object[name(member)] = count.value();
}

void add(json& object, field member, std::span<const std::string_view> texts) {
  if (!texts.empty()) object[name(member)] = texts;
}

template <class E>
void add(json& object, field member, const tlsrpt::token<E>& token) {
  if (!tlsrpt::present(token.text)) return;
  add(object, member, token.text);
  object[std::string(name(member)) + "-known"] = token.known();
}

void add(json& object, field member, const tlsrpt::ip_view& ip) {
  add(object, member, ip.text);
  if (const auto address = ip.address())
    object[std::string(name(member)) + "-canonical"] = std::string(to_text(*address));
}

void add_if_filled(json& object, field member, json&& value) {
  if (!value.empty()) object[name(member)] = std::move(value);
}

json to_json(const tlsrpt::date_range_view& range) {
  json object = json::object();
  add(object, field::start_datetime, range.start_datetime.text);
  add(object, field::end_datetime, range.end_datetime.text);
  if (range.start_datetime.known) object["start"] = range.start_datetime.seconds;
  if (range.end_datetime.known) object["end"] = range.end_datetime.seconds;
  return object;
}

json to_json(const tlsrpt::failure_details_view& failure) {
  json object = json::object();
  add(object, field::result_type, failure.result_type);
  add(object, field::sending_mta_ip, failure.sending_mta_ip);
  add(object, field::receiving_mx_hostname, failure.receiving_mx_hostname);
  add(object, field::receiving_mx_helo, failure.receiving_mx_helo);
  add(object, field::receiving_ip, failure.receiving_ip);
  add(object, field::failed_session_count, failure.failed_session_count);
  add(object, field::additional_information, failure.additional_information);
  add(object, field::failure_reason_code, failure.failure_reason_code);
  return object;
}

json to_json(const tlsrpt::policy_view& element, const shown_domain& domain) {
  json policy = json::object();
  add(policy, field::policy_type, element.policy_type);
  add(policy, field::policy_string, element.policy_string);
  add(policy, field::policy_domain, domain.name);
  if (domain.is_inferred) policy["policy-domain-inferred"] = true;
  add(policy, field::mx_host, element.mx_host);
  json summary = json::object();
  add(summary, field::total_successful_session_count, element.total_successful_session_count);
  add(summary, field::total_failure_session_count, element.total_failure_session_count);
  json failures = json::array();
  for (const tlsrpt::failure_details_view& failure : element.failure_details)
    failures.push_back(to_json(failure));
  json object = json::object();
  object[name(field::policy)] = std::move(policy);
  add_if_filled(object, field::summary, std::move(summary));
  add_if_filled(object, field::failure_details, std::move(failures));
  return object;
}

json to_json(const shown_report& shown) {
  const tlsrpt::report_view& report = shown.report;
  json object = json::object();
  add(object, field::organization_name, report.organization_name);
  add_if_filled(object, field::date_range, to_json(report.date_range));
  add(object, field::contact_info, report.contact_info);
  add(object, field::report_id, report.report_id);
  json& policies = object[name(field::policies)] = json::array();
  for (const tlsrpt::policy_view& policy : report.policies)
    policies.push_back(to_json(policy, shown.domain_of(policy)));
  return object;
}

json to_json(const mail_context& context) {
  // A mail may have many reports, each of which repeats this.
  constexpr std::size_t max_text_bytes = 1000;
  json mail = json::object();
  const auto add = [&](const char* member, std::string_view text) {
    if (!text.empty()) mail[member] = cut(text, max_text_bytes);
  };
  const auto add_first = [&](const char* member, const std::vector<std::string>& values) {
    if (!values.empty()) add(member, values.front());
  };
  const mail_header& header = context.header;
  add("subject", header.subject.value_or(""));
  add("from", header.from.value_or(""));
  add("date", header.date.value_or(""));
  add_first("tls-report-domain", header.report_domain);
  add_first("tls-report-submitter", header.report_submitter);
  if (context.part) {
    add("file-name", context.part->file_name);
    add("content-type", context.part->content_type);
  }
  mail["authenticated"] = false;
  return mail;
}

json to_json(const finding& found) {
  constexpr std::size_t max_subject_bytes = 200;
  const tlsrpt::diagnostic& what = found.what;
  json object = {{"code", name(what.code)},
                 {"grade", name(grade_of(what.code))},
                 {"path", std::string(path(what.where))},
                 {"offset", what.where.offset},
                 {"in", found.in},
                 {"message", message(what.code)}};
  if (!what.subject.empty()) object["subject"] = cut(what.subject, max_subject_bytes);
  return object;
}

json to_json(const tlsrpt::diagnostic& error) {
  json object = to_json(finding{error, name(error.where.in)});
  if (error.hint != tlsrpt::errc::ok)
    object["hint"] = {{"code", name(error.hint)}, {"message", message(error.hint)}};
  return object;
}

json to_json(const unreadable& error) {
  return {{"code", "cannot-read"},
          {"grade", name(tlsrpt::grade::fatal)},
          {"path", ""},
          {"offset", 0},
          {"message", sentence(error)}};
}

void add_findings(json& object, const findings* text, const findings* mail) {
  json& list = object["diagnostics"] = json::array();
  std::size_t left_out = 0;
  for (const findings* each : {text, mail}) {
    if (!each) continue;
    for (const finding& found : each->kept()) list.push_back(to_json(found));
    left_out += each->left_out();
  }
  if (left_out != 0) object["diagnostics-left-out"] = left_out;
}

std::string to_line(const json& object) {
  return object.dump(-1, ' ', true, json::error_handler_t::replace) + '\n';
}

/// Adds what came of an input.
struct adder {
  json& object;

  void operator()(const shown_report& report) const {
    object["ok"] = true;
    object["report"] = to_json(report);
  }
  void operator()(no_report) const {
    object["ok"] = true;
    object["no-report"] = true;
  }
  template <class Error>
  void operator()(const Error& error) const {
    object["ok"] = false;
    object["error"] = to_json(error);
  }
};

}  // namespace

std::string json_line(const entry& shown) {
  const input_place& place = shown.place;
  json object = {{"file", place.file}};
  if (place.message != 0) object["message"] = place.message;
  if (!place.part.empty()) object["part"] = place.part;
  if (place.document != 1) object["document"] = place.document;
  if (shown.mail) object["mail"] = to_json(*shown.mail);
  std::visit(adder{object}, shown.what);
  add_findings(object, shown.found, shown.mail ? &shown.mail->found : nullptr);
  return to_line(object);
}

std::string json_line(const tlsrpt::record_view& record, const findings& found) {
  json object = {{"ok", true}};
  json& endpoints = object["endpoints"] = json::array();
  for (const tlsrpt::rua_view& rua : record.endpoints())
    endpoints.push_back({{"scheme", name(rua.scheme)}, {"uri", rua.uri}, {"target", rua.target()}});
  json& extensions = object["extensions"] = json::array();
  for (const tlsrpt::extension_view& extension : record.extensions())
    extensions.push_back({{"name", extension.name}, {"value", extension.value}});
  add_findings(object, &found, nullptr);
  return to_line(object);
}

std::string json_line(const tlsrpt::diagnostic& error, const findings& found) {
  json object = {{"ok", false}, {"error", to_json(error)}};
  add_findings(object, &found, nullptr);
  return to_line(object);
}

std::string json_line(const unreadable& error) {
  json object = {{"ok", false}, {"error", to_json(error)}};
  add_findings(object, nullptr, nullptr);
  return to_line(object);
}

}  // namespace cli
