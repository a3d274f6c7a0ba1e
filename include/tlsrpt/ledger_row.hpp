/// @file
/// What a ledger keeps of the elements of a report: totals and failures.

#ifndef TLSRPT_HPP_LEDGER_ROW
#define TLSRPT_HPP_LEDGER_ROW

#include <cstdint>
#include <string_view>

#include <tlsrpt/output.hpp>
#include <tlsrpt/sts_policy.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// The largest count: the largest integer that every reader of JSON has exactly, 2^53-1. Larger
/// ones are cut to it, and sums stop there.
inline constexpr std::uint64_t largest_sessions = 9'007'199'254'740'991;

/// a + b, or largest_sessions when that is too large.
constexpr std::uint64_t sum_of_sessions(std::uint64_t a, std::uint64_t b) noexcept;

/// A count of which parts may be unknown. Unknown is not 0: with them the sum is a lower bound.
struct session_sum {
  std::uint64_t sessions = 0;  ///< What is known, at most largest_sessions.
  std::uint64_t unknown = 0;   ///< How many counts were missing or could not be read.

  /// Adds both, up to largest_sessions.
  constexpr session_sum& operator+=(const session_sum& other) noexcept;
  friend constexpr bool operator==(const session_sum&, const session_sum&) = default;
};

/// Identifies the text of a policy: the first 64 bits of SHA-256 over its normal form, or none.
enum class policy_id : std::uint64_t {
  none = 0  ///< The report shows no text.
};

/// The text of a policy_id.
using policy_id_text = short_text<16>;

/// 16 hexadecimal digits in lower case; "-" for none.
constexpr policy_id_text to_text(policy_id id) noexcept;

/// What stands for all names that were cut away, where a report has too many.
inline constexpr std::string_view any_name = "*";

/// What stands for the domain of a policy that does not name one.
inline constexpr std::string_view absent_domain = "?";

/// Total sessions of one policy of one domain (RFC 8460, section 4.4, `summary`).
struct ledger_total {
  /// `policy-domain` by canonical_host(); absent_domain when absent; any_name for those beyond
  /// ledger_limits::elements.
  std::string_view domain{};
  policy_type kind = policy_type::unknown;  ///< `policy-type`.
  sts_mode mode = sts_mode::unknown;        ///< Of an MTA-STS policy.
  policy_id policy = policy_id::none;       ///< The text of the policy.
  session_sum ok{};                         ///< Sessions with TLS as the policy demands.
  /// Sessions that failed. Of an element without total it is the largest of its details, which is
  /// the best sound lower bound: one session may be in several details.
  session_sum failed{};
  std::uint64_t elements = 0;  ///< Elements of `policies` that were added up.
};

/// How a kind of policy is called in ledgers: "sts", "tlsa", "none" for no-policy-found, "other".
constexpr std::string_view kind_name(policy_type kind) noexcept;

/// How the mode is called in ledgers: "enforce", "testing", "none", "?" for an MTA-STS policy
/// without a known one, "-" for other kinds of policies.
constexpr std::string_view mode_name(policy_type kind, sts_mode mode) noexcept;

/// Sessions that a sender mentions with one kind of failure (RFC 8460, section 4.4,
/// `failure-details`). One session may be in several rows, and a row may speak of sessions that
/// succeeded in the end, so these are never added up to failed sessions.
struct ledger_failure {
  std::string_view domain{};                ///< As in ledger_total.
  policy_type kind = policy_type::unknown;  ///< `policy-type`.
  sts_mode mode = sts_mode::unknown;        ///< Of an MTA-STS policy.
  /// `result-type`; its text is the registered name, "-" when absent, "?" and the first 64 octets
  /// of another text, or any_name.
  token<result_type> result{};
  std::string_view host{};  ///< The MX host by canonical_host(), or any_name.
  /// The machine: the receiving address, else the name of the HELO by canonical_host(); or
  /// any_name.
  std::string_view node{};
  /// The id of the reason (reasons.hpp), "-" for none, "~" and a normal form of an unknown text, or
  /// any_name.
  std::string_view reason{};
  /// The cause is only likely (certainty::likely): nothing in the report says it outright. False
  /// without the id of a cause.
  bool is_likely = false;
  session_sum noted{};  ///< Sessions that the sender mentions.
};

}  // namespace tlsrpt

#include <tlsrpt/impl/ledger_row.hpp>

#endif
