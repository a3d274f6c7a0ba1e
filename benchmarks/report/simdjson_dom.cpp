/// @file
/// simdjson's DOM, and a copy of what is in it into structs; strings are views into the DOM.

#include <optional>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "report_task.hpp"

namespace bench {
namespace {

namespace dom = simdjson::dom;
using text = std::string_view;

void take(dom::element value, text& out) {
  if (value.get_string().get(out)) out = {};
}

void take(dom::element value, std::uint64_t& out) {
  if (value.get_uint64().get(out)) out = 0;
}

void take(dom::element value, std::vector<text>& out) {
  dom::array array;
  if (value.get_array().get(array)) return;
  for (dom::element item : array) take(item, out.emplace_back());
}

template <class F>
void for_each_member(dom::element value, F&& take_member) {
  dom::object object;
  if (value.get_object().get(object)) return;
  for (const auto [name, member] : object) take_member(name, member);
}

std::int64_t to_time(dom::element value) {
  text written;
  take(value, written);
  return read_time(written);
}

void take(dom::element value, failure_details<text>& out) {
  for_each_member(value, [&](text name, dom::element member) {
    if (name == "result-type") {
      text type;
      take(member, type);
      out.result_type = to_result_type(type);
    } else if (name == "sending-mta-ip") {
      take(member, out.sending_mta_ip);
    } else if (name == "receiving-ip") {
      take(member, out.receiving_ip);
    } else if (name == "receiving-mx-hostname") {
      take(member, out.receiving_mx_hostname);
    } else if (name == "receiving-mx-helo") {
      take(member, out.receiving_mx_helo);
    } else if (name == "failed-session-count") {
      take(member, out.failed_session_count);
    } else if (name == "additional-information") {
      take(member, out.additional_information);
    } else if (name == "failure-reason-code") {
      take(member, out.failure_reason_code);
    }
  });
}

void take(dom::element value, policy<text>& out) {
  for_each_member(value, [&](text name, dom::element member) {
    if (name == "policy") {
      for_each_member(member, [&](text inner, dom::element part) {
        if (inner == "policy-type") {
          text type;
          take(part, type);
          out.policy_type = to_policy_type(type);
        } else if (inner == "policy-string") {
          take(part, out.policy_string);
        } else if (inner == "policy-domain") {
          take(part, out.policy_domain);
        } else if (inner == "mx-host") {
          take(part, out.mx_host);
        }
      });
    } else if (name == "summary") {
      for_each_member(member, [&](text inner, dom::element part) {
        if (inner == "total-successful-session-count")
          take(part, out.total_successful_session_count);
        else if (inner == "total-failure-session-count")
          take(part, out.total_failure_session_count);
      });
    } else if (name == "failure-details") {
      dom::array array;
      if (member.get_array().get(array)) return;
      for (dom::element item : array) take(item, out.failure_details.emplace_back());
    }
  });
}

class from_dom {
 public:
  bool read(const document& d) {
    report_.organization_name = report_.contact_info = report_.report_id = {};
    report_.policies.clear();
    dom::element root;
    if (parser_.parse(d.text().data(), d.text().size(), false).get(root) || !root.is_object())
      return false;
    for_each_member(root, [&](text name, dom::element member) {
      if (name == "organization-name") {
        take(member, report_.organization_name);
      } else if (name == "contact-info") {
        take(member, report_.contact_info);
      } else if (name == "report-id") {
        take(member, report_.report_id);
      } else if (name == "date-range") {
        for_each_member(member, [&](text inner, dom::element part) {
          if (inner == "start-datetime")
            report_.start = to_time(part);
          else if (inner == "end-datetime")
            report_.end = to_time(part);
        });
      } else if (name == "policies") {
        dom::array array;
        if (member.get_array().get(array)) return;
        for (dom::element item : array) take(item, report_.policies.emplace_back());
      }
    });
    return true;
  }

  std::optional<answer> answer_of(const document& d) {
    if (!read(d)) return std::nullopt;
    return to_answer(report_);
  }

 private:
  dom::parser parser_;
  report<text> report_;
};

const bool added = add_report<from_dom>("simdjson_dom");

}  // namespace
}  // namespace bench
