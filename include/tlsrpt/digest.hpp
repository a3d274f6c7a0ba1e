/// @file
/// What identifies a report; digest_of() in canonical.hpp makes it.

#ifndef TLSRPT_HPP_DIGEST
#define TLSRPT_HPP_DIGEST

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// The text of a digest.
using digest_text = short_text<32>;

/// Identifies a report by its values. Nobody can make two reports with the same digest. For maps it
/// has an order and a std::hash.
class digest {
 public:
  /// All octets are 0, which no report is known to have.
  constexpr digest() noexcept = default;
  /// The digest of 16 octets that were stored.
  explicit constexpr digest(const std::array<std::uint8_t, 16>& octets) noexcept
      : octets_(octets) {}

  /// Reads what to_text() writes: 32 hexadecimal digits in lower case, nothing else.
  static constexpr std::optional<digest> parse(std::string_view text) noexcept;

  /// The octets, to be stored.
  constexpr const std::array<std::uint8_t, 16>& octets() const noexcept { return octets_; }

  friend constexpr bool operator==(const digest&, const digest&) = default;
  /// By the octets, first to last.
  friend constexpr std::strong_ordering operator<=>(const digest& a, const digest& b) noexcept;

 private:
  std::array<std::uint8_t, 16> octets_{};
};

/// 32 hexadecimal digits in lower case.
constexpr digest_text to_text(const digest& digest) noexcept;

}  // namespace tlsrpt

/// For maps with digests as keys.
template <>
struct std::hash<tlsrpt::digest> {
  /// Constant time.
  std::size_t operator()(const tlsrpt::digest& digest) const noexcept;
};

#include <tlsrpt/impl/digest.hpp>

#endif
