/// @file
/// IPv4 and IPv6 addresses in every legal text form (RFC 8460, section 4.4; RFC 5952).

#ifndef TLSRPT_HPP_IP_ADDRESS
#define TLSRPT_HPP_IP_ADDRESS

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/error.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// An IPv4 or IPv6 address, compared by its octets, IPv4 before IPv6. IPv4-mapped IPv6 addresses
/// stay IPv6. For maps it has an order and a std::hash.
class ip_address {
 public:
  /// Reads the grammar of RFC 8460, section 4.4: dotted decimal without leading zeros, or
  /// IPv6address of RFC 3986. Nothing else is accepted; read_ip_address() is more tolerant. Linear.
  static constexpr std::optional<ip_address> parse(std::string_view text) noexcept;

  /// The IPv4 address of four octets in network order.
  static constexpr ip_address v4(std::array<std::uint8_t, 4> octets) noexcept;
  /// The IPv6 address of 16 octets in network order.
  static constexpr ip_address v6(std::array<std::uint8_t, 16> octets) noexcept;

  /// Whether it is an IPv4 address; else it is an IPv6 one.
  constexpr bool is_v4() const noexcept { return v4_; }
  /// 16 octets in network order; an IPv4 address is in the first four.
  constexpr const std::array<std::uint8_t, 16>& octets() const noexcept { return octets_; }

  // Ranges that no session over the Internet comes from.

  /// RFC 1918 and RFC 4193; of IPv4-mapped IPv6 addresses the IPv4 address counts.
  constexpr bool is_private() const noexcept;
  /// 127.0.0.0/8 and `::1`; of IPv4-mapped IPv6 addresses the IPv4 address counts.
  constexpr bool is_loopback() const noexcept;
  /// 169.254.0.0/16 and fe80::/10; of IPv4-mapped IPv6 addresses the IPv4 address counts.
  constexpr bool is_link_local() const noexcept;
  /// RFC 5737, RFC 3849, RFC 9637; of IPv4-mapped IPv6 addresses the IPv4 address counts.
  constexpr bool is_documentation() const noexcept;

  friend constexpr bool operator==(const ip_address&, const ip_address&) = default;
  /// An order for maps, which agrees with ==.
  friend constexpr std::strong_ordering operator<=>(const ip_address& a,
                                                    const ip_address& b) noexcept;

 private:
  /// Whether the first `bits` bits, 32 at most, are those of `network`.
  constexpr bool begins_with(std::uint32_t network, unsigned bits) const noexcept;
  /// The IPv4 address of an IPv4-mapped IPv6 address; else the address itself.
  constexpr ip_address unmapped() const noexcept;

  std::array<std::uint8_t, 16> octets_{};
  bool v4_ = false;
};

/// The text of an address; the longest has 39 octets.
using ip_text = short_text<39>;

/// The canonical form of an address: RFC 5952 for IPv6, dotted decimal for IPv4.
constexpr ip_text to_text(const ip_address& address) noexcept;

/// What a tolerant reader makes of a text: brackets, an "IPv6:" tag, a zone and whitespace around
/// an address are ignored (remark errc::ip_decorated); errc::unreadable_ip when there is no
/// address.
struct ip_reading {
  std::optional<ip_address> address;  ///< Nothing when there is none.
  errc remark = errc::ok;             ///< What is unusual about the text; errc::ok for nothing.
};

/// Reads an address, ignoring brackets, an "IPv6:" tag, a zone and surrounding whitespace. Linear
/// in the text.
constexpr ip_reading read_ip_address(std::string_view text) noexcept;

/// An address as the sender wrote it, read when asked for (RFC 8460, section 4.4).
struct ip_view {
  std::string_view text{};  ///< As written, untrusted; absent (no data) when the member was absent.

  /// The address by read_ip_address(); nothing when absent or unreadable. Reads the text each time.
  constexpr std::optional<ip_address> address() const noexcept {
    return read_ip_address(text).address;
  }
};

}  // namespace tlsrpt

/// For maps with addresses as keys.
template <>
struct std::hash<tlsrpt::ip_address> {
  /// Constant time.
  std::size_t operator()(const tlsrpt::ip_address& address) const noexcept;
};

#include <tlsrpt/impl/ip_address.hpp>

#endif
