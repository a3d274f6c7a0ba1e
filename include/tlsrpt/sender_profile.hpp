/// @file
/// Which software or service a report seems to come from, by the shape of its values, and what
/// reports of that kind do and never do. Needs nothing but the standard library and allocates
/// nothing.
///
/// Anybody can imitate a shape. So a profile explains; it never changes a number, and proves
/// nothing about who sent a report.

#ifndef TLSRPT_HPP_SENDER_PROFILE
#define TLSRPT_HPP_SENDER_PROFILE

#include <cstdint>
#include <string_view>

#include <tlsrpt/model.hpp>
#include <tlsrpt/reason.hpp>

namespace tlsrpt {

/// What makes reports of a shape that is known.
enum class sender_kind : std::uint8_t {
  unknown,       ///< No shape that is known.
  google,        ///< Google's mail service.
  microsoft,     ///< Microsoft's mail service.
  mail_ru,       ///< Mail.ru.
  stalwart,      ///< The mail server Stalwart.
  postfix_sys4,  ///< Postfix with sys4's tlsrpt-reporter.
  mox,           ///< The mail server mox.
  socketlabs,    ///< SocketLabs.
  halon          ///< The mail server Halon.
};

/// "Google" and so on; "unknown".
constexpr std::string_view name(sender_kind kind) noexcept;

/// What is known of the reports of a sender. What is false is not known.
struct sender_profile {
  sender_kind kind = sender_kind::unknown;                 ///< What seems to have made it.
  tlsrpt::certainty certainty = tlsrpt::certainty::guess;  ///< Likely at best.
  bool reports_failures_only = false;     ///< By default there is no report without a failure.
  bool counts_sessions_twice = false;     ///< The same sessions are in elements sts and tlsa.
  bool gives_no_reason = false;           ///< Never a failure-reason-code.
  bool gives_no_sending_ip = false;       ///< Never a sending-mta-ip.
  bool details_may_exceed_total = false;  ///< Details may count more sessions than have failed.
  bool ends_at_midnight = false;          ///< The range ends at a midnight that is not part of it.
  bool applied_method_only = false;       ///< Of DANE and MTA-STS only the one that was applied.

  friend constexpr bool operator==(const sender_profile&, const sender_profile&) = default;
};

/// The profile of a report. Linear in its failures.
constexpr sender_profile profile_of(const report_view& report) noexcept;

/// One sentence about what such a sender never says, for a person who looks for more; empty when
/// nothing is known.
constexpr std::string_view limits_of(const sender_profile& profile) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/sender_profile.hpp>

#endif
