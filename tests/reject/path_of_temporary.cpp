// The text of a path lives in what path() returns.
// expect: deleted
#include <tlsrpt/path.hpp>

#include <string_view>

std::string_view pointer(const tlsrpt::location& where, tlsrpt::path_text& kept) {
#ifdef REJECT
  static_cast<void>(kept);
  return tlsrpt::path(where);
#else
  kept = tlsrpt::path(where);
  return kept;
#endif
}
