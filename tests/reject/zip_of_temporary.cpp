// Entries are read from the archive, after it was opened.
// expect: deleted
#include <tlsrpt/zip.hpp>

#include <string>

bool opens(tlsrpt::zip_reader<>& reader, const std::string& archive) {
#ifdef REJECT
  return reader.open(std::string(archive)).has_value();
#else
  return reader.open(archive).has_value();
#endif
}
