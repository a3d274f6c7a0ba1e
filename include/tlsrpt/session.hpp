/// @file
/// What a mail server knows when the TLS outcome of one SMTP session is decided (RFC 8460, section
/// 4). Needs nothing but the standard library.

#ifndef TLSRPT_HPP_SESSION
#define TLSRPT_HPP_SESSION

#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/model.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// What became of a session under one policy.
enum class session_outcome : std::uint8_t {
  ok,          ///< TLS in line with the policy; without a policy, TLS.
  failed,      ///< The policy was not met, even if mail was delivered.
  not_counted  ///< It broke off before TLS could begin, so it says nothing about the policy.
};

/// One policy that was applied to a session.
struct session_policy {
  policy_type type = policy_type::unknown;            ///< What was applied; not unknown.
  std::string_view domain{};                          ///< Absent: the recipient domain.
  std::span<const std::string_view> policy_string{};  ///< Lines of MTA-STS, or TLSA records.
  std::span<const std::string_view> mx_host{};        ///< Patterns of MTA-STS.
  session_outcome outcome = session_outcome::ok;      ///< What became of the session.
  /// What went wrong. Where the session succeeded all the same they are soft failures. Counts,
  /// indices and offsets do not matter.
  std::span<const failure_details_view> failures{};
};

/// A session: one connection to one mail host, not one mail or recipient. Texts may be anything.
struct session_view {
  std::string_view recipient_domain{};         ///< The domain that the report goes to.
  std::string_view record{};                   ///< Its TLSRPT record as it was found, if it was.
  std::int64_t time = 0;                       ///< When the outcome was known, since 1970.
  bool carries_report = false;                 ///< It delivers a report, so it is not counted.
  std::span<const session_policy> policies{};  ///< One at least, or there is nothing to count.
};

}  // namespace tlsrpt

#endif
