/// @file
/// The tables of vocabulary.hpp.

#ifndef TLSRPT_HPP_IMPL_VOCABULARY
#define TLSRPT_HPP_IMPL_VOCABULARY

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt {

namespace detail {

struct policy_type_row {
  policy_type value;
  std::string_view name;
  std::string_view explanation;
};

inline constexpr policy_type_row policy_types[] = {
    {policy_type::unknown, "", "The sender names a kind of policy that RFC 8460 does not know."},
    {policy_type::tlsa, "tlsa",
     "The sender checked the certificate against the TLSA records of the mail host (DANE)."},
    {policy_type::sts, "sts", "The sender applied the MTA-STS policy of the domain."},
    {policy_type::no_policy_found, "no-policy-found",
     "The sender found neither TLSA records nor an MTA-STS policy and used TLS when it was "
     "offered."},
};

struct result_type_row {
  result_type value;
  result_group group;
  std::string_view name;
  std::string_view explanation;
  std::string_view remedy;
};

inline constexpr result_type_row result_types[] = {
    {result_type::unknown, result_group::unknown, "",
     "The sender uses a result type that is not registered; its text and the reason code have to "
     "speak for themselves.",
     "Look the text up with the sender of the report."},
    {result_type::starttls_not_supported, result_group::negotiation, "starttls-not-supported",
     "The sender reached this mail host, but the host did not offer STARTTLS.",
     "Switch STARTTLS on for port 25 of every mail host, backups too, and look for firewalls that "
     "remove it on the way. If your own tests always see it offered, somebody between that sender "
     "and you may be stripping it."},
    {result_type::certificate_host_mismatch, result_group::negotiation, "certificate-host-mismatch",
     "The certificate that the mail host showed does not carry the name that the policy demands, "
     "usually the host's own.",
     "Get a certificate that lists every MX host name, and show it also to clients that send no "
     "SNI. If the MX record or the policy's mx lines name an old host, correct those instead."},
    {result_type::certificate_expired, result_group::negotiation, "certificate-expired",
     "The certificate that the mail host showed is past its last day.",
     "Renew it and reload the mail service on every machine behind the host name; check the "
     "intermediate certificates, too, and watch the dates from now on."},
    {result_type::certificate_not_trusted, result_group::negotiation, "certificate-not-trusted",
     "The sender could not trace the certificate to an authority it trusts: self-signed, an "
     "unknown authority, or an incomplete chain. The reason code often says which.",
     "Serve the complete chain. MTA-STS needs a publicly trusted authority; with DANE-TA the trust "
     "anchor itself must be part of what the host sends."},
    {result_type::validation_failure, result_group::general, "validation-failure",
     "The failure fits no other type; the reason code says what went wrong.",
     "Follow the reason code: it may name protocol versions, ciphers, a broken handshake, an MX "
     "host that the policy does not list, or DNSSEC."},
    {result_type::tlsa_invalid, result_group::dane, "tlsa-invalid",
     "None of the TLSA records of the mail host could be used, or none fits the certificate that "
     "it shows.",
     "Publish a record for the key in use (3 1 1 is the usual choice) on every node. Before a new "
     "certificate goes live, publish its record beside the old one."},
    {result_type::dnssec_invalid, result_group::dane, "dnssec-invalid",
     "The sender's resolver found the DNSSEC answers for the mail host wrong, or got none.",
     "Check the DS and DNSKEY records, the dates of the signatures, the proofs of non-existence, "
     "and whether all name servers answer TLSA queries."},
    {result_type::dane_required, result_group::dane, "dane-required",
     "This sender insists on DANE for your domain, and the mail host has no TLSA records validated "
     "by DNSSEC.",
     "Sign the zone and publish TLSA records for every mail host, or ask the sender to drop that "
     "rule."},
    {result_type::sts_policy_fetch_error, result_group::sts, "sts-policy-fetch-error",
     "Your DNS announces an MTA-STS policy, but the sender could not fetch it.",
     "Make https://mta-sts.<domain>/.well-known/mta-sts.txt answer with status 200, without a "
     "redirect, at every address that DNS lists for the host, and within a minute."},
    {result_type::sts_policy_invalid, result_group::sts, "sts-policy-invalid",
     "The sender got your MTA-STS policy, but it does not follow the rules as a whole.",
     "Check that version, mode and max_age are there once each, that there is an mx line, and "
     "that the file is plain text without quotes."},
    {result_type::sts_webpki_invalid, result_group::sts, "sts-webpki-invalid",
     "The web server that holds your MTA-STS policy showed a certificate that the sender does not "
     "accept.",
     "Give mta-sts.<domain> a valid certificate for exactly that name, with its full chain. It is "
     "the web server that needs it, not the mail host."},
};

template <class Row, std::size_t N>
constexpr bool rows_are_in_order(const Row (&rows)[N]) noexcept {
  for (std::size_t i = 0; i < N; ++i)
    if (static_cast<std::size_t>(rows[i].value) != i) return false;
  return true;
}
static_assert(rows_are_in_order(policy_types) && rows_are_in_order(result_types));

/// The whitespace of C, which is more than that of JSON.
constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Finds the row that a text may be the name of without a branch on the text: values come in no
/// order that a processor could foresee.
template <auto& Rows>
class row_finder {
 public:
  constexpr row_finder() noexcept {
    for (std::size_t row = 1; row < std::size(Rows); ++row) {
      std::uint8_t& place = rows_[place_of(Rows[row].name)];
      is_perfect_ = is_perfect_ && place == 0;
      place = static_cast<std::uint8_t>(row);
    }
  }

  /// Whether no two names share a place.
  constexpr bool is_perfect() const noexcept { return is_perfect_; }

  /// The row whose name `text` is exactly; 0, the row of unknown values, when there is none.
  constexpr std::size_t find(std::string_view text) const noexcept {
    if (text.empty()) return 0;
    const std::size_t row = rows_[place_of(text)];
    return same_octets(text, Rows[row].name) ? row : 0;
  }

 private:
  static constexpr std::size_t place_of(std::string_view text) noexcept {
    const auto octet = static_cast<std::uint8_t>(text[std::min<std::size_t>(5, text.size() - 1)]);
    return (text.size() * 5 + octet) % 64;
  }

  std::array<std::uint8_t, 64> rows_{};
  bool is_perfect_ = true;
};

template <auto& Rows>
inline constexpr row_finder<Rows> finder_of;
static_assert(finder_of<policy_types>.is_perfect() && finder_of<result_types>.is_perfect());

/// The row whose name `text` is but for case, "_" and surrounding whitespace. Apart from
/// find_row(), so that a name as it should be costs no more than a look at the table.
template <class E, auto& Rows>
[[gnu::cold, gnu::noinline]] constexpr match<E> find_misspelt_row(std::string_view text) noexcept {
  text = trim(text, is_space);
  for (const auto& row : Rows)
    if (row.value != E::unknown && equals_name(text, row.name)) return {row.value, false};
  return {};
}

template <class E, auto& Rows>
constexpr match<E> find_row(std::string_view text) noexcept {
  if (const std::size_t row = finder_of<Rows>.find(text)) return {Rows[row].value, true};
  return find_misspelt_row<E, Rows>(text);
}

/// The row of a value; that of the unknown one for a value that the enumeration does not have.
template <auto& Rows, class E>
constexpr const auto& row_at(E value) noexcept {
  const auto row = static_cast<std::size_t>(value);
  return Rows[row < std::size(Rows) ? row : 0];
}
constexpr const policy_type_row& row_of(policy_type type) noexcept {
  return row_at<policy_types>(type);
}
constexpr const result_type_row& row_of(result_type type) noexcept {
  return row_at<result_types>(type);
}

}  // namespace detail

template <class E>
constexpr std::string_view to_text(const token<E>& token) noexcept {
  if (token.known()) return name(token.value);
  return token.text.empty() ? std::string_view("unknown") : token.text;
}

constexpr match<policy_type> match_policy_type(std::string_view text) noexcept {
  return detail::find_row<policy_type, detail::policy_types>(text);
}

constexpr match<result_type> match_result_type(std::string_view text) noexcept {
  return detail::find_row<result_type, detail::result_types>(text);
}

constexpr std::string_view name(policy_type type) noexcept { return detail::row_of(type).name; }

constexpr std::string_view name(result_type type) noexcept { return detail::row_of(type).name; }

constexpr std::string_view name(result_group group) noexcept {
  constexpr std::string_view names[] = {"", "negotiation", "dane", "sts", "general"};
  const auto place = static_cast<std::size_t>(group);
  return place < std::size(names) ? names[place] : std::string_view();
}

constexpr result_group group_of(result_type type) noexcept { return detail::row_of(type).group; }

constexpr std::string_view explanation(result_type type) noexcept {
  return detail::row_of(type).explanation;
}

constexpr std::string_view remedy(result_type type) noexcept { return detail::row_of(type).remedy; }

constexpr std::string_view explanation(policy_type type) noexcept {
  return detail::row_of(type).explanation;
}

}  // namespace tlsrpt

#endif
