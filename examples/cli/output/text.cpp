#include "text.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <tlsrpt/consistency.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/vocabulary.hpp>

#include "policy_text.hpp"
#include "remarks.hpp"
#include "terminal.hpp"
#include "../mail/judgement.hpp"
#include "words.hpp"

namespace cli {

namespace {

constexpr std::size_t indent = 12;

std::string or_not_given(std::string_view text) {
  return tlsrpt::present(text) ? printable(text) : "(not given)";
}

std::string sessions(tlsrpt::session_count successful, tlsrpt::session_count failed) {
  const auto count = [](tlsrpt::session_count c) {
    return c.known() ? std::string(to_text(c)) : std::string("unknown number");
  };
  const bool both = successful.known() && failed.known();
  return count(successful) + " succeeded" +
         (both ? percentage(successful.value(), failed.value()) : "") + ", " + count(failed) +
         " failed" + (both ? percentage(failed.value(), successful.value()) : "");
}

std::string moment(const tlsrpt::timestamp& time) {
  if (time.known) return std::string(to_text(time));
  if (!tlsrpt::present(time.text)) return "unknown";
  return "unreadable \"" + printable(time.text) + '"';
}

/// The period; the end of a UTC day is written as its last second or as the next midnight.
std::string period(const tlsrpt::date_range_view& range) {
  if (is_utc_day(range)) return std::string(to_text(range)) + " (UTC day)";
  return moment(range.start_datetime) + " to " + moment(range.end_datetime);
}

/// "the file name" and so on.
std::string from_text(tlsrpt::domain_source from) {
  std::string text = "the " + std::string(name(from));
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

/// "example.com", perhaps with who says so.
std::string domain_text(const shown_domain& domain, tlsrpt::domain_source from) {
  if (!tlsrpt::present(domain.name)) return std::string(no_domain);
  std::string text = printable(domain.name, 253);
  return domain.is_inferred ? text + " (inferred from " + from_text(from) + ')' : text;
}

/// The domains of all policies; the inferred one if there are none.
std::string domains(const shown_report& shown) {
  constexpr std::size_t max_names = 10;
  std::vector<shown_domain> found;
  const auto add = [&found](const shown_domain& domain) {
    const auto same = [&](const shown_domain& other) { return other.name == domain.name; };
    if (tlsrpt::present(domain.name) && found.size() <= max_names &&
        std::none_of(found.begin(), found.end(), same))
      found.push_back(domain);
  };
  for (const tlsrpt::policy_view& policy : shown.report.policies) add(shown.domain_of(policy));
  if (shown.report.policies.empty()) add(shown.domain_of({}));
  if (found.empty()) return "(not given)";
  std::string text;
  for (std::size_t i = 0; i < std::min(found.size(), max_names); ++i)
    (text += i == 0 ? "" : ", ") += domain_text(found[i], shown.inferred.source);
  return found.size() > max_names ? text + " and others" : text;
}

/// Where sessions failed: host, addresses.
std::string place_of(const tlsrpt::failure_details_view& failure) {
  const auto address = [](const tlsrpt::ip_view& ip) {
    const auto read = ip.address();
    return read ? std::string(to_text(*read)) : printable(ip.text);
  };
  std::string place;
  if (tlsrpt::present(failure.receiving_mx_hostname))
    place = printable(failure.receiving_mx_hostname);
  if (tlsrpt::present(failure.receiving_ip.text))
    place += (place.empty() ? "[" : " [") + address(failure.receiving_ip) + ']';
  if (tlsrpt::present(failure.sending_mta_ip.text))
    place +=
        (place.empty() ? "an unnamed host, from " : ", from ") + address(failure.sending_mta_ip);
  return place.empty() ? "(host and addresses not given)" : "at " + place;
}

/// Failure details that are one kind of failure; `details` has the sum of their counts.
struct kind_of_failure {
  tlsrpt::failure_details_view details;
  std::size_t entries = 0;
};

/// The failure details, equal ones combined, in the order of the report. Those with unknown
/// counts stay apart from the others.
std::vector<kind_of_failure> kinds_of_failure(const tlsrpt::policy_view& policy) {
  const auto before = [](const tlsrpt::failure_details_view& a,
                         const tlsrpt::failure_details_view& b) {
    const bool known = a.failed_session_count.known();
    if (known != b.failed_session_count.known()) return known;
    return tlsrpt::compare_failures(a, b) < 0;
  };
  std::map<tlsrpt::failure_details_view, std::size_t, decltype(before)> places(before);
  std::vector<kind_of_failure> kinds;
  for (const tlsrpt::failure_details_view& failure : policy.failure_details) {
    const auto [place, is_new] = places.try_emplace(failure, kinds.size());
    if (is_new) kinds.push_back({failure});
    kind_of_failure& kind = kinds[place->second];
    tlsrpt::session_count& sum = kind.details.failed_session_count;
    if (!is_new && sum.known())
      sum = tlsrpt::saturating_sum(sum.value(), failure.failed_session_count.value());
    ++kind.entries;
  }
  return kinds;
}

/// Whether the mail host of a failure matches no mx pattern of the policy.
bool is_outside_policy(const findings& found, const tlsrpt::policy_view& policy,
                       const tlsrpt::failure_details_view& failure) {
  return std::any_of(found.kept().begin(), found.kept().end(), [&](const finding& each) {
    return each.what.code == tlsrpt::errc::mx_outside_policy &&
           each.what.where.policy == policy.index && each.what.where.failure == failure.index;
  });
}

/// The findings but those that stand beside their failures.
findings without_mx_outside_policy(const findings& found) {
  findings others;
  others.add(found,
             [](const finding& each) { return each.what.code != tlsrpt::errc::mx_outside_policy; });
  return others;
}

void write_kind_of_failure(page& out, const kind_of_failure& kind, bool is_outside_policy) {
  const tlsrpt::failure_details_view& failure = kind.details;
  constexpr std::size_t detail_indent = 13;
  const std::string count = failure.failed_session_count.known()
                                ? std::to_string(failure.failed_session_count.value())
                                : "?";
  std::string label(10 - std::min<std::size_t>(10, count.size()), ' ');
  label += count + " x ";
  const std::string type = tlsrpt::present(failure.result_type.text)
                               ? printable(failure.result_type.text)
                               : "(no result-type)";
  out.fill(label, detail_indent, type, style::bad);
  out.fill("", detail_indent, place_of(failure));
  if (is_outside_policy) {
    constexpr tlsrpt::errc code = tlsrpt::errc::mx_outside_policy;
    out.fill("", detail_indent, std::string(message(code)) + " [" + std::string(name(code)) + ']',
             style::caution);
  }
  if (kind.entries > 1)
    out.line(std::string(detail_indent, ' ') + "combined from " + std::to_string(kind.entries) +
             " entries");
  const auto detail = [&](std::string_view what, std::string_view text) {
    if (tlsrpt::present(text)) out.fill("", detail_indent, std::string(what) + printable(text));
  };
  detail("reason: ", failure.failure_reason_code);
  detail("server named itself: ", failure.receiving_mx_helo);
  detail("more, from the sender (unverified): ", failure.additional_information);
}

std::string policy_name(const tlsrpt::token<tlsrpt::policy_type>& type) {
  switch (type.value) {
    case tlsrpt::policy_type::sts:
      return "MTA-STS policy";
    case tlsrpt::policy_type::tlsa:
      return "DANE policy (TLSA)";
    case tlsrpt::policy_type::no_policy_found:
      return "no policy found";
    default:
      return tlsrpt::present(type.text) ? "unknown policy type " + printable(type.text, 80)
                                        : "policy type not given";
  }
}

/// The policy, what came of its sessions.
void write_policy(page& out, const tlsrpt::policy_view& policy, const std::string& domain,
                  const findings& found) {
  out.line();
  out.fill("", 0, domain + ": " + policy_name(policy.policy_type), style::heading);
  out.fill("  Sessions", indent,
           sessions(policy.total_successful_session_count, policy.total_failure_session_count),
           policy.total_failure_session_count.value() != 0 ? style::bad : style::good);
  std::string hosts;
  for (std::string_view host : policy.mx_host)
    (hosts += hosts.empty() ? "" : ", ") += printable(host, 253);
  if (!hosts.empty()) out.fill("  MX hosts", indent, hosts);
  write_policy_string(out, policy, indent);
  if (policy.failure_details.empty()) return;
  out.line("  Failures");
  for (const kind_of_failure& kind : kinds_of_failure(policy))
    write_kind_of_failure(out, kind, is_outside_policy(found, policy, kind.details));
}

/// Each result type that has not been explained: what it means, what helps.
void write_meanings(page& out, const tlsrpt::report_view& report, explained_types& explained) {
  std::vector<tlsrpt::result_type> types;
  for (const tlsrpt::policy_view& policy : report.policies)
    for (const tlsrpt::failure_details_view& failure : policy.failure_details)
      if (failure.result_type.known() && explained.insert(failure.result_type.value).second)
        types.push_back(failure.result_type.value);
  if (types.empty()) return;
  out.line();
  out.line("What the failures mean", style::heading);
  for (tlsrpt::result_type type : types) {
    out.line("  " + std::string(name(type)));
    out.fill("", 4, explanation(type));
    out.fill("", 4, "What helps: " + std::string(remedy(type)));
  }
}

void write_report(page& out, const shown_report& shown, const findings& found,
                  explained_types& explained) {
  const tlsrpt::report_view& report = shown.report;
  out.fill("Reporter", indent, or_not_given(report.organization_name));
  if (tlsrpt::present(report.contact_info))
    out.fill("Contact", indent, printable(report.contact_info));
  out.fill("Domain", indent, domains(shown));
  out.fill("Period", indent, period(report.date_range));
  if (tlsrpt::present(report.report_id)) out.fill("Report ID", indent, printable(report.report_id));
  for (const tlsrpt::policy_view& policy : report.policies)
    write_policy(out, policy, domain_text(shown.domain_of(policy), shown.inferred.source), found);
  write_meanings(out, report, explained);
}

void write_mail(page& out, const mail_context& context) {
  constexpr std::size_t mail_indent = 14;
  const auto line = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) out.fill(label, mail_indent, printable(text));
  };
  const auto first_line = [&](std::string_view label, const std::vector<std::string>& values) {
    if (!values.empty()) line(label, values.front());
  };
  const header_fields& header = context.header.fields();
  out.line("The mail", style::heading);
  out.fill("  From", mail_indent,
           header.from ? printable(*header.from) + " (not authenticated)" : "(not given)");
  line("  Subject", header.subject.value_or(""));
  line("  Date", header.date.value_or(""));
  first_line("  About", header.report_domain);
  first_line("  Submitter", header.report_submitter);
  if (context.part) {
    line("  Part", context.part->content_type);
    line("  File name", context.part->file_name);
  }
  if (context.whole) {
    for (const passed_part& part : context.whole->passed_over) {
      std::string text = part.path + ", " + plural(part.size, "octet", "octets");
      for (const std::string* word : {&part.content_type, &part.file_name})
        if (!word->empty()) text += ", " + printable(*word);
      text += ": " + std::string(why_passed_over(part));
      if (!part.begins.empty())
        text += " It begins: \"" + printable(part.begins, max_beginning_bytes) + '"';
      out.fill("  Part", mail_indent, text);
    }
    if (context.whole->more_passed_over != 0)
      out.line("  and " + plural(context.whole->more_passed_over, "more part", "more parts"));
  }
  write_findings(out, context.found);
}

/// Writes what came of an input.
struct writer {
  page& out;
  const findings& found;
  explained_types& explained;

  void operator()(const shown_report& report) const { write_report(out, report, found, explained); }
  void operator()(no_report none) const {
    out.line(none.is_dmarc ? "This is about DMARC: it has no TLS report."
                           : "This mail has no TLS report.");
  }
  template <class Error>
  void operator()(const Error& error) const {
    out.line("This is not a usable report.");
    write_error(out, error);
  }
};

}  // namespace

std::string text_of(const entry& shown, const output_style& output, explained_types& explained) {
  if (output.is_verbose) explained.clear();
  const findings none, &found = shown.found ? *shown.found : none;
  page out(output);
  out.fill("== ", 3, printable(shown.place.text()), style::heading);
  std::visit(writer{out, found, explained}, shown.what);
  write_remarks(out, std::holds_alternative<shown_report>(shown.what)
                         ? without_mx_outside_policy(found)
                         : found);
  if (shown.mail) {
    if (!std::holds_alternative<no_report>(shown.what)) out.line();
    write_mail(out, *shown.mail);
  }
  out.line();
  return out.text();
}

}  // namespace cli
