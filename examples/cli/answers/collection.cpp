#include "collection.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

#include <tlsrpt/error.hpp>
#include <tlsrpt/file_name.hpp>

#include "../../threads.hpp"
#include "../input/files.hpp"
#include "../input/maildir.hpp"
#include "../input/viewer.hpp"
#include "../output/remarks.hpp"
#include "../output/terminal.hpp"
#include "../report/sink.hpp"
#include "mail_date.hpp"

namespace cli {

namespace {

std::string_view name_of_file(const input_place& place) {
  return place.entry.empty() ? place.file : std::string_view(place.entry);
}

/// When a report came, as far as what is around it says: the mail, else the name of the file.
std::optional<std::int64_t> time_of(const entry& shown) {
  if (shown.mail)
    if (const auto& text = shown.mail->header.date())
      if (const auto date = read_mail_date(*text)) return date;
  const auto said =
      shown.mail && shown.mail->part
          ? tlsrpt::result<tlsrpt::file_name_view>(shown.mail->part->labels().name_says)
          : tlsrpt::parse_file_name(name_of_file(shown.place));
  if (said && said->begin.known) return said->begin.seconds;
  return std::nullopt;
}

[[noreturn]] void fail(const tlsrpt::diagnostic& why) {
  throw std::runtime_error(message(why.code).data());
}

/// Merges a ledger that is not needed any more.
void merge(tlsrpt::ledger& to, tlsrpt::ledger& from) {
  if (to.empty())
    to = std::move(from);
  else if (const auto merged = to.merge(from); !merged)
    fail(merged.error());
}

/// What is said of an input, and of which mail of it.
struct note {
  std::size_t message = 0;
  std::string text;
};

/// Collects what one thread reads.
class collector final : public sink {
 public:
  explicit collector(tlsrpt::trust most) : most_(most) {}

  void take(const entry& shown) override {
    if (const auto* const report = std::get_if<shown_report>(&shown.what))
      add(shown, *report);
    else if (std::holds_alternative<no_report>(shown.what))
      ++mine_.not_reports;
    else
      take_unusable(noted(shown));
  }

  /// What is noted of a mail is taken before the next one is read.
  std::string noted(const entry& shown) override {
    message_ = shown.place.message;
    return complaint(shown);
  }

  void take_unusable(const std::string& text) override {
    ++mine_.unusable;
    notes_.push_back({message_, text});
  }

  bool wants_ledgers() const override { return true; }
  void take_ledger(const input_place& place, std::string_view text) override {
    if (const auto read = ledgers_.read(text, most_); !read) refuse(place, read.error());
  }

  /// What was said since the last call.
  std::vector<note> take_notes() { return std::exchange(notes_, {}); }

  /// Adds what was collected, reports and ledgers apart; nothing of it stays. All reports with a
  /// day count as repeated.
  void give(collection& all, tlsrpt::ledger& ledgers) {
    merge(all.ledger, mine_.ledger);
    merge(all.undated, mine_.undated);
    merge(ledgers, ledgers_);
    all.repeated += dated_;
    all.returned += mine_.returned;
    all.unusable += mine_.unusable;
    all.not_reports += mine_.not_reports;
  }

 private:
  void add(const entry& shown, const shown_report& report) {
    if (report.is_returned) {
      ++mine_.returned;
      return;
    }
    const arrival came = arrival_of(shown, report);
    if (!came.has_day)
      take_unusable(
          noted({shown.place, unreadable{"neither the report nor what is around it says a day"}}));
    if (const auto added = cli::add(mine_, report, came); !added)
      refuse(shown.place, added.error());
    else if (came.has_day)
      ++dated_;
  }

  void refuse(const input_place& place, const tlsrpt::diagnostic& why) {
    if (why.code == tlsrpt::errc::ledger_full) fail(why);
    take_unusable(noted({place, why}));
  }

  const tlsrpt::trust most_;
  collection mine_;
  std::size_t dated_ = 0;   ///< Reports with a day, repeated ones too.
  tlsrpt::ledger ledgers_;  ///< Of files that are ledgers: their reports are no repetitions.
  std::size_t message_ = 0;
  std::vector<note> notes_;
};

/// Reads inputs on several threads.
class reading {
 public:
  reading(const std::vector<input>& inputs, const collection_options& options)
      : inputs_(inputs),
        is_strict_(options.strict),
        trust_(options.trust),
        shares_(shares_for(inputs, options.jobs)),
        threads_(threads_for(inputs, shares_, options.jobs)),
        moved_(inputs),
        batches_(inputs.size() * shares_, threads_),
        progress_(inputs.size()) {}

  collection run() {
    work_on_threads(threads_, [this] { work(); });
    if (fault_) std::rethrow_exception(fault_);
    all_.repeated -= all_.ledger.size();
    merge(all_.ledger, ledgers_);
    return std::move(all_);
  }

 private:
  /// How many threads read each input, an mbox most likely: one, unless there are too few inputs
  /// for all threads. Each of them looks for all mails of it, so there are not many. What is no
  /// regular file can be read only once, and a mail of a Maildir, which is no mbox, may be renamed
  /// while others look for it.
  static std::size_t shares_for(const std::vector<input>& inputs, std::size_t threads) {
    constexpr std::size_t most = 8;
    const auto is_file = [](const input& in) {
      std::error_code error;
      return in.name != "-" && !in.is_in_maildir &&
             std::filesystem::is_regular_file(in.name, error);
    };
    if (inputs.size() >= threads || !std::ranges::all_of(inputs, is_file)) return 1;
    return std::min(threads, most);
  }

  /// Two threads cannot share standard input.
  static std::size_t threads_for(const std::vector<input>& inputs, std::size_t shares,
                                 std::size_t wanted) {
    const auto from_standard_input = std::ranges::count(inputs, "-", &input::name);
    return from_standard_input > 1 ? 1 : std::clamp<std::size_t>(inputs.size() * shares, 1, wanted);
  }

  void work() {
    try {
      collector to(trust_);
      viewer view(moved_, is_strict_, std::nullopt, to);
      while (const auto taken = batches_.next()) {
        for (std::size_t i = taken->begin; i < taken->end; ++i)
          view.show(inputs_[i / shares_], {i % shares_, shares_});
        finish(*taken, to.take_notes());
      }
      const std::lock_guard lock(mutex_);
      to.give(all_, ledgers_);
    } catch (...) {
      batches_.stop();
      const std::lock_guard lock(mutex_);
      if (!fault_) fault_ = std::current_exception();
    }
  }

  /// Says what there is to say about inputs and their mails in their order, on standard error. A
  /// batch with a share of an input is nothing but that.
  void finish(const batch& done, std::vector<note> notes) {
    const std::lock_guard lock(mutex_);
    finished_batch& all = finished_[done.number / shares_];
    if (++all.shares == shares_)
      for (std::size_t i = done.begin; i < done.end; ++i) progress_.step();
    if (!notes.empty()) ++all.speakers;
    std::ranges::move(notes, std::back_inserter(all.notes));
    for (auto first = finished_.begin();
         first != finished_.end() && first->first == next_ && first->second.shares == shares_;
         ++next_) {
      // Of an archive one thread says all, in order. What is said of the whole of an mbox, whose
      // number is 0, comes last.
      if (first->second.speakers > 1)
        std::ranges::stable_sort(first->second.notes, {},
                                 [](const note& each) { return each.message - 1; });
      for (const note& each : first->second.notes) std::fputs(each.text.c_str(), stderr);
      first = finished_.erase(first);
    }
  }

  const std::vector<input>& inputs_;
  const bool is_strict_;
  const tlsrpt::trust trust_;
  const std::size_t shares_, threads_;
  moved_mails moved_;
  batches batches_;

  std::mutex mutex_;  ///< Of all that follows.
  progress progress_;
  struct finished_batch {
    std::size_t shares = 0;
    std::size_t speakers = 0;  ///< Shares of which there are notes.
    std::vector<note> notes;
  };
  std::map<std::size_t, finished_batch> finished_;  ///< Before it was their turn.
  std::size_t next_ = 0;                            ///< The batch whose turn it is.
  collection all_;
  tlsrpt::ledger ledgers_;
  std::exception_ptr fault_;
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

tlsrpt::result<tlsrpt::add_outcome> add(collection& to, const shown_report& report,
                                        const arrival& came) {
  return (came.has_day ? to.ledger : to.undated).add(report.report, came.receipt, report.digest);
}

collection collect(const collection_options& options) {
  const std::vector<input> inputs = find_inputs(options.paths);
  collection all = reading(inputs, options).run();
  if (options.since || options.until) {
    constexpr tlsrpt::day first{std::numeric_limits<std::int32_t>::min()};
    constexpr tlsrpt::day last{std::numeric_limits<std::int32_t>::max()};
    all.ledger =
        value_of(all.ledger.take(options.since.value_or(first), options.until.value_or(last)));
  }
  return all;
}

}  // namespace cli
