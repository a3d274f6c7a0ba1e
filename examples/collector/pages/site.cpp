#include "site.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>

#include "views/lists.hpp"
#include "views/report.hpp"
#include "views/words.hpp"

namespace collector {

namespace {

/// Reports and domains of one part: what is in memory at a time.
constexpr std::int64_t part_reports = 100'000;
constexpr std::size_t part_domains = 1'000, part_octets = std::size_t{192} << 20;
/// Names that are not ours and are looked into, because a report may be about one of ours, too.
constexpr std::size_t most_foreign = 2'000, most_foreign_listed = 100;
/// Names that get a page when nobody said which are ours.
constexpr std::size_t most_guessed = 10'000;
constexpr std::size_t most_reporters = 300, most_report_pages = 2'000;

struct part {
  std::vector<std::string_view> names{};  ///< Sorted.
  /// Of parts that are about others the reports that are about these names as well.
  std::vector<std::string> strays{};
  bool is_done = false;
  part_figures figures{};
};

class site_maker {
 public:
  site_maker(database& db, const site_options& options, const page_sink& sink)
      : db_(db),
        options_(options),
        sink_(sink),
        since_(tlsrpt::day_of(options.now) - days_read),
        of_day_(db.prepare("SELECT facts FROM report WHERE day = ?1 AND about = ?2")) {
    site_.today = tlsrpt::day_of(options.now);
  }

  std::vector<kept_finding> make() {
    read_counts();
    read_reporters();
    read_health();
    if (options_.prepare) options_.prepare(site_.names, site_.is_guessed);
    split();
    describe();
    for (std::size_t i = 0; i < parts_.size(); ++i) write(parts_[i], true);
    for (const foreign_line& one : foreign_) find_strays(one.name);
    // Reports that are in another part, too, were found after some parts were written.
    for (std::size_t i = 0; i < parts_.size(); ++i)
      if (!parts_[i].is_done) write(parts_[i], false);
    join_parts();
    write_reports();
    write_today(site_, sink_);
    write_domains(site_, sink_);
    write_hosts(site_, sink_);
    write_reporters(site_, sink_);
    write_set_up(site_, shared_, sink_);
    sink_("metrics.txt", metrics_of(site_));
    return std::move(site_.all.findings);
  }

 private:
  // ---- what there is

  void read_counts() {
    site_.names = options_.domains;
    if (site_.names.empty()) {
      statement tokens = db_.prepare("SELECT DISTINCT domain FROM token");
      while (tokens.step()) site_.names.emplace(tokens.text(0));
    }
    site_.is_guessed = site_.names.empty();
    statement counts = db_.prepare(
        "SELECT about, count(*), max(day) FROM report WHERE day BETWEEN ?1 AND ?2"
        " GROUP BY about ORDER BY count(*) DESC, about");
    counts.bind(1, std::int64_t{since_.number}).bind(2, std::int64_t{site_.today.number});
    while (counts.step()) {
      const std::string_view name = counts.text(0);
      site_.reports += counts.number(1);
      if (site_.is_guessed && tlsrpt::is_host_name(name) && site_.names.size() < most_guessed)
        site_.names.emplace(name);
      if (site_.names.contains(name)) {
        counts_.emplace(name, counts.number(1));
        continue;
      }
      ++site_.foreign_names;
      if (foreign_.size() < most_foreign)
        foreign_.push_back({std::string(name), counts.number(1),
                            tlsrpt::day{static_cast<std::int32_t>(counts.number(2))}});
    }
    site_.foreign.assign(foreign_.begin(),
                         foreign_.begin() + static_cast<std::ptrdiff_t>(
                                                std::min(foreign_.size(), most_foreign_listed)));
    statement late = db_.prepare("SELECT count(*) FROM report WHERE day > ?1");
    late.bind(1, std::int64_t{site_.today.number}).step();
    to_come_ = late.number(0);
  }

  void read_reporters() {
    statement all = db_.prepare(
        "SELECT reporter, sum(trust), max(first_seen), count(*) FROM report"
        " WHERE day BETWEEN ?1 AND ?2 GROUP BY reporter"
        " ORDER BY max(trust) DESC, count(*) DESC, reporter");
    all.bind(1, std::int64_t{since_.number}).bind(2, std::int64_t{site_.today.number});
    while (all.step()) {
      site_.verified += all.number(1);
      site_.newest = std::max(site_.newest, all.number(2));
      if (reporters_.size() < most_reporters)
        reporters_.emplace(all.text(0));
      else
        ++other_reporters_;
    }
    if (site_.verified == 0) return;
    statement one = db_.prepare(
        "SELECT facts FROM report WHERE day BETWEEN ?1 AND ?2 AND trust = 1 ORDER BY day LIMIT 1");
    one.bind(1, std::int64_t{since_.number}).bind(2, std::int64_t{site_.today.number});
    if (one.step()) verified_ = one.text(0);
  }

  void read_health() {
    statement counts = db_.prepare("SELECT what, sum(n) FROM health GROUP BY what");
    while (counts.step()) site_.health[std::string(counts.text(0))] = counts.number(1);
    statement bad = db_.prepare("SELECT count(*) FROM bad");
    bad.step();
    site_.quarantined = bad.number(0);
    statement days = db_.prepare("SELECT count(*) FROM report WHERE day = ?1");
    std::vector<std::int64_t> before;
    constexpr std::int32_t usual_days = 14;
    for (std::int32_t ago = 1; ago <= usual_days + 1; ++ago) {
      days.bind(1, std::int64_t{(site_.today - ago).number}).step();
      (ago == 1 ? site_.reports_of_last_day : before.emplace_back()) = days.number(0);
      days.reset();
    }
    std::ranges::nth_element(before, before.begin() + usual_days / 2);
    site_.usual_reports = before[usual_days / 2];
  }

  void split() {
    std::int64_t reports = 0;
    for (std::string_view name : site_.names) {
      const auto found = counts_.find(name);
      const std::int64_t more = found == counts_.end() ? 0 : found->second;
      if (parts_.empty() || reports + more > part_reports ||
          parts_.back().names.size() == part_domains) {
        parts_.emplace_back();
        reports = 0;
      }
      reports += more;
      part_of_[name] = parts_.size() - 1;
      parts_.back().names.push_back(name);
    }
  }

  /// What all pages have in common.
  void describe() {
    std::string foot = "<p>Made on " + date(site_.today) + " from " +
                       counted(static_cast<std::uint64_t>(site_.reports), "report") +
                       " of the last " + std::to_string(days_read) + " days";
    if (site_.verified == 0)
      foot += "; nobody vouches for any of them";
    else
      foot += ", " + std::to_string(site_.verified) +
              " of them verified; figures are those of verified ones";
    foot += ". All times are UTC.</p>\n";
    if (to_come_ != 0)
      foot += "<p>" + counted(static_cast<std::uint64_t>(to_come_), "report") +
              " about days to come are left out.</p>\n";
    if (other_reporters_ != 0)
      foot +=
          "<p>" + counted(other_reporters_, "reporter") + " with fewer reports have no page.</p>\n";
    site_.foot = foot;
    site_.links = {[this](std::string_view name) { return site_.names.contains(name); },
                   [this](std::string_view name) { return reporters_.contains(name); }};
    constexpr std::size_t most_of_domain = 10;
    shared_.now = options_.now;
    shared_.known = options_.known;
    shared_.scope = site_.verified == 0 ? tlsrpt::scope::all : tlsrpt::scope::verified;
    shared_.names = site_.links;
    shared_.reports_of_domain =
        std::min(most_of_domain, most_report_pages / std::max<std::size_t>(1, site_.names.size()));
    shared_.foot = foot;
    shared_.add_set_up = options_.add_set_up;
    shared_.looks_mended = options_.looks_mended;
  }

  // ---- a part

  /// False when there is no room.
  static bool merge(tlsrpt::ledger& ledger, std::string_view facts) {
    const auto read = ledger.read(facts);
    if (!read && read.error().code == tlsrpt::errc::ledger_full) return false;
    if (!read) throw store_error(std::string(message(read.error().code)));
    return true;
  }

  /// All about a name, the newest first; false when there is no room.
  bool read(tlsrpt::ledger& ledger, std::string_view name, tlsrpt::day day) {
    of_day_.bind(1, std::int64_t{day.number}).bind(2, name);
    bool has_room = true;
    while (has_room && of_day_.step()) has_room = merge(ledger, of_day_.text(0));
    of_day_.reset();
    return has_room;
  }

  static tlsrpt::ledger_limits limits() {
    tlsrpt::ledger_limits limits;
    limits.entries = 10'000'000;
    limits.octets = part_octets;
    return limits;
  }

  void write(part& one, bool finds_strays) {
    tlsrpt::ledger ledger(limits());
    bool has_room = true;
    for (tlsrpt::day day = site_.today; has_room && day >= since_; day = day - 1)
      for (std::string_view name : one.names)
        if (counts_.contains(name)) has_room = has_room && read(ledger, name, day);
    if (finds_strays) find_strays(ledger, &one);
    for (const std::string& facts : one.strays) has_room = has_room && merge(ledger, facts);
    // One verified report says that there are such, even where all about these names are claimed.
    if (!verified_.empty()) has_room = has_room && merge(ledger, verified_);
    part_options shared = shared_;
    if (!has_room)
      shared.foot +=
          "<p>There are too many reports about these domains: the oldest are left out.</p>\n";
    one.figures = write_part(ledger, one.names, shared, texts_, sink_);
    one.is_done = true;
  }

  /// The reports about a name that is not ours.
  void find_strays(std::string_view name) {
    tlsrpt::ledger ledger(limits());
    for (tlsrpt::day day = site_.today; day >= since_; day = day - 1)
      if (!read(ledger, name, day)) break;
    find_strays(ledger, nullptr);
  }

  /// Hands reports that are about names of another part on to it.
  void find_strays(const tlsrpt::ledger& ledger, const part* from) {
    for (const tlsrpt::ledger_entry& entry : ledger.entries()) {
      std::set<std::size_t> others;
      std::string_view before;
      for (const tlsrpt::ledger_total& row : entry.totals) {
        const std::string_view name = entry.domain_or_inferred(row.domain);
        if (name == before) continue;
        before = name;
        if (const auto found = part_of_.find(name); found != part_of_.end())
          others.insert(found->second);
      }
      std::string facts;
      for (std::size_t other : others) {
        part& to = parts_[other];
        if (&to == from) continue;
        if (facts.empty()) facts = facts_of(entry.digest);
        to.strays.push_back(facts);
        to.is_done = false;
      }
    }
  }

  std::string facts_of(const tlsrpt::digest& digest) {
    statement one = db_.prepare("SELECT facts FROM report WHERE digest = ?1");
    one.bind_blob(1, digest.octets());
    return one.step() ? std::string(one.text(0)) : std::string();
  }

  // ---- all of them

  template <class T>
  static void move_to(std::vector<T>& to, std::vector<T>& from) {
    if (to.empty())
      to = std::move(from);
    else
      std::ranges::move(from, std::back_inserter(to));
  }

  void join_parts() {
    part_figures& all = site_.all;
    std::map<std::string, std::size_t> places;
    for (part& one : parts_) {
      part_figures& of = one.figures;
      for (kept_finding& found : of.findings) {
        const auto [place, is_new] = places.emplace(found.key, all.findings.size());
        if (is_new)
          all.findings.push_back(std::move(found));
        else
          all.findings[place->second].join(found);
      }
      move_to(all.domains, of.domains);
      move_to(all.reporters, of.reporters);
      move_to(all.hosts, of.hosts);
      move_to(all.days, of.days);
      move_to(all.mentions, of.mentions);
      move_to(all.silent, of.silent);
      move_to(all.reports, of.reports);
      all.left_out += of.left_out;
    }
    if (parts_.size() > 1) sort_findings(all.findings);
    std::set<std::string, std::less<>> here;
    for (const reporter_line& line : all.reporters) here.emplace(line.reporter);
    reporters_ = std::move(here);
  }

  void write_reports() {
    std::ranges::sort(site_.all.reports);
    site_.all.reports.erase(std::unique(site_.all.reports.begin(), site_.all.reports.end()),
                            site_.all.reports.end());
    report_writer writer(db_, site_.links, site_.foot, sink_);
    for (const tlsrpt::digest& report : site_.all.reports) writer.write(report);
    site_.limits = writer.limits();
  }

  database& db_;
  const site_options& options_;
  const page_sink& sink_;
  tlsrpt::day since_;
  statement of_day_;
  site_figures site_{};
  part_options shared_{};
  text_store texts_{};
  std::map<std::string, std::int64_t, std::less<>> counts_{};
  std::vector<foreign_line> foreign_{};
  std::set<std::string, std::less<>> reporters_{};
  std::size_t other_reporters_ = 0;
  std::int64_t to_come_ = 0;
  std::string verified_{};
  std::vector<part> parts_{};
  std::map<std::string_view, std::size_t> part_of_{};
};

}  // namespace

std::vector<kept_finding> make_site(database& db, const site_options& options,
                                    const page_sink& sink) {
  return site_maker(db, options, sink).make();
}

}  // namespace collector
