#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/detail/report/usual_host.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/schema.hpp>

#include "support.hpp"

namespace {

namespace schema = tlsrpt::schema;
using support::finding;
using support::findings;
using support::report_parts;
using tlsrpt::errc;
using tlsrpt::field;

/// What is found in a report with this text as policy-domain, written as JSON.
std::vector<finding> found_of_domain(const std::string& json) {
  report_parts parts;
  parts.policy_domain = json;
  tlsrpt::report_parser<> parser;
  findings found;
  REQUIRE(parser.parse(parts.text(), found).has_value());
  return found.all;
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

/// Writes a report in which one member has another value, and perhaps comes a second time.
class report_writer {
 public:
  report_writer(field member, std::string_view value, bool twice)
      : member_(member), value_(value), twice_(twice) {}

  std::string text() const { return object(schema::report); }

 private:
  template <class Members>
  std::string object(const Members& members) const {
    std::string text;
    schema::for_each(members, [&](const auto& member) {
      const std::string written =
          in_quotes(member.name) + ": " + (member.id == member_ ? value_ : usual(member));
      for (int times = 0; times < (member.id == member_ && twice_ ? 2 : 1); ++times)
        (text += text.empty() ? "" : ", ") += written;
    });
    return '{' + text + '}';
  }

  template <class Member>
  std::string usual(const Member& member) const {
    if constexpr (requires { member.members; }) {
      const bool is_array = member.id == field::policies || member.id == field::failure_details;
      const std::string inside = object(member.members);
      return is_array ? '[' + inside + ']' : inside;
    } else {
      switch (member.id) {
        case field::policy_string:
        case field::mx_host:
          return R"(["text"])";
        case field::total_successful_session_count:
        case field::total_failure_session_count:
        case field::failed_session_count:
          return "1";
        default:
          return R"("text")";
      }
    }
  }

  field member_;
  std::string value_;
  bool twice_;
};

}  // namespace

TEST_CASE("a policy-domain that is not a host name is found, and strict refuses it") {
  for (std::string_view text :
       {"-", "hello world", "https://example.com/", "a..b", ".example.com", "example.com..",
        "-a.example", "a-.example", "example.com,example.net", "*.example.com", "a@example.com",
        "[192.0.2.1]", "b\xc3\xbc cher.example", " example.com", "example.com ",
        "example.com:25"}) {
    CAPTURE(text);
    const auto found = found_of_domain(in_quotes(text));
    REQUIRE(found.size() == 1);
    CHECK(name(found[0].code) == "policy-domain-not-a-name");
    CHECK(found[0].path == "/policies/0/policy/policy-domain");
    CHECK(found[0].subject == text);

    report_parts parts;
    parts.policy_domain = in_quotes(text);
    tlsrpt::report_parser<tlsrpt::strict> strict;
    const auto refused = strict.parse(parts.text());
    CHECK(name(refused.error().code) == "policy-domain-not-a-name");
    CHECK(refused.error().where.offset == parts.text().find(in_quotes(text)));
    // The text is kept.
    tlsrpt::report_parser<> parser;
    const auto read = parser.parse(parts.text());
    REQUIRE(read.has_value());
    CHECK(read->policies[0].policy_domain == text);
  }
  for (const std::string& json :
       {std::string(R"("a\u0000b")"), std::string(R"("example.com\n")"),
        in_quotes(std::string(64, 'a')), in_quotes("a." + std::string(64, 'a')),
        in_quotes(std::string(254, 'a'))}) {
    CAPTURE(json);
    const auto found = found_of_domain(json);
    REQUIRE(found.size() == 1);
    CHECK(name(found[0].code) == "policy-domain-not-a-name");
  }
}

TEST_CASE("a policy-domain that is a host name, however it is written, is not remarked upon") {
  for (const std::string& text :
       {std::string("example.com"), std::string("EXAMPLE.Com."), std::string("localhost"),
        std::string("_smtp._tls.example.com"), std::string("xn--bcher-kva.example"),
        std::string("a"), std::string("1.2.3.4"),
        std::string(63, 'a') + '.' + std::string(63, 'b')}) {
    CAPTURE(text);
    CHECK(found_of_domain(in_quotes(text)).empty());
  }
  const auto found = found_of_domain(
      "\"b\xc3\xbc"
      "cher.example\"");
  REQUIRE(found.size() == 1);
  CHECK(name(found[0].code) == "u-label");
  // Absent ones have been reported as such.
  for (std::string_view json : {"null", "\"\""}) {
    const auto absent = found_of_domain(std::string(json));
    REQUIRE(absent.size() == 1);
    CHECK(absent[0].code == (json == "null" ? errc::null_member : errc::empty_member));
  }
}

TEST_CASE("usual host names are host names") {
  // Each octet at each place of a name that is longer than a block.
  const std::string usual = "mail-1.eu-2.example.com";
  std::size_t good = 0;
  for (std::size_t at = 0; at < usual.size(); ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      for (std::size_t end : {usual.size(), at + 1}) {
        std::string text = usual.substr(0, end);
        text[at] = static_cast<char>(octet);
        const bool is_usual = tlsrpt::detail::is_usual_host_name(
            std::string_view(text + std::string(tlsrpt::padding, '.')).substr(0, end));
        CAPTURE(text);
        if (is_usual) CHECK(tlsrpt::is_host_name(text));
        if (is_usual) ++good;
      }
    }
  }
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  CHECK(good > 1000);
  CHECK(tlsrpt::detail::is_usual_host_name(
      std::string_view("xn--a.example" + std::string(tlsrpt::padding, '.')).substr(0, 13)));
#endif
  CHECK_FALSE(tlsrpt::detail::is_usual_host_name(""));
}

TEST_CASE("what is in members that are not used matters to whoever refuses only that") {
  const auto refuse = [](std::string_view text, errc code) {
    report_parts parts;
    tlsrpt::report_parser parser({}, tlsrpt::rules(tlsrpt::lenient{}).without(code));
    std::string json = parts.text();
    json.insert(1, "\"unknown\": " + in_quotes(text) + ", ");
    const auto read = parser.parse(json);
    CHECK(read.error().code == code);
    tlsrpt::report_parser<> lenient;
    CHECK(lenient.parse(json).has_value());
  };
  refuse("\\ud800", errc::lone_surrogate);
  refuse("\\uffff", errc::noncharacter);
  refuse("\xef\xbf\xbf", errc::noncharacter);
  refuse("", errc::unknown_member);
}

TEST_CASE("subjects are JSON strings without their quotes, whatever the code") {
  const std::vector<std::string_view> values = {R"("text")",
                                                R"("")",
                                                R"("5")",
                                                R"("1.5")",
                                                R"(" a ; b ")",
                                                R"("[\"a\"]")",
                                                R"(["text"])",
                                                R"(["a", "b"])",
                                                R"([["text"]])",
                                                R"([{"text": "text"}])",
                                                R"({"text": "text"})",
                                                "[]",
                                                "{}",
                                                "7",
                                                "-1",
                                                "1.5",
                                                "99999999999999999999",
                                                "true",
                                                "null",
                                                R"("\ud800")",
                                                "\"\xef\xbf\xbf\"",
                                                R"("2026-11-22")",
                                                R"("mx: a")",
                                                R"("b\u00fccher")"};
  std::size_t strings = 0, findings_seen = 0;
  for (int number = 1; !name(static_cast<field>(number)).empty(); ++number) {
    for (std::string_view value : values) {
      for (bool twice : {false, true}) {
        const std::string text = report_writer(static_cast<field>(number), value, twice).text();
        tlsrpt::report_parser<> parser;
        const auto check = [&](const tlsrpt::diagnostic& d) {
          ++findings_seen;
          CAPTURE(text);
          CAPTURE(name(d.code));
          CAPTURE(std::string(d.subject));
          CHECK_FALSE(d.subject.starts_with('"'));
          // That of a string which was not unescaped lies between its quotes in the text. A member
          // that is repeated is reported at its name.
          const std::string_view all = parser.text();
          if (d.subject.empty() || d.subject.data() < all.data() ||
              d.subject.data() >= all.data() + all.size() || all[d.where.offset] != '"' ||
              d.code == errc::duplicate_member)
            return;
          const auto at = static_cast<std::size_t>(d.subject.data() - all.data());
          CHECK(at == d.where.offset + 1);
          CHECK(all[at + d.subject.size()] == '"');
          ++strings;
        };
        const auto read = parser.parse(text, check);
        CHECK((read.has_value() || grade_of(read.error().code) == tlsrpt::grade::fatal));
      }
    }
  }
  CHECK(findings_seen > 1000);
  CHECK(strings > 500);
}

TEST_CASE("policies and failures know their index in the document, skipped elements counted") {
  const std::string text =
      R"({"report-id": "r", "policies": [7, {"summary": {}}, {"policy": {"policy-type": "sts"},)"
      R"("summary": {}, "failure-details": ["x", {"result-type": "a"}, null, {}]}]})";
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(text);
  REQUIRE(report.has_value());
  REQUIRE(report->policies.size() == 1);
  const tlsrpt::policy_view& policy = report->policies[0];
  CHECK(policy.index == 2);
  CHECK(policy.offset == text.find(R"({"policy")"));
  REQUIRE(policy.failure_details.size() == 2);
  CHECK(policy.failure_details[0].index == 1);
  CHECK(policy.failure_details[0].offset == text.find(R"({"result-type")"));
  CHECK(policy.failure_details[1].index == 3);

  struct {
    std::vector<std::uint32_t> indices, offsets;
    void on_report(const tlsrpt::report_head_view&) {}
    void on_policy(const tlsrpt::policy_head_view& p) { add(p.index, p.offset); }
    void on_failure(const tlsrpt::policy_head_view& p, const tlsrpt::failure_details_view& f) {
      CHECK(p.index == 2);
      add(f.index, f.offset);
    }
    void add(std::uint32_t index, std::uint32_t offset) {
      indices.push_back(index);
      offsets.push_back(offset);
    }
  } seen;
  tlsrpt::report_parser<> visiting;
  REQUIRE(visiting.visit(text, seen).has_value());
  CHECK(seen.indices == std::vector<std::uint32_t>{2, 1, 3});
  CHECK(seen.offsets[0] == policy.offset);
  CHECK(seen.offsets[1] == policy.failure_details[0].offset);
}
