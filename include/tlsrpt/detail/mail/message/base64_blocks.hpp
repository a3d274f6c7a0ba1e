/// @file
/// Decodes base64 16 octets at a time, where the processor can.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_BASE64_BLOCKS
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_BASE64_BLOCKS

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <tlsrpt/detail/text/words.hpp>

// Nearly all x86-64 processors in use have SSSE3, but programs are compiled for older ones, too.
#if TLSRPT_HPP_HAS_OCTET_BLOCKS && defined(__x86_64__) && !defined(_WIN32)
#define TLSRPT_HPP_HAS_BASE64_BLOCKS 1

namespace tlsrpt::detail {

/// How far base64 was decoded.
struct base64_progress {
  const char* in;
  char* out;
};

inline bool has_base64_blocks() noexcept {
#if defined(__SSSE3__)
  return true;
#else
  return __builtin_cpu_supports("ssse3") != 0;
#endif
}

/// Decodes groups of four octets of the usual alphabet, and skips the ends of lines between them,
/// as far as 16 octets can be read and written. What was read may be overwritten.
///
/// By what an octet of the alphabet differs from its value depends on its upper four bits, and on
/// whether it is "/". Each bit in the two tables after that stands for some upper and some lower
/// four bits that no octet of the alphabet has together (W. Mula and D. Lemire, 2018).
[[gnu::target("ssse3")]] inline base64_progress decode_base64_blocks(const char* in,
                                                                     const char* in_end, char* out,
                                                                     const char* out_end) noexcept {
  // The types of the instructions. An intrinsic header would have to be included conditionally.
  using chars [[gnu::vector_size(16)]] = char;
  using shorts [[gnu::vector_size(16)]] = short;
  using words [[gnu::vector_size(16)]] = std::uint32_t;
  constexpr octet_block difference = {0, 16, 19, 4, 191, 191, 185, 185};
  constexpr octet_block by_upper = {0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
                                    0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10};
  constexpr octet_block by_lower = {0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                    0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a};
  constexpr octet_block in_order = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xff, 0xff, 0xff, 0xff};
  constexpr words pairs = {0x01400140, 0x01400140, 0x01400140, 0x01400140};
  constexpr words quads = {0x00011000, 0x00011000, 0x00011000, 0x00011000};
  constexpr std::ptrdiff_t block = sizeof(octet_block);
  while (in_end - in >= block && out_end - out >= block) {
    const octet_block octets = load_block(in);
    // Of an index, a shuffle takes the lower four bits, but the highest one must not be set.
    const octet_block upper = octet_block(words(octets) >> 4) & 0x2f, lower = octets & 0x2f;
    const octet_block foreign =
        octet_block(__builtin_ia32_pshufb128(chars(by_upper), chars(upper))) &
        octet_block(__builtin_ia32_pshufb128(chars(by_lower), chars(lower)));
    const octet_block index = upper + octet_block(octets == '/');
    const octet_block values =
        octets + octet_block(__builtin_ia32_pshufb128(chars(difference), chars(index)));
    const auto twelves = __builtin_ia32_pmaddubsw128(chars(values), chars(pairs));
    const auto groups = __builtin_ia32_pmaddwd128(shorts(twelves), shorts(quads));
    const auto decoded = __builtin_ia32_pshufb128(chars(groups), chars(in_order));
    const std::uint32_t others = bits_of(octet_block(foreign != 0));
    if (others == 0) {
      std::memcpy(out, &decoded, sizeof decoded);
      in += block;
      out += block / 4 * 3;
      continue;
    }
    const auto before = static_cast<std::size_t>(std::countr_zero(others));
    // No octet that was not read may be overwritten.
    std::memcpy(out, &decoded, before / 4 * 3);
    in += before / 4 * 4;
    out += before / 4 * 3;
    if (before % 4 != 0) break;
    if (*in == '\r') ++in;  // At least three octets follow.
    if (*in != '\n') break;
    ++in;
  }
  return {in, out};
}

}  // namespace tlsrpt::detail
#else
#define TLSRPT_HPP_HAS_BASE64_BLOCKS 0
#endif

#endif
