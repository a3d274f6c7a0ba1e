#include "check.hpp"

#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/record.hpp>

#include "json_output.hpp"
#include "terminal.hpp"
#include "text_output.hpp"

namespace cli {

namespace {

template <tlsrpt::conformance Conformance>
bool check_as(const std::vector<std::string>& records, output_format format) {
  const std::vector<std::string_view> texts(records.begin(), records.end());
  findings diagnostics;
  const tlsrpt::result<tlsrpt::record_view> record =
      texts.size() == 1 ? tlsrpt::parse_record<Conformance>(texts.front(), diagnostics)
                        : tlsrpt::select_record<Conformance>(texts, diagnostics);
  const bool usable = record.has_value();
  if (format == output_format::json)
    write_out(to_line(usable ? record_object(*record, diagnostics)
                             : failed_record_object(to_failure(record.error()), diagnostics)));
  else if (usable)
    write_out(record_text(*record, diagnostics, wants_colour()));
  else
    write_out(failed_record_text(to_failure(record.error()), diagnostics, wants_colour()));
  return usable;
}

}  // namespace

bool check(const std::vector<std::string>& records, bool strict, output_format format) {
  return strict ? check_as<tlsrpt::strict>(records, format)
                : check_as<tlsrpt::lenient>(records, format);
}

}  // namespace cli
