#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/envelope.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/subject.hpp>

TEST_CASE("long texts take time in proportion: E-03") {
  // Were one of them read in quadratic time, this would take minutes.
  for (std::string_view piece : {"(",           "()",
                                 "((",          "\\",
                                 "<",           "Report",
                                 "Report ",     "Report-",
                                 "Report-ID: ", "Report-ID:<",
                                 "Domain ",     "Submitter",
                                 "Submitter:",  "Report Domain: ",
                                 " ",           "!",
                                 "a!",          "1",
                                 ".",           "-",
                                 "@",           "a.",
                                 ".gz",         "\"",
                                 "a@a "}) {
    std::string text;
    while (text.size() < 50'000) text += piece;
    for (std::string_view front : {"", "Report Domain: ", "Report-ID: <1@a> ", "a!b!1!2", "a.b "}) {
      const std::string whole = std::string(front) + text;
      tlsrpt::diagnostic_list<4> found;
      std::size_t is_read = tlsrpt::parse_file_name(whole, found).has_value();
      is_read += tlsrpt::parse_subject(whole, found).has_value();
      is_read += tlsrpt::parse_domain_field(whole, found).has_value();
      CHECK(is_read < 4);
      tlsrpt::report_view report{};
      report.report_id = report.contact_info = whole;
      CHECK(compare_envelope({.report_submitter = whole, .subject = {whole, whole, whole}}, report,
                             found)
                .source == tlsrpt::domain_source::none);
    }
  }
}

TEST_CASE("a long domain is not read again for each policy and each address") {
  const std::string domain(200'000, 'a');
  std::vector<tlsrpt::policy_view> policies(200'000);
  for (tlsrpt::policy_view& policy : policies) policy.policy_domain = "b.example";
  std::string contact;
  for (int i = 0; i < 200'000; ++i) contact += "x@b ";
  tlsrpt::report_view report;
  report.contact_info = contact;
  report.policies = policies;
  tlsrpt::diagnostic_list<4> found;
  compare_envelope({.report_domain = domain, .report_submitter = domain}, report, found);
  CHECK(found.size() == 2);
}
