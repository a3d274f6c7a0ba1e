/// @file
/// The parts of a mail: which of them is a report (RFC 8460, sections 5.3, 6.4 and 6.5). Needs
/// nothing but the standard library.
///
/// Labels are hints: the octets decide how a part is read. Everything here is constexpr, allocates
/// nothing and takes time linear in the text.

#ifndef TLSRPT_HPP_MAIL_PART
#define TLSRPT_HPP_MAIL_PART

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/payload.hpp>

namespace tlsrpt {

/// What a media type says about a part.
enum class media_type : std::uint8_t {
  report_json,       ///< application/tlsrpt+json
  report_gzip,       ///< application/tlsrpt+gzip
  report_other,      ///< application/tlsrpt without or with another suffix: not registered.
  gzip,              ///< application/gzip and its like: a report may be inside.
  json,              ///< application/json, text/json
  zip,               ///< application/zip and its like
  octets,            ///< application/octet-stream and its like
  text,              ///< text/plain; also an empty type, which means that (RFC 2045, section 5.2)
  multipart_report,  ///< multipart/report
  multipart,         ///< another multipart type
  message,           ///< message/rfc822, message/global: a mail in a mail
  other              ///< Anything else.
};

/// Classifies the value of a Content-Type field, without regard to case, parameters, trailing
/// comments and surrounding whitespace.
constexpr media_type classify_media_type(std::string_view content_type) noexcept;

/// Evidence that a part is a report, weakest first.
enum class evidence : std::uint8_t {
  none,       ///< Nothing suggests one.
  content,    ///< Only its octets, JSON or gzip, suggest it.
  file_name,  ///< A generic media type and a fitting file name.
  media_type  ///< A media type of RFC 8460 or one like it.
};

/// What labels and octets say about a part.
struct part_assessment {
  media_type label = media_type::other;                ///< What the media type says.
  payload content = payload::other;                    ///< What the octets are.
  tlsrpt::evidence evidence = tlsrpt::evidence::none;  ///< Why it is taken for a report.

  /// Whether a report can be read from the octets. Without it, evidence by media type or file name
  /// means that a report was meant.
  constexpr bool is_readable() const noexcept {
    return content == payload::json || content == payload::gzip;
  }
};

/// Applies the order of choice among the parts of a mail: a media type of RFC 8460, else a generic
/// one and a fitting file name, else the octets; whatever the labels say, the octets decide how the
/// part is read. `content_type` is the field's value, `file_name` that of the part ("" for none),
/// `octets` the decoded content. Findings: unregistered_media_type, media_type_contradicted,
/// file_name_contradicted; their subject is the label, and where.in says which.
template <diagnostic_sink S = ignore_diagnostics>
constexpr part_assessment examine_part(std::string_view content_type, std::string_view file_name,
                                       std::string_view octets,
                                       S&& sink = {}) noexcept(detail::is_nothrow_sink<S>);

/// Whether the value of a report-type parameter is "tlsrpt", without regard to case, quotation
/// marks and surrounding whitespace.
constexpr bool is_tlsrpt_report_type(std::string_view value) noexcept;

/// Compares what is around a report part with RFC 8460, section 5.3: the Content-Type of the
/// innermost multipart (or of the part itself when there is none) and its report-type ("" for
/// none). Findings: wrapper_type, report_type_parameter. Neither matters to reading the report.
template <diagnostic_sink S>
constexpr void check_wrapper(std::string_view content_type, std::string_view report_type,
                             S&& sink) noexcept(detail::is_nothrow_sink<S>);

}  // namespace tlsrpt

#include <tlsrpt/impl/mail/mail_part.hpp>

#endif
