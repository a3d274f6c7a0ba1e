/// @file
/// An array of which mostly the first few elements are used.

#ifndef TLSRPT_HPP_DETAIL_CORE_LATE_ARRAY
#define TLSRPT_HPP_DETAIL_CORE_LATE_ARRAY

#include <array>
#include <cstddef>
#include <new>
#include <type_traits>

namespace tlsrpt::detail {

/// `N` values, each of which begins to live when it is set, so those that are not set cost nothing.
/// (std::construct_at would do, but <memory> costs more to compile than most headers together.)
template <class T, std::size_t N>
class late_array {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  constexpr late_array() noexcept : storage_(unset()) {}

  constexpr void set(std::size_t i, const T& value) noexcept {
    if (std::is_constant_evaluated())
      storage_.values[i] = value;
    else
      ::new (static_cast<void*>(storage_.values.data() + i)) T(value);
  }

  /// Sets a value as it is by default.
  constexpr void make(std::size_t i) noexcept {
    if (std::is_constant_evaluated())
      storage_.values[i] = T();
    else
      ::new (static_cast<void*>(storage_.values.data() + i)) T;  // `T()` would write zeros first
  }

  constexpr const T* data() const noexcept { return storage_.values.data(); }
  constexpr const T& operator[](std::size_t i) const noexcept { return storage_.values[i]; }
  constexpr T& operator[](std::size_t i) noexcept { return storage_.values[i]; }

 private:
  union storage {
    constexpr storage() noexcept : nothing() {}
    constexpr explicit storage(const std::array<T, N>& given) noexcept : values(given) {}

    char nothing;
    std::array<T, N> values;
  };

  /// A constant expression can use values only in an array that lives.
  static constexpr storage unset() noexcept {
    if (std::is_constant_evaluated()) return storage(std::array<T, N>{});
    return storage();
  }

  storage storage_;
};

}  // namespace tlsrpt::detail

#endif
