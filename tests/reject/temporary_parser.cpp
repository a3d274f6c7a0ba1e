// The views of a report live in the parser.
// expect: discards qualifiers|is an rvalue|no matching
#include <tlsrpt/report.hpp>

#include <string_view>

bool read(std::string_view bytes) {
#ifdef REJECT
  return tlsrpt::report_parser<>{}.parse(bytes).has_value();
#else
  tlsrpt::report_parser<> parser;
  return parser.parse(bytes).has_value();
#endif
}
