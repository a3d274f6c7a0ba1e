/// @file
/// Bodies of report.hpp.

#ifndef TLSRPT_HPP_IMPL_REPORT
#define TLSRPT_HPP_IMPL_REPORT

#include <tlsrpt/detail/report/reader.hpp>

namespace tlsrpt {

namespace detail {

/// Indexes a loaded text and walks it. The error, or code errc::ok and the report's head.
template <class Conformance, class Sink, class Builder>
diagnostic read_report(report_text& text, const limits& limits, const Conformance& conformance,
                       Sink& sink, Builder& builder, report_head_view& head) {
  const diagnostic indexed = text.index(limits);
  if (indexed.code != errc::ok) return indexed;
  report_reader reader(text, limits, conformance, sink, builder);
  const bool usable = reader.read();
  head = reader.head();
  if (usable) return {};
  if (!reader.is_broken()) return reader.error();
  const json_fault fault = text.first_fault();
  // Only a scalar after a byte order mark, which simdjson takes for part of it, comes here.
  if (fault.code == errc::ok) return {errc::not_an_object, {.offset = fault.offset}};
  return {fault.code, {.offset = fault.offset}};
}

/// Holds a mark while it lives.
class marking {
 public:
  explicit marking(bool& mark) noexcept : mark_(mark) { mark_ = true; }
  marking(const marking&) = delete;
  ~marking() { mark_ = false; }

 private:
  bool& mark_;
};

}  // namespace detail

template <conformance C, inflater I>
template <class Sink>
result<report_view> report_parser<C, I>::read_arrays(Sink& sink) {
  detail::array_builder builder(arenas_);
  report_view report;
  const diagnostic error = detail::read_report(text_, limits_, conformance_, sink, builder, report);
  if (error.code != errc::ok) return error;
  report.policies = {arenas_.policies.data(), arenas_.policies.size()};
  return report;
}

template <conformance C, inflater I>
template <class Visitor, class Sink>
result<report_head_view> report_parser<C, I>::read_calls(Visitor& visitor, Sink& sink) {
  detail::visiting_builder<Visitor> builder(arenas_, visitor);
  report_head_view head;
  const diagnostic error = detail::read_report(text_, limits_, conformance_, sink, builder, head);
  if (error.code != errc::ok) return error;
  return head;
}

template <conformance C, inflater I>
template <diagnostic_sink Sink>
result<report_view> report_parser<C, I>::parse(bytes_view bytes, Sink&& sink) & noexcept(
    detail::is_nothrow_sink<Sink>) {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  arenas_.recycle();
  const diagnostic error = text_.load(bytes.span(), inflater_, limits_, conformance_, sink);
  if (error.code != errc::ok) return error;
  return read_arrays(sink);
}

template <conformance C, inflater I>
template <diagnostic_sink Sink>
result<report_view> report_parser<C, I>::parse_in_place(padded_view json, Sink&& sink) & noexcept(
    detail::is_nothrow_sink<Sink>) {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  arenas_.recycle();
  const diagnostic error = text_.borrow(json, limits_);
  if (error.code != errc::ok) return error;
  return read_arrays(sink);
}

template <conformance C, inflater I>
template <report_visitor Visitor, diagnostic_sink Sink>
result<report_head_view> report_parser<C, I>::visit(bytes_view bytes, Visitor&& visitor,
                                                    Sink&& sink) & {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  arenas_.recycle();
  const diagnostic error = text_.load(bytes.span(), inflater_, limits_, conformance_, sink);
  if (error.code != errc::ok) return error;
  return read_calls(visitor, sink);
}

template <conformance C, inflater I>
template <report_visitor Visitor, diagnostic_sink Sink>
result<report_head_view> report_parser<C, I>::visit_in_place(padded_view json, Visitor&& visitor,
                                                             Sink&& sink) & {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  arenas_.recycle();
  const diagnostic error = text_.borrow(json, limits_);
  if (error.code != errc::ok) return error;
  return read_calls(visitor, sink);
}

}  // namespace tlsrpt

#endif
