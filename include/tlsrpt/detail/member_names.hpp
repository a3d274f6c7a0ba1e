/// @file
/// From a member's name in the JSON text to the member that is meant.

#ifndef TLSRPT_HPP_DETAIL_MEMBER_NAMES
#define TLSRPT_HPP_DETAIL_MEMBER_NAMES

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/ascii.hpp>
#include <tlsrpt/error.hpp>

namespace tlsrpt::detail {

/// The longest name in the schema, and the longest text that can mean one.
inline constexpr std::size_t longest_member_name =
    name(field::total_successful_session_count).size();

/// The octets of a member's name from `At` on, as one word.
template <field Member, class Word, std::size_t At>
inline constexpr Word name_word = [] {
  std::array<char, sizeof(Word)> octets{};
  for (std::size_t i = 0; i < sizeof(Word); ++i) octets[i] = name(Member)[At + i];
  return std::bit_cast<Word>(octets);
}();

/// Whether the word of `text` at `At` is that of the name.
template <field Member, class Word, std::size_t At>
inline bool has_word(const char* text) noexcept {
  Word found;
  std::memcpy(&found, text + At, sizeof found);
  return found == name_word<Member, Word, At>;
}

/// Whether `text` is exactly the name of `Member`: the sizes, then whole words, the last of which
/// may overlap the one before.
template <field Member>
inline bool is_exactly(std::string_view text) noexcept {
  constexpr std::size_t size = name(Member).size();
  if (text.size() != size) return false;
  if constexpr (size < 8) {
    return has_word<Member, std::uint32_t, 0>(text.data()) &&
           has_word<Member, std::uint32_t, size - 4>(text.data());
  } else {
    return [text]<std::size_t... Words>(std::index_sequence<Words...>) {
      return (has_word<Member, std::uint64_t, 8 * Words>(text.data()) && ...) &&
             has_word<Member, std::uint64_t, size - 8>(text.data());
    }
    (std::make_index_sequence<(size - 1) / 8>());
  }
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
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    folded[i] = c == '_' ? '-' : lower_case(c);
  }
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
