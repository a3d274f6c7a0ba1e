/// @file
/// A stack of bounded depth that costs what is on it, not what there is room for.

#ifndef TLSRPT_HPP_DETAIL_CORE_LATE_STACK
#define TLSRPT_HPP_DETAIL_CORE_LATE_STACK

#include <cstddef>

#include <tlsrpt/detail/core/late_array.hpp>

namespace tlsrpt::detail {

/// At most `N` values; a copy of it copies those that are there.
template <class T, std::size_t N>
class late_stack {
 public:
  // Were it defaulted, `{}` would write zeros to all the room.
  constexpr late_stack() noexcept {}
  constexpr late_stack(const late_stack& other) noexcept { push_all(other); }
  constexpr late_stack& operator=(const late_stack& other) noexcept {
    if (this == &other) return *this;
    size_ = 0;
    push_all(other);
    return *this;
  }
  ~late_stack() = default;

  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr bool full() const noexcept { return size_ == N; }

  constexpr T& operator[](std::size_t i) noexcept { return values_[i]; }
  constexpr const T& operator[](std::size_t i) const noexcept { return values_[i]; }
  constexpr T& back() noexcept { return values_[size_ - 1]; }
  constexpr const T& back() const noexcept { return values_[size_ - 1]; }

  /// Only where it is not full.
  constexpr T& push(const T& value) noexcept {
    values_.set(size_++, value);
    return back();
  }
  /// Pushes a value as it is by default: nothing is copied.
  constexpr T& push() noexcept {
    values_.make(size_++);
    return back();
  }
  constexpr void pop() noexcept { --size_; }
  /// Takes off all but the first `size` values.
  constexpr void cut(std::size_t size) noexcept { size_ = size; }

 private:
  constexpr void push_all(const late_stack& other) noexcept {
    for (std::size_t i = 0; i < other.size_; ++i) push(other[i]);
  }

  late_array<T, N> values_{};
  std::size_t size_ = 0;
};

}  // namespace tlsrpt::detail

#endif
