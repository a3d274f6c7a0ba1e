// The diagnostics live in the list.
// expect: deleted
#include <tlsrpt/diagnostic.hpp>

#include <cstddef>

std::size_t count() {
#ifdef REJECT
  return tlsrpt::diagnostic_list<4>{}.kept().size();
#else
  const tlsrpt::diagnostic_list<4> list;
  return list.kept().size();
#endif
}
