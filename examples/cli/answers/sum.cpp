#include "sum.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/sts_policy.hpp>
#include <tlsrpt/vocabulary.hpp>

#include "../output/words.hpp"
#include "known.hpp"
#include "openmetrics.hpp"

namespace cli {

namespace {

using json = nlohmann::ordered_json;
using tlsrpt::key_part;

constexpr key_part policy_parts = key_part::kind | key_part::mode;
constexpr key_part usual_totals = key_part::domain | policy_parts;
constexpr key_part usual_failures = key_part::domain | key_part::kind | key_part::result |
                                    key_part::host | key_part::node | key_part::reason;
constexpr key_part parts_of_totals =
    key_part::domain | policy_parts | key_part::policy | key_part::reporter | key_part::period;

constexpr key_part only(key_part set, key_part parts) {
  return static_cast<key_part>(static_cast<unsigned>(set) & static_cast<unsigned>(parts));
}

/// What is shown: the figures of the domains that were asked for, in the scope that says most.
struct sums {
  tlsrpt::scope scope = tlsrpt::scope::all;
  key_part by_total = usual_totals, by_failure = usual_failures;
  std::vector<tlsrpt::table<tlsrpt::total_row>> totals{};      ///< One, or one for each domain.
  std::vector<tlsrpt::table<tlsrpt::failure_row>> failures{};  ///< As `totals`.

  /// The figures of a row, and whether nobody who is authenticated says any of them.
  template <class Row>
  auto in(const Row& row) const {
    struct shown {
      std::remove_cvref_t<decltype(row.all)> figures;
      bool is_claimed;
    };
    const bool is_claimed = scope == tlsrpt::scope::verified && !has_any(row.verified);
    return shown{is_claimed ? row.all : row.in(scope), is_claimed && has_any(row.all)};
  }

  static bool has_any(const tlsrpt::session_figures& figures) {
    return figures.sessions.at_most != 0 || figures.sessions.unknown != 0;
  }
  static bool has_any(const tlsrpt::session_sum& sum) { return sum != tlsrpt::session_sum{}; }
};

sums make_sums(const tlsrpt::summary& summary, const sum_options& options,
               const std::vector<std::string>& domains) {
  sums made;
  // Files authenticate nobody; a ledger may.
  if (summary.verified_reports() != 0) made.scope = tlsrpt::scope::verified;
  if (options.by) {
    made.by_total = only(*options.by, parts_of_totals);
    made.by_failure = *options.by;
  }
  const auto add = [&](std::optional<std::string_view> domain) {
    made.totals.push_back(value_of(total_table(summary, {.by = made.by_total, .domain = domain})));
    made.failures.push_back(
        value_of(failure_table(summary, {.by = made.by_failure, .domain = domain})));
  };
  for (const std::string& domain : domains) add(domain);
  if (domains.empty()) add(std::nullopt);
  return made;
}

/// Whether a text of a ledger is one, not what stands there for none.
bool is_name(std::string_view text) { return !text.empty() && text != "-"; }

std::string text_of(tlsrpt::day day) { return std::string(to_text(day)); }

std::string_view kind_of(const tlsrpt::fact& key) {
  return to_text(tlsrpt::token<tlsrpt::policy_type>{key.kind});
}

void add(tlsrpt::session_bounds& to, const tlsrpt::session_bounds& more) {
  to.at_least = tlsrpt::sum_of_sessions(to.at_least, more.at_least);
  to.at_most = tlsrpt::sum_of_sessions(to.at_most, more.at_most);
  to.unknown = tlsrpt::sum_of_sessions(to.unknown, more.unknown);
}
void add(tlsrpt::session_figures& to, const tlsrpt::session_figures& more) {
  add(to.ok, more.ok);
  add(to.failed, more.failed);
  add(to.sessions, more.sessions);
}
void add(tlsrpt::session_sum& to, const tlsrpt::session_sum& more) { to += more; }

/// What has no row of its own, added up.
template <class Row>
Row rest_of(const std::vector<tlsrpt::table<Row>>& tables) {
  Row rest = tables.front().other();
  for (std::size_t i = 1; i < tables.size(); ++i) {
    const Row& more = tables[i].other();
    add(rest.verified, more.verified);
    add(rest.all, more.all);
    rest.rows += more.rows;
  }
  return rest;
}

/// Which failures are known, as findings are.
class known_failures {
 public:
  explicit known_failures(const tlsrpt::advice& advice) : advice_(advice) {}

  /// The last day until which what a row is about is known.
  std::optional<tlsrpt::day> until(const tlsrpt::failure_row& row, key_part by) const {
    constexpr key_part needed[] = {key_part::domain, key_part::kind, key_part::host,
                                   key_part::reason};
    if (!std::ranges::all_of(needed, [by](key_part part) { return by & part; })) return {};
    const auto found = std::ranges::find_if(advice_.findings(), [&row](const auto& one) {
      return one.known_until && (one.host.empty() || one.host == row.host) &&
             one.reason == row.reason && one.key.ends_with(tlsrpt::kind_name(row.key.kind)) &&
             std::ranges::binary_search(one.domains, row.key.domain);
    });
    return found == advice_.findings().end() ? std::nullopt : found->known_until;
  }

 private:
  const tlsrpt::advice& advice_;
};

// ---- JSON

/// A number of sessions, or null where nobody can tell it.
json number_of(const tlsrpt::session_bounds& count) {
  if (count.unknown != 0 || count.at_least != count.at_most) return nullptr;
  return count.at_least;
}

/// null where a ledger has no name.
json text_or_null(std::string_view text) { return is_name(text) ? json(text) : json(nullptr); }

/// The members that rows of both tables have.
void add_key(json& row, const tlsrpt::table_row& of, key_part by) {
  if (by & key_part::domain)
    row["domain"] = text_or_null(of.key.domain == "?" ? "" : of.key.domain);
  if (by & key_part::kind) row["kind"] = kind_of(of.key);
  if (by & key_part::mode) row["mode"] = text_or_null(name(of.key.mode));
  if (by & key_part::reporter)
    row["reporter"] = text_or_null(of.key.reporter == "?" ? "" : of.key.reporter);
}

void add_period(json& row, const tlsrpt::table_row& of, bool is_claimed) {
  row["reporters"] = of.reporters;
  row["first-day"] = text_of(of.first);
  row["last-day"] = text_of(of.last);
  if (is_claimed) row["claimed"] = true;
  if (of.has_provisional) row["provisional"] = true;
  if (of.has_overlap) row["overlap"] = true;
}

void add_figures(json& row, const tlsrpt::session_figures& figures) {
  row["ok"] = number_of(figures.ok);
  row["failed"] = number_of(figures.failed);
  row["ok-at-least"] = figures.ok.at_least;
  row["failed-at-least"] = figures.failed.at_least;
}

void add_noted(json& row, const tlsrpt::session_sum& noted) {
  row["noted"] = noted.unknown == 0 ? json(noted.sessions) : json(nullptr);
  if (noted.unknown != 0) row["noted-at-least"] = noted.sessions;
}

/// Without days.
json undated_json_of(const tlsrpt::total_row& row, const sums& all) {
  json object = json::object();
  add_key(object, row, all.by_total);
  add_figures(object, all.in(row).figures);
  object["reporters"] = row.reporters;
  return object;
}

json json_of(const tlsrpt::total_row& row, const sums& all) {
  json object = json::object();
  add_key(object, row, all.by_total);
  if (all.by_total & key_part::policy)
    object["policy"] = text_or_null(std::string(to_text(row.policy)));
  const auto shown = all.in(row);
  add_figures(object, shown.figures);
  add_period(object, row, shown.is_claimed);
  return object;
}

json json_of(const tlsrpt::failure_row& row, const sums& all, const known_failures& known) {
  json object = json::object();
  add_key(object, row, all.by_failure);
  if (all.by_failure & key_part::result) object["result-type"] = text_or_null(to_text(row.result));
  if (all.by_failure & key_part::host) object["mx-host"] = text_or_null(row.host);
  if (all.by_failure & key_part::node) object["node"] = text_or_null(row.node);
  if (all.by_failure & key_part::reason) object["reason"] = text_or_null(row.reason);
  const auto shown = all.in(row);
  add_noted(object, shown.figures);
  add_period(object, row, shown.is_claimed);
  if (const auto until = known.until(row, all.by_failure)) object["known-until"] = text_of(*until);
  return object;
}

/// What has no row of its own.
json other_of(const sums& all) {
  const tlsrpt::total_row totals = rest_of(all.totals);
  const tlsrpt::failure_row failures = rest_of(all.failures);
  json other = {{"domains", totals.rows}};
  add_figures(other, all.in(totals).figures);
  other["failures"] = failures.rows;
  add_noted(other, all.in(failures).figures);
  return other;
}

/// The first and the last day of all rows.
std::optional<std::pair<tlsrpt::day, tlsrpt::day>> period_of(const tlsrpt::summary& summary) {
  std::optional<std::pair<tlsrpt::day, tlsrpt::day>> all;
  const auto widen = [&all](const tlsrpt::fact& one) {
    const tlsrpt::day last = one.first + (one.days - 1);
    if (!all) all.emplace(one.first, last);
    all->first = std::min(all->first, one.first);
    all->second = std::max(all->second, last);
  };
  for (const tlsrpt::total_fact& one : summary.totals()) widen(one);
  for (const tlsrpt::failure_fact& one : summary.failures()) widen(one);
  return all;
}

std::string json_text(const tlsrpt::summary& summary, const collection& from, const sums& all,
                      const sums& undated, const sum_options& options,
                      const known_failures& known) {
  const auto period = period_of(summary);
  json document = json::object();
  document["first-day"] = period ? json(text_of(period->first)) : json(nullptr);
  document["last-day"] = period ? json(text_of(period->second)) : json(nullptr);
  document["reports"] = summary.reports();
  document["repeated"] = from.repeated;
  document["unusable"] = from.unusable;
  document["not-reports"] = from.not_reports;
  document["returned"] = from.returned;
  document["now"] = text_of(summary.today());
  document["claimed"] = summary.reports() - summary.verified_reports();
  document["shadowed"] = summary.shadowed().size();
  document["conflicts"] = summary.conflicts();
  document["also-by-day"] = summary.also_by_day().size();
  document["scope"] = all.scope == tlsrpt::scope::verified ? "verified" : "all";
  json totals = json::array(), failures = json::array();
  for (const auto& table : all.totals)
    for (const tlsrpt::total_row& row : table.rows()) totals.push_back(json_of(row, all));
  for (const auto& table : all.failures)
    for (const tlsrpt::failure_row& row : table.rows())
      failures.push_back(json_of(row, all, known));
  if (!options.only_failures) document["domains"] = std::move(totals);
  document["failures"] = std::move(failures);
  document["other"] = other_of(all);
  json& apart = document["undated"] = json::array();
  for (const auto& table : undated.totals)
    for (const tlsrpt::total_row& row : table.rows())
      apart.push_back(undated_json_of(row, undated));
  return document.dump(-1, ' ', true, json::error_handler_t::replace) + '\n';
}

// ---- CSV: a row for each fact, so that nothing has been added up

class csv_writer {
 public:
  csv_writer() {
    text_ =
        "table,day,days,domain,kind,mode,reporter,trust,result,host,node,reason,ok,ok_unknown,"
        "failed,failed_unknown,noted,noted_unknown\r\n";
  }

  void write(const tlsrpt::total_fact& one) {
    begin("total", one);
    for (int i = 0; i < 4; ++i) cell("");
    number(one.ok);
    number(one.failed);
    text_ += ",,\r\n";
  }
  void write(const tlsrpt::failure_fact& one) {
    begin("failure", one);
    cell(to_text(one.result));
    cell(one.host);
    cell(one.node);
    cell(one.reason);
    text_ += ",,,,";
    number(one.noted);
    text_ += "\r\n";
  }

  const std::string& text() const { return text_; }

 private:
  void begin(std::string_view table, const tlsrpt::fact& one) {
    text_ += table;
    cell(text_of(one.first));
    (text_ += ',') += std::to_string(one.days);
    cell(one.domain);
    cell(kind_of(one));
    cell(name(one.mode));
    cell(one.reporter);
    cell(name(one.trust));
  }
  void cell(std::string_view value) {
    text_ += ',';
    tlsrpt::escape::csv_cell(text_, value);
  }
  void number(const tlsrpt::session_sum& sum) {
    (text_ += ',') += std::to_string(sum.sessions);
    (text_ += ',') += std::to_string(sum.unknown);
  }

  std::string text_;
};

std::string csv_text(const tlsrpt::summary& summary, const std::vector<std::string>& domains,
                     bool only_failures) {
  const auto is_wanted = [&domains](const tlsrpt::fact& one) {
    return domains.empty() || std::ranges::find(domains, one.domain) != domains.end();
  };
  csv_writer out;
  if (!only_failures)
    for (const tlsrpt::total_fact& one : summary.totals())
      if (is_wanted(one)) out.write(one);
  for (const tlsrpt::failure_fact& one : summary.failures())
    if (is_wanted(one)) out.write(one);
  return out.text();
}

// ---- text

std::string counted(std::uint64_t number, std::string_view what) {
  return std::to_string(number) + ' ' + std::string(what) + (number == 1 ? "" : "s");
}

/// "12", "12 to 30", "at least 12"
std::string words_for(const tlsrpt::session_bounds& count) {
  if (count.unknown != 0)
    return count.at_least == 0 ? "unknown" : "at least " + std::to_string(count.at_least);
  std::string text = std::to_string(count.at_least);
  if (count.at_least != count.at_most) text += " to " + std::to_string(count.at_most);
  return text;
}

std::string period_words(const tlsrpt::table_row& row) {
  std::string text = text_of(row.first);
  if (row.first != row.last) text += " to " + text_of(row.last);
  if (row.has_provisional) text += ", and more may come";
  return text;
}

std::string key_words(const tlsrpt::table_row& row, key_part by) {
  std::string text;
  const auto add = [&text](std::string_view part) {
    if (part.empty()) return;
    if (!text.empty()) text += ' ';
    text += printable(part, 253);
  };
  if (by & key_part::domain) add(row.key.domain);
  if (by & key_part::kind) add(kind_of(row.key));
  if (by & key_part::mode) add(name(row.key.mode));
  if (by & key_part::reporter) add("by " + std::string(row.key.reporter));
  if (by & key_part::period) add(period_words(row));
  return text.empty() ? "All" : text;
}

std::string figures_words(const tlsrpt::session_figures& figures) {
  std::string text = words_for(figures.ok) + " ok, " + words_for(figures.failed) + " failed";
  const tlsrpt::session_bounds &failed = figures.failed, &sessions = figures.sessions;
  if (failed.unknown == 0 && failed.at_least == failed.at_most && sessions.unknown == 0 &&
      sessions.at_least == sessions.at_most)
    text += percentage(failed.at_least, sessions.at_least - failed.at_least);
  return text;
}

std::string noted_words(const tlsrpt::session_sum& noted) {
  if (noted.unknown == 0) return counted(noted.sessions, "session");
  return noted.sessions == 0 ? "an unknown number of sessions"
                             : "at least " + counted(noted.sessions, "session");
}

void write_total(page& out, const tlsrpt::total_row& row, const sums& all) {
  const auto [figures, is_claimed] = all.in(row);
  out.fill("  ", 4, key_words(row, all.by_total), style::plain);
  std::string text =
      figures_words(figures) + "; " + counted(row.reporters, "reporter") + ", " + period_words(row);
  if (is_claimed) text += "; unverified";
  if (row.has_overlap) text += "; some reports overlap, and count sessions twice";
  out.fill("    ", 4, text, figures.failed.at_least != 0 ? style::caution : style::plain);
}

/// Whether a row is about policies under which all sessions succeeded (AG-25).
bool has_none_failed(const tlsrpt::summary& summary, const tlsrpt::failure_row& row, key_part by) {
  if (!(by & key_part::domain) || !(by & key_part::kind)) return false;
  return std::ranges::none_of(summary.totals(), [&row](const tlsrpt::total_fact& one) {
    return one.domain == row.key.domain && one.kind == row.key.kind &&
           one.failed != tlsrpt::session_sum{};
  });
}

void write_failure(page& out, const tlsrpt::failure_row& row, const sums& all,
                   const known_failures& known, bool none_failed) {
  std::string text = key_words(row, all.by_failure);
  if (all.by_failure & key_part::result)
    text += ": " + (is_name(to_text(row.result)) ? printable(to_text(row.result), 100)
                                                 : "(result type not given)");
  if (all.by_failure & key_part::host && is_name(row.host))
    text += " at " + printable(row.host, 253);
  if (all.by_failure & key_part::node && is_name(row.node))
    text += " (" + printable(row.node, 253) + ')';
  if (all.by_failure & key_part::reason && is_name(row.reason))
    text += ", " + printable(row.reason, 253);
  const auto [noted, is_claimed] = all.in(row);
  out.fill("  ", 4, text, style::plain);
  text = noted_words(noted) + "; " + counted(row.reporters, "reporter") + ", " + period_words(row);
  if (none_failed) text += "; none failed";
  if (is_claimed) text += "; unverified";
  if (const auto until = known.until(row, all.by_failure))
    text += "; known until " + text_of(*until);
  out.fill("    ", 4, text);
}

/// The rows with most sessions, and the exact rest (AG-34).
template <class Row, class Write, class Words>
void write_table(page& out, std::string_view title, const std::vector<tlsrpt::table<Row>>& tables,
                 const sums& all, const Write& write, const Words& words) {
  bool is_empty = true;
  out.line();
  out.line(title, style::heading);
  for (const tlsrpt::table<Row>& table : tables) {
    for (const Row& row : table.rows()) write(row);
    is_empty = is_empty && table.rows().empty();
  }
  const Row rest = rest_of(tables);
  const auto [figures, is_claimed] = all.in(rest);
  if (rest.rows != 0 || sums::has_any(figures))
    out.fill("  ", 4,
             "other, " + counted(rest.rows, "row") + ": " + words(figures) +
                 (is_claimed ? "; unverified" : ""));
  else if (is_empty)
    out.line("  none");
}

std::string plain_text(const tlsrpt::summary& summary, const collection& from, const sums& all,
                       const sums& undated, const sum_options& options, const known_failures& known,
                       output_style output) {
  page out(output);
  std::string text = counted(summary.reports(), "report");
  if (const auto period = period_of(summary)) {
    text += ", " + text_of(period->first);
    if (period->first != period->second) text += " to " + text_of(period->second);
  }
  if (from.repeated != 0) text += "; " + std::to_string(from.repeated) + " repeated";
  if (from.unusable != 0) text += "; " + std::to_string(from.unusable) + " unusable";
  if (from.not_reports != 0) text += "; " + std::to_string(from.not_reports) + " other mails";
  if (from.returned != 0) text += "; " + std::to_string(from.returned) + " that came back";
  if (options.today || summary.reports() != 0) text += "; as of " + text_of(summary.today());
  if (!options.today && summary.reports() != 0) text += ", the day after the newest report";
  out.fill("", 0, text, style::heading);
  if (all.scope == tlsrpt::scope::verified)
    out.fill("", 0,
             "Figures of reports whose sender is authenticated: " +
                 std::to_string(summary.verified_reports()) + " of them.");
  if (summary.conflicts() != 0)
    out.fill("", 0,
             counted(summary.conflicts(), "report") +
                 " with the id of another one and other numbers: the larger ones count.");
  if (!summary.shadowed().empty())
    out.fill("", 0,
             counted(summary.shadowed().size(), "unverified report") +
                 " beside a verified one of the same reporter, domain and days: left out.");
  if (!summary.also_by_day().empty())
    out.fill("", 0,
             counted(summary.also_by_day().size(), "total") +
                 " of several days whose days are there one by one: left out.");
  if (!options.only_failures)
    write_table(
        out, "Sessions", all.totals, all,
        [&](const tlsrpt::total_row& row) { write_total(out, row, all); }, figures_words);
  write_table(
      out, "Failures: sessions that reports mention, some perhaps several times", all.failures, all,
      [&](const tlsrpt::failure_row& row) {
        write_failure(out, row, all, known, has_none_failed(summary, row, all.by_failure));
      },
      noted_words);
  if (from.undated.empty()) return out.text();
  out.line();
  out.line("Reports of which nothing says the day, apart from these figures", style::heading);
  for (const auto& table : undated.totals)
    for (const tlsrpt::total_row& row : table.rows())
      out.fill("  ", 4,
               key_words(row, undated.by_total) + ": " + figures_words(undated.in(row).figures));
  return out.text();
}

}  // namespace

std::optional<key_part> parts_named(const std::string& list) {
  constexpr std::pair<std::string_view, key_part> parts[] = {
      {"domain", key_part::domain}, {"host", key_part::host},
      {"reason", key_part::reason}, {"reporter", key_part::reporter},
      {"result", key_part::result}, {"policy", policy_parts | key_part::policy},
      {"day", key_part::period}};
  key_part set = key_part::none;
  for (std::string_view rest = list;;) {
    const std::size_t comma = rest.find(',');
    const auto* const found = std::ranges::find(parts, rest.substr(0, comma),
                                                &std::pair<std::string_view, key_part>::first);
    if (found == std::end(parts)) return std::nullopt;
    set = set | found->second;
    if (comma == rest.npos) return set;
    rest.remove_prefix(comma + 1);
  }
}

bool sum(const sum_options& options, output_style output) {
  // A screen has room for few rows.
  constexpr std::size_t rows_of_text = 20, rows_of_json = 1000;
  const known_file known(options.known);
  const collection from = collect(options.from);
  const tlsrpt::day today =
      options.today.value_or(tlsrpt::day_after(from.ledger).value_or(tlsrpt::day{}));
  std::vector<std::string> domains;
  for (const std::string& domain : options.domains)
    domains.emplace_back(tlsrpt::canonical_host(domain));
  const std::vector<std::string_view> wanted(domains.begin(), domains.end());
  const tlsrpt::summary summary = value_of(make_summary(
      from.ledger, {.now = first_second_of(today),
                    .known_domains = wanted,
                    .rows = output.format == output_format::text ? rows_of_text : rows_of_json}));
  if (output.format == output_format::csv) {
    write_out(csv_text(summary, domains, options.only_failures));
    return from.unusable == 0;
  }
  const bool is_metrics = output.format == output_format::openmetrics;
  const tlsrpt::advice advice =
      is_metrics || !known.list().empty()
          ? value_of(make_advice(summary, {.known = known.list(), .domains = wanted}))
          : tlsrpt::advice();
  if (!known.list().empty()) known.judge(advice);
  if (is_metrics) {
    write_out(openmetrics_text(summary, advice, domains));
    return from.unusable == 0;
  }
  const sums all = make_sums(summary, options, domains);
  const tlsrpt::summary without_day =
      value_of(make_summary(from.undated, {.known_domains = wanted}));
  const sums undated = make_sums(without_day, {}, domains);
  const known_failures are_known(advice);
  write_out(output.format == output_format::json
                ? json_text(summary, from, all, undated, options, are_known)
                : plain_text(summary, from, all, undated, options, are_known, output));
  return from.unusable == 0;
}

}  // namespace cli
