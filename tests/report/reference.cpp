/// @file
/// The examples of the reference documentation, one for each public header. What is between two
/// equal marks is shown with the header of that name; the test cases below run all of it.

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <vector>

//! [tlsrpt]
#include <tlsrpt/tlsrpt.hpp>
//! [tlsrpt]

#include <tlsrpt/advice.hpp>
#include <tlsrpt/arrow.hpp>
#include <tlsrpt/canonical.hpp>
#include <tlsrpt/datagram.hpp>
#include <tlsrpt/endpoint.hpp>
#include <tlsrpt/escape.hpp>
#include <tlsrpt/kept_report.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/mail.hpp>
#include <tlsrpt/ostream.hpp>
#include <tlsrpt/reasons.hpp>
#include <tlsrpt/policy_advice.hpp>
#include <tlsrpt/record_advice.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/submission.hpp>
#include <tlsrpt/submitter.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/tls_errors.hpp>
#include <tlsrpt/write_datagram.hpp>
#include <tlsrpt/write_gzip.hpp>
#include <tlsrpt/write_mail.hpp>
#include <tlsrpt/write_record.hpp>
#include <tlsrpt/write_report.hpp>
#include <tlsrpt/zip.hpp>
#include <tlsrpt/zone_text.hpp>

#if TLSRPT_TEST_LIBDEFLATE
#include <tlsrpt/libdeflate.hpp>
#endif

#include "support.hpp"
#include "zip_writer.hpp"

namespace {

//! [report]
void print_totals(tlsrpt::report_parser<>& parser, std::string_view bytes, std::ostream& out) {
  const auto report = parser.parse(bytes);  // JSON or gzip
  if (!report) {
    out << message(report.error().code) << " At octet " << report.error().where.offset << ".\n";
    return;
  }
  for (const tlsrpt::policy_view& policy : report->policies)
    out << policy.policy_domain << ": " << policy.total_failure_session_count.value_or(0)
        << " sessions failed\n";
}
//! [report]

//! [schema]
/// Prints the members of a failure that are strings, with their names in the JSON.
void print_strings(const tlsrpt::failure_details_view& failure, std::ostream& out) {
  tlsrpt::schema::for_each(tlsrpt::schema::failure_details, failure,
                           [&out](const auto& member, const auto& value) {
                             if constexpr (std::is_same_v<decltype(value), const std::string_view&>)
                               if (tlsrpt::present(value))
                                 out << member.name << ": " << value << '\n';
                           });
}
//! [schema]

//! [kept_report]
/// Keeps the report with the most failed sessions of all that are given to it.
class worst_report {
 public:
  void take(const tlsrpt::report_view& report) {
    std::uint64_t failed = 0;
    for (const tlsrpt::policy_view& policy : report.policies)
      failed = tlsrpt::saturating_sum(failed, policy.total_failure_session_count.value_or(0));
    if (failed <= failed_) return;
    const auto copy = tlsrpt::kept_report::copy(report);
    if (!copy) return;  // no memory
    worst_ = *copy;
    failed_ = failed;
  }
  tlsrpt::report_view view() const& { return worst_.view(); }

 private:
  tlsrpt::kept_report worst_;
  std::uint64_t failed_ = 0;
};
//! [kept_report]

//! [canonical]
/// Whether a report has not been seen before, however it came: as JSON or gzip, from whom, and in
/// which spelling.
bool is_new(const tlsrpt::report_view& report, std::unordered_set<tlsrpt::digest>& seen) {
  return seen.insert(digest_of(report)).second;
}

/// The JSON text to keep: small, and the same for all copies of the report.
std::string text_to_keep(const tlsrpt::report_view& report) {
  std::string text;
  write_canonical(text, report);
  return text;
}
//! [canonical]

//! [visit]
/// Counts failed sessions without keeping the failure details, of which there may be millions.
struct failure_counter {
  std::uint64_t failed = 0;

  void on_report(const tlsrpt::report_head_view&) {}
  void on_policy(const tlsrpt::policy_head_view&) {}
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view& failure) {
    failed = tlsrpt::saturating_sum(failed, failure.failed_session_count.value_or(0));
  }
};

std::optional<std::uint64_t> count_failures(tlsrpt::report_parser<>& parser,
                                            std::string_view bytes) {
  failure_counter counter;
  if (!parser.visit(bytes, counter)) return std::nullopt;  // what was counted does not count
  return counter.failed;
}
//! [visit]

//! [model]
void print_failures(const tlsrpt::report_view& report, std::ostream& out) {
  for (const tlsrpt::policy_view& policy : report.policies) {
    for (const tlsrpt::failure_details_view& failure : policy.failure_details) {
      out << failure.result_type.text << " at " << failure.receiving_mx_hostname << ": ";
      if (failure.failed_session_count.known())
        out << failure.failed_session_count.value();
      else
        out << "unknown";  // which is not 0
      if (tlsrpt::present(failure.failure_reason_code))
        out << " (" << failure.failure_reason_code << ')';
      out << '\n';
    }
  }
}
//! [model]

//! [padded]
/// Reads a file's text without copying it. The views live as long as `text` is left alone.
tlsrpt::result<tlsrpt::report_view> parse_without_copy(tlsrpt::report_parser<>& parser,
                                                       std::string& text) {
  return parser.parse_in_place(tlsrpt::pad(text));
}
//! [padded]

//! [limits]
/// A parser for a service that reads small reports of anybody.
tlsrpt::report_parser<> make_careful_parser() {
  return tlsrpt::report_parser<>({.max_text_bytes = std::size_t{1} << 20, .max_policies = 1000});
}
//! [limits]

//! [record]
void print_endpoints(std::string_view txt, std::ostream& out) {
  const auto record = tlsrpt::parse_record(txt);
  if (!record) {
    out << message(record.error().code) << '\n';
    return;
  }
  for (const tlsrpt::rua_view& rua : record->endpoints())
    out << (rua.scheme == tlsrpt::uri_scheme::mailto ? "mail to " : "POST to ") << rua.target()
        << '\n';
}
//! [record]

//! [select_record]
/// What to query for a domain, and what to do with all TXT records that come back.
tlsrpt::result<tlsrpt::record_view> find_record(std::span<const std::string_view> txt_records) {
  std::string query;  // "_smtp._tls.example.com"
  if (const auto named = tlsrpt::query_name(query, "example.com"); !named) return named.error();
  // ... query TXT records at `query` ...
  return tlsrpt::select_record(txt_records);
}
//! [select_record]

//! [write_record]
std::string make_record() {
  const std::array<std::string_view, 2> uris = {"mailto:tls@example.com",
                                                "https://example.com/tls"};
  std::string text;
  if (!tlsrpt::write_record(text, uris)) return {};  // a URI that cannot be used
  return text;  // "v=TLSRPTv1; rua=mailto:tls@example.com,https://example.com/tls"
}
//! [write_record]

//! [submission]
/// The answer to a request whose body is shorter than its head says.
std::string answer_to(std::string_view type, std::string_view body) {
  tlsrpt::submission_head head{.is_path_known = true, .method = "POST", .content_type = type};
  tlsrpt::submission_code code = judge_head(head).code;
  if (code == tlsrpt::submission_code::go_on)
    code = tlsrpt::judge_body({.content = tlsrpt::classify_payload(body)}).code;
  return std::to_string(status(code)) + ' ' + std::string(answer_text(code));
}
//! [submission]

//! [submitter]
/// How a report came that one's own mail server, mx.example.net, has taken.
tlsrpt::receipt receipt_of(const tlsrpt::mail_view& mail, std::string_view contact_info,
                           std::int64_t now) {
  const auto facts =
      tlsrpt::read_authentication_results(mail.header(), {.authserv_id = "mx.example.net"});
  const auto verdict = tlsrpt::judge_submitter(facts, tlsrpt::contact_domain(contact_info));
  return {verdict.submitter, tlsrpt::channel::mail, now};
}
//! [submitter]

//! [zone_text]
/// The records that a line of a zone file, or what dig prints, has for a domain's senders.
std::vector<std::string> records_in(std::string_view text) {
  std::vector<std::string> records;
  std::string scratch(text.size(), '\0');
  tlsrpt::read_zone_text(text, scratch, [&records](const tlsrpt::zone_entry& entry) {
    if (entry.kind == tlsrpt::zone_entry_kind::record &&
        tlsrpt::read_owner_name(entry.owner).code == tlsrpt::errc::ok)
      records.emplace_back(entry.text);
  });
  return records;
}
//! [zone_text]

//! [write_report]
/// The report about a day in which all sessions had TLS, of a policy that was looked up.
std::string quiet_day(const tlsrpt::policy_view& policy, std::int64_t midnight) {
  tlsrpt::report_view report;
  report.organization_name = "Example Net";
  report.contact_info = "tls-reports@example.net";
  report.report_id = "20261123.example.com@example.net";
  report.date_range.start_datetime = {.seconds = midnight, .known = true};
  report.date_range.end_datetime = {.seconds = midnight + 86'399, .known = true};
  report.policies = {&policy, 1};
  std::string json;
  if (const auto written = write_report(json, report); !written)
    return std::string(message(written.error().code));  // and written.error().where says where
  return json;
}
//! [write_report]

//! [write_mail]
/// The mail that brings a report to an endpoint; it still needs a DKIM signature.
std::string mail_to(std::string_view address, std::string_view domain,
                    const tlsrpt::report_view& report, std::int64_t now) {
  std::string json, gzip, mail;
  if (write_report(json, report) && tlsrpt::write_gzip(gzip, json) &&
      write_mail(mail, report, gzip, {.to = address, .about = domain, .date = now}))
    return mail;
  return {};  // of each of the three, error() says why
}
//! [write_mail]

//! [output]
/// Writes a record for a zone file to a buffer of fixed size; an empty text when it does not fit.
std::string_view write_zone_text(std::string_view record, std::span<char> buffer) {
  tlsrpt::span_output out(buffer);
  tlsrpt::write_zone_strings(out, record);
  return out.fits() ? out.text() : std::string_view();  // out.size() octets are needed
}
//! [output]

//! [ostream]
/// "2026-11-22: 2 sessions failed at 192.0.2.1", say.
void print_failure(const tlsrpt::date_range_view& period,
                   const tlsrpt::failure_details_view& failure, std::ostream& out) {
  out << period << ": " << failure.failed_session_count << " sessions failed at "
      << failure.receiving_ip << '\n';
}
//! [ostream]

//! [reasons]
/// What is wrong, and what to do; empty when the text of the sender is not known.
std::string advice_on(const tlsrpt::policy_view& policy,
                      const tlsrpt::failure_details_view& failure) {
  const tlsrpt::reason_match match = match_reason(policy, failure);
  if (match.certainty == tlsrpt::certainty::guess) return {};
  return std::string(explanation(match.id)) + ' ' + std::string(remedy(match.id));
}
//! [reasons]

//! [arrow]
/// Hands a column of octets to the parser, and what comes of it to whoever asked: pyarrow, DuckDB.
[[maybe_unused]] bool to_reports(ArrowArrayStream& blobs, ArrowArrayStream& reports) {
  return parse_arrow_stream(tlsrpt::report_parser<>(), blobs, reports, {.with_ledger = true});
}
//! [arrow]

//! [record_advice]
/// What to do about the record of a domain, each with a key that stays the same.
std::vector<std::string> to_mend(std::string_view domain, std::string_view txt) {
  std::vector<std::string> lines;
  tlsrpt::advise_record(
      {.domain = domain, .records = {&txt, 1}}, [&](const tlsrpt::record_finding& found) {
        std::string& line = lines.emplace_back();
        write_key(line, found);
        line += ": " + std::string(found.text) + ' ' + std::string(found.do_first);
      });
  return lines;
}
//! [record_advice]

//! [policy_advice]
/// What is wrong with the policy of a domain and the mail hosts that it lists.
std::vector<std::string> to_mend_in_policy(std::string_view domain, std::string_view policy,
                                           std::span<const tlsrpt::published_host> hosts) {
  std::vector<std::string> lines;
  tlsrpt::advise_policies({.domain = domain, .sts_policy = policy, .hosts = hosts}, {},
                          [&](const tlsrpt::policy_finding& found) {
                            std::string& line = lines.emplace_back(found.subject);
                            line +=
                                ": " + std::string(found.text) + ' ' + std::string(found.do_first);
                          });
  return lines;
}
//! [policy_advice]

//! [advice]
/// What to do today, each with what to do first.
std::vector<std::string> to_do(const tlsrpt::ledger& ledger, std::int64_t now) {
  std::vector<std::string> lines;
  const auto summary = make_summary(ledger, {.now = now});
  if (!summary) return lines;
  const auto advice = make_advice(*summary);
  if (!advice) return lines;
  for (const tlsrpt::finding& one : advice->findings())
    if (one.severity <= 2) lines.push_back(std::string(one.text) + ' ' + std::string(one.do_first));
  return lines;
}
//! [advice]

//! [endpoint]
/// When to try again, after an attempt at `now` that was answered so; nothing when that was the
/// end.
std::optional<std::int64_t> next_try(std::int64_t first, std::uint64_t hash, unsigned attempts,
                                     std::uint16_t status, std::int64_t now) {
  if (tlsrpt::judge_status(status, {}) != tlsrpt::verdict::retry) return std::nullopt;
  return tlsrpt::next_attempt(first, hash, attempts, now);
}

/// Whether a report may be posted to a URL whose host has that address.
bool may_post(std::string_view url, const tlsrpt::ip_address& address) {
  return tlsrpt::check_url(url).fault == tlsrpt::url_fault::none && tlsrpt::may_connect(address);
}
//! [endpoint]

//! [tally]
/// Counts a session in which an expired certificate broke the MTA-STS policy of a domain.
bool count_expired(tlsrpt::tally& tally, std::string_view domain,
                   std::span<const std::string_view> policy_lines, std::int64_t now) {
  tlsrpt::failure_details_view failure;
  failure.result_type.value = tlsrpt::result_type::certificate_expired;
  const tlsrpt::session_policy policy{.type = tlsrpt::policy_type::sts,
                                      .policy_string = policy_lines,
                                      .outcome = tlsrpt::session_outcome::failed,
                                      .failures = {&failure, 1}};
  return tally.count({.recipient_domain = domain, .time = now, .policies = {&policy, 1}})
      .has_value();
}

/// The report of that day to a domain; empty when there is none.
std::string report_to(std::string_view domain, const tlsrpt::tally& tally) {
  tlsrpt::tally_reporter reporter;
  const auto report = reporter.make(
      tally, domain,
      {.organization_name = "Example Net", .contact_info = "tls-reports@example.net"});
  std::string json;
  if (report && !write_report(json, *report)) json.clear();
  return json;
}
//! [tally]

//! [datagram]
/// Counts what a mail server sent to the socket of a collector; whether it made sense.
bool count_datagram(tlsrpt::tally& tally, std::string_view datagram, std::int64_t now,
                    tlsrpt::datagram_reader& reader) {
  const auto session = reader.read(datagram, now);
  return session && tally.count(*session).has_value();
}

/// What a mail server sends for a session; empty when there is nothing to send.
std::string datagram_of(const tlsrpt::session_view& session) {
  std::string text;
  if (!write_datagram(text, session)) text.clear();
  return text;
}
//! [datagram]

//! [tls_errors]
/// What a failure that OpenSSL found becomes in a report; nothing when it is not the receiver's.
std::optional<tlsrpt::tls_failure> failure_of(long verify_result) {
  const tlsrpt::tls_failure failure = tlsrpt::classify_openssl(verify_result);
  if (!failure.is_counted) return std::nullopt;
  return failure;
}
//! [tls_errors]

//! [ledger]
/// Adds a file to a ledger; whether it is a report. Ledgers of several threads or days are merged.
bool add_to(tlsrpt::ledger& ledger, std::string_view file, tlsrpt::report_parser<>& parser) {
  const auto report = parser.parse(file);
  return report && ledger.add(*report, {.via = tlsrpt::channel::file}).has_value();
}
//! [ledger]

//! [summary]
/// How many sessions failed at least, and how many at most, for each domain.
void print_failed(const tlsrpt::ledger& ledger, std::ostream& out) {
  const auto summary = make_summary(ledger);
  const auto domains = total_table(*summary, {.by = tlsrpt::key_part::domain});
  for (const tlsrpt::total_row& row : domains->rows()) {
    const tlsrpt::session_bounds failed = row.in(tlsrpt::scope::all).failed;
    out << row.key.domain << ": " << failed.at_least << " to " << failed.at_most << '\n';
  }
}
//! [summary]

//! [escape]
/// A row of a table for a page: what a sender wrote cannot leave its cell.
std::string table_row(const tlsrpt::failure_details_view& failure) {
  std::string row = "<tr><td>";
  tlsrpt::escape::html_text(row, to_text(failure.result_type));
  row += "<td>";
  tlsrpt::escape::html_text(row, failure.failure_reason_code);
  return row += "</tr>\n";
}
//! [escape]

//! [policy_text]
/// Whether the MTA-STS policy that a report shows lets mail go to `host`.
bool may_receive(const tlsrpt::policy_head_view& policy, std::string_view host) {
  const auto sts = tlsrpt::parse_sts_policy(policy.policy_string);
  return sts && (sts->mode().value != tlsrpt::sts_mode::enforce || sts->matches(host));
}

/// The octets of the digest in a TLSA record with SHA2-256; none for other records.
std::vector<std::byte> digest_of(std::string_view record) {
  const auto tlsa = tlsrpt::parse_tlsa_record(record, tlsrpt::strict{});
  std::vector<std::byte> digest;
  if (tlsa && tlsa->matching_type == tlsrpt::tlsa_matching_type::sha2_256) tlsa->decode_to(digest);
  return digest;
}
//! [policy_text]

//! [gzip]
std::string_view suffix_for(std::string_view bytes) {
  return tlsrpt::is_gzip(bytes) ? ".json.gz" : ".json";
}
//! [gzip]

//! [zip]
/// Counts the reports in an archive. What is no report stays out.
std::size_t count_reports(std::string_view archive) {
  tlsrpt::zip_reader<> reader;
  tlsrpt::report_parser<> parser;
  std::size_t count = 0;
  const auto entries = reader.open(archive);
  if (!entries) return count;
  for (const tlsrpt::zip_entry& entry : *entries) {
    const auto content = reader.read(entry);
    if (content && parser.parse(*content)) ++count;
  }
  return count;
}
//! [zip]

//! [inflater]
/// Decodes by zlib, and adds up how many octets came out.
class measuring_inflater {
 public:
  explicit measuring_inflater(std::size_t& total) : total_(&total) {}

  bool start(std::span<const std::byte> input) noexcept { return zlib_.start(input); }
  tlsrpt::inflate_step inflate(std::span<char> output) noexcept {
    const tlsrpt::inflate_step step = zlib_.inflate(output);
    if (step.status == tlsrpt::inflate_status::done) *total_ += step.produced;
    return step;
  }
  std::uint32_t crc32(std::span<const std::byte> octets) const noexcept {
    return zlib_.crc32(octets);
  }

 private:
  tlsrpt::zlib_inflater zlib_;
  std::size_t* total_;
};

tlsrpt::report_parser<tlsrpt::lenient, measuring_inflater> make_measuring_parser(
    std::size_t& total) {
  return tlsrpt::report_parser<tlsrpt::lenient, measuring_inflater>({}, {},
                                                                    measuring_inflater(total));
}
//! [inflater]

#if TLSRPT_TEST_LIBDEFLATE
//! [libdeflate]
using fast_parser = tlsrpt::report_parser<tlsrpt::lenient, tlsrpt::libdeflate_inflater>;
//! [libdeflate]
#endif

//! [error]
void explain(const tlsrpt::diagnostic& error, std::ostream& out) {
  out << name(error.code) << " at " << error.where << ": " << message(error.code) << " ("
      << requirement(error.code) << ")\n";
  if (error.hint != tlsrpt::errc::ok) out << "probably: " << message(error.hint) << '\n';
}
//! [error]

//! [location]
constexpr tlsrpt::location where = {
    .offset = 312, .policy = 0, .member = tlsrpt::field::policy_domain};
static_assert(path(where) == "/policies/0/policy/policy-domain");
static_assert(to_text(where) == "/policies/0/policy/policy-domain, octet 312");
//! [location]

//! [diagnostic]
void print_findings(tlsrpt::report_parser<>& parser, std::string_view bytes, std::ostream& out) {
  tlsrpt::diagnostic_list<16> found;
  static_cast<void>(parser.parse(bytes, found));
  for (const tlsrpt::diagnostic& d : found)
    out << name(grade_of(d.code)) << ": " << name(d.code) << " at " << d.where << '\n';
  if (found.dropped() > 0) out << found.dropped() << " more\n";
}
//! [diagnostic]

//! [conformance]
/// Lenient, but for times without a zone.
struct house_rules : tlsrpt::lenient {
  static constexpr bool accepts(tlsrpt::errc code) noexcept {
    return code != tlsrpt::errc::missing_time_zone && lenient::accepts(code);
  }
};
using house_parser = tlsrpt::report_parser<house_rules>;
using strict_parser = tlsrpt::report_parser<tlsrpt::strict>;
//! [conformance]

//! [result]
std::string first_endpoint(std::string_view txt) {
  return tlsrpt::parse_record(txt)
      .transform([](const tlsrpt::record_view& record) {
        return std::string((*record.endpoints().begin()).target());
      })
      .value_or("no endpoint");
}
//! [result]

//! [consistency]
void print_oddities(const tlsrpt::report_view& report, std::int64_t now, std::ostream& out) {
  const auto tell = [&out](const tlsrpt::diagnostic& d) {
    out << name(grade_of(d.code)) << ": " << message(d.code) << '\n';
  };
  tlsrpt::find_inconsistencies(report, tell, {.now = now});
}
//! [consistency]

//! [envelope]
/// The policy domain of a report that says none, by the names around it.
std::string_view domain_of(const tlsrpt::report_view& report, std::string_view file_name,
                           std::string_view subject) {
  tlsrpt::envelope_view envelope;
  if (const auto read = tlsrpt::parse_file_name(file_name)) envelope.file_name = *read;
  if (const auto read = tlsrpt::parse_subject(subject)) envelope.subject = *read;
  return tlsrpt::compare_envelope(envelope, report).policy_domain;
}
//! [envelope]

//! [file_name]
/// The name of the file to keep a report in; empty for domains that no name can have.
std::string name_for(const tlsrpt::report_view& report, std::string_view sender,
                     std::string_view policy_domain) {
  std::string name;
  static_cast<void>(tlsrpt::write_file_name(name, {.sender = sender,
                                                   .policy_domain = policy_domain,
                                                   .begin = report.date_range.start_datetime,
                                                   .end = report.date_range.end_datetime}));
  return name;
}
//! [file_name]

//! [mail_part]
bool may_be_report(std::string_view content_type, std::string_view file_name,
                   std::string_view octets) {
  const tlsrpt::part_assessment part = tlsrpt::examine_part(content_type, file_name, octets);
  return part.is_readable() && part.evidence != tlsrpt::evidence::none;
}
//! [mail_part]

//! [payload]
static_assert(tlsrpt::classify_payload("<?xml version=\"1.0\"?><feedback>") ==
              tlsrpt::payload::dmarc_report);
static_assert(refusal_of(tlsrpt::payload::dmarc_report) == tlsrpt::errc::dmarc_report);
//! [payload]

//! [mail]
/// Prints the totals of all reports in a mail. The buffer is kept for the next one.
void print_mail(tlsrpt::report_parser<>& parser, std::string_view octets, std::string& buffer,
                std::ostream& out) {
  const auto mail = tlsrpt::read_mail(octets);
  if (!mail || mail->shortage() != tlsrpt::errc::ok) {
    out << message(mail ? mail->shortage() : mail.error().code) << '\n';
    return;
  }
  for (const tlsrpt::mail_part_view part : mail->candidates())
    if (const auto content = part.decode(buffer); content && !part.is_returned())
      print_totals(parser, *content, out);
}
//! [mail]

//! [duplicate]
/// What to store of a report, so that it is recognized when it comes again. `submitter` is
/// authenticated.
std::string key_of(const tlsrpt::report_view& report, const tlsrpt::policy_view& policy,
                   std::string_view submitter) {
  std::string text;
  tlsrpt::write_duplicate_key(text, tlsrpt::make_duplicate_key(submitter, report, policy));
  return text;
}
//! [duplicate]

//! [hostname]
static_assert(tlsrpt::same_host("MX.example.com.", "mx.example.com"));
static_assert(tlsrpt::matches_mx_pattern("mx1.example.com", "*.example.com"));
static_assert(!tlsrpt::matches_mx_pattern("a.mx1.example.com", "*.example.com"));
static_assert(tlsrpt::helo_name("250-mx.example.com\r\n250 STARTTLS") == "mx.example.com");
static_assert(tlsrpt::canonical_host("MX.Example.com.") == "mx.example.com");  // for keys of maps
//! [hostname]

//! [ip_address]
constexpr tlsrpt::ip_view sending_mta_ip = {"[IPv6:2001:DB8:0::1]"};  // as a sender wrote it
static_assert(to_text(*sending_mta_ip.address()) == "2001:db8::1");
static_assert(sending_mta_ip.address() == tlsrpt::ip_address::parse("2001:db8:0:0:0:0:0:1"));
static_assert(sending_mta_ip.address()->is_documentation());
//! [ip_address]

//! [digest]
constexpr auto stored = tlsrpt::digest::parse("4d3e25ebd7d81a947fea79161e3fe302");
static_assert(stored && to_text(*stored) == "4d3e25ebd7d81a947fea79161e3fe302");
//! [digest]

//! [timestamp]
constexpr tlsrpt::date_time_reading midnight = tlsrpt::read_date_time("2026-11-22T00:00:00");
static_assert(midnight.known && midnight.seconds == 1795305600);
static_assert(midnight.remarks[0] == tlsrpt::errc::missing_time_zone);
static_assert(tlsrpt::to_date_time(midnight.seconds) == "2026-11-22T00:00:00Z");
//! [timestamp]

//! [vocabulary]
constexpr auto folded = tlsrpt::match_result_type("Certificate_Expired");
static_assert(folded.value == tlsrpt::result_type::certificate_expired && !folded.exact);
static_assert(name(folded.value) == "certificate-expired");
static_assert(group_of(folded.value) == tlsrpt::result_group::negotiation);
//! [vocabulary]

//! [version]
#if TLSRPT_HPP_VERSION_MAJOR == 0 && TLSRPT_HPP_VERSION_MINOR < 1
#error "tlsrpt 0.1.0 or newer is needed"
#endif
constexpr std::string_view version = TLSRPT_HPP_VERSION_STRING;
//! [version]

/// What `print` writes.
template <class Print>
std::string written(Print&& print) {
  std::ostringstream out;
  print(out);
  return out.str();
}

const std::string plain = support::report_parts{}.text();

tlsrpt::report_view parsed(tlsrpt::report_parser<>& parser, std::string_view bytes = plain) {
  const auto report = parser.parse(bytes);
  REQUIRE(report.has_value());
  return *report;
}

}  // namespace

TEST_CASE("examples of reading reports") {
  tlsrpt::report_parser<> parser;
  const auto totals = [&parser](std::string_view bytes) {
    return written([&](std::ostream& out) { print_totals(parser, bytes, out); });
  };
  CHECK(totals(plain) == "example.com: 2 sessions failed\n");
  CHECK(totals(support::gzip(plain)) == "example.com: 2 sessions failed\n");
  CHECK(totals("{\"a\":") == "The JSON text ends too early. At octet 5.\n");
  CHECK(count_failures(parser, plain) == 2);
  CHECK(count_failures(parser, plain + plain) == 2);
  CHECK(count_failures(parser, plain.substr(0, plain.size() - 1)) == std::nullopt);

  support::report_parts parts;
  const auto failures = [&] {
    return written([&](std::ostream& out) { print_failures(parsed(parser, parts.text()), out); });
  };
  CHECK(failures() == "certificate-expired at mx.example.com: 2\n");
  parts.failed_session_count = "\"many\"";
  parts.extra_of_failure = R"(,"failure-reason-code":"x")";
  CHECK(failures() == "certificate-expired at mx.example.com: unknown (x)\n");

  const tlsrpt::report_view report = parsed(parser, plain);
  tlsrpt::failure_details_view failure;
  failure.result_type.text = "<b>";
  failure.failure_reason_code = "a & b";
  tlsrpt::ledger ledger;
  tlsrpt::report_parser<> other;
  CHECK(add_to(ledger, support::report_parts().text(), other));
  CHECK(ledger.size() == 1);
  constexpr std::int64_t day_after_the_report = 1'795'392'000;
  REQUIRE(to_do(ledger, day_after_the_report).size() == 1);
  CHECK(to_do(ledger, day_after_the_report)
            .front()
            .starts_with("mx.example.com shows a certificate that is past its last day. Renew "));
  CHECK_FALSE(add_to(ledger, "no report", other));
  CHECK(written([&](std::ostream& out) { print_failed(ledger, out); }) == "example.com: 2 to 2\n");
  CHECK(advice_on({}, failure).empty());
  const tlsrpt::published_host hosts[] = {{.name = "mx2.example.com"}};
  CHECK(to_mend_in_policy("example.com",
                          "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n",
                          hosts)
            .empty());
  CHECK(to_mend("example.com", "v=TLSRPTv1; rua=mailto:a@example.com; mailto:b@example.com") ==
        std::vector<std::string>{
            "dns.example.com.semicolon-in-list.record: A semicolon separates two addresses where a "
            "comma belongs, so what follows it is ignored. Put commas between the addresses."});
  CHECK(table_row(failure) == "<tr><td>&lt;b&gt;<td>a &amp; b</tr>\n");
  failure.receiving_ip.text = "[192.0.2.1]";
  failure.failed_session_count = 2;
  CHECK(written([&](std::ostream& out) { print_failure(report.date_range, failure, out); }) ==
        "2026-11-22: 2 sessions failed at 192.0.2.1\n");

  failure.failure_reason_code = "certificate revoked";
  CHECK(advice_on({}, failure) ==
        "<host> shows a certificate that its authority has revoked. Replace the certificate of "
        "<host> today, and find out why it was revoked.");

  failure.receiving_mx_hostname = "mx.example.com";
  failure.failure_reason_code = "x";
  CHECK(written([&](std::ostream& out) { print_strings(failure, out); }) ==
        "receiving-mx-hostname: mx.example.com\nfailure-reason-code: x\n");

  worst_report worst;
  for (const char* failed : {"2", "7", "3"}) {
    parts.failed = failed;
    worst.take(parsed(parser, parts.text()));
  }
  CHECK(worst.view().policies[0].total_failure_session_count == 7);

  const tlsrpt::report_view again = parsed(parser, plain);
  std::unordered_set<tlsrpt::digest> seen;
  CHECK(is_new(again, seen));
  const std::string kept = text_to_keep(again);
  CHECK_FALSE(is_new(parsed(parser, kept), seen));
  CHECK_FALSE(is_new(parsed(parser, support::gzip(plain)), seen));

  std::string text = plain;
  const auto in_place = parse_without_copy(parser, text);
  REQUIRE(in_place.has_value());
  CHECK(in_place->policies.size() == 1);
}

TEST_CASE("examples of limits and gzip") {
  auto careful = make_careful_parser();
  CHECK(careful.parse(plain).has_value());
  CHECK(careful.parse(std::string(std::size_t{1} << 20, ' ') + plain).error().code ==
        tlsrpt::errc::text_too_long);
  const std::string gzip = support::gzip(plain);
  CHECK(suffix_for(gzip) == ".json.gz");
  CHECK(suffix_for(plain) == ".json");
  using support::zip_member;
  CHECK(count_reports(support::zip_writer{
            {zip_member::of("a", gzip), zip_member::of("b", plain), zip_member::of("c", "Hello")}}
                          .archive()) == 2);
  std::size_t total = 0;
  auto measuring = make_measuring_parser(total);
  CHECK(measuring.parse(gzip).has_value());
  CHECK(measuring.parse(gzip).has_value());
  CHECK(total == 2 * plain.size());
#if TLSRPT_TEST_LIBDEFLATE
  fast_parser fast;
  CHECK(fast.parse(gzip).has_value());
#endif
}

TEST_CASE("examples of writing") {
  tlsrpt::policy_view policy;
  policy.policy_type.value = tlsrpt::policy_type::no_policy_found;
  policy.policy_domain = "example.com";
  CHECK(quiet_day(policy, 1795392000) == "A member that reports should have is missing.");
  policy.total_successful_session_count = 5;
  policy.total_failure_session_count = 0;
  const std::string json = quiet_day(policy, 1795392000);
  tlsrpt::report_parser<> parser;
  const tlsrpt::report_view report = parsed(parser, json);
  CHECK(is_utc_day(report.date_range));
  const std::string mail = mail_to("tls@example.com", "example.com", report, 1795565400);
  CHECK(mail.starts_with("From: tls-reports@example.net\r\nTo: tls@example.com\r\n"));
  CHECK(mail_to("tls", "example.com", report, 1795565400).empty());
}

TEST_CASE("examples of records") {
  const auto endpoints = [](std::string_view txt) {
    return written([&](std::ostream& out) { print_endpoints(txt, out); });
  };
  CHECK(endpoints(make_record()) == "mail to tls@example.com\nPOST to https://example.com/tls\n");
  CHECK(endpoints("v=spf1 -all").starts_with("The text does not begin with v=TLSRPTv1"));
  CHECK(make_record() == "v=TLSRPTv1; rua=mailto:tls@example.com,https://example.com/tls");
  const std::string record = make_record();
  std::array<char, 64> buffer;
  CHECK(write_zone_text(record, buffer) == '"' + record + '"');
  CHECK(write_zone_text(record, std::span(buffer).first(20)).empty());
  const std::array<std::string_view, 2> texts = {"v=spf1 -all", record};
  CHECK(find_record(texts).value().text() == record);
  CHECK(records_in("_smtp._tls.example.com. IN TXT \"v=TLSRPTv1\"") ==
        std::vector<std::string>{"v=TLSRPTv1"});
  CHECK(records_in("_smtp.example.com. IN TXT \"v=TLSRPTv1\"").empty());
  CHECK(find_record({}).error().code == tlsrpt::errc::no_txt_record);
  CHECK(first_endpoint(record) == "tls@example.com");
  CHECK(first_endpoint("v=spf1 -all") == "no endpoint");
}

TEST_CASE("examples of findings") {
  const auto record = tlsrpt::parse_record("v=TLSRPTv1; RUA=mailto:tls@example.com");
  CHECK(written([&](std::ostream& out) { explain(record.error(), out); }) ==
        "missing-rua at record, octet 12: The record has no rua field, so reports have nowhere to "
        "go. (RFC 8460, 3)\nprobably: The field name rua is case-sensitive; in any other case it "
        "is an unknown field.\n");

  support::report_parts parts;
  parts.contact_info = "null";
  parts.date_range = R"({"start-datetime":"2026-11-22T00:00:00",)"
                     R"("end-datetime":"2026-11-22T23:59:59Z"})";
  tlsrpt::report_parser<> parser;
  CHECK(written([&](std::ostream& out) { print_findings(parser, parts.text(), out); }) ==
        "violation: missing-time-zone at /date-range/start-datetime, octet 67\n"
        "warning: null-member at /contact-info, octet 143\n");
  house_parser house;
  strict_parser strict;
  CHECK(house.parse(plain).has_value());
  CHECK(house.parse(parts.text()).error().code == tlsrpt::errc::missing_time_zone);
  CHECK(strict.parse(parts.text()).error().code == tlsrpt::errc::missing_time_zone);

  parts = {};
  parts.failed = "0";
  parts.sending_mta_ip = "\"198.18.0.1\"";
  const std::string odd = parts.text();
  const tlsrpt::report_view report = parsed(parser, odd);
  CHECK(written([&](std::ostream& out) { print_oddities(report, 1795478400, out); }) ==
        "warning: The total says that no session failed, yet the failure details count some; one "
        "of the two is wrong.\n");
}

TEST_CASE("examples of what is in and around reports") {
  tlsrpt::report_parser<> parser;
  const tlsrpt::report_view report = parsed(parser);
  CHECK(may_receive(report.policies[0], "mx.example.com"));
  CHECK_FALSE(may_receive(report.policies[0], "mx.example.net"));
  const auto digest = digest_of("3 1 1 " + std::string(62, '0') + "2a");
  REQUIRE(digest.size() == 32);
  CHECK(digest[31] == std::byte{0x2a});
  CHECK(digest_of("3 1 2 2a").empty());

  const std::string_view file_name = "sender.example!example.com!1795305600!1795391999.json";
  CHECK(domain_of(report, file_name, "").empty());  // the report says it
  CHECK(name_for(report, "sender.example", "example.com") ==
        "sender.example!example.com!1795305600!1795391999.json");
  CHECK(name_for(report, "sender.example", "a/b").empty());
  CHECK(may_be_report("text/plain", file_name, "{}"));
  CHECK_FALSE(may_be_report("text/plain", "", "Hello"));
  tlsrpt::report_parser<> mail_parser;
  std::string buffer;
  const auto mailed = [&](const std::string& octets) {
    return written([&](std::ostream& out) { print_mail(mail_parser, octets, buffer, out); });
  };
  const std::string fields = "From: a@example.com\nContent-Type: application/tlsrpt+json\n\n";
  CHECK(mailed(fields + support::report_parts().text()) == "example.com: 2 sessions failed\n");
  CHECK(mailed(fields + "Taken out.\n").starts_with("It says it is a TLS report"));
  CHECK(key_of(report, report.policies[0], "Sender.Example") ==
        "14:sender.example,22:2026-11-22_example.com,11:example.com,10:1795305600,10:1795391999,");
  support::report_parts parts;
  parts.policy_domain = "null";
  const std::string silent = parts.text();
  CHECK(domain_of(parsed(parser, silent), file_name, "") == "example.com");
  CHECK(domain_of(parsed(parser, silent), "report.json", "Report Domain: example.net") ==
        "example.net");
  CHECK(version == TLSRPT_HPP_VERSION_STRING);
}

TEST_CASE("examples of sending") {
  const std::int64_t first = 1795479000;  // 2026-11-24T00:10:00Z
  CHECK(next_try(first, 0, 1, 503, first) == first + 900);
  CHECK_FALSE(next_try(first, 0, 1, 404, first));
  CHECK(may_post("https://reports.example.com/", *tlsrpt::ip_address::parse("8.8.8.8")));
  CHECK_FALSE(may_post("https://reports.example.com/", *tlsrpt::ip_address::parse("10.0.0.1")));
  CHECK(failure_of(10)->type == tlsrpt::result_type::certificate_expired);
  CHECK_FALSE(failure_of(17));
  tlsrpt::tally tally(tlsrpt::day_of(first), "mta1", 1);
  const std::string_view lines[] = {"version: STSv1", "mode: enforce"};
  CHECK(count_expired(tally, "example.com", lines, first));
  CHECK_FALSE(count_expired(tally, "example.com", lines, first + 86'400));
  CHECK(report_to("example.com", tally).find("certificate-expired") != std::string::npos);
  CHECK(report_to("example.net", tally).empty());
  const tlsrpt::session_policy policy{.type = tlsrpt::policy_type::sts};
  const std::string datagram =
      datagram_of({.recipient_domain = "example.net", .policies = {&policy, 1}});
  tlsrpt::datagram_reader reader;
  CHECK(count_datagram(tally, datagram, first, reader));
  CHECK_FALSE(count_datagram(tally, "5", first, reader));
  CHECK_FALSE(report_to("example.net", tally).empty());
  CHECK(datagram_of({}).empty());
}

TEST_CASE("examples of reports that are received") {
  CHECK(answer_to("application/tlsrpt+json", "{}") == "200 The report is stored.\n");
  CHECK(answer_to("text/html", "{}") == "415 This is no media type of TLS reports.\n");
  const auto mail = tlsrpt::read_mail(
      "Authentication-Results: mx.example.net; dkim=pass header.d=a.example\n"
      "From: tls@a.example\nContent-Type: application/tlsrpt+json\n\n{}\n");
  REQUIRE(mail);
  CHECK(receipt_of(*mail, "tls@a.example", 0).authenticated_submitter == "a.example");
  CHECK(receipt_of(*mail, "tls@b.example", 0).authenticated_submitter.empty());
}
