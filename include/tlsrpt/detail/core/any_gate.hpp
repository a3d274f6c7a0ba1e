/// @file
/// Conformance types and sinks behind pointers, so that one body serves all of them.

#ifndef TLSRPT_HPP_DETAIL_CORE_ANY_GATE
#define TLSRPT_HPP_DETAIL_CORE_ANY_GATE

#include <concepts>
#include <memory>
#include <type_traits>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// Refers to an object of any conformance type.
class any_conformance {
 public:
  template <class C>
  explicit any_conformance(const C& conformance) noexcept
      : conformance_(std::addressof(conformance)) {
    if constexpr (!std::same_as<C, lenient>)
      accepts_ = [](const void* c, errc code) noexcept {
        return static_cast<const C*>(c)->accepts(code);
      };
  }

  /// Of codes that are not fatal; for others it is not asked.
  bool accepts(errc code) const noexcept {
    return accepts_ == nullptr || accepts_(conformance_, code);
  }

 private:
  const void* conformance_;
  bool (*accepts_)(const void*, errc) noexcept = nullptr;  ///< Absent if all is accepted.
};

/// Refers to a sink of any type.
class any_sink {
 public:
  template <class S>
  requires(!std::same_as<std::remove_const_t<S>, any_sink>) explicit any_sink(S& sink) noexcept
      : sink_(address_of(sink)), take_(take<S>), listens_(is_listening<S>) {}

  void operator()(const diagnostic& d) const { take_(sink_, d); }

  bool listens() const noexcept { return listens_; }

 private:
  template <class S>
  static void take(void* sink, const diagnostic& d) {
    (*reinterpret_cast<S*>(sink))(d);
  }

  template <class S>
  static void* address_of(S& sink) noexcept {
    if constexpr (std::is_function_v<S>)
      return reinterpret_cast<void*>(&sink);
    else
      return const_cast<std::remove_cv_t<S>*>(std::addressof(sink));
  }

  void* sink_;
  void (*take_)(void*, const diagnostic&);
  bool listens_;
};

/// Whether nobody would learn of a deviation that is not fatal.
template <class Conformance, class Sink>
inline constexpr bool is_quiet = std::same_as<Conformance, lenient> && !is_listening<Sink>;

/// Calls `read(gate)` with a gate for JSON: one that knows the two types when nothing is to be
/// said, else one for any types. So there are two bodies of `read`, however many types there are.
template <class Conformance, class Sink, class Read>
[[gnu::always_inline]] inline void with_one_of_two_gates(const Conformance& conformance, Sink& sink,
                                                         Read&& read) {
  if constexpr (is_quiet<Conformance, Sink>) {
    deviation_gate gate(conformance, sink, source::json);
    read(gate);
  } else {
    const any_conformance any_rules(conformance);
    any_sink any(sink);
    deviation_gate gate(any_rules, any, source::json);
    read(gate);
  }
}

}  // namespace tlsrpt::detail

#endif
