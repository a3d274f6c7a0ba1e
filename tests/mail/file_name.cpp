#include <tlsrpt/file_name.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>

#include "mail/checks.hpp"

namespace {

using checks::all_as_expected;
using checks::all_but;
using checks::at;
using checks::finding_sink;
using checks::findings;
using checks::generator;
using checks::inside_sink;
using checks::lies_inside;
using checks::written;
using tlsrpt::errc;

using tlsrpt::file_name_view;

constexpr tlsrpt::timestamp at_second(std::int64_t seconds) { return {seconds, {}, true}; }

constexpr file_name_view name_of(std::string_view sender, std::string_view policy_domain,
                                 std::int64_t begin, std::int64_t end, std::string_view unique_id,
                                 bool is_gzip) {
  return {sender, policy_domain, at_second(begin), at_second(end), unique_id, is_gzip};
}

/// What a file name says; times that are not known are absent.
struct name_parts {
  std::string_view sender, policy_domain;
  std::optional<std::int64_t> begin, end;
  std::string_view unique_id;
  bool is_gzip;

  constexpr bool operator==(const name_parts&) const = default;
};

constexpr name_parts parts_of(const file_name_view& name) {
  const auto seconds = [](const tlsrpt::timestamp& time) {
    return time.known ? std::optional(time.seconds) : std::nullopt;
  };
  return {name.sender,       name.policy_domain, seconds(name.begin),
          seconds(name.end), name.unique_id,     name.is_gzip};
}

struct file_name_row {
  std::string_view text;
  name_parts parts;
  findings found{};
};

constexpr file_name_row file_names[] = {
    // C-06
    {"mail.sndr.example.com!example.net!1470013207!1470186007!001.json.gz",
     {"mail.sndr.example.com", "example.net", 1470013207, 1470186007, "001", true}},
    {"mail.sender.example!example.com!1013662812!1013749130.json.gz",
     {"mail.sender.example", "example.com", 1013662812, 1013749130, {}, true}},
    {"a.example!b.example!1!2.json", {"a.example", "b.example", 1, 2, {}, false}},
    // C-04: the extension without case
    {"SENDER.EXAMPLE!RCPT.EXAMPLE!1770076800!1770163199.JSON.GZ",
     {"SENDER.EXAMPLE", "RCPT.EXAMPLE", 1770076800, 1770163199, {}, true}},
    {"a.example!b.example!1!2!x9.Json", {"a.example", "b.example", 1, 2, "x9", false}},
    // C-04: overflow
    {"a.example!b.example!0!9223372036854775807.json",
     {"a.example", "b.example", 0, std::numeric_limits<std::int64_t>::max(), {}, false}},
    {"a.example!b.example!9223372036854775808!2.json",
     {"a.example", "b.example", {}, 2, {}, false},
     {{{errc::file_name_timestamp, 20}}}},
    {"a.example!b.example!1!99999999999999999999999999999999999999999.json",
     {"a.example", "b.example", 1, {}, {}, false},
     {{{errc::file_name_timestamp, 22}}}},
    {"a.example!b.example!1!00000000000000000000000000000000000000002.json",
     {"a.example", "b.example", 1, 2, {}, false}},
    {"a.example!b.example!-1!2.json",
     {"a.example", "b.example", {}, 2, {}, false},
     {{{errc::file_name_timestamp, 20}}}},
    {"a.example!b.example!1!2026-11-22.json",
     {"a.example", "b.example", 1, 2026, {}, false},
     {{{errc::file_name_extension, 26}}}},
    {"a.example!b.example!1!2x.json",
     {"a.example", "b.example", 1, {}, {}, false},
     {{{errc::file_name_timestamp, 22}}}},
    {"a.example!b.example!!2.json",
     {"a.example", "b.example", {}, 2, {}, false},
     {{{errc::file_name_timestamp, 20}}}},
    // C-03: hyphens in the unique-id
    {"a.example!b.example!1!2!0d8f7a3e-5f0c-4a43.json.gz",
     {"a.example", "b.example", 1, 2, "0d8f7a3e-5f0c-4a43", true},
     {{{errc::file_name_unique_id, 24}}}},
    {"a.example!b.example!1!2!2026.11.22.json.gz",
     {"a.example", "b.example", 1, 2, "2026.11.22", true},
     {{{errc::file_name_unique_id, 24}}}},
    {"a.example!b.example!1!2!.json.gz",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_unique_id, 24}}}},
    // QUIRKS 87: another extension
    {"a.example!b.example!1!2.gz",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_extension, 23}}}},
    {"a.example!b.example!1!2.xml.gz",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_extension, 23}}}},
    {"a.example!b.example!1!2!001.xml.gz",
     {"a.example", "b.example", 1, 2, "001", true},
     {{{errc::file_name_extension, 27}}}},
    {"a.example!b.example!1!2.zip",
     {"a.example", "b.example", 1, 2, {}, false},
     {{{errc::file_name_extension, 23}}}},
    {"a.example!b.example!1!2..json.gz",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_extension, 23}}}},
    {"a.example!b.example!1!2",
     {"a.example", "b.example", 1, 2, {}, false},
     {{{errc::file_name_extension, 23}}}},
    {"a.example!b.example!1!2!001",
     {"a.example", "b.example", 1, 2, "001", false},
     {{{errc::file_name_extension, 27}}}},
    // Copies on disk.
    {"a.example!b.example!1!2 (1).json.gz",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_decorated, 23}, {errc::file_name_extension, 24}}}},
    {"a.example!b.example!1!2 2.json",
     {"a.example", "b.example", 1, 2, {}, false},
     {{{errc::file_name_decorated, 23}, {errc::file_name_extension, 24}}}},
    {"a.example!b.example!1!2!001 (1).json.gz",
     {"a.example", "b.example", 1, 2, "001", true},
     {{{errc::file_name_decorated, 27}, {errc::file_name_extension, 28}}}},
    {"a.example!b.example!1!2.json.gz.1",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_extension, 23}}}},
    // C-05, E-24: never a path
    {"../../tmp/a.example!b.example!1!2.json",
     {"a.example", "b.example", 1, 2, {}, false},
     {{{errc::file_name_path, 0}}}},
    {"C:\\x!y\\a.example!b.example!1!2.json",
     {"a.example", "b.example", 1, 2, {}, false},
     {{{errc::file_name_path, 0}}}},
    // C-37: the fold of RFC 8460, 5.3.1
    {"mail.sender.example!example.com!\r\n              1013662812!1013749130.json.gz",
     {"mail.sender.example", "example.com", 1013662812, 1013749130, {}, true},
     {{{errc::file_name_decorated, 32}}}},
    {" a.example ! b.example ! 1 ! 2 ! 001 .json ",
     {"a.example", "b.example", 1, 2, "001", false},
     {{{errc::file_name_decorated, 0}}}},
    // A closing quotation mark is missing.
    {"\"a.example!b.example!1!2.json.gz",
     {"a.example", "b.example", 1, 2, {}, true},
     {{{errc::file_name_decorated, 0}}}},
    // QUIRKS 87: octets outside ASCII
    {"s\xc3\xa9nder.example!b.example!1!2.json.gz",
     {"s\xc3\xa9nder.example", "b.example", 1, 2, {}, true},
     {{{errc::u_label, 0}}}},
    {"a.example!b\xc3\xbc"
     "cher.example!1!2.json.gz",
     {"a.example",
      "b\xc3\xbc"
      "cher.example",
      1,
      2,
      {},
      true},
     {{{errc::u_label, 10}}}},
    // No domains.
    {"a b!b..example!1!2.json",
     {"a b", "b..example", 1, 2, {}, false},
     {{{errc::file_name_domain, 0}, {errc::file_name_domain, 4}}}},
    {"a.example!b.example.!1!2.json",
     {"a.example", "b.example.", 1, 2, {}, false},
     {{{errc::file_name_domain, 10}}}},
    {"!b.example!1!2.json", {{}, "b.example", 1, 2, {}, false}, {{{errc::file_name_domain, 0}}}},
    {"[192.0.2.1]!b.example!1!2.json",
     {"[192.0.2.1]", "b.example", 1, 2, {}, false},
     {{{errc::file_name_domain, 0}}}},
};

/// "No metadata" (C-04).
constexpr std::string_view other_file_names[] = {
    "",
    "report.json.gz",
    "rpt01.json.1",
    "a.example!b.example.json",
    "a.example!b.example!1.json",
    "a.example!b.example!1!2!3!4.json",
    "!!!",
    "what!a!great!day.json",
    "a.example!b.example!1!2.json/",
    "a.example!b.example!x!y!1.json",
    "tlsrpt",
};

constexpr bool is_as_expected(const file_name_row& row) {
  finding_sink sink;
  const auto found = tlsrpt::parse_file_name(row.text, sink);
  if (!found || !(parts_of(*found) == row.parts) || sink.found != row.found) return false;
  const bool conforms = row.found[0].code == errc::ok ||
                        (row.found[0].code == errc::file_name_path && row.found[1] == at{});
  const auto strictly = tlsrpt::parse_file_name<tlsrpt::strict>(row.text);
  return strictly.has_value() == conforms;
}

static_assert(all_as_expected<file_names>());

constexpr bool other_file_names_say_nothing() {
  for (std::string_view text : other_file_names)
    if (tlsrpt::parse_file_name(text).error() !=
        tlsrpt::diagnostic{errc::not_a_report_file_name, {.in = tlsrpt::source::file_name}, text})
      return false;
  return true;
}
static_assert(other_file_names_say_nothing());

}  // namespace

TEST_CASE("file names: C-01 to C-06, C-37") {
  for (const file_name_row& row : file_names) {
    CAPTURE(row.text);
    finding_sink sink;
    const auto found = tlsrpt::parse_file_name(row.text, sink);
    REQUIRE(found.has_value());
    const name_parts parts = parts_of(*found);
    CHECK(parts.sender == row.parts.sender);
    CHECK(parts.policy_domain == row.parts.policy_domain);
    CHECK(parts.begin == row.parts.begin);
    CHECK(parts.end == row.parts.end);
    CHECK(parts.unique_id == row.parts.unique_id);
    CHECK(parts.is_gzip == row.parts.is_gzip);
    for (std::size_t i = 0; i < row.found.size(); ++i) {
      CHECK(name(sink.found[i].code) == name(row.found[i].code));
      CHECK(sink.found[i].offset == row.found[i].offset);
    }
    CHECK(is_as_expected(row));
  }
  for (std::string_view text : other_file_names) {
    CAPTURE(text);
    CHECK(name(tlsrpt::parse_file_name(text).error().code) == "not-a-report-file-name");
  }
}

TEST_CASE("file names: the first finding that is not acceptable is the error") {
  for (const file_name_row& row : file_names) {
    for (const at& finding : row.found) {
      if (finding.code == errc::ok) continue;
      const auto found = tlsrpt::parse_file_name(row.text, all_but(finding.code));
      CHECK(found.error().code == finding.code);
    }
  }
}

TEST_CASE("file names: absent is not empty") {
  const auto found = tlsrpt::parse_file_name("!b.example!1!2.json");
  CHECK_FALSE(tlsrpt::present(found->sender));
  CHECK_FALSE(tlsrpt::present(found->unique_id));
  CHECK(tlsrpt::present(found->policy_domain));
  CHECK_FALSE(tlsrpt::present(tlsrpt::parse_file_name("a!b!!2.json").value().begin.text));
}

TEST_CASE("file names: times keep their text") {
  const auto found = tlsrpt::parse_file_name("a!b! 007 !9223372036854775808.json");
  CHECK(found->begin.text == "007");
  CHECK(found->begin.seconds == 7);
  CHECK(found->end.text == "9223372036854775808");
  CHECK(found->end.seconds == 0);
  CHECK_FALSE(found->end.known);
}

TEST_CASE("file names: the same name") {
  const auto same = [](std::string_view a, std::string_view b) {
    return *tlsrpt::parse_file_name(a) == *tlsrpt::parse_file_name(b);
  };
  CHECK(same("a!b!1!2!3.json", "a!b!01!2!3.json"));
  for (std::string_view other :
       {"x!b!1!2!3.json", "a!x!1!2!3.json", "a!b!9!2!3.json", "a!b!1!9!3.json", "a!b!1!2!x.json",
        "a!b!1!2!3.json.gz", "a!b!x!2!3.json"})
    CHECK_FALSE(same("a!b!1!2!3.json", other));
}

TEST_CASE("file names: unfolding (C-37)") {
  const auto unfolded = [](std::string_view text) {
    return written([text](auto& out) { tlsrpt::unfold_file_name(out, text); });
  };
  CHECK(unfolded("a.example!b.example!1!2.json") == "a.example!b.example!1!2.json");
  CHECK(unfolded("a.exam\r\n ple!b.example!\t1!\n 2 3.json ") == "a.example!b.example!1!23.json");
  CHECK(unfolded("").empty());
}

TEST_CASE("file names: writing (C-01, C-02, E-12)") {
  const auto write = [](const file_name_view& view) {
    return written([&view](auto& out) { return tlsrpt::write_file_name(out, view); });
  };
  const auto error = [](const file_name_view& view) {
    std::string text;
    return tlsrpt::write_file_name(text, view).error();
  };
  const auto at_fault = [](errc code, std::uint32_t element, std::string_view subject,
                           errc hint = errc::ok) {
    return tlsrpt::diagnostic{
        code, {.element = element, .in = tlsrpt::source::file_name}, subject, hint};
  };
  const file_name_view good =
      name_of("a.example", "b.example", 1770076800, 1770163199, "001", true);
  CHECK(write(good) == "a.example!b.example!1770076800!1770163199!001.json.gz");
  file_name_view other = good;
  other.unique_id = {};
  other.is_gzip = false;
  other.policy_domain = "b.example.";
  CHECK(write(other) == "a.example!b.example!1770076800!1770163199.json");
  CHECK(write(name_of("a.", "b", 0, 0, {}, false)) == "a!b!0!0.json");

  for (std::string_view domain :
       {"", ".", "a..example", "a!b", "a/b", "a\\b", "..", "a.example\r\n", "a b", "-a.example",
        "[192.0.2.1]", "a.example..",
        "b\xc3\xbc"
        "cher.example"}) {
    CAPTURE(domain);
    const errc hint = tlsrpt::has_non_ascii(domain) ? errc::u_label : errc::ok;
    other = good;
    other.sender = domain;
    CHECK(write(other) == "error file-name-domain");
    CHECK(error(other) == at_fault(errc::file_name_domain, 0, domain, hint));
    other = good;
    other.policy_domain = domain;
    CHECK(write(other) == "error file-name-domain");
    CHECK(error(other) == at_fault(errc::file_name_domain, 1, domain, hint));
  }
  other = good;
  other.sender = std::string_view("a\0b", 3);
  CHECK(write(other) == "error file-name-domain");
  for (std::string_view id : {"a-b", "a.b", "a!b", "a/b", "\r", " "}) {
    other = good;
    other.unique_id = id;
    CHECK(write(other) == "error file-name-unique-id");
    CHECK(error(other) == at_fault(errc::file_name_unique_id, tlsrpt::location::npos, id));
  }
  other = good;
  other.begin = {.seconds = 1, .text = "x"};
  CHECK(write(other) == "error file-name-timestamp");
  CHECK(error(other) == at_fault(errc::file_name_timestamp, 0, "x"));
  other = good;
  other.end = at_second(-1);
  CHECK(write(other) == "error file-name-timestamp");
  CHECK(error(other) == at_fault(errc::file_name_timestamp, 1, ""));

  constexpr bool at_compile_time = [] {
    tlsrpt::short_text<64> text;
    return tlsrpt::write_file_name(text, name_of("a.example", "b.example", 1, 2, {}, true)) &&
           text == "a.example!b.example!1!2.json.gz";
  }();
  static_assert(at_compile_time);
}

TEST_CASE("file names: what the grammar generates comes back") {
  generator make(8460);
  for (int round = 0; round < 20'000; ++round) {
    const std::string sender = make.domain(), domain = make.domain();
    const std::string id =
        make.one_in(2) ? std::string() : make.of(make.alphanumeric, 1 + make.below(40));
    constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
    const auto begin = make.one_in(50) ? greatest : static_cast<std::int64_t>(make.below(1u << 31));
    const auto end = make.one_in(50) ? 0 : static_cast<std::int64_t>(make.below(1u << 31));
    const file_name_view view = name_of(sender, domain, begin, end, id, make.one_in(2));
    const std::string text =
        written([&view](auto& out) { return tlsrpt::write_file_name(out, view); });
    CAPTURE(text);
    finding_sink sink;
    const auto strictly = tlsrpt::parse_file_name<tlsrpt::strict>(text, sink);
    REQUIRE(strictly.has_value());
    CHECK(*strictly == view);
    CHECK(sink.size == 0);

    // Folded anywhere, with the extension in capitals and in some folder: still the same.
    std::string folded = text;
    const std::size_t dot = folded.find(".json", folded.rfind('!'));
    for (std::size_t i = dot; i < folded.size(); ++i)
      if (folded[i] >= 'a') folded[i] = static_cast<char>(folded[i] - 'a' + 'A');
    for (std::size_t folds = make.below(4); folds > 0; --folds)
      folded.insert(make.below(folded.size() + 1), make.one_in(2) ? "\r\n " : "\t");
    folded.insert(0, make.one_in(2) ? "/var/mail/" : "");
    std::string unfolded;
    tlsrpt::unfold_file_name(unfolded, folded);
    const auto leniently = tlsrpt::parse_file_name(unfolded);
    REQUIRE(leniently.has_value());
    CHECK(*leniently == view);
  }
}

TEST_CASE("file names: strict accepts what the grammar does, and nothing else") {
  const std::string label = "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?";
  const std::string domain = label + "([.]" + label + ")*";
  const std::regex grammar(
      "(.*[/\\\\])?" + domain + "!" + domain + "![0-9]+![0-9]+(![a-z0-9]+)?[.]json([.]gz)?",
      std::regex::icase | std::regex::optimize);
  constexpr std::string_view words[] = {"a",     "b.example", "!", "1", "2", "001", "-",
                                        ".json", ".JSON.gz",  ".", " ", "/", "\""};
  generator make(5321);
  std::size_t accepted = 0, refused = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::vector<std::string_view> pieces{"a.example", "!", "b", "!", "1", "!", "2"};
    if (make.one_in(2)) pieces.insert(pieces.end(), {"!", "001"});
    pieces.push_back(make.one_in(2) ? ".json" : ".json.gz");
    for (std::size_t changes = make.below(3); changes > 0; --changes) {
      const auto place = pieces.begin() + static_cast<std::ptrdiff_t>(make.below(pieces.size()));
      if (make.one_in(3))
        pieces.erase(place);
      else
        pieces.insert(place, words[make.below(std::size(words))]);
    }
    std::string text;
    for (std::string_view piece : pieces) text += piece;
    CAPTURE(text);
    const bool is_accepted = tlsrpt::parse_file_name<tlsrpt::strict>(text).has_value();
    CHECK(is_accepted == std::regex_match(text, grammar));
    ++(is_accepted ? accepted : refused);
  }
  CHECK(accepted > 5'000);
  CHECK(refused > 5'000);
}

TEST_CASE("file names: whatever the text, views and places lie inside, strict implies lenient") {
  generator make(5323);
  constexpr std::string_view octets("ab1!!!!.. /\\\"\r\n-_(\xc3\xbc\0json.gz", 28);
  std::size_t read = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string text = make.of(octets, make.below(30));
    if (make.one_in(2)) text = "a.example!b.example!1!2" + text;
    inside_sink sink{text};
    const auto found = tlsrpt::parse_file_name(std::string_view(text), sink);
    CHECK(sink.all_inside);
    const auto strictly = tlsrpt::parse_file_name<tlsrpt::strict>(text);
    if (!found) {
      CHECK(found.error().code == errc::not_a_report_file_name);
      CHECK_FALSE(strictly.has_value());
      continue;
    }
    ++read;
    for (std::string_view part : {found->sender, found->policy_domain, found->unique_id})
      CHECK(lies_inside(part, text));
    if (strictly) CHECK(*strictly == *found);
  }
  CHECK(read > 1000);
}

TEST_CASE("file names: temporaries are rejected, what lives on is not") {
  // The message of the compiler is tested in tests/reject.
  constexpr auto read = []<class T>(T && text) requires requires {
    tlsrpt::parse_file_name(std::forward<T>(text));
  }
  {};
  using reader = decltype(read);
  static_assert(!std::is_invocable_v<reader, std::string>);
  static_assert(!std::is_invocable_v<reader, const std::string>);
  static_assert(std::is_invocable_v<reader, std::string&>);
  static_assert(std::is_invocable_v<reader, const std::string&>);
  static_assert(std::is_invocable_v<reader, std::string_view>);
  static_assert(std::is_invocable_v<reader, const char*>);
}
