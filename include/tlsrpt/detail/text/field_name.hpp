/// @file
/// The names of fields in TLSRPT records (RFC 8460, section 3) and in MTA-STS policies (RFC 8461,
/// section 3.2), which have one grammar.

#ifndef TLSRPT_HPP_DETAIL_TEXT_FIELD_NAME
#define TLSRPT_HPP_DETAIL_TEXT_FIELD_NAME

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>

namespace tlsrpt::detail {

/// Where a name stops being (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / "."); npos when it is
/// one.
constexpr std::size_t find_name_fault(std::string_view name) noexcept {
  constexpr std::size_t longest = 32;
  if (name.empty() || !field_name_first_octet(name[0])) return 0;
  for (std::size_t i = 1; i < name.size(); ++i)
    if (i == longest || !field_name_rest_octet(name[i])) return i;
  return std::string_view::npos;
}

}  // namespace tlsrpt::detail

#endif
