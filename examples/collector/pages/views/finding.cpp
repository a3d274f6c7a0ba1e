#include "finding.hpp"

#include <algorithm>
#include <string>

#include "words.hpp"

namespace collector {

namespace {

/// The first names as links, and how many more there are.
template <class F>
std::string links(const std::vector<std::string>& names, const F& link_of) {
  constexpr std::size_t most = 5;
  std::string html;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    (html += i == 0 ? "" : ", ") += link_of(names[i]);
  if (names.size() > most) html += " and " + std::to_string(names.size() - most) + " more";
  return html;
}

std::string since(const kept_finding& one) {
  std::string text = "Since " + date(one.since);
  if (one.last != one.since) text += ", last on " + date(one.last);
  std::string change(one.is_spike ? "far more than before" : name(one.change));
  std::ranges::replace(change, '-', ' ');
  return text + " (" + change + "). ";
}

}  // namespace

std::string domain_link(const html_page& page, std::string_view domain, const page_names& names) {
  const std::string name =
      names.has_domain(domain) ? page.link(domain_file(domain), domain) : said(domain);
  return name + in_unicode(domain);
}

std::string host_link(const html_page& page, std::string_view host) {
  return page.link(host_file(host), in_words(host)) + in_unicode(host);
}

std::string reporter_link(const html_page& page, std::string_view reporter,
                          const page_names& names) {
  const std::string name = names.has_reporter(reporter)
                               ? page.link(reporter_file(reporter), in_words(reporter))
                               : said(reporter);
  return name + in_unicode(reporter);
}

void add_finding(html_page& page, const kept_finding& one, const page_names& names) {
  page.add(one.severity <= 2 ? "<section class=\"finding\">" : "<section class=\"finding later\">")
      .add("<h3>" + escaped_whole(one.text) + "</h3>\n");
  std::string about = since(one) + std::string(words_for(one.impact));
  if (one.failed_at_least != 0) {
    about += " At least " + counted(one.failed_at_least, "session") + " failed";
    if (one.noted != 0) about += "; " + counted(one.noted, "mention") + " of this";
    about += '.';
  }
  page.element("p", about);
  const auto reporter = [&](std::string_view name) { return reporter_link(page, name, names); };
  if (!one.reporters.empty()) {
    std::string seen = one.code == "stopped" ? "No longer heard of: " : "Seen by ";
    seen += links(one.reporters, reporter) + '.';
    if (!one.others.empty()) seen += " Not seen by " + links(one.others, reporter) + '.';
    if (!one.is_verified) seen += " Nobody vouches for these reports.";
    page.add("<p>" + seen + "</p>\n");
  }
  page.add("<p><strong>Do first:</strong> " + escaped_whole(one.do_first) + "</p>\n");
  std::string more =
      links(one.domains, [&](std::string_view name) { return domain_link(page, name, names); });
  more = (one.domains.size() == 1 ? "Domain: " : "Domains: ") + more + '.';
  if (!one.host.empty()) more += " Mail host: " + host_link(page, one.host) + '.';
  if (!one.evidence.empty()) {
    more += " Reports: ";
    for (std::size_t i = 0; i < one.evidence.size(); ++i)
      more += (i == 0 ? "" : ", ") + page.link(report_file(one.evidence[i]),
                                               std::string(to_text(one.evidence[i])).substr(0, 8));
    more += '.';
  }
  page.add("<p class=\"dim\">" + more + "<br>Key: <code>" + escaped_whole(one.key) +
           "</code></p></section>\n");
}

}  // namespace collector
