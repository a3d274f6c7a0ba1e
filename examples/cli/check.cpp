#include "check.hpp"

#include <cstddef>
#include <iostream>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/record.hpp>

#include "input/files.hpp"
#include "input/record_lines.hpp"
#include "output/json.hpp"
#include "output/terminal.hpp"
#include "output/text.hpp"
#include "report/findings.hpp"

namespace cli {

namespace {

bool fail(const unreadable& error, output_style output) {
  if (output.format == output_format::json)
    write_out(json_line(error));
  else
    std::cerr << "tlsrpt: standard input: " << printable(error.reason) << '\n';
  return false;
}

bool check_records(const std::vector<std::string>& records, bool strict, output_style output) {
  const tlsrpt::rules accepted =
      strict ? tlsrpt::rules(tlsrpt::strict{}) : tlsrpt::rules(tlsrpt::lenient{});
  const std::vector<std::string_view> texts(records.begin(), records.end());
  findings found;
  const tlsrpt::result<tlsrpt::record_view> record =
      texts.size() == 1 ? tlsrpt::parse_record(texts.front(), found, accepted)
                        : tlsrpt::select_record(texts, found, accepted);
  if (output.format == output_format::json)
    write_out(record ? json_line(*record, found) : json_line(record.error(), found));
  else
    write_out(record ? text_of(*record, found, output.colour)
                     : text_of(record.error(), found, output.colour));
  return record.has_value();
}

/// Checks what standard input has.
bool check_input(bool strict, output_style output) {
  constexpr std::size_t max_text_bytes = std::size_t{1} << 20;  // DNS has room for 64 KiB
  source_file from("-");
  std::string text;
  from.fill(text, max_text_bytes + 1);
  if (from.error()) return fail({from.error().message()}, output);
  if (text.size() > max_text_bytes)
    return fail({std::make_error_code(std::errc::file_too_large).message()}, output);
  const record_lines read = read_record_lines(text);
  if (read.records.empty() && !read.first_comment.empty())
    return fail({"no answer: " + std::string(read.first_comment)}, output);
  return check_records(read.records, strict, output);
}

}  // namespace

bool check(const std::vector<std::string>& arguments, bool strict, output_style output) {
  if (arguments.size() == 1 && arguments.front() == "-") return check_input(strict, output);
  std::vector<std::string> records;
  records.reserve(arguments.size());
  for (const std::string& argument : arguments) records.push_back(read_record(argument));
  return check_records(records, strict, output);
}

}  // namespace cli
