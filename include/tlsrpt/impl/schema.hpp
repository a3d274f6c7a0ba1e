/// @file
/// Bodies of schema.hpp.

#ifndef TLSRPT_HPP_IMPL_SCHEMA
#define TLSRPT_HPP_IMPL_SCHEMA

#include <cstdint>

namespace tlsrpt {

namespace detail {

/// How many values field has, none included: as many as there are members in the lists.
template <class... Member>
constexpr std::size_t count_members(const std::tuple<Member...>& members) noexcept {
  std::size_t count = 0;
  schema::for_each(members, [&count](const auto& member) {
    ++count;
    if constexpr (requires { member.members; }) count += count_members(member.members);
  });
  return count;
}
inline constexpr std::size_t field_count = 1 + count_members(schema::report);

/// The name of each member, and the member that it is inside of.
struct member_table {
  std::string_view names[field_count]{};
  field parents[field_count]{};

  template <class... Member>
  constexpr void add(const std::tuple<Member...>& members, field parent) noexcept {
    schema::for_each(members, [this, parent](const auto& member) {
      names[static_cast<std::size_t>(member.id)] = member.name;
      parents[static_cast<std::size_t>(member.id)] = parent;
      if constexpr (requires { member.members; }) add(member.members, member.id);
    });
  }
};
inline constexpr member_table all_members = [] {
  member_table table;
  table.add(schema::report, field::none);
  return table;
}();

}  // namespace detail

constexpr std::string_view name(field member) noexcept {
  const auto place = static_cast<std::size_t>(member);
  return place < detail::field_count ? detail::all_members.names[place] : std::string_view();
}

}  // namespace tlsrpt

#endif
