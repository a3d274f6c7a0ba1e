/// @file
/// Base64 in lines, as mails have it (RFC 2045, section 6.8).

#ifndef TLSRPT_HPP_DETAIL_WRITE_BASE64
#define TLSRPT_HPP_DETAIL_WRITE_BASE64

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/put.hpp>

namespace tlsrpt::detail {

/// Adds octets in base64, in lines of 76 characters that end in CRLF.
template <class Out>
constexpr void put_base64(Out& out, std::string_view octets) noexcept(is_nothrow_output<Out>) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t octets_of_line = 57;
  while (!octets.empty()) {
    char line[octets_of_line / 3 * 4 + 2]{};
    std::size_t size = 0;
    for (std::size_t i = 0; i < octets_of_line && i < octets.size(); i += 3) {
      std::uint32_t group = 0;  // 24 bits
      for (std::size_t k = i; k < i + 3; ++k)
        group = group << 8 | (k < octets.size() ? static_cast<std::uint8_t>(octets[k]) : 0u);
      for (std::size_t digit = 0; digit < 4; ++digit)
        line[size++] = i + digit <= octets.size() ? digits[group >> (18 - 6 * digit) & 63] : '=';
    }
    line[size++] = '\r';
    line[size++] = '\n';
    put(out, {line, size});
    octets.remove_prefix(octets.size() < octets_of_line ? octets.size() : octets_of_line);
  }
}

}  // namespace tlsrpt::detail

#endif
