/// @file
/// Bodies of ledger_row.hpp.

#ifndef TLSRPT_HPP_IMPL_LEDGER_ROW
#define TLSRPT_HPP_IMPL_LEDGER_ROW

#include <algorithm>

#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

constexpr std::uint64_t sum_of_sessions(std::uint64_t a, std::uint64_t b) noexcept {
  return a > largest_sessions || b > largest_sessions ? largest_sessions
                                                      : std::min(a + b, largest_sessions);
}

constexpr session_sum& session_sum::operator+=(const session_sum& other) noexcept {
  sessions = sum_of_sessions(sessions, other.sessions);
  unknown = sum_of_sessions(unknown, other.unknown);
  return *this;
}

constexpr policy_id_text to_text(policy_id id) noexcept {
  policy_id_text text;
  if (id == policy_id::none)
    text.append("-");
  else
    for (int shift = 56; shift >= 0; shift -= 8)
      detail::put_hex(text, static_cast<std::uint8_t>(static_cast<std::uint64_t>(id) >> shift));
  return text;
}

constexpr std::string_view kind_name(policy_type kind) noexcept {
  switch (kind) {
    case policy_type::sts:
      return "sts";
    case policy_type::tlsa:
      return "tlsa";
    case policy_type::no_policy_found:
      return "none";
    default:
      return "other";
  }
}

constexpr std::string_view mode_name(policy_type kind, sts_mode mode) noexcept {
  if (kind != policy_type::sts) return "-";
  const std::string_view text = name(mode);
  return text.empty() ? "?" : text;
}

}  // namespace tlsrpt

#endif
