/// @file
/// Finds the shapes of causes in the texts of senders.

#ifndef TLSRPT_HPP_DETAIL_REASON_READING
#define TLSRPT_HPP_DETAIL_REASON_READING

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/reason/shapes.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/reason.hpp>

namespace tlsrpt::detail {

inline constexpr charset reason_word_octet = alphanumeric_octet | octet_above_ascii;

/// Whether an octet is part of a word. A dot is where it is between two words, as in a host name.
constexpr bool is_in_word(std::string_view text, std::size_t at) noexcept {
  if (reason_word_octet(text[at])) return true;
  return text[at] == '.' && at > 0 && at + 1 < text.size() && reason_word_octet(text[at - 1]) &&
         reason_word_octet(text[at + 1]);
}

/// Where the next word begins, or the end of the text.
constexpr std::size_t skip_to_word(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && !is_in_word(text, at)) ++at;
  return at;
}

constexpr std::size_t skip_word(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_in_word(text, at)) ++at;
  return skip_to_word(text, at);
}

constexpr bool has_words(std::string_view text) noexcept {
  return skip_to_word(text, 0) < text.size();
}

/// Where the word after `shape` begins, which has to be at `at`; npos when it is not. Whatever
/// separates words is "-" in the shape (RC-02).
constexpr std::size_t skip_shape(std::string_view text, std::size_t at,
                                 std::string_view shape) noexcept {
  for (char c : shape) {
    if (at == text.size()) return std::string_view::npos;
    if (c == '-') {
      if (is_in_word(text, at)) return std::string_view::npos;
      at = skip_to_word(text, at);
    } else if (lower_case(text[at++]) != c) {
      return std::string_view::npos;
    }
  }
  if (at < text.size() && is_in_word(text, at)) return std::string_view::npos;
  return skip_to_word(text, at);
}

/// Whether the text is `shape`.
constexpr bool is_shape(std::string_view text, std::string_view shape) noexcept {
  return skip_shape(text, skip_to_word(text, 0), shape) == text.size();
}

/// Takes off what libraries write before every text (RC-02).
constexpr std::string_view without_reason_prefixes(std::string_view text) noexcept {
  struct prefix {
    std::string_view shape;
    std::string_view end;  ///< What may follow it.
  };
  constexpr prefix prefixes[] = {{"x509-v-err", "_- "}, {"ssl", "_"},
                                 {"tls", ":"},          {"x509", ":"},
                                 {"error", ":"},        {"invalid-peer-certificate", ":"}};
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    text.remove_prefix(skip_to_word(text, 0));
    for (const auto& [shape, end] : prefixes) {
      if (text.size() <= shape.size() || end.find(text[shape.size()]) == std::string_view::npos)
        continue;
      if (skip_shape(text, 0, shape) == std::string_view::npos) continue;
      text.remove_prefix(shape.size());
      is_changed = true;
    }
  }
  return text;
}

/// A part of a text that has a shape.
struct shape_found {
  reason_match match{};
  std::size_t end = 0;  ///< Where the next word begins.
};

constexpr reason_id reason_of_status(std::uint16_t status) noexcept {
  if (status == 404 || status == 410) return reason_id::http_404;
  if (status == 401 || status == 403 || status == 429) return reason_id::http_403;
  if (status / 100 == 3) return reason_id::http_3xx;
  return status / 100 == 5 ? reason_id::http_5xx : reason_id::http_other;
}

constexpr reason_id reason_of_dns_error(std::uint16_t code) noexcept {
  switch (code) {
    case 1:
    case 2:
      return reason_id::dnssec_algorithm;
    case 6:
      return reason_id::dnssec_bogus;
    case 7:
      return reason_id::dnssec_expired;
    case 8:
      return reason_id::dnssec_not_yet;
    case 9:
    case 11:
      return reason_id::dnssec_key_missing;
    case 10:
      return reason_id::dnssec_rrsig_missing;
    case 12:
      return reason_id::dnssec_nsec_missing;
    case 22:
    case 23:
      return reason_id::dns_unreachable;
    default:
      return reason_id::none;
  }
}

/// The mail host sends remote alerts, and the sender of the report local ones. So a local alert
/// about a certificate is about that of the mail host, and a remote one about that of the sender.
constexpr reason_id reason_of_alert(std::uint16_t alert, bool is_local) noexcept {
  switch (alert) {
    case 40:
      return reason_id::alert_40;
    case 44:
      return is_local ? reason_id::x509_revoked : reason_id::alert_116;
    case 45:
      return is_local ? reason_id::x509_expired : reason_id::alert_116;
    case 42:
    case 43:
    case 46:
      return is_local ? reason_id::alert_other : reason_id::alert_116;
    case 48:
      return is_local ? reason_id::alert_48 : reason_id::alert_116;
    case 20:
    case 21:
    case 22:
    case 50:
    case 51:
    case 80:
      return reason_id::alert_80;
    case 70:
      return reason_id::alert_70;
    case 71:
      return reason_id::alert_71;
    case 112:
      return reason_id::alert_112;
    case 113:
      return reason_id::x509_ocsp;
    case 116:
      return reason_id::alert_116;
    default:
      return reason_id::alert_other;
  }
}

constexpr reason_id reason_of_number(const reason_shape& shape, std::uint16_t number) noexcept {
  switch (shape.place) {
    case shape_place::http_status:
      return reason_of_status(number);
    case shape_place::dns_error:
      return reason_of_dns_error(number);
    case shape_place::local_alert:
      return reason_of_alert(number, true);
    case shape_place::remote_alert:
      return reason_of_alert(number, false);
    default:
      return shape.id;
  }
}

/// The cause where the sender was fetching a policy, or was not: causes at web servers apply to
/// nothing else, and vague words mean what it was about (RC-28).
constexpr reason_id settle_reason(reason_id id, bool is_fetch) noexcept {
  if (is_fetch) {
    if (id < reason_id::x509_expired || id > reason_id::x509_ocsp) return id;
    return static_cast<reason_id>(static_cast<unsigned>(id) -
                                  static_cast<unsigned>(reason_id::x509_expired) +
                                  static_cast<unsigned>(reason_id::webpki_expired));
  }
  if (id == reason_id::http_timeout) return reason_id::handshake_timeout;
  if (id == reason_id::http_connect) return reason_id::handshake_closed;
  const bool is_of_policy = (id >= reason_id::http_404 && id <= reason_id::http_backoff) ||
                            (id >= reason_id::sts_no_record && id <= reason_id::sts_policy_media);
  return is_of_policy ? reason_id::none : id;
}

/// What one shape makes of the text at `at`; reason_id::none when it is not there.
constexpr shape_found read_shape(std::string_view text, std::size_t at, const reason_shape& shape,
                                 bool is_first) noexcept {
  std::size_t end = skip_shape(text, at, shape.text);
  if (end == std::string_view::npos) return {};
  const bool is_whole = is_first && end == text.size();
  shape_found found{{shape.id, certainty::likely}, end};
  switch (shape.place) {
    case shape_place::whole:
      if (!is_whole) return {};
      [[fallthrough]];
    case shape_place::phrase:
      if (is_whole) found.match.certainty = certainty::sure;
      return found;
    case shape_place::start:
      if (!is_first || is_whole) return {};
      break;
    default: {
      const std::string_view rest = text.substr(end);
      const std::string_view digits =
          rest.substr(0, rest.size() - trim_front(rest, digit_octet).size());
      const auto number = read_number<std::uint16_t>(digits);
      end += digits.size();
      if (!number || (end < text.size() && is_in_word(text, end))) return {};
      found = {{reason_of_number(shape, *number), certainty::likely, *number},
               skip_to_word(text, end)};
    }
  }
  if (is_first) found.match.certainty = certainty::sure;
  return found;
}

/// The longest shape at a word.
constexpr shape_found find_shape(std::string_view text, std::size_t at, bool is_first,
                                 bool is_fetch) noexcept {
  const auto octet = static_cast<std::uint8_t>(lower_case(text[at]));
  if (octet + 1u >= shape_places.size()) return {};
  // In the order of their texts a shape follows all that it begins with.
  for (std::size_t i = shape_places[octet + 1u]; i-- > shape_places[octet];) {
    shape_found found = read_shape(text, at, sorted_shapes[i], is_first);
    found.match.id = settle_reason(found.match.id, is_fetch);
    if (found.match.id != reason_id::none) return found;
  }
  return {};
}

/// The cause in a text without modifiers: what is sure, else the last of its phrases, since the
/// innermost error stands last (RC-03).
constexpr reason_match read_plain_reason(std::string_view text, bool is_fetch) noexcept {
  text = without_reason_prefixes(text);
  reason_match last{};
  for (std::size_t at = 0; at < text.size();) {
    const shape_found found = find_shape(text, at, at == 0, is_fetch);
    if (found.match.certainty == certainty::sure) return found.match;
    if (found.match.id != reason_id::none) last = found.match;
    at = found.match.id != reason_id::none ? found.end : skip_word(text, at);
  }
  return last;
}

/// The cause in a text; reason_id::none when there is none that is known. What follows a "+" is a
/// modifier, or an inner reason that says more than what is before it (RC-02).
constexpr reason_match read_reason(std::string_view text, bool is_fetch) noexcept {
  bool has_fallback = false;
  for (std::size_t plus; (plus = text.rfind('+')) != std::string_view::npos;) {
    const bool is_fallback = is_shape(text.substr(plus), "fallback-to-cached-policy");
    if (!is_fallback && !is_shape(text.substr(plus), "ignored")) break;
    has_fallback = has_fallback || is_fallback;
    text = text.substr(0, plus);
  }
  const std::size_t plus = text.find('+');
  reason_match match{};
  if (plus != std::string_view::npos) match = read_plain_reason(text.substr(plus), is_fetch);
  if (match.id == reason_id::none) match = read_plain_reason(text.substr(0, plus), is_fetch);
  if (match.id == reason_id::none && has_fallback)
    match = {reason_id::sts_fallback, certainty::sure};
  match.has_fallback = has_fallback || match.id == reason_id::sts_fallback;
  return match;
}

}  // namespace tlsrpt::detail

#endif
