#include "days.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <tlsrpt/endpoint.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include "../../journal.hpp"
#include "../work.hpp"

namespace reporter {

namespace {

/// Different failures of a policy in a report that would be too large otherwise.
constexpr std::size_t few_failures = 64;

[[noreturn]] void fail(tlsrpt::errc code) {
  if (code == tlsrpt::errc::out_of_memory) throw std::bad_alloc();
  throw std::runtime_error(std::string(message(code)));
}

void check(const tlsrpt::result<void>& done) {
  if (!done) fail(done.error().code);
}

/// Adds the tallies of a journal.
void read_journal(const std::string& path, tlsrpt::tally& sum) {
  if (!std::filesystem::is_regular_file(path)) throw std::runtime_error(path + " is no file");
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) throw std::runtime_error("cannot read " + path);
  std::uint64_t cut = 0, repeated = 0, strange = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view one = take_tally(rest);
    const auto read = sum.read(one, tlsrpt::when_full::lose);
    if (read) continue;
    if (read.error().code == tlsrpt::errc::part_known)
      ++repeated;
    else if (read.error().code == tlsrpt::errc::not_canonical)
      ++(one.empty() ? cut : strange);
    else
      throw std::runtime_error(path + ": " + std::string(message(read.error().code)));
  }
  if (cut != 0)
    say(path + ": " + std::to_string(cut) + " tallies were cut by a crash, and are left out");
  if (strange != 0)
    say(path + ": " + std::to_string(strange) +
        " tallies are of another version or were changed, and are left out");
  if (repeated != 0)
    say(path + ": " + std::to_string(repeated) + " tallies are there twice, and count once");
}

std::string number_of_part(std::uint32_t part) {
  std::string number = std::to_string(part);
  return number.insert(0, number.size() < 3 ? 3 - number.size() : 0, '0');
}

bool has_more_failures(const tlsrpt::report_view& report) {
  return std::ranges::any_of(report.policies, [](const tlsrpt::policy_view& policy) {
    return policy.failure_details.size() > few_failures + 1;
  });
}

/// Makes reports of one tally about one domain.
class report_maker {
 public:
  report_maker(const tlsrpt::tally& tally, std::string_view domain, const report_style& style,
               const std::vector<destination>& destinations)
      : tally_(tally), domain_(domain), style_(style), destinations_(destinations) {}

  std::vector<made_report> make() {
    if (auto whole = make_parts(1, {})) return std::move(*whole);
    for (std::uint32_t parts = 1;; parts *= 2)
      if (auto cut = make_parts(parts, {.failures_per_policy = few_failures}))
        return std::move(*cut);
  }

 private:
  /// Nothing when one is too large, and can be divided.
  std::optional<std::vector<made_report>> make_parts(std::uint32_t parts,
                                                     tlsrpt::tally_report_options options) {
    std::vector<made_report> made;
    std::uint32_t empty = 0;
    options.parts = parts;
    for (options.part = 1; options.part <= parts; ++options.part) {
      const auto report = reporter_.make(tally_, domain_, style_.identity, options);
      if (!report && report.error().code == tlsrpt::errc::nothing_to_report && parts > 1) {
        ++empty;
        continue;
      }
      if (!report) fail(report.error().code);
      made_report one;
      one.id = report->report_id;
      write(*report, one.json, one.gzip);
      // With empty parts no part has more than one policy.
      const bool is_whole = options.failures_per_policy > few_failures;
      if (one.gzip.size() > style_.most_octets && (is_whole || report->policies.size() > 1))
        return std::nullopt;
      add_mails(*report, options.part, one);
      if (is_whole && has_more_failures(*report)) add_cut(options, one);
      made.push_back(std::move(one));
    }
    if (empty == parts) fail(tlsrpt::errc::nothing_to_report);
    return made;
  }

  void write(const tlsrpt::report_view& report, std::string& json, std::string& gzip) const {
    check(tlsrpt::write_report(json, report));
    check(tlsrpt::write_gzip(gzip, json));
  }

  void add_mails(const tlsrpt::report_view& report, std::uint32_t part, made_report& made) const {
    const std::string unique_id = number_of_part(part);
    const std::string_view contact = style_.identity.contact_info;
    check(tlsrpt::write_file_name(made.file_name, {.sender = contact.substr(contact.rfind('@') + 1),
                                                   .policy_domain = domain_,
                                                   .begin = report.date_range.start_datetime,
                                                   .end = report.date_range.end_datetime,
                                                   .unique_id = unique_id,
                                                   .is_gzip = true}));
    std::uint32_t endpoint = 0;
    for (const destination& to : destinations_) {
      std::string& mail = made.mails.emplace_back();
      if (to.scheme == tlsrpt::uri_scheme::mailto && to.fault.empty())
        check(tlsrpt::write_mail(mail, report, made.gzip,
                                 {.to = to.address,
                                  .about = domain_,
                                  .date = style_.date,
                                  .unique_id = unique_id,
                                  .endpoint = endpoint}));
      ++endpoint;
    }
  }

  void add_cut(tlsrpt::tally_report_options options, made_report& made) {
    options.failures_per_policy = few_failures;
    const auto report = reporter_.make(tally_, domain_, style_.identity, options);
    if (!report) fail(report.error().code);
    std::string json;
    write(*report, json, made.cut_gzip);
  }

  const tlsrpt::tally& tally_;
  std::string_view domain_;
  const report_style& style_;
  const std::vector<destination>& destinations_;
  tlsrpt::tally_reporter reporter_{};
};

}  // namespace

std::vector<day_journals> find_days(const std::string& folder) {
  constexpr std::size_t size_of_day = 10;
  std::map<tlsrpt::day, day_journals> days;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const auto day = tlsrpt::day::parse(std::string_view(name).substr(0, size_of_day));
    if (!day || !name.ends_with(".journal") || name[size_of_day] != '.') continue;
    day_journals& found = days[*day];
    found.day = *day;
    found.paths.push_back(entry.path().string());
    std::error_code error;
    const std::uintmax_t octets = entry.file_size(error);
    if (!error) found.octets += static_cast<std::int64_t>(octets);
  }
  std::vector<day_journals> list;
  for (auto& [day, journals] : days) {
    std::ranges::sort(journals.paths);
    list.push_back(std::move(journals));
  }
  return list;
}

bool is_sealed(tlsrpt::day day, std::int64_t now) {
  constexpr std::int64_t time_to_seal = 600;
  return now >= first_second_of(day + 1) + time_to_seal;
}

tlsrpt::tally read_day(const day_journals& journals) {
  tlsrpt::tally sum(journals.day, limits_of_day);
  for (const std::string& path : journals.paths) read_journal(path, sum);
  if (sum.lost() != 0)
    say(journals.day, std::to_string(sum.lost()) +
                          " sessions are in no report, since there were too many different ones");
  return sum;
}

std::vector<destination> read_destinations(const tlsrpt::record_view& record) {
  std::vector<destination> list;
  for (const tlsrpt::rua_view& endpoint : record.endpoints()) {
    destination to{.scheme = endpoint.scheme};
    endpoint.decode_to(to.address);
    if (to.scheme == tlsrpt::uri_scheme::mailto) {
      if (!tlsrpt::is_mail_endpoint(to.address)) to.fault = "not_a_mail_address";
    } else if (const auto checked = tlsrpt::check_url(to.address);
               checked.fault != tlsrpt::url_fault::none) {
      to.fault = name(checked.fault);
    }
    list.push_back(std::move(to));
  }
  return list;
}

std::vector<made_report> make_reports(const tlsrpt::tally& tally, std::string_view domain,
                                      const report_style& style,
                                      const std::vector<destination>& destinations) {
  return report_maker(tally, domain, style, destinations).make();
}

}  // namespace reporter
