/// @file
/// The Subject of a mail with a report (RFC 8460, section 5.3). Needs nothing but the standard
/// library.
///
///     tlsrpt-subject = %s"Report" FWS %s"Domain:" FWS domain-name FWS
///                      %s"Submitter:" FWS domain-name FWS
///                      %s"Report-ID:" FWS "<" id-left "@" id-right ">" [CFWS]
///
/// A Subject is a hint: the content of the report decides (RFC 8460, section 5.6), and none of the
/// Subject is trustworthy unless the mail was authenticated. An error means that the Subject
/// carries no information, not that the report is unusable. Everything here is constexpr, allocates
/// nothing and takes time linear in the text.

#ifndef TLSRPT_HPP_SUBJECT
#define TLSRPT_HPP_SUBJECT

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// What a Subject says. What it does not say is absent.
struct subject_view {
  std::string_view domain{};     ///< The domain that the report is about.
  std::string_view submitter{};  ///< The domain of the sender.
  std::string_view report_id{};  ///< Without brackets. May differ from the report-id of the report.

  /// The part of report_id before its last `@`; all of it without `@`.
  constexpr std::string_view id_left() const noexcept;
  /// The part of report_id after its last `@`; empty without `@`.
  constexpr std::string_view id_right() const noexcept;

  friend constexpr bool operator==(const subject_view&, const subject_view&) = default;
};

/// Reads the value of a Subject field, folded or not, encoded words decoded. Leading ("Fwd:",
/// "[EXTERNAL]") and trailing text is skipped; words may have another case and other punctuation;
/// parts may be missing (errc::missing_subject_part), and the report-id need not look like a
/// message id. Views point into `text`. Errors: not_a_report_subject when no part is there, and
/// violations that `C` does not accept.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<subject_view> parse_subject(
    std::string_view text, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<subject_view> parse_subject(
    std::string_view text, const C& conformance) noexcept;

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Text, class... Rest>
constexpr result<subject_view> parse_subject(Text&& text, Rest&&...) = delete;

/// Columns of a line of mail that should not be exceeded (RFC 5322, section 2.1.1).
inline constexpr std::size_t mail_columns = 78;

/// Writes the value of a Subject field. A report-id that is not a message id becomes one: what a
/// dot-atom cannot have is replaced by ".", and "@" and the submitter follow. With `columns` the
/// text is folded (CRLF and a space) so that no line is longer, "Subject: " counted, unless one
/// word is; 0 means no folding. Domains lose a trailing dot. Throws what `out` throws. On an error
/// nothing is written; the error's subject is the part at fault. Errors: subject_domain
/// (where.element is 0 for the submitter, 1 for the policy domain; hint u_label where A-labels are
/// needed), report_id_characters for control characters (where.offset is that of the first in the
/// report-id), for an id without any character that can be kept, and for one too long for a line of
/// mail.
template <text_output Out>
constexpr result<void> write_subject(
    Out&& out, const subject_view& subject,
    std::size_t columns = 0) noexcept(detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/subject.hpp>

#endif
