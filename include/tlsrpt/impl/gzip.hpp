/// @file
/// Bodies of gzip.hpp.

#ifndef TLSRPT_HPP_IMPL_GZIP
#define TLSRPT_HPP_IMPL_GZIP

#include <algorithm>
#include <limits>
#include <new>

namespace tlsrpt {

inline bool zlib_inflater::start(std::span<const std::byte> input) noexcept {
  input_ = input;
  consumed_ = produced_ = 0;
  if (stream_) return inflateReset(stream_.get()) == Z_OK;
  stream_.reset(new (std::nothrow) z_stream{});
  constexpr int raw_deflate = -15;
  if (stream_ && inflateInit2(stream_.get(), raw_deflate) == Z_OK) return true;
  stream_.reset();
  return false;
}

inline inflate_step zlib_inflater::inflate(std::span<char> output) noexcept {
  // zlib counts in uInt; longer spans take several rounds.
  const auto round = [](std::size_t size) {
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
  };
  for (;;) {
    const uInt available = round(input_.size() - consumed_);
    const uInt room = round(output.size() - produced_);
    // Without ZLIB_CONST zlib declares its input as if it wrote to it.
    stream_->next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input_.data() + consumed_));
    stream_->avail_in = available;
    stream_->next_out = reinterpret_cast<Bytef*>(output.data() + produced_);
    stream_->avail_out = room;
    const int status = ::inflate(stream_.get(), Z_FINISH);
    consumed_ += available - stream_->avail_in;
    produced_ += room - stream_->avail_out;
    if (status == Z_STREAM_END) return {inflate_status::done, consumed_, produced_};
    if (status == Z_MEM_ERROR) return {inflate_status::out_of_memory, consumed_, produced_};
    if (status != Z_OK && status != Z_BUF_ERROR)
      return {inflate_status::corrupt, consumed_, produced_};
    if (produced_ == output.size()) return {inflate_status::need_output, consumed_, produced_};
    if (consumed_ == input_.size()) return {inflate_status::need_input, consumed_, produced_};
  }
}

inline std::uint32_t zlib_inflater::crc32(std::span<const std::byte> octets) const noexcept {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(octets.data()), octets.size()));
}

}  // namespace tlsrpt

#endif
