/// @file
/// What a mail server does after a session: it sends the outcome to tlsrpt-tallyd, or to another
/// program that takes the datagrams of libtlsrpt.
///
///     send_session SOCKET DOMAIN HOST RESULT
///
/// A session to the mail host HOST of a domain with an MTA-STS policy, where RESULT is what OpenSSL
/// said about the certificate, a number: 0 for a good one. Exit status 1: the session is lost; 2:
/// usage.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <tlsrpt/error.hpp>
#include <tlsrpt/session.hpp>
#include <tlsrpt/tls_errors.hpp>
#include <tlsrpt/write_datagram.hpp>

namespace {

/// Sends datagrams to a path, and never waits: a mail server has better things to do. Those that
/// the socket has no room for, or that nobody takes, are lost. A program sends all with one of it.
class datagram_sender {
 public:
  datagram_sender() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  datagram_sender(const datagram_sender&) = delete;
  datagram_sender& operator=(const datagram_sender&) = delete;
  ~datagram_sender() { close(socket_); }

  bool send(std::string_view path, std::string_view octets) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (path.size() >= sizeof to.sun_path) {
      errno = ENAMETOOLONG;
      return false;
    }
    path.copy(to.sun_path, path.size());
    // By its name each time, as the program that receives may be another one by now.
    return sendto(socket_, octets.data(), octets.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&to), sizeof to) >= 0;
  }

 private:
  int socket_;
};

}  // namespace

int main(int count, char** words) {
  long verified = 0;
  const std::string_view number = count == 5 ? words[4] : "";
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), verified);
  if (count != 5 || fault != std::errc() || end != number.data() + number.size()) {
    std::fputs("usage: send_session SOCKET DOMAIN HOST RESULT\n", stderr);
    return 2;
  }
  // Those that were found when the mail was to be sent.
  const std::string record = "v=TLSRPTv1; rua=mailto:tls@" + std::string(words[2]);
  const std::array<std::string_view, 1> patterns = {words[3]};
  const std::string mx = "mx: " + std::string(words[3]);
  const std::array<std::string_view, 4> lines = {"version: STSv1", "mode: enforce", mx,
                                                 "max_age: 604800"};

  tlsrpt::session_policy policy{
      .type = tlsrpt::policy_type::sts, .policy_string = lines, .mx_host = patterns};
  const tlsrpt::tls_failure failure = tlsrpt::classify_openssl(verified);
  tlsrpt::failure_details_view details;
  details.result_type.value = failure.type;
  details.failure_reason_code = failure.reason;
  details.receiving_mx_hostname = words[3];
  if (verified != 0) {
    policy.outcome =
        failure.is_counted ? tlsrpt::session_outcome::failed : tlsrpt::session_outcome::not_counted;
    policy.failures = {&details, 1};
  }
  std::string datagram;
  const auto written = tlsrpt::write_datagram(
      datagram, {.recipient_domain = words[2], .record = record, .policies = {&policy, 1}});
  if (!written) {
    const std::string_view text = tlsrpt::message(written.error().code);
    std::fprintf(stderr, "not sent: %.*s\n", static_cast<int>(text.size()), text.data());
    return 1;
  }
  if (datagram_sender().send(words[1], datagram)) return 0;
  std::fprintf(stderr, "lost: %s\n", std::strerror(errno));
  return 1;
}
