/// @file
/// A member that does not outlive what its class owns.

#ifndef TLSRPT_HPP_DETAIL_CORE_RESET_ON_MOVE
#define TLSRPT_HPP_DETAIL_CORE_RESET_ON_MOVE

#include <utility>

namespace tlsrpt::detail {

/// A value, such as a view of what the same class owns, that is value-initialised where it was
/// moved from. With it that class needs no move functions of its own.
template <class T>
struct reset_on_move {
  T value{};

  reset_on_move() = default;
  reset_on_move(reset_on_move&& other) noexcept : value(std::exchange(other.value, T{})) {}
  reset_on_move& operator=(reset_on_move&& other) noexcept {
    value = std::exchange(other.value, T{});
    return *this;
  }
};

}  // namespace tlsrpt::detail

#endif
