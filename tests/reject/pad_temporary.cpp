// A padded view borrows its text.
// expect: deleted
#include <tlsrpt/padded.hpp>

#include <string>

std::string text();

bool read() {
#if REJECT == 1
  return tlsrpt::pad(text()).is_padded();
#elif REJECT == 2
  return tlsrpt::padded_view(text(), 64).is_padded();
#else
  std::string kept = text();
  return tlsrpt::pad(kept).is_padded();
#endif
}
