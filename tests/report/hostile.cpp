/// @file
/// What an attacker sends: bombs, floods, depth, lengths, and texts that stop in the middle.

#include <tlsrpt/report.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "allocations.hpp"
#include "fuzz/json_tree.hpp"
#include "support.hpp"

namespace {

namespace fs = std::filesystem;
using support::report_parts;
using tlsrpt::errc;

struct counting_sink {
  std::size_t count = 0;
  void operator()(const tlsrpt::diagnostic&) noexcept { ++count; }
};

struct counting_visitor {
  std::size_t policies = 0, failures = 0;
  void on_report(const tlsrpt::report_head_view&) {}
  void on_policy(const tlsrpt::policy_head_view&) { ++policies; }
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {
    ++failures;
  }
};

/// The code, which is the same for both ways to read.
errc outcome(std::string_view bytes, const tlsrpt::limits& limits = {}) {
  tlsrpt::report_parser<> parser(limits);
  const tlsrpt::diagnostic error = parser.parse(bytes).error();
  counting_visitor visitor;
  CHECK(parser.visit(bytes, visitor).error() == error);
  return error.code;
}

std::string repeated(std::string_view element, std::size_t times) {
  std::string list;
  list.reserve((element.size() + 1) * times);
  for (std::size_t i = 0; i < times; ++i) {
    if (i != 0) list += ',';
    list += element;
  }
  return list;
}

std::string little_endian(std::size_t value, int size) {
  std::string text;
  for (; size > 0; --size, value >>= 8) text += static_cast<char>(value & 0xff);
  return text;
}

/// `deflated` octets that inflate to a million zeros each, made of whole blocks.
struct bomb {
  static constexpr std::size_t unit = std::size_t{1} << 20;

  bomb() {
    z_stream stream{};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
    std::string zeros(unit, '\0'), out(unit, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
    stream.avail_in = static_cast<uInt>(zeros.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream, Z_FULL_FLUSH) != Z_OK) std::abort();
    blocks = out.substr(0, stream.total_out);
    deflateEnd(&stream);
  }
  /// A member of `units` million zeros, whose checksum is of no use.
  std::string member(std::size_t units, std::size_t promised) const {
    std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    gzip.reserve(units * blocks.size() + 32);
    for (; units > 0; --units) gzip += blocks;
    return gzip + std::string("\x03\0", 2) + "crc!" + little_endian(promised, 4);
  }

  std::string blocks;
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string nested(std::size_t depth, bool objects) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += objects ? "{\"a\":" : "[";
  text += '0';
  for (std::size_t i = 0; i < depth; ++i) text += objects ? '}' : ']';
  return text;
}

/// All values of a document, each with the number of containers around it.
void collect(fuzz::json_node& node, std::size_t level,
             std::vector<std::pair<fuzz::json_node*, std::size_t>>& all) {
  all.emplace_back(&node, level);
  for (fuzz::json_member& member : node.members) collect(member.value, level + 1, all);
}

std::string text_of(const fuzz::json_node& node) {
  std::string text;
  fuzz::write_json(node, text, [](std::string&) {});
  return text;
}

}  // namespace

TEST_CASE("a bomb of 16 MiB that would inflate to 16 GiB") {
  const bomb b;
  const tlsrpt::limits limits;
  const std::size_t units = (limits.max_gzip_bytes - 40) / b.blocks.size();
  REQUIRE(units * bomb::unit > std::size_t{15} << 30);
  for (const std::size_t promised : {std::size_t{0}, std::size_t{1}, std::size_t{0xffffffff}}) {
    const std::string gzip = b.member(units, promised);
    REQUIRE(gzip.size() <= limits.max_gzip_bytes);
    tlsrpt::report_parser<> parser;
    const std::size_t before = octets_allocated;
    const auto report = parser.parse(gzip);
    const std::size_t allocated = octets_allocated - before;
    CHECK(report.error().code == errc::text_too_long);
    // It stops where the text reaches the limit, a few hundredths into the data.
    CHECK(report.error().where.offset <=
          (limits.max_text_bytes / bomb::unit + 1) * b.blocks.size());
    // Once for the first estimate and once for the limit; the first is given back.
    CHECK(allocated <= 2 * limits.max_text_bytes + (std::size_t{1} << 20));
#if TLSRPT_TEST_COUNTS
    CHECK(allocated >= limits.max_text_bytes);
#endif
  }
  // One octet too many is not even looked at.
  std::string gzip = b.member(units, 0);
  gzip.resize(limits.max_gzip_bytes + 1, '\0');
  tlsrpt::report_parser<> parser;
  const long before = allocations;
  const auto report = parser.parse(gzip);
  const long after = allocations;
  CHECK(report.error().code == errc::compressed_too_long);
  CHECK(after == before);
}

TEST_CASE("small bombs, bombs in many members, bombs in bombs") {
  const bomb b;
  // 30 kB that would become 30 MiB: the ratio stops it.
  const std::string small = b.member(30, 30 * bomb::unit);
  CHECK(outcome(small) == errc::expansion_ratio);
  tlsrpt::report_parser<> parser;
  const std::size_t before = octets_allocated;
  (void)parser.parse(small);
  // The buffer doubles up to the bound, so less than three times that is asked for in all.
  CHECK(octets_allocated - before <= 3 * 1000 * small.size());

  // Members are added up, and their number is limited before they are looked at.
  const std::string report = support::report_parts{}.text();
  const std::string blanks(5 << 20, ' ');
  std::string members;
  for (int i = 0; i < 12; ++i) members += support::gzip(blanks, 0);
  CHECK(outcome(members + support::gzip(report), {.max_gzip_bytes = SIZE_MAX}) == errc::ok);
  CHECK(outcome(members + support::gzip(blanks, 0), {.max_gzip_bytes = SIZE_MAX}) ==
        errc::text_too_long);
  std::string pieces;
  for (std::size_t i = 0; i < 15; ++i) pieces += support::gzip(report.substr(i * 10, 10));
  CHECK(outcome(pieces + support::gzip(report.substr(150))) == errc::ok);
  CHECK(outcome(pieces + support::gzip(report.substr(150)) + support::gzip("")) ==
        errc::too_many_gzip_members);

  // Only one layer is taken off.
  std::string layers = support::gzip(report);
  for (int i = 0; i < 5; ++i) {
    layers = support::gzip(layers);
    CHECK(outcome(layers) == errc::nested_gzip);
  }
  CHECK(outcome(support::gzip(b.member(60, 0))) == errc::nested_gzip);
}

TEST_CASE("lengths in the trailer that lie, of whole reports") {
  const std::string gzip = support::gzip(report_parts{}.text());
  for (const std::size_t promised : {std::size_t{0}, std::size_t{1}, std::size_t{5000},
                                     std::size_t{0x7fffffff}, std::size_t{0xffffffff}}) {
    std::string lie = gzip;
    lie.replace(lie.size() - 4, 4, little_endian(promised, 4));
    tlsrpt::report_parser<> parser;
    const std::size_t before = octets_allocated;
    CHECK(parser.parse(lie).error().code == errc::gzip_length);
    // Nothing is allocated for the promise but what deflate could make of so little input.
    CHECK(octets_allocated - before <= 1032 * lie.size() + (std::size_t{1} << 18));
  }
}

TEST_CASE("32 containers are read and 33 are not, in place of every value") {
  report_parts p;
  p.extra_of_report = R"(,"x":{"y":[1,"z"]})";
  p.extra_of_failure =
      R"(,"receiving-mx-helo":"a","additional-information":"b","failure-reason-code":"c")";
  const std::string text = p.text();
  std::size_t places = 1;  // the document itself is left alone
  for (std::size_t place = 1; place <= places; ++place)
    for (const bool objects : {false, true})
      for (const bool too_deep : {false, true}) {
        auto root = fuzz::json_tree_reader(text).read();
        REQUIRE(root.has_value());
        std::vector<std::pair<fuzz::json_node*, std::size_t>> values;
        collect(*root, 0, values);
        places = values.size() - 1;
        const auto [value, level] = values[place];
        *value = {};
        value->text = nested(32 - level + (too_deep ? 1 : 0), objects);
        const std::string changed = text_of(*root);
        CAPTURE(changed);
        CHECK(name(outcome(changed)) == (too_deep ? "too-deep" : "ok"));
      }
  CHECK(places >= 30);
}

TEST_CASE("a million elements, of every array and of the wrong kind") {
  const std::size_t million = 1'000'000;
  report_parts p;
  p.extra_of_report = ",\"x\":[" + repeated("1", million) + "]";
  CHECK(outcome(p.text()) == errc::ok);
  p = {};
  p.policy_string = "[" + repeated("\"\"", million) + "]";
  CHECK(outcome(p.text()) == errc::ok);
  p.policy_string = "[" + repeated("null", million) + "]";
  CHECK(outcome(p.text()) == errc::ok);
  p.policy_string = '"' + std::string(million, ';') + std::string(million, '\xc3').append("\"");
  CHECK(outcome(p.text()) == errc::invalid_utf8);
  p = {};
  p.mx_host = "[" + repeated("{}", million) + "]";
  CHECK(outcome(p.text()) == errc::ok);
  p = {};
  const auto with_failures = [&p](const std::string& failures) {
    return p.with_policies(R"([{"policy":)" + p.policy() + R"(,"summary":)" + p.summary() +
                           R"(,"failure-details":[)" + failures + "]}]");
  };
  CHECK(outcome(with_failures(repeated("5", million))) == errc::ok);
  CHECK(outcome(with_failures(repeated("5", million + 1))) == errc::too_many_failure_details);
  CHECK(outcome(with_failures(repeated("{}", million))) == errc::ok);
  CHECK(outcome(with_failures(repeated("{}", million + 1))) == errc::too_many_failure_details);
  CHECK(outcome(p.with_policies("[" + repeated("5", 100'000) + "]")) == errc::ok);
  CHECK(outcome(p.with_policies("[" + repeated("5", 100'001) + "]")) == errc::too_many_policies);
  CHECK(outcome(p.with_policies("[" + repeated("[]", million) + "]")) == errc::too_many_policies);
}

TEST_CASE("strings and names of 64 MiB") {
  const tlsrpt::limits limits;
  const std::size_t around = report_parts{}.text().size() - 1;  // the name has 12 octets
  report_parts p;
  p.organization_name = '"' + std::string(limits.max_text_bytes - around + 11, 'n') + '"';
  std::string text = p.text();
  REQUIRE(text.size() == limits.max_text_bytes);
  tlsrpt::report_parser<> parser;
  CHECK(parser.parse(text).value().organization_name.size() == p.organization_name.size() - 2);
  text += ' ';
  CHECK(outcome(text) == errc::text_too_long);

  p.organization_name.replace(p.organization_name.size() - 3, 2, "\\n");
  CHECK(parser.parse(p.text()).value().organization_name.size() == p.organization_name.size() - 3);
  p = {};
  p.extra_of_report = ",\"" + std::string(limits.max_text_bytes - around - 10, 'n') + "\\n\":1";
  text = p.text();
  REQUIRE(text.size() <= limits.max_text_bytes);
  counting_sink found;
  CHECK(parser.parse(text, found).has_value());
  CHECK(found.count == 1);
  // A number of as many digits.
  p = {};
  p.failed = std::string(limits.max_text_bytes - around - 10, '9');
  text = p.text();
  const auto report = parser.parse(text);
  REQUIRE(report);
  CHECK_FALSE(report->policies[0].total_failure_session_count.known());
  parser.release();
}

TEST_CASE("G-08: duplicates, with escapes and without: the first counts") {
  tlsrpt::report_parser<> parser;
  tlsrpt::report_parser<tlsrpt::strict> strict;
  const std::string names[] = {"report-id", "\\u0072eport-id", "report\\u002Did",
                               "\\u0072\\u0065\\u0070\\u006f\\u0072\\u0074-\\u0069\\u0064"};
  for (const std::string& first : names)
    for (const std::string& second : names) {
      const std::string text = "{\"" + first + "\":\"1\",\"" + second + "\":\"2\"}";
      support::findings found;
      const auto report = parser.parse(text, found);
      REQUIRE(report);
      CHECK(report->report_id == "1");
      REQUIRE(found.has(errc::duplicate_member));
      CHECK(found.all[0].path == "/report-id");
      CHECK(found.all[0].offset == text.rfind('"', text.size() - 6 - second.size()));
      CHECK(strict.parse(text).error().code == errc::duplicate_member);
    }
  report_parts p;
  p.extra_of_report = R"(,"\u0070olicies":[])";
  CHECK(parser.parse(p.text()).value().policies.size() == 1);
  // The escaped name is the right one, and a misspelt one no duplicate of it.
  support::findings found;
  const std::string text = R"({"Report-ID":"2","report\u002did":"1"})";
  CHECK(parser.parse(text, found).value().report_id == "1");
  CHECK(found.has(errc::unknown_member));
}

TEST_CASE("G-08: surrogates, noncharacters and what is no UTF-8, in every string member") {
  struct text_case {
    std::string text;
    errc code;
    std::string meaning{};
  };
  const text_case cases[] = {
      {"\\ud800", errc::lone_surrogate, "\xef\xbf\xbd"},
      {"\\udfff", errc::lone_surrogate, "\xef\xbf\xbd"},
      {"\\ud800\\ud800\\udc00", errc::lone_surrogate, "\xef\xbf\xbd\xf0\x90\x80\x80"},
      {"\\ud800\\u0041", errc::lone_surrogate,
       "\xef\xbf\xbd"
       "A"},
      {"\\uffff", errc::noncharacter, "\xef\xbf\xbf"},
      {"\\ufdd0", errc::noncharacter, "\xef\xb7\x90"},
      {"\\ud83f\\udffe", errc::noncharacter, "\xf0\x9f\xbf\xbe"},
      {"\xef\xbf\xbe", errc::noncharacter, "\xef\xbf\xbe"},
      {"\xf4\x8f\xbf\xbf", errc::noncharacter, "\xf4\x8f\xbf\xbf"},
      {"\x80", errc::invalid_utf8},              // a continuation alone
      {"\xc3(", errc::invalid_utf8},             // one missing
      {"\xe2\x82(", errc::invalid_utf8},         // one missing of two
      {"\xf0\x9f\x98(", errc::invalid_utf8},     // one missing of three
      {"\xc0\x80", errc::invalid_utf8},          // overlong
      {"\xe0\x9f\xbf", errc::invalid_utf8},      // overlong
      {"\xf0\x8f\xbf\xbf", errc::invalid_utf8},  // overlong
      {"\xed\xa0\x80", errc::invalid_utf8},      // a surrogate
      {"\xf4\x90\x80\x80", errc::invalid_utf8},  // above U+10FFFF
      {"\xf8\x88\x80\x80\x80", errc::invalid_utf8},
      {"\xfe", errc::invalid_utf8},
      {"\xff", errc::invalid_utf8},
      {"caf\xe9", errc::invalid_utf8},  // Latin-1
  };
  tlsrpt::report_parser<> parser;
  tlsrpt::report_parser<tlsrpt::strict> strict;
  for (const text_case& c : cases)
    for (std::string report_parts::*member :
         {&report_parts::organization_name, &report_parts::report_id,
          &report_parts::extra_of_report, &report_parts::extra_of_failure}) {
      CAPTURE(c.text);
      report_parts p;
      const bool unknown =
          member == &report_parts::extra_of_report || member == &report_parts::extra_of_failure;
      p.*member = (unknown ? ",\"x\":{\"y\":[\"" : "\"") + c.text + (unknown ? "\"]}" : "\"");
      const std::string text = p.text();
      const std::size_t at = text.find(c.text);
      support::findings found;
      const auto report = parser.parse(text, found);
      if (c.code == errc::invalid_utf8) {
        CHECK(report.error().code == c.code);
        CHECK(report.error().where.offset == text.find_first_of("\x80\xc0\xc3\xe0\xe2\xe9\xed"
                                                                "\xf0\xf4\xf8\xfe\xff",
                                                                at));
        continue;
      }
      REQUIRE(report);
      REQUIRE(found.has(c.code));
      if (member == &report_parts::report_id) CHECK(report->report_id == c.meaning);
      const auto in_strict = strict.parse(text);
      CHECK(in_strict.error().code == c.code);
      CHECK(in_strict.error().where.offset == at);
    }
}

TEST_CASE("G-07: numbers of every kind as a count") {
  struct number_case {
    const char* text;
    bool known;
    std::uint64_t value;
    const char* found;
  };
  const number_case cases[] = {
      {"0", true, 0, ""},
      {"9007199254740991", true, 9007199254740991u, ""},
      {"9007199254740992", true, 9007199254740992u, "count-beyond-double"},
      {"9223372036854775807", true, 9223372036854775807u, "count-beyond-double"},
      {"9223372036854775808", true, 9223372036854775808u, "count-beyond-double"},
      {"18446744073709551615", true, 18446744073709551615u, "count-beyond-double"},
      {"18446744073709551616", false, 0, "count-unreadable"},
      {"99999999999999999999999999", false, 0, "count-unreadable"},
      {"1e400", false, 0, "count-unreadable"},
      {"1e-400", false, 0, "count-unreadable"},
      {"0e999999999999999999999", true, 0, "count-not-written-as-integer"},
      {"-0", true, 0, "count-not-written-as-integer"},
      {"-0.0e-1", true, 0, "count-not-written-as-integer"},
      {"-1", false, 0, "count-unreadable"},
      {"1.0", true, 1, "count-not-written-as-integer"},
      {"1.5", false, 0, "count-unreadable"},
      {"1E+2", true, 100, "count-not-written-as-integer"},
      {"0.5e1", true, 5, "count-not-written-as-integer"},
      {"500e-2", true, 5, "count-not-written-as-integer"},
      {"1e19", true, 10000000000000000000u, "count-not-written-as-integer,count-beyond-double"},
      {"1e20", false, 0, "count-unreadable"},
      {"true", false, 0, "count-unreadable"},
      {"null", false, 0, "null-member"},
      {"\"5\"", true, 5, "count-as-string"},
      {"\"05\"", true, 5, "count-as-string"},
      {"\"-5\"", false, 0, "count-unreadable"},
      {"[5]", false, 0, "count-unreadable"},
  };
  tlsrpt::report_parser<> parser;
  for (const number_case& c : cases) {
    CAPTURE(c.text);
    report_parts p;
    p.successful = c.text;
    support::findings found;
    const auto report = parser.parse(p.text(), found);
    REQUIRE(report);
    const tlsrpt::session_count count = report->policies[0].total_successful_session_count;
    CHECK(count.known() == c.known);
    CHECK(count.value() == c.value);
    CHECK(found.names() == c.found);
  }
  for (const char* text : {"01", "-01", "00", "+1", ".5", "5.", "1e", "1e+", "0x1", "1_0", "- 1",
                           "Infinity", "NaN", "--1", "1.2.3"}) {
    CAPTURE(text);
    report_parts p;
    p.successful = text;
    CHECK(outcome(p.text()) >= errc::json_expected_value);
    CHECK(outcome(p.text()) <= errc::json_invalid_number);
  }
}

TEST_CASE("cut at every octet, all fixtures: truncated, never a value") {
  std::size_t cut = 0;
  tlsrpt::report_parser<> parser;
  for (const char* folder : {"tests/data/reports", "examples/reports"})
    for (const auto& entry : fs::directory_iterator(fs::path(TLSRPT_SOURCE_ROOT) / folder)) {
      const std::string file = entry.path().filename().string();
      if (!file.ends_with(".json") && !file.ends_with(".gz")) continue;
      CAPTURE(file);
      const std::string bytes = read_file(entry.path());
      const bool compressed = bytes.starts_with("\x1f\x8b");
      support::findings found;
      REQUIRE(parser.parse(bytes, found).has_value());
      // What follows the document may go.
      std::size_t end = bytes.size();
      for (const support::finding& f : found.all)
        if (f.code == errc::trailing_bytes || f.code == errc::gzip_trailing_bytes ||
            f.code == errc::gzip_zero_padding)
          end = std::min(end, f.offset);
      if (!compressed)
        while (end > 0 && bytes[end - 1] != '}') --end;
      else if (found.has(errc::trailing_bytes))
        end = bytes.size();

      const std::size_t mark = bytes.starts_with("\xef\xbb\xbf") ? 3 : 0;
      const std::size_t begin = compressed ? 0 : bytes.find('{');
      for (std::size_t size = 0; size < end; ++size, ++cut) {
        const tlsrpt::diagnostic error =
            parser.parse(std::string_view(bytes).substr(0, size)).error();
        CAPTURE(size);
        if (compressed && size >= 2) {
          CHECK(error.code == errc::gzip_truncated);
          CHECK(error.where.offset == size);
        } else if (compressed || (size > 0 && size < mark)) {
          // A first octet alone can be the beginning of anything.
          CHECK((error.code == errc::empty_input || error.code == errc::json_expected_value));
        } else if (size <= begin) {
          CHECK(error.code == errc::empty_input);
        } else {
          CHECK(name(error.code) == "json-truncated");
          CHECK(error.where.offset == size);
        }
      }
    }
  CHECK(cut > 100'000);
}

TEST_CASE("gzip of a cut text, and gzip data cut in the last of several members") {
  const std::string text = report_parts{}.text();
  tlsrpt::report_parser<> parser;
  for (std::size_t size = 1; size < text.size(); size += 7) {
    const auto cut = parser.parse(support::gzip(text.substr(0, size)));
    CHECK(cut.error().code == errc::json_truncated);
    CHECK(cut.error().where.offset == size);
    const std::string last = support::gzip(text.substr(size));
    const std::string bytes = support::gzip(text.substr(0, size)) + last;
    CHECK(parser.parse(bytes).has_value());
    CHECK(parser.parse(bytes.substr(0, bytes.size() - 1)).error().code == errc::gzip_truncated);
    // Without the last member it is the text that was cut.
    CHECK(parser.parse(bytes.substr(0, bytes.size() - last.size())).error().code ==
          errc::json_truncated);
  }
}

TEST_CASE("a flood of findings takes linear time and no memory") {
  const report_parts p;
  const auto in_report = [&p](const std::string& member, std::size_t count) {
    report_parts with = p;
    with.extra_of_report = ',' + repeated(member, count);
    return with.text();
  };
  const auto in_failure = [&p](const std::string& member, std::size_t count) {
    report_parts with = p;
    with.extra_of_failure = ',' + repeated(member, count);
    return with.text();
  };
  const auto failures = [&p](const std::string& failure, std::size_t count) {
    return p.with_policies(R"([{"policy":{},"failure-details":[)" + repeated(failure, count) +
                           "]}]");
  };
  const auto mx_hosts = [&p](const std::string& host, std::size_t count) {
    report_parts with = p;
    with.mx_host = '[' + repeated(host, count) + ']';
    return with.text();
  };
  const auto lines = [&p](const std::string& line, std::size_t count) {
    report_parts with = p;
    with.policy_string = "\"";
    for (; count > 0; --count) with.policy_string += line;
    with.policy_string += '"';
    return with.text();
  };
  struct flood {
    const char* what;
    std::function<std::string(std::size_t)> text;
    std::size_t least;  ///< Findings for each repetition.
  };
  const flood floods[] = {
      {"unknown members", [&](std::size_t n) { return in_report("\"x\":0", n); }, 1},
      {"unknown members with escapes",
       [&](std::size_t n) { return in_report("\"\\u0078\":\"\\ud800\"", n); }, 2},
      {"duplicates", [&](std::size_t n) { return in_report("\"report-id\":0", n); }, 1},
      {"escaped duplicates", [&](std::size_t n) { return in_report("\"report\\u002did\":0", n); },
       1},
      {"misspelt duplicates", [&](std::size_t n) { return in_failure("\"Result_Type\":[]", n); },
       0},
      {"null policies",
       [&](std::size_t n) { return p.with_policies('[' + repeated("null", n / 20) + ']'); }, 0},
      {"empty policies",
       [&](std::size_t n) {
         return p.with_policies('[' + repeated("{\"policy\":{}}", n / 20) + ']');
       },
       0},
      {"null failures", [&](std::size_t n) { return failures("null", n); }, 1},
      {"empty failures", [&](std::size_t n) { return failures("{}", n); }, 2},
      {"null hosts", [&](std::size_t n) { return mx_hosts("null", n); }, 1},
      {"hosts outside ASCII", [&](std::size_t n) { return mx_hosts("\"mx:\xc3\xbc\"", n); }, 2},
      {"noncharacters", [&](std::size_t n) { return mx_hosts("\"\xef\xbf\xbf\"", n); }, 2},
      {"one string of many lines", [&](std::size_t n) { return lines("a\\n", n); }, 0},
      {"an array in a string of many elements",
       [&](std::size_t n) {
         report_parts with = p;
         with.policy_string = "\"[" + repeated("\\\"\\\\u0061\\\"", n) + "]\"";
         return with.text();
       },
       0},
  };
  for (const flood& f : floods) {
    CAPTURE(f.what);
    // Anything quadratic would take many minutes.
    constexpr std::size_t many = 100'000;
    const std::string long_text = f.text(many);
    tlsrpt::report_parser<> parser;
    counting_sink found;
    counting_visitor visitor;
    // Warm, a parser allocates nothing, however much it finds.
    REQUIRE(parser.parse(long_text, found).has_value());
    CHECK(found.count >= f.least * many);
    REQUIRE(parser.visit(long_text, visitor, found).has_value());
    const long before = allocations;
    const bool read = parser.parse(long_text, found).has_value() &&
                      parser.visit(long_text, visitor, found).has_value();
    const long after = allocations;
    CHECK(read);
    if constexpr (!tlsrpt::detail::frees_on_reuse) CHECK(after == before);
  }
}
