/// @file
/// The library: the validated record alone, and with the endpoints taken out of it, which is what a
/// sender of reports needs.

#include <optional>

#include <tlsrpt/record.hpp>

#include "record_task.hpp"

namespace bench {
namespace {

class validate {
 public:
  bool read(const document& d) { return tlsrpt::parse_record(d.text()).has_value(); }
};

class parse {
 public:
  bool read(const document& d) {
    const auto record = tlsrpt::parse_record(d.text());
    if (!record) return false;
    endpoints_.size = 0;
    for (const tlsrpt::rua_view& rua : record->endpoints())
      endpoints_.add(rua.scheme == tlsrpt::uri_scheme::mailto, rua.target());
    benchmark::DoNotOptimize(endpoints_);
    return true;
  }

  std::optional<endpoints> answer_of(const document& d) {
    endpoints_ = {};
    if (!read(d)) return std::nullopt;
    return endpoints_;
  }

 private:
  endpoints endpoints_;
};

const bool added[] = {
    add_record<validate>("tlsrpt_validate"),
    add_record<parse>("tlsrpt_parse"),
};

}  // namespace
}  // namespace bench
