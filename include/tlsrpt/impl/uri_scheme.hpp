/// @file
/// Bodies of uri_scheme.hpp.

#ifndef TLSRPT_HPP_IMPL_URI_SCHEME
#define TLSRPT_HPP_IMPL_URI_SCHEME

namespace tlsrpt {

constexpr std::string_view name(uri_scheme scheme) noexcept {
  switch (scheme) {
    case uri_scheme::mailto:
      return "mailto";
    case uri_scheme::https:
      return "https";
    case uri_scheme::other:
      return "other";
  }
  return {};
}

}  // namespace tlsrpt

#endif
