/// @file
/// What to do about the policies that a domain publishes, and how they differ from those that
/// senders applied: MTA-STS (RFC 8461) and DANE (RFC 7672), in the words of advice.hpp.
///
///     tlsrpt::advise_policies({.domain = "example.com", .sts_policy = body, .hosts = hosts},
///                             reported, [](const tlsrpt::policy_finding& found) {
///                               std::cout << found.text << ' ' << found.do_first << '\n';
///                             });
///
/// The library asks no server: whoever did says what came of it, and leaves out what nobody knows.
/// Unknown is not empty: of what is left out nothing is said. Ask for domains of your own only,
/// never for names out of reports. Allocates nothing and throws nothing but what a sink throws.

#ifndef TLSRPT_HPP_POLICY_ADVICE
#define TLSRPT_HPP_POLICY_ADVICE

#include <concepts>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/errc.hpp>
#include <tlsrpt/finding.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/reason.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// A mail host of a domain.
struct published_host {
  std::string_view name{};  ///< As the MX record has it (RFC 5321, section 5.1).
  /// The texts of its TLSA records, as parse_tlsa_record() reads them; nothing when nobody knows.
  std::optional<std::span<const std::string_view>> tlsa{};
  /// Whether the answer passed DNSSEC; nothing when nobody looked.
  std::optional<bool> is_secure{};
};

/// What a domain publishes today, as far as anybody knows.
struct published_policies {
  std::string_view domain{};  ///< In normal form.
  /// All TXT records of "_mta-sts." and the domain, each joined from its strings.
  std::optional<std::span<const std::string_view>> sts_records{};
  /// The body of mta-sts.txt, as it was served with status 200; empty when there is none.
  std::optional<std::string_view> sts_policy{};
  /// Its mail hosts. Without any, mail goes to the domain itself.
  std::optional<std::span<const published_host>> hosts{};
};

/// A policy that senders applied.
struct reported_policy {
  policy_type kind = policy_type::unknown;  ///< `policy-type`.
  /// `policy-string`, or the lines of ledger::policy_text().
  std::span<const std::string_view> lines{};
  /// The mail host of TLSA records; empty when the report does not say.
  std::string_view host{};
};

/// What is found in policies.
enum class policy_matter : unsigned char {
  no_sts_record,        ///< There is a policy, but no TXT record says so.
  several_sts_records,  ///< There are several TXT records, which is as none.
  sts_record_syntax,    ///< The TXT record has no id.
  no_policy,            ///< There is a TXT record, but no policy.
  unusable_policy,      ///< No sender can use the policy.
  slip,                 ///< Something else in the text of the policy is not as it should be.
  unlisted_host,        ///< The policy does not list a mail host.
  idle_pattern,         ///< A pattern of the policy is of no mail host.
  unusable_tlsa,        ///< A mail host has TLSA records of which none can be used.
  unsigned_tlsa,        ///< A mail host has TLSA records without DNSSEC.
  other_mode,           ///< Senders applied a policy with another mode.
  other_patterns,       ///< Senders applied a policy with other patterns.
  other_max_age,        ///< Senders applied a policy with another max_age.
  other_tlsa,           ///< No TLSA record that senders saw is there any more.
  gone_host             ///< A host that senders saw is no mail host any more.
};

/// "no-sts-record" and so on; empty for another value.
constexpr std::string_view name(policy_matter matter) noexcept;

/// One thing that was found. Views point into what was given.
struct policy_finding {
  policy_matter matter = policy_matter::slip;  ///< What it is about.
  errc reason = errc::ok;                      ///< Of a fault in the text of a policy.
  /// As finding::severity: 1 when mail is refused, 3 when it is not protected or a policy has a
  /// slip, 5 for what may stay as it is and for differences.
  int severity = 5;
  tlsrpt::party party = tlsrpt::party::dns;               ///< Who must act.
  tlsrpt::certainty certainty = tlsrpt::certainty::sure;  ///< How sure it is.
  std::string_view domain{};                              ///< As published_policies::domain.
  /// The host, pattern or part of a text that it is about; may be empty. Escape it before you show
  /// it.
  std::string_view subject{};
  std::string_view text{};      ///< One sentence: what was found.
  std::string_view do_first{};  ///< One sentence: what to do; empty for severity 5.
};

/// Something that takes what was found in policies.
template <class Sink>
concept policy_finding_sink = std::invocable<Sink&, const policy_finding&>;

/// Whether no sender can use an MTA-STS policy in which this was found. parse_sts_policy() reads
/// such a policy all the same, since reports repeat every one.
constexpr bool spoils_sts_policy(errc code) noexcept;

/// Says what is wrong with what is published, then how it differs from what was reported, the
/// newest first. Where nobody knows the policy of today, mail hosts are compared with the first
/// MTA-STS policy that was reported, which is likely only. Nothing is said about what is as it
/// should be. Complexity: hosts times patterns, and records times records.
template <policy_finding_sink Sink>
constexpr void advise_policies(
    const published_policies& published, std::span<const reported_policy> reported,
    Sink&& sink) noexcept(std::is_nothrow_invocable_v<Sink&, const policy_finding&>);

/// Writes the stable key of a finding, as finding::key:
/// "policy.example.com.unlisted-host.published". Findings of one matter have one key.
template <text_output Out>
constexpr void write_key(Out&& out,
                         const policy_finding& found) noexcept(detail::is_nothrow_output<Out>);

/// Whether what helps against a cause at a mail host is published. Nothing when that cannot be
/// known: the look-up did not ask for it, or it is not for a look-up to see, as with certificates.
/// The host may be empty. Complexity as above.
constexpr std::optional<bool> shows_remedy(reason_id reason, std::string_view host,
                                           const published_policies& published,
                                           std::span<const reported_policy> reported = {}) noexcept;

/// Whether a finding looks mended: reporters have data of late, none noted it on the two days
/// before `today`, and what helps is published. Only change::gone says that it is gone.
inline bool looks_mended(const finding& found, day today, const published_policies& published,
                         std::span<const reported_policy> reported = {}) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/policy_advice.hpp>

#endif
