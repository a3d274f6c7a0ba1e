/// @file
/// Reads reports in gzip with libdeflate: `report_parser<lenient, libdeflate_inflater>`.
///
/// Includes `<libdeflate.h>`; link with libdeflate. tlsrpt.hpp does not include this header.

#ifndef TLSRPT_HPP_LIBDEFLATE
#define TLSRPT_HPP_LIBDEFLATE

#include <libdeflate.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <tlsrpt/inflater.hpp>

namespace tlsrpt {

/// The inflater over libdeflate. Memory is allocated at the first start() and reused. Move-only;
/// one that was moved from may be used again.
///
/// libdeflate decodes in a single go. Where the output has to grow it decodes again from the start;
/// as buffers double, that is less than twice as much work again. It distinguishes neither
/// truncated data from corrupt ones nor where the fault is: both are errc::gzip_corrupt, at the
/// start of the member's deflate stream; errc::gzip_truncated remains for data that end in a header
/// or trailer.
class libdeflate_inflater {
 public:
  /// Begins a stream at the front of `input`, see tlsrpt::inflater. False without memory.
  bool start(std::span<const std::byte> input) noexcept;
  /// Writes the text of the stream, see tlsrpt::inflater.
  inflate_step inflate(std::span<char> output) noexcept;
  /// The checksum of RFC 1952, section 8. Linear.
  std::uint32_t crc32(std::span<const std::byte> octets) const noexcept;

 private:
  struct free_decompressor {
    void operator()(libdeflate_decompressor* decompressor) const noexcept {
      libdeflate_free_decompressor(decompressor);
    }
  };

  std::unique_ptr<libdeflate_decompressor, free_decompressor> decompressor_;
  std::span<const std::byte> input_;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/libdeflate.hpp>

#endif
