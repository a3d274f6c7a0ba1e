/// @file
/// SHA-256 (FIPS 180-4), in constant expressions too. Uses the instructions that x86 processors
/// have for it where there are any, whatever the compiler was told of the processor.

#ifndef TLSRPT_HPP_DETAIL_TEXT_SHA256
#define TLSRPT_HPP_DETAIL_TEXT_SHA256

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace tlsrpt::detail {

inline constexpr std::array<std::uint32_t, 64> sha256_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using sha256_state = std::array<std::uint32_t, 8>;
inline constexpr std::size_t sha256_block_size = 64;

/// One round, after which `h` is the new `a`, and `d` the new `e`.
constexpr void sha256_round(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                            std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                            std::uint32_t word) noexcept {
  h += (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) + word;
  d += h;
  h += (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
}

/// Mixes one block into the state, on any processor.
constexpr void mix_sha256_block(sha256_state& state, const char* block) noexcept {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t i = 0; i < 16; ++i) {
    const auto octet = [block, i](std::size_t at) {
      return std::uint32_t{static_cast<std::uint8_t>(block[4 * i + at])};
    };
    words[i] = octet(0) << 24 | octet(1) << 16 | octet(2) << 8 | octet(3);
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = words[i - 15], b = words[i - 2];
    words[i] = words[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + words[i - 7] +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  // Eight rounds at a time: after them each variable has its own value again, so none is moved.
  for (std::size_t i = 0; i < 64; i += 8) {
    const auto word = [&words, i](std::size_t at) {
      return sha256_constants[i + at] + words[i + at];
    };
    sha256_round(a, b, c, d, e, f, g, h, word(0));
    sha256_round(h, a, b, c, d, e, f, g, word(1));
    sha256_round(g, h, a, b, c, d, e, f, word(2));
    sha256_round(f, g, h, a, b, c, d, e, word(3));
    sha256_round(e, f, g, h, a, b, c, d, word(4));
    sha256_round(d, e, f, g, h, a, b, c, word(5));
    sha256_round(c, d, e, f, g, h, a, b, word(6));
    sha256_round(b, c, d, e, f, g, h, a, word(7));
  }
  const sha256_state mixed = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += mixed[i];
}

// The built-in functions of Clang and of GCC since 12 rather than <immintrin.h>, which takes longer
// to compile than the headers that need a hash.
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__)) && defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS 1
#endif
#endif
#ifndef TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS
#define TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS 0
#endif

#if TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS

/// Whether this processor has instructions for SHA-256.
inline bool has_sha256_instructions() noexcept {
  static const bool has_them = [] {
    if (!__builtin_cpu_supports("sse4.1")) return false;
    // Compilers have no name for it that all of them know.
    std::uint32_t a = 0, b, c, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
    if (a < 7) return false;
    a = 7;
    c = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b >> 29 & 1) != 0;
  }();
  return has_them;
}

/// Mixes blocks into the state, on a processor that has_sha256_instructions().
[[gnu::target("sha,sse4.1")]] inline void mix_sha256_blocks_by_instructions(
    sha256_state& state, const char* blocks, std::size_t count) noexcept {
  using octets [[gnu::vector_size(16)]] = char;
  using words [[gnu::vector_size(16)]] = std::uint32_t;
  using ints [[gnu::vector_size(16)]] = int;  // what the built-in functions take
  const auto [a, b, c, d, e, f, g, h] = state;
  words abef = {f, e, b, a}, cdgh = {h, g, d, c};
  for (; count != 0; --count, blocks += sha256_block_size) {
    const words abef_before = abef, cdgh_before = cdgh;
    words last[4];  // the last 16 words
    for (std::size_t i = 0; i < 16; ++i) {
      words& next = last[i % 4];
      if (i < 4) {
        octets read;
        std::memcpy(&read, blocks + sizeof read * i, sizeof read);
        next = words(__builtin_shufflevector(read, read, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15,
                                             14, 13, 12));
      } else {
        const words &w1 = last[(i + 1) % 4], &w2 = last[(i + 2) % 4], &w3 = last[(i + 3) % 4];
        next = words(__builtin_ia32_sha256msg1(ints(next), ints(w1)));
        next += __builtin_shufflevector(w2, w3, 1, 2, 3, 4);
        next = words(__builtin_ia32_sha256msg2(ints(next), ints(w3)));
      }
      words sum;
      std::memcpy(&sum, sha256_constants.data() + 4 * i, sizeof sum);
      sum += next;
      cdgh = words(__builtin_ia32_sha256rnds2(ints(cdgh), ints(abef), ints(sum)));
      sum = __builtin_shufflevector(sum, sum, 2, 3, 0, 1);
      abef = words(__builtin_ia32_sha256rnds2(ints(abef), ints(cdgh), ints(sum)));
    }
    abef += abef_before;
    cdgh += cdgh_before;
  }
  state = {abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]};
}
#endif

/// Hashes a text that comes in pieces; an output for text.
class sha256 {
 public:
  constexpr sha256() noexcept {
#if TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS
    if (!std::is_constant_evaluated()) uses_instructions_ = has_sha256_instructions();
#endif
  }

  /// Without instructions for SHA-256, as on any processor.
  static constexpr sha256 portable() noexcept {
    sha256 hash;
    hash.uses_instructions_ = false;
    return hash;
  }

  constexpr void append(std::string_view text) noexcept {
    size_ += text.size();
    const std::size_t room = sizeof block_ - filled_;
    if (text.size() < room) return keep(text);
    if (filled_ != 0) {
      keep(text.substr(0, room));
      text.remove_prefix(room);
      mix(block_, 1);
    }
    const std::size_t blocks = text.size() / sizeof block_;
    mix(text.data(), blocks);
    filled_ = 0;
    keep(text.substr(blocks * sizeof block_));
  }

  /// The hash of all that was appended. Ends the use of this object.
  constexpr std::array<std::uint8_t, 32> finish() noexcept {
    const std::uint64_t bits = size_ * 8;
    append(std::string_view("\x80", 1));
    constexpr std::size_t place_of_size = sizeof block_ - 8;
    if (filled_ > place_of_size) {
      std::fill(block_ + filled_, block_ + sizeof block_, '\0');
      mix(block_, 1);
      filled_ = 0;
    }
    std::fill(block_ + filled_, block_ + place_of_size, '\0');
    for (std::size_t i = 0; i < 8; ++i)
      block_[place_of_size + i] = static_cast<char>(bits >> (56 - 8 * i) & 0xff);
    mix(block_, 1);
    std::array<std::uint8_t, 32> hash{};
    for (std::size_t i = 0; i < hash.size(); ++i)
      hash[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - i % 4 * 8));
    return hash;
  }

 private:
  constexpr void keep(std::string_view text) noexcept {
    std::copy_n(text.data(), text.size(), block_ + filled_);
    filled_ += text.size();
  }
  constexpr void mix(const char* blocks, std::size_t count) noexcept {
#if TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS
    if (uses_instructions_) return mix_sha256_blocks_by_instructions(state_, blocks, count);
#endif
    for (; count != 0; --count, blocks += sizeof block_) mix_sha256_block(state_, blocks);
  }

  sha256_state state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  char block_[sha256_block_size]{};
  std::size_t filled_ = 0;
  std::uint64_t size_ = 0;
  bool uses_instructions_ = false;
};

}  // namespace tlsrpt::detail

#endif
