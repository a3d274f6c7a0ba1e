/// @file
/// Texts made at random from the grammars of the RFCs: each is accepted, means what it was made to
/// mean, and is the same when it is written and read again.

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/record.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/write_record.hpp>

#include "support.hpp"

namespace {

using tlsrpt::errc;

class generator {
 public:
  explicit generator(std::uint32_t seed) : random_(seed) {}

  /// From `least` to `most`.
  int number(int least, int most) {
    return least + static_cast<int>(random_() % static_cast<std::uint32_t>(most - least + 1));
  }
  bool maybe() { return number(0, 1) == 0; }
  char one_of(std::string_view octets) {
    return octets[static_cast<std::size_t>(number(0, static_cast<int>(octets.size()) - 1))];
  }
  std::string some_of(std::string_view octets, int least, int most) {
    std::string text;
    for (int count = number(least, most); count > 0; --count) text += one_of(octets);
    return text;
  }
  /// Decimal, with leading zeros up to `digits`.
  static std::string digits(int value, int digits) {
    const std::string text = std::to_string(value);
    return std::string(static_cast<std::size_t>(digits) - text.size(), '0') + text;
  }

 private:
  std::mt19937 random_;
};

const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const std::string alphanumerics = letters + "0123456789";
const std::string hex_digits = "0123456789abcdefABCDEF";

// ---- RFC 8460, section 3

struct made_record {
  std::string text;
  std::vector<std::string> uris{};
  std::vector<std::pair<std::string, std::string>> extensions{};
};

class record_generator : public generator {
 public:
  using generator::generator;

  made_record record() {
    made_record made{"v=TLSRPTv1"};
    const int fields = number(1, 5);
    const int with_rua = number(0, fields - 1);  // one of them at least
    for (int i = 0; i < fields; ++i) {
      made.text += delimiter();
      if (i == with_rua || number(0, 3) == 0) {
        made.text += "rua=";
        for (int uris = number(1, 2); uris > 0; --uris) {
          made.uris.push_back(uri(made.uris.size()));
          made.text += made.uris.back();
          if (uris > 1) made.text += some_of(" \t", 0, 2) + ',' + some_of(" \t", 0, 2);
        }
      } else {
        // Not "v" and not "rua" in any case, which have codes of their own.
        const std::string name = "x" + some_of(alphanumerics + "_-.", 0, 31);
        std::string printable;
        for (char c = 0x21; c < 0x7f; ++c)
          if (c != '=' && c != ';') printable += c;
        made.extensions.emplace_back(name, some_of(printable, 1, 30));
        made.text += name + '=' + made.extensions.back().second;
      }
    }
    if (maybe()) made.text += delimiter();
    return made;
  }

 private:
  std::string delimiter() { return some_of(" \t", 0, 2) + ';' + some_of(" \t", 0, 2); }

  std::string encoded() {
    static constexpr std::string_view triplets[] = {"%2C", "%2c", "%21", "%3B",
                                                    "%25", "%40", "%22"};
    return std::string(triplets[static_cast<std::size_t>(number(0, 6))]);
  }
  std::string label() {
    return one_of(alphanumerics) + some_of(alphanumerics + "-", 0, 10) + one_of(alphanumerics);
  }
  std::string host() {
    std::string text = label();
    for (int labels = number(1, 3); labels > 0; --labels) text += '.' + label();
    return text;
  }
  /// The number keeps the URIs of a record apart.
  std::string uri(std::size_t index) {
    const std::string unreserved = alphanumerics + "-._~";
    std::string text = some_of(unreserved + "$&'*+=", 1, 12) + std::to_string(index) + 'x';
    if (maybe()) text += encoded() + some_of(unreserved, 0, 5);
    if (maybe()) return "mailto:" + text + '@' + host();
    std::string authority = number(0, 5) == 0 ? "[2001:db8::1]" : host();
    if (number(0, 3) == 0) authority += ':' + std::to_string(number(1, 65535));
    return "https://" + authority + '/' + text + (maybe() ? "?a=b/?@:" : "");
  }
};

// ---- RFC 3339, section 5.6

struct made_time {
  std::string text;
  std::int64_t seconds;
};

made_time date_time(generator& g) {
  const int year = g.number(0, 9) == 0 ? (g.maybe() ? 0 : 9999) : g.number(0, 9999);
  const int month = g.number(1, 12);
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int length = lengths[month - 1];
  const int day = g.number(0, 4) == 0 ? length : g.number(1, length);
  const int hour = g.number(0, 23), minute = g.number(0, 59), second = g.number(0, 60);
  const std::chrono::sys_days date = std::chrono::year(year) /
                                     std::chrono::month(static_cast<unsigned>(month)) /
                                     std::chrono::day(static_cast<unsigned>(day));
  made_time made{generator::digits(year, 4) + '-' + generator::digits(month, 2) + '-' +
                     generator::digits(day, 2) + g.one_of("Tt") + generator::digits(hour, 2) + ':' +
                     generator::digits(minute, 2) + ':' + generator::digits(second, 2),
                 std::int64_t{date.time_since_epoch().count()} * 86'400 + hour * 3600 +
                     minute * 60 + (second == 60 ? 59 : second)};
  if (g.maybe()) made.text += '.' + g.some_of("0123456789", 1, 12);
  if (g.maybe()) {
    made.text += g.one_of("Zz");
    return made;
  }
  const int hours = g.number(0, 23), minutes = g.number(0, 59);
  const char sign = g.one_of("+-");
  made.text += sign + generator::digits(hours, 2) + ':' + generator::digits(minutes, 2);
  made.seconds += (sign == '+' ? -1 : 1) * (hours * 3600 + minutes * 60);
  return made;
}

// ---- RFC 3986, section 3.2.2

struct made_address {
  std::string text{};
  std::array<std::uint8_t, 16> octets{};
};

std::string ipv4(generator& g, std::uint8_t* octets) {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    const int octet = g.number(0, 3) == 0 ? (g.maybe() ? 0 : 255) : g.number(0, 255);
    octets[i] = static_cast<std::uint8_t>(octet);
    text += (i == 0 ? "" : ".") + std::to_string(octet);
  }
  return text;
}

/// `before` groups, a gap unless there are eight, and `after` groups; `mixed` makes the last two an
/// IPv4 address.
made_address ipv6(generator& g, int before, int after, bool mixed) {
  made_address made;
  auto groups = [&](int count, int at, bool ends_mixed) {
    for (int i = 0; i < count; ++i) {
      if (i != 0) made.text += ':';
      std::uint8_t* const octets = made.octets.data() + 2 * (at + i);
      if (ends_mixed && i == count - 2) {
        made.text += ipv4(g, octets);
        return;
      }
      const std::string group = g.some_of(g.number(0, 3) == 0 ? "0" : hex_digits, 1, 4);
      const unsigned long value = std::stoul(group, nullptr, 16);
      octets[0] = static_cast<std::uint8_t>(value >> 8);
      octets[1] = static_cast<std::uint8_t>(value & 0xff);
      made.text += group;
    }
  };
  const bool gap = before + after < 8;
  groups(before, 0, mixed && after == 0 && !gap);
  if (gap)
    made.text += "::";
  else if (before != 0 && after != 0)
    made.text += ':';
  groups(after, 8 - after, mixed);
  return made;
}

}  // namespace

TEST_CASE("G-02, A.3: records made from the grammar") {
  record_generator g(8460);
  for (int round = 0; round < 20'000; ++round) {
    const made_record made = g.record();
    CAPTURE(made.text);
    support::findings found;
    const std::string_view text = made.text;
    const auto record = tlsrpt::parse_record<tlsrpt::strict>(text, found);
    REQUIRE_MESSAGE(record.has_value(), name(record.error().code));
    std::vector<std::string> endpoints, rua;
    for (const tlsrpt::rua_view& endpoint : record->endpoints())
      endpoints.emplace_back(endpoint.uri);
    for (const tlsrpt::rua_view& element : record->rua()) rua.emplace_back(element.uri);
    std::vector<std::pair<std::string, std::string>> extensions;
    std::vector<tlsrpt::extension_view> views;
    for (const tlsrpt::extension_view& extension : record->extensions()) {
      extensions.emplace_back(extension.name, extension.value);
      views.push_back(extension);
    }
    CHECK(endpoints == made.uris);
    CHECK(rua == made.uris);
    CHECK(extensions == made.extensions);

    std::string written;
    const std::vector<std::string_view> uris(endpoints.begin(), endpoints.end());
    REQUIRE(tlsrpt::write_record(written, uris, views).has_value());
    const std::string_view again_text = written;
    const auto again = tlsrpt::parse_record<tlsrpt::strict>(again_text);
    REQUIRE(again.has_value());
    std::vector<std::string> endpoints_again;
    for (const tlsrpt::rua_view& endpoint : again->endpoints())
      endpoints_again.emplace_back(endpoint.uri);
    std::string written_again;
    const std::vector<std::string_view> uris_again(endpoints_again.begin(), endpoints_again.end());
    CHECK(tlsrpt::write_record(written_again, uris_again, views).has_value());
    CHECK(written_again == written);
    CHECK(endpoints_again.size() == endpoints.size());
  }
}

TEST_CASE("G-05, B-41 to B-47: date-times made from the grammar") {
  generator g(3339);
  for (int round = 0; round < 100'000; ++round) {
    const made_time made = date_time(g);
    const auto read = tlsrpt::read_date_time(made.text);
    const auto is_zero_date = [](std::string_view text) { return text.starts_with("0001-01-01"); };
    const auto in_utc = tlsrpt::to_date_time(made.seconds);
    if (is_zero_date(made.text) || is_zero_date(in_utc)) {  // never set
      if (read.known) FAIL_CHECK(made.text);
      continue;
    }
    if (made.seconds < -62'167'219'200 || made.seconds > 253'402'300'799) {
      // Beyond the years that can be written, by the zone.
      if (read.known) FAIL_CHECK(made.text);
      continue;
    }
    if (read.known && read.seconds == made.seconds && read.remarks[0] == errc::ok) {
      const auto read_in_utc = tlsrpt::to_date_time(read.seconds);
      const auto again = tlsrpt::read_date_time(read_in_utc);
      if (again.known && again.seconds == made.seconds) continue;
    }
    FAIL_CHECK(made.text);
  }
}

TEST_CASE("G-06, B-48 to B-50: addresses made from the grammar") {
  generator g(3986);
  const auto check = [](const std::string& text, const tlsrpt::ip_address& expected) {
    const auto read = tlsrpt::ip_address::parse(text);
    if (read != expected) FAIL_CHECK(text);
    const auto canonical = to_text(expected);
    if (tlsrpt::ip_address::parse(canonical.view()) != expected) FAIL_CHECK(canonical.view());
    const tlsrpt::ip_reading tolerant = tlsrpt::read_ip_address(text);
    if (tolerant.address != expected || tolerant.remark != errc::ok) FAIL_CHECK(text);
  };
  for (int round = 0; round < 1000; ++round) {
    std::array<std::uint8_t, 4> octets{};
    const std::string dotted = ipv4(g, octets.data());
    check(dotted, tlsrpt::ip_address::v4(octets));
    CHECK_FALSE(tlsrpt::ip_address::parse('0' + dotted));
    CHECK_FALSE(tlsrpt::ip_address::parse(dotted + ".1"));
    CHECK_FALSE(tlsrpt::ip_address::parse(dotted.substr(0, dotted.rfind('.'))));
    // All alternatives: eight groups, and every gap of one group or more.
    for (int before = 0; before <= 8; ++before)
      for (int after = 0; before + after <= 8; ++after) {
        if (before + after == 8 && after != 0) continue;  // that is eight groups
        for (const bool mixed : {false, true}) {
          if (mixed && after < 2 && before != 8) continue;
          const made_address made = ipv6(g, before, after, mixed);
          check(made.text, tlsrpt::ip_address::v6(made.octets));
          if (before == 8) {
            CHECK_FALSE(tlsrpt::ip_address::parse(made.text + ":1"));
            CHECK_FALSE(tlsrpt::ip_address::parse("1:" + made.text));
            CHECK_FALSE(tlsrpt::ip_address::parse(made.text + "::"));
          } else {
            CHECK_FALSE(tlsrpt::ip_address::parse("1::" + made.text));
          }
          CHECK_FALSE(tlsrpt::ip_address::parse(made.text + "%1"));
          CHECK_FALSE(tlsrpt::ip_address::parse(made.text + "/64"));
          CHECK_FALSE(tlsrpt::ip_address::parse('[' + made.text + ']'));
          CHECK(tlsrpt::read_ip_address('[' + made.text + ']').address ==
                tlsrpt::ip_address::v6(made.octets));
          CHECK(tlsrpt::read_ip_address(made.text + "%eth0").address ==
                tlsrpt::ip_address::v6(made.octets));
        }
      }
  }
}
