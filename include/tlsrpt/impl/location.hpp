/// @file
/// Bodies of location.hpp.

#ifndef TLSRPT_HPP_IMPL_LOCATION
#define TLSRPT_HPP_IMPL_LOCATION

namespace tlsrpt {

namespace detail {

inline constexpr std::string_view source_names[] = {
    "json",      "gzip",    "zip",          "record", "record-set", "domain", "policy-text",
    "file-name", "subject", "header-field", "mail",   "zone-text",  "ledger", "datagram"};
static_assert(std::size(source_names) == static_cast<std::size_t>(source::datagram) + 1);

}  // namespace detail

constexpr std::string_view name(source in) noexcept {
  const auto place = static_cast<std::size_t>(in);
  return place < std::size(detail::source_names) ? detail::source_names[place] : std::string_view();
}

}  // namespace tlsrpt

#endif
