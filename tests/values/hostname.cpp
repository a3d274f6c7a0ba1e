#include <tlsrpt/hostname.hpp>

#include <doctest/doctest.h>

#include <string>

namespace {

using tlsrpt::is_host_name;
using tlsrpt::matches_mx_pattern;
using tlsrpt::same_host;

static_assert(same_host("MX.Example.com.", "mx.example.COM"));
static_assert(matches_mx_pattern("mail.example.com", "*.example.com"));

}  // namespace

TEST_CASE("B-54: host names are compared without case and trailing dot") {
  CHECK(same_host("a.example", "A.EXAMPLE."));
  CHECK(same_host("a.example.", "a.example."));
  CHECK_FALSE(same_host("a.example..", "a.example"));
  CHECK_FALSE(same_host("a.example", "b.example"));
  CHECK_FALSE(same_host("a", "ab"));
  CHECK_FALSE(same_host("[", "{"));
}

TEST_CASE("B-71: an mx pattern matches exactly one leftmost label") {
  CHECK(matches_mx_pattern("MAIL.example.com.", "*.Example.com"));
  CHECK(matches_mx_pattern("mx.example.com", "mx.example.com."));
  CHECK_FALSE(matches_mx_pattern("example.com", "*.example.com"));
  CHECK_FALSE(matches_mx_pattern("a.b.example.com", "*.example.com"));
  CHECK_FALSE(matches_mx_pattern(".example.com", "*.example.com"));
  CHECK_FALSE(matches_mx_pattern("mail.example.com", "mail.*.com"));
  CHECK_FALSE(matches_mx_pattern("com", "*.com"));
  CHECK_FALSE(matches_mx_pattern("", "*."));
  CHECK_FALSE(matches_mx_pattern("com.", "*."));
  CHECK_FALSE(matches_mx_pattern("com..", "*.."));
  CHECK(matches_mx_pattern("mail.example.com", "*.EXAMPLE.com."));
  CHECK_FALSE(matches_mx_pattern("mail.example.com", "*"));
  CHECK_FALSE(matches_mx_pattern("mail.example.com", "*example.com"));
  CHECK_FALSE(matches_mx_pattern("mail.example.com", ".example.com"));
  CHECK_FALSE(matches_mx_pattern("", ""));
  CHECK_FALSE(matches_mx_pattern(".", ""));
  CHECK_FALSE(matches_mx_pattern("", "."));
}

TEST_CASE("Q43: a policy line where its pattern should be") {
  CHECK(tlsrpt::mx_pattern("mx: *.example.com") == "*.example.com");
  CHECK(tlsrpt::mx_pattern("mx:\t mx.example.com") == "mx.example.com");
  CHECK(tlsrpt::mx_pattern("mx:") == "");
  CHECK(tlsrpt::mx_pattern("mx.example.com") == "mx.example.com");
  CHECK(tlsrpt::mx_pattern("MX: mx.example.com") == "MX: mx.example.com");
  CHECK(matches_mx_pattern("mail.example.com", "mx: *.example.com"));
  CHECK_FALSE(matches_mx_pattern("mail.example.com", "mx: mx.example.com"));
}

TEST_CASE("Q71: the name in what a server said") {
  CHECK(tlsrpt::helo_name("250-mx.example.com\r\n250-PIPELINING\r\n250 STARTTLS") ==
        "mx.example.com");
  CHECK(tlsrpt::helo_name("250 mx.example.com at your service") == "mx.example.com");
  CHECK(tlsrpt::helo_name("220 mx.example.com\n") == "mx.example.com");
  for (std::string_view name :
       {"mx.example.com", "[192.0.2.1]", "250", "250-", "2501mx", "", "a b"})
    CHECK(tlsrpt::helo_name(name) == name);
}

TEST_CASE("host names") {
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  for (const std::string& text :
       {std::string("a"), std::string("mx1.example.com."), std::string("xn--bcher-kva.example"),
        std::string("_dmarc.example"), std::string("1.2.3.4"), label, longest})
    CHECK(is_host_name(text));
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".a"), std::string("a..b"), std::string("-a"),
        std::string("a-.b"), std::string("a b"), std::string("a/b"), std::string("*.example.com"),
        std::string("b\xc3\xbc"), label + 'a', longest + 'b'})
    CHECK_FALSE(is_host_name(text));
}

TEST_CASE("names of all sizes, octet by octet") {
  // What a name in canonical form is, label by label.
  const auto is_canonical = [](std::string_view text) {
    std::size_t size = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : '.';
      if (c == '.') {
        if (size == 0 || size > 63 || text[i - 1] == '-') return false;
        size = 0;
        continue;
      }
      const bool is_inner = c == '-' && size != 0;
      if (!is_inner && c != '_' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
      ++size;
    }
    return text.size() <= 253;
  };
  const auto check = [&](std::string_view text) {
    const bool is_expected = is_canonical(text);
    if ((tlsrpt::canonical_host(text) == text) != is_expected) FAIL_CHECK(text);
    if (is_expected && !tlsrpt::is_host_name(text)) FAIL_CHECK(text);
  };
  for (std::size_t size = 1; size <= 70; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int octet = 0; octet < 256; ++octet) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(octet);
        check(text);
      }
  constexpr std::string_view octets = "-._aA0/`@[{z9:\x80\xad\xae";
  for (std::size_t size = 2; size <= 28; ++size)
    for (std::size_t at = 0; at + 1 < size; ++at)
      for (char first : octets)
        for (char second : octets) {
          std::string text(size, 'x');
          text[at] = first;
          text[at + 1] = second;
          check(text);
        }
  for (std::size_t size = 60; size <= 66; ++size) {
    check(std::string(size, 'x'));
    check(std::string(size, 'x') + ".example");
    check("a." + std::string(size, 'x'));
  }
}

TEST_CASE("B-53: octets outside ASCII mean U-labels") {
  CHECK(
      tlsrpt::has_non_ascii("b\xc3\xbc"
                            "cher.example"));
  CHECK_FALSE(tlsrpt::has_non_ascii("xn--bcher-kva.example"));
}

TEST_CASE("canonical_host: one key for a name, whichever way it is written") {
  using tlsrpt::canonical_host;
  static_assert(canonical_host("MX1.Example.com.") == "mx1.example.com");
  CHECK(canonical_host("mx1.example.com") == "mx1.example.com");
  CHECK(canonical_host("_25._TCP.x") == "_25._tcp.x");
  CHECK(canonical_host({}) == "-");
  CHECK(canonical_host("") == "-");
  // The longest name, and one octet more.
  const std::string label(63, 'A');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  CHECK(canonical_host(longest + '.').size() == 253);
  CHECK(canonical_host(longest + 'b') == '!' + label + '.');
}

TEST_CASE("canonical_host: what is no name is never taken for one, nor for an absent one") {
  using tlsrpt::canonical_host;
  CHECK(canonical_host("-") == "!-");
  CHECK(canonical_host("!") == "!!");
  CHECK(canonical_host(".") == "!.");
  CHECK(canonical_host("a.example..") == "!a.example..");
  CHECK(canonical_host("Hello World") == "!Hello World");
  CHECK(canonical_host("https://example.com/") == "!https://example.com/");
  CHECK(canonical_host("example.com ") == "!example.com ");
  CHECK(canonical_host(std::string_view("a\0b", 3)) == std::string_view("!a\0b", 4));
  CHECK(canonical_host("b\xc3\xbc.example") == "!b\xc3\xbc.example");
}

TEST_CASE("canonical_host: a long text is cut before a character") {
  const auto cut = [](std::size_t before, std::string_view character) {
    const std::string text = ' ' + std::string(before - 1, 'a') + std::string(character) + "bcd";
    return tlsrpt::canonical_host(text).size() - 1;
  };
  CHECK(cut(64, "x") == 64);
  CHECK(cut(63, "\xc3\xbc") == 63);      // two octets, one of which would fit
  CHECK(cut(62, "\xc3\xbc") == 64);      // both fit
  CHECK(cut(62, "\xe2\x82\xac") == 62);  // three octets
  CHECK(cut(61, "\xe2\x82\xac") == 64);
  CHECK(cut(61, "\xf0\x9f\x98\x80") == 61);  // four octets
  CHECK(cut(63, "\xf0\x9f\x98\x80") == 63);
  CHECK(cut(60, "\xf0\x9f\x98\x80") == 64);
  // Octets that are no UTF-8 are cut at 64.
  CHECK(tlsrpt::canonical_host(std::string(100, '\x80')).size() == 65);
  CHECK(tlsrpt::canonical_host(std::string(64, ' ')).size() == 65);
  CHECK(tlsrpt::canonical_host(std::string(65, ' ')).size() == 65);
}
