#include <tlsrpt/subject.hpp>

#include <doctest/doctest.h>

#include <array>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tlsrpt/envelope.hpp>

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

using tlsrpt::subject_view;

struct subject_row {
  std::string_view text;
  subject_view view;
  findings found{};
};

constexpr subject_row subjects[] = {
    {"Report Domain: example.net Submitter: mail.sender.example.com Report-ID: <735ff.e317@x.org>",
     {"example.net", "mail.sender.example.com", "735ff.e317@x.org"}},
    // C-30: folding wherever FWS is allowed, and a comment at the end
    {"Report\r\n Domain:\r\n\texample.net\r\n Submitter:\n a.example \t\r\n Report-ID:\r\n"
     " <1+x@a.example>\r\n (done)",
     {"example.net", "a.example", "1+x@a.example"}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@[192.0.2.1]> (a (b) \\) c) (d)",
     {"b.example", "a.example", "1@[192.0.2.1]"}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@[]>",
     {"b.example", "a.example", "1@[]"}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <\"1@2\"@a.example>",
     {"b.example", "a.example", "\"1@2\"@a.example"}},
    {" Report Domain: b.example Submitter: a.example Report-ID: <1@a.example> ",
     {"b.example", "a.example", "1@a.example"}},
    // C-31, QUIRKS 82: Microsoft
    {"Report Domain: example.com Submitter: microsoft.example Report-ID:\r\n"
     " 134232617934286362+example.com",
     {"example.com", "microsoft.example", "134232617934286362+example.com"},
     {{{errc::report_id_brackets, 69}, {errc::report_id_without_at, 69}}}},
    // QUIRKS 82: Stalwart
    {"Report Domain: b.example Submitter: mx.a.example Report-ID: \r\n\t<1772633111_91200>",
     {"b.example", "mx.a.example", "1772633111_91200"},
     {{{errc::report_id_without_at, 64}}}},
    // tlsrpt-reporter: ":" in the id
    {"Report Domain: b.example Submitter: a.example Report-ID:\r\n"
     " <2025-02-22T00:00:00Z_idx1_b.example@a.example>",
     {"b.example", "a.example", "2025-02-22T00:00:00Z_idx1_b.example@a.example"},
     {{{errc::report_id_characters, 60}}}},
    // QUIRKS 90: gateways and people
    {"Fwd: Report Domain: b.example Submitter: a.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::text_around_subject, 0}}}},
    {"[EXTERNAL]Report Domain: b.example Submitter: a.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::text_around_subject, 0}, {errc::subject_wording, 10}}}},
    {"RE: [EXTERNAL] Re: Report Domain: b.example Submitter: a.example Report-ID: <1@a> [SPAM]",
     {"b.example", "a.example", "1@a"},
     {{{errc::text_around_subject, 0}, {errc::text_around_subject, 82}}}},
    {"Report Domain: b.example (ours) Submitter: a.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::text_around_subject, 25}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@a.example> (open",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::text_around_subject, 71}}}},
    // Other words and punctuation.
    {"report domain: b.example submitter: a.example report-id: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::subject_wording, 0}, {errc::subject_wording, 25}, {errc::subject_wording, 46}}}},
    {"Report-Domain: b.example; Submitter: <a.example>, Report ID : <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::subject_wording, 0},
       {errc::subject_wording, 15},
       {errc::subject_wording, 37},
       {errc::subject_wording, 50}}}},
    {"Report Domain:b.example Submitter:a.example Report-ID:<1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::subject_wording, 0}, {errc::subject_wording, 24}, {errc::subject_wording, 44}}}},
    {"Submitter: a.example Report Domain: b.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::subject_wording, 21}}}},
    {"Domain: b.example Submitter: a.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::subject_wording, 0}}}},
    {"[Domain: c.example] Report Domain: b.example Submitter: a.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::text_around_subject, 0}}}},
    // Unfolded without leaving a space.
    {"Report Domain: b.exampleSubmitter: a.exampleReport-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::subject_wording, 24}, {errc::subject_wording, 44}}}},
    // The fold was lost, so the rest is no part of the Subject.
    {"Report Domain: example.net", {"example.net", {}, {}}, {{{errc::missing_subject_part, 26}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID:",
     {"b.example", "a.example", {}},
     {{{errc::missing_subject_part, 56}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <>",
     {"b.example", "a.example", {}},
     {{{errc::missing_subject_part, 59}}}},
    {"Report-ID: <1@a.example>", {{}, {}, "1@a.example"}, {{{errc::missing_subject_part, 24}}}},
    // The id cut short, and one that looks like a label.
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@a.exa",
     {"b.example", "a.example", "1@a.exa"},
     {{{errc::report_id_brackets, 57}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <Submitter:1@a.example>",
     {"b.example", "a.example", "Submitter:1@a.example"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1.@a..example>",
     {"b.example", "a.example", "1.@a..example"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@[a>",
     {"b.example", "a.example", "1@[a"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@a]>",
     {"b.example", "a.example", "1@a]"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@a..b>",
     {"b.example", "a.example", "1@a..b"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@[a[]>",
     {"b.example", "a.example", "1@[a[]"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@[>",
     {"b.example", "a.example", "1@["},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@]>",
     {"b.example", "a.example", "1@]"},
     {{{errc::report_id_characters, 58}}}},
    {"Report Domain: b.example Submitter: a.example Report-ID:<Submitter:1@a.example>",
     {"b.example", "a.example", "Submitter:1@a.example"},
     {{{errc::subject_wording, 46}, {errc::report_id_characters, 57}}}},
    {"preport id: 2 Report Domain: b.example Submitter: a.example Report-ID: <1@a.example>",
     {"b.example", "a.example", "1@a.example"},
     {{{errc::text_around_subject, 0}}}},
    // Two of them: the first counts.
    {"Report Domain: b.example Submitter: a.example Report-ID: <1@a> Report Domain: c.example",
     {"b.example", "a.example", "1@a"},
     {{{errc::text_around_subject, 63}}}},
    // No domains.
    {"Report Domain: localhost Submitter: Example Inc Report-ID: <1@a.example>",
     {"localhost", "Example", "1@a.example"},
     {{{errc::subject_domain, 15}, {errc::subject_domain, 36}, {errc::text_around_subject, 44}}}},
    {"Report Domain: b\xc3\xbc"
     "cher.example Submitter: a.example. Report-ID: <1@a.example>",
     {"b\xc3\xbc"
      "cher.example",
      "a.example", "1@a.example"},
     {{{errc::u_label, 15}, {errc::subject_wording, 42}}}},
};

constexpr std::string_view other_subjects[] = {
    "",
    "tlsrpt report",
    "Fwd: report",
    "Re: your domain: example.com",
    "Submitter: a.example",
    "Report domains: a.example",
    "DMARC report for example.com",
    "report",
    "Report Domain",
    "xreport domain: example.com",
};

constexpr bool is_as_expected(const subject_row& row) {
  finding_sink sink;
  const auto found = tlsrpt::parse_subject(row.text, sink);
  if (!found || !(*found == row.view) || sink.found != row.found) return false;
  return tlsrpt::parse_subject<tlsrpt::strict>(row.text).has_value() ==
         (row.found[0].code == errc::ok);
}

static_assert(all_as_expected<subjects>());

constexpr bool other_subjects_say_nothing() {
  for (std::string_view text : other_subjects)
    if (tlsrpt::parse_subject(text).error() !=
        tlsrpt::diagnostic{errc::not_a_report_subject, {.in = tlsrpt::source::subject}, text})
      return false;
  return true;
}
static_assert(other_subjects_say_nothing());

}  // namespace

TEST_CASE("Subjects: C-30 to C-33") {
  for (const subject_row& row : subjects) {
    CAPTURE(row.text);
    finding_sink sink;
    const auto found = tlsrpt::parse_subject(row.text, sink);
    REQUIRE(found.has_value());
    CHECK(found->domain == row.view.domain);
    CHECK(found->submitter == row.view.submitter);
    CHECK(found->report_id == row.view.report_id);
    for (std::size_t i = 0; i < row.found.size(); ++i) {
      CHECK(name(sink.found[i].code) == name(row.found[i].code));
      CHECK(sink.found[i].offset == row.found[i].offset);
    }
    CHECK(is_as_expected(row));
  }
  for (std::string_view text : other_subjects) {
    CAPTURE(text);
    CHECK(name(tlsrpt::parse_subject(text).error().code) == "not-a-report-subject");
  }
}

TEST_CASE("Subjects: the first finding that is not acceptable is the error") {
  for (const subject_row& row : subjects) {
    for (const at& finding : row.found) {
      if (finding.code == errc::ok) continue;
      const auto found = tlsrpt::parse_subject(row.text, all_but(finding.code));
      CHECK(found.error().code == finding.code);
    }
  }
}

TEST_CASE("Subjects: the sides of the id") {
  const subject_view both{{}, {}, "1+b.example@a.example"}, left{{}, {}, "1+b.example"};
  CHECK(both.id_left() == "1+b.example");
  CHECK(both.id_right() == "a.example");
  CHECK(left.id_left() == "1+b.example");
  CHECK(left.id_right().empty());
}

TEST_CASE("Subjects: writing (C-30, C-32, E-12)") {
  const auto write = [](std::string_view domain, std::string_view submitter, std::string_view id,
                        std::size_t columns = 0) {
    return written([&](auto& out) {
      return tlsrpt::write_subject(out, {domain, submitter, id}, columns);
    });
  };
  const auto error = [](const subject_view& subject) {
    std::string text;
    return tlsrpt::write_subject(text, subject).error();
  };
  const auto at_fault = [](errc code, std::uint32_t element, std::string_view subject,
                           errc hint = errc::ok) {
    return tlsrpt::diagnostic{
        code, {.element = element, .in = tlsrpt::source::subject}, subject, hint};
  };
  CHECK(write("b.example", "a.example", "1@x.example") ==
        "Report Domain: b.example Submitter: a.example Report-ID: <1@x.example>");
  CHECK(write("b.example.", "a.example.", "2026-11-22T00:00:00Z_b.example") ==
        "Report Domain: b.example Submitter: a.example"
        " Report-ID: <2026-11-22T00.00.00Z_b.example@a.example>");
  // One dot at most between atoms, none at the ends.
  CHECK(write("b.example", "a.example", "..<1>::\xc3\xbc 2..") ==
        "Report Domain: b.example Submitter: a.example Report-ID: <1.2@a.example>");
  CHECK(write("b.example", "a.example", "1@2@3") ==
        "Report Domain: b.example Submitter: a.example Report-ID: <1.2.3@a.example>");
  CHECK(write("b.example", "a.example", "1", 40) ==
        "Report Domain: b.example\r\n Submitter: a.example Report-ID:\r\n <1@a.example>");
  // "Subject: " counts.
  CHECK(write("b.example", "a.example", "1", 33).starts_with("Report Domain: b.example\r\n"));
  CHECK(write("b.example", "a.example", "1", 32).starts_with("Report Domain:\r\n b.example"));

  // The whole of it in one line, which has 79 columns.
  CHECK(write("b.example", "a.example", "1", 79).find('\n') == std::string::npos);
  CHECK(write("b.example", "a.example", "1", 78).ends_with("Report-ID:\r\n <1@a.example>"));

  for (std::string_view domain : {"", "localhost", "a..example", "a.example\r\nBcc: x",
                                  "a b.example", "a!b.example", "[192.0.2.1]"}) {
    CAPTURE(domain);
    CHECK(write(domain, "a.example", "1") == "error subject-domain");
    CHECK(error({domain, "a.example", "1"}) == at_fault(errc::subject_domain, 1, domain));
    CHECK(write("b.example", domain, "1") == "error subject-domain");
    CHECK(error({"b.example", domain, "1"}) == at_fault(errc::subject_domain, 0, domain));
  }
  CHECK(error({"b\xc3\xbc.example", "a.example", "1"}) ==
        at_fault(errc::subject_domain, 1, "b\xc3\xbc.example", errc::u_label));
  for (std::string_view id : {std::string_view(""), std::string_view("::"), std::string_view("..."),
                              std::string_view("1\r\nBcc: x"), std::string_view("1\0", 2)}) {
    CAPTURE(id);
    CHECK(write("b.example", "a.example", id) == "error report-id-characters");
  }
  CHECK(error({"b.example", "a.example", "12\n"}) ==
        tlsrpt::diagnostic{
            errc::report_id_characters, {.offset = 2, .in = tlsrpt::source::subject}, "12\n"});
  CHECK(error({"b.example", "a.example", "..."}) ==
        at_fault(errc::report_id_characters, tlsrpt::location::npos, "..."));
  // A line of mail has 998 octets at most: a space, "<", the id, "@a.example>".
  CHECK(write("b.example", "a.example", std::string(985, 'x'), 78).size() > 985);
  CHECK(write("b.example", "a.example", std::string(986, 'x'), 78) == "error report-id-characters");
}

TEST_CASE("Subjects: what the grammar generates comes back, folded or not") {
  generator make(5322);
  for (int round = 0; round < 20'000; ++round) {
    const std::string domain = make.domain(2), submitter = make.domain(2);
    const std::string id = make.dot_atom(make.atext) + '@' + make.dot_atom(make.atext);
    const std::size_t columns = make.one_in(3) ? 0 : make.one_in(2) ? 78 : make.below(100);
    const std::string text = written([&](auto& out) {
      return tlsrpt::write_subject(out, {domain, submitter, id}, columns);
    });
    CAPTURE(text);
    finding_sink sink;
    const auto strictly = tlsrpt::parse_subject<tlsrpt::strict>(text, sink);
    REQUIRE(strictly.has_value());
    CHECK(*strictly == subject_view{domain, submitter, id});
    CHECK(strictly->id_left() == id.substr(0, id.find('@')));
    CHECK(sink.size == 0);

    std::istringstream lines("Subject: " + text);
    bool is_first = true;
    for (std::string line; std::getline(lines, line); is_first = false) {
      if (line.ends_with('\r')) line.pop_back();
      const bool has_one_word = line.find(' ', is_first ? 9 : 1) == std::string::npos;
      if (columns != 0 && !has_one_word) CHECK(line.size() <= columns);
    }
    if (columns == 0) CHECK(text.find('\n') == std::string::npos);

    // Any run of spaces where there was one.
    std::string wide;
    for (std::size_t i = 0; i < text.size(); ++i)
      wide += text[i] == ' ' ? (make.one_in(2) ? "\r\n \t " : "  ") : std::string(1, text[i]);
    const auto again = tlsrpt::parse_subject<tlsrpt::strict>(wide);
    REQUIRE(again.has_value());
    CHECK(*again == *strictly);
  }
}

TEST_CASE("Subjects: any report-id becomes a message id that is known again (C-32, C-33)") {
  generator make(8259);
  std::size_t count = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string id = make.of("ab09:._-+@ <>()\xc3\xbc\"", make.below(12));
    std::string text;
    const auto done = tlsrpt::write_subject(text, {"b.example", "a.example", id}, 78);
    if (!done) {
      CHECK(done.error().code == errc::report_id_characters);
      continue;
    }
    CAPTURE(id);
    const auto found = tlsrpt::parse_subject<tlsrpt::strict>(text);
    REQUIRE(found.has_value());
    tlsrpt::report_view report{};
    report.report_id = id;
    finding_sink sink;
    compare_envelope({.subject = *found}, report, sink);
    CHECK(sink.size == 0);
    ++count;
  }
  CHECK(count > 10'000);
}

TEST_CASE(
    "Subjects: strict accepts what the grammar does, and nothing else; all views lie inside") {
  const std::string domain = "[a-zA-Z0-9]+([.][a-zA-Z0-9]+)+", atoms = "[a-z0-9]+([.][a-z0-9]+)*";
  const std::regex grammar("\\s*Report\\s+Domain:\\s+" + domain + "\\s+Submitter:\\s+" + domain +
                               "\\s+Report-ID:\\s+<" + atoms + "@" + atoms + ">(\\s|[(]c[)])*",
                           std::regex::optimize);
  constexpr std::string_view words[] = {"Report",      "Domain:",   "Submitter:", "Report-ID:",
                                        "report-id :", "a.example", "b",          "<1@a>",
                                        "<1",          "(c)",       "(",          "\\",
                                        "Fwd:",        ">",         "\xc3\xbc"};
  constexpr std::string_view blanks[] = {" ", "\r\n ", "\t", ""};
  generator make(2047);
  std::size_t accepted = 0, refused = 0, others = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::vector<std::string_view> pieces{"Report",         "Domain:",     "b.example",
                                         "Submitter:",     "a.c.example", "Report-ID:",
                                         "<1.x@a.example>"};
    if (make.one_in(3)) pieces.push_back("(c)");
    for (std::size_t changes = make.one_in(2) ? 0 : make.below(8); changes > 0; --changes) {
      const auto place = pieces.begin() + static_cast<std::ptrdiff_t>(make.below(pieces.size()));
      if (pieces.size() > 1 && make.one_in(2))
        pieces.erase(place);
      else
        pieces.insert(place, words[make.below(std::size(words))]);
    }
    std::string text;
    for (std::string_view piece : pieces) {
      text += piece;
      text += blanks[make.one_in(30) ? 3 : make.below(3)];
    }
    CAPTURE(text);
    inside_sink sink{text};
    const auto found = tlsrpt::parse_subject(std::string_view(text), sink);
    CHECK(sink.all_inside);
    const auto strictly = tlsrpt::parse_subject<tlsrpt::strict>(text);
    CHECK(strictly.has_value() == std::regex_match(text, grammar));
    ++(strictly ? accepted : refused);
    if (!found) {
      CHECK(found.error().code == errc::not_a_report_subject);
      CHECK_FALSE(strictly.has_value());
      ++others;
      continue;
    }
    for (std::string_view part : {found->domain, found->submitter, found->report_id})
      CHECK(lies_inside(part, text));
    if (strictly) CHECK(*strictly == *found);
  }
  CHECK(accepted > 5'000);
  CHECK(refused > 5'000);
  CHECK(others > 100);
}

TEST_CASE("Subjects: temporaries are rejected, what lives on is not") {
  // The message of the compiler is tested in tests/reject.
  constexpr auto read = []<class T>(T && text) requires requires {
    tlsrpt::parse_subject(std::forward<T>(text));
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
