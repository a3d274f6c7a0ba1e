#include "guarded.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <optional>

#include <tlsrpt/version.hpp>

namespace reporter {

using tlsrpt::no_answer;

judged_host judge_host(const std::string& host, std::span<const tlsrpt::ip_network> allowed,
                       resolver& resolver, std::chrono::steady_clock::time_point end) {
  const auto without = [](no_answer why, std::string text) {
    return judged_host{.why = why, .text = std::move(text)};
  };
  address_answer found = resolver.addresses(host, end);
  if (found.end == lookup_end::failed)
    return without(no_answer::dns_failure, "DNS: no answer about " + host);
  if (found.end != lookup_end::found || found.addresses.empty())
    return without(no_answer::no_such_name, "DNS: no address of " + host);
  if (const auto refused = find_refused(found.addresses, allowed))
    return without(no_answer::blocked, host + " has the address " + std::string(to_text(*refused)) +
                                           ", which is " + std::string(name(classify(*refused))));
  return {.addresses = std::move(found.addresses)};
}

guarded_transfer::guarded_transfer(const tlsrpt::https_url& url,
                                   std::span<const tlsrpt::ip_address> addresses,
                                   const transfer_rules& rules)
    : rules_(rules), curl_(curl_easy_init()) {
  if (!curl_) throw std::bad_alloc();
  set_target(url, addresses);
  set_limits();
}

/// The host, and the addresses that were judged: curl looks nothing up.
void guarded_transfer::set_target(const tlsrpt::https_url& url,
                                  std::span<const tlsrpt::ip_address> addresses) {
  std::string host(url.host);
  if (host.ends_with('.')) host.pop_back();
  const std::string with_port = host + ":" + std::to_string(url.port);
  std::string resolved = with_port;
  char separator = ':';
  for (const tlsrpt::ip_address& address : addresses) {
    resolved += separator;
    const tlsrpt::ip_text text = to_text(address);
    resolved += address.is_v4() ? std::string(text) : "[" + std::string(text) + "]";
    separator = ',';
  }
  resolved_.reset(curl_slist_append(nullptr, resolved.c_str()));
  std::string path(url.path);
  if (!path.starts_with('/')) path.insert(0, 1, '/');
  set(CURLOPT_RESOLVE, resolved_.get());
  set(CURLOPT_URL, ("https://" + with_port + path).c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PREREQFUNCTION, &begin_request);
  set(CURLOPT_PREREQDATA, this);
}

void guarded_transfer::set_limits() {
  using std::chrono::milliseconds;
  const auto left =
      std::chrono::duration_cast<milliseconds>(rules_.end - std::chrono::steady_clock::now());
  set(CURLOPT_USERAGENT, "tlsrpt/" TLSRPT_HPP_VERSION_STRING);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(rules_.connecting.count()));
  set(CURLOPT_TIMEOUT_MS, std::max(static_cast<long>(left.count()), 1L));  // 0 would be no end
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, this);
  if (!rules_.ca_file.empty()) set(CURLOPT_CAINFO, rules_.ca_file.c_str());
  if (rules_.checks_certificate) return;
  set(CURLOPT_SSL_VERIFYPEER, 0L);
  set(CURLOPT_SSL_VERIFYHOST, 0L);
}

void guarded_transfer::add_field(const std::string& field) {
  fields_.reset(curl_slist_append(fields_.release(), field.c_str()));
  set(CURLOPT_HTTPHEADER, fields_.get());
}

transfer_end guarded_transfer::run(const std::function<void()>& before_sending,
                                   const std::function<bool(std::string_view)>& take) {
  before_sending_ = &before_sending;
  take_ = &take;
  std::array<char, CURL_ERROR_SIZE> text{};
  set(CURLOPT_ERRORBUFFER, text.data());
  const CURLcode code = curl_easy_perform(curl_.get());
  if (thrown_) std::rethrow_exception(thrown_);
  transfer_end end;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &end.status);
  // What goes wrong after the answer changes nothing about it.
  constexpr long first_final = 200;
  end.is_whole = code == CURLE_OK;
  if (end.status >= first_final) return end;
  return {.why = reason(code),
          .text = *text.data() != '\0' ? text.data() : curl_easy_strerror(code)};
}

std::string guarded_transfer::field(const char* name) const {
  curl_header* found = nullptr;
  return curl_easy_header(curl_.get(), name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK
             ? found->value
             : "";
}

curl_socket_t guarded_transfer::open_socket(void* self, curlsocktype, curl_sockaddr* to) {
  auto& made = *static_cast<guarded_transfer*>(self);
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

int guarded_transfer::begin_request(void* self, char* peer, char*, int, int) {
  auto& made = *static_cast<guarded_transfer*>(self);
  const auto address = tlsrpt::ip_address::parse(peer);
  made.is_blocked_ = !address || !may_connect(*address, made.rules_.allowed);
  if (made.is_blocked_) return CURL_PREREQFUNC_ABORT;
  try {
    (*made.before_sending_)();
    return CURL_PREREQFUNC_OK;
  } catch (...) {
    made.thrown_ = std::current_exception();
    return CURL_PREREQFUNC_ABORT;
  }
}

std::size_t guarded_transfer::take_body(char* octets, std::size_t one, std::size_t count,
                                        void* self) {
  auto& made = *static_cast<guarded_transfer*>(self);
  try {
    return (*made.take_)({octets, one * count}) ? one * count : 0;
  } catch (...) {
    made.thrown_ = std::current_exception();
    return 0;
  }
}

std::size_t guarded_transfer::take_header(char*, std::size_t one, std::size_t count, void* self) {
  constexpr std::size_t most_header = 65'536;
  auto& made = *static_cast<guarded_transfer*>(self);
  made.header_ += one * count;
  return made.header_ <= most_header ? one * count : 0;
}

no_answer guarded_transfer::reason(CURLcode code) const {
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

}  // namespace reporter
