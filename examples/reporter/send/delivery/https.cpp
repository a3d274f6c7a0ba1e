#include "https.hpp"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include <tlsrpt/version.hpp>
#include <tlsrpt/write_mail.hpp>

namespace reporter {

namespace {

using tlsrpt::no_answer;

constexpr std::size_t most_body = 4096, most_header = 65'536;

/// Asks one URL, without redirects.
class exchange {
 public:
  exchange(const tlsrpt::https_url& url, const post_request& request, const post_rules& rules)
      : url_(url), request_(request), rules_(rules), curl_(curl_easy_init()) {
    if (!curl_) throw std::bad_alloc();
  }

  post_answer run(std::span<const tlsrpt::ip_address> addresses) {
    set_target(addresses);
    set_request();
    set_guard();
    std::array<char, CURL_ERROR_SIZE> text{};
    set(CURLOPT_ERRORBUFFER, text.data());
    const CURLcode code = curl_easy_perform(curl_.get());
    if (thrown_) std::rethrow_exception(thrown_);
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    post_answer answer;
    // What goes wrong after the answer changes nothing about it.
    constexpr long first_final = 200;
    if (status >= first_final) {
      answer.status = static_cast<std::uint16_t>(status);
      answer.text = "status " + std::to_string(status);
      answer.wait =
          tlsrpt::retry_after(field("Retry-After"), field("Date"), request_.now).value_or(0);
      return answer;
    }
    answer.why = reason(code);
    answer.text = *text.data() != '\0' ? text.data() : curl_easy_strerror(code);
    return answer;
  }

  std::string location() const { return field("Location"); }

 private:
  struct cleaner {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(curl_.get(), option, value); code != CURLE_OK)
      throw std::runtime_error(std::string("curl: ") + curl_easy_strerror(code));
  }

  /// The host, and the addresses that were judged: curl looks nothing up.
  void set_target(std::span<const tlsrpt::ip_address> addresses) {
    std::string host(url_.host);
    if (host.ends_with('.')) host.pop_back();
    const std::string with_port = host + ":" + std::to_string(url_.port);
    std::string resolved = with_port;
    char separator = ':';
    for (const tlsrpt::ip_address& address : addresses) {
      resolved += separator;
      const tlsrpt::ip_text text = to_text(address);
      resolved += address.is_v4() ? std::string(text) : "[" + std::string(text) + "]";
      separator = ',';
    }
    resolved_.reset(curl_slist_append(nullptr, resolved.c_str()));
    std::string path(url_.path);
    if (!path.starts_with('/')) path.insert(0, 1, '/');
    set(CURLOPT_RESOLVE, resolved_.get());
    set(CURLOPT_URL, ("https://" + with_port + path).c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_FOLLOWLOCATION, 0L);
  }

  void set_request() {
    const std::string type =
        "Content-Type: " + std::string(tlsrpt::media_type_of_report(request_.octets));
    fields_.reset(curl_slist_append(nullptr, type.c_str()));
    fields_.reset(curl_slist_append(fields_.release(), "Expect:"));
    set(CURLOPT_HTTPHEADER, fields_.get());
    set(CURLOPT_USERAGENT, "tlsrpt/" TLSRPT_HPP_VERSION_STRING);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request_.octets.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.octets.size()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(rules_.seconds) * 250);
    set(CURLOPT_TIMEOUT_MS, std::max(milliseconds_left(), 1L));  // 0 would be no end
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, this);
    if (!rules_.ca_file.empty()) set(CURLOPT_CAINFO, rules_.ca_file.c_str());
    if (request_.checks_certificate) return;
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }

  long milliseconds_left() const {
    const auto left = request_.end - std::chrono::steady_clock::now();
    return static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
  }

  /// What really is connected to is judged, whatever was resolved.
  void set_guard() {
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_PREREQFUNCTION, &begin_request);
    set(CURLOPT_PREREQDATA, this);
  }

  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* to) {
    auto& made = *static_cast<exchange*>(self);
    std::optional<tlsrpt::ip_address> address;
    if (to->family == AF_INET) {
      std::array<std::uint8_t, 4> octets{};
      std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in*>(&to->addr)->sin_addr,
                  octets.size());
      address = tlsrpt::ip_address::v4(octets);
    } else if (to->family == AF_INET6) {
      std::array<std::uint8_t, 16> octets{};
      std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6*>(&to->addr)->sin6_addr,
                  octets.size());
      address = tlsrpt::ip_address::v6(octets);
    }
    if (address && may_connect(*address, made.rules_.allowed))
      return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    made.is_blocked_ = true;
    return CURL_SOCKET_BAD;
  }

  static int begin_request(void* self, char* peer, char*, int, int) {
    auto& made = *static_cast<exchange*>(self);
    const auto address = tlsrpt::ip_address::parse(peer);
    made.is_blocked_ = !address || !may_connect(*address, made.rules_.allowed);
    if (made.is_blocked_) return CURL_PREREQFUNC_ABORT;
    try {
      made.request_.before_sending();
      return CURL_PREREQFUNC_OK;
    } catch (...) {
      made.thrown_ = std::current_exception();
      return CURL_PREREQFUNC_ABORT;
    }
  }

  static std::size_t take_body(char*, std::size_t one, std::size_t count, void* self) {
    auto& made = *static_cast<exchange*>(self);
    made.body_ += one * count;
    return made.body_ <= most_body ? one * count : 0;
  }

  static std::size_t take_header(char*, std::size_t one, std::size_t count, void* self) {
    auto& made = *static_cast<exchange*>(self);
    made.header_ += one * count;
    return made.header_ <= most_header ? one * count : 0;
  }

  no_answer reason(CURLcode code) const {
    if (is_blocked_) return no_answer::blocked;
    switch (code) {
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_ISSUER_ERROR:
        return no_answer::certificate;
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_SSL_CIPHER:
        return no_answer::tls_failure;
      case CURLE_OPERATION_TIMEDOUT:
        return no_answer::timed_out;
      default:
        return no_answer::no_connection;
    }
  }

  /// The value of a field of the answer; empty without one.
  std::string field(const char* name) const {
    curl_header* found = nullptr;
    return curl_easy_header(curl_.get(), name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK
               ? found->value
               : "";
  }

  const tlsrpt::https_url& url_;
  const post_request& request_;
  const post_rules& rules_;
  std::unique_ptr<CURL, cleaner> curl_;
  std::unique_ptr<curl_slist, cleaner> resolved_{}, fields_{};
  std::size_t body_ = 0, header_ = 0;
  bool is_blocked_ = false;
  std::exception_ptr thrown_{};
};

post_answer without(no_answer why, std::string text) {
  return {.why = why, .text = std::move(text)};
}

}  // namespace

post_answer post(const post_request& request, const post_rules& rules, resolver& resolver) {
  std::string target(request.url);
  for (unsigned followed = 0;; ++followed) {
    const tlsrpt::url_check checked = tlsrpt::check_url(target);
    if (checked.fault != tlsrpt::url_fault::none)
      return without(no_answer::blocked, "URL: " + std::string(name(checked.fault)));
    if (std::chrono::steady_clock::now() >= request.end)
      return without(no_answer::timed_out, "the time of the attempt was up");
    const std::string host(checked.url.host);
    const address_answer found = resolver.addresses(host, request.end);
    if (found.end == lookup_end::failed)
      return without(no_answer::dns_failure, "DNS: no answer about " + host);
    if (found.end != lookup_end::found || found.addresses.empty())
      return without(no_answer::no_such_name, "DNS: no address of " + host);
    if (const auto refused = find_refused(found.addresses, rules.allowed))
      return without(no_answer::blocked, host + " has the address " +
                                             std::string(to_text(*refused)) + ", which is " +
                                             std::string(name(classify(*refused))));
    exchange exchange(checked.url, request, rules);
    post_answer answer = exchange.run(found.addresses);
    if (tlsrpt::judge_status(answer.status, {}) != tlsrpt::verdict::redirect) return answer;
    std::string location = exchange.location();
    if (!tlsrpt::follow_redirect(host, location, followed)) return answer;
    target = std::move(location);
  }
}

}  // namespace reporter
