#include "gzip.hpp"

#include <algorithm>
#include <new>

#include <tlsrpt/payload.hpp>

#include "mail_start.hpp"

namespace cli {

namespace {

constexpr std::size_t piece_size = std::size_t{64} << 10;

/// zlib's octets. Its input is not const.
Bytef* octets_of(std::string& text, std::size_t offset) {
  return reinterpret_cast<Bytef*>(text.data() + offset);
}

}  // namespace

gzip_source::gzip_source(source& from, const tlsrpt::limits& limits)
    : from_(from), limits_(limits) {
  constexpr int gzip_format = 15 + 16;
  if (inflateInit2(&stream_, gzip_format) != Z_OK) throw std::bad_alloc();
}

void gzip_source::fill(std::string& content, std::size_t size) {
  while (!ended_ && content.size() < size) {
    if (!has_input()) return fail(tlsrpt::errc::gzip_truncated);
    const std::size_t old_size = content.size();
    content.resize(std::min(old_size + piece_size, size));
    stream_.next_out = octets_of(content, old_size);
    stream_.avail_out = static_cast<uInt>(content.size() - old_size);
    const uInt before = stream_.avail_in;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    content.resize(content.size() - stream_.avail_out);
    consumed_ += before - stream_.avail_in;
    produced_ += content.size() - old_size;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (produced_ > limits_.expansion_free_bytes && produced_ / limits_.max_expansion > consumed_)
      return fail(tlsrpt::errc::expansion_ratio);
    if (status == Z_STREAM_END)
      end_member();
    else if (status != Z_OK && status != Z_BUF_ERROR)
      return fail(tlsrpt::errc::gzip_corrupt);
  }
}

/// Whether there is more to inflate; reads another piece if need be.
bool gzip_source::has_input() {
  if (stream_.avail_in != 0) return true;
  compressed_.clear();
  from_.fill(compressed_, piece_size);
  stream_.next_in = octets_of(compressed_, 0);
  stream_.avail_in = static_cast<uInt>(compressed_.size());
  return !compressed_.empty();
}

/// Another member may follow; zeros and line ends do not count.
void gzip_source::end_member() {
  while (has_input()) {
    const Bytef next = *stream_.next_in;
    constexpr Bytef first_of_gzip = 0x1f;
    if (next == first_of_gzip) {
      inflateReset(&stream_);
      return;
    }
    if (next != 0 && next != '\r' && next != '\n') return fail(tlsrpt::errc::gzip_trailing_bytes);
    ++stream_.next_in;
    --stream_.avail_in;
    ++consumed_;
  }
  ended_ = true;
  error_ = from_.error();
}

void gzip_source::fail(tlsrpt::errc code) {
  ended_ = true;
  error_ = from_.error();
  if (std::holds_alternative<std::monostate>(error_))
    error_ = tlsrpt::diagnostic{code, {.offset = consumed_, .in = tlsrpt::source::gzip}};
}

std::string beginning_in_gzip(std::string_view start, const tlsrpt::limits& limits) {
  memory_source octets(start);
  gzip_source inside(octets, limits);
  std::string content;
  constexpr std::size_t enough_for_json = 256;
  inside.fill(content, enough_for_json);
  if (tlsrpt::classify_payload(content) == tlsrpt::payload::json) return {};
  inside.fill(content, mail_start_size);
  return content;
}

}  // namespace cli
