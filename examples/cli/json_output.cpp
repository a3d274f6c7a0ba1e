#include "json_output.hpp"

#include <span>

#include "printable.hpp"

namespace cli {

namespace {

constexpr std::size_t longest_subject = 200;

void add(json& object, tlsrpt::field member, std::string_view text) {
  if (tlsrpt::present(text)) object[name(member)] = text;
}

void add(json& object, tlsrpt::field member, tlsrpt::session_count count) {
  if (count.known()) object[name(member)] = count.value();
}

void add(json& object, tlsrpt::field member, std::span<const std::string_view> texts) {
  if (!texts.empty()) object[name(member)] = texts;
}

template <class E>
void add(json& object, tlsrpt::field member, const tlsrpt::token<E>& token) {
  if (!tlsrpt::present(token.text)) return;
  add(object, member, token.text);
  object[std::string(name(member)) + "-known"] = token.known();
}

void add(json& object, tlsrpt::field member, const tlsrpt::ip_view& ip) {
  add(object, member, ip.text);
  if (const auto address = ip.address())
    object[std::string(name(member)) + "-canonical"] = std::string(to_text(*address));
}

void add_if_filled(json& object, tlsrpt::field member, json&& value) {
  if (!value.empty()) object[name(member)] = std::move(value);
}

json to_json(const tlsrpt::date_range_view& range) {
  json object = json::object();
  add(object, tlsrpt::field::start_datetime, range.start_datetime.text);
  add(object, tlsrpt::field::end_datetime, range.end_datetime.text);
  if (range.start_datetime.known) object["start"] = range.start_datetime.seconds;
  if (range.end_datetime.known) object["end"] = range.end_datetime.seconds;
  return object;
}

json to_json(const tlsrpt::failure_details_view& failure) {
  using tlsrpt::field;
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

json to_json(const tlsrpt::policy_view& element) {
  using tlsrpt::field;
  json policy = json::object();
  add(policy, field::policy_type, element.policy_type);
  add(policy, field::policy_string, element.policy_string);
  add(policy, field::policy_domain, element.policy_domain);
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

json to_json(const tlsrpt::report_view& report) {
  using tlsrpt::field;
  json object = json::object();
  add(object, field::organization_name, report.organization_name);
  add_if_filled(object, field::date_range, to_json(report.date_range));
  add(object, field::contact_info, report.contact_info);
  add(object, field::report_id, report.report_id);
  json& policies = object[name(field::policies)] = json::array();
  for (const tlsrpt::policy_view& policy : report.policies) policies.push_back(to_json(policy));
  return object;
}

json finding(std::string_view code, tlsrpt::grade how_grave, const tlsrpt::location& where,
             std::string_view message) {
  return {{"code", code},
          {"grade", name(how_grave)},
          {"path", std::string(path(where))},
          {"offset", where.offset},
          {"message", message}};
}

json to_json(const failure& error) {
  json object = finding(error.code, error.how_grave, error.where, error.message);
  if (error.hint != tlsrpt::errc::ok)
    object["hint"] = {{"code", name(error.hint)}, {"message", message(error.hint)}};
  return object;
}

void add_diagnostics(json& object, const findings& diagnostics) {
  json& list = object["diagnostics"] = json::array();
  for (const tlsrpt::diagnostic& d : diagnostics.kept()) {
    json found = finding(name(d.code), grade_of(d.code), d.where, message(d.code));
    if (!d.subject.empty()) found["subject"] = cut(d.subject, longest_subject);
    list.push_back(std::move(found));
  }
  if (diagnostics.left_out() != 0) object["diagnostics-left-out"] = diagnostics.left_out();
}

std::string_view name(tlsrpt::uri_scheme scheme) {
  switch (scheme) {
    case tlsrpt::uri_scheme::mailto:
      return "mailto";
    case tlsrpt::uri_scheme::https:
      return "https";
    default:
      return "other";
  }
}

}  // namespace

json report_object(std::string_view file, const tlsrpt::report_view& report,
                   const findings& diagnostics) {
  json object = {{"file", file}, {"ok", true}, {"report", to_json(report)}};
  add_diagnostics(object, diagnostics);
  return object;
}

json failed_report_object(std::string_view file, const failure& error,
                          const findings& diagnostics) {
  json object = {{"file", file}, {"ok", false}, {"error", to_json(error)}};
  add_diagnostics(object, diagnostics);
  return object;
}

json record_object(const tlsrpt::record_view& record, const findings& diagnostics) {
  json object = {{"ok", true}};
  json& endpoints = object["endpoints"] = json::array();
  for (const tlsrpt::rua_view& rua : record.endpoints())
    endpoints.push_back({{"scheme", name(rua.scheme)}, {"uri", rua.uri}, {"target", rua.target()}});
  json& extensions = object["extensions"] = json::array();
  for (const tlsrpt::extension_view& extension : record.extensions())
    extensions.push_back({{"name", extension.name}, {"value", extension.value}});
  add_diagnostics(object, diagnostics);
  return object;
}

json failed_record_object(const failure& error, const findings& diagnostics) {
  json object = {{"ok", false}, {"error", to_json(error)}};
  add_diagnostics(object, diagnostics);
  return object;
}

std::string to_line(const json& object) {
  return object.dump(-1, ' ', true, json::error_handler_t::replace) + '\n';
}

}  // namespace cli
