/// @file
/// result<T>: a value or the reason why there is none.

#ifndef TLSRPT_HPP_RESULT
#define TLSRPT_HPP_RESULT

#include <type_traits>
#include <utility>

#include <tlsrpt/error.hpp>

namespace tlsrpt {

/// A `T` or an error_info, with the member names of std::expected. It is the same type in every
/// language mode and never throws: reading the value of a failed result is a mistake of the caller,
/// as with a null pointer. True means value.
///
/// `T` is default-constructible, cheap to copy and does not throw; the views of this library are.
template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;           ///< As in std::expected.
  using error_type = error_info;  ///< As in std::expected.

  /// Has a value.
  constexpr result(T value) noexcept : value_(std::move(value)) {}
  /// Has none, for the reason given; its code is not errc::ok.
  constexpr result(error_info error) noexcept : error_(error) {}

  /// Whether there is a value.
  constexpr bool has_value() const noexcept { return error_.code == errc::ok; }
  /// Whether there is a value.
  constexpr explicit operator bool() const noexcept { return has_value(); }

  /// The value; a default-constructed T when there is none.
  constexpr const T& value() const& noexcept { return value_; }
  /// The value, to move from.
  constexpr T&& value() && noexcept { return std::move(value_); }
  /// The same as value().
  constexpr const T& operator*() const& noexcept { return value_; }
  /// The value, to move from.
  constexpr T&& operator*() && noexcept { return std::move(value_); }
  /// A member of the value.
  constexpr const T* operator->() const noexcept { return &value_; }

  /// Why there is no value; code errc::ok when there is one.
  constexpr const error_info& error() const noexcept { return error_; }

  /// The value, or `other` when there is none.
  template <class U>
  constexpr T value_or(U&& other) const noexcept {
    return has_value() ? value_ : static_cast<T>(std::forward<U>(other));
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

 private:
  T value_{};
  error_info error_{};
};

}  // namespace tlsrpt

#endif
