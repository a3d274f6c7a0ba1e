/// @file
/// Advice as one JSON document for other programs. Members stay as they are; others may be added,
/// and `version` stays 1 until one of them changes its meaning.
///
///     {"version":1,"now":"2026-11-24",
///      "advice":[{"code","key","severity","impact","party","certainty","domains","host","node",
///        "reason","since","last","change","reporters","others","noted","failed-at-least","text",
///        "do-first","evidence"}..],
///      "silent":[{"reporter","domain","last-day","days"}..]}
///
/// Only where some are there, "unexplained" follows "failed-at-least". Days are as 2026-11-24;
/// `host` and `node` are null when there is none; `evidence` has digests. `impact`, `party`,
/// `certainty` and `change` are the names of the values in advice.hpp, reasons.hpp and trend.hpp,
/// or "spike". Names and texts of senders are escaped as by escape::json_string().

#ifndef TLSRPT_HPP_WRITE_ADVICE
#define TLSRPT_HPP_WRITE_ADVICE

#include <string_view>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// The `version` of the document.
inline constexpr unsigned advice_json_version = 1;

/// Writes one line without a line end. Throws what `out` throws.
template <text_output Out>
void write_advice_json(Out&& out, const advice& advice) noexcept(detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/write_advice.hpp>

#endif
