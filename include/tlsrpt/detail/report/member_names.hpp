/// @file
/// From a member's name in the JSON text to the member that is meant.

#ifndef TLSRPT_HPP_DETAIL_REPORT_MEMBER_NAMES
#define TLSRPT_HPP_DETAIL_REPORT_MEMBER_NAMES

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/limits.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt::detail {

/// Octets of the longest name in the schema, which no other text that can mean one exceeds.
inline constexpr std::size_t longest_member_name = [] {
  std::size_t longest = 0;
  for (const schema_row& row : schema_rows) longest = std::max(longest, row.name.size());
  return longest;
}();

/// The name of a member as it usually begins the member: in quotes, with a colon right after them.
template <field Member>
inline constexpr auto member_beginning_octets = [] {
  constexpr std::string_view text = name(Member);
  std::array<char, text.size() + 3> octets{};
  char* end = std::copy(text.begin(), text.end(), octets.data() + 1);
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

/// Finds names without a branch on the text: members come in no order that a processor foresees.
class member_name_table {
 public:
  constexpr member_name_table() noexcept {
    for (std::size_t member = 1; member < schema_rows.size(); ++member) {
      std::uint8_t& first = first_[place_of(schema_rows[member].name)];
      next_[member] = first;
      first = static_cast<std::uint8_t>(member);
    }
  }

  /// The member whose name `text` is exactly; field::none when it is nobody's.
  constexpr field find(std::string_view text) const noexcept {
    if (text.size() < 4) return field::none;
    for (std::uint8_t member = first_[place_of(text)]; member != 0; member = next_[member])
      if (same_octets(text, schema_rows[member].name)) return static_cast<field>(member);
    return field::none;
  }

 private:
  /// The names of RFC 8460 have a place each; others may share one.
  static constexpr std::size_t place_of(std::string_view text) noexcept {
    const auto fourth = static_cast<std::uint8_t>(text[3]);
    const auto last = static_cast<std::uint8_t>(text.back());
    return (text.size() * 7 + std::size_t{last} * 4 + fourth) % 64;
  }

  std::array<std::uint8_t, 64> first_{};
  std::array<std::uint8_t, schema_rows.size()> next_{};
};
inline constexpr member_name_table member_names;

/// The member that a text means which is not exactly its name: another case, "_" for "-", or one of
/// the names that the prose of RFC 8460, drafts and a sender use instead; else field::none.
constexpr field meant_member(std::string_view text) noexcept {
  if (text.size() > longest_member_name) return field::none;
  std::array<char, longest_member_name> folded{};
  std::transform(text.begin(), text.end(), folded.begin(), fold_name_octet);
  const std::string_view meant(folded.data(), text.size());
  if (const field member = member_names.find(meant); member != field::none) return member;
  if (meant == "receiving-mx-host-name") return field::receiving_mx_hostname;
  if (meant == "failure-error-code") return field::failure_reason_code;
  if (meant == "mx-host-pattern") return field::mx_host;
  if (meant == "additional-info-uri") return field::additional_information;
  return field::none;
}

}  // namespace tlsrpt::detail

#endif
