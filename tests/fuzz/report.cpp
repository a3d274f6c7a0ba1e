/// Fuzz target: reports, JSON or gzip, from any octets.

#include "report_relations.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::check_report({reinterpret_cast<const char*>(data), size});
  return 0;
}
