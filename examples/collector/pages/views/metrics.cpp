#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <tlsrpt/escape.hpp>
#include <tlsrpt/version.hpp>

#include "lists.hpp"

namespace collector {

namespace {

/// Writes the families of metrics one after the other.
class metrics_writer {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    ((text_ += "# TYPE ") += name) += ' ';
    (text_ += type) += '\n';
    ((text_ += "# HELP ") += name) += ' ';
    (text_ += help) += '\n';
  }
  void sample(std::initializer_list<std::pair<std::string_view, std::string_view>> labels,
              std::uint64_t value, std::string_view suffix = "") {
    (text_ += name_) += suffix;
    char separator = '{';
    for (const auto& [label, text] : labels) {
      text_ += separator;
      (text_ += label) += '=';
      tlsrpt::escape::openmetrics_label(text_, text);
      separator = ',';
    }
    text_ += labels.size() == 0 ? " " : "} ";
    text_ += std::to_string(value) + '\n';
  }
  std::string end() { return std::move(text_ += "# EOF\n"); }

 private:
  std::string text_{};
  std::string_view name_{};
};

/// Labels are never those of strangers: the 20 largest reporters that somebody vouches for have
/// their name, unless nobody vouches for any.
std::set<std::string_view> named_reporters(const site_figures& site) {
  constexpr std::size_t most = 20;
  std::map<std::string_view, std::uint64_t> sessions;
  for (const reporter_line& line : site.all.reporters)
    if (line.is_verified)
      for (const tlsrpt::session_bounds& some : {line.ok, line.failed}) {
        std::uint64_t& all = sessions[line.reporter];
        all = tlsrpt::sum_of_sessions(all, some.at_least);
      }
  std::vector<std::pair<std::uint64_t, std::string_view>> order;
  order.reserve(sessions.size());
  for (const auto& [name, count] : sessions) order.emplace_back(count, name);
  std::ranges::sort(order, std::greater<>());
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < std::min(order.size(), most); ++i) names.insert(order[i].second);
  return names;
}

}  // namespace

std::string metrics_of(const site_figures& site) {
  metrics_writer metrics;
  metrics.family("tlsrpt_sessions", "gauge",
                 "Sessions of the last complete day, by kind of policy.");
  for (const day_line& line : site.all.days)
    for (const auto& [outcome, sum] : {std::pair("ok", line.ok), std::pair("failed", line.failed)})
      // What nobody has counted is no number.
      if (sum.sessions != 0 || sum.unknown == 0)
        metrics.sample({{"domain", line.domain},
                        {"kind", line.kind},
                        {"outcome", outcome},
                        {"trust", name(line.trust)}},
                       sum.sessions);
  metrics.family("tlsrpt_failure_mentions", "gauge",
                 "Sessions of the last complete day that senders mention with a failure.");
  for (const mention_line& line : site.all.mentions)
    if (line.noted.sessions != 0 || line.noted.unknown == 0)
      metrics.sample({{"domain", line.domain}, {"result", line.result}}, line.noted.sessions);
  metrics.family("tlsrpt_findings", "gauge", "Findings that are not over.");
  for (int severity = 1; severity <= 5; ++severity)
    metrics.sample({{"severity", std::to_string(severity)}},
                   static_cast<std::uint64_t>(
                       std::ranges::count_if(site.all.findings, [&](const kept_finding& one) {
                         return one.severity == severity && !one.is_over();
                       })));
  metrics.family("tlsrpt_reporter_silent_days", "gauge",
                 "Days since the last report of a sender that was regular; of others the most.");
  const std::set<std::string_view> named = named_reporters(site);
  std::map<std::string_view, std::int32_t> others;
  for (const silent_line& line : site.all.silent) {
    if (named.contains(line.reporter))
      metrics.sample({{"domain", line.domain}, {"reporter", line.reporter}},
                     static_cast<std::uint64_t>(line.days));
    else
      others[line.domain] = std::max(others[line.domain], line.days);
  }
  for (const auto& [domain, days] : others)
    metrics.sample({{"domain", domain}, {"reporter", "other"}}, static_cast<std::uint64_t>(days));
  metrics.family("tlsrpt_day_timestamp_seconds", "gauge", "The begin of the last complete day.");
  metrics.sample(
      {}, static_cast<std::uint64_t>(std::max<std::int64_t>(0, first_second_of(site.today - 1))));
  metrics.family("tlsrpt_intake", "counter", "What was received, by what came of it.");
  for (const auto& [what, times] : site.health)
    metrics.sample({{"verdict", what}}, static_cast<std::uint64_t>(times), "_total");
  metrics.family("tlsrpt_build", "info", "The version of the program.");
  metrics.sample({{"version", TLSRPT_HPP_VERSION_STRING}}, 1, "_info");
  return metrics.end();
}

}  // namespace collector
