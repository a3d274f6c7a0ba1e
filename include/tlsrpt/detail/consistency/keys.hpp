/// @file
/// What makes parts of a report equal: orders and hashes that agree with each other.

#ifndef TLSRPT_HPP_DETAIL_CONSISTENCY_KEYS
#define TLSRPT_HPP_DETAIL_CONSISTENCY_KEYS

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/consistency/comparing.hpp>
#include <tlsrpt/detail/consistency/element_set.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/policy_text.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt::detail {

/// Known values by what they mean, others by their text.
template <class E>
constexpr std::weak_ordering token_order(const token<E>& a, const token<E>& b) noexcept {
  if (a.value != b.value) return a.value <=> b.value;
  if (a.known()) return std::weak_ordering::equivalent;
  return a.text <=> b.text;
}

template <class E>
constexpr void add_token(part_hash& hash, const token<E>& token) noexcept {
  hash.add(static_cast<std::uint32_t>(token.value));
  if (!token.known()) hash.add(token.text);
}

/// The address to compare. Nothing for a text that is too long to be read again for each
/// comparison; no address is that long.
constexpr std::optional<ip_address> comparable_address(const ip_view& ip) noexcept {
  constexpr std::size_t longest = 256;
  return ip.text.size() > longest ? std::nullopt : ip.address();
}

/// Addresses by their octets, other texts as they are.
constexpr std::weak_ordering ip_order(const ip_view& a, const ip_view& b) noexcept {
  if (a.text == b.text) return std::weak_ordering::equivalent;
  const auto x = comparable_address(a), y = comparable_address(b);
  if (x.has_value() != y.has_value()) return x.has_value() <=> y.has_value();
  if (!x) return a.text <=> b.text;
  if (x->is_v4() != y->is_v4()) return x->is_v4() <=> y->is_v4();
  return x->octets() <=> y->octets();
}

constexpr void add_ip(part_hash& hash, const ip_view& ip) noexcept {
  const auto address = comparable_address(ip);
  if (!address) return hash.add(ip.text);
  for (std::uint8_t octet : address->octets()) hash.add(octet);
}

/// Whether a member is a host name, of which the same_host() ones are equal.
constexpr bool holds_host_name(field member) noexcept {
  return member == field::policy_domain || member == field::receiving_mx_hostname;
}

// What the value of a member adds to a hash, and an order of such values. Counts do not matter: how
// often something was seen makes nothing else of it.

constexpr void add_value(part_hash& hash, field member, std::string_view text) noexcept {
  holds_host_name(member) ? hash.add_host(text) : hash.add(text);
}
template <class E>
constexpr void add_value(part_hash& hash, field, const token<E>& token) noexcept {
  add_token(hash, token);
}
constexpr void add_value(part_hash& hash, field, const ip_view& ip) noexcept { add_ip(hash, ip); }
constexpr void add_value(part_hash&, field, session_count) noexcept {}

constexpr std::weak_ordering value_order(field member, std::string_view a,
                                         std::string_view b) noexcept {
  return holds_host_name(member) ? host_order(a, b) : a <=> b;
}
template <class E>
constexpr std::weak_ordering value_order(field, const token<E>& a, const token<E>& b) noexcept {
  return token_order(a, b);
}
constexpr std::weak_ordering value_order(field, const ip_view& a, const ip_view& b) noexcept {
  return ip_order(a, b);
}
constexpr std::weak_ordering value_order(field, session_count, session_count) noexcept {
  return std::weak_ordering::equivalent;
}

/// A hash of failure details that are equal by compare_failures().
constexpr std::uint32_t failure_hash(const failure_details_view& failure) noexcept {
  part_hash hash;
  schema::for_each(schema::failure_details, failure, [&](const auto& member, const auto& value) {
    add_value(hash, member.id, value);
  });
  return hash.value();
}

/// A pattern of RFC 8461, section 4.1.
struct mx_key {
  /// Octets of a text that can be read again for each comparison. A line with the longest name
  /// needs 260.
  static constexpr std::size_t longest_text = 512;

  bool has_wildcard = false;
  std::string_view host;  ///< After the wildcard.

  /// Nothing for what no host can match.
  static constexpr std::optional<mx_key> of(std::string_view pattern) noexcept {
    const bool has_wildcard = pattern.starts_with("*.");
    if (has_wildcard) pattern.remove_prefix(2);
    if (without_trailing_dot(pattern).empty()) return std::nullopt;
    return mx_key{has_wildcard, pattern};
  }

  friend constexpr std::weak_ordering order(const mx_key& a, const mx_key& b) noexcept {
    if (a.has_wildcard != b.has_wildcard) return a.has_wildcard <=> b.has_wildcard;
    return host_order(a.host, b.host);
  }
  friend constexpr std::uint32_t hash(const mx_key& key) noexcept {
    part_hash sum;
    sum.add(static_cast<std::uint8_t>(key.has_wildcard));
    sum.add_host(key.host);
    return sum.value();
  }
};

/// mx-host, where a needless "mx:" may come first (errc::mx_prefix). A text that is too long to
/// be read again for each comparison is taken as it is.
struct mx_host_key : mx_key {
  static constexpr std::optional<mx_host_key> read(std::string_view text) noexcept {
    if (text.size() > longest_text) return mx_host_key{{false, text}};
    if (text.starts_with("mx:")) text.remove_prefix(3);
    const auto key = of(trim(text, whitespace_octet));
    if (!key) return std::nullopt;
    return mx_host_key{*key};
  }
};

/// A line of an MTA-STS policy, when it is an mx line; it should have longest_text at most.
struct mx_line_key : mx_key {
  static constexpr std::optional<mx_line_key> read(std::string_view line) noexcept {
    const sts_field_view field = read_sts_line(line);
    if (field.key != sts_key::mx) return std::nullopt;
    const auto key = of(field.value);
    if (!key) return std::nullopt;
    return mx_line_key{*key};
  }
};

/// A TLSA record.
struct tlsa_key {
  std::string_view text;

  static constexpr std::optional<tlsa_key> read(std::string_view text) noexcept {
    return tlsa_key{text};
  }
  friend constexpr std::weak_ordering order(const tlsa_key& a, const tlsa_key& b) noexcept {
    if (a.text == b.text) return std::weak_ordering::equivalent;
    constexpr std::size_t common = 255;  // records with digests need less
    const int a_class = size_class(a.text.size(), common);
    const int b_class = size_class(b.text.size(), common);
    if (a_class != b_class) return a_class <=> b_class;
    return tlsa_order(a.text, b.text);
  }
  friend constexpr std::uint32_t hash(const tlsa_key& key) noexcept {
    const std::uint64_t wide = tlsa_hash(key.text);
    return static_cast<std::uint32_t>(wide ^ wide >> 32);
  }
};

/// The size of the largest array of strings in the report.
constexpr std::size_t longest_list(const report_view& report) noexcept {
  std::size_t longest = 0;
  for (const policy_view& policy : report.policies)
    longest = std::max({longest, policy.policy_string.size(), policy.mx_host.size()});
  return longest;
}

inline std::size_t octets_of(std::span<const std::string_view> texts) noexcept {
  std::size_t sum = 0;
  for (std::string_view text : texts) sum += text.size();
  return sum;
}

/// An order of arrays of one size by the set of their elements; of different size by size, so that
/// comparing a short one with a long one costs nothing, whether it is long in elements or octets.
template <class Key>
std::weak_ordering set_order(std::span<const std::string_view> a,
                             std::span<const std::string_view> b,
                             std::span<std::uint64_t> scratch) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  constexpr std::size_t common = 4095;
  const int a_class = size_class(octets_of(a), common), b_class = size_class(octets_of(b), common);
  if (a_class != b_class) return a_class <=> b_class;
  return order(element_set<Key>(a, scratch), element_set<Key>(b, scratch.subspan(a.size())));
}

/// What an array of a policy of this type adds to a hash.
inline void add_array(part_hash& hash, policy_type type, field member,
                      std::span<const std::string_view> texts, std::span<std::uint64_t> scratch) {
  if (member == field::mx_host)
    element_set<mx_host_key>(texts, scratch).add_to(hash);
  else if (member == field::policy_string && type == policy_type::tlsa)
    element_set<tlsa_key>(texts, scratch).add_to(hash);
  else
    for (std::string_view text : texts) hash.add(text);
}

/// An order of arrays of policies of one type: a TLSA RRset and mx-host are sets, the lines of an
/// MTA-STS policy are a text.
inline std::weak_ordering array_order(policy_type type, field member,
                                      std::span<const std::string_view> a,
                                      std::span<const std::string_view> b,
                                      std::span<std::uint64_t> scratch) {
  if (member == field::mx_host) return set_order<mx_host_key>(a, b, scratch);
  if (member == field::policy_string && type == policy_type::tlsa)
    return set_order<tlsa_key>(a, b, scratch);
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

template <class Value>
inline constexpr bool is_array = std::is_same_v<Value, std::span<const std::string_view>>;

/// A hash of a policy object: `scratch` must have an entry for each element of the larger array.
inline std::uint32_t policy_hash(const policy_head_view& policy, std::span<std::uint64_t> scratch) {
  part_hash hash;
  schema::for_each(schema::policy, policy,
                   [&]<class Value>(const auto& member, const Value& value) {
                     if constexpr (is_array<Value>)
                       add_array(hash, policy.policy_type.value, member.id, value, scratch);
                     else
                       add_value(hash, member.id, value);
                   });
  return hash.value();
}

/// An order of policy objects: `scratch` must have two entries for each element of the largest
/// array.
inline std::weak_ordering compare_policies(const policy_head_view& a, const policy_head_view& b,
                                           std::span<std::uint64_t> scratch) {
  // So arrays are only compared when the types are equal.
  std::weak_ordering order = token_order(a.policy_type, b.policy_type);
  schema::for_each(schema::policy, a, [&]<class Value>(const auto& member, const Value& value) {
    if (order != 0) return;
    if constexpr (is_array<Value>)
      order = array_order(a.policy_type.value, member.id, value, member.of(b), scratch);
    else
      order = value_order(member.id, value, member.of(b));
  });
  return order;
}

}  // namespace tlsrpt::detail

#endif
