/// @file
/// Bodies of advice.hpp.

#ifndef TLSRPT_HPP_IMPL_ADVICE
#define TLSRPT_HPP_IMPL_ADVICE

#include <algorithm>
#include <compare>
#include <iterator>
#include <utility>

#include <tlsrpt/detail/advice/clusters.hpp>
#include <tlsrpt/detail/advice/finding_maker.hpp>
#include <tlsrpt/detail/advice/sentences.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

constexpr std::string_view name(impact impact) noexcept {
  constexpr std::string_view names[] = {"delivered", "fallback", "unprotected", "clear", "refused"};
  const auto place = static_cast<std::size_t>(impact);
  return names[place < std::size(names) ? place : 0];
}

inline result<known_list> parse_known(std::string_view text) noexcept {
  known_list list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = detail::take_part(text, "\n");
    line = detail::trim(line.substr(0, line.find('#')), detail::whitespace_octet);
    if (line.empty()) continue;
    const auto take_word = [&line] {
      const std::string_view word = detail::until(line, detail::whitespace_octet);
      line = detail::trim_front(line.substr(word.size()), detail::whitespace_octet);
      return word;
    };
    const bool is_until = take_word() == "until";
    const auto until = day::parse(take_word());
    const std::string_view key = take_word();
    const bool is_known = is_until && until && !key.empty() && line.empty();
    if (is_known ? !list.known_.push({*until, key}) : !list.unreadable_.push(number))
      return diagnostic{errc::out_of_memory};
  }
  return list;
}

inline std::optional<day> day_after(const ledger& ledger) noexcept {
  std::optional<day> last;
  for (const ledger_entry& entry : ledger.entries())
    last = std::max(last.value_or(entry.first), entry.first + entry.days);
  return last;
}

namespace detail {

/// What the order of a finding depends on.
struct finding_order {
  finding made{};
  reason_id reason = reason_id::none;
  source_of_failure source = source_of_failure::details;
  std::string_view host{};  ///< Empty when it is not about one mail host.
  bool is_absorbed = false;
  bool is_good = false;  ///< Nothing is wrong.
  policy_type kind = policy_type::unknown;
  // Of those at one host with one severity the largest (RC-33).
  std::uint64_t failed = 0;
  std::size_t reporters = 0;
};

class advice_maker {
 public:
  advice_maker(const summary& summary, const advice_options& options, advice& made) noexcept
      : summary_(summary),
        options_(options),
        made_(made),
        scope_(summary.verified_reports() != 0 ? scope::verified : scope::all),
        clusters_(summary, made.texts_) {}

  /// False when there is no memory.
  bool run() noexcept {
    made_.today_ = summary_.today();
    auto trends = make_trends(summary_, scope_);
    if (!trends) return false;
    finding_maker maker(summary_, *trends, clusters_, made_.texts_);
    if (!clusters_.run(options_.domains, options_.findings) || !maker.read() ||
        !add_findings(maker))
      return false;
    made_.left_out_ = clusters_.left_out();
    absorb_those_without_reason();
    absorb_the_unexplained();
    if (!add_silent(maker, trends->heartbeats(), trends->domains()) ||
        !add_ready(maker, trends->domains()))
      return false;
    for (finding_order& one : found())
      if (!apply_known(maker, one.made)) return false;
    return sort_findings();
  }

 private:
  std::span<finding_order> found() noexcept { return {found_.data(), found_.size()}; }

  bool add_findings(finding_maker& maker) noexcept {
    for (const cluster& one : clusters_.clusters()) {
      finding_order* const added = found_.extend();
      if (added == nullptr || !maker.make(one, added->made)) return false;
      added->reason = one.reason;
      added->source = one.source;
      added->kind = one.kind;
      added->host = one.host;
    }
    return true;
  }

  /// Calls f(findings) for those at each mail host, which follow each other.
  template <class F>
  void for_each_host(const F& f) noexcept {
    const auto all = found();
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      while (end < all.size() && all[end].host == all[begin].host) ++end;
      if (!all[begin].host.empty()) f(all.subspan(begin, end - begin));
    }
  }

  /// Whether nothing is lost when a finding becomes part of another one: that one is no less severe
  /// and no less sure, lasts as long, and names the same domains and senders.
  static bool may_hold(const finding& whole, const finding& part) noexcept {
    return whole.severity <= part.severity && (whole.is_verified || !part.is_verified) &&
           whole.last >= part.last && std::ranges::includes(whole.domains, part.domains) &&
           std::ranges::includes(whole.reporters, part.reporters);
  }

  /// Failures without a reason are part of a finding with one that is no less severe, at the same
  /// host, of the same domains and senders, and under the same kind of policy: what is mended there
  /// may mend all.
  void absorb_those_without_reason() noexcept {
    for_each_host([](std::span<finding_order> of_host) {
      for (finding_order& one : of_host) {
        if (one.reason != reason_id::none) continue;
        const auto other = std::ranges::find_if(of_host, [&one](const finding_order& o) {
          return o.reason != reason_id::none && o.kind == one.kind && !is_over(o.made) &&
                 may_hold(o.made, one.made);
        });
        if (other == of_host.end()) continue;
        other->made.without_reason = sum_of_sessions(other->made.without_reason, one.made.noted);
        one.is_absorbed = true;
      }
    });
    drop_absorbed();
  }

  /// Failed sessions without a detail are part of a finding that is no less severe, where the same
  /// senders say more of other sessions of these days under the same policies: what is mended there
  /// may mend all.
  void absorb_the_unexplained() noexcept {
    for (finding_order& one : found()) {
      if (one.source != source_of_failure::totals &&
          one.source != source_of_failure::rest_of_totals)
        continue;
      const auto other = std::ranges::find_if(found(), [&one](const finding_order& o) {
        return o.source == source_of_failure::details && o.kind == one.kind && !is_over(o.made) &&
               o.made.since <= one.made.since && may_hold(o.made, one.made);
      });
      if (other == found().end()) continue;
      other->made.unexplained = sum_of_sessions(other->made.unexplained, one.made.unexplained);
      one.is_absorbed = true;
    }
    drop_absorbed();
  }

  static bool is_over(const finding& made) noexcept {
    return made.change == change::gone || made.change == change::unconfirmed;
  }

  void drop_absorbed() noexcept {
    found_.drop_from(std::remove_if(found_.data(), found_.data() + found_.size(),
                                    [](const finding_order& one) { return one.is_absorbed; }));
  }

  bool is_wanted(std::string_view domain) const noexcept {
    return options_.domains.empty() ||
           std::ranges::find(options_.domains, domain) != options_.domains.end();
  }

  /// Adds senders that are silent, and domains of which nobody reports any more (AG-54).
  bool add_silent(finding_maker& maker, std::span<const heartbeat> beats,
                  std::span<const domain_trend> domains) noexcept {
    for (const heartbeat& beat : beats)
      if (beat.is_silent && is_wanted(beat.domain) &&
          !made_.silent_.push(
              {beat.reporter, beat.domain, beat.last, summary_.today() - beat.last}))
        return false;
    const domain_trend* before = nullptr;
    for (const domain_trend& trend : domains) {
      const bool is_repeated = before != nullptr && before->domain == trend.domain;
      before = &trend;
      if (trend.has_stopped && !is_repeated && is_host_name(trend.domain) &&
          is_wanted(trend.domain) && !add_stopped(maker, trend.domain, beats))
        return false;
    }
    return true;
  }

  bool add_stopped(finding_maker& maker, std::string_view domain,
                   std::span<const heartbeat> beats) noexcept {
    finding_order* const added = found_.extend();
    if (added == nullptr) return false;
    finding& made = added->made;
    arena<std::string_view> reporters;
    auto beat = std::ranges::lower_bound(beats, domain, {}, &heartbeat::domain);
    for (made.last = beat->last; beat != beats.end() && beat->domain == domain; ++beat) {
      if (!beat->is_silent) continue;
      if (!reporters.push(beat->reporter)) return false;
      made.last = std::max(made.last, beat->last);
    }
    if (!keep({&domain, 1}, made.domains) ||
        !keep({reporters.data(), reporters.size()}, made.reporters))
      return false;
    made.code = "stopped";
    made.severity = 1;
    made.party = party::dns;
    made.reason = "-";
    made.since = made.last + 1;
    made.change = change::gone;
    growing_text key, text, to_do;
    add_key(key, {made.code, domain});
    const day_text last = to_text(made.last);
    text.add({"No regular reporter of ", domain, " has reported since ", last, "."});
    to_do.add({"Check the TXT record _smtp._tls.", domain,
               ", and that its addresses take mail or POSTs."});
    return maker.keep(key, made.key) && maker.keep(text, made.text) &&
           maker.keep(to_do, made.do_first);
  }

  bool keep(std::span<const std::string_view> names,
            std::span<const std::string_view>& to) noexcept {
    const std::string_view* const kept = made_.texts_.copy(names);
    to = {kept, kept == nullptr ? 0 : names.size()};
    return kept != nullptr;
  }

  /// Adds domains whose MTA-STS policy is in mode testing and can be enforced (AG-56).
  bool add_ready(finding_maker& maker, std::span<const domain_trend> domains) noexcept {
    for (const domain_trend& trend : domains) {
      if (trend.kind != policy_type::sts || trend.has_no_data || trend.has_stopped ||
          !is_host_name(trend.domain) || !is_wanted(trend.domain) || !is_in_testing(trend))
        continue;
      const auto ready = ready_for_enforce(summary_, trend.domain, scope_);
      if (!ready) return false;
      if (!ready->is_ready()) continue;
      if (found_.size() >= options_.findings)
        ++made_.left_out_;
      else if (!add_ready(maker, trend))
        return false;
    }
    return true;
  }

  /// Calls f(fact) for the days with data about the MTA-STS policy of a domain.
  template <class F>
  void for_each_day(const domain_trend& trend, const F& f) const noexcept {
    for (const total_fact& fact : facts_about(summary_.totals(), trend.domain))
      if (fact.kind == policy_type::sts && fact.days == 1 && fact.first <= trend.last &&
          (scope_ == scope::all || fact.trust == trust::verified) &&
          fact.ok.sessions + fact.failed.sessions != 0)
        f(fact);
  }

  /// Whether all senders found it in mode testing in the week up to the last day with data. Those
  /// that do not say the mode count when they saw a failure.
  bool is_in_testing(const domain_trend& trend) const noexcept {
    constexpr std::int32_t week = 7;
    bool is_seen = false, is_so = true;
    for_each_day(trend, [&](const total_fact& fact) {
      if (trend.last - fact.first >= week) return;
      const bool is_testing = fact.mode == sts_mode::testing;
      const bool is_silent =
          fact.mode == sts_mode::unknown && fact.failed.sessions == 0 && fact.failed.unknown == 0;
      is_seen = is_seen || is_testing;
      is_so = is_so && (is_testing || is_silent);
    });
    return is_seen && is_so;
  }

  bool add_ready(finding_maker& maker, const domain_trend& trend) noexcept {
    finding_order* const added = found_.extend();
    if (added == nullptr) return false;
    added->is_good = true;
    finding& made = added->made;
    made.code = "ready";
    made.party = party::policy_text;
    made.certainty = certainty::sure;
    made.reason = "-";
    made.since = made.last = trend.last;
    made.change = change::continuing;
    arena<std::string_view> reporters;
    bool has_memory = true;
    for_each_day(trend, [&](const total_fact& fact) {
      if (fact.mode != sts_mode::testing || fact.first < made_.today() - readiness_days) return;
      made.since = std::min(made.since, fact.first);
      has_memory = reporters.push(fact.reporter) && has_memory;
    });
    std::sort(reporters.data(), reporters.data() + reporters.size());
    reporters.drop_from(std::unique(reporters.data(), reporters.data() + reporters.size()));
    growing_text key, text, to_do;
    add_key(key, {made.code, trend.domain});
    text.add({"The MTA-STS policy of ", trend.domain,
              " can be enforced: in mode testing no session has failed for 7 days with reports."});
    to_do.add(
        {"Write mode: enforce into the policy, then change the id of the TXT record _mta-sts.",
         trend.domain, "."});
    return has_memory && keep({&trend.domain, 1}, made.domains) &&
           keep({reporters.data(), reporters.size()}, made.reporters) &&
           maker.keep(key, made.key) && maker.keep(text, made.text) &&
           maker.keep(to_do, made.do_first);
  }

  bool apply_known(finding_maker& maker, finding& made) const noexcept {
    for (const known_finding& known : options_.known)
      if (known.key == made.key && (!made.known_until || *made.known_until < known.until))
        made.known_until = known.until;
    if (!made.known_until) return true;
    if (*made.known_until >= made_.today()) {
      made.severity = 5;
      return true;
    }
    const day_text until = to_text(*made.known_until);
    growing_text text;
    text.add({made.text, " It was known until ", until, "."});
    return maker.keep(text, made.text);
  }

  /// RC-32, with RC-33 inside a host.
  bool sort_findings() noexcept {
    for (finding_order& one : found()) {
      one.failed = one.made.failed_at_least;
      one.reporters = one.made.reporters.size();
    }
    for_each_host([](std::span<finding_order> of_host) {
      for (finding_order& one : of_host)
        for (const finding_order& other : of_host) {
          if (other.made.severity != one.made.severity) continue;
          one.failed = std::max(one.failed, other.made.failed_at_least);
          one.reporters = std::max(one.reporters, other.made.reporters.size());
        }
    });
    std::ranges::sort(found(), [](const finding_order& a, const finding_order& b) {
      const finding &x = a.made, &y = b.made;
      if (x.severity != y.severity) return x.severity < y.severity;
      if (a.is_good != b.is_good) return b.is_good;
      if (a.failed != b.failed) return a.failed > b.failed;
      if (a.reporters != b.reporters) return a.reporters > b.reporters;
      if (a.host != b.host) return a.host < b.host;
      const int p = rank_of(a.reason), q = rank_of(b.reason);
      if (p != q) return p < q;
      return x.key < y.key;
    });
    for (const finding_order& one : found())
      if (!made_.findings_.push(one.made)) return false;
    return true;
  }

  const summary& summary_;
  const advice_options& options_;
  advice& made_;
  scope scope_;
  cluster_maker clusters_;
  arena<finding_order> found_;
};

}  // namespace detail

inline result<advice> make_advice(const summary& summary, const advice_options& options) noexcept {
  advice made;
  detail::advice_maker maker(summary, options, made);
  if (!maker.run()) return diagnostic{errc::out_of_memory};
  return made;
}

}  // namespace tlsrpt

#endif
