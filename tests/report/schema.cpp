#include <tlsrpt/schema.hpp>

#include <doctest/doctest.h>

#include <string>

namespace {

namespace schema = tlsrpt::schema;
using tlsrpt::errc;
using tlsrpt::field;

/// The names in `members`, those of nested objects in braces and of arrays of objects in brackets;
/// "!" marks those that must be there.
template <class Members>
std::string names(const Members& members) {
  std::string text;
  schema::for_each(members, [&](const auto& member) {
    (text += text.empty() ? "" : " ") += member.name;
    if (member.if_missing != errc::ok) text += '!';
    if constexpr (requires { member.members; })
      text += member.id == field::policies || member.id == field::failure_details
                  ? '[' + names(member.members) + ']'
                  : '{' + names(member.members) + '}';
  });
  return text;
}

/// The names of the members of `members` that `view` holds.
template <class Members, class View>
std::string held(const Members& members, const View& view) {
  std::string text;
  schema::for_each(members, view, [&](const auto& member, const auto&) {
    (text += text.empty() ? "" : " ") += member.name;
  });
  return text;
}

}  // namespace

TEST_CASE("the schema has the members of RFC 8460, section 4.4, in its order") {
  CHECK(names(schema::report) ==
        "organization-name! date-range!{start-datetime! end-datetime!} contact-info! report-id! "
        "policies![policy!{policy-type! policy-string policy-domain! mx-host} "
        "summary!{total-successful-session-count! total-failure-session-count!} "
        "failure-details[result-type! sending-mta-ip receiving-mx-hostname receiving-mx-helo "
        "receiving-ip failed-session-count! additional-information failure-reason-code]]");
}

TEST_CASE("a view is asked only for the members that it holds") {
  CHECK(held(schema::report, tlsrpt::report_view()) ==
        "organization-name date-range contact-info report-id policies");
  CHECK(held(schema::report, tlsrpt::report_head_view()) ==
        "organization-name date-range contact-info report-id");
  CHECK(held(schema::policies, tlsrpt::policy_view()) == "policy summary failure-details");
  CHECK(held(schema::policies, tlsrpt::policy_head_view()) == "policy summary");
}

TEST_CASE("each member of the schema finds its value in the model") {
  tlsrpt::failure_details_view failure;
  failure.result_type.text = "r";
  failure.sending_mta_ip.text = "s";
  failure.receiving_mx_hostname = "m";
  failure.receiving_mx_helo = "h";
  failure.receiving_ip.text = "i";
  failure.failed_session_count = 7;
  failure.additional_information = "a";
  failure.failure_reason_code = "c";
  std::string text;
  schema::for_each(schema::failure_details, failure, [&](const auto&, const auto& value) {
    if constexpr (requires { value.text; })
      text += value.text;
    else if constexpr (requires { value.value(); })
      text += std::to_string(value.value());
    else
      text += value;
  });
  CHECK(text == "rsmhi7ac");

  tlsrpt::report_view report;
  report.organization_name = "o";
  report.contact_info = "c";
  report.report_id = "r";
  report.date_range.start_datetime.text = "s";
  report.date_range.end_datetime.text = "e";
  tlsrpt::policy_view policy;
  policy.policy_type.text = "t";
  policy.policy_domain = "d";
  const std::string_view lines[] = {"1", "2", "3"};
  policy.policy_string = {lines, 1};
  policy.mx_host = {lines, 2};
  policy.total_successful_session_count = 4;
  policy.total_failure_session_count = 5;
  const tlsrpt::failure_details_view failures[3];
  policy.failure_details = failures;
  report.policies = {&policy, 1};

  text.clear();
  const auto add = [&](const auto& self, const auto& members, const auto& view) -> void {
    schema::for_each(members, view, [&](const auto& member, const auto& value) {
      text += ' ';
      if constexpr (requires { self(self, member.members, value[0]); }) {
        text += std::to_string(value.size());
        if (member.id == field::policies) self(self, member.members, value[0]);
      } else if constexpr (requires { member.members; }) {
        self(self, member.members, value);
      } else if constexpr (requires { value.text; }) {
        text += value.text;
      } else if constexpr (requires { value.value(); }) {
        text += std::to_string(value.value());
      } else if constexpr (requires { value[0].data(); }) {
        text += std::to_string(value.size());
      } else {
        text += value;
      }
    });
  };
  add(add, schema::report, report);
  CHECK(text == " o  s e c r 1  t 1 d 2  4 5 3");
}

TEST_CASE("each member has a number of its own and a name") {
  CHECK(name(field::none).empty());
  std::string all;
  int last = 0;
  for (int number = 1; !name(static_cast<field>(number)).empty(); last = number++)
    (all += name(static_cast<field>(number))) += ' ';
  CHECK(name(field::organization_name) == "organization-name");
  CHECK(name(field::failure_reason_code) == "failure-reason-code");
  CHECK(last == static_cast<int>(field::failure_reason_code));
  CHECK(name(static_cast<field>(255)).empty());
  // In the order of the schema.
  std::string listed = names(tlsrpt::schema::report);
  for (char& c : listed)
    if (c == '!' || c == '{' || c == '}' || c == '[' || c == ']') c = ' ';
  std::string in_order;
  for (char c : listed)
    if (c != ' ' || !in_order.ends_with(' ')) in_order += c;
  CHECK(in_order == all);
}
