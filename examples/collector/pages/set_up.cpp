#include "set_up.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>

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

/// In HTML: a finding about what is published.
template <class Finding>
std::string advice_item(const Finding& one) {
  return "<li>" + escaped(one.text) +
         (one.subject.empty() ? "" : " <code>" + escaped(one.subject) + "</code>") +
         (one.do_first.empty() ? "" : "<br>" + escaped(one.do_first)) + "</li>\n";
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

void set_up::read_policies(const std::filesystem::path& folder) {
  constexpr std::size_t most_octets = 65'536;  // RFC 8461, section 3.3
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt") continue;
    std::string text(most_octets, '\0');
    std::ifstream file(entry.path(), std::ios::binary);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    const std::string name = entry.path().stem().string();
    const tlsrpt::host_text domain = tlsrpt::canonical_host(name);
    policy_texts_[std::string(domain.view())] = text;
  }
}

void set_up::look_up(const domain_names& domains, const std::string& resolver,
                     [[maybe_unused]] const fetch_rules& rules) {
  using clock = std::chrono::steady_clock;
  using reporter::lookup_end;
  constexpr int most_names = 200;
  constexpr std::chrono::minutes longest(1);
  constexpr unsigned patience = 25;  // of which a look-up has 5 seconds
  const clock::time_point end = clock::now() + longest;
  reporter::resolver asked({resolver, patience});
  int names = 0;
  const auto may_ask = [&] { return names++ < most_names && clock::now() <= end; };
  for (const std::string& domain : domains) {
    if (published_.contains(domain)) continue;
    if (!may_ask()) return;
    const reporter::txt_answer answer = asked.txt(std::string(prefix) + domain);
    published_[domain] = {answer.records, answer.end == lookup_end::failed};
  }
  // What senders need most was asked for of all domains before the rest of any.
  for (const std::string& domain : domains) {
    policies& here = policies_[domain];
    if (!may_ask()) return;
    if (const auto answer = asked.txt("_mta-sts." + domain); answer.end != lookup_end::failed)
      here.records = answer.records;
    if (!may_ask()) return;
    const reporter::text_answer mail_hosts = asked.mail_hosts(domain);
    if (mail_hosts.end != lookup_end::found && mail_hosts.end != lookup_end::no_data) continue;
    std::vector<mail_host>& hosts = here.hosts.emplace();
    for (const std::string& name : mail_hosts.texts) hosts.push_back({name});
    if (hosts.empty()) hosts.push_back({domain});
    for (mail_host& host : hosts) {
      if (!tlsrpt::is_host_name(host.name)) continue;
      if (!may_ask()) return;
      const reporter::text_answer tlsa = asked.tlsa("_25._tcp." + host.name);
      if (tlsa.end == lookup_end::failed) continue;
      host.tlsa = tlsa.texts;
      // What a resolver says that checks no signatures is no news.
      if (asked.validates()) host.is_secure = tlsa.is_secure;
    }
  }
#ifdef TLSRPT_PAGES_CURL
  // Last, for a server that does not answer takes the time of others. As senders do, who look for
  // a policy where one record says that there is one. None is begun that might have to be cut.
  constexpr std::chrono::seconds longest_fetch(10);
  const auto has_sts_record = [](const policies& here) {
    return here.records && std::ranges::count_if(*here.records, [](const std::string& record) {
                             return record.starts_with("v=STSv1");
                           }) == 1;
  };
  for (const std::string& domain : domains) {
    policies& here = policies_[domain];
    if (policy_texts_.contains(domain) || !has_sts_record(here)) continue;
    if (!may_ask() || clock::now() + longest_fetch > end) return;
    here.fetched = fetch_policy(domain, rules, asked, clock::now() + longest_fetch);
  }
#endif
}

void set_up::add(html_page& page, std::string_view domain,
                 std::span<const seen_policy> seen) const {
  add_record(page, domain);
  add_policies(page, domain, seen);
}

bool set_up::looks_mended(const tlsrpt::finding& found, tlsrpt::day today, std::string_view domain,
                          std::span<const seen_policy> seen) const {
  bool is_so = false;
  with_policies(domain, seen, [&](const auto& today_has, const auto& reported) {
    is_so = tlsrpt::looks_mended(found, today, today_has, reported);
  });
  return is_so;
}

template <class F>
void set_up::with_policies(std::string_view domain, std::span<const seen_policy> seen,
                           const F& f) const {
  tlsrpt::published_policies known{.domain = domain};
  if (const auto text = policy_texts_.find(domain); text != policy_texts_.end())
    known.sts_policy = text->second;
  const auto found = policies_.find(domain);
  if (!known.sts_policy && found != policies_.end()) known.sts_policy = found->second.fetched.text;
  std::vector<std::string_view> records;
  std::vector<std::vector<std::string_view>> tlsa;
  std::vector<tlsrpt::published_host> hosts;
  if (found != policies_.end() && found->second.records) {
    records.assign(found->second.records->begin(), found->second.records->end());
    known.sts_records = records;
  }
  if (found != policies_.end() && found->second.hosts) {
    for (const mail_host& host : *found->second.hosts) {
      tlsrpt::published_host& one = hosts.emplace_back();
      one.name = host.name;
      if (!host.tlsa) continue;
      tlsa.emplace_back(host.tlsa->begin(), host.tlsa->end());
      one.tlsa = tlsa.back();
      one.is_secure = host.is_secure;
    }
    known.hosts = hosts;
  }
  std::vector<std::vector<std::string_view>> lines;
  std::vector<tlsrpt::reported_policy> reported;
  for (const seen_policy& one : seen) {
    lines.emplace_back();
    for (std::string_view rest = one.text; !rest.empty();) {
      const std::size_t size = std::min(rest.find('\n'), rest.size());
      lines.back().push_back(rest.substr(0, size));
      rest.remove_prefix(std::min(rest.size(), size + 1));
    }
    reported.push_back({.kind = one.kind, .lines = lines.back()});
  }
  f(known, std::span<const tlsrpt::reported_policy>(reported));
}

void set_up::add_policies(html_page& page, std::string_view domain,
                          std::span<const seen_policy> seen) const {
  std::string advice;
  if (const auto found = policies_.find(domain);
      found != policies_.end() && !found->second.fetched.problem.empty()) {
    const fetched_policy& fetched = found->second.fetched;
    advice += advice_item(tlsrpt::policy_finding{
        .subject = fetched.subject, .text = fetched.problem, .do_first = fetched.do_first});
  }
  // A policy of 64 KiB may have the same fault in each line.
  constexpr std::size_t most_alike = 3;
  std::map<std::string, std::size_t> alike;
  with_policies(domain, seen, [&](const auto& today_has, const auto& reported) {
    tlsrpt::advise_policies(today_has, reported, [&](const tlsrpt::policy_finding& one) {
      if (++alike[std::string(one.text)] <= most_alike) advice += advice_item(one);
    });
  });
  for (const auto& [text, count] : alike)
    if (count > most_alike)
      advice += "<li>" + escaped(text) + " " + std::to_string(count - most_alike) + " more.</li>\n";
  if (!advice.empty())
    page.element("p", "About its policies and mail hosts:").add("<ul>\n" + advice + "</ul>\n");
}

void set_up::add_record(html_page& page, std::string_view domain) const {
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
      [&advice](const tlsrpt::record_finding& one) { advice += advice_item(one); });
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
