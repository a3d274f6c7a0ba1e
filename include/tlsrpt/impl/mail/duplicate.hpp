/// @file
/// Bodies of duplicate.hpp.

#ifndef TLSRPT_HPP_IMPL_MAIL_DUPLICATE
#define TLSRPT_HPP_IMPL_MAIL_DUPLICATE

#include <cstdint>

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

/// The canonical form of a domain as a netstring.
template <class Out>
constexpr void put_netstring_of_domain(Out& out,
                                       std::string_view domain) noexcept(is_nothrow_output<Out>) {
  const host_text host = canonical_host(domain);
  put_netstring(out, host);
}

/// The seconds as a netstring; an empty one when the time is unknown.
template <class Out>
constexpr void put_netstring_of_time(Out& out,
                                     const timestamp& time) noexcept(is_nothrow_output<Out>) {
  short_text<20> digits;  // "-9223372036854775808"
  if (time.known) put_number(digits, time.seconds);
  put_netstring(out, digits);
}

/// The order of two times; an unknown one comes first.
constexpr std::weak_ordering compare_times(const timestamp& a, const timestamp& b) noexcept {
  if (!a.known || !b.known) return a.known <=> b.known;
  return a.seconds <=> b.seconds;
}

}  // namespace detail

constexpr bool operator==(const duplicate_key& a, const duplicate_key& b) noexcept {
  return (a <=> b) == 0;
}

constexpr std::weak_ordering operator<=>(const duplicate_key& a, const duplicate_key& b) noexcept {
  if (const auto order = a.report_id <=> b.report_id; order != 0) return order;
  if (const auto order = canonical_host(a.submitter) <=> canonical_host(b.submitter); order != 0)
    return order;
  if (const auto order = canonical_host(a.policy_domain) <=> canonical_host(b.policy_domain);
      order != 0)
    return order;
  const date_range_view &a_range = a.date_range, &b_range = b.date_range;
  if (const auto order = detail::compare_times(a_range.start_datetime, b_range.start_datetime);
      order != 0)
    return order;
  return detail::compare_times(a_range.end_datetime, b_range.end_datetime);
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

inline std::size_t std::hash<tlsrpt::duplicate_key>::operator()(
    const tlsrpt::duplicate_key& key) const noexcept {
  return static_cast<std::size_t>(hash_of(key));
}

#endif
