/// @file
/// Writes the mail that brings a report (RFC 8460, section 5.3), and says how one is posted
/// (section 5.4). Needs nothing but the standard library and allocates nothing.
///
///     std::string json, gzip, mail;
///     if (write_report(json, report) && write_gzip(gzip, json))
///       write_mail(mail, report, gzip, {.to = "tls@example.org", .about = "example.org",
///                                       .date = std::time(nullptr), .unique_id = "001"});
///
/// The mail has no DKIM signature, which RFC 8460, section 3 demands: the mail server has to add
/// one of the submitter's domain.

#ifndef TLSRPT_HPP_WRITE_MAIL
#define TLSRPT_HPP_WRITE_MAIL

#include <cstdint>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// What a mail with a report has beside the report.
struct mail_options {
  std::string_view to{};     ///< The mail address of the endpoint; see rua_view::decode_to().
  std::string_view about{};  ///< The domain that the report is about, in A-labels.
  std::int64_t date = 0;     ///< When the mail is made, in seconds since 1970.
  std::string_view from{};   ///< The mail address of the sender; contact-info if it is empty.
  /// Distinguishes file names of reports about the same domain and period; see write_file_name().
  std::string_view unique_id{};
  /// Distinguishes the mails with one report: the index of the endpoint. Mails that are sent again
  /// have the same Message-ID.
  std::uint32_t endpoint = 0;
};

/// Writes a mail as SMTP takes it: a header with folded lines that end in CRLF, a text for people,
/// and the report in base64. `octets` are the JSON or gzip data of `report`, whatever wrote them.
/// The submitter is the domain of contact-info. The same arguments give the same mail.
///
/// Errors: contact_info; mail_address, where.element being 0 for `from` and 1 for `to`, for an
/// address outside ASCII too; unreadable_date_time for a date outside the years 1900 to 9999;
/// not_a_report when `octets` are neither JSON nor gzip data; those of write_subject() for the
/// domains and report-id; those of write_file_name() for the period and unique_id, which has 64
/// octets at most. On an error nothing is written. Throws what `out` throws. Linear.
template <text_output Out>
constexpr result<void> write_mail(
    Out&& out, const report_view& report, std::string_view octets,
    const mail_options& options) noexcept(detail::is_nothrow_output<Out>);

/// The Content-Type of a report in JSON or gzip, for a POST whose body is `octets` and nothing
/// else; a literal. Do not add a Content-Encoding.
constexpr std::string_view media_type_of_report(std::string_view octets) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/write_mail.hpp>

#endif
