/// @file
/// Decodes base64 32 octets at a time, where the processor can.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_BASE64_BLOCKS
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_BASE64_BLOCKS

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <tlsrpt/detail/text/words.hpp>

#if TLSRPT_HPP_HAS_WIDE_BLOCKS
namespace tlsrpt::detail {

/// How far base64 was decoded.
struct base64_progress {
  const char* in;
  char* out;
};

/// Decodes groups of four octets of the usual alphabet, and skips the ends of lines between them,
/// as far as 32 octets can be read and written, and what is written is not yet to be read.
///
/// By what an octet of the alphabet differs from its value depends on its upper four bits, and on
/// whether it is "/". Each bit in the two tables after that stands for some upper and some lower
/// four bits that no octet of the alphabet has together (W. Mula and D. Lemire, 2018). Tables are
/// looked up in each half of a register.
[[gnu::target("avx2")]] inline base64_progress decode_base64_blocks(const char* in,
                                                                    const char* in_end, char* out,
                                                                    const char* out_end) noexcept {
  // The types of the instructions. An intrinsic header would have to be included conditionally.
  using chars [[gnu::vector_size(32)]] = char;
  using shorts [[gnu::vector_size(32)]] = short;
  using ints [[gnu::vector_size(32)]] = int;
  using words [[gnu::vector_size(32)]] = std::uint32_t;
  constexpr wide_block difference = {0, 16, 19, 4, 191, 191, 185, 185, 0,   0,   0,   0,
                                     0, 0,  0,  0, 0,   16,  19,  4,   191, 191, 185, 185};
  constexpr wide_block by_upper = {0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
                                   0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08,
                                   0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10};
  constexpr wide_block by_lower = {0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
                                   0x1a, 0x1b, 0x1b, 0x1b, 0x1a, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11,
                                   0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a};
  constexpr wide_block in_order = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xff, 0xff, 0xff, 0xff,
                                   2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xff, 0xff, 0xff, 0xff};
  constexpr ints halves_joined = {0, 1, 2, 4, 5, 6, 3, 7};
  const words pairs = words{} + 0x01400140, quads = words{} + 0x00011000;
  constexpr std::ptrdiff_t block = sizeof(wide_block);
  const auto is_apart = [](const char* read, const char* written) noexcept {
    return reinterpret_cast<std::uintptr_t>(read) - reinterpret_cast<std::uintptr_t>(written) >=
           sizeof(wide_block);
  };
  while (in_end - in >= block && out_end - out >= block && is_apart(in, out)) {
    wide_block octets;
    std::memcpy(&octets, in, sizeof octets);
    // Of an index, a shuffle takes the lower four bits, but the highest one must not be set.
    const wide_block upper = wide_block(words(octets) >> 4) & 0x2f, lower = octets & 0x2f;
    const wide_block foreign = wide_block(__builtin_ia32_pshufb256(chars(by_upper), chars(upper))) &
                               wide_block(__builtin_ia32_pshufb256(chars(by_lower), chars(lower)));
    const wide_block index = upper + wide_block(octets == '/');
    const wide_block values =
        octets + wide_block(__builtin_ia32_pshufb256(chars(difference), chars(index)));
    const auto twelves = __builtin_ia32_pmaddubsw256(chars(values), chars(pairs));
    const auto groups = __builtin_ia32_pmaddwd256(shorts(twelves), shorts(quads));
    const auto halves = __builtin_ia32_pshufb256(chars(groups), chars(in_order));
    const auto decoded = __builtin_ia32_permvarsi256(ints(halves), halves_joined);
    std::memcpy(out, &decoded, sizeof decoded);
    const auto others =
        static_cast<std::uint32_t>(__builtin_ia32_pmovmskb256(chars(wide_block(foreign != 0))));
    if (others == 0) {
      in += block;
      out += block / 4 * 3;
      continue;
    }
    const auto before = static_cast<std::size_t>(std::countr_zero(others));
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
#endif

#endif
