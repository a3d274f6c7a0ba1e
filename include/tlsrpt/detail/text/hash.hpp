/// @file
/// FNV-1a, the hash of this library. Not for security: whoever chooses a text can choose its hash.

#ifndef TLSRPT_HPP_DETAIL_TEXT_HASH
#define TLSRPT_HPP_DETAIL_TEXT_HASH

#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>

namespace tlsrpt::detail {

/// A number whose bits all depend on all bits of `bits`; different ones stay different.
constexpr std::uint64_t mixed_bits(std::uint64_t bits) noexcept {
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
  return bits ^ bits >> 31;
}

/// FNV-1a with 64 bits: the same on every platform. Text can be written to it as to an output.
class fnv1a {
 public:
  constexpr void append(std::string_view text) noexcept {
    for (char c : text) step(static_cast<std::uint8_t>(c));
  }

  /// Adds the octets of a number, the lowest first.
  template <std::unsigned_integral Number>
  constexpr void add(Number number) noexcept {
    for (int shift = 0; shift < std::numeric_limits<Number>::digits; shift += 8)
      step(static_cast<std::uint8_t>(number >> shift));
  }

  constexpr std::uint64_t value() const noexcept { return hash_; }

  /// The value, mixed so that all its bits depend on all octets.
  constexpr std::uint64_t mixed() const noexcept { return mixed_bits(hash_); }

  /// The value, folded to 32 bits.
  constexpr std::uint32_t folded() const noexcept {
    return static_cast<std::uint32_t>(hash_ ^ hash_ >> 32);
  }

 private:
  constexpr void step(std::uint8_t octet) noexcept {
    hash_ = (hash_ ^ octet) * 0x00000100000001b3u;
  }

  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

}  // namespace tlsrpt::detail

#endif
