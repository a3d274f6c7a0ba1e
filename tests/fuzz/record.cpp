/// Fuzz target: TXT records, in each mode, alone and among others; written back they are the same.

#include <algorithm>
#include <string>
#include <vector>

#include <tlsrpt/record.hpp>
#include <tlsrpt/record_advice.hpp>
#include <tlsrpt/write_record.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::diagnostic;
using tlsrpt::errc;
using tlsrpt::extension_view;
using tlsrpt::grade;
using tlsrpt::record_view;
using tlsrpt::rua_view;

template <class Range>
auto listed(const Range& range) {
  std::vector<std::decay_t<decltype(*range.begin())>> all;
  for (const auto& element : range) all.push_back(element);
  return all;
}

bool same_parts(const record_view& a, const record_view& b) {
  const auto same_uri = [](const rua_view& x, const rua_view& y) {
    return x.uri == y.uri && x.scheme == y.scheme;
  };
  const auto same_extension = [](const extension_view& x, const extension_view& y) {
    return x.name == y.name && x.value == y.value;
  };
  const auto same = [](const auto& x, const auto& y, const auto& equal) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), equal);
  };
  return same(listed(a.endpoints()), listed(b.endpoints()), same_uri) &&
         same(listed(a.rua()), listed(b.rua()), same_uri) &&
         same(listed(a.extensions()), listed(b.extensions()), same_extension);
}

std::string decoded(const rua_view& rua) {
  std::string text;
  rua.decode_to(text);
  return text;
}

void check_decoding(const rua_view& rua) {
  const std::string whole = decoded(rua);
  HOLDS(whole.size() <= rua.target().size());
  // A smaller buffer gets the front of the same text.
  std::string part(whole.size() / 2, '\0');
  tlsrpt::span_output out(part);
  rua.decode_to(out);
  HOLDS(out.size() == whole.size());
  HOLDS(whole.starts_with(part));
}

void check_parts(std::string_view text, const record_view& record) {
  const auto rua = listed(record.rua());
  const auto endpoints = listed(record.endpoints());
  HOLDS(!endpoints.empty() && endpoints.size() <= tlsrpt::max_endpoints);
  HOLDS(endpoints.size() <= rua.size());
  auto next = rua.begin();  // endpoints are some of the elements, in order
  for (const rua_view& endpoint : endpoints) {
    next = std::find_if(next, rua.end(), [&endpoint](const rua_view& element) {
      return element.uri.data() == endpoint.uri.data() && element.uri.size() == endpoint.uri.size();
    });
    HOLDS(next != rua.end());
    ++next;
    HOLDS(endpoint.scheme != tlsrpt::uri_scheme::other);
    HOLDS(!endpoint.target().empty());
  }
  for (const rua_view& element : rua) {
    HOLDS(!element.uri.empty() && fuzz::lies_within(element.uri, text));
    HOLDS(fuzz::lies_within(element.target(), element.uri));
    check_decoding(element);
  }
  for (const extension_view& extension : record.extensions()) {
    HOLDS(fuzz::lies_within(extension.name, text) && fuzz::lies_within(extension.value, text));
    HOLDS(!extension.name.empty() && extension.name != "rua" && !extension.value.empty());
  }
}

/// A usable record can be written, is conforming then, and says the same.
void check_writing(const record_view& record) {
  std::vector<std::string_view> uris;
  for (const rua_view& endpoint : record.endpoints()) uris.push_back(endpoint.uri);
  std::vector<extension_view> extensions;
  for (const extension_view& extension : record.extensions())
    if (!tlsrpt::detail::equals_folded(extension.name, "rua")) extensions.push_back(extension);
  std::string written;
  const auto done = tlsrpt::write_record(written, uris, extensions);
  if (!done) {
    HOLDS(done.error().code == errc::record_too_long && written.empty());
    return;
  }
  const auto again = tlsrpt::parse_record<tlsrpt::strict>(written);
  HOLDS(again.has_value());
  // Every endpoint is there still, but for the spelling of what had to be encoded.
  const auto before = listed(record.endpoints()), after = listed(again->endpoints());
  HOLDS(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    HOLDS(before[i].scheme == after[i].scheme);
    if (before[i].scheme != tlsrpt::uri_scheme::mailto) continue;
    HOLDS(decoded(before[i]) == decoded(after[i]));
  }
  HOLDS(listed(again->extensions()).size() == extensions.size());
  // Writing is done once it has been done.
  std::vector<std::string_view> uris_again;
  for (const rua_view& endpoint : after) uris_again.push_back(endpoint.uri);
  std::string written_again;
  HOLDS(tlsrpt::write_record(written_again, uris_again, extensions).has_value());
  HOLDS(written_again == written);
}

void check_text(std::string_view text) {
  fuzz::collecting_sink found;
  const auto record = tlsrpt::parse_record(text, found);
  const auto quiet = tlsrpt::parse_record(text);
  const auto strict = tlsrpt::parse_record<tlsrpt::strict>(text);
  HOLDS(quiet.error() == record.error());
  HOLDS(record.error().where.offset <= text.size());
  const diagnostic* violation = nullptr;
  for (const diagnostic& d : found.all) {
    HOLDS(grade_of(d.code) < grade::fatal && d.code != errc::ok);
    HOLDS(d.where.offset <= text.size());
    fuzz::touch(d.subject);
    if (!d.subject.empty()) HOLDS(fuzz::lies_within(d.subject, text));
    if (violation == nullptr && grade_of(d.code) == grade::violation) violation = &d;
  }
  if (!record) {
    HOLDS(grade_of(record.error().code) == grade::fatal);
    HOLDS(!strict);
    return;
  }
  HOLDS(strict.has_value() == (violation == nullptr));
  HOLDS(same_parts(*quiet, *record));
  if (strict)
    HOLDS(same_parts(*strict, *record));
  else
    HOLDS(grade_of(strict.error().code) == grade::violation);
  if (!found.all.empty()) {
    const diagnostic& chosen = found.all[fuzz::numbers(text).below(found.all.size())];
    const auto refused =
        tlsrpt::parse_record(text, tlsrpt::ignore_diagnostics(), fuzz::all_but(chosen.code));
    HOLDS(refused.error().code == chosen.code);
  }
  HOLDS(record->text() == text);
  check_parts(text, *record);
  check_writing(*record);

  // Alone among the name's records it is the same.
  HOLDS(tlsrpt::select_record(std::span(&text, 1)).has_value());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();
  check_text(text);

  // Lines as the records of one name, and as the strings of one record.
  std::vector<fuzz::exact_copy> lines;
  std::vector<std::string_view> views;
  for (std::string_view rest = text;;) {
    const std::size_t end = rest.find('\n');
    lines.emplace_back(rest.substr(0, end));
    views.push_back(lines.back().view());
    if (end == std::string_view::npos || lines.size() == 20) break;
    rest.remove_prefix(end + 1);
  }
  fuzz::collecting_sink found;
  const auto selected = tlsrpt::select_record(views, found);
  for (const diagnostic& d : found.all) {
    HOLDS(grade_of(d.code) < grade::fatal);
    HOLDS(d.where.element == tlsrpt::location::npos || d.where.element < views.size());
  }
  // Advice says what is wrong, and only then.
  std::size_t advised = 0;
  tlsrpt::advise_record({.domain = "example.com", .records = views},
                        [&advised](const tlsrpt::record_finding& one) {
                          ++advised;
                          HOLDS(!one.text.empty());
                          HOLDS(one.do_first.empty() == (one.severity == 5));
                          fuzz::touch(one.subject);
                        });
  HOLDS(advised == found.all.size() + (selected ? 0 : 1));
  if (selected) {
    const auto chosen = std::find_if(views.begin(), views.end(), [&](std::string_view line) {
      return line.data() == selected->text().data();
    });
    HOLDS(chosen != views.end());
    HOLDS(tlsrpt::parse_record(*chosen).has_value());
  }
  std::string joined;
  tlsrpt::join_strings(joined, views);
  std::string expected;
  for (std::string_view line : views) expected += line;
  HOLDS(joined == expected);
  if (views.size() > 1) check_text(fuzz::exact_copy(joined).view());

  // The text as a domain.
  std::string name;
  const auto query = tlsrpt::query_name(name, text);
  HOLDS(query.has_value() == !name.empty());
  if (query) {
    HOLDS(name.starts_with("_smtp._tls.") && name.size() <= 253);
    std::string front(name.size() - 1, '\0');
    tlsrpt::span_output out(front);
    HOLDS(tlsrpt::query_name(out, text).has_value());
    HOLDS(!out.fits() && out.size() == name.size() && name.starts_with(front));
  }
  return 0;
}
