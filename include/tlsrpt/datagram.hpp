/// @file
/// Reads the datagrams that mail servers send by libtlsrpt, such as Postfix 3.10 and newer. Needs
/// simdjson.
///
///     {"dpv": "1","d": "example.org","pr": "v=TLSRPTv1;rua=mailto:tls@example.org","policies":[
///      {"policy-type":1,"policy-domain": "mx.example.org","policy-string":["3 1 1 a1.."],
///       "failure-details":[{"c":205,"s": "203.0.113.5","n": "mx.example.org",
///                           "h": "250-mx.example.org\r\n250 STARTTLS","r": "192.0.2.40",
///                           "f": "self-signed_certificate"}],"t":1,"f":1}]}
///
/// (It is one line.) Whoever may write to the socket may write anything to it: nothing that comes
/// is more than an error, and octets that are no UTF-8 cost no session.

#ifndef TLSRPT_HPP_DATAGRAM
#define TLSRPT_HPP_DATAGRAM

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/json/index.hpp>
#include <tlsrpt/detail/json/walk.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/session.hpp>

namespace tlsrpt {

/// Limits of one datagram.
struct datagram_limits {
  std::size_t octets = std::size_t{256} << 10;  ///< Of the datagram.
  std::size_t policies = 64;                    ///< Policies.
  std::size_t failures = 1024;                  ///< Failures of all policies.
  std::size_t policy_strings = 4096;  ///< Lines, TLSA records and patterns of all of them.
};

/// Reads datagrams. Keeps its memory from one to the next. Move-only.
class datagram_reader {
 public:
  /// Has no memory yet.
  explicit datagram_reader(const datagram_limits& limits = {}) noexcept : limits_(limits) {}

  /// Reads a datagram that came at `time`. Views live until the next call. A policy is failed by
  /// its "f"; a failure with an unknown number becomes a validation-failure with the reason
  /// "libtlsrpt-" and the number; a policy of an unknown type is left out. Notes, each once:
  /// datagram_utf8, missing_datagram_version, datagram_failure_count, datagram_result_type,
  /// datagram_policy_type. Errors: text_too_long, datagram_syntax, datagram_member,
  /// datagram_version, datagram_limit, session_domain, out_of_memory, simdjson_unusable. Throws
  /// what the sink throws. Linear.
  template <diagnostic_sink S = ignore_diagnostics>
  result<session_view> read(std::string_view datagram, std::int64_t time, S&& sink = {}) noexcept(
      detail::is_nothrow_sink<S>) TLSRPT_HPP_LIFETIMEBOUND;

 private:
  struct policy_extent {
    std::size_t strings_begin = 0, strings = 0, patterns_begin = 0, patterns = 0,
                failures_begin = 0, failures = 0;
  };
  using token = detail::json_token;

  bool stop(errc code, std::string_view subject = {}) noexcept;
  void note(errc code, std::string_view subject = {}) noexcept;
  bool copy(std::string_view datagram) noexcept;
  bool read_session(std::string_view datagram) noexcept;
  token read_policies(token value) noexcept;
  token read_policy(token value) noexcept;
  token read_failure(token value) noexcept;
  token read_string(token value, std::string_view& text) noexcept;
  token read_number(token value, std::uint32_t& number) noexcept;
  token read_strings(token value, std::size_t& count) noexcept;
  void set_result_type(std::uint32_t number, failure_details_view& failure) noexcept;
  template <class Member>
  token for_each_member(token value, std::uint32_t depth, Member&& member) noexcept;

  datagram_limits limits_;
  detail::padded_buffer text_, unescaped_;
  std::size_t size_ = 0, unescaped_size_ = 0;
  detail::json_index index_;
  detail::json_walk walk_;
  session_view session_;
  std::string_view version_;
  detail::arena<session_policy> policies_;
  detail::arena<policy_extent> extents_;
  detail::arena<failure_details_view> failures_;
  detail::arena<std::string_view> strings_;
  diagnostic_list<8> notes_;
  diagnostic error_;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/datagram.hpp>

#endif
