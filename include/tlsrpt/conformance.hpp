/// @file
/// What a reader accepts: strict, lenient, a set of codes, or a type of your own.

#ifndef TLSRPT_HPP_CONFORMANCE
#define TLSRPT_HPP_CONFORMANCE

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <tlsrpt/error.hpp>

namespace tlsrpt {

/// Decides which deviations a reader tolerates. `accepts` may be static, or an ordinary member, as
/// that of `rules`; then it may depend on configuration:
///
///     struct house : tlsrpt::lenient {
///       static constexpr bool accepts(tlsrpt::errc c) noexcept {
///         return c != tlsrpt::errc::missing_time_zone && lenient::accepts(c);
///       }
///     };
///
/// Fatal codes are errors in every mode; accepts() is not called for them.
///
/// Functions that read a text take it as the last argument, after the sink or, where nobody
/// listens, in its place:
///
///     tlsrpt::parse_record(text, found, tlsrpt::strict{});
///     tlsrpt::parse_record(text, tlsrpt::strict{});
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

/// What a reader accepts, as a value: a set of codes. For configuration that is known at run time:
///
///     auto accepted = tlsrpt::rules(tlsrpt::lenient{}).without(tlsrpt::errc::missing_time_zone);
///
/// As every conformance type it may be given to readers; unlike most it is not empty (a bit for
/// each code). Copying it does not allocate.
class rules {
 public:
  /// Accepts what `lenient` accepts.
  constexpr rules() noexcept : rules(lenient{}) {}
  /// Accepts what `other` accepts at this moment. Linear in the number of codes.
  template <class C>
  requires(!std::same_as<C, rules>) && conformance<C> explicit constexpr rules(
                                           const C& other) noexcept {
    for (errc code : all_codes())
      if (grade_of(code) != grade::fatal && other.accepts(code)) add(code);
  }

  /// Whether `code` is in the set; false for fatal codes.
  constexpr bool accepts(errc code) const noexcept {
    const std::size_t place = detail::place_of(code);
    return (accepted_[place / 64] >> place % 64 & 1) != 0;
  }

  /// The same set without `codes`.
  constexpr rules without(std::same_as<errc> auto... codes) const noexcept {
    rules other = *this;
    (other.remove(codes), ...);
    return other;
  }
  /// The same set with `codes`; fatal ones stay outside.
  constexpr rules with(std::same_as<errc> auto... codes) const noexcept {
    rules other = *this;
    ((grade_of(codes) == grade::fatal ? void() : other.add(codes)), ...);
    return other;
  }

  friend constexpr bool operator==(const rules&, const rules&) = default;

 private:
  constexpr void add(errc code) noexcept {
    const std::size_t place = detail::place_of(code);
    if (place < detail::code_count) accepted_[place / 64] |= std::uint64_t{1} << place % 64;
  }
  constexpr void remove(errc code) noexcept {
    const std::size_t place = detail::place_of(code);
    if (place < detail::code_count) accepted_[place / 64] &= ~(std::uint64_t{1} << place % 64);
  }

  // A bit more than there are codes, never set: for numbers that are not codes.
  std::array<std::uint64_t, detail::code_count / 64 + 1> accepted_{};
};

}  // namespace tlsrpt

#endif
