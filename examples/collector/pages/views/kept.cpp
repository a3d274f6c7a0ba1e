#include "kept.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace collector {

namespace {

std::vector<std::string> copied(std::span<const std::string_view> texts) {
  return {texts.begin(), texts.end()};
}

void unite(std::vector<std::string>& to, const std::vector<std::string>& more) {
  std::vector<std::string> both;
  std::ranges::set_union(to, more, std::back_inserter(both));
  to = std::move(both);
}

/// A sentence about several domains says how many they are.
void correct_count(std::string& text, std::size_t from, std::size_t to) {
  const std::string before = std::to_string(from) + " domains";
  if (const std::size_t place = text.find(before); from > 1 && place != text.npos)
    text.replace(place, before.size(), std::to_string(to) + " domains");
}

}  // namespace

kept_finding::kept_finding(const tlsrpt::finding& from)
    : code(from.code),
      key(from.key),
      host(from.host),
      text(from.text),
      do_first(from.do_first),
      severity(from.severity),
      impact(from.impact),
      domains(copied(from.domains)),
      reporters(copied(from.reporters)),
      others(copied(from.others)),
      since(from.since),
      last(from.last),
      change(from.change),
      is_spike(from.is_spike),
      is_verified(from.is_verified),
      noted(from.noted),
      failed_at_least(from.failed_at_least),
      evidence(from.evidence.begin(), from.evidence.end()) {}

void kept_finding::join(const kept_finding& more) {
  const std::size_t count = domains.size();
  unite(domains, more.domains);
  unite(reporters, more.reporters);
  unite(others, more.others);
  std::erase_if(others, [this](const std::string& one) {
    return std::ranges::binary_search(reporters, one);
  });
  const bool is_worse = more.severity < severity;
  severity = std::min(severity, more.severity);
  if (is_worse) {
    change = more.change;
    text = more.text;
    do_first = more.do_first;
  }
  correct_count(text, is_worse ? more.domains.size() : count, domains.size());
  impact = std::max(impact, more.impact);
  since = std::min(since, more.since);
  last = std::max(last, more.last);
  is_spike = is_spike || more.is_spike;
  is_verified = is_verified || more.is_verified;
  noted = tlsrpt::sum_of_sessions(noted, more.noted);
  failed_at_least = tlsrpt::sum_of_sessions(failed_at_least, more.failed_at_least);
  constexpr std::size_t most_evidence = 3;
  for (const tlsrpt::digest& one : more.evidence)
    if (evidence.size() < most_evidence) evidence.push_back(one);
}

void sort_findings(std::vector<kept_finding>& findings) {
  std::ranges::stable_sort(findings, [](const kept_finding& a, const kept_finding& b) {
    if (a.severity != b.severity) return a.severity < b.severity;
    if (a.failed_at_least != b.failed_at_least) return a.failed_at_least > b.failed_at_least;
    return a.reporters.size() > b.reporters.size();
  });
}

}  // namespace collector
