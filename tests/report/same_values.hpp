/// @file
/// Whether two reports say the same, without regard to how they spell it; what the canonical JSON
/// and the digest of a report promise. For tests of any kind, so no test framework here.

#ifndef TLSRPT_TESTS_REPORT_SAME_VALUES
#define TLSRPT_TESTS_REPORT_SAME_VALUES

#include <algorithm>
#include <span>
#include <string_view>

#include <tlsrpt/model.hpp>
#include <tlsrpt/schema.hpp>

namespace same_values {

inline bool same(std::string_view a, std::string_view b) { return a == b; }
inline bool same(tlsrpt::session_count a, tlsrpt::session_count b) { return a == b; }
inline bool same(const tlsrpt::timestamp& a, const tlsrpt::timestamp& b) {
  if (a.known != b.known) return false;
  return a.known ? a.seconds == b.seconds : a.text == b.text;
}
inline bool same(const tlsrpt::ip_view& a, const tlsrpt::ip_view& b) {
  const auto address = a.address();
  return address == b.address() && (address || a.text == b.text);
}
template <class E>
bool same(const tlsrpt::token<E>& a, const tlsrpt::token<E>& b) {
  return a.value == b.value && (a.known() || a.text == b.text);
}
inline bool same(std::span<const std::string_view> a, std::span<const std::string_view> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// Whether all members of two views are the same, those of objects and arrays in them included.
template <class Members, class View>
bool same(const Members& members, const View& a, const View& b) {
  bool all = true;
  tlsrpt::schema::for_each(members, a, [&](const auto& member, const auto& value) {
    const auto& other = member.of(b);
    if constexpr (!requires { member.members; })
      all = all && same(value, other);
    else if constexpr (requires { value.size(); })
      all = all &&
            std::equal(value.begin(), value.end(), other.begin(), other.end(),
                       [&](const auto& x, const auto& y) { return same(member.members, x, y); });
    else
      all = all && same(member.members, value, other);
  });
  return all;
}

inline bool same(const tlsrpt::report_view& a, const tlsrpt::report_view& b) {
  return same(tlsrpt::schema::report, a, b);
}

}  // namespace same_values

#endif
