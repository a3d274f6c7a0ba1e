/// @file
/// Texts from DNS: what each form says, what a tool says in place of an answer, and where a record
/// is.

#include <tlsrpt/zone_text.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/write_record.hpp>

namespace {

using tlsrpt::errc;
using tlsrpt::zone_entry;
using tlsrpt::zone_entry_kind;
using list = std::vector<std::string>;

/// The entries of a text, comments left out, as "owner > text" and the like.
list entries(std::string_view text) {
  list all;
  std::string scratch(text.size(), '\0');
  CHECK(tlsrpt::read_zone_text(text, scratch, [&](const zone_entry& entry) {
    constexpr std::string_view signs[] = {" > ", " is ", " none: ", " failed: "};
    if (entry.kind == zone_entry_kind::comment) return;
    std::string line(entry.owner);
    if (!entry.origin.empty()) line += " of " + std::string(entry.origin);
    line += signs[static_cast<std::size_t>(entry.kind)];
    line += entry.text;
    if (entry.is_bare) line += " (bare)";
    if (entry.fault != errc::ok) {
      line += " (" + std::string(name(entry.fault)) + " at " +
              std::string(text.substr(entry.offset, 3)) + ')';
    }
    all.push_back(line);
  }));
  return all;
}

std::string joined(std::string_view strings) {
  std::string text;
  const auto read = tlsrpt::read_zone_strings(text, strings);
  if (!read)
    text = std::string(name(read.error().code)) + '@' + std::to_string(read.error().where.offset);
  return text;
}

constexpr bool reads_at_compile_time() {
  std::array<char, 64> scratch{};
  bool is_right = false;
  tlsrpt::read_zone_text("_smtp._tls 60 IN TXT (\"v=TLS\" ; two\n\"RPTv1\")", scratch,
                         [&is_right](const zone_entry& entry) {
                           is_right = entry.owner == "_smtp._tls" && entry.text == "v=TLSRPTv1";
                         });
  return is_right;
}
static_assert(reads_at_compile_time());

}  // namespace

TEST_CASE("A-11: the strings of a record are joined with nothing between them") {
  CHECK(joined("\"v=TLSRPTv1; rua=mailto:tls@exam\" \"ple.com\"") ==
        "v=TLSRPTv1; rua=mailto:tls@example.com");
  CHECK(joined("\"a\"\"b\" ( \"c\" ; not \"this\"\n  \"d\" )\t") == "abcd");
  CHECK(joined("\"\"").empty());
  CHECK(joined("").empty());
  CHECK(joined("two words") == "twowords");
  CHECK(joined("a\\;b\\ c;comment") == "a;b c");
  CHECK(joined("\"a\"\n\n  \"b\"\n c") == "ab");
  CHECK(joined("a--b \"c\" -- link: eth0") == "a--bc");
  CHECK(joined(") \"a\"") == ")a");
}

TEST_CASE("escapes are a character or three digits up to 255") {
  CHECK(joined("\"\\\"\\\\\\;\\065\\000x\\255\"") == std::string("\"\\;A\0x\xff", 7));
  CHECK(joined("\"a\\256\"") == "zone-escape@2");
  CHECK(joined("\"a\\12\"") == "zone-escape@2");
  CHECK(joined("\"a\\") == "zone-escape@2");
  CHECK(joined("\"a\\\r\n\"") == "zone-escape@2");
  CHECK(joined("\"a") == "zone-unclosed-string@0");
  CHECK(joined("\"a\" \"b\nc\"") == "zone-unclosed-string@4");
  CHECK(joined("\"a\" (b (c)") == "zone-unclosed-parenthesis@4");
}

TEST_CASE("A-44: what write_zone_strings() writes reads back, whatever the octets") {
  std::string record;
  for (int i = 0; i < 1000; ++i) record += static_cast<char>(i * 7);
  std::string zone;
  tlsrpt::write_zone_strings(zone, record);
  CHECK(zone.find('\n') == zone.npos);
  CHECK(joined(zone) == record);
  const std::string line = "a.example. IN TXT " + zone + '\n';
  CHECK(entries(line) == list{"a.example. > " + record});
}

TEST_CASE("lines of zone files") {
  CHECK(entries("_smtp._tls\t86400\tIN\tTXT\t\"v=a\"") == list{"_smtp._tls > v=a"});
  CHECK(entries("a. IN 1h30m TXT \"b\" ; comment") == list{"a. > b"});
  CHECK(entries("a. txt b") == list{"a. > b"});
  CHECK(entries("a. CLASS1 TYPE16 b") == list{"a. > b"});
  CHECK(entries("  a. 60 IN TXT b") == list{"a. > b"});
  // The owner is the last one where there is none.
  CHECK(entries("a. 60 IN A 192.0.2.1\n  60 IN TXT b\n\tTXT \"c\"\nIN TXT d") ==
        list{"a. > b", "a. > c", "a. > d"});
  CHECK(
      entries("$TTL 1h\n$ORIGIN _tls.example.com.\n_smtp TXT \"a\"\n$ORIGIN other.\n@ TXT \"b\"") ==
      list{"_smtp of _tls.example.com. > a", "@ of other. > b"});
  CHECK(entries("@ IN SOA a. b. ( 1 ; \"serial\n 2\n )\na. TXT \"b\"") == list{"a. > b"});
  CHECK(entries("a. IN CNAME b.\nb. IN TXT ( \"c\"\n\n\"d\" )\n\"e\"") ==
        list{"a. is b.", "b. > cd", " > e"});
  // Of what is not closed as much as there is.
  CHECK(entries("a. TXT \"b\n\"c\"") == list{"a. > b (zone-unclosed-string at \"b\n)", " > c"});
  CHECK(entries("a. TXT ( \"b\"") == list{"a. > b (zone-unclosed-parenthesis at ( \")"});
  CHECK(entries("a. TXT \"\\1\"") == list{"a. > \\1 (zone-escape at \\1\")"});
}

TEST_CASE("a record without quotation marks in a line") {
  // As a table on a page has it, the semicolon belongs to the record.
  CHECK(entries("a.example TXT v=TLSRPTv1; rua=mailto:b@c.example; ") ==
        list{"a.example > v=TLSRPTv1; rua=mailto:b@c.example;"});
  CHECK(entries("a. IN TXT v=TLSRPTv1; rua=x") ==
        list{"a. > v=TLSRPTv1; rua=x (zone-unquoted-semicolon at ; r)"});
  CHECK(entries("a. IN TXT v=TLSRPTv1") == list{"a. > v=TLSRPTv1"});
  CHECK(entries("a. IN TXT v=TLSRPTv1\\;rua=x ; comment") == list{"a. > v=TLSRPTv1;rua=x"});
}

TEST_CASE("what dig and kdig print") {
  constexpr std::string_view head =
      "; <<>> DiG 9 <<>> TXT refused.timed.out\n;; Got answer:\n"
      ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n";
  CHECK(entries(std::string(head) + ";; flags: qr; QUERY: 1, ANSWER: 1\n;a. IN TXT\n"
                                    "a. 60 IN TXT \"b\"\n;; SERVER: 192.0.2.1") == list{"a. > b"});
  CHECK(entries(std::string(head) + ";; flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 1\n"
                                    "a. 60 IN SOA b. c. 1 2 3 4 5") ==
        list{" none: ;; flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 1"});
  CHECK(entries(";; ->>HEADER<<- status: NXDOMAIN\n;; flags: qr; ANSWER: 0") ==
        list{" failed: ;; ->>HEADER<<- status: NXDOMAIN"});
  CHECK(entries(";; ->>HEADER<<- opcode: QUERY, rcode: SERVFAIL, id: 0") ==
        list{" failed: ;; ->>HEADER<<- opcode: QUERY, rcode: SERVFAIL, id: 0"});
  CHECK(entries(";; communications error to 192.0.2.53#53: timed out") ==
        list{" failed: ;; communications error to 192.0.2.53#53: timed out"});
  CHECK(entries("target.example.\n\"b\"\r\n") == list{" is target.example.", " > b"});
  // A signature that +short prints is no TXT record.
  CHECK(entries("\"b\"\nTXT 13 4 3600 20261201000000 x")[1].ends_with("(bare)"));
}

TEST_CASE("what host, nslookup and resolvectl print") {
  CHECK(entries("a.example is an alias for b.example.\nb.example descriptive text \"c\" \"d\"") ==
        list{"a.example is b.example.", "b.example > cd"});
  CHECK(entries("a.example has no TXT record") == list{" none: a.example has no TXT record"});
  CHECK(entries("Host a.example not found: 3(NXDOMAIN)").front().starts_with(" failed"));
  CHECK(entries("a.example\tcanonical name = b.example.\nb.example\ttext = \"c\"\n"
                "example\tnameserver = d.\nd.\tinternet address = 192.0.2.1") ==
        list{"a.example is b.example.", "b.example > c"});
  // On Windows each string has a line.
  CHECK(
      entries("a.example\ttext =\r\n\r\n\t\"b\"\r\n\t\"c\"\r\n\r\nd.example\ttext =\r\n\t\"e\"") ==
      list{"a.example > bc", "d.example > e"});
  CHECK(entries("*** Can't find a.example: No answer").front().starts_with(" none"));
  CHECK(entries("** server can't find a.example: NXDOMAIN").front().starts_with(" failed"));
  CHECK(entries("a. IN TXT \"b\"   -- link: eth0\n\n-- Data is authenticated: no") ==
        list{"a. > b"});
  CHECK(entries("a: resolve call failed: 'a' not found").front().starts_with(" failed"));
  CHECK(entries("a: resolve call failed: Name 'a' does not have any RR of the requested type")
            .front()
            .starts_with(" none"));
}

TEST_CASE("what Resolve-DnsName prints") {
  CHECK(entries("a.example TXT 3600 Answer {v=b, c}") == list{"a.example > v=b, c"});
  CHECK(entries("a.example CNAME 60 Answer b.example") == list{"a.example is b.example"});
  CHECK(entries("Name    : a.example\nType    : TXT\nStrings : {b}")[1] == "a.example > b");
  CHECK(entries("Name     : a.example\nNameHost : b.example") == list{"a.example is b.example"});
  const std::string first(255, 'x');
  CHECK(entries("a TXT 1 Answer {" + first + ", y, z}") == list{"a > " + first + "y, z"});
  // What the table had no room for.
  for (const char* cut :
       {"{v=TLSRPTv1; rua=mail...}", "{v=TLSRPTv1\xe2\x80\xa6}", "{v=TLSRPTv1..."})
    CHECK(entries("a TXT 1 Answer " + std::string(cut)) == list{"a failed: " + std::string(cut)});
  CHECK(entries("Resolve-DnsName : a : DNS name does not exist").front().starts_with(" failed"));
}

TEST_CASE("quotation marks of a shell or a page do not belong to the record") {
  for (const char* quoted :
       {"\"v=a\"", "'v=a'", "`v=a`", "'\"v=a\"'", "\xe2\x80\x9cv=a\xe2\x80\x9d",
        "\xe2\x80\x9ev=a\xe2\x80\x9c", "\xe2\x80\x98v=a\xe2\x80\x99", "\xc2\xabv=a\xc2\xbb",
        " 'v=a' ", "\xef\xbb\xbf\"v=a\""})
    CHECK(entries(quoted).front().substr(0, 6) == " > v=a");
  CHECK(entries("a TXT \xe2\x80\x9cv=b\xe2\x80\x9d") == list{"a > v=b"});
  CHECK(entries("'a. TXT \"b\"'") == list{"a. > b"});
  CHECK(entries("'v=a\"") == list{" > 'v=a\" (bare)"});
  CHECK(entries("'") == list{" > ' (bare)"});
  // One pair of them.
  CHECK(entries("''v=a''") == list{" > 'v=a' (bare)"});
}

TEST_CASE("other lines are records as they are") {
  CHECK(entries(" v=TLSRPTv1; rua=x \r\n\nother text") ==
        list{" >  v=TLSRPTv1; rua=x  (bare)", " > other text (bare)"});
  CHECK(entries("v=TLSRPTv1; x=timed.out.nxdomain").front().ends_with("(bare)"));
  CHECK(entries("two 2 words").front().ends_with("(bare)"));
  CHECK(entries("; comment\n\n -- comment").empty());
}

TEST_CASE("without room for what it may hold nothing is read") {
  std::array<char, 3> scratch{};
  bool is_called = false;
  const auto take = [&is_called](const zone_entry&) { is_called = true; };
  CHECK_FALSE(tlsrpt::read_zone_text("\"ab\"", scratch, take));
  CHECK_FALSE(is_called);
  CHECK(tlsrpt::read_zone_text("\"a\"", scratch, take));
  CHECK(is_called);
}

TEST_CASE("A-01: the record is at _smtp._tls and the domain") {
  struct row {
    std::string_view name, domain;
  };
  for (const row& right :
       {row{"_smtp._tls.example.com", "example.com"}, row{"_SMTP._Tls.example.com.", "example.com"},
        row{"_smtp._tls", ""}, row{"_smtp._tls.com.com", "com.com"},
        row{"_smtp._tls._smtp._tls.example", "_smtp._tls.example"}}) {
    const auto read = tlsrpt::read_owner_name(right.name);
    CHECK(read.code == errc::ok);
    CHECK(read.domain == right.domain);
  }
  for (const row& wrong :
       {row{"_smpt._tls.example.com", "example.com"}, row{"_smtp.example.com.", "example.com"},
        row{"_smtp-tlsrpt.example.com", "example.com"}, row{"tlsrpt.example.com", "example.com"},
        row{"_tls._smtp.example.com", "example.com"}, row{"smtp.tls.example.com", "example.com"},
        row{"_smtp.tls.example.com", "example.com"}, row{"smtp._tls.example.com", "example.com"},
        row{"_dmarc.example.com", "example.com"}, row{"example.com", "example.com"},
        row{"smtp.example.com", "smtp.example.com"}, row{"@", ""}, row{"_smtp", ""}, row{"", ""},
        row{"_smtp._tls.example.com.example.com.", "example.com"},
        row{"_smtp.example.com.EXAMPLE.com", "example.com"}}) {
    CAPTURE(wrong.name);
    const auto read = tlsrpt::read_owner_name(wrong.name);
    CHECK(read.code == errc::wrong_owner_name);
    CHECK(read.domain == wrong.domain);
  }
}

TEST_CASE("the work does not grow faster than the text") {
  // Each of these would be slow if something were looked at again for each line.
  for (const std::string& piece :
       {std::string("\n"), std::string("a\ttext =\n\n"), std::string("'"), std::string("("),
        std::string("a TXT \"b\\"), std::string("a 1 IN X (\n"), std::string("\xe2\x80\x9c"),
        std::string("\"a\" "), std::string(" "), std::string(".")}) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    std::string scratch(text.size(), '\0');
    CHECK(tlsrpt::read_zone_text(text, scratch, [](const zone_entry&) {}));
    (void)tlsrpt::read_owner_name(text);
  }
}
