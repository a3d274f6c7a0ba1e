/// @file
/// The objects `policy` and `summary` of an element of `policies`, also where their members are not
/// inside them, and the arrays of strings.

#ifndef TLSRPT_HPP_DETAIL_REPORT_POLICY_OBJECT
#define TLSRPT_HPP_DETAIL_REPORT_POLICY_OBJECT

#include <cstdint>
#include <cstring>
#include <string_view>

#include <tlsrpt/detail/report/builders.hpp>
#include <tlsrpt/detail/report/object.hpp>
#include <tlsrpt/detail/report/policy_string.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt::detail {

/// What is gathered of an element of `policies` while it is walked.
struct policy_parts {
  policy_head_view& head;
  string_range policy_string{}, mx_host{};  ///< What the builder has of the arrays.
  /// The string of policy-string when there is one only: it may have to be taken apart, and how
  /// depends on the policy's type, which may come later.
  std::string_view only_string{};
  json_token only_string_at = nullptr;
  bool is_single_string = false;       ///< policy-string is a string and no array.
  json_token late_failures = nullptr;  ///< failure-details that came too early.
  bool has_policy = false;
  bool is_announced = false;  ///< The builder has the whole policy.
};

/// Reads the two objects of an element of `policies`.
template <class Gate, class Builder>
class policy_reader : protected object_reader<Gate> {
 protected:
  policy_reader(report_text& text, const limits& limits, Gate& gate,
                const Builder& builder) noexcept
      : object_reader<Gate>(text, gate),
        limits_(limits),
        builder_(builder),
        strings_left_(limits.max_policy_strings) {}

  using object_reader<Gate>::depth_;
  using object_reader<Gate>::element_;
  using object_reader<Gate>::end_;
  using object_reader<Gate>::pass;
  using object_reader<Gate>::read;
  using object_reader<Gate>::stop;
  using object_reader<Gate>::walk_;

  /// Reads a member that has a value of its own to its place in `view`.
  template <class Member, class View>
  [[gnu::always_inline]] json_token read_to(Member, json_token token, View& view) {
    auto& kept = view.*Member::row.at;
    const json_token next = read(token, Member::id, kept);
    return next != nullptr && this->template suits<Member::id>(token, kept) ? next : nullptr;
  }

  /// Walks an array: calls `element(value)` for each of its elements.
  template <class Element>
  [[gnu::always_inline]] json_token array(json_token token, Element&& element) {
    ++depth_;
    const json_token next = walk_.for_each_element(token, depth_, element);
    --depth_;
    return next != nullptr && next <= end_ ? next : nullptr;
  }

  json_token policy(json_token token, policy_parts& parts) {
    if (walk_.at(token) != '{') return this->wrong_type(token, field::policy);
    parts.has_policy = true;
    member_set seen;
    late_members late;
    const json_token next = this->template object<schema::policy>(token, field::policy, seen, late,
                                                                  value_of_policy{*this, parts});
    if (next == nullptr) return nullptr;
    return this->template none_missing<schema::policy>(seen, token) && end_policy_object(parts)
               ? next
               : nullptr;
  }

  json_token summary(json_token token, policy_parts& parts) {
    if (walk_.at(token) != '{') return this->wrong_type(token, field::summary);
    member_set seen;
    late_members late;
    const json_token next = this->template object<schema::summary>(
        token, field::summary, seen, late, value_of_policy{*this, parts});
    if (next == nullptr) return nullptr;
    return this->template none_missing<schema::summary>(seen, token) ? next : nullptr;
  }

  /// Members of the policy or the summary that are directly in the element: read as if inside, when
  /// there is no such object.
  [[gnu::cold, gnu::noinline]] bool read_misplaced(const late_members& late, member_set& seen,
                                                   policy_parts& parts) {
    constexpr member_set of_policy(schema::policy), of_summary(schema::summary);
    const bool policy_seen = parts.has_policy, summary_seen = seen.has(field::summary);
    member_set reported;
    for (const late_members::entry& e : late) {
      const bool is_of_policy = of_policy.has(e.member);
      if (!is_of_policy && !of_summary.has(e.member)) continue;
      if (is_of_policy ? policy_seen : summary_seen) {
        if (!this->unknown_member(e.name_token, field::none)) return false;
        continue;
      }
      const field object = is_of_policy ? field::policy : field::summary;
      const std::string_view name = walk_.name_text(e.name_token);
      if (reported.add(object) && !pass(errc::flat_policy, e.name_token, e.member, name))
        return false;
      if (e.is_misspelt && !pass(errc::misspelt_member, e.name_token, e.member, name)) return false;
      seen.add(object);
      if (is_of_policy) parts.has_policy = true;
      value_of_policy read_value{*this, parts};
      const json_token next =
          is_of_policy
              ? this->template read_member<schema::policy>(e.member, e.value(), seen, read_value)
              : this->template read_member<schema::summary>(e.member, e.value(), seen, read_value);
      if (next == nullptr) return false;
    }
    return !parts.has_policy || policy_seen || end_policy_object(parts);
  }

  const limits& limits_;
  Builder builder_;

 private:
  /// Reads the value of a member of the policy or the summary.
  struct value_of_policy {
    policy_reader& reader;
    policy_parts& parts;

    template <class Member>
    [[gnu::always_inline]] json_token operator()(Member member, json_token value,
                                                 member_set) const {
      if constexpr (Member::id == field::policy_string)
        return reader.policy_string(value, parts);
      else if constexpr (Member::id == field::mx_host)
        return reader.mx_hosts(value, parts.mx_host);
      else
        return reader.read_to(member, value, parts.head);
    }
  };

  // ---- arrays of strings

  json_token mx_hosts(json_token token, string_range& range) {
    range.first = builder_.string_count();
    const auto keep = [&](std::string_view pattern, json_token at) TLSRPT_HPP_INLINE_LAMBDA {
      return is_mx_pattern(pattern, at) && has_room(at, field::mx_host) && give(pattern);
    };
    const json_token next =
        walk_.at(token) == '[' ? strings(token, field::mx_host, keep) : single_mx_host(token, keep);
    range.size = builder_.string_count() - range.first;
    return next;
  }

  template <class Keep>
  [[gnu::cold, gnu::noinline]] json_token single_mx_host(json_token token, const Keep& keep) {
    std::string_view pattern;
    const json_token next = single_string(token, field::mx_host, pattern);
    if (next == nullptr || !present(pattern)) return next;
    return pass(errc::not_an_array, token, field::mx_host, pattern) && keep(pattern, token)
               ? next
               : nullptr;
  }

  json_token policy_string(json_token token, policy_parts& parts) {
    if (walk_.at(token) != '[') [[unlikely]] {
      const json_token next = single_string(token, field::policy_string, parts.only_string);
      if (next == nullptr || !present(parts.only_string)) return next;
      parts.only_string_at = token;
      parts.is_single_string = true;
      return next;
    }
    string_range& range = parts.policy_string;
    range.first = builder_.string_count();
    std::string_view last;
    json_token last_at = nullptr;
    const json_token next =
        strings(token, field::policy_string,
                [&](std::string_view text, json_token at) TLSRPT_HPP_INLINE_LAMBDA {
                  last = text;
                  last_at = at;
                  return has_room(at, field::policy_string) && give(text);
                });
    range.size = builder_.string_count() - range.first;
    if (range.size == 1) {
      parts.only_string = last;
      parts.only_string_at = last_at;
    }
    return next;
  }

  /// The strings of an array: calls `keep(text, token)` for each.
  template <class Keep>
  [[gnu::always_inline]] json_token strings(json_token token, field member, Keep&& keep) {
    std::uint32_t index = 0;
    const json_token end = array(token, [&](json_token value) TLSRPT_HPP_INLINE_LAMBDA {
      element_ = index++;
      if (walk_.at(value) != '"') [[unlikely]] {
        std::string_view text;
        const json_token next = other_element(value, member, text);
        return next == nullptr || !present(text) || keep(text, value) ? next : nullptr;
      }
      const std::string_view text = this->content(value, member);
      return text.data() != nullptr && keep(text, value) ? value + 1 : nullptr;
    });
    element_ = location::npos;
    return end;
  }

  /// An element that is not a string: the text of numbers and literals is kept.
  [[gnu::cold, gnu::noinline]] json_token other_element(json_token token, field member,
                                                        std::string_view& kept) {
    const json_token next = this->skip(token);
    return next != nullptr && this->keep_scalar(token, next, member, kept, errc::wrong_type)
               ? next
               : nullptr;
  }

  /// A string where an array should be.
  [[gnu::cold, gnu::noinline]] json_token single_string(json_token token, field member,
                                                        std::string_view& kept) {
    return walk_.at(token) == '"' ? read(token, member, kept) : this->wrong_type(token, member);
  }

  /// Makes sure that one more string of `member` is allowed.
  [[gnu::always_inline]] bool has_room(json_token token, field member) {
    if (strings_left_ == 0) [[unlikely]]
      return stop(errc::too_many_policy_strings, *token, member);
    --strings_left_;
    return true;
  }

  [[gnu::always_inline]] bool give(std::string_view text) {
    return builder_.string(text) || stop(errc::out_of_memory);
  }

  bool is_mx_pattern(std::string_view pattern, json_token token) {
    if (pattern.starts_with("mx:") && !pass(errc::mx_prefix, token, field::mx_host, pattern))
      return false;
    return this->is_ascii_host(token, field::mx_host, pattern);
  }

  // ---- a policy-string of one string

  /// Splits a policy-string that is one string (F-19, B-82), an array inside one (B-81), or
  /// one element with all lines or records in it (B-63).
  bool end_policy_object(policy_parts& parts) {
    if (parts.only_string_at == nullptr) return true;
    const std::string_view text = parts.only_string;
    const auto has = [text](char c) { return std::memchr(text.data(), c, text.size()) != nullptr; };
    // Without escapes a string can hold neither line ends nor strings in quotes.
    if (parts.is_single_string || walk_.has_escapes() || has(';') || has('[')) [[unlikely]]
      return take_apart(parts);
    return true;
  }

  [[gnu::noinline]] bool take_apart(policy_parts& parts) {
    const std::string_view text = parts.only_string;
    const json_token token = parts.only_string_at;
    const bool is_tlsa = parts.head.policy_type.value == policy_type::tlsa;
    const auto report = [&](errc code) {
      parts.head.policy_string_text = text;
      return pass(code, token, field::policy_string, text);
    };
    if (parts.is_single_string && !report(errc::single_string_policy)) return false;
    string_range range{builder_.string_count(), 0};
    const auto keep = [&](std::string_view piece) {
      ++range.size;
      return has_room(token, field::policy_string) && give(piece);
    };
    // Until there is more than one string, or one that cannot be split: as an element of an array
    // it would stay as it is.
    std::string_view rest = text;
    bool is_element = !parts.is_single_string;
    int arrays = 0;  // one inside the other
    for (;;) {
      if (encoded_array array(rest); array.is_valid()) {
        // Each costs a walk over the text, so what is nested deeper stays as it is, all of it: then
        // its canonical form reads the same.
        constexpr int most_arrays = 3;
        if (++arrays > most_arrays) {
          if (!parts.is_single_string) return true;
          parts.policy_string = {range.first, 1};
          return keep(text);
        }
        is_element = true;
        if (array.take_only(rest)) {
          rest = unescaped_element(rest, arrays);
          continue;
        }
        for (std::string_view element; array.next(element);)
          if (!keep(unescaped_element(element, arrays))) return false;
        break;
      }
      if (is_element && !holds_several(rest, is_tlsa)) {
        if (arrays == 0 && !parts.is_single_string) return true;
        if (!keep(rest)) return false;
        break;
      }
      if (is_element && !report(errc::joined_policy_string)) return false;
      policy_pieces pieces(rest, is_tlsa);
      if (pieces.take_only(rest)) {
        is_element = true;
        continue;
      }
      for (std::string_view piece; pieces.next(piece);)
        if (!keep(piece)) return false;
      break;
    }
    parts.policy_string = range;
    return arrays == 0 || report(errc::encoded_policy_string);
  }

  /// Unescapes an element of an array that is in a string, or in an element of another such array.
  /// Room is reserved for the first; what is in its element is there already, and is unescaped in
  /// its place.
  std::string_view unescaped_element(std::string_view escaped, int arrays) noexcept {
    if (escaped.find('\\') == std::string_view::npos) return escaped;
    char* const room = this->text_.unescaped().data();
    char* const first = arrays > 1 ? room + (escaped.data() - room) : this->unescaped_end_;
    char* const end = unescape(escaped, first).end;
    if (arrays == 1) this->unescaped_end_ = end;
    return {first, static_cast<std::size_t>(end - first)};
  }

  std::size_t strings_left_;
};

}  // namespace tlsrpt::detail

#endif
