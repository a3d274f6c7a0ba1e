#include "report.hpp"

#include <set>
#include <vector>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/endpoint.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/path.hpp>
#include <tlsrpt/sender_profile.hpp>

#include "../../intake/reading.hpp"
#include "words.hpp"

namespace collector {

namespace {

constexpr std::size_t most_octets = std::size_t{10} << 20, most_shown = std::size_t{256} << 10,
                      most_rows = 200, most_diagnostics = 100;

/// In HTML: a term and what it stands for.
std::string term(std::string_view name, const std::string& html) {
  return "<dt>" + escaped(name) + "</dt><dd>" + html + "</dd>\n";
}

std::string_view words_for_channel(std::int64_t via) {
  switch (static_cast<tlsrpt::channel>(via)) {
    case tlsrpt::channel::mail:
      return "by mail";
    case tlsrpt::channel::https:
      return "by HTTPS";
    default:
      return "from a file";
  }
}

/// What is unusual about an entry.
std::vector<std::string_view> remarks(const tlsrpt::ledger_flags& flags) {
  std::vector<std::string_view> texts;
  if (flags.approximate) texts.push_back("Its period does not begin and end at midnight.");
  if (flags.clipped) texts.push_back("A count is larger than any that is counted.");
  if (flags.period_unknown) texts.push_back("It names no period; the day is that of its receipt.");
  if (flags.repeated) texts.push_back("An element is there twice, and counted once.");
  if (flags.cut != 0) texts.push_back("It has more names than are kept; the rest is added up.");
  return texts;
}

/// In HTML: what a failure says more, as a link where it is one to a public host. Nobody is led
/// there without seeing where it goes, and nobody there learns from where.
std::string more_information(std::string_view text) {
  constexpr std::size_t longest_link = 2000;
  const tlsrpt::url_check url = tlsrpt::check_url(text);
  if (url.fault != tlsrpt::url_fault::none || text.size() > longest_link) return cell(text);
  return "<code>" + escaped(url.url.host) + "</code>: <a href=\"" + escaped_whole(text) +
         "\" rel=\"noopener noreferrer nofollow\">" + escaped(text) + "</a>";
}

/// Each text once.
void add_information(html_page& page, const tlsrpt::report_view& report) {
  constexpr std::size_t most = 20;
  std::set<std::string_view> texts;
  for (const tlsrpt::policy_view& policy : report.policies)
    for (const tlsrpt::failure_details_view& failure : policy.failure_details)
      if (!failure.additional_information.empty()) texts.insert(failure.additional_information);
  if (texts.empty()) return;
  page.element("p", "The sender says more about its failures:").add("<ul>\n");
  std::size_t shown = 0;
  for (std::string_view text : texts)
    if (shown++ < most) page.add("<li>" + more_information(text) + "</li>\n");
  page.add("</ul>\n");
  if (texts.size() > most)
    page.element("p", "And " + counted(texts.size() - most, "more text") + " in the text below.");
}

}  // namespace

report_writer::report_writer(database& db, const page_names& names, const std::string& foot,
                             const page_sink& sink)
    : names_(names),
      foot_(foot),
      sink_(sink),
      find_(db.prepare("SELECT id, facts, raw FROM report WHERE digest = ?1")),
      receipts_(db.prepare("SELECT via, submitter, received, peer FROM receipt WHERE report = ?1"
                           " ORDER BY received LIMIT 10")),
      parser_(limits_of_reports(most_octets)) {}

void report_writer::write(const tlsrpt::digest& report) {
  find_.bind_blob(1, report.octets());
  if (!find_.step()) return;
  tlsrpt::ledger ledger;
  if (const auto read = ledger.read(find_.text(1)); !read)
    throw store_error(std::string(message(read.error().code)));
  if (ledger.empty()) throw store_error("a report has no figures");
  const std::string text(to_text(report));
  constexpr std::size_t first_digits = 8;
  html_page page(report_file(report), "Report " + text.substr(0, first_digits), foot_);
  const tlsrpt::ledger_entry entry = *ledger.entries().begin();
  add_envelope(page, entry, find_.number(0));
  add_figures(page, entry);
  if (find_.is_null(2)) {
    page.element("h2", "Text").element("p", "The text of old reports is not kept.");
  } else {
    const reporter_limit limit = {add_text(page, report, find_.blob(2)),
                                  entry.trust == tlsrpt::trust::verified};
    reporter_limit& kept = limits_[std::string(entry.reporter)];
    // Anybody can send a report in the name of another.
    if (limit.is_verified != kept.is_verified ? limit.is_verified : kept.text.empty()) kept = limit;
  }
  find_.reset();
  sink_(page.name(), page.text());
}

void report_writer::add_envelope(html_page& page, const tlsrpt::ledger_entry& entry,
                                 std::int64_t id) {
  page.add("<dl class=\"terms\">\n")
      .add(term("From", entry.organization.empty() ? "not said" : cell(entry.organization)))
      .add(term("Reporter", reporter_link(page, entry.reporter, names_)))
      .add(term("Trust", entry.trust == tlsrpt::trust::verified
                             ? "verified: vouched for by " + escaped(listed(entry.submitters()))
                             : "claimed: nobody vouches for it"))
      .add(term("About", domain_link(page, entry.about, names_)))
      .add(term("Day", time_elements(entry.first, entry.first + (entry.days - 1))))
      .add(term("Report-ID", entry.report_id.empty() ? "not said" : code_cell(entry.report_id)))
      .add(term("Digest", "<code>" + std::string(to_text(entry.digest)) + "</code>"));
  receipts_.bind(1, id);
  while (receipts_.step()) {
    std::string how = moment(receipts_.number(2)) + " UTC ";
    how += words_for_channel(receipts_.number(0));
    const bool is_mail = receipts_.number(0) == static_cast<std::int64_t>(tlsrpt::channel::mail);
    if (!receipts_.is_null(1))
      how +=
          (is_mail ? ", signed by " : ", with a certificate of ") + std::string(receipts_.text(1));
    if (!receipts_.is_null(3)) how += ", from " + std::string(receipts_.text(3));
    page.add(term("Received", escaped(how)));
  }
  page.add("</dl>\n");
  for (std::string_view remark : remarks(entry.flags)) page.element("p", remark);
}

void report_writer::add_figures(html_page& page, const tlsrpt::ledger_entry& entry) const {
  page.element("h2", "Figures");
  page.begin_table("Sessions, by policy", {"Domain", "Kind", "Mode", "With TLS", "Failed"}, 3);
  std::size_t rows = 0;
  const auto count = [](const tlsrpt::session_sum& sum) {
    return sum.sessions == 0 && sum.unknown != 0 ? "not known" : shown(sum);
  };
  for (const tlsrpt::ledger_total& row : entry.totals) {
    const std::string_view mode = mode_name(row.kind, row.mode);
    if (rows++ < most_rows)
      page.row({domain_link(page, row.domain, names_), std::string(words_for(row.kind)),
                mode == "?" ? "not said" : std::string(mode), count(row.ok), count(row.failed)});
  }
  page.end_table();
  if (rows > most_rows)
    page.element("p", counted(rows - most_rows, "more row") + " in the text below.");
  rows = 0;
  for (const tlsrpt::ledger_failure& row : entry.failures) {
    if (rows++ == 0)
      page.begin_table("Failures that it mentions",
                       {"Policy", "Mail host", "Machine", "Result", "Reason", "Mentions"}, 5);
    if (rows <= most_rows)
      page.row({domain_link(page, row.domain, names_) + ", " + std::string(words_for(row.kind)),
                said(row.host) + in_unicode(row.host), said(row.node), said_code(row.result.text),
                said_code(row.reason), count(row.noted)});
  }
  if (rows == 0)
    page.element("p", "It mentions no failure.");
  else
    page.end_table();
  if (rows > most_rows)
    page.element("p", counted(rows - most_rows, "more failure") + " in the text below.");
}

std::string_view report_writer::add_text(html_page& page, const tlsrpt::digest& report,
                                         std::string_view raw) {
  std::string_view limits;
  tlsrpt::diagnostic_list<most_diagnostics> found;
  auto read = parser_.parse(raw, found);
  bool is_packed = tlsrpt::is_gzip(raw);
  if (!read && is_packed && tlsrpt::is_gzip(parser_.text())) {
    const std::string inner(parser_.text());
    found = {};
    read = parser_.parse(inner, found);
  }
  if (read) add_information(page, *read);
  page.element("h2", "What the reader says");
  if (read) {
    limits = tlsrpt::limits_of(tlsrpt::profile_of(*read));
    if (!limits.empty()) page.element("p", limits);
  } else {
    page.element("p", message(read.error().code));
  }
  if (found.kept().empty() && found.dropped() == 0) {
    page.element("p", "It is as RFC 8460 wants it.");
  } else {
    page.begin_table("Where it is not as RFC 8460 wants it", {"Place", "What", "Text"}, 3);
    for (const tlsrpt::diagnostic& one : found.kept())
      page.row({"<code>" + escaped(std::string(to_text(one.where))) + "</code>",
                escaped(message(one.code)), cell(one.subject)});
    page.end_table();
    if (found.dropped() != 0) page.element("p", counted(found.dropped(), "more remark") + '.');
  }
  page.element("h2", "Text");
  const std::string_view text = parser_.text();
  const std::string original = std::string(to_text(report)) + (is_packed ? ".json.gz" : ".json");
  constexpr std::size_t most_copied = std::size_t{1} << 20;
  if (raw.size() <= most_copied) {
    sink_("report/" + original, raw);
    page.add("<p><a href=\"" + original + "\" download>Download what was received</a>, " +
             counted(raw.size(), "octet") + ".</p>\n");
  } else {
    page.element(
        "p", "What was received has " + counted(raw.size(), "octet") + " and is in the database.");
  }
  page.code(text.substr(0, most_shown));
  if (text.size() > most_shown)
    page.element("p", counted(text.size() - most_shown, "more octet") + " are not shown.");
  return limits;
}

}  // namespace collector
