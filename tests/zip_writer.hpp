/// Writes ZIP archives (APPNOTE 6.3.10, section 4.3), right ones and wrong ones.

#ifndef TLSRPT_TESTS_ZIP_WRITER
#define TLSRPT_TESTS_ZIP_WRITER

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

namespace support {

inline std::string zip_number(std::uint64_t value, int size) {
  std::string octets;
  for (; size > 0; --size, value >>= 8) octets += static_cast<char>(value & 0xff);
  return octets;
}

/// A raw deflate stream.
inline std::string deflated(std::string_view text) {
  constexpr std::size_t header = 10, trailer = 8;
  const std::string member = gzip(text);
  return member.substr(header, member.size() - header - trailer);
}

/// An entry; what is set is written, right or wrong.
struct zip_member {
  std::string name;
  std::string data;  ///< As it is in the archive.
  std::uint64_t size = 0;
  std::uint32_t checksum = 0;
  unsigned method = 8;
  unsigned flags = 0;
  bool has_descriptor = false;  ///< Sizes and checksum follow the data, and are not before them.
  bool is_zip64 = false;
  std::string local_extra{}, directory_extra{}, comment{};

  static zip_member of(std::string name, std::string_view content, unsigned method = 8) {
    zip_member member{std::move(name), method == 8 ? deflated(content) : std::string(content)};
    member.size = content.size();
    member.checksum = static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
    member.method = method;
    return member;
  }

  std::string local() const {
    const bool is_late = has_descriptor;
    std::string text =
        "PK\3\4" + zip_number(20, 2) + zip_number(flags | (is_late ? 8u : 0u), 2) +
        zip_number(method, 2) + zip_number(0, 4) + zip_number(is_late ? 0 : checksum, 4) +
        zip_number(is_late ? 0 : data.size(), 4) + zip_number(is_late ? 0 : size, 4) +
        zip_number(name.size(), 2) + zip_number(local_extra.size(), 2) + name + local_extra + data;
    if (is_late)
      text +=
          "PK\7\x08" + zip_number(checksum, 4) + zip_number(data.size(), 4) + zip_number(size, 4);
    return text;
  }

  std::string directory(std::uint64_t offset) const {
    constexpr std::uint32_t elsewhere = 0xffffffff;
    std::string extra = directory_extra;
    if (is_zip64)
      extra += zip_number(1, 2) + zip_number(24, 2) + zip_number(size, 8) +
               zip_number(data.size(), 8) + zip_number(offset, 8);
    return "PK\1\2" + zip_number(20, 2) + zip_number(20, 2) + zip_number(flags, 2) +
           zip_number(method, 2) + zip_number(0, 4) + zip_number(checksum, 4) +
           zip_number(is_zip64 ? elsewhere : data.size(), 4) +
           zip_number(is_zip64 ? elsewhere : size, 4) + zip_number(name.size(), 2) +
           zip_number(extra.size(), 2) + zip_number(comment.size(), 2) + zip_number(0, 8) +
           zip_number(is_zip64 ? elsewhere : offset, 4) + name + extra + comment;
  }
};

/// An archive.
struct zip_writer {
  std::vector<zip_member> members{};
  std::string prefix{}, comment{};
  bool counts_prefix = false;  ///< In its offsets.
  bool is_zip64 = false;

  std::string archive() const {
    std::string text = prefix, directory;
    const std::size_t base = counts_prefix ? 0 : prefix.size();
    for (const zip_member& member : members) {
      directory += member.directory(text.size() - base);
      text += member.local();
    }
    return text + end(directory, text.size() - base, members.size());
  }

  /// The directory and what follows it.
  std::string end(const std::string& directory, std::size_t offset, std::size_t count) const {
    std::string text = directory;
    if (is_zip64) {
      text += "PK\6\6" + zip_number(44, 8) + zip_number(45, 2) + zip_number(45, 2) +
              zip_number(0, 8) + zip_number(count, 8) + zip_number(count, 8) +
              zip_number(directory.size(), 8) + zip_number(offset, 8);
      text +=
          "PK\6\7" + zip_number(0, 4) + zip_number(offset + directory.size(), 8) + zip_number(1, 4);
    }
    constexpr std::uint64_t elsewhere = 0xffffffff;
    return text + "PK\5\6" + zip_number(0, 4) + zip_number(is_zip64 ? elsewhere : count, 2) +
           zip_number(is_zip64 ? elsewhere : count, 2) +
           zip_number(is_zip64 ? elsewhere : directory.size(), 4) +
           zip_number(is_zip64 ? elsewhere : offset, 4) + zip_number(comment.size(), 2) + comment;
  }
};

}  // namespace support

#endif
