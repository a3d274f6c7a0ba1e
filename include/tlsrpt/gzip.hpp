/// @file
/// gzip (RFC 1952), as reports are compressed (RFC 8460, section 5.2), over any deflate decoder.
///
/// A report_parser recognizes gzip on its own; use this header to detect gzip yourself or to supply
/// another decoder. Includes `<zlib.h>`; link with zlib.

#ifndef TLSRPT_HPP_GZIP
#define TLSRPT_HPP_GZIP

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <tlsrpt/bytes.hpp>
#include <tlsrpt/inflater.hpp>

namespace tlsrpt {

/// Whether the bytes begin as gzip data do: 1f 8b (RFC 1952, section 2.3.1).
constexpr bool is_gzip(bytes_view bytes) noexcept {
  const std::span<const std::byte> octets = bytes.span();
  return octets.size() >= 2 && octets[0] == std::byte{0x1f} && octets[1] == std::byte{0x8b};
}

/// The inflater over zlib. Memory is allocated at the first start() and reused; a stream that needs
/// its output to grow costs 32 KiB more. Move-only; one that was moved from may be used again.
class zlib_inflater {
 public:
  /// Begins a stream at the front of `input`, see tlsrpt::inflater. False without memory.
  bool start(std::span<const std::byte> input) noexcept;
  /// Writes the text of the stream, see tlsrpt::inflater.
  inflate_step inflate(std::span<char> output) noexcept;
  /// The checksum of RFC 1952, section 8. Linear.
  std::uint32_t crc32(std::span<const std::byte> octets) const noexcept;

 private:
  struct end_stream {
    void operator()(z_stream* stream) const noexcept {
      inflateEnd(stream);
      delete stream;
    }
  };

  // zlib's state points back at its z_stream, which therefore cannot move.
  std::unique_ptr<z_stream, end_stream> stream_;
  std::span<const std::byte> input_;
  std::size_t consumed_ = 0;
  std::size_t produced_ = 0;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/gzip.hpp>

#endif
