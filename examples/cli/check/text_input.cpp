#include "text_input.hpp"

#include <system_error>

#include "../input/files.hpp"
#include "../output/json.hpp"

namespace cli {

text_input read_text(const std::string& path, std::size_t max_bytes) {
  text_input input;
  source_file from(path);
  from.fill(input.text, max_bytes + 1);
  std::error_code error = from.code();
  if (!error && input.text.size() > max_bytes)
    error = std::make_error_code(std::errc::file_too_large);
  if (error) input.error = unreadable{error.message()};
  return input;
}

bool refuse(const unreadable& error, const std::string& from, output_style output) {
  if (output.format == output_format::json) {
    write_out(json_line(error));
  } else {
    std::string place = from == "-" ? "standard input: " : printable(from);
    if (!from.empty() && from != "-") place += ": ";
    write_err("tlsrpt: " + place + printable(error.reason) + '\n');
  }
  return false;
}

}  // namespace cli
