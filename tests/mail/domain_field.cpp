#include <tlsrpt/domain_field.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mail/checks.hpp"

namespace {

using checks::all_as_expected;
using checks::all_but;
using checks::at;
using checks::finding_sink;
using checks::findings;
using tlsrpt::errc;

struct domain_field_row {
  std::string_view text;
  std::string_view domain;  ///< Empty: domain_field_value is the error.
  findings found{};
};

constexpr domain_field_row domain_fields[] = {
    {"rcpt.example", "rcpt.example"},
    {" rcpt.example\r\n", "rcpt.example"},
    {"\r\n rcpt.example", "rcpt.example"},
    // QUIRKS 81 and its mails
    {"RCPT.Example.", "RCPT.Example", {{{errc::domain_field_decorated, 0}}}},
    {" rcpt.example (CFWS)", "rcpt.example", {{{errc::domain_field_decorated, 14}}}},
    {"(a (b\\)) c)rcpt.example(d)",
     "rcpt.example",
     {{{errc::domain_field_decorated, 0}, {errc::domain_field_decorated, 23}}}},
    {" b\xc3\xbc"
     "cher.example",
     "b\xc3\xbc"
     "cher.example",
     {{{errc::u_label, 1}}}},
    {"a.example, b.example",
     "a.example",
     {{{errc::domain_field_decorated, 9}, {errc::several_domains, 11}}}},
    {"a.example A.EXAMPLE.", "a.example", {{{errc::domain_field_decorated, 10}}}},
    {"<a.example>", "a.example", {{{errc::domain_field_decorated, 0}}}},
    {"\"a.example\";",
     "a.example",
     {{{errc::domain_field_decorated, 0}, {errc::domain_field_decorated, 11}}}},
    {"postmaster@a.example", "a.example", {{{errc::domain_field_value, 0}}}},
    {"a.example; v=1",
     "a.example",
     {{{errc::domain_field_decorated, 9}, {errc::domain_field_value, 11}}}},
    {"a.example (open", "a.example", {{{errc::domain_field_value, 10}}}},
    {"", ""},
    {" \t", ""},
    {"(only a comment)", "", {{{errc::domain_field_decorated, 0}}}},
    {"(open a.example", ""},
    {"-", ""},
    {"[192.0.2.1]", ""},
    {"a..example", ""},
    {"=?utf-8?Q?a=2Eexample?=", ""},
    {"x@", ""},
};

constexpr bool is_as_expected(const domain_field_row& row) {
  finding_sink sink;
  const auto found = tlsrpt::parse_domain_field(row.text, sink);
  if (sink.found != row.found) return false;
  if (row.domain.empty()) return found.error().code == errc::domain_field_value;
  return found && *found == row.domain;
}

static_assert(all_as_expected<domain_fields>());

}  // namespace

TEST_CASE("TLS-Report-Domain and TLS-Report-Submitter: C-26") {
  for (const domain_field_row& row : domain_fields) {
    CAPTURE(row.text);
    finding_sink sink;
    const auto found = tlsrpt::parse_domain_field(row.text, sink);
    CHECK(*found == row.domain);
    for (std::size_t i = 0; i < row.found.size(); ++i) {
      CHECK(name(sink.found[i].code) == name(row.found[i].code));
      CHECK(sink.found[i].offset == row.found[i].offset);
    }
    CHECK(is_as_expected(row));
  }
  CHECK(*tlsrpt::parse_domain_field<tlsrpt::strict>("a.example.") == "a.example");
  CHECK(
      tlsrpt::parse_domain_field<tlsrpt::strict>("b\xc3\xbc.example").error() ==
      tlsrpt::diagnostic{errc::u_label, {.in = tlsrpt::source::header_field}, "b\xc3\xbc.example"});
}

TEST_CASE("header fields: the first finding that is not acceptable is the error") {
  for (const domain_field_row& row : domain_fields) {
    for (const at& finding : row.found) {
      if (finding.code == errc::ok) continue;
      CAPTURE(row.text);
      const tlsrpt::rules rules = all_but(finding.code);
      const auto refused = tlsrpt::parse_domain_field(row.text, rules).error();
      CHECK(refused.code == finding.code);
      const auto first = std::find_if(row.found.begin(), row.found.end(),
                                      [&](const at& f) { return f.code == finding.code; });
      CHECK(refused.where.offset == first->offset);
      CHECK(tlsrpt::select_domain_field(std::span(&row.text, 1), rules).error().code ==
            finding.code);
    }
  }
}

TEST_CASE("header fields that come more than once") {
  tlsrpt::diagnostic_list<4> found;
  const std::string_view same[] = {"a.example", "A.example"};
  CHECK(*tlsrpt::select_domain_field(same, found) == "a.example");
  CHECK(found.empty());

  const std::string_view differ[] = {"", "a.example", "b.example"};
  CHECK(*tlsrpt::select_domain_field(differ, found) == "a.example");
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == errc::domain_field_value);
  CHECK(found[0].where.element == 0);
  CHECK(found[1].code == errc::several_domains);
  CHECK(found[1].where.element == 2);
  CHECK(found[1].subject == "b.example");
  CHECK(tlsrpt::select_domain_field<tlsrpt::strict>(differ).error().code ==
        errc::domain_field_value);
  CHECK(tlsrpt::select_domain_field<tlsrpt::strict>(std::span(differ).subspan(1)).error() ==
        tlsrpt::diagnostic{errc::several_domains,
                           {.element = 1, .in = tlsrpt::source::header_field},
                           "b.example"});

  CHECK(tlsrpt::select_domain_field({}).error().code == errc::domain_field_value);
  const std::string_view none[] = {"-", "--"};
  CHECK(tlsrpt::select_domain_field(none).error().where.element == 0);
  CHECK(tlsrpt::select_domain_field(none).error().subject == "-");

  // The first domain counts, and the octets are those of the value that a finding is about.
  const std::string_view decorated[] = {"a.example", " <A.example>", "-", "b.example. (c)"};
  found.clear();
  CHECK(*tlsrpt::select_domain_field(decorated, found) == "a.example");
  REQUIRE(found.size() == 4);
  CHECK(found[0].code == errc::domain_field_decorated);
  CHECK(found[0].where ==
        tlsrpt::location{.offset = 1, .element = 1, .in = tlsrpt::source::header_field});
  CHECK(found[1].code == errc::domain_field_value);
  CHECK(found[1].where.element == 2);
  CHECK(found[2].where.element == 3);
  CHECK(found.dropped() == 1);
}

TEST_CASE("header fields: temporaries are rejected, what lives on is not") {
  // The message of the compiler is tested in tests/reject.
  constexpr auto read = []<class T>(T && text) requires requires {
    tlsrpt::parse_domain_field(std::forward<T>(text));
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
