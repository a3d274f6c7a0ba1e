/// @file
/// Bodies of path.hpp.

#ifndef TLSRPT_HPP_IMPL_PATH
#define TLSRPT_HPP_IMPL_PATH

#include <cstddef>
#include <cstdint>

#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

namespace detail {

constexpr field parent_of(field member) noexcept {
  return schema_rows[static_cast<std::size_t>(member)].object;
}

/// Whether a member is in an element of `policies`.
constexpr bool is_in_policies(field member) noexcept {
  for (member = parent_of(member); member != field::none; member = parent_of(member))
    if (member == field::policies) return true;
  return false;
}

constexpr void put_index(path_text& text, std::uint32_t index) noexcept {
  if (index == location::npos) return;
  text.append("/");
  put_number(text, index);
}

/// Writes the way to a member, with the indices of the arrays on it.
constexpr void put_way(path_text& text, const location& where, field member) noexcept {
  if (member == field::none) return;
  // A policy that was read alone is in no report.
  if (where.policy != location::npos || !is_in_policies(member))
    put_way(text, where, parent_of(member));
  text.append("/");
  text.append(name(member));
  if (member == field::policies) put_index(text, where.policy);
  if (member == field::failure_details) put_index(text, where.failure);
}

}  // namespace detail

constexpr path_text path(const location& where) noexcept {
  path_text text;
  field member = where.member;
  if (static_cast<std::size_t>(member) >= detail::schema_rows.size()) member = field::none;
  if (member == field::none && where.policy != location::npos)
    member = where.failure != location::npos ? field::failure_details : field::policies;
  detail::put_way(text, where, member);
  detail::put_index(text, where.element);
  return text;
}

constexpr location_text to_text(const location& where) noexcept {
  location_text text;
  const auto begin_part = [&text] {
    if (!text.empty()) text.append(", ");
  };
  if (where.in != source::json) text.append(name(where.in));
  if (where.policy != location::npos || where.member != field::none) {
    const path_text pointer = path(where);
    begin_part();
    text.append(pointer);
  } else if (where.element != location::npos) {
    text.append(" ");
    detail::put_number(text, where.element);
  }
  // No member begins at the first octet: there the offset is unknown.
  if (where.in == source::json && where.offset == 0 && !text.empty()) return text;
  begin_part();
  text.append("octet ");
  detail::put_number(text, where.offset);
  return text;
}

}  // namespace tlsrpt

#endif
