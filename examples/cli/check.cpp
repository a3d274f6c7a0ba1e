#include "check.hpp"

#include <cstddef>
#include <iostream>
#include <string_view>
#include <system_error>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/record.hpp>

#include "input.hpp"
#include "json_output.hpp"
#include "record_lines.hpp"
#include "terminal.hpp"
#include "text_output.hpp"

namespace cli {

namespace {

/// The records on standard input; an error if it cannot be read.
std::error_code read_input(std::vector<std::string>& records) {
  constexpr std::size_t most = std::size_t{1} << 20;  // DNS has room for 64 KiB
  source from("-");
  std::string text;
  from.fill(text, most + 1);
  if (from.error()) return from.error();
  if (text.size() > most) return std::make_error_code(std::errc::file_too_large);
  records = read_record_lines(text);
  return {};
}

/// Says that no record could be read.
void write_failure(std::error_code error, output_style output) {
  if (output.format == output_format::json)
    write_out(to_line(failed_record_object(cannot_read(error), {})));
  else
    std::cerr << "tlsrpt: standard input: " << error.message() << '\n';
}

template <tlsrpt::conformance Conformance>
bool check_as(const std::vector<std::string>& records, output_style output) {
  const std::vector<std::string_view> texts(records.begin(), records.end());
  findings diagnostics;
  const tlsrpt::result<tlsrpt::record_view> record =
      texts.size() == 1 ? tlsrpt::parse_record<Conformance>(texts.front(), diagnostics)
                        : tlsrpt::select_record<Conformance>(texts, diagnostics);
  const bool usable = record.has_value();
  if (output.format == output_format::json)
    write_out(to_line(usable ? record_object(*record, diagnostics)
                             : failed_record_object(to_failure(record.error()), diagnostics)));
  else if (usable)
    write_out(record_text(*record, diagnostics, output.colour));
  else
    write_out(failed_record_text(to_failure(record.error()), diagnostics, output.colour));
  return usable;
}

}  // namespace

bool check(const std::vector<std::string>& arguments, bool strict, output_style output) {
  std::vector<std::string> records = arguments;
  if (arguments.size() == 1 && arguments.front() == "-") {
    if (const std::error_code error = read_input(records)) {
      write_failure(error, output);
      return false;
    }
  }
  return strict ? check_as<tlsrpt::strict>(records, output)
                : check_as<tlsrpt::lenient>(records, output);
}

}  // namespace cli
