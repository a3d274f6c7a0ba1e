#include "known.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <system_error>

#include "../input/files.hpp"
#include "../output/terminal.hpp"
#include "collection.hpp"

namespace cli {

namespace {

std::string read_known(const std::string& file) {
  constexpr std::size_t max_bytes = std::size_t{1} << 20;
  std::string text;
  if (file.empty()) return text;
  source_file from(file);
  from.fill(text, max_bytes + 1);
  if (from.code()) throw std::system_error(from.code(), file);
  if (text.size() > max_bytes)
    throw std::system_error(std::make_error_code(std::errc::file_too_large), file);
  return text;
}

}  // namespace

known_file::known_file(const std::string& file)
    : file_(file), text_(read_known(file)), list_(value_of(tlsrpt::parse_known(text_))) {}

void known_file::judge(const tlsrpt::advice& advice) const {
  const std::string name = printable(file_);
  for (const std::size_t line : list_.unreadable())
    std::fprintf(stderr, "tlsrpt: %s, line %zu: not as in \"until 2027-01-31 KEY # why\"\n",
                 name.c_str(), line);
  for (const tlsrpt::known_finding& known : list_.known()) {
    const bool is_found = std::ranges::any_of(
        advice.findings(), [&known](const tlsrpt::finding& one) { return one.key == known.key; });
    const char* const why = known.until < advice.today() ? "its day is past"
                            : is_found                   ? nullptr
                                                         : "nothing has this key today";
    if (why)
      std::fprintf(stderr, "tlsrpt: %s: %s: %s\n", name.c_str(), printable(known.key).c_str(), why);
  }
}

}  // namespace cli
