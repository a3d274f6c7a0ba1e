/// @file
/// Reads gzip (RFC 1952) over any deflate decoder.

#ifndef TLSRPT_HPP_DETAIL_REPORT_GUNZIP
#define TLSRPT_HPP_DETAIL_REPORT_GUNZIP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/gzip.hpp>
#include <tlsrpt/inflater.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt::detail {

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

/// How long the text of compressed data may be, and the error when it is longer.
struct text_bound {
  std::size_t size;
  errc code;

  constexpr text_bound(std::size_t input_size, const limits& limits) noexcept
      : size(limits.max_text_bytes), code(errc::text_too_long) {
    const std::size_t expanded =
        std::max(limits.expansion_free_bytes,
                 product_up_to(limits.max_text_bytes, limits.max_expansion, input_size));
    if (expanded >= size) return;
    size = expanded;
    code = errc::expansion_ratio;
  }
};

/// Room for the text of reports that are not read yet: four times the input, and at most `most`.
constexpr std::size_t usual_room(std::size_t input_size, std::size_t most) noexcept {
  return product_up_to(most, 4, input_size);
}

/// Octets that deflate makes of one at most.
inline constexpr std::size_t largest_deflate_ratio = 1032;

/// The room to start with: what was promised, if deflate can expand the input to that.
constexpr std::size_t first_room(std::size_t promised, std::size_t input_size,
                                 std::size_t most) noexcept {
  // A decoder may be slow where fewer octets than the longest match are free.
  constexpr std::size_t longest_match = 258;
  const std::size_t room = promised <= product_up_to(most, largest_deflate_ratio, input_size)
                               ? promised
                               : usual_room(input_size, most);
  return room + std::min(longest_match, most - room);
}

/// What became of a deflate stream.
struct inflated_stream {
  errc code = errc::ok;
  std::size_t consumed = 0;  ///< Octets of the input; on an error what decoding came to.
  std::size_t produced = 0;  ///< Octets of text; on an error as many as there are known to be.
};

/// Inflates the stream at the front of `input` to where `written` octets of `out` end. `out` grows
/// as the text does, at once to `usual`, and never beyond the bound.
///
/// Errors: gzip_truncated, gzip_corrupt, out_of_memory, and that of the bound.
template <inflater I>
inflated_stream inflate_stream(std::span<const std::byte> input, padded_buffer& out,
                               std::size_t written, const text_bound& bound, std::size_t usual,
                               I& decoder) noexcept {
  if (!decoder.start(input)) return {errc::out_of_memory};
  for (;;) {
    const std::size_t room = std::min(out.capacity(), bound.size);
    const inflate_step step = decoder.inflate({out.data() + written, room - written});
    switch (step.status) {
      case inflate_status::done:
        return {errc::ok, step.consumed, step.produced};
      case inflate_status::need_output:
        break;
      case inflate_status::need_input:
        return {errc::gzip_truncated, input.size(), step.produced};
      case inflate_status::out_of_memory:
        return {errc::out_of_memory, step.consumed, step.produced};
      default:
        return {errc::gzip_corrupt, step.consumed, step.produced};
    }
    if (room == bound.size) return {bound.code, step.consumed, room - written};
    if (!out.reserve(std::max(room + 1, usual), written + step.produced, bound.size))
      return {errc::out_of_memory, step.consumed};
  }
}

/// The offset of the deflate stream of the member at `begin` (RFC 1952, section 2.3).
template <inflater I>
result<std::size_t> skip_gzip_header(std::span<const std::byte> input, std::size_t begin,
                                     const I& checksums) noexcept {
  enum : unsigned { fhcrc = 0x02, fextra = 0x04, fname = 0x08, fcomment = 0x10, reserved = 0xe0 };
  constexpr std::byte deflate{8};
  const diagnostic truncated = {errc::gzip_truncated, {.offset = input.size(), .in = source::gzip}};

  const std::span<const std::byte> member = input.subspan(begin);
  if (member.size() < 3) return truncated;
  if (member[2] != deflate)
    return diagnostic{errc::gzip_method, {.offset = begin + 2, .in = source::gzip}};
  if (member.size() < 4) return truncated;
  const auto flags = std::to_integer<unsigned>(member[3]);
  if (flags & reserved)
    return diagnostic{errc::gzip_reserved_flags, {.offset = begin + 3, .in = source::gzip}};

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
      return diagnostic{errc::gzip_header_checksum, {.offset = begin + size, .in = source::gzip}};
    size += 2;
  }
  return begin + size;
}

/// Inflates all members of gzip data (is_gzip() holds for them) one after the other into `out` and
/// returns the size of the text; the padding after it is zero. Header checksums, checksums and
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
                           S&& sink) noexcept(is_nothrow_sink<S>) {
  const auto fault = [](errc code, std::size_t offset) {
    return diagnostic{code, {.offset = offset, .in = source::gzip}};
  };
  if (input.size() > limits.max_gzip_bytes)
    return fault(errc::compressed_too_long, limits.max_gzip_bytes);
  const text_bound bound(input.size(), limits);
  const std::size_t promised = little_endian(input.last(std::min<std::size_t>(input.size(), 4)));
  if (!out.reserve(first_room(promised, input.size(), bound.size), 0, bound.size))
    return fault(errc::out_of_memory, 0);
  const std::size_t usual = usual_room(input.size(), bound.size);

  std::size_t read = 0, written = 0, members = 0;
  do {
    if (members++ == limits.max_gzip_members) return fault(errc::too_many_gzip_members, read);
    const result<std::size_t> deflate = skip_gzip_header(input, read, decoder);
    if (!deflate) return deflate.error();
    read = *deflate;

    const inflated_stream stream =
        inflate_stream(input.subspan(read), out, written, bound, usual, decoder);
    read += stream.consumed;
    if (stream.code != errc::ok) return fault(stream.code, read);

    const std::span<const std::byte> trailer = input.subspan(read);
    if (trailer.size() < 8) return fault(errc::gzip_truncated, input.size());
    const std::span<const char> text(out.data() + written, stream.produced);
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
    sink(diagnostic{.code = code, .where = {.offset = read, .in = source::gzip}});
  }
  out.terminate(written);
  return written;
}

}  // namespace tlsrpt::detail

#endif
