/// @file
/// Domains as mails have them.

#ifndef TLSRPT_HPP_DETAIL_MAIL_DOMAIN
#define TLSRPT_HPP_DETAIL_MAIL_DOMAIN

#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// What people put around a domain or an id, and between several.
inline constexpr charset domain_decoration_octet = charset("<>\"',;");

/// Whether `text` is a host name of two labels or more without a trailing dot: the domain-name of
/// RFC 6376, section 3.5.
constexpr bool is_domain_name(std::string_view text) noexcept {
  return is_host_name(text) && !text.ends_with('.') && text.find('.') != std::string_view::npos;
}

/// Whether `text` can be taken for a domain, U-labels included.
constexpr bool may_be_domain(std::string_view text) noexcept {
  return is_host_name(text) || (has_non_ascii(text) && is_mail_domain(text));
}

/// errc::ok for a host name; errc::u_label when only its letters are at fault; else `otherwise`.
constexpr errc domain_fault(std::string_view text, errc otherwise) noexcept {
  if (is_host_name(text)) return errc::ok;
  return may_be_domain(text) ? errc::u_label : otherwise;
}

/// Why one of two domains cannot be written, where.element being 0 for `sender` and 1 for `about`;
/// code errc::ok when both can.
constexpr diagnostic find_unwritable_domain(std::string_view sender, std::string_view about,
                                            bool needs_two_labels, errc code, source in) noexcept {
  std::uint32_t element = 0;
  for (std::string_view domain : {sender, about}) {
    const bool is_writable =
        is_host_name(domain) && (!needs_two_labels || is_domain_name(without_trailing_dot(domain)));
    if (!is_writable)
      return {code,
              {.element = element, .in = in},
              domain,
              has_non_ascii(domain) ? errc::u_label : errc::ok};
    ++element;
  }
  return {};
}

}  // namespace tlsrpt::detail

#endif
