/// @file
/// Bodies of output.hpp.

#ifndef TLSRPT_HPP_IMPL_OUTPUT
#define TLSRPT_HPP_IMPL_OUTPUT

#include <algorithm>

namespace tlsrpt {

constexpr void span_output::append(std::string_view text) noexcept {
  if (fits())
    std::copy_n(text.data(), std::min(text.size(), room_.size() - size_), room_.data() + size_);
  size_ += text.size();
}

constexpr std::string_view span_output::text() const noexcept {
  return {room_.data(), std::min(size_, room_.size())};
}

template <std::size_t Capacity>
constexpr void short_text<Capacity>::append(std::string_view text) noexcept {
  const std::size_t size = std::min(text.size(), Capacity - size_);
  std::copy_n(text.data(), size, octets_ + size_);
  size_ += size;
}

}  // namespace tlsrpt

#endif
