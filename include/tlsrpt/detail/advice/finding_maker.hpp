/// @file
/// Makes findings of things to do.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_FINDING_MAKER
#define TLSRPT_HPP_DETAIL_ADVICE_FINDING_MAKER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <tlsrpt/detail/advice/clusters.hpp>
#include <tlsrpt/finding.hpp>

namespace tlsrpt::detail {

/// What a failure does to mail (RC-30).
inline impact impact_of(const ledger_failure& row) noexcept {
  const bool is_fetch = row.result.value == result_type::sts_policy_fetch_error ||
                        row.result.value == result_type::sts_webpki_invalid;
  const bool has_policy = row.kind == policy_type::sts && row.mode != sts_mode::unknown;
  if (is_fetch) return has_policy ? impact::fallback : impact::unprotected;
  if (row.result.value == result_type::sts_policy_invalid) return impact::unprotected;
  if (row.kind == policy_type::tlsa || row.result.value == result_type::dane_required)
    return impact::refused;
  if (row.kind == policy_type::sts) {
    if (!has_policy) return impact::unprotected;
    return row.mode == sts_mode::enforce ? impact::refused : impact::delivered;
  }
  const bool is_clear = row.kind == policy_type::no_policy_found &&
                        row.result.value == result_type::starttls_not_supported;
  return is_clear ? impact::clear : impact::delivered;
}

class finding_maker {
 public:
  finding_maker(const ledger& from, const advice_facts& facts, const advice_history& history)
      : from_(from), facts_(facts), history_(history) {
    for (const advised_total& fact : facts.totals())
      totals_.emplace(total_key{fact.group, fact.row.domain, fact.row.kind, fact.row.mode}, &fact);
  }

  finding make(const cluster& one) const;

 private:
  using total_key = std::tuple<std::size_t, std::string_view, policy_type, sts_mode>;

  /// Sums over the reports that speak of a cluster.
  struct figures {
    std::uint64_t ok = 0, failed = 0;
    bool has_unknown = false;
    bool has_only_dane_ee = true;
  };

  figures figures_of(const cluster& one) const;
  bool is_dane_ee(policy_id policy) const;
  party party_of_cluster(const cluster& one, const figures& sums) const;
  int severity_of(const finding& made, const figures& sums, const cluster& one) const;
  void say(finding& made, const cluster& one) const;
  void name_machine(finding& made, const cluster& one) const;

  const ledger& from_;
  const advice_facts& facts_;
  const advice_history& history_;
  std::multimap<total_key, const advised_total*> totals_;
};

/// The row that is spoken of: that of most sessions.
inline const advised_failure& main_fact(const cluster& one) noexcept {
  return **std::max_element(one.failures.begin(), one.failures.end(),
                            [](const advised_failure* a, const advised_failure* b) {
                              const auto key = [](const advised_failure* fact) {
                                return std::tuple(fact->row.noted.sessions, fact->last,
                                                  fact->digest);
                              };
                              return key(a) < key(b);
                            });
}

inline bool finding_maker::is_dane_ee(policy_id policy) const {
  std::string_view text = from_.policy_text(policy);
  if (text.empty()) return false;
  while (!text.empty())
    if (!take_part(text, "\n").starts_with("3 ")) return false;
  return true;
}

inline auto finding_maker::figures_of(const cluster& one) const -> figures {
  figures sums;
  std::set<const advised_total*> seen;
  for (const advised_failure* fact : one.failures) {
    if (fact->last < one.when.since) continue;
    const auto [first, last] =
        totals_.equal_range({fact->group, fact->row.domain, fact->row.kind, fact->row.mode});
    for (auto total = first; total != last; ++total) {
      if (!seen.insert(total->second).second) continue;
      const ledger_total& row = total->second->row;
      sums.ok = sum_of_sessions(sums.ok, row.ok.sessions);
      sums.failed = sum_of_sessions(sums.failed, row.failed.sessions);
      sums.has_unknown = sums.has_unknown || row.failed.unknown > 0;
      sums.has_only_dane_ee = sums.has_only_dane_ee && is_dane_ee(row.policy);
    }
  }
  sums.has_only_dane_ee = sums.has_only_dane_ee && !seen.empty();
  return sums;
}

/// The first that can do something, if any (RC-22 to RC-24).
inline party finding_maker::party_of_cluster(const cluster& one, const figures& sums) const {
  if (one.is_of_sender) return party::sender;
  party found = party::nobody;
  for (const advised_failure* fact : one.failures) {
    if (fact->last < one.when.since) continue;
    const ledger_failure& row = fact->row;
    const party acts = party_of(one.reason, {.kind = row.kind,
                                             .mode = row.mode,
                                             .type = row.result.value,
                                             .has_only_dane_ee = sums.has_only_dane_ee,
                                             .has_success = sums.ok > 0});
    if (acts != party::sender && acts != party::nobody) return acts;
    if (acts == party::sender) found = acts;
  }
  return found;
}

/// RC-31, with the steps down of AG-53 and RC-37.
inline int finding_maker::severity_of(const finding& made, const figures& sums,
                                      const cluster& one) const {
  constexpr int act_now = 1, today = 2, this_week = 3, tell_the_sender = 4, information = 5;
  if (made.change == change::gone || made.change == change::unconfirmed) return information;
  if (made.party == party::nobody) return information;
  if (made.party == party::sender) return tell_the_sender;
  int severity = this_week;
  if (made.impact == impact::refused) {
    const bool is_new = made.change == change::fresh || made.change == change::first_seen ||
                        made.change == change::back;
    const bool is_much = kind_figures{sums.ok, sums.failed}.per_mille() >= 10 || sums.failed >= 20;
    severity = is_new || is_much ? act_now : today;
  } else if (made.impact == impact::clear) {
    bool others_have_tls = sums.ok > 0;
    for (std::string_view domain : one.domains)
      for (const std::string& other : made.others) {
        const auto& reporters = history_.of(domain).reporters();
        const auto days = reporters.find(other);
        if (days != reporters.end())
          for (const auto& [day, of_day] : days->second)
            others_have_tls = others_have_tls || (day >= made.since && of_day.ok > 0);
      }
    if (others_have_tls) severity = today;
  }
  if (made.is_spike) severity = std::min(severity, today);
  const bool is_of_one = made.reporters.size() == 1 && made.others.size() >= 2;
  if (is_of_one && made.impact != impact::refused) ++severity;
  if (!made.is_verified) severity = std::max(severity, this_week);
  return severity;
}

/// The machine, when all of it is at one; and that there are others, when other reports name some
/// (RC-25).
inline void finding_maker::name_machine(finding& made, const cluster& one) const {
  std::set<std::string_view> nodes, all;
  for (const advised_failure* fact : one.failures)
    if (fact->last >= one.when.since) nodes.insert(fact->row.node);
  if (nodes.size() != 1 || one.host.empty()) return;
  const std::string_view node = *nodes.begin();
  if (node == "-" || node == any_name) return;
  made.node = node;
  for (const advised_failure& fact : facts_.failures())
    if (fact.row.host == one.host && fact.row.node != "-" && fact.row.node != any_name)
      all.insert(fact.row.node);
  if (all.size() > 1)
    made.text += " It seems to be one of several machines behind that name: " + made.node + '.';
}

inline void finding_maker::say(finding& made, const cluster& one) const {
  const ledger_failure& row = main_fact(one).row;
  const bool is_fetch = group_of(row.result.value) == result_group::sts;
  const std::string domain = made.domains.size() == 1
                                 ? made.domains.front()
                                 : std::to_string(made.domains.size()) + " domains";
  std::string host = made.host;
  if (is_fetch) host = "mta-sts." + made.domains.front();
  if (one.is_of_sender) host = "the mail hosts of " + domain;
  if (host.empty()) host = "a mail host of " + domain;
  std::string_view text = explanation(one.reason), to_do = remedy(one.reason);
  if (text.empty()) {
    const bool says_little = row.result.value == result_type::validation_failure ||
                             row.result.value == result_type::unknown;
    made.text = with_names("<host>: ", host, domain);
    made.text += says_little ? "TLS failed, and the sender does not say why."
                             : explanation(row.result.value);
    if (one.reason == reason_id::unknown) {
      made.text = with_names("<host>: TLS failed; the sender says \"", host, domain);
      (made.text += one.text.substr(1)) += "\".";
    }
    to_do = says_little ? remedy(reason_id::handshake_failed) : remedy(row.result.value);
  } else {
    made.text = with_names(text, host, domain);
  }
  made.do_first = with_names(to_do, host, made.domains.front());
  if (one.is_of_sender) {
    made.text += " Only " + made.reporters.front() + " reports it.";
    made.do_first = "Ask the postmaster of " + made.reporters.front() +
                    ": other senders have no such trouble with these domains.";
  } else if (made.party == party::sender) {
    made.do_first =
        "Nothing has to change here; tell the postmaster of " + made.reporters.front() + ".";
  }
  const bool may_be_on_the_way = one.reason == reason_id::starttls_absent ||
                                 one.reason == reason_id::x509_signature ||
                                 one.reason == reason_id::handshake_not_tls;
  if (may_be_on_the_way && !made.others.empty())
    made.text +=
        " If your own tests from outside never see it, somebody on the way may be doing it.";
  if (!made.is_verified) made.text += " This is unverified.";
}

inline finding finding_maker::make(const cluster& one) const {
  finding made;
  const figures sums = figures_of(one);
  const ledger_failure& row = main_fact(one).row;
  made.domains.assign(one.domains.begin(), one.domains.end());
  made.reporters.assign(one.reporters.begin(), one.reporters.end());
  for (std::string_view other : others_than(one, history_)) made.others.emplace_back(other);
  made.host = one.host;
  if (one.host.empty() && !one.is_of_sender && row.host != "-" && row.host != any_name)
    made.host = row.host;
  made.reason = one.text;
  made.certainty = one.certainty;
  made.since = one.when.since;
  made.last = one.when.last;
  made.change = one.when.change;
  made.is_spike = one.when.is_spike;
  made.failed_at_least = sums.failed;
  made.is_verified = !facts_.has_verified() || one.failures.front()->is_verified;
  std::set<std::pair<std::int32_t, digest>> reports;  // the newest first
  for (const advised_failure* fact : one.failures) {
    if (fact->last < one.when.since) continue;
    made.noted = sum_of_sessions(made.noted, fact->row.noted.sessions);
    made.impact = std::max(made.impact, impact_of(fact->row));
    reports.insert({-fact->last.number, fact->digest});
  }
  constexpr std::size_t most_evidence = 3;
  for (const auto& [order, digest] : reports)
    if (made.evidence.size() < most_evidence) made.evidence.push_back(digest);
  if (sums.failed == 0 && !sums.has_unknown) made.impact = impact::delivered;
  made.party = party_of_cluster(one, sums);
  made.code =
      one.is_of_sender ? "sender" : code_of(party_of(one.reason, {.type = row.result.value}));
  const std::string_view subject = one.is_of_sender   ? std::string_view(made.reporters.front())
                                   : one.host.empty() ? row.domain
                                                      : one.host;
  const std::string_view what = one.reason == reason_id::none ? row.result.text : one.text;
  made.key = key_of({made.code, subject, what, kind_name(row.kind)});
  say(made, one);
  name_machine(made, one);
  made.severity = severity_of(made, sums, one);
  return made;
}

}  // namespace tlsrpt::detail

#endif
