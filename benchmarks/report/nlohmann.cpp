/// @file
/// nlohmann/json into structs with strings of their own. Also the reference that all answers are
/// compared with.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "report_task.hpp"

namespace bench {
namespace {

using json = nlohmann::json;

/// Takes a member; null counts as absent.
template <class T>
void take(const json& object, const char* name, T& out) {
  if (const auto member = object.find(name); member != object.end() && !member->is_null())
    member->get_to(out);
}

const json& member_of(const json& object, const char* name) {
  static const json empty = json::object();
  const auto member = object.find(name);
  return member == object.end() || member->is_null() ? empty : *member;
}

}  // namespace

void from_json(const json& from, failure_details<std::string>& to) {
  std::string type;
  take(from, "result-type", type);
  to.result_type = to_result_type(type);
  take(from, "sending-mta-ip", to.sending_mta_ip);
  take(from, "receiving-ip", to.receiving_ip);
  take(from, "receiving-mx-hostname", to.receiving_mx_hostname);
  take(from, "receiving-mx-helo", to.receiving_mx_helo);
  take(from, "failed-session-count", to.failed_session_count);
  take(from, "additional-information", to.additional_information);
  take(from, "failure-reason-code", to.failure_reason_code);
}

void from_json(const json& from, policy<std::string>& to) {
  const json& applied = member_of(from, "policy");
  std::string type;
  take(applied, "policy-type", type);
  to.policy_type = to_policy_type(type);
  take(applied, "policy-string", to.policy_string);
  take(applied, "policy-domain", to.policy_domain);
  take(applied, "mx-host", to.mx_host);
  const json& summary = member_of(from, "summary");
  take(summary, "total-successful-session-count", to.total_successful_session_count);
  take(summary, "total-failure-session-count", to.total_failure_session_count);
  take(from, "failure-details", to.failure_details);
}

void from_json(const json& from, report<std::string>& to) {
  take(from, "organization-name", to.organization_name);
  take(from, "contact-info", to.contact_info);
  take(from, "report-id", to.report_id);
  const json& range = member_of(from, "date-range");
  std::string time;
  take(range, "start-datetime", time);
  to.start = read_time(time);
  take(range, "end-datetime", time);
  to.end = read_time(time);
  take(from, "policies", to.policies);
}

namespace {

class nlohmann_json {
 public:
  bool read(const document& d) {
    const json parsed = json::parse(d.text(), nullptr, false);
    if (!parsed.is_object()) return false;
    report_ = parsed.get<report<std::string>>();
    return true;
  }

  std::optional<answer> answer_of(const document& d) {
    if (!read(d)) return std::nullopt;
    return report_;
  }

 private:
  report<std::string> report_;
};

const bool added = add_report<nlohmann_json>("nlohmann_json");

}  // namespace

answer reference_answer(const document& d) {
  nlohmann_json reader;
  const std::optional<answer> got = reader.answer_of(d);
  if (!got) throw std::runtime_error("the reference cannot read a report");
  return *got;
}

}  // namespace bench
