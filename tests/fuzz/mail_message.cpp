/// Fuzz target: whole mails. Any octets are read without harm, and what is found does not depend on
/// what lies around them in memory. Of the octets a mail is made, too, in two of the many spellings
/// that MIME allows: the same is found in both.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/mail.hpp>

#include "relations.hpp"

namespace {

using fuzz::numbers;
using fuzz::written;
using tlsrpt::diagnostic;
using tlsrpt::mail_part_view;

/// What is found of a part.
struct found_part {
  std::string path;
  tlsrpt::part_kind kind;
  std::string content;  ///< Of a candidate.
  bool operator==(const found_part&) const = default;
};

// ---- any octets

/// Reads a part in every way; what decode() gives when nothing is refused.
std::string read_part(const mail_part_view& part, std::string_view mail) {
  HOLDS(part.raw().empty() || fuzz::lies_within(part.raw(), mail));
  HOLDS(part.raw().empty() || mail.substr(part.offset(), part.raw().size()) == part.raw());
  HOLDS(!name(part.kind()).empty());
  written([&part](auto& out) { part.media_type_to(out); });
  written([&part](auto& out) { part.file_name_to(out); });
  HOLDS(!written([&part](auto& out) { part.path_to(out); }).empty());
  written([&part](auto& out) { part.wrapper_type_to(out); });
  written([&part](auto& out) { part.report_type_to(out); });
  fuzz::touch(part.header().text());

  std::string buffer;
  fuzz::collecting_sink found;
  const auto content = part.decode(buffer, found);
  HOLDS(content.has_value());
  fuzz::touch(*content);
  HOLDS(content->size() <= part.raw().size() + 3);
  bool is_violated = false;
  for (const diagnostic& d : found.all) is_violated |= grade_of(d.code) == tlsrpt::grade::violation;
  std::vector<unsigned char> other;
  const auto strict = part.decode(other, tlsrpt::strict());
  HOLDS(strict.has_value() == !is_violated);
  if (strict) HOLDS(*strict == *content);
  return std::string(*content);
}

void check_header(const tlsrpt::mail_header& header) {
  for (const tlsrpt::header_field field : header.fields()) {
    HOLDS(!field.name.empty() && fuzz::lies_within(field.name, header.text()));
    fuzz::touch(field.value);
    HOLDS(written([&field](auto& out) { field.unfold_to(out); }).size() <= field.value.size());
    const std::string decoded = written([&field](auto& out) { field.decode_to(out); });
    HOLDS(decoded.find_first_of("\r\n") == std::string::npos ||
          field.value.find("=?") != field.value.npos);
    HOLDS(header.field(field.name).name.size() == field.name.size());
  }
}

/// All that is found in a mail and in the mails inside it.
void list_parts(const tlsrpt::mail_view& mail, std::vector<found_part>& parts) {
  std::size_t candidates = 0;
  for (const mail_part_view part : mail.candidates())
    candidates += part.is_candidate() ? 1 : 1'000'000;
  for (const mail_part_view part : mail.passed_over()) HOLDS(!part.is_candidate());
  for (const mail_part_view part : mail.parts()) {
    std::string content = read_part(part, mail.text());
    if (part.is_candidate()) --candidates;
    const bool holds_mail = part.kind() == tlsrpt::part_kind::mail;
    parts.push_back({written([&part](auto& out) { part.path_to(out); }), part.kind(),
                     part.is_candidate() && !holds_mail ? content : std::string()});
    if (!holds_mail) continue;
    const std::string_view inside = content;
    if (const auto read = part.read_inside(inside)) list_parts(*read, parts);
  }
  HOLDS(candidates == 0);
}

std::vector<found_part> parts_of(std::string_view octets) {
  std::vector<found_part> parts;
  fuzz::collecting_sink found;
  const auto mail = tlsrpt::read_mail(octets, found);
  const auto quiet = tlsrpt::read_mail(octets);
  HOLDS(quiet.error() == mail.error());
  if (!mail) return parts;
  HOLDS(quiet->claim() == mail->claim() && quiet->shortage() == mail->shortage());
  bool is_violated = false;
  for (const diagnostic& d : found.all) {
    HOLDS(grade_of(d.code) < tlsrpt::grade::fatal);
    HOLDS(d.where.offset <= octets.size() && d.where.in == tlsrpt::source::mail);
    fuzz::touch(d.subject);
    is_violated |= grade_of(d.code) == tlsrpt::grade::violation;
  }
  HOLDS(tlsrpt::read_mail(octets, tlsrpt::strict()).has_value() == !is_violated);
  check_header(mail->header());
  list_parts(*mail, parts);
  return parts;
}

void check_octets(std::string_view text) {
  fuzz::touch(tlsrpt::is_mail(text) ? "yes" : "no");
  const std::vector<found_part> parts = parts_of(text);
  // More of the same mail after it changes nothing.
  const std::string more = std::string(text) + std::string(text) + "\n--b1\n\n{}";
  HOLDS(parts_of(std::string_view(more).substr(0, text.size())) == parts);
}

// ---- mails of every form

/// What a mail is made of, whatever its spelling.
struct entity {
  enum kind { report, octets, words, multipart, mail } is = report;
  std::string content{};
  std::vector<entity> parts{};
};

entity make_entity(numbers& of, std::string_view text, std::size_t depth) {
  constexpr std::size_t deepest = 5;
  const std::size_t choice = of.below(depth < deepest ? 8 : 4);
  const std::size_t begin = of.below(text.size() + 1);
  const std::string piece(text.substr(begin, of.below(200)));
  switch (choice) {
    case 0:
    case 1: {
      // A text of JSON in one line, some of which need encoding.
      std::string content = "{\"a\":\"";
      for (char c : piece)
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') content += c;
      return {entity::report, content + "\"}", {}};
    }
    case 2:
      return {entity::octets, "\x1f\x8b\x08" + piece, {}};
    case 3:
      return {entity::words, "This is a report.\nIt is attached.\n", {}};
    case 4:
      return {entity::mail, "", {make_entity(of, text, depth + 1)}};
    default: {
      entity made{entity::multipart, "", {}};
      for (std::size_t count = 1 + of.below(4); count != 0; --count)
        made.parts.push_back(make_entity(of, text, depth + 1));
      return made;
    }
  }
}

const std::string file_name = "a b!c.json";

/// Writes entities in one of the spellings that MIME allows.
class speller {
 public:
  explicit speller(numbers& of) : of_(of) {}

  std::string spell_mail(const entity& content) {
    std::string mail = field("From", {"a@example.com"});
    if (of_.once_in(2)) mail += field("Subject", {"a", "long", "subject"});
    return mail + spell(content);
  }

 private:
  std::string spell(const entity& each) {
    switch (each.is) {
      case entity::report:
        return leaf(of_.once_in(2) ? "application/tlsrpt+json" : "application/json", each.content);
      case entity::octets:
        return leaf("application/octet-stream", each.content);
      case entity::words:
        return field("Content-Type", {"text/plain", ";", parameter("charset", "us-ascii")}) + '\n' +
               each.content;
      case entity::mail:
        return field("Content-Type", {"message/rfc822"}) + '\n' + spell_mail(each.parts[0]);
      case entity::multipart:
        break;
    }
    const std::string boundary = new_boundary();
    std::string whole =
        field("Content-Type",
              {of_.once_in(2) ? "multipart/mixed" : "multipart/report", ";",
               parameter("boundary", boundary), ";", parameter("report-type", "tlsrpt")}) +
        '\n';
    if (of_.once_in(2)) whole += "A preamble\n";
    for (const entity& part : each.parts)
      (whole += "--" + boundary + blanks() + '\n') += spell(part) + '\n';
    whole += "--" + boundary + "--" + blanks();
    // Without a line end here, the next boundary would be on the same line.
    return whole + (of_.once_in(2) ? "\nAn epilogue\n" : "\n");
  }

  std::string leaf(std::string_view type, const std::string& content) {
    const bool is_plain = content.find_first_of(std::string_view("\0\r\n", 3)) == content.npos &&
                          !content.starts_with("\x1f");
    const std::size_t how = of_.below(is_plain ? 4 : 2);
    std::string header = field("Content-Type", {std::string(type)});
    if (of_.once_in(2))
      header += field("Content-Disposition", {"attachment", ";", parameter("filename", file_name)});
    constexpr const char* labels[] = {"base64", "quoted-printable", "8bit", "binary"};
    header += field("Content-Transfer-Encoding", {labels[how]});
    header += '\n';
    return header + (how == 0 ? base64(content) : how == 1 ? quoted_printable(content) : content);
  }

  std::string base64(std::string_view octets) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t columns = 4 * (1 + of_.below(19));
    std::string encoded;
    std::size_t column = 0;
    for (std::size_t i = 0; i < octets.size(); i += 3) {
      unsigned bits = 0;
      for (std::size_t j = 0; j < 3; ++j)
        bits = bits << 8 | (i + j < octets.size() ? static_cast<unsigned char>(octets[i + j]) : 0u);
      for (std::size_t j = 0; j < 4; ++j)
        encoded += i + j > octets.size() ? '=' : alphabet[bits >> (18 - 6 * j) & 0x3f];
      if ((column += 4) >= columns) encoded += '\n', column = 0;
    }
    return encoded;
  }

  std::string quoted_printable(std::string_view octets) {
    std::string encoded;
    for (char c : octets) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet <= 0x20 || octet >= 0x7f || c == '=' || of_.once_in(9)) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        encoded += {'=', digits[octet >> 4], digits[octet & 0xf]};
      } else {
        encoded += c;
      }
      if (of_.once_in(20)) encoded += "=\n";
    }
    return encoded;
  }

  /// A field of these words, with whitespace, folding and comments between them.
  std::string field(std::string_view name, const std::vector<std::string>& words) {
    std::string text(name);
    change_case(text);
    text += ':';
    for (const std::string& word : words) {
      const bool is_structured = name.starts_with("Content");
      if (is_structured && of_.once_in(4)) text += " (a \\) (comment))";
      text += of_.once_in(3) ? "\n\t " : " ";
      text += word;
    }
    return text + '\n';
  }

  std::string parameter(std::string_view name, const std::string& value) {
    std::string text(name);
    change_case(text);
    const bool is_token = value.find_first_of(" ()<>@,;:\\\"/[]?=") == value.npos && !value.empty();
    switch (of_.below(4)) {
      case 0:
        if (is_token) return text + '=' + value;
        break;
      case 1: {  // RFC 2231
        const std::size_t half = of_.below(value.size() + 1);
        return text + "*0*=us-ascii''" + percent(value.substr(0, half)) + ";\n " + text +
               "*1*=" + percent(value.substr(half));
      }
      default:
        break;
    }
    std::string quoted;
    for (char c : value) {
      if (of_.once_in(9)) quoted += '\\';
      quoted += c;
    }
    return text + "=\"" + quoted + '"';
  }

  std::string percent(std::string_view value) {
    std::string encoded;
    for (char c : value) {
      constexpr std::string_view digits = "0123456789abcdef";
      const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (is_letter && !of_.once_in(5))
        encoded += c;
      else
        encoded += {'%', digits[static_cast<unsigned char>(c) >> 4], digits[c & 0xf]};
    }
    return encoded;
  }

  /// Each has others as its beginning.
  std::string new_boundary() {
    constexpr std::string_view octets = "abAB01'()+_,-./:=?";
    std::string boundary = of_.once_in(2) ? last_boundary_ : std::string();
    if (boundary.size() > 40) boundary.clear();
    boundary += std::to_string(++boundaries_);
    for (std::size_t size = of_.below(20); size != 0; --size)
      boundary += octets[of_.below(octets.size())];
    boundary += 'x';
    return last_boundary_ = boundary;
  }

  std::string blanks() { return of_.once_in(4) ? " \t" : ""; }

  void change_case(std::string& text) {
    if (!of_.once_in(3)) return;
    for (char& c : text)
      if (c >= 'a' && c <= 'z' && of_.once_in(2)) c = static_cast<char>(c - 'a' + 'A');
  }

  numbers& of_;
  std::string last_boundary_{};
  std::size_t boundaries_ = 0;
};

std::string with_line_ends(std::string_view mail, std::string_view end) {
  std::string changed;
  for (char c : mail) {
    if (c == '\n')
      changed += end;
    else
      changed += c;
  }
  return changed;
}

/// Whether a mail that is spelt as MIME allows is read without a finding; what is guessed has one.
void check_findings(std::string_view mail) {
  const auto sink = [](const diagnostic& d) {
    HOLDS(d.code == tlsrpt::errc::mail_line_ends || d.code == tlsrpt::errc::mail_forwarded);
  };
  const auto read = tlsrpt::read_mail(mail, sink);
  HOLDS(read.has_value());
  std::string buffer;
  for (const mail_part_view part : read->candidates()) {
    HOLDS(part.decode(buffer, sink).has_value());
    const std::string name = written([&part](auto& out) { part.file_name_to(out); });
    HOLDS(name.empty() || name == file_name);
  }
}

void check_spellings(std::string_view text) {
  numbers structure(text);
  const entity made = make_entity(structure, text, 0);
  std::vector<found_part> first;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    numbers of(structure.next() + seed);
    const std::string mail = speller(of).spell_mail(made);
    constexpr std::string_view ends[] = {"\r\n", "\n", "\r"};
    const std::string spelt = with_line_ends(mail, ends[of.below(3)]);
    const std::vector<found_part> parts = parts_of(spelt);
    HOLDS(!parts.empty());
    check_findings(spelt);
    if (seed == 1)
      first = parts;
    else
      HOLDS(parts == first);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  check_octets(copy.view());
  check_spellings(copy.view());
  return 0;
}
