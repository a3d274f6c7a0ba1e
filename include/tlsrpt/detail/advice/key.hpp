/// @file
/// Names as the keys of findings have them.

#ifndef TLSRPT_HPP_DETAIL_ADVICE_KEY
#define TLSRPT_HPP_DETAIL_ADVICE_KEY

#include <string_view>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/put.hpp>

namespace tlsrpt::detail {

/// Writes a name in lower case, with "_" for what is no printable octet or ends a key.
template <class Out>
constexpr void put_key_name(Out&& out, std::string_view name) noexcept(is_nothrow_output<Out>) {
  for (char c : name) put(out, c > ' ' && c < '\x7f' && c != '#' ? lower_case(c) : '_');
}

}  // namespace tlsrpt::detail

#endif
