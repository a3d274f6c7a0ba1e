/// @file
/// The file name of a report (RFC 8460, section 5.1). Needs nothing but the standard library.
///
///     filename  = sender "!" policy-domain "!" begin-timestamp "!" end-timestamp
///                 [ "!" unique-id ] "." extension
///     unique-id = 1*(ALPHA / DIGIT)
///     extension = "json" / "json.gz"
///
/// A name is a hint: the content of the report decides (RFC 8460, section 5.6), and none of the
/// name is trustworthy unless the mail was authenticated. An error means that the name carries no
/// information, not that the report is unusable. Everything here is constexpr, allocates nothing
/// and takes time linear in the text.

#ifndef TLSRPT_HPP_FILE_NAME
#define TLSRPT_HPP_FILE_NAME

#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/timestamp.hpp>

namespace tlsrpt {

/// What a file name says. What it does not say is absent.
struct file_name_view {
  std::string_view sender{};         ///< The domain of the sender.
  std::string_view policy_domain{};  ///< The domain that the report is about.
  timestamp begin{};                 ///< The start of the period, written in seconds.
  timestamp end{};                   ///< The end of the period, written in seconds.
  std::string_view unique_id{};      ///< Distinguishes reports about the same period.
  bool is_gzip = false;              ///< Whether the extension says gzip.

  /// Times are equal when they are the same instant, or both unknown.
  friend constexpr bool operator==(const file_name_view&, const file_name_view&) = default;
};

/// Reads a file name. A leading path is skipped; the name must never be used as a path. Whitespace
/// and quotation marks around the parts are skipped, those inside a part are kept, see
/// unfold_file_name(). Another extension, as copies and other senders have it, is ignored. A domain
/// is returned as written, even if it is not one (errc::file_name_domain, errc::u_label); a time
/// that cannot be read or does not fit is unknown (errc::file_name_timestamp). Views point into
/// `text`. Errors: not_a_report_file_name, and violations that `C` does not accept.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<file_name_view> parse_file_name(
    std::string_view text, S&& sink = {}, C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<file_name_view> parse_file_name(
    std::string_view text, const C& conformance) noexcept;

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Text, class... Rest>
constexpr result<file_name_view> parse_file_name(Text&& text, Rest&&...) = delete;

/// Writes a file name that was folded in a mail without its whitespace. Do not use it for names of
/// files on disk: "name 2.json" is a copy there. Throws what `out` throws.
template <text_output Out>
constexpr void unfold_file_name(Out&& out,
                                std::string_view text) noexcept(detail::is_nothrow_output<Out>);

/// Writes a file name; domains lose a trailing dot, an absent unique_id is left out. Throws what
/// `out` throws. On an error nothing is written; the error's subject is the part at fault. Errors:
/// file_name_domain (where.element is 0 for the sender, 1 for the policy domain; hint u_label where
/// A-labels are needed), file_name_timestamp for an unknown or negative time (where.element is 0
/// for the start, 1 for the end), file_name_unique_id.
template <text_output Out>
constexpr result<void> write_file_name(Out&& out, const file_name_view& name) noexcept(
    detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/file_name.hpp>

#endif
