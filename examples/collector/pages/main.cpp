/// @file
/// Writes pages about the reports that tlsrpt-intake keeps.

#include <sysexits.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <tlsrpt/error.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/version.hpp>

#include "../intake/reading.hpp"
#include "../store/arguments.hpp"
#include "../store/report_store.hpp"
#include "site.hpp"

namespace {

namespace fs = std::filesystem;
using collector::usage_error;

constexpr const char* usage = R"(usage:
  tlsrpt-pages --db FILE --out DIR [--now DATE-TIME] [--domains FILE] [--known FILE]

Writes static pages to a new folder beside DIR, and makes DIR a link to it. --domains lists your
domains: others get no page. --known lists findings that you know, as "tlsrpt advise" reads it.
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

/// Readers see all of the old pages, or all of the new ones.
void write_site(const collector::site& pages, fs::path out) {
  if (out.filename().empty()) out = out.parent_path();
  if (fs::exists(fs::symlink_status(out)) && !fs::is_symlink(out))
    throw std::runtime_error(out.native() + " is there, and no link to pages");
  const fs::path old = fs::is_symlink(out) ? out.parent_path() / fs::read_symlink(out) : fs::path();
  fs::path made = out, link = out;
  made += "." + std::to_string(getpid());
  link += ".link";
  fs::remove_all(made);
  for (const auto& [name, text] : pages) {
    const fs::path file = made / name;
    fs::create_directories(file.parent_path());
    std::ofstream to(file, std::ios::binary);
    to << text;
    if (!to.flush()) throw std::runtime_error("cannot write " + file.native());
  }
  fs::remove(link);
  fs::create_symlink(made.filename(), link);
  fs::rename(link, out);
  // Only what this program made: a link to elsewhere is somebody's own.
  if (!old.empty() && old != made &&
      old.filename().native().starts_with(out.filename().native() + "."))
    fs::remove_all(old);
}

void run(collector::arguments& given) {
  const std::string file = given.needed("--db"), out = given.needed("--out");
  const std::string domains = given.value("--domains"), known = given.value("--known");
  collector::site_options options;
  options.now = read_now(given.value("--now"));
  given.end(0);
  if (!domains.empty()) options.domains = collector::read_domains(domains);
  const std::string known_text = read_text(known);
  const auto list = tlsrpt::parse_known(known_text);
  if (!list) throw std::runtime_error(std::string(message(list.error().code)));
  for (std::size_t line : list->unreadable())
    std::fprintf(stderr, "tlsrpt-pages: %s, line %zu cannot be read\n", known.c_str(), line);
  options.known = list->known();
  collector::database db(file, collector::access::read);
  collector::statement counts = db.prepare("SELECT what, sum(n) FROM health GROUP BY what");
  while (counts.step()) options.health[std::string(counts.text(0))] = counts.number(1);
  constexpr std::int32_t longest = 400;
  const tlsrpt::day today = tlsrpt::day_of(options.now);
  const tlsrpt::ledger ledger = read_ledger(db, today - longest);
  write_site(make_site(ledger, options), out);
}

}  // namespace

int main(int count, char** words) {
  try {
    collector::arguments given(count, words, {"--help", "--version"});
    if (given.has("--help"))
      std::fputs(usage, stdout);
    else if (given.has("--version"))
      std::puts("tlsrpt-pages " TLSRPT_HPP_VERSION_STRING);
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
