#include "show.hpp"

#include <zlib.h>

#include <tlsrpt/report.hpp>
#include <tlsrpt/version.hpp>

#include "consistency.hpp"
#include "input.hpp"
#include "json_output.hpp"
#include "terminal.hpp"
#include "text_output.hpp"

namespace cli {

namespace {

template <tlsrpt::conformance Conformance>
bool show_as(const std::vector<std::string>& paths, output_format format, consistency& odd) {
  const tlsrpt::limits limits;
  tlsrpt::report_parser<Conformance> parser(limits);
  const std::vector<input> inputs = find_inputs(paths);
  const bool colour = wants_colour();
  totals sum;
  findings diagnostics;
  std::string content;
  progress shown(inputs.size());

  const auto unusable = [&](const input& in, const failure& error) {
    sum.add_unusable();
    if (format == output_format::json)
      write_out(to_line(failed_report_object(in.name, error, diagnostics)));
    else
      write_out(failure_text(in.name, error, diagnostics, colour));
  };

  for (const input& in : inputs) {
    diagnostics.clear();
    const read_failure failed = in.error ? read_failure{in.error} : read(in.name, limits, content);
    if (failed.error) {
      unusable(in, cannot_read(failed.error));
    } else if (failed) {
      unusable(in, to_failure({.code = failed.limit, .where = {.offset = content.size() - 1}}));
    } else if (const auto report = parser.parse(content, diagnostics)) {
      odd.check(*report, parser.text(), diagnostics);
      sum.add(*report);
      if (format == output_format::json)
        write_out(to_line(report_object(in.name, *report, diagnostics)));
      else
        write_out(report_text(in.name, *report, diagnostics, colour));
    } else {
      unusable(in, to_failure(report.error()));
    }
    shown.step();
  }
  if (format == output_format::text) write_out(sum.text(colour));
  return sum.unusable() == 0;
}

}  // namespace

bool show(const std::vector<std::string>& paths, bool strict, output_format format,
          std::int64_t now) {
  consistency odd(now);
  return strict ? show_as<tlsrpt::strict>(paths, format, odd)
                : show_as<tlsrpt::lenient>(paths, format, odd);
}

std::string version_line() {
  using namespace simdjson;
  return "tlsrpt " TLSRPT_HPP_VERSION_STRING " (simdjson " +
         std::to_string(SIMDJSON_VERSION_MAJOR) + '.' + std::to_string(SIMDJSON_VERSION_MINOR) +
         '.' + std::to_string(SIMDJSON_VERSION_REVISION) + ", zlib " + zlibVersion() + ")";
}

}  // namespace cli
