/// @file
/// Bodies of digest.hpp.

#ifndef TLSRPT_HPP_IMPL_DIGEST
#define TLSRPT_HPP_IMPL_DIGEST

#include <cstring>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

constexpr std::optional<digest> digest::parse(std::string_view text) noexcept {
  digest digest;
  if (text.size() != 2 * digest.octets_.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int value = detail::hex_value(text[i]);
    if (value < 0 || detail::lower_case(text[i]) != text[i]) return std::nullopt;
    digest.octets_[i / 2] = static_cast<std::uint8_t>(digest.octets_[i / 2] << 4 | value);
  }
  return digest;
}

constexpr std::strong_ordering operator<=>(const digest& a, const digest& b) noexcept {
  for (std::size_t i = 0; i < a.octets_.size(); ++i)
    if (a.octets_[i] != b.octets_[i]) return a.octets_[i] <=> b.octets_[i];
  return std::strong_ordering::equal;
}

constexpr digest_text to_text(const digest& digest) noexcept {
  digest_text text;
  for (std::uint8_t octet : digest.octets()) detail::put_hex(text, octet);
  return text;
}

}  // namespace tlsrpt

inline std::size_t std::hash<tlsrpt::digest>::operator()(
    const tlsrpt::digest& digest) const noexcept {
  // The octets are a hash already.
  std::size_t first;
  std::memcpy(&first, digest.octets().data(), sizeof first);
  return first;
}

#endif
