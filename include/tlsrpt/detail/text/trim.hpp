/// @file
/// Cuts a text where octets of a class begin or end. `octets` says of an octet whether it is in the
/// class: a charset or a function.

#ifndef TLSRPT_HPP_DETAIL_TEXT_TRIM
#define TLSRPT_HPP_DETAIL_TEXT_TRIM

#include <cstddef>
#include <string_view>

namespace tlsrpt::detail {

template <class Octets>
constexpr std::string_view trim_front(std::string_view text, const Octets& octets) noexcept {
  std::size_t size = 0;
  while (size < text.size() && octets(text[size])) ++size;
  text.remove_prefix(size);
  return text;
}

template <class Octets>
constexpr std::string_view trim_back(std::string_view text, const Octets& octets) noexcept {
  while (!text.empty() && octets(text.back())) text.remove_suffix(1);
  return text;
}

/// `text` without the octets of the class at both ends.
template <class Octets>
constexpr std::string_view trim(std::string_view text, const Octets& octets) noexcept {
  return trim_back(trim_front(text, octets), octets);
}

/// The part of `text` before the first octet of the class.
template <class Octets>
constexpr std::string_view until(std::string_view text, const Octets& octets) noexcept {
  std::size_t size = 0;
  while (size < text.size() && !octets(text[size])) ++size;
  return {text.data(), size};
}

/// Whether all octets of `text` are in the class.
template <class Octets>
constexpr bool consists_of(std::string_view text, const Octets& octets) noexcept {
  return trim_front(text, octets).empty();
}

}  // namespace tlsrpt::detail

#endif
