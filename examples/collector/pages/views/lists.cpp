#include "lists.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "chart.hpp"
#include "words.hpp"

namespace collector {

namespace {

/// So much of each list is on one page.
constexpr std::size_t most_listed = 250, most_of_host = 200, most_of_reporter = 200;

std::string file_of(const page_list& list, std::size_t number) {
  std::string file = list.name;
  if (number != 0) (file += '-') += std::to_string(number + 1);
  return file += ".html";
}

// ---- mail hosts

using host_lines = std::vector<const host_line*>;

struct host_view {
  host_lines lines{};
  std::vector<const kept_finding*> findings{};
  std::set<std::string_view> domains{};
  std::uint64_t noted = 0;
};

void write_host(const site_figures& site, std::string_view name, const host_view& host,
                const page_sink& sink) {
  html_page page(host_file(name), in_words(name), site.foot);
  page.element("p", "A mail host of " + counted(host.domains.size(), "domain") + '.');
  page.element("h2", "To do");
  bool has_any = false;
  for (const kept_finding* const one : host.findings) {
    if (one->is_over()) continue;
    has_any = true;
    add_finding(page, *one, site.links);
  }
  if (!has_any) page.element("p", "Nothing: what was reported is over.");
  page.element("h2", "Failures");
  page.begin_table("Sessions that senders mention with a failure; one may be in several rows",
                   {"Domain", "Machine", "Result", "Reason", "Days", "Mentions"}, 5);
  for (std::size_t i = 0; i < std::min(host.lines.size(), most_of_host); ++i) {
    const host_line& line = *host.lines[i];
    page.row({domain_link(page, line.domain, site.links), said(line.node), said_code(line.result),
              said_code(line.reason), time_elements(line.first, line.last), shown(line.noted)});
  }
  page.end_table();
  if (host.lines.size() > most_of_host)
    page.element("p", counted(host.lines.size() - most_of_host, "more row") + '.');
  sink(page.name(), page.text());
}

// ---- reporters

struct reporter_view {
  std::vector<const reporter_line*> lines{};
  std::uint32_t days = 0;
  tlsrpt::day last{};
  tlsrpt::session_bounds ok{}, failed{};
  std::size_t silent = 0;
  bool is_verified = false;
};

std::string_view words_for(rhythm of) {
  switch (of) {
    case rhythm::silent:
      return "silent";
    case rhythm::expected:
      return "expected, not here yet";
    case rhythm::regular:
      return "regular";
    default:
      return "now and then";
  }
}

void write_reporter(const site_figures& site, std::string_view name, const reporter_view& view,
                    const page_sink& sink) {
  html_page page(reporter_file(name), in_words(name), site.foot);
  page.element("p", "Reports about " + counted(view.lines.size(), "domain") + ": " +
                        shown(view.ok) + " sessions with TLS, " + shown(view.failed) + " failed." +
                        (view.is_verified ? "" : " Nobody vouches for them."));
  if (const auto limit = site.limits.find(name);
      limit != site.limits.end() && !limit->second.text.empty())
    page.element("p", limit->second.text);
  page.element("h2", "Regularity").add(strip(view.days, site.today));
  page.element("h2", "Findings");
  std::size_t written = 0;
  constexpr std::size_t most_findings = 20;
  for (const kept_finding& one : site.all.findings)
    if (!one.is_over() && std::ranges::binary_search(one.reporters, name) &&
        written++ < most_findings)
      page.add("<p>" + escaped_whole(one.text) + "</p>\n");
  if (written == 0) page.element("p", "It names nothing that has to be done.");
  if (written > most_findings)
    page.element("p", counted(written - most_findings, "more finding") + '.');
  page.element("h2", "Domains");
  page.begin_table("What it reports about; the silent ones first",
                   {"Domain", "Rhythm", "Last report", "With TLS", "Failed"}, 3);
  std::vector<const reporter_line*> lines = view.lines;
  std::ranges::stable_sort(lines, {}, &reporter_line::rhythm);
  for (std::size_t i = 0; i < std::min(lines.size(), most_of_reporter); ++i)
    page.row({domain_link(page, lines[i]->domain, site.links),
              std::string(words_for(lines[i]->rhythm)), time_element(lines[i]->last),
              shown(lines[i]->ok), shown(lines[i]->failed)});
  page.end_table();
  if (lines.size() > most_of_reporter)
    page.element("p", counted(lines.size() - most_of_reporter, "more domain") + '.');
  sink(page.name(), page.text());
}

}  // namespace

void write_paged(const page_list& list, const site_figures& site,
                 const std::function<std::string_view(std::size_t)>& name_of,
                 const page_filler& fill, const page_sink& sink) {
  const std::size_t pages = std::max<std::size_t>(1, (list.size + list.most - 1) / list.most);
  for (std::size_t number = 0; number < pages; ++number) {
    html_page page(file_of(list, number), list.title, site.foot);
    if (pages > 1) {
      page.add("<nav class=\"pager\" aria-label=\"Parts of the list\"><ul>");
      for (std::size_t other = 0; other < pages; ++other) {
        const std::size_t last = std::min(list.size, (other + 1) * list.most) - 1;
        const std::string label = escaped(in_words(name_of(other * list.most))) + " to " +
                                  escaped(in_words(name_of(last)));
        page.add(other == number
                     ? "<li aria-current=\"true\">" + label + "</li>"
                     : "<li><a href=\"" + file_of(list, other) + "\">" + label + "</a></li>");
      }
      page.add("</ul></nav>\n");
    }
    fill(page, number * list.most, std::min(list.size, (number + 1) * list.most));
    sink(page.name(), page.text());
  }
}

void write_hosts(const site_figures& site, const page_sink& sink) {
  std::map<std::string_view, host_view> hosts;
  for (const kept_finding& one : site.all.findings) {
    if (one.host.empty()) continue;
    host_view& host = hosts[one.host];
    host.findings.push_back(&one);
    host.domains.insert(one.domains.begin(), one.domains.end());
  }
  for (const host_line& line : site.all.hosts) {
    const auto found = hosts.find(line.host);
    if (found == hosts.end()) continue;
    found->second.lines.push_back(&line);
    found->second.noted = tlsrpt::sum_of_sessions(found->second.noted, line.noted.sessions);
  }
  std::vector<std::pair<std::string_view, const host_view*>> order;
  for (auto& [name, host] : hosts) {
    std::ranges::stable_sort(host.lines, [](const host_line* a, const host_line* b) {
      return a->noted.sessions > b->noted.sessions;
    });
    order.emplace_back(name, &host);
    write_host(site, name, host, sink);
  }
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) {
    const int x = a.second->findings.front()->severity, y = b.second->findings.front()->severity;
    return x != y ? x < y : a.second->noted > b.second->noted;
  });
  const auto fill = [&](html_page& page, std::size_t first, std::size_t last) {
    if (order.empty()) {
      page.element("p", "No report names a mail host with a failure.");
      return;
    }
    page.begin_table("Mail hosts with failures, the most urgent first",
                     {"Mail host", "What", "Domains", "Mentions"}, 2);
    for (std::size_t i = first; i < last; ++i) {
      const auto& [name, host] = order[i];
      page.row({host_link(page, name), sentence_cell(host->findings.front()->text),
                std::to_string(host->domains.size()), std::to_string(host->noted)});
    }
    page.end_table();
  };
  write_paged(
      {"hosts", "Mail hosts", order.size(), most_listed}, site,
      [&](std::size_t i) { return order[i].first; }, fill, sink);
}

void write_reporters(const site_figures& site, const page_sink& sink) {
  std::map<std::string_view, reporter_view> reporters;
  for (const reporter_line& line : site.all.reporters) {
    reporter_view& view = reporters[line.reporter];
    view.lines.push_back(&line);
    view.days |= line.days;
    view.last = std::max(view.last, line.last);
    view.ok = sum(view.ok, line.ok);
    view.failed = sum(view.failed, line.failed);
    view.is_verified = view.is_verified || line.is_verified;
    view.silent += line.rhythm == rhythm::silent ? 1 : 0;
  }
  std::vector<std::pair<std::string_view, const reporter_view*>> order;
  for (const auto& [name, view] : reporters) {
    order.emplace_back(name, &view);
    write_reporter(site, name, view, sink);
  }
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) {
    if (a.second->silent != b.second->silent) return a.second->silent > b.second->silent;
    return a.second->ok.at_least > b.second->ok.at_least;
  });
  const auto fill = [&](html_page& page, std::size_t first, std::size_t last) {
    if (order.empty()) {
      page.element("p", "Nobody has reported yet.");
      return;
    }
    page.begin_table("Who reports; those that went silent first",
                     {"Reporter", "Last report", "Domains", "Silent", "With TLS", "Failed"}, 2);
    for (std::size_t i = first; i < last; ++i) {
      const auto& [name, view] = order[i];
      page.row({reporter_link(page, name, site.links), time_element(view->last),
                std::to_string(view->lines.size()), std::to_string(view->silent), shown(view->ok),
                shown(view->failed)});
    }
    page.end_table();
  };
  write_paged(
      {"reporters", "Reporters", order.size(), most_listed}, site,
      [&](std::size_t i) { return order[i].first; }, fill, sink);
}

void write_set_up(const site_figures& site, const part_options& options, const page_sink& sink) {
  const std::vector<std::string_view> names(site.names.begin(), site.names.end());
  constexpr std::size_t most = 50;
  const auto fill = [&](html_page& page, std::size_t first, std::size_t last) {
    page.element("p",
                 "A domain asks for reports by one TXT record. By mail, put an address of your own "
                 "in place of this one; for HTTPS, tlsrpt-intake token add prints the line.");
    if (names.empty()) page.element("p", "There is no domain yet: list yours with --domains.");
    for (std::size_t i = first; i < last; ++i) {
      page.add("<h2>" + domain_link(page, names[i], site.links) + "</h2>\n");
      options.add_set_up(page, names[i], {});
    }
  };
  write_paged(
      {"set-up", "Set-up", names.size(), most}, site, [&](std::size_t i) { return names[i]; }, fill,
      sink);
}

}  // namespace collector
