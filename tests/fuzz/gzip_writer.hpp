/// @file
/// Writes gzip data in all the ways that RFC 1952 allows, and repairs what mutation broke.

#ifndef TLSRPT_TESTS_FUZZ_GZIP_WRITER
#define TLSRPT_TESTS_FUZZ_GZIP_WRITER

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "relations.hpp"

namespace fuzz {

inline std::string little_endian(std::uint64_t value, int size) {
  std::string octets;
  for (; size > 0; --size, value >>= 8) octets += static_cast<char>(value & 0xff);
  return octets;
}

inline std::uint32_t crc_of(std::string_view text) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

inline std::string gzip_trailer(std::string_view text) {
  return little_endian(crc_of(text), 4) + little_endian(text.size(), 4);
}

inline std::string deflated(std::string_view text, numbers& random) {
  z_stream stream{};
  constexpr int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED};
  HOLDS(deflateInit2(&stream, static_cast<int>(random.below(10)), Z_DEFLATED,
                     -9 - static_cast<int>(random.below(7)), 1 + static_cast<int>(random.below(9)),
                     strategies[random.below(std::size(strategies))]) == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  HOLDS(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// One member, with any of the optional fields of the header.
inline std::string gzip_member(std::string_view text, numbers& random) {
  const auto flags = static_cast<unsigned>(random.once_in(2) ? 0 : random.below(32));
  std::string member = "\x1f\x8b\x08";
  member += static_cast<char>(flags);
  member += little_endian(random.next(), 6);
  if (flags & 4) {
    const std::string extra(random.below(40), '\x1f');
    member += little_endian(extra.size(), 2) + extra;
  }
  for (const unsigned field : {8u, 16u})
    if (flags & field) member += std::string(random.below(20), 'n') + '\0';
  if (flags & 2) member += little_endian(crc_of(member), 2);
  return member + deflated(text, random) + gzip_trailer(text);
}

/// The text in `count` members, empty ones among them.
inline std::string gzip_in_members(std::string_view text, std::size_t count, numbers& random) {
  std::string gzip;
  for (; count > 1; --count) {
    const std::size_t size = random.below(text.size() + 1);
    gzip += gzip_member(text.substr(0, size), random);
    text.remove_prefix(size);
  }
  return gzip + gzip_member(text, random);
}

/// The data with the checksum and the length of each member as they should be, as far as its
/// members can be distinguished. Only headers without optional fields are understood.
inline std::string repaired_gzip(std::string_view bytes) {
  std::string gzip(bytes);
  std::size_t at = 0;
  while (at + 10 < gzip.size() && std::string_view(gzip).substr(at).starts_with("\x1f\x8b")) {
    gzip[at + 2] = 8;
    gzip[at + 3] = 0;
    z_stream stream{};
    HOLDS(inflateInit2(&stream, -15) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(gzip.data() + at + 10);
    stream.avail_in = static_cast<uInt>(gzip.size() - at - 10);
    std::string text;
    int status = Z_OK;
    while (status == Z_OK && text.size() < 1u << 22) {
      char piece[8192];
      stream.next_out = reinterpret_cast<Bytef*>(piece);
      stream.avail_out = sizeof piece;
      status = inflate(&stream, Z_NO_FLUSH);
      text.append(piece, sizeof piece - stream.avail_out);
    }
    const std::size_t end = gzip.size() - stream.avail_in;
    inflateEnd(&stream);
    if (status != Z_STREAM_END) break;
    gzip.replace(end, std::min<std::size_t>(8, gzip.size() - end), gzip_trailer(text));
    at = end + 8;
  }
  return gzip;
}

}  // namespace fuzz

#endif
