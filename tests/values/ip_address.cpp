#include <tlsrpt/ip_address.hpp>

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

using tlsrpt::errc;
using tlsrpt::ip_address;

static_assert(ip_address::parse("192.0.2.1") == ip_address::v4({192, 0, 2, 1}));
static_assert(ip_address::parse("::1")->octets()[15] == 1);
static_assert(to_text(*ip_address::parse("2001:DB8::12")) == "2001:db8::12");
static_assert(!ip_address::parse("192.0.2.01"));
static_assert(tlsrpt::read_ip_address("[IPv6:::1]").remark == errc::ip_decorated);
static_assert(!tlsrpt::ip_view{}.address());

std::string canonical(std::string_view text) {
  const auto address = ip_address::parse(text);
  return address ? std::string(to_text(*address)) : "refused";
}

/// What the C library makes of a text. It takes no leading zeros in IPv4 either.
std::optional<ip_address> libc_parse(const std::string& text) {
  std::array<std::uint8_t, 4> v4;
  std::array<std::uint8_t, 16> v6;
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return ip_address::v4(v4);
  if (inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return ip_address::v6(v6);
  return std::nullopt;
}

std::string libc_text(const std::array<std::uint8_t, 16>& octets) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, octets.data(), text, sizeof text);
}

}  // namespace

TEST_CASE("B-48: IPv4 is dotted decimal without leading zeros") {
  for (const char* text : {"0.0.0.0", "255.255.255.255", "192.0.2.1", "10.20.30.40"})
    CHECK(canonical(text) == text);
  for (const char* text :
       {"",          "1",        "1.2.3",           "1.2.3.4.5",  "256.1.1.1", "1.2.3.999",
        "01.2.3.4",  "1.2.3.04", "192.000.002.001", "1..2.3",     ".1.2.3",    "1.2.3.",
        "1.2.3.4 ",  " 1.2.3.4", "1.2.3.4/24",      "1.2.3.4:25", "1.2.3.x",   "0x1.2.3.4",
        "1.2.3.4\n", "+1.2.3.4", "1111.2.3.4"})
    CHECK(canonical(text) == "refused");
}

TEST_CASE("B-49, B-51: every alternative of IPv6address") {
  // All numbers of groups before and after "::", with and without an IPv4 tail.
  for (int before = 0; before <= 8; ++before)
    for (int after = 0; after <= 8; ++after)
      for (bool tail : {false, true}) {
        std::string text;
        for (int i = 0; i < before; ++i) text += (i ? ":" : "") + std::to_string(i + 1);
        text += "::";
        for (int i = 0; i < after; ++i) text += (i ? ":" : "") + std::string("ab") + char('0' + i);
        if (tail) text += after != 0 ? ":192.0.2.1" : "192.0.2.1";
        CAPTURE(text);
        const int groups = before + after + (tail ? 2 : 0);
        CHECK(ip_address::parse(text).has_value() == (groups <= 7));
        CHECK((ip_address::parse(text) == libc_parse(text)));
      }
  CHECK(canonical("1:2:3:4:5:6:7:8") == "1:2:3:4:5:6:7:8");
  CHECK(canonical("1:2:3:4:5:6:1.2.3.4") == "1:2:3:4:5:6:102:304");
  for (const char* text : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::",
                           "g::", "1:", ":1", "1:2:3:4:5:6:7:", "[::1]", "::1%eth0", "::1/64",
                           "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:5", "::01.2.3.4"})
    CHECK(canonical(text) == "refused");
}

TEST_CASE("B-50, RFC 5952: the canonical form") {
  CHECK(canonical("2001:DB8:ABCD:0012::1") == "2001:db8:abcd:12::1");
  CHECK(canonical("0:0:0:0:0:0:0:0") == "::");
  CHECK(canonical("0:0:0:0:0:0:0:1") == "::1");
  CHECK(canonical("1:0:0:0:0:0:0:0") == "1::");
  CHECK(canonical("2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");  // one group is not cut
  CHECK(canonical("2001:0:0:1:0:0:0:1") == "2001:0:0:1::1");           // the longest run
  CHECK(canonical("2001:db8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");     // the first of equals
  CHECK(canonical("1:2:3:4:5:6::8") == "1:2:3:4:5:6:0:8");
  CHECK(canonical("::ffff:192.0.2.1") == "::ffff:192.0.2.1");
  CHECK(canonical("0:0:0:0:0:FFFF:C000:201") == "::ffff:192.0.2.1");
}

TEST_CASE("random addresses: text and back, and as the C library writes them") {
  std::mt19937 random(5952);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::uint8_t, 16> octets{};
    for (std::size_t i = 0; i < 16; i += 2)
      if (random() % 2 != 0) {
        octets[i] = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
        octets[i + 1] = static_cast<std::uint8_t>(random());
      }
    const ip_address address = ip_address::v6(octets);
    const std::string text(to_text(address));
    CAPTURE(text);
    REQUIRE(ip_address::parse(text) == address);
    REQUIRE(ip_address::parse(libc_text(octets)) == address);
    // The C library writes ::1.2.3.4 for the deprecated IPv4-compatible addresses.
    if (libc_text(octets).find('.') == std::string::npos) REQUIRE(text == libc_text(octets));
  }
}

TEST_CASE("every change of one octet is judged as the C library judges it") {
  for (const std::string seed : {"192.0.2.1", "255.255.255.255", "2001:db8::25", "::", "::1",
                                 "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4"})
    for (std::size_t at = 0; at < seed.size(); ++at)
      for (int octet = 0; octet < 256; ++octet) {
        std::string text = seed;
        text[at] = static_cast<char>(octet);
        if (ip_address::parse(text) != libc_parse(text)) FAIL_CHECK(text);
      }
}

TEST_CASE("changed texts are judged as the C library judges them") {
  std::mt19937 random(8460);
  const std::string octets = "0123456789abcdefABCDEFg:.:.:%[]/ -";
  for (const std::string seed :
       {"192.0.2.1", "2001:db8::25", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "::", "fe80::1:2:3"})
    for (int round = 0; round < 20'000; ++round) {
      std::string text = seed;
      for (auto changes = 1 + random() % 3; changes > 0; --changes) {
        const std::size_t at = random() % (text.size() + 1);
        if (random() % 2 == 0)
          text.insert(at, 1, octets[random() % octets.size()]);
        else
          text.erase(at, 1);
      }
      if (ip_address::parse(text) != libc_parse(text)) FAIL_CHECK(text);
    }
}

TEST_CASE("B-52, Q65, Q66: decorations are ignored, anything else is no address") {
  struct {
    std::string_view text;
    std::string_view canonical;
    errc remark;
  } const cases[] = {
      {"192.0.2.1", "192.0.2.1", errc::ok},
      {"[192.0.2.1]", "192.0.2.1", errc::ip_decorated},
      {"[2001:db8::1]", "2001:db8::1", errc::ip_decorated},
      {"[IPv6:2001:db8::1]", "2001:db8::1", errc::ip_decorated},
      {"ipv6:[2001:db8::1]", "2001:db8::1", errc::ip_decorated},
      {"IPV6:2001:db8::1", "2001:db8::1", errc::ip_decorated},
      {"fe80::1%eth0", "fe80::1", errc::ip_decorated},
      {" 192.0.2.1\t", "192.0.2.1", errc::ip_decorated},
      {"[fe80::1%25eth0.1]", "fe80::1", errc::ip_decorated},
      {"fe80::1%", "", errc::unreadable_ip},
      {"fe80::1%eth0/64", "", errc::unreadable_ip},
      {"fe80::1%eth0, fe80::2", "", errc::unreadable_ip},
      {"fe80::1%eth0,fe80::2%eth0", "", errc::unreadable_ip},
      {"2001:db8::/32", "", errc::unreadable_ip},
      {"[2001:db8::1]:25", "", errc::unreadable_ip},
      {"192.000.002.001", "", errc::unreadable_ip},
      {"192.0.2.1%eth0", "", errc::unreadable_ip},
      {"192.0.2.0/24", "", errc::unreadable_ip},
      {"192.0.2.1:25", "", errc::unreadable_ip},
      {"192.0.2.1, 192.0.2.2", "", errc::unreadable_ip},
      {"192.0.2.x", "", errc::unreadable_ip},
      {"mx.example.com", "", errc::unreadable_ip},
      {"unknown", "", errc::unreadable_ip},
      {" ", "", errc::unreadable_ip},
      {"[]", "", errc::unreadable_ip},
      {"[", "", errc::unreadable_ip},
      {"", "", errc::ok},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto reading = tlsrpt::read_ip_address(c.text);
    CHECK(name(reading.remark) == name(c.remark));
    CHECK((reading.address ? std::string(to_text(*reading.address)) : "") == c.canonical);
  }
}

TEST_CASE("B-121: ranges that no session over the Internet comes from, to their edges") {
  struct row {
    const char* network;
    std::vector<const char*> inside, outside;
    bool (ip_address::*is_in)() const noexcept;
  };
  const row rows[] = {
      {"private",
       {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:10.1.2.3"},
       {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
        "192.169.0.0", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::", "a00::", "::10.1.2.3"},
       &ip_address::is_private},
      {"loopback",
       {"127.0.0.0", "127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"},
       {"126.255.255.255", "128.0.0.0", "::", "::2", "1::1", "::ffff:128.0.0.1", "7f00::1"},
       &ip_address::is_loopback},
      {"link-local",
       {"169.254.0.0", "169.254.255.255", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::ffff:169.254.1.1"},
       {"169.253.255.255", "169.255.0.0", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::"},
       &ip_address::is_link_local},
      {"documentation",
       {"192.0.2.0", "192.0.2.255", "198.51.100.0", "198.51.100.255", "203.0.113.0",
        "203.0.113.255", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:192.0.2.1"},
       {"192.0.1.255", "192.0.3.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", "3fff:1000::",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::fffe:192.0.2.1", "c000:200::"},
       &ip_address::is_documentation},
  };
  for (const row& r : rows) {
    CAPTURE(r.network);
    for (const char* text : r.inside) {
      CAPTURE(text);
      CHECK((ip_address::parse(text).value().*r.is_in)());
      for (const row& other : rows)
        if (&other != &r) CHECK_FALSE((ip_address::parse(text).value().*other.is_in)());
    }
    for (const char* text : r.outside) {
      CAPTURE(text);
      CHECK_FALSE((ip_address::parse(text).value().*r.is_in)());
    }
  }
  static_assert(ip_address::parse("10.0.0.1")->is_private());
  static_assert(ip_address::parse("::1")->is_loopback());
  static_assert(ip_address::parse("fe80::1")->is_link_local());
  static_assert(ip_address::parse("2001:db8::1")->is_documentation());
}

TEST_CASE("addresses are keys of maps: IPv4 before IPv6, by their octets") {
  const std::vector<ip_address> sorted = {ip_address::v4({0, 0, 0, 0}),
                                          ip_address::v4({9, 255, 0, 0}),
                                          ip_address::v4({192, 0, 2, 1}),
                                          ip_address::v4({192, 0, 2, 2}),
                                          *ip_address::parse("::"),
                                          *ip_address::parse("::1"),
                                          *ip_address::parse("::ffff:192.0.2.1"),
                                          *ip_address::parse("2001:db8::1"),
                                          *ip_address::parse("2001:db8::1:0"),
                                          *ip_address::parse("ff02::1")};
  for (std::size_t a = 0; a < sorted.size(); ++a)
    for (std::size_t b = 0; b < sorted.size(); ++b) {
      CHECK((sorted[a] <=> sorted[b]) == (a <=> b));
      CHECK((sorted[a] == sorted[b]) == (a == b));
    }
  CHECK(std::set<ip_address>(sorted.begin(), sorted.end()).size() == sorted.size());
  const std::unordered_set<ip_address> hashed(sorted.begin(), sorted.end());
  CHECK(hashed.size() == sorted.size());
  CHECK(hashed.contains(*ip_address::parse("192.0.2.1")));
  CHECK_FALSE(hashed.contains(*ip_address::parse("192.0.2.3")));
  // All octets count, and which kind of address it is.
  std::set<std::size_t> hashes;
  for (const ip_address& address : sorted) hashes.insert(std::hash<ip_address>{}(address));
  CHECK(hashes.size() == sorted.size());
}
