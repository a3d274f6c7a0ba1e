/// @file
/// The one place through which every deviation passes.

#ifndef TLSRPT_HPP_DETAIL_CORE_GATE
#define TLSRPT_HPP_DETAIL_CORE_GATE

#include <concepts>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// The conformance type accepts a deviation, then it goes to the sink, or it is the error.
template <class Conformance, class Sink>
class deviation_gate {
 public:
  /// Offsets count in the text that `in` names.
  constexpr deviation_gate(const Conformance& conformance, Sink& sink, source in) noexcept
      : conformance_(conformance), sink_(sink), in_(in) {}

  /// Whether a deviation, which is not fatal, would be heard of or refused. Work that only finds
  /// out about it is not done otherwise.
  constexpr bool cares(errc code) const noexcept {
    if constexpr (std::same_as<Conformance, lenient>) return is_listening<Sink>;
    return listens() || !conformance_.accepts(code);
  }

  /// False means stop.
  constexpr bool pass(errc code, const location& where, std::string_view subject) {
    if (grade_of(code) == grade::fatal || !conformance_.accepts(code))
      return stop(code, where, subject);
    if constexpr (is_listening<Sink>) sink_(diagnostic{code, in_its_text(where), subject});
    return true;
  }

  /// Stops in every mode.
  constexpr bool stop(errc code, const location& where, std::string_view subject = {},
                      errc hint = errc::ok) noexcept {
    error_ = {code, in_its_text(where), subject, hint};
    return false;
  }

  /// Stops with an error that was met elsewhere.
  constexpr bool stop(const diagnostic& error) noexcept {
    error_ = error;
    return false;
  }

  constexpr const diagnostic& error() const noexcept { return error_; }

  constexpr const Conformance& conformance() const noexcept { return conformance_; }
  constexpr Sink& sink() const noexcept { return sink_; }

 private:
  constexpr bool listens() const noexcept {
    if constexpr (requires { sink_.listens(); })
      return sink_.listens();
    else
      return is_listening<Sink>;
  }

  constexpr location in_its_text(location where) const noexcept {
    where.in = in_;
    return where;
  }

  const Conformance& conformance_;
  Sink& sink_;
  source in_;
  diagnostic error_{};
};

}  // namespace tlsrpt::detail

#endif
