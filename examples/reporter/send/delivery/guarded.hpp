/// @file
/// Transfers by HTTPS, by libcurl, to where one may connect, without redirects.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_GUARDED
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_GUARDED

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/endpoint.hpp>

#include "../lookup.hpp"

namespace reporter {

/// The addresses of a host, or why nothing may connect to it.
struct judged_host {
  std::vector<tlsrpt::ip_address> addresses{};
  tlsrpt::no_answer why = tlsrpt::no_answer::no_connection;  ///< Without addresses.
  std::string text{};                                        ///< For people, without addresses.
};

/// Looks up a host and judges all its addresses, no later than `end`.
judged_host judge_host(const std::string& host, std::span<const tlsrpt::ip_network> allowed,
                       resolver& resolver, std::chrono::steady_clock::time_point end);

/// What came of a transfer.
struct transfer_end {
  long status = 0;                                           ///< 0 without an answer.
  bool is_whole = false;                                     ///< All of the answer came.
  tlsrpt::no_answer why = tlsrpt::no_answer::no_connection;  ///< Without an answer.
  std::string text{};                                        ///< For people, without an answer.
};

/// How a transfer is bounded, and whom it believes.
struct transfer_rules {
  std::string ca_file{};  ///< The authorities of the system when empty.
  std::span<const tlsrpt::ip_network> allowed{};
  bool checks_certificate = true;
  std::chrono::milliseconds connecting{};       ///< At most, for a connection.
  std::chrono::steady_clock::time_point end{};  ///< When all is over.
};

/// One request. What really is connected to is judged, whatever was resolved.
class guarded_transfer {
 public:
  /// The rules have to outlive it. Throws std::bad_alloc and std::runtime_error.
  guarded_transfer(const tlsrpt::https_url& url, std::span<const tlsrpt::ip_address> addresses,
                   const transfer_rules& rules);
  guarded_transfer(const guarded_transfer&) = delete;
  guarded_transfer& operator=(const guarded_transfer&) = delete;
  ~guarded_transfer() = default;

  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl_.get(), option, value); code != CURLE_OK)
      throw std::runtime_error(std::string("curl: ") + curl_easy_strerror(code));
  }
  /// Adds a field, as "Name: value"; "Name:" leaves it out.
  void add_field(const std::string& field);

  /// `before_sending` is called when there is a connection and before anything is sent; what it
  /// throws comes out. `take` is given pieces of the body of the answer until it says no.
  transfer_end run(const std::function<void()>& before_sending,
                   const std::function<bool(std::string_view)>& take);

  /// The value of a field of the answer; empty without one.
  std::string field(const char* name) const;

 private:
  struct cleaner {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* to);
  static int begin_request(void* self, char* peer, char*, int, int);
  static std::size_t take_body(char* octets, std::size_t one, std::size_t count, void* self);
  static std::size_t take_header(char*, std::size_t one, std::size_t count, void* self);
  void set_target(const tlsrpt::https_url& url, std::span<const tlsrpt::ip_address> addresses);
  void set_limits();
  tlsrpt::no_answer reason(CURLcode code) const;

  const transfer_rules& rules_;
  std::unique_ptr<CURL, cleaner> curl_;
  std::unique_ptr<curl_slist, cleaner> resolved_{}, fields_{};
  const std::function<void()>* before_sending_ = nullptr;
  const std::function<bool(std::string_view)>* take_ = nullptr;
  std::size_t header_ = 0;
  bool is_blocked_ = false;
  std::exception_ptr thrown_{};
};

}  // namespace reporter

#endif
