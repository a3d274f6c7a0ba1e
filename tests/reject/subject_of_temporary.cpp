// What a Subject says points into its text.
// expect: deleted
#include <tlsrpt/subject.hpp>

#include <string>

std::string text();

bool read() {
#ifdef REJECT
  return tlsrpt::parse_subject(text()).has_value();
#else
  const std::string kept = text();
  return tlsrpt::parse_subject(kept).has_value();
#endif
}
