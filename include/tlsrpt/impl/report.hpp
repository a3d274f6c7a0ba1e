/// @file
/// Bodies of report.hpp.

#ifndef TLSRPT_HPP_IMPL_REPORT
#define TLSRPT_HPP_IMPL_REPORT

#include <tlsrpt/detail/core/any_gate.hpp>
#include <tlsrpt/detail/report/reader.hpp>

namespace tlsrpt {

namespace detail {

/// Indexes a loaded text and walks it: `head` and the builder get the report. False: the gate has
/// the error.
template <delivery Order, class Gate, class Builder>
bool read_report(report_text& text, const limits& limits, Gate& gate, const Builder& builder,
                 report_head_view& head) {
  if (!text.index(limits, gate)) return false;
  report_reader<Order, Gate, Builder> reader(text, limits, gate, builder, head);
  const outcome done = reader.read_report();
  if (done != outcome::not_json) [[likely]]
    return done == outcome::read;
  const json_fault fault = text.first_fault();
  // Only a scalar after a byte order mark, which simdjson takes for part of it, has no fault.
  return gate.stop(fault.code == errc::ok ? errc::not_an_object : fault.code,
                   {.offset = fault.offset});
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
template <class Load, class Sink>
result<report_view> report_parser<C, I>::read_arrays(Load&& load, Sink& sink) {
  result<report_view> report;
  if (in_use_) [[unlikely]] {
    report = diagnostic{errc::parser_in_use};
    return report;
  }
  const detail::marking in_use(in_use_);
  arenas_.recycle();
  detail::with_one_of_two_gates(conformance_, sink, [&](auto& gate) {
    const detail::array_builder builder(arenas_);
    if (load(gate) &&
        detail::read_report<detail::delivery::as_written>(text_, limits_, gate, builder, *report))
      report->policies = {arenas_.policies.data(), arenas_.policies.size()};
    else
      report = gate.error();
  });
  return report;
}

template <conformance C, inflater I>
template <class Load, class Visitor, class Sink>
result<report_head_view> report_parser<C, I>::read_calls(Load&& load, Visitor& visitor,
                                                         Sink& sink) {
  result<report_head_view> head;
  if (in_use_) [[unlikely]] {
    head = diagnostic{errc::parser_in_use};
    return head;
  }
  const detail::marking in_use(in_use_);
  arenas_.recycle();
  detail::with_one_of_two_gates(conformance_, sink, [&](auto& gate) {
    const detail::visiting_builder builder(arenas_, detail::any_visitor(visitor));
    if (!load(gate) ||
        !detail::read_report<detail::delivery::by_schema>(text_, limits_, gate, builder, *head))
      head = gate.error();
  });
  return head;
}

template <conformance C, inflater I>
template <diagnostic_sink Sink>
result<report_view> report_parser<C, I>::parse(bytes_view bytes, Sink&& sink) & noexcept(
    detail::is_nothrow_sink<Sink>) {
  return read_arrays([&](auto& gate) { return text_.load(bytes.span(), inflater_, limits_, gate); },
                     sink);
}

template <conformance C, inflater I>
template <diagnostic_sink Sink>
result<report_view> report_parser<C, I>::parse_in_place(padded_view json, Sink&& sink) & noexcept(
    detail::is_nothrow_sink<Sink>) {
  return read_arrays([&](auto& gate) { return text_.borrow(json, limits_, gate); }, sink);
}

template <conformance C, inflater I>
template <report_visitor Visitor, diagnostic_sink Sink>
result<report_head_view> report_parser<C, I>::visit(bytes_view bytes, Visitor&& visitor,
                                                    Sink&& sink) & {
  return read_calls([&](auto& gate) { return text_.load(bytes.span(), inflater_, limits_, gate); },
                    visitor, sink);
}

template <conformance C, inflater I>
template <report_visitor Visitor, diagnostic_sink Sink>
result<report_head_view> report_parser<C, I>::visit_in_place(padded_view json, Visitor&& visitor,
                                                             Sink&& sink) & {
  return read_calls([&](auto& gate) { return text_.borrow(json, limits_, gate); }, visitor, sink);
}

}  // namespace tlsrpt

#endif
