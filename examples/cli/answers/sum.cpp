#include "sum.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/sts_policy.hpp>
#include <tlsrpt/vocabulary.hpp>

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
};

template <class T>
T value_of(tlsrpt::result<T> made) {
  if (!made) throw std::runtime_error(message(made.error().code).data());
  return std::move(*made);
}

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

std::string text_of(tlsrpt::day day) { return std::string(to_text(day)); }

std::string_view kind_of(const tlsrpt::fact& key) {
  return to_text(tlsrpt::token<tlsrpt::policy_type>{key.kind});
}

// ---- JSON

/// A number of sessions, or null where nobody can tell it.
json number_of(const tlsrpt::session_bounds& count) {
  if (count.unknown != 0 || count.at_least != count.at_most) return nullptr;
  return count.at_least;
}

json text_or_null(std::string_view text) { return text.empty() ? json(nullptr) : json(text); }

/// The members that rows of both tables have.
void add_key(json& row, const tlsrpt::table_row& of, key_part by) {
  if (by & key_part::domain) row["domain"] = of.key.domain;
  if (by & key_part::kind) row["kind"] = kind_of(of.key);
  if (by & key_part::mode) row["mode"] = text_or_null(name(of.key.mode));
  if (by & key_part::reporter) row["reporter"] = of.key.reporter;
}

void add_period(json& row, const tlsrpt::table_row& of) {
  row["reporters"] = of.reporters;
  row["first-day"] = text_of(of.first);
  row["last-day"] = text_of(of.last);
}

void add_figures(json& row, const tlsrpt::session_figures& figures) {
  row["ok"] = number_of(figures.ok);
  row["failed"] = number_of(figures.failed);
  row["ok-at-least"] = figures.ok.at_least;
  row["failed-at-least"] = figures.failed.at_least;
}

json json_of(const tlsrpt::total_row& row, const sums& all) {
  json object = json::object();
  add_key(object, row, all.by_total);
  if (all.by_total & key_part::policy) object["policy"] = std::string(to_text(row.policy));
  add_figures(object, row.in(all.scope));
  add_period(object, row);
  return object;
}

json json_of(const tlsrpt::failure_row& row, const sums& all) {
  json object = json::object();
  add_key(object, row, all.by_failure);
  if (all.by_failure & key_part::result) object["result-type"] = to_text(row.result);
  if (all.by_failure & key_part::host) object["mx-host"] = text_or_null(row.host);
  if (all.by_failure & key_part::node) object["node"] = text_or_null(row.node);
  if (all.by_failure & key_part::reason) object["reason"] = text_or_null(row.reason);
  const tlsrpt::session_sum& noted = row.in(all.scope);
  object["noted"] = noted.unknown == 0 ? json(noted.sessions) : json(nullptr);
  if (noted.unknown != 0) object["noted-at-least"] = noted.sessions;
  add_period(object, row);
  return object;
}

template <class Row>
json rows_of(const std::vector<tlsrpt::table<Row>>& tables, const sums& all) {
  json rows = json::array();
  for (const tlsrpt::table<Row>& table : tables)
    for (const Row& row : table.rows()) rows.push_back(json_of(row, all));
  return rows;
}

/// What has no row of its own.
json other_of(const sums& all) {
  tlsrpt::session_sum ok, failed, noted;
  std::size_t rows = 0;
  for (const auto& table : all.totals) {
    const tlsrpt::session_figures& figures = table.other().in(all.scope);
    ok += {figures.ok.at_least, figures.ok.unknown};
    failed += {figures.failed.at_least, figures.failed.unknown};
    rows += table.other().rows;
  }
  std::size_t failure_rows = 0;
  for (const auto& table : all.failures) {
    noted += table.other().in(all.scope);
    failure_rows += table.other().rows;
  }
  return {{"domains", rows},
          {"ok-at-least", ok.sessions},
          {"failed-at-least", failed.sessions},
          {"failures", failure_rows},
          {"noted", noted.sessions}};
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
                      const sum_options& options) {
  const auto period = period_of(summary);
  json document = json::object();
  document["first-day"] = period ? json(text_of(period->first)) : json(nullptr);
  document["last-day"] = period ? json(text_of(period->second)) : json(nullptr);
  document["reports"] = summary.reports();
  document["repeated"] = from.repeated;
  document["unusable"] = from.unusable;
  document["not-reports"] = from.not_reports;
  document["scope"] = all.scope == tlsrpt::scope::verified ? "verified" : "all";
  if (!options.only_failures) document["domains"] = rows_of(all.totals, all);
  document["failures"] = rows_of(all.failures, all);
  document["other"] = other_of(all);
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

void write_total(page& out, const tlsrpt::total_row& row, const sums& all) {
  const tlsrpt::session_figures& figures = row.in(all.scope);
  out.fill("  ", 4, key_words(row, all.by_total), style::plain);
  std::string text = words_for(figures.ok) + " ok, " + words_for(figures.failed) + " failed";
  if (figures.failed.unknown == 0 && figures.sessions.unknown == 0 &&
      figures.sessions.at_least != 0 && figures.sessions.at_least == figures.sessions.at_most) {
    const unsigned part = tlsrpt::per_mille(figures.failed.at_least, figures.sessions.at_least);
    if (figures.failed.at_least != 0)
      text += part == 0
                  ? " (less than 0.1 %)"
                  : " (" + std::to_string(part / 10) + '.' + std::to_string(part % 10) + " %)";
  }
  text += "; " + counted(row.reporters, "reporter") + ", " + period_words(row);
  if (row.has_overlap) text += "; some reports overlap, and count sessions twice";
  out.fill("    ", 4, text, figures.failed.at_least != 0 ? style::caution : style::plain);
}

void write_failure(page& out, const tlsrpt::failure_row& row, const sums& all) {
  std::string text = key_words(row, all.by_failure);
  if (all.by_failure & key_part::result) text += ": " + printable(to_text(row.result), 100);
  if (all.by_failure & key_part::host && !row.host.empty())
    text += " at " + printable(row.host, 253);
  if (all.by_failure & key_part::node && !row.node.empty())
    text += " (" + printable(row.node, 253) + ')';
  if (all.by_failure & key_part::reason && !row.reason.empty())
    text += ", " + printable(row.reason, 253);
  const tlsrpt::session_sum& noted = row.in(all.scope);
  out.fill("  ", 4, text, style::plain);
  out.fill("    ", 4,
           (noted.unknown != 0 ? "at least " : "") + counted(noted.sessions, "session") + "; " +
               counted(row.reporters, "reporter") + ", " + period_words(row));
}

template <class Row, class Write>
void write_table(page& out, std::string_view title, const std::vector<tlsrpt::table<Row>>& tables,
                 const Write& write) {
  std::size_t more = 0;
  bool is_empty = true;
  out.line();
  out.line(title, style::heading);
  for (const tlsrpt::table<Row>& table : tables) {
    for (const Row& row : table.rows()) write(row);
    more += table.other().rows;
    is_empty = is_empty && table.rows().empty();
  }
  if (is_empty) out.line("  none");
  if (more != 0) out.line("  and " + std::to_string(more) + " more, added up in --format json");
}

std::string plain_text(const tlsrpt::summary& summary, const collection& from, const sums& all,
                       const sum_options& options, output_style output) {
  page out(output);
  std::string text = counted(summary.reports(), "report");
  if (const auto period = period_of(summary)) {
    text += ", " + text_of(period->first);
    if (period->first != period->second) text += " to " + text_of(period->second);
  }
  if (from.repeated != 0) text += "; " + std::to_string(from.repeated) + " repeated";
  if (from.unusable != 0) text += "; " + std::to_string(from.unusable) + " unusable";
  if (from.not_reports != 0) text += "; " + std::to_string(from.not_reports) + " other mails";
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
  if (!options.only_failures)
    write_table(out, "Sessions", all.totals,
                [&](const tlsrpt::total_row& row) { write_total(out, row, all); });
  write_table(out, "Failures: sessions that reports mention, some perhaps several times",
              all.failures, [&](const tlsrpt::failure_row& row) { write_failure(out, row, all); });
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
  const collection from = collect(options.from);
  const tlsrpt::day today =
      options.today.value_or(tlsrpt::day_after(from.ledger).value_or(tlsrpt::day{}));
  std::vector<std::string> domains;
  for (const std::string& domain : options.domains)
    domains.emplace_back(tlsrpt::canonical_host(domain));
  const std::vector<std::string_view> known(domains.begin(), domains.end());
  const tlsrpt::summary summary =
      value_of(make_summary(from.ledger, {.now = first_second_of(today), .known_domains = known}));
  if (output.format == output_format::csv) {
    write_out(csv_text(summary, domains, options.only_failures));
  } else {
    const sums all = make_sums(summary, options, domains);
    write_out(output.format == output_format::json
                  ? json_text(summary, from, all, options)
                  : plain_text(summary, from, all, options, output));
  }
  return from.unusable == 0;
}

}  // namespace cli
