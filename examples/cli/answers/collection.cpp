#include "collection.hpp"

#include <ctime>

#include <cstdint>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

#include <tlsrpt/error.hpp>
#include <tlsrpt/file_name.hpp>

#include "../output/remarks.hpp"
#include "../report/sink.hpp"
#include "../show.hpp"

namespace cli {

namespace {

/// The seconds since 1970 that a Date field of a mail says (RFC 5322, section 3.3).
std::optional<std::int64_t> read_mail_date(std::string date) {
  if (const std::size_t comma = date.find(','); comma != date.npos) date.erase(0, comma + 1);
  std::tm parts{};
  if (strptime(date.c_str(), " %d %b %Y %H:%M:%S %z", &parts) == nullptr) return std::nullopt;
  const std::int64_t offset = parts.tm_gmtoff;  // timegm() sets it to 0
  return std::int64_t{timegm(&parts)} - offset;
}

std::string_view name_of_file(const input_place& place) {
  return place.entry.empty() ? place.file : std::string_view(place.entry);
}

/// When a report came, as far as what is around it says: the mail, else the name of the file.
std::optional<std::int64_t> time_of(const entry& shown) {
  if (shown.mail && shown.mail->header.date)
    if (const auto date = read_mail_date(*shown.mail->header.date)) return date;
  const auto said = shown.mail && shown.mail->part
                        ? tlsrpt::result<tlsrpt::file_name_view>(shown.mail->part->name_says)
                        : tlsrpt::parse_file_name(name_of_file(shown.place));
  if (said && said->begin.known) return said->begin.seconds;
  return std::nullopt;
}

/// Collects reports in a ledger, and says on standard error what is not usable.
class collector final : public sink {
 public:
  explicit collector(collection& to) : to_(to) {}

  void take(const entry& shown) override {
    if (const auto* const report = std::get_if<shown_report>(&shown.what))
      add(shown, *report);
    else if (std::holds_alternative<no_report>(shown.what))
      ++to_.not_reports;
    else
      take_unusable(noted(shown));
  }

  std::string noted(const entry& shown) override { return complaint(shown); }

  void take_unusable(const std::string& note) override {
    ++to_.unusable;
    std::fputs(note.c_str(), stderr);
  }

  bool wants_ledgers() const override { return true; }
  void take_ledger(const input_place& place, std::string_view text) override {
    const auto read = to_.ledger.read(text);
    if (!read) refuse(place, read.error());
  }

 private:
  void add(const entry& shown, const shown_report& report) {
    if (report.is_returned) return;
    if (!arrival_of(shown, report).has_day)
      take_unusable(complaint(
          {shown.place, unreadable{"neither the report nor what is around it says a day"}}));
    if (const auto added = cli::add(to_, shown, report); !added) refuse(shown.place, added.error());
  }

  void refuse(const input_place& place, const tlsrpt::diagnostic& why) {
    if (why.code == tlsrpt::errc::ledger_full) throw std::runtime_error(message(why.code).data());
    take_unusable(complaint({place, why}));
  }

  collection& to_;
};

}  // namespace

arrival arrival_of(const entry& shown, const shown_report& report) {
  const tlsrpt::date_range_view& period = report.report.date_range;
  const bool has_period = period.start_datetime.known && period.end_datetime.known &&
                          period.start_datetime.seconds <= period.end_datetime.seconds;
  const auto time = time_of(shown);
  return {{.via = shown.mail ? tlsrpt::channel::mail : tlsrpt::channel::file,
           .received = time.value_or(has_period ? period.end_datetime.seconds : 0),
           .report_domain = report.inferred.policy_domain},
          time || has_period};
}

tlsrpt::result<tlsrpt::add_outcome> add(collection& to, const entry& shown,
                                        const shown_report& report) {
  const arrival came = arrival_of(shown, report);
  const auto added = (came.has_day ? to.ledger : to.undated).add(report.report, came.receipt);
  if (came.has_day && added && *added != tlsrpt::add_outcome::added) ++to.repeated;
  return added;
}

collection collect(const collection_options& options) {
  collection all;
  collector to(all);
  constexpr std::int64_t far_future = std::numeric_limits<std::int64_t>::max();
  read_inputs(options.paths, options.strict, far_future, to);
  if (options.since || options.until) {
    constexpr tlsrpt::day first{std::numeric_limits<std::int32_t>::min()};
    constexpr tlsrpt::day last{std::numeric_limits<std::int32_t>::max()};
    auto taken = all.ledger.take(options.since.value_or(first), options.until.value_or(last));
    if (!taken) throw std::runtime_error(message(taken.error().code).data());
    all.ledger = std::move(*taken);
  }
  return all;
}

}  // namespace cli
