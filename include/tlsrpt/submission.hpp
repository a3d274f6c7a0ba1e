/// @file
/// What to answer to a report that comes by HTTPS POST (RFC 8460, section 5.4), in two steps:
/// before a body is read, and after it was. For any HTTP server: here is no socket, no clock and no
/// thread.
///
///     if (const auto refusal = tlsrpt::judge_head(head)) return answer(refusal);
///     // Read the body, up to submission_limits::body_octets, and parse it.
///     const auto verdict = tlsrpt::judge_body(body);
///     if (verdict.keep == tlsrpt::keeping::report) store();  // durably, then answer
///     return answer(verdict);
///
/// Answers have the fixed text of their code and repeat nothing of a request. Everything is
/// constexpr, allocates nothing, and takes time linear in what it reads unless it says so.

#ifndef TLSRPT_HPP_SUBMISSION
#define TLSRPT_HPP_SUBMISSION

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/errc.hpp>
#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/payload.hpp>

namespace tlsrpt {

/// Why a request is answered as it is.
enum class submission_code : std::uint8_t {
  go_on,         ///< Read the body.
  stored,        ///< The report is new.
  known,         ///< The report was there.
  unknown_path,  ///< No such path, or no such token.
  method,        ///< Not POST.
  too_long,      ///< The body is longer than allowed.
  length,        ///< Content-Length cannot be relied upon.
  encoding,      ///< A Content-Encoding that is not read.
  media_type,    ///< A Content-Type of something else.
  empty,         ///< No body.
  no_report,     ///< Neither JSON nor gzip.
  limit,         ///< The report exceeds a limit.
  broken,        ///< The report cannot be read.
  other_domain,  ///< A report about nobody here.
  rate,          ///< Too many requests.
  unavailable,   ///< It cannot be stored now.
  slow           ///< The body took too long.
};

/// "stored", "unknown-path" and so on.
constexpr std::string_view name(submission_code code) noexcept;
/// The status of the answer (RFC 9110, section 15); 100 for go_on.
constexpr std::uint16_t status(submission_code code) noexcept;
/// The body of the answer, a line with its end.
constexpr std::string_view answer_text(submission_code code) noexcept;

/// A header field that an answer needs besides the usual ones.
struct answer_field {
  std::string_view name{};   ///< Empty when none is needed.
  std::string_view value{};  ///< Without the number of seconds of a Retry-After.
};

/// Allow, Accept-Encoding, Accept-Post or Retry-After; its value is fixed, but that of Retry-After
/// is empty: see retry_after().
constexpr answer_field extra_field(submission_code code) noexcept;

/// Limits of a request.
struct submission_limits {
  std::uint64_t body_octets = std::uint64_t{10} << 20;  ///< Of a body as it comes.
};

/// A request before its body. Values are as in the request; those of absent fields are empty.
struct submission_head {
  bool is_path_known = false;           ///< The path belongs to a token that may be used.
  std::string_view method{};            ///< In this case, as HTTP has it.
  std::string_view content_type{};      ///< With or without parameters.
  std::string_view content_encoding{};  ///< Several fields with ", " between them.
  std::span<const std::string_view> content_lengths{};  ///< One for each field.
  bool has_transfer_encoding = false;                   ///< Whether the body comes in chunks.
};

/// What is to be answered to a head: nothing yet when it is go_on.
struct head_verdict {
  submission_code code = submission_code::go_on;  ///< What to answer.
  /// The type is the one that clients send when nobody says any, so the octets have to decide.
  bool is_form = false;

  /// Whether to answer now, and read no body.
  explicit constexpr operator bool() const noexcept { return code != submission_code::go_on; }
};

/// Judges a request before anything of its body is read.
constexpr head_verdict judge_head(const submission_head& head,
                                  const submission_limits& limits = {}) noexcept;

/// What became of a body.
struct submission_body {
  payload content = payload::empty;  ///< By classify_payload(), without more layers of gzip.
  bool is_form = false;              ///< That of head_verdict.
  errc fault = errc::ok;             ///< Of parsing, or of adding to a ledger.
  bool is_ours = true;               ///< A policy is about one of the domains here.
  bool is_known = false;             ///< There is a report with this digest.
};

/// What to do with a report.
enum class keeping : std::uint8_t {
  nothing,  ///< Forget it, but count it.
  head,     ///< Keep the beginning, max_kept_octets, so that somebody can look what it was.
  receipt,  ///< Note that the report came again.
  report    ///< Store it.
};

/// Octets that are kept of a body that cannot be read.
inline constexpr std::size_t max_kept_octets = std::size_t{64} << 10;

/// What to do with a report, and what to answer once that is durable.
struct body_verdict {
  submission_code code = submission_code::stored;  ///< What to answer.
  keeping keep = keeping::report;                  ///< What to do.

  friend constexpr bool operator==(const body_verdict&, const body_verdict&) = default;
};

/// Judges a body that was read.
constexpr body_verdict judge_body(const submission_body& body) noexcept;

/// Characters of a token: 128 bits in base64url.
inline constexpr std::size_t token_characters = 22;
/// The text of a token.
using token_text = short_text<token_characters>;

/// A token of 16 random octets. It stands in a TXT record, so it is public: it names the domain
/// that a report is for, so that posts can be limited by domain, and a token that is misused can be
/// replaced.
constexpr token_text make_token(const std::array<std::uint8_t, 16>& random) noexcept;
/// The token in a path such as "/v1/AAECAwQFBgcICQoLDA0ODw"; nothing in any other.
constexpr std::optional<std::string_view> token_in_path(
    std::string_view path TLSRPT_HPP_LIFETIMEBOUND) noexcept;
/// SHA-256 of a token. Look up this, so that the time it takes says nothing about tokens.
constexpr std::array<std::uint8_t, 32> hash_of_token(std::string_view token) noexcept;
/// Writes "https://HOST/v1/TOKEN", for write_record(); `base` is "https://HOST", with or without a
/// slash or a path after it. Throws what `out` throws.
template <text_output Out>
constexpr void write_token_url(Out&& out, std::string_view base,
                               std::string_view token) noexcept(detail::is_nothrow_output<Out>);

/// The last address in an X-Forwarded-For field, which is what one's own proxy wrote there; nothing
/// when it is none. Ask only when the peer of the socket is that proxy.
constexpr std::optional<ip_address> forwarded_peer(std::string_view field) noexcept;
/// What is limited as one: the /24 of an IPv4 address, the /48 of an IPv6 one; of an IPv4-mapped
/// IPv6 address the IPv4 address counts.
constexpr ip_address network_of(const ip_address& address) noexcept;

/// How often something may happen.
struct rate {
  std::uint32_t per_minute = 60;  ///< In the long run; at least 1.
  std::uint32_t burst = 200;      ///< At once, after a time of quiet; at least 1.
};
/// Of a network.
inline constexpr rate network_rate{60, 200};
/// Of a token: all senders start after midnight.
inline constexpr rate token_rate{600, 3000};

/// What is known of one key of a rate_limiter.
struct rate_slot {
  std::uint64_t key = 0;   ///< Hashed; 0 for none.
  std::int64_t empty = 0;  ///< When all that happened is forgotten, in milliseconds.
};

/// Limits how often something happens for each of many keys, in memory that the caller gives. When
/// that is full, the keys that have happened least are forgotten first.
class rate_limiter {
 public:
  /// `slots` has to outlive this object; `secret` is random, so that nobody can choose keys that
  /// are in each other's way.
  explicit constexpr rate_limiter(std::span<rate_slot> slots, rate rate,
                                  std::uint64_t secret) noexcept
      : slots_(slots), rate_(rate), secret_(secret) {}

  /// Whether it may happen once more, which is noted then. `now` is in milliseconds and may jump.
  /// Constant time but for hashing the key.
  constexpr bool take(std::string_view key, std::int64_t now) noexcept;
  /// The same for a network.
  constexpr bool take(const ip_address& network, std::int64_t now) noexcept;

 private:
  std::span<rate_slot> slots_;
  rate rate_;
  std::uint64_t secret_;
};

/// The seconds for a Retry-After field, 600 to 3600, spread by a number that is different for each
/// request.
constexpr std::uint32_t retry_after(std::uint64_t number) noexcept;

/// Whether a body comes fast enough: 120 s in all, and in each 30 s at least 1 KiB/s. Times are in
/// milliseconds.
class body_pace {
 public:
  /// The body begins.
  explicit constexpr body_pace(std::int64_t now) noexcept : begin_(now), window_(now) {}

  /// Notes that octets came, or with 0 that time has gone by; false when it takes too long.
  constexpr bool go_on(std::size_t octets, std::int64_t now) noexcept;

 private:
  std::int64_t begin_, window_;
  std::size_t octets_ = 0;  // in the window
};

}  // namespace tlsrpt

#include <tlsrpt/impl/submission.hpp>

#endif
