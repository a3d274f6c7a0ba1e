/// @file
/// Bodies of duplicate.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_DUPLICATE
#define TLSRPT_HPP_IMPL_MAIL_DUPLICATE

#include <cstdint>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/hash.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt {

namespace detail {

/// Adds a text as a netstring: its size, ":", the text, ",".
template <class Out>
constexpr void put_netstring(Out& out, std::string_view text) noexcept(is_nothrow_output<Out>) {
  put_number(out, text.size());
  put(out, ':');
  put(out, text);
  put(out, ',');
}

template <class Out>
constexpr void put_netstring_of_domain(Out& out,
                                       std::string_view domain) noexcept(is_nothrow_output<Out>) {
  domain = without_trailing_dot(domain);
  put_number(out, domain.size());
  put(out, ':');
  for (char c : domain) put(out, lower_case(c));
  put(out, ',');
}

/// The seconds as a netstring; an empty one when the time is unknown.
template <class Out>
constexpr void put_netstring_of_time(Out& out,
                                     const timestamp& time) noexcept(is_nothrow_output<Out>) {
  short_text<20> digits;  // "-9223372036854775808"
  if (time.known) put_number(digits, time.seconds);
  put_netstring(out, digits);
}

}  // namespace detail

constexpr bool operator==(const duplicate_key& a, const duplicate_key& b) noexcept {
  return same_host(a.submitter, b.submitter) && a.report_id == b.report_id &&
         same_host(a.policy_domain, b.policy_domain) &&
         a.date_range.start_datetime == b.date_range.start_datetime &&
         a.date_range.end_datetime == b.date_range.end_datetime;
}

constexpr duplicate_key make_duplicate_key(std::string_view authenticated_submitter,
                                           const report_head_view& report,
                                           const policy_head_view& policy) noexcept {
  return {authenticated_submitter, report.report_id, policy.policy_domain, report.date_range};
}

template <text_output Out>
constexpr void write_duplicate_key(Out&& out, const duplicate_key& key) noexcept(
    detail::is_nothrow_output<Out>) {
  detail::put_netstring_of_domain(out, key.submitter);
  detail::put_netstring(out, key.report_id);
  detail::put_netstring_of_domain(out, key.policy_domain);
  detail::put_netstring_of_time(out, key.date_range.start_datetime);
  detail::put_netstring_of_time(out, key.date_range.end_datetime);
}

constexpr std::uint64_t hash_of(const duplicate_key& key) noexcept {
  detail::fnv1a hash;
  write_duplicate_key(hash, key);
  return hash.value();
}

constexpr duplicate_verdict compare_duplicates(const duplicate_key& a, const digest& a_digest,
                                               const duplicate_key& b,
                                               const digest& b_digest) noexcept {
  if (a.submitter.empty() || !(a == b)) return duplicate_verdict::different;
  return a_digest == b_digest ? duplicate_verdict::duplicate : duplicate_verdict::conflicting;
}

}  // namespace tlsrpt

#endif
