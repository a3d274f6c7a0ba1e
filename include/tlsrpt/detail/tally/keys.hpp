/// @file
/// The texts by which policies and failures of a tally are the same: JSON arrays of what a report
/// has of them, in normal form.

#ifndef TLSRPT_HPP_DETAIL_TALLY_KEYS
#define TLSRPT_HPP_DETAIL_TALLY_KEYS

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/json/writer.hpp>
#include <tlsrpt/detail/ledger/line_reader.hpp>
#include <tlsrpt/detail/ledger/policy_normal.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/report/policy_string.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/session.hpp>

namespace tlsrpt::detail {

inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";
/// Octets that are kept of a reason, of another text of a failure, of a policy, which are those
/// that RFC 8461, section 3.3, allows one, and of a record.
inline constexpr std::size_t longest_tally_reason = 256, longest_tally_text = 1024,
                             longest_tally_policy = 65'536, longest_kept_record = 8192;
/// The reason of failures that are not kept apart.
inline constexpr std::string_view other_reason = "other";

/// Whether a character is neither a control nor a noncharacter, nor missing.
constexpr bool is_text(const utf8_character& character) noexcept {
  const bool is_control =
      character.code_point < 0x20 || (character.code_point >= 0x7f && character.code_point <= 0x9f);
  return character.size != 0 && !is_control && !is_noncharacter(character.code_point);
}

/// Adds a text to a string, with U+FFFD for controls, noncharacters and what is not UTF-8.
template <class Out>
void add_clean(json_writer<Out>& json, std::string_view text,
               std::size_t most) noexcept(is_nothrow_output<Out>) {
  text = cut_at_character(text, most);
  while (!text.empty()) {
    const utf8_character character = read_utf8(text);
    const std::size_t size = std::max<std::size_t>(character.size, 1);
    json.add(is_text(character) ? text.substr(0, size) : replacement_character);
    text.remove_prefix(size);
  }
}

template <class Out>
void write_clean(json_writer<Out>& json, std::string_view text,
                 std::size_t most) noexcept(is_nothrow_output<Out>) {
  json.begin_string();
  add_clean(json, text, most);
  json.end_string();
}

/// Writes the keys of policies.
class policy_key_writer {
 public:
  /// Writes the key of a policy about `domain`; false when there is no memory.
  template <class Out>
  bool write(Out& out, const session_policy& policy, std::string_view domain) noexcept {
    if (!read_text(policy)) return false;
    json_writer<Out> json(out);
    json.begin_array();
    json.string(name(policy.type));
    json.string(domain);
    json.begin_array();
    for (std::string_view rest = {lines_.data(), lines_.size()}; !rest.empty();)
      json.string(trim_back(take_part(rest, "\n"), whitespace_octet));
    json.end_array();
    if (!read_patterns(policy)) return false;
    json.begin_array();
    for (const std::string_view pattern : texts()) {
      json.begin_string();
      for (const char c : pattern) {
        const char lower = lower_case(c);
        json.add({&lower, 1});
      }
      json.end_string();
    }
    json.end_array();
    json.end_array();
    return true;
  }

 private:
  /// Each line or record by itself, as a reader would divide them. No more records than an RRset
  /// has room for, since no report has.
  bool read_text(const session_policy& policy) noexcept {
    texts_.clear();
    const bool is_tlsa = policy.type == policy_type::tlsa;
    for (const std::string_view element : policy.policy_string) {
      if (element.empty() && !is_tlsa && !texts_.push(element)) return false;
      policy_pieces pieces(element, is_tlsa);
      for (std::string_view piece; pieces.next(piece);)
        if (!push_parts(piece, is_tlsa)) return false;
    }
    policy_view view;
    view.policy_type.value = policy.type;
    view.policy_string = texts();
    return normalizer_.read(view) && clean(normalizer_.text());
  }

  /// A line that was split off others may have escaped ends of its own.
  bool push_parts(std::string_view text, bool is_tlsa) noexcept {
    if (!holds_several(text, is_tlsa))
      return (is_tlsa && texts_.size() == max_tlsa_records) || texts_.push(text);
    policy_pieces pieces(text, is_tlsa);
    for (std::string_view piece; pieces.next(piece);)
      if (!texts_.push(piece)) return false;
    return true;
  }

  /// Makes the lines that are written, with U+FFFD for what is no text; cut like the text.
  bool clean(std::string_view text) noexcept {
    lines_.clear();
    if (!lines_.reserve(longest_tally_policy)) return false;
    while (!text.empty()) {
      const utf8_character character = read_utf8(text);
      const std::size_t size = std::max<std::size_t>(character.size, 1);
      const bool is_kept = is_text(character) || text.front() == '\n';
      const std::string_view kept = is_kept ? text.substr(0, size) : replacement_character;
      if (kept.size() > longest_tally_policy - lines_.size()) break;
      lines_.append(kept);
      text.remove_prefix(size);
    }
    // A reader would take it for the array, and its texts are none of a policy.
    std::string_view rest(lines_.data(), lines_.size());
    const std::string_view line = take_part(rest, "\n");
    if (rest.empty() && encoded_array(line).is_valid()) lines_.clear();
    return true;
  }

  /// The patterns of an MTA-STS policy, in an order of their own.
  bool read_patterns(const session_policy& policy) noexcept {
    texts_.clear();
    if (policy.type != policy_type::sts) return true;
    for (const std::string_view element : policy.mx_host) {
      // A reader would refuse a report with others, or not compare longer ones, which no host
      // matches; the policy has the line as it is.
      constexpr std::size_t longest = 512;
      std::string_view pattern = mx_pattern(element);
      while (pattern.ends_with('.')) pattern.remove_suffix(1);
      const bool is_printable =
          std::ranges::all_of(pattern, [](char c) { return c > ' ' && c < '\x7f'; });
      if (!pattern.empty() && pattern.size() <= longest && is_printable &&
          !starts_with_folded(pattern, "mx:") && !texts_.push(pattern))
        return false;
    }
    std::sort(texts_.data(), texts_.data() + texts_.size(),
              [](std::string_view a, std::string_view b) { return compare_folded(a, b) < 0; });
    texts_.drop_from(std::unique(texts_.data(), texts_.data() + texts_.size(), same_host));
    return true;
  }

  std::span<std::string_view> texts() noexcept { return {texts_.data(), texts_.size()}; }

  policy_normalizer normalizer_{longest_tally_policy};
  arena<std::string_view> texts_;
  arena<char> lines_;
};

/// The domain of the key of a TLSA policy; empty for others.
constexpr std::string_view tlsa_host(std::string_view key) noexcept {
  constexpr std::string_view begin = "[\"tlsa\",\"";
  if (!key.starts_with(begin)) return {};
  key.remove_prefix(begin.size());
  return key.substr(0, key.find('"'));
}

/// Writes the key of a failure.
template <class Out>
void write_failure_key(Out& out, const failure_details_view& failure) noexcept {
  const auto address_text = [](const ip_view& ip) {
    const auto address = ip.address();
    return address ? to_text(*address) : ip_text();
  };
  const result_type type =
      failure.result_type.known() ? failure.result_type.value : result_type::validation_failure;
  const ip_text sender = address_text(failure.sending_mta_ip);
  const ip_text receiver = address_text(failure.receiving_ip);
  host_text host;
  if (is_host_name(failure.receiving_mx_hostname))
    host = canonical_host(failure.receiving_mx_hostname);
  const std::string_view uri = failure.additional_information;
  json_writer<Out> json(out);
  json.begin_array();
  json.string(name(type));
  json.string(sender);
  json.string(host);
  write_clean(json, helo_name(failure.receiving_mx_helo), longest_tally_reason);
  json.string(receiver);
  json.string(uri.size() <= longest_tally_text && is_uri(uri) ? uri : std::string_view());
  write_clean(json, failure.failure_reason_code, longest_tally_reason);
  json.end_array();
}

/// The key of the failures of a type that are not kept apart.
template <class Out>
void write_other_key(Out& out, result_type type) noexcept {
  failure_details_view other;
  other.result_type.value = type;
  other.failure_reason_code = other_reason;
  write_failure_key(out, other);
}

/// Whether a failure is one of those that are not kept apart.
constexpr bool is_other_key(std::string_view key) noexcept {
  return key.ends_with(",\"\",\"\",\"\",\"\",\"\",\"other\"]");
}

/// How many different ones a policy has at most, and the octets of each key.
inline constexpr std::size_t result_type_count =
    static_cast<std::size_t>(result_type::sts_webpki_invalid) + 1;
inline constexpr std::size_t longest_other_key = 64;

/// Reads the key of a policy from where it begins, and calls string(text) and pattern(text) for
/// each of what it has. False when there is none.
template <class String, class Pattern>
bool read_policy_key(json_taker& json, policy_type& type, std::string_view& domain, String&& string,
                     Pattern&& pattern) noexcept {
  std::string_view kind;
  if (!json.take("[") || !json.string(kind)) return false;
  const match<policy_type> match = match_policy_type(kind);
  if (!match.exact || !json.take(",") || !json.string(domain)) return false;
  type = match.value;
  const auto list = [&json](auto& take) {
    if (!json.take(",[")) return false;
    if (json.take("]")) return true;
    do {
      std::string_view text;
      if (!json.string(text) || !take(text)) return false;
    } while (json.take(","));
    return json.take("]");
  };
  return is_canonical_host_name(domain) && list(string) && list(pattern) && json.take("]");
}

/// Reads the key of a failure, whose texts live as long as the taker; false when there is none.
inline bool read_failure_key(json_taker& json, failure_details_view& failure) noexcept {
  if (!json.take("[") || !json.string(failure.result_type.text)) return false;
  const match<result_type> match = match_result_type(failure.result_type.text);
  failure.result_type.value = match.value;
  const auto text = [&json](std::string_view& to) { return json.take(",") && json.string(to); };
  return match.exact && text(failure.sending_mta_ip.text) && text(failure.receiving_mx_hostname) &&
         text(failure.receiving_mx_helo) && text(failure.receiving_ip.text) &&
         text(failure.additional_information) && text(failure.failure_reason_code) &&
         json.take("]");
}

}  // namespace tlsrpt::detail

#endif
