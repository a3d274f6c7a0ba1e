/// @file
/// What cannot be undercut with simdjson: its first stage alone, and a walk that takes no value.

#include <algorithm>

#include <simdjson.h>

#include "../common/walk.hpp"
#include "report_task.hpp"

namespace bench {
namespace {

class stage1 {
 public:
  bool read(const document& d) {
    const std::size_t size = d.text().size();
    if (parser_.capacity() < size && parser_.allocate(size)) return false;
    return parser_.implementation->stage1(reinterpret_cast<const std::uint8_t*>(d.text().data()),
                                          size,
                                          simdjson::stage1_mode::regular) == simdjson::SUCCESS;
  }

 private:
  simdjson::dom::parser parser_;
};

class walk_only {
 public:
  bool read(const document& d) { return walk(parser_, d.text(), d.capacity()); }

 private:
  simdjson::ondemand::parser parser_;
};

const bool added[] = {
    add_report<stage1>("simdjson_stage1"),
    add_report<walk_only>("simdjson_walk"),
};

}  // namespace
}  // namespace bench
