/// @file
/// What a deflate decoder has to offer, so that reports in gzip can be read with it.

#ifndef TLSRPT_HPP_INFLATER
#define TLSRPT_HPP_INFLATER

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tlsrpt {

/// How a call of an inflater ended.
enum class inflate_status : std::uint8_t {
  done,         ///< The deflate stream ended, and all of its text has been written.
  need_output,  ///< The output is full and there may be more text.
  need_input,   ///< The input ended before the deflate stream.
  corrupt,      ///< This is not a deflate stream; also for a decoder that cannot report need_input.
  out_of_memory  ///< The decoder got no memory.
};

/// What a call of an inflater came to. The sizes count octets since start().
struct inflate_step {
  inflate_status status = inflate_status::corrupt;  ///< How the call ended.
  /// Octets of input that were used, without those after the end of the stream. Exact when done;
  /// else where the fault is, 0 when the decoder does not know.
  std::size_t consumed = 0;
  /// Octets at the front of the output that are text. Exact when done; on need_output those that
  /// have to be there in the next call, 0 for a decoder that starts over.
  std::size_t produced = 0;
};

/// A decoder of raw deflate streams (RFC 1951), without any header or checksum around them. The
/// gzip format is read by the library, once for all decoders. None of the functions throws.
///
/// - `start(input)` begins a stream at the front of `input`, which usually continues after the
/// stream's
///   end and lives until the next start(). False when there is no memory.
/// - `inflate(output)` writes the text from output[0] on. After need_output it is called again with
///   a larger output, possibly at another address, whose first `produced` octets are those that
///   were written; a decoder that can pause continues after them, one that decodes in a single go
///   (libdeflate_deflate_decompress_ex) says `produced` = 0 and decodes again from the start. A
///   text that fills the output exactly is done. Calls end with any other status. `output` may be
///   empty, but its data() is not null.
/// - `crc32(octets)` is the checksum of RFC 1952, section 8.
template <class I>
concept inflater = std::movable<I> &&
    requires(I& decoder, const I& checksums, std::span<const std::byte> input,
             std::span<char> output) {
  { decoder.start(input) }
  noexcept->std::same_as<bool>;
  { decoder.inflate(output) }
  noexcept->std::same_as<inflate_step>;
  { checksums.crc32(input) }
  noexcept->std::same_as<std::uint32_t>;
};

}  // namespace tlsrpt

#endif
