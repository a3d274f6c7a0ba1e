/// A report to compare envelopes and keys with.

#ifndef TLSRPT_TESTS_MAIL_SAMPLE
#define TLSRPT_TESTS_MAIL_SAMPLE

#include <array>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/model.hpp>

namespace checks {

/// A report about b.example by a.example for 2026-02-03, with two policies.
struct sample {
  std::array<tlsrpt::policy_view, 2> policies{};
  tlsrpt::report_view report{};

  constexpr sample() {
    report.organization_name = "Example";
    report.contact_info = "tls@a.example";
    report.report_id = "2026-02-03T00:00:00Z_b.example";
    report.date_range = {{1770076800, "2026-02-03T00:00:00Z", true},
                         {1770163199, "2026-02-03T23:59:59Z", true}};
    for (tlsrpt::policy_view& policy : policies) {
      policy.index = static_cast<std::uint32_t>(&policy - policies.data());
      policy.policy_domain = "b.example";
      policy.policy_type = {tlsrpt::policy_type::sts, "sts"};
      policy.total_successful_session_count = 5;
    }
    report.policies = policies;
  }
  sample(const sample&) = delete;
  sample& operator=(const sample&) = delete;
};

}  // namespace checks

#endif
