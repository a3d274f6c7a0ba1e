/// Fuzz target: file names, Subjects, header fields and media types. What was read can be written,
/// and reads the same again.

#include <tlsrpt/delivery.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "relations.hpp"

namespace {

using tlsrpt::diagnostic;
using tlsrpt::errc;
using tlsrpt::grade;

struct collecting_sink {
  std::vector<diagnostic> all{};
  void operator()(const diagnostic& d) { all.push_back(d); }
};

/// Refuses one code.
struct all_but {
  errc refused;
  bool accepts(errc code) const noexcept {
    return code != refused && tlsrpt::lenient::accepts(code);
  }
};

/// What must hold of every reader: `read(sink, conformance)` returns a result of something that can
/// be compared.
template <class Read>
auto check_modes(std::string_view text, Read&& read) {
  collecting_sink found;
  const auto lenient = read(found, tlsrpt::lenient());
  const auto quiet = read(tlsrpt::ignore_diagnostics(), tlsrpt::lenient());
  HOLDS(quiet.error() == lenient.error());
  if (lenient) HOLDS(*quiet == *lenient);
  HOLDS(lenient.error().where.offset <= text.size());
  bool violated = false;
  for (const diagnostic& d : found.all) {
    HOLDS(grade_of(d.code) < grade::fatal && d.code != errc::ok);
    HOLDS(d.where.offset <= text.size());
    fuzz::touch(d.subject);
    violated |= grade_of(d.code) == grade::violation;
  }
  const auto strict = read(tlsrpt::ignore_diagnostics(), tlsrpt::strict());
  if (!lenient) {
    HOLDS(!strict);
    return lenient;
  }
  HOLDS(strict.has_value() == !violated);
  if (strict) HOLDS(*strict == *lenient);
  if (!found.all.empty()) {
    const errc code = found.all[fuzz::numbers(text).below(found.all.size())].code;
    HOLDS(read(tlsrpt::ignore_diagnostics(), all_but{code}).error().code == code);
  }
  return lenient;
}

/// A writer says what room it needs, and needs no more.
template <class Write>
std::string written(Write&& write) {
  std::string out(4096, '\0');
  const auto text = write(std::span<char>(out));
  if (!text) {
    HOLDS(text.error().code != errc::ok);
    return {};
  }
  HOLDS(!text->empty() && text->data() == out.data());
  std::string exact(text->size(), '\0');
  HOLDS(write(std::span<char>(exact)).has_value() && exact == *text);
  const auto short_of_one = write(std::span<char>(exact).first(exact.size() - 1));
  HOLDS(short_of_one.error().code == errc::buffer_too_small &&
        short_of_one.error().where.offset == exact.size());
  return exact;
}

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
        written([&name](std::span<char> out) { return tlsrpt::write_file_name(*name, out); });
    if (!again.empty()) {
      const std::string_view view = again;
      const auto same =
          tlsrpt::parse_file_name(view, tlsrpt::ignore_diagnostics(), tlsrpt::strict());
      HOLDS(same.has_value());
      HOLDS(same->sender == without_dot(name->sender));
      HOLDS(same->policy_domain == without_dot(name->policy_domain));
      HOLDS(same->begin == name->begin && same->end == name->end);
      HOLDS(same->unique_id == name->unique_id && same->is_gzip == name->is_gzip);
    }
  }

  std::string scratch(text.size(), '\0');
  const auto unfolded = tlsrpt::unfold_file_name(text, scratch);
  HOLDS(unfolded.has_value());
  HOLDS(unfolded->size() <= text.size());
  HOLDS(unfolded->find_first_of("\t\r\n ") == std::string_view::npos);
  std::string nothing;
  const auto unfolded_again = tlsrpt::unfold_file_name(*unfolded, nothing);
  HOLDS(unfolded_again.has_value() && unfolded_again->data() == unfolded->data());
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
    const std::string again = written([&](std::span<char> out) {
      return tlsrpt::write_subject(subject->domain, subject->submitter, subject->report_id, out,
                                   columns);
    });
    if (again.empty()) continue;
    const std::string_view view = again;
    const auto same = tlsrpt::parse_subject(view, tlsrpt::ignore_diagnostics(), tlsrpt::strict());
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
  const std::string_view behind = text.substr(std::min(first + 1, text.size()));
  const std::size_t second = std::min(behind.find('\n'), behind.size());
  collecting_sink found;
  const tlsrpt::part_reading part =
      tlsrpt::examine_part(text.substr(0, first), behind.substr(0, second),
                           behind.substr(std::min(second + 1, behind.size())), found);
  HOLDS(part.is_readable() || part.claim != tlsrpt::report_claim::content);
  HOLDS(part.label == tlsrpt::classify_media_type(text.substr(0, first)));
  for (const diagnostic& d : found.all) fuzz::touch(d.subject);
  tlsrpt::check_wrapper(text.substr(0, first), behind.substr(0, second), found);
  for (const diagnostic& d : found.all) HOLDS(grade_of(d.code) < grade::fatal);
}

/// Keys are equal when, and only when, their texts are.
void check_keys(std::string_view text) {
  if (text.size() > 500) return;
  fuzz::numbers random(text);
  const auto key = [&] {
    tlsrpt::duplicate_key k;
    std::string_view rest = text;
    for (std::string_view* part : {&k.submitter, &k.report_id, &k.policy_domain}) {
      *part = rest.substr(0, random.below(rest.size() + 1));
      rest.remove_prefix(part->size());
    }
    if (random.once_in(2)) k.begin = static_cast<std::int64_t>(random.below(3)) - 1;
    if (random.once_in(2)) k.end = static_cast<std::int64_t>(random.next());
    return k;
  };
  const tlsrpt::duplicate_key a = key(), b = key();
  const auto text_of = [](const tlsrpt::duplicate_key& k) {
    return written([&k](std::span<char> out) { return tlsrpt::write_duplicate_key(k, out); });
  };
  const std::string a_text = text_of(a), b_text = text_of(b);
  HOLDS(!a_text.empty() && (a == b) == (a_text == b_text));
  HOLDS(a_text != b_text || hash_of(a) == hash_of(b));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();
  check_file_name(text);
  check_subject(text);
  check_domain_field(text);
  check_types(text);
  check_keys(text);
  return 0;
}
