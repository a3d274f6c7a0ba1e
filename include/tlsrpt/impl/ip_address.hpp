/// @file
/// Bodies of ip_address.hpp.

#ifndef TLSRPT_HPP_IMPL_IP_ADDRESS
#define TLSRPT_HPP_IMPL_IP_ADDRESS

#include <algorithm>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt {

namespace detail {

/// Reads dec-octet "." dec-octet "." dec-octet "." dec-octet, the whole text, to `octets`.
constexpr bool parse_ipv4(std::string_view text, std::uint8_t* octets) noexcept {
  if (text.size() < 7 || text.size() > 15) return false;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto digit = [end](const char* octet) {
    return octet < end ? static_cast<unsigned>(static_cast<unsigned char>(*octet)) - '0' : 10u;
  };
  for (int octet = 0; octet < 4; ++octet) {
    if (octet != 0 && (at == end || *at++ != '.')) return false;
    unsigned value = digit(at);
    if (value > 9) return false;
    ++at;
    // Zero is written alone.
    for (int more = 0; more < 2 && value != 0 && digit(at) <= 9; ++more)
      value = value * 10 + digit(at++);
    if (value > 255) return false;
    octets[octet] = static_cast<std::uint8_t>(value);
  }
  return at == end;
}

/// Whether the text is an IPv4 address, which has a single form.
constexpr bool is_ipv4(std::string_view text) noexcept {
  std::uint8_t octets[4]{};
  return parse_ipv4(text, octets);
}

/// Reads IPv6address of RFC 3986, the whole text, to 16 octets.
constexpr bool parse_ipv6(std::string_view text, std::array<std::uint8_t, 16>& octets) noexcept {
  std::size_t size = 0;  // octets read
  std::size_t gap = 0;   // octets before "::"
  bool has_gap = false;
  std::size_t at = 0;
  if (text.starts_with("::")) {
    has_gap = true;
    at = 2;
  }
  while (at < text.size()) {
    const std::size_t first = at;
    unsigned group = 0;
    for (; at < text.size() && at - first < 4 && hex_value(text[at]) >= 0; ++at)
      group = group << 4 | static_cast<unsigned>(hex_value(text[at]));
    if (at < text.size() && text[at] == '.') {
      // The last 32 bits as an IPv4 address.
      if (size > 12 || !parse_ipv4(text.substr(first), octets.data() + size)) return false;
      size += 4;
      break;
    }
    if (at == first || size == 16) return false;
    octets[size++] = static_cast<std::uint8_t>(group >> 8);
    octets[size++] = static_cast<std::uint8_t>(group & 0xff);
    if (at == text.size()) break;
    if (text[at++] != ':') return false;
    if (at == text.size()) return false;  // a single colon at the end
    if (text[at] == ':') {
      if (has_gap) return false;
      has_gap = true;
      gap = size;
      ++at;
    }
  }
  if (!has_gap) return size == 16;
  if (size > 14) return false;  // "::" replaces at least one group
  const std::size_t after = size - gap;
  for (std::size_t i = 1; i <= after; ++i) {
    octets[16 - i] = octets[size - i];
    octets[size - i] = 0;
  }
  return true;
}

/// Whether the text is a zone: letters, digits and "-._~%", so no prefix length and no list.
constexpr bool is_ip_zone(std::string_view text) noexcept {
  for (char c : text) {
    const char lower = lower_case(c);
    if (!(lower >= 'a' && lower <= 'z') && !is_digit(c) && c != '-' && c != '.' && c != '_' &&
        c != '~' && c != '%')
      return false;
  }
  return !text.empty();
}

/// Adds the four octets in dotted decimal.
constexpr void put_ipv4(ip_text& text, const std::uint8_t* octets) noexcept {
  for (int i = 0; i < 4; ++i) {
    if (i != 0) put(text, '.');
    put_number(text, octets[i]);
  }
}

/// Adds 16 bits in hexadecimal digits without leading zeros.
constexpr void put_group(ip_text& text, unsigned group) noexcept {
  bool begun = false;
  for (unsigned shift = 16; shift > 0;) {
    shift -= 4;
    const unsigned digit = group >> shift & 0xf;
    begun = begun || digit != 0 || shift == 0;
    if (begun) put(text, "0123456789abcdef"[digit]);
  }
}

}  // namespace detail

constexpr ip_address ip_address::v4(std::array<std::uint8_t, 4> octets) noexcept {
  ip_address address;
  address.v4_ = true;
  for (std::size_t i = 0; i < 4; ++i) address.octets_[i] = octets[i];
  return address;
}

constexpr ip_address ip_address::v6(std::array<std::uint8_t, 16> octets) noexcept {
  ip_address address;
  address.octets_ = octets;
  return address;
}

constexpr std::optional<ip_address> ip_address::parse(std::string_view text) noexcept {
  ip_address address;
  address.v4_ = detail::parse_ipv4(text, address.octets_.data());
  if (address.v4_) return address;
  address.octets_ = {};
  if (detail::parse_ipv6(text, address.octets_)) return address;
  return std::nullopt;
}

constexpr std::strong_ordering operator<=>(const ip_address& a, const ip_address& b) noexcept {
  if (a.v4_ != b.v4_) return a.v4_ ? std::strong_ordering::less : std::strong_ordering::greater;
  for (std::size_t i = 0; i < 16; ++i)
    if (a.octets_[i] != b.octets_[i]) return a.octets_[i] <=> b.octets_[i];
  return std::strong_ordering::equal;
}

constexpr bool ip_address::begins_with(std::uint32_t network, unsigned bits) const noexcept {
  std::uint32_t leading = 0;
  for (std::size_t i = 0; i < 4; ++i) leading = leading << 8 | octets_[i];
  return (leading ^ network) >> (32 - bits) == 0;
}

constexpr ip_address ip_address::unmapped() const noexcept {
  for (std::size_t i = 0; i < 12; ++i)
    if (octets_[i] != (i < 10 ? 0 : 0xff)) return *this;
  return v4_ ? *this : v4({octets_[12], octets_[13], octets_[14], octets_[15]});
}

constexpr bool ip_address::is_private() const noexcept {
  const ip_address a = unmapped();
  if (!a.v4_) return a.begins_with(0xfc000000, 7);
  return a.begins_with(0x0a000000, 8) || a.begins_with(0xac100000, 12) ||
         a.begins_with(0xc0a80000, 16);
}

constexpr bool ip_address::is_loopback() const noexcept {
  const ip_address a = unmapped();
  if (a.v4_) return a.begins_with(0x7f000000, 8);
  for (std::size_t i = 0; i < 15; ++i)
    if (a.octets_[i] != 0) return false;
  return a.octets_[15] == 1;
}

constexpr bool ip_address::is_link_local() const noexcept {
  const ip_address a = unmapped();
  return a.v4_ ? a.begins_with(0xa9fe0000, 16) : a.begins_with(0xfe800000, 10);
}

constexpr bool ip_address::is_documentation() const noexcept {
  const ip_address a = unmapped();
  if (!a.v4_) return a.begins_with(0x20010db8, 32) || a.begins_with(0x3fff0000, 20);
  return a.begins_with(0xc0000200, 24) || a.begins_with(0xc6336400, 24) ||
         a.begins_with(0xcb007100, 24);
}

constexpr ip_text to_text(const ip_address& address) noexcept {
  ip_text text;
  const std::array<std::uint8_t, 16>& octets = address.octets();
  if (address.is_v4()) {
    detail::put_ipv4(text, octets.data());
    return text;
  }
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<unsigned>(octets[2 * i]) << 8 | octets[2 * i + 1];
  // The longest run of zero groups, the first of equals; a single group is not a run.
  std::size_t run_first = 8, run_size = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > run_size) {
      run_first = i;
      run_size = end - i;
    }
    i = end + 1;
  }
  const bool is_v4_mapped = run_first == 0 && run_size == 5 && groups[5] == 0xffff;
  const std::size_t end = is_v4_mapped ? 6 : 8;
  for (std::size_t i = 0; i < end; ++i) {
    if (i == run_first) {
      text.append("::");
      i += run_size - 1;
      continue;
    }
    if (i != 0 && i != run_first + run_size) text.append(":");
    detail::put_group(text, groups[i]);
  }
  if (is_v4_mapped) {
    text.append(":");
    detail::put_ipv4(text, octets.data() + 12);
  }
  return text;
}

constexpr ip_reading read_ip_address(std::string_view text) noexcept {
  if (text.empty()) return {};
  if (auto address = ip_address::parse(text)) return {address, errc::ok};
  const auto strip = [&text] {
    constexpr std::string_view tag = "IPv6:";
    text = detail::trim(text, detail::whitespace_octet);
    if (detail::starts_with_folded(text, tag)) text.remove_prefix(tag.size());
  };
  strip();
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    strip();
  }
  const std::size_t zone = text.find('%');
  const bool has_zone = zone != std::string_view::npos && detail::is_ip_zone(text.substr(zone + 1));
  if (has_zone) text = text.substr(0, zone);
  const auto address = ip_address::parse(text);
  if (!address || (has_zone && address->is_v4())) return {std::nullopt, errc::unreadable_ip};
  return {address, errc::ip_decorated};
}

}  // namespace tlsrpt

inline std::size_t std::hash<tlsrpt::ip_address>::operator()(
    const tlsrpt::ip_address& address) const noexcept {
  char octets[17]{};
  std::copy_n(address.octets().data(), 16, octets);
  octets[16] = address.is_v4() ? '4' : '6';
  return std::hash<std::string_view>{}({octets, sizeof octets});
}

#endif
