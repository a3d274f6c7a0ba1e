/// @file
/// Descriptions of reports, to compare what was read in different ways.

#ifndef TLSRPT_TESTS_DESCRIBE
#define TLSRPT_TESTS_DESCRIBE

#include <string>
#include <string_view>

#include <tlsrpt/model.hpp>

namespace compare {

class description {
 public:
  void add(const tlsrpt::report_head_view& report) {
    value(report.organization_name);
    value(report.contact_info);
    value(report.report_id);
    for (const auto& time : {report.date_range.start_datetime, report.date_range.end_datetime}) {
      value(time.text);
      number(time.known ? std::to_string(time.seconds) : "unknown");
    }
  }
  void add(const tlsrpt::policy_head_view& policy) {
    number("policy " + std::to_string(static_cast<int>(policy.policy_type.value)));
    value(policy.policy_type.text);
    value(policy.policy_domain);
    value(policy.policy_string_text);
    for (const auto& texts : {policy.policy_string, policy.mx_host}) {
      number("array " + std::to_string(texts.size()));
      for (std::string_view text : texts) value(text);
    }
    count(policy.total_successful_session_count);
    count(policy.total_failure_session_count);
  }
  void add(const tlsrpt::failure_details_view& failure) {
    number("failure " + std::to_string(static_cast<int>(failure.result_type.value)));
    for (std::string_view text :
         {failure.result_type.text, failure.sending_mta_ip.text, failure.receiving_ip.text,
          failure.receiving_mx_hostname, failure.receiving_mx_helo, failure.additional_information,
          failure.failure_reason_code})
      value(text);
    count(failure.failed_session_count);
  }

  const std::string& text() const { return text_; }

 private:
  void value(std::string_view text) {
    if (tlsrpt::present(text))
      (((text_ += '<') += text) += '>') += '\n';
    else
      text_ += "absent\n";
  }
  void number(const std::string& text) { (text_ += text) += '\n'; }
  void count(tlsrpt::session_count c) { number(c.known() ? std::to_string(c.value()) : "unknown"); }

  std::string text_;
};

inline std::string describe(const tlsrpt::report_view& report) {
  description all;
  all.add(static_cast<const tlsrpt::report_head_view&>(report));
  for (const tlsrpt::policy_view& policy : report.policies) {
    all.add(static_cast<const tlsrpt::policy_head_view&>(policy));
    for (const tlsrpt::failure_details_view& failure : policy.failure_details) all.add(failure);
  }
  return all.text();
}

/// The same as describe(), from a visit.
struct describing_visitor {
  description all{};
  void on_report(const tlsrpt::report_head_view& report) { all.add(report); }
  void on_policy(const tlsrpt::policy_head_view& policy) { all.add(policy); }
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& failure) {
    all.add(failure);
  }
};

}  // namespace compare

#endif
