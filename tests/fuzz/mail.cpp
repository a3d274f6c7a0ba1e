/// Fuzz target: file names, Subjects, header fields and media types. What was read can be written,
/// and reads the same again.

#include <algorithm>
#include <string>
#include <string_view>

#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/subject.hpp>

#include "relations.hpp"

namespace {

using fuzz::check_modes;
using fuzz::written;
using tlsrpt::diagnostic;
using tlsrpt::grade;

std::string_view without_dot(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  return domain;
}

void check_file_name(std::string_view text) {
  const auto name = check_modes(text, [text](auto&& sink, auto conformance) {
    return tlsrpt::parse_file_name(text, sink, conformance);
  });
  if (name) {
    for (std::string_view part : {name->sender, name->policy_domain, name->unique_id})
      HOLDS(part.data() == nullptr || fuzz::lies_within(part, text));
    const std::string again =
        written([&name](auto& out) { return tlsrpt::write_file_name(out, *name); });
    if (!again.empty()) {
      const auto same = tlsrpt::parse_file_name(again, tlsrpt::strict());
      HOLDS(same.has_value());
      HOLDS(same->sender == without_dot(name->sender));
      HOLDS(same->policy_domain == without_dot(name->policy_domain));
      HOLDS(same->begin == name->begin && same->end == name->end);
      HOLDS(same->unique_id == name->unique_id && same->is_gzip == name->is_gzip);
    }
  }

  const std::string unfolded = written([text](auto& out) { tlsrpt::unfold_file_name(out, text); });
  HOLDS(unfolded.size() <= text.size());
  HOLDS(unfolded.find_first_of("\t\r\n ") == std::string::npos);
  HOLDS(written([&](auto& out) { tlsrpt::unfold_file_name(out, unfolded); }) == unfolded);
}

void check_subject(std::string_view text) {
  const auto subject = check_modes(text, [text](auto&& sink, auto conformance) {
    return tlsrpt::parse_subject(text, sink, conformance);
  });
  if (!subject) return;
  for (std::string_view part : {subject->domain, subject->submitter, subject->report_id})
    HOLDS(part.data() == nullptr || fuzz::lies_within(part, text));
  HOLDS(subject->id_left().size() + subject->id_right().size() <= subject->report_id.size());
  std::string first;
  for (const std::size_t columns : {std::size_t{0}, tlsrpt::mail_columns, std::size_t{20}}) {
    const std::string again =
        written([&](auto& out) { return tlsrpt::write_subject(out, *subject, columns); });
    if (again.empty()) continue;
    const std::string_view view = again;
    const auto same = tlsrpt::parse_subject(view, tlsrpt::strict());
    HOLDS(same.has_value());
    HOLDS(same->domain == without_dot(subject->domain));
    HOLDS(same->submitter == without_dot(subject->submitter));
    HOLDS(!same->id_left().empty() && !same->id_right().empty());
    // Folding changes no part.
    if (columns == 0)
      first = same->report_id;
    else
      HOLDS(first == same->report_id);
    for (std::size_t at = 0, end = 0; columns != 0 && end != std::string_view::npos; at = end + 2) {
      end = view.find("\r\n", at);
      const std::string_view line = view.substr(at, end == view.npos ? end : end - at);
      HOLDS(line.size() + (at == 0 ? 9 : 0) <= columns ||
            line.find(' ', 1) == std::string_view::npos || at == 0);
    }
  }
}

void check_domain_field(std::string_view text) {
  const auto domain = check_modes(text, [text](auto&& sink, auto conformance) {
    return tlsrpt::parse_domain_field(text, sink, conformance);
  });
  const auto selected = tlsrpt::select_domain_field(std::span(&text, 1));
  HOLDS(selected.has_value() == domain.has_value());
  if (!domain) return;
  HOLDS(*selected == *domain);
  HOLDS(!domain->empty() && fuzz::lies_within(*domain, text));
  // A domain alone is itself, but for another dot.
  const auto again = tlsrpt::parse_domain_field(*domain);
  HOLDS(again.has_value() && *again == without_dot(*domain));
}

void check_types(std::string_view text) {
  const tlsrpt::media_type type = tlsrpt::classify_media_type(text);
  std::string other(text);
  for (char& c : other)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  HOLDS(tlsrpt::classify_media_type(other) == type);
  HOLDS(tlsrpt::classify_media_type(std::string(text) + "; x=y") == type);
  HOLDS(tlsrpt::classify_media_type(" " + std::string(text)) == type);

  const tlsrpt::payload content = tlsrpt::classify_payload(text);
  HOLDS(tlsrpt::classify_payload(std::as_bytes(std::span(text))) == content);

  // The first line is the type, the second the file name, the rest the octets.
  const std::size_t first = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(std::min(first + 1, text.size()));
  const std::size_t second = std::min(rest.find('\n'), rest.size());
  fuzz::collecting_sink found;
  const tlsrpt::part_assessment part =
      tlsrpt::examine_part(text.substr(0, first), rest.substr(0, second),
                           rest.substr(std::min(second + 1, rest.size())), found);
  HOLDS(part.is_readable() || part.evidence != tlsrpt::evidence::content);
  HOLDS(part.label == tlsrpt::classify_media_type(text.substr(0, first)));
  for (const diagnostic& d : found.all) fuzz::touch(d.subject);
  tlsrpt::check_wrapper(text.substr(0, first), rest.substr(0, second), found);
  for (const diagnostic& d : found.all) HOLDS(grade_of(d.code) < grade::fatal);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();
  check_file_name(text);
  check_subject(text);
  check_domain_field(text);
  check_types(text);
  return 0;
}
