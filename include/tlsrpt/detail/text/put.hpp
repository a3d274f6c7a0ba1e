/// @file
/// Adding text to an output, whichever way it takes text.

#ifndef TLSRPT_HPP_DETAIL_TEXT_PUT
#define TLSRPT_HPP_DETAIL_TEXT_PUT

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tlsrpt::detail {

template <class Out>
inline constexpr bool takes_octets = requires(Out& out, std::string_view text) {
  out.append(text.data(), text.size());
};
template <class Out>
inline constexpr bool takes_text = requires(Out& out, std::string_view text) {
  out.append(text);
};

template <class Out>
constexpr bool is_nothrow_put() noexcept {
  if constexpr (takes_octets<Out>)
    return noexcept(std::declval<Out&>().append(static_cast<const char*>(nullptr), std::size_t{}));
  else if constexpr (takes_text<Out>)
    return noexcept(std::declval<Out&>().append(std::string_view()));
  else
    return noexcept(std::declval<Out&>().push_back(typename Out::value_type{}));
}

/// Whether adding to an output throws nothing; as for a span_output.
template <class Out>
inline constexpr bool is_nothrow_output = is_nothrow_put<std::remove_reference_t<Out>>();

/// Adds a text to an output.
template <class Out>
constexpr void put(Out& out, std::string_view text) noexcept(is_nothrow_output<Out>) {
  if constexpr (takes_octets<Out>)
    out.append(text.data(), text.size());
  else if constexpr (takes_text<Out>)
    out.append(text);
  else
    for (char c : text) out.push_back(static_cast<typename Out::value_type>(c));
}

/// Adds one octet to an output.
template <class Out>
constexpr void put(Out& out, char octet) noexcept(is_nothrow_output<Out>) {
  put(out, std::string_view(&octet, 1));
}

}  // namespace tlsrpt::detail

#endif
