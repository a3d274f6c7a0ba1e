/// @file
/// A split at the delimiters that validates nothing. There is no other C++ reader of these records
/// to compare with.

#include <optional>

#include "record_task.hpp"

namespace bench {
namespace {

class split {
 public:
  bool read(const document& d) {
    endpoints found = split_record(d.text());
    benchmark::DoNotOptimize(found);
    return true;
  }

  std::optional<endpoints> answer_of(const document& d) { return split_record(d.text()); }
};

const bool added = add_record<split>("split");

}  // namespace
}  // namespace bench
