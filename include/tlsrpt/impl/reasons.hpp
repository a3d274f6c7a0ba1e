/// @file
/// Bodies of reasons.hpp.

#ifndef TLSRPT_HPP_IMPL_REASONS
#define TLSRPT_HPP_IMPL_REASONS

#include <algorithm>
#include <cstddef>
#include <iterator>

#include <tlsrpt/detail/reason/reading.hpp>
#include <tlsrpt/detail/reason/rows.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/tlsa_record.hpp>

namespace tlsrpt {

namespace detail {

constexpr bool is_webpki(reason_id id) noexcept {
  return id >= reason_id::webpki_expired && id <= reason_id::webpki_ocsp;
}

/// The row of a cause; of one at a web server that of the cause itself.
constexpr const reason_row& row_of(reason_id id) noexcept {
  auto row = static_cast<std::size_t>(id);
  if (is_webpki(id)) {
    row -= static_cast<std::size_t>(reason_id::webpki_expired);
    row += static_cast<std::size_t>(reason_id::x509_expired);
  }
  return reason_rows[row < std::size(reason_rows) ? row : 0];
}

/// What the type alone says (RC-05).
constexpr reason_match reason_of_type(result_type type) noexcept {
  switch (type) {
    case result_type::certificate_expired:
      return {reason_id::x509_expired, certainty::sure};
    case result_type::certificate_host_mismatch:
      return {reason_id::x509_host_mismatch, certainty::sure};
    case result_type::starttls_not_supported:
      return {reason_id::starttls_absent, certainty::sure};
    case result_type::sts_policy_invalid:
      return {reason_id::sts_policy_syntax, certainty::sure};
    case result_type::dane_required:
      return {reason_id::tlsa_missing, certainty::guess};
    case result_type::sts_policy_fetch_error:
      return {reason_id::http_other, certainty::guess};
    default:
      return {};
  }
}

constexpr party party_of_type(result_type type) noexcept {
  switch (type) {
    case result_type::certificate_host_mismatch:
    case result_type::certificate_expired:
    case result_type::certificate_not_trusted:
      return party::certificate;
    case result_type::tlsa_invalid:
    case result_type::dnssec_invalid:
    case result_type::dane_required:
      return party::dns;
    case result_type::sts_policy_fetch_error:
    case result_type::sts_webpki_invalid:
      return party::policy_host;
    case result_type::sts_policy_invalid:
      return party::policy_text;
    default:
      return party::mail_host;
  }
}

/// Whether the text only says in other words that something failed.
constexpr bool is_vague(reason_id id) noexcept {
  return id == reason_id::handshake_failed || id == reason_id::http_other ||
         id == reason_id::ms_validation_failure;
}

constexpr bool is_known(reason_id id) noexcept {
  return id != reason_id::none && id != reason_id::unknown;
}

/// Whether the policy lists the host, or lists nothing (RC-20).
constexpr bool may_list(const policy_head_view& policy, std::string_view host) noexcept {
  for (std::string_view pattern : policy.mx_host)
    if (matches_mx_pattern(host, pattern)) return true;
  const auto lines = parse_sts_policy(policy.policy_string);
  if (!lines) return true;
  const bool has_pattern = !policy.mx_host.empty() || lines->mx().begin() != lines->mx().end();
  return !has_pattern || lines->matches(host);
}

/// Whether nothing but the list of mail hosts can be wrong: the host is not in it, or the sender
/// found no host to speak of (RC-20, RC-21).
constexpr bool lacks_host(const policy_head_view& policy,
                          const failure_details_view& failure) noexcept {
  const std::string_view host = failure.receiving_mx_hostname;
  if (!host.empty()) return !may_list(policy, host) && is_host_name(host);
  return !present(failure.receiving_ip.text) &&
         failure.result_type.value == result_type::validation_failure &&
         failure.failure_reason_code.empty();
}

}  // namespace detail

constexpr reason_match match_reason(result_type type, std::string_view text,
                                    std::string_view information) noexcept {
  const bool is_fetch = group_of(type) == result_group::sts;
  const reason_match by_type = detail::reason_of_type(type);
  const bool type_says = by_type.certainty == certainty::sure;
  const bool has_text = detail::has_words(text);
  if (has_text) {
    reason_match said = detail::read_reason(text, is_fetch);
    if (said.id == by_type.id) said.certainty = std::max(said.certainty, by_type.certainty);
    if (said.id != reason_id::none) return detail::is_vague(said.id) && type_says ? by_type : said;
  } else if (type_says) {
    return by_type;
  }
  constexpr std::string_view of_uri = "://";
  if (!information.empty() && information.find(of_uri) == std::string_view::npos) {
    reason_match said = detail::read_reason(information, is_fetch);
    said.certainty = std::min(said.certainty, certainty::likely);
    // What the type says outright is no less sure because a text that nobody knows comes with it.
    if (said.id == by_type.id) said.certainty = std::max(said.certainty, by_type.certainty);
    if (said.id != reason_id::none) return said;
  }
  return has_text ? reason_match{reason_id::unknown} : by_type;
}

constexpr reason_match match_reason(const policy_head_view& policy,
                                    const failure_details_view& failure) noexcept {
  const result_type type = failure.result_type.value;
  const reason_match said =
      match_reason(type, failure.failure_reason_code, failure.additional_information);
  const bool is_about_host = type == result_type::validation_failure ||
                             type == result_type::certificate_host_mismatch ||
                             type == result_type::unknown;
  const bool sender_says_why = detail::has_words(failure.failure_reason_code) &&
                               detail::is_known(said.id) && !detail::is_vague(said.id);
  if (policy.policy_type.value == policy_type::sts && is_about_host && !sender_says_why &&
      detail::lacks_host(policy, failure))
    return {reason_id::sts_mx_mismatch, certainty::likely};
  // Under DANE nothing but the TLSA records makes a certificate trusted (RC-29).
  if (policy.policy_type.value == policy_type::tlsa && said.id == reason_id::none &&
      type == result_type::certificate_not_trusted)
    return {reason_id::x509_dane_no_match, certainty::likely};
  return said;
}

constexpr std::string_view name(reason_id id) noexcept {
  if (!detail::is_webpki(id)) return detail::row_of(id).name;
  return detail::webpki_names[static_cast<std::size_t>(id) -
                              static_cast<std::size_t>(reason_id::webpki_expired)];
}

constexpr std::string_view name(certainty certainty) noexcept {
  constexpr std::string_view names[] = {"guess", "likely", "sure"};
  const auto place = static_cast<std::size_t>(certainty);
  return names[place < std::size(names) ? place : 0];
}

constexpr std::string_view name(party party) noexcept {
  constexpr std::string_view names[] = {"nobody",      "certificate", "mail_host", "dns",
                                        "policy_host", "policy_text", "sender",    "network"};
  const auto place = static_cast<std::size_t>(party);
  return names[place < std::size(names) ? place : 0];
}

constexpr std::optional<reason_id> find_reason(std::string_view text) noexcept {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(reason_id::webpki_ocsp); ++i)
    if (const auto id = static_cast<reason_id>(i); name(id) == text) return id;
  return std::nullopt;
}

constexpr std::string_view explanation(reason_id id) noexcept {
  return detail::row_of(id).explanation;
}

constexpr std::string_view remedy(reason_id id) noexcept {
  return detail::is_webpki(id) ? detail::remedy_of_webpki : detail::row_of(id).remedy;
}

constexpr party party_of(reason_id id) noexcept {
  return detail::is_webpki(id) ? party::policy_host : detail::row_of(id).party;
}

constexpr party party_of(reason_id id, const failure_setting& setting) noexcept {
  const party usual = detail::is_known(id) ? party_of(id) : detail::party_of_type(setting.type);
  if (setting.kind == policy_type::sts && setting.mode == sts_mode::none) return party::sender;
  const bool is_date_or_name =
      id == reason_id::x509_expired || id == reason_id::x509_host_mismatch ||
      (!detail::is_known(id) && (setting.type == result_type::certificate_expired ||
                                 setting.type == result_type::certificate_host_mismatch));
  if (setting.kind == policy_type::tlsa && setting.has_only_dane_ee && is_date_or_name)
    return party::sender;
  if (setting.kind == policy_type::no_policy_found && usual == party::certificate &&
      setting.has_success)
    return party::nobody;
  const bool is_of_host =
      usual == party::certificate || usual == party::mail_host || usual == party::network;
  if (group_of(setting.type) == result_group::sts && is_of_host) return party::policy_host;
  return usual;
}

constexpr failure_setting setting_of(const policy_head_view& policy,
                                     const failure_details_view& failure) noexcept {
  failure_setting setting{.kind = policy.policy_type.value, .type = failure.result_type.value};
  setting.has_success = policy.total_successful_session_count.value_or(1) > 0;
  if (setting.kind == policy_type::sts) {
    if (const auto lines = parse_sts_policy(policy.policy_string))
      setting.mode = lines->mode().value;
  } else if (setting.kind == policy_type::tlsa) {
    setting.has_only_dane_ee = !policy.policy_string.empty();
    for (std::string_view text : policy.policy_string) {
      const auto record = parse_tlsa_record(text);
      setting.has_only_dane_ee =
          setting.has_only_dane_ee && record && record->usage == tlsa_usage::dane_ee;
    }
  }
  return setting;
}

}  // namespace tlsrpt

#endif
