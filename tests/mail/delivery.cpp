#include <tlsrpt/delivery.hpp>
#include <tlsrpt/path.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using tlsrpt::errc;

/// A finding, or a reason for refusal: its code and its octet.
struct at {
  errc code = errc::ok;
  std::size_t offset = 0;
  constexpr bool operator==(const at&) const = default;
};

/// What was found, in order; a list that is not full ends with errc::ok.
using findings = std::array<at, 8>;

struct finding_sink {
  findings found{};
  std::size_t size = 0;

  constexpr void operator()(const tlsrpt::diagnostic& d) noexcept {
    if (size < found.size()) found[size] = {d.code, d.where.offset};
    ++size;
  }
};

/// is_as_expected() of each row at compile time; each row by itself, since compilers limit the
/// steps of one evaluation.
template <const auto& rows, std::size_t row>
inline constexpr bool row_is_as_expected = is_as_expected(rows[row]);

template <const auto& rows>
constexpr bool all_as_expected() {
  return []<std::size_t... row>(std::index_sequence<row...>) {
    return (row_is_as_expected<rows, row> && ...);
  }
  (std::make_index_sequence<std::size(rows)>());
}

/// A sink that checks that every place and subject lies inside the text.
struct inside_sink {
  std::string_view text;
  bool all_inside = true;

  void operator()(const tlsrpt::diagnostic& d) noexcept {
    const auto begin = static_cast<std::size_t>(d.subject.data() - text.data());
    all_inside = all_inside && d.where.offset == begin && begin + d.subject.size() <= text.size();
  }
};

bool lies_inside(std::string_view part, std::string_view text) {
  return part.data() == nullptr ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

/// A house that refuses one code.
struct all_but {
  errc refused = errc::ok;
  constexpr bool accepts(errc code) const noexcept {
    return code != refused && tlsrpt::lenient::accepts(code);
  }
};

/// Writes to a buffer that has just the size that is needed, and shows that one less is too small.
template <class Write>
std::string written(Write&& write) {
  const tlsrpt::result<std::string_view> none = write(std::span<char>());
  if (none) return std::string(*none);
  if (none.error().code != errc::buffer_too_small)
    return "error " + std::string(name(none.error().code));
  std::string text(none.error().where.offset, '?');
  CHECK(write(std::span<char>(text.data(), text.size() - 1)).error() == none.error());
  const auto whole = write(std::span<char>(text.data(), text.size()));
  REQUIRE(whole.has_value());
  CHECK(whole->data() == text.data());
  CHECK(whole->size() == text.size());
  return text;
}

// ---- generators, each from the grammar

class generator {
 public:
  explicit generator(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string of(std::string_view octets, std::size_t size) {
    std::string text;
    while (text.size() < size) text += octets[below(octets.size())];
    return text;
  }

  std::string domain(std::size_t least_labels = 1) {
    std::string text;
    for (std::size_t labels = least_labels + below(4); labels > 0; --labels) {
      text += of(alphanumeric, 1);
      if (!one_in(3)) text += of("abcxyz0189-", below(8)) + of(alphanumeric, 1);
      if (labels > 1) text += '.';
    }
    return text;
  }

  std::string dot_atom(std::string_view octets) {
    std::string text = of(octets, 1 + below(9));
    for (std::size_t atoms = below(4); atoms > 0; --atoms) text += '.' + of(octets, 1 + below(9));
    return text;
  }

  static constexpr std::string_view alphanumeric = "abcdefghijXYZ0123456789";
  static constexpr std::string_view atext = "abcXYZ0123456789!#$%&'*+-/=?^_`{|}~";

 private:
  std::mt19937 random_;
};

}  // namespace

// ---- the file name

namespace {

struct file_name_row {
  std::string_view text;
  tlsrpt::file_name_view view;
  findings found{};
};

using tlsrpt::file_name_view;

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
constexpr std::string_view foreign_file_names[] = {
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
  if (!found || !(*found == row.view) || sink.found != row.found) return false;
  const bool conforms = row.found[0].code == errc::ok ||
                        (row.found[0].code == errc::file_name_path && row.found[1] == at{});
  const auto strictly = tlsrpt::parse_file_name<tlsrpt::strict>(row.text);
  return strictly.has_value() == conforms;
}

static_assert(all_as_expected<file_names>());

constexpr bool foreign_file_names_say_nothing() {
  for (std::string_view text : foreign_file_names)
    if (tlsrpt::parse_file_name(text).error() !=
        tlsrpt::diagnostic{errc::not_a_report_file_name, {.in = tlsrpt::source::file_name}, text})
      return false;
  return true;
}
static_assert(foreign_file_names_say_nothing());

}  // namespace

TEST_CASE("file names: C-01 to C-06, C-37") {
  for (const file_name_row& row : file_names) {
    CAPTURE(row.text);
    finding_sink sink;
    const auto found = tlsrpt::parse_file_name(row.text, sink);
    REQUIRE(found.has_value());
    CHECK(found->sender == row.view.sender);
    CHECK(found->policy_domain == row.view.policy_domain);
    CHECK(found->begin == row.view.begin);
    CHECK(found->end == row.view.end);
    CHECK(found->unique_id == row.view.unique_id);
    CHECK(found->is_gzip == row.view.is_gzip);
    for (std::size_t i = 0; i < row.found.size(); ++i) {
      CHECK(name(sink.found[i].code) == name(row.found[i].code));
      CHECK(sink.found[i].offset == row.found[i].offset);
    }
    CHECK(is_as_expected(row));
  }
  for (std::string_view text : foreign_file_names) {
    CAPTURE(text);
    CHECK(name(tlsrpt::parse_file_name(text).error().code) == "not-a-report-file-name");
  }
}

TEST_CASE("file names: the first finding that is not acceptable is the error") {
  for (const file_name_row& row : file_names) {
    for (const at& finding : row.found) {
      if (finding.code == errc::ok) continue;
      const auto found =
          tlsrpt::parse_file_name(row.text, tlsrpt::ignore_diagnostics{}, all_but{finding.code});
      CHECK(found.error().code == finding.code);
    }
  }
}

TEST_CASE("file names: absent is not empty") {
  const auto found = tlsrpt::parse_file_name("!b.example!1!2.json");
  CHECK_FALSE(tlsrpt::present(found->sender));
  CHECK_FALSE(tlsrpt::present(found->unique_id));
  CHECK(tlsrpt::present(found->policy_domain));
}

TEST_CASE("file names: unfolding (C-37)") {
  std::array<char, 64> scratch{};
  const std::string_view plain = "a.example!b.example!1!2.json";
  const auto same = tlsrpt::unfold_file_name(plain, {});
  CHECK(same->data() == plain.data());
  CHECK(same->size() == plain.size());
  const auto unfolded =
      tlsrpt::unfold_file_name("a.exam\r\n ple!b.example!\t1!\n 2 3.json ", scratch);
  CHECK(*unfolded == "a.example!b.example!1!23.json");
  CHECK(written([](std::span<char> out) {
          return tlsrpt::unfold_file_name("a.example! b.example!1!2.json", out);
        }) == plain);
}

TEST_CASE("file names: writing (C-01, C-02, E-12)") {
  const auto write = [](const file_name_view& view) {
    return written([&view](std::span<char> out) { return tlsrpt::write_file_name(view, out); });
  };
  const file_name_view good{"a.example", "b.example", 1770076800, 1770163199, "001", true};
  CHECK(write(good) == "a.example!b.example!1770076800!1770163199!001.json.gz");
  file_name_view other = good;
  other.unique_id = {};
  other.is_gzip = false;
  other.policy_domain = "b.example.";
  CHECK(write(other) == "a.example!b.example!1770076800!1770163199.json");

  for (std::string_view domain :
       {"", ".", "a..example", "a!b", "a/b", "a\\b", "..", "a.example\r\n", "a b", "-a.example",
        "[192.0.2.1]", "a.example..",
        "b\xc3\xbc"
        "cher.example"}) {
    CAPTURE(domain);
    other = good;
    other.sender = domain;
    CHECK(write(other) == "error file-name-domain");
    CHECK(tlsrpt::write_file_name(other, {}).error().where.element == 0);
    CHECK((tlsrpt::write_file_name(other, {}).error().hint == errc::u_label) ==
          tlsrpt::has_non_ascii(domain));
    other = good;
    other.policy_domain = domain;
    CHECK(write(other) == "error file-name-domain");
    CHECK(tlsrpt::write_file_name(other, {}).error().where.element == 1);
  }
  other = good;
  other.sender = std::string_view("a\0b", 3);
  CHECK(write(other) == "error file-name-domain");
  for (std::string_view id : {"a-b", "a.b", "a!b", "a/b", "\r", " "}) {
    other = good;
    other.unique_id = id;
    CHECK(write(other) == "error file-name-unique-id");
  }
  other = good;
  other.begin.reset();
  CHECK(write(other) == "error file-name-timestamp");
  other = good;
  other.end = -1;
  CHECK(write(other) == "error file-name-timestamp");

  constexpr bool at_compile_time = [] {
    std::array<char, 64> out{};
    const auto text = tlsrpt::write_file_name({"a.example", "b.example", 1, 2, {}, true}, out);
    return *text == "a.example!b.example!1!2.json.gz";
  }();
  static_assert(at_compile_time);
}

TEST_CASE("file names: what the grammar generates comes back") {
  generator make(8460);
  for (int round = 0; round < 20'000; ++round) {
    const std::string sender = make.domain(), domain = make.domain();
    const std::string id =
        make.one_in(2) ? std::string() : make.of(make.alphanumeric, 1 + make.below(40));
    file_name_view view{sender, domain, {}, {}, {}, make.one_in(2)};
    constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
    view.begin = make.one_in(50) ? greatest : static_cast<std::int64_t>(make.below(1u << 31));
    view.end = make.one_in(50) ? 0 : static_cast<std::int64_t>(make.below(1u << 31));
    if (!id.empty()) view.unique_id = id;
    const std::string text =
        written([&view](std::span<char> out) { return tlsrpt::write_file_name(view, out); });
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
    std::string scratch(folded.size(), '\0');
    const auto unfolded = tlsrpt::unfold_file_name(folded, scratch);
    REQUIRE(unfolded.has_value());
    const auto leniently = tlsrpt::parse_file_name(*unfolded);
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

// ---- the Subject

namespace {

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

constexpr std::string_view foreign_subjects[] = {
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

constexpr bool foreign_subjects_say_nothing() {
  for (std::string_view text : foreign_subjects)
    if (tlsrpt::parse_subject(text).error() !=
        tlsrpt::diagnostic{errc::not_a_report_subject, {.in = tlsrpt::source::subject}, text})
      return false;
  return true;
}
static_assert(foreign_subjects_say_nothing());

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
  for (std::string_view text : foreign_subjects) {
    CAPTURE(text);
    CHECK(name(tlsrpt::parse_subject(text).error().code) == "not-a-report-subject");
  }
}

TEST_CASE("Subjects: the first finding that is not acceptable is the error") {
  for (const subject_row& row : subjects) {
    for (const at& finding : row.found) {
      if (finding.code == errc::ok) continue;
      const auto found =
          tlsrpt::parse_subject(row.text, tlsrpt::ignore_diagnostics{}, all_but{finding.code});
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
    return written([&](std::span<char> out) {
      return tlsrpt::write_subject(domain, submitter, id, out, columns);
    });
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

  for (std::string_view domain : {"", "localhost", "a..example", "a.example\r\nBcc: x",
                                  "a b.example", "a!b.example", "[192.0.2.1]"}) {
    CAPTURE(domain);
    CHECK(write(domain, "a.example", "1") == "error subject-domain");
    CHECK(write("b.example", domain, "1") == "error subject-domain");
    CHECK(tlsrpt::write_subject("b.example", domain, "1", {}).error().where.element == 1);
  }
  CHECK(
      tlsrpt::write_subject("b\xc3\xbc.example", "a.example", "1", {}).error() ==
      tlsrpt::diagnostic{errc::subject_domain, {.element = 0}, "b\xc3\xbc.example", errc::u_label});
  for (std::string_view id : {std::string_view(""), std::string_view("::"), std::string_view("..."),
                              std::string_view("1\r\nBcc: x"), std::string_view("1\0", 2)}) {
    CAPTURE(id);
    CHECK(write("b.example", "a.example", id) == "error report-id-characters");
  }
  CHECK(tlsrpt::write_subject("b.example", "a.example", "12\n", {}).error().where.offset == 2);
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
    const std::string text = written([&](std::span<char> out) {
      return tlsrpt::write_subject(domain, submitter, id, out, columns);
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
    std::array<char, 256> out{};
    const auto text = tlsrpt::write_subject("b.example", "a.example", id, out, 78);
    if (!text) {
      CHECK(text.error().code == errc::report_id_characters);
      continue;
    }
    CAPTURE(id);
    const auto found = tlsrpt::parse_subject<tlsrpt::strict>(*text);
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
  std::size_t accepted = 0, refused = 0, foreign = 0;
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
      ++foreign;
      continue;
    }
    for (std::string_view part : {found->domain, found->submitter, found->report_id})
      CHECK(lies_inside(part, text));
    if (strictly) CHECK(*strictly == *found);
  }
  CHECK(accepted > 5'000);
  CHECK(refused > 5'000);
  CHECK(foreign > 100);
}

TEST_CASE("temporaries are rejected, what lives on is not") {
  // The message of the compiler is tested in tests/reject.
  constexpr auto file_name = []<class T>(T && text) requires requires {
    tlsrpt::parse_file_name(std::forward<T>(text));
  }
  {};
  constexpr auto subject = []<class T>(T && text) requires requires {
    tlsrpt::parse_subject(std::forward<T>(text));
  }
  {};
  constexpr auto domain_field = []<class T>(T && text) requires requires {
    tlsrpt::parse_domain_field(std::forward<T>(text));
  }
  {};
  constexpr auto unfold = []<class T>(T && text) requires requires {
    tlsrpt::unfold_file_name(std::forward<T>(text), std::span<char>());
  }
  {};
  constexpr auto key = []<class T>(T && text) requires requires {
    tlsrpt::make_duplicate_key(std::forward<T>(text), tlsrpt::report_view{}, tlsrpt::policy_view{});
  }
  {};
  const auto check = [](auto reader) {
    using reader_type = decltype(reader);
    static_assert(!std::is_invocable_v<reader_type, std::string>);
    static_assert(!std::is_invocable_v<reader_type, const std::string>);
    static_assert(std::is_invocable_v<reader_type, std::string&>);
    static_assert(std::is_invocable_v<reader_type, const std::string&>);
    static_assert(std::is_invocable_v<reader_type, std::string_view>);
    static_assert(std::is_invocable_v<reader_type, const char*>);
  };
  check(file_name);
  check(subject);
  check(domain_field);
  check(unfold);
  check(key);
}

TEST_CASE("long texts take time in proportion: E-03") {
  // Were one of them read in quadratic time, this would take minutes.
  for (std::string_view piece : {"(",           "()",
                                 "((",          "\\",
                                 "<",           "Report",
                                 "Report ",     "Report-",
                                 "Report-ID: ", "Report-ID:<",
                                 "Domain ",     "Submitter",
                                 "Submitter:",  "Report Domain: ",
                                 " ",           "!",
                                 "a!",          "1",
                                 ".",           "-",
                                 "@",           "a.",
                                 ".gz",         "\"",
                                 "a@a "}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    for (std::string_view front : {"", "Report Domain: ", "Report-ID: <1@a> ", "a!b!1!2", "a.b "}) {
      const std::string whole = std::string(front) + text;
      tlsrpt::diagnostic_list<4> found;
      std::size_t is_read = tlsrpt::parse_file_name(whole, found).has_value();
      is_read += tlsrpt::parse_subject(whole, found).has_value();
      is_read += tlsrpt::parse_domain_field(whole, found).has_value();
      CHECK(is_read < 4);
      tlsrpt::report_view report{};
      report.report_id = report.contact_info = whole;
      CHECK(compare_envelope({.report_submitter = "a", .subject = {{}, {}, whole}}, report, found)
                .source == tlsrpt::domain_source::none);
    }
  }
}

// ---- header fields

namespace {

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
        tlsrpt::diagnostic{errc::several_domains, {.element = 1}});

  CHECK(tlsrpt::select_domain_field({}).error().code == errc::domain_field_value);
  const std::string_view none[] = {"-", "--"};
  CHECK(tlsrpt::select_domain_field(none).error().where.element == 0);
}

// ---- the parts of a mail

TEST_CASE("media types: C-19, C-20, C-76") {
  using tlsrpt::media_type;
  constexpr struct {
    std::string_view text;
    media_type type;
  } rows[] = {
      {"application/tlsrpt+gzip", media_type::report_gzip},
      {"application/tlsrpt+json", media_type::report_json},
      {" Application/TLSRPT+Gzip ; name=\"x\"", media_type::report_gzip},
      {"\r\n\tapplication/tlsrpt+json;charset=utf-8", media_type::report_json},
      {"application/tlsrpt+json (comment)", media_type::report_json},
      {"application/tlsrpt", media_type::report_other},
      {"application/tlsrpt+x-gzip", media_type::report_other},
      {"application/tlsrpt+zip", media_type::report_other},
      {"application/gzip", media_type::gzip},
      {"application/x-gzip", media_type::gzip},
      {"application/json", media_type::json},
      {"text/json", media_type::json},
      {"application/zip", media_type::zip},
      {"application/x-zip-compressed", media_type::zip},
      {"application/octet-stream", media_type::octets},
      {"application/x-compressed", media_type::octets},
      {"text/plain; charset=us-ascii", media_type::text},
      {"", media_type::text},
      {"; charset=us-ascii", media_type::text},
      {"multipart/report; report-type=tlsrpt", media_type::multipart_report},
      {"MULTIPART/MIXED", media_type::multipart},
      {"message/rfc822", media_type::message},
      {"text/html", media_type::other},
      {"application/pgp-signature", media_type::other},
      {"application/gzipx", media_type::other},
      {"nonsense", media_type::other},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(tlsrpt::classify_media_type(row.text) == row.type);
  }
  static_assert(tlsrpt::classify_media_type("application/tlsrpt+gzip") == media_type::report_gzip);

  for (std::string_view type : {"tlsrpt", "\"tlsrpt\"", "TLSRPT", " tlsrpt "})
    CHECK(tlsrpt::is_tlsrpt_report_type(type));
  for (std::string_view type : {"", "delivery-status", "tlsrpt+gzip", "\"\""})
    CHECK_FALSE(tlsrpt::is_tlsrpt_report_type(type));
}

TEST_CASE("content: C-23, C-76") {
  using namespace std::string_view_literals;
  using tlsrpt::payload;
  constexpr struct {
    std::string_view octets;
    payload kind;
  } rows[] = {
      {""sv, payload::empty},
      {" \r\n\t"sv, payload::empty},
      {"\xef\xbb\xbf"sv, payload::empty},
      {"{"sv, payload::json},
      {"{}"sv, payload::json},
      {"\r\n  {\"a\":1}"sv, payload::json},
      {"\xef\xbb\xbf\n{"sv, payload::json},
      {"\x1f\x8b\x08\0"sv, payload::gzip},
      {"\x1f\x8b"sv, payload::gzip},
      {"\x1f"sv, payload::other},
      {"PK\x03\x04"sv, payload::zip},
      {"x\x9c"sv, payload::zlib},
      {"BZh9"sv, payload::bzip2},
      {"\xfd\x37zXZ\0"sv, payload::xz},
      {"\x28\xb5\x2f\xfd"sv, payload::zstd},
      {"{\0\"\0"sv, payload::utf16},
      {"\xff\xfe{\0"sv, payload::utf16},
      {"["sv, payload::other},
      {"H4sIAAAA"sv, payload::other},
      {"<?xml"sv, payload::other},
      {"Hello {"sv, payload::other},
  };
  for (const auto& row : rows) {
    CAPTURE(row.octets);
    CHECK(tlsrpt::classify_payload(row.octets) == row.kind);
    CHECK(tlsrpt::classify_payload(std::as_bytes(std::span(row.octets))) == row.kind);
  }
  static_assert(tlsrpt::classify_payload(" {") == payload::json);
}

TEST_CASE("the choice among parts: C-23, C-24, QUIRKS 75") {
  using namespace std::string_view_literals;
  using tlsrpt::media_type;
  using tlsrpt::payload;
  using tlsrpt::report_claim;
  constexpr std::string_view gzip = "\x1f\x8b\x08\0"sv, json = "{\"a\":1}"sv, zip = "PK\3\4"sv;
  constexpr std::string_view name = "a.example!b.example!1!2.json.gz";
  constexpr struct {
    std::string_view type, name, octets;
    report_claim claim;
    bool is_readable;
    std::array<errc, 3> found{};
  } rows[] = {
      {"application/tlsrpt+gzip", name, gzip, report_claim::media_type, true},
      {"application/tlsrpt+gzip", "", gzip, report_claim::media_type, true},
      {"application/tlsrpt+json", "report.json", json, report_claim::media_type, true},
      {"application/tlsrpt+gzip",
       "",
       json,
       report_claim::media_type,
       true,
       {errc::media_type_contradicted}},
      {"application/tlsrpt+json",
       "",
       gzip,
       report_claim::media_type,
       true,
       {errc::media_type_contradicted}},
      {"application/tlsrpt+json",
       name,
       json,
       report_claim::media_type,
       true,
       {errc::file_name_contradicted}},
      {"application/tlsrpt+gzip",
       name,
       json,
       report_claim::media_type,
       true,
       {errc::media_type_contradicted, errc::file_name_contradicted}},
      {"application/tlsrpt+gzip",
       name,
       zip,
       report_claim::media_type,
       false,
       {errc::media_type_contradicted, errc::file_name_contradicted}},
      {"application/tlsrpt+gzip", name, "", report_claim::media_type, false},
      {"application/tlsrpt+gzip", name, "H4sIAA", report_claim::media_type, false},
      {"application/tlsrpt",
       name,
       gzip,
       report_claim::media_type,
       true,
       {errc::unregistered_media_type}},
      {"application/tlsrpt+zip",
       "a.example!b.example!1!2.zip",
       zip,
       report_claim::media_type,
       false,
       {errc::unregistered_media_type}},
      {"application/gzip",
       name,
       gzip,
       report_claim::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/gzip",
       "REPORT.JSON.GZ",
       gzip,
       report_claim::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/json",
       name,
       gzip,
       report_claim::file_name,
       true,
       {errc::unregistered_media_type, errc::media_type_contradicted}},
      {"application/octet-stream",
       name,
       gzip,
       report_claim::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/zip",
       "a.example!b.example!1!2.zip",
       zip,
       report_claim::file_name,
       false,
       {errc::unregistered_media_type}},
      {"text/plain",
       "a.example!b.example!1!2.json",
       json,
       report_claim::file_name,
       true,
       {errc::unregistered_media_type}},
      {"application/octet-stream",
       "",
       gzip,
       report_claim::content,
       true,
       {errc::unregistered_media_type}},
      {"text/json", "", json, report_claim::content, true, {errc::unregistered_media_type}},
      // DMARC beside it: its name is no reason, its octets are one to look.
      {"application/gzip",
       "a.example!b.example!1!2.xml.gz",
       gzip,
       report_claim::content,
       true,
       {errc::unregistered_media_type}},
      {"application/zip", "a.example!b.example!1!2.xml.zip", zip, report_claim::none, false},
      {"application/octet-stream", "config.json", "[1]", report_claim::none, false},
      {"text/plain", "", "This is an aggregate TLS report", report_claim::none, false},
      {"image/png", "logo.png", "\x89PNG", report_claim::none, false},
      {"multipart/mixed", "", json, report_claim::none, true},
      {"message/rfc822", name, "From: a@a.example", report_claim::none, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.type);
    CAPTURE(row.name);
    CAPTURE(row.octets);
    std::array<errc, 3> found{};
    std::size_t size = 0;
    const auto reading =
        tlsrpt::examine_part(row.type, row.name, row.octets, [&](const tlsrpt::diagnostic& d) {
          REQUIRE(size < found.size());
          found[size++] = d.code;
          CHECK(d.subject == (d.code == errc::file_name_contradicted ? row.name : row.type));
        });
    CHECK(reading.claim == row.claim);
    CHECK(reading.is_readable() == row.is_readable);
    CHECK(reading.label == tlsrpt::classify_media_type(row.type));
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(tlsrpt::name(found[i]) == tlsrpt::name(row.found[i]));
  }
}

TEST_CASE("what is around a report part: C-18, C-20, QUIRKS 77") {
  const auto found = [](std::string_view type, std::string_view report_type) {
    finding_sink sink;
    tlsrpt::check_wrapper(type, report_type, sink);
    return sink.found[0].code;
  };
  CHECK(found("multipart/report; report-type=tlsrpt", "tlsrpt") == errc::ok);
  CHECK(found("Multipart/Report", "\"TLSRPT\"") == errc::ok);
  CHECK(found("multipart/report", "") == errc::report_type_parameter);
  CHECK(found("multipart/report", "delivery-status") == errc::report_type_parameter);
  CHECK(found("multipart/mixed", "tlsrpt") == errc::wrapper_type);
  CHECK(found("application/tlsrpt+gzip", "") == errc::wrapper_type);
}

// ---- envelope and report

namespace {

/// A report about b.example by a.example for 2026-02-03, with two policies.
struct sample {
  std::array<tlsrpt::policy_view, 2> policies{};
  tlsrpt::report_view report{};

  constexpr sample() {
    report.organization_name = "Example";
    report.contact_info = "tls@a.example";
    report.report_id = "2026-02-03T00:00:00Z_b.example";
    report.date_range = {{1770076800, "2026-02-03T00:00:00Z", true},
                         {1770163199, "2026-02-03T23:59:59Z", true}};
    for (tlsrpt::policy_view& policy : policies) {
      policy.policy_domain = "b.example";
      policy.policy_type = {tlsrpt::policy_type::sts, "sts"};
      policy.total_successful_session_count = 5;
    }
    report.policies = policies;
  }
  sample(const sample&) = delete;
  sample& operator=(const sample&) = delete;
};

constexpr tlsrpt::envelope_view agreeing{
    "B.Example",
    "a.example",
    {"a.example", "b.example", 1770076800, 1770163199, {}, true},
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
  envelope.file_name = {"x.example", "c.example", 1770076801, 1770163201, {}, true};
  CHECK(differences(envelope, s.report) ==
        "file-name-sender-differs /contact-info x.example\n"
        "file-name-domain-differs /policies c.example\n"
        "file-name-range-differs /date-range/start-datetime \n"
        "file-name-range-differs /date-range/end-datetime \n");
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
  envelope.file_name.end = 1770163200;
  CHECK(differences(envelope, s.report).empty());
  s.report.date_range.end_datetime.seconds = 1770163200;
  envelope.file_name.end = 1770163199;
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
        "https://a.example/", "", "tls@", "tls@a.example?subject=x"}) {
    CAPTURE(contact);
    s.report.contact_info = contact;
    CHECK(differences(envelope, s.report).empty());
  }
  s.report.contact_info = "tls@xa.example";
  CHECK(differences(envelope, s.report).starts_with("header-submitter-differs"));
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

// ---- duplicates

TEST_CASE("duplicates: C-71, E-14, QUIRKS 36") {
  using tlsrpt::duplicate_verdict;
  const sample s;
  const tlsrpt::duplicate_key key = make_duplicate_key("a.example", s.report, s.policies[0]);
  CHECK(key == tlsrpt::duplicate_key{"A.EXAMPLE.", "2026-02-03T00:00:00Z_b.example", "B.example",
                                     1770076800, 1770163199});
  CHECK(written([&key](std::span<char> out) { return write_duplicate_key(key, out); }) ==
        "9:a.example,30:2026-02-03T00:00:00Z_b.example,9:b.example,10:1770076800,10:1770163199,");
  // Computed apart from this program.
  CHECK(hash_of(key) == 0x9b97a95a1179436du);
  CHECK(hash_of(tlsrpt::duplicate_key{}) == 0xd5a074933c5094a9u);
  static_assert(hash_of(tlsrpt::duplicate_key{}) == 0xd5a074933c5094a9u);
  CHECK(hash_of(tlsrpt::duplicate_key{
            "a", "b", "c", std::numeric_limits<std::int64_t>::min(), {}}) == 0x2760e5ecd288313cu);

  const tlsrpt::digest content({1}), other_content({2});
  CHECK(compare_duplicates(key, content, key, content) == duplicate_verdict::duplicate);
  CHECK(compare_duplicates(key, content, key, other_content) == duplicate_verdict::conflicting);
  for (tlsrpt::duplicate_key other :
       {tlsrpt::duplicate_key{"c.example", key.report_id, key.policy_domain, key.begin, key.end},
        tlsrpt::duplicate_key{key.submitter, "x", key.policy_domain, key.begin, key.end},
        tlsrpt::duplicate_key{key.submitter, key.report_id, "c.example", key.begin, key.end},
        tlsrpt::duplicate_key{key.submitter, key.report_id, key.policy_domain, {}, key.end},
        tlsrpt::duplicate_key{key.submitter, key.report_id, key.policy_domain, key.begin, 0}}) {
    CHECK_FALSE(key == other);
    CHECK(hash_of(key) != hash_of(other));
    CHECK(compare_duplicates(key, content, other, content) == duplicate_verdict::different);
  }
  // Nobody vouches for it, so it is never dropped.
  const tlsrpt::duplicate_key unknown = make_duplicate_key({}, s.report, s.policies[0]);
  CHECK(unknown == unknown);
  CHECK(compare_duplicates(unknown, content, unknown, content) == duplicate_verdict::different);
}

TEST_CASE("duplicates: no two keys have the same text") {
  generator make(71);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::string, 6> parts;
    for (std::string& part : parts) part = make.of("a1:,.", make.below(5));
    const tlsrpt::duplicate_key a{parts[0], parts[1], parts[2], {}, 1};
    const tlsrpt::duplicate_key b{parts[3], parts[4], parts[5], {}, 1};
    std::array<char, 128> a_out{}, b_out{};
    CHECK((a == b) == (*write_duplicate_key(a, a_out) == *write_duplicate_key(b, b_out)));
    CHECK((a == b) == (hash_of(a) == hash_of(b)));
  }
}

// ---- mails beside the repository, if there are some

namespace {

/// The values of all fields and parameters of the headers in a mail that are about reports.
struct mail_words {
  std::vector<std::string> subjects, file_names, domains;
};

/// A simple scan of lines: fields anywhere, with their folded lines.
mail_words scan_mail(const std::string& bytes) {
  std::string mail;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool is_cr = bytes[i] == '\r';
    if (is_cr && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
    mail += is_cr ? '\n' : bytes[i];
  }
  std::vector<std::string> fields;
  std::istringstream lines(mail);
  for (std::string line; std::getline(lines, line);) {
    const bool is_continued = line.starts_with(' ') || line.starts_with('\t');
    if (is_continued && !fields.empty())
      fields.back() += "\r\n" + line;
    else
      fields.push_back(line);
  }
  mail_words words;
  for (const std::string& field : fields) {
    const std::size_t colon = field.find(':');
    if (colon == std::string::npos) continue;
    std::string label = field.substr(0, colon);
    for (char& c : label) c = tlsrpt::detail::lower_case(c);
    const std::string value = field.substr(colon + 1);
    if (label == "subject") words.subjects.push_back(value);
    if (label == "tls-report-domain" || label == "tls-report-submitter")
      words.domains.push_back(value);
    if (label != "content-type" && label != "content-disposition") continue;
    std::size_t at = value.find("name");
    for (; at != std::string::npos; at = value.find("name", at + 1)) {
      std::size_t first = value.find_first_not_of(" \t", at + 4);
      if (first == std::string::npos || value[first] != '=') continue;
      first = value.find_first_not_of(" \t", first + 1);
      if (first == std::string::npos) continue;
      const bool is_quoted = value[first] == '"';
      const std::size_t begin = is_quoted ? first + 1 : first;
      const std::size_t end = value.find_first_of(is_quoted ? "\"" : "; \t\r\n", begin);
      words.file_names.push_back(value.substr(begin, end - begin));
    }
  }
  return words;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

}  // namespace

TEST_CASE("the mails beside the repository, if there are some") {
  namespace fs = std::filesystem;
  const fs::path mails = fs::path(TLSRPT_SOURCE_ROOT) / "../shared/corpus/mail";
  if (!fs::exists(mails)) {
    MESSAGE("no mails here, nothing to do");
    return;
  }
  std::size_t subjects_read = 0, names_read = 0, domains_read = 0;
  for (const auto& entry : fs::directory_iterator(mails)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const mail_words words = scan_mail(bytes.substr(0, 200'000));
    CAPTURE(entry.path().filename().string());

    for (const std::string& subject : words.subjects) {
      CAPTURE(subject);
      const auto found = tlsrpt::parse_subject(subject);
      if (subject.find("Report Domain:") == std::string::npos &&
          subject.find("Domain: ") == std::string::npos) {
        CHECK(found.error().code == errc::not_a_report_subject);
        continue;
      }
      REQUIRE(found.has_value());
      ++subjects_read;
      // What a person reads: the word after each label.
      const std::vector<std::string> parts = split_words(subject);
      for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i] == "Domain:") CHECK(found->domain == parts[i + 1]);
        if (parts[i] == "Submitter:") CHECK(found->submitter == parts[i + 1]);
        if (parts[i] != "Report-ID:") continue;
        const std::string& id = parts[i + 1];
        CHECK(found->report_id == (id[0] == '<' ? id.substr(1, id.size() - 2) : id));
      }
    }

    for (const std::string& written_name : words.file_names) {
      CAPTURE(written_name);
      std::string plain;
      for (char c : written_name)
        if (c > ' ' || c < 0) plain += c;
      plain = plain.substr(plain.rfind('/') + 1);
      std::string scratch(written_name.size(), '\0');
      const auto unfolded = tlsrpt::unfold_file_name(written_name, scratch);
      REQUIRE(unfolded.has_value());
      const auto found = tlsrpt::parse_file_name(*unfolded);
      if (std::count(plain.begin(), plain.end(), '!') < 3) {
        CHECK(found.error().code == errc::not_a_report_file_name);
        continue;
      }
      if (plain.starts_with("=?")) continue;  // an encoded word: the mail reader's
      REQUIRE(found.has_value());
      ++names_read;
      std::vector<std::string> parts{""};
      for (char c : plain) {
        if (c == '!')
          parts.emplace_back();
        else
          parts.back() += c;
      }
      CHECK(found->sender == parts[0]);
      CHECK(found->policy_domain == parts[1]);
      CHECK(std::to_string(found->begin.value_or(-1)) == parts[2]);
      CHECK(std::to_string(found->end.value_or(-1)) == parts[3].substr(0, parts[3].find('.')));
      if (parts.size() == 5)
        CHECK(found->unique_id == parts[4].substr(0, parts[4].find('.')));
      else
        CHECK(found->unique_id.empty());
    }

    for (const std::string& value : words.domains) {
      CAPTURE(value);
      const auto found = tlsrpt::parse_domain_field(value);
      REQUIRE(found.has_value());
      ++domains_read;
      std::string word = split_words(value).at(0);
      if (word.ends_with('.')) word.pop_back();
      CHECK(*found == word);
    }
  }
  MESSAGE(subjects_read << " Subjects, " << names_read << " file names, " << domains_read
                        << " domains read");
  CHECK(subjects_read > 0);
  CHECK(names_read > 0);
  CHECK(domains_read > 0);
}

TEST_CASE("sources of an inferred domain have names") {
  using tlsrpt::domain_source;
  CHECK(name(domain_source::header_field) == "header-field");
  CHECK(name(domain_source::file_name) == "file-name");
  CHECK(name(domain_source::subject) == "subject");
  CHECK(name(domain_source::none).empty());
  CHECK(name(domain_source(4)).empty());
}
