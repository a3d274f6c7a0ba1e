/// @file
/// Writes pages about the reports that tlsrpt-intake keeps.

#include <sysexits.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/endpoint.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/version.hpp>

#ifdef TLSRPT_PAGES_CURL
#include <curl/curlver.h>
#endif
#ifdef TLSRPT_PAGES_ICU
#include <unicode/uversion.h>
#endif

#include "../intake/reading.hpp"
#include "../store/arguments.hpp"
#include "../store/database.hpp"
#include "change.hpp"
#include "folder.hpp"
#include "serve.hpp"
#include "set_up.hpp"
#include "site.hpp"

namespace {

namespace fs = std::filesystem;
using collector::usage_error;

constexpr const char* version = "tlsrpt-pages " TLSRPT_HPP_VERSION_STRING
#ifdef TLSRPT_PAGES_ICU
                                " (ICU " U_ICU_VERSION
                                ")"
#endif
#ifdef TLSRPT_PAGES_CURL
                                " (libcurl " LIBCURL_VERSION ")"
#endif
    ;

constexpr const char* usage = R"(usage:
  tlsrpt-pages --db FILE --out DIR [--now DATE-TIME] [--domains FILE] [--known FILE]
               [--records FILE] [--policies DIR] [--dns] [--resolver ADDRESS[:PORT]]
               [--ca-file FILE] [--allow CIDR] [--on-change COMMAND] [--serve ADDRESS:PORT]
               [--wait SECONDS]

Writes static pages to a new folder beside DIR, and makes DIR a link to it. --domains lists your
domains, and mail hosts of yours with DANE: others get no page; without it those with a token are
yours. --known lists findings that you know, as "tlsrpt advise" reads it. --records has the TXT
records that you publish, as dig prints them; --policies has the MTA-STS policies of your domains
as DOMAIN.txt; --dns looks up the records, mail hosts and TLSA records of your domains, by way of
the resolver of the system or of --resolver, and fetches policies by HTTPS where this program was
built with libcurl: --ca-file has the certificates of authorities, and --allow a range of addresses
to connect to that are not public. --on-change runs a command when there is something new to
do, or gone, with that as JSON on its standard input, at most once in 55 minutes. --serve shows the
pages by HTTP until it is ended. --wait says for how long it waits while another program has FILE
locked, or another tlsrpt-pages writes DIR: 10 seconds.
)";

std::int64_t read_now(const std::string& text) {
  if (text.empty())
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  const tlsrpt::date_time_reading read = tlsrpt::read_date_time(text);
  if (!read.known) throw usage_error("--now needs a time as 2026-11-28T06:00:00Z");
  return read.seconds;
}

std::string read_text(const std::string& file) {
  if (file.empty()) return {};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void run(collector::arguments& given) {
  const std::string file = given.needed("--db"), out = given.needed("--out");
  const std::string domains = given.value("--domains"), known = given.value("--known"),
                    records = given.value("--records"), policies = given.value("--policies"),
                    command = given.value("--on-change"), where = given.value("--serve"),
                    resolver = given.value("--resolver"), allowed = given.value("--allow");
  collector::fetch_rules rules{.ca_file = given.value("--ca-file")};
  const bool asks_dns = given.has("--dns");
  const std::chrono::seconds patience = given.patience();
  collector::site_options options;
  options.now = read_now(given.value("--now"));
  given.end(0);
  if (!allowed.empty()) {
    const auto network = tlsrpt::ip_network::parse(allowed);
    if (!network) throw usage_error("--allow needs a range such as 192.0.2.0/24");
    rules.allowed.push_back(*network);
  }
  if (!domains.empty()) options.domains = collector::read_domains(domains);
  if (!rules.ca_file.empty()) read_text(rules.ca_file);  // else each domain would be blamed for it
  const std::string known_text = read_text(known);
  const auto list = tlsrpt::parse_known(known_text);
  if (!list) throw std::runtime_error(std::string(message(list.error().code)));
  for (std::size_t line : list->unreadable())
    std::fprintf(stderr, "tlsrpt-pages: %s, line %zu cannot be read\n", known.c_str(), line);
  options.known = list->known();
  collector::set_up published;
  published.read(read_text(records));
  if (!policies.empty()) published.read_policies(policies);
  options.add_set_up = [&](collector::html_page& page, std::string_view domain,
                           std::span<const collector::seen_policy> seen) {
    published.add(page, domain, seen);
  };
  options.looks_mended = [&](const tlsrpt::finding& found, tlsrpt::day today,
                             std::string_view domain,
                             std::span<const collector::seen_policy> seen) {
    return published.looks_mended(found, today, domain, seen);
  };
  // Names of reports are never asked for: strangers would steer what is asked.
  if (asks_dns)
    options.prepare = [&](const auto& names, bool is_guessed) {
      if (!is_guessed) return published.look_up(names, resolver, rules);
      std::fputs("tlsrpt-pages: --dns needs --domains, or domains with a token\n", stderr);
    };
  const fs::path place = collector::place_of_pages(out);
  std::vector<collector::kept_finding> findings;
  {
    const collector::file_lock lock(collector::beside(place, ".lock"), patience,
                                    "another tlsrpt-pages writes these pages");
    collector::page_folder folder(place);
    collector::database db({file, patience}, collector::access::read);
    findings = make_site(db, options, [&](const std::string& name, std::string_view text) {
      folder.write(name, text);
    });
    folder.finish();
  }
  if (!command.empty()) {
    // A lock of its own: pages are made while a command takes its time.
    const collector::file_lock lock(collector::beside(place, ".telling"), patience,
                                    "the command of an earlier run has not ended");
    collector::tell_change(findings, options.now, collector::beside(place, ".told"), command);
  }
  if (!where.empty()) collector::serve_pages(place, where);
}

}  // namespace

int main(int count, char** words) {
  try {
    collector::arguments given(count, words, {"--help", "--version", "--dns"});
    if (given.has("--help"))
      std::fputs(usage, stdout);
    else if (given.has("--version"))
      std::puts(version);
    else
      run(given);
    return 0;
  } catch (const usage_error& error) {
    std::fprintf(stderr, "tlsrpt-pages: %s\n%s", error.what(), usage);
    return EX_USAGE;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tlsrpt-pages: %s\n", error.what());
    return 1;
  }
}
