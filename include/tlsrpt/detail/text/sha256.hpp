/// @file
/// SHA-256 (FIPS 180-4), in constant expressions too.

#ifndef TLSRPT_HPP_DETAIL_TEXT_SHA256
#define TLSRPT_HPP_DETAIL_TEXT_SHA256

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

/// Hashes a text that comes in pieces; an output for text.
class sha256 {
 public:
  constexpr void append(std::string_view text) noexcept {
    size_ += text.size();
    while (!text.empty()) {
      const std::size_t taken = std::min(text.size(), sizeof block_ - filled_);
      std::copy_n(text.data(), taken, block_ + filled_);
      text.remove_prefix(taken);
      filled_ += taken;
      if (filled_ == sizeof block_) mix_block();
    }
  }

  /// The hash of all that was appended. Ends the use of this object.
  constexpr std::array<std::uint8_t, 32> finish() noexcept {
    const std::uint64_t bits = size_ * 8;
    append(std::string_view("\x80", 1));
    constexpr std::size_t place_of_size = sizeof block_ - 8;
    if (filled_ > place_of_size) {
      std::fill(block_ + filled_, block_ + sizeof block_, '\0');
      mix_block();
    }
    std::fill(block_ + filled_, block_ + place_of_size, '\0');
    for (std::size_t i = 0; i < 8; ++i)
      block_[place_of_size + i] = static_cast<char>(bits >> (56 - 8 * i) & 0xff);
    mix_block();
    std::array<std::uint8_t, 32> hash{};
    for (std::size_t i = 0; i < hash.size(); ++i)
      hash[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - i % 4 * 8));
    return hash;
  }

 private:
  constexpr void mix_block() noexcept {
    std::array<std::uint32_t, 64> words{};
    for (std::size_t i = 0; i < 16; ++i) {
      const auto octet = [this, i](std::size_t at) {
        return std::uint32_t{static_cast<std::uint8_t>(block_[4 * i + at])};
      };
      words[i] = octet(0) << 24 | octet(1) << 16 | octet(2) << 8 | octet(3);
    }
    for (std::size_t i = 16; i < 64; ++i) {
      const std::uint32_t a = words[i - 15], b = words[i - 2];
      words[i] = words[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + words[i - 7] +
                 (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    // Eight rounds at a time: after them each variable has its own value again, so none is moved.
    for (std::size_t i = 0; i < 64; i += 8) {
      const auto word = [&words, i](std::size_t at) {
        return sha256_constants[i + at] + words[i + at];
      };
      mix(a, b, c, d, e, f, g, h, word(0));
      mix(h, a, b, c, d, e, f, g, word(1));
      mix(g, h, a, b, c, d, e, f, word(2));
      mix(f, g, h, a, b, c, d, e, word(3));
      mix(e, f, g, h, a, b, c, d, word(4));
      mix(d, e, f, g, h, a, b, c, word(5));
      mix(c, d, e, f, g, h, a, b, word(6));
      mix(b, c, d, e, f, g, h, a, word(7));
    }
    const std::array<std::uint32_t, 8> mixed = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state_[i] += mixed[i];
    filled_ = 0;
  }

  /// One round, after which `h` is the new `a`, and `d` the new `e`.
  static constexpr void mix(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                            std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                            std::uint32_t word) noexcept {
    h += (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (g ^ (e & (f ^ g))) + word;
    d += h;
    h += (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
  }

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  char block_[64]{};
  std::size_t filled_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace tlsrpt::detail

#endif
