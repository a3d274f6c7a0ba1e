/// @file
/// The numbers of libtlsrpt.

#ifndef TLSRPT_HPP_DETAIL_TALLY_FAILURE_CODES
#define TLSRPT_HPP_DETAIL_TALLY_FAILURE_CODES

#include <cstdint>

#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt::detail {

struct failure_code {
  std::uint32_t number;
  result_type type;
};

// clang-format off
inline constexpr failure_code failure_codes[] = {
  {201, result_type::starttls_not_supported},
  {202, result_type::certificate_host_mismatch},
  {203, result_type::certificate_not_trusted},
  {204, result_type::certificate_expired},
  {205, result_type::validation_failure},
  {301, result_type::sts_policy_fetch_error},
  {302, result_type::sts_policy_invalid},
  {303, result_type::sts_webpki_invalid},
  {304, result_type::tlsa_invalid},
  {305, result_type::dnssec_invalid},
  {306, result_type::dane_required},
};

struct policy_code {
  std::uint32_t number;
  policy_type type;
};

inline constexpr policy_code policy_codes[] = {
  {1, policy_type::tlsa},
  {2, policy_type::sts},
  {9, policy_type::no_policy_found},
};
// clang-format on

/// result_type::unknown for a number without a meaning.
constexpr result_type type_of_failure(std::uint32_t number) noexcept {
  for (const failure_code& code : failure_codes)
    if (code.number == number) return code.type;
  return result_type::unknown;
}
/// That of a validation failure for an unknown type.
constexpr std::uint32_t code_of_failure(result_type type) noexcept {
  for (const failure_code& code : failure_codes)
    if (code.type == type) return code.number;
  return code_of_failure(result_type::validation_failure);
}

/// policy_type::unknown for a number without a meaning.
constexpr policy_type type_of_policy(std::uint32_t number) noexcept {
  for (const policy_code& code : policy_codes)
    if (code.number == number) return code.type;
  return policy_type::unknown;
}
/// 0 for an unknown type.
constexpr std::uint32_t code_of_policy(policy_type type) noexcept {
  for (const policy_code& code : policy_codes)
    if (code.type == type) return code.number;
  return 0;
}

}  // namespace tlsrpt::detail

#endif
