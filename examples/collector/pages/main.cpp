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
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <tlsrpt/error.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/version.hpp>

#ifdef TLSRPT_PAGES_ICU
#include <unicode/uversion.h>
#endif

#include "../intake/reading.hpp"
#include "../store/arguments.hpp"
#include "../store/database.hpp"
#include "change.hpp"
#include "serve.hpp"
#include "set_up.hpp"
#include "site.hpp"

namespace {

namespace fs = std::filesystem;
using collector::usage_error;

constexpr const char* version = "tlsrpt-pages " TLSRPT_HPP_VERSION_STRING
#ifdef TLSRPT_PAGES_ICU
                                " (ICU " U_ICU_VERSION ")"
#endif
    ;

constexpr const char* usage = R"(usage:
  tlsrpt-pages --db FILE --out DIR [--now DATE-TIME] [--domains FILE] [--known FILE]
               [--records FILE] [--policies DIR] [--dns] [--resolver ADDRESS[:PORT]]
               [--on-change COMMAND] [--serve ADDRESS:PORT]

Writes static pages to a new folder beside DIR, and makes DIR a link to it. --domains lists your
domains, and mail hosts of yours with DANE: others get no page; without it those with a token are
yours. --known lists findings that you know, as "tlsrpt advise" reads it. --records has the TXT
records that you publish, as dig prints them; --policies has the MTA-STS policies of your domains
as DOMAIN.txt; --dns looks up the records, mail hosts and TLSA records of your domains, by way of
the resolver of the system or of --resolver. --on-change runs a command when there is something new to
do, or gone, with that as JSON on its standard input, at most once an hour. --serve shows the pages by HTTP until it is ended.
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

/// A folder of pages. Readers see all of the old pages, or all of the new ones.
class page_folder {
 public:
  explicit page_folder(fs::path out) : out_(std::move(out)) {
    if (out_.filename().empty()) out_ = out_.parent_path();
    if (fs::exists(fs::symlink_status(out_)) && !fs::is_symlink(out_))
      throw std::runtime_error(out_.native() + " is there, and no link to pages");
    made_ = out_;
    made_ += '.';
    made_ += std::to_string(getpid());
    fs::remove_all(made_);
  }
  page_folder(const page_folder&) = delete;
  page_folder& operator=(const page_folder&) = delete;
  /// Takes away what was not finished.
  ~page_folder() {
    std::error_code ignored;
    if (!is_finished_) fs::remove_all(made_, ignored);
  }

  const fs::path& out() const { return out_; }

  void write(const std::string& name, std::string_view text) {
    const fs::path file = made_ / name;
    if (folders_.insert(file.parent_path()).second) fs::create_directories(file.parent_path());
    std::ofstream to(file, std::ios::binary);
    to << text;
    if (!to.flush()) throw std::runtime_error("cannot write " + file.native());
  }

  void finish() {
    const fs::path old =
        fs::is_symlink(out_) ? out_.parent_path() / fs::read_symlink(out_) : fs::path();
    fs::path link = out_;
    link += ".link";
    fs::remove(link);
    fs::create_symlink(made_.filename(), link);
    fs::rename(link, out_);
    is_finished_ = true;
    // Only what this program made: a link to elsewhere is somebody's own.
    if (!old.empty() && old != made_ &&
        old.filename().native().starts_with(out_.filename().native() + "."))
      fs::remove_all(old);
  }

 private:
  fs::path out_, made_{};
  std::set<fs::path> folders_{};
  bool is_finished_ = false;
};

void run(collector::arguments& given) {
  const std::string file = given.needed("--db"), out = given.needed("--out");
  const std::string domains = given.value("--domains"), known = given.value("--known"),
                    records = given.value("--records"), policies = given.value("--policies"),
                    command = given.value("--on-change"), where = given.value("--serve"),
                    resolver = given.value("--resolver");
  const bool asks_dns = given.has("--dns");
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
      if (!is_guessed) return published.look_up(names, resolver);
      std::fputs("tlsrpt-pages: --dns needs --domains, or domains with a token\n", stderr);
    };
  page_folder folder(out);
  collector::database db({file}, collector::access::read);
  const auto findings = make_site(db, options, [&](const std::string& name, std::string_view text) {
    folder.write(name, text);
  });
  folder.finish();
  if (!command.empty()) {
    fs::path state = folder.out();
    state += ".told";
    collector::tell_change(findings, options.now, state, command);
  }
  if (!where.empty()) collector::serve_pages(folder.out(), where);
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
