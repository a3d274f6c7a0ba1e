#include <tlsrpt/envelope.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <tlsrpt/path.hpp>

#include "mail/checks.hpp"
#include "mail/sample.hpp"

namespace {

using checks::finding_sink;
using checks::sample;
using tlsrpt::errc;

constexpr tlsrpt::timestamp at_second(std::int64_t seconds) { return {seconds, {}, true}; }

constexpr tlsrpt::envelope_view agreeing{
    "B.Example",
    "a.example",
    {"a.example", "b.example", at_second(1770076800), at_second(1770163199), {}, true},
    {"b.example", "a.example", "2026.02.03T00.00.00Z+b.example@a.example"}};

/// "header-domain-differs /policies c.example" and so on, one a line.
std::string differences(const tlsrpt::envelope_view& envelope, const tlsrpt::report_view& report) {
  std::string text;
  compare_envelope(envelope, report, [&text](const tlsrpt::diagnostic& d) {
    text += std::string(name(d.code)) + ' ' + std::string(path(d.where)) + ' ' +
            std::string(d.subject) + '\n';
  });
  return text;
}

}  // namespace

TEST_CASE("the envelope agrees with the report") {
  const sample s;
  CHECK(differences(agreeing, s.report).empty());
  CHECK(differences({}, s.report).empty());
  CHECK(differences(agreeing, {}).empty());
  constexpr bool at_compile_time = [] {
    const sample same;
    finding_sink sink;
    const auto inferred = compare_envelope(agreeing, same.report, sink);
    return sink.size == 0 && inferred == tlsrpt::inferred_domain{};
  }();
  static_assert(at_compile_time);
}

TEST_CASE("each contradiction between envelope and report is noted: C-27, C-34") {
  const sample s;
  tlsrpt::envelope_view envelope = agreeing;
  envelope.report_domain = "c.example";
  CHECK(differences(envelope, s.report) == "header-domain-differs /policies c.example\n");
  envelope = agreeing;
  envelope.report_submitter = "mail.a.example";
  CHECK(differences(envelope, s.report) ==
        "header-submitter-differs /contact-info mail.a.example\n");
  envelope = agreeing;
  envelope.file_name = {
      "x.example", "c.example", {1770076801, "1770076801", true}, {1770163201, "1770163201", true},
      {},          true};
  CHECK(differences(envelope, s.report) ==
        "file-name-sender-differs /contact-info x.example\n"
        "file-name-domain-differs /policies c.example\n"
        "file-name-range-differs /date-range/start-datetime 1770076801\n"
        "file-name-range-differs /date-range/end-datetime 1770163201\n");
  envelope = agreeing;
  envelope.subject = {"c.example", "x.example", "1@a.example"};
  CHECK(differences(envelope, s.report) ==
        "subject-domain-differs /policies c.example\n"
        "subject-submitter-differs /contact-info x.example\n"
        "subject-report-id-differs /report-id 1@a.example\n");
}

TEST_CASE("what is no contradiction") {
  sample s;
  tlsrpt::envelope_view envelope = agreeing;
  // F-23: both name the same day
  envelope.file_name.end = at_second(1770163200);
  CHECK(differences(envelope, s.report).empty());
  s.report.date_range.end_datetime.seconds = 1770163200;
  envelope.file_name.end = at_second(1770163199);
  CHECK(differences(envelope, s.report).empty());
  // Only midnight has two names.
  s.report.date_range.end_datetime.seconds = 1770163198;
  CHECK(differences(envelope, s.report) == "file-name-range-differs /date-range/end-datetime \n");
  s.report.date_range.end_datetime.known = false;
  CHECK(differences(envelope, s.report).empty());

  // U-labels and A-labels cannot be compared.
  envelope = agreeing;
  envelope.report_domain =
      "b\xc3\xbc"
      "cher.example";
  CHECK(differences(envelope, s.report).empty());

  // Contact data of several shapes.
  envelope = agreeing;
  for (std::string_view contact :
       {"mailto:tls@a.example", "TLS team <tls@A.EXAMPLE.>", "x@y.example, tls@a.example",
        "https://a.example/", "", "tls@", "@ tls@a.example", "tls@a.example?subject=x"}) {
    CAPTURE(contact);
    s.report.contact_info = contact;
    CHECK(differences(envelope, s.report).empty());
  }
  for (std::string_view contact : {"tls@xa.example", "@ tls@x.example"}) {
    CAPTURE(contact);
    s.report.contact_info = contact;
    CHECK(differences(envelope, s.report).starts_with("header-submitter-differs"));
  }
  s.report.contact_info = "tls@a.example";

  // One policy about the domain is enough; another is that of a host (F-28).
  s.policies[1].policy_domain = "mx.c.example";
  s.policies[1].policy_type = {tlsrpt::policy_type::tlsa, "tlsa"};
  CHECK(differences(envelope, s.report).empty());
  s.policies[0] = s.policies[1];
  CHECK(differences(envelope, s.report).empty());
  s.policies[0].policy_type = {tlsrpt::policy_type::no_policy_found, "no-policy-found"};
  CHECK(differences(envelope, s.report) ==
        "header-domain-differs /policies B.Example\n"
        "file-name-domain-differs /policies b.example\n"
        "subject-domain-differs /policies b.example\n");

  // Ids as their senders write them (C-32).
  const sample other;
  constexpr struct {
    std::string_view in_report, in_subject;
  } same[] = {
      {"133198585438131172+b.example", "133198585438131172+b.example"},
      {"1772633111_9120", "1772633111_9120"},
      {"2025-02-22T00:00:00Z_idx1_b.example", "2025-02-22T00:00:00Z_idx1_b.example@a.example"},
      {"20240225.b.example@a.example", "20240225.b.example@a.example"},
      {"<1@a.example>", "1@a.example"},
      {"", "1@a.example"},
      {"1", ""},
  };
  for (const auto& row : same) {
    CAPTURE(row.in_report);
    tlsrpt::report_view report = other.report;
    report.report_id = row.in_report;
    envelope.subject.report_id = row.in_subject;
    CHECK(differences(envelope, report).empty());
  }
}

TEST_CASE("a policy domain that the report lacks is inferred: F-26") {
  using tlsrpt::domain_source;
  sample s;
  s.policies[1].policy_domain = {};
  tlsrpt::envelope_view envelope = agreeing;
  const auto inferred = [&] { return compare_envelope(envelope, s.report); };
  CHECK(inferred() == tlsrpt::inferred_domain{"B.Example", domain_source::header_field});
  CHECK(differences(envelope, s.report) ==
        "inferred-policy-domain /policies/1/policy/policy-domain B.Example\n");
  envelope.report_domain = {};
  CHECK(inferred() == tlsrpt::inferred_domain{"b.example", domain_source::file_name});
  envelope.file_name.policy_domain = "not a domain";
  CHECK(inferred() == tlsrpt::inferred_domain{"b.example", domain_source::subject});
  envelope.subject.domain = {};
  CHECK(inferred() == tlsrpt::inferred_domain{});

  // All policies lack it: the envelope can still contradict itself.
  s.policies[0].policy_domain = {};
  envelope = agreeing;
  envelope.subject.domain = "c.example";
  CHECK(differences(envelope, s.report) ==
        "subject-domain-differs /policies c.example\n"
        "inferred-policy-domain /policies/0/policy/policy-domain B.Example\n"
        "inferred-policy-domain /policies/1/policy/policy-domain B.Example\n");

  // Nothing is inferred where nothing is missing.
  const sample whole;
  CHECK(compare_envelope(agreeing, whole.report) == tlsrpt::inferred_domain{});
  CHECK(compare_envelope(agreeing, {}).source == domain_source::header_field);
}

TEST_CASE("sources of an inferred domain have names") {
  using tlsrpt::domain_source;
  CHECK(name(domain_source::header_field) == "header-field");
  CHECK(name(domain_source::file_name) == "file-name");
  CHECK(name(domain_source::subject) == "subject");
  CHECK(name(domain_source::none).empty());
  CHECK(name(domain_source(4)).empty());
}

TEST_CASE("times that are unknown contradict nothing") {
  for (const bool in_report : {false, true}) {
    sample s;
    s.report.date_range = {at_second(1), at_second(2)};
    tlsrpt::envelope_view envelope = agreeing;
    CHECK(differences(envelope, s.report) ==
          "file-name-range-differs /date-range/start-datetime \n"
          "file-name-range-differs /date-range/end-datetime \n");
    auto& [start, end] = s.report.date_range;
    (in_report ? start : envelope.file_name.begin).known = false;
    CHECK(differences(envelope, s.report) == "file-name-range-differs /date-range/end-datetime \n");
    (in_report ? end : envelope.file_name.end).known = false;
    CHECK(differences(envelope, s.report).empty());
  }
}

TEST_CASE("times as far apart as numbers are") {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  // At compile time, where arithmetic that overflows is no constant.
  constexpr auto is_same_end = [](std::int64_t in_name, std::int64_t in_report) {
    tlsrpt::report_view report;
    report.date_range.end_datetime = at_second(in_report);
    finding_sink sink;
    compare_envelope({.file_name = {.end = at_second(in_name)}}, report, sink);
    return sink.size == 0;
  };
  static_assert(is_same_end(least, least) && is_same_end(greatest, greatest));
  static_assert(!is_same_end(least, greatest) && !is_same_end(greatest, least));
  static_assert(!is_same_end(greatest, 86'399) && !is_same_end(86'399, greatest));
  static_assert(!is_same_end(greatest - 1, greatest) && !is_same_end(least + 1, least));
  // Midnights before and after 1970.
  static_assert(is_same_end(-1, 0) && is_same_end(0, -1));
  static_assert(is_same_end(-86'401, -86'400) && !is_same_end(-86'400, -86'399));
  static_assert(!is_same_end(0, 1) && !is_same_end(1, 0) && !is_same_end(-1, 1));

  CHECK(tlsrpt::parse_file_name("a.example!b.example!0!9223372036854775807.json").value().end ==
        at_second(greatest));
}
