/// @file
/// One element of a rua list, at the edges of its grammar.

#include <tlsrpt/detail/record/uri.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using tlsrpt::errc;
using tlsrpt::detail::remark;

/// The fault of a URI, or else the first remark on it.
remark found_in(std::string_view uri) {
  const auto found = tlsrpt::detail::examine_uri(uri);
  return found.fault.code != errc::ok ? found.fault : found.remarks[0];
}

/// Whether it is `code`, at the only "^" of a URI that is examined without it.
bool has(errc code, std::string uri) {
  const std::size_t at = uri.find('^');
  uri.erase(at, 1);
  const remark found = found_in(uri);
  return found.code == code && found.offset == at;
}

bool is_sound(std::string_view uri) { return found_in(uri).code == errc::ok; }

}  // namespace

TEST_CASE("a percent triplet has two hexadecimal digits") {
  CHECK(is_sound("mailto:a%2Bb@c.example"));
  CHECK(is_sound("mailto:a%2bb@c.example"));
  CHECK(is_sound("https://a.example/%7e"));
  CHECK(is_sound("https://a.example/%00"));
  CHECK(has(errc::percent_encoding, "mailto:a^%g0@c.example"));
  CHECK(has(errc::percent_encoding, "mailto:a^%0g@c.example"));
  CHECK(has(errc::percent_encoding, "mailto:a^%2@c.example"));
  CHECK(has(errc::percent_encoding, "https://a.example/^%"));
  CHECK(has(errc::percent_encoding, "https://a.example/^%7"));
  CHECK(has(errc::percent_encoding, "https://a.example/%7e^%%7e"));
}

TEST_CASE("a text is a URI by its scheme and its octets") {
  using tlsrpt::detail::is_uri;
  CHECK(is_uri("urn:x"));
  CHECK(is_uri("a1+-.:"));
  CHECK(is_uri("https://a.example/%7e"));
  CHECK(is_uri("urn:%00"));
  CHECK_FALSE(is_uri(""));
  CHECK_FALSE(is_uri("x"));
  CHECK_FALSE(is_uri(":x"));
  CHECK_FALSE(is_uri("1a:x"));
  CHECK_FALSE(is_uri("a_b:x"));
  CHECK_FALSE(is_uri("urn:x y"));
  CHECK_FALSE(is_uri("urn:%"));
  CHECK_FALSE(is_uri("urn:%7"));
  CHECK_FALSE(is_uri("urn:%g0"));
  CHECK_FALSE(is_uri("urn:%0g"));
}

TEST_CASE("an address has no control characters, encoded or not") {
  CHECK(has(errc::control_in_address, "mailto:a^%1f@c.example"));
  CHECK(has(errc::control_in_address, "mailto:a^%7F@c.example"));
  CHECK(has(errc::control_in_address, "mailto:a^%00"));
  CHECK(has(errc::control_in_address, "mailto:a@c.example^%00"));
  CHECK(is_sound("mailto:a%20b@c.example"));
  CHECK(is_sound("mailto:a%7eb@c.example"));
  CHECK(has(errc::smtputf8_address, "mailto:a^%80@c.example"));
  CHECK(has(errc::smtputf8_address, "mailto:^%c3%bc@c.example"));
  CHECK(is_sound("mailto:%7ea@c.example"));
  CHECK(has(errc::encoded_u_label, "mailto:a@^b%c3%bc.example"));
}

TEST_CASE("an address has one at sign that is not encoded, and something before it") {
  CHECK(has(errc::mail_address, "mailto:^a"));
  CHECK(has(errc::mail_address, "mailto:^@c.example"));
  CHECK(has(errc::mail_address, "mailto:^a@b@c.example"));
  CHECK(has(errc::mail_address, "mailto:^a/b@c.example"));
  CHECK(has(errc::mail_address, "mailto:a@^c..example"));
  CHECK(is_sound("mailto:a%40b@c.example"));
}

TEST_CASE("the authority of an https URI") {
  CHECK(is_sound("https://a.example:443"));
  CHECK(is_sound("https://a.example:65535/"));
  CHECK(is_sound("https://a.example:?x"));
  CHECK(is_sound("https://[2001:db8::1]:443/"));
  CHECK(is_sound("https://192.0.2.1:443/"));
  CHECK(has(errc::invalid_uri, "https://^a.example:65536/"));
  CHECK(has(errc::invalid_uri, "https://^a.example:1x/"));
  CHECK(has(errc::invalid_uri, "https://^[]/"));
  CHECK(has(errc::invalid_uri, "https://^[::1/"));
  CHECK(has(errc::invalid_uri, "https://^[::1]x/"));
  CHECK(has(errc::invalid_uri, "https://^[a]b:1]:1/"));
  CHECK(has(errc::invalid_uri, "https:^/a.example"));
  CHECK(has(errc::empty_host, "https://^"));
  CHECK(has(errc::empty_host, "https://^:443"));
  CHECK(has(errc::userinfo, "https://^u@a.example"));
  CHECK(is_sound("https://a.example/@"));
}

TEST_CASE("an address in the place of a host is one") {
  for (const char* host : {"[zz]", "[192.0.2.1]", "[v1.x]", "[fe80::1%25eth0]", "[2001:db8:::1]",
                           "999.1.1.1", "1.2.3", "12345", "0192.0.2.1", "192.0.2.1.1"})
    CHECK(has(errc::invalid_address_literal, "https://^" + std::string(host) + "/t"));
  CHECK(is_sound("https://192.0.2.1./"));
  CHECK(is_sound("mailto:a@[192.0.2.1]"));
  CHECK(is_sound("mailto:a@[IPv6:2001:db8::1]"));
  CHECK(is_sound("mailto:a@[ipV6:2001:db8::1]"));
  CHECK(has(errc::invalid_address_literal, "mailto:a@^[zz]"));
  CHECK(has(errc::invalid_address_literal, "mailto:a@^[192.0.2.256]"));
  CHECK(has(errc::invalid_address_literal, "mailto:a@^[IPv6:192.0.2.1.5]"));
  CHECK(has(errc::invalid_address_literal, "mailto:a@^192.0.2.1"));
  CHECK(has(errc::invalid_address_literal, "mailto:a@^1.2"));
  // Names with digits are names.
  CHECK(is_sound("https://1.a.2b.example"));
  CHECK(is_sound("https://a.1"));
}

TEST_CASE("hosts that nobody elsewhere reaches are remarked upon") {
  for (const char* host : {"localhost", "LOCALHOST", "mail", "mail."}) {
    CHECK(has(errc::local_host, "https://^" + std::string(host) + ":8443/"));
    CHECK(has(errc::local_host, "https://^" + std::string(host)));
  }
  for (const char* host :
       {"127.0.0.1", "10.1.2.3", "169.254.1.1", "[::1]", "[fe80::1]", "[fd00::1]"})
    CHECK(has(errc::local_host, "https://^" + std::string(host) + "/t"));
  for (const char* domain : {"localhost", "mail", "[127.0.0.1]", "[IPv6:::1]"})
    CHECK(has(errc::local_host, "mailto:a@^" + std::string(domain)));
  CHECK(has(errc::mail_domain_trailing_dot, "mailto:a@b.example^."));
  CHECK(has(errc::mail_domain_trailing_dot, "mailto:a@b.example^.?subject=x"));
  CHECK(is_sound("https://b.example./"));
  // Nothing of all that may be remarked upon is left out.
  const auto found = tlsrpt::detail::examine_uri("mailto: %c3%bc@%c3%bc.?x=y#z");
  CHECK(found.remarks[5].code == errc::mailto_header_fields);
  CHECK(found.remarks[6].code == errc::uri_fragment);
}

TEST_CASE("a letter outside ASCII is judged by where it is") {
  CHECK(has(errc::non_ascii_local_part,
            "mailto:gr^\xc3\xbc"
            "n@a.example"));
  CHECK(has(errc::non_ascii_local_part, "^\xc3\xbc@a.example"));
  CHECK(has(errc::u_label, "mailto:a@^\xc3\xbc.example"));
  CHECK(has(errc::u_label, "a@^\xc3\xbc.example"));
  CHECK(has(errc::u_label, "https://^\xc3\xbc.example/\xc3\xbc"));
  CHECK(has(errc::illegal_octet, "https://a.example/^\xc3\xbc"));
  CHECK(has(errc::illegal_octet, "https:^\xc3\xbc"));
  CHECK(has(errc::illegal_octet, "ftp://^\xc3\xbc.example"));
  CHECK(has(errc::illegal_octet, "^\xc3\xbc.example"));
  CHECK(has(errc::illegal_octet, "mailto:a@b.example?^\xc3\xbc"));
  CHECK(has(errc::no_break_space, "mailto:a^\xc2\xa0@b.example"));
}

TEST_CASE("placeholders and slips of the hand in an element are named") {
  for (const char* uri :
       {"^<address>", "mailto:tls@^<domain>", "mailto:tls@^{domain}", "mailto:tls@^${domain}",
        "mailto:tls@^{{ domain }}", "mailto:^%user_name%@b.example", "mailto:tls@^%domain%",
        "https://^<host-1.name>/t", "mailto:tls@^%date%", "mailto:a@^<dom\xc3\xa4ne>"})
    CHECK(has(errc::unfilled_template, uri));
  // These are no names.
  CHECK(has(errc::invalid_uri, "^<a@b.example>"));
  CHECK(has(errc::invalid_uri, "mailto:a@b.example^{}"));
  CHECK(has(errc::invalid_uri, "mailto:a@b.example^<bcd"));
  CHECK(has(errc::percent_encoding, "mailto:%c3^%"));
  CHECK(has(errc::percent_encoding, "mailto:%12345^%"));
  CHECK(has(errc::scheme_without_colon, "MailTo^=a@b.example"));
  CHECK(has(errc::scheme_without_colon, "https^=//b.example"));
  CHECK(has(errc::missing_scheme, "^MAILTO"));
  CHECK(has(errc::missing_scheme, "^mail=a@b.example"));
  CHECK(has(errc::mailto_slashes, "MAILTO:^//a@b.example"));
  CHECK(has(errc::mail_address, "mailto:^/a@b.example"));
}

TEST_CASE("size limits as DMARC has them are distinguished from other exclamation marks") {
  for (const char* limit : {"!1", "!10m", "!2K", "!3g", "!4T"})
    CHECK(has(errc::size_suffix, std::string("mailto:a@c.example^") + limit));
  for (const char* other : {"!", "!m", "!1x", "!1mm", "!1m2"})
    CHECK(has(errc::reserved_octet_in_uri, std::string("mailto:a@c.example^") + other));
}

TEST_CASE("A-41: which elements mean the same endpoint") {
  const auto same = [](std::string_view a, std::string_view b) {
    const auto x = tlsrpt::detail::endpoint_of(a), y = tlsrpt::detail::endpoint_of(b);
    const bool result = tlsrpt::detail::same_endpoint(x, y);
    CHECK(tlsrpt::detail::same_endpoint(y, x) == result);
    return result;
  };
  CHECK(same("mailto:a@b.example", "MAILTO:a@B.example?x=y"));
  CHECK(same("mailto:a%2cb@b.example", "mailto:a%2Cb@b.example"));
  CHECK(same("mailto:tls@b.example", "mailto:%74ls@B.example"));
  CHECK(same("mailto:a+b@b.example", "mailto:a%2bb@b.example"));
  CHECK_FALSE(same("mailto:tls@b.example", "mailto:%54ls@b.example"));
  CHECK_FALSE(same("mailto:tls@b.example", "mailto:%2574ls@b.example"));
  CHECK_FALSE(same("mailto:a@b.example", "mailto:A@b.example"));
  CHECK_FALSE(same("mailto:a@b.example", "mailto:ab@b.example"));
  CHECK_FALSE(same("mailto:a%2cdb@b.example", "mailto:a%2cDb@b.example"));
  CHECK(same("https://a.example", "HTTPS://A.example:443/#f"));
  CHECK(same("https://a.example/%7e", "https://a.example:/%7E"));
  CHECK(same("https://a.example./%61~", "https://a.example/a%7E"));
  // An encoded delimiter is another thing than the delimiter.
  CHECK_FALSE(same("https://a.example/a%2fb", "https://a.example/a/b"));
  CHECK_FALSE(same("https://a.example/?a%26b", "https://a.example/?a&b"));
  CHECK_FALSE(same("https://a.example", "https://a.example:8443"));
  CHECK_FALSE(same("https://a.example:8080", "https://a.example:8443"));
  CHECK_FALSE(same("https://a.example/a", "https://a.example/A"));
  CHECK_FALSE(same("https://a.example/", "https://b.example/"));
  CHECK_FALSE(same("mailto:a@b.example", "https://b.example/"));
}
