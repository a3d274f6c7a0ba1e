/// Fuzz target: what a ledger reads it writes again, octet for octet; ledgers of any reports are
/// merged in any order, their figures stay within what the reports say, and advice is the same in
/// whatever order they came, as are the causes of failures.

#include <tlsrpt/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tlsrpt/reasons.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/sender_profile.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/trend.hpp>
#include <tlsrpt/write_advice.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::ledger;

std::string written(const ledger& l) {
  std::string text;
  HOLDS(l.write(text).has_value());
  return text;
}

/// A small ledger, so that limits are met.
tlsrpt::ledger_limits small_limits() {
  tlsrpt::ledger_limits limits;
  limits.details_per_element = 3;
  limits.elements = 2;
  return limits;
}

tlsrpt::receipt any_receipt(fuzz::numbers& random) {
  constexpr std::string_view names[] = {"", "a.example", "b.example", "sender.example", "no name"};
  tlsrpt::receipt receipt;
  receipt.authenticated_submitter = names[random.below(std::size(names))];
  receipt.report_domain = names[random.below(std::size(names))];
  receipt.via = static_cast<tlsrpt::channel>(random.below(3));
  receipt.received = static_cast<std::int64_t>(random.next());
  return receipt;
}

std::string advice_on(const ledger& l, std::int64_t now) {
  const auto summary = make_summary(l, {.now = now});
  HOLDS(summary.has_value());
  const auto advice = make_advice(*summary, {.findings = 8});
  HOLDS(advice.has_value() && advice->findings().size() <= 9);
  for (const tlsrpt::finding& one : advice->findings()) {
    HOLDS(one.severity >= 1 && one.severity <= 5 && one.since <= one.last + 1);
    HOLDS(!one.text.empty() && !one.do_first.empty() && !one.domains.empty());
    for (char c : one.key) HOLDS(c > ' ' && c < '\x7f');
  }
  std::string text;
  write_advice_json(text, *advice);
  return text;
}

std::int64_t day_after_all(const ledger& l) {
  return first_second_of(day_after(l).value_or(tlsrpt::day{}));
}

void check_text(std::string_view text) {
  ledger l;
  const auto read = l.read(text);
  if (!read) return HOLDS(l.empty());
  HOLDS(written(l) == text);
  advice_on(l, day_after_all(l));
}

/// A cause that is known has words, and its name finds it again.
void check_reasons(const tlsrpt::report_view& report) {
  for (const tlsrpt::policy_view& policy : report.policies)
    for (const tlsrpt::failure_details_view& failure : policy.failure_details) {
      const tlsrpt::reason_match match = match_reason(policy, failure);
      HOLDS(tlsrpt::find_reason(name(match.id)) == match.id);
      const bool is_known =
          match.id != tlsrpt::reason_id::none && match.id != tlsrpt::reason_id::unknown;
      HOLDS(explanation(match.id).empty() != is_known && remedy(match.id).empty() != is_known);
      HOLDS(!name(party_of(match.id, setting_of(policy, failure))).empty());
    }
  HOLDS(profile_of(report).certainty != tlsrpt::certainty::sure);
}

void check_figures(const ledger& l, std::int64_t now) {
  const auto summary = make_summary(l, {.now = now});
  HOLDS(summary.has_value());
  const auto whole = total_table(*summary, {.by = tlsrpt::key_part::none});
  HOLDS(whole.has_value() && whole->rows().size() <= 1);
  for (const tlsrpt::total_row& row : whole->rows()) {
    HOLDS(row.all.ok.at_least <= row.all.ok.at_most);
    HOLDS(row.all.sessions.at_most <= tlsrpt::largest_sessions);
    HOLDS(row.verified.failed.at_most <= row.all.failed.at_most);
  }
  HOLDS(make_trends(*summary, tlsrpt::scope::all).has_value());
}

void check_report(const tlsrpt::report_view& report, fuzz::numbers& random) {
  const tlsrpt::receipt first = any_receipt(random), second = any_receipt(random);
  ledger a(small_limits()), b(small_limits());
  if (!a.add(report, first)) return;
  HOLDS(b.add(report, second).has_value());
  ledger ab(small_limits()), ba(small_limits());
  HOLDS(ab.merge(a) && ab.merge(b) && ba.merge(b) && ba.merge(a));
  HOLDS(written(ab) == written(ba));
  HOLDS(a.add(report, second).has_value() && written(a) == written(ab));
  ledger read(small_limits());
  HOLDS(read.read(written(ab)).has_value() && written(read) == written(ab));
  check_figures(ab, static_cast<std::int64_t>(random.next()));
  HOLDS(advice_on(ab, day_after_all(ab)) == advice_on(ba, day_after_all(ba)));
  check_reasons(report);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_text(text);
  tlsrpt::report_parser<> parser;
  fuzz::numbers random(text);
  if (const auto report = parser.parse(text)) check_report(*report, random);
  return 0;
}
