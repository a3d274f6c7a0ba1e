/// @file
/// What the reason texts of senders mean: the cause of a failure, who must act, and what helps.
/// Needs nothing but the standard library and allocates nothing.
///
/// `failure-reason-code` has no vocabulary (RFC 8460, section 4.3.1). Senders put the names and
/// sentences of their TLS libraries there, which say more than the result type: the same cause
/// comes under different types. So the text is looked at before the type.
///
///     tlsrpt::reason_match match =
///         tlsrpt::match_reason(failure.result_type.value, failure.failure_reason_code);
///     // x509.self_signed for "self-signed_certificate"
///
/// Texts of this header are our own and can be shown. They say `<host>` and `<domain>` where the
/// names of the mail host and of the domain belong.

#ifndef TLSRPT_HPP_REASONS
#define TLSRPT_HPP_REASONS

#include <cstdint>
#include <optional>
#include <string_view>

#include <tlsrpt/model.hpp>
#include <tlsrpt/reason.hpp>
#include <tlsrpt/sts_policy.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// The version of what match_reason() knows. Ids that were stored under another one may be
/// different today.
inline constexpr unsigned reason_rules_version = 1;

/// What a failure comes from. The text is `failure-reason-code`; when it is absent or not known,
/// `information`, which is `additional-information`, is searched, and at last the type alone may
/// say. Case, and what separates words, do not matter. Linear.
constexpr reason_match match_reason(result_type type, std::string_view text,
                                    std::string_view information = {}) noexcept;

/// The same for a failure of a policy, which may say more than the failure alone: a mail host that
/// an MTA-STS policy does not list is sts_mx_mismatch where the sender says nothing better, and a
/// certificate that is not trusted under DANE fits no TLSA record. Linear in the texts.
constexpr reason_match match_reason(const policy_head_view& policy,
                                    const failure_details_view& failure) noexcept;

// Values that the enumerations do not have, as after a cast, are taken for none and nobody.

/// The name of a cause, such as "x509.self_signed"; "-" for none.
constexpr std::string_view name(reason_id id) noexcept;
/// "guess", "likely" or "sure".
constexpr std::string_view name(certainty certainty) noexcept;
/// The name of the value here, such as "mail_host".
constexpr std::string_view name(party party) noexcept;

/// The cause with that name; nothing when there is none.
constexpr std::optional<reason_id> find_reason(std::string_view name) noexcept;

/// One sentence for a mail administrator: what is wrong. Empty for none and unknown, where
/// explanation(result_type) is what is left.
constexpr std::string_view explanation(reason_id id) noexcept;
/// One sentence: what to do. Empty for none and unknown, as above.
constexpr std::string_view remedy(reason_id id) noexcept;
/// Who must act as a rule; nobody for none and unknown.
constexpr party party_of(reason_id id) noexcept;

/// Where a failure was, as far as it matters for who must act.
struct failure_setting {
  policy_type kind = policy_type::unknown;  ///< What the sender applied.
  sts_mode mode = sts_mode::unknown;        ///< Of an MTA-STS policy.
  result_type type = result_type::unknown;  ///< The type of the failure.
  bool has_only_dane_ee = false;            ///< All TLSA records have usage 3 (DANE-EE).
  bool has_success = true;                  ///< Other sessions of the sender succeeded.
};

/// Who must act on a cause in that setting. For none and unknown the type says. The sender, when
/// nothing of the receiver's has a part in it: failures under an MTA-STS policy of mode "none",
/// dates and names of certificates under DANE-EE (RFC 7672, section 3.1.1). Nobody, when mail was
/// delivered without a policy all the same.
constexpr party party_of(reason_id id, const failure_setting& setting) noexcept;

/// The setting of a failure in a report. Linear in the policy.
constexpr failure_setting setting_of(const policy_head_view& policy,
                                     const failure_details_view& failure) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/reasons.hpp>

#endif
