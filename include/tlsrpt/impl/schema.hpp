/// @file
/// Bodies of schema.hpp.

#ifndef TLSRPT_HPP_IMPL_SCHEMA
#define TLSRPT_HPP_IMPL_SCHEMA

namespace tlsrpt {

namespace detail {

/// What the schema says of a member that its number alone does not.
struct schema_row {
  std::string_view name;
  field object = field::none;  ///< The object or array it is in; none for those of the report.
};

template <class... Member>
constexpr std::size_t count_members(const schema::list<Member...>& members) {
  std::size_t count = 0;
  schema::for_each(members, [&](const auto& member) {
    ++count;
    if constexpr (requires { member.members; }) count += count_members(member.members);
  });
  return count;
}

/// The members by number; the first row is that of field::none.
inline constexpr auto schema_rows = [] {
  std::array<schema_row, 1 + count_members(schema::report)> rows{};
  const auto add = [&rows](const auto& self, const auto& members, field object) -> void {
    schema::for_each(members, [&](const auto& member) {
      rows[static_cast<std::size_t>(member.id)] = {member.name, object};
      if constexpr (requires { member.members; }) self(self, member.members, member.id);
    });
  };
  add(add, schema::report, field::none);
  return rows;
}();
// Each number was used once.
static_assert([] {
  for (std::size_t member = 1; member < schema_rows.size(); ++member)
    if (schema_rows[member].name.empty()) return false;
  return true;
}());

}  // namespace detail

constexpr std::string_view name(field member) noexcept {
  const auto place = static_cast<std::size_t>(member);
  return place < detail::schema_rows.size() ? detail::schema_rows[place].name : std::string_view();
}

}  // namespace tlsrpt

#endif
