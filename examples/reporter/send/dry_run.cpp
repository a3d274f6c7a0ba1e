#include "dry_run.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/escape.hpp>

#include "lookup.hpp"
#include "reports/hosts.hpp"
#include "reports/making.hpp"
#include "work.hpp"

namespace reporter {

namespace {

class folder {
 public:
  explicit folder(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
  }

  void write(const std::string& name, std::string_view octets) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file << octets;
    if (!file.flush()) throw std::runtime_error("cannot write " + (path_ / name).string());
  }

 private:
  std::filesystem::path path_;
};

/// Writes the files about one domain, and adds lines to the list.
void write_domain(const options& options, const tlsrpt::tally& tally, const std::string& domain,
                  resolver& resolver, const folder& out, std::string& list) {
  const std::string begin = std::string(to_text(tally.day())) + "\t" + domain + "\t";
  record_answer record = look_up(resolver, tally, domain);
  const std::vector<made_report> reports = make_reports(options, tally, domain, record);
  if (!record.fault.empty()) {
    list += begin + "\t\t" + record.fault + "\n";
    return;
  }
  for (const made_report& report : reports) {
    constexpr std::string_view gz = ".gz", all = ".json.gz";
    const std::string& name = report.file_name;
    out.write(name, report.gzip);
    out.write(name.substr(0, name.size() - gz.size()), report.json);
    for (std::size_t i = 0; i < record.destinations.size(); ++i) {
      const destination& to = record.destinations[i];
      std::string file = to.fault.empty() ? name : "";
      if (!report.mails[i].empty()) {
        file = name.substr(0, name.size() - all.size()) + "." + std::to_string(i) + ".eml";
        out.write(file, report.mails[i]);
      }
      list += begin;
      tlsrpt::escape::terminal(list, to.address, tlsrpt::escape::any_length);
      list += "\t" + file + "\t" + to.fault + "\n";
    }
  }
}

/// Writes the files about a day, and adds lines to the list.
void write_day(const options& options, const day_journals& journals, resolver& resolver,
               const folder& out, std::string& list) {
  tlsrpt::tally tally = read_day(journals);
  waiting_names unanswered;
  const auto has_report = [](const std::string&) { return false; };
  if (options.has_host_reports)
    count_for_hosts(tally, options.lookup(), false, has_report, unanswered);
  for (std::size_t i = 0; i < tally.domain_count(); ++i)
    unanswered.erase(std::string(tally.domain(i).name));
  for (const auto& waiting : unanswered)
    list += std::string(to_text(tally.day())) + "\t" + waiting.first + "\t\t\t" +
            fault_of(waiting) + "\n";
  for (std::size_t i = 0; i < tally.domain_count(); ++i)
    write_domain(options, tally, std::string(tally.domain(i).name), resolver, out, list);
}

}  // namespace

bool dry_run(const options& options) {
  const folder out(options.out);
  resolver resolver(options.lookup());
  std::string list = "day\tdomain\taddress\tfile\tfault\n";
  bool is_good = true;
  for (const day_journals& journals : find_days(options.folder)) {
    if (options.day ? journals.day != *options.day : !is_sealed(journals.day, options.time()))
      continue;
    try {
      write_day(options, journals, resolver, out, list);
    } catch (const std::exception& error) {
      say(journals.day, std::string("no reports: ") + error.what());
      is_good = false;
    }
  }
  out.write("destinations.tsv", list);
  return is_good;
}

}  // namespace reporter
