#include "json.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <tlsrpt/path.hpp>
#include <tlsrpt/schema.hpp>

#include "remarks.hpp"

#include "../mail/judgement.hpp"

namespace cli {

namespace {

using json = nlohmann::ordered_json;
namespace schema = tlsrpt::schema;

/// At most `max_bytes` octets of `text`, without cutting a UTF-8 sequence in two.
std::string_view cut(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  std::size_t size = max_bytes;
  while (size > 0 && max_bytes - size < 3 && (text[size] & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

// Values of a report; what is absent is left out.

void add(json& object, const std::string& name, std::string_view text) {
  if (tlsrpt::present(text)) object[name] = text;
}

void add(json& object, const std::string& name, tlsrpt::session_count count) {
  if (count.known()) object[name] = count.value();
}

void add(json& object, const std::string& name, std::span<const std::string_view> texts) {
  if (!texts.empty()) object[name] = texts;
}

template <class E>
void add(json& object, const std::string& name, const tlsrpt::token<E>& token) {
  if (!tlsrpt::present(token.text)) return;
  add(object, name, token.text);
  object[name + "-known"] = token.known();
}

void add(json& object, const std::string& name, const tlsrpt::ip_view& ip) {
  add(object, name, ip.text);
  if (const auto address = ip.address())
    object[name + "-canonical"] = std::string(to_text(*address));
}

/// "start" has the seconds of "start-datetime".
void add(json& object, const std::string& name, const tlsrpt::timestamp& time) {
  add(object, name, time.text);
  if (time.known) object[name.substr(0, name.find('-'))] = time.seconds;
}

/// The object that has `members`, one of the lists of the schema, with the values of `view`.
template <class Members, class View>
json object_of(const Members& members, const View& view) {
  json object = json::object();
  schema::for_each(members, view, [&object](const auto& member, const auto& value) {
    const std::string name(member.name);
    if constexpr (!requires { member.members; }) {
      add(object, name, value);
    } else if constexpr (requires { value.begin(); }) {
      if (value.empty() && member.id != tlsrpt::field::policies) return;
      json& list = object[name] = json::array();
      for (const auto& element : value) list.push_back(object_of(member.members, element));
    } else {
      json inner = object_of(member.members, value);
      if (!inner.empty() || member.id == tlsrpt::field::policy) object[name] = std::move(inner);
    }
  });
  return object;
}

json to_json(const shown_report& shown) {
  tlsrpt::report_view report = shown.report;
  std::vector<tlsrpt::policy_view> policies(report.policies.begin(), report.policies.end());
  for (tlsrpt::policy_view& policy : policies) policy.policy_domain = shown.domain_of(policy).name;
  report.policies = policies;
  json object = object_of(schema::report, report);
  for (std::size_t i = 0; i < policies.size(); ++i)
    if (shown.domain_of(shown.report.policies[i]).is_inferred)
      object["policies"][i]["policy"]["policy-domain-inferred"] = true;
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
  if (context.part && context.part->is_returned) mail["returned"] = true;
  if (!context.whole) return mail;
  json& passed_over = mail["passed-over"] = json::array();
  for (const passed_part& part : context.whole->passed_over) {
    json object = {{"part", part.path}, {"size", part.size}, {"why", why_passed_over(part)}};
    if (!part.content_type.empty()) object["content-type"] = cut(part.content_type, max_text_bytes);
    if (!part.file_name.empty()) object["file-name"] = cut(part.file_name, max_text_bytes);
    if (!part.begins.empty()) object["begins"] = part.begins;
    passed_over.push_back(std::move(object));
  }
  if (context.whole->more_passed_over != 0)
    mail["passed-over-left-out"] = context.whole->more_passed_over;
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
  if (const std::string_view way = way_out(error); !way.empty()) object["way-out"] = way;
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
    if (report.is_partial) object["partial"] = true;
    object["report"] = to_json(report);
  }
  void operator()(no_report none) const {
    object["ok"] = true;
    object["no-report"] = true;
    if (none.is_dmarc) object["dmarc"] = true;
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
  if (!place.entry.empty()) object["entry"] = place.entry;
  if (place.message != 0) object["message"] = place.message;
  if (place.line != 0) object["line"] = place.line;
  if (!place.part.empty()) object["part"] = place.part;
  if (place.document != 1) object["document"] = place.document;
  if (shown.mail) object["mail"] = to_json(*shown.mail);
  std::visit(adder{object}, shown.what);
  add_findings(object, shown.found, shown.mail ? &shown.mail->found : nullptr);
  return to_line(object);
}

std::string json_line(const record_verdict& verdict) {
  json object = {{"ok", verdict.record.has_value()}};
  if (!verdict.name.empty()) object["name"] = verdict.name;
  if (!verdict.alias.empty()) object["alias"] = verdict.alias;
  if (!verdict.right_name.empty()) object["right-name"] = verdict.right_name;
  object["records"] = verdict.records;
  if (!verdict.record) {
    object["error"] = to_json(verdict.record.error());
  } else {
    json& endpoints = object["endpoints"] = json::array();
    for (const tlsrpt::rua_view& rua : verdict.record->endpoints())
      endpoints.push_back(
          {{"scheme", name(rua.scheme)}, {"uri", rua.uri}, {"target", rua.target()}});
    json& extensions = object["extensions"] = json::array();
    for (const tlsrpt::extension_view& extension : verdict.record->extensions())
      extensions.push_back({{"name", extension.name}, {"value", extension.value}});
  }
  add_findings(object, &verdict.found, nullptr);
  return to_line(object);
}

std::string json_line(const policy_verdict& verdict) {
  json object = {{"ok", verdict.policy.has_value()}};
  if (!verdict.policy) {
    object["error"] = to_json(verdict.policy.error());
  } else {
    object["mode"] = verdict.policy->mode().text;
    if (verdict.policy->max_age()) object["max-age"] = *verdict.policy->max_age();
    json& patterns = object["mx"] = json::array();
    for (const std::string_view pattern : verdict.policy->mx()) patterns.push_back(pattern);
  }
  add_findings(object, &verdict.found, nullptr);
  return to_line(object);
}

std::string json_line(const unreadable& error) {
  json object = {{"ok", false}, {"error", to_json(error)}};
  add_findings(object, nullptr, nullptr);
  return to_line(object);
}

}  // namespace cli
