#include <algorithm>
#include <array>
#include <string>

#include "lists.hpp"
#include "words.hpp"

namespace collector {

namespace {

/// So much of each list is on the first page.
constexpr std::size_t most_findings = 20, most_mended = 10, most_silent = 20, most_domains = 100;

/// How a domain is, the most urgent first.
enum class condition : std::uint8_t { to_do, no_data, fine };

std::string_view name(condition of) {
  constexpr std::array<std::string_view, 3> names = {"to do", "no data", "fine"};
  return names[static_cast<std::size_t>(of)];
}

struct listed_domain {
  std::string_view name{};
  const domain_line* line = nullptr;  ///< Null for one without reports.
  condition of = condition::no_data;
};

/// All domains by their condition, then their sessions, then their name.
std::vector<listed_domain> conditions_of(const site_figures& site) {
  std::set<std::string_view> troubled;
  for (const kept_finding& one : site.all.findings)
    if (one.is_to_do()) troubled.insert(one.domains.begin(), one.domains.end());
  std::map<std::string_view, const domain_line*> lines;
  for (const domain_line& line : site.all.domains) lines[line.name] = &line;
  std::vector<listed_domain> all;
  for (std::string_view name : site.names) {
    const auto found = lines.find(name);
    const domain_line* const line = found == lines.end() ? nullptr : found->second;
    const condition of = troubled.contains(name)  ? condition::to_do
                         : line && line->has_data ? condition::fine
                                                  : condition::no_data;
    all.push_back({name, line, of});
  }
  const auto weight = [](const listed_domain& one) {
    return one.line ? one.line->in.failed.at_least : 0;
  };
  const auto sessions = [](const listed_domain& one) {
    return one.line ? one.line->in.sessions.at_least : 0;
  };
  std::ranges::stable_sort(all, [&](const listed_domain& a, const listed_domain& b) {
    if (a.of != b.of) return a.of < b.of;
    if (weight(a) != weight(b)) return weight(a) > weight(b);
    return sessions(a) > sessions(b);
  });
  return all;
}

void begin_domains(html_page& page, std::string_view caption) {
  page.begin_table(caption,
                   {"Domain", "State", "Last report", "With TLS", "Failed", "Share failed"}, 3);
}

void add_domain(html_page& page, const listed_domain& one, const page_names& names) {
  const std::string name_of = domain_link(page, one.name, names);
  std::string state(name(one.of));
  if (one.of == condition::to_do) state = "<span class=\"bad\">" + state + "</span>";
  if (!one.line) {
    page.row({name_of, state, "none", "-", "-", "-"});
    return;
  }
  const tlsrpt::session_figures& in = one.line->in;
  page.row({name_of, state, time_element(one.line->last), shown(in.ok), shown(in.failed),
            share(in.failed.at_least, in.sessions.at_least)});
}

void add_state(html_page& page, const site_figures& site,
               const std::vector<listed_domain>& domains) {
  const auto to_do =
      static_cast<std::uint64_t>(std::ranges::count_if(site.all.findings, &kept_finding::is_to_do));
  const auto count = [&](condition of) {
    return static_cast<std::uint64_t>(std::ranges::count(domains, of, &listed_domain::of));
  };
  std::string state = to_do == 0 ? "Nothing to do" : counted(to_do, "thing") + " to do";
  if (!site.all.silent.empty())
    state += ", " + counted(site.all.silent.size(), "sender") + " silent";
  state += ", " + std::to_string(count(condition::fine)) + " of " +
           counted(domains.size(), "domain") + " fine";
  if (const std::uint64_t without = count(condition::no_data); without != 0)
    state += ", " + std::to_string(without) + " without data";
  page.add("<p class=\"state\">" + escaped(state) + "; complete days up to " +
           time_element(site.today - 1) + ", provisional from " + time_element(site.today - 2) +
           " on.</p>\n");
  if (site.is_guessed)
    page.add(
        "<p>Nobody said which domains are yours, so these are those that reports name, and "
        "anybody can write a report. List yours with <code>--domains</code>.</p>\n");
}

void add_to_do(html_page& page, const site_figures& site) {
  page.element("h2", "To do");
  std::size_t written = 0;
  for (const kept_finding& one : site.all.findings)
    if (one.is_to_do() && written++ < most_findings) add_finding(page, one, site.links);
  if (written > most_findings)
    page.element(
        "p", std::to_string(written - most_findings) + " more are on the pages of the domains.");
  if (site.all.left_out != 0)
    page.element("p", std::to_string(site.all.left_out) + " with few sessions are left out.");
  if (written != 0) return;
  std::set<std::string_view> reporters;
  std::uint64_t sessions = 0;
  for (const reporter_line& line : site.all.reporters) reporters.insert(line.reporter);
  for (const domain_line& line : site.all.domains)
    sessions = tlsrpt::sum_of_sessions(sessions, line.in.sessions.at_least);
  page.element(
      "p",
      site.reports == 0
          ? "There is no report yet. Senders report once a day, after midnight; the "
            "record that asks them to is on the page Set-up."
          : "No report of " + counted(static_cast<std::uint64_t>(site.reports), "report") +
                " names anything that has to be done: " + counted(reporters.size(), "reporter") +
                ", at least " + counted(sessions, "session") + ".");
}

void add_mended(html_page& page, const site_figures& site) {
  std::size_t written = 0;
  for (const kept_finding& one : site.all.findings) {
    if (!one.is_over() || written++ >= most_mended) continue;
    if (written == 1) page.element("h2", "Mended").add("<ul>\n");
    page.add("<li>" + escaped_whole(one.text) + " Last seen " + time_element(one.last) +
             ".</li>\n");
  }
  if (written != 0) page.add("</ul>\n");
  if (written > most_mended) page.element("p", std::to_string(written - most_mended) + " more.");
}

void add_silent(html_page& page, const site_figures& site) {
  if (site.all.silent.empty()) return;
  std::vector<const silent_line*> lines;
  for (const silent_line& one : site.all.silent) lines.push_back(&one);
  std::ranges::stable_sort(lines, {}, &silent_line::days);
  page.element("h2", "Silent");
  page.begin_table("Senders that reported regularly, and no longer do",
                   {"Sender", "Domain", "Last report", "Days"}, 3);
  for (std::size_t i = 0; i < std::min(lines.size(), most_silent); ++i)
    page.row({reporter_link(page, lines[i]->reporter, site.links),
              domain_link(page, lines[i]->domain, site.links), time_element(lines[i]->last),
              std::to_string(lines[i]->days)});
  page.end_table();
  if (lines.size() > most_silent)
    page.add("<p>" + std::to_string(lines.size() - most_silent) +
             " more: " + page.link("reporters.html", "all reporters") + ".</p>\n");
}

/// What is counted, see submission_code; mails have names of their own.
std::string words_for_count(std::string_view what) {
  if (what == "stored") return "New reports by POST";
  if (what == "known") return "Posts of reports that were there";
  if (what == "mail-stored") return "New reports by mail";
  if (what == "mail-known") return "Reports by mail that were there";
  constexpr std::string_view mail = "mail-";
  const bool is_mail = what.starts_with(mail);
  std::string words = is_mail ? "Not taken by mail: " : "Posts refused: ";
  words += what.substr(is_mail ? mail.size() : 0);
  std::ranges::replace(words, '-', ' ');
  return words;
}

void add_intake(html_page& page, const site_figures& site) {
  page.element("h2", "Intake");
  page.begin_table("What was received", {"What", "Value"}, 1);
  page.row({"Reports about the last complete day", std::to_string(site.reports_of_last_day)});
  page.row({"Of a usual day, the median of 14", std::to_string(site.usual_reports)});
  page.row({"The newest report came",
            site.newest == 0 ? "never" : "<time>" + moment(site.newest) + "</time> UTC"});
  page.row({"Kept aside, since it cannot be read or nobody vouches for it",
            std::to_string(site.quarantined)});
  for (const auto& [what, times] : site.health)
    page.row({escaped(words_for_count(what)), std::to_string(times)});
  page.end_table();
}

}  // namespace

void write_today(const site_figures& site, const page_sink& sink) {
  html_page page("index.html", "TLS reports: today", site.foot);
  const std::vector<listed_domain> domains = conditions_of(site);
  add_state(page, site, domains);
  add_to_do(page, site);
  add_mended(page, site);
  add_silent(page, site);
  add_intake(page, site);
  page.add("<h2 id=\"domains\">Domains</h2>\n");
  begin_domains(page, "Sessions in all reports, the most urgent domains first");
  for (std::size_t i = 0; i < std::min(domains.size(), most_domains); ++i)
    add_domain(page, domains[i], site.links);
  page.end_table();
  if (domains.size() > most_domains)
    page.add("<p>" + std::to_string(domains.size() - most_domains) +
             " more: " + page.link("domains.html", "all domains by name") + ".</p>\n");
  sink(page.name(), page.text());
}

void write_domains(const site_figures& site, const page_sink& sink) {
  std::vector<listed_domain> domains = conditions_of(site);
  std::ranges::sort(domains, {}, &listed_domain::name);
  constexpr std::size_t most = 250;
  const auto fill = [&](html_page& page, std::size_t first, std::size_t last) {
    begin_domains(page, "Sessions in all reports, by name");
    for (std::size_t i = first; i < last; ++i) add_domain(page, domains[i], site.links);
    page.end_table();
    if (first != 0 || site.foreign_names == 0) return;
    page.element("h2", "Other names")
        .element(
            "p",
            "Reports are about these, too. They are not among your domains: perhaps a mail host of "
            "yours, which senders that use DANE report about, or nothing of yours.");
    page.begin_table("Names that are not listed as yours", {"Name", "Last day", "Reports"}, 2);
    for (const foreign_line& one : site.foreign)
      page.row({said(one.name), time_element(one.last), std::to_string(one.reports)});
    page.end_table();
    if (const auto listed = static_cast<std::int64_t>(site.foreign.size());
        site.foreign_names > listed)
      page.element("p", std::to_string(site.foreign_names - listed) + " more with fewer reports.");
  };
  write_paged(
      {"domains", "Domains", domains.size(), most}, site,
      [&](std::size_t i) { return domains[i].name; }, fill, sink);
}

}  // namespace collector
