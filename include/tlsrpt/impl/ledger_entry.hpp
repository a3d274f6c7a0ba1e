/// @file
/// Bodies of ledger_entry.hpp.

#ifndef TLSRPT_HPP_IMPL_LEDGER_ENTRY
#define TLSRPT_HPP_IMPL_LEDGER_ENTRY

namespace tlsrpt {

constexpr std::string_view name(trust trust) noexcept {
  constexpr std::string_view names[] = {"claimed", "verified"};
  const auto place = static_cast<std::size_t>(trust);
  return place < std::size(names) ? names[place] : std::string_view();
}

}  // namespace tlsrpt

#endif
