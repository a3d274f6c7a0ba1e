/// @file
/// What a failure is called in a ledger.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_REASON
#define TLSRPT_HPP_DETAIL_LEDGER_REASON

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/reasons.hpp>

namespace tlsrpt::detail {

/// Octets of an unknown reason that are kept, "~" included.
inline constexpr std::size_t longest_reason = 80;
using reason_name_text = short_text<longest_reason>;

/// What replaces the start of a text, and how many octets of it.
struct folded_part {
  std::string_view text;
  std::size_t size;
};

/// `is_inside` says whether the text continues a word.
constexpr folded_part fold_reason_part(std::string_view text, bool is_inside) noexcept {
  const char first = text.front();
  const bool is_apostrophe = first == '\'' && is_inside;
  if ((first == '"' || first == '\'' || first == '`') && !is_apostrophe)
    if (const std::size_t close = text.find(first, 1); close != std::string_view::npos)
      return {"<q>", close + 1};
  if (!is_inside) {
    constexpr charset other_octet = charset::range(0x00, 0xff) - hex_octet - charset(".:");
    constexpr std::size_t longest_address = 48;
    const std::string_view run =
        trim_back(until(text.substr(0, longest_address), other_octet), charset(".:"));
    if (ip_address::parse(run)) return {"<ip>", run.size()};
  }
  const std::size_t digits = text.size() - trim_front(text, digit_octet).size();
  if (digits > 3) return {"#", digits};
  const std::size_t size = std::max<std::size_t>(digits, 1);
  return {text.substr(0, size), size};
}

/// One text for a sentence, however many hosts, addresses and times senders put into it: "#" for
/// more than three digits in a row, "<ip>" for an address, "<q>" for what is quoted (D-08).
constexpr reason_name_text folded_reason(std::string_view text) noexcept {
  constexpr charset word_octet = alphanumeric_octet | octet_above_ascii;
  short_text<longest_reason + 4> folded;  // room for a part that begins before the limit
  put(folded, '~');
  bool is_inside = false;
  while (!text.empty() && folded.size() < longest_reason) {
    const folded_part part = fold_reason_part(text, is_inside);
    folded.append(part.text);
    is_inside = word_octet(text[part.size - 1]);
    text.remove_prefix(part.size);
  }
  reason_name_text name;
  name.append(cut_at_character(folded, longest_reason));
  return name;
}

/// Whether the policy may be searched for each of its failures, which may be very many.
constexpr bool is_short_policy(const policy_head_view& policy) noexcept {
  constexpr std::size_t longest = 1024;
  std::size_t size = 0;
  for (const auto texts : {policy.policy_string, policy.mx_host})
    for (std::string_view text : texts)
      if ((size += text.size() + 1) > longest) return false;
  return true;
}

/// The cause of a failure that is known, not only guessed; reason_id::none when there is none.
constexpr reason_match known_reason(const policy_head_view& policy, bool is_short,
                                    const failure_details_view& failure) noexcept {
  const reason_match match =
      is_short ? match_reason(policy, failure)
               : match_reason(failure.result_type.value, failure.failure_reason_code,
                              failure.additional_information);
  return is_known(match.id) && match.certainty != certainty::guess ? match : reason_match{};
}

/// Whether a failure with that known cause is called by its text: no cause is known (AG-17).
constexpr bool is_called_by_text(const reason_match& known,
                                 const failure_details_view& failure) noexcept {
  return known.id == reason_id::none && !failure.failure_reason_code.empty();
}

/// Whether a text can be the name of a reason.
constexpr bool is_normal_reason(std::string_view text) noexcept {
  if (text.starts_with('~')) return text.size() <= longest_reason;
  const auto id = find_reason(text);
  return text == name(reason_id::none) || (id && *id != reason_id::unknown);
}

}  // namespace tlsrpt::detail

#endif
