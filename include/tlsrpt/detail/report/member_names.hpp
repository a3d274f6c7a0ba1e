/// @file
/// From a member's name in the JSON text to the member that is meant.

#ifndef TLSRPT_HPP_DETAIL_REPORT_MEMBER_NAMES
#define TLSRPT_HPP_DETAIL_REPORT_MEMBER_NAMES

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// The longest name in the schema, and the longest text that can mean one.
inline constexpr std::size_t longest_member_name =
    name(field::total_successful_session_count).size();

template <field Member>
inline constexpr std::string_view member_name = name(Member);

/// Whether `text` is exactly the name of `Member`.
template <field Member>
[[gnu::always_inline]] constexpr bool is_exactly(std::string_view text) noexcept {
  return text.size() == member_name<Member>.size() && is_constant<member_name<Member>>(text.data());
}

/// The name of a member as it usually begins the member: in quotes, a colon right after them.
template <field Member>
inline constexpr auto member_beginning_octets = [] {
  constexpr std::string_view name = member_name<Member>;
  std::array<char, name.size() + 3> octets{};
  char* end = std::copy(name.begin(), name.end(), octets.data() + 1);
  octets.front() = *end++ = '"';
  *end = ':';
  return octets;
}();
template <field Member>
inline constexpr std::string_view member_beginning{member_beginning_octets<Member>.data(),
                                                   member_beginning_octets<Member>.size()};

/// Whether `Member` begins at `text`, after which tlsrpt::padding octets are readable.
template <field Member>
[[gnu::always_inline]] inline bool begins_with_member(const char* text) noexcept {
  static_assert(member_beginning<Member>.size() <= padding);
  return is_constant<member_beginning<Member>>(text);
}

/// Which of `Members` has exactly this name; field::none when none has.
template <field... Members>
inline field exact_member(std::string_view text) noexcept {
  field found = field::none;
  (void)((is_exactly<Members>(text) && (found = Members, true)) || ...);
  return found;
}

/// Which of `Members` a text means that is not exactly its name: another case, "_" for "-", or one
/// of the names that the prose of RFC 8460, drafts and a sender use instead.
template <field... Members>
inline field meant_member(std::string_view text) noexcept {
  if (text.size() > longest_member_name) return field::none;
  std::array<char, longest_member_name> folded{};
  std::transform(text.begin(), text.end(), folded.begin(), fold_name_octet);
  const std::string_view name_meant(folded.data(), text.size());
  const field found = exact_member<Members...>(name_meant);
  if (found != field::none) return found;
  struct other_name {
    std::string_view text;
    field member;
  };
  constexpr other_name others[] = {
      {"receiving-mx-host-name", field::receiving_mx_hostname},
      {"failure-error-code", field::failure_reason_code},
      {"mx-host-pattern", field::mx_host},
      {"additional-info-uri", field::additional_information},
  };
  for (const other_name& other : others)
    if (other.text == name_meant && ((other.member == Members) || ...)) return other.member;
  return field::none;
}

}  // namespace tlsrpt::detail

#endif
