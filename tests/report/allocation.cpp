#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/arrow.hpp>
#include <tlsrpt/canonical.hpp>
#include <tlsrpt/consistency.hpp>
#include <tlsrpt/datagram.hpp>
#include <tlsrpt/escape.hpp>
#include <tlsrpt/kept_report.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/tally.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/trend.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_report.hpp>

#include "allocations.hpp"
#include "arrow/reader.hpp"
#include "mail/mails.hpp"
#include "support.hpp"

namespace {

using support::report_parts;

struct counting_visitor {
  int failures = 0;
  void on_report(const tlsrpt::report_head_view&) {}
  void on_policy(const tlsrpt::policy_head_view&) {}
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {
    ++failures;
  }
};

/// Allocations of the second to fourth call.
template <class Call>
long allocations_when_warm(Call&& call) {
  call();
  const long before = allocations;
  for (int i = 0; i < 3; ++i) call();
  return allocations - before;
}

#if TLSRPT_TEST_COUNTS
/// Makes a call until none of its allocations is refused; how many were.
template <class Call>
long refusals_of(Call&& call) {
  using tlsrpt::errc;
  for (long refusals = 0;; ++refusals) {
    REQUIRE(refusals < 1000);
    refused = allocations + refusals;
    const errc code = call();
    const bool was_refused = allocations > refused;
    refused = -1;
    if (!was_refused) {
      CHECK(code == errc::ok);
      return refusals;
    }
    CHECK(code == errc::out_of_memory);
  }
}
#endif

}  // namespace

TEST_CASE("looking for inconsistencies allocates nothing") {
#if TLSRPT_TEST_COUNTS
  const report_parts parts;
  std::string entries = parts.entry();
  for (int i = 0; i < 50; ++i) entries += "," + parts.entry();
  const std::string text = parts.with_policies("[" + entries + "]");
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(text);
  REQUIRE(report.has_value());
  tlsrpt::diagnostic_list<200> found;
  const long before = allocations;
  tlsrpt::find_inconsistencies(*report, found, {.now = 0});
  CHECK(allocations == before);
  CHECK(found.size() > 50);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("mails are read without an allocation once the buffers are warm") {
#if TLSRPT_TEST_COUNTS
  const std::string report = report_parts().text();
  const std::string type = "application/tlsrpt+json";
  const std::string zipped =
      mails::part("application/tlsrpt+gzip", "base64", mails::base64(support::gzip(report)),
                  "Content-Disposition: attachment; filename*0=\"a!b!1\";\n"
                  " filename*1=\"!2.json.gz\"\n");
  const std::string inner = mails::mail({std::string(mails::human), zipped});
  std::vector<std::string> all = {
      inner,
      mails::mail({mails::part(type, "8bit", report)}),
      mails::mail({mails::part(type, "quoted-printable", "=\n" + report)}),
      mails::mail({mails::part(type, "base64", mails::base64(mails::base64(report)))}),
      mails::mail({mails::part("text/plain", "", "Quoted:\n> " + report + "\n")}),
      mails::mail({mails::part("text/html", "", "<p>See:</p><pre>" + report + "</pre>")}),
      mails::mail({mails::part("message/rfc822", "", inner)}),
      mails::mail({mails::part("message/rfc822", "base64", mails::base64(inner))})};
  // Parts of many sizes, in no order: buffers grow in the first round only.
  for (std::size_t i = 0; i < 400; ++i)
    all.push_back(mails::mail({mails::part("text/plain", "", std::string(i * 37 % 401, 'x')),
                               i % 2 == 0 ? zipped : mails::part(type, "8bit", report)}));
  tlsrpt::report_parser<> parser;
  std::string buffer, outer;
  std::size_t read = 0;
  const auto read_parts = [&](const tlsrpt::mail_view& mail) {
    for (const tlsrpt::mail_part_view part : mail.candidates())
      if (part.kind() == tlsrpt::part_kind::report)
        if (const auto content = part.decode(buffer)) read += parser.parse(*content).has_value();
  };
  const auto read_all = [&] {
    for (std::string_view octets : all) {
      const auto mail = tlsrpt::read_mail(octets);
      if (!mail) continue;
      read_parts(*mail);
      for (const tlsrpt::mail_part_view part : mail->candidates()) {
        if (part.kind() != tlsrpt::part_kind::mail) continue;
        const auto decoded = part.decode(outer);
        if (!decoded) continue;
        if (const auto inside = part.read_inside(*decoded)) read_parts(*inside);
      }
    }
  };
  CHECK(allocations_when_warm(read_all) == 0);
  CHECK(read == 4 * all.size());
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("WR-16: reports, mails and escaped text are written without an allocation") {
#if TLSRPT_TEST_COUNTS
  report_parts parts;
  parts.policy_type = R"("tlsa")";
  parts.policy_string = R"(["3 1 1 BB","3 1 1 AA","not a record"])";
  parts.mx_host = "[]";
  tlsrpt::report_parser<> parser;
  const std::string text = parts.text();
  const auto report = parser.parse(text);
  REQUIRE(report.has_value());
  const std::string hostile(1000, '\x1b');
  tlsrpt::span_output out({});
  const long before = allocations;
  const bool is_written = write_report(out, *report) && report_size(*report);
  const bool is_sent =
      write_mail(out, *report, text, {.to = "tls@example.com", .about = "example.com"}).has_value();
  tlsrpt::escape::terminal(out, hostile);
  tlsrpt::escape::html_text(out, hostile);
  tlsrpt::escape::csv_cell(out, hostile);
  tlsrpt::escape::openmetrics_label(out, hostile);
  tlsrpt::escape::json_string(out, hostile);
  const long after = allocations;
  CHECK(after == before);
  CHECK((is_written && is_sent));
  CHECK(out.size() > 10'000);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a report is kept in one allocation, and its copies in none") {
#if TLSRPT_TEST_COUNTS
  const report_parts parts;
  std::string entries = parts.entry();
  for (int i = 0; i < 50; ++i) entries += "," + parts.entry();
  const std::string text = parts.with_policies("[" + entries + "]");
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(text);
  REQUIRE(report.has_value());
  const long before = allocations;
  const std::size_t octets_before = octets_allocated;
  const auto kept = tlsrpt::kept_report::copy(*report);
  CHECK(allocations == before + 1);
  REQUIRE(kept.has_value());
  CHECK(octets_allocated - octets_before == kept->memory());
  const tlsrpt::kept_report another = *kept;
  CHECK(allocations == before + 1);
  CHECK(another.memory() == kept->memory());
  refused = allocations.load();
  const auto none = tlsrpt::kept_report::copy(*report);
  refused = -1;
  CHECK(none.error().code == tlsrpt::errc::out_of_memory);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("each allocation of a stream of columns may fail, and all is released") {
#if TLSRPT_TEST_COUNTS
  report_parts parts;
  parts.policy_domain = R"("Example.COM")";
  parts.failed_session_count = "null";
  const std::vector<std::string> contents = {parts.text(), "?"};
  long refusals = 0;
  for (bool is_through = false; !is_through; ++refusals) {
    REQUIRE(refusals < 2000);
    support::made_stream::made = support::made_stream::released = 0;
    support::made_stream input(contents);
    std::int64_t rows = 0;
    {
      support::owned<ArrowArrayStream> in, out;
      input.give(in.it);
      refused = allocations + refusals;
      bool has_failed =
          !parse_arrow_stream(tlsrpt::report_parser<>(), in.it, out.it, {.with_ledger = true});
      if (!has_failed) {
        support::owned<ArrowSchema> schema;
        has_failed = out.it.get_schema(&out.it, &schema.it) != 0;
        while (!has_failed) {
          support::owned<ArrowArray> batch;
          const int error = out.it.get_next(&out.it, &batch.it);
          has_failed = error != 0;
          if (has_failed) CHECK(error == ENOMEM);
          if (batch.it.release == nullptr) break;
          rows += batch.it.length;
        }
      }
      is_through = allocations <= refused;
      refused = -1;
      // The parser may have been the one without memory: that is in its row.
      if (!has_failed) CHECK(rows == 2);
    }
    CHECK(support::made_stream::made == support::made_stream::released);
  }
  CHECK(refusals > 50);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a report is identified without an allocation") {
#if TLSRPT_TEST_COUNTS
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(report_parts{}.text());
  REQUIRE(report.has_value());
  const long before = allocations;
  CHECK(digest_of(*report) != tlsrpt::digest());
  CHECK(allocations == before);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a warm parser allocates nothing") {
#if TLSRPT_TEST_COUNTS
  {
    const long before = allocations;
    std::string forced(1000, 'x');
    CHECK(allocations > before);  // the counter counts
    CHECK(forced.size() == 1000);
  }
  report_parts parts;
  parts.organization_name = R"("Caf\u00e9")";
  parts.policy_string = R"(["[\"3 1 1 aa\",\"3 1 1 bb\"]"])";
  parts.failed = R"("7")";
  std::string entries = parts.entry();
  for (int i = 0; i < 50; ++i) entries += "," + parts.entry();
  for (const std::string& text :
       {report_parts{}.text(), parts.text(), parts.with_policies("[" + entries + "]")}) {
    const std::string compressed = support::gzip(text);
    std::string in_place = text;
    const auto padded = tlsrpt::pad(in_place);
    bool usable = true;
    counting_visitor visitor;
    {
      tlsrpt::report_parser<> p;
      CHECK(allocations_when_warm([&] { usable &= p.parse(text).has_value(); }) == 0);
    }
    {
      tlsrpt::report_parser<> p;
      CHECK(allocations_when_warm([&] { usable &= p.parse(compressed).has_value(); }) == 0);
    }
    {
      tlsrpt::report_parser<> p;
      CHECK(allocations_when_warm([&] { usable &= p.parse_in_place(padded).has_value(); }) == 0);
    }
    {
      tlsrpt::report_parser<> p;
      CHECK(allocations_when_warm([&] { usable &= p.visit(compressed, visitor).has_value(); }) ==
            0);
    }
    {
      tlsrpt::report_parser<> p;
      tlsrpt::diagnostic_list<8> list;
      CHECK(allocations_when_warm([&] { usable &= p.parse(text, list).has_value(); }) == 0);
    }
    {
      tlsrpt::report_parser<tlsrpt::strict> p;
      CHECK(allocations_when_warm([&] { (void)p.parse(text); }) == 0);
    }
    {
      tlsrpt::report_parser<> p;
      const std::string broken = text.substr(0, text.size() - 5);
      CHECK(allocations_when_warm([&] { usable &= !p.parse(broken).has_value(); }) == 0);
    }
    CHECK(usable);
    CHECK(visitor.failures > 0);
  }
#else
  MESSAGE("not counted under AddressSanitizer");
#endif
}

TEST_CASE("out of memory is a code, at every single allocation, and the parser can be used again") {
#if TLSRPT_TEST_COUNTS
  report_parts parts;
  parts.organization_name = R"("Caf\u00e9")";
  std::string entries = parts.entry();
  for (int i = 0; i < 50; ++i) entries += "," + parts.entry();
  const std::string text = parts.with_policies("[" + entries + "]");
  for (const std::string& bytes : {text, support::gzip(text)}) {
    bool usable = false;
    int refusals = 0;
    for (; !usable && refusals < 100; ++refusals) {
      tlsrpt::report_parser<> p;
      refused = allocations + refusals;
      const auto report = p.parse(bytes);
      refused = -1;
      usable = report.has_value();
      if (!usable) CHECK(report.error().code == tlsrpt::errc::out_of_memory);
      CHECK(p.parse(bytes).has_value());
    }
    CHECK(usable);
    CHECK(refusals > 8);
  }
#else
  MESSAGE("not counted under AddressSanitizer");
#endif
}

TEST_CASE("a warm ledger allocates what it grows by") {
#if TLSRPT_TEST_COUNTS
  const std::string text = report_parts().text();
  tlsrpt::report_parser<> parser;
  tlsrpt::report_view report = *parser.parse(text);
  tlsrpt::ledger ledger;
  const auto add_reports = [&](int first, int count) {
    for (int i = first; i < first + count; ++i) {
      char id[] = "id 0000";
      for (int digit = 6, rest = i; digit > 2; --digit, rest /= 10)
        id[digit] = static_cast<char>('0' + rest % 10);
      report.report_id = {id, 7};
      if (!ledger.add(report, {}).has_value()) return false;
    }
    return true;
  };
  REQUIRE(add_reports(0, 1000));
  const long before = allocations;
  CHECK(add_reports(0, 1000));  // again
  CHECK(allocations == before);
  CHECK(add_reports(1000, 1000));
  CHECK(allocations - before < 10);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("who is refused by a ledger leaves nothing in it (AG-35)") {
#if TLSRPT_TEST_COUNTS
  tlsrpt::report_view report;
  tlsrpt::ledger_limits limits;
  limits.entries = 4;
  const std::string_view known[] = {"sender.example"};
  limits.known_reporters = known;
  tlsrpt::ledger ledger(limits);
  const auto add_strangers = [&](int first, int count) {
    int added = 0;
    for (int i = first; i < first + count; ++i) {
      const std::string contact = "tls@stranger-" + std::to_string(i) + ".example";
      report.contact_info = contact;
      added += ledger.add(report, {}).has_value() ? 1 : 0;
    }
    return added;
  };
  REQUIRE(add_strangers(0, 10) == 2);
  const std::size_t before = octets_allocated;
  CHECK(add_strangers(10, 10'000) == 0);
  CHECK(octets_allocated - before < 1'000'000);  // those of the texts here
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a ledger takes no report without the text of its policy, for want of memory") {
#if TLSRPT_TEST_COUNTS
  using tlsrpt::errc;
  const std::string record = "3 1 1 " + std::string(64, 'a');
  const std::vector<std::string_view> records(3000, record);
  tlsrpt::policy_view policy;
  policy.policy_domain = "example.com";
  policy.policy_type.value = tlsrpt::policy_type::tlsa;
  policy.policy_string = records;
  tlsrpt::report_view report;
  report.policies = {&policy, 1};
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger;
          const errc code = ledger.add(report, {}).error().code;
          if (code != errc::ok) CHECK(ledger.empty());
          for (const tlsrpt::ledger_entry& entry : ledger.entries())
            for (const tlsrpt::ledger_total& row : entry.totals)
              CHECK(ledger.policy_text(row.policy).starts_with("3 1 1 a"));
          return code;
        }) > 5);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a ledger without memory for the names of a receipt says so") {
#if TLSRPT_TEST_COUNTS
  using tlsrpt::errc;
  tlsrpt::report_view report;
  report.contact_info = "tls@sender.example";
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger;
          const errc code =
              ledger.add(report, {"SENDER.example.", tlsrpt::channel::mail, 1, "EXAMPLE.com"})
                  .error()
                  .code;
          CHECK(ledger.empty() == (code != errc::ok));
          for (const tlsrpt::ledger_entry& entry : ledger.entries()) {
            CHECK(entry.trust == tlsrpt::trust::verified);
            CHECK(entry.inferred == "example.com");
          }
          return code;
        }) > 3);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a ledger without memory to correct a report leaves it as it was (AG-11)") {
#if TLSRPT_TEST_COUNTS
  using tlsrpt::errc;
  tlsrpt::report_parser<> parser;
  // So many failures that they need memory of their own.
  report_parts many;
  for (int host = 0; host < 3000; ++host)
    many.extra_of_failure +=
        R"(},{"result-type":"certificate-expired","receiving-mx-hostname":"mx)" +
        std::to_string(host) + R"(.example.com","failed-session-count":1)";
  for (const std::string& text : {report_parts().text(), many.text()}) {
    const tlsrpt::report_view report = *parser.parse(text);
    tlsrpt::report_view other = report;
    other.policies = {};
    std::string lines;
    {
      tlsrpt::ledger ledger;
      REQUIRE(ledger.add(other, {}, digest_of(report)).has_value());
      REQUIRE(ledger.write(lines).has_value());
    }
    CHECK(refusals_of([&] {
            tlsrpt::ledger ledger;
            if (const auto read = ledger.read(lines); !read) return read.error().code;
            const errc code =
                ledger.add(report, {"sender.example", tlsrpt::channel::mail, 1, {}}).error().code;
            const tlsrpt::ledger_entry entry = *ledger.entries().begin();
            CHECK(ledger.size() == 1);
            CHECK((entry.trust == tlsrpt::trust::verified) == (code == errc::ok));
            CHECK((entry.totals.begin() != entry.totals.end()) == (code == errc::ok));
            return code;
          }) > 10);
  }
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("days are taken out of a ledger whole, or not for want of memory") {
#if TLSRPT_TEST_COUNTS
  using tlsrpt::errc;
  const std::string_view known[] = {"sender.example"};
  tlsrpt::ledger_limits limits;
  limits.known_reporters = known;
  const std::string text = report_parts().text();
  tlsrpt::report_parser<> parser;
  const tlsrpt::report_view report = *parser.parse(text);
  const tlsrpt::day day = tlsrpt::day_of(report.date_range.start_datetime.seconds);
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger(limits);
          if (const auto added = ledger.add(report, {}); !added) return added.error().code;
          const auto taken = ledger.take(day, day);
          CHECK(ledger.size() == (taken ? 0u : 1u));
          CHECK((!taken || taken->size() == 1));
          return taken.error().code;
        }) > 8);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a ledger without memory says so, and has not changed") {
#if TLSRPT_TEST_COUNTS
  using tlsrpt::errc;
  const std::string text = report_parts().text();
  tlsrpt::report_parser<> parser;
  tlsrpt::report_view report = *parser.parse(text);
  tlsrpt::ledger full;
  REQUIRE(full.add(report, {}).has_value());
  report.report_id = "other";
  REQUIRE(full.add(report, {"sender.example", tlsrpt::channel::mail, 1, {}}).has_value());
  std::string lines;
  REQUIRE(full.write(lines).has_value());
  const auto changes_nothing = [&](const tlsrpt::ledger& ledger, bool is_empty) {
    std::string after;
    REQUIRE(ledger.write(after).has_value());
    return is_empty ? ledger.empty() : after == lines;
  };
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger;
          return ledger.add(report, {}).error().code;
        }) > 5);
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger;
          const errc code = ledger.merge(full).error().code;
          const long counted = allocations;
          const long kept = refused;
          refused = -1;
          CHECK(changes_nothing(ledger, code != errc::ok));
          // The check allocates, too: count as if it did not.
          allocations = counted;
          refused = kept;
          return code;
        }) > 3);
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger;
          return ledger.read(lines).error().code;
        }) > 5);
  CHECK(refusals_of([&] {
          const auto summary = make_summary(full);
          if (!summary) return summary.error().code;
          const auto totals = total_table(*summary, {});
          if (!totals) return totals.error().code;
          const auto failures = failure_table(*summary, {});
          if (!failures) return failures.error().code;
          return make_trends(*summary, tlsrpt::scope::all).error().code;
        }) > 10);
  const tlsrpt::day after = day_after(full).value_or(tlsrpt::day{});
  const auto summary = make_summary(full, {.now = first_second_of(after)});
  REQUIRE(summary.has_value());
  std::size_t findings = 0;
  CHECK(refusals_of([&] {
          const auto advice = make_advice(*summary);
          if (advice) findings = advice->findings().size();
          return advice.error().code;
        }) > 10);
  CHECK(findings == 1);
  CHECK(refusals_of([] {
          const auto list = tlsrpt::parse_known("until 2027-01-31 a\nb");
          return list.error().code;
        }) == 2);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("figures over time without memory are an error, not half of them") {
#if TLSRPT_TEST_COUNTS
  const std::string text = report_parts().text();
  tlsrpt::report_parser<> parser;
  const tlsrpt::report_view failing = *parser.parse(text);
  const auto at = [](tlsrpt::report_view report, int day, std::string_view contact) {
    for (auto* time : {&report.date_range.start_datetime, &report.date_range.end_datetime})
      time->seconds += day * std::int64_t{86'400};
    report.contact_info = contact;
    return report;
  };
  constexpr std::string_view lines[] = {"version: STSv1", "mode: testing", "mx: mx.example.com"};
  tlsrpt::policy_view testing = failing.policies[0];
  testing.policy_string = lines;
  tlsrpt::report_view kept = failing;
  kept.policies = {&testing, 1};
  testing.failure_details = {};
  // Two senders that stop, one of which has failed sessions that no detail speaks of.
  tlsrpt::ledger ledger;
  for (int day = 0; day < 8; ++day) {
    REQUIRE(ledger.add(at(kept, day, "tls@a.example"), {}));
    testing.total_failure_session_count = 0;
    REQUIRE(ledger.add(at(kept, day, "tls@b.example"), {}));
    testing.total_failure_session_count = day == 5 ? 7 : 0;
  }
  const auto summary_on = [](const tlsrpt::ledger& of, int days_later) {
    const tlsrpt::day after = day_after(of).value_or(tlsrpt::day{});
    auto made = make_summary(of, {.now = first_second_of(after + days_later)});
    REQUIRE(made.has_value());
    return std::move(*made);
  };
  const auto stopped = summary_on(ledger, 20), bare = summary_on(ledger, 0);
  std::size_t findings = 0, silent = 0;
  const auto advice_on = [&](const tlsrpt::summary& summary) {
    const auto advice = make_advice(summary);
    if (advice) findings = advice->findings().size();
    if (advice) silent = advice->silent().size();
    return advice.error().code;
  };
  CHECK(refusals_of([&] { return advice_on(stopped); }) > 10);
  CHECK(silent == 2);
  CHECK(findings == 1);
  CHECK(refusals_of([&] { return advice_on(bare); }) > 10);
  CHECK(findings == 1);
  CHECK(refusals_of([&] {
          return ready_for_enforce(stopped, "example.com", tlsrpt::scope::all).error().code;
        }) >= 2);
  // Nothing fails for 14 days, and a policy could be enforced.
  tlsrpt::ledger good;
  for (int day = 0; day < 14; ++day)
    for (const char* contact : {"tls@a.example", "tls@b.example"})
      REQUIRE(good.add(at(kept, day, contact), {}));
  const auto ready = summary_on(good, 0);
  CHECK(refusals_of([&] { return advice_on(ready); }) > 10);
  CHECK(findings == 1);
  // So many reporters stop that their names need memory of their own.
  tlsrpt::ledger many;
  for (int reporter = 0; reporter < 300; ++reporter)
    for (int day = 0; day < 8; ++day)
      REQUIRE(many.add(at(kept, day, "tls@" + std::to_string(reporter) + ".example"), {}));
  const auto quiet = summary_on(many, 20);
  CHECK(refusals_of([&] { return advice_on(quiet); }) > 10);
  CHECK(silent == 300);
  // One of two senders speaks of a failure.
  tlsrpt::ledger two;
  REQUIRE(two.add(at(failing, 0, "tls@a.example"), {}));
  REQUIRE(two.add(at(kept, 0, "tls@b.example"), {}));
  const auto summary = summary_on(two, 0);
  CHECK(refusals_of([&] { return advice_on(summary); }) > 10);
  const auto trends = make_trends(summary, tlsrpt::scope::all);
  REQUIRE(trends.has_value());
  REQUIRE(trends->failures().size() == 1);
  std::size_t others = 0;
  CHECK(refusals_of([&] {
          const auto found = other_reporters(summary, trends->failures()[0], tlsrpt::scope::all);
          others = found->names().size();
          return found.error().code;
        }) == 1);
  CHECK(others == 1);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a stranger that turns out to be known, without memory, is a stranger still") {
#if TLSRPT_TEST_COUNTS
  const std::string text = report_parts().text();
  tlsrpt::report_parser<> parser;
  const tlsrpt::report_view report = *parser.parse(text);
  const std::string_view known[] = {"sender.example"};
  tlsrpt::ledger_limits limits;
  limits.known_reporters = known;
  CHECK(refusals_of([&] {
          tlsrpt::ledger ledger(limits);
          // So many strangers that one more name needs memory of its own.
          tlsrpt::report_view strange = report;
          for (char stranger = 'a'; stranger < 'p'; ++stranger) {
            const char contact[] = {'@', stranger, '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e'};
            strange.contact_info = {contact, sizeof contact};
            if (const auto added = ledger.add(strange, {}); !added) return added.error().code;
          }
          if (const auto added = ledger.add(report, {}); !added) return added.error().code;
          const auto again = ledger.add(report, {.authenticated_submitter = "sender.example"});
          const tlsrpt::trust trust = ledger.find(digest_of(report))->trust;
          CHECK((trust == tlsrpt::trust::verified) == again.has_value());
          return again.error().code;
        }) > 6);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a merge without memory changes nothing, and counts nothing for strangers (AG-35)") {
#if TLSRPT_TEST_COUNTS
  const std::string_view known[] = {"sender.example"};
  tlsrpt::ledger_limits limits;
  limits.entries = 2000;
  limits.known_reporters = known;
  tlsrpt::report_view report;
  const auto add = [&report](tlsrpt::ledger& ledger, const std::string& contact,
                             const tlsrpt::receipt& receipt) {
    report.contact_info = contact;
    return ledger.add(report, receipt).error().code;
  };
  const tlsrpt::receipt signed_mail = {"sender.example", tlsrpt::channel::mail, 1, {}};
  tlsrpt::ledger other(limits);
  for (int i = 0; i < 400; ++i)
    REQUIRE(add(other, "@o" + std::to_string(i) + ".example",
                i % 2 == 0 ? tlsrpt::receipt{} : signed_mail) == tlsrpt::errc::ok);
  REQUIRE(add(other, "@s1.example", signed_mail) == tlsrpt::errc::ok);
  CHECK(refusals_of([&] {
          const long kept = refused.exchange(-1);
          long counted = allocations;
          tlsrpt::ledger ledger(limits);
          for (int i = 0; i < 20; ++i)
            CHECK(add(ledger, "@s" + std::to_string(i) + ".example", {}) == tlsrpt::errc::ok);
          std::string before, after;
          CHECK(ledger.write(before).has_value());
          allocations = counted;
          refused = kept;
          are_later_refused = true;
          const tlsrpt::errc code = ledger.merge(other).error().code;
          are_later_refused = false;
          refused = -1;
          counted = allocations;
          CHECK(ledger.write(after).has_value());
          CHECK((after == before) == (code != tlsrpt::errc::ok));
          CHECK(add(ledger, "@s0.example", signed_mail) == tlsrpt::errc::ok);
          CHECK(add(ledger, "@quiet.example", {}) == tlsrpt::errc::ok);
          allocations = counted;
          refused = kept;
          return code;
        }) > 10);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a datagram for which there is no memory is an error, and the next one is read") {
#if TLSRPT_TEST_COUNTS
  constexpr std::string_view datagram =
      R"({"dpv":"1","d":"example.org","pr":"v=TLSRPTv1; rua=mailto:tls@example.org","policies":[)"
      R"({"policy-type":2,"policy-domain":"example.org","policy-string":["version: STSv1"],)"
      R"("mx-host":["mx.example.org"],"failure-details":[{"c":205,"f":"a"}],"t":1,"f":1}]})";
  CHECK(refusals_of([&] {
          tlsrpt::datagram_reader reader;
          const tlsrpt::errc code = reader.read(datagram, 0).error().code;
          const long counted = allocations, kept = refused.exchange(-1);
          CHECK(reader.read(datagram, 0).has_value());
          // The second call allocates, too: count as if it did not.
          allocations = counted;
          refused = kept;
          return code;
        }) > 6);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}

TEST_CASE("a warm tally counts what it knows without an allocation") {
  constexpr tlsrpt::day day = *tlsrpt::day::parse("2026-11-23");
  constexpr std::string_view records[] = {"3 1 1 AABB", "3 1 1 0f"}, others[] = {"2 1 1 ccdd"},
                             lines[] = {"version: STSv1", "mode: none"};
  const tlsrpt::session_policy policies[] = {
      {.type = tlsrpt::policy_type::tlsa, .domain = "mx.example.org", .policy_string = records},
      {.type = tlsrpt::policy_type::tlsa, .domain = "mx.example.org", .policy_string = others},
      {.type = tlsrpt::policy_type::sts, .policy_string = lines}};
  tlsrpt::tally tally(day, "mta1", 1);
  bool is_counted = true;
  const auto count_all = [&] {
    for (const tlsrpt::session_policy& policy : policies)
      is_counted = is_counted && tally.count({.recipient_domain = "example.org",
                                              .time = first_second_of(day),
                                              .policies = {&policy, 1}});
  };
  count_all();
  const long before = allocations;
  for (int i = 0; i < 10; ++i) count_all();
  const long after = allocations;
  CHECK(is_counted);
  if constexpr (!tlsrpt::detail::frees_on_reuse) CHECK(after == before);
}

TEST_CASE("a tally without memory says so, and has counted nothing") {
#if TLSRPT_TEST_COUNTS
  constexpr tlsrpt::day day = *tlsrpt::day::parse("2026-11-23");
  constexpr std::string_view records[] = {
      "3 1 1 b1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90",
      "3 1 1 a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"};
  tlsrpt::failure_details_view failure;
  failure.result_type.value = tlsrpt::result_type::certificate_expired;
  failure.receiving_mx_hostname = "mx.example.org";
  failure.failure_reason_code = "a \"quoted\" reason";
  const tlsrpt::session_policy policy{.type = tlsrpt::policy_type::tlsa,
                                      .domain = "mx.example.org",
                                      .policy_string = records,
                                      .outcome = tlsrpt::session_outcome::failed,
                                      .failures = {&failure, 1}};
  tlsrpt::session_view session;
  session.recipient_domain = "example.org";
  session.time = first_second_of(day);
  session.record = "v=TLSRPTv1; rua=mailto:tls@example.org";
  session.policies = {&policy, 1};
  tlsrpt::tally full(day, "mta1", 1);
  REQUIRE(full.count(session));
  std::string lines;
  REQUIRE(full.write(lines));

  const auto refusals_into_empty = [&](auto&& change) {
    return refusals_of([&] {
      tlsrpt::tally tally(day);
      const tlsrpt::errc code = change(tally).error().code;
      CHECK(tally.empty() == (code != tlsrpt::errc::ok));
      return code;
    });
  };
  CHECK(refusals_into_empty([&](tlsrpt::tally& tally) { return tally.count(session); }) > 5);
  CHECK(refusals_of([&] {
          tlsrpt::tally named(day, "mta2", 1);
          return named.count(session).error().code;
        }) > 6);
  CHECK(refusals_into_empty([&](tlsrpt::tally& tally) { return tally.merge(full); }) > 5);
  CHECK(refusals_into_empty([&](tlsrpt::tally& tally) { return tally.read(lines); }) > 5);
  std::string again;
  again.reserve(2 * lines.size());
  CHECK(refusals_of([&] {
          again.clear();
          const tlsrpt::errc code = full.write(again).error().code;
          CHECK(again == (code == tlsrpt::errc::ok ? lines : std::string_view()));
          return code;
        }) > 1);
  CHECK(refusals_of([&] {
          tlsrpt::tally_reporter reporter;
          return reporter.make(full, "example.org", {"Example Net", "tls-reports@example.net"})
              .error()
              .code;
        }) > 3);
#else
  MESSAGE("a sanitizer counts in its own way");
#endif
}
