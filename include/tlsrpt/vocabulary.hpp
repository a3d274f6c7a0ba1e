/// @file
/// The open vocabularies of RFC 8460: policy types (section 4.4) and result types (section 4.3),
/// what each result type means and what to do about it.

#ifndef TLSRPT_HPP_VOCABULARY
#define TLSRPT_HPP_VOCABULARY

#include <cstdint>
#include <string_view>

namespace tlsrpt {

/// `policy-type` (RFC 8460, section 4.4). No registry holds them; unknown values keep their text.
enum class policy_type : std::uint8_t {
  unknown,         ///< Absent, or a text that RFC 8460 does not know.
  tlsa,            ///< "tlsa": DANE, RFC 7672.
  sts,             ///< "sts": MTA-STS, RFC 8461.
  no_policy_found  ///< "no-policy-found": the domain has neither policy.
};

/// `result-type` (RFC 8460, section 4.3; IANA "STARTTLS Validation Result Types").
enum class result_type : std::uint8_t {
  unknown,                    ///< Absent, or a text that is not registered.
  starttls_not_supported,     ///< "starttls-not-supported", section 4.3.1.
  certificate_host_mismatch,  ///< "certificate-host-mismatch", section 4.3.1.
  certificate_expired,        ///< "certificate-expired", section 4.3.1.
  certificate_not_trusted,    ///< "certificate-not-trusted", section 4.3.1.
  validation_failure,         ///< "validation-failure", section 4.3.3.
  tlsa_invalid,               ///< "tlsa-invalid", section 4.3.2.1.
  dnssec_invalid,             ///< "dnssec-invalid", section 4.3.2.1.
  dane_required,              ///< "dane-required", section 4.3.2.1.
  sts_policy_fetch_error,     ///< "sts-policy-fetch-error", section 4.3.2.2.
  sts_policy_invalid,         ///< "sts-policy-invalid", section 4.3.2.2.
  sts_webpki_invalid          ///< "sts-webpki-invalid", section 4.3.2.2.
};

/// Which part of a delivery a result type is about (RFC 8460, section 4.3).
enum class result_group : std::uint8_t {
  unknown,      ///< That of result_type::unknown.
  negotiation,  ///< STARTTLS and the certificate, section 4.3.1.
  dane,         ///< TLSA records and DNSSEC, section 4.3.2.1.
  sts,          ///< The MTA-STS policy, section 4.3.2.2.
  general       ///< Anything else, section 4.3.3.
};

/// A value of an open vocabulary: the known meaning, or E::unknown, and always the sender's text.
/// `E` is policy_type, result_type or sts_mode.
template <class E>
struct token {
  E value = E::unknown;     ///< What the text means.
  std::string_view text{};  ///< As written, untrusted; absent (no data) when the member was absent.

  /// Whether the text has a known meaning.
  constexpr bool known() const noexcept { return value != E::unknown; }
};

/// The registered name of a known value; else the sender's text as written, untrusted; "unknown"
/// when it is absent. A view of a literal or of the sender's text.
template <class E>
constexpr std::string_view to_text(const token<E>& token) noexcept;

/// What a text means, and whether it was written exactly as registered. Differences in case,
/// "_" for "-" and surrounding whitespace are folded (`exact` is false then); other texts are
/// E::unknown.
template <class E>
struct match {
  E value = E::unknown;  ///< What the text means.
  bool exact = false;    ///< Whether it was written as registered; false for unknown texts.
};

/// What a `policy-type` means. Linear in the text.
constexpr match<policy_type> match_policy_type(std::string_view text) noexcept;
/// What a `result-type` means. Linear in the text.
constexpr match<result_type> match_result_type(std::string_view text) noexcept;

// Values that the enumerations do not have, as after a cast, are taken for unknown.

/// The text of RFC 8460, such as "no-policy-found"; empty for unknown.
constexpr std::string_view name(policy_type type) noexcept;

/// The registered text, such as "certificate-expired"; empty for unknown.
constexpr std::string_view name(result_type type) noexcept;

/// The name of the value here, such as "negotiation"; empty for unknown.
constexpr std::string_view name(result_group group) noexcept;

/// The part of a delivery that `type` is about.
constexpr result_group group_of(result_type type) noexcept;

/// One or two sentences for a mail administrator: what such a failure means.
constexpr std::string_view explanation(result_type type) noexcept;

/// One or two sentences for a mail administrator: what usually helps.
constexpr std::string_view remedy(result_type type) noexcept;

/// One sentence: what kind of policy the sender applied.
constexpr std::string_view explanation(policy_type type) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/vocabulary.hpp>

#endif
