/// @file
/// The open vocabularies of RFC 8460: policy types (section 4.4) and result types (section 4.3),
/// what each result type means and what to do about it.

#ifndef TLSRPT_HPP_VOCABULARY
#define TLSRPT_HPP_VOCABULARY

#include <cstdint>
#include <string_view>

namespace tlsrpt {

/// `policy-type` (RFC 8460, section 4.4). No registry holds them; unknown values keep their text.
enum class policy_type : std::uint8_t { unknown, tlsa, sts, no_policy_found };

/// `result-type` (RFC 8460, section 4.3; IANA "STARTTLS Validation Result Types").
enum class result_type : std::uint8_t {
  unknown,
  starttls_not_supported,
  certificate_host_mismatch,
  certificate_expired,
  certificate_not_trusted,
  validation_failure,
  tlsa_invalid,
  dnssec_invalid,
  dane_required,
  sts_policy_fetch_error,
  sts_policy_invalid,
  sts_webpki_invalid
};

/// Which part of a delivery a result type speaks of: sections 4.3.1, 4.3.2.1, 4.3.2.2, 4.3.3.
enum class result_group : std::uint8_t { unknown, negotiation, dane, sts, general };

/// A value of an open vocabulary: the known meaning, or E::unknown, and always the sender's text.
template <class E>
struct token {
  E value = E::unknown;
  std::string_view text{};

  constexpr bool known() const noexcept { return value != E::unknown; }
};

/// What a text means, and whether it was written exactly as registered. Differences in case,
/// "_" for "-" and blanks around are folded (exact is false then); other texts are E::unknown.
template <class E>
struct match {
  E value = E::unknown;
  bool exact = false;
};

constexpr match<policy_type> match_policy_type(std::string_view text) noexcept;
constexpr match<result_type> match_result_type(std::string_view text) noexcept;

/// The registered text; empty for unknown.
constexpr std::string_view name(policy_type type) noexcept;
constexpr std::string_view name(result_type type) noexcept;
constexpr std::string_view name(result_group group) noexcept;

constexpr result_group group_of(result_type type) noexcept;

/// One or two sentences for a mail administrator: what such a failure tells.
constexpr std::string_view explanation(result_type type) noexcept;

/// One or two sentences for a mail administrator: what usually helps.
constexpr std::string_view remedy(result_type type) noexcept;

/// One sentence: what kind of policy the sender applied.
constexpr std::string_view explanation(policy_type type) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/detail/vocabulary_table.hpp>

#endif
