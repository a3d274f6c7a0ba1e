#include "openmetrics.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/version.hpp>

#include "collection.hpp"

namespace cli {

namespace {

using tlsrpt::fact, tlsrpt::session_sum;
using label = std::pair<std::string_view, std::string_view>;

constexpr std::string_view other = "other";

/// Names that labels may have.
class known_names {
 public:
  known_names(const tlsrpt::summary& summary, const std::vector<std::string>& domains)
      : domains_(domains) {
    constexpr std::size_t most_reporters = 20;
    const auto reporters = value_of(total_table(summary, {.by = tlsrpt::key_part::reporter}));
    for (const tlsrpt::total_row& row : reporters.rows())
      if (row.key.trust == tlsrpt::trust::verified && reporters_.size() < most_reporters)
        reporters_.push_back(row.key.reporter);
  }

  bool has(const fact& fact) const { return domains_.empty() || is_known(fact.domain); }
  std::string_view domain(std::string_view name) const { return is_known(name) ? name : other; }
  std::string_view reporter(std::string_view name) const {
    return std::ranges::find(reporters_, name) != reporters_.end() ? name : other;
  }

 private:
  bool is_known(std::string_view name) const {
    return std::ranges::find(domains_, name) != domains_.end();
  }

  const std::vector<std::string>& domains_;
  std::vector<std::string_view> reporters_;
};

class metrics {
 public:
  void begin(std::string_view name, std::string_view help) {
    name_ = name;
    ((text_ += "# TYPE ") += name) += " gauge\n";
    (((text_ += "# HELP ") += name) += ' ') += help;
    text_ += '\n';
  }
  void add(std::initializer_list<label> labels, std::uint64_t value) {
    text_ += name_;
    char separator = '{';
    for (const auto& [name, content] : labels) {
      ((text_ += separator) += name) += '=';
      tlsrpt::escape::openmetrics_label(text_, content);
      separator = ',';
    }
    if (labels.size() != 0) text_ += '}';
    (text_ += ' ') += std::to_string(value);
    text_ += '\n';
  }
  std::string end() { return std::move(text_ += "# EOF\n"); }

 private:
  std::string text_;
  std::string_view name_;
};

/// Domain, kind and trust.
using session_key = std::tuple<std::string_view, std::string_view, std::string_view>;
struct sessions {
  session_sum ok{}, failed{};
};

void write_sessions(metrics& out, const std::map<session_key, sessions>& all) {
  const auto add = [&out](const session_key& key, std::string_view outcome, std::uint64_t value) {
    const auto& [domain, kind, trust] = key;
    out.add({{"domain", domain}, {"kind", kind}, {"outcome", outcome}, {"trust", trust}}, value);
  };
  out.begin(
      "tlsrpt_sessions",
      "Sessions of the last complete day, at least. Those of different kinds may be the same.");
  for (const auto& [key, sum] : all) {
    add(key, "ok", sum.ok.sessions);
    add(key, "failed", sum.failed.sessions);
  }
  out.begin("tlsrpt_unknown_counts",
            "Numbers of sessions that are missing in reports of that day.");
  for (const auto& [key, sum] : all) {
    add(key, "ok", sum.ok.unknown);
    add(key, "failed", sum.failed.unknown);
  }
}

}  // namespace

std::string openmetrics_text(const tlsrpt::summary& summary, const tlsrpt::advice& advice,
                             const std::vector<std::string>& domains) {
  const known_names names(summary, domains);
  const tlsrpt::day last = summary.today() - 1;
  const auto is_wanted = [&](const fact& one) {
    return one.first == last && one.days == 1 && names.has(one);
  };
  std::map<session_key, sessions> totals;
  for (const tlsrpt::total_fact& one : summary.totals()) {
    if (!is_wanted(one)) continue;
    sessions& sum = totals[{names.domain(one.domain), kind_name(one.kind), name(one.trust)}];
    sum.ok += one.ok;
    sum.failed += one.failed;
  }
  std::map<std::pair<std::string_view, std::string_view>, session_sum> mentions;
  for (const tlsrpt::failure_fact& one : summary.failures())
    if (is_wanted(one))
      mentions[{names.domain(one.domain), one.result.known() ? name(one.result.value) : other}] +=
          one.noted;

  metrics out;
  write_sessions(out, totals);
  out.begin(
      "tlsrpt_failure_mentions",
      "Sessions that reports of that day mention with a failure, some perhaps several times.");
  for (const auto& [key, sum] : mentions)
    out.add({{"domain", key.first}, {"result", key.second}}, sum.sessions);
  out.begin("tlsrpt_findings", "Things that tlsrpt advise finds, by severity: 1 is the worst.");
  for (int severity = 1; severity <= 5; ++severity) {
    const auto number = std::ranges::count(advice.findings(), severity, &tlsrpt::finding::severity);
    out.add({{"severity", std::to_string(severity)}}, static_cast<std::uint64_t>(number));
  }
  std::map<std::pair<std::string_view, std::string_view>, std::int32_t> silent;
  for (const tlsrpt::silent_reporter& one : advice.silent()) {
    std::int32_t& days = silent[{names.domain(one.domain), names.reporter(one.reporter)}];
    days = std::max(days, one.days);
  }
  out.begin("tlsrpt_reporter_silent_days", "Days without a report of a regular reporter.");
  for (const auto& [key, days] : silent)
    out.add({{"domain", key.first}, {"reporter", key.second}}, static_cast<std::uint64_t>(days));
  out.begin("tlsrpt_day_timestamp_seconds", "When the day began that these figures are of.");
  if (summary.reports() != 0)
    out.add({}, static_cast<std::uint64_t>(std::max<std::int64_t>(first_second_of(last), 0)));
  out.begin("tlsrpt_build_info", "The version of the program.");
  out.add({{"version", TLSRPT_HPP_VERSION_STRING}}, 1);
  return out.end();
}

}  // namespace cli
