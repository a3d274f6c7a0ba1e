#include "set_up.hpp"

#include <chrono>

#include <tlsrpt/errc.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/record_advice.hpp>
#include <tlsrpt/write_record.hpp>
#include <tlsrpt/zone_text.hpp>

#include "../../reporter/send/lookup.hpp"
#include "views/words.hpp"

namespace collector {

namespace {

constexpr std::string_view prefix = "_smtp._tls.";

/// The name in the DNS that an entry is about.
std::string whole_owner(const tlsrpt::zone_entry& entry) {
  std::string owner(entry.owner);
  if (owner == "@") owner.clear();
  if (!owner.ends_with('.') && !entry.origin.empty())
    (owner += owner.empty() ? "" : ".") += entry.origin;
  return owner;
}

/// In HTML: addresses as a list.
std::string endpoints_of(const tlsrpt::record_view& record) {
  std::string html = "<ul>\n";
  for (const tlsrpt::rua_view& one : record.endpoints())
    html += "<li><code>" + escaped_whole(one.uri) + "</code></li>\n";
  return html + "</ul>\n";
}

void add_to_publish(html_page& page, std::string_view domain) {
  const std::string uri = "mailto:tls-reports@" + std::string(domain);
  const std::string_view uris[] = {uri};
  std::string record, line = std::string(prefix) + std::string(domain) + ". IN TXT ";
  if (!tlsrpt::write_record(record, uris)) return;
  tlsrpt::write_zone_strings(line, record);
  page.element("p", "Publish one record, with an address of yours:").code(line);
}

}  // namespace

void set_up::read(std::string_view text) {
  std::string scratch(text.size(), '\0');
  tlsrpt::read_zone_text(text, scratch, [this](const tlsrpt::zone_entry& entry) {
    const std::string owner = whole_owner(entry);
    const tlsrpt::owner_reading read = tlsrpt::read_owner_name(owner);
    if (read.code != tlsrpt::errc::ok || read.domain.empty()) return;
    const tlsrpt::host_text domain = tlsrpt::canonical_host(read.domain);
    published& here = published_[std::string(domain.view())];
    if (entry.kind == tlsrpt::zone_entry_kind::record)
      here.records.emplace_back(entry.text);
    else if (entry.kind == tlsrpt::zone_entry_kind::failure)
      here.is_failure = true;
  });
}

void set_up::look_up(const domain_names& domains, const std::string& resolver) {
  using clock = std::chrono::steady_clock;
  constexpr int most_names = 200;
  constexpr std::chrono::minutes longest(1);
  constexpr unsigned patience = 25;  // of which a look-up has 5 seconds
  const clock::time_point end = clock::now() + longest;
  reporter::resolver asked({resolver, patience});
  int names = 0;
  for (const std::string& domain : domains) {
    if (published_.contains(domain)) continue;
    if (names++ == most_names || clock::now() > end) return;
    const reporter::txt_answer answer = asked.txt(std::string(prefix) + domain);
    published_[domain] = {answer.records, answer.end == reporter::lookup_end::failed};
  }
}

void set_up::add(html_page& page, std::string_view domain) const {
  const auto found = published_.find(domain);
  if (found == published_.end()) return add_to_publish(page, domain);
  std::vector<std::string_view> records;
  std::string shown_text;
  for (const std::string& one : found->second.records) {
    records.push_back(one);
    shown_text += std::string(prefix) + std::string(domain) + ". IN TXT ";
    tlsrpt::write_zone_strings(shown_text, one);
    shown_text += '\n';
  }
  if (!records.empty()) page.element("p", "Published today:").code(shown_text);
  std::string advice;
  const bool has_no_answer = found->second.is_failure && records.empty();
  tlsrpt::advise_record(
      {.domain = domain, .records = records, .has_no_answer = has_no_answer},
      [&advice](const tlsrpt::record_finding& one) {
        advice += "<li>" + escaped(one.text) +
                  (one.subject.empty() ? "" : ": <code>" + escaped(one.subject) + "</code>") +
                  (one.do_first.empty() ? "" : "<br>" + escaped(one.do_first)) + "</li>\n";
      });
  const auto record = tlsrpt::select_record(records);
  if (record && advice.empty())
    page.element("p", "It is as it should be. Reports go to:").add(endpoints_of(*record));
  else if (record)
    page.element("p", "Senders can use it. Reports go to:")
        .add(endpoints_of(*record))
        .element("p", "Yet it could be better:");
  else if (!has_no_answer)
    page.element("p", "Senders cannot use it, so no report comes:");
  if (!advice.empty()) page.add("<ul>\n" + advice + "</ul>\n");
  if (!record) add_to_publish(page, domain);
}

}  // namespace collector
