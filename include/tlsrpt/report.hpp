/// @file
/// Reads TLS reports (RFC 8460, section 4): JSON or gzip in, typed views out.
///
/// The only public header that includes `<simdjson.h>`; keep it in one source file of your program.

#ifndef TLSRPT_HPP_REPORT
#define TLSRPT_HPP_REPORT

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

#include <tlsrpt/bytes.hpp>
#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/gzip.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/padded.hpp>
#include <tlsrpt/path.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/schema.hpp>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/report/builders.hpp>
#include <tlsrpt/detail/report/text.hpp>

namespace tlsrpt {

/// Takes a report part by part: on_report once, then for each policy on_policy and an on_failure
/// per failure detail, whatever order the sender chose. Each returns nothing, or a bool: false
/// stops. The spans of a policy live until the next on_policy; all else lives as long as the views
/// of the parser. Callbacks run before the rest of the text has been validated: discard what they
/// collected unless visit() returns a value.
template <class V>
concept report_visitor = requires(V& v, const report_head_view& report,
                                  const policy_head_view& policy,
                                  const failure_details_view& failure) {
  v.on_report(report);
  v.on_policy(policy);
  v.on_failure(policy, failure);
};

/// Reads reports. Keep one per thread: it reuses its buffers, so after the first few reports it no
/// longer allocates. Move-only; one that was moved from has an empty text and may be used again.
/// Different threads may use different parsers.
///
/// Views live until the next call on the parser that made them, its destruction, or a write to an
/// input that was parsed in place. They survive a move of the parser.
///
/// While a call runs, its sink and its visitor may look at text() only: parsing and visiting with
/// the same parser is errc::parser_in_use, and release() does nothing. They must not move or
/// destroy it.
///
/// What is checked: the whole text is validated as JSON in UTF-8, including members that RFC 8460
/// does not know; gzip checksums and lengths are verified. Each deviation from RFC 8460 goes to the
/// conformance type: what it accepts reaches the sink, in the order of reading, and the rest of the
/// report is read; the first it does not accept is the error. Limits hold in every mode.
///
/// Errors: any errc of grade fatal but those of records, and those that `Conformance` refuses.
/// Offsets count octets of the JSON text (of the inflated text for gzip), or of the gzip data for
/// codes about gzip.
///
/// Complexity: linear in the text.
template <conformance Conformance = lenient, inflater Inflater = zlib_inflater>
class report_parser {
 public:
  /// Allocates nothing yet. Pass `conformance` or `inflater` only if its type is stateful. Limits
  /// that are out of reach are lowered to what is possible.
  explicit report_parser(const limits& limits = {}, Conformance conformance = {},
                         Inflater inflater = {}) noexcept
      : limits_(detail::report_text::attainable(limits)),
        conformance_(conformance),
        inflater_(std::move(inflater)) {}

  /// Reads one report, JSON or gzip, recognized by content. The bytes are copied or inflated into
  /// the parser's buffer, so they may go when this returns; they may also be part of what the last
  /// call read. Deviations go to `sink`.
  template <diagnostic_sink Sink = ignore_diagnostics>
  result<report_view> parse(bytes_view bytes,
                            Sink&& sink = {}) & noexcept(detail::is_nothrow_sink<Sink>);
  /// The same for a pointer and a size.
  template <detail::byte_like T, diagnostic_sink Sink = ignore_diagnostics>
  result<report_view> parse(const T* data, std::size_t size,
                            Sink&& sink = {}) & noexcept(detail::is_nothrow_sink<Sink>) {
    return parse({data, size}, sink);
  }

  /// Reads one report in JSON without copying it. Views also end with a write to the input.
  /// errc::insufficient_padding when fewer than tlsrpt::padding octets are readable after the text,
  /// errc::gzip_in_place for gzip.
  template <diagnostic_sink Sink = ignore_diagnostics>
  result<report_view> parse_in_place(padded_view json,
                                     Sink&& sink = {}) & noexcept(detail::is_nothrow_sink<Sink>);

  /// Like parse(), but builds no arrays: the parts are handed to `visitor`. Memory does not grow
  /// with the number of policies and failure details. Returns the report without its policies.
  /// errc::stopped_by_visitor when the visitor returned false. Throws what the visitor throws.
  template <report_visitor Visitor, diagnostic_sink Sink = ignore_diagnostics>
  result<report_head_view> visit(bytes_view bytes, Visitor&& visitor, Sink&& sink = {}) &;
  /// The same for a pointer and a size.
  template <detail::byte_like T, report_visitor Visitor, diagnostic_sink Sink = ignore_diagnostics>
  result<report_head_view> visit(const T* data, std::size_t size, Visitor&& visitor,
                                 Sink&& sink = {}) & {
    return visit({data, size}, visitor, sink);
  }

  /// visit() without copying the text, as parse_in_place() does it.
  template <report_visitor Visitor, diagnostic_sink Sink = ignore_diagnostics>
  result<report_head_view> visit_in_place(padded_view json, Visitor&& visitor, Sink&& sink = {}) &;

  /// The JSON text of the last call, inflated if it came as gzip: what offsets count in. It lives
  /// as long as the views.
  std::string_view text() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return text_.text(); }
  /// Deleted: the view of a temporary would dangle.
  std::string_view text() const&& = delete;

  /// Gives back the memory of texts and views, for example after an unusually large report. Ends
  /// all views.
  void release() noexcept {
    if (in_use_) return;
    text_.release();
    arenas_.release();
  }

 private:
  template <class Load, class Sink>
  result<report_view> read_arrays(Load&& load, Sink& sink);
  template <class Load, class Visitor, class Sink>
  result<report_head_view> read_calls(Load&& load, Visitor& visitor, Sink& sink);

  limits limits_;
  bool in_use_ = false;  ///< A sink or a visitor may be running.
  [[no_unique_address]] Conformance conformance_;
  [[no_unique_address]] Inflater inflater_;
  detail::report_text text_;
  detail::report_arenas arenas_;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/report.hpp>

#endif
