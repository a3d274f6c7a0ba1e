/// Fuzz target: what a ledger reads it writes again, octet for octet; ledgers of any reports are
/// merged in any order, and their figures stay within what the reports say.

#include <tlsrpt/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tlsrpt/report.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/trend.hpp>

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

void check_text(std::string_view text) {
  ledger l;
  const auto read = l.read(text);
  if (read) HOLDS(written(l) == text);
  if (!read) HOLDS(l.empty());
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
