#include "reading.hpp"

#include <fstream>
#include <stdexcept>

#include <tlsrpt/hostname.hpp>

namespace collector {

namespace {

/// A TLSA policy is that of a mail host, which may well be another's: it speaks for a report, never
/// against one.
bool is_about(const tlsrpt::report_view& report, const domain_set& ours) {
  if (ours.empty()) return true;
  bool is_of_others = false;
  for (const tlsrpt::policy_view& policy : report.policies) {
    if (policy.policy_domain.empty()) continue;
    const tlsrpt::host_text domain = tlsrpt::canonical_host(policy.policy_domain);
    if (ours.contains(domain.view())) return true;
    is_of_others = is_of_others || policy.policy_type.value != tlsrpt::policy_type::tlsa;
  }
  return !is_of_others;
}

}  // namespace

domain_set read_domains(const std::string& file) {
  domain_set domains;
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  for (std::string line; std::getline(in, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
      line.pop_back();
    if (line.empty()) continue;
    if (!tlsrpt::is_host_name(line))
      throw std::runtime_error(std::string(file).append(": no domain: ").append(line));
    domains.emplace(tlsrpt::canonical_host(line));
  }
  if (domains.empty()) throw std::runtime_error(file + ": there is no domain in it");
  return domains;
}

tlsrpt::limits limits_of_reports(std::size_t compressed) {
  tlsrpt::limits limits;
  limits.max_gzip_bytes = compressed;
  limits.max_text_bytes = std::size_t{32} << 20;
  limits.max_policies = 20'000;
  limits.max_failure_details = 200'000;
  limits.max_policy_strings = 400'000;
  return limits;
}

reading report_reader::read(std::string_view octets, const domain_set& ours,
                            const receipt_maker& receipt_for) {
  constexpr std::size_t usual_octets = std::size_t{1} << 20;
  reading read;
  read.content = tlsrpt::classify_payload(octets);
  if (read.content != tlsrpt::payload::json && read.content != tlsrpt::payload::gzip) return read;
  const auto note = [&read](const tlsrpt::diagnostic& found) {
    if (found.code == tlsrpt::errc::trailing_bytes)
      read.has_more = tlsrpt::classify_payload(found.subject) == tlsrpt::payload::json;
  };
  auto report = parser_.parse(octets, note);
  if (!report && read.content == tlsrpt::payload::gzip && tlsrpt::is_gzip(parser_.text()))
    report = parser_.parse(std::string(parser_.text()), note);
  if (!report) {
    read.fault = report.error().code;
  } else {
    read.is_ours = is_about(*report, ours);
    if (const auto reduced = reduce(*report, receipt_for(*report), read.report); !reduced)
      read.fault = reduced.error().code;
  }
  if (parser_.text().size() > usual_octets) parser_.release();
  return read;
}

}  // namespace collector
