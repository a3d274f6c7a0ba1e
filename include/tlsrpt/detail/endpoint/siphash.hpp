/// @file
/// SipHash-2-4, a keyed hash whose values nobody foresees who does not know the key.

#ifndef TLSRPT_HPP_DETAIL_ENDPOINT_SIPHASH
#define TLSRPT_HPP_DETAIL_ENDPOINT_SIPHASH

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tlsrpt::detail {

/// Hashes a text that comes in pieces.
class siphash {
 public:
  explicit constexpr siphash(const std::array<std::uint8_t, 16>& key) noexcept {
    std::uint64_t halves[2]{};
    for (std::size_t i = 0; i < 16; ++i) halves[i / 8] |= std::uint64_t{key[i]} << i % 8 * 8;
    for (std::size_t i = 0; i < 4; ++i) state_[i] ^= halves[i % 2];
  }

  constexpr void append(std::string_view text) noexcept {
    for (char c : text) {
      word_ |= std::uint64_t{static_cast<std::uint8_t>(c)} << size_ % 8 * 8;
      if (++size_ % 8 == 0) take_word();
    }
  }

  /// The hash of all that was appended. Ends the use of this object.
  constexpr std::uint64_t finish() noexcept {
    word_ |= size_ << 56;
    take_word();
    state_[2] ^= 0xff;
    for (int i = 0; i < 4; ++i) mix();
    return state_[0] ^ state_[1] ^ state_[2] ^ state_[3];
  }

 private:
  constexpr void take_word() noexcept {
    state_[3] ^= word_;
    mix();
    mix();
    state_[0] ^= word_;
    word_ = 0;
  }

  constexpr void mix() noexcept {
    auto& [a, b, c, d] = state_;
    a += b;
    c += d;
    b = std::rotl(b, 13) ^ a;
    d = std::rotl(d, 16) ^ c;
    a = std::rotl(a, 32);
    c += b;
    a += d;
    b = std::rotl(b, 17) ^ c;
    d = std::rotl(d, 21) ^ a;
    c = std::rotl(c, 32);
  }

  std::array<std::uint64_t, 4> state_ = {0x736f6d6570736575u, 0x646f72616e646f6du,
                                         0x6c7967656e657261u, 0x7465646279746573u};
  std::uint64_t word_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace tlsrpt::detail

#endif
