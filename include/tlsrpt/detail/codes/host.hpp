/// @file
/// Host names and the name to query (RFC 8460, sections 3 and 4.4).

#ifndef TLSRPT_HPP_DETAIL_CODES_HOST
#define TLSRPT_HPP_DETAIL_CODES_HOST

#include <tlsrpt/detail/codes/row.hpp>

namespace tlsrpt::detail {

// clang-format off
inline constexpr code_row host_codes[] = {
  {errc::u_label, grade::violation, "u-label", "RFC 8460, 4.4",
   "The domain name has letters outside ASCII: write it with A-labels (xn--...)."},
  {errc::invalid_domain, grade::fatal, "invalid-domain", "RFC 1035, 2.3.1",
   "This is not a domain name."},
  {errc::address_literal_domain, grade::fatal, "address-literal-domain", "RFC 8461, 3.4",
   "An address literal has no policy domain, hence no TLSRPT record."},
  {errc::policy_domain_too_long, grade::fatal, "policy-domain-too-long", "RFC 1035, 3.1",
   "The domain is too long to have a TLSRPT record."},
};
// clang-format on

}  // namespace tlsrpt::detail

#endif
