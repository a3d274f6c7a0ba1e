/// @file
/// What is around a report, compared with what the report says (RFC 8460, section 5.6). Needs
/// nothing but the standard library.
///
/// The report takes precedence, and nothing around it is trustworthy unless the mail was
/// authenticated. Everything here is constexpr, allocates nothing and takes time linear in the
/// texts for each policy.

#ifndef TLSRPT_HPP_ENVELOPE
#define TLSRPT_HPP_ENVELOPE

#include <cstdint>
#include <string_view>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/subject.hpp>

namespace tlsrpt {

/// Everything around a report. What is missing is absent.
struct envelope_view {
  std::string_view report_domain{};     ///< TLS-Report-Domain, by parse_domain_field().
  std::string_view report_submitter{};  ///< TLS-Report-Submitter, by parse_domain_field().
  file_name_view file_name{};           ///< By parse_file_name().
  subject_view subject{};               ///< By parse_subject().
};

/// Where an inferred policy domain comes from.
enum class domain_source : std::uint8_t {
  none,          ///< There is none.
  header_field,  ///< TLS-Report-Domain.
  file_name,     ///< The file name.
  subject        ///< The Subject.
};

/// "header-field", "file-name" or "subject", for logs and for programs; a literal. Empty for
/// domain_source::none and for another value.
constexpr std::string_view name(domain_source from) noexcept;

/// A policy domain that the report lacks.
struct inferred_domain {
  std::string_view policy_domain{};            ///< Empty when there is none.
  domain_source source = domain_source::none;  ///< What said it.

  friend constexpr bool operator==(const inferred_domain&, const inferred_domain&) = default;
};

/// The policy domain by the envelope alone: that of the header field, else of the file name, else
/// of the Subject; what is not a domain is skipped. Show it as inferred.
constexpr inferred_domain infer_policy_domain(const envelope_view& envelope) noexcept;

/// Reports each contradiction between envelope and report; the report takes precedence.
/// where.member is the member of the report that is contradicted, and the finding's subject is what
/// the envelope says. The submitter is compared with the domain of contact-info. Domains with
/// U-labels cannot be compared, nor can the policy domain of a report about TLSA records alone: it
/// may be that of a mail host. Returns infer_policy_domain() when a policy lacks its domain or
/// there is no policy, and reports each such policy (errc::inferred_policy_domain); else nothing.
template <diagnostic_sink S = ignore_diagnostics>
constexpr inferred_domain compare_envelope(const envelope_view& envelope, const report_view& report,
                                           S&& sink = {}) noexcept(detail::is_nothrow_sink<S>);

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/envelope.hpp>

#endif
