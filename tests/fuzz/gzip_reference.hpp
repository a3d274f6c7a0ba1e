/// @file
/// Another reader of gzip data: zlib's own, which knows headers and checksums itself.

#ifndef TLSRPT_TESTS_FUZZ_GZIP_REFERENCE
#define TLSRPT_TESTS_FUZZ_GZIP_REFERENCE

#include <zlib.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "relations.hpp"

namespace fuzz {

/// The text of all members, and where the last one ends; nothing when a member is not right, or
/// when the text is longer than `most`.
inline std::optional<std::string> gunzip_reference(std::string_view bytes,
                                                   std::size_t most = std::size_t{4} << 20,
                                                   std::size_t* end = nullptr) {
  std::string text;
  std::size_t at = 0;
  while (bytes.substr(at).starts_with("\x1f\x8b")) {
    z_stream stream{};
    HOLDS(inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + at));
    stream.avail_in = static_cast<uInt>(bytes.size() - at);
    int status = Z_OK;
    char piece[8192];
    while (status == Z_OK && text.size() <= most) {
      stream.next_out = reinterpret_cast<Bytef*>(piece);
      stream.avail_out = sizeof piece;
      status = inflate(&stream, Z_NO_FLUSH);
      text.append(piece, sizeof piece - stream.avail_out);
    }
    at = bytes.size() - stream.avail_in;
    inflateEnd(&stream);
    if (status != Z_STREAM_END || text.size() > most) return std::nullopt;
  }
  if (end != nullptr) *end = at;
  return text;
}

}  // namespace fuzz

#endif
