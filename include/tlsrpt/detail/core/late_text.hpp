/// @file
/// A short text that costs what is in it, not what there is room for.

#ifndef TLSRPT_HPP_DETAIL_CORE_LATE_TEXT
#define TLSRPT_HPP_DETAIL_CORE_LATE_TEXT

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace tlsrpt::detail {

/// At most `N` octets: an output that is full takes no more. A copy copies whole blocks
/// of 16, up to the last that has octets in use.
template <std::size_t N>
class late_text {
 public:
  // Were it defaulted, `{}` would write zeros to all the room.
  constexpr late_text() noexcept {
    if (std::is_constant_evaluated()) clear_room();
  }
  constexpr late_text(const late_text& other) noexcept { copy(other); }
  constexpr late_text& operator=(const late_text& other) noexcept {
    if (this != &other) copy(other);
    return *this;
  }
  ~late_text() = default;

  constexpr void append(std::string_view text) noexcept {
    const std::size_t size = std::min(text.size(), N - size_);
    std::copy_n(text.data(), size, octets_ + size_);
    size_ += size;
  }

  constexpr std::string_view view() const noexcept { return {octets_, size_}; }
  constexpr bool empty() const noexcept { return size_ == 0; }

 private:
  static constexpr std::size_t block = 16;
  static_assert(N % block == 0);

  /// Block by block: that the size has a bound makes compilers choose an instruction that is slow
  /// for so few octets.
  constexpr void copy(const late_text& other) noexcept {
    size_ = other.size_;
    if (std::is_constant_evaluated()) {
      clear_room();
      std::copy_n(other.octets_, size_, octets_);
      return;
    }
    for (std::size_t at = 0; at < size_; at += block)
      std::memcpy(octets_ + at, other.octets_ + at, block);
  }

  /// A constant must have a value in each octet.
  constexpr void clear_room() noexcept { std::fill_n(octets_, N, '\0'); }

  char octets_[N];
  std::size_t size_ = 0;
};

}  // namespace tlsrpt::detail

#endif
