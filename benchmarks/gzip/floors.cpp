/// @file
/// What cannot be undercut with zlib and with libdeflate: inflating alone, and inflating with
/// simdjson's walk over the text.

#include <simdjson.h>

#include "../common/inflate.hpp"
#include "../common/walk.hpp"
#include "../report/report_task.hpp"

namespace bench {
namespace {

template <class Decoder>
class inflate_only {
 public:
  bool read(const document& d) { return decoder_.inflate(d.text(), text_.room_for(d.text())); }

 protected:
  Decoder decoder_;
  inflated_text text_;
};

template <class Decoder>
class inflate_and_walk : inflate_only<Decoder> {
 public:
  bool read(const document& d) {
    return inflate_only<Decoder>::read(d) &&
           walk(parser_, this->text_.text(), this->text_.capacity());
  }

 private:
  simdjson::ondemand::parser parser_;
};

const bool added[] = {
    add_gzip<inflate_only<zlib_floor<-15>>>("zlib_without_checksum"),
    add_gzip<inflate_only<zlib_floor<31>>>("zlib"),
    add_gzip<inflate_and_walk<zlib_floor<31>>>("zlib_and_walk"),
#if TLSRPT_BENCH_LIBDEFLATE
    add_gzip<inflate_only<libdeflate_floor>>("libdeflate"),
    add_gzip<inflate_and_walk<libdeflate_floor>>("libdeflate_and_walk"),
#endif
};

}  // namespace
}  // namespace bench
