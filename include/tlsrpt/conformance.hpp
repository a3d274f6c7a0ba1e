/// @file
/// What a reader accepts: strict, lenient, or a type of your own.

#ifndef TLSRPT_HPP_CONFORMANCE
#define TLSRPT_HPP_CONFORMANCE

#include <concepts>

#include <tlsrpt/error.hpp>

namespace tlsrpt {

/// A type that says which deviations a reader may go on after. `accepts` may be static, then the
/// question is answered at compile time, or an ordinary member, then it may depend on
/// configuration:
///
///     struct house : tlsrpt::lenient {
///       static constexpr bool accepts(tlsrpt::errc c) noexcept {
///         return c != tlsrpt::errc::missing_time_zone && lenient::accepts(c);
///       }
///     };
///
/// Codes of grade fatal are errors in every mode; they are not asked for.
template <class C>
concept conformance = std::copyable<C> && requires(const C& c, errc code) {
  { c.accepts(code) }
  noexcept->std::same_as<bool>;
};

/// Accepts what conforms to RFC 8460, warnings and notes included.
struct strict {
  /// Whether `code` is of a grade below violation.
  static constexpr bool accepts(errc code) noexcept { return grade_of(code) < grade::violation; }
};

/// Accepts whatever still has a usable meaning.
struct lenient {
  /// Whether `code` is of a grade below fatal.
  static constexpr bool accepts(errc code) noexcept { return grade_of(code) < grade::fatal; }
};

}  // namespace tlsrpt

#endif
