/// @file
/// Makes findings of things to do.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_FINDING_MAKER
#define TLSRPT_HPP_DETAIL_ADVICE_FINDING_MAKER

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/advice/clusters.hpp>
#include <tlsrpt/detail/advice/sentences.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/finding.hpp>

namespace tlsrpt::detail {

/// What a failure does to mail (RC-30).
inline impact impact_of(const failure_fact& fact) noexcept {
  const bool is_fetch = fact.result.value == result_type::sts_policy_fetch_error ||
                        fact.result.value == result_type::sts_webpki_invalid;
  const bool has_policy = fact.kind == policy_type::sts && fact.mode != sts_mode::unknown;
  if (is_fetch) return has_policy ? impact::fallback : impact::unprotected;
  if (fact.result.value == result_type::sts_policy_invalid) return impact::unprotected;
  if (fact.kind == policy_type::tlsa || fact.result.value == result_type::dane_required)
    return impact::refused;
  if (fact.kind == policy_type::sts) {
    if (!has_policy) return impact::unprotected;
    return fact.mode == sts_mode::enforce ? impact::refused : impact::delivered;
  }
  const bool is_clear = fact.kind == policy_type::no_policy_found &&
                        fact.result.value == result_type::starttls_not_supported;
  return is_clear ? impact::clear : impact::delivered;
}

class finding_maker {
 public:
  finding_maker(const summary& summary, const trends& trends, const cluster_maker& clusters,
                block_store& memory) noexcept
      : summary_(summary), trends_(trends), clusters_(clusters), memory_(memory) {}

  /// Reads totals and machines. False when there is no memory.
  bool read() noexcept;

  /// False when there is no memory.
  bool make(const cluster& one, finding& made) noexcept;

  /// Keeps a text. False when there is no memory.
  bool keep(const growing_text& text, std::string_view& to) noexcept {
    to = memory_.copy(text.view());
    return text.has_memory() && to.data() != nullptr;
  }

 private:
  /// Sums over what those who speak of a cluster say of these days.
  struct figures {
    std::uint64_t ok = 0, failed = 0;
    bool has_unknown = false;
    bool has_only_dane_ee = false;
  };
  struct machine {
    std::string_view host{}, node{};
    friend constexpr std::strong_ordering operator<=>(const machine&, const machine&) = default;
  };

  bool figures_of(const cluster& one, figures& sums) noexcept;
  bool is_dane_ee(policy_id policy) const noexcept;
  static party party_of_cluster(const cluster& one, const figures& sums) noexcept;
  int severity_of(const finding& made, const figures& sums, const cluster& one) const noexcept;
  bool has_tls_elsewhere(const cluster& one, const figures& sums) const noexcept;
  bool is_spike(const cluster& one) const noexcept;
  std::string_view machine_of(const cluster& one) const noexcept;
  bool has_several_machines(std::string_view host) const noexcept;
  bool say(const cluster& one, finding& made) noexcept;
  void say_bare_count(const cluster& one, const finding& made) noexcept;
  void tell_senders(const finding& made) noexcept;
  void advise_bare_count(const cluster& one, const finding& made) noexcept;
  bool keep_evidence(const cluster& one, finding& made) noexcept;

  const summary& summary_;
  const trends& trends_;
  const cluster_maker& clusters_;
  block_store& memory_;
  arena<const total_fact*> totals_;
  arena<const failure_fact*> origins_;
  arena<machine> machines_;
  growing_text text_, host_, domain_, first_domain_, sender_;
};

inline bool finding_maker::read() noexcept {
  for (const total_fact& fact : summary_.totals())
    if (!totals_.push(&fact)) return false;
  sort_by_origin({totals_.data(), totals_.size()});
  for (const failure_fact& fact : summary_.failures())
    if (fact.node != "-" && fact.node != any_name && !machines_.push({fact.host, fact.node}))
      return false;
  const std::span all(machines_.data(), machines_.size());
  std::ranges::sort(all);
  machines_.drop_from(std::unique(all.data(), all.data() + all.size()));
  return true;
}

inline bool finding_maker::is_dane_ee(policy_id policy) const noexcept {
  std::string_view text = summary_.source()->policy_text(policy);
  if (text.empty()) return false;
  while (!text.empty())
    if (!take_part(text, "\n").starts_with("3 ")) return false;
  return true;
}

inline bool finding_maker::figures_of(const cluster& one, figures& sums) noexcept {
  origins_.clear();
  for (const failure_fact* fact : one.facts)
    if (!origins_.push(fact)) return false;
  const std::span origins(origins_.data(), origins_.size());
  std::ranges::sort(origins, [](const failure_fact* a, const failure_fact* b) {
    return compare_origins(*a, *b) < 0;
  });
  const std::span totals(totals_.data(), totals_.size());
  const failure_fact* before = nullptr;
  bool is_first = true;
  for (const failure_fact* fact : origins) {
    if (before != nullptr && compare_origins(*before, *fact) == 0) continue;
    before = fact;
    auto total = std::partition_point(totals.begin(), totals.end(), [fact](const total_fact* t) {
      return compare_origins(*t, *fact) < 0;
    });
    for (; total != totals.end() && compare_origins(**total, *fact) == 0; ++total) {
      sums.ok = sum_of_sessions(sums.ok, (*total)->ok.sessions);
      sums.failed = sum_of_sessions(sums.failed, (*total)->failed.sessions);
      sums.has_unknown = sums.has_unknown || (*total)->failed.unknown > 0;
      sums.has_only_dane_ee = (is_first || sums.has_only_dane_ee) && is_dane_ee((*total)->policy);
      is_first = false;
    }
  }
  return true;
}

/// The first that can do something, if any (RC-22 to RC-24).
inline party finding_maker::party_of_cluster(const cluster& one, const figures& sums) noexcept {
  if (one.is_of_sender) return party::sender;
  party found = party::nobody;
  for (const failure_fact* fact : one.facts) {
    const party acts = party_of(one.reason, {.kind = fact->kind,
                                             .mode = fact->mode,
                                             .type = fact->result.value,
                                             .has_only_dane_ee = sums.has_only_dane_ee,
                                             .has_success = sums.ok > 0});
    if (acts != party::sender && acts != party::nobody) return acts;
    if (acts == party::sender) found = acts;
  }
  return found;
}

/// Whether somebody gets STARTTLS at the hosts of the same domains.
inline bool finding_maker::has_tls_elsewhere(const cluster& one,
                                             const figures& sums) const noexcept {
  bool has_tls = sums.ok > 0;
  for (std::string_view domain : one.domains)
    clusters_.days_of(one).for_each_other(domain, one.reporters,
                                          [&](const scope_days::witness& other) {
                                            has_tls = has_tls || other.has_success;
                                            return !has_tls;
                                          });
  return has_tls;
}

/// Whether far more sessions of a domain fail on the last day than before (AG-52). Claimed reports
/// beside verified ones make no spike.
inline bool finding_maker::is_spike(const cluster& one) const noexcept {
  if (clusters_.has_verified() != one.is_verified ||
      last_day_of(*one.facts.back()) != summary_.today() - 1)
    return false;
  const auto all = trends_.domains();
  return std::ranges::any_of(one.domains, [&](std::string_view domain) {
    auto t = std::ranges::lower_bound(all, domain, {}, &domain_trend::domain);
    while (t != all.end() && t->domain == domain && t->kind != one.kind) ++t;
    return t != all.end() && t->domain == domain && t->is_spike;
  });
}

/// RC-31, with the steps down of AG-53 and RC-37.
inline int finding_maker::severity_of(const finding& made, const figures& sums,
                                      const cluster& one) const noexcept {
  constexpr int act_now = 1, today = 2, this_week = 3, tell_the_sender = 4, information = 5;
  if (made.change == change::gone || made.change == change::unconfirmed) return information;
  if (made.party == party::nobody) return information;
  if (made.party == party::sender) return tell_the_sender;
  int severity = this_week;
  if (made.impact == impact::refused) {
    const bool is_new = made.change == change::fresh || made.change == change::first_seen ||
                        made.change == change::back;
    const bool is_much =
        per_mille(sums.failed, sum_of_sessions(sums.ok, sums.failed)) >= 10 || sums.failed >= 20;
    severity = is_new || is_much ? act_now : today;
  } else if (made.impact == impact::clear && has_tls_elsewhere(one, sums)) {
    severity = today;
  }
  if (made.is_spike) severity = std::min(severity, today);
  const bool is_of_one = made.reporters.size() == 1 && made.others.size() >= 2;
  if (is_of_one && made.impact != impact::refused) ++severity;
  if (!made.is_verified) severity = std::max(severity, this_week);
  return severity;
}

/// The machine, when all of it is at one.
inline std::string_view finding_maker::machine_of(const cluster& one) const noexcept {
  if (one.host.empty()) return {};
  const std::string_view node = one.facts.front()->node;
  const bool is_one = std::ranges::all_of(
      one.facts, [node](const failure_fact* fact) { return fact->node == node; });
  return is_one && node != "-" && node != any_name ? node : std::string_view();
}

inline bool finding_maker::has_several_machines(std::string_view host) const noexcept {
  const std::span all(machines_.data(), machines_.size());
  const auto first = std::partition_point(all.begin(), all.end(),
                                          [host](const machine& m) { return m.host < host; });
  return all.end() - first > 1 && (first + 1)->host == host;
}

inline bool finding_maker::say(const cluster& one, finding& made) noexcept {
  const failure_fact& fact = **std::ranges::max_element(
      one.facts, {}, [](const failure_fact* f) { return f->noted.sessions; });
  const bool is_bare = one.source != source_of_failure::details;
  if (one.host.empty() && !one.is_of_sender && fact.host != "-" && fact.host != any_name)
    made.host = fact.host;
  const bool is_fetch = group_of(fact.result.value) == result_group::sts;
  for (growing_text* text : {&text_, &host_, &domain_, &first_domain_, &sender_}) text->clear();
  add_name(first_domain_, made.domains.front(), "a domain without a name");
  add_name(sender_, made.reporters.front(), "a sender without a name");
  const std::string_view first_domain = first_domain_.view(), sender = sender_.view();
  if (made.domains.size() == 1) {
    domain_.append(first_domain);
  } else {
    put_number(domain_, made.domains.size());
    domain_.append(" domains");
  }
  if (one.is_of_sender)
    host_.add({is_fetch ? "the MTA-STS policies of " : "the mail hosts of ", domain_.view()});
  else if (is_fetch)
    host_.add(
        {is_host_name(made.domains.front()) ? "mta-sts." : "the policy host of ", first_domain});
  else if (made.host.empty())
    host_.add({"a mail host of ", domain_.view()});
  else
    add_name(host_, made.host, "a mail host without a name");
  if (!first_domain_.has_memory() || !sender_.has_memory() || !domain_.has_memory() ||
      !host_.has_memory())
    return false;
  const std::string_view host = host_.view();

  std::string_view explained = explanation(one.reason), to_do = remedy(one.reason);
  if (is_bare) {
    say_bare_count(one, made);
  } else if (explained.empty()) {
    const bool says_little = fact.result.value == result_type::validation_failure ||
                             fact.result.value == result_type::unknown;
    explained = says_little ? "TLS failed, and the sender does not say why."
                            : explanation(fact.result.value);
    to_do = says_little ? remedy(reason_id::handshake_failed) : remedy(fact.result.value);
    add_sentence(text_, "<host>: ", host, domain_.view());
    const bool is_quoted = one.reason == reason_id::unknown;
    text_.append(is_quoted && says_little ? "TLS failed." : explained);
    if (is_quoted) text_.add({" The sender says \"", one.text.substr(1), "\"."});
  } else {
    add_sentence(text_, explained, host, domain_.view());
  }
  if (one.is_of_sender) text_.add({" Only ", sender, " reports it."});
  const bool may_be_on_the_way = one.reason == reason_id::starttls_absent ||
                                 one.reason == reason_id::x509_signature ||
                                 one.reason == reason_id::handshake_not_tls;
  if (may_be_on_the_way && !made.others.empty())
    text_.append(
        " If your own tests from outside never see it, somebody on the way may be doing it.");
  if (!made.is_verified) text_.append(" This is unverified.");
  if (!made.node.empty() && has_several_machines(one.host)) {
    text_.append(" It seems to be one of several machines behind that name: ");
    add_name(text_, made.node, "one without a name");
    text_.append(".");
  }
  if (!keep(text_, made.text)) return false;

  const bool is_for_owner =
      made.party != party::sender && one.source != source_of_failure::missing_total;
  text_.clear();
  if (one.is_of_sender)
    text_.add({"Ask the postmaster of ", sender,
               ": other senders have no such trouble with these domains."});
  else if (is_for_owner && one.host.empty() && !is_host_name(made.domains.front()))
    text_.add({"Ask the postmaster of ", sender, " which domain these sessions were for."});
  else if (is_bare)
    advise_bare_count(one, made);
  else if (made.party == party::sender)
    tell_senders(made);
  else
    add_sentence(text_, to_do, host, first_domain);
  if (!keep(text_, made.do_first)) return false;

  made.code = one.is_of_sender ? "sender"
              : one.source == source_of_failure::missing_total
                  ? "info"
                  : code_of(party_of(one.reason, {.type = fact.result.value}));
  const std::string_view subject = one.is_of_sender   ? made.reporters.front()
                                   : one.host.empty() ? made.domains.front()
                                                      : one.host;
  const std::string_view what = is_bare                         ? name_of(one.source)
                                : one.reason == reason_id::none ? fact.result.text
                                                                : one.text;
  text_.clear();
  add_key(text_, {made.code, subject, what, kind_name(one.kind)});
  return keep(text_, made.key);
}

inline void finding_maker::say_bare_count(const cluster& one, const finding& made) noexcept {
  const std::string_view domain = domain_.view();
  if (one.source == source_of_failure::missing_total)
    return text_.add({"Reports about mail to ", domain, " do not say how many sessions failed."});
  const bool is_rest = one.source == source_of_failure::rest_of_totals;
  text_.append("At least ");
  put_number(text_, made.unexplained);
  text_.add(
      {is_rest ? " more" : "", made.unexplained == 1 ? " session" : " sessions", " about mail to ",
       domain, " failed",
       is_rest ? " than the details of reports speak of." : ", and the reports do not say why."});
}

inline void finding_maker::tell_senders(const finding& made) noexcept {
  text_.append("Nothing has to change here; tell the ");
  if (made.reporters.size() == 1)
    text_.add({"postmaster of ", sender_.view(), "."});
  else
    text_.append("postmasters of these senders.");
}

/// The cause may be any, so all that senders look at is to be tested.
inline void finding_maker::advise_bare_count(const cluster& one, const finding& made) noexcept {
  const std::string_view domain = first_domain_.view(), sender = sender_.view();
  if (one.source == source_of_failure::missing_total)
    return text_.add({"Tell the postmaster of ", sender,
                      " that the number of failed sessions belongs in reports (RFC 8460, "
                      "section 4.4)."});
  if (made.party == party::sender) return tell_senders(made);
  text_.add({"Test every mail host of ", domain,
             " from outside: STARTTLS, and the dates, the chain and the name of its certificate"});
  if (one.kind == policy_type::sts)
    text_.add({"; and whether the policy of mta-sts.", domain, " can be fetched and lists them"});
  else if (one.kind == policy_type::tlsa)
    text_.append("; and whether its TLSA records fit the certificate");
  text_.append(".");
}

/// The newest reports.
inline bool finding_maker::keep_evidence(const cluster& one, finding& made) noexcept {
  std::array<digest, 3> newest;
  std::size_t size = 0;
  for (auto fact = one.facts.rbegin(); fact != one.facts.rend() && size < newest.size(); ++fact) {
    const auto end = newest.begin() + static_cast<std::ptrdiff_t>(size);
    if (std::find(newest.begin(), end, (*fact)->report) == end) newest[size++] = (*fact)->report;
  }
  const digest* const kept = memory_.copy(std::span<const digest>(newest.data(), size));
  made.evidence = {kept, kept == nullptr ? 0 : size};
  return kept != nullptr;
}

inline bool finding_maker::make(const cluster& one, finding& made) noexcept {
  figures sums;
  if (!figures_of(one, sums)) return false;
  made.domains = one.domains;
  made.reporters = one.reporters;
  made.others = one.others;
  made.host = one.host;
  made.node = machine_of(one);
  made.reason = one.text;
  made.certainty = one.certainty;
  made.since = last_day_of(*one.facts.front());
  made.last = last_day_of(*one.facts.back());
  made.change = one.change;
  made.is_spike = one.change == change::continuing && is_spike(one);
  (one.source == source_of_failure::details ? made.noted : made.unexplained) = one.noted;
  made.failed_at_least = sums.failed;
  made.is_verified = !clusters_.has_verified() || one.is_verified;
  for (const failure_fact* fact : one.facts) made.impact = std::max(made.impact, impact_of(*fact));
  const bool may_have_failed = sums.has_unknown && one.source == source_of_failure::details;
  if (sums.failed == 0 && !may_have_failed) made.impact = impact::delivered;
  made.party =
      one.source == source_of_failure::missing_total ? party::sender : party_of_cluster(one, sums);
  made.severity = severity_of(made, sums, one);
  return keep_evidence(one, made) && say(one, made);
}

}  // namespace tlsrpt::detail

#endif
