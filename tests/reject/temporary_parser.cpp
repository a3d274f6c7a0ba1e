// The views of a report live in the parser.
// expect: deleted|discards qualifiers|is an rvalue|no matching
#include <tlsrpt/report.hpp>

#include <string_view>

bool read(std::string_view bytes) {
#if REJECT == 1
  return tlsrpt::report_parser<>{}.parse(bytes).has_value();
#elif REJECT == 2
  return tlsrpt::report_parser<>{}.parse(bytes.data(), bytes.size()).has_value();
#elif REJECT == 3
  return tlsrpt::report_parser<>{}.text().empty() && bytes.empty();
#else
  tlsrpt::report_parser<> parser;
  return parser.parse(bytes).has_value();
#endif
}
