/// @file
/// Bodies of endpoint.hpp.

#ifndef TLSRPT_HPP_IMPL_ENDPOINT
#define TLSRPT_HPP_IMPL_ENDPOINT

#include <algorithm>

#include <tlsrpt/detail/endpoint/http_date.hpp>
#include <tlsrpt/detail/endpoint/siphash.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt {

// ---- When

namespace detail {

inline constexpr std::int64_t seconds_of_minute = 60, seconds_of_hour = 3600,
                              seconds_of_day = 86400;

/// Minutes from the first attempt to each.
inline constexpr std::int64_t attempt_minutes[most_attempts] = {0,   15,  45,  105,
                                                                225, 465, 945, 1425};

}  // namespace detail

constexpr std::uint64_t delivery_hash(const delivery_salt& salt, std::string_view endpoint,
                                      std::string_view report_id) noexcept {
  detail::siphash hash(salt);
  hash.append(endpoint);
  hash.append("\n");
  hash.append(report_id);
  return hash.finish();
}

constexpr std::int64_t first_attempt(day reported, std::uint64_t hash) noexcept {
  constexpr std::int64_t begin = 10 * detail::seconds_of_minute;
  constexpr std::uint64_t span = 14'400;
  return first_second_of(reported + 1) + begin + static_cast<std::int64_t>(hash % span);
}

constexpr std::int64_t attempt_time(std::int64_t first, std::uint64_t hash,
                                    unsigned attempt) noexcept {
  const unsigned place = std::clamp(attempt, 1u, most_attempts) - 1;
  const std::int64_t planned = detail::attempt_minutes[place] * detail::seconds_of_minute;
  if (place == 0 || place == most_attempts - 1) return first + planned;
  const std::int64_t gap = planned - detail::attempt_minutes[place - 1] * detail::seconds_of_minute;
  // An octet of the hash for each attempt.
  const auto part = static_cast<std::int64_t>(hash >> 8 * (place + 1) & 0xff);
  return first + planned + gap / 5 * part / 255;
}

constexpr std::optional<std::int64_t> next_attempt(std::int64_t first, std::uint64_t hash,
                                                   unsigned made, std::int64_t now,
                                                   std::int64_t wait) noexcept {
  constexpr std::int64_t longest_step = 8 * detail::seconds_of_hour;
  if (made >= most_attempts) return std::nullopt;
  const std::int64_t last = attempt_time(first, hash, most_attempts);
  unsigned attempt = made + 1;
  while (attempt <= most_attempts && attempt_time(first, hash, attempt) <= now) ++attempt;
  if (attempt > most_attempts) return std::nullopt;
  const std::int64_t planned = attempt_time(first, hash, attempt);
  if (wait <= 0) return std::min(planned, now + longest_step);
  return std::max(planned, std::min(last, now + wait));
}

constexpr std::optional<std::int64_t> retry_after(std::string_view text, std::string_view date,
                                                  std::int64_t now) noexcept {
  std::optional<std::int64_t> wait = detail::read_number<std::int64_t>(text);
  if (!wait) {
    wait = detail::read_http_date(text);
    if (wait) *wait -= detail::read_http_date(date).value_or(now);
  }
  if (!wait || *wait <= 0 || *wait > detail::seconds_of_day) return std::nullopt;
  return wait;
}

constexpr bool host_gate::enter(std::int64_t now) noexcept {
  std::int64_t& oldest = entered_[next_];
  // Of a clock that was set back the old times say nothing.
  const bool is_too_soon = is_full_ && oldest <= now && now - oldest < detail::seconds_of_minute;
  if (inside_ >= most_at_a_time || is_too_soon) return false;
  oldest = now;
  next_ = (next_ + 1) % most_a_minute;
  is_full_ = is_full_ || next_ == 0;
  ++inside_;
  return true;
}

// ---- What an answer means

constexpr verdict judge_status(std::uint16_t status, const delivery_form& form) noexcept {
  constexpr std::size_t most_uncompressed = std::size_t{1} << 20;
  if (status >= 200 && status <= 299) return verdict::done;
  if (status >= 500 && status <= 599) return verdict::retry;
  switch (status) {
    case 307:
    case 308:
      return verdict::redirect;
    case 408:
    case 425:
    case 429:
      return verdict::retry;
    case 413:
      return form.is_cut ? verdict::give_up : verdict::smaller;
    case 415:
      return form.is_uncompressed || form.json_size >= most_uncompressed ? verdict::give_up
                                                                         : verdict::uncompressed;
    default:
      return verdict::give_up;
  }
}

constexpr verdict judge_no_answer(no_answer why, unsigned attempt) noexcept {
  constexpr unsigned most_without_name = 3;
  if (why == no_answer::blocked) return verdict::give_up;
  if (why == no_answer::no_such_name && attempt >= most_without_name) return verdict::give_up;
  return verdict::retry;
}

constexpr bool checks_certificate(verification how, unsigned certificate_failures) noexcept {
  constexpr unsigned failures_before_fall_back = 3;
  return how == verification::always || certificate_failures != failures_before_fall_back;
}

constexpr void endpoint_health::note_gone(day today) noexcept {
  constexpr unsigned most_days_gone = 3;
  constexpr std::int32_t days_off = 7;
  if (days_gone != 0 && today == last_gone) return;
  days_gone = days_gone != 0 && today == last_gone + 1 ? days_gone + 1 : 1;
  last_gone = today;
  if (days_gone < most_days_gone) return;
  off_until = std::max(off_until, today + days_off);
  days_gone = 0;
}

constexpr void endpoint_health::note_bounce(day today) noexcept {
  constexpr unsigned most_bounces = 3;
  constexpr std::int32_t days_off[] = {7, 14, 28};
  bounces = std::min(bounces + 1, most_bounces);
  off_until = std::max(off_until, today + days_off[bounces - 1]);
}

constexpr void host_health::move_to(day today) noexcept {
  // A clock that was set back adds to the last day.
  for (; last < today && today - last < 7; last = last + 1) {
    std::shift_right(days.begin(), days.end(), 1);
    days[0] = 0;
  }
  if (last >= today) return;
  days = {};
  last = today;
}

constexpr void host_health::note_give_up(day today) noexcept {
  move_to(today);
  ++days[0];
}

constexpr bool host_health::is_tried_once(day today) const noexcept {
  host_health moved = *this;
  moved.move_to(today);
  std::uint32_t sum = 0;
  for (const std::uint32_t count : moved.days) sum += count;
  return sum > most_give_ups;
}

// ---- Where

namespace detail {

struct address_row {
  address_class what;
  std::uint8_t octets[4];
  unsigned bits;
};

constexpr bool begins_with(const std::array<std::uint8_t, 16>& octets, std::size_t from,
                           const std::uint8_t* network, unsigned bits) noexcept {
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned differing = octets[from + bit / 8] ^ network[bit / 8];
    if ((differing >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

// clang-format off
inline constexpr address_row ipv4_rows[] = {
  {address_class::this_network, {0}, 8},
  {address_class::private_use, {10}, 8},
  {address_class::shared, {100, 64}, 10},
  {address_class::loopback, {127}, 8},
  {address_class::link_local, {169, 254}, 16},
  {address_class::private_use, {172, 16}, 12},
  {address_class::protocol, {192, 0, 0}, 24},
  {address_class::documentation, {192, 0, 2}, 24},
  {address_class::protocol, {192, 88, 99}, 24},
  {address_class::private_use, {192, 168}, 16},
  {address_class::benchmarking, {198, 18}, 15},
  {address_class::documentation, {198, 51, 100}, 24},
  {address_class::documentation, {203, 0, 113}, 24},
  {address_class::multicast, {224}, 4},
  {address_class::reserved, {240}, 4},
};

/// By the first 32 bits.
inline constexpr address_row ipv6_rows[] = {
  {address_class::protocol, {0x20, 0x01, 0x00}, 23},
  {address_class::documentation, {0x20, 0x01, 0x0d, 0xb8}, 32},
  {address_class::documentation, {0x3f, 0xff, 0x00}, 20},
  {address_class::public_unicast, {0x20}, 3},
  {address_class::private_use, {0xfc}, 7},
  {address_class::link_local, {0xfe, 0x80}, 10},
  {address_class::multicast, {0xff}, 8},
};
// clang-format on

/// Of four octets from `from` on.
constexpr address_class classify_v4(const std::array<std::uint8_t, 16>& octets,
                                    std::size_t from) noexcept {
  for (const address_row& row : ipv4_rows)
    if (begins_with(octets, from, row.octets, row.bits)) return row.what;
  return address_class::public_unicast;
}

}  // namespace detail

constexpr address_class classify(const ip_address& address) noexcept {
  const std::array<std::uint8_t, 16>& octets = address.octets();
  if (address.is_v4()) return detail::classify_v4(octets, 0);
  constexpr std::uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::uint8_t translated[12] = {0, 0x64, 0xff, 0x9b};
  constexpr std::uint8_t local_translated[6] = {0, 0x64, 0xff, 0x9b, 0, 1};
  constexpr std::uint8_t six_to_four[2] = {0x20, 0x02};
  constexpr std::uint8_t zeros[16] = {};
  if (detail::begins_with(octets, 0, mapped, 96) || detail::begins_with(octets, 0, translated, 96))
    return detail::classify_v4(octets, 12);
  if (detail::begins_with(octets, 0, six_to_four, 16)) return detail::classify_v4(octets, 2);
  if (detail::begins_with(octets, 0, local_translated, 48)) return address_class::protocol;
  if (detail::begins_with(octets, 0, zeros, 128)) return address_class::this_network;
  if (address.is_loopback()) return address_class::loopback;
  for (const detail::address_row& row : detail::ipv6_rows)
    if (detail::begins_with(octets, 0, row.octets, row.bits)) return row.what;
  return address_class::reserved;
}

constexpr std::string_view name(address_class address) noexcept {
  constexpr std::string_view names[] = {
      "public_unicast", "this_network",  "private_use",  "shared",    "loopback", "link_local",
      "protocol",       "documentation", "benchmarking", "multicast", "reserved"};
  const auto place = static_cast<std::size_t>(address);
  return place < std::size(names) ? names[place] : std::string_view();
}

constexpr std::optional<ip_network> ip_network::parse(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const auto address = ip_address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned most = address->is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) return ip_network{*address, most};
  const auto bits = detail::read_number<unsigned>(text.substr(slash + 1));
  if (!bits || *bits > most) return std::nullopt;
  return ip_network{*address, *bits};
}

constexpr bool ip_network::contains(const ip_address& other) const noexcept {
  return address.is_v4() == other.is_v4() &&
         detail::begins_with(other.octets(), 0, address.octets().data(), bits);
}

constexpr bool may_connect(const ip_address& address,
                           std::span<const ip_network> allowed) noexcept {
  if (classify(address) == address_class::public_unicast) return true;
  return std::ranges::any_of(allowed,
                             [&](const ip_network& network) { return network.contains(address); });
}

constexpr std::optional<ip_address> find_refused(std::span<const ip_address> addresses,
                                                 std::span<const ip_network> allowed) noexcept {
  for (const ip_address& address : addresses)
    if (!may_connect(address, allowed)) return address;
  return std::nullopt;
}

constexpr std::string_view name(url_fault fault) noexcept {
  constexpr std::string_view names[] = {
      "none",       "not_https",  "malformed", "user_info", "address_literal",
      "not_a_host", "local_name", "port"};
  const auto place = static_cast<std::size_t>(fault);
  return place < std::size(names) ? names[place] : std::string_view();
}

namespace detail {

/// Whether a host is the name or below it.
constexpr bool is_at_or_below(std::string_view host, std::string_view name) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (same_host(host, name)) return true;
  return host.size() > name.size() && host[host.size() - name.size() - 1] == '.' &&
         same_host(host.substr(host.size() - name.size()), name);
}

constexpr bool is_local_name(std::string_view host) noexcept {
  constexpr std::string_view names[] = {"localhost", "local", "internal", "onion", "arpa"};
  return std::ranges::any_of(names,
                             [host](std::string_view name) { return is_at_or_below(host, name); });
}

/// Whether a port is of mail, of a database, or of another service that takes what looks like HTTP
/// for commands.
constexpr bool is_refused_port(std::uint16_t port) noexcept {
  constexpr std::uint16_t https = 443, first_free = 1024;
  constexpr std::uint16_t services[] = {1433, 1521, 2049, 2375,  2379,  3306,  3389,
                                        5432, 5672, 5900, 6379,  6443,  8086,  9042,
                                        9092, 9200, 9300, 11211, 15672, 25565, 27017};
  if (port < first_free) return port != https;
  return std::ranges::find(services, port) != std::end(services);
}

}  // namespace detail

constexpr url_check check_url(std::string_view text) noexcept {
  constexpr std::string_view scheme = "https://";
  const auto refused = [](url_fault fault) { return url_check{{}, fault}; };
  if (text.size() < scheme.size()) return refused(url_fault::not_https);
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if (detail::lower_case(text[i]) != scheme[i]) return refused(url_fault::not_https);
  // What no URI has (RFC 3986, appendix A), and the fragment, which is not for servers.
  constexpr std::string_view no_uri_has = "\"<>\\^`{|}#";
  for (char c : text)
    if (c <= ' ' || c >= '\x7f' || no_uri_has.find(c) != std::string_view::npos)
      return refused(url_fault::malformed);
  text.remove_prefix(scheme.size());
  https_url url;
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  url.path = text.substr(end);
  std::string_view host = text.substr(0, end);
  if (host.find('@') != std::string_view::npos) return refused(url_fault::user_info);
  if (host.starts_with('[')) return refused(url_fault::address_literal);
  if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
    const std::string_view digits = host.substr(colon + 1);
    const auto port = detail::read_number<std::uint16_t>(digits);
    if (!port && !digits.empty()) return refused(url_fault::malformed);
    url.port = port.value_or(url.port);
    host = host.substr(0, colon);
  }
  url.host = host;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty()) return refused(url_fault::malformed);
  // What ends in a number is read as an IPv4 address by many programs (RFC 3986, section 3.2.2,
  // does not have "127.1", nor "0x7f.1").
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (!last.empty() && detail::is_digit(last[0])) return refused(url_fault::address_literal);
  if (!is_host_name(host)) return refused(url_fault::not_a_host);
  if (detail::is_local_name(host)) return refused(url_fault::local_name);
  if (host.find('.') == std::string_view::npos) return refused(url_fault::not_a_host);
  if (detail::is_refused_port(url.port)) return refused(url_fault::port);
  return {url, url_fault::none};
}

constexpr bool follow_redirect(std::string_view host, std::string_view location,
                               unsigned followed) noexcept {
  if (followed >= most_redirects) return false;
  const url_check check = check_url(location);
  return check.fault == url_fault::none && detail::is_at_or_below(check.url.host, host);
}

constexpr bool is_mail_endpoint(std::string_view address) noexcept {
  constexpr std::size_t longest = 254, longest_local_part = 64;
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || address.size() > longest) return false;
  const std::string_view local = address.substr(0, at), domain = address.substr(at + 1);
  return local.size() <= longest_local_part && !has_non_ascii(address) &&
         detail::is_addr_spec(address) && is_host_name(domain) &&
         domain.find('.') != std::string_view::npos && !domain.ends_with('.');
}

}  // namespace tlsrpt

#endif
