/// @file
/// glaze into structs, with strings of their own. Its structs follow the nesting of the JSON text;
/// what they hold is then moved to the struct that all contenders fill.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <glaze/glaze.hpp>

#include "report_task.hpp"

namespace bench::nested {

using text = std::optional<std::string>;
using texts = std::optional<std::vector<std::string>>;

struct range {
  std::string start, end;
};
struct failure {
  std::string result_type;
  text sending_mta_ip, receiving_ip, receiving_mx_hostname, receiving_mx_helo;
  std::uint64_t failed_session_count = 0;
  text additional_information, failure_reason_code;
};
struct applied {
  std::string policy_type;
  texts policy_string, mx_host;
  text policy_domain;
};
struct summary {
  std::uint64_t successful = 0, failed = 0;
};
struct element {
  applied policy;
  nested::summary summary;
  std::optional<std::vector<failure>> failure_details;
};
struct report {
  text organization_name, contact_info, report_id;
  range date_range;
  std::vector<element> policies;
};

}  // namespace bench::nested

template <>
struct glz::meta<bench::nested::range> {
  using T = bench::nested::range;
  static constexpr auto value = object("start-datetime", &T::start, "end-datetime", &T::end);
};
template <>
struct glz::meta<bench::nested::failure> {
  using T = bench::nested::failure;
  static constexpr auto value =
      object("result-type", &T::result_type, "sending-mta-ip", &T::sending_mta_ip, "receiving-ip",
             &T::receiving_ip, "receiving-mx-hostname", &T::receiving_mx_hostname,
             "receiving-mx-helo", &T::receiving_mx_helo, "failed-session-count",
             &T::failed_session_count, "additional-information", &T::additional_information,
             "failure-reason-code", &T::failure_reason_code);
};
template <>
struct glz::meta<bench::nested::applied> {
  using T = bench::nested::applied;
  static constexpr auto value =
      object("policy-type", &T::policy_type, "policy-string", &T::policy_string, "policy-domain",
             &T::policy_domain, "mx-host", &T::mx_host);
};
template <>
struct glz::meta<bench::nested::summary> {
  using T = bench::nested::summary;
  static constexpr auto value = object("total-successful-session-count", &T::successful,
                                       "total-failure-session-count", &T::failed);
};
template <>
struct glz::meta<bench::nested::element> {
  using T = bench::nested::element;
  static constexpr auto value =
      object("policy", &T::policy, "summary", &T::summary, "failure-details", &T::failure_details);
};
template <>
struct glz::meta<bench::nested::report> {
  using T = bench::nested::report;
  static constexpr auto value =
      object("organization-name", &T::organization_name, "contact-info", &T::contact_info,
             "report-id", &T::report_id, "date-range", &T::date_range, "policies", &T::policies);
};

namespace bench {
namespace {

template <class T>
void move_to(T& to, std::optional<T>& from) {
  if (from) to = std::move(*from);
}

class glaze {
 public:
  bool read(const document& d) {
    json_.assign(d.text());
    nested::report from;
    if (glz::read<glz::opts{.error_on_unknown_keys = false}>(from, json_)) return false;
    report_ = {};
    move_to(report_.organization_name, from.organization_name);
    move_to(report_.contact_info, from.contact_info);
    move_to(report_.report_id, from.report_id);
    report_.start = read_time(from.date_range.start);
    report_.end = read_time(from.date_range.end);
    report_.policies.reserve(from.policies.size());
    for (nested::element& element : from.policies) {
      policy<std::string>& to = report_.policies.emplace_back();
      to.policy_type = to_policy_type(element.policy.policy_type);
      move_to(to.policy_domain, element.policy.policy_domain);
      move_to(to.policy_string, element.policy.policy_string);
      move_to(to.mx_host, element.policy.mx_host);
      to.total_successful_session_count = element.summary.successful;
      to.total_failure_session_count = element.summary.failed;
      if (!element.failure_details) continue;
      to.failure_details.reserve(element.failure_details->size());
      for (nested::failure& f : *element.failure_details) {
        failure_details<std::string>& moved = to.failure_details.emplace_back();
        moved.result_type = to_result_type(f.result_type);
        move_to(moved.sending_mta_ip, f.sending_mta_ip);
        move_to(moved.receiving_ip, f.receiving_ip);
        move_to(moved.receiving_mx_hostname, f.receiving_mx_hostname);
        move_to(moved.receiving_mx_helo, f.receiving_mx_helo);
        moved.failed_session_count = f.failed_session_count;
        move_to(moved.additional_information, f.additional_information);
        move_to(moved.failure_reason_code, f.failure_reason_code);
      }
    }
    return true;
  }

  std::optional<answer> answer_of(const document& d) {
    if (!read(d)) return std::nullopt;
    return report_;
  }

 private:
  std::string json_;  // glaze reads from a string that ends in zero
  report<std::string> report_;
};

const bool added = add_report<glaze>("glaze");

}  // namespace
}  // namespace bench
