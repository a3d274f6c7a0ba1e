#include "show.hpp"

#include <iostream>
#include <variant>
#include <vector>

#include <simdjson.h>

#include <tlsrpt/version.hpp>

#include "../inflater.hpp"
#include "input/files.hpp"
#include "input/viewer.hpp"
#include "output/json.hpp"
#include "output/remarks.hpp"
#include "output/text.hpp"
#include "output/totals.hpp"
#include "report/entry.hpp"

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

/// Writes what was read, and the sums.
class writer final : public sink {
 public:
  explicit writer(output_style output) : output_(output) {}

  void take(const entry& shown) override;
  std::string noted(const entry& shown) override;
  void take_unusable(const std::string& note) override;
  /// Whether all inputs were usable in full.
  bool finish();

 private:
  const output_style output_;
  totals sum_;
  explained_types explained_;
};

std::string writer::noted(const entry& shown) {
  switch (output_.format) {
    case output_format::json:
      return json_line(shown);
    case output_format::text:
      return text_of(shown, output_, explained_);
    default:
      return complaint(shown);
  }
}

void writer::take(const entry& shown) {
  if (output_.format != output_format::reports) {
    sum_.add(shown);
    return write_out(noted(shown));
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

void writer::take_unusable(const std::string& note) {
  sum_.add_unusable();
  if (output_.format == output_format::reports)
    std::cerr << note;
  else
    write_out(note);
}

bool writer::finish() {
  if (output_.format == output_format::text) write_out(sum_.text(output_));
  return sum_.are_all_usable();
}

}  // namespace

void read_inputs(const std::vector<std::string>& paths, bool strict, std::int64_t now, sink& to,
                 input_form form) {
  const std::vector<input> inputs = find_inputs(paths);
  viewer view(inputs, strict, now, to);
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
          input_form form) {
  writer out(output);
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
