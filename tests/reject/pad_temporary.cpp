// A padded view borrows its text.
// expect: deleted
#include <tlsrpt/padded.hpp>

#include <string>

std::string text();

bool read() {
#ifdef REJECT
  return tlsrpt::pad(text()).is_padded();
#else
  std::string kept = text();
  return tlsrpt::pad(kept).is_padded();
#endif
}
