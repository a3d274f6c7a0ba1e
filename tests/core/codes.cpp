/// @file
/// Runs the example of every code in tests/data/codes/examples.tsv, of which docs/codes.md is made:
/// the code comes out of it, as a finding or as the error.
///
/// Columns: the code, the kind of the example, the example, and for some kinds one thing more. In a
/// cell "\xhh" is an octet and "\(text*N)" is the text N times; " | " separates several texts.
/// Kinds:
///
///     record        TXT records of one name; none without example
///     domain        a domain to query; then the size of the buffer
///     report        a JSON text; or, when there is a fourth column, what replaces that part of
///                   report.json (in one line), where "..." means up to what follows it
///     consistency   the same, given to find_inconsistencies()
///     duplicate     the same, compared with report.json as it is
///     octets        what a file holds, in hexadecimal digits
///     zip           the same for an archive
///     limit         limits with which report.json in gzip of two members is read
///     in place      how many octets follow report.json, and "gzip" if it is compressed
///     inflater      start() of the inflater and what it returns
///     visitor       a function of the visitor, and what it returns or calls
///     simdjson      the implementation that simdjson is set to
///     file name, subject
///     header field  values of TLS-Report-Domain or TLS-Report-Submitter
///     wrapper       the Content-Type of the multipart, and its report-type
///     part          the Content-Type of the part, its file name, its octets
///     envelope      a header field or the file name; then what is taken out of report.json
///     policy        lines of an MTA-STS policy
///     tlsa          TLSA records
///     ledger        the first line of a ledger
///     entries       the most reports of a ledger, to which one is added
///     days          the days of a report that is added to a ledger
///     session       domain and time of a session that is counted in a tally of 2026-11-23
///     tallies       the most domains of a tally, into which one with an equal part is merged, or,
///     if
///                   it is 0, another one
///     datagram      a datagram of libtlsrpt
///     session text  the domain of a session that is written as a datagram
///     report of     the domain of a report of an empty tally
///     zone          a text given to read_zone_text()
///     owner name    a name given to read_owner_name()

#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/datagram.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/tally_report.hpp>
#include <tlsrpt/tlsrpt.hpp>
#include <tlsrpt/write_datagram.hpp>
#include <tlsrpt/zip.hpp>
#include <tlsrpt/zone_text.hpp>

#include "json/foreign_implementation.hpp"
#include "support.hpp"

namespace {

namespace fs = std::filesystem;
using tlsrpt::errc;

const fs::path folder = fs::path(TLSRPT_SOURCE_ROOT) / "tests/data/codes";

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + separator.size());
  }
  return parts;
}

std::size_t number(std::string_view digits, int base = 10) {
  std::size_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value, base);
  CHECK((read.ec == std::errc() && read.ptr == end));
  return value;
}

std::string unescaped(std::string_view cell) {
  std::string text;
  while (!cell.empty()) {
    std::size_t size = 1;
    if (cell.starts_with("\\x")) {
      size = 4;
      text += static_cast<char>(number(cell.substr(2, 2), 16));
    } else if (cell.starts_with("\\(")) {
      size = cell.find(')') + 1;
      const std::vector<std::string> repeated = split(cell.substr(2, size - 3), "*");
      REQUIRE(repeated.size() == 2);
      for (std::size_t times = number(repeated[1]); times > 0; --times) text += repeated[0];
    } else {
      text += cell[0];
    }
    cell.remove_prefix(size);
  }
  return text;
}

/// report.json in one line, with a space after each comma.
std::string plain_report() {
  std::istringstream in(content_of(folder / "report.json"));
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (text.ends_with(',')) text += ' ';
    text += line.substr(line.find_first_not_of(' '));
  }
  return text;
}

/// The plain report with `change` in the place of `part`, which must be there once.
std::string changed_report(std::string_view change, std::string_view part) {
  const std::string text = plain_report();
  const std::vector<std::string> pieces = split(part, "...");
  const std::size_t begin = text.find(pieces[0]);
  CHECK(text.find(pieces[0], begin + 1) == std::string::npos);
  std::size_t end = begin;
  for (const std::string& piece : pieces) {
    const std::size_t at = text.find(piece, end);
    REQUIRE(at != std::string::npos);
    end = at + piece.size();
  }
  return text.substr(0, begin) + std::string(change) + text.substr(end);
}

/// All codes that came out.
struct outcome {
  std::set<errc> codes;
  void operator()(const tlsrpt::diagnostic& d) { codes.insert(d.code); }
  template <class T>
  void take(const tlsrpt::result<T>& result) {
    if (!result) codes.insert(result.error().code);
  }
};

struct code_row {
  std::string code, kind, example, more;
  bool has_more = false;

  /// The text of a `report`.
  std::string text() const { return has_more ? changed_report(example, more) : example; }
  std::vector<std::string> texts() const { return split(example, " | "); }
};

std::vector<code_row> read_rows() {
  std::vector<code_row> rows;
  std::istringstream in(content_of(folder / "examples.tsv"));
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells = split(line, "\t");
    CAPTURE(line);
    CHECK(cells.size() >= 2);
    CHECK(cells.size() <= 4);
    const bool has_more = cells.size() == 4;
    cells.resize(4);
    rows.push_back({cells[0], cells[1], unescaped(cells[2]), unescaped(cells[3]), has_more});
  }
  return rows;
}

void run_record(const code_row& row, outcome& out) {
  const std::vector<std::string> texts = row.texts();
  std::vector<std::string_view> rrset(texts.begin(), texts.end());
  if (row.example.empty()) rrset.clear();
  out.take(tlsrpt::select_record(rrset, out));
}

void run_domain(const code_row& row, outcome& out) {
  std::string name;
  out.take(tlsrpt::query_name(name, row.example));
}

void run_zone(const code_row& row, outcome& out) {
  const std::string text = row.text();
  std::string scratch(text.size(), '\0');
  tlsrpt::read_zone_text(
      text, scratch, [&out](const tlsrpt::zone_entry& entry) { out.codes.insert(entry.fault); });
}

void run_owner_name(const code_row& row, outcome& out) {
  out.codes.insert(tlsrpt::read_owner_name(row.example).code);
}

void run_report(const code_row& row, outcome& out) {
  tlsrpt::report_parser<> parser;
  out.take(parser.parse(row.text(), out));
}

void run_consistency(const code_row& row, outcome& out) {
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(row.text());
  REQUIRE(report.has_value());
  // Two days after the end of report.json; reports are kept for a year.
  tlsrpt::find_inconsistencies(*report, out, {.now = 1795564800, .retention = 365 * 86400});
}

void run_duplicate(const code_row& row, outcome& out) {
  tlsrpt::report_parser<> first, second;
  const std::string plain = plain_report(), changed = row.text();
  const auto a = first.parse(plain), b = second.parse(changed);
  REQUIRE((a.has_value() && b.has_value()));
  const std::string_view sender = "sender.example";
  const auto verdict = tlsrpt::compare_duplicates(
      tlsrpt::make_duplicate_key(sender, *a, a->policies[0]), digest_of(*a),
      tlsrpt::make_duplicate_key(sender, *b, b->policies[0]), digest_of(*b));
  if (verdict == tlsrpt::duplicate_verdict::conflicting)
    out.codes.insert(errc::same_key_other_content);
}

std::string octets_of(const code_row& row) {
  std::string octets;
  for (const std::string& digits : split(row.example, " "))
    octets += static_cast<char>(number(digits, 16));
  return octets;
}

void run_octets(const code_row& row, outcome& out) {
  tlsrpt::report_parser<> parser;
  out.take(parser.parse(octets_of(row), out));
}

void run_zip(const code_row& row, outcome& out) {
  const std::string archive = octets_of(row);
  tlsrpt::zip_reader<> reader;
  const auto entries = reader.open(archive, out);
  out.take(entries);
  if (!entries) return;
  for (const tlsrpt::zip_entry& entry : *entries) out.take(reader.read(entry));
}

void run_limit(const code_row& row, outcome& out) {
  tlsrpt::limits limits;
  const std::map<std::string, std::size_t*> sizes = {
      {"max_gzip_bytes", &limits.max_gzip_bytes},
      {"max_text_bytes", &limits.max_text_bytes},
      {"max_gzip_members", &limits.max_gzip_members},
      {"max_expansion", &limits.max_expansion},
      {"expansion_free_bytes", &limits.expansion_free_bytes}};
  const std::map<std::string, std::uint32_t*> counts = {
      {"max_policies", &limits.max_policies},
      {"max_failure_details", &limits.max_failure_details},
      {"max_policy_strings", &limits.max_policy_strings},
      {"max_depth", &limits.max_depth}};
  for (const std::string& setting : split(row.example, ", ")) {
    const std::vector<std::string> sides = split(setting, " = ");
    REQUIRE(sides.size() == 2);
    const std::size_t value = number(sides[1]);
    if (const auto size = sizes.find(sides[0]); size != sizes.end())
      *size->second = value;
    else
      *counts.at(sides[0]) = static_cast<std::uint32_t>(value);
  }
  const std::string plain = plain_report();
  const std::string octets =
      support::gzip(plain.substr(0, 100)) + support::gzip(std::string_view(plain).substr(100));
  tlsrpt::report_parser<> usual, parser(limits);
  CHECK(usual.parse(octets).has_value());
  out.take(parser.parse(octets, out));
}

void run_in_place(const code_row& row, outcome& out) {
  const std::vector<std::string> words = split(row.example, ", ");
  std::string text =
      words.size() == 2 && words[1] == "gzip" ? support::gzip(plain_report()) : plain_report();
  const std::size_t size = text.size();
  text.append(number(words[0]), ' ');
  tlsrpt::report_parser<> parser;
  out.take(parser.parse_in_place({std::string_view(text).substr(0, size), text.size()}, out));
}

/// Decodes as zlib_inflater does, but gets memory only when it should.
class poor_inflater : public tlsrpt::zlib_inflater {
 public:
  explicit poor_inflater(bool has_memory) : has_memory_(has_memory) {}
  bool start(std::span<const std::byte> input) noexcept {
    return has_memory_ && zlib_inflater::start(input);
  }

 private:
  bool has_memory_;
};

void run_inflater(const code_row& row, outcome& out) {
  const std::string octets = support::gzip(plain_report());
  for (const bool has_memory : {true, false}) {
    tlsrpt::report_parser<tlsrpt::lenient, poor_inflater> parser({}, {}, poor_inflater(has_memory));
    const auto report = parser.parse(octets, out);
    CHECK(report.has_value() == has_memory);
    if (row.example == "start() returns false" || has_memory) out.take(report);
  }
}

struct stopping_visitor {
  std::string_view stop;  ///< The function that says to stop.
  bool on_report(const tlsrpt::report_head_view&) const { return stop != "on_report()"; }
  bool on_policy(const tlsrpt::policy_head_view&) const { return stop != "on_policy()"; }
  bool on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) const {
    return stop != "on_failure()";
  }
};

struct calling_visitor {
  tlsrpt::report_parser<>& parser;
  outcome& out;
  void on_report(const tlsrpt::report_head_view&) { out.take(parser.parse(plain_report(), out)); }
  void on_policy(const tlsrpt::policy_head_view&) {}
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {}
};

void run_visitor(const code_row& row, outcome& out) {
  tlsrpt::report_parser<> parser;
  if (row.example == "on_report() calls parse()") {
    CHECK(parser.visit(plain_report(), calling_visitor{parser, out}).has_value());
    return;
  }
  CHECK(row.example.ends_with(" returns false"));
  const std::string function = split(row.example, " ")[0];
  out.take(parser.visit(plain_report(), stopping_visitor{function}, out));
}

void run_simdjson(const code_row& row, outcome& out) {
  CHECK(row.example == "an implementation for another processor");
  static const support::foreign_implementation foreign;
  const simdjson::implementation* const usual = simdjson::get_active_implementation();
  simdjson::get_active_implementation() = &foreign;
  tlsrpt::report_parser<> parser;
  out.take(parser.parse(plain_report(), out));
  simdjson::get_active_implementation() = usual;
}

void run_file_name(const code_row& row, outcome& out) {
  out.take(tlsrpt::parse_file_name(std::string_view(row.example), out));
}

void run_subject(const code_row& row, outcome& out) {
  out.take(tlsrpt::parse_subject(std::string_view(row.example), out));
}

void run_header_field(const code_row& row, outcome& out) {
  const std::vector<std::string> texts = row.texts();
  const std::vector<std::string_view> values(texts.begin(), texts.end());
  out.take(tlsrpt::select_domain_field(values, out));
}

void run_wrapper(const code_row& row, outcome& out) {
  const std::vector<std::string> texts = row.texts();
  REQUIRE(texts.size() == 2);
  tlsrpt::check_wrapper(texts[0], texts[1], out);
}

void run_part(const code_row& row, outcome& out) {
  const std::vector<std::string> texts = row.texts();
  REQUIRE(texts.size() == 3);
  tlsrpt::examine_part(texts[0], texts[1], texts[2], out);
}

void run_envelope(const code_row& row, outcome& out) {
  const std::size_t colon = row.example.find(": ");
  REQUIRE(colon != std::string::npos);
  const std::string field = row.example.substr(0, colon), value = row.example.substr(colon + 2);
  tlsrpt::envelope_view envelope;
  if (field == "TLS-Report-Domain")
    envelope.report_domain = value;
  else if (field == "TLS-Report-Submitter")
    envelope.report_submitter = value;
  else if (field == "file name")
    envelope.file_name = *tlsrpt::parse_file_name(value);
  else if (field == "Subject")
    envelope.subject = *tlsrpt::parse_subject(value);
  else
    FAIL_CHECK("no such field");
  tlsrpt::report_parser<> parser;
  const auto report = parser.parse(row.has_more ? changed_report("", row.more) : plain_report());
  REQUIRE(report.has_value());
  tlsrpt::compare_envelope(envelope, *report, out);
}

void run_policy(const code_row& row, outcome& out) {
  const std::vector<std::string> texts = row.texts();
  const std::vector<std::string_view> lines(texts.begin(), texts.end());
  out.take(tlsrpt::parse_sts_policy(lines, out));
}

void run_tlsa(const code_row& row, outcome& out) {
  const std::vector<std::string> texts = row.texts();
  const std::vector<std::string_view> elements(texts.begin(), texts.end());
  out.take(tlsrpt::parse_tlsa_rrset(elements, out));
}

void run_ledger(const code_row& row, outcome& out) {
  tlsrpt::ledger ledger;
  if (const auto read = ledger.read(row.example + "\n"); !read) out.codes.insert(read.error().code);
}

void run_entries(const code_row& row, outcome& out) {
  tlsrpt::ledger_limits limits;
  limits.entries = static_cast<std::size_t>(std::stoi(row.example));
  tlsrpt::ledger ledger(limits);
  if (const auto added = ledger.add({}, {}); !added) out.codes.insert(added.error().code);
}

void run_days(const code_row& row, outcome& out) {
  tlsrpt::report_view report;
  report.date_range.start_datetime.known = report.date_range.end_datetime.known = true;
  report.date_range.end_datetime.seconds = std::stoi(row.example) * std::int64_t{86'400};
  tlsrpt::ledger ledger;
  if (const auto added = ledger.add(report, {}); !added) out.codes.insert(added.error().code);
}

constexpr tlsrpt::day november_23{20'780};

void run_session(const code_row& row, outcome& out) {
  const std::vector<std::string> parts = split(row.example, ", ");
  const tlsrpt::session_policy policy{.type = tlsrpt::policy_type::no_policy_found};
  tlsrpt::tally tally(november_23);
  out.take(tally.count({.recipient_domain = parts.at(0),
                        .time = static_cast<std::int64_t>(number(parts.at(1))),
                        .policies = {&policy, 1}}));
}

void run_tallies(const code_row& row, outcome& out) {
  tlsrpt::tally_limits limits;
  limits.domains = number(row.example);
  const tlsrpt::session_policy policy{.type = tlsrpt::policy_type::no_policy_found};
  tlsrpt::tally tally(november_23, "mta1", 1, limits);
  tlsrpt::tally other(november_23, "mta1", limits.domains == 0 ? 2 : 1);
  out.take(other.count({.recipient_domain = "example.org",
                        .time = first_second_of(november_23),
                        .policies = {&policy, 1}}));
  out.take(tally.merge(other));
}

void run_report_of(const code_row& row, outcome& out) {
  tlsrpt::tally_reporter reporter;
  out.take(reporter.make(tlsrpt::tally(november_23), row.example,
                         {.organization_name = "Example Net", .contact_info = "a@example.net"}));
}

void run_datagram(const code_row& row, outcome& out) {
  tlsrpt::datagram_reader reader;
  out.take(reader.read(row.example, 0, out));
}

void run_session_text(const code_row& row, outcome& out) {
  const tlsrpt::session_policy policy{.type = tlsrpt::policy_type::no_policy_found};
  std::string text;
  out.take(
      tlsrpt::write_datagram(text, {.recipient_domain = row.example, .policies = {&policy, 1}}));
}

const std::map<std::string, void (*)(const code_row&, outcome&)> kinds = {
    {"record", run_record},
    {"domain", run_domain},
    {"report", run_report},
    {"consistency", run_consistency},
    {"duplicate", run_duplicate},
    {"octets", run_octets},
    {"limit", run_limit},
    {"in place", run_in_place},
    {"inflater", run_inflater},
    {"simdjson", run_simdjson},
    {"visitor", run_visitor},
    {"file name", run_file_name},
    {"subject", run_subject},
    {"header field", run_header_field},
    {"wrapper", run_wrapper},
    {"part", run_part},
    {"envelope", run_envelope},
    {"policy", run_policy},
    {"tlsa", run_tlsa},
    {"ledger", run_ledger},
    {"entries", run_entries},
    {"days", run_days},
    {"session", run_session},
    {"tallies", run_tallies},
    {"report of", run_report_of},
    {"datagram", run_datagram},
    {"session text", run_session_text},
    {"zip", run_zip},
    {"zone", run_zone},
    {"owner name", run_owner_name},
};

/// The codes of mails have a block of their own.
constexpr bool is_about_mails(errc code) {
  return static_cast<unsigned>(code) >> 8 == static_cast<unsigned>(errc::mail_line_ends) >> 8;
}

}  // namespace

TEST_CASE("the report of which the examples are made has nothing wrong or odd about it") {
  outcome out;
  const code_row plain{"", "report", plain_report(), "", false};
  run_report(plain, out);
  run_consistency(plain, out);
  for (errc code : out.codes) FAIL_CHECK(name(code));
  tlsrpt::report_parser<tlsrpt::strict> strict;
  CHECK(strict.parse(content_of(folder / "report.json")).has_value());
}

TEST_CASE("every code comes out of its example") {
  const std::vector<code_row> rows = read_rows();
  std::size_t next = 0;
  for (errc code : tlsrpt::all_codes()) {
    CAPTURE(name(code));
    if (is_about_mails(code)) continue;  // The program reads them, see tests/program.
    REQUIRE(next < rows.size());
    const code_row& row = rows[next++];
    CHECK(row.code == name(code));  // in the order of errc.hpp
    const auto run = kinds.find(row.kind);
    REQUIRE(run != kinds.end());
    outcome out;
    run->second(row, out);
    std::string names;
    for (errc found : out.codes) (names += ' ') += name(found);
    CAPTURE(names);
    CHECK(out.codes.contains(code));
  }
  CHECK(next == rows.size());
}
