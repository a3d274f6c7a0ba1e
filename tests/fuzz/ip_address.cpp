/// Fuzz target: IP addresses. The system's reader and writer must agree with ours.

#include <arpa/inet.h>

#include <string>

#include <tlsrpt/ip_address.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::ip_address;

std::string system_text(const ip_address& address) {
  char text[INET6_ADDRSTRLEN]{};
  inet_ntop(address.is_v4() ? AF_INET : AF_INET6, address.octets().data(), text, sizeof text);
  return text;
}

/// Printed and read back an address is the same; the canonical form is the shortest we know.
void check_address(const ip_address& address) {
  const std::string text(to_text(address));
  HOLDS(ip_address::parse(text) == address);
  HOLDS(to_text(*ip_address::parse(text)) == text);
  HOLDS(ip_address::parse(system_text(address)) == address);
  HOLDS(text.size() <= 39);
  HOLDS(text.find_first_not_of(address.is_v4() ? "0123456789." : "0123456789abcdef:.") ==
        std::string::npos);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();

  const auto address = ip_address::parse(text);
  if (text.find('\0') == std::string_view::npos) {
    std::array<std::uint8_t, 16> octets{};
    const std::string terminated(text);
    const bool v4 = inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1;
    const bool v6 = !v4 && inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1;
    HOLDS(address.has_value() == (v4 || v6));
    if (address) HOLDS(address->is_v4() == v4 && address->octets() == octets);
  } else {
    HOLDS(!address);
  }

  const tlsrpt::ip_reading read = tlsrpt::read_ip_address(text);
  HOLDS(tlsrpt::ip_view{text}.address() == read.address);
  if (address) HOLDS(read.address == address && read.remark == tlsrpt::errc::ok);
  if (!address && !text.empty())
    HOLDS(read.remark == (read.address ? tlsrpt::errc::ip_decorated : tlsrpt::errc::unreadable_ip));
  if (read.address) {
    check_address(*read.address);
    // Whatever an address wears, it reads the same.
    const std::string plain(to_text(*read.address));
    HOLDS(tlsrpt::read_ip_address("[" + plain + "]").address == read.address);
    HOLDS(tlsrpt::read_ip_address("\t" + plain + "\r\n").address == read.address);
    HOLDS(tlsrpt::read_ip_address("IPv6:" + plain).address == read.address);
    HOLDS(tlsrpt::read_ip_address(plain + "%eth0").address.has_value() != read.address->is_v4());
  }

  // The octets as addresses.
  if (size >= 4) {
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), data, 4);
    check_address(ip_address::v4(octets));
  }
  if (size >= 16) {
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), data, 16);
    check_address(ip_address::v6(octets));
  }
  return 0;
}
