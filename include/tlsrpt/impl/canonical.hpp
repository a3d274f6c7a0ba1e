/// @file
/// Bodies of canonical.hpp.

#ifndef TLSRPT_HPP_IMPL_CANONICAL
#define TLSRPT_HPP_IMPL_CANONICAL

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include <tlsrpt/detail/json/writer.hpp>
#include <tlsrpt/detail/text/sha256.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt {

namespace detail {

// Whether a member is there.

constexpr bool is_there(std::string_view text) noexcept { return !text.empty(); }
constexpr bool is_there(session_count count) noexcept { return count.known(); }
constexpr bool is_there(const timestamp& time) noexcept {
  return time.known || is_there(time.text);
}
constexpr bool is_there(const ip_view& ip) noexcept { return is_there(ip.text); }
template <class E>
constexpr bool is_there(const token<E>& token) noexcept {
  return token.known() || is_there(token.text);
}
template <class T>
constexpr bool is_there(std::span<T> elements) noexcept {
  return !elements.empty();
}

/// Whether a member with this value is left out.
template <class Member, class Value>
constexpr bool is_left_out(const Member& member, const Value& value) noexcept {
  // Without them a parser reads no report, or no policy.
  if (member.id == field::policies || member.id == field::policy) return false;
  if constexpr (requires { is_there(value); }) {
    return !is_there(value);
  } else {
    bool is_empty = true;
    schema::for_each(member.members, value, [&](const auto& inner, const auto& inner_value) {
      is_empty = is_empty && is_left_out(inner, inner_value);
    });
    return is_empty;
  }
}

/// The names of the members, by number.
inline constexpr auto member_keys = [] {
  std::array<json_key, schema_rows.size()> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = json_key(schema_rows[i].name);
  return keys;
}();

/// Writes each value as the view has it.
template <class Out>
class faithful_values {
 public:
  explicit constexpr faithful_values(json_writer<Out>& json) noexcept : json_(json) {}

  /// Writes the value of a member of `view`.
  template <class Member, class View, class Value>
  constexpr void put(const Member&, const View&,
                     const Value& value) noexcept(is_nothrow_output<Out>) {
    put_value(value);
  }

 protected:
  constexpr void put_value(std::string_view text) noexcept(is_nothrow_output<Out>) {
    json_.string(text);
  }
  constexpr void put_value(session_count count) noexcept(is_nothrow_output<Out>) {
    json_.number(count.value());
  }
  constexpr void put_value(const timestamp& time) noexcept(is_nothrow_output<Out>) {
    // Most are written as they are here.
    if (!time.known || read_canonical_date_time(time.text) == time.seconds)
      return json_.string(time.text);
    const date_time_text text = to_text(time);
    const bool is_exact = read_date_time(text).seconds == time.seconds;
    if (!is_exact) return json_.number(time.seconds);
    json_.string(text);
  }
  constexpr void put_value(const ip_view& ip) noexcept(is_nothrow_output<Out>) {
    if (is_ipv4(ip.text)) return json_.string(ip.text);
    const auto address = ip.address();
    if (!address) return json_.string(ip.text);
    const ip_text text = to_text(*address);
    json_.string(text);
  }
  template <class E>
  constexpr void put_value(const token<E>& token) noexcept(is_nothrow_output<Out>) {
    json_.string(to_text(token));
  }
  constexpr void put_value(std::span<const std::string_view> texts) noexcept(
      is_nothrow_output<Out>) {
    json_.begin_array();
    for (std::string_view text : texts) json_.string(text);
    json_.end_array();
  }

  json_writer<Out>& json_;
};

/// Writes views by the lists of their members, and their values by `Values`.
template <class Out, template <class> class Values>
class report_writer {
 public:
  constexpr report_writer(Out& out, json_layout layout) noexcept
      : json_(out, layout == json_layout::pretty), values_(json_) {}

  template <class Members, class View>
  constexpr void object(const Members& members, const View& view) noexcept(is_nothrow_output<Out>) {
    json_.begin_object();
    schema::for_each(members, view, [&](const auto& member, const auto& value) {
      if (is_left_out(member, value)) return;
      json_.key(member_keys[static_cast<std::size_t>(member.id)]);
      if constexpr (requires { member.members; })
        part(member.members, value);
      else
        values_.put(member, view, value);
    });
    json_.end_object();
  }

 private:
  // A member that has members: an object, or an array of them.

  template <class Members, class View>
  constexpr void part(const Members& members, const View& view) noexcept(is_nothrow_output<Out>) {
    object(members, view);
  }
  template <class Members, class View>
  constexpr void part(const Members& members,
                      std::span<const View> views) noexcept(is_nothrow_output<Out>) {
    json_.begin_array();
    for (const View& view : views) object(members, view);
    json_.end_array();
  }

  json_writer<Out> json_;
  Values<Out> values_;
};

}  // namespace detail

template <text_output Out>
constexpr void write_canonical(Out&& out, const report_view& report,
                               json_layout layout) noexcept(detail::is_nothrow_output<Out>) {
  detail::report_writer<std::remove_reference_t<Out>, detail::faithful_values> writer(out, layout);
  writer.object(schema::report, report);
}

constexpr digest digest_of(const report_view& report) noexcept {
  detail::sha256 sha256;
  write_canonical(sha256, report);
  const std::array<std::uint8_t, 32> hash = sha256.finish();
  std::array<std::uint8_t, 16> octets{};
  std::copy_n(hash.begin(), octets.size(), octets.begin());
  return digest(octets);
}

}  // namespace tlsrpt

#endif
