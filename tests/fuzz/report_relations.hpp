/// @file
/// What must hold of every text that may be a report, however it is read.

#ifndef TLSRPT_TESTS_FUZZ_REPORT_RELATIONS
#define TLSRPT_TESTS_FUZZ_REPORT_RELATIONS

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/write_report.hpp>
#include <tlsrpt/report.hpp>

#include "../describe.hpp"
#include "../report/same_values.hpp"
#include "../support.hpp"
#include "gzip_reference.hpp"
#include "json_tree.hpp"
#include "relations.hpp"

namespace fuzz {

using tlsrpt::errc;
using tlsrpt::grade;
using tlsrpt::location;

// ---- what was found

/// A diagnostic that owns its subject.
struct found_diagnostic {
  errc code;
  location where;
  std::string subject;

  bool operator==(const found_diagnostic&) const = default;
};

struct found_diagnostics {
  std::vector<found_diagnostic> all{};

  void operator()(const tlsrpt::diagnostic& d) {
    HOLDS(grade_of(d.code) < grade::fatal && d.code != errc::ok);
    all.push_back({d.code, d.where, std::string(d.subject)});
  }
  /// In an order of their own, for visitors are called in the order of the schema.
  std::vector<found_diagnostic> sorted() const {
    std::vector<found_diagnostic> copy = all;
    const auto key = [](const found_diagnostic& d) {
      return std::make_tuple(d.where.offset, d.code, d.where.policy, d.where.failure,
                             d.where.element, d.where.member, std::string_view(d.subject));
    };
    std::sort(copy.begin(), copy.end(),
              [&key](const auto& a, const auto& b) { return key(a) < key(b); });
    return copy;
  }
  const found_diagnostic* first_violation() const {
    const auto found = std::find_if(all.begin(), all.end(), [](const found_diagnostic& d) {
      return grade_of(d.code) == grade::violation;
    });
    return found == all.end() ? nullptr : &*found;
  }
};

/// What became of a report: everything in it in words, or the error.
struct reading {
  tlsrpt::diagnostic error{};
  std::string values{};
  std::vector<found_diagnostic> found{};

  bool operator==(const reading&) const = default;
  bool usable() const { return error.code == errc::ok; }
};

/// Calls view(std::string_view) for each text of a report.
template <class View>
void for_each_text(const tlsrpt::report_view& report, View&& view) {
  for (std::string_view text :
       {report.organization_name, report.contact_info, report.report_id,
        report.date_range.start_datetime.text, report.date_range.end_datetime.text})
    view(text);
  for (const tlsrpt::policy_view& policy : report.policies) {
    view(policy.policy_type.text);
    view(policy.policy_domain);
    view(policy.policy_string_text);
    for (std::string_view text : policy.policy_string) view(text);
    for (std::string_view text : policy.mx_host) view(text);
    for (const tlsrpt::failure_details_view& failure : policy.failure_details)
      for (std::string_view text :
           {failure.result_type.text, failure.sending_mta_ip.text, failure.receiving_ip.text,
            failure.receiving_mx_hostname, failure.receiving_mx_helo,
            failure.additional_information, failure.failure_reason_code})
        view(text);
  }
}

// ---- paths

/// Which member of the schema a name means: it may be misspelt.
inline std::string meant_name(std::string_view written) {
  std::string name = plain_name(written);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  if (name == "receiving-mx-host-name") return "receiving-mx-hostname";
  if (name == "failure-error-code") return "failure-reason-code";
  if (name == "mx-host-pattern") return "mx-host";
  if (name == "additional-info-uri") return "additional-information";
  return name;
}

/// Something that a pointer may lead to: members may be duplicates of each other.
struct path_target {
  const json_node* node;
  std::size_t begin, end;
};

/// All that one more step of a pointer may lead to. A single value may be where an array was
/// due, and the members of a policy directly in its element.
inline std::vector<path_target> step(const std::vector<path_target>& from, std::string_view name) {
  std::vector<path_target> to;
  const bool is_index = name.find_first_not_of("0123456789") == std::string_view::npos;
  for (const path_target& target : from) {
    const json_node& node = *target.node;
    if (is_index) {
      const std::size_t index = std::stoul(std::string(name));
      if (node.what != json_node::kind::array) {
        if (index == 0) to.push_back(target);
      } else if (index < node.members.size()) {
        const json_node& element = node.members[index].value;
        to.push_back({&element, element.begin, element.end});
      }
      continue;
    }
    if (node.what != json_node::kind::object) continue;
    for (const json_member& member : node.members)
      if (meant_name(member.name) == name)
        to.push_back({&member.value, member.begin, member.value.end});
    if (name == "policy" || name == "summary") to.push_back(target);
  }
  return to;
}

/// Whether the pointer of a diagnostic leads to something of the document that the offset lies in,
/// or, of something that is missing, to an object that begins there.
inline bool resolves(const json_node& root, const found_diagnostic& d, std::size_t text_size) {
  const tlsrpt::path_text pointer = path(d.where);
  std::string_view rest = pointer.view();
  std::vector<path_target> at = {{&root, 0, text_size}}, parents;
  while (!rest.empty()) {
    HOLDS(rest.front() == '/');
    rest.remove_prefix(1);
    const std::size_t size = std::min(rest.find('/'), rest.size());
    parents = std::exchange(at, step(at, rest.substr(0, size)));
    rest.remove_prefix(size);
    if (at.empty() && !rest.empty()) return false;
  }
  const auto lies_in_target = std::any_of(at.begin(), at.end(), [&d](const path_target& target) {
    return d.where.offset >= target.begin && d.where.offset <= target.end;
  });
  switch (d.code) {
    case errc::missing_policies:
    case errc::missing_date_range:
    case errc::missing_date_time:
      // Null, and "" for a time, count as missing, and then take their place.
      if (lies_in_target) return true;
      [[fallthrough]];
    case errc::missing_member:
      return std::any_of(parents.begin(), parents.end(), [&d](const path_target& parent) {
        return parent.node->begin == d.where.offset;
      });
    default:
      return lies_in_target;
  }
}

// ---- the ways to read

/// Reads with a parser that may have read before.
template <class Parser, class Bytes>
reading read_with(Parser& parser, Bytes bytes) {
  found_diagnostics found;
  reading r;
  const auto report = parser.parse(bytes, found);
  r.error = report.error();
  r.found = std::move(found.all);
  if (report) {
    for_each_text(*report, touch);
    r.values = compare::describe(*report);
  }
  return r;
}

/// Checks the order of the calls and records what they say.
struct strict_visitor {
  compare::description all{};
  std::string policy_announced{};
  bool begun = false;
  std::size_t calls = 0, calls_allowed = std::size_t(-1);

  static std::string in_words(const tlsrpt::policy_head_view& policy) {
    compare::description words;
    words.add(policy);
    return words.text();
  }
  bool on_report(const tlsrpt::report_head_view& report) {
    HOLDS(!begun);
    begun = true;
    all.add(report);
    return ++calls < calls_allowed;
  }
  bool on_policy(const tlsrpt::policy_head_view& policy) {
    HOLDS(begun);
    policy_announced = in_words(policy);
    all.add(policy);
    return ++calls < calls_allowed;
  }
  bool on_failure(const tlsrpt::policy_head_view& policy,
                  const tlsrpt::failure_details_view& failure) {
    HOLDS(!policy_announced.empty() && in_words(policy) == policy_announced);
    all.add(failure);
    return ++calls < calls_allowed;
  }
};

inline bool is_about_a_limit(errc code) {
  return code == errc::compressed_too_long || code == errc::text_too_long ||
         code == errc::expansion_ratio || code == errc::too_many_gzip_members ||
         code == errc::too_many_policies || code == errc::too_many_failure_details ||
         code == errc::too_many_policy_strings || code == errc::too_deep;
}

inline bool is_about_gzip(errc code) {
  return code == errc::gzip_zero_padding || code == errc::gzip_trailing_bytes;
}

/// A JSON text parsed in place, whatever follows it.
inline void check_in_place(std::string_view text, const reading& expected) {
  constexpr std::string_view continuations[] = {
      "\"}]}}]}",         "}}}}}}}}}}]]]]]]]]]]", "0123456789.e+",  ",,,,,,,,,,,,,,,,",
      "\"\"\"\"\"\"\"\"", "{{{{{{{{[[[[[[[[",     "\\\\\\\\\\\\\"", "    \n\n\n\n\t",
      ":::::::::",        "\xff\xfe\xbf\x80"};
  numbers random(text);
  for (int round = 0; round < 2; ++round) {
    std::string after;
    const std::string_view continuation = continuations[random.below(std::size(continuations))];
    while (after.size() < tlsrpt::padding) after += continuation;
    after.resize(tlsrpt::padding);
    const exact_copy padded(std::string(text) + after);
    const std::string_view in_place = padded.view().substr(0, text.size());

    tlsrpt::report_parser<> parser;
    found_diagnostics found;
    const auto report = parser.parse_in_place({in_place, padded.view().size()}, found);
    HOLDS(report.error() == expected.error);
    HOLDS(found.all == expected.found);
    if (!report) continue;
    HOLDS(compare::describe(*report) == expected.values);
    // Views lie in the text, or, when they were unescaped, nowhere near it.
    const auto in_text_or_elsewhere = [&](std::string_view view) {
      touch(view);
      if (!view.empty() && lies_within(view.substr(0, 1), padded.view()))
        HOLDS(lies_within(view, in_place));
    };
    for_each_text(*report, in_text_or_elsewhere);

    strict_visitor visitor;
    found_diagnostics found_visiting;
    HOLDS(parser.visit_in_place({in_place, padded.view().size()}, visitor, found_visiting)
              .has_value());
    HOLDS(visitor.all.text() == expected.values);
  }
  tlsrpt::report_parser<> parser;
  HOLDS(parser.parse_in_place({text, text.size() + tlsrpt::padding - 1}).error().code ==
        errc::insufficient_padding);
}

inline void check_visit(std::string_view bytes, const reading& expected,
                        const found_diagnostics& found) {
  tlsrpt::report_parser<> parser;
  strict_visitor visitor;
  found_diagnostics found_visiting;
  const auto head = parser.visit(bytes, visitor, found_visiting);
  HOLDS(head.error() == expected.error);
  if (!head) return;
  HOLDS(visitor.begun && visitor.all.text() == expected.values);
  HOLDS(found_visiting.sorted() == found.sorted());
  // A visitor may stop at any call.
  strict_visitor stopping;
  stopping.calls_allowed = numbers(bytes).below(visitor.calls) + 1;
  HOLDS(parser.visit(bytes, stopping).error().code == errc::stopped_by_visitor);
  HOLDS(stopping.calls == stopping.calls_allowed);
}

inline void check_conformance(std::string_view bytes, const reading& expected,
                              const found_diagnostics& found) {
  tlsrpt::report_parser<tlsrpt::strict> strict;
  const reading in_strict = read_with(strict, bytes);
  const found_diagnostic* violation = found.first_violation();
  if (violation != nullptr) {
    HOLDS(in_strict.error.code == violation->code && in_strict.error.where == violation->where);
  } else {
    HOLDS(in_strict == expected);
  }
  for (const found_diagnostic& d : in_strict.found) HOLDS(grade_of(d.code) < grade::violation);
  if (found.all.empty()) return;
  // Who refuses a code gets it as the error, where it was found first.
  const errc refused = found.all[numbers(bytes).below(found.all.size())].code;
  const auto first = std::find_if(found.all.begin(), found.all.end(),
                                  [refused](const auto& d) { return d.code == refused; });
  tlsrpt::report_parser<tlsrpt::rules> parser({}, all_but(refused));
  const reading without = read_with(parser, bytes);
  HOLDS(without.error.code == refused && without.error.where == first->where);
  HOLDS(std::equal(without.found.begin(), without.found.end(), found.all.begin(), first));
}

/// Lower limits only take away.
inline void check_limits(std::string_view bytes, const reading& expected) {
  numbers random(bytes);
  tlsrpt::limits limits;
  limits.max_text_bytes = 16 + random.below(4096);
  limits.expansion_free_bytes = random.below(4096);
  limits.max_expansion = random.below(20);
  limits.max_gzip_members = random.below(4);
  limits.max_policies = static_cast<std::uint32_t>(random.below(4));
  limits.max_failure_details = static_cast<std::uint32_t>(random.below(4));
  limits.max_policy_strings = static_cast<std::uint32_t>(random.below(8));
  limits.max_depth = static_cast<std::uint32_t>(random.below(34));
  tlsrpt::report_parser<> parser(limits);
  const reading limited = read_with(parser, bytes);
  if (limited.usable())
    HOLDS(limited == expected);
  else
    HOLDS(is_about_a_limit(limited.error.code) || !expected.usable());
  strict_visitor visitor;
  const auto head = parser.visit(bytes, visitor);
  HOLDS(head.has_value() == limited.usable());
}

/// The canonical text of a report is a report with the same values, and its own canonical text.
inline void check_canonical(const tlsrpt::report_view& report) {
  std::string text, again;
  write_canonical(text, report);
  tlsrpt::report_parser<> parser;
  const auto reread = parser.parse(text);
  HOLDS(reread.has_value());
  HOLDS(same_values::same(report, *reread));
  write_canonical(again, *reread);
  HOLDS(again == text);
  HOLDS(digest_of(*reread) == digest_of(report));
}

/// Strict output reads without a finding, and is its own strict output.
inline void check_strict_output(const tlsrpt::report_view& report) {
  std::string text, again;
  if (!write_report(text, report)) return HOLDS(text.empty());
  HOLDS(tlsrpt::report_size(report) == tlsrpt::result<std::size_t>(text.size()));
  tlsrpt::report_parser<tlsrpt::strict> parser;
  fuzz::collecting_sink found;
  const auto reread = parser.parse(text, found);
  HOLDS(reread.has_value() && found.all.empty());
  HOLDS(write_report(again, *reread).has_value() && again == text);
}

/// All relations, of JSON or gzip.
inline void check_report(std::string_view bytes) {
  tlsrpt::report_parser<> parser;
  const reading expected = read_with(parser, bytes);
  const found_diagnostics found{expected.found};

  const bool compressed = tlsrpt::is_gzip(bytes);
  const std::optional<std::string> inflated =
      compressed ? gunzip_reference(bytes) : std::optional<std::string>();
  const std::string_view text = !compressed ? bytes : inflated ? *inflated : std::string_view();

  // Where it was found lies in what was read.
  HOLDS(grade_of(expected.error.code) == grade::fatal || expected.usable());
  HOLDS(expected.error.where.offset <= std::max(bytes.size(), text.size()));
  for (const found_diagnostic& d : found.all)
    HOLDS(d.where.offset <= (is_about_gzip(d.code) ? bytes.size() : text.size()));
  if (expected.usable()) {
    HOLDS(!compressed || inflated.has_value());
    const std::size_t begin = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
    std::string blanked(text);
    std::fill_n(blanked.begin(), begin, ' ');
    const auto root = json_tree_reader(blanked).read();
    HOLDS(root.has_value());
    for (const found_diagnostic& d : found.all)
      HOLDS(is_about_gzip(d.code) || resolves(*root, d, text.size()));
  }

  // Who does not listen reads the same; so does a parser that has read other texts before.
  const auto quiet = parser.parse(bytes);
  HOLDS(quiet.error() == expected.error);
  if (quiet) {
    HOLDS(compare::describe(*quiet) == expected.values);
    check_canonical(*quiet);
    check_strict_output(*quiet);
  }
  static tlsrpt::report_parser<> old_parser;
  HOLDS(read_with(old_parser, bytes) == expected);
  // Input of parse() may go.
  {
    std::optional<exact_copy> copy(std::in_place, bytes);
    const auto report = parser.parse(copy->view());
    copy.reset();
    if (report) HOLDS(compare::describe(*report) == expected.values);
  }

  check_conformance(bytes, expected, found);
  check_visit(bytes, expected, found);
  check_limits(bytes, expected);
  if (!compressed) check_in_place(bytes, expected);
  if (!compressed && expected.usable()) {
    const std::string gzip = support::gzip(bytes);
    HOLDS(read_with(parser, std::string_view(gzip)) == expected);
  }
}

}  // namespace fuzz

#endif
