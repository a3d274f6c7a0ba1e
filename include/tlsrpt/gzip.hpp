/// @file
/// gzip (RFC 1952), as reports are compressed (RFC 8460, section 5.2), over any deflate decoder.
///
/// A report_parser recognises gzip by itself; what is here is for programs that look at the octets
/// first, or that decode with something else. Includes `<zlib.h>`; link with zlib.

#ifndef TLSRPT_HPP_GZIP
#define TLSRPT_HPP_GZIP

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <span>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/buffer.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/inflater.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// Whether the octets begin as gzip data do: 1f 8b (RFC 1952, section 2.3.1).
constexpr bool is_gzip(std::span<const std::byte> octets) noexcept {
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

namespace detail {

/// Inflates all members of gzip data (is_gzip() holds for them) one behind the other into `out` and
/// returns the size of the text; the padding behind it is zero. Header checksums, checksums and
/// lengths are verified. What follows the last member is remarked upon: gzip_zero_padding or
/// gzip_trailing_bytes, as far as `conformance` accepts it.
///
/// `out` grows only as the text does, from a first estimate that the input's size justifies, and
/// never beyond what the limits allow for the text.
///
/// Errors: the codes of gzip, compressed_too_long, text_too_long, expansion_ratio,
/// too_many_gzip_members, out_of_memory. Offsets count in the gzip data: the field at fault, the
/// member too many, the octet that decoding came to (the start of the member's deflate stream when
/// the inflater does not know), the end of the data when they are truncated.
template <inflater I, conformance C, diagnostic_sink S>
result<std::size_t> gunzip(std::span<const std::byte> input, padded_buffer& out, I& decoder,
                           const limits& limits, const C& conformance,
                           S&& sink) noexcept(is_nothrow_sink<S>);

}  // namespace detail

// Bodies.

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

namespace detail {

constexpr std::uint32_t little_endian(std::span<const std::byte> octets) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = octets.size(); i-- > 0;)
    value = value << 8 | std::to_integer<std::uint32_t>(octets[i]);
  return value;
}

/// The smaller of `a * b` and `most`.
constexpr std::size_t product_up_to(std::size_t most, std::size_t a, std::size_t b) noexcept {
  return a != 0 && b > most / a ? most : a * b;
}

/// How long the text of gzip data may be, and the error when it is longer.
struct gzip_bound {
  std::size_t size;
  errc code;

  constexpr gzip_bound(std::size_t input_size, const limits& limits) noexcept
      : size(limits.text), code(errc::text_too_long) {
    const std::size_t expanded =
        std::max(limits.ratio_free, product_up_to(limits.text, limits.ratio, input_size));
    if (expanded >= size) return;
    size = expanded;
    code = errc::expansion_ratio;
  }
};

/// Room for the text of reports that are not read yet: four times the input, and at most `most`.
constexpr std::size_t usual_room(std::size_t input_size, std::size_t most) noexcept {
  return product_up_to(most, 4, input_size);
}

/// The room to start with: what the last trailer promises, if deflate can expand the input to that.
constexpr std::size_t first_room(std::span<const std::byte> input, std::size_t most) noexcept {
  constexpr std::size_t largest_ratio = 1032;
  // A decoder may be slow where fewer octets than the longest match are free.
  constexpr std::size_t longest_match = 258;
  const std::size_t promised = little_endian(input.last(std::min<std::size_t>(input.size(), 4)));
  const std::size_t room = promised <= product_up_to(most, largest_ratio, input.size())
                               ? promised
                               : usual_room(input.size(), most);
  return room + std::min(longest_match, most - room);
}

/// The offset of the deflate stream of the member at `begin` (RFC 1952, section 2.3).
template <inflater I>
result<std::size_t> skip_gzip_header(std::span<const std::byte> input, std::size_t begin,
                                     const I& checksums) noexcept {
  enum : unsigned { fhcrc = 0x02, fextra = 0x04, fname = 0x08, fcomment = 0x10, reserved = 0xe0 };
  constexpr std::byte deflate{8};
  const error_info truncated = {errc::gzip_truncated, {.offset = input.size()}};

  const std::span<const std::byte> member = input.subspan(begin);
  if (member.size() < 3) return truncated;
  if (member[2] != deflate) return error_info{errc::gzip_method, {.offset = begin + 2}};
  if (member.size() < 4) return truncated;
  const auto flags = std::to_integer<unsigned>(member[3]);
  if (flags & reserved) return error_info{errc::gzip_reserved_flags, {.offset = begin + 3}};

  std::size_t size = 10;
  if (member.size() < size) return truncated;
  if (flags & fextra) {
    if (member.size() - size < 2) return truncated;
    const std::size_t extra = little_endian(member.subspan(size, 2));
    size += 2;
    if (member.size() - size < extra) return truncated;
    size += extra;
  }
  for (const unsigned text : {fname, fcomment}) {
    if (!(flags & text)) continue;
    const auto rest = member.subspan(size);
    const auto zero = std::find(rest.begin(), rest.end(), std::byte{0});
    if (zero == rest.end()) return truncated;
    size += static_cast<std::size_t>(zero - rest.begin()) + 1;
  }
  if (flags & fhcrc) {
    if (member.size() - size < 2) return truncated;
    if (little_endian(member.subspan(size, 2)) != (checksums.crc32(member.first(size)) & 0xffff))
      return error_info{errc::gzip_header_checksum, {.offset = begin + size}};
    size += 2;
  }
  return begin + size;
}

template <inflater I, conformance C, diagnostic_sink S>
result<std::size_t> gunzip(std::span<const std::byte> input, padded_buffer& out, I& decoder,
                           const limits& limits, const C& conformance,
                           S&& sink) noexcept(is_nothrow_sink<S>) {
  const auto fault = [](errc code, std::size_t offset) {
    return error_info{code, {.offset = offset}};
  };
  if (input.size() > limits.compressed) return fault(errc::compressed_too_long, limits.compressed);
  const gzip_bound bound(input.size(), limits);
  if (!out.reserve(first_room(input, bound.size), 0, bound.size))
    return fault(errc::out_of_memory, 0);

  std::size_t read = 0, written = 0, members = 0;
  do {
    if (members++ == limits.gzip_members) return fault(errc::too_many_gzip_members, read);
    const result<std::size_t> deflate = skip_gzip_header(input, read, decoder);
    if (!deflate) return deflate.error();
    read = *deflate;

    if (!decoder.start(input.subspan(read))) return fault(errc::out_of_memory, read);
    inflate_step step;
    for (;;) {
      const std::size_t room = std::min(out.capacity(), bound.size);
      step = decoder.inflate({out.data() + written, room - written});
      if (step.status != inflate_status::need_output) break;
      if (room == bound.size) return fault(bound.code, read + step.consumed);
      const std::size_t wanted = std::max(room + 1, usual_room(input.size(), bound.size));
      if (!out.reserve(wanted, written + step.produced, bound.size))
        return fault(errc::out_of_memory, read + step.consumed);
    }
    read += step.consumed;
    switch (step.status) {
      case inflate_status::done:
        break;
      case inflate_status::need_input:
        return fault(errc::gzip_truncated, input.size());
      case inflate_status::out_of_memory:
        return fault(errc::out_of_memory, read);
      default:
        return fault(errc::gzip_corrupt, read);
    }

    const std::span<const std::byte> trailer = input.subspan(read);
    if (trailer.size() < 8) return fault(errc::gzip_truncated, input.size());
    const std::span<const char> text(out.data() + written, step.produced);
    if (little_endian(trailer.first(4)) != decoder.crc32(std::as_bytes(text)))
      return fault(errc::gzip_checksum, read);
    if (little_endian(trailer.subspan(4, 4)) != static_cast<std::uint32_t>(text.size()))
      return fault(errc::gzip_length, read + 4);
    read += 8;
    written += text.size();
  } while (is_gzip(input.subspan(read)));

  if (const auto rest = input.subspan(read); !rest.empty()) {
    const bool zeros = std::all_of(rest.begin(), rest.end(),
                                   [](std::byte octet) { return octet == std::byte{0}; });
    const errc code = zeros ? errc::gzip_zero_padding : errc::gzip_trailing_bytes;
    if (!conformance.accepts(code)) return fault(code, read);
    sink(diagnostic{.code = code, .where = {.offset = read}});
  }
  out.terminate(written);
  return written;
}

}  // namespace detail

}  // namespace tlsrpt

#endif
