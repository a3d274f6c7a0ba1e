/// @file
/// Decisions about the delivery of reports (RFC 8460, section 5): when to try, what an answer
/// means, and where not to connect. Needs nothing but the standard library. There is no socket, no
/// clock and no thread here: a program says what happened and when, and asks what to do. All is
/// constexpr, allocates nothing and throws nothing. Times are seconds since 1970.

#ifndef TLSRPT_HPP_ENDPOINT
#define TLSRPT_HPP_ENDPOINT

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ip_address.hpp>

namespace tlsrpt {

// ---- When

/// Attempts to deliver one report to one endpoint.
inline constexpr unsigned most_attempts = 8;

/// A secret of the sender, so that nobody can foresee when its reports come.
using delivery_salt = std::array<std::uint8_t, 16>;

/// A number for the delivery of a report to an endpoint, the same whenever it is asked for
/// (SipHash-2-4). It spreads the attempts of a sender. Linear.
constexpr std::uint64_t delivery_hash(const delivery_salt& salt, std::string_view endpoint,
                                      std::string_view report_id) noexcept;

/// When a report about that day is delivered first: from 00:10 to 04:10 of the next day (RFC 8460,
/// section 4.1).
constexpr std::int64_t first_attempt(day reported, std::uint64_t hash) noexcept;

/// The time of an attempt, counted from 1; the last is 23 h 45 min after the first. Those between
/// are spread by a fifth of what separates them from the attempt before.
constexpr std::int64_t attempt_time(std::int64_t first, std::uint64_t hash,
                                    unsigned attempt) noexcept;

/// When to try again after `made` attempts, of which the last failed at `now`; nothing when it is
/// time to give up. `first` is the time of the first attempt. `wait` is what the answer asked for,
/// see retry_after(): when that is too long, one last attempt is left. Attempts that were missed
/// are not made up for. A clock that was set back costs 8 hours at most.
constexpr std::optional<std::int64_t> next_attempt(std::int64_t first, std::uint64_t hash,
                                                   unsigned made, std::int64_t now,
                                                   std::int64_t wait = 0) noexcept;

/// Seconds to wait by the fields Retry-After and Date of an answer of HTTP (RFC 9110, sections
/// 10.2.3 and 5.6.7); nothing for what is not readable, not to come, or longer than 24 hours.
/// `date` may be empty; then `now` stands for it.
constexpr std::optional<std::int64_t> retry_after(std::string_view text, std::string_view date,
                                                  std::int64_t now) noexcept;

/// Keeps a sender from being a burden to a host: connections at a time, and their rate.
class host_gate {
 public:
  static constexpr unsigned most_at_a_time = 4;  ///< Connections at a time.
  static constexpr unsigned most_a_minute = 60;  ///< Connections in any 60 seconds.

  /// Takes the right to connect at `now`; false when there is none.
  constexpr bool enter(std::int64_t now) noexcept;
  /// Gives back one that was taken, when the connection has ended.
  constexpr void leave() noexcept { --inside_; }

 private:
  std::array<std::int64_t, most_a_minute> entered_{};  ///< A ring.
  std::size_t next_ = 0;  ///< Where the next one goes: the oldest, once all have been taken.
  bool is_full_ = false;
  unsigned inside_ = 0;
};

// ---- What an answer means

/// What to do after an attempt.
enum class verdict : std::uint8_t {
  done,          ///< Delivered; never send it there again.
  retry,         ///< Try again later, see next_attempt().
  redirect,      ///< Ask the address in Location, see follow_redirect().
  smaller,       ///< Send a report with fewer details, at once.
  uncompressed,  ///< Send the JSON as it is, as application/tlsrpt+json, at once.
  give_up        ///< Never send it there.
};

/// What was done about a report before an answer came.
struct delivery_form {
  bool is_cut = false;           ///< It has fewer details than there are.
  bool is_uncompressed = false;  ///< It was sent as JSON.
  std::size_t json_size = 0;     ///< Octets of the JSON.
};

/// What the status of a final answer to the POST means.
constexpr verdict judge_status(std::uint16_t status, const delivery_form& form) noexcept;

/// Why there was no answer.
enum class no_answer : std::uint8_t {
  dns_failure,   ///< The look-up failed, perhaps for now.
  no_such_name,  ///< The host does not exist.
  no_connection,
  tls_failure,  ///< TLS failed, but not for the certificate.
  certificate,  ///< The certificate of the host was refused.
  timed_out,    ///< Connecting took 30 s, or everything 120 s.
  blocked       ///< Nothing may connect there, see judge_addresses().
};

/// What to do after an attempt without an answer, the one with that number, counted from 1.
constexpr verdict judge_no_answer(no_answer why, unsigned attempt) noexcept;

/// Whether certificates count (RFC 8460, section 3).
enum class verification : std::uint8_t {
  fall_back,  ///< As a rule; one attempt without is made when nothing else is wrong.
  always
};

/// Whether the next attempt checks the certificate, after so many that failed for the certificate
/// alone. An attempt without the check counts as one of them.
constexpr bool checks_certificate(verification how, unsigned certificate_failures) noexcept;

/// What is remembered of an endpoint from day to day. A program stores the members.
struct endpoint_health {
  day last_gone{};         ///< The last day on which it was not there.
  unsigned days_gone = 0;  ///< For how many days in a row.
  unsigned bounces = 0;    ///< How often mail to it came back since the last success.
  day off_until{};         ///< Nothing is sent to it before this day.

  /// It was answered with 404 or 410 that day: after the third day in a row it is off for a week.
  constexpr void note_gone(day today) noexcept;
  /// Mail to it came back: it is off for 7, 14, then 28 days.
  constexpr void note_bounce(day today) noexcept;
  /// A report was delivered.
  constexpr void note_success() noexcept { *this = {}; }

  /// Whether nothing is sent to it that day.
  constexpr bool is_off(day today) const noexcept { return today < off_until; }

  friend constexpr bool operator==(const endpoint_health&, const endpoint_health&) = default;
};

/// How often deliveries to one host came to nothing. A program stores the members.
struct host_health {
  static constexpr unsigned most_give_ups = 50;  ///< In 7 days.

  day last{};                           ///< The day of the first number.
  std::array<std::uint32_t, 7> days{};  ///< Reports given up, that day and on the days before.

  /// A report was given up.
  constexpr void note_give_up(day today) noexcept;
  /// Whether reports to it are tried once only.
  constexpr bool is_tried_once(day today) const noexcept;

 private:
  constexpr void move_to(day today) noexcept;
};

// ---- Where

/// What an address is for (the IANA registries of special-purpose addresses).
enum class address_class : std::uint8_t {
  public_unicast,  ///< An address of the Internet.
  this_network,    ///< 0.0.0.0/8, ::
  private_use,     ///< RFC 1918, RFC 4193
  shared,          ///< 100.64.0.0/10
  loopback,        ///< 127.0.0.0/8, ::1
  link_local,      ///< 169.254.0.0/16, fe80::/10
  protocol,        ///< For protocols: 192.0.0.0/24, 192.88.99.0/24, 2001::/23, 64:ff9b:1::/48
  documentation,   ///< RFC 5737, RFC 3849, RFC 9637
  benchmarking,    ///< 198.18.0.0/15
  multicast,       ///< 224.0.0.0/4, ff00::/8
  reserved         ///< 240.0.0.0/4, and what is outside of 2000::/3.
};

/// What an address is for. Of IPv4 addresses in IPv6 ones (mapped, translated or of 6to4)
/// the IPv4 address counts.
constexpr address_class classify(const ip_address& address) noexcept;
/// The name of the value here, such as "link_local".
constexpr std::string_view name(address_class address) noexcept;

/// A range of addresses.
struct ip_network {
  ip_address address{};  ///< One of its addresses.
  unsigned bits = 0;     ///< How many leading bits are equal in all of them.

  /// Reads CIDR notation, as "192.0.2.0/24"; an address alone is one. Nothing for other texts.
  static constexpr std::optional<ip_network> parse(std::string_view text) noexcept;
  /// Whether an address is in it.
  constexpr bool contains(const ip_address& other) const noexcept;
};

/// Whether a program may connect to an address: it is public, or in a network that its
/// configuration allows. Asked again for the address of the connected socket, this is what keeps a
/// name from changing its addresses in between.
constexpr bool may_connect(const ip_address& address,
                           std::span<const ip_network> allowed = {}) noexcept;

/// The first address that may_connect() refuses: a name with such an address is refused as a
/// whole. Nothing when all may be used, so for an empty list, too.
constexpr std::optional<ip_address> find_refused(std::span<const ip_address> addresses,
                                                 std::span<const ip_network> allowed = {}) noexcept;

/// Why reports are not posted to a URL.
enum class url_fault : std::uint8_t {
  none,
  not_https,        ///< It is not an https: URL.
  malformed,        ///< It has no host, or octets that belong in no URL.
  user_info,        ///< It has a user name or password.
  address_literal,  ///< Its host is an address.
  not_a_host,       ///< Its host is no name of the DNS with a dot in it.
  local_name,       ///< Its host is a name that is not public, as under ".local".
  port              ///< Its port is below 1024 and not 443, or of another service.
};
/// The name of the value here, such as "not_https".
constexpr std::string_view name(url_fault fault) noexcept;

/// The parts of an https: URL.
struct https_url {
  std::string_view host{};   ///< As written.
  std::uint16_t port = 443;  ///< In figures, as written or not.
  std::string_view path{};   ///< Path and query; may be empty, which means "/".

  friend constexpr bool operator==(const https_url&, const https_url&) = default;
};

/// A URL, and whether reports may be posted to it.
struct url_check {
  https_url url{};                    ///< Empty when there is a fault.
  url_fault fault = url_fault::none;  ///< The first that is found.
};

/// Looks at the URL of an endpoint, see rua_view::target(). The parts lie in `text`. Linear.
constexpr url_check check_url(std::string_view text TLSRPT_HPP_LIFETIMEBOUND) noexcept;

/// Redirects that are followed for one attempt.
inline constexpr unsigned most_redirects = 2;

/// Whether to follow a redirect (307 or 308) from a host to `location`, with `followed` redirects
/// before it: to an absolute https: URL without fault, at the same host or one below it. Linear.
constexpr bool follow_redirect(std::string_view host, std::string_view location,
                               unsigned followed) noexcept;

/// Whether reports are mailed to an address, its percent triplets decoded: a dot-atom or quoted
/// local part and a domain of two labels or more, in ASCII, 254 octets at most. Linear.
constexpr bool is_mail_endpoint(std::string_view address) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/endpoint.hpp>

#endif
