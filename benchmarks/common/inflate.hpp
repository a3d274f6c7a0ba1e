/// @file
/// The floors of reading gzip data: one call of a decompressor that is kept, into a buffer that is
/// large enough. The checksum of gzip is verified, as it has to be.

#ifndef TLSRPT_BENCHMARKS_INFLATE
#define TLSRPT_BENCHMARKS_INFLATE

#include <zlib.h>
#if TLSRPT_BENCH_LIBDEFLATE
#include <libdeflate.h>
#endif

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace bench {

/// The text's size according to the last four octets.
inline std::size_t promised_size(std::string_view gzip) noexcept {
  std::size_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i)
    size = size << 8 | static_cast<unsigned char>(gzip[gzip.size() - i]);
  return size;
}

/// zlib with a stream that is reset for each text. `WindowBits` are zlib's: 31 for gzip, -15 for
/// the deflate stream alone.
template <int WindowBits>
class zlib_floor {
 public:
  zlib_floor() { inflateInit2(&stream_, WindowBits); }
  ~zlib_floor() { inflateEnd(&stream_); }
  zlib_floor(const zlib_floor&) = delete;
  zlib_floor& operator=(const zlib_floor&) = delete;

  bool inflate(std::string_view gzip, std::span<char> room) noexcept {
    if constexpr (WindowBits < 0) gzip = gzip.substr(10, gzip.size() - 18);
    if (inflateReset(&stream_) != Z_OK) return false;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
    stream_.avail_in = static_cast<uInt>(gzip.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(room.size());
    return ::inflate(&stream_, Z_FINISH) == Z_STREAM_END;
  }

 private:
  z_stream stream_{};
};

#if TLSRPT_BENCH_LIBDEFLATE
class libdeflate_floor {
 public:
  ~libdeflate_floor() { libdeflate_free_decompressor(decoder_); }
  libdeflate_floor() = default;
  libdeflate_floor(const libdeflate_floor&) = delete;
  libdeflate_floor& operator=(const libdeflate_floor&) = delete;

  bool inflate(std::string_view gzip, std::span<char> room) noexcept {
    std::size_t size = 0;
    return libdeflate_gzip_decompress(decoder_, gzip.data(), gzip.size(), room.data(), room.size(),
                                      &size) == LIBDEFLATE_SUCCESS;
  }

 private:
  libdeflate_decompressor* decoder_ = libdeflate_alloc_decompressor();
};
#endif

/// A buffer that fits the text and simdjson's padding.
class inflated_text {
 public:
  std::span<char> room_for(std::string_view gzip) {
    size_ = promised_size(gzip);
    if (room_.size() < size_ + padding) room_.resize(size_ + padding);
    // zlib writes faster where some octets are free after the text; the walk needs no zeros there.
    return room_;
  }
  std::string_view text() const noexcept { return {room_.data(), size_}; }
  std::size_t capacity() const noexcept { return room_.size(); }

 private:
  static constexpr std::size_t padding = 320;
  std::vector<char> room_;
  std::size_t size_ = 0;
};

}  // namespace bench

#endif
