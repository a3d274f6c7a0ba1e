/// @file
/// Descriptions of reports, to compare what was read in different ways.

#ifndef TLSRPT_TESTS_DESCRIBE
#define TLSRPT_TESTS_DESCRIBE

#include <span>
#include <string>
#include <string_view>

#include <tlsrpt/model.hpp>
#include <tlsrpt/schema.hpp>

namespace compare {

/// Writes down the values of all members of the schema.
class description {
 public:
  void add(const tlsrpt::report_head_view& report) { members(tlsrpt::schema::report, report); }
  void add(const tlsrpt::policy_head_view& policy) {
    line("policy");
    members(tlsrpt::schema::policies, policy);
    value(policy.policy_string_text);
  }
  void add(const tlsrpt::failure_details_view& failure) {
    line("failure");
    members(tlsrpt::schema::failure_details, failure);
  }

  const std::string& text() const { return text_; }

 private:
  template <class Members, class View>
  void members(const Members& list, const View& view) {
    tlsrpt::schema::for_each(list, view, [this](const auto& member, const auto& v) {
      if constexpr (requires { this->members(member.members, v); })
        this->members(member.members, v);
      else
        this->value(v);
    });
  }

  void value(std::string_view text) {
    if (tlsrpt::present(text))
      (((text_ += '<') += text) += '>') += '\n';
    else
      text_ += "absent\n";
  }
  template <class E>
  void value(const tlsrpt::token<E>& token) {
    line("token " + std::to_string(static_cast<int>(token.value)));
    value(token.text);
  }
  void value(const tlsrpt::timestamp& time) {
    value(time.text);
    line(time.known ? std::to_string(time.seconds) : "unknown");
  }
  void value(const tlsrpt::ip_view& ip) { value(ip.text); }
  void value(tlsrpt::session_count c) { line(c.known() ? std::to_string(c.value()) : "unknown"); }
  void value(std::span<const std::string_view> texts) {
    line("array " + std::to_string(texts.size()));
    for (std::string_view text : texts) value(text);
  }

  void line(const std::string& text) { (text_ += text) += '\n'; }

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
