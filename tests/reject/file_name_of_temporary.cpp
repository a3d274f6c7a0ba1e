// What a file name says points into its text.
// expect: deleted
#include <tlsrpt/file_name.hpp>

#include <string>

std::string text();

bool read() {
#ifdef REJECT
  return tlsrpt::parse_file_name(text()).has_value();
#else
  const std::string kept = text();
  return tlsrpt::parse_file_name(kept).has_value();
#endif
}
