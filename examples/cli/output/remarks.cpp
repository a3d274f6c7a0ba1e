#include "remarks.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <tlsrpt/path.hpp>

#include "words.hpp"

namespace cli {

namespace {

/// The way to a place in a report. Of the records of a name there is a list.
tlsrpt::path_text way_to(const tlsrpt::location& where) {
  return where.in == tlsrpt::source::record_set ? tlsrpt::path_text() : path(where);
}

/// Where it was found, as far as that is known.
std::string place_of(const finding& found) {
  const tlsrpt::location& where = found.what.where;
  if (const auto way = way_to(where); !way.view().empty()) return std::string(way.view());
  if (where.offset == 0 && !found.what.subject.empty()) return {};
  std::string octet = "octet " + std::to_string(where.offset);
  switch (where.in) {
    case tlsrpt::source::json:
    case tlsrpt::source::gzip:
    case tlsrpt::source::zip:
    case tlsrpt::source::record:
      return octet;
    default:
      return where.offset == 0 ? "" : octet + " of " + std::string(found.in);
  }
}

bool begins_character(char octet) { return (octet & 0xc0) != 0x80; }

/// Writes the line of `text` that an octet is in, as much of it as fits, and a caret below it.
void write_caret(page& out, std::string_view text, std::size_t offset) {
  constexpr std::size_t indent = 4, least_room = 20;
  const std::size_t room = std::max(out.width(), indent + least_room) - indent;
  std::size_t at = std::min(offset, text.size());
  const std::size_t line_begin = text.substr(0, at).rfind('\n') + 1;
  at -= line_begin;
  text.remove_prefix(line_begin);
  text = text.substr(0, text.find('\n', at));
  if (text.size() > at && text.ends_with('\r')) text.remove_suffix(1);

  const auto shown = [text](std::size_t begin, std::size_t end) {
    return printable(text.substr(begin, end - begin), tlsrpt::escape::any_length);
  };
  std::size_t begin = 0, end = text.size();
  if (columns(shown(begin, end)) > room) {
    begin = at - std::min(at, room / 2);
    while (begin < at && (!begins_character(text[begin]) || columns(shown(begin, at)) > room / 2))
      ++begin;
    end = std::min(end, at + room);
    while (end > at && ((end < text.size() && !begins_character(text[end])) ||
                        columns(shown(begin, at) + shown(at, end)) > room))
      --end;
  }
  const std::string margin(indent, ' '), before = shown(begin, at);
  out.line(margin + before + shown(at, end), style::quiet);
  out.line(margin + std::string(columns(before), ' ') + '^', style::caution);
}

void write_place(page& out, const finding& found, const text_finder& text_of) {
  if (const std::string_view whole = text_of(found.what); !whole.empty())
    return write_caret(out, whole, found.what.where.offset);
  std::string text = place_of(found);
  if (!found.what.subject.empty())
    text += (text.empty() ? "\"" : ": \"") + printable(found.what.subject, 120) + '"';
  if (!text.empty()) out.fill("", 4, text, style::quiet);
}

}  // namespace

void write_findings(page& out, const findings& list, const text_finder& text_of) {
  constexpr std::ptrdiff_t max_places = 5;
  std::vector<finding> found = list.kept();
  std::stable_sort(found.begin(), found.end(), [](const finding& a, const finding& b) {
    const auto key = [](tlsrpt::errc code) { return std::pair(-int(grade_of(code)), int(code)); };
    return key(a.what.code) < key(b.what.code);
  });
  for (auto first = found.begin(); first != found.end();) {
    const tlsrpt::errc code = first->what.code;
    const auto last = std::find_if(first, found.end(),
                                   [code](const finding& each) { return each.what.code != code; });
    const auto grade = grade_of(code);
    out.fill("  ", 2,
             std::string(name(grade)) + ": " + std::string(message(code)) + " [" +
                 std::string(name(code)) + ']',
             grade == tlsrpt::grade::note ? style::plain : style::caution);
    const auto shown = first + std::min(last - first, max_places);
    for (auto each = first; each != shown; ++each) write_place(out, *each, text_of);
    if (shown != last)
      out.line("    and in " +
                   plural(static_cast<std::size_t>(last - shown), "more place", "more places"),
               style::quiet);
    first = last;
  }
  if (list.left_out() != 0) out.line("  and " + std::to_string(list.left_out()) + " more");
}

void write_remarks(page& out, const findings& found, const text_finder& text_of) {
  if (found.kept().empty()) return;
  out.line();
  out.line("Remarks", style::heading);
  write_findings(out, found, text_of);
}

void write_error(page& out, const tlsrpt::diagnostic& error, const text_finder& text_of) {
  const auto way = way_to(error.where);
  std::string place(name(error.code));
  if (error.where.offset != 0 || !way.view().empty())
    place += ", at octet " + std::to_string(error.where.offset);
  if (!way.view().empty()) place += ", " + std::string(way.view());
  out.fill("  ", 2, std::string(message(error.code)) + " [" + place + ']', style::bad);
  if (const std::string_view text = text_of(error); !text.empty())
    write_caret(out, text, error.where.offset);
  else if (!error.subject.empty())
    out.fill("  ", 2,
             (error.where.offset == 0 ? "It begins: \"" : "There: \"") +
                 printable(error.subject, 60) + '"');
  if (const std::string_view command = way_out(error); !command.empty())
    out.fill("  ", 2, "This may help: " + std::string(command));
  if (error.hint != tlsrpt::errc::ok)
    out.fill("  ", 2, "Probably: " + std::string(message(error.hint)));
}

void write_error(page& out, const unreadable& error) {
  out.fill("  ", 2, printable(sentence(error)) + " [cannot-read]", style::bad);
}

std::string_view way_out(const tlsrpt::diagnostic& error) {
  switch (error.code) {
    case tlsrpt::errc::zstd_container:
      return "zstdcat FILE | tlsrpt show -";
    case tlsrpt::errc::bzip2_container:
      return "bzcat FILE | tlsrpt show -";
    case tlsrpt::errc::xz_container:
      return "xzcat FILE | tlsrpt show -";
    case tlsrpt::errc::utf16_text:
      return "iconv -f UTF-16 -t UTF-8 FILE | tlsrpt show -";
    case tlsrpt::errc::unknown_format:
      return error.subject.starts_with(start_of_7z) ? "7z x -so FILE | tlsrpt show -" : "";
    default:
      return {};
  }
}

std::string complaint(const entry& shown) {
  const std::string line = "tlsrpt: " + printable(shown.place.text()) + ": ";
  if (const auto* const failure = std::get_if<unreadable>(&shown.what))
    return line + printable(sentence(*failure)) + " [cannot-read]\n";
  const auto& error = std::get<tlsrpt::diagnostic>(shown.what);
  const std::string member(path(error.where));
  return line + (member.empty() ? "" : member + ": ") + std::string(message(error.code)) + " [" +
         std::string(name(error.code)) + "]\n";
}

std::string sentence(const unreadable& error) {
  return "The input cannot be read: " + error.reason + '.';
}

}  // namespace cli
