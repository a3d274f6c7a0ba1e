/// @file
/// Bodies of write_gzip.hpp.

#ifndef TLSRPT_HPP_IMPL_WRITE_GZIP
#define TLSRPT_HPP_IMPL_WRITE_GZIP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <tlsrpt/gzip.hpp>

namespace tlsrpt {

namespace detail {

/// A stream of raw deflate data (RFC 1951).
class deflate_stream {
 public:
  deflate_stream() noexcept {
    constexpr int raw_deflate = -15, memory_level = 8;
    is_open_ = deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, raw_deflate, memory_level,
                            Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~deflate_stream() {
    if (is_open_) deflateEnd(&stream_);
  }
  // zlib's state points back at its z_stream, which therefore cannot move.
  deflate_stream(const deflate_stream&) = delete;
  deflate_stream& operator=(const deflate_stream&) = delete;

  bool is_open() const noexcept { return is_open_; }

  /// Compresses a whole text.
  template <class Out>
  void write(Out& out, std::string_view text) noexcept(is_nothrow_output<Out>) {
    char room[8192];
    for (int status = Z_OK; status != Z_STREAM_END;) {
      // zlib counts in uInt; longer texts take several rounds.
      const std::size_t size = std::min<std::size_t>(text.size(), std::numeric_limits<uInt>::max());
      // Without ZLIB_CONST zlib declares its input as if it wrote to it.
      stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
      stream_.avail_in = static_cast<uInt>(size);
      stream_.next_out = reinterpret_cast<Bytef*>(room);
      stream_.avail_out = sizeof room;
      status = deflate(&stream_, size == text.size() ? Z_FINISH : Z_NO_FLUSH);
      text.remove_prefix(size - stream_.avail_in);
      put(out, {room, sizeof room - stream_.avail_out});
    }
  }

 private:
  z_stream stream_{};
  bool is_open_;
};

/// Adds a number as `Octets` octets, the lowest first.
template <std::size_t Octets, class Out>
void put_little_endian(Out& out, std::uint64_t number) noexcept(is_nothrow_output<Out>) {
  for (std::size_t i = 0; i < Octets; ++i) put(out, static_cast<char>(number >> 8 * i & 0xff));
}

/// Adds a text as blocks of deflate data that are not compressed (RFC 1951, section 3.2.4).
template <class Out>
void put_stored(Out& out, std::string_view text) noexcept(is_nothrow_output<Out>) {
  constexpr std::size_t largest_block = 0xffff;
  do {
    const std::string_view block = text.substr(0, largest_block);
    text.remove_prefix(block.size());
    put(out, text.empty() ? '\1' : '\0');
    put_little_endian<2>(out, block.size());
    put_little_endian<2>(out, ~block.size());
    put(out, block);
  } while (!text.empty());
}

}  // namespace detail

template <text_output Out>
result<void> write_gzip(Out&& out, std::string_view text,
                        compression how) noexcept(detail::is_nothrow_output<Out>) {
  // Deflate, no flags, no time, no extra flags, an unknown system.
  constexpr std::string_view header("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  if (how == compression::none) {
    detail::put(out, header);
    detail::put_stored(out, text);
  } else {
    detail::deflate_stream stream;
    if (!stream.is_open()) return diagnostic{errc::out_of_memory, {.in = source::gzip}};
    detail::put(out, header);
    stream.write(out, text);
  }
  const std::span<const std::byte> octets = std::as_bytes(std::span(text));
  detail::put_little_endian<4>(out, zlib_inflater().crc32(octets));
  detail::put_little_endian<4>(out, text.size());
  return {};
}

}  // namespace tlsrpt

#endif
