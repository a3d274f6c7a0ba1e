/// @file
/// The one place through which every deviation of a small grammar passes.

#ifndef TLSRPT_HPP_DETAIL_CORE_GATE
#define TLSRPT_HPP_DETAIL_CORE_GATE

#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

/// The conformance type accepts a deviation, then it goes to the sink, or it is the error.
template <class Conformance, class Sink>
class deviation_gate {
 public:
  constexpr deviation_gate(const Conformance& conformance, Sink& sink) noexcept
      : conformance_(conformance), sink_(sink) {}

  /// Whether a deviation would be heard of or refused. Work that only finds out about it is not
  /// done otherwise.
  constexpr bool cares(errc code) const noexcept {
    return is_listening<Sink> || !conformance_.accepts(code);
  }

  /// False means stop.
  constexpr bool pass(errc code, const location& where, std::string_view subject) {
    if (!conformance_.accepts(code)) return stop(code, where);
    if constexpr (is_listening<Sink>) sink_(diagnostic{code, where, subject});
    return true;
  }

  /// Stops in every mode.
  constexpr bool stop(errc code, const location& where) noexcept {
    error_ = {code, where};
    return false;
  }

  constexpr const error_info& error() const noexcept { return error_; }

 private:
  const Conformance& conformance_;
  Sink& sink_;
  error_info error_{};
};

}  // namespace tlsrpt::detail

#endif
