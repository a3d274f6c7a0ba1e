/// @file
/// result<T>: a value, or the reason why there is none.

#ifndef TLSRPT_HPP_RESULT
#define TLSRPT_HPP_RESULT

#include <cassert>
#include <concepts>
#include <type_traits>
#include <utility>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/diagnostic.hpp>

namespace tlsrpt {

namespace detail {

// Not constexpr, so that a constant expression is refused where assertions are off, too.
inline void ok_is_no_error() noexcept { assert(false && "an error has a code other than ok"); }

}  // namespace detail

/// A `T`, or a diagnostic that says why there is none; with the members of
/// `std::expected<T, diagnostic>`. It is the same type in every language mode and never throws:
/// reading the value of a failed result gives a default-constructed `T`. True means value.
///
/// `T` is default-constructible and its copy and move do not throw; the views of this library are
/// such types.
///
/// The value of a temporary is returned by value, so that what is bound to it lives as long as the
/// name: `const auto& report = *parser.parse(text);` is safe. `->` on a temporary does not compile.
template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;           ///< As in std::expected.
  using error_type = diagnostic;  ///< As in std::expected.

  /// Has a value, a default-constructed `T`.
  constexpr result() noexcept = default;
  /// Has a value.
  constexpr result(T value) noexcept : value_(std::move(value)) {}
  /// Has none, for the reason given. Its code must not be errc::ok: that is refused in a constant
  /// expression, and is an assertion at run time.
  constexpr result(const diagnostic& error) noexcept : error_(error) {
    if (error.code == errc::ok) detail::ok_is_no_error();
  }

  /// Whether there is a value.
  constexpr bool has_value() const noexcept { return error_.code == errc::ok; }
  /// Whether there is a value.
  constexpr explicit operator bool() const noexcept { return has_value(); }

  /// The value; a default-constructed `T` when there is none.
  constexpr const T& value() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return value_; }
  /// The value, which may be changed.
  constexpr T& value() & noexcept TLSRPT_HPP_LIFETIMEBOUND { return value_; }
  /// The value, moved out.
  constexpr T value() && noexcept { return std::move(value_); }

  /// The same as value().
  constexpr const T& operator*() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return value_; }
  /// The same as value().
  constexpr T& operator*() & noexcept TLSRPT_HPP_LIFETIMEBOUND { return value_; }
  /// The value, moved out.
  constexpr T operator*() && noexcept { return std::move(value_); }

  /// A member of the value.
  constexpr const T* operator->() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return &value_; }
  /// A member of the value.
  constexpr T* operator->() & noexcept TLSRPT_HPP_LIFETIMEBOUND { return &value_; }
  /// Deleted: a reference into a temporary would dangle. Give the result a name, or use `*`.
  constexpr const T* operator->() const&& = delete;

  /// Why there is no value; its code is errc::ok when there is one.
  constexpr const diagnostic& error() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return error_; }
  /// The same, copied out of a temporary.
  constexpr diagnostic error() && noexcept { return error_; }

  /// The value, or `other` when there is none.
  template <class U>
  constexpr T value_or(U&& other) const noexcept {
    return has_value() ? value_ : static_cast<T>(std::forward<U>(other));
  }

  /// The error, or `other` when there is a value.
  constexpr diagnostic error_or(const diagnostic& other) const noexcept {
    return has_value() ? other : error_;
  }

  /// Calls `f` with the value, or passes the error on. `f` returns a result.
  template <class F>
  constexpr auto and_then(F&& f) const -> std::remove_cvref_t<std::invoke_result_t<F, const T&>> {
    if (has_value()) return std::forward<F>(f)(value_);
    return error_;
  }

  /// Calls `f` with the value and wraps what it returns, or passes the error on.
  template <class F>
  constexpr auto transform(F&& f) const
      -> result<std::remove_cvref_t<std::invoke_result_t<F, const T&>>> {
    if (has_value()) return std::forward<F>(f)(value_);
    return error_;
  }

  /// Passes the value on, or calls `f` with the error. `f` returns a result of `T`.
  template <class F>
  constexpr result or_else(F&& f) const {
    static_assert(
        std::same_as<std::remove_cvref_t<std::invoke_result_t<F, const diagnostic&>>, result>,
        "the function given to or_else() returns the same result type");
    if (has_value()) return *this;
    return std::forward<F>(f)(error_);
  }

  /// Passes the value on, or wraps the diagnostic that `f` makes of the error.
  template <class F>
  constexpr result transform_error(F&& f) const {
    if (has_value()) return *this;
    return result(diagnostic(std::forward<F>(f)(error_)));
  }

  /// Both have equal values, or both equal errors.
  friend constexpr bool operator==(const result& a,
                                   const result& b) requires std::equality_comparable<T> {
    return a.has_value() && b.has_value() ? a.value_ == b.value_ : a.error_ == b.error_;
  }

 private:
  T value_{};
  diagnostic error_{};
};

/// Success, or a diagnostic that says why there is none.
template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;        ///< As in std::expected.
  using error_type = diagnostic;  ///< As in std::expected.

  /// Success.
  constexpr result() noexcept = default;
  /// Failure, for the reason given. Its code must not be errc::ok: that is refused in a constant
  /// expression, and is an assertion at run time.
  constexpr result(const diagnostic& error) noexcept : error_(error) {
    if (error.code == errc::ok) detail::ok_is_no_error();
  }

  /// Whether it succeeded.
  constexpr bool has_value() const noexcept { return error_.code == errc::ok; }
  /// Whether it succeeded.
  constexpr explicit operator bool() const noexcept { return has_value(); }

  /// Why it failed; its code is errc::ok when it did not.
  constexpr const diagnostic& error() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return error_; }
  /// The same, copied out of a temporary.
  constexpr diagnostic error() && noexcept { return error_; }

  /// The error, or `other` after success.
  constexpr diagnostic error_or(const diagnostic& other) const noexcept {
    return has_value() ? other : error_;
  }

  friend constexpr bool operator==(const result&, const result&) = default;

 private:
  diagnostic error_{};
};

}  // namespace tlsrpt

#endif
