/// @file
/// Failures that are one thing to do.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_CLUSTERS
#define TLSRPT_HPP_DETAIL_ADVICE_CLUSTERS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <tlsrpt/detail/advice/facts.hpp>
#include <tlsrpt/detail/advice/history.hpp>
#include <tlsrpt/detail/advice/sentences.hpp>
#include <tlsrpt/finding.hpp>
#include <tlsrpt/reasons.hpp>

namespace tlsrpt::detail {

/// The cause that a row of a ledger has.
inline reason_match reason_of(const ledger_failure& row) noexcept {
  const auto stored = find_reason(row.reason);
  if (stored && *stored != reason_id::none) return {*stored, certainty::sure};
  if (row.reason.starts_with('~')) return {reason_id::unknown};
  return match_reason(row.result.value, {});
}

/// Failures that are one thing to do: one cause, at one host or domain, under one kind of policy.
struct cluster {
  std::vector<const advised_failure*> failures{};
  reason_id reason = reason_id::none;
  tlsrpt::certainty certainty = tlsrpt::certainty::guess;
  std::string_view text{};  ///< The reason as the ledger has it.
  std::string_view host{};  ///< Empty when it is not about one mail host.
  bool is_of_sender = false;
  trend when{};
  std::set<std::string_view> domains{}, reporters{};
};

/// What is one thing to do: subject, reason, kind of policy.
using cluster_key = std::tuple<std::string_view, std::string_view, policy_type>;

/// Whether a cause is in the mail host, or in what belongs to it, rather than in the policy.
inline bool is_about_host(const ledger_failure& row, reason_id reason) noexcept {
  const bool has_host = row.host != "-" && row.host != any_name;
  return has_host && group_of(row.result.value) != result_group::sts &&
         party_of(reason) != party::policy_text;
}

/// Reads what failures since the beginning of the trend have in common.
inline void settle_cluster(cluster& one, const advice_history& history) {
  one.when = trend_of(one.failures, history);
  one.domains.clear();
  one.reporters.clear();
  for (const advised_failure* fact : one.failures) {
    if (fact->last < one.when.since) continue;
    one.domains.insert(fact->row.domain);
    one.reporters.insert(fact->reporter);
  }
}

/// Who has data of the last day for the domains, and does not note the failure (AG-53).
inline std::set<std::string_view> others_than(const cluster& one, const advice_history& history) {
  std::set<std::string_view> others;
  for (std::string_view domain : one.domains)
    for (const auto& [reporter, days] : history.of(domain).reporters())
      if (!one.reporters.contains(reporter) &&
          history.of(domain).has_data(reporter, history.last()))
        others.insert(reporter);
  return others;
}

/// Failures of one reporter alone, for one reason at hosts of several domains, are about that
/// reporter, when others have data of these domains (RC-27).
inline void join_those_of_senders(std::vector<cluster>& all, const advice_history& history) {
  std::map<std::tuple<std::string_view, std::string_view, policy_type>, std::vector<std::size_t>>
      alone;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const cluster& one = all[i];
    const bool is_known = one.reason != reason_id::none && !one.host.empty();
    if (is_known && one.reporters.size() == 1 && !others_than(one, history).empty())
      alone[{*one.reporters.begin(), one.text, one.failures.front()->row.kind}].push_back(i);
  }
  std::set<std::size_t> joined;
  for (const auto& [key, places] : alone) {
    std::set<std::string_view> domains;
    for (std::size_t place : places)
      domains.insert(all[place].domains.begin(), all[place].domains.end());
    if (places.size() < 2 || domains.size() < 2) continue;
    cluster& first = all[places.front()];
    for (std::size_t i = 1; i < places.size(); ++i) {
      const cluster& other = all[places[i]];
      first.failures.insert(first.failures.end(), other.failures.begin(), other.failures.end());
      joined.insert(places[i]);
    }
    first.host = {};
    first.is_of_sender = true;
    settle_cluster(first, history);
  }
  std::vector<cluster> kept;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!joined.contains(i)) kept.push_back(std::move(all[i]));
  all = std::move(kept);
}

/// The things to do, with their trends. Where some reports are verified, claimed ones only make
/// things that no verified one speaks of (RC-37).
inline std::vector<cluster> clusters_of(const advice_facts& facts, const advice_history& history) {
  std::map<cluster_key, cluster> by_key;
  for (const advised_failure& fact : facts.failures()) {
    const bool is_noted = fact.row.noted.sessions + fact.row.noted.unknown > 0;
    if (!is_noted) continue;
    const reason_match match = reason_of(fact.row);
    const bool at_host = is_about_host(fact.row, match.id);
    const std::string_view text = match.id == reason_id::unknown ? fact.row.reason : name(match.id);
    // Without a reason the type tells things apart.
    const std::string_view what = match.id == reason_id::none ? fact.row.result.text : text;
    cluster& one = by_key[{at_host ? fact.row.host : fact.row.domain, what, fact.row.kind}];
    one.failures.push_back(&fact);
    one.reason = match.id;
    one.certainty = std::max(one.certainty, match.certainty);
    one.text = text;
    if (at_host) one.host = fact.row.host;
  }
  std::vector<cluster> all;
  for (auto& [key, one] : by_key) {
    const auto is_verified = [](const advised_failure* fact) { return fact->is_verified; };
    if (std::any_of(one.failures.begin(), one.failures.end(), is_verified))
      one.failures.erase(std::partition(one.failures.begin(), one.failures.end(), is_verified),
                         one.failures.end());
    settle_cluster(one, history);
    all.push_back(std::move(one));
  }
  join_those_of_senders(all, history);
  all.erase(
      std::remove_if(all.begin(), all.end(), [](const cluster& one) { return !one.when.is_shown; }),
      all.end());
  return all;
}

}  // namespace tlsrpt::detail

#endif
