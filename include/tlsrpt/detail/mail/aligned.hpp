/// @file
/// Which domain speaks for which (DE-43).

#ifndef TLSRPT_HPP_DETAIL_MAIL_ALIGNED
#define TLSRPT_HPP_DETAIL_MAIL_ALIGNED

#include <string_view>

namespace tlsrpt::detail {

/// Whether a submitter speaks for a contact, both in lower case: it is the domain itself, or one
/// above it of two labels or more. Not one below: who gets a customer's name with a key could speak
/// for the host (DE-43).
constexpr bool is_aligned(std::string_view submitter, std::string_view contact) noexcept {
  if (submitter == contact) return true;
  return contact.size() > submitter.size() && contact.ends_with(submitter) &&
         contact[contact.size() - submitter.size() - 1] == '.' &&
         submitter.find('.') != std::string_view::npos && !contact.starts_with("org:");
}

}  // namespace tlsrpt::detail

#endif
