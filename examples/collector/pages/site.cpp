#include "site.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/error.hpp>
#include <tlsrpt/escape.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/trend.hpp>

#include "html.hpp"

namespace collector {

namespace {

using tlsrpt::finding;

template <class T>
T needed(tlsrpt::result<T> result) {
  if (!result) throw std::runtime_error(std::string(message(result.error().code)));
  return std::move(*result);
}

/// "7", "7 to 14" where sessions may be counted twice, "at least 7" where some are not known.
std::string shown(const tlsrpt::session_bounds& sessions) {
  std::string text = sessions.unknown != 0 ? "at least " : "";
  text += std::to_string(sessions.at_least);
  if (sessions.at_most != sessions.at_least) text += " to " + std::to_string(sessions.at_most);
  return text;
}

/// A percentage; of few sessions the fraction, which says more.
std::string share(std::uint64_t some, std::uint64_t all) {
  constexpr std::uint64_t few = 20;
  if (all == 0) return "-";
  if (all < few) return std::to_string(some) + " of " + std::to_string(all);
  const unsigned per_mille = tlsrpt::per_mille(some, all);
  if (some != 0 && per_mille == 0) return "under 0.1 %";
  return std::to_string(per_mille / 10) + '.' + std::to_string(per_mille % 10) + " %";
}

std::string counted(std::uint64_t number, std::string_view what) {
  return std::to_string(number) + ' ' + std::string(what) + (number == 1 ? "" : "s");
}

std::string listed(std::span<const std::string_view> names) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    (text += i == 0 ? "" : ", ") += names[i];
  if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
  return text;
}

/// A date that no line is broken in.
std::string date(tlsrpt::day day) { return std::string(to_text(day)); }

std::string time_element(tlsrpt::day day) { return "<time>" + date(day) + "</time>"; }

std::string_view words_for(tlsrpt::impact impact) {
  switch (impact) {
    case tlsrpt::impact::refused:
      return "Mail is held back, and bounces in the end.";
    case tlsrpt::impact::clear:
      return "Mail arrives in clear text.";
    case tlsrpt::impact::unprotected:
      return "Mail arrives, but unprotected.";
    case tlsrpt::impact::fallback:
      return "Mail arrives by the policy from before.";
    default:
      return "Mail arrives.";
  }
}

/// Figures of one kind of policy on one day.
struct day_figures {
  std::uint64_t ok = 0, failed = 0;
  bool is_bound = false;  ///< There may be more.
};

class site_maker {
 public:
  site_maker(const tlsrpt::ledger& ledger, const site_options& options)
      : options_(options), known_(options.domains.begin(), options.domains.end()) {
    constexpr std::size_t all_rows = 10'000'000;
    summary_ = needed(make_summary(ledger, {options.now, known_, {}, all_rows}));
    advice_ = needed(make_advice(summary_, {options.known, known_}));
    scope_ = summary_.verified_reports() == 0 ? tlsrpt::scope::all : tlsrpt::scope::verified;
    trends_ = needed(make_trends(summary_, scope_));
    using tlsrpt::key_part;
    by_domain_ = needed(total_table(summary_, {.by = key_part::domain}));
    by_day_ =
        needed(total_table(summary_, {.by = key_part::domain | key_part::kind | key_part::period}));
    failures_ = needed(failure_table(
        summary_, {.by = key_part::domain | key_part::result | key_part::host | key_part::reason}));
    by_reporter_ = needed(total_table(summary_, {.by = key_part::reporter | key_part::domain}));
    for (const tlsrpt::total_row& row : by_domain_.rows()) rows_[row.key.domain] = &row;
    for (const tlsrpt::failure_row& row : failures_.rows())
      failures_of_[row.key.domain].push_back(&row);
    for (const tlsrpt::total_row& row : by_reporter_.rows())
      reporters_of_[row.key.domain].push_back(&row);
    for (const tlsrpt::total_fact& each : summary_.totals())
      if (each.mode == tlsrpt::sts_mode::testing) testing_.insert(each.domain);
    for (const std::string& domain : options.domains) names_.insert(domain);
    if (options.domains.empty())
      for (const auto& [name, row] : rows_)
        if (tlsrpt::is_host_name(name)) names_.insert(name);
    foot_ = "Made on " + date(summary_.today()) + " from " + counted(summary_.reports(), "report") +
            ", of which " + std::to_string(summary_.verified_reports()) + " are verified" +
            (scope_ == tlsrpt::scope::all ? "; figures are those of all, unverified ones too."
                                          : "; figures are those of verified ones.") +
            " All times are UTC.";
  }

  site make() {
    site pages;
    pages["index.html"] = today();
    pages["reporters.html"] = reporters();
    pages["set-up.html"] = set_up();
    for (std::string_view name : names_)
      pages["domain/" + std::string(name) + ".html"] = domain(name);
    pages["metrics.txt"] = metrics();
    return pages;
  }

 private:
  std::string link(std::string_view domain, std::string_view root) const {
    if (!names_.contains(domain)) return escaped(domain);
    return "<a href=\"" + std::string(root) + "domain/" + escaped(domain) + ".html\">" +
           escaped(domain) + "</a>";
  }

  void write_finding(html_page& page, const finding& one, std::string_view root) const {
    page.add(one.severity <= 2 ? "<section class=\"finding\">"
                               : "<section class=\"finding later\">")
        .element("h3", one.text);
    std::string about = "Since " + date(one.since);
    if (one.last != one.since) about += ", last on " + date(one.last);
    about += " (" + std::string(one.is_spike ? "far more than before" : name(one.change)) + "). ";
    about += std::string(words_for(one.impact));
    if (one.failed_at_least != 0)
      about += " At least " + counted(one.failed_at_least, "session") + " failed; " +
               counted(one.noted, "mention") + " of this.";
    page.element("p", about);
    if (!one.reporters.empty()) {
      std::string seen = "Seen by " + listed(one.reporters) + '.';
      if (!one.others.empty()) seen += " Not seen by " + listed(one.others) + '.';
      if (!one.is_verified) seen += " Nobody vouches for these reports.";
      page.element("p", seen);
    }
    page.add("<p><strong>Do first:</strong> " + escaped_whole(one.do_first) + "</p>");
    std::string domains;
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < std::min(one.domains.size(), most); ++i)
      domains += (i == 0 ? "" : ", ") + link(one.domains[i], root);
    if (one.domains.size() > most)
      domains += " and " + std::to_string(one.domains.size() - most) + " more";
    page.add("<p class=\"dim\">" + domains + (domains.empty() ? "" : " - ") + "<code>" +
             escaped(one.key) + "</code></p></section>\n");
  }

  static std::string escaped_whole(std::string_view text) {
    std::string html;
    tlsrpt::escape::html_text(html, text);
    return html;
  }

  static bool is_to_do(const finding& one) {
    return one.severity <= 3 && one.change != tlsrpt::change::gone;
  }

  std::string today() const {
    html_page page("TLS reports: today", "", foot_);
    std::size_t to_do = 0, without = 0;
    std::set<std::string_view> troubled;
    for (const finding& one : advice_.findings()) {
      if (!is_to_do(one)) continue;
      ++to_do;
      for (std::string_view name : one.domains) troubled.insert(name);
    }
    std::size_t fine = 0;
    for (std::string_view name : names_) {
      if (has_no_data(name))
        ++without;
      else if (!troubled.contains(name))
        ++fine;
    }
    std::string state = to_do == 0 ? "Nothing to do" : counted(to_do, "thing") + " to do";
    if (!advice_.silent().empty())
      state += ", " + counted(advice_.silent().size(), "sender") + " silent";
    state += ", " + std::to_string(fine) + " of " + counted(names_.size(), "domain") + " fine";
    if (without != 0) state += ", " + std::to_string(without) + " without data";
    state += "; complete days up to " + date(summary_.today() - 1) + ", provisional from " +
             date(summary_.today() - 2) + " on.";
    page.add("<p class=\"state\">" + escaped(state) + "</p>\n");

    page.element("h2", "To do");
    constexpr std::size_t most = 20;
    std::size_t written = 0;
    for (const finding& one : advice_.findings())
      if (is_to_do(one) && written++ < most) write_finding(page, one, "");
    if (written > most)
      page.element("p", std::to_string(written - most) + " more are on the pages of the domains.");
    if (written == 0)
      page.element("p", "No report of " + counted(summary_.reports(), "report") +
                            " names anything that has to be done.");

    bool has_gone = false;
    for (const finding& one : advice_.findings()) {
      if (one.change != tlsrpt::change::gone) continue;
      if (!has_gone) page.element("h2", "Mended").add("<ul>");
      has_gone = true;
      page.element("li", std::string(one.text) + " Last seen " + date(one.last) + '.');
    }
    if (has_gone) page.add("</ul>");

    if (!advice_.silent().empty()) {
      page.element("h2", "Silent");
      page.begin_table("Senders that reported regularly, and no longer do",
                       {"Sender", "Domain", "Last report", "Days"}, 3);
      for (const auto& one : advice_.silent())
        page.row({escaped(one.reporter), link(one.domain, ""), time_element(one.last),
                  std::to_string(one.days)});
      page.end_table();
    }
    if (!options_.health.empty()) {
      page.element("h2", "Intake");
      page.begin_table("Answers of the receiver, in all", {"Answer", "Requests"}, 1);
      for (const auto& [what, times] : options_.health)
        page.row({escaped(what), std::to_string(times)});
      page.end_table();
    }
    page.add("<h2 id=\"domains\">Domains</h2>\n");
    page.begin_table("Sessions in all reports, by domain",
                     {"Domain", "State", "With TLS", "Failed", "Share failed"}, 2);
    for (std::string_view name : names_) {
      const auto found = rows_.find(name);
      const std::string state_of = troubled.contains(name) ? "to do"
                                   : has_no_data(name)     ? "no data"
                                                           : "fine";
      if (found == rows_.end()) {
        page.row({link(name, ""), state_of, "-", "-", "-"});
        continue;
      }
      const tlsrpt::session_figures& in = found->second->in(scope_);
      page.row({link(name, ""), state_of, shown(in.ok), shown(in.failed),
                share(in.failed.at_least, in.sessions.at_least)});
    }
    page.end_table();
    return page.text();
  }

  bool has_no_data(std::string_view domain) const {
    bool has_any = false;
    for (const tlsrpt::domain_trend& one : domain_trends(domain)) {
      if (!one.has_no_data) return false;
      has_any = true;
    }
    return has_any || !rows_.contains(domain);
  }

  /// The part of sorted rows that is about a domain.
  std::span<const tlsrpt::domain_trend> domain_trends(std::string_view domain) const {
    const auto all = trends_.domains();
    const auto first = std::ranges::lower_bound(all, domain, {}, &tlsrpt::domain_trend::domain);
    const auto last = std::ranges::upper_bound(all, domain, {}, &tlsrpt::domain_trend::domain);
    return {first, last};
  }

  std::string domain(std::string_view name) const {
    html_page page(name, "../", foot_);
    const auto found = rows_.find(name);
    if (found == rows_.end()) {
      page.element("p",
                   "There is no report about this domain yet. Senders report once a day, after "
                   "midnight; the record that asks them to is on the page Set-up.");
      return page.text();
    }
    page.element("h2", "To do");
    bool has_any = false;
    for (const finding& one : advice_.findings()) {
      if (std::ranges::find(one.domains, name) == one.domains.end()) continue;
      has_any = true;
      write_finding(page, one, "../");
    }
    if (!has_any) page.element("p", "Nothing: no report names anything that has to be done here.");

    page.element("h2", "Sessions by day");
    page.element("p",
                 "Senders count the same sessions under each kind of policy, so the kinds stand "
                 "side by side and are not added.");
    for (const auto& [kind, days] : days_of(name)) chart(page, kind, days);

    page.element("h2", "Failures");
    bool has_failures = false;
    for (const tlsrpt::failure_row* const each : rows_of(failures_of_, name)) {
      const tlsrpt::failure_row& row = *each;
      if (!has_failures)
        page.begin_table("Sessions that senders mention with a failure; one may be in several rows",
                         {"Mail host", "Result", "Reason", "From", "To", "Mentions"}, 5);
      has_failures = true;
      page.row({escaped(row.host), escaped(row.result.text), escaped(row.reason),
                time_element(row.first), time_element(row.last), shown_sum(row.in(scope_))});
    }
    if (has_failures)
      page.end_table();
    else
      page.element("p", "No report mentions a failure.");

    page.element("h2", "Reporters");
    page.begin_table("Who reports about this domain",
                     {"Reporter", "Last report", "With TLS", "Failed"}, 2);
    for (const tlsrpt::total_row* const row : rows_of(reporters_of_, name))
      page.row({escaped(row->key.reporter), time_element(row->last), shown(row->in(scope_).ok),
                shown(row->in(scope_).failed)});
    page.end_table();

    if (testing_.contains(name)) write_readiness(page, name);
    return page.text();
  }

  void write_readiness(html_page& page, std::string_view name) const {
    page.element("h2", "Ready for enforce?");
    const tlsrpt::readiness ready = needed(ready_for_enforce(summary_, name, scope_));
    if (ready.is_ready()) {
      page.element("p", "Yes: a policy in mode testing can go to enforce.");
    } else {
      page.element("p", "Not yet, of a policy in mode testing:").add("<ul>");
      if (ready.has_few_days) page.element("li", "There are fewer than 14 days with data.");
      if (ready.has_few_reporters) page.element("li", "There are fewer than two reporters.");
      if (ready.has_failures) page.element("li", "Sessions failed in the last 7 days with data.");
      if (ready.has_uncovered_host) page.element("li", "The policy does not list all mail hosts.");
      if (ready.has_policy_failures)
        page.element("li", "The policy itself failed in the last 14 days.");
      page.add("</ul>");
    }
  }

  template <class Row>
  using rows_by_domain = std::map<std::string_view, std::vector<const Row*>>;

  template <class Row>
  static std::span<const Row* const> rows_of(const rows_by_domain<Row>& rows,
                                             std::string_view domain) {
    const auto found = rows.find(domain);
    if (found == rows.end()) return {};
    return found->second;
  }

  static std::string shown_sum(const tlsrpt::session_sum& sum) {
    return (sum.unknown != 0 ? "at least " : "") + std::to_string(sum.sessions);
  }

  using day_map = std::map<tlsrpt::day, day_figures>;

  /// Days with data of the last 90, by kind.
  std::map<std::string, day_map> days_of(std::string_view domain) const {
    std::map<std::string, day_map> kinds;
    const tlsrpt::day first = summary_.today() - days_shown;
    const auto [begin, end] = rows_by_day(domain);
    for (auto at = begin; at != end; ++at) {
      const tlsrpt::total_row& row = *at->second;
      if (row.key.days != 1 || row.key.first < first) continue;
      const tlsrpt::session_figures& in = row.in(scope_);
      kinds[std::string(kind_name(row.key.kind))][row.key.first] = {
          in.ok.at_least, in.failed.at_least, in.ok.unknown + in.failed.unknown != 0};
    }
    return kinds;
  }

  using row_index = std::multimap<std::string_view, const tlsrpt::total_row*>;
  std::pair<row_index::const_iterator, row_index::const_iterator> rows_by_day(
      std::string_view domain) const {
    if (day_index_.empty())
      for (const tlsrpt::total_row& row : by_day_.rows()) day_index_.emplace(row.key.domain, &row);
    return day_index_.equal_range(domain);
  }

  void chart(html_page& page, const std::string& kind, const day_map& days) const {
    constexpr int bar = 10, height = 120;
    constexpr std::int32_t fewest_days = 28;
    const std::int32_t shown_days = std::max(fewest_days, summary_.today() - days.begin()->first);
    const tlsrpt::day first = summary_.today() - shown_days;
    std::uint64_t most = 1, ok = 0, failed = 0;
    for (const auto& [day, of] : days) {
      most = std::max(most, of.ok + of.failed);
      ok += of.ok;
      failed += of.failed;
    }
    const std::string title = kind == "none" ? "Without a policy" : "Policies of kind " + kind;
    const std::string sentence = counted(days.size(), "day") + " with data of the last " +
                                 std::to_string(shown_days) + ": " + std::to_string(ok) +
                                 " sessions with TLS, " + std::to_string(failed) +
                                 " failed; at most " + std::to_string(most) + " on a day.";
    page.element("h3", title).element("p", sentence);
    std::string svg = "<svg role=\"img\" viewBox=\"0 0 " + std::to_string(shown_days * bar) + ' ' +
                      std::to_string(height + 2) + "\" aria-labelledby=\"t-" + kind + " d-" + kind +
                      "\"><title id=\"t-" + kind + "\">" + title + "</title><desc id=\"d-" + kind +
                      "\">" + sentence + "</desc><defs><pattern id=\"h-" + kind +
                      "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect "
                      "class=\"failed\" width=\"5\" height=\"5\"/><path class=\"hatch\" "
                      "d=\"M0 5L5 0\"/></pattern></defs>";
    const auto rect = [&svg](std::string_view what, int x, int y, int tall) {
      if (tall > 0)
        svg += "<rect " + std::string(what) + " x=\"" + std::to_string(x) + "\" y=\"" +
               std::to_string(y) + "\" width=\"" + std::to_string(bar - 2) + "\" height=\"" +
               std::to_string(tall) + "\"/>";
    };
    const auto tall = [most](std::uint64_t sessions) {
      if (sessions == 0) return 0;
      const double part = static_cast<double>(sessions) / static_cast<double>(most);
      return std::max(2, static_cast<int>(part * (height - 4)));
    };
    for (const auto& [day, of] : days) {
      const int x = (day - first) * bar;
      if (x >= shown_days * bar) continue;
      const int good = tall(of.ok), bad = tall(of.failed);
      rect("class=\"ok\"", x, height - good, good);
      rect("fill=\"url(#h-" + kind + ")\"", x, std::max(0, height - good - bad), bad);
    }
    svg += "<path class=\"axis\" d=\"M0 " + std::to_string(height) + 'H' +
           std::to_string(shown_days * bar) + "\"/></svg>\n";
    page.add(svg)
        .element("p", date(first) + " to " + date(summary_.today() - 1))
        .add("<details><summary>" + title + " as a table</summary>");
    page.begin_table(title + ", by day", {"Day", "With TLS", "Failed", "Share failed"}, 1);
    for (auto at = days.rbegin(); at != days.rend(); ++at) {
      const auto& [day, of] = *at;
      const std::string bound = of.is_bound ? "at least " : "";
      page.row({time_element(day) + (summary_.is_provisional(day) ? " (provisional)" : ""),
                bound + std::to_string(of.ok), bound + std::to_string(of.failed),
                share(of.failed, of.ok + of.failed)});
    }
    page.end_table();
    page.add("</details>\n");
  }

  std::string reporters() const {
    html_page page("Reporters", "", foot_);
    page.begin_table("Who reports, about which domain",
                     {"Reporter", "Domain", "Last report", "Rhythm"}, 4);
    for (const tlsrpt::heartbeat& one : trends_.heartbeats())
      if (names_.contains(one.domain))
        page.row({escaped(one.reporter), link(one.domain, ""), time_element(one.last),
                  one.is_silent
                      ? "silent for " + counted(static_cast<std::uint64_t>(one.days), "day")
                  : one.is_expected ? "expected, not here yet"
                  : one.is_regular  ? "regular"
                                    : "now and then"});
    page.end_table();
    return page.text();
  }

  std::string set_up() const {
    html_page page("Set-up", "", foot_);
    page.element("p",
                 "A domain asks for reports by one TXT record. By mail, put an address of your own "
                 "in place of this one; for HTTPS, tlsrpt-intake token add prints the line.");
    for (std::string_view name : names_) {
      page.element("h2", name);
      page.code("_smtp._tls." + std::string(name) +
                ". IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@" + std::string(name) + "\"");
    }
    return page.text();
  }

  /// Gauges about the last complete day, and what intake counted (OpenMetrics).
  std::string metrics() const {
    std::string text = "# TYPE tlsrpt_sessions gauge\n";
    const tlsrpt::day last = summary_.today() - 1;
    const auto label = [&text](std::string_view name, std::string_view value) {
      (text += name) += '=';
      tlsrpt::escape::openmetrics_label(text, value);
    };
    for (std::string_view name : names_)
      for (const auto& [kind, days] : days_of(name)) {
        const auto found = days.find(last);
        if (found == days.end()) continue;
        for (const auto& [outcome, sessions] :
             {std::pair("ok", found->second.ok), std::pair("failed", found->second.failed)}) {
          label("tlsrpt_sessions{domain", name);
          label(",kind", kind);
          label(",outcome", outcome);
          text += "} " + std::to_string(sessions) + '\n';
        }
      }
    text += "# TYPE tlsrpt_findings gauge\n";
    for (int severity = 1; severity <= 5; ++severity)
      text += "tlsrpt_findings{severity=\"" + std::to_string(severity) + "\"} " +
              std::to_string(std::ranges::count(advice_.findings(), severity, &finding::severity)) +
              '\n';
    text += "# TYPE tlsrpt_day_timestamp_seconds gauge\ntlsrpt_day_timestamp_seconds " +
            std::to_string(first_second_of(last)) + '\n';
    text += "# TYPE tlsrpt_intake counter\n";
    for (const auto& [what, times] : options_.health) {
      label("tlsrpt_intake_total{verdict", what);
      text += "} " + std::to_string(times) + '\n';
    }
    return text + "# EOF\n";
  }

  static constexpr std::int32_t days_shown = 90;

  const site_options& options_;
  std::vector<std::string_view> known_;
  tlsrpt::summary summary_{};
  tlsrpt::advice advice_{};
  tlsrpt::scope scope_{};
  tlsrpt::trends trends_{};
  tlsrpt::table<tlsrpt::total_row> by_domain_{}, by_day_{}, by_reporter_{};
  tlsrpt::table<tlsrpt::failure_row> failures_{};
  std::map<std::string_view, const tlsrpt::total_row*> rows_{};
  rows_by_domain<tlsrpt::failure_row> failures_of_{};
  rows_by_domain<tlsrpt::total_row> reporters_of_{};
  std::set<std::string_view> testing_{};  ///< Domains with a policy in mode testing.
  std::set<std::string_view> names_{};
  mutable row_index day_index_{};
  std::string foot_{};
};

}  // namespace

site make_site(const tlsrpt::ledger& ledger, const site_options& options) {
  return site_maker(ledger, options).make();
}

}  // namespace collector
