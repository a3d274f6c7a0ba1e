/// @file
/// The library's views as an answer.

#ifndef TLSRPT_BENCHMARKS_TLSRPT_ANSWER
#define TLSRPT_BENCHMARKS_TLSRPT_ANSWER

#include <string>

#include <tlsrpt/report.hpp>

#include "answer.hpp"

namespace bench {

inline answer to_answer(const tlsrpt::report_head_view& head) {
  return {std::string(head.organization_name),  std::string(head.contact_info),
          std::string(head.report_id),          head.date_range.start_datetime.seconds,
          head.date_range.end_datetime.seconds, {}};
}

inline policy<std::string> to_answer(const tlsrpt::policy_head_view& head) {
  policy<std::string> made;
  made.policy_type = head.policy_type.value;
  made.policy_domain = head.policy_domain;
  // The library takes apart what some senders put into one string; contenders do not.
  if (tlsrpt::present(head.policy_string_text))
    made.policy_string = {std::string(head.policy_string_text)};
  else
    made.policy_string.assign(head.policy_string.begin(), head.policy_string.end());
  made.mx_host.assign(head.mx_host.begin(), head.mx_host.end());
  made.total_successful_session_count = head.total_successful_session_count.value();
  made.total_failure_session_count = head.total_failure_session_count.value();
  return made;
}

inline failure_details<std::string> to_answer(const tlsrpt::failure_details_view& failure) {
  return {failure.result_type.value,
          std::string(failure.sending_mta_ip.text),
          std::string(failure.receiving_ip.text),
          std::string(failure.receiving_mx_hostname),
          std::string(failure.receiving_mx_helo),
          std::string(failure.additional_information),
          std::string(failure.failure_reason_code),
          failure.failed_session_count.value()};
}

inline answer to_answer(const tlsrpt::report_view& report) {
  answer made = to_answer(static_cast<const tlsrpt::report_head_view&>(report));
  for (const tlsrpt::policy_view& p : report.policies) {
    made.policies.push_back(to_answer(static_cast<const tlsrpt::policy_head_view&>(p)));
    for (const tlsrpt::failure_details_view& f : p.failure_details)
      made.policies.back().failure_details.push_back(to_answer(f));
  }
  return made;
}

}  // namespace bench

#endif
