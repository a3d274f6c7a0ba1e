/// @file
/// Bodies of mail_part.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_MAIL_PART
#define TLSRPT_HPP_IMPL_MAIL_MAIL_PART

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include <tlsrpt/detail/mail/extension.hpp>
#include <tlsrpt/detail/mail/words.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/file_name.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt {

namespace detail {

inline constexpr charset media_type_end_octet = whitespace_octet | charset(";(");
inline constexpr charset parameter_decoration_octet = whitespace_octet | charset("\"';");

struct known_media_type {
  std::string_view name;
  media_type type;
};

/// The usual ones first.
inline constexpr known_media_type known_media_types[] = {
    {"text/plain", media_type::text},
    {"multipart/report", media_type::multipart_report},
    {"application/tlsrpt+gzip", media_type::report_gzip},
    {"application/tlsrpt+json", media_type::report_json},
    {"application/gzip", media_type::gzip},
    {"application/x-gzip", media_type::gzip},
    {"application/gzip-compressed", media_type::gzip},
    {"application/gzipped", media_type::gzip},
    {"application/x-gunzip", media_type::gzip},
    {"application/x-gzip-compressed", media_type::gzip},
    {"application/json", media_type::json},
    {"application/x-json", media_type::json},
    {"text/json", media_type::json},
    {"text/x-json", media_type::json},
    {"application/zip", media_type::zip},
    {"application/x-zip", media_type::zip},
    {"application/x-zip-compressed", media_type::zip},
    {"application/octet-stream", media_type::octets},
    {"application/x-octet-stream", media_type::octets},
    {"application/binary", media_type::octets},
    {"application/x-compressed", media_type::octets},
    {"application/x-compress", media_type::octets},
    {"application/x-download", media_type::octets},
    {"application/force-download", media_type::octets},
    {"application/unknown", media_type::octets},
    {"message/rfc822", media_type::message},
    {"message/global", media_type::message},
};

/// Sizes of media types, all larger ones as one.
inline constexpr std::size_t media_type_sizes = 32;

/// A bit for each known media type of a size.
inline constexpr auto known_media_types_by_size = [] {
  std::array<std::uint32_t, media_type_sizes> types{};
  static_assert(std::size(known_media_types) <= 32);
  for (std::size_t i = 0; i < std::size(known_media_types); ++i)
    types[known_media_types[i].name.size()] |= std::uint32_t{1} << i;
  return types;
}();

/// What a media type without anything around it means.
constexpr media_type find_media_type(std::string_view name) noexcept {
  if (name.empty()) return media_type::text;
  const std::size_t size = std::min(name.size(), media_type_sizes - 1);
  for (std::uint32_t left = known_media_types_by_size[size]; left != 0; left &= left - 1) {
    const known_media_type& known = known_media_types[std::countr_zero(left)];
    if (equals_folded(name, known.name)) return known.type;
  }
  if (starts_with_folded(name, "application/tlsrpt")) return media_type::report_other;
  if (starts_with_folded(name, "multipart/")) return media_type::multipart;
  return media_type::other;
}

}  // namespace detail

constexpr media_type classify_media_type(std::string_view content_type) noexcept {
  return detail::find_media_type(detail::until(
      detail::trim_front(content_type, detail::whitespace_octet), detail::media_type_end_octet));
}

constexpr std::string_view name(part_kind kind) noexcept {
  switch (kind) {
    case part_kind::report:
      return "report";
    case part_kind::archive:
      return "archive";
    case part_kind::mail:
      return "mail";
    case part_kind::text:
      return "text";
    case part_kind::empty:
      return "empty";
    case part_kind::signature:
      return "signature";
    case part_kind::status:
      return "status";
    case part_kind::encrypted:
      return "encrypted";
    case part_kind::incomplete:
      return "incomplete";
    case part_kind::too_deep:
      return "too-deep";
    case part_kind::other:
      return "other";
  }
  return {};
}

namespace detail {

/// What a media type says that the octets are; payload::other when it does not say.
constexpr payload promised_payload(media_type label) noexcept {
  switch (label) {
    case media_type::report_json:
    case media_type::json:
      return payload::json;
    case media_type::report_gzip:
    case media_type::gzip:
      return payload::gzip;
    case media_type::zip:
      return payload::zip;
    default:
      return payload::other;
  }
}

constexpr bool is_report_type(media_type label) noexcept {
  return label == media_type::report_json || label == media_type::report_gzip ||
         label == media_type::report_other;
}

constexpr bool is_type_of_mails(media_type label) noexcept {
  return label == media_type::multipart_report || label == media_type::multipart ||
         label == media_type::message;
}

/// What a file name says about what has no media type of RFC 8460.
struct name_evidence {
  tlsrpt::evidence evidence = tlsrpt::evidence::none;
  bool is_of_report = false;  ///< It is that of a report, with the extension.
};

constexpr name_evidence evidence_of_name(std::string_view file_name, bool is_readable) noexcept {
  const evidence other = is_readable ? evidence::content : evidence::none;
  if (file_name.empty()) return {other};
  const std::string_view bare_name = trim(file_name, file_name_decoration_octet);
  const bool is_name = parse_file_name(file_name).has_value();
  const bool has_extension = report_extension_size(bare_name) != 0;
  // A DMARC report has such a name, too, but ends in .xml.
  const bool fits = (is_name && !has_word(bare_name.substr(bare_name.rfind('!')), "xml")) ||
                    (is_readable && has_extension);
  return {fits ? evidence::file_name : other, is_name && has_extension};
}

}  // namespace detail

template <diagnostic_sink S>
constexpr part_assessment examine_part(std::string_view content_type, std::string_view file_name,
                                       std::string_view octets,
                                       S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  part_assessment found{classify_media_type(content_type), classify_payload(octets)};
  if (detail::is_type_of_mails(found.label)) return found;
  found.evidence = detail::is_report_type(found.label)
                       ? evidence::media_type
                       : detail::evidence_of_name(file_name, found.is_readable()).evidence;
  if (found.evidence == evidence::none) return found;

  if (found.label != media_type::report_json && found.label != media_type::report_gzip)
    sink(diagnostic{errc::unregistered_media_type, {.in = source::header_field}, content_type});
  if (found.content == payload::empty || found.content == payload::other) return found;
  const payload promised = detail::promised_payload(found.label);
  if (promised != payload::other && promised != found.content)
    sink(diagnostic{errc::media_type_contradicted, {.in = source::header_field}, content_type});
  const std::size_t extension =
      detail::report_extension_size(detail::trim(file_name, detail::file_name_decoration_octet));
  const bool names_gzip = extension == detail::gzip_extension.size();
  const payload named = names_gzip ? payload::gzip : payload::json;
  if (extension != 0 && named != found.content)
    sink(diagnostic{errc::file_name_contradicted, {.in = source::file_name}, file_name});
  return found;
}

constexpr bool is_tlsrpt_report_type(std::string_view value) noexcept {
  return detail::equals_folded(detail::trim(value, detail::parameter_decoration_octet), "tlsrpt");
}

template <diagnostic_sink S>
constexpr void check_wrapper(std::string_view content_type, std::string_view report_type,
                             S&& sink) noexcept(detail::is_nothrow_sink<S>) {
  if (classify_media_type(content_type) != media_type::multipart_report)
    sink(diagnostic{errc::wrapper_type, {.in = source::header_field}, content_type});
  else if (!is_tlsrpt_report_type(report_type))
    sink(diagnostic{errc::report_type_parameter, {.in = source::header_field}, report_type});
}

}  // namespace tlsrpt

#endif
