/// @file
/// Untrusted text for the places where programs put it. Needs nothing but the standard library and
/// allocates nothing.
///
/// Everything that a sender wrote is untrusted: texts of reports and records, file names, header
/// fields, and the subject of a diagnostic. Each function here first makes text that can be shown:
/// controls, what turns, hides or takes no room, noncharacters and octets that are not UTF-8 become
/// escapes such as `\n`, `\x1b`, `\u{202e}` and `\xff`; letters that look like others are left.
/// Then it does what its place needs, quotation marks included where the place has them. What reads
/// that syntax has the text that terminal() writes; of json_string() the text itself.
///
///     std::string line = "reason=";
///     tlsrpt::escape::log_value(line, failure.failure_reason_code);
///
/// Escape at the last moment, once, for one place. All functions throw what `out` throws, and are
/// linear.

#ifndef TLSRPT_HPP_ESCAPE
#define TLSRPT_HPP_ESCAPE

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// Writes untrusted text for the places where programs put it.
namespace escape {

/// For `max_characters`: a text of any length.
inline constexpr std::size_t any_length = std::string_view::npos;

/// How many characters are shown unless you say otherwise: reason codes and ids have no limit.
inline constexpr std::size_t shown_characters = 400;

/// Writes a text for a terminal: on one line, and with nothing that steers it or deceives the eye.
/// A text of more than `max_characters` characters is cut, and the end says how much is missing, as
/// in "Ministry [19 more octets]".
template <text_output Out>
constexpr void terminal(
    Out&& out, std::string_view text,
    std::size_t max_characters = shown_characters) noexcept(detail::is_nothrow_output<Out>);

/// Writes a value of `key="value"`, as logs have it: a terminal() text in quotation marks, with a
/// backslash before each quotation mark and backslash. One event stays one line.
template <text_output Out>
constexpr void log_value(
    Out&& out, std::string_view text,
    std::size_t max_characters = shown_characters) noexcept(detail::is_nothrow_output<Out>);

/// Writes text of an HTML page, or of an attribute in quotation marks of either kind: a terminal()
/// text with entities for & < > " and '. That is not enough for scripts, styles, URLs and
/// attributes without quotation marks.
template <text_output Out>
constexpr void html_text(
    Out&& out, std::string_view text,
    std::size_t max_characters = any_length) noexcept(detail::is_nothrow_output<Out>);

/// Writes a cell of a CSV file (RFC 4180): a terminal() text of any length in quotation marks, with
/// those inside doubled. When a spreadsheet would run it, an apostrophe comes first: when it begins
/// with = + - or @, of full width too, after spaces or not, or with a tab or a line end.
template <text_output Out>
constexpr void csv_cell(Out&& out, std::string_view text) noexcept(detail::is_nothrow_output<Out>);

/// The most octets of a label's value.
inline constexpr std::size_t max_label_octets = 128;

/// Writes the value of a label for OpenMetrics or Prometheus: a terminal() text in quotation marks,
/// with a backslash before each quotation mark and backslash. Values of more than max_label_octets
/// end with "~" and a hash instead, so that those that begin alike stay apart.
template <text_output Out>
constexpr void openmetrics_label(Out&& out,
                                 std::string_view text) noexcept(detail::is_nothrow_output<Out>);

/// Writes a string of JSON in quotation marks: what reads it has the text itself, with `\xff` for
/// an octet that is not UTF-8. The JSON can be shown, and embedded in a script of an HTML page:
/// what terminal() escapes, and < > and &, are written as `\u` and four digits.
template <text_output Out>
constexpr void json_string(Out&& out,
                           std::string_view text) noexcept(detail::is_nothrow_output<Out>);

}  // namespace escape

}  // namespace tlsrpt

#include <tlsrpt/impl/escape.hpp>

#endif
