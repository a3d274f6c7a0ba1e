/// @file
/// Bodies of submission.hpp.

#ifndef TLSRPT_HPP_IMPL_SUBMISSION
#define TLSRPT_HPP_IMPL_SUBMISSION

#include <algorithm>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/sha256.hpp>
#include <tlsrpt/detail/text/split.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt {

namespace detail {

struct submission_row {
  std::string_view name;
  std::uint16_t status;
  std::string_view text;
  answer_field field{};
};

/// In the order of submission_code.
inline constexpr submission_row submission_rows[] = {
    {"go-on", 100, "Continue.\n"},
    {"stored", 200, "The report is stored.\n"},
    {"known", 200, "The report was here before.\n"},
    {"unknown-path", 404, "There is nothing here.\n"},
    {"method", 405, "Reports come by POST.\n", {"Allow", "POST"}},
    {"too-long", 413, "The body is too long.\n"},
    {"length", 400, "Content-Length cannot be relied upon.\n"},
    {"encoding",
     415,
     "This Content-Encoding is not read.\n",
     {"Accept-Encoding", "gzip, identity"}},
    {"media-type",
     415,
     "This is no media type of TLS reports.\n",
     {"Accept-Post", "application/tlsrpt+gzip, application/tlsrpt+json"}},
    {"empty", 400, "There is no body.\n"},
    {"no-report", 400, "The body is neither JSON nor gzip.\n"},
    {"limit", 413, "The report exceeds a limit.\n"},
    {"broken", 400, "The report cannot be read.\n"},
    {"other-domain", 422, "The report is about no domain of ours.\n"},
    {"rate", 429, "There are too many requests.\n", {"Retry-After", ""}},
    {"unavailable", 503, "The report cannot be stored now.\n", {"Retry-After", ""}},
    {"slow", 408, "The body took too long.\n"},
};

constexpr const submission_row& row_of(submission_code code) noexcept {
  return submission_rows[static_cast<std::size_t>(code)];
}

/// Whether the lengths that a head gives are one number (IN-05); the number, if it is known.
struct length_reading {
  bool is_sound = true;
  std::optional<std::uint64_t> octets{};
};

constexpr length_reading read_lengths(const submission_head& head) noexcept {
  length_reading read;
  for (std::string_view field : head.content_lengths) {
    do {
      const std::string_view digits = trim(take_part(field, ","), wsp_octet);
      if (digits.empty() || !consists_of(digits, digit_octet)) return {false};
      // Digits of a number that no machine holds are of a body that is too long.
      const std::uint64_t octets = read_decimal(digits).value_or(UINT64_MAX);
      if (read.octets && *read.octets != octets) return {false};
      read.octets = octets;
    } while (!field.empty());
  }
  read.is_sound = !(read.octets && head.has_transfer_encoding);
  return read;
}

/// Whether one layer of gzip at most is said to be around the body, and nothing else.
constexpr bool is_encoding_read(std::string_view codings) noexcept {
  std::size_t layers = 0;
  while (!codings.empty()) {
    const std::string_view coding = trim(take_part(codings, ","), wsp_octet);
    if (equals_folded(coding, "gzip") || equals_folded(coding, "x-gzip"))
      ++layers;
    else if (!coding.empty() && !equals_folded(coding, "identity"))
      return false;
  }
  return layers <= 1;
}

constexpr bool is_form_type(std::string_view type) noexcept {
  return equals_folded(type, "application/x-www-form-urlencoded");
}

constexpr bool is_type_read(std::string_view type) noexcept {
  constexpr std::string_view types[] = {"application/gzip", "application/x-gzip",
                                        "application/json", "application/octet-stream"};
  if (type.empty() || starts_with_folded(type, "application/tlsrpt")) return true;
  return std::any_of(std::begin(types), std::end(types),
                     [type](std::string_view known) { return equals_folded(known, type); });
}

/// Whether the report, or its text, is too much of something.
constexpr bool is_limit(errc fault) noexcept {
  using enum errc;
  switch (fault) {
    case compressed_too_long:
    case text_too_long:
    case too_many_gzip_members:
    case expansion_ratio:
    case too_many_policies:
    case too_many_failure_details:
    case too_many_policy_strings:
    case too_deep:
      return true;
    default:
      return false;
  }
}

/// Whether the machine is at fault.
constexpr bool is_shortage(errc fault) noexcept {
  return fault == errc::out_of_memory || fault == errc::simdjson_unusable ||
         fault == errc::ledger_full;
}

inline constexpr std::string_view submission_prefix = "/v1/";
inline constexpr charset token_octet = alphanumeric_octet | charset("-_");

}  // namespace detail

constexpr std::string_view name(submission_code code) noexcept { return detail::row_of(code).name; }

constexpr std::uint16_t status(submission_code code) noexcept {
  return detail::row_of(code).status;
}

constexpr std::string_view answer_text(submission_code code) noexcept {
  return detail::row_of(code).text;
}

constexpr answer_field extra_field(submission_code code) noexcept {
  return detail::row_of(code).field;
}

constexpr head_verdict judge_head(const submission_head& head,
                                  const submission_limits& limits) noexcept {
  using enum submission_code;
  if (!head.is_path_known) return {unknown_path};
  if (head.method != "POST") return {method};
  const detail::length_reading lengths = detail::read_lengths(head);
  if (!lengths.is_sound) return {length};
  if (lengths.octets && *lengths.octets > limits.body_octets) return {too_long};
  if (!detail::is_encoding_read(head.content_encoding)) return {encoding};
  const std::string_view type = detail::trim(detail::until(head.content_type, detail::charset(";")),
                                             detail::whitespace_octet);
  const bool is_form = detail::is_form_type(type);
  if (!is_form && !detail::is_type_read(type)) return {media_type};
  return {go_on, is_form};
}

constexpr body_verdict judge_body(const submission_body& body) noexcept {
  using enum submission_code;
  if (detail::is_shortage(body.fault)) return {unavailable, keeping::nothing};
  if (body.content == payload::empty) return {empty, keeping::nothing};
  const bool may_be_report = body.content == payload::json || body.content == payload::gzip;
  if (!may_be_report) return {body.is_form ? media_type : no_report, keeping::nothing};
  if (detail::is_limit(body.fault)) return {limit, keeping::nothing};
  if (body.fault != errc::ok) return {broken, keeping::head};
  if (!body.is_ours) return {other_domain, keeping::nothing};
  if (body.is_known) return {known, keeping::receipt};
  return {stored, keeping::report};
}

constexpr token_text make_token(const std::array<std::uint8_t, 16>& random) noexcept {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  token_text token;
  std::uint32_t bits = 0;
  unsigned size = 0;
  for (std::uint8_t octet : random) {
    bits = bits << 8 | octet;
    for (size += 8; size >= 6; size -= 6) detail::put(token, digits[bits >> (size - 6) & 63]);
  }
  detail::put(token, digits[bits << (6 - size) & 63]);
  return token;
}

constexpr std::optional<std::string_view> token_in_path(std::string_view path) noexcept {
  if (!path.starts_with(detail::submission_prefix)) return std::nullopt;
  path.remove_prefix(detail::submission_prefix.size());
  if (path.size() != token_characters || !detail::consists_of(path, detail::token_octet))
    return std::nullopt;
  return path;
}

constexpr std::array<std::uint8_t, 32> hash_of_token(std::string_view token) noexcept {
  detail::sha256 hash;
  hash.append(token);
  return hash.finish();
}

template <text_output Out>
constexpr void write_token_url(Out&& out, std::string_view base,
                               std::string_view token) noexcept(detail::is_nothrow_output<Out>) {
  detail::put(out, base.ends_with('/') ? base.substr(0, base.size() - 1) : base);
  detail::put(out, detail::submission_prefix);
  detail::put(out, token);
}

constexpr std::optional<ip_address> forwarded_peer(std::string_view field) noexcept {
  const std::size_t comma = field.rfind(',');
  return read_ip_address(comma == std::string_view::npos ? field : field.substr(comma + 1)).address;
}

constexpr ip_address network_of(const ip_address& address) noexcept {
  std::array<std::uint8_t, 16> octets = address.octets();
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!address.is_v4() && std::equal(mapped.begin(), mapped.end(), octets.begin()))
    return ip_address::v4({octets[12], octets[13], octets[14], 0});
  std::fill(octets.begin() + (address.is_v4() ? 3 : 6), octets.end(), std::uint8_t{0});
  if (!address.is_v4()) return ip_address::v6(octets);
  return ip_address::v4({octets[0], octets[1], octets[2], octets[3]});
}

constexpr bool rate_limiter::take(std::string_view key, std::int64_t now) noexcept {
  detail::sha256 hash;
  char secret[8]{};
  for (std::size_t i = 0; i < sizeof secret; ++i)
    secret[i] = static_cast<char>(secret_ >> 8 * i & 0xff);
  hash.append({secret, sizeof secret});
  hash.append(key);
  std::uint64_t hashed = 0;
  const auto octets = hash.finish();
  for (std::size_t i = 0; i < 8; ++i) hashed = hashed << 8 | octets[i];
  hashed |= 1;  // 0 is for none

  constexpr std::size_t most_places = 8;
  const std::size_t places = std::min(most_places, slots_.size());
  if (places == 0) return true;
  const std::size_t first = static_cast<std::size_t>(hashed >> 1) % (slots_.size() - places + 1);
  rate_slot* slot = &slots_[first];
  for (std::size_t i = first; i < first + places && slot->key != hashed; ++i)
    if (slots_[i].key == hashed || slots_[i].empty < slot->empty) slot = &slots_[i];

  // Each event fills the bucket by the time that the rate has for it, and the bucket runs empty
  // with the time.
  const std::int64_t each = 60'000 / std::max<std::int64_t>(rate_.per_minute, 1);
  const std::int64_t room = each * std::max<std::int64_t>(rate_.burst, 1);
  const bool has_jumped = slot->empty - room > now;
  const std::int64_t begin = slot->key == hashed && !has_jumped ? std::max(slot->empty, now) : now;
  if (begin - now > room - each) return false;
  *slot = {hashed, begin + each};
  return true;
}

constexpr bool rate_limiter::take(const ip_address& network, std::int64_t now) noexcept {
  char octets[17]{};
  octets[0] = network.is_v4() ? '4' : '6';
  for (std::size_t i = 0; i < 16; ++i) octets[i + 1] = static_cast<char>(network.octets()[i]);
  return take(std::string_view(octets, sizeof octets), now);
}

constexpr std::uint32_t retry_after(std::uint64_t number) noexcept {
  return static_cast<std::uint32_t>(600 + number % 3001);
}

constexpr bool body_pace::go_on(std::size_t octets, std::int64_t now) noexcept {
  constexpr std::int64_t longest = 120'000, window = 30'000;
  constexpr std::size_t fewest = std::size_t{30} << 10;
  octets_ += octets;
  if (now - begin_ > longest) return false;
  if (now - window_ < window) return true;
  if (octets_ < fewest) return false;
  window_ = now;
  octets_ = 0;
  return true;
}

}  // namespace tlsrpt

#endif
