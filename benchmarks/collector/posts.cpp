/// @file
/// What `run` of this folder measures tlsrpt-intake with.
///
///     posts serve FILE [--volatile]     a bare server that appends each body to a file
///     posts load PORT SECONDS CLIENTS [PATH]   posts that differ, and how many of them were
///                                              answered with 200; in gzip to another path
///
/// The server waits for the disk before it answers, each post for itself, unless it is volatile; it
/// prints its port. The load prints the number of posts, and fails when a client had another
/// answer.

#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/write_gzip.hpp>

namespace {

/// Where bodies go.
struct body_file {
  int descriptor;
  bool is_durable;
  std::mutex mutex{};

  bool append(std::string_view body) {
    const std::lock_guard lock(mutex);
    return write(descriptor, body.data(), body.size()) == static_cast<ssize_t>(body.size()) &&
           (!is_durable || fdatasync(descriptor) == 0);
  }
};

MHD_Result on_request(void* file, MHD_Connection* connection, const char*, const char*, const char*,
                      const char* octets, std::size_t* size, void** state) {
  auto* const body = static_cast<std::string*>(*state);
  if (!body) {
    *state = new std::string;
    return MHD_YES;
  }
  if (*size != 0) {
    body->append(octets, *size);
    *size = 0;
    return MHD_YES;
  }
  const bool is_stored = static_cast<body_file*>(file)->append(*body);
  MHD_Response* const empty = MHD_create_response_from_buffer(0, nullptr, MHD_RESPMEM_PERSISTENT);
  const MHD_Result queued = MHD_queue_response(
      connection, is_stored ? MHD_HTTP_OK : MHD_HTTP_INTERNAL_SERVER_ERROR, empty);
  MHD_destroy_response(empty);
  return queued;
}

void on_completed(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<std::string*>(*state);
  *state = nullptr;
}

/// With as many threads as tlsrpt-intake has.
void serve(const char* path, bool is_durable) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  body_file file{open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), is_durable};
  MHD_Daemon* const daemon =
      MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, on_request, &file,
                       MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
                       nullptr, MHD_OPTION_END);
  if (file.descriptor < 0 || !daemon) throw std::runtime_error("cannot serve");
  const MHD_DaemonInfo* const info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
  std::printf("listening at 127.0.0.1:%u\n", static_cast<unsigned>(info->port));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  MHD_stop_daemon(daemon);
  close(file.descriptor);
}

/// In gzip where a path is given, which the client does not compress: it is not measured.
std::string request(std::uint64_t number, const std::string& path) {
  const std::string text =
      R"({"organization-name":"Example","contact-info":"tls@sender.example","report-id":"id-)" +
      std::to_string(number) +
      R"(","date-range":{"start-datetime":"2026-11-23T00:00:00Z","end-datetime":"2026-11-23T23:59:59Z"},)"
      R"("policies":[{"policy":{"policy-type":"sts","policy-string":["version: STSv1","mode: enforce",)"
      R"("mx: mx.example.com","max_age: 604800"],"policy-domain":"example.com","mx-host":["mx.example.com"]},)"
      R"("summary":{"total-successful-session-count":)" +
      std::to_string(number) + R"(,"total-failure-session-count":0}}]})";
  std::string body;
  if (path.empty())
    body = text;
  else if (!tlsrpt::write_gzip(body, text, tlsrpt::compression::none))
    throw std::runtime_error("no memory");
  return "POST " + (path.empty() ? "/v1/report" : path) +
         " HTTP/1.1\r\nHost: x\r\nContent-Type: application/tlsrpt+" +
         (path.empty() ? "json" : "gzip") + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

/// Where a field of a head is; names of fields have letters of either case.
std::size_t find_field(std::string_view head, std::string_view name) {
  const auto same = [](char a, char b) { return tlsrpt::detail::lower_case(a) == b; };
  const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
  return found == head.end() ? head.npos : static_cast<std::size_t>(found - head.begin());
}

/// Receives one answer as a whole.
void receive(int from) {
  constexpr std::string_view length_field = "content-length: ", end_of_head = "\r\n\r\n";
  std::string answer;
  for (;;) {
    std::array<char, 4096> back{};
    const ssize_t size = recv(from, back.data(), back.size(), 0);
    if (size <= 0) throw std::runtime_error("the connection ended");
    answer.append(back.data(), static_cast<std::size_t>(size));
    const std::size_t head = answer.find(end_of_head), length = find_field(answer, length_field);
    if (head == answer.npos) continue;
    if (!answer.starts_with("HTTP/1.1 200 ") || length > head) throw std::runtime_error(answer);
    const auto octets =
        static_cast<std::size_t>(std::atoi(answer.c_str() + length + length_field.size()));
    if (answer.size() - head - end_of_head.size() == octets) return;
  }
}

/// Posts one report after the other by a connection that stays.
void post(std::uint16_t port, const std::string& path, std::atomic<std::uint64_t>& next,
          std::atomic<std::uint64_t>& stored, std::chrono::steady_clock::time_point end) {
  const int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(to, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  while (std::chrono::steady_clock::now() < end) {
    const std::string octets = request(next.fetch_add(1), path);
    if (send(to, octets.data(), octets.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(octets.size()))
      throw std::runtime_error("cannot send");
    receive(to);
    stored.fetch_add(1);
  }
  close(to);
}

void load(std::uint16_t port, int seconds, int clients, const std::string& path) {
  std::atomic<std::uint64_t> next{0}, stored{0};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(clients));
  for (int i = 0; i < clients; ++i)
    threads.emplace_back([&] { post(port, path, next, stored, end); });
  for (std::thread& thread : threads) thread.join();
  std::printf("%llu\n", static_cast<unsigned long long>(stored.load()));
}

}  // namespace

int main(int count, char** words) try {
  const std::string_view what = count > 1 ? words[1] : "";
  if (what == "serve" &&
      (count == 3 || (count == 4 && words[3] == std::string_view("--volatile")))) {
    serve(words[2], count == 3);
  } else if (what == "load" && (count == 5 || count == 6)) {
    load(static_cast<std::uint16_t>(std::atoi(words[2])), std::atoi(words[3]), std::atoi(words[4]),
         count == 6 ? words[5] : "");
  } else {
    std::fputs("usage: posts serve FILE [--volatile] | posts load PORT SECONDS CLIENTS [PATH]\n",
               stderr);
    return 64;
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "posts: %s\n", error.what());
  return 1;
}
