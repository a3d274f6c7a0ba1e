/// What libtlsrpt sends, next to what the library writes for the same sessions.
///
///     libtlsrpt send SOCKET    compares each datagram of libtlsrpt with write_datagram(), and has
///                              libtlsrpt send it to SOCKET, too
///     libtlsrpt check JOURNAL  compares what was counted there with tally::count()
///
/// Compiled against libtlsrpt itself. The exit status is not 0 if anything differs.

#include <sys/socket.h>
#include <sys/un.h>
#include <tlsrpt.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/tally.hpp>
#include <tlsrpt/write_datagram.hpp>

#include "../reporter/journal.hpp"

namespace {

using tlsrpt::policy_type;
using tlsrpt::result_type;
using tlsrpt::session_outcome;

constexpr std::pair<result_type, tlsrpt_failure_t> failure_codes[] = {
    {result_type::starttls_not_supported, TLSRPT_STARTTLS_NOT_SUPPORTED},
    {result_type::certificate_host_mismatch, TLSRPT_CERTIFICATE_HOST_MISMATCH},
    {result_type::certificate_not_trusted, TLSRPT_CERTIFICATE_NOT_TRUSTED},
    {result_type::certificate_expired, TLSRPT_CERTIFICATE_EXPIRED},
    {result_type::validation_failure, TLSRPT_VALIDATION_FAILURE},
    {result_type::sts_policy_fetch_error, TLSRPT_STS_POLICY_FETCH_ERROR},
    {result_type::sts_policy_invalid, TLSRPT_STS_POLICY_INVALID},
    {result_type::sts_webpki_invalid, TLSRPT_STS_WEBPKI_INVALID},
    {result_type::tlsa_invalid, TLSRPT_TLSA_INVALID},
    {result_type::dnssec_invalid, TLSRPT_DNSSEC_INVALID},
    {result_type::dane_required, TLSRPT_DANE_REQUIRED}};

constexpr std::pair<policy_type, tlsrpt_policy_type_t> policy_codes[] = {
    {policy_type::tlsa, TLSRPT_POLICY_TLSA},
    {policy_type::sts, TLSRPT_POLICY_STS},
    {policy_type::no_policy_found, TLSRPT_NO_POLICY_FOUND}};

template <class Codes, class Value>
auto code_of(const Codes& codes, Value value) {
  for (const auto& [known, code] : codes)
    if (known == value) return code;
  std::abort();
}

[[noreturn]] void fail(std::string_view what) {
  std::cerr << what << '\n';
  std::exit(1);
}

void must(int error, const char* call) {
  if (error != 0) fail(std::string(call) + ": " + tlsrpt_strerror(error));
}

// ---- The sessions. All texts are literals, so that they end in NUL.

constexpr std::string_view record = "v=TLSRPTv1; rua=mailto:tls@example.org";
constexpr std::array<std::string_view, 4> sts_lines = {"version: STSv1", "mode: enforce",
                                                       "mx: *.example.org", "max_age: 86400"};
constexpr std::array<std::string_view, 2> sts_hosts = {"*.example.org", "mx.example.net"};
constexpr std::array<std::string_view, 2> tlsa_records = {"3 1 1 AABB", "2 0 1 ccdd"};

tlsrpt::failure_details_view failure(result_type type) {
  tlsrpt::failure_details_view view;
  view.result_type.value = type;
  return view;
}

/// One with every text, in octets that have to be escaped.
tlsrpt::failure_details_view full_failure(result_type type) {
  tlsrpt::failure_details_view view = failure(type);
  view.sending_mta_ip.text = "2001:db8::25";
  view.receiving_mx_hostname = "mx.example.org";
  view.receiving_mx_helo = "250-mx.example.org\r\n250-\"SIZE\"\t\\ /\r\n250 \x01\x1f\x7f";
  view.receiving_ip.text = "192.0.2.40";
  view.additional_information = "https://example.org/?a=1&b=<2>";
  view.failure_reason_code = "g\xc3\xbcltig \xff";
  return view;
}

struct sessions {
  std::vector<tlsrpt::failure_details_view> failures;
  std::vector<tlsrpt::session_policy> policies;
  std::vector<tlsrpt::session_view> all;

  explicit sessions(std::int64_t time) {
    for (const auto& [type, code] : failure_codes) failures.push_back(full_failure(type));
    for (const auto& [type, code] : failure_codes) failures.push_back(failure(type));
    const std::span all_failures(failures);
    policies = {
        {.type = policy_type::sts, .policy_string = sts_lines, .mx_host = sts_hosts},
        {.type = policy_type::tlsa, .domain = "mx.example.org", .policy_string = tlsa_records},
        {.type = policy_type::no_policy_found, .domain = "example.org"},
        {.type = policy_type::sts, .domain = "example.org", .outcome = session_outcome::failed}};
    // Each failure under each policy, alone, then all of them together.
    for (const auto& [type, code] : policy_codes)
      for (std::size_t i = 0; i < failures.size(); ++i)
        policies.push_back({.type = type,
                            .domain = "example.org",
                            .outcome = session_outcome::failed,
                            .failures = all_failures.subspan(i, 1)});
    policies.push_back({.type = policy_type::tlsa, .failures = all_failures});
    const std::span all_policies(policies);
    for (std::size_t i = 0; i < policies.size(); ++i) add(time, all_policies.subspan(i, 1));
    add(time, all_policies.first(4));
    // Without a record, and to a domain that has a trailing dot.
    all.push_back({.recipient_domain = "EXAMPLE.net.",
                   .record = "",
                   .time = time,
                   .policies = all_policies.first(1)});
  }

 private:
  void add(std::int64_t time, std::span<const tlsrpt::session_policy> some) {
    all.push_back(
        {.recipient_domain = "example.org", .record = record, .time = time, .policies = some});
  }
};

// ---- libtlsrpt

const char* text(std::string_view view) { return view.data(); }

/// Has libtlsrpt send a session.
void send_session(tlsrpt_connection_t* connection, const tlsrpt::session_view& session) {
  tlsrpt_dr_t* request = nullptr;
  must(tlsrpt_init_delivery_request(&request, connection, text(session.recipient_domain),
                                    text(session.record)),
       "tlsrpt_init_delivery_request");
  for (const tlsrpt::session_policy& policy : session.policies) {
    must(tlsrpt_init_policy(request, code_of(policy_codes, policy.type), text(policy.domain)),
         "tlsrpt_init_policy");
    for (const std::string_view line : policy.policy_string)
      must(tlsrpt_add_policy_string(request, text(line)), "tlsrpt_add_policy_string");
    for (const std::string_view host : policy.mx_host)
      must(tlsrpt_add_mx_host_pattern(request, text(host)), "tlsrpt_add_mx_host_pattern");
    for (const tlsrpt::failure_details_view& one : policy.failures)
      must(tlsrpt_add_delivery_request_failure(
               request, code_of(failure_codes, one.result_type.value),
               text(one.sending_mta_ip.text), text(one.receiving_mx_hostname),
               text(one.receiving_mx_helo), text(one.receiving_ip.text),
               text(one.additional_information), text(one.failure_reason_code)),
           "tlsrpt_add_delivery_request_failure");
    must(tlsrpt_finish_policy(request, policy.outcome == session_outcome::failed
                                           ? TLSRPT_FINAL_FAILURE
                                           : TLSRPT_FINAL_SUCCESS),
         "tlsrpt_finish_policy");
  }
  must(tlsrpt_finish_delivery_request(&request), "tlsrpt_finish_delivery_request");
}

/// A socket that shows what is sent to it.
class mirror {
 public:
  explicit mirror(const std::string& path) : path_(path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (socket_ < 0 ||
        bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("cannot bind " + path);
    must(tlsrpt_open(&connection_, path.c_str()), "tlsrpt_open");
  }
  mirror(const mirror&) = delete;
  mirror& operator=(const mirror&) = delete;
  ~mirror() {
    tlsrpt_close(&connection_);
    close(socket_);
    std::filesystem::remove(path_);
  }

  /// What libtlsrpt sends for a session.
  std::string datagram(const tlsrpt::session_view& session) {
    send_session(connection_, session);
    std::string octets(tlsrpt::longest_datagram, '\0');
    const ssize_t size = recv(socket_, octets.data(), octets.size(), MSG_DONTWAIT);
    octets.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return octets;
  }

 private:
  std::string path_;
  int socket_ = socket(AF_UNIX, SOCK_DGRAM, 0);
  tlsrpt_connection_t* connection_ = nullptr;
};

int send(const std::string& path) {
  const sessions planted(0);
  mirror mirror(path + ".mirror");
  tlsrpt_connection_t* collector = nullptr;
  must(tlsrpt_open(&collector, path.c_str()), "tlsrpt_open");
  // The collector needs a moment now and then, and its queue is short.
  tlsrpt_set_blocking();
  std::size_t equal[2] = {};
  for (const tlsrpt::session_view& session : planted.all) {
    const std::string theirs = mirror.datagram(session);
    for (const auto form :
         {tlsrpt::datagram_form::with_version, tlsrpt::datagram_form::without_version}) {
      std::string ours;
      if (!write_datagram(ours, session, form)) fail("write_datagram() refuses a session");
      if (ours == theirs)
        ++equal[static_cast<bool>(form)];
      else if (form == tlsrpt::datagram_form::without_version && equal[0] == 0)
        std::cerr << "libtlsrpt: " << theirs << "\nours:      " << ours << '\n';
    }
    send_session(collector, session);
  }
  tlsrpt_close(&collector);
  const std::size_t all = planted.all.size();
  std::cerr << "equal to libtlsrpt's datagrams, of " << all << ": " << equal[0]
            << " with the version of the protocol, " << equal[1] << " without\n";
  // What tlsrpt-tallyd has to print.
  std::cout << "{\"received\":" << all << ",\"counted\":" << all
            << ",\"not-counted\":0,\"lost\":0,\"refused\":{}}\n";
  return equal[0] == all || equal[1] == all ? 0 : 1;
}

/// All that a tally has, but for the names of its parts.
std::string lines_of(const tlsrpt::tally& tally) {
  std::string text;
  if (!tally.write(text)) fail("a tally cannot be written");
  return text.substr(text.find('\n') + 1);
}

int check(const std::filesystem::path& path) {
  const auto day = tlsrpt::day::parse(path.stem().string());
  if (!day) fail("a journal is called 2026-11-23.journal, as an example");
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  tlsrpt::tally counted(*day), expected(*day);
  for (std::string_view rest = text; !rest.empty();)
    if (!counted.read(reporter::take_tally(rest))) fail("the journal cannot be read");
  const sessions planted(first_second_of(*day));
  for (const tlsrpt::session_view& session : planted.all)
    if (expected.count(session) != tlsrpt::count_outcome::counted) fail("a session does not count");
  if (lines_of(counted) == lines_of(expected)) return 0;
  std::cerr << "counted: " << lines_of(counted) << "expected: " << lines_of(expected);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && argv[1] == std::string_view("send")) return send(argv[2]);
  if (argc == 3 && argv[1] == std::string_view("check")) return check(argv[2]);
  std::cerr << "usage: libtlsrpt send SOCKET | check JOURNAL\n";
  return 2;
}
