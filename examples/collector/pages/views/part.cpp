#include "part.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include <tlsrpt/error.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/trend.hpp>

#include "chart.hpp"
#include "words.hpp"

namespace collector {

namespace {

/// So much of each list is on the page of a domain.
constexpr std::size_t most_findings = 20, most_failures = 100, most_reporters = 100,
                      most_policies = 10;
/// Rows that are kept for the pages of mail hosts.
constexpr std::size_t most_host_rows = 20'000;

template <class T>
T needed(tlsrpt::result<T> result) {
  if (!result) throw std::runtime_error(std::string(message(result.error().code)));
  return std::move(*result);
}

template <class Row>
using rows_by_domain = std::map<std::string_view, std::vector<const Row*>>;

template <class Row>
rows_by_domain<Row> by_domain(const tlsrpt::table<Row>& table) {
  rows_by_domain<Row> rows;
  for (const Row& row : table.rows()) rows[row.key.domain].push_back(&row);
  return rows;
}

template <class Row>
std::span<const Row* const> rows_of(const rows_by_domain<Row>& rows, std::string_view domain) {
  const auto found = rows.find(domain);
  if (found == rows.end()) return {};
  return found->second;
}

/// The part of sorted rows that is about a domain.
template <class Row>
std::span<const Row> about(std::span<const Row> all, std::string_view domain) {
  const auto domain_of = [](const Row& row) -> std::string_view { return row.domain; };
  return {std::ranges::lower_bound(all, domain, {}, domain_of),
          std::ranges::upper_bound(all, domain, {}, domain_of)};
}

class part_writer {
 public:
  part_writer(const tlsrpt::ledger& ledger, std::span<const std::string_view> names,
              const part_options& options, text_store& texts, const page_sink& sink)
      : ledger_(ledger), names_(names), options_(options), texts_(texts), sink_(sink) {
    using tlsrpt::key_part;
    constexpr std::size_t all_rows = 10'000'000;
    summary_ = needed(make_summary(ledger, {.now = options.now, .rows = all_rows}));
    advice_ = needed(make_advice(summary_, {.known = options.known, .domains = names}));
    trends_ = needed(make_trends(summary_, options.scope));
    totals_ = needed(total_table(summary_, {.by = key_part::domain}));
    of_days_ =
        needed(total_table(summary_, {.by = key_part::domain | key_part::kind | key_part::period}));
    of_reporters_ = needed(total_table(summary_, {.by = key_part::domain | key_part::reporter}));
    of_policies_ = needed(total_table(
        summary_, {.by = key_part::domain | key_part::kind | key_part::mode | key_part::policy}));
    failures_ = needed(failure_table(
        summary_, {.by = key_part::domain | key_part::result | key_part::host | key_part::reason}));
  }

  part_figures write() {
    keep_findings();
    keep_silent();
    keep_reporters();
    keep_hosts();
    keep_day();
    const auto totals = by_domain(totals_);
    days_ = by_domain(of_days_);
    reporters_ = by_domain(of_reporters_);
    policies_ = by_domain(of_policies_);
    failure_rows_ = by_domain(failures_);
    keep_newest_reports();
    for (std::string_view name : names_) {
      const auto rows = rows_of(totals, name);
      write_domain(name, !rows.empty());
      if (rows.empty()) continue;
      kept_.domains.push_back(
          {texts_.keep(name), rows[0]->in(options_.scope), rows[0]->last, has_data(name)});
    }
    return std::move(kept_);
  }

 private:
  bool is_here(std::string_view domain) const { return std::ranges::binary_search(names_, domain); }

  // ---- what is kept

  void keep_findings() {
    kept_.left_out = advice_.left_out();
    for (const tlsrpt::finding& one : advice_.findings()) {
      kept_.findings.emplace_back(one);
      for (std::string_view domain : one.domains) findings_[domain].push_back(&one);
      if (!one.host.empty()) hosts_.insert(one.host);
      for (const tlsrpt::digest& report : one.evidence) reports_.insert(report);
    }
  }

  void keep_silent() {
    for (const tlsrpt::silent_reporter& one : advice_.silent())
      kept_.silent.push_back(
          {texts_.keep(one.reporter), texts_.keep(one.domain), one.last, one.days});
  }

  static collector::rhythm rhythm_of(const tlsrpt::heartbeat& beat) {
    if (beat.is_silent) return rhythm::silent;
    if (beat.is_expected) return rhythm::expected;
    return beat.is_regular ? rhythm::regular : rhythm::now_and_then;
  }

  /// Whether a row is of a reporter that nobody vouches for, while there are others.
  bool is_apart(const tlsrpt::total_row& row) const {
    return options_.scope == tlsrpt::scope::verified && row.key.trust == tlsrpt::trust::claimed;
  }
  const tlsrpt::session_figures& figures_of(const tlsrpt::total_row& row) const {
    return is_apart(row) ? row.all : row.in(options_.scope);
  }

  /// Of each reporter that has a page: what it says about each domain.
  void keep_reporters() {
    constexpr std::int32_t days = 28;
    std::map<std::pair<std::string_view, std::string_view>, reporter_line> lines;
    for (const tlsrpt::total_row& row : of_reporters_.rows()) {
      if (!is_here(row.key.domain) || !options_.names.has_reporter(row.key.reporter)) continue;
      reporter_line& line = lines[{row.key.domain, row.key.reporter}];
      const tlsrpt::session_figures& in = figures_of(row);
      line.last = std::max(line.last, row.last);
      line.is_verified = line.is_verified || row.key.trust == tlsrpt::trust::verified;
      line.ok = sum(line.ok, in.ok);
      line.failed = sum(line.failed, in.failed);
    }
    for (const tlsrpt::heartbeat& beat : trends_.heartbeats())
      if (const auto found = lines.find({beat.domain, beat.reporter}); found != lines.end())
        found->second.rhythm = rhythm_of(beat);
    const tlsrpt::day today = summary_.today();
    for (const tlsrpt::total_fact& one : summary_.totals()) {
      const auto found = lines.find({one.domain, one.reporter});
      const std::int32_t ago = today - 1 - one.first;
      if (found != lines.end() && one.days == 1 && ago >= 0 && ago < days)
        found->second.days |= std::uint32_t{1} << ago;
    }
    for (auto& [of, line] : lines) {
      line.domain = texts_.keep(of.first);
      line.reporter = texts_.keep(of.second);
      kept_.reporters.push_back(line);
    }
  }

  void keep_hosts() {
    using tlsrpt::key_part;
    const auto rows =
        needed(failure_table(summary_, {.by = key_part::domain | key_part::result | key_part::host |
                                              key_part::reason | key_part::node}));
    for (const tlsrpt::failure_row& row : rows.rows()) {
      if (!hosts_.contains(row.host) || !is_here(row.key.domain)) continue;
      if (kept_.hosts.size() == most_host_rows) return;
      kept_.hosts.push_back({texts_.keep(row.host), texts_.keep(row.key.domain),
                             texts_.keep(row.result.text), texts_.keep(row.reason),
                             texts_.keep(row.node), row.first, row.last, row.in(options_.scope)});
    }
  }

  /// The last complete day, for metrics.
  void keep_day() {
    const tlsrpt::day yesterday = summary_.today() - 1;
    const auto is_wanted = [&](const tlsrpt::fact& one) {
      return one.days == 1 && one.first == yesterday && is_here(one.domain);
    };
    std::map<std::pair<std::string_view, std::pair<std::string_view, tlsrpt::trust>>, day_line>
        days;
    for (const tlsrpt::total_fact& one : summary_.totals()) {
      if (!is_wanted(one)) continue;
      const std::string_view kind = kind_name(one.kind);
      day_line& line = days[{one.domain, {kind, one.trust}}];
      line.kind = kind;
      line.trust = one.trust;
      line.ok += one.ok;
      line.failed += one.failed;
    }
    for (auto& [of, line] : days) {
      line.domain = texts_.keep(of.first);
      kept_.days.push_back(line);
    }
    std::map<std::pair<std::string_view, std::string_view>, tlsrpt::session_sum> mentions;
    for (const tlsrpt::failure_fact& one : summary_.failures())
      if (is_wanted(one) &&
          (options_.scope == tlsrpt::scope::all || one.trust == tlsrpt::trust::verified))
        mentions[{one.domain, name(one.result.value)}] += one.noted;
    for (const auto& [of, noted] : mentions)
      kept_.mentions.push_back({texts_.keep(of.first), texts_.keep(of.second), noted});
  }

  /// The newest of each domain.
  void keep_newest_reports() {
    if (options_.reports_of_domain != 0)
      for (const tlsrpt::ledger_entry& entry : ledger_.entries()) {
        std::set<std::string_view> domains{entry.domain_or_inferred(entry.about)};
        for (const tlsrpt::ledger_total& row : entry.totals)
          domains.insert(entry.domain_or_inferred(row.domain));
        for (std::string_view domain : domains)
          if (is_here(domain))
            newest_[domain].push_back({entry.first, entry.digest, entry.reporter});
      }
    for (auto& [domain, reports] : newest_) {
      std::ranges::sort(reports, [](const listed_report& a, const listed_report& b) {
        return a.day != b.day ? a.day > b.day : a.digest < b.digest;
      });
      reports.resize(std::min(reports.size(), options_.reports_of_domain));
      for (const listed_report& one : reports) reports_.insert(one.digest);
    }
    kept_.reports.assign(reports_.begin(), reports_.end());
  }

  bool has_data(std::string_view domain) const {
    const auto trends = about(trends_.domains(), domain);
    return std::ranges::any_of(trends,
                               [](const tlsrpt::domain_trend& one) { return !one.has_no_data; });
  }

  // ---- the page of a domain

  void write_domain(std::string_view name, bool has_reports) {
    html_page page(domain_file(name), name, options_.foot);
    if (!has_reports) {
      page.element("p",
                   "There is no report about this domain yet. Senders report once a day, after "
                   "midnight.");
    } else {
      add_findings(page, name);
      add_days(page, name);
      add_failures(page, name);
      add_reporters(page, name);
      add_policies(page, name);
      if (is_testing(name)) add_readiness(page, name);
    }
    page.element("h2", "Set-up");
    options_.add_set_up(page, name, seen_of(name));
    if (const auto found = newest_.find(name); found != newest_.end())
      add_reports(page, found->second);
    sink_(page.name(), page.text());
  }

  void add_findings(html_page& page, std::string_view name) const {
    page.element("h2", "To do");
    const auto found = findings_.find(name);
    if (found == findings_.end()) {
      page.element("p", "Nothing: no report names anything that has to be done here.");
      return;
    }
    const auto& findings = found->second;
    const std::vector<seen_policy> seen = seen_of(name);
    for (std::size_t i = 0; i < std::min(findings.size(), most_findings); ++i) {
      add_finding(page, kept_finding(*findings[i]), options_.names);
      if (options_.looks_mended(*findings[i], summary_.today(), name, seen))
        page.element("p",
                     "This looks mended: what helps is published, and nobody has noted it for two "
                     "days.");
    }
    if (findings.size() > most_findings)
      page.element("p", counted(findings.size() - most_findings, "more finding") +
                            " of less weight: tlsrpt advise has them all.");
  }

  void add_days(html_page& page, std::string_view name) const {
    std::map<std::string_view, day_map> kinds;
    const tlsrpt::day today = summary_.today();
    for (const tlsrpt::total_row* const row : rows_of(days_, name)) {
      if (row->key.days != 1 || row->key.first < today - days_shown || row->key.first >= today)
        continue;
      const tlsrpt::session_figures& in = row->in(options_.scope);
      kinds[kind_name(row->key.kind)][row->key.first] = {in.ok.at_least, in.failed.at_least,
                                                         in.ok.unknown + in.failed.unknown != 0};
    }
    page.element("h2", "Sessions by day");
    if (kinds.empty()) page.element("p", "No report is about one of the last 90 days.");
    if (kinds.size() > 1)
      page.element("p",
                   "Senders may count one session under several kinds of policies, so the kinds "
                   "stand side by side and are not added.");
    for (const auto& [kind, days] : kinds) add_chart(page, kind, days, today);
  }

  void add_failures(html_page& page, std::string_view name) const {
    page.element("h2", "Failures");
    const auto rows = rows_of(failure_rows_, name);
    if (rows.empty()) {
      page.element("p", "No report mentions a failure.");
      return;
    }
    page.begin_table("Sessions that senders mention with a failure; one may be in several rows",
                     {"Mail host", "Result", "Reason", "Days", "Mentions"}, 4);
    for (const tlsrpt::failure_row* const row : rows.first(std::min(rows.size(), most_failures)))
      page.row({hosts_.contains(row->host) ? host_link(page, row->host)
                                           : said(row->host) + in_unicode(row->host),
                said_code(row->result.text), said_code(row->reason),
                time_elements(row->first, row->last), shown(row->in(options_.scope))});
    page.end_table();
    add_rest(page, rows.size(), most_failures);
  }

  void add_reporters(html_page& page, std::string_view name) const {
    page.element("h2", "Reporters");
    const auto rows = rows_of(reporters_, name);
    page.begin_table("Who reports about this domain",
                     {"Reporter", "Last report", "With TLS", "Failed"}, 2);
    for (const tlsrpt::total_row* const row : rows.first(std::min(rows.size(), most_reporters))) {
      const tlsrpt::session_figures& in = figures_of(*row);
      page.row({reporter_link(page, row->key.reporter, options_.names) +
                    (is_apart(*row) ? " (unverified)" : ""),
                time_element(row->last), shown(in.ok), shown(in.failed)});
    }
    page.end_table();
    add_rest(page, rows.size(), most_reporters);
  }

  /// The newest policy of each kind.
  std::vector<seen_policy> seen_of(std::string_view name) const {
    std::map<tlsrpt::policy_type, const tlsrpt::total_row*> newest;
    for (const tlsrpt::total_row* const row : rows_of(policies_, name)) {
      if (row->policy == tlsrpt::policy_id::none) continue;
      const tlsrpt::total_row*& kept = newest[row->key.kind];
      if (kept == nullptr || kept->last < row->last) kept = row;
    }
    std::vector<seen_policy> seen;
    seen.reserve(newest.size());
    for (const auto& [kind, row] : newest) seen.push_back({kind, ledger_.policy_text(row->policy)});
    return seen;
  }

  void add_policies(html_page& page, std::string_view name) const {
    std::vector<const tlsrpt::total_row*> rows;
    for (const tlsrpt::total_row* const row : rows_of(policies_, name))
      if (row->policy != tlsrpt::policy_id::none) rows.push_back(row);
    if (rows.empty()) return;
    std::ranges::sort(rows, [](const tlsrpt::total_row* a, const tlsrpt::total_row* b) {
      return a->last != b->last ? a->last > b->last : a->policy < b->policy;
    });
    page.element("h2", "Policies that senders saw").add("<dl>\n");
    for (std::size_t i = 0; i < std::min(rows.size(), most_policies); ++i) {
      const tlsrpt::total_row& row = *rows[i];
      page.add("<dt>" + std::string(words_for(row.key.kind)) + ", " + time_element(row.first) +
               (row.first == row.last ? "" : " to " + time_element(row.last)) + ", seen by " +
               counted(row.reporters, "reporter") + "</dt><dd>");
      constexpr std::size_t longest = 2000;
      page.code(ledger_.policy_text(row.policy).substr(0, longest)).add("</dd>\n");
    }
    page.add("</dl>\n");
    add_rest(page, rows.size(), most_policies);
  }

  bool is_testing(std::string_view name) const {
    return std::ranges::any_of(rows_of(policies_, name), [](const tlsrpt::total_row* row) {
      return row->key.mode == tlsrpt::sts_mode::testing;
    });
  }

  void add_readiness(html_page& page, std::string_view name) const {
    page.element("h2", "Ready for enforce?");
    const tlsrpt::readiness ready = needed(ready_for_enforce(summary_, name, options_.scope));
    if (ready.is_ready()) {
      page.element("p", "Yes: a policy in mode testing can go to enforce.");
      return;
    }
    page.element("p", "Not yet, of a policy in mode testing:").add("<ul>\n");
    if (ready.has_few_days) page.element("li", "Fewer than 14 of the last 28 days have data.");
    if (ready.has_few_reporters)
      page.element("li", "There are fewer than two reporters in these days.");
    if (ready.has_failures) page.element("li", "Sessions failed in the last 7 days with data.");
    if (ready.has_uncovered_host) page.element("li", "The policy does not list all mail hosts.");
    if (ready.has_policy_failures)
      page.element("li", "The policy itself failed in the last 14 days.");
    page.add("</ul>\n");
  }

  struct listed_report {
    tlsrpt::day day{};
    tlsrpt::digest digest{};
    std::string_view reporter{};
  };

  void add_reports(html_page& page, const std::vector<listed_report>& reports) const {
    page.element("h2", "Newest reports");
    page.begin_table("Reports, the newest first", {"Report", "Day", "Reporter"}, 3);
    for (const listed_report& one : reports)
      page.row({page.link(report_file(one.digest), std::string(to_text(one.digest)).substr(0, 8)),
                time_element(one.day), reporter_link(page, one.reporter, options_.names)});
    page.end_table();
  }

  static void add_rest(html_page& page, std::size_t all, std::size_t most) {
    if (all > most)
      page.element("p", counted(all - most, "more row") + " with fewer sessions " +
                            (all - most == 1 ? "is" : "are") + " left out.");
  }

  const tlsrpt::ledger& ledger_;
  std::span<const std::string_view> names_;
  const part_options& options_;
  text_store& texts_;
  const page_sink& sink_;
  tlsrpt::summary summary_{};
  tlsrpt::advice advice_{};
  tlsrpt::trends trends_{};
  tlsrpt::table<tlsrpt::total_row> totals_{}, of_days_{}, of_reporters_{}, of_policies_{};
  tlsrpt::table<tlsrpt::failure_row> failures_{};
  rows_by_domain<tlsrpt::total_row> days_{}, reporters_{}, policies_{};
  rows_by_domain<tlsrpt::failure_row> failure_rows_{};
  std::map<std::string_view, std::vector<const tlsrpt::finding*>> findings_{};
  std::map<std::string_view, std::vector<listed_report>> newest_{};
  std::set<std::string_view> hosts_{};
  std::set<tlsrpt::digest> reports_{};
  part_figures kept_{};
};

}  // namespace

part_figures write_part(const tlsrpt::ledger& ledger, std::span<const std::string_view> names,
                        const part_options& options, text_store& texts, const page_sink& sink) {
  return part_writer(ledger, names, options, texts, sink).write();
}

}  // namespace collector
