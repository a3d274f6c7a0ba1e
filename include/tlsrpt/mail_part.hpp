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

/// How the content of a part is encoded (RFC 2045, section 6).
enum class transfer_encoding : std::uint8_t {
  identity,          ///< Not at all: 7bit, 8bit, binary, no label, or one that is not known.
  base64,            ///< RFC 2045, section 6.8.
  quoted_printable,  ///< RFC 2045, section 6.7.
  uuencode           ///< x-uuencode: not standardised, but written to this day.
};

/// What a part of a mail is, as far as reports are concerned: candidates first, then what is passed
/// over, and why.
enum class part_kind : std::uint8_t {
  report,      ///< Its content is a report, or was to be one.
  archive,     ///< Its content is a ZIP archive, in which reports may be.
  mail,        ///< Its content is a mail that was encoded or signed: read that one, too.
  text,        ///< Text without anything like a report in it.
  empty,       ///< Nothing but whitespace.
  signature,   ///< A signature of other parts.
  status,      ///< What a mail system says of another mail: notifications, its header alone.
  encrypted,   ///< Encrypted with S/MIME or PGP.
  incomplete,  ///< A piece of a mail, or a reference to what is elsewhere.
  too_deep,    ///< Nested deeper than the limit, so not looked into.
  other        ///< Something else: a picture, what payload names.
};

/// Whether a report may be found in a part of this kind.
constexpr bool is_candidate(part_kind kind) noexcept { return kind <= part_kind::mail; }

/// The kind as a word for programs, such as "too-deep"; a literal. Empty for another value.
constexpr std::string_view name(part_kind kind) noexcept;

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
