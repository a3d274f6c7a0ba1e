/// @file
/// Posts a report (RFC 8460, section 5.4), by libcurl, to where one may connect.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_HTTPS
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_HTTPS

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tlsrpt/endpoint.hpp>

#include "../lookup.hpp"

namespace reporter {

/// What is the same for all posts.
struct post_rules {
  std::string ca_file{};  ///< The authorities of the system when empty.
  std::span<const tlsrpt::ip_network> allowed{};
  unsigned seconds = 0;  ///< For an attempt; a quarter of them for connecting.
};

/// One post.
struct post_request {
  std::string_view url{};
  std::string_view octets{};
  bool checks_certificate = true;
  std::int64_t now = 0;
  /// When the attempt is over, with all redirects.
  std::chrono::steady_clock::time_point end{};
  /// Called when there is a connection and before anything is sent, again after a redirect. What it
  /// throws comes out of post().
  std::function<void()> before_sending{};
};

/// What came of it.
struct post_answer {
  std::uint16_t status = 0;                                  ///< 0 without an answer.
  tlsrpt::no_answer why = tlsrpt::no_answer::no_connection;  ///< Without an answer.
  std::int64_t wait = 0;                                     ///< Seconds that the answer asks for.
  std::string text{};                                        ///< For people.
};

/// Posts, and follows redirects as far as that is allowed.
post_answer post(const post_request& request, const post_rules& rules, resolver& resolver);

}  // namespace reporter

#endif
