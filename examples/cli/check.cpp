#include "check.hpp"

#include <cstddef>
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

/// The records on standard input.
std::vector<std::string> read_input() {
  constexpr std::size_t most = std::size_t{1} << 20;  // DNS has room for 64 KiB
  source from("-");
  std::string text;
  from.fill(text, most + 1);
  std::error_code error = from.error();
  if (text.size() > most) error = std::make_error_code(std::errc::file_too_large);
  if (error) throw std::system_error(error, "standard input");
  return read_record_lines(text);
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
  const bool are_in_input = arguments.size() == 1 && arguments.front() == "-";
  const std::vector<std::string> records = are_in_input ? read_input() : arguments;
  return strict ? check_as<tlsrpt::strict>(records, output)
                : check_as<tlsrpt::lenient>(records, output);
}

}  // namespace cli
