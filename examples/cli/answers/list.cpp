#include "list.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include <tlsrpt/digest.hpp>
#include <tlsrpt/escape.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/vocabulary.hpp>

#include "../output/remarks.hpp"
#include "../output/words.hpp"
#include "../report/sink.hpp"
#include "../show.hpp"

namespace cli {

namespace {

using json = nlohmann::ordered_json;
using tlsrpt::session_sum;

/// Sessions of one report. Those of several kinds of policies may be the same, so they are not
/// added (AG-27).
struct bounds {
  std::uint64_t at_least = 0, at_most = 0;
  bool is_known = true;

  bool is_exact() const { return is_known && at_least == at_most; }
};

/// What is said of a report.
struct line {
  std::optional<tlsrpt::day> first{}, last{};
  std::string_view reporter{}, organization{}, report_id{};
  std::vector<std::string_view> domains{}, kinds{};
  bounds ok{}, failed{};
  std::string_view top_failure{};
};

template <class T>
void add_once(std::vector<T>& all, const T& one) {
  if (std::ranges::find(all, one) == all.end()) all.push_back(one);
}

void take_kinds(bounds& to, const std::map<tlsrpt::policy_type, session_sum>& kinds) {
  std::uint64_t largest = 0;
  for (const auto& [kind, sum] : kinds) {
    largest = std::max(largest, sum.sessions);
    to.at_most = tlsrpt::sum_of_sessions(to.at_most, sum.sessions);
    to.is_known = to.is_known && sum.unknown == 0;
  }
  to.at_least = tlsrpt::sum_of_sessions(to.at_least, largest);
}

/// "?" and "-" stand for what is absent.
std::string_view name_or_none(std::string_view name) {
  return name == "?" || name == "-" ? std::string_view() : name;
}

line line_of(const tlsrpt::ledger_entry& entry, bool has_day) {
  line made;
  if (has_day) {
    made.first = entry.first;
    made.last = entry.first + (entry.days - 1);
  }
  made.reporter = name_or_none(entry.reporter);
  made.organization = entry.organization;
  made.report_id = entry.report_id;
  struct sessions {
    std::map<tlsrpt::policy_type, session_sum> ok{}, failed{};
  };
  std::map<std::string_view, sessions> by_domain;
  for (const tlsrpt::ledger_total& total : entry.totals) {
    const std::string_view domain = name_or_none(entry.domain_or_inferred(total.domain));
    if (!domain.empty()) add_once(made.domains, domain);
    add_once(made.kinds, to_text(tlsrpt::token<tlsrpt::policy_type>{total.kind}));
    sessions& all = by_domain[domain];
    all.ok[total.kind] += total.ok;
    all.failed[total.kind] += total.failed;
  }
  if (made.domains.empty())  // A report without policies is about a domain as well.
    if (const auto domain = name_or_none(entry.domain_or_inferred(entry.about)); !domain.empty())
      made.domains.push_back(domain);
  for (const auto& [domain, all] : by_domain) {
    take_kinds(made.ok, all.ok);
    take_kinds(made.failed, all.failed);
  }
  std::map<std::string_view, session_sum> failures;
  for (const tlsrpt::ledger_failure& failure : entry.failures)
    failures[to_text(failure.result)] += failure.noted;
  std::uint64_t most = 0;
  for (const auto& [result, noted] : failures)
    if (made.top_failure.empty() || noted.sessions > most) {
      made.top_failure = name_or_none(result);
      most = noted.sessions;
    }
  return made;
}

json text_or_null(std::string_view text) { return text.empty() ? json(nullptr) : json(text); }

std::string day_text(const std::optional<tlsrpt::day>& day) {
  return day ? std::string(to_text(*day)) : std::string();
}

std::string json_text(const line& of, const input_place& place, std::string_view repeated_of) {
  const auto exact = [](const bounds& count) {
    return count.is_exact() ? json(count.at_least) : json(nullptr);
  };
  json object = {{"file", place.file},
                 {"part", text_or_null(place.part)},
                 {"first-day", text_or_null(day_text(of.first))},
                 {"last-day", text_or_null(day_text(of.last))},
                 {"reporter", text_or_null(of.reporter)},
                 {"organization", text_or_null(of.organization)},
                 {"report-id", text_or_null(of.report_id)},
                 {"domains", of.domains},
                 {"kinds", of.kinds},
                 {"ok", exact(of.ok)},
                 {"failed", exact(of.failed)},
                 {"top-failure", text_or_null(of.top_failure)},
                 {"repeated-of", text_or_null(repeated_of)},
                 {"ok-at-least", of.ok.at_least},
                 {"failed-at-least", of.failed.at_least}};
  if (!place.entry.empty()) object["entry"] = place.entry;
  if (place.message != 0) object["message"] = place.message;
  if (place.document != 1) object["document"] = place.document;
  return object.dump(-1, ' ', true, json::error_handler_t::replace) + '\n';
}

/// "12", "12-30", "12+" where more may be missing, "?" where nothing is known.
std::string count_text(const bounds& count) {
  if (!count.is_known) return count.at_least == 0 ? "?" : std::to_string(count.at_least) + '+';
  if (count.at_least == count.at_most) return std::to_string(count.at_least);
  return std::to_string(count.at_least) + '-' + std::to_string(count.at_most);
}

std::string joined(const std::vector<std::string_view>& texts) {
  std::string all;
  for (const std::string_view text : texts) (all += all.empty() ? "" : " ") += text;
  return all;
}

std::string csv_text(const line& of, const input_place& place, std::string_view repeated_of) {
  std::string row;
  const auto cell = [&row](std::string_view text) {
    if (!row.empty()) row += ',';
    tlsrpt::escape::csv_cell(row, text);
  };
  const auto number = [&row](const bounds& count) {
    (row += ',') += count.is_exact() ? std::to_string(count.at_least) : std::string();
    (row += ',') += std::to_string(count.at_least);
  };
  for (const std::string& text : {place.text(), day_text(of.first), day_text(of.last)}) cell(text);
  for (const std::string_view text : {of.reporter, of.organization, of.report_id}) cell(text);
  cell(joined(of.domains));
  cell(joined(of.kinds));
  number(of.ok);
  number(of.failed);
  cell(of.top_failure);
  cell(repeated_of);
  return row + "\r\n";
}

constexpr std::string_view csv_header =
    "file,first-day,last-day,reporter,organization,report-id,domains,kinds,ok,ok-at-least,failed,"
    "failed-at-least,top-failure,repeated-of\r\n";

// ---- text: columns, of which the last is as long as it is

constexpr std::size_t name_width = 22, count_width = 8;

void add_cell(std::string& row, std::string text, std::size_t width, bool is_number = false) {
  const std::size_t size = columns(text), room = size < width ? width - size : 0;
  if (is_number) row.append(room, ' ');
  row += text;
  if (!is_number) row.append(room, ' ');
  row += "  ";
}

/// "example.com", "example.com +2"
std::string some_of(const std::vector<std::string_view>& names) {
  if (names.empty()) return "-";
  std::string text = printable(names.front(), name_width - (names.size() > 1 ? 5 : 0));
  if (names.size() > 1) text += " +" + std::to_string(names.size() - 1);
  return text;
}

std::string or_none(std::string_view text) {
  return text.empty() ? "-" : printable(text, name_width);
}

std::string header_row() {
  std::string row;
  add_cell(row, "Day", 10);
  add_cell(row, "Ok", count_width, true);
  add_cell(row, "Failed", count_width, true);
  for (const char* title : {"Domain", "Reporter", "Failure"}) add_cell(row, title, name_width);
  return row + "File";
}

std::string text_row(const line& of, const input_place& place, std::string_view repeated_of) {
  std::string row;
  add_cell(row, of.first ? day_text(of.first) : "-", 10);
  add_cell(row, count_text(of.ok), count_width, true);
  add_cell(row, count_text(of.failed), count_width, true);
  add_cell(row, some_of(of.domains), name_width);
  add_cell(row, or_none(of.reporter), name_width);
  add_cell(row, or_none(of.top_failure), name_width);
  row += printable(place.text(), tlsrpt::escape::any_length);
  if (!repeated_of.empty())
    row += " (again: " + printable(repeated_of, tlsrpt::escape::any_length) + ')';
  return row;
}

/// Lists reports as they are read.
class lister final : public sink {
 public:
  lister(const list_options& options, const output_style& output)
      : options_(options), output_(output) {
    for (const std::string& domain : options.domains)
      domains_.emplace_back(tlsrpt::canonical_host(domain));
    if (output.format == output_format::csv) write_out(csv_header);
    if (output.format == output_format::text) {
      page out(output_);
      out.line(header_row(), style::heading);
      write_out(out.text());
    }
  }

  bool are_all_usable() const { return are_all_usable_; }

  void take(const entry& shown) override {
    if (const auto* const report = std::get_if<shown_report>(&shown.what))
      add(shown, *report);
    else if (!std::holds_alternative<no_report>(shown.what))
      take_unusable(noted(shown));
  }

  std::string noted(const entry& shown) override { return complaint(shown); }

  void take_unusable(const std::string& note) override {
    are_all_usable_ = false;
    write_err(note);
  }

  bool wants_ledgers() const override { return true; }
  void take_ledger(const input_place& place, std::string_view text) override {
    tlsrpt::ledger read;
    if (const auto done = read.read(text); !done)
      return take_unusable(complaint({place, done.error()}));
    std::vector<tlsrpt::ledger_entry> sorted;
    for (const tlsrpt::ledger_entry& one : read.entries()) sorted.push_back(one);
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.digest < b.digest;
    });
    for (const tlsrpt::ledger_entry& one : sorted) write(place, one, true);
  }

 private:
  void add(const entry& shown, const shown_report& report) {
    const arrival came = arrival_of(shown, report);
    tlsrpt::ledger one;
    if (const auto added = one.add(report.report, came.receipt, report.digest); !added)
      return take_unusable(complaint({shown.place, added.error()}));
    write(shown.place, *one.entries().begin(), came.has_day);
  }

  void write(const input_place& place, const tlsrpt::ledger_entry& entry, bool has_day) {
    const auto [first_place, is_new] = places_.try_emplace(entry.digest, place.text());
    const line made = line_of(entry, has_day);
    if (!is_wanted(made)) return;
    const std::string_view again = is_new ? std::string_view() : first_place->second;
    if (output_.format == output_format::json) return write_out(json_text(made, place, again));
    if (output_.format == output_format::csv) return write_out(csv_text(made, place, again));
    page out(output_);
    out.line(text_row(made, place, again),
             made.failed.at_most != 0 ? style::caution : style::plain);
    write_out(out.text());
  }

  bool is_wanted(const line& of) const {
    const auto& [since, until] = std::pair(options_.from.since, options_.from.until);
    if (since && (!of.first || *of.first < *since)) return false;
    if (until && (!of.first || *of.first > *until)) return false;
    if (options_.only_failures && of.failed.at_most == 0 && of.failed.is_known &&
        of.top_failure.empty())
      return false;
    const auto is_of = [](const auto& wanted, const auto& has) {
      return wanted.empty() || std::ranges::any_of(wanted, has);
    };
    return is_of(domains_,
                 [&of](const std::string& domain) {
                   return std::ranges::find(of.domains, domain) != of.domains.end();
                 }) &&
           is_of(options_.reporters, [&of](const std::string& reporter) {
             return equal_ignoring_case(reporter, of.reporter) ||
                    equal_ignoring_case(reporter, of.organization);
           });
  }

  const list_options& options_;
  const output_style output_;
  std::vector<std::string> domains_;
  std::unordered_map<tlsrpt::digest, std::string> places_;  ///< Where each report was first.
  bool are_all_usable_ = true;
};

}  // namespace

bool list(const list_options& options, output_style output) {
  lister to(options, output);
  read_inputs(options.from.paths, options.from.strict, std::nullopt, to);
  return to.are_all_usable();
}

}  // namespace cli
