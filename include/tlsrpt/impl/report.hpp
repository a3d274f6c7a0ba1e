/// @file
/// Bodies of report.hpp.

#ifndef TLSRPT_HPP_IMPL_REPORT
#define TLSRPT_HPP_IMPL_REPORT

#include <tlsrpt/detail/core/any_gate.hpp>
#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/report/reader.hpp>

namespace tlsrpt {

namespace detail {

/// Indexes a loaded text and walks it. The error, or code errc::ok; then `head` and the builder
/// have the report.
template <delivery Order, class Conformance, class Sink, class Builder>
diagnostic read_report(report_text& text, const limits& limits, const Conformance& conformance,
                       Sink& sink, Builder& builder, report_head_view& head) {
  const diagnostic indexed = text.index(limits);
  if (indexed.code != errc::ok) return indexed;
  deviation_gate gate(conformance, sink, source::json);
  report_reader<Order, decltype(gate), Builder> reader(text, limits, gate, builder, head);
  switch (reader.read_report()) {
    case outcome::read:
      return {};
    case outcome::refused:
      return gate.error();
    case outcome::not_json:
      break;
  }
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
template <class Load, class Sink>
result<report_view> report_parser<C, I>::read_arrays(Load&& load, Sink& sink) {
  arenas_.recycle();
  report_view report;
  const diagnostic error =
      detail::with_one_of_two_gates(conformance_, sink, [&](const auto& conformance, auto& taker) {
        const diagnostic loaded = load(conformance, taker);
        if (loaded.code != errc::ok) return loaded;
        detail::array_builder builder(arenas_);
        return detail::read_report<detail::delivery::as_written>(text_, limits_, conformance, taker,
                                                                 builder, report);
      });
  if (error.code != errc::ok) return error;
  report.policies = {arenas_.policies.data(), arenas_.policies.size()};
  return report;
}

template <conformance C, inflater I>
template <class Load, class Visitor, class Sink>
result<report_head_view> report_parser<C, I>::read_calls(Load&& load, Visitor& visitor,
                                                         Sink& sink) {
  arenas_.recycle();
  report_head_view head;
  const diagnostic error =
      detail::with_one_of_two_gates(conformance_, sink, [&](const auto& conformance, auto& taker) {
        const diagnostic loaded = load(conformance, taker);
        if (loaded.code != errc::ok) return loaded;
        detail::visiting_builder<Visitor> builder(arenas_, visitor);
        return detail::read_report<detail::delivery::by_schema>(text_, limits_, conformance, taker,
                                                                builder, head);
      });
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
  return read_arrays(
      [&](const auto& conformance, auto& taker) {
        return text_.load(bytes.span(), inflater_, limits_, conformance, taker);
      },
      sink);
}

template <conformance C, inflater I>
template <diagnostic_sink Sink>
result<report_view> report_parser<C, I>::parse_in_place(padded_view json, Sink&& sink) & noexcept(
    detail::is_nothrow_sink<Sink>) {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  return read_arrays([&](const auto&, auto&) { return text_.borrow(json, limits_); }, sink);
}

template <conformance C, inflater I>
template <report_visitor Visitor, diagnostic_sink Sink>
result<report_head_view> report_parser<C, I>::visit(bytes_view bytes, Visitor&& visitor,
                                                    Sink&& sink) & {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  return read_calls(
      [&](const auto& conformance, auto& taker) {
        return text_.load(bytes.span(), inflater_, limits_, conformance, taker);
      },
      visitor, sink);
}

template <conformance C, inflater I>
template <report_visitor Visitor, diagnostic_sink Sink>
result<report_head_view> report_parser<C, I>::visit_in_place(padded_view json, Visitor&& visitor,
                                                             Sink&& sink) & {
  if (in_use_) [[unlikely]]
    return diagnostic{errc::parser_in_use};
  const detail::marking in_use(in_use_);
  return read_calls([&](const auto&, auto&) { return text_.borrow(json, limits_); }, visitor, sink);
}

}  // namespace tlsrpt

#endif
