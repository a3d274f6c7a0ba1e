/// @file
/// Recognises by their first octets what is not JSON in UTF-8: compressed data, archives and other
/// encodings.

#ifndef TLSRPT_HPP_DETAIL_TEXT_CONTAINER
#define TLSRPT_HPP_DETAIL_TEXT_CONTAINER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

enum class container : std::uint8_t { none, gzip, zip, zlib, bzip2, xz, zstd, utf16 };

/// The octets that a kind of data begins with.
struct container_mark {
  std::string_view octets;
  container kind;
};

inline constexpr std::string_view gzip_mark = "\x1f\x8b";
inline constexpr container_mark container_marks[] = {
    {gzip_mark, container::gzip},
    {{"{\0", 2}, container::utf16},
    {{"\0{", 2}, container::utf16},
    {"PK\3\4", container::zip},
    {"PK\5\6", container::zip},
    // RFC 1950: deflate, a window of 32 KiB, a multiple of 31 as check, no preset dictionary.
    {"x\x01", container::zlib},
    {"x\x5e", container::zlib},
    {"x\x9c", container::zlib},
    {"x\xda", container::zlib},
    {"BZh", container::bzip2},
    {{"\xfd\x37zXZ\0", 6}, container::xz},
    {"\x28\xb5\x2f\xfd", container::zstd},
    // Byte order marks of UTF-16; that of UTF-32 in little-endian order begins with one.
    {"\xff\xfe", container::utf16},
    {"\xfe\xff", container::utf16},
    {{"\0\0\xfe\xff", 4}, container::utf16},
};
inline constexpr std::size_t longest_container_mark = 6;

/// Whether the octets begin with a mark.
constexpr bool has_mark(std::span<const std::byte> octets, std::string_view mark) noexcept {
  return octets.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), octets.begin(), [](char wanted, std::byte octet) {
           return std::byte(static_cast<unsigned char>(wanted)) == octet;
         });
}

/// What the octets begin as. Data that end inside their mark are not recognised.
constexpr container container_of(std::span<const std::byte> octets) noexcept {
  // Nearly always it is JSON, which needs no search.
  if (octets.size() >= 2 && octets[0] == std::byte{'{'} && octets[1] != std::byte{0})
    return container::none;
  for (const container_mark& mark : container_marks)
    if (has_mark(octets, mark.octets)) return mark.kind;
  return container::none;
}

/// Why the octets cannot be read as a report, when they are what is neither JSON in UTF-8 nor gzip;
/// else errc::ok.
constexpr errc foreign_container(std::span<const std::byte> octets) noexcept {
  switch (container_of(octets)) {
    case container::zip:
      return errc::zip_container;
    case container::zlib:
      return errc::zlib_container;
    case container::bzip2:
      return errc::bzip2_container;
    case container::xz:
      return errc::xz_container;
    case container::zstd:
      return errc::zstd_container;
    case container::utf16:
      return errc::utf16_text;
    default:
      return errc::ok;
  }
}

}  // namespace tlsrpt::detail

#endif
