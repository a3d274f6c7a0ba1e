/// @file
/// What gzip holds that is no report: mails, above all.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_GZIP
#define TLSRPT_EXAMPLES_CLI_INPUT_GZIP

#include <zlib.h>

#include <cstddef>
#include <string>
#include <string_view>

#include <tlsrpt/limits.hpp>

#include "source.hpp"

namespace cli {

/// What the members of a gzip stream hold, one after the other, in the memory of a few pieces. It
/// ends with an error where the stream is damaged, where it expands further than `limits` allow,
/// and where anything but zeros and line ends follows it.
class gzip_source final : public source {
 public:
  gzip_source(source& from, const tlsrpt::limits& limits);
  ~gzip_source() override { inflateEnd(&stream_); }

  void fill(std::string& content, std::size_t size) override;
  bool ended() const override { return ended_; }
  source_error error() const override { return error_; }

 private:
  bool has_input();
  void end_member();
  void fail(tlsrpt::errc code);

  source& from_;
  const tlsrpt::limits limits_;
  z_stream stream_{};
  std::string compressed_;
  std::size_t consumed_ = 0, produced_ = 0;  ///< Octets in all.
  bool ended_ = false;
  source_error error_{};
};

/// How the content of a gzip stream begins, of which `start` is the first piece: nothing for JSON,
/// else as much as kind_of_mail() needs.
std::string beginning_in_gzip(std::string_view start, const tlsrpt::limits& limits);

}  // namespace cli

#endif
