/// @file
/// The library on gzip data, with zlib and with libdeflate.

#include <optional>
#include <utility>

#include <tlsrpt/report.hpp>
#if TLSRPT_BENCH_LIBDEFLATE && __has_include(<tlsrpt/libdeflate.hpp>)
#include <tlsrpt/libdeflate.hpp>
#define TLSRPT_BENCH_LIBDEFLATE_INFLATER 1
#endif

#include "../common/tlsrpt_answer.hpp"
#include "../report/report_task.hpp"

namespace bench {
namespace {

template <class Inflater>
class parse {
 public:
  bool read(const document& d) { return parser_.parse(d.text()).has_value(); }

  std::optional<answer> answer_of(const document& d) {
    const auto report = parser_.parse(d.text());
    if (!report) return std::nullopt;
    return to_answer(*report);
  }

 private:
  tlsrpt::report_parser<tlsrpt::lenient, Inflater> parser_;
};

const bool added[] = {
    add_gzip<parse<tlsrpt::zlib_inflater>>("tlsrpt_parse"),
#ifdef TLSRPT_BENCH_LIBDEFLATE_INFLATER
    add_gzip<parse<tlsrpt::libdeflate_inflater>>("tlsrpt_parse_libdeflate"),
#endif
};

}  // namespace
}  // namespace bench
