/// @file
/// simdjson's On-Demand reader, as a good C++ programmer would use it for this task: one pass,
/// members in any order, error codes, strings as views.

#include <optional>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "report_task.hpp"

namespace bench {
namespace {

namespace od = simdjson::ondemand;
using text = std::string_view;

/// Takes a value; null counts as absent.
bool take(od::value value, text& out) {
  if (!value.get_string().get(out)) return true;
  out = {};
  return value.is_null();
}

bool take(od::value value, std::uint64_t& out) {
  if (!value.get_uint64().get(out)) return true;
  out = 0;
  return value.is_null();
}

bool take(od::value value, std::vector<text>& out) {
  od::array array;
  if (value.get_array().get(array)) return value.is_null();
  for (auto element : array) {
    od::value item;
    if (element.get(item) || !take(item, out.emplace_back())) return false;
  }
  return true;
}

/// Calls take_member(name, value) for each member of an object.
template <class F>
bool for_each_member(od::object object, F&& take_member) {
  for (auto field : object) {
    text name;
    od::value value;
    if (field.unescaped_key().get(name) || field.value().get(value)) return false;
    if (!take_member(name, value)) return false;
  }
  return true;
}

template <class F>
bool for_each_member(od::value value, F&& take_member) {
  od::object object;
  return !value.get_object().get(object) && for_each_member(object, std::forward<F>(take_member));
}

bool take_time(od::value value, std::int64_t& out) {
  text written;
  if (!take(value, written)) return false;
  out = read_time(written);
  return true;
}

bool take(od::value value, failure_details<text>& out) {
  return for_each_member(value, [&](text name, od::value member) {
    if (name == "result-type") {
      text type;
      if (!take(member, type)) return false;
      out.result_type = to_result_type(type);
      return true;
    }
    if (name == "sending-mta-ip") return take(member, out.sending_mta_ip);
    if (name == "receiving-ip") return take(member, out.receiving_ip);
    if (name == "receiving-mx-hostname") return take(member, out.receiving_mx_hostname);
    if (name == "receiving-mx-helo") return take(member, out.receiving_mx_helo);
    if (name == "failed-session-count") return take(member, out.failed_session_count);
    if (name == "additional-information") return take(member, out.additional_information);
    if (name == "failure-reason-code") return take(member, out.failure_reason_code);
    return true;
  });
}

bool take(od::value value, policy<text>& out) {
  return for_each_member(value, [&](text name, od::value member) {
    if (name == "policy")
      return for_each_member(member, [&](text inner, od::value part) {
        if (inner == "policy-type") {
          text type;
          if (!take(part, type)) return false;
          out.policy_type = to_policy_type(type);
          return true;
        }
        if (inner == "policy-string") return take(part, out.policy_string);
        if (inner == "policy-domain") return take(part, out.policy_domain);
        if (inner == "mx-host") return take(part, out.mx_host);
        return true;
      });
    if (name == "summary")
      return for_each_member(member, [&](text inner, od::value part) {
        if (inner == "total-successful-session-count")
          return take(part, out.total_successful_session_count);
        if (inner == "total-failure-session-count")
          return take(part, out.total_failure_session_count);
        return true;
      });
    if (name == "failure-details") {
      od::array array;
      if (member.get_array().get(array)) return bool(member.is_null());
      for (auto element : array) {
        od::value item;
        if (element.get(item) || !take(item, out.failure_details.emplace_back())) return false;
      }
    }
    return true;
  });
}

class ondemand {
 public:
  bool read(const document& d) {
    report_.organization_name = report_.contact_info = report_.report_id = {};
    report_.policies.clear();
    od::document json;
    od::object object;
    if (parser_.iterate(simdjson::padded_string_view(d.text(), d.capacity())).get(json) ||
        json.get_object().get(object))
      return false;
    return for_each_member(object, [&](text name, od::value member) {
      if (name == "organization-name") return take(member, report_.organization_name);
      if (name == "contact-info") return take(member, report_.contact_info);
      if (name == "report-id") return take(member, report_.report_id);
      if (name == "date-range")
        return for_each_member(member, [&](text inner, od::value part) {
          if (inner == "start-datetime") return take_time(part, report_.start);
          if (inner == "end-datetime") return take_time(part, report_.end);
          return true;
        });
      if (name == "policies") {
        od::array array;
        if (member.get_array().get(array)) return false;
        for (auto element : array) {
          od::value item;
          if (element.get(item) || !take(item, report_.policies.emplace_back())) return false;
        }
      }
      return true;
    });
  }

  std::optional<answer> answer_of(const document& d) {
    if (!read(d)) return std::nullopt;
    return to_answer(report_);
  }

 private:
  od::parser parser_;
  report<text> report_;
};

const bool added = add_report<ondemand>("simdjson_ondemand");

}  // namespace
}  // namespace bench
