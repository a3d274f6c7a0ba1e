/// @file
/// Recognises by content what is neither JSON in UTF-8 nor gzip.

#ifndef TLSRPT_HPP_DETAIL_TEXT_CONTAINER
#define TLSRPT_HPP_DETAIL_TEXT_CONTAINER

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

/// Which other container or encoding the octets begin with; errc::ok for none of them. A container
/// cut inside its mark is not recognised.
constexpr errc foreign_container(std::span<const std::byte> octets) noexcept {
  using namespace std::string_view_literals;
  const auto begins_with = [octets](std::string_view mark) {
    return octets.size() >= mark.size() &&
           std::equal(mark.begin(), mark.end(), octets.begin(), [](char wanted, std::byte octet) {
             return std::byte(static_cast<unsigned char>(wanted)) == octet;
           });
  };
  if (begins_with("{\0"sv) || begins_with("\0{"sv)) return errc::utf16_text;
  if (begins_with("{"sv)) return errc::ok;  // Nearly always.
  if (begins_with("PK\3\4"sv) || begins_with("PK\5\6"sv)) return errc::zip_container;
  // RFC 1950: deflate, a window of 32 KiB, a multiple of 31 as check, no preset dictionary.
  if (begins_with("x\x01"sv) || begins_with("x\x5e"sv) || begins_with("x\x9c"sv) ||
      begins_with("x\xda"sv))
    return errc::zlib_container;
  if (begins_with("BZh"sv)) return errc::bzip2_container;
  if (begins_with("\xfd\x37zXZ\0"sv)) return errc::xz_container;
  if (begins_with("\x28\xb5\x2f\xfd"sv)) return errc::zstd_container;
  // Byte order marks of UTF-16; that of UTF-32 in little-endian order begins with one.
  if (begins_with("\xff\xfe"sv) || begins_with("\xfe\xff"sv) || begins_with("\0\0\xfe\xff"sv))
    return errc::utf16_text;
  return errc::ok;
}

}  // namespace tlsrpt::detail

#endif
