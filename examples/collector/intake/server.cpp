#include "server.hpp"

#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <tlsrpt/ip_address.hpp>
#include <tlsrpt/submission.hpp>

#include "../store/arguments.hpp"
#include "connections.hpp"
#include "listening.hpp"
#include "tokens.hpp"

namespace collector {

namespace {

using tlsrpt::submission_code;

constexpr std::string_view open_path = "/v1/report";
/// Octets of bodies that are in memory at one time, and bodies that may be large ones.
constexpr std::size_t most_body_octets = std::size_t{80} << 20, large_body = std::size_t{1} << 20;
constexpr int most_large_bodies = 8;
/// Of the octets that follow a body that is too long, so many are read before the connection ends.
constexpr std::size_t most_discarded = std::size_t{1} << 20;
constexpr unsigned most_connections = 12'000, threads = 2, idle_seconds = 30,
                   memory_of_connection = 6'144, connections_of_network = 64;

std::int64_t now_in_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != ssize_t{sizeof number})
    throw std::runtime_error("there are no random octets");
  return number;
}

/// A socket for both versions names IPv4 clients by IPv6 addresses; IPv4 ones are the same.
tlsrpt::ip_address unmapped(const tlsrpt::ip_address& address) {
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const std::array<std::uint8_t, 16>& octets = address.octets();
  if (address.is_v4() || !std::equal(mapped.begin(), mapped.end(), octets.begin())) return address;
  return tlsrpt::ip_address::v4({octets[12], octets[13], octets[14], octets[15]});
}

/// How much of all bodies is in memory.
class body_budget {
 public:
  /// Whether a body may grow from one size to another.
  bool grow(std::size_t from, std::size_t to) {
    if (from <= large_body && to > large_body && large_.fetch_add(1) >= most_large_bodies) {
      --large_;
      return false;
    }
    if (octets_.fetch_add(to - from) + (to - from) <= most_body_octets) return true;
    octets_ -= to - from;
    if (from <= large_body && to > large_body) --large_;
    return false;
  }
  void release(std::size_t octets) {
    octets_ -= octets;
    if (octets > large_body) --large_;
  }

 private:
  std::atomic<std::size_t> octets_{0};
  std::atomic<int> large_{0};
};

/// A request from its head to its answer.
struct request {
  explicit request(body_budget& all) : budget(all) {}
  request(const request&) = delete;
  request& operator=(const request&) = delete;
  ~request() { budget.release(counted); }

  body_budget& budget;
  std::size_t counted = 0;  ///< Octets that the budget knows of.
  tlsrpt::head_verdict head{};
  std::optional<submission_code> answer{};  ///< Known before the body has ended.
  std::size_t discarded = 0;
  tlsrpt::body_pace pace{now_in_milliseconds()};
  std::string body{};
  std::string domain{};     ///< Of the token.
  std::string submitter{};  ///< Whose certificate the client has shown.
  bool is_waiting = false;
  job stored{};
};

class server {
 public:
  explicit server(const serve_options& options)
      : options_(options),
        proxy_(options.proxy ? std::optional(unmapped(*options.proxy)) : std::nullopt),
        ours_(options.domains.empty() ? domain_set() : read_domains(options.domains)),
        clients_(options.clients.empty() ? client_map() : read_clients(options.clients)),
        writer_(options.store),
        tokens_(options.store.file),
        reader_(limits_of_reports(limits_.body_octets)),
        socket_(open_listening(options.listen)) {
    if (!options.clients.empty() && !proxy_ && !socket_.is_local)
      throw usage_error("--clients needs --proxy, or a Unix socket");
    start();
  }

  const std::string& name() const { return socket_.name; }

  /// Takes no more connections, ends what has begun, and stops.
  void stop() {
    constexpr std::chrono::milliseconds longest(20'000), step(20);
    is_stopping_ = true;
    MHD_quiesce_daemon(daemon_);
    for (auto waited = std::chrono::milliseconds(0); active_ != 0 && waited < longest;
         waited += step)
      std::this_thread::sleep_for(step);
    // The writer has everything that waits for it before the library may stop.
    while (waiting_ != 0) std::this_thread::sleep_for(step);
    MHD_stop_daemon(daemon_);
    close(socket_.descriptor);
  }

 private:
  /// Descriptors limit them, too; some are for other things, and for connections that leave.
  static std::size_t most_connections_here() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
      files.rlim_cur = files.rlim_max;
      setrlimit(RLIMIT_NOFILE, &files);
      getrlimit(RLIMIT_NOFILE, &files);
    }
    return std::min<std::size_t>(most_connections, files.rlim_cur > 128 ? files.rlim_cur - 64 : 64);
  }

  void start() {
    daemon_ = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, on_request,
        this, MHD_OPTION_LISTEN_SOCKET, socket_.descriptor, MHD_OPTION_THREAD_POOL_SIZE, threads,
        // Each thread gets its part of these, and connections do not spread evenly.
        MHD_OPTION_CONNECTION_LIMIT, most_connections * threads, MHD_OPTION_CONNECTION_TIMEOUT,
        idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, std::size_t{memory_of_connection},
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, this, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, this, MHD_OPTION_UNESCAPE_CALLBACK, keep_as_is, nullptr, MHD_OPTION_END);
    if (!daemon_) throw std::runtime_error("cannot serve at " + socket_.name);
  }

  /// No path here needs an escape. The library would end one at "%00".
  static std::size_t keep_as_is(void*, MHD_Connection*, char* text) { return std::strlen(text); }

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path,
                               const char* method, const char*, const char* octets,
                               std::size_t* size, void** state) {
    auto& server = *static_cast<collector::server*>(self);
    auto* const asked = static_cast<request*>(*state);
    try {
      if (connection_list::connection* const one = listed(connection))
        server.connections_.touch(*one);
      if (!asked) return server.begin(connection, path, method, state);
      if (*size != 0) return server.take(connection, *asked, {octets, *size}, *size);
      return server.finish(connection, *asked);
    } catch (const std::exception& error) {
      // There is no memory: this request ends, others continue.
      std::fprintf(stderr, "tlsrpt-intake: %s\n", error.what());
      return MHD_NO;
    }
  }

  static void on_connection(void* self, MHD_Connection* connection, void** state,
                            MHD_ConnectionNotificationCode what) {
    auto& server = *static_cast<collector::server*>(self);
    connection_list& all = server.connections_;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
      if (*state) all.remove(static_cast<connection_list::connection*>(*state));
      return;
    }
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    try {
      if (info) *state = all.add(info->connect_fd, server.limited_network_of(connection));
    } catch (const std::bad_alloc&) {
      // It is not listed then, and ends after its time.
    }
  }

  /// The network that a connection counts for; nothing for those of a web server.
  std::optional<tlsrpt::ip_address> limited_network_of(MHD_Connection* connection) const {
    if (options_.is_open || is_of_front(connection)) return std::nullopt;
    const auto peer = address_of(connection);
    return peer ? std::optional(network_of(*peer)) : std::nullopt;
  }

  /// The connection in the list of all; null when it is not there.
  static connection_list::connection* listed(MHD_Connection* connection) {
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? static_cast<connection_list::connection*>(info->socket_context) : nullptr;
  }

  static void on_completed(void* self, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
    if (!*state) return;
    delete static_cast<request*>(*state);
    *state = nullptr;
    --static_cast<server*>(self)->active_;
  }

  MHD_Result begin(MHD_Connection* connection, std::string_view path, std::string_view method,
                   void** state) {
    auto asked = std::make_unique<request>(budget_);
    const submission_code code = judge(connection, path, method, *asked);
    ++active_;
    const bool is_read = code == submission_code::go_on || is_better_read(connection, code);
    if (code != submission_code::go_on) asked->answer = code;
    *state = asked.release();
    return is_read ? MHD_YES : answer(connection, code);
  }

  /// Whether the body is read, and forgotten, before a request is refused: a web server in front
  /// that still sends it while the connection ends reports that, in place of the answer.
  static bool is_better_read(MHD_Connection* connection, submission_code code) {
    if (code == submission_code::length || code == submission_code::too_long) return false;
    if (!fields(connection, MHD_HTTP_HEADER_EXPECT).empty()) return false;
    std::size_t octets = 0;
    for (const std::string_view length : fields(connection, MHD_HTTP_HEADER_CONTENT_LENGTH)) {
      const char* const end = length.data() + length.size();
      const auto read = std::from_chars(length.data(), end, octets);
      if (read.ec != std::errc() || read.ptr != end) return false;
    }
    return octets <= most_discarded;
  }

  submission_code judge(MHD_Connection* connection, std::string_view path, std::string_view method,
                        request& asked) {
    if (is_stopping_) return submission_code::unavailable;
    const std::optional<tlsrpt::ip_address> peer = peer_of(connection);
    if (peer) {
      asked.stored.from.peer = to_text(*peer);
      asked.stored.from.source = to_text(network_of(*peer));
    }
    const bool has_rates = options_.has_rates && !options_.is_open;
    if (has_rates && peer && !take(networks_, network_of(*peer))) return submission_code::rate;
    bool is_path_known = options_.is_open && path == open_path;
    if (const auto token = tlsrpt::token_in_path(path)) {
      std::optional<std::string> domain;
      try {
        domain = tokens_.domain_of(*token);
      } catch (const store_error& error) {
        complain(error);
        return submission_code::unavailable;
      }
      if (domain) {
        is_path_known = true;
        asked.domain = *domain;
        asked.stored.from.token = tlsrpt::hash_of_token(*token);
        if (has_rates && !take(tokens_taken_, *token)) return submission_code::rate;
      }
    }
    asked.submitter = submitter_of(connection);
    const std::vector<std::string_view> lengths =
        fields(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    std::string codings;
    for (std::string_view coding : fields(connection, MHD_HTTP_HEADER_CONTENT_ENCODING))
      (codings += codings.empty() ? "" : ", ") += coding;
    const std::vector<std::string_view> types = fields(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
    asked.head =
        judge_head({is_path_known, method, types.empty() ? "" : types.front(), codings, lengths,
                    !fields(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING).empty()},
                   limits_);
    return asked.head.code;
  }

  /// Takes a piece of the body.
  MHD_Result take(MHD_Connection* connection, request& asked, std::string_view octets,
                  std::size_t& left) {
    if (!asked.pace.go_on(octets.size(), now_in_milliseconds()))
      return cut_off(connection, submission_code::slow);
    left = 0;
    if (asked.answer) {
      asked.discarded += octets.size();
      return asked.discarded > most_discarded ? cut_off(connection, *asked.answer) : MHD_YES;
    }
    const std::size_t size = asked.body.size() + octets.size();
    if (size > limits_.body_octets) {
      drop(asked, submission_code::too_long);
    } else if (!budget_.grow(asked.counted, size)) {
      drop(asked, submission_code::unavailable);
    } else {
      asked.counted = size;
      // Twice as much is never needed: a body that grows is copied a few times instead.
      if (asked.body.capacity() < size) asked.body.reserve(size + size / 4);
      asked.body += octets;
    }
    return MHD_YES;
  }

  void drop(request& asked, submission_code why) {
    asked.answer = why;
    std::string().swap(asked.body);
    budget_.release(asked.counted);
    asked.counted = 0;
  }

  /// The body has ended, or was stored.
  MHD_Result finish(MHD_Connection* connection, request& asked) {
    if (asked.is_waiting) return answer(connection, asked.stored.verdict.code);
    if (asked.answer) return answer(connection, *asked.answer);
    judge_body_of(asked);
    if (asked.stored.verdict.keep == tlsrpt::keeping::nothing)
      return answer(connection, asked.stored.verdict.code);
    asked.is_waiting = true;
    ++waiting_;
    asked.stored.raw = std::move(asked.body);
    asked.stored.done = [this, connection] {
      MHD_resume_connection(connection);
      --waiting_;
    };
    if (connection_list::connection* const one = listed(connection)) connections_.hold(*one);
    MHD_suspend_connection(connection);
    writer_.add(asked.stored);
    return MHD_YES;
  }

  void judge_body_of(request& asked) {
    asked.stored.received = now_in_seconds();
    const auto receipt_for = [&asked](const tlsrpt::report_view&) {
      return tlsrpt::receipt{asked.submitter, tlsrpt::channel::https, asked.stored.received,
                             asked.domain};
    };
    reading read;
    {
      // One report at a time: a large one needs memory many times its size.
      const std::lock_guard lock(reading_);
      read = reader_.read(asked.body, ours_, receipt_for);
    }
    asked.stored.fault = read.fault;
    asked.stored.verdict =
        tlsrpt::judge_body({read.content, asked.head.is_form, read.fault, read.is_ours, false});
    asked.stored.has_more = read.has_more;
    asked.stored.report = std::move(read.report);
  }

  MHD_Result answer(MHD_Connection* connection, submission_code code) {
    writer_.count(code);
    const std::string_view text = answer_text(code);
    const std::unique_ptr<MHD_Response, void (*)(MHD_Response*)> made(
        MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()),
                                        MHD_RESPMEM_PERSISTENT),
        MHD_destroy_response);
    if (!made) return MHD_NO;
    const auto add = [&made](const char* name, const std::string& value) {
      MHD_add_response_header(made.get(), name, value.c_str());
    };
    add(MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
    add(MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    add("X-Content-Type-Options", "nosniff");
    if (const tlsrpt::answer_field extra = extra_field(code); !extra.name.empty())
      add(std::string(extra.name).c_str(),
          extra.value.empty() ? std::to_string(wait_after(code)) : std::string(extra.value));
    // What was refused before its body was read has left that in the connection.
    if (status(code) >= 400) add(MHD_HTTP_HEADER_CONNECTION, "close");
    return MHD_queue_response(connection, status(code), made.get());
  }

  /// Seconds for a Retry-After field.
  std::uint32_t wait_after(submission_code code) {
    constexpr std::uint32_t hour = 3600;
    if (code == submission_code::unavailable) return hour;
    return tlsrpt::retry_after(answers_.fetch_add(1) * 2'654'435'761u);
  }

  /// Answers in the middle of a body, where the library has no answers, and ends the connection.
  MHD_Result cut_off(MHD_Connection* connection, submission_code code) {
    writer_.count(code);
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const std::string_view text = answer_text(code);
    std::string octets = "HTTP/1.1 " + std::to_string(status(code)) +
                         " Refused\r\nContent-Type: text/plain\r\nCache-Control: no-store\r\n"
                         "X-Content-Type-Options: nosniff\r\nConnection: close\r\n";
    if (code == submission_code::unavailable) octets += "Retry-After: 3600\r\n";
    octets += "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n";
    octets += text;
    // It need not arrive.
    if (info)
      (void)send(info->connect_fd, octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return MHD_NO;
  }

  static std::vector<std::string_view> fields(MHD_Connection* connection, const char* name) {
    struct search {
      const char* name;
      std::vector<std::string_view> found{};
    } wanted{name};
    MHD_get_connection_values(
        connection, MHD_HEADER_KIND,
        [](void* to, MHD_ValueKind, const char* key, const char* value) {
          auto& search = *static_cast<struct search*>(to);
          if (strcasecmp(key, search.name) == 0) search.found.emplace_back(value ? value : "");
          return MHD_YES;
        },
        &wanted);
    return wanted.found;
  }

  /// Whether the web server in front has sent a request: then it says who the client is.
  bool is_of_front(MHD_Connection* connection) const {
    if (socket_.is_local) return true;
    return proxy_ && address_of(connection) == proxy_;
  }

  /// The client: the peer of the socket, or whom the web server in front names.
  std::optional<tlsrpt::ip_address> peer_of(MHD_Connection* connection) const {
    const auto forwarded = fields(connection, "X-Forwarded-For");
    if (is_of_front(connection) && !forwarded.empty())
      return tlsrpt::forwarded_peer(forwarded.back());
    return socket_.is_local ? std::nullopt : address_of(connection);
  }

  /// For whom the client speaks by the certificate that the web server in front has verified;
  /// nobody without one.
  std::string submitter_of(MHD_Connection* connection) const {
    if (clients_.empty() || !is_of_front(connection)) return {};
    const auto names = fields(connection, "X-Client-Name");
    // The web server writes one field. Of several, one may be the client's own.
    const auto found = names.size() == 1 ? clients_.find(names.front()) : clients_.end();
    return found == clients_.end() ? std::string() : found->second;
  }

  static std::optional<tlsrpt::ip_address> address_of(MHD_Connection* connection) {
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr) return std::nullopt;
    std::array<std::uint8_t, 4> v4{};
    if (info->client_addr->sa_family == AF_INET) {
      const auto& address = *reinterpret_cast<const sockaddr_in*>(info->client_addr);
      std::memcpy(v4.data(), &address.sin_addr, v4.size());
      return tlsrpt::ip_address::v4(v4);
    }
    std::array<std::uint8_t, 16> v6{};
    const auto& address = *reinterpret_cast<const sockaddr_in6*>(info->client_addr);
    std::memcpy(v6.data(), &address.sin6_addr, v6.size());
    return unmapped(tlsrpt::ip_address::v6(v6));
  }

  template <class Key>
  bool take(tlsrpt::rate_limiter& limiter, const Key& key) {
    const std::lock_guard lock(rates_);
    return limiter.take(key, now_in_milliseconds());
  }

  const serve_options options_;
  const std::optional<tlsrpt::ip_address> proxy_;
  const tlsrpt::submission_limits limits_{};
  const domain_set ours_;
  const client_map clients_;
  writer writer_;
  token_list tokens_;
  std::mutex reading_;
  report_reader reader_;
  body_budget budget_;
  const std::uint64_t secret_ = random_number();
  std::mutex rates_;
  std::vector<tlsrpt::rate_slot> slots_ = std::vector<tlsrpt::rate_slot>(65'536);
  std::vector<tlsrpt::rate_slot> token_slots_ = std::vector<tlsrpt::rate_slot>(16'384);
  tlsrpt::rate_limiter networks_{slots_, tlsrpt::network_rate, secret_};
  tlsrpt::rate_limiter tokens_taken_{token_slots_, tlsrpt::token_rate, secret_};
  listening_socket socket_;
  connection_list connections_{most_connections_here(), connections_of_network};
  MHD_Daemon* daemon_ = nullptr;
  std::atomic<bool> is_stopping_{false};
  std::atomic<int> active_{0}, waiting_{0};
  std::atomic<std::uint64_t> answers_{0};
};

}  // namespace

void serve(const serve_options& options) {
  // Threads that are made from here on leave signals to this one.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  server running(options);
  std::printf("tlsrpt-intake: listening at %s\n", running.name().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  running.stop();
}

}  // namespace collector
