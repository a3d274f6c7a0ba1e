/// @file
/// Bodies of advice.hpp.

#ifndef TLSRPT_HPP_IMPL_ADVICE
#define TLSRPT_HPP_IMPL_ADVICE

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include <tlsrpt/detail/advice/clusters.hpp>
#include <tlsrpt/detail/advice/facts.hpp>
#include <tlsrpt/detail/advice/finding_maker.hpp>
#include <tlsrpt/detail/advice/history.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt {

constexpr std::string_view name(impact impact) noexcept {
  constexpr std::string_view names[] = {"delivered", "fallback", "unprotected", "clear", "refused"};
  const auto place = static_cast<std::size_t>(impact);
  return names[place < std::size(names) ? place : 0];
}

inline known_list parse_known(std::string_view text) {
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
    if (is_until && until && !key.empty() && line.empty())
      list.known.push_back({*until, key});
    else
      list.unreadable.push_back({number});
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

/// Of failures without a reason and of those with one at the same host, under the same kind of
/// policy, and from the same senders, the latter come first: what is mended there may mend all.
inline void absorb_those_without_reason(std::vector<std::pair<cluster, finding>>& all) {
  const auto has_reason = [](const cluster& one) { return one.reason != reason_id::none; };
  const auto kind = [](const cluster& one) { return one.failures.front()->row.kind; };
  const auto is_absorbed = [&](const std::pair<cluster, finding>& one) {
    if (has_reason(one.first) || one.first.host.empty()) return false;
    for (auto& pair : all) {
      const cluster& other = pair.first;
      finding& made = pair.second;
      const auto is_known = [&other](std::string_view reporter) {
        return other.reporters.contains(reporter);
      };
      const bool is_over = made.change == change::gone || made.change == change::unconfirmed;
      if (!has_reason(other) || other.host != one.first.host || kind(other) != kind(one.first) ||
          is_over || !std::all_of(one.first.reporters.begin(), one.first.reporters.end(), is_known))
        continue;
      made.without_reason = sum_of_sessions(made.without_reason, one.second.noted);
      return true;
    }
    return false;
  };
  std::vector<bool> absorbed;
  for (const auto& one : all) absorbed.push_back(is_absorbed(one));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (absorbed[i]) continue;
    if (kept != i) all[kept] = std::move(all[i]);
    ++kept;
  }
  all.resize(kept);
}

/// All regular reporters of a domain are silent (AG-54).
inline finding stopped_finding(std::string_view domain,
                               const std::vector<silent_reporter>& silent) {
  finding made;
  made.code = "stopped";
  made.key = key_of({made.code, domain});
  made.severity = 1;
  made.party = party::dns;
  made.domains.emplace_back(domain);
  made.reason = "-";
  for (const silent_reporter& one : silent) {
    made.reporters.push_back(one.reporter);
    made.last = std::max(made.last, one.last);
  }
  made.since = made.last + 1;
  made.change = change::gone;
  made.text = "No regular reporter of " + made.domains.front() + " has reported since " +
              std::string(to_text(made.last)) + '.';
  made.do_first = "Check the TXT record _smtp._tls." + made.domains.front() +
                  ", and that its addresses take mail or POSTs.";
  return made;
}

inline void apply_known(finding& made, const advice_options& options) {
  for (const known_finding& known : options.known)
    if (known.key == made.key && (!made.known_until || *made.known_until < known.until))
      made.known_until = known.until;
  if (!made.known_until) return;
  if (*made.known_until >= options.today)
    made.severity = 5;
  else
    made.text += " It was known until " + std::string(to_text(*made.known_until)) + '.';
}

}  // namespace detail

inline advice make_advice(const ledger& ledger, const advice_options& options) {
  const day last = options.today - 1;
  const detail::advice_facts facts(ledger, last);
  const detail::advice_history history(facts, last);
  const detail::finding_maker maker(ledger, facts, history);
  std::vector<std::pair<detail::cluster, finding>> found;
  for (detail::cluster& one : detail::clusters_of(facts, history)) {
    finding made = maker.make(one);
    found.emplace_back(std::move(one), std::move(made));
  }
  detail::absorb_those_without_reason(found);
  advice made;
  for (auto& one : found) made.findings.push_back(std::move(one.second));
  for (const auto& [domain, of_domain] : history.domains()) {
    std::size_t regular = 0;
    const auto silent = detail::silent_reporters(domain, of_domain, last, regular);
    if (regular >= 2 && silent.size() == regular)
      made.findings.push_back(detail::stopped_finding(domain, silent));
    made.silent.insert(made.silent.end(), silent.begin(), silent.end());
  }
  for (finding& one : made.findings) detail::apply_known(one, options);
  std::sort(made.findings.begin(), made.findings.end(), [](const finding& a, const finding& b) {
    return std::tuple(a.severity, b.failed_at_least, b.reporters.size(), std::string_view(a.key)) <
           std::tuple(b.severity, a.failed_at_least, a.reporters.size(), std::string_view(b.key));
  });
  return made;
}

}  // namespace tlsrpt

#endif
