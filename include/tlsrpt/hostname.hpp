/// @file
/// Host names as reports and policies have them (RFC 8460, section 4.4; RFC 8461, section 4.1).

#ifndef TLSRPT_HPP_HOSTNAME
#define TLSRPT_HPP_HOSTNAME

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// Whether two host names are the same, without regard to ASCII case and to one trailing dot each.
/// Neither has to be a host name. Linear.
constexpr bool same_host(std::string_view a, std::string_view b) noexcept;

/// Whether the text is a host name in ASCII: labels of 1 to 63 letters, digits, hyphens (not at
/// either end) and, as they occur, underscores; 253 characters at most. One trailing dot may
/// follow.
constexpr bool is_host_name(std::string_view text) noexcept;

/// A host name in canonical form.
using host_text = short_text<253>;

/// The one key of a host or a domain, whichever way senders write it, for maps and for grouping:
/// the name in lower case without a trailing dot. "-" for an absent text. "!" and the first 64
/// octets, as written and cut at a character, for what is_host_name() says no to, so that it is
/// never taken for a name. Linear.
constexpr host_text canonical_host(std::string_view text) noexcept;

/// Whether an octet is outside ASCII. In a domain name that means U-labels, where RFC 8460, section
/// 4.4 demands A-labels. Linear.
constexpr bool has_non_ascii(std::string_view text) noexcept;

/// Whether a host matches an `mx` pattern of an MTA-STS policy (RFC 8461, section 4.1): it is the
/// same host, or the pattern begins with "*.", which matches exactly one leftmost label. Case
/// and one trailing dot do not matter, on either side; an empty pattern matches nothing. A "mx:"
/// left before the pattern is skipped, see mx_pattern(). Linear.
constexpr bool matches_mx_pattern(std::string_view host, std::string_view pattern) noexcept;

/// The pattern alone in an element of `mx-host` that is a whole policy line, such as
/// "mx: mail.example.com"; other elements stay as they are. The result is part of `element`.
constexpr std::string_view mx_pattern(std::string_view element TLSRPT_HPP_LIFETIMEBOUND) noexcept;

/// The name in `receiving-mx-helo` when senders put the whole reply there, such as
/// "250-mail.example.com\r\n250 STARTTLS" or "250 mail.example.com at your service"; other texts
/// stay as they are. The result is part of `helo`.
constexpr std::string_view helo_name(std::string_view helo TLSRPT_HPP_LIFETIMEBOUND) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/hostname.hpp>

#endif
