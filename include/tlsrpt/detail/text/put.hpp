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
concept appends_octets = requires(std::remove_reference_t<Out>& out, std::string_view text) {
  out.append(text.data(), text.size());
};

template <class Out>
concept appends_text = requires(std::remove_reference_t<Out>& out, std::string_view text) {
  out.append(text);
};

template <class Out>
concept pushes_octets = requires(std::remove_reference_t<Out>& out,
                                 typename std::remove_reference_t<Out>::value_type octet) {
  out.push_back(octet);
  requires sizeof octet == 1;
};

template <class Out>
constexpr bool is_nothrow_put() noexcept {
  using output = std::remove_reference_t<Out>;
  if constexpr (appends_octets<output>)
    return noexcept(
        std::declval<output&>().append(static_cast<const char*>(nullptr), std::size_t{}));
  else if constexpr (appends_text<output>)
    return noexcept(std::declval<output&>().append(std::string_view()));
  else
    return noexcept(std::declval<output&>().push_back(typename output::value_type{}));
}

/// Whether adding to an output throws nothing; as for a span_output.
template <class Out>
inline constexpr bool is_nothrow_output = is_nothrow_put<Out>();

/// Adds a text to an output.
template <class Out>
constexpr void put(Out& out, std::string_view text) noexcept(is_nothrow_output<Out>) {
  if constexpr (appends_octets<Out>)
    out.append(text.data(), text.size());
  else if constexpr (appends_text<Out>)
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
