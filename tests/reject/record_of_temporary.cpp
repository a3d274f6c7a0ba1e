// A record borrows its text.
// expect: deleted
#include <tlsrpt/record.hpp>

#include <string>

std::string text();

bool read() {
#ifdef REJECT
  return tlsrpt::parse_record(text()).has_value();
#else
  const std::string kept = text();
  return tlsrpt::parse_record(kept).has_value();
#endif
}
