#include "totals.hpp"

#include <algorithm>
#include <string_view>

#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>

#include "words.hpp"

namespace cli {

namespace {

/// A domain, however it is written.
std::string domain_key(const shown_domain& domain) {
  if (!tlsrpt::present(domain.name)) return std::string(no_domain);
  const tlsrpt::host_text key = tlsrpt::canonical_host(domain.name);
  return key.view().starts_with('!') ? printable(domain.name, 253) : std::string(key);
}

std::string type_key(const tlsrpt::token<tlsrpt::policy_type>& type) {
  if (type.known()) return std::string(name(type.value));
  return tlsrpt::present(type.text) ? printable(type.text, 20) : "(not given)";
}

}  // namespace

void totals::add(const entry& shown) {
  if (const auto* report = std::get_if<shown_report>(&shown.what))
    add(*report);
  else if (const auto* none = std::get_if<no_report>(&shown.what))
    ++(none->is_dmarc ? dmarc_ : mails_without_report_);
  else
    add_unusable();
  const auto* error = std::get_if<tlsrpt::diagnostic>(&shown.what);
  if (error && error->code == tlsrpt::errc::mail_report_missing) ++lost_;
}

void totals::add(const shown_report& shown) {
  if (shown.is_partial) ++partial_;
  if (shown.is_repeated || shown.is_returned) {
    ++(shown.is_repeated ? repeated_ : returned_);
    return;
  }
  ++reports_;
  for (const tlsrpt::policy_view& policy : shown.report.policies) {
    row& r = rows_[{domain_key(shown.domain_of(policy)), type_key(policy.policy_type)}];
    if (r.last_report != reports_) ++r.reports;
    r.last_report = reports_;
    r.successful =
        tlsrpt::saturating_sum(r.successful, policy.total_successful_session_count.value());
    r.failed = tlsrpt::saturating_sum(r.failed, policy.total_failure_session_count.value());
  }
}

std::string totals::counts() const {
  std::string text = plural(reports_, "report", "reports") + ", " +
                     plural(unusable_, "unusable input", "unusable inputs");
  if (lost_ != 0)
    text += " (" + plural(lost_, "mail that lost its report", "mails that lost their report") + ')';
  if (partial_ != 0)
    text += ", " + plural(partial_, "report", "reports") + " of which a part was skipped";
  if (mails_without_report_ != 0)
    text += ", " + plural(mails_without_report_, "mail without a report", "mails without a report");
  if (dmarc_ != 0) text += ", " + plural(dmarc_, "DMARC report", "DMARC reports");
  if (repeated_ != 0)
    text += ", " + plural(repeated_, "repeated report", "repeated reports") + " not counted";
  if (returned_ != 0)
    text += ", " + plural(returned_, "report that came back", "reports that came back") +
            " not counted";
  return text;
}

void totals::write_table(page& out) const {
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
  line("Domain", "Policy", "Reports", "Succeeded", "Failed", "", style::heading);
  for (const auto& [key, r] : rows_)
    line(key.first, key.second, std::to_string(r.reports), std::to_string(r.successful),
         std::to_string(r.failed), percentage(r.failed, r.successful),
         r.failed != 0 ? style::bad : style::plain);
}

std::string totals::text(const output_style& output) const {
  page out(output);
  out.line("== Summary", style::heading);
  out.fill("", 0, counts(), are_all_usable() ? style::plain : style::bad);
  if (rows_.empty()) return out.text();
  out.line();
  write_table(out);
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
  return out.text();
}

}  // namespace cli
