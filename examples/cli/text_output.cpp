#include "text_output.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <vector>

#include <tlsrpt/consistency.hpp>
#include <tlsrpt/timestamp.hpp>
#include <tlsrpt/vocabulary.hpp>

#include "printable.hpp"
#include "terminal.hpp"

namespace cli {

namespace {

constexpr std::size_t indent = 12;

std::string or_not_given(std::string_view text) {
  return tlsrpt::present(text) ? printable(text) : "(not given)";
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

/// The share of `part` in `part + rest`, such as " (1.9 %)"; nothing when there is no part.
std::string percentage(std::uint64_t part, std::uint64_t rest) {
  if (part == 0) return {};
  const double share =
      100 * static_cast<double>(part) / (static_cast<double>(part) + static_cast<double>(rest));
  if (share < 0.05) return " (< 0.1 %)";
  if (rest != 0 && share >= 99.95) return " (> 99.9 %)";
  char text[16];
  std::snprintf(text, sizeof text, " (%.1f %%)", share);
  return text;
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

void write_heading(page& out, std::string_view file) {
  out.fill("== ", 3, printable(file), style::heading);
}

void write_place(page& out, const tlsrpt::diagnostic& d) {
  const tlsrpt::path_text where = path(d.where);
  std::string text =
      where.view().empty() ? "octet " + std::to_string(d.where.offset) : std::string(where.view());
  if (!d.subject.empty()) text += ": \"" + printable(d.subject, 120) + '"';
  out.fill("", 4, text, style::quiet);
}

/// The diagnostics, those of one kind together, the gravest first.
void write_findings(page& out, const findings& diagnostics) {
  constexpr std::ptrdiff_t most_places = 5;
  std::vector<tlsrpt::diagnostic> found = diagnostics.kept();
  if (found.empty()) return;
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    const auto key = [](const auto& d) { return std::pair(-int(grade_of(d.code)), int(d.code)); };
    return key(a) < key(b);
  });
  out.line();
  out.line("Remarks", style::heading);
  for (auto first = found.begin(); first != found.end();) {
    const tlsrpt::errc code = first->code;
    const auto last =
        std::find_if(first, found.end(), [code](const auto& d) { return d.code != code; });
    const auto grade = grade_of(code);
    out.fill("  ", 2,
             std::string(name(grade)) + ": " + std::string(message(code)) + " [" +
                 std::string(name(code)) + ']',
             grade == tlsrpt::grade::note ? style::plain : style::caution);
    const auto shown = first + std::min(last - first, most_places);
    for (auto d = first; d != shown; ++d) write_place(out, *d);
    if (shown != last)
      out.line("    and in " +
                   plural(static_cast<std::uint64_t>(last - shown), "more place", "more places"),
               style::quiet);
    first = last;
  }
  if (diagnostics.left_out() != 0)
    out.line("  and " + std::to_string(diagnostics.left_out()) + " more");
}

void write_failure(page& out, const failure& error) {
  const tlsrpt::path_text where = path(error.where);
  std::string place(error.code);
  if (error.where.offset != 0 || !where.view().empty())
    place += ", at octet " + std::to_string(error.where.offset);
  if (!where.view().empty()) place += ", " + std::string(where.view());
  out.fill("  ", 2, error.message + " [" + place + ']', style::bad);
  if (error.hint != tlsrpt::errc::ok)
    out.fill("  ", 2, "Probably: " + std::string(message(error.hint)));
}

std::string domain_of(const tlsrpt::policy_view& policy) {
  return tlsrpt::present(policy.policy_domain) ? printable(policy.policy_domain, 253)
                                               : "(domain not given)";
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

/// The failure details, equal ones put together, in the order of the report. Those with unknown
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

void write_kind_of_failure(page& out, const kind_of_failure& kind) {
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
  if (kind.entries > 1)
    out.line(std::string(detail_indent, ' ') + "put together from " + std::to_string(kind.entries) +
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

/// " (inferred from ...)" if `domain` is the inferred one.
std::string inferred_mark(std::string_view domain, const inferred_text& inferred) {
  const bool is_inferred = tlsrpt::present(domain) && domain.data() == inferred.domain.data();
  return is_inferred ? " (inferred from " + std::string(inferred.from) + ')' : "";
}

void write_policy(page& out, const tlsrpt::policy_view& policy, const inferred_text& inferred) {
  out.line();
  out.fill("", 0,
           domain_of(policy) + inferred_mark(policy.policy_domain, inferred) + ": " +
               policy_name(policy.policy_type),
           style::heading);
  out.fill("  Sessions", indent,
           sessions(policy.total_successful_session_count, policy.total_failure_session_count),
           policy.total_failure_session_count.value() != 0 ? style::bad : style::good);
  std::string hosts;
  for (std::string_view host : policy.mx_host)
    (hosts += hosts.empty() ? "" : ", ") += printable(host, 253);
  if (!hosts.empty()) out.fill("  MX hosts", indent, hosts);
  if (policy.failure_details.empty()) return;
  out.line("  Failures");
  for (const kind_of_failure& kind : kinds_of_failure(policy)) write_kind_of_failure(out, kind);
}

/// Each result type of the report once: what it means, what helps.
void write_meanings(page& out, const tlsrpt::report_view& report) {
  std::vector<tlsrpt::result_type> types;
  for (const tlsrpt::policy_view& policy : report.policies)
    for (const tlsrpt::failure_details_view& failure : policy.failure_details)
      if (failure.result_type.known() &&
          std::find(types.begin(), types.end(), failure.result_type.value) == types.end())
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

/// The policy domain in a file name such as "sender.example!example.com!1795219200!1795305599.json"
/// (RFC 8460, section 5.1); empty when it has another shape.
std::string_view domain_in_file_name(std::string_view file) {
  file.remove_prefix(file.rfind('/') + 1);
  const std::size_t first = file.find('!');
  const std::size_t second = file.find('!', first + 1);
  if (first == file.npos || second == file.npos || file.find('!', second + 1) == file.npos)
    return {};
  return file.substr(first + 1, second - first - 1);
}

std::string domains(const tlsrpt::report_view& report, std::string_view file,
                    const inferred_text& inferred) {
  constexpr std::size_t most = 10;
  std::vector<std::string_view> names;
  for (const tlsrpt::policy_view& policy : report.policies)
    if (tlsrpt::present(policy.policy_domain) && names.size() <= most &&
        std::find(names.begin(), names.end(), policy.policy_domain) == names.end())
      names.push_back(policy.policy_domain);
  if (names.empty()) {
    const std::string_view other = domain_in_file_name(file);
    return other.empty() ? "(not given)"
                         : printable(other, 253) + " (not given, taken from the file name)";
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    ((text += i == 0 ? "" : ", ") += printable(names[i], 253)) += inferred_mark(names[i], inferred);
  return names.size() > most ? text + " and others" : text;
}

}  // namespace

std::string report_text(std::string_view file, const tlsrpt::report_view& report,
                        const findings& diagnostics, bool colour, const inferred_text& inferred) {
  page out(colour);
  write_heading(out, file);
  out.fill("Reporter", indent, or_not_given(report.organization_name));
  if (tlsrpt::present(report.contact_info))
    out.fill("Contact", indent, printable(report.contact_info));
  out.fill("Domain", indent, domains(report, file, inferred));
  out.fill("Period", indent, period(report.date_range));
  if (tlsrpt::present(report.report_id)) out.fill("Report ID", indent, printable(report.report_id));
  for (const tlsrpt::policy_view& policy : report.policies) write_policy(out, policy, inferred);
  write_meanings(out, report);
  write_findings(out, diagnostics);
  out.line();
  return out.text();
}

std::string failure_text(std::string_view file, const failure& error, const findings& diagnostics,
                         bool colour) {
  page out(colour);
  write_heading(out, file);
  out.line("This is not a usable report.");
  write_failure(out, error);
  write_findings(out, diagnostics);
  out.line();
  return out.text();
}

std::string record_text(const tlsrpt::record_view& record, const findings& diagnostics,
                        bool colour) {
  page out(colour);
  out.line("This record can be used. Reports go to", style::good);
  for (const tlsrpt::rua_view& rua : record.endpoints())
    out.fill("  ", 4,
             rua.scheme == tlsrpt::uri_scheme::mailto ? printable(rua.target()) + " by mail"
                                                      : printable(rua.target()) + " by HTTPS");
  bool first = true;
  for (const tlsrpt::extension_view& extension : record.extensions()) {
    if (first) out.line("Fields that senders ignore");
    first = false;
    out.fill("  ", 4, printable(extension.name) + '=' + printable(extension.value));
  }
  write_findings(out, diagnostics);
  return out.text();
}

std::string failed_record_text(const failure& error, const findings& diagnostics, bool colour) {
  page out(colour);
  out.line("Senders cannot use this: no reports will be sent.");
  write_failure(out, error);
  write_findings(out, diagnostics);
  return out.text();
}

void totals::add(const tlsrpt::report_view& report) {
  ++reports_;
  for (const tlsrpt::policy_view& policy : report.policies) {
    std::string domain = domain_of(policy);
    if (domain.ends_with('.')) domain.pop_back();
    for (char& c : domain)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const tlsrpt::token<tlsrpt::policy_type>& type = policy.policy_type;
    std::string shown_type = type.known()                 ? std::string(name(type.value))
                             : tlsrpt::present(type.text) ? printable(type.text, 20)
                                                          : "(not given)";
    row& r = rows_[{std::move(domain), std::move(shown_type)}];
    if (r.last_report != reports_) ++r.reports;
    r.last_report = reports_;
    r.successful =
        tlsrpt::saturating_sum(r.successful, policy.total_successful_session_count.value());
    r.failed = tlsrpt::saturating_sum(r.failed, policy.total_failure_session_count.value());
  }
}

std::string totals::text(bool colour) const {
  page out(colour);
  out.line("== Summary", style::heading);
  out.line(plural(reports_, "report", "reports") + ", " +
               plural(unusable_, "unusable input", "unusable inputs") +
               (mails_without_report_ == 0
                    ? ""
                    : ", " + plural(mails_without_report_, "mail without a report",
                                    "mails without a report")),
           unusable_ != 0 ? style::bad : style::plain);
  if (!rows_.empty()) {
    std::size_t width = 6;
    for (const auto& [key, r] : rows_) width = std::max(width, columns(key.first));
    width = std::min<std::size_t>(width, 21);
    const auto line = [&](const std::string& domain, const std::string& type,
                          const std::string& reports, const std::string& successful,
                          const std::string& failed, const std::string& share, style how) {
      std::string label = domain;
      if (columns(domain) > width) {
        out.fill("", 0, domain, how);
        label.clear();
      }
      label.append(width - columns(label) + 2, ' ');
      label += type;
      if (columns(type) < 16) label.append(16 - columns(type), ' ');
      for (const std::string* number : {&reports, &successful, &failed}) {
        const std::size_t room = number == &reports ? 8 : 11;
        label.append(number->size() < room ? room - number->size() : 1, ' ');
        label += *number;
      }
      out.line(label + share, how);
    };
    out.line();
    line("Domain", "Policy", "Reports", "Succeeded", "Failed", "", style::heading);
    for (const auto& [key, r] : rows_)
      line(key.first, key.second, std::to_string(r.reports), std::to_string(r.successful),
           std::to_string(r.failed), percentage(r.failed, r.successful),
           r.failed != 0 ? style::bad : style::plain);
    out.line();
    const auto same_domain = [](const auto& a, const auto& b) {
      return a.first.first == b.first.first;
    };
    if (std::adjacent_find(rows_.begin(), rows_.end(), same_domain) != rows_.end())
      out.fill("", 0,
               "Do not add up the lines of one domain: the same sessions may be counted under "
               "several policies.");
    out.fill("", 0,
             "Authentication was not checked: anybody can write such a report. One that came by "
             "mail counts only with a valid DKIM signature of the reporter's domain.");
  }
  return out.text();
}

}  // namespace cli
