#include "remarks.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <tlsrpt/path.hpp>

#include "words.hpp"

namespace cli {

namespace {

/// Where it was found, as far as that is known.
std::string place_of(const finding& found) {
  const tlsrpt::location& where = found.what.where;
  if (const auto way = path(where); !way.view().empty()) return std::string(way.view());
  if (where.offset == 0 && !found.what.subject.empty()) return {};
  const std::string octet = "octet " + std::to_string(where.offset);
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

void write_place(page& out, const finding& found) {
  std::string text = place_of(found);
  if (!found.what.subject.empty())
    text += (text.empty() ? "\"" : ": \"") + printable(found.what.subject, 120) + '"';
  if (!text.empty()) out.fill("", 4, text, style::quiet);
}

}  // namespace

void write_findings(page& out, const findings& list) {
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
    for (auto each = first; each != shown; ++each) write_place(out, *each);
    if (shown != last)
      out.line("    and in " +
                   plural(static_cast<std::size_t>(last - shown), "more place", "more places"),
               style::quiet);
    first = last;
  }
  if (list.left_out() != 0) out.line("  and " + std::to_string(list.left_out()) + " more");
}

void write_remarks(page& out, const findings& found) {
  if (found.kept().empty()) return;
  out.line();
  out.line("Remarks", style::heading);
  write_findings(out, found);
}

void write_error(page& out, const tlsrpt::diagnostic& error) {
  const auto way = path(error.where);
  std::string place(name(error.code));
  if (error.where.offset != 0 || !way.view().empty())
    place += ", at octet " + std::to_string(error.where.offset);
  if (!way.view().empty()) place += ", " + std::string(way.view());
  out.fill("  ", 2, std::string(message(error.code)) + " [" + place + ']', style::bad);
  if (error.hint != tlsrpt::errc::ok)
    out.fill("  ", 2, "Probably: " + std::string(message(error.hint)));
}

void write_error(page& out, const unreadable& error) {
  out.fill("  ", 2, printable(sentence(error)) + " [cannot-read]", style::bad);
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
