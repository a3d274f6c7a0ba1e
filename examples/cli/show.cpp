#include "show.hpp"

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include <simdjson.h>

#include <tlsrpt/version.hpp>

#include "../inflater.hpp"
#include "answers/advise.hpp"
#include "answers/collection.hpp"
#include "input/files.hpp"
#include "input/viewer.hpp"
#include "output/json.hpp"
#include "output/remarks.hpp"
#include "output/text.hpp"
#include "output/totals.hpp"
#include "output/words.hpp"
#include "report/entry.hpp"
#include "report/loops.hpp"

namespace cli {

namespace {

/// The report with the domains that what is around it says, where policies lack theirs. The
/// policies are kept in `policies`.
tlsrpt::report_view with_domains(const shown_report& shown,
                                 std::vector<tlsrpt::policy_view>& policies) {
  policies.assign(shown.report.policies.begin(), shown.report.policies.end());
  for (tlsrpt::policy_view& policy : policies) policy.policy_domain = shown.domain_of(policy).name;
  tlsrpt::report_view whole = shown.report;
  whole.policies = policies;
  return whole;
}

/// Whether nothing of an input is lost.
bool is_usable(const entry& shown) {
  if (const auto* const report = std::get_if<shown_report>(&shown.what)) return !report->is_partial;
  return std::holds_alternative<no_report>(shown.what);
}

/// Text that is written later. What is long is in a file, not in memory.
class held_text {
 public:
  held_text() = default;
  ~held_text() {
    if (file_) std::fclose(file_);
  }
  held_text(const held_text&) = delete;
  held_text& operator=(const held_text&) = delete;

  void add(std::string_view text) {
    constexpr std::size_t most_in_memory = std::size_t{1} << 20;
    text_ += text;
    if (text_.size() >= most_in_memory) put_away();
  }

  void drop() {
    text_.clear();
    if (file_) std::rewind(file_);
  }

  void write_out() {
    if (file_ == nullptr) return cli::write_out(text_);
    put_away();
    std::rewind(file_);
    text_.resize(std::size_t{1} << 16);
    while (const std::size_t size = std::fread(text_.data(), 1, text_.size(), file_))
      cli::write_out(std::string_view(text_).substr(0, size));
    if (std::ferror(file_)) fail();
  }

 private:
  [[noreturn]] static void fail() {
    throw std::system_error(errno, std::generic_category(), "temporary file");
  }

  void put_away() {
    if (file_ == nullptr) file_ = std::tmpfile();
    if (file_ == nullptr || std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size())
      fail();
    text_.clear();
  }

  std::string text_;
  std::FILE* file_ = nullptr;
};

/// Writes what was read, and the sums.
class writer final : public sink {
 public:
  writer(output_style output, std::optional<tlsrpt::day> today) : output_(output), today_(today) {}

  void take(const entry& shown) override;
  std::string noted(const entry& shown) override;
  void take_unusable(const std::string& note) override;
  /// Whether all inputs were usable in full.
  bool finish();

 private:
  /// So many reports are shown without being asked for: more do not fit on a screen.
  static constexpr std::size_t most_shown = 20;

  void hold(const entry& shown);
  bool are_too_many() const { return reports_ > most_shown && !output_.is_verbose; }

  const output_style output_;
  const std::optional<tlsrpt::day> today_;
  totals sum_;
  explained_types explained_;
  collection all_;
  report_loops loops_;
  held_text details_;     ///< Of all inputs, unless these are too many.
  held_text complaints_;  ///< Of unusable inputs.
  std::string line_;      ///< Kept for its memory.
  std::size_t reports_ = 0;
};

std::string writer::noted(const entry& shown) {
  switch (output_.format) {
    case output_format::json: {
      std::string line;
      add_json_line(line, shown);
      return line;
    }
    case output_format::text:
      return text_of(shown, output_, explained_);
    default:
      return complaint(shown);
  }
}

void writer::take(const entry& shown) {
  if (output_.format == output_format::text) {
    sum_.add(shown);
    return hold(shown);
  }
  if (output_.format == output_format::json) {
    if (!is_usable(shown)) sum_.add_unusable();
    line_.clear();
    add_json_line(line_, shown);
    return write_out(line_);
  }
  if (std::holds_alternative<no_report>(shown.what)) return;
  const auto* const report = std::get_if<shown_report>(&shown.what);
  if (report == nullptr) return take_unusable(noted(shown));
  if (report->is_repeated) return;
  if (report->is_partial) {
    take_unusable(complaint({shown.place, tlsrpt::diagnostic{tlsrpt::errc::wrong_type}}));
    if (!output_.form.faithful) return;  // it would look like a whole report
  }
  std::string text;
  std::vector<tlsrpt::policy_view> policies;
  const tlsrpt::report_view whole =
      output_.form.faithful ? report->report : with_domains(*report, policies);
  if (const auto written = write_report_text(text, whole, output_.form); !written)
    take_unusable(complaint({shown.place, written.error()}));
  write_out(text);
}

/// Keeps the text about what was read: the sums of several reports come first.
void writer::hold(const entry& shown) {
  const auto* const report = std::get_if<shown_report>(&shown.what);
  if (report) {
    ++reports_;
    // What a ledger refuses, the sums and the details have.
    if (!report->is_returned) static_cast<void>(add(all_, *report, arrival_of(shown, *report)));
    if (!report->is_returned && !report->is_repeated) loops_.add(shown, *report);
  }
  if (are_too_many()) details_.drop();
  const std::string text = are_too_many() && report ? std::string() : noted(shown);
  if (!are_too_many()) details_.add(text);
  if (!report && !std::holds_alternative<no_report>(shown.what)) complaints_.add(text);
}

void writer::take_unusable(const std::string& note) {
  sum_.add_unusable();
  if (output_.format == output_format::reports) {
    write_err(note);
  } else if (output_.format == output_format::json) {
    write_out(note);
  } else {
    if (!are_too_many()) details_.add(note);
    complaints_.add(note);
  }
}

bool writer::finish() {
  if (output_.format != output_format::text) return sum_.are_all_usable();
  if (reports_ <= 1) {
    details_.write_out();
    write_out(sum_.text(output_));
    return sum_.are_all_usable();
  }
  constexpr std::size_t most_findings = 5;
  page out(output_), hints(output_);
  out.line("== What to do", style::heading);
  for (const std::string& loop : loops_.sentences()) {
    hints.line();
    hints.fill("", 0, loop);
  }
  write_out(out.text() + advice_text(all_, today_, most_findings, output_) + hints.text() + '\n' +
            sum_.text(output_));
  page rest(output_);
  rest.line();
  if (are_too_many())
    rest.fill("", 0, plural(reports_, "report", "reports") + " in detail: add -v.");
  else
    rest.line("== Details", style::heading);
  rest.line();
  write_out(rest.text());
  (are_too_many() ? complaints_ : details_).write_out();
  return sum_.are_all_usable();
}

}  // namespace

void read_inputs(const std::vector<std::string>& paths, bool strict,
                 std::optional<std::int64_t> now, sink& to, input_form form) {
  const std::vector<input> inputs = find_inputs(paths);
  moved_mails moved(inputs);
  viewer view(moved, strict, now, to);
  progress shown(inputs.size());
  for (const input& in : inputs) {
    if (form == input_form::lines)
      view.show_lines(in);
    else
      view.show(in);
    shown.step();
  }
}

bool show(const std::vector<std::string>& paths, bool strict, output_style output, std::int64_t now,
          std::optional<tlsrpt::day> today, input_form form) {
  writer out(output, today);
  read_inputs(paths, strict, now, out, form);
  return out.finish();
}

std::string version_line() {
  using namespace simdjson;
#ifdef TLSRPT_EXAMPLES_LIBDEFLATE
  const std::string inflater = "libdeflate " LIBDEFLATE_VERSION_STRING;
#else
  const std::string inflater = std::string("zlib ") + zlibVersion();
#endif
  return "tlsrpt " TLSRPT_HPP_VERSION_STRING " (simdjson " +
         std::to_string(SIMDJSON_VERSION_MAJOR) + '.' + std::to_string(SIMDJSON_VERSION_MINOR) +
         '.' + std::to_string(SIMDJSON_VERSION_REVISION) + ", " + inflater + ")";
}

}  // namespace cli
