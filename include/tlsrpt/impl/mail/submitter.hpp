/// @file
/// Bodies of submitter.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_SUBMITTER
#define TLSRPT_HPP_IMPL_MAIL_SUBMITTER

#include <tlsrpt/detail/mail/aligned.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

constexpr bool dkim_fact_step::next(dkim_fact& fact) noexcept {
  authentication_result result;
  while (handed_out_ != max_dkim_facts) {
    while (results_.next(result)) {
      if (!equals_folded(result.method, "dkim") || result.domain.empty()) continue;
      ++handed_out_;
      fact = {result.domain, equals_folded(result.value, "pass"), has_length(result), {}, {}};
      return true;
    }
    if (!next_field()) return false;
  }
  return false;
}

/// Goes to the next results of one's own server.
constexpr bool dkim_fact_step::next_field() noexcept {
  if (options_.authserv_id.empty()) return false;
  header_field field;
  while (fields_.next(field)) {
    if (equals_folded(field.name, "Received") && received_++ == options_.own_received) return false;
    if (!equals_folded(field.name, "Authentication-Results")) continue;
    results_ = authentication_reader(field.value);
    if (same_host(results_.server(), options_.authserv_id)) return true;
  }
  return false;
}

/// Nothing when the signature is not in the header.
constexpr std::optional<bool> dkim_fact_step::has_length(
    const authentication_result& result) const noexcept {
  std::optional<bool> found;
  for (const header_field field : header_.fields("DKIM-Signature")) {
    if (!same_host(signature_tag(field.value, "d"), result.domain)) continue;
    if (!result.selector.empty() && !same_host(signature_tag(field.value, "s"), result.selector))
      continue;
    if (!begin_alike(signature_tag(field.value, "b"), result.signature)) continue;
    found = found.value_or(false) || signature_tag(field.value, "l").data() != nullptr;
  }
  return found;
}

/// Whether a key with these services may sign reports (RFC 8460, section 3; RFC 6376, section
/// 3.6.1).
constexpr bool is_for_reports(std::string_view services) noexcept {
  if (services.empty()) return true;
  while (!services.empty()) {
    const std::string_view service = trim(take_part(services, ":"), blank_octet);
    if (service == "*" || equals_folded(service, "tlsrpt")) return true;
  }
  return false;
}

/// What keeps a signature from vouching for a contact, the closest last.
constexpr submitter_fault fault_of(const dkim_fact& fact, bool is_aligned,
                                   const submitter_rules& rules) noexcept {
  if (!fact.is_pass) return submitter_fault::not_good;
  if (!is_aligned) return submitter_fault::not_aligned;
  if (fact.has_length.value_or(false)) return submitter_fault::has_length;
  if (fact.is_testing.value_or(false)) return submitter_fault::is_testing;
  if (rules.is_strict && !is_for_reports(fact.services.value_or("")))
    return submitter_fault::service;
  return submitter_fault::none;
}

}  // namespace detail

constexpr dkim_fact_range read_authentication_results(
    const mail_header& header, const authentication_options& options) noexcept {
  return dkim_fact_range({header, options});
}

constexpr std::string_view name(submitter_fault fault) noexcept {
  constexpr std::string_view names[] = {"",           "no-signature", "not-good", "not-aligned",
                                        "has-length", "is-testing",   "service"};
  return names[static_cast<std::size_t>(fault)];
}

template <class Facts>
constexpr submitter_verdict judge_submitter(const Facts& facts, std::string_view contact,
                                            const submitter_rules& rules) noexcept {
  submitter_verdict verdict;
  const host_text spoken_for = canonical_host(contact);
  for (const dkim_fact& fact : facts) {
    const host_text domain = canonical_host(fact.domain);
    const bool is_exact = is_host_name(contact) && domain == spoken_for;
    const bool is_above = rules.allows_parent && is_host_name(contact) &&
                          detail::is_aligned(domain, spoken_for) &&
                          !(rules.is_public_suffix && rules.is_public_suffix(domain));
    const submitter_fault fault = detail::fault_of(fact, is_exact || is_above, rules);
    if (fault != submitter_fault::none) {
      if (!verdict) verdict.fault = verdict.fault < fault ? fault : verdict.fault;
      continue;
    }
    if (verdict && !is_exact) continue;
    verdict = {fact.domain, fault, !detail::is_for_reports(fact.services.value_or("")),
               !fact.has_length || !fact.is_testing || !fact.services};
    if (is_exact) break;
  }
  return verdict;
}

constexpr std::string_view contact_domain(std::string_view contact_info, std::string_view from,
                                          std::string_view report_submitter) noexcept {
  for (std::string_view address : {contact_info, from}) {
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos) continue;
    const std::string_view domain =
        detail::until(address.substr(at + 1), detail::charset("> \t\r\n,;)\""));
    if (is_host_name(domain)) return domain;
  }
  return is_host_name(report_submitter) ? report_submitter : std::string_view();
}

}  // namespace tlsrpt

#endif
