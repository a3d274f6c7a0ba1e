/// @file
/// The members of an object: in the RFC's order or another, repeated, misspelt, unknown.

#ifndef TLSRPT_HPP_DETAIL_REPORT_OBJECT
#define TLSRPT_HPP_DETAIL_REPORT_OBJECT

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/report/member_names.hpp>
#include <tlsrpt/detail/report/values.hpp>

// Before C++23 no standard attribute stands where it would be that of a lambda's operator.
#ifdef __GNUC__
#define TLSRPT_HPP_INLINE_LAMBDA __attribute__((always_inline))
#else
#define TLSRPT_HPP_INLINE_LAMBDA
#endif

namespace tlsrpt::detail {

/// A set of members, a bit each.
class member_set {
 public:
  constexpr member_set() noexcept = default;
  /// The members in a list of the schema.
  template <class... Member>
  explicit constexpr member_set(const schema::list<Member...>& members) noexcept {
    schema::for_each(members, [this](const auto& member) { add(member.id); });
  }

  /// False when `member` was in the set already.
  constexpr bool add(field member) noexcept {
    const std::uint32_t bit = 1u << static_cast<unsigned>(member);
    const bool added = (bits_ & bit) == 0;
    bits_ |= bit;
    return added;
  }
  constexpr bool has(field member) const noexcept {
    return (bits_ >> static_cast<unsigned>(member) & 1u) != 0;
  }
  constexpr bool has_all(member_set others) const noexcept {
    return (bits_ & others.bits_) == others.bits_;
  }
  friend constexpr member_set operator|(member_set a, member_set b) noexcept {
    a.bits_ |= b.bits_;
    return a;
  }

 private:
  std::uint32_t bits_ = 0;
};
static_assert(schema_rows.size() <= 32);

/// The members in a list of the schema that have to be there.
template <const auto& Members>
inline constexpr member_set required_members = [] {
  member_set required;
  schema::for_each(Members, [&](const auto& member) {
    if (member.if_missing != errc::ok) required.add(member.id);
  });
  return required;
}();

/// One member of a list of the schema, as a type.
template <const auto& Members, std::size_t I>
struct listed_member {
  // A copy, since GCC does not look into the list at compile time.
  static constexpr auto row = schema::get<I>(Members);
  static constexpr field id = row.id;
};

template <class... Member>
constexpr std::index_sequence_for<Member...> indices_in(const schema::list<Member...>&) noexcept {
  return {};
}
template <const auto& Members>
using indices_of = decltype(indices_in(Members));

/// Members that were recognised, but have to wait for the end of their object: misspelt ones, which
/// count only when the right name is absent, and those of a policy that are outside it.
class late_members {
 public:
  struct entry {
    json_token name_token;
    field member;
    bool is_misspelt;

    json_token value() const noexcept { return name_token + 2; }
  };

  void add(const entry& e) noexcept {
    if (size_ < entries_.size()) entries_[size_++] = e;
  }
  bool has(field member) const noexcept {
    for (const entry& e : *this)
      if (e.member == member) return true;
    return false;
  }
  bool empty() const noexcept { return size_ == 0; }
  const entry* begin() const noexcept { return entries_.data(); }
  const entry* end() const noexcept { return entries_.data() + size_; }

 private:
  // Each member of the schema is kept once. Uninitialised on purpose: an object usually has none.
  std::size_t size_ = 0;
  std::array<entry, schema_rows.size()> entries_;
};

/// Goes through the members of objects.
template <class Gate>
class object_reader : protected value_reader<Gate> {
 protected:
  using value_reader<Gate>::value_reader;
  using value_reader<Gate>::cares;
  using value_reader<Gate>::depth_;
  using value_reader<Gate>::end_;
  using value_reader<Gate>::has_octets_above_ascii_;
  using value_reader<Gate>::is_i_json_string;
  using value_reader<Gate>::pass;
  using value_reader<Gate>::skip;
  using value_reader<Gate>::subject;
  using value_reader<Gate>::walk_;

  /// Walks an object with the members `Members`. Calls `read(listed_member, value, seen)` for each
  /// of them once, whatever their order; `seen` are those that came so far. Members that belong
  /// `elsewhere` are left in `late`.
  template <const auto& Members, class Read>
  [[gnu::always_inline]] json_token object(json_token token, field container, member_set& seen,
                                           late_members& late, Read&& read,
                                           member_set elsewhere = {}) {
    using enum json_walk::object_state;
    ++depth_;
    json_walk::object_state state = walk_.enter_object(token, depth_);
    // Most senders keep the order of the RFC, so the members are first looked for in that order.
    if (state == at_name && read_in_order<Members>(indices_of<Members>(), token, state, seen, read))
        [[unlikely]] {
      member_set seen_now = seen;  // A copy, so that `seen` itself may stay in a register.
      state = read_in_any_order<Members>(token, container, seen_now, late, read, elsewhere);
      seen = seen_now;
    }
    --depth_;
    // After the text there may be anything; what ends there does not count.
    if (state == broken || token > end_) [[unlikely]]
      return nullptr;
    if (!late.empty()) [[unlikely]] {
      member_set seen_now = seen;
      if (!read_misspelt<Members>(late, seen_now, container, read)) return nullptr;
      seen = seen_now;
    }
    return token;
  }

  /// Reports those members that have to be there and were not seen.
  template <const auto& Members>
  bool none_missing(member_set seen, json_token object) {
    if (seen.has_all(required_members<Members>)) [[likely]]
      return true;
    return report_missing<Members>(seen, object, indices_of<Members>());
  }

  /// Reads the value of `member`, which is one of `Members`.
  template <const auto& Members, class Read>
  [[gnu::noinline]] json_token read_member(field member, json_token value, const member_set& seen,
                                           Read& read) {
    return read_listed<Members>(indices_of<Members>(), member, value, seen, read);
  }

  /// A member that is not used; its value has been validated as JSON.
  bool unknown_member(json_token name_token, field container) {
    if (!cares(errc::unknown_member, errc::noncharacter, errc::lone_surrogate)) return true;
    if (!pass(errc::unknown_member, name_token, container, walk_.name_text(name_token)))
      return false;
    if (!walk_.has_escapes() && !has_octets_above_ascii_) return true;
    const json_token end = walk_.skip(name_token + 2, 0);
    for (json_token token = name_token; token < end; ++token) {
      if (walk_.at(token) != '"') continue;
      if (!is_i_json_string(walk_.string_text(token), container)) return false;
    }
    return true;
  }

 private:
  /// Reads members as long as they come in the order of `Members`. False when the object ended with
  /// one or is broken.
  template <const auto& Members, std::size_t... I, class Read>
  [[gnu::always_inline]] bool read_in_order(std::index_sequence<I...>, json_token& token,
                                            json_walk::object_state& state, member_set& seen,
                                            Read& read) {
    return (read_if_next(listed_member<Members, I>(), token, state, seen, read) && ...);
  }

  template <class Member, class Read>
  [[gnu::always_inline]] bool read_if_next(Member member, json_token& token,
                                           json_walk::object_state& state, member_set& seen,
                                           Read& read) {
    if (!begins_with_member<Member::id>(walk_.text() + *token)) return true;
    seen.add(Member::id);
    token = read(member, token + 2, seen);
    state = walk_.next_member(token);
    return state == json_walk::object_state::at_name;
  }

  /// Continues with an object whose members do not come in the RFC's order, are unknown or
  /// repeated.
  template <const auto& Members, class Read>
  [[gnu::noinline]] json_walk::object_state read_in_any_order(json_token& token, field container,
                                                              member_set& seen, late_members& late,
                                                              Read& read, member_set elsewhere) {
    using enum json_walk::object_state;
    json_walk::object_state state = at_name;
    while (state == at_name) {
      if (!read_any<Members>(indices_of<Members>(), token, seen, read)) [[unlikely]] {
        if (!walk_.is_name(token)) return broken;
        token = read_rare<Members>(token, container, seen, late, read, elsewhere);
      }
      state = walk_.next_member(token);
    }
    return state;
  }

  /// Reads the member that begins at `token`. False when it is none of `Members`, or not written as
  /// usual.
  template <const auto& Members, std::size_t... I, class Read>
  [[gnu::always_inline]] bool read_any(std::index_sequence<I...>, json_token& token,
                                       member_set& seen, Read& read) {
    return (read_if_here(listed_member<Members, I>(), token, seen, read) || ...);
  }

  template <class Member, class Read>
  [[gnu::always_inline]] bool read_if_here(Member member, json_token& token, member_set& seen,
                                           Read& read) {
    // The next token is the colon, unless there is whitespace before it.
    constexpr std::size_t to_colon = member_beginning<Member::id>.size() - 1;
    if (token[1] - token[0] != to_colon || !begins_with_member<Member::id>(walk_.text() + *token))
      return false;
    token = seen.add(Member::id) ? read(member, token + 2, seen) : duplicate(Member::id, token);
    return true;
  }

  /// Reads a member whose name is written in another way or not one of `Members`.
  template <const auto& Members, class Read>
  [[gnu::noinline]] json_token read_rare(json_token token, field container, member_set& seen,
                                         late_members& late, Read& read, member_set elsewhere) {
    constexpr member_set own(Members);
    const named_member named = find_name(token);
    if (named.is_broken) return nullptr;
    if (named.is_misspelt || !own.has(named.member))
      return put_off(token, named, own | elsewhere, container, late);
    if (!seen.add(named.member)) return duplicate(named.member, token);
    return read_member<Members>(named.member, token + 2, seen, read);
  }

  template <const auto& Members, std::size_t... I>
  bool report_missing(member_set seen, json_token object, std::index_sequence<I...>) {
    const auto is_there = [&](field member, errc if_missing) {
      return if_missing == errc::ok || seen.has(member) || pass(if_missing, object, member);
    };
    return (is_there(listed_member<Members, I>::id, listed_member<Members, I>::row.if_missing) &&
            ...);
  }

  template <const auto& Members, std::size_t... I, class Read>
  [[gnu::always_inline]] json_token read_listed(std::index_sequence<I...>, field member,
                                                json_token value, const member_set& seen,
                                                Read& read) {
    json_token next = nullptr;
    static_cast<void>(((member == listed_member<Members, I>::id &&
                        (next = read(listed_member<Members, I>(), value, seen), true)) ||
                       ...));
    return next;
  }

  /// Reads the members that were misspelt, where the right name is absent.
  template <const auto& Members, class Read>
  [[gnu::cold, gnu::noinline]] bool read_misspelt(const late_members& late, member_set& seen,
                                                  field container, Read& read) {
    constexpr member_set own(Members);
    for (const late_members::entry& e : late) {
      if (!e.is_misspelt || !own.has(e.member)) continue;
      if (!seen.add(e.member)) {
        if (!unknown_member(e.name_token, container)) return false;
        continue;
      }
      if (!pass(errc::misspelt_member, e.name_token, e.member, walk_.name_text(e.name_token)) ||
          read_member<Members>(e.member, e.value(), seen, read) == nullptr)
        return false;
    }
    return true;
  }

  /// What a name means.
  struct named_member {
    field member;
    bool is_misspelt = false;
    bool is_broken = false;  ///< It has an escape that JSON does not know.
  };

  /// What the name at a token means.
  [[gnu::noinline]] named_member find_name(json_token token) const noexcept {
    std::string_view name = walk_.name_text(token);
    std::array<char, 6 * longest_member_name> unescaped_name;
    if (walk_.has_escapes() && name.find('\\') != std::string_view::npos) {
      if (find_bad_escape(name) != std::string_view::npos) return {field::none, false, true};
      if (name.size() <= unescaped_name.size()) {
        const unescaped_string u = unescape(name, unescaped_name.data());
        name = {unescaped_name.data(), static_cast<std::size_t>(u.end - unescaped_name.data())};
      }
    }
    const field exact = member_names.find(name);
    if (exact != field::none) return {exact};
    return {meant_member(name), true};
  }

  /// Puts off a member until the object has ended, when it is one of `known`.
  [[gnu::noinline]] json_token put_off(json_token name_token, named_member named, member_set known,
                                       field container, late_members& late) {
    const json_token next = skip(name_token + 2);
    if (next == nullptr) return nullptr;
    if (named.member == field::none || !known.has(named.member))
      return unknown_member(name_token, container) ? next : nullptr;
    if (late.has(named.member))
      return pass(errc::duplicate_member, name_token, named.member, walk_.name_text(name_token))
                 ? next
                 : nullptr;
    late.add({name_token, named.member, named.is_misspelt});
    return next;
  }

  /// Goes past a member that came before.
  [[gnu::noinline]] json_token duplicate(field member, json_token name_token) {
    const json_token value = name_token + 2;
    const json_token next = skip(value);
    if (next == nullptr) return nullptr;
    return pass(errc::duplicate_member, name_token, member, subject(value, next)) ? next : nullptr;
  }
};

}  // namespace tlsrpt::detail

#endif
