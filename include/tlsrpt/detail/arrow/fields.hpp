/// @file
/// The columns that a report becomes, made of the schema of reports.

#ifndef TLSRPT_HPP_DETAIL_ARROW_FIELDS
#define TLSRPT_HPP_DETAIL_ARROW_FIELDS

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/arrow/abi.hpp>
#include <tlsrpt/detail/arrow/column.hpp>
#include <tlsrpt/detail/arrow/tree.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt::detail {

/// A column: the root, or one of the columns after it that it is made of.
struct column_field {
  char name[40]{};  ///< Ends with NUL.
  std::size_t name_size = 0;
  column_kind kind = column_kind::row;
  bool is_nullable = false;
  bool is_time = false;
  bool is_optional = false;  ///< Only where the ledger's columns are asked for.
  std::size_t end = 0;       ///< The number of the first column after those it is made of.
};

constexpr std::string_view name_of(const column_field& field) noexcept {
  return {field.name, field.name_size};
}

constexpr const char* format_of(const column_field& field) noexcept {
  switch (field.kind) {
    case column_kind::text:
      return "u";
    case column_kind::number:
      return field.is_time ? "tsu:UTC" : "l";
    case column_kind::day:
      return "tdD";
    case column_kind::list:
      return "+l";
    default:
      return "+s";
  }
}

/// How a value becomes columns.
enum class column_shape : std::uint8_t {
  text,        ///< One of text.
  count,       ///< One of numbers.
  time,        ///< The time, and the text of it.
  word,        ///< What was meant, and the text: vocabularies and addresses.
  host,        ///< The name by canonical_host(), and the text.
  texts,       ///< A list of texts.
  policy_text  ///< A list of texts, and what it was made of.
};

/// Whether a member is the name of a host or a domain, by which rows are grouped.
constexpr bool is_host(field member) noexcept {
  return member == field::policy_domain || member == field::receiving_mx_hostname;
}

template <class Member, class View>
constexpr column_shape shape_of(const Member& member, const View* view) noexcept {
  using value = std::remove_cvref_t<decltype(member.of(*view))>;
  if (is_host(member.id)) return column_shape::host;
  if (member.id == field::policy_string) return column_shape::policy_text;
  if constexpr (std::is_same_v<value, std::string_view>)
    return column_shape::text;
  else if constexpr (std::is_same_v<value, session_count>)
    return column_shape::count;
  else if constexpr (std::is_same_v<value, timestamp>)
    return column_shape::time;
  else if constexpr (std::is_same_v<value, std::span<const std::string_view>>)
    return column_shape::texts;
  else
    return column_shape::word;
}

/// Collects columns, each before those that it is made of.
class field_collector {
 public:
  static constexpr std::size_t most = 96;

  constexpr std::size_t add(column_kind kind, std::string_view name, std::string_view suffix = {},
                            bool is_nullable = true) {
    column_field& field = fields[size];
    std::size_t length = 0;
    for (std::string_view part : {name, suffix})
      for (char c : part) field.name[length++] = c == '-' ? '_' : c;
    field.name_size = length;
    field.kind = kind;
    field.is_nullable = is_nullable;
    field.is_optional = are_optional;
    field.end = ++size;
    return size - 1;
  }
  constexpr void add_time(std::string_view name) {
    fields[add(column_kind::number, name)].is_time = true;
  }
  /// What is added until end_list() is in the elements.
  constexpr std::size_t begin_list(std::string_view name, bool is_nullable = false) {
    const std::size_t list = add(column_kind::list, name, {}, is_nullable);
    add(column_kind::row, "item", {}, false);
    return list;
  }
  constexpr void end_list(std::size_t list) { fields[list].end = fields[list + 1].end = size; }
  constexpr void add_texts(std::string_view name) {
    const std::size_t list = add(column_kind::list, name, {}, false);
    add(column_kind::text, "item", {}, false);
    fields[list].end = size;
  }
  constexpr void add_ledger_rows(std::string_view name,
                                 std::initializer_list<std::string_view> texts,
                                 std::initializer_list<std::string_view> numbers) {
    const std::size_t list = begin_list(name, true);
    for (std::string_view each : texts) add(column_kind::text, each, {}, false);
    for (std::string_view each : numbers) add(column_kind::number, each, {}, false);
    end_list(list);
  }

  template <class View, class... Member>
  constexpr void add_members(const schema::list<Member...>& members, const View* view = nullptr) {
    schema::for_each(members, [&](const auto& member) { add_member(member, view); });
  }

  std::array<column_field, most> fields{};
  std::size_t size = 0;
  bool are_optional = false;

 private:
  template <class Member, class View>
  constexpr void add_member(const Member& member, const View* view) {
    if constexpr (requires { member.members; }) {
      using part = std::remove_cvref_t<decltype(member.of(*view))>;
      if constexpr (requires { typename part::element_type; }) {
        using element = std::remove_const_t<typename part::element_type>;
        const std::size_t list = begin_list(member.name, member.id == field::policies);
        add_members<element>(member.members);
        add_of_ledger(static_cast<const element*>(nullptr));
        end_list(list);
      } else {
        add_members<part>(member.members);
      }
    } else {
      add_value(member.name, shape_of(member, view));
    }
  }

  constexpr void add_value(std::string_view name, column_shape shape) {
    switch (shape) {
      case column_shape::text:
        add(column_kind::text, name);
        return;
      case column_shape::count:
        add(column_kind::number, name);
        return;
      case column_shape::texts:
        add_texts(name);
        return;
      case column_shape::policy_text:
        add_texts(name);
        break;
      case column_shape::time:
        add_time(name);
        break;
      default:
        add(column_kind::text, name);
        break;
    }
    add(column_kind::text, name, "_text");
  }

  constexpr void add_of_ledger(const policy_view*) { add_optional("policy_id"); }
  constexpr void add_of_ledger(const failure_details_view*) {
    add_optional("node");
    add_optional("reason");
  }
  constexpr void add_optional(std::string_view name) {
    are_optional = true;
    add(column_kind::text, name);
    are_optional = false;
  }
};

/// All columns, the root first. What appends a row goes through them in this order.
constexpr field_collector collect_fields() {
  field_collector all;
  all.add(column_kind::row, "", {}, false);
  all.add(column_kind::text, "source");
  all.add(column_kind::number, "position", {}, false);
  all.add(column_kind::text, "submitter");
  all.add_time("received");
  all.add(column_kind::text, "report_domain");
  for (std::string_view name : {"error", "error_in"}) all.add(column_kind::text, name);
  all.add(column_kind::number, "error_offset");
  for (std::string_view name : {"error_path", "error_hint"}) all.add(column_kind::text, name);
  all.add_members<report_view>(schema::report);
  all.are_optional = true;
  all.add(column_kind::text, "digest");
  all.add(column_kind::day, "day");
  all.add(column_kind::number, "days");
  for (std::string_view name : {"about", "contact", "reporter", "trust"})
    all.add(column_kind::text, name);
  all.add_ledger_rows("totals", {"domain", "kind", "mode", "policy_id"},
                      {"ok", "ok_unknown", "failed", "failed_unknown", "elements"});
  all.add_ledger_rows("failures",
                      {"domain", "kind", "mode", "result_type", "host", "node", "reason"},
                      {"noted", "noted_unknown"});
  all.are_optional = false;
  const std::size_t findings = all.begin_list("diagnostics");
  for (std::string_view name : {"code", "grade", "in"}) all.add(column_kind::text, name, {}, false);
  all.add(column_kind::number, "offset", {}, false);
  all.add(column_kind::text, "path", {}, false);
  all.add(column_kind::text, "subject");
  all.end_list(findings);
  all.add(column_kind::number, "diagnostics_left_out", {}, false);
  all.fields[0].end = all.size;
  return all;
}

inline constexpr std::size_t column_count = collect_fields().size;
inline constexpr std::array<column_field, column_count> column_fields = [] {
  constexpr field_collector all = collect_fields();
  std::array<column_field, column_count> fields{};
  for (std::size_t i = 0; i < column_count; ++i) fields[i] = all.fields[i];
  return fields;
}();

/// By the number of a column, that of the first one from there on that is always there.
inline constexpr std::array<std::uint8_t, column_count + 1> first_not_optional = [] {
  std::array<std::uint8_t, column_count + 1> first{};
  for (std::size_t i = column_count + 1; i-- > 0;) {
    const bool is_here = i == column_count || !column_fields[i].is_optional;
    first[i] = is_here ? static_cast<std::uint8_t>(i) : first[column_fields[i].end];
  }
  return first;
}();

/// The first column after those of the report.
inline constexpr std::size_t place_of_findings = [] {
  std::size_t place = 0;
  while (name_of(column_fields[place]) != "diagnostics") ++place;
  return place;
}();

/// Calls `f(child)` with the number of each column that the one with the number `parent` is made
/// of.
template <class F>
constexpr void for_each_child(std::size_t parent, bool with_optional, F&& f) {
  for (std::size_t child = parent + 1; child < column_fields[parent].end;
       child = column_fields[child].end)
    if (with_optional || !column_fields[child].is_optional) f(child);
}

/// Makes `node` the column with the number `place`, and all below it the columns that it is made
/// of; `fill(node, place)` sets the rest.
template <class Node, class Fill>
void make_columns(node_tree<Node>& tree, Node& node, std::size_t place, bool with_optional,
                  const Fill& fill) noexcept {
  fill(node, place);
  tree.adopt(node);
  std::size_t count = 0;
  for_each_child(place, with_optional, [&count](std::size_t) { ++count; });
  const auto children = tree.add_children(node, count);
  std::size_t next = 0;
  for_each_child(place, with_optional, [&](std::size_t child) {
    make_columns(tree, children[next++], child, with_optional, fill);
  });
}

/// The schema of all batches. False when there is no memory.
inline bool make_schema(bool with_optional, ArrowSchema& out) noexcept {
  auto* const tree = node_tree<ArrowSchema>::make(column_count, nullptr, nullptr);
  if (tree == nullptr) return false;
  out = {};
  make_columns(*tree, out, 0, with_optional, [](ArrowSchema& node, std::size_t place) {
    const column_field& field = column_fields[place];
    node.format = format_of(field);
    node.name = field.name;
    node.flags = field.is_nullable ? ARROW_FLAG_NULLABLE : 0;
  });
  return true;
}

}  // namespace tlsrpt::detail

#endif
