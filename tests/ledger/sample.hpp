/// Reports for ledgers, made of values without a parser.

#ifndef TLSRPT_TESTS_LEDGER_SAMPLE
#define TLSRPT_TESTS_LEDGER_SAMPLE

#include <doctest/doctest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/ledger.hpp>

namespace sample {

using namespace std::string_view_literals;

inline constexpr std::int64_t second_of_2026_11_23 = 1'795'392'000;

/// A failure that a report mentions.
struct failure {
  std::string result = "certificate-expired";
  std::string host = "mx1.example.com";
  tlsrpt::session_count sessions = 1;
  std::string reason{};
  std::string ip{};
  std::string helo{};
};

/// An element of a report.
struct element {
  std::string domain = "example.com";
  std::string kind = "sts";
  std::vector<std::string> policy = {"version: STSv1", "mode: enforce", "mx: mx1.example.com"};
  tlsrpt::session_count ok = 10;
  tlsrpt::session_count failed = 0;
  std::vector<failure> failures{};
  std::vector<std::string> mx_host{};
};

/// A report that owns what its view points to.
class report {
 public:
  std::string organization = "Sender";
  std::string contact = "tls@sender.example";
  std::string id = "id-1";
  std::int64_t start = second_of_2026_11_23;
  std::int64_t end = second_of_2026_11_23 + 86'399;
  bool has_period = true;
  std::vector<element> elements = {element{}};

  report() = default;
  report(std::string id_text, std::vector<element> all)
      : id(std::move(id_text)), elements(std::move(all)) {}

  /// Lives until the next call, while this object is not changed.
  const tlsrpt::report_view& view() const {
    lines_.clear();
    failures_.clear();
    policies_.clear();
    for (const element& e : elements) {
      tlsrpt::policy_view policy;
      policy.policy_type = {tlsrpt::match_policy_type(e.kind).value, text(e.kind)};
      policy.policy_domain = text(e.domain);
      policy.policy_string = list(e.policy);
      policy.mx_host = list(e.mx_host);
      policy.total_successful_session_count = e.ok;
      policy.total_failure_session_count = e.failed;
      std::vector<tlsrpt::failure_details_view>& details = failures_.emplace_back();
      for (const failure& f : e.failures) {
        tlsrpt::failure_details_view& detail = details.emplace_back();
        detail.result_type = {tlsrpt::match_result_type(f.result).value, text(f.result)};
        detail.receiving_mx_hostname = text(f.host);
        detail.receiving_ip.text = text(f.ip);
        detail.receiving_mx_helo = text(f.helo);
        detail.failure_reason_code = text(f.reason);
        detail.failed_session_count = f.sessions;
      }
      policy.failure_details = details;
      policies_.push_back(policy);
    }
    view_ = {};
    view_.organization_name = text(organization);
    view_.contact_info = text(contact);
    view_.report_id = text(id);
    if (has_period) view_.date_range = {{start, "start"sv, true}, {end, "end"sv, true}};
    view_.policies = policies_;
    return view_;
  }

 private:
  static std::string_view text(const std::string& value) {
    return value.empty() ? std::string_view() : std::string_view(value);
  }
  std::span<const std::string_view> list(const std::vector<std::string>& texts) const {
    return lines_.emplace_back(texts.begin(), texts.end());
  }

  mutable std::deque<std::vector<std::string_view>> lines_;
  mutable std::deque<std::vector<tlsrpt::failure_details_view>> failures_;
  mutable std::vector<tlsrpt::policy_view> policies_;
  mutable tlsrpt::report_view view_;
};

inline constexpr tlsrpt::receipt from_file{};
/// Signed by the sender of the sample.
inline constexpr tlsrpt::receipt signed_mail = {
    "sender.example", tlsrpt::channel::mail, second_of_2026_11_23 + 100'000, {}};

inline tlsrpt::add_outcome add(tlsrpt::ledger& ledger, const report& report,
                               const tlsrpt::receipt& receipt = from_file) {
  const auto outcome = ledger.add(report.view(), receipt);
  REQUIRE_MESSAGE(outcome.has_value(), name(outcome.error().code));
  return *outcome;
}

inline std::string written(const tlsrpt::ledger& ledger) {
  std::string lines;
  REQUIRE(ledger.write(lines).has_value());
  return lines;
}

/// What a report alone makes.
inline tlsrpt::ledger ledger_of(const report& report, const tlsrpt::receipt& receipt = from_file,
                                const tlsrpt::ledger_limits& limits = {}) {
  tlsrpt::ledger ledger(limits);
  add(ledger, report, receipt);
  return ledger;
}

/// The lines of a ledger that somebody made up: it says of one report what is true of another.
inline std::string made_up(const report& of, const report& truth,
                           const tlsrpt::receipt& receipt = from_file) {
  std::string text = written(ledger_of(truth, receipt));
  const tlsrpt::digest_text digest = to_text(tlsrpt::digest_of(truth.view()));
  const tlsrpt::digest_text other = to_text(tlsrpt::digest_of(of.view()));
  return text.replace(text.find(digest.view()), digest.size(), other.view());
}

inline void merge(tlsrpt::ledger& into, const tlsrpt::ledger& from) {
  const auto outcome = into.merge(from);
  REQUIRE_MESSAGE(outcome.has_value(), name(outcome.error().code));
}

/// The only entry.
inline tlsrpt::ledger_entry entry_of(const tlsrpt::ledger& ledger) {
  REQUIRE(ledger.size() == 1);
  return *ledger.entries().begin();
}

inline std::vector<tlsrpt::ledger_total> totals_of(const tlsrpt::ledger& ledger) {
  std::vector<tlsrpt::ledger_total> all;
  for (const tlsrpt::ledger_entry& entry : ledger.entries())
    for (const tlsrpt::ledger_total& row : entry.totals) all.push_back(row);
  return all;
}

inline std::vector<tlsrpt::ledger_failure> failures_of(const tlsrpt::ledger& ledger) {
  std::vector<tlsrpt::ledger_failure> all;
  for (const tlsrpt::ledger_entry& entry : ledger.entries())
    for (const tlsrpt::ledger_failure& row : entry.failures) all.push_back(row);
  return all;
}

}  // namespace sample

#endif
