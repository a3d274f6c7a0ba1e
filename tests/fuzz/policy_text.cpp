/// Fuzz target: MTA-STS policies, as lines and as one text, and TLSA records and sets of them.

#include <tlsrpt/policy_advice.hpp>
#include <tlsrpt/policy_text.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "relations.hpp"

namespace {

using tlsrpt::diagnostic;
using tlsrpt::errc;
using tlsrpt::grade;

/// What must hold of every reader. `read(sink, conformance)` returns a result, `words(value)` what
/// it says, `size(element)` how long the text is that offsets count in.
template <class Read, class Words, class Size>
void check_modes(Read&& read, Words&& words, Size&& size, std::string_view seed) {
  fuzz::collecting_sink found;
  const auto lenient = read(found, tlsrpt::lenient());
  HOLDS(lenient.has_value());
  const auto quiet = read(tlsrpt::ignore_diagnostics(), tlsrpt::lenient());
  HOLDS(quiet.has_value() && words(*quiet) == words(*lenient));
  bool violated = false;
  for (const diagnostic& d : found.all) {
    HOLDS(grade_of(d.code) < grade::fatal && d.code != errc::ok);
    HOLDS(d.where.offset <= size(d.where.element));
    fuzz::touch(d.subject);
    violated |= grade_of(d.code) == grade::violation;
  }
  const auto strict = read(tlsrpt::ignore_diagnostics(), tlsrpt::strict());
  HOLDS(strict.has_value() == !violated);
  if (strict) HOLDS(words(*strict) == words(*lenient));
  if (found.all.empty()) return;
  const diagnostic& chosen = found.all[fuzz::numbers(seed).below(found.all.size())];
  HOLDS(read(tlsrpt::ignore_diagnostics(), fuzz::all_but(chosen.code)).error().code == chosen.code);
}

std::string in_words(const tlsrpt::sts_policy_view& policy) {
  std::string words(policy.version());
  const auto add = [&words](std::string_view text) { (words += '\n') += text; };
  add(policy.mode().text);
  add(name(policy.mode().value));
  add(policy.max_age() ? std::to_string(*policy.max_age()) : "unknown");
  for (std::string_view pattern : policy.mx()) add(pattern);
  add("extensions");
  for (const tlsrpt::sts_field_view& field : policy.extensions()) {
    HOLDS(field.key == tlsrpt::sts_key::extension && !field.name.empty());
    add(field.name);
    add(field.value);
  }
  add("fields");
  for (const tlsrpt::sts_field_view& field : policy.fields()) {
    HOLDS(field.key != tlsrpt::sts_key::none);
    add(field.name);
    add(field.value);
  }
  for (std::string_view line : policy.lines()) fuzz::touch(line);
  return words;
}

void check_sts(std::string_view text, const std::vector<std::string_view>& lines) {
  check_modes([&](auto&& sink,
                  auto conformance) { return tlsrpt::parse_sts_policy(text, sink, conformance); },
              in_words, [&](std::uint32_t) { return text.size(); }, text);
  check_modes(
      [&](auto&& sink, auto conformance) {
        return tlsrpt::parse_sts_policy(std::span(lines), sink, conformance);
      },
      in_words,
      [&](std::uint32_t element) {
        return element == tlsrpt::location::npos ? 0 : lines.at(element).size();
      },
      text);

  const auto policy = tlsrpt::parse_sts_policy(text);
  for (std::string_view line : policy->lines()) HOLDS(fuzz::lies_within(line, text));
  bool has_pattern = false;
  for (std::string_view pattern : policy->mx()) {
    HOLDS(!pattern.empty() && fuzz::lies_within(pattern, text));
    if (policy->matches(pattern)) has_pattern = true;
  }
  HOLDS(!policy->matches("") && (has_pattern || !policy->matches("no-such-host.example.invalid") ||
                                 policy->mx().begin() != policy->mx().end()));
}

void check_tlsa(std::string_view text, const std::vector<std::string_view>& records) {
  const auto record_in_words = [](const tlsrpt::tlsa_record_view& record) {
    std::string words(record.text);
    if (record.readable())
      words += '\n' + std::to_string(static_cast<int>(record.usage)) + ' ' +
               std::to_string(static_cast<int>(record.selector)) + ' ' +
               std::to_string(static_cast<int>(record.matching_type)) + ' ' +
               std::string(record.data);
    return words;
  };
  for (std::string_view record_text : records) {
    check_modes(
        [&](auto&& sink, auto conformance) {
          return tlsrpt::parse_tlsa_record(record_text, sink, conformance);
        },
        record_in_words, [&](std::uint32_t) { return record_text.size(); }, text);
    const auto record = tlsrpt::parse_tlsa_record(record_text);
    HOLDS(tlsrpt::tlsa_order(record_text, record_text) == 0);
    if (!record->readable()) continue;
    HOLDS(fuzz::lies_within(record->data, record_text) && record->data.size() % 2 == 0);
    std::vector<std::byte> octets;
    record->decode_to(octets);
    HOLDS(octets.size() == record->data.size() / 2);
    // Written in its canonical form it is the same record, without a finding.
    std::string canonical = std::to_string(static_cast<int>(record->usage)) + ' ' +
                            std::to_string(static_cast<int>(record->selector)) + ' ' +
                            std::to_string(static_cast<int>(record->matching_type)) + ' ';
    for (std::byte octet : octets) {
      canonical += "0123456789abcdef"[std::to_integer<unsigned>(octet) >> 4];
      canonical += "0123456789abcdef"[std::to_integer<unsigned>(octet) & 15];
    }
    HOLDS(tlsrpt::parse_tlsa_record(std::string_view(canonical)).value().readable());
    HOLDS(tlsrpt::tlsa_order(canonical, record_text) == 0);
    HOLDS(tlsrpt::tlsa_hash(canonical) == tlsrpt::tlsa_hash(record_text));
  }
  check_modes(
      [&](auto&& sink, auto conformance) {
        return tlsrpt::parse_tlsa_rrset(std::span(records), sink, conformance);
      },
      [&](const tlsrpt::tlsa_rrset_view& set) {
        std::string words;
        for (const tlsrpt::tlsa_record_view& record : set.records())
          words += record_in_words(record) + '\n';
        return words;
      },
      [&](std::uint32_t element) {
        return element == tlsrpt::location::npos ? 0 : records.at(element).size();
      },
      text);

  // The order of a set does not matter, nor does a record that is there twice.
  std::vector<std::string_view> other(records.rbegin(), records.rend());
  other.push_back(records[fuzz::numbers(text).below(records.size())]);
  HOLDS(tlsrpt::same_tlsa_set(records, other) && tlsrpt::same_tlsa_set(other, records));
  HOLDS(tlsrpt::tlsa_set_hash(records) == tlsrpt::tlsa_set_hash(other));
  // What is missing does, unless it was there twice.
  const std::span<const std::string_view> rest = std::span(records).subspan(1);
  const bool twice = std::any_of(rest.begin(), rest.end(), [&](std::string_view record) {
    return tlsrpt::tlsa_order(record, records[0]) == 0;
  });
  HOLDS(tlsrpt::same_tlsa_set(records, rest) == twice);
  // The order is one.
  for (std::size_t i = 0; i + 1 < std::min<std::size_t>(records.size(), 6); ++i) {
    const auto order = tlsrpt::tlsa_order(records[i], records[i + 1]);
    const auto reversed = tlsrpt::tlsa_order(records[i + 1], records[i]);
    HOLDS((order == 0) == (reversed == 0) && (order < 0) == (reversed > 0));
    if (order == 0) HOLDS(tlsrpt::tlsa_hash(records[i]) == tlsrpt::tlsa_hash(records[i + 1]));
  }
}

/// What senders applied is no other than what is published, when it is the same.
void check_advice(std::string_view text, const std::vector<std::string_view>& lines) {
  using tlsrpt::policy_matter;
  const tlsrpt::published_host hosts[] = {{.name = "mx.example.com", .tlsa = lines}};
  const tlsrpt::published_policies published{
      .domain = "example.com", .sts_records = lines, .sts_policy = text, .hosts = hosts};
  const tlsrpt::reported_policy reported[] = {{tlsrpt::policy_type::sts, {&text, 1}, {}},
                                              {tlsrpt::policy_type::tlsa, lines, "mx.example.com"}};
  bool is_unusable = text.empty();
  tlsrpt::advise_policies(published, reported, [&](const tlsrpt::policy_finding& found) {
    HOLDS(!found.text.empty() && found.do_first.empty() == (found.severity == 5));
    HOLDS(found.matter < policy_matter::other_mode);
    is_unusable = is_unusable || found.matter == policy_matter::unusable_policy;
    fuzz::touch(found.subject);
  });
  HOLDS(shows_remedy(tlsrpt::reason_id::sts_policy_syntax, {}, published) == !is_unusable);
  // What nobody knows is not told.
  tlsrpt::advise_policies({.domain = "example.com"}, reported,
                          [](const tlsrpt::policy_finding&) { HOLDS(false); });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  const std::string_view text = copy.view();
  std::vector<fuzz::exact_copy> copies;
  std::vector<std::string_view> lines;
  for (std::string_view rest = text;;) {
    const std::size_t end = rest.find('\n');
    copies.emplace_back(rest.substr(0, end));
    lines.push_back(copies.back().view());
    if (end == std::string_view::npos || lines.size() == 50) break;
    rest.remove_prefix(end + 1);
  }
  check_sts(text, lines);
  check_tlsa(text, lines);
  check_advice(text, lines);
  return 0;
}
