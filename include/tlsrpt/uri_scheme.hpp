/// @file
/// How reports go to an address.

#ifndef TLSRPT_HPP_URI_SCHEME
#define TLSRPT_HPP_URI_SCHEME

#include <cstdint>
#include <string_view>

namespace tlsrpt {

/// How reports go to an address (RFC 8460, section 3).
enum class uri_scheme : std::uint8_t {
  mailto,  ///< By mail.
  https,   ///< By HTTPS POST.
  other    ///< Not at all: RFC 8460 knows no way.
};

/// "mailto", "https" or "other", for logs and for programs; a literal. Empty for another value.
constexpr std::string_view name(uri_scheme scheme) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/uri_scheme.hpp>

#endif
