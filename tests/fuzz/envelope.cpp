/// Fuzz target: what is around a report, compared with a report of any content and with times that
/// nobody expects; and the keys that duplicates are recognized by.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/domain_field.hpp>
#include <tlsrpt/duplicate.hpp>
#include <tlsrpt/envelope.hpp>

#include "relations.hpp"

namespace {

using tlsrpt::diagnostic;
using tlsrpt::envelope_view;
using tlsrpt::errc;
using tlsrpt::field;
using tlsrpt::inferred_domain;
using tlsrpt::policy_view;
using tlsrpt::report_view;
using tlsrpt::timestamp;

/// Takes the first line off a text.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// A time that is extreme, near `other`, at a midnight, or unknown.
timestamp any_time(fuzz::numbers& random, std::int64_t other) {
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  const bool is_inside = other > first && other < last;
  const std::int64_t times[] = {first,
                                last,
                                other,
                                is_inside ? other - 1 : other,
                                is_inside ? other + 1 : other,
                                other / 86'400 * 86'400,
                                static_cast<std::int64_t>(random.next())};
  return {times[random.below(std::size(times))], {}, !random.once_in(8)};
}

/// Whether two ends of a period mean the same day.
bool are_same_end(std::int64_t a, std::int64_t b) {
  const std::int64_t later = std::max(a, b);
  std::int64_t seconds = 0;
  if (__builtin_sub_overflow(later, std::min(a, b), &seconds)) return false;
  return seconds == 0 || (seconds == 1 && later % 86'400 == 0);
}

bool lacks_domain(const policy_view& policy) { return !tlsrpt::present(policy.policy_domain); }

void check_finding(const diagnostic& d, const envelope_view& envelope, const report_view& report,
                   const inferred_domain& inferred) {
  const auto about = [&d](field member, std::string_view says) {
    HOLDS(d.where.member == member && d.subject.data() == says.data());
    HOLDS(d.where.policy == tlsrpt::location::npos);
  };
  const tlsrpt::file_name_view& name = envelope.file_name;
  const tlsrpt::subject_view& subject = envelope.subject;
  switch (d.code) {
    case errc::header_domain_differs:
      return about(field::policies, envelope.report_domain);
    case errc::header_submitter_differs:
      return about(field::contact_info, envelope.report_submitter);
    case errc::file_name_domain_differs:
      return about(field::policies, name.policy_domain);
    case errc::file_name_sender_differs:
      return about(field::contact_info, name.sender);
    case errc::file_name_range_differs:
      if (d.where.member == field::start_datetime) return about(d.where.member, name.begin.text);
      return about(field::end_datetime, name.end.text);
    case errc::subject_domain_differs:
      return about(field::policies, subject.domain);
    case errc::subject_submitter_differs:
      return about(field::contact_info, subject.submitter);
    case errc::subject_report_id_differs:
      HOLDS(report.report_id != subject.report_id && report.report_id != subject.id_left());
      return about(field::report_id, subject.report_id);
    default:
      HOLDS(d.code == errc::inferred_policy_domain && d.where.member == field::policy_domain);
      HOLDS(d.subject.data() == inferred.policy_domain.data());
      HOLDS(std::ranges::any_of(report.policies, [&d](const policy_view& policy) {
        return policy.index == d.where.policy && lacks_domain(policy);
      }));
  }
}

void check_envelope(const envelope_view& envelope, const report_view& report) {
  fuzz::collecting_sink found;
  const inferred_domain inferred = tlsrpt::compare_envelope(envelope, report, found);
  HOLDS(inferred == tlsrpt::compare_envelope(envelope, report));
  const auto missing = std::ranges::count_if(report.policies, lacks_domain);
  const bool infers = report.policies.empty() || missing != 0;
  HOLDS(inferred == (infers ? infer_policy_domain(envelope) : inferred_domain{}));
  for (const diagnostic& d : found.all) check_finding(d, envelope, report, inferred);

  const auto count = [&found](errc code, field member) {
    return std::ranges::count_if(
        found.all, [=](const diagnostic& d) { return d.code == code && d.where.member == member; });
  };
  const auto& [start, end] = report.date_range;
  const auto& [sender, domain, begin, last, id, is_gzip] = envelope.file_name;
  HOLDS(count(errc::file_name_range_differs, field::start_datetime) ==
        (begin.known && start.known && begin.seconds != start.seconds));
  HOLDS(count(errc::file_name_range_differs, field::end_datetime) ==
        (last.known && end.known && !are_same_end(last.seconds, end.seconds)));
  HOLDS(count(errc::inferred_policy_domain, field::policy_domain) ==
        (inferred.source == tlsrpt::domain_source::none ? 0 : missing));
}

/// What says the same as the report contradicts nothing.
void check_agreement(const report_view& report, std::string_view domain) {
  envelope_view envelope;
  envelope.report_domain = envelope.file_name.policy_domain = envelope.subject.domain = domain;
  envelope.file_name.begin = report.date_range.start_datetime;
  envelope.file_name.end = report.date_range.end_datetime;
  envelope.subject.report_id = report.report_id;
  fuzz::collecting_sink found;
  tlsrpt::compare_envelope(envelope, report, found);
  for (const diagnostic& d : found.all) HOLDS(d.code == errc::inferred_policy_domain);
}

/// Keys are equal when, and only when, their texts are.
void check_keys(const report_view& report, std::string_view text, fuzz::numbers& random) {
  const auto key = [&] {
    tlsrpt::duplicate_key k{.date_range = report.date_range};
    std::string_view rest = text;
    for (std::string_view* part : {&k.submitter, &k.report_id, &k.policy_domain}) {
      *part = rest.substr(0, random.below(rest.size() + 1));
      rest.remove_prefix(part->size());
    }
    if (random.once_in(2)) k.date_range.end_datetime = any_time(random, 0);
    return k;
  };
  const auto text_of = [](const tlsrpt::duplicate_key& k) {
    return fuzz::written([&k](auto& out) { tlsrpt::write_duplicate_key(out, k); });
  };
  const tlsrpt::duplicate_key a = key(), b = key();
  const std::string a_text = text_of(a), b_text = text_of(b);
  HOLDS(!a_text.empty() && (a == b) == (a_text == b_text));
  HOLDS(a_text != b_text || hash_of(a) == hash_of(b));
  const tlsrpt::digest one({1}), two({2});
  const auto same = compare_duplicates(a, one, a, one), other = compare_duplicates(a, one, a, two);
  HOLDS(same == (a.submitter.empty() ? tlsrpt::duplicate_verdict::different
                                     : tlsrpt::duplicate_verdict::duplicate));
  HOLDS(other == (a.submitter.empty() ? tlsrpt::duplicate_verdict::different
                                      : tlsrpt::duplicate_verdict::conflicting));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::exact_copy copy({reinterpret_cast<const char*>(data), size});
  std::string_view rest = copy.view();
  fuzz::numbers random(rest);

  // The first line is the file name, then come the Subject, the two header fields, contact-info,
  // report-id, and a policy domain on each of the other lines.
  envelope_view envelope;
  envelope.file_name = tlsrpt::parse_file_name(take_line(rest)).value_or(tlsrpt::file_name_view{});
  envelope.subject = tlsrpt::parse_subject(take_line(rest)).value_or(tlsrpt::subject_view{});
  envelope.report_domain = tlsrpt::parse_domain_field(take_line(rest)).value_or("");
  envelope.report_submitter = tlsrpt::parse_domain_field(take_line(rest)).value_or("");
  report_view report;
  report.contact_info = take_line(rest);
  report.report_id = take_line(rest);
  report.date_range = {any_time(random, envelope.file_name.begin.seconds),
                       any_time(random, envelope.file_name.end.seconds)};
  std::vector<policy_view> policies;
  const std::string_view domains = rest;
  while (!rest.empty()) {
    policy_view policy;
    if (const std::string_view domain = take_line(rest); !domain.empty())
      policy.policy_domain = domain;
    policy.index = static_cast<std::uint32_t>(2 * policies.size());
    policy.policy_type.value =
        random.once_in(2) ? tlsrpt::policy_type::tlsa : tlsrpt::policy_type::sts;
    policies.push_back(policy);
  }
  report.policies = policies;

  check_envelope(envelope, report);
  check_agreement(report, domains.substr(0, domains.find('\n')));
  check_keys(report, domains, random);
  return 0;
}
